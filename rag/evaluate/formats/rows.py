"""Rows of other tools' files.

Owns: reading JSON, JSON lines, CSV and tab-separated files of unknown origin into plain rows, and the fields of a row.
What is wrong in a file is a UsageError with file and line. Knows no format.
"""

from __future__ import annotations

import ast
import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rag.errors import UsageError
from rag.evaluate.suite.source_lines import parse_json, read_jsonl, read_text

# Where a row stands, and its fields.
Row = tuple[str, dict[str, Any]]

# What programs write into a cell that holds nothing.
_NO_TEXT = frozenset(("", "nan", "none", "null", "n/a", "<na>", "nat"))
# Characters of a CSV cell, and of one that is parsed as a Python list.
_LONGEST_CELL = 10_000_000
_LONGEST_LITERAL = 1_000_000


def read_json(path: Path) -> Any:
    """Read the data of a JSON file."""
    return parse_json(path, 1, read_text(path, ".jsonl"))


def read_rows(path: Path, key: str = "") -> Iterator[Row]:
    """Read the rows of a JSON file, of JSON lines or of a CSV file, by its ending.

    Args:
        path: The file.
        key: The key of the list in a JSON file that holds an object; empty where it holds a list.

    Yields:
        The rows.

    Raises:
        UsageError: The file does not hold rows.
    """
    ending = path.suffix.lower()
    if ending in (".csv", ".tsv"):
        yield from read_csv(path, "\t" if ending == ".tsv" else ",")
    elif ending == ".jsonl":
        for line in read_jsonl(path):
            yield line.where(), _checked_object(path, line.data, line.first)
    else:
        data = read_json(path)
        listed = data.get(key) if isinstance(data, dict) and key else data
        if not isinstance(listed, list):
            expected = f"a list under {key!r}" if key else "a list"
            raise UsageError(f"{path} does not hold {expected}; check that it is of this format.")
        for number, row in enumerate(listed, start=1):
            yield f"{path} row {number}", row if isinstance(row, dict) else {}


def read_csv(path: Path, delimiter: str = ",") -> Iterator[Row]:
    """Read the rows of a CSV file with a header.

    Args:
        path: The file.
        delimiter: What stands between its columns.

    Yields:
        The rows.

    Raises:
        UsageError: The file is no CSV.
    """
    limit = csv.field_size_limit(_LONGEST_CELL)
    try:
        reader = csv.DictReader(io.StringIO(read_text(path, ".jsonl")), delimiter=delimiter, restval="")
        for row in reader:
            yield f"{path}:{reader.line_num}", {key: value for key, value in row.items() if key is not None}
    except csv.Error as error:
        raise UsageError(f"{path} cannot be read as CSV ({error}); save it again.") from None
    finally:
        csv.field_size_limit(limit)


def read_columns(path: Path, count: int, separator: str | None = None) -> Iterator[tuple[str, list[str]]]:
    """Read the lines of a file of columns; blank lines are passed over.

    Args:
        path: The file.
        count: How many columns there are; the last takes the rest of the line.
        separator: What stands between them; None for white space.

    Yields:
        Where a line stands, and its columns.

    Raises:
        UsageError: A line has fewer columns.
    """
    for number, line in enumerate(read_text(path, ".jsonl").split("\n"), start=1):
        if line.strip():
            columns = [column.strip() for column in line.strip().split(separator, count - 1)]
            if len(columns) < count:
                raise UsageError(f"{path}:{number}: {len(columns)} columns where {count} are needed; correct the line.")
            yield f"{path}:{number}", columns


def _checked_object(path: Path, data: Any, line: int) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise UsageError(f"{path}:{line}: a row must be a JSON object; check that the file is of this format.")
    return data


def text_field(row: dict[str, Any], *names: str) -> str:
    """Return the first of some fields that holds text; empty where none does."""
    return next((row[name] for name in names if isinstance(row.get(name), str) and row[name].strip()), "")


def stated_field(row: dict[str, Any], *names: str) -> str:
    """Return the first of some fields that holds text which does not stand for nothing, as "NaN" does; else empty."""
    return next((row[name] for name in names if isinstance(row.get(name), str) and not _is_nothing(row[name])), "")


def _is_nothing(text: str) -> bool:
    return text.strip().casefold() in _NO_TEXT


def text_list_field(row: dict[str, Any], *names: str) -> list[str]:
    """Return the first of some fields that holds texts: one, or a list, which a cell may hold as JSON or Python."""
    for name in names:
        value = row.get(name)
        if isinstance(value, str) and value.strip().startswith("["):
            value = _parse_list(value)
        values = [value] if isinstance(value, str) else value if isinstance(value, list) else []
        if texts := [text for text in values if isinstance(text, str) and not _is_nothing(text)]:
            return texts
    return []


def whole_number(text: str) -> int | None:
    """Return the whole number that a text is; None where it is none."""
    try:
        return int(text)
    except ValueError:
        return None


def object_field(row: dict[str, Any], name: str) -> dict[str, Any]:
    """Return the object that a field holds.

    Args:
        row: The row.
        name: The field.

    Returns:
        The object; empty where there is none.
    """
    value = row.get(name)
    return value if isinstance(value, dict) else {}


def object_list_field(row: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """Return the objects of the list that a field holds.

    Args:
        row: The row.
        name: The field.

    Returns:
        The objects; empty where there is no list.
    """
    value = row.get(name)
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _parse_list(cell: str) -> Any:
    """Return the list that a cell holds, as `str(list)` or JSON wrote it; the cell itself where it holds none."""
    try:
        return json.loads(cell)
    except (ValueError, RecursionError):
        pass
    if len(cell) > _LONGEST_LITERAL:
        return cell
    try:
        return ast.literal_eval(cell)
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return cell
