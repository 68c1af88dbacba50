"""Read what is filled in in the forms of a page.

Owns: which controls hold words of their reader's. Knows nothing about where their labels stand.
"""

from __future__ import annotations

from typing import Any

_TICKS = ("checkbox", "radio")
_UNREAD_INPUTS = frozenset("hidden password submit reset button image file color".split())
TICKED, UNTICKED = "☒", "☐"


def is_tick(node: Any) -> bool:
    """Tell whether an element is a box to tick."""
    return node.tag == "input" and _type(node) in _TICKS


def value_of(node: Any) -> str:
    """Return what is filled in in a control, or chosen, on one line for each line of it; "" for nothing."""
    attributes = node.attributes
    if is_tick(node):
        return TICKED if "checked" in attributes else UNTICKED
    if node.tag == "input":
        return "" if _type(node) in _UNREAD_INPUTS else (attributes.get("value") or "").strip()
    if node.tag == "textarea":
        return str(node.text(deep=True)).strip()
    if node.tag == "select":
        chosen = (" ".join(option.text(deep=True).split()) for option in node.css("option[selected]"))
        return ", ".join(filter(None, chosen))
    return ""


def own_label(node: Any) -> str:
    """Return the name that a control itself carries for those who cannot see its label."""
    return " ".join((node.attributes.get("aria-label") or node.attributes.get("title") or "").split())


def _type(node: Any) -> str:
    return (node.attributes.get("type") or "text").strip().lower()
