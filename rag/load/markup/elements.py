"""Tell what the elements of a page are: inline or blocks, hidden, raised, struck out.

Owns: the names of HTML's elements and the few styles that matter to a reader. Knows nothing about text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal

from rag.load.markup.furniture import is_furniture

Effect = Literal["", "raised", "lowered", "struck"]

DROPPED = frozenset("script style nav template noscript svg iframe object canvas audio video head datalist map".split())
INLINE = frozenset(
    "a abbr acronym b bdi bdo big button cite code data del dfn em font i img input ins kbd label mark math meter nobr"
    " output picture progress q rb rp rt rtc ruby s samp select small source span strike strong sub sup textarea time"
    " tt u var wbr".split()
)
_BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure"
    " footer form frameset h1 h2 h3 h4 h5 h6 header hgroup hr html legend li listing main menu ol optgroup option p pre"
    " search section summary table tbody td tfoot th thead tr ul xmp".split()
)
HEADINGS = {f"h{level}": level for level in range(1, 7)}
PREFORMATTED = ("pre", "listing", "xmp")
_EFFECTS: dict[str, Effect] = {
    "sup": "raised", "sub": "lowered", "s": "struck", "del": "struck", "strike": "struck",
}  # fmt: skip
# Styles that hide an element: also letters of no size, or of a pixel, and ones that are wholly transparent.
_HIDING_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|mso-hide\s*:\s*all"
    r"|font-size\s*:\s*(?:0{1,3}(?:\.0{1,3})?\s*(?:[a-z%]{1,4}\s*)?(?:[;!]|$)|(?:1|0?\.\d{1,3}|0\.\d{1,3})(?:px|pt))"
    r"|(?<![\w-])opacity\s*:\s*0{0,3}(?:\.0{1,3}|0)\s*(?:[;!]|$)",
    re.I,
)
_EFFECT_STYLES: tuple[tuple[Effect, re.Pattern[str]], ...] = (
    ("raised", re.compile(r"vertical-align\s{0,5}:\s{0,5}(?:super|[1-9]\d{0,2}(?:\.\d{1,3})?%)", re.I)),
    ("lowered", re.compile(r"vertical-align\s{0,5}:\s{0,5}(?:sub\b|-[1-9]\d{0,2}(?:\.\d{1,3})?%)", re.I)),
    ("struck", re.compile(r"text-decoration(?:-line)?\s{0,5}:\s{0,5}[\w\s-]{0,40}?line-through", re.I)),
)
# What LibreOffice writes for raised and lowered letters: small ones, moved from where they would stand.
_MOVED = re.compile(r"(?<![\w-])top\s{0,5}:\s{0,5}(-?)0?\.\d{1,4}em", re.I)
_DISPLAY = re.compile(r"(?<![\w-])display\s{0,5}:\s{0,5}(inline|block)\b", re.I)
# Parts of pages that their programs add for machines: pictures of a formula beside its MathML, links to edit.
_MACHINE_CLASSES = frozenset("katex-html mathjax_preview mwe-math-fallback-image-inline mw-editsection linenos".split())
_BACK_LINK_CLASSES = frozenset("footnote-back footnote-backref mw-cite-backlink reversefootnote".split())
_NOTE_CLASSES = frozenset("footnote-ref footnoteref sdfootnoteanc sdendnoteanc".split())
_NOTE_NUMBER_CLASSES = frozenset("sdfootnotesym sdendnotesym".split())
# Characters of a style that are looked at.
_STYLE_CHARACTERS = 1000
# Elements of an unknown element that are looked at for blocks.
_LOOKED_AT = 50


def children(node: Any) -> Iterator[Any]:
    """Yield the nodes directly in an element."""
    child = node.child
    while child is not None:
        yield child
        child = child.next


def next_element(node: Any) -> Any:
    """Return the element that follows a node among those in the same element; None for none."""
    following = node.next
    while following is not None and following.tag.startswith(("-", "_")):
        following = following.next
    return following


def is_inline(node: Any) -> bool:
    """Tell whether an element is part of a line: an unknown one is, unless there are blocks in it."""
    tag = node.tag
    style = _style(node)
    if style and (display := _DISPLAY.search(style)) and tag in ("span", "div"):
        return display[1].lower() == "inline"
    return tag in INLINE or (tag not in _BLOCKS and not has_blocks(node))


def has_blocks(node: Any) -> bool:
    """Tell whether there are blocks among the first elements in an element."""
    stack = [node]
    for _ in range(_LOOKED_AT):
        if not stack:
            return False
        for child in children(stack.pop()):
            if child.tag in _BLOCKS:
                return True
            if not child.tag.startswith("-"):
                stack.append(child)
            if len(stack) > _LOOKED_AT:
                return False
    return False


def is_hidden(node: Any) -> bool:
    """Tell whether an element is hidden from its reader by an attribute or a style of its own."""
    attributes = node.attributes
    if not attributes:
        return False
    names = _classes(attributes)
    if names & _MACHINE_CLASSES or is_back_link(attributes) or is_furniture(node.tag, attributes, names):
        return True
    if node.tag == "dialog":
        return "open" not in attributes
    if "hidden" not in attributes and not _HIDING_STYLE.search(_style(node)):
        return False
    # The words of a formula whose picture is shown beside them.
    return not any("mathml" in name for name in names)


def is_back_link(attributes: Mapping[str, str | None]) -> bool:
    """Tell whether an element leads from a note back to its mark."""
    role = f"{attributes.get('role') or ''} {attributes.get('epub:type') or ''}"
    return bool(_classes(attributes) & _BACK_LINK_CLASSES) or "backlink" in role


def is_note_mark(attributes: Mapping[str, str | None]) -> bool:
    """Tell whether a link is the mark of a note."""
    role = f"{attributes.get('role') or ''} {attributes.get('epub:type') or ''}"
    return "noteref" in role or bool(_classes(attributes) & (_NOTE_CLASSES | _NOTE_NUMBER_CLASSES))


def effect_of(node: Any) -> Effect:
    """Return how an element is written by itself: raised, lowered or struck out; "" for none of them."""
    effect = _EFFECTS.get(node.tag, "")
    if effect or not node.attributes:
        return effect
    style = _style(node)
    return style_effect(style) if style else ""


def style_effect(style: str) -> Effect:
    """Return what a style does to words that a reader must know of."""
    effect: Effect = next((effect for effect, pattern in _EFFECT_STYLES if pattern.search(style)), "")
    if not effect and "relative" in style and "font-size" in style and (moved := _MOVED.search(style)):
        return "raised" if moved[1] else "lowered"
    return effect


def _classes(attributes: Mapping[str, str | None]) -> set[str]:
    return set((attributes.get("class") or "")[:_STYLE_CHARACTERS].lower().split())


def _style(node: Any) -> str:
    return (node.attributes.get("style") or "")[:_STYLE_CHARACTERS] if node.attributes else ""
