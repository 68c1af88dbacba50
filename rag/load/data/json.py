"""JSON and JSON Lines.

Owns: how nested values read as lines: ``path.key: value``. Knows nothing about what the keys mean.
"""

from __future__ import annotations

import json
from typing import Any

from rag.errors import LoadError
from rag.load.builder import Builder

_MAX_DEPTH = 100
_SHORT_RECORD = 400


def read_json(text: str, builder: Builder) -> bool:
    """Append the values of a JSON text: an object of a list is a block, and so are the values of one object.

    Returns False, with nothing appended, when the text is not JSON.
    """
    parsed = _parse(text)
    if parsed is None:
        return False
    _add(parsed[0], "", builder)
    return True


def read_jsonl(text: str, builder: Builder) -> None:
    """Append each line as a record; a line that is not JSON is kept as it stands."""
    for line in text.split("\n"):
        if line.strip():
            parsed = _parse(line)
            if parsed is None:
                builder.add("paragraph", line)
            else:
                _add(parsed[0], "", builder, record=True)


def _parse(text: str) -> tuple[Any] | None:
    """The value in a one-tuple, or None. Numbers stay as they are written: ``1.10`` is not ``1.1``."""
    try:
        return (json.loads(text, parse_int=str, parse_float=str, parse_constant=str),)
    except ValueError:
        return None
    except RecursionError:
        raise _too_deep() from None


def _too_deep() -> LoadError:
    return LoadError(f"nested more than {_MAX_DEPTH} levels deep; flatten it before it is indexed")


def _add(value: Any, path: str, builder: Builder, record: bool = False, depth: int = 0) -> None:
    if depth > _MAX_DEPTH:
        raise _too_deep()
    if isinstance(value, dict) and record and _is_flat(value):
        pairs = _pairs(value, "", depth)
        short = sum(map(len, pairs)) <= _SHORT_RECORD and not any("\n" in pair for pair in pairs)
        builder.add("row", ("; " if short else "\n").join(pairs))
    elif isinstance(value, dict):
        lines: list[str] = []
        for key, item in value.items():
            if isinstance(item, (dict, list)) and item:
                builder.add("paragraph", "\n".join(lines))
                lines = []
                _add(item, _join(path, key), builder, depth=depth + 1)
            else:
                lines += _pairs({key: item}, path, depth)
        builder.add("paragraph", "\n".join(lines))
    elif isinstance(value, list):
        if any(isinstance(item, (dict, list)) for item in value):
            if path:
                builder.add("paragraph", f"{path}:")
            for item in value:
                _add(item, path, builder, record=True, depth=depth + 1)
        elif path:
            builder.add("paragraph", "\n".join(_pairs({path: value}, "", depth)))
        else:
            for item in value:
                builder.add("item", _scalar(item))
    else:
        builder.add("paragraph", f"{path}: {_scalar(value)}" if path and not record else _scalar(value))


def _is_flat(value: dict[str, Any]) -> bool:
    """Whether a record reads well in one block: its objects hold no lists of objects."""
    stack: list[tuple[Any, int]] = [(value, 0)]
    while stack:
        item, depth = stack.pop()
        if depth > _MAX_DEPTH:
            raise _too_deep()
        if isinstance(item, list) and any(isinstance(inner, (dict, list)) for inner in item):
            return False
        if isinstance(item, dict):
            stack.extend((inner, depth + 1) for inner in item.values())
    return True


def _pairs(value: dict[str, Any], path: str, depth: int) -> list[str]:
    """``path.key: value`` of each value in an object without lists of objects; null and empty ones are left out."""
    if depth > _MAX_DEPTH:
        raise _too_deep()
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
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
