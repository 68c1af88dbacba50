"""Look at single elements of XML: their names, what is in them, and what their attributes say.

Owns: people, formulas and spans in DocBook, JATS and TEI. Knows nothing about what is written around them.
"""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import Any

from rag.load.tex_math import readable_math

_STRUCK = ("strikethrough", "line-through")
_RAISED, _LOWERED = ("super",), ("sub",)


def local_name(node: Any) -> str:
    """Return the name of an element without its namespace; "" for what is no element."""
    tag = getattr(node, "tag", None)
    return tag.rsplit("}", 1)[-1] if isinstance(tag, str) else ""


def has_own_words(node: Any) -> bool:
    """Tell whether text stands directly in an element, beside its children."""
    return bool(node.text and node.text.strip()) or any(child.tail and child.tail.strip() for child in node)


def is_container(node: Any) -> bool:
    """Tell whether an element only holds others, several of them."""
    return len(node) > 1 and not has_own_words(node)


def effect_of_attributes(node: Any) -> str:
    """Return the element of HTML for words that are struck out, raised or lowered by an attribute."""
    style = " ".join(filter(None, (node.get("role"), node.get("rendition"), node.get("rend"), node.get("style-type"))))
    if any(word in style for word in _STRUCK):
        return "s"
    if any(word in style for word in _RAISED):
        return "sup"
    return "sub" if any(word in style for word in _LOWERED) else ""


def mathml(node: Any) -> str:
    """Return a formula with the names that its elements have in HTML."""
    parts: list[str] = []
    stack: list[Any] = [node]
    while stack:
        step = stack.pop()
        if isinstance(step, str):
            parts.append(step)
            continue
        name = local_name(step)
        if name:
            parts.append(f"<{name}>{html.escape(step.text or '')}")
            stack.append(f"</{name}>" + (html.escape(step.tail or "") if step is not node else ""))
            stack.extend(reversed(step))
    return "".join(parts)


def formula_html(node: Any) -> str:
    """Return the formula in an element as HTML, from its MathML or its TeX; "" for one that is written otherwise."""
    formula = next((child for child in node.iter() if local_name(child) == "math"), None)
    if formula is not None:
        return mathml(formula)
    tex = next((child for child in node.iter() if local_name(child) == "tex-math"), None)
    if tex is None and "tex" in (node.get("notation") or "").lower():
        tex = node
    return html.escape(readable_math("".join(tex.itertext()))) if tex is not None else ""


def person_words(node: Any) -> str:
    """Return the name of a person, the given name first."""
    given = _first(node, ("given-names", "firstname", "forename"))
    family = _first(node, ("surname", "lastname"))
    return " ".join(filter(None, (given, family))) or " ".join(" ".join(node.itertext()).split())


def spans(node: Any, names: Sequence[str]) -> str:
    """Return what a cell spans as attributes of HTML.

    Args:
        node: The cell.
        names: The names of the columns of its table, which DocBook's spans refer to.

    Returns:
        The attributes, each with a space before it.
    """
    columns, rows = node.get("colspan") or node.get("cols"), node.get("rowspan") or node.get("rows")
    first, last = node.get("namest"), node.get("nameend")
    if first in names and last in names:
        columns = str(names.index(last) - names.index(first) + 1)
    if (more := node.get("morerows")) and more.isdecimal() and len(more) < 5:
        rows = str(int(more) + 1)
    given = (("colspan", columns), ("rowspan", rows))
    return "".join(f' {name}="{value}"' for name, value in given if value and value.isdecimal())


def _first(node: Any, names: tuple[str, ...]) -> str:
    found = next((child for child in node.iter() if local_name(child) in names), None)
    return " ".join("".join(found.itertext()).split()) if found is not None else ""
