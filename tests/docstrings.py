"""Which functions need sections in their docstrings: ``python -m tests.docstrings`` lists those that lack them.

A public function of ``rag`` that takes two arguments or more says what each is (``Args``) and what comes back
(``Returns`` or ``Yields``). That sections agree with the signature is checked by pydoclint, form and mood by ruff.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
Function = ast.FunctionDef | ast.AsyncFunctionDef


def public_functions(tree: ast.Module) -> Iterator[tuple[str, Function]]:
    """Yield functions and methods whose own name and class have no leading underscore, with their dotted names."""
    for node in tree.body:
        if isinstance(node, Function):
            yield node.name, node
        elif isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            for member in node.body:
                if isinstance(member, Function):
                    yield f"{node.name}.{member.name}", member


def _has_help(argument: ast.arg) -> bool:
    """Tell whether an argument is one of the command line, whose help stands in its annotation.

    Typer prints the docstring of a command as its help, where a section ``Args`` would stand, too.
    """
    annotation = ast.unparse(argument.annotation) if argument.annotation else ""
    return annotation.startswith("Annotated[") or annotation.endswith(("Option", "Argument", "typer.Context"))


def missing_sections(function: Function) -> list[str]:
    """Return the names of the sections that a docstring lacks; none for a function of fewer than two arguments."""
    named = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    arguments = [argument for argument in named if argument.arg not in ("self", "cls", "_") and not _has_help(argument)]
    if function.name.startswith("_") or len(arguments) < 2:
        return []
    docstring = ast.get_docstring(function) or ""
    returns = function.returns is not None and ast.unparse(function.returns) not in ("None", "NoReturn", "Never")
    missing = [] if "\nArgs:\n" in docstring else ["Args"]
    if returns and "\nReturns:\n" not in docstring and "\nYields:\n" not in docstring:
        missing.append("Returns")
    return missing


def complaints(path: Path) -> Iterator[str]:
    """Yield a line ``file:line name lacks Args, Returns`` for each public function that lacks a section."""
    for name, function in public_functions(ast.parse(path.read_text(encoding="utf-8"))):
        if missing := missing_sections(function):
            yield f"{path}:{function.lineno}: {name} lacks {', '.join(missing)}"


def main() -> None:
    """Print every complaint about ``rag``, or about the files and folders given; exit with 1 when there is one."""
    places = [Path(argument) for argument in sys.argv[1:]] or [ROOT / "rag"]
    files = [file for place in places for file in (sorted(place.rglob("*.py")) if place.is_dir() else [place])]
    found = [line for file in files for line in complaints(file)]
    print("\n".join(found) or f"{len(files)} files: every function says what it takes and returns")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
