"""Answer a question about a column of a table: "What is the total amount?".

Owns: the course of it, and how the value is shown. Knows nothing about models.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from rag.answering.columns import ColumnCell, ColumnValue, compute_column
from rag.answering.composer import Composer
from rag.answering.context import AnswerContext
from rag.answering.extraction.bearing import bearing_in
from rag.answering.material import Material
from rag.question.column_questions import ColumnQuestion
from rag.retrieval.search import SelectedEvidence

# Documents of the best passages whose tables are looked at.
_DOCUMENTS = 3
# Figures that are written out; of more, the first and the last.
_WRITTEN_OUT = 8
_SIGNS = {"dollar": "$", "euro": "€", "sterling": "£", "yen": "¥"}


def column_material(asked: ColumnQuestion, selected: SelectedEvidence, context: AnswerContext) -> Material | None:
    """Compute what a question asks of a column.

    Args:
        asked: What it asks.
        selected: What was found for the question.
        context: The context of the answer.

    Returns:
        The material; None where it is not certain which cells are meant.
    """
    if len(context.plan.searches) != 1:
        return None
    of_source = {passage.source_id: passage for passage in reversed(selected.passages)}
    order = list(dict.fromkeys(passage.source_id for passage in selected.passages))
    documents = [(of_source[one], context.index.catalog.document(one)) for one in order[:_DOCUMENTS]]
    values = [value for passage, one in documents if one and (value := compute_column(asked, one, passage))]
    if len(values) != 1:
        return None
    confidence, band = bearing_in("sure", selected.confidence, context.index, context.search_options)
    if band == "refused":
        return None
    found = replace(selected, confidence=confidence, band=band, missing=())
    return Material(found, band, lambda: _compose(values[0], context.language), kind="computation")


def _compose(value: ColumnValue, language: str) -> Composer:
    exact = (value.value * 10**value.decimals).denominator == 1
    shown = _shown(value.value, value.decimals + (not exact), value.unit, language)
    cells = value.cells
    if value.operation in ("highest", "lowest"):
        short = f"{cells[0].label} ({cells[0].text})" if cells[0].label else cells[0].text
        sentence = short
    elif value.operation == "count":
        names = "; ".join(dict.fromkeys(cell.label for cell in cells if cell.label))
        short, sentence = shown, f"{shown} ({names})" if names else shown
    else:
        short, sentence = shown, f"{_written_out(cells, value.operation)} = {shown}"
    composer = Composer(language, short_answer=short)
    spans = list(dict.fromkeys(cell.row for cell in cells))
    composer.add(f"{sentence}.", spans, "verified")
    for span in spans:
        composer.quote(span)
    return composer


def _written_out(cells: tuple[ColumnCell, ...], operation: str) -> str:
    texts = [cell.text for cell in cells]
    if len(texts) > _WRITTEN_OUT:
        texts = [*texts[:2], "…", texts[-1]]
    summed = " + ".join(texts)
    return f"({summed}) ÷ {len(cells)}" if operation == "average" else summed


def _shown(value: Fraction, decimals: int, unit: str, language: str) -> str:
    """Return a value with as many decimals as its figures have, and its unit."""
    number = f"{Decimal(value.numerator) / Decimal(value.denominator):,.{decimals}f}".replace("-", "−")
    if language == "de":
        number = number.translate(str.maketrans(",.", ".,"))
    if unit == "percent":
        return f"{number} %"
    sign = _SIGNS.get(unit, "")
    return f"{sign}{number}" if sign else " ".join(filter(None, (number, unit)))
