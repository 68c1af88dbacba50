"""Gather the figures that a computation needs, and compute the plain cases.

Owns: the course of a computation: find each figure, compute, show the figures and where they stand. Where a figure is
not certain nothing is computed, and the question is answered like one of fact. Knows nothing about models.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from rag.answering.arithmetic import Computed, ExpressionError, evaluate, show_number
from rag.answering.captions import caption_above
from rag.answering.composer import Composer
from rag.answering.context import AnswerContext
from rag.answering.extraction.bearing import bearing_in
from rag.answering.kinds import look_up
from rag.answering.material import Material
from rag.answering.operands import are_alike, find_operand, other_period, true_value
from rag.question.computations import AskedComputation, AskedOperand, Operation, read_computation
from rag.retrieval.cells import Cell, read_cells, read_figures
from rag.retrieval.evidence import candidate_sentences
from rag.retrieval.passages import retrieve
from rag.retrieval.search import NOTHING_SELECTED
from rag.text.struck import is_struck
from rag.types import Answer, Passage

TASK = (
    "If the answer needs arithmetic, do not compute it: write the expression with the figures of the sources on a line "
    "of its own, such as COMPUTE: (16105005 - 5184437) / 5184437 * 100, and name its sources behind it."
)
"""What a strong model is told; ``rag.answering.arithmetic.fill_computations`` reads such lines."""

_SIGNS: dict[Operation, str] = {"growth": "-", "difference": "-", "sum": "+", "share": "/", "ratio": "/"}
# Currencies whose sign stands before the number.
_SIGN_OF_CURRENCY = {"dollar": "$", "euro": "€", "sterling": "£", "yen": "¥"}
_SCALE_WORDS = {
    "en": {1: "", 10**3: "thousand", 10**6: "million", 10**9: "billion"},
    "de": {1: "", 10**3: "Tausend", 10**6: "Millionen", 10**9: "Milliarden"},
}


@dataclass(frozen=True, slots=True)
class ComputedAnswer:
    """A computed answer: "66,608 − 62,286 = 4,322 million crowns (6.9 %)", and the value alone."""

    sentence: str
    short: str


def gather(snapshot: Answer, context: AnswerContext) -> Generator[Answer, None, Material]:
    """Search for the figures that a question wants computed, and compute them where that is certain.

    Args:
        snapshot: The answer so far, with its plan.
        context: The context of the answer.

    Yields:
        The answer while it is searched for.

    Returns:
        The material.
    """
    asked = read_computation(context.plan.question)
    if asked and asked.expression:
        own = _of_question(asked, context.language)
        if own:
            return Material(NOTHING_SELECTED, "sure", lambda: _compose(own, (), context.language), strong_words=False)
    material = replace((yield from look_up.gather(snapshot, context)), task=TASK)
    if asked is None or not asked.operands:
        return material
    passages = _passages(context, asked, material.selected.passages)
    cells = _cells(context, passages)
    operands = _operands(asked, cells)
    computed = compute(asked, operands, context.language) if operands else None
    if computed is None:
        return material
    found = operands or ()
    confidence, band = bearing_in("sure", material.selected.confidence, context.index, context.search_options)
    if band == "refused":
        return material
    selected = replace(
        material.selected,
        passages=_with_operands(material.selected.passages, passages, found),
        confidence=confidence,
        band=band,
        missing=(),
    )
    return replace(
        material,
        selected=selected,
        band=band,
        compose=lambda: _compose(computed, found, context.language),
        weak_words=False,
    )


def compute(asked: AskedComputation, operands: Sequence[Cell], language: str) -> ComputedAnswer | None:
    """Compute an answer from two figures.

    Args:
        asked: What is to be computed.
        operands: The figures, in the order of the question.
        language: The language of the answer.

    Returns:
        The answer; None where the figures are not counted in the same, or the second is zero and divides.
    """
    first, second = operands
    if not are_alike(first, second) or first.value is None or second.value is None:
        return None
    # Written with one scale, so that the figures are those of the sources.
    scale = min(first.scale, second.scale)
    left, right = true_value(first) / scale, true_value(second) / scale
    if asked.operation == "growth":
        left, right = right, left
    if not right and asked.operation in ("share", "ratio"):
        return None
    expression = f"{show_number(left, language)} {_shown_sign(asked.operation)} {show_number(right, language)}"
    value = _value(asked.operation, left, right)
    unit = first.unit or second.unit
    if asked.operation == "share":
        result = _percent(value * 100, language)
    elif asked.operation == "ratio":
        result = show_number(value, language)
    elif unit == "percent":
        points = "Prozentpunkte" if language == "de" else "percentage points"
        result = f"{show_number(value, language)} {points if asked.operation != 'sum' else '%'}"
    else:
        result = _with_unit(value, unit, scale, language)
    sentence, short = f"{expression} = {result}", result
    if asked.operation == "growth" and unit != "percent" and right > 0:
        rate = _percent(value / right * 100, language)
        sentence = f"{sentence} ({rate})"
        short = rate if asked.as_percentage else f"{result} ({rate})"
    return ComputedAnswer(sentence, short)


def _of_question(asked: AskedComputation, language: str) -> ComputedAnswer | None:
    """Return the answer to a question that holds the figures itself; None where they cannot be computed."""
    try:
        computed: Computed = evaluate(asked.expression)
    except ExpressionError:
        return None
    result = " ".join(filter(None, (show_number(computed.value, language), asked.noun)))
    expression = computed.expression.translate(str.maketrans(",.", ".,")) if language == "de" else computed.expression
    if asked.noun in ("years", "Jahre"):
        # Years have no separators.
        expression = asked.expression.replace("-", "−")
    return ComputedAnswer(f"{expression} = {result}", result)


def _passages(context: AnswerContext, asked: AskedComputation, found: Sequence[Passage]) -> list[Passage]:
    """Return the passages that were found, and those that are found for each figure on its own."""
    options = context.search_options
    passages = {passage.chunk_id: passage for passage in found}
    for query in dict.fromkeys(map(_query, asked.operands)):
        more = retrieve(
            context.index,
            query,
            options.passages,
            sources=options.sources,
            reranker=context.reranker,
            dense_weight=options.dense_weight,
            table_share=context.index.scoring.evidence.table_share,
        )
        for passage in more:
            passages.setdefault(passage.chunk_id, passage)
    return list(passages.values())


def _query(operand: AskedOperand) -> str:
    return " ".join((operand.label, *map(str, sorted(operand.periods.years))))


def _cells(context: AnswerContext, passages: Sequence[Passage]) -> list[Cell]:
    """Return the cells of the rows, and the figures of the sentences, of passages."""
    cells: list[Cell] = []
    for span, _ in candidate_sentences(passages, context.index):
        row = read_cells(span)
        cells += read_cells(span, caption_above(context.index, span)) if row else read_figures(span)
    return [
        cell
        for cell in cells
        if not is_struck(cell.span.quote, cell.start - cell.span.start, cell.end - cell.span.start)
    ]


def _operands(asked: AskedComputation, cells: Sequence[Cell]) -> tuple[Cell, Cell] | None:
    """Return the two figures; None where one of them is not certain."""
    first = find_operand(asked.operands[0], cells)
    if first is None:
        return None
    if asked.operation == "growth" and not asked.operands[1].periods.years:
        # Only one year is named: the other figure is that beside it.
        second = other_period(first, cells)
        if second and min(second.periods.years) < min(first.periods.years):
            first, second = second, first
    else:
        second = find_operand(asked.operands[1], cells)
        # The same row, where the other figure stands in it, too.
        beside = [cell for cell in cells if cell.span == first.span]
        second = find_operand(asked.operands[1], beside) or second
    return (first, second) if second and (second.span, second.start) != (first.span, first.start) else None


def _value(operation: Operation, left: Fraction, right: Fraction) -> Fraction:
    if operation == "sum":
        return left + right
    return left / right if operation in ("share", "ratio") else left - right


def _shown_sign(operation: Operation) -> str:
    return {"-": "−", "+": "+", "/": "÷"}[_SIGNS[operation]]


def _percent(value: Fraction, language: str) -> str:
    return f"{show_number(value, language, decimals=1)} %"


def _with_unit(value: Fraction, unit: str, scale: int, language: str) -> str:
    """Return a value with its scale and unit: "$4,322 million", "4,322 million crowns"."""
    number, word = show_number(value, language), _SCALE_WORDS[language].get(scale, "")
    if not word and scale != 1:
        number = show_number(value * scale, language)
    if (sign := _SIGN_OF_CURRENCY.get(unit)) and language == "en":
        bare = number.removeprefix("−")
        return " ".join(filter(None, (f"{'−' if bare != number else ''}{sign}{bare}", word)))
    return " ".join(filter(None, (number, word, _SIGN_OF_CURRENCY.get(unit, unit))))


def _compose(computed: ComputedAnswer, operands: Sequence[Cell], language: str) -> Composer:
    """Return the computed sentence, which cites its figures, and then their quotes."""
    composer = Composer(language, short_answer=computed.short)
    spans = list(dict.fromkeys(cell.span for cell in operands))
    composer.add(f"{computed.sentence}.", spans, "verified" if spans else "not a claim")
    for span in spans:
        composer.quote(span)
    return composer


def _with_operands(
    passages: tuple[Passage, ...], searched: Sequence[Passage], operands: Sequence[Cell]
) -> tuple[Passage, ...]:
    """Return the passages, those that hold the figures among them; the last make room."""
    holding = [
        passage
        for passage in searched
        if any(
            passage.source_id == cell.span.source_id and passage.start <= cell.start and cell.end <= passage.end
            for cell in operands
        )
    ]
    missing = [
        cell
        for cell in operands
        if not any(p.source_id == cell.span.source_id and p.start <= cell.start and cell.end <= p.end for p in passages)
    ]
    if not missing:
        return passages
    new = [passage for passage in holding if passage not in passages][: len(operands)]
    kept = passages[: max(0, len(passages) - len(new))]
    return tuple(replace(passage, rank=rank) for rank, passage in enumerate((*kept, *new), start=1))
