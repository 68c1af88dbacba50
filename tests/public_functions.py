"""The public functions of the packages that take text, found by reading their modules, and how to call each.

Owns: which functions those are, and what their other arguments can be. A function that is new is found, and one whose
arguments nobody names here is told by the tests.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from tests.conftest import ROOT

# Parameters of these names hold words that somebody wrote, as long as they like.
TEXTS = frozenset(
    "text question sentence line words word answer claim content passage quote reply asked topic title heading label "
    "message row html markdown draft written said body statement evidence phrase value pattern left right first prefix "
    "before after wanted search tex data".split()
)
# Further arguments, by the name of their parameter.
BY_NAME: dict[str, Any] = {"language": "en", "name": "a.txt", "source": "a.txt", "media_type": "text/plain", "start": 0}
# Further arguments, by the kind of their parameter.
BY_KIND: dict[str, Callable[[str], Any]] = {
    "str": lambda text: text,
    "bytes": lambda text: text.encode(),
    "int": lambda text: 1,
    "float": lambda text: 0.5,
    "bool": lambda text: True,
    "re.Pattern[str]": lambda text: re.compile("a"),
    "Builder": lambda text: import_module("rag.load.builder").Builder(),
    "Translate": lambda text: import_module("ui.i18n").Translate("en"),
}
_OF_TEXTS = {
    "Sequence": list, "list": list, "Iterable": list, "Collection": list, "tuple": tuple, "AbstractSet": set,
    "set": set, "frozenset": frozenset,
}  # fmt: skip
_EMPTY = {**_OF_TEXTS, "Mapping": dict, "dict": dict}


def argument(name: str, kind: str, text: str) -> Any:
    """Return what is given for a parameter.

    Args:
        name: Its name.
        kind: Its annotation.
        text: What is given for words that somebody wrote.

    Returns:
        The argument.

    Raises:
        KeyError: Nobody says what there is for such a parameter.
    """
    of, _, parts = kind.partition("[")
    if name == "end" and kind == "int":
        return len(text)
    if name in BY_NAME and kind in ("str", "int"):
        return BY_NAME[name]
    if kind.endswith(" | None") and kind.removesuffix(" | None") not in BY_KIND:
        return None
    if of in _OF_TEXTS and parts in ("str]", "str, ...]"):
        return _OF_TEXTS[of]([text])
    if of in _EMPTY and kind.endswith("]"):
        return _EMPTY[of]()
    return BY_KIND[kind.removesuffix(" | None")](text)


@dataclass(frozen=True)
class Function:
    """A public function that takes text: where it is, and its parameters that must be given, with annotations."""

    module: str
    name: str
    required: tuple[tuple[str, str], ...]

    @property
    def path(self) -> str:
        """Its full name."""
        return f"{self.module}.{self.name}"

    def load(self) -> Callable[..., Any]:
        """Return the function."""
        return getattr(import_module(self.module), self.name)  # type: ignore[no-any-return]


def functions() -> Iterator[Function]:
    """Yield the public functions of all modules that must be given words that somebody wrote."""
    for path in sorted([*(ROOT / "rag").rglob("*.py"), *(ROOT / "ui").rglob("*.py")]):
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                given = node.args.posonlyargs + node.args.args
                required = given[: len(given) - len(node.args.defaults)]
                required += [
                    one
                    for one, default in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)
                    if default is None
                ]
                kinds = tuple((one.arg, ast.unparse(one.annotation) if one.annotation else "") for one in required)
                if any(name in TEXTS and kind in ("str", "str | None", "bytes") for name, kind in kinds):
                    yield Function(module, node.name, kinds)
