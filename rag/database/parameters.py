"""What stands in statements for values and names: SQLite's ``?``, ``?1`` and ``:name`` as PostgreSQL's ``$1``.

Owns: finding them in a statement; what stands in quotes is left as it is. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

# Texts, names in quotes, casts such as ``x::text`` and comments are passed over.
_MARK = re.compile(r"'(?:[^']|'')*'|\"[^\"]*\"|::\w+|--[^\n]*|\?(?P<number>\d*)|:(?P<name>[A-Za-z_]\w*)")


@lru_cache(maxsize=512)
def numbered(sql: str) -> tuple[str, tuple[str, ...]]:
    """Return a statement with PostgreSQL's marks.

    Args:
        sql: The statement with one kind of SQLite's marks.

    Returns:
        The statement, and the names of its parameters in the order of their numbers; none where they have no names.
    """
    names: list[str] = []
    count = 0

    def mark(found: re.Match[str]) -> str:
        nonlocal count
        if name := found["name"]:
            if name not in names:
                names.append(name)
            return f"${names.index(name) + 1}"
        if found["number"] is None:
            return found[0]
        count += 1
        return f"${found['number'] or count}"

    return _MARK.sub(mark, sql), tuple(names)


def in_order(parameters: Sequence[Any] | Mapping[str, Any], names: Sequence[str]) -> Sequence[Any]:
    """Return the values of parameters in the order of their numbers.

    Args:
        parameters: The values, in order or by name.
        names: The names, as ``numbered`` returns them.

    Returns:
        The values; those that a statement does not name are left out.
    """
    if isinstance(parameters, Mapping):
        return [parameters[name] for name in names]
    return parameters


def quoted(name: str) -> str:
    """Return the name of a schema or a table as a statement has it."""
    return '"' + name.replace('"', '""') + '"'
