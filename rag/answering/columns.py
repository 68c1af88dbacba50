"""Compute over a column of a table: its sum, its average, its highest, how many rows it has.

Owns: which table, column and rows a question means, and the value. Where one word of the question is explained by
neither, nothing is computed: better none than a wrong one. Knows nothing about how it is shown.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from rag.question.column_questions import ColumnQuestion, content_stems, name_stems
from rag.types import Document, Passage, Span, Table, page_of
from rag.verify.parse.quantities import find_quantities

# Rows that are computed over at most; all of them are cited.
_MOST_ROWS = 40
_LEAST_ROWS = 2
_TOTAL = re.compile(
    r"\W*(?:(?:grand |sub)?totals?|sum|overall|average|mean|summe|gesamt|insgesamt|durchschnitt)\b", re.I
)
_NO_FIGURE = re.compile(r"\b(?:id|no\.?|nr\.?|number|code|year|date|phone|zip|jahr|datum|nummer|plz)\b|#", re.I)
_FIGURE = re.compile(r"[-−+(]?\s*[$€£¥]?\s*[-−]?\d[\d.,\s'’]*\s*[%€]?\)?")


@dataclass(frozen=True, slots=True)
class ColumnCell:
    """A figure of a column: as written, its value and unit, and the row that holds it with the row's name."""

    text: str
    value: Decimal
    unit: str
    label: str
    row: Span


@dataclass(frozen=True, slots=True)
class ColumnValue:
    """What was computed over a column.

    Attributes:
        operation: What was computed.
        value: The value.
        unit: The unit or the currency of the figures, "" for none.
        decimals: How many decimals the figures have.
        cells: The figures that it was computed from, in the order of the table; of a highest one, that one.
    """

    operation: str
    value: Fraction
    unit: str
    decimals: int
    cells: tuple[ColumnCell, ...]


@dataclass(frozen=True, slots=True)
class _Column:
    """A column: its number, the stems of its name, and its words by row."""

    number: int
    name: str
    words: Mapping[int, str]

    @property
    def stems(self) -> frozenset[str]:
        return name_stems(self.name)


def compute_column(asked: ColumnQuestion, document: Document, passage: Passage) -> ColumnValue | None:
    """Compute what a question asks of a column of a document's tables.

    Args:
        asked: The question.
        document: The document.
        passage: A passage of it, which names its source.

    Returns:
        The value; None where no table, or more than one, explains every word of the question.
    """
    found = [value for table in document.tables if (value := _of_table(asked, document, table, passage))]
    return found[0] if len(found) == 1 else None


def _of_table(asked: ColumnQuestion, document: Document, table: Table, passage: Passage) -> ColumnValue | None:
    columns = list(_columns(document, table))
    about = content_stems(f"{document.title} {table.caption} {re.sub(r'[^a-zA-Z0-9]', ' ', passage.source)}")
    figures = [column for column in columns if _is_figures(column)]
    texts = [column for column in columns if column not in figures]
    kept, explained = _filtered(asked, texts, {row for column in columns for row in column.words})
    totals = {row for column in texts for row, words in column.words.items() if _TOTAL.match(words)}
    if totals & kept and asked.operation in ("sum", "average"):
        # The table states it.
        return None
    rows = sorted(kept - totals)
    open_stems = asked.stems - explained
    if asked.operation == "count":
        if any(column.stems & asked.counted for column in columns if column in figures or _begin_with_digits(column)):
            # A cell of it is asked for.
            return None
        return _count(asked, open_stems - about, texts, rows, document, table, passage, about)
    column = _meant(figures, asked.words - explained)
    if column is None or not open_stems <= column.stems | about | _named(texts):
        return None
    cells = [
        cell for row in rows if row in column.words and (cell := _cell(column, row, texts, document, table, passage))
    ]
    if not _LEAST_ROWS <= len(cells) <= _MOST_ROWS or len(cells) < sum(row in column.words for row in rows):
        return None
    return _computed(asked.operation, cells)


def _named(columns: Sequence[_Column]) -> frozenset[str]:
    """Return the stems of the names of columns: "over all regions" names what the rows are."""
    return frozenset(stem for column in columns for stem in column.stems)


def _columns(document: Document, table: Table) -> Iterator[_Column]:
    words: dict[int, dict[int, str]] = {}
    for cell in table.cells:
        if cell.columns == 1:
            words.setdefault(cell.column, {})[cell.row] = document.text[cell.start : cell.end].strip()
    for number in sorted(words):
        yield _Column(number, table.column_name(number), words[number])


