"""Names of WordprocessingML, and the reading of its smallest parts.

Owns: the tags that the readers of Word share. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rag.load.office.xml_parts import visible_children

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
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
        absent: What stands for an element that is not there or has no value.

    Returns:
        The value.
    """
    found = find(parent, path)
    return absent if found is None else str(found.get(VALUE, absent))


def find(parent: Any, path: str) -> Any:
    """Return an element below another.

    Args:
        parent: The other element, or None.
        path: The names of the elements on the way, without a prefix.

    Returns:
        The element, or None.
    """
    for name in path.split("/"):
        if parent is None:
            break
        parent = next(parent.iterchildren(W + name), None)
    return parent


def is_on(element: Any) -> bool:
    """Tell whether a mark is set: it is there, and does not say that it is off."""
    return element is not None and element.get(VALUE, "true") not in ("0", "false", "off", "none")


def is_placeholder(element: Any) -> bool:
    """Tell whether an element is a field to be filled in that holds no more than what it asks for."""
    if element.tag != f"{W}sdt" or not is_on(find(element, "sdtPr/showingPlcHdr")):
        return False
    content = find(element, "sdtContent")
    # Without a cell the others of its row would stand under wrong names.
    return content is None or not any(child.tag in (TABLE, ROW, CELL) for child in content)


def descendants(element: Any, *tags: str) -> Iterator[Any]:
    """Yield the visible elements of some tags below an element, not those inside one of them."""
    stack = visible_children(element)[::-1]
    while stack:
        child = stack.pop()
        if child.tag in tags:
            yield child
        elif child.tag not in SKIPPED and not is_placeholder(child):
            stack.extend(reversed(visible_children(child)))
