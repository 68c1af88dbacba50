"""Find the tables in JSON: lists of rows, and rows beside the names of their columns.

Owns: what counts as a table. Knows nothing about how tables read. Pure.
"""

from __future__ import annotations

from typing import Any, TypeGuard

_NAMES = ("columns", "header", "headers", "fields", "names", "cols")
_ROWS = ("data", "rows", "values", "records")


def is_table(value: Any) -> bool:
    """Tell whether a value is a table: rows of equal length, two columns at least, with words in them.

    Rows of numbers alone are coordinates, a matrix, a series: each is read as the list that it is.
    """
    if not isinstance(value, list) or len(value) < 2 or not all(isinstance(row, list) for row in value):
        return False
    width = len(value[0])
    if width < 2 or any(len(row) != width for row in value):
        return False
    if any(isinstance(cell, (list, dict)) for row in value for cell in row):
        return False
    return any(isinstance(cell, str) and not is_number(cell) for cell in value[0])


def is_number(text: str) -> bool:
    """Tell whether a text is written as a number; those of JSON are kept as they are written."""
    return text.lstrip("-")[:1].isdecimal() and all(character in "0123456789.eE+-" for character in text)


def named_rows(value: dict[str, Any]) -> tuple[list[str], list[list[Any]], frozenset[str]] | None:
    """Return the names and the rows of an object that has both, and the keys that they stand under; else None.

    An index that only counts the rows says nothing; another one becomes the first column.
    """
    for names_key in _NAMES:
        for rows_key in _ROWS:
            names, rows = value.get(names_key), value.get(rows_key)
            if not (_is_list_of_names(names) and isinstance(rows, list) and rows):
                continue
            if not all(isinstance(row, list) and len(row) == len(names) and not _is_nested(row) for row in rows):
                continue
            index = value.get("index")
            if not (isinstance(index, list) and len(index) == len(rows) and not _is_nested(index)):
                return names, rows, frozenset((names_key, rows_key))
            keys = frozenset((names_key, rows_key, "index"))
            if [str(label) for label in index] == [str(number) for number in range(len(rows))]:
                return names, rows, keys
            return ["", *names], [[label, *row] for label, row in zip(index, rows, strict=True)], keys
    return None


def _is_list_of_names(value: Any) -> TypeGuard[list[str]]:
    return isinstance(value, list) and len(value) > 1 and all(isinstance(name, str) and name for name in value)


def _is_nested(row: list[Any]) -> bool:
    return any(isinstance(cell, (list, dict)) for cell in row)
