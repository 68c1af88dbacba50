"""Which functions need sections in their docstrings: ``python -m tests.docstrings`` lists those that lack them.

A public function of ``rag`` that takes two arguments or more says what each is (``Args``) and what comes back
(``Returns`` or ``Yields``). That sections agree with the signature, their form and mood are checked by ruff.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
# "Raise a UsageError", "Raises LoadError".
RAISES_IN_PROSE = re.compile(r"\b[Rr]aises? (?:an? )?\w*(?:Error|IndexUnusable|SkipFile)\b")
Function = ast.FunctionDef | ast.AsyncFunctionDef


def public_functions(tree: ast.Module) -> Iterator[tuple[str, Function, str]]:
    """Yield functions and methods of public classes, with their dotted names and the docstring of their class."""
    for node in tree.body:
        if isinstance(node, Function):
            yield node.name, node, ""
        elif isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            for member in node.body:
                if isinstance(member, Function):
                    yield f"{node.name}.{member.name}", member, ast.get_docstring(node) or ""


def _has_help(argument: ast.arg) -> bool:
    """Tell whether an argument is one of the command line, whose help stands in its annotation.

    Typer prints the docstring of a command as its help, where a section ``Args`` would stand, too.
    """
    annotation = ast.unparse(argument.annotation) if argument.annotation else ""
    return annotation.startswith("Annotated[") or annotation.endswith(("Option", "Argument", "typer.Context"))


def _is_route(function: Function) -> bool:
    """Tell whether a function answers requests: its docstring is what programs read of it, and its parameters say the
    rest."""
    return any(ast.unparse(decorator).startswith("router.") for decorator in function.decorator_list)


def missing_sections(function: Function, class_docstring: str = "") -> list[str]:
    """Return the names of the sections that a docstring lacks.

    A function of fewer than two arguments needs neither ``Args`` nor ``Returns``. An error that the prose names as
    raised belongs into ``Raises``, whatever the arguments.
    """
    named = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    arguments = [argument for argument in named if argument.arg not in ("self", "cls", "_") and not _has_help(argument)]
    is_constructor = function.name == "__init__"
    if (function.name.startswith("_") and not is_constructor) or _is_route(function):
        return []
    docstring = ast.get_docstring(function) or ""
    missing = ["Raises"] if RAISES_IN_PROSE.search(docstring) and "\nRaises:\n" not in docstring else []
    if len(arguments) < 2 or _is_route(function):
        return missing
    returns = function.returns is not None and ast.unparse(function.returns) not in ("None", "NoReturn", "Never")
    if "\nArgs:\n" not in (docstring or class_docstring) and "\nAttributes:\n" not in class_docstring:
        missing.append("Args")
    if returns and "\nReturns:\n" not in docstring and "\nYields:\n" not in docstring:
        missing.append("Returns")
    return missing


def complaints(path: Path) -> Iterator[str]:
    """Yield a line ``file:line name lacks Args, Returns`` for each public function that lacks a section."""
    for name, function, class_docstring in public_functions(ast.parse(path.read_text(encoding="utf-8"))):
        if missing := missing_sections(function, class_docstring):
            yield f"{path}:{function.lineno}: {name} lacks {', '.join(missing)}"


def main() -> None:
    """Print every complaint about ``rag``, or about the files and folders given; exit with 1 when there is one."""
    paths = [Path(argument) for argument in sys.argv[1:]] or [ROOT / "rag"]
    files = [file for path in paths for file in (sorted(path.rglob("*.py")) if path.is_dir() else [path])]
    lines = [line for file in files for line in complaints(file)]
    print("\n".join(lines) or f"{len(files)} files: every function says what it takes and returns")
    sys.exit(bool(lines))


if __name__ == "__main__":
    main()
