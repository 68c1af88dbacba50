"""Names of WordprocessingML, and the reading of its smallest parts.

Owns: the tags that the readers of Word share. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
PARAGRAPH, TABLE, ROW, CELL, RUN, BOX = f"{W}p", f"{W}tbl", f"{W}tr", f"{W}tc", f"{W}r", f"{W}txbxContent"
VALUE = f"{W}val"
# What was deleted or moved away, or says how something looks.
SKIPPED = frozenset(
    (f"{W}del", f"{W}moveFrom", f"{W}delText", f"{W}instrText", f"{W}delInstrText", f"{W}pPr", f"{W}rPr", f"{W}sdtPr",
     f"{W}tblPr", f"{W}tblGrid", f"{W}trPr", f"{W}tcPr", f"{W}sectPr")
)  # fmt: skip


def value(parent: Any, path: str, absent: str = "") -> str:
    """Return the value of an element below another.

    Args:
        parent: The other element, or None.
        path: The names of the elements on the way, without a prefix, such as ``pPr/pStyle``.
        absent: What is returned where it is not there or has none.
    """
    found = find(parent, path)
    return absent if found is None else str(found.get(VALUE, absent))


def find(parent: Any, path: str) -> Any:
    """Return an element below another by the names on the way, without a prefix; None where it is not there."""
    return None if parent is None else parent.find("/".join(W + name for name in path.split("/")))


def number(text: str, absent: int) -> int:
    """Return a small whole number in a text, or what stands for none."""
    return int(text) if text.isdecimal() and len(text) < 10 else absent


def is_on(element: Any) -> bool:
    """Tell whether a mark is set: it is there, and does not say that it is off."""
    return element is not None and element.get(VALUE, "true") not in ("0", "false", "off", "none")


def visible_children(element: Any) -> list[Any]:
    """Return the children of an element; of several ways to say the same only the first."""
    if element.tag == f"{COMPATIBILITY}AlternateContent":
        choice = element.find(f"{COMPATIBILITY}Choice")
        return [choice] if choice is not None else element.findall(f"{COMPATIBILITY}Fallback")
    return [child for child in element if isinstance(child.tag, str)]


def descendants(element: Any, *tags: str) -> Iterator[Any]:
    """Yield the visible elements of some tags below an element, not those inside one of them."""
    stack = visible_children(element)[::-1]
    while stack:
        child = stack.pop()
        if child.tag in tags:
            yield child
        elif child.tag not in SKIPPED:
            stack.extend(reversed(visible_children(child)))
