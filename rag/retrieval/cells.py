"""Read a table row, or a sentence with figures, as cells: a label, a column, a value with its unit, scale and period.

Owns: what each value of a row is called, and what it is counted in. Knows nothing about questions, or about where a row
was found. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from rag.question.periods import Periods, named_years, read_periods
from rag.retrieval.written_rows import Piece, WrittenRow, read_written
from rag.types import RowCell, Span
from rag.verify.parse.quantities import Quantity, find_quantities

# The scale that a caption states for all figures: "(in millions)", "dollars in millions", "Angaben in Mio. Euro".
_CAPTION_SCALE = re.compile(
    r"\b(?:in|of)\s+(?:(?:U\.?S\.?|[$€£¥]|dollars?|euros?)\s*)*(?P<scale>thousand|million|billion|Tsd|Mio|Mrd|T€|TEUR)",
    re.I,
)
# The scale that a column or a label states: "Revenue ($ million)", "Umsatz (Mio. €)".
_COLUMN_SCALE = re.compile(
    r"\b(?P<scale>thousand|million|billion|Tsd|Mio|Mrd|TEUR|000)(?:s|\b)|\([$€£]?(?P<short>mn|m|bn|k)\)", re.I
)
_SCALES = {
    "thousand": 10**3, "tsd": 10**3, "t€": 10**3, "teur": 10**3, "000": 10**3, "k": 10**3,
    "million": 10**6, "mio": 10**6, "m": 10**6, "mn": 10**6, "billion": 10**9, "mrd": 10**9, "bn": 10**9,
}  # fmt: skip
_STATED_CURRENCY = re.compile(r"[$€£¥]|\b(?:dollars?|euros?|USD|EUR|GBP|CHF)\b", re.I)
_CURRENCIES = {
    "$": "dollar",
    "€": "euro",
    "£": "sterling",
    "¥": "yen",
    "usd": "dollar",
    "eur": "euro",
    "gbp": "sterling",
    "chf": "franc",
}
# A figure of one share, one unit or a percentage is not in millions.
_UNSCALED = re.compile(r"\bper\b|%|\bpercent|\brate\b|\bratio\b", re.I)
# What a caption excepts from its scale, so that the scale of a row is not certain: "except number of shares".
_SHARES = re.compile(r"\b(?:shares?|units|number of)\b", re.I)
# What is counted in heads, whatever the money above it: "Employees", but not "Staff costs" or "Due to members".
_COUNTED = re.compile(
    r"(?:number of |average |total )*(?:(?!costs?\b)[\w-]+ ){0,2}"
    r"(?:employees|staff|headcount|people|persons|workers|members|customers|visitors|guests|pupils|students|stores|shops"
    r"|branches|vehicles|households|mitarbeiter(?:innen)?|beschäftigte|mitglieder|besucher|gäste|kunden|filialen)"
    r"(?: \([^()]{1,30}\))?",
    re.I,
)
_OWED = re.compile(r"\b(?:to|from|for|by|with|per|an|von|für)\b", re.I)
_NO_VALUE = re.compile(r"[\s—–-]*$")
# The word behind a figure that says what is counted: "66,608 million crowns".
_NOUN = re.compile(r"\s([^\W\d_]{3,30})\b")
_NO_NOUNS = frozenset(
    "and the for from with was were are has had per over under than that this which compared during while respectively "
    "more less below above into upon plus minus versus percent und der die das von mit war waren als gegenüber".split()
)
# Where a sentence goes over to its next figure.
_CLAUSE = re.compile(
    r"[;,]\s|\s(?:and|but|while|whereas|versus|vs\.?|compared|against|up from|down from|und|gegenüber)\s"
)


@dataclass(frozen=True, slots=True)
class Cell:
    """A value of a table row or a figure of a sentence.

    Attributes:
        label: What the row is about; of a figure in a sentence, the sentence.
        section: The label above the row, "" for none.
        column: The name of its column, "" where it is not known; of a figure in a sentence, its clause.
        text: The value as written, ``document.text[start:end]``.
        start: Where it begins in the document's text.
        end: Where it ends.
        value: The number, as written and without its scale; None where the value is none.
        unit: The unit or the currency, or the word behind the number: "dollar", "percent", "crowns"; "" for none.
        scale: What the number is to be multiplied by: 1000000 in a table in millions.
        periods: The times it is about.
        span: The row or the sentence that holds it.
        is_row: Whether it is of a row, whose label is known; in a sentence any words may be its label.
    """

    label: str
    section: str
    column: str
    text: str
    start: int
    end: int
    value: Decimal | None
    unit: str
    scale: int
    periods: Periods
    span: Span
    is_row: bool = True


def read_cells(span: Span, caption: str = "") -> list[Cell]:
    """Read the cells of a table row, or of a line such as "Fee: $40".

    A row that has a record is read by it; any other by the signs between its cells.

    Args:
        span: The row, with its recorded cells, or with the names of its columns in ``header`` where it does not say
            them itself.
        caption: What stands above the table and holds for all rows: "(in millions)"; "" where it is not known.

    Returns:
        The cells behind the label, in order; none where the span is no row.
    """
    row = _read_row(span)
    # What a recorded row does not say itself is its section and its caption.
    above = caption or (span.header if span.cells else "")
    return [_cell(span, row.label, row.section, piece, above) for piece in row.values] if row else []


def label_cells(span: Span) -> list[Cell]:
    """Return the labels of a table row as cells of their own, for a question that asks which row it is.

    Args:
        span: The row; see ``read_cells``.

    Returns:
        The labels with the names of their columns; none where the span is no row, or one of a name and a value only.
    """
    row = _read_row(span)
    return [_cell(span, "", "", piece, "") for piece in row.labels] if row else []


def _read_row(span: Span) -> WrittenRow | None:
    """Return the labels and the values of a row; None where the span is none."""
    if not span.cells:
        return read_written(span.quote, span.header)
    if span.cells[0].row != span.cells[-1].row:
        return None
    values = [cell for cell in span.cells if not cell.is_label]
    labels = [_piece(span, cell) for cell in span.cells if cell.is_label]
    words = [span.quote[label.start : label.end] for label in labels]
    if not labels and len(values) == 1 and not values[0].label:
        # "Fee: $40" alone: the name is the label.
        return WrittenRow(values[0].name, "", (), (replace(_piece(span, values[0]), name=""),))
    label = " ".join(dict.fromkeys(filter(None, (*words, *(cell.label for cell in values)))))
    above = span.header.split(" | ")[0] if " | " in span.header else ""
    section = " ".join(dict.fromkeys(filter(None, (*(label.name for label in labels), above))))
    return WrittenRow(label, section, tuple(labels), tuple(_piece(span, cell) for cell in values))


def _piece(span: Span, cell: RowCell) -> Piece:
    return Piece(cell.name, cell.start - span.start, cell.end - span.start)


def read_figures(span: Span) -> list[Cell]:
    """Read the figures of a sentence, each with the year that its clause names.

    "Revenues in 2022 were 66 million crowns, compared to 62 million in 2021" has 66 million of 2022 and 62 million of
    2021. Behind "respectively" figures and years go together in their order.

    Args:
        span: The sentence.

    Returns:
        The figures, in order, none of them a year; one whose year is not certain has no period.
    """
    text = span.quote
    figures = [found for found in find_quantities(text) if not _is_time(found)]
    years = named_years(text)
    if re.search(r"\brespectively\b|\bbeziehungsweise\b", text, re.I) and len(years) == len(figures):
        clauses = [(text[start:end], Periods(frozenset({year}))) for year, start, end in years]
    else:
        clauses = [_clause(text, figure, figures) for figure in figures]
    whole = read_periods(text)
    cells = []
    for figure, (clause, periods) in zip(figures, clauses, strict=True):
        noun = _noun(text, figure)
        start, end = span.start + figure.start, span.start + figure.end
        scale = round(figure.factor / figure.base)
        value = Decimal(str(figure.values[0])) / Decimal(str(figure.factor))
        known = periods if periods.years or len(whole.years) != 1 or len(figures) > 1 else whole
        cells.append(
            Cell(
                text, "", clause, figure.text, start, end, value, figure.unit or noun, scale, known, span, is_row=False
            )
        )
    return cells


def row_label(span: Span) -> str:
    """Return the label of a table row, "" where the text is none: what stands before its figures."""
    row = _read_row(span)
    return row.label if row else ""


def _cell(span: Span, label: str, section: str, piece: Piece, caption: str) -> Cell:
    column = piece.name
    text = span.quote[piece.start : piece.end]
    start, end = span.start + piece.start, span.start + piece.end
    found = [] if _NO_VALUE.match(text) else find_quantities(text)
    around = f"{column} {label} {section}"
    periods = read_periods(column) or read_periods(label) or read_periods(section)
    if len(found) != 1:
        return Cell(label, section, column, text, start, end, None, "", 1, periods, span)
    quantity = found[0]
    if _COUNTED.fullmatch(label) and not _OWED.search(label):
        caption = ""
    value = Decimal(str(quantity.values[0])) / Decimal(str(quantity.factor))
    if text.lstrip().startswith("(") and ")" in text and value > 0:
        value = -value
    unit = quantity.unit or ("percent" if "%" in text else "") or _noun(text, quantity) or _stated_unit(around, caption)
    scale = round(quantity.factor / quantity.base)
    if scale == 1 and unit != "percent" and not _UNSCALED.search(around):
        scale = _column_scale(around) or (1 if _SHARES.search(around) else caption_scale(caption)) or 1
    return Cell(label, section, column, text, start, end, value, unit, scale, periods, span)


def caption_scale(text: str) -> int:
    """Return the scale that a caption states for the figures of a table, 1000000 for "(in millions)"; 0 for none."""
    match = _CAPTION_SCALE.search(text)
    return _SCALES[match["scale"].lower()] if match else 0


def _column_scale(text: str) -> int:
    match = _COLUMN_SCALE.search(text)
    return _SCALES[(match["scale"] or match["short"]).lower()] if match else 0


def _stated_unit(around: str, caption: str) -> str:
    if re.search(r"%|\bpercent", around, re.I):
        return "percent"
    match = _STATED_CURRENCY.search(around) or (None if _UNSCALED.search(around) else _STATED_CURRENCY.search(caption))
    if match is None:
        return ""
    word = match.group().lower()
    return _CURRENCIES.get(word, word.rstrip("s"))


def _noun(text: str, quantity: Quantity) -> str:
    """Return the word behind a figure without a unit, which says what is counted, or ""."""
    if quantity.unit:
        return ""
    match = _NOUN.match(text, quantity.end)
    return match[1] if match and match[1].lower() not in _NO_NOUNS else ""


def _is_time(quantity: Quantity) -> bool:
    return quantity.is_year() or quantity.unit in ("time of day", "ordinal", "decade") or quantity.unit == "month"


def _clause(text: str, figure: Quantity, figures: Sequence[Quantity]) -> tuple[str, Periods]:
    """Return the clause around a figure, and its year where the clause has one figure and one year."""
    start, end = 0, len(text)
    for match in _CLAUSE.finditer(text):
        if match.end() <= figure.start:
            start = match.end()
        elif match.start() >= figure.end:
            end = match.start()
            break
    clause = text[start:end]
    years = {year for year, _, _ in named_years(clause)}
    alone = sum(start <= other.start < end for other in figures) == 1
    return clause, Periods(frozenset(years)) if alone and len(years) == 1 else Periods()
