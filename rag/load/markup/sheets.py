"""Tell what the style sheets of a page say that a reader must know of: what is hidden, struck out, raised, lowered.

Owns: rules for one class, one identifier or one kind of element. Knows nothing about text; which of several rules wins
is not told, except that what any rule shows is not hidden.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from rag.load.markup.elements import Effect, effect_of, is_hidden, style_effect

_SELECTOR = re.compile(r"(?:[a-z][a-z0-9]{0,19})?\.([\w-]{1,100})$|(#[\w-]{1,100})$|([a-z][a-z0-9]{0,19})$", re.I)
_NAMES = re.compile(r"[.#]?[\w-]{1,100}")
_BRACES = re.compile(r"[{}]")
_HIDES = re.compile(r"(?<![\w-])(?:display\s{0,5}:\s{0,5}none|visibility\s{0,5}:\s{0,5}(?:hidden|collapse))", re.I)
_SHOWS = re.compile(r"(?<![\w-])(?:display\s{0,5}:\s{0,5}(?!none)[a-z]|visibility\s{0,5}:\s{0,5}visible)", re.I)
# Words one of which a rule has that matters.
_TELLING = ("vertical-align", "line-through", "relative", "display", "visibility")
# Characters of a rule, and of all style sheets, that are looked at.
_RULE_CHARACTERS, _SHEET_CHARACTERS = 1000, 500_000


@dataclass(frozen=True, slots=True)
class Sheet:
    """What style sheets say.

    Attributes:
        effects: How words are written, by what selects them: ".class", "#identifier" or "element".
        hidden: What selects elements that no reader sees.
    """

    effects: dict[str, Effect] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()

    def effect_of(self, node: Any) -> Effect:
        """Return how an element is written: raised, lowered, struck out or as any."""
        effect = effect_of(node)
        if effect or not self.effects:
            return effect
        return next((self.effects[name] for name in _selectors_of(node) if name in self.effects), "")

    def is_struck(self, node: Any) -> bool:
        """Tell whether an element is struck out."""
        return self.effect_of(node) == "struck"

    def is_hidden(self, node: Any) -> bool:
        """Tell whether an element is hidden from its reader by itself or by a rule."""
        if is_hidden(node):
            return True
        if not self.hidden or not any(name in self.hidden for name in _selectors_of(node)):
            return False
        # The words of a formula whose picture is shown beside them stay.
        return not _SHOWS.search(_attribute(node, "style")) and "mathml" not in _attribute(node, "class").lower()

    @property
    def without_hidden(self) -> Sheet:
        """The same, with nothing hidden."""
        return Sheet(self.effects)


def read_sheet(sheet: str) -> Sheet:
    """Return what style sheets say; nothing is hidden that only some screens hide."""
    effects: dict[str, Effect] = {}
    hidden: set[str] = set()
    shown: set[str] = set()
    for selectors, style, is_for_all in _rules(_without_comments(sheet[:_SHEET_CHARACTERS])):
        style = style[:_RULE_CHARACTERS]
        if not any(word in style for word in _TELLING):
            continue
        names = list(_simple(selectors[-_RULE_CHARACTERS:]))
        if effect := style_effect(style):
            effects.update(dict.fromkeys(names, effect))
        if is_for_all and _HIDES.search(style):
            hidden.update(names)
        elif _SHOWS.search(style):
            shown.update(_NAMES.findall(selectors[-_RULE_CHARACTERS:]))
    return Sheet(effects, frozenset(hidden - shown - {"html", "body"}))


def _without_comments(sheet: str) -> str:
    first, *others = sheet.split("/*")
    return first + " ".join(part.partition("*/")[2] for part in others)


def _rules(sheet: str) -> Iterator[tuple[str, str, bool]]:
    """Yield the selectors and the style of each rule, and whether it counts on all screens."""
    # The beginnings of the blocks that are open, and in how many that count for some screens only the walk stands.
    open_blocks: list[str] = []
    conditions = 0
    end = 0
    for brace in _BRACES.finditer(sheet):
        words = sheet[end : brace.start()]
        end = brace.end()
        if brace[0] == "{":
            open_blocks.append(words.rpartition(";")[2].strip())
            conditions += open_blocks[-1].startswith("@")
        elif open_blocks:
            selectors = open_blocks.pop()
            if selectors.startswith("@"):
                conditions -= 1
            else:
                yield selectors, words, not conditions


def _simple(selectors: str) -> Iterator[str]:
    """Yield what rules select: ".class", "#identifier" or "element"; what says more than one of them is left out."""
    for selector in selectors.split(","):
        if named := _SELECTOR.match(selector.strip()):
            yield f".{named[1]}" if named[1] else named[2] or named[3].lower()


def _selectors_of(node: Any) -> Iterator[str]:
    yield node.tag
    for name in _attribute(node, "class").split()[:20]:
        yield f".{name}"
    if identifier := _attribute(node, "id"):
        yield f"#{identifier}"


def _attribute(node: Any, name: str) -> str:
    return (node.attributes.get(name) or "")[:_RULE_CHARACTERS]