def _is_figures(column: _Column) -> bool:
    return (
        bool(column.words)
        and not _NO_FIGURE.search(column.name)
        and all(_FIGURE.fullmatch(words) for words in column.words.values())
    )


def _begin_with_digits(column: _Column) -> bool:
    """Tell whether a column holds times and amounts, were they no plain figures: "30:15"."""
    return bool(column.words) and all(words[:1].isdigit() for words in column.words.values())


def _filtered(asked: ColumnQuestion, columns: Sequence[_Column], rows: set[int]) -> tuple[set[int], frozenset[str]]:
    """Return the rows whose words the question names, all where it names none, and the stems that this explains."""
    kept, explained = set(rows), frozenset[str]()
    for column in columns:
        named: set[int] = set()
        for row, words in column.words.items():
            stems = content_stems(words)
            if stems and stems <= asked.stems and not stems <= column.stems:
                named.add(row)
                explained |= stems
        if named:
            kept &= named
            explained |= column.stems
    return kept, explained


def _meant(columns: Sequence[_Column], stems: frozenset[str]) -> _Column | None:
    """Return the column of figures that the question names best, or the only one; None where that is not one."""
    fits = [(len(column.stems & stems), column) for column in columns]
    best = max((fit for fit, _ in fits), default=0)
    of_best = [column for fit, column in fits if fit == best]
    return of_best[0] if len(of_best) == 1 and (best or len(columns) == 1) else None


def _count(
    asked: ColumnQuestion,
    open_stems: frozenset[str],
    texts: Sequence[_Column],
    rows: Sequence[int],
    document: Document,
    table: Table,
    passage: Passage,
    about: frozenset[str],
) -> ColumnValue | None:
    """Count the rows, or the different names of the column that the question counts."""
    naming = next((column for column in texts if column.stems and column.stems == asked.counted), None)
    if naming is None and not asked.counted <= about:
        return None
    if not open_stems <= (naming.stems if naming else frozenset()) or not texts:
        return None
    first: dict[str, ColumnCell] = {}
    for row in rows:
        words = naming.words.get(row, "") if naming else str(row)
        span = _row_span(document, table, row, passage)
        if words and span:
            label = naming.words[row] if naming else _label(texts, row)
            first.setdefault(words, ColumnCell(label, Decimal(1), "", label, span))
    if not 1 <= len(first) <= _MOST_ROWS:
        return None
    return ColumnValue("count", Fraction(len(first)), "", 0, tuple(first.values()))


def _cell(
    column: _Column, row: int, texts: Sequence[_Column], document: Document, table: Table, passage: Passage
) -> ColumnCell | None:
    found = find_quantities(column.words[row])
    span = _row_span(document, table, row, passage)
    if len(found) != 1 or span is None:
        return None
    (quantity,) = found
    value = Decimal(str(quantity.values[0]))
    if column.words[row].startswith("(") and value > 0:
        value = -value
    return ColumnCell(column.words[row], value, quantity.unit, _label(texts, row), span)


def _label(texts: Sequence[_Column], row: int) -> str:
    """Return what a row is called: its first words that are no figure."""
    return next(
        (column.words[row] for column in texts if row in column.words and not column.words[row][:1].isdigit()), ""
    )


def _row_span(document: Document, table: Table, row: int, passage: Passage) -> Span | None:
    """Return the row of a table as it stands in the document."""
    start = next((cell.start for cell in table.cells if cell.row == row), None)
    if start is None:
        return None
    number = bisect_right(document.blocks, start, key=lambda block: block.start) - 1
    block = document.blocks[number]
    if number < 0 or block.kind != "row" or not block.start <= start < block.end:
        return None
    quote = document.text[block.start : block.end].rstrip()
    span = Span(passage.source, passage.source_id, passage.title, block.start, block.start + len(quote), quote)
    return replace(span, page=page_of(document.pages, block.start), header=block.header)


def _computed(operation: str, cells: Sequence[ColumnCell]) -> ColumnValue | None:
    units = {cell.unit for cell in cells} - {""}
    if len(units) > 1:
        return None
    unit = next(iter(units), "")
    decimals = max(len(cell.text.rpartition(".")[2].rstrip(")%€ ")) if "." in cell.text else 0 for cell in cells)
    values = [Fraction(cell.value) for cell in cells]
    if operation in ("highest", "lowest"):
        best = max(values) if operation == "highest" else min(values)
        of_best = tuple(cell for cell, value in zip(cells, values, strict=True) if value == best)
        return ColumnValue(operation, best, unit, decimals, of_best) if len(of_best) == 1 else None
    value = sum(values, Fraction(0))
    value = value / len(values) if operation == "average" else value
    return ColumnValue(operation, value, unit, decimals, tuple(cells))
