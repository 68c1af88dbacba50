"""Find the figures that a computation needs among the cells and figures of passages. Pure.

Owns: which cell is the figure that a question names. Knows nothing about how a computation is asked for or shown.

A figure is taken only where no other one fits as well and says otherwise: better none than a wrong one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from fractions import Fraction

from rag.question.computations import AskedOperand
from rag.question.periods import Periods, read_periods
from rag.retrieval.cells import Cell
from rag.retrieval.table_rows import label_stems
from rag.text import STOPWORDS, words

# Words of a question beside those that name a figure.
_BESIDE = frozenset(
    "company companys business segment firm figure value reported year fiscal quarter our your their its".split()
)
# Letters and digits with a hyphen, or in capitals; a mark behind a word, "Revenue1", is of a footnote.
_CODE = re.compile(r"(?<![\w-])(?=[\w-]*\d)(?=[\w-]*[^\W\d_])(?:[^\W_]+(?:-[^\W_]+)+|(?:[A-Z]|\d)+)(?![\w-])")
_BESIDE_STEMS = label_stems(" ".join(_BESIDE))


def find_operand(asked: AskedOperand, cells: Iterable[Cell]) -> Cell | None:
    """Find the figure that a question names.

    Args:
        asked: What the figure is of, and when.
        cells: The cells of rows and the figures of sentences.

    Returns:
        The cell; None where none fits, or several fit alike and differ.
    """
    wanted = _stems(asked.label) | _codes(asked.label)
    ranked = [(fit, cell) for cell in cells if cell.value is not None and (fit := _fit(wanted, asked.periods, cell))]
    if not ranked:
        return None
    best = max(fit for fit, _ in ranked)
    fitting = [cell for fit, cell in ranked if fit == best]
    # Of two tables that hold the same figure one may leave its currency out.
    units = {cell.unit for cell in fitting} - {""}
    if len({true_value(cell) for cell in fitting}) > 1 or len(units) > 1:
        return None
    return next((cell for cell in fitting if cell.unit), fitting[0])


def other_period(first: Cell, cells: Sequence[Cell]) -> Cell | None:
    """Find the figure that stands beside another one and is of another year.

    Args:
        first: The figure.
        cells: The cells of rows and the figures of sentences.

    Returns:
        The only other figure of its row or sentence that has a year; None where there is none or are several.
    """
    beside = [
        cell
        for cell in cells
        if cell.span == first.span
        and cell.start != first.start
        and cell.value is not None
        and len(cell.periods.years) == 1
        and cell.periods.years != first.periods.years
        and cell.periods.lengths == first.periods.lengths
    ]
    return beside[0] if len(beside) == 1 else None


def true_value(cell: Cell) -> Fraction:
    """Return what a cell says, its scale applied."""
    return Fraction(cell.value or 0) * cell.scale


def are_alike(left: Cell, right: Cell) -> bool:
    """Tell whether two figures are counted in the same.

    Args:
        left: A figure.
        right: Another one.

    Returns:
        True where they have one unit, or one of two rows of a document says none, as only a table's first row does.
    """
    if left.unit == right.unit:
        return True
    return (
        left.is_row and right.is_row and left.span.source_id == right.span.source_id and "" in (left.unit, right.unit)
    )


def _fit(wanted: set[str], periods: Periods, cell: Cell) -> tuple[int, float, int] | None:
    """Return how well a cell is what is asked for, whose words all stand there; None where it is not."""
    label = _stems(cell.label) | _codes(cell.label)
    own = label | _stems(f"{cell.section} {cell.column}") | _codes(cell.column)
    document = _stems(f"{cell.span.title} {_spaced(cell.span.source)}") | _codes(cell.span.title)
    if not wanted or not wanted <= own | document or not _is_of(periods, cell):
        return None
    # A row whose label says more than is asked for is another figure: "Gross margin percentage".
    if cell.is_row and not label <= wanted:
        return None
    # Of two figures of a sentence that is meant which has the words in its own clause.
    in_clause = 0 if cell.is_row else len(wanted & _stems(cell.column))
    return int(cell.is_row), len(wanted & own) / len(wanted), in_clause


def _is_of(asked: Periods, cell: Cell) -> bool:
    """Tell whether a cell is about the time asked for; one that names no year goes by its document."""
    if not asked:
        return True
    periods = cell.periods
    if asked.years and not asked.quarters and periods.quarters:
        # The figure of a quarter is not that of its year.
        return False
    if not periods.years:
        document = read_periods(f"{cell.span.title} {_spaced(cell.span.source)}")
        periods = Periods(document.years, periods.quarters or document.quarters, periods.lengths)
    if asked.quarters and not periods.quarters:
        # "Three months ended July 1" is some quarter: the document must say which.
        periods = Periods(periods.years, read_periods(_spaced(cell.span.source)).quarters, periods.lengths)
        if not periods.quarters:
            return False
    return len(periods.years) <= 1 and asked.covers(periods)


def _stems(text: str) -> set[str]:
    content = " ".join(word for word in words(text) if word not in STOPWORDS)
    return set(label_stems(content) - _BESIDE_STEMS)


def _codes(text: str) -> set[str]:
    """Return the codes of a text, which stems do not tell apart: "KX-5" and "KX-7"."""
    return {code.lower() for code in _CODE.findall(text) if not read_periods(code)}


def _spaced(source: str) -> str:
    """Return the name of a source as words."""
    return "".join(character if character.isalnum() else " " for character in source)
