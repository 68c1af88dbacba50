"""The cell of a table row that answers a question. Pure.

Owns: which row and which column a question names, and how the cell is shown with their names. Knows nothing about how
tables are read from files.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rag.answering.short_answers.asked import Asked
from rag.answering.short_answers.phrases import MOST_WORDS, find_phrases
from rag.text import STOPWORDS, terms, trim
from rag.types import Evidence
from rag.verify.lexicon import UNITS

# Rows that are compared.
_ROWS = 10
# How far a row may cover less of the question than the best sentence.
_COVERAGE_MARGIN = 0.15
# "Fee: $40", "Site: Leeds; Phone: 0113 496 0000".
_PAIRS = re.compile(r"[^:;.!?\n]{1,60}: [^;\n]{1,80}(?:; [^;\n]{1,120})*")
_SENTENCE_END = re.compile(r"[.!?]\s+[A-ZÀ-Þ]")
_PAIR = re.compile(r"(?P<name>[^:;]{1,60}): (?P<value>[^;]+)")
_NUMBER = re.compile(r"[-+(]?\s*[$€£¥]?\s*\d[\d.,\s'’]*\s*%?\)?")
# A unit in the name of a column: "Height (m)", "Revenue ($ million)", "Length in km".
_UNIT_IN_NAME = re.compile(r"\((?P<bracketed>[^()]{1,20})\)\s*$|\bin (?P<plain>\S{1,12})$")


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a row: the name of its column, "" for none, and where its value stands in the row's text."""

    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class ChosenCell:
    """The cell that answers a question: of which row, where its value stands there, and how it is shown."""

    item: Evidence
    start: int
    end: int
    text: str


def read_cells(text: str, header: str) -> list[Cell]:
    """Read the cells of a table row.

    Args:
        text: The row: ``Column: value; Column: value`` or ``| value | value |``.
        header: The names of the columns where the row does not repeat them: ``Name | Name``.

    Returns:
        The cells that hold anything, in order; none where the text is no row.
    """
    if text.startswith("|"):
        names = [name.strip() for name in header.split("|")]
        bounds = [match.start() for match in re.finditer(r"(?<!\\)\|", text)]
        spans = [trim(text, left + 1, right) for left, right in pairwise(bounds)]
        return [
            Cell(names[i] if i < len(names) else "", start, end) for i, (start, end) in enumerate(spans) if start < end
        ]
    if not _PAIRS.fullmatch(text.rstrip()) or _SENTENCE_END.search(text):
        return []
    return [
        Cell(match["name"].strip(), *trim(text, match.start("value"), match.end("value")))
        for match in _PAIR.finditer(text)
    ]


def choose_cell(asked: Asked, evidence: Sequence[Evidence]) -> ChosenCell | None:
    """Choose the cell that a question asks for: its row and its column are both named, or only one is left.

    Args:
        asked: The question.
        evidence: The sentences and rows, best first.

    Returns:
        The cell; None where no row, or more than one, fits the question as well.
    """
    rows = [
        (item, cells)
        for item in evidence[:_ROWS]
        if item.coverage >= evidence[0].coverage - _COVERAGE_MARGIN
        and (cells := read_cells(item.span.quote, item.span.header))
    ]
    # A word that stands in one row tells it from the others; one that stands in all of them tells nothing.
    counts = Counter(stem for item, _ in rows for stem in _stems(item.span.quote) & asked.stems)
    fitting = [chosen for item, cells in rows if (chosen := _cell_of_row(asked, item, cells, counts))]
    best = max((score for score, _ in fitting), default=0.0)
    of_best = [cell for score, cell in fitting if score == best]
    return of_best[0] if len({cell.text for cell in of_best}) == 1 else None


def _value_of_pair(asked: Asked, item: Evidence, cell: Cell) -> tuple[float, ChosenCell] | None:
    """Return the value of a single ``Name: value`` where the question asks for little more than the name."""
    value = item.span.quote[cell.start : cell.end]
    named = _stems(cell.name)
    if not named or not named <= asked.stems or 2 * len(named) < len(asked.stems) or not _form(asked, cell.name, value):
        return None
    return float(len(named)), ChosenCell(item, cell.start, cell.end, value)


def _cell_of_row(
    asked: Asked, item: Evidence, cells: Sequence[Cell], counts: Mapping[str, int]
) -> tuple[float, ChosenCell] | None:
    """Return the cell of a row that the question asks for, and how well the row fits; None where it is not plain.

    ``counts`` are the rows that hold each word of the question.
    """
    text = item.span.quote
    if len(cells) == 1:
        return _value_of_pair(asked, item, cells[0])
    # The cells that the question names tell the row; the column that it names, or the only one left, tells the cell.
    named = {cell: _stems(text[cell.start : cell.end]) for cell in cells}
    labels = [cell for cell in cells if named[cell] & asked.stems]
    if not labels:
        return None
    grades = {
        cell: (len(_stems(cell.name) & asked.stems), form)
        for cell in cells
        if cell not in labels and (form := _form(asked, cell.name, text[cell.start : cell.end]))
    }
    best = max(grades.values(), default=(0, 0))
    of_best = [cell for cell, grade in grades.items() if grade == best]
    if len(of_best) != 1:
        return None
    (cell,) = of_best
    stems = set[str]().union(*(named[label] for label in labels))
    score = sum(1 / counts[stem] for stem in stems & asked.stems) - 0.5 * len(stems - asked.stems) + best[0]
    label = text[labels[0].start : labels[0].end]
    shown = _shown(text[cell.start : cell.end], label, cell.name)
    return score, ChosenCell(item, cell.start, cell.end, shown)


def _shown(value: str, row: str, column: str) -> str:
    """Return a value with its unit, its row and its column: "20 weeks (Adoption)", "2 (Dog, fee)"."""
    unit, named = "", [row, column]
    if _NUMBER.fullmatch(value):
        if column.casefold() in UNITS:
            unit, named = f" {column.lower()}", [row]
        elif match := _UNIT_IN_NAME.search(column):
            unit = f" {match['bracketed'] or match['plain']}"
            named = [row, column[: match.start()].strip()]
    full = f"{value}{unit} ({', '.join(filter(None, named))})"
    return full if len(full.split()) <= MOST_WORDS else f"{value}{unit}"


def _form(asked: Asked, column: str, value: str) -> int:
    """Return 2 where a value is what is asked for, 1 where it may be, 0 where it is not or is too long to be shown."""
    if len(value.split()) > MOST_WORDS:
        return 0
    match asked.answer_type:
        case "number" | "money" | "percentage" | "duration" | "date" | "year" | "time":
            if not any(c.isdigit() for c in value):
                return 0
            with_unit = f"{value} {column}" if _NUMBER.fullmatch(value) else value
            found = find_phrases(with_unit, asked.answer_type, "")
            return 2 if any(one.end - one.start == len(with_unit) for one in found) else 1
        case "person" | "place" | "name":
            return 0 if _NUMBER.fullmatch(value) else 1
        case _:
            return 1


def _stems(text: str) -> set[str]:
    return {stem for stem in terms(text) if stem not in STOPWORDS}
