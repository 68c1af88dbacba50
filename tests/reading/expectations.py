"""What a person reads in a file, and how near a document comes to it.

Owns: the form of an expectation, and the counting of words, order, cells and warnings. Knows nothing about readers.

Beside ``files/FORMAT/NAME`` stands ``files/FORMAT/NAME.expected.json``::

    {"pattern": "merged cells",            what it is an example of
     "producer": "LibreOffice 24.2",       what wrote the file
     "text": ["Offices", "City: Bergen; Staff: 45"],      the canonical text, a block an entry, in reading order
     "cells": [["City", "Bergen"], ["2024 Actual", "13"], ["", "Nord"]],     name and value of table cells
     "absent": ["60"],                     words that must not be in the text
     "warnings": ["reading-charts"],       codes of what must be said to be not read
     "title": "Offices", "date": "2024-05-01"}     both are left out where they do not matter

A cell whose name stands in the text before it ("Capital: Oslo") counts under that name; so does one in Markdown, where
the name stands above.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rapidfuzz.distance import LCSseq

from rag.types import Document

FILES = Path(__file__).with_name("files")
_ENDING = ".expected.json"
# A word, a number, or a single sign that says something.
_WORD = re.compile(r"\w+(?:[.,:/'’-]\w+)*|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a person reads in a file.

    Attributes:
        path: The file.
        pattern: What it is an example of.
        producer: What wrote it.
        text: The blocks of the text, in reading order.
        cells: Name and value of each table cell.
        absent: Words that must not be in the text.
        warnings: The codes of what must be said to be not read.
        title: The title; None where it does not matter.
        date: The day of the file's last change; None where it does not matter.
    """

    path: Path
    pattern: str
    producer: str
    text: tuple[str, ...]
    cells: tuple[tuple[str, str], ...]
    absent: tuple[str, ...]
    warnings: tuple[str, ...]
    title: str | None
    date: str | None

    @property
    def name(self) -> str:
        """Return the path below the folder of all files, which names the expectation."""
        return self.path.relative_to(FILES).as_posix()


@dataclass(frozen=True, slots=True)
class Score:
    """How near a document comes to an expectation; each number is a count.

    Attributes:
        words: The expected words, how many of them are there, and how many words there are.
        in_order: How many words are there in the expected order.
        cells: The expected cells, how many of them are there, and how many cells there are.
        wrong: What must not be: absent words that are there, warnings, title or date that are not as expected.
    """

    words: tuple[int, int, int]
    in_order: int
    cells: tuple[int, int, int]
    wrong: tuple[str, ...]


def expectations() -> Iterator[Expectation]:
    """Yield all expectations, by name."""
    for path in sorted(FILES.rglob(f"*{_ENDING}")):
        values: dict[str, Any] = json.loads(path.read_text("utf-8"))
        yield Expectation(
            path.with_name(path.name.removesuffix(_ENDING)),
            values["pattern"],
            values["producer"],
            tuple(values["text"]),
            tuple((name, value) for name, value in values.get("cells", ())),
            tuple(values.get("absent", ())),
            tuple(values.get("warnings", ())),
            values.get("title"),
            values.get("date"),
        )


def score(expected: Expectation, document: Document) -> Score:
    """Compare a document with what a person reads in its file."""
    wanted, found = _words("\n".join(expected.text)), _words(document.text)
    cells = document_cells(document)
    wrong = [f"{word!r} is in the text" for word in expected.absent if word in document.text]
    codes = {warning.code for warning in document.warnings}
    wrong += [f"no warning {code}" for code in expected.warnings if code not in codes]
    wrong += [f"warning {code}" for code in sorted(codes - set(expected.warnings))]
    if expected.title is not None and document.title != expected.title:
        wrong.append(f"the title is {document.title!r}")
    if expected.date is not None and document.date != expected.date:
        wrong.append(f"the date is {document.date!r}")
    return Score(
        _overlap(wanted, found),
        LCSseq.similarity(wanted, found),
        _overlap(expected.cells, cells) if expected.cells else (0, 0, 0),
        tuple(wrong),
    )


def document_cells(document: Document) -> list[tuple[str, str]]:
    """Return the name and the words of each table cell of a document.

    The names above its column count, behind the label of its row where that is a name; a label has no name.
    """
    found: list[tuple[str, str]] = []
    for table in document.tables:
        label: dict[int, str] = {}
        for cell in table.cells:
            words = " ".join(document.text[cell.start : cell.end].split())
            if cell.column < table.labels:
                label[cell.row] = f"{label[cell.row]} {words}" if cell.row in label else words
                continue
            names = [table.column_name(column) for column in range(cell.column, cell.column + cell.columns)]
            before = label.get(cell.row, "")
            found.append((" ".join(dict.fromkeys(filter(None, (before, *names)))), words))
    return found


def _words(text: str) -> list[str]:
    return _WORD.findall(text)


def _overlap(wanted: Sequence[Any], found: Sequence[Any]) -> tuple[int, int, int]:
    return len(wanted), sum((Counter(wanted) & Counter(found)).values()), len(found)
