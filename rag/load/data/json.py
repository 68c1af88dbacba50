"""Read JSON and JSON Lines.

Owns: how nested values read as lines: ``path.key: value``. Knows nothing about what the keys mean.
"""

from __future__ import annotations

import json
import re
from typing import Any

from rag.errors import LoadError
from rag.load.builder import Builder
from rag.load.data.json_tables import is_table, named_rows
from rag.load.tables import add_table, text_rows
from rag.notices import Notice

_MAX_DEPTH = 100
# A record of at most so many characters is one line, "key: value; key: value".
_SHORT_RECORD = 400
# The first two lines that hold words; each begins as an object or a list does.
_WORDS_OF_TWO_LINES = re.compile(r"\s*([\[{][^\n]*)\n\s*([\[{][^\n]*)")


def read_json(text: str, builder: Builder) -> bool:
    """Append the values of a JSON text: an object of a list is a block, and so are the values of one object.

    Args:
        text: The canonical text of the file.
        builder: What the values are appended to.

    Returns:
        Whether the text is JSON; when it is not, nothing is appended.

    Raises:
        LoadError: When values are nested more than 100 levels deep.
    """
    parsed = _parse(text)
    if parsed is None:
        return False
    _add_value(parsed[0], "", builder)
    return True


def read_jsonl(text: str, builder: Builder) -> None:
    """Append each line as a record; a line that is not JSON is appended as it stands.

    Args:
        text: The canonical text of the file.
        builder: What the records are appended to.

    Raises:
        LoadError: When values are nested more than 100 levels deep.
    """
    for line in text.split("\n"):
        if line.strip():
            parsed = _parse(line)
            if parsed is None:
                builder.add("paragraph", line)
            else:
                _add_value(parsed[0], "", builder, is_record=True)


def json_value(text: str) -> Any:
    """Return the value of a JSON text; None for other text."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def is_json_lines(text: str) -> bool:
    """Tell whether a text has several lines, of which the first two are each a JSON object or list with values."""
    first_lines = _WORDS_OF_TWO_LINES.match(text)
    values = map(json_value, first_lines.groups()) if first_lines else ()
    return bool(first_lines) and all(isinstance(value, (dict, list)) and value for value in values)


def _parse(text: str) -> tuple[Any] | None:
    """Return the value in a one-tuple, or None. Numbers stay as they are written: ``1.10`` is not ``1.1``."""
    try:
        return (json.loads(text, parse_int=str, parse_float=str, parse_constant=str),)
    except ValueError:
        return None
    except RecursionError:
        raise _too_deep() from None


def _check_depth(depth: int) -> None:
    """Raise LoadError for a value that lies too deep."""
    if depth > _MAX_DEPTH:
        raise _too_deep()


def _too_deep() -> LoadError:
    return LoadError(Notice("file-json-nested", {"levels": _MAX_DEPTH}))


def _add_value(value: Any, path: str, builder: Builder, is_record: bool = False, depth: int = 0) -> None:
    """Append a value whose keys from the top on are ``path``; ``is_record`` marks an object of a list."""
    _check_depth(depth)
    if isinstance(value, dict) and is_record and _fits_one_block(value):
        pairs = _pairs(value, "", depth)
        is_short = sum(map(len, pairs)) <= _SHORT_RECORD and not any("\n" in pair for pair in pairs)
        builder.add("row", ("; " if is_short else "\n").join(pairs))
    elif isinstance(value, dict):
        table = named_rows(value)
        if table:
            names, rows, keys = table
            _add_object({key: item for key, item in value.items() if key not in keys}, path, builder, depth)
            add_table(builder, text_rows([names, *_rows(rows)]), path, names=1, is_sheet=True)
        else:
            _add_object(value, path, builder, depth)
    elif isinstance(value, list):
        _add_list(value, path, builder, depth)
    else:
        builder.add("paragraph", f"{path}: {_scalar(value)}" if path and not is_record else _scalar(value))


def _add_object(value: dict[str, Any], path: str, builder: Builder, depth: int) -> None:
    """Append an object: runs of plain values are a block each, nested values are blocks of their own."""
    lines: list[str] = []
    for key, item in value.items():
        if isinstance(item, (dict, list)) and item:
            builder.add("paragraph", "\n".join(lines))
            lines = []
            _add_value(item, _join(path, key), builder, depth=depth + 1)
        else:
            lines += _pairs({key: item}, path, depth)
    builder.add("paragraph", "\n".join(lines))


def _add_list(value: list[Any], path: str, builder: Builder, depth: int) -> None:
    """Append a list: rows are a table, objects or lists follow each other, plain values are a line or items."""
    if is_table(value):
        if path:
            builder.add("paragraph", f"{path}:")
        add_table(builder, text_rows(_rows(value)), path, is_sheet=True)
    elif any(isinstance(item, (dict, list)) for item in value):
        if path:
            builder.add("paragraph", f"{path}:")
        for item in value:
            _add_value(item, path, builder, is_record=True, depth=depth + 1)
    elif path:
        builder.add("paragraph", "\n".join(_pairs({path: value}, "", depth)))
    else:
        for item in value:
            builder.add("item", _scalar(item))


def _rows(rows: list[list[Any]]) -> list[list[str]]:
    """Return rows of plain values as texts; null says nothing."""
    return [["" if cell is None else _scalar(cell) for cell in row] for row in rows]


def _fits_one_block(value: dict[str, Any]) -> bool:
    """Tell whether a record reads well in one block: its objects hold no lists of objects."""
    stack: list[tuple[Any, int]] = [(value, 0)]
    while stack:
        item, depth = stack.pop()
        _check_depth(depth)
        if isinstance(item, list) and any(isinstance(inner, (dict, list)) for inner in item):
            return False
        if isinstance(item, dict):
            stack.extend((inner, depth + 1) for inner in item.values())
    return True


def _pairs(value: dict[str, Any], path: str, depth: int) -> list[str]:
    """Return ``path.key: value`` of each value in an object without lists of objects.

    Values that say nothing (null, "", an empty list) are left out.
    """
    _check_depth(depth)
    pairs = []
    for key, item in value.items():
        name = _join(path, key)
        if isinstance(item, dict):
            pairs += _pairs(item, name, depth + 1)
        elif isinstance(item, list):
            if item:
                pairs.append(f"{name}: {', '.join(map(_scalar, item))}")
        elif item is not None and item != "":
            pairs.append(f"{name}: {_scalar(item)}")
    return pairs


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def _scalar(value: Any) -> str:
    """Return a plain value as JSON writes it, without the quotes of a string."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
