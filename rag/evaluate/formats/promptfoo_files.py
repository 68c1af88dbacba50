"""Files that a promptfoo configuration names with ``file://``.

Owns: which of them are read (text and data beside the configuration or below it, never code), and the tests in a CSV
file. Knows nothing about what a test expects.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from rag.errors import UsageError
from rag.evaluate.formats.rows import read_csv, read_json
from rag.evaluate.suite.source_lines import read_jsonl, read_text, read_yaml

_PREFIX = "file://"
_TEXT = (".txt", ".md")
_DATA = (".json", ".yaml", ".yml")
# How the cell of an expectation begins that is no text to be equalled.
_EXPECTED = re.compile(r"(?P<type>(?:not-)?(?:equals|i?contains(?:-any|-all)?|starts-with|regex|is-refusal))(?::\s*|$)")


class FileProblem(ValueError):
    """A file that a configuration names and that is not read; the message is the reason."""


def is_file(value: Any) -> bool:
    """Tell whether a value names a file."""
    return isinstance(value, str) and value.startswith(_PREFIX)


def file_path(name: str, folder: Path) -> Path:
    """Return the path of a file that is named with ``file://``.

    Args:
        name: Its name, relative to the folder of the configuration.
        folder: That folder.

    Returns:
        The path of a file in the folder or below it.

    Raises:
        FileProblem: The file is absent, or lies elsewhere.
    """
    relative = name.removeprefix(_PREFIX)
    path = folder / relative
    if not path.resolve().is_relative_to(folder.resolve()):
        raise FileProblem(f"a file outside of the configuration's folder: {relative}")
    if not path.is_file():
        raise FileProblem(f"an absent file: {relative}")
    return path


def with_files(variables: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """Return the variables of a test with the contents of the files that they name.

    Args:
        variables: The variables.
        folder: The folder of the configuration.

    Returns:
        The variables; those that name no file as they are.

    Raises:
        FileProblem: A file is absent, lies elsewhere, is code, or cannot be read.
    """
    return {name: _contents(value, folder) if is_file(value) else value for name, value in variables.items()}


def _contents(name: str, folder: Path) -> Any:
    path = file_path(name, folder)
    try:
        if path.suffix.lower() in _TEXT:
            return read_text(path, ".jsonl")
        if path.suffix.lower() in _DATA:
            return read_json(path) if path.suffix.lower() == ".json" else read_yaml(path).data
    except UsageError as error:
        raise FileProblem(str(error)) from None
    raise FileProblem(f"a file of a kind that is not read: {path.name}")


def read_tests(name: str, folder: Path) -> Iterator[tuple[str, Any]]:
    """Read the tests of a file that stands for them.

    Args:
        name: Its name with ``file://``.
        folder: The folder of the configuration.

    Yields:
        Where a test stands, and the test.

    Raises:
        FileProblem: The file is absent, lies elsewhere, is code, or cannot be read.
    """
    path = file_path(name, folder)
    ending = path.suffix.lower()
    try:
        if ending == ".csv":
            yield from ((where, _test_of_row(row)) for where, row in read_csv(path))
        elif ending == ".jsonl":
            yield from ((line.where(), line.data) for line in read_jsonl(path))
        elif ending in _DATA:
            located = read_yaml(path)
            listed = located.data if isinstance(located.data, list) else [located.data]
            yield from ((located.where((i,)), test) for i, test in enumerate(listed))
        else:
            raise FileProblem(f"a file of a kind that is not read: {path.name}")
    except UsageError as error:
        raise FileProblem(str(error)) from None


def _test_of_row(row: Mapping[str, str]) -> dict[str, Any]:
    """Return the test that a row of CSV stands for: a column ``__expected…`` is an assert, others are variables."""
    cells = [(name, cell) for name, cell in row.items() if isinstance(cell, str)]
    expected = [cell.strip() for name, cell in cells if name.startswith("__expected") and cell.strip()]
    variables = {name: cell for name, cell in cells if not name.startswith("__")}
    return {"vars": variables, "assert": [_assert_of_cell(cell) for cell in expected]}


def _assert_of_cell(cell: str) -> dict[str, Any]:
    match = _EXPECTED.match(cell)
    return {"type": match["type"], "value": cell[match.end() :]} if match else {"type": "equals", "value": cell}


def comma_separated(value: str) -> list[str]:
    """Return the values of a text with commas between them; one in quotation marks may hold commas."""
    return [item.strip() for item in next(csv.reader([value], skipinitialspace=True), [])]
