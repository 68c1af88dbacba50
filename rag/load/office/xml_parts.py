"""Read the smallest parts of the XML of Office: numbers in attributes, and elements that say the same in several ways.

Owns: what the readers of Word, PowerPoint and OpenDocument share. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"


def number(text: str, absent: int) -> int:
    """Return a small whole number.

    Args:
        text: Its digits.
        absent: What stands for a text that is no such number.

    Returns:
        The number.
    """
    return int(text) if text.isdecimal() and len(text) < 10 else absent


def visible_children(element: Any) -> list[Any]:
    """Return the children of an element; of several ways to say the same only the first."""
    if element.tag == f"{_COMPATIBILITY}AlternateContent":
        choice = element.find(f"{_COMPATIBILITY}Choice")
        return [choice] if choice is not None else element.findall(f"{_COMPATIBILITY}Fallback")
    return [child for child in element if isinstance(child.tag, str)]


def visible_descendants(element: Any) -> Iterator[Any]:
    """Yield what stands below an element, in order; of several ways to say the same only the first."""
    stack = visible_children(element)[::-1]
    while stack:
        child = stack.pop()
        yield child
        stack.extend(reversed(visible_children(child)))
