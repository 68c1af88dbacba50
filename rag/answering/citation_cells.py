"""Find the cells of cited table rows, and the one that answers the question.

Owns: going back to the record of a document's tables. Knows nothing about how an answer was chosen.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rag.retrieval.cells import read_cells
from rag.retrieval.row_records import read_recorded
from rag.store.index import Index
from rag.text import STOPWORDS, terms, trim
from rag.text.struck import struck_spans, valid_words
from rag.types import Citation, CitedCell, RowCell, Span


def add_cells(
    index: Index, citations: Sequence[Citation], short_answer: str | None, answered: Sequence[Span], asked: str = ""
) -> tuple[Citation, ...]:
    """Add to the citations of table rows their cells, and the cell that the short answer gives.

    Args:
        index: The index that holds the cited versions.
        citations: Citations of an answer.
        short_answer: Its short answer; None without one.
        answered: The exact slices of the documents that the short answer was cut from; none where a model wrote it.
        asked: The question, which tells the name of a row that has several.

    Returns:
        The citations in the same order. Those of what is no table row have no cells; one whose cell does not answer
        for certain has no cell.
    """
    found: list[Citation] = []
    for citation in citations:
        cells = read_recorded(index.catalog.tables(citation.source_id), citation.quote, citation.start)
        row = replace(citation, cells=cells)
        found.append(replace(row, cell=_answering(row, short_answer or "", answered, asked)))
    return tuple(found)


def _answering(citation: Citation, short_answer: str, answered: Sequence[Span], asked: str) -> CitedCell | None:
    """Return the cell that answers: the one that was cut out, else the only one whose words the short answer holds."""
    named = _named_cells(citation, frozenset(terms(asked)))
    places = {(span.start, span.end) for span in answered if span.source_id == citation.source_id}
    cut_out = [cell for cell in named if (cell.start, cell.end) in places]
    if not cut_out and not answered and short_answer:
        cut_out = [cell for cell in named if _holds(short_answer, citation, cell)]
    return cut_out[0] if len(cut_out) == 1 else None


def _named_cells(citation: Citation, asked: frozenset[str]) -> list[CitedCell]:
    """Return the values of the cited rows with their names, of a record or as they are written."""
    if not citation.cells:
        written = read_cells(citation.span)
        return [CitedCell(*_valid(citation, cell.start, cell.end), _names(cell.label, cell.column)) for cell in written]
    return [
        CitedCell(*_valid(citation, cell.start, cell.end), _names(*_labels(citation, cell, asked), cell.name))
        for cell in citation.cells
    ]


def _labels(citation: Citation, cell: RowCell, asked: frozenset[str]) -> tuple[str, ...]:
    """Return what names the row of a cell: the nearest cell before it that the question names, else the row's labels.

    "Country: Norway; City: Oslo; Staff: 120" is of Oslo where the question asks for Oslo. ``asked`` are its terms.
    """
    if cell.is_label:
        return (cell.label,)
    before = [other for other in citation.cells if other.row == cell.row and other.end <= cell.start]
    for other in reversed(before):
        stems = {stem for stem in terms(_words(citation, other)) if stem not in STOPWORDS}
        if stems and 2 * len(stems & asked) >= len(stems):
            return (_words(citation, other),)
    return (
        *(_words(citation, other) for other in citation.cells if other.is_label and other.row == cell.row),
        cell.label,
    )


def _valid(citation: Citation, start: int, end: int) -> tuple[int, int]:
    """Return where the words of a cell stand that are not struck out; where it starts, and nothing, without any."""
    text = citation.quote[start - citation.start : end - citation.start]
    words = valid_words(text, struck_spans(text))
    left, right = trim(words.text, 0, len(words.text))
    if left >= right:
        return start, start
    begins, ends = words.place(left, right)
    return start + begins, start + ends


def _names(*names: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, names)))


def _words(citation: Citation, cell: RowCell | CitedCell) -> str:
    return citation.quote[cell.start - citation.start : cell.end - citation.start]


def _holds(short_answer: str, citation: Citation, cell: CitedCell) -> bool:
    """Tell whether the words of a cell stand in the short answer by themselves: 45, not the end of 145."""
    words = _words(citation, cell)
    return bool(words) and re.search(rf"(?<![\w.,]){re.escape(words)}(?!\w|[.,]\w)", short_answer) is not None
