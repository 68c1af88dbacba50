"""Tell records in XML from text, and write them as tables of HTML.

Owns: what a record looks like: an element whose children, or attributes, each hold one value. Knows nothing about the
names of elements.
"""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from typing import Any

_ENDS = (".", "!", "?", "…", "。")
# A value of more characters, or one that ends as a sentence does, is text.
_LONGEST_VALUE = 120
# An attribute of so many words is text.
_FEWEST_WORDS = 5
# Attributes that speak to programs, and the longest value of another, in characters.
_TECHNICAL = frozenset(
    "id idref idrefs ref refid rid uuid guid href src class style path d type lang version encoding width height x y"
    " x1 x2 y1 y2 cx cy transform viewbox points fill stroke".split()
)
_LONGEST_TOLD = 80
# Values of a record; one with more is a part of the text.
_MOST_VALUES = 200
_UNNAMED = frozenset(("text", "value", "content", "line", "entry", "li", "item", "body", "string"))


def is_record(node: Any) -> bool:
    """Tell whether an element holds values only: in children without children, or in attributes."""
    if not isinstance(node.tag, str) or (node.text and node.text.strip() and len(node)):
        return False
    for count, child in enumerate(node):
        if not isinstance(child.tag, str) or len(child) or (child.tail and child.tail.strip()) or count > _MOST_VALUES:
            return False
    return len(node) > 1 or bool(_attributes(node))


def record_table(records: Sequence[Any]) -> str:
    """Return records that follow each other as a table of HTML; "" where they are rather parts of a text."""
    rows = [_values(record) for record in records]
    if len(rows) == 1 and (any(map(_is_prose, rows[0].values())) or len({child.tag for child in records[0]}) < 2):
        return ""
    is_list = not any(len(record) for record in records)
    if is_list and any(_is_prose(value) for row in rows for value in row.values()):
        return ""
    names = _names(rows)
    if len(names) > _MOST_VALUES:
        return ""
    head = "".join(f"<th>{html.escape(name)}</th>" for name in names)
    body = "".join(
        "<tr>" + "".join(f"<td>{html.escape(row.get(name, ''))}</td>" for name in names) + "</tr>" for row in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>" if any(rows) and names else ""


def labelled(node: Any) -> str:
    """Return an element without children as a paragraph of HTML, after its name where it holds a value."""
    value = " ".join((node.text or "").split())
    if not value:
        return ""
    name = _local(node.tag)
    is_text = _is_prose(value) or name.lower() in _UNNAMED
    return f"<p>{html.escape(value if is_text else f'{name}: {value}')}</p>"


def told_attributes(node: Any) -> str:
    """Return the attributes of an element that say something, as paragraphs of HTML.

    Args:
        node: The element.

    Returns:
        "limit value: 78" for values, and each description in a paragraph of its own.
    """
    words = [(name, " ".join(value.split())) for name, value in _attributes(node)]
    texts = [(name, text) for name, text in words if _is_prose(text) or _count_of_words(text) >= _FEWEST_WORDS]
    names_of_texts = {name for name, _ in texts}
    values = [
        f"{name}: {value}"
        for name, value in words
        if name not in names_of_texts and name.lower() not in _TECHNICAL and len(value) <= _LONGEST_TOLD
    ]
    told = [f"{_local(node.tag)} {'; '.join(values)}"] if any(map(_is_told, values)) else []
    told += (f"{name}: {text}" for name, text in texts)
    return "".join(f"<p>{html.escape(line)}</p>" for line in told)


def _is_told(value: str) -> bool:
    return any(map(str.isalnum, value.partition(": ")[2]))


def _values(record: Any) -> dict[str, str]:
    """Return the values of a record by name; those of one name are drawn together."""
    values: dict[str, str] = {}
    for name, value in _pairs(record):
        words = " ".join(value.split())
        if words:
            values[name] = f"{values[name]}, {words}" if name in values else words
    return values


def _pairs(record: Any) -> Iterator[tuple[str, str]]:
    yield from _attributes(record)
    if not len(record):
        yield _local(record.tag), record.text or ""
    for child in record:
        name = _local(child.tag)
        yield name, child.text or ""
        for attribute, value in _attributes(child):
            yield f"{name} {attribute}", value


def _attributes(node: Any) -> list[tuple[str, str]]:
    """Return the attributes of an element, without those of XML itself."""
    return [(name, value) for name, value in node.attrib.items() if not name.startswith("{") and value.strip()]


def _names(rows: Sequence[dict[str, str]]) -> list[str]:
    """Return the names of all records in an order that keeps each beside its neighbours."""
    names: dict[str, None] = {}
    for row in rows:
        if len(names) > _MOST_VALUES:
            break
        if not row.keys() <= names.keys():
            merged: dict[str, None] = {}
            waiting = [name for name in row if name not in names]
            # A new name comes before the first known one that follows it in its record.
            order = list(row)
            following = {
                name: next((known for known in order[order.index(name) :] if known in names), None) for name in waiting
            }
            for name in names:
                merged.update(dict.fromkeys(new for new in waiting if following[new] == name))
                merged[name] = None
            merged.update(dict.fromkeys(waiting))
            names = merged
    return list(names)


def _is_prose(value: str) -> bool:
    return len(value) > _LONGEST_VALUE or (value.endswith(_ENDS) and value.count(" ") > 1)


def _count_of_words(value: str) -> int:
    return sum(word.strip(",.;:()").isalpha() for word in value.split())


def _local(name: Any) -> str:
    return str(name).rsplit("}", 1)[-1]
