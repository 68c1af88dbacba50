"""The calculations that give the numbers of a sentence. Pure.

Owns: which calculations are tried for a number, and which of those that give it is the likeliest. Knows nothing about
how each is done.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from math import isfinite

from rag.verify.calculation.amounts import find_amounts, table_scales
from rag.verify.calculation.calculated import Calculation, Found
from rag.verify.calculation.cues import Operation, operations_told
from rag.verify.calculation.durations import find_durations
from rag.verify.calculation.identities import find_identities
from rag.verify.calculation.listed import count_listed, is_rank, rank_listed
from rag.verify.calculation.operands import Operand, related_operands, related_words
from rag.verify.calculation.quotients import find_quotients
from rag.verify.calculation.targets import Target, ratios_in_words, target_of
from rag.verify.parse.parsed_text import ParsedText
from rag.verify.parse.quantities import Quantity

# A sentence with more numbers is a table: nothing is computed for it.
_MOST_NUMBERS = 60


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence and the lines of its sources; equal where the texts are."""

    text: str
    texts: tuple[str, ...]
    claim: ParsedText = field(compare=False)
    lines: Sequence[ParsedText] = field(compare=False)


def find_calculation(quantity: Quantity, claim: ParsedText, lines: Sequence[ParsedText]) -> Calculation | None:
    """Find how a number of a sentence follows from the numbers of its sources.

    Args:
        quantity: The number.
        claim: The sentence that has it.
        lines: The lines of its sources, and what stands around these.

    Returns:
        The calculation; None where none gives the number.
    """
    return _find(quantity, _sentence(claim, lines))


def find_calculations(claim: ParsedText, lines: Sequence[ParsedText]) -> list[Calculation]:
    """Find how the numbers, ratios in words and ranks of a sentence follow from the numbers of its sources.

    Args:
        claim: The sentence.
        lines: The lines of its sources, and what stands around these.

    Returns:
        The calculations in the order of what they give, each once; none for what stands in the lines as it is.
    """
    if len(claim.quantities) > _MOST_NUMBERS:
        return []
    sentence = _sentence(claim, lines)
    found = [_likeliest(target, sentence) for target in sorted(_targets(sentence), key=lambda target: target.start)]
    return list(dict.fromkeys([*filter(None, found), *rank_listed(claim, lines)]))


def _sentence(claim: ParsedText, lines: Sequence[ParsedText]) -> _Sentence:
    return _Sentence(claim.text, tuple(line.text for line in lines), claim, lines)


# Several rules ask for the same number.
@lru_cache(maxsize=256)
def _find(quantity: Quantity, sentence: _Sentence) -> Calculation | None:
    claim = sentence.claim
    if not _may_be_result(quantity) or len(claim.quantities) > _MOST_NUMBERS:
        return None
    target = target_of(quantity, claim)
    if quantity.unit == "ordinal" and target.quantity is not None:
        return next(rank_listed(claim, sentence.lines), None) if is_rank(quantity, claim) else None
    return _likeliest(target, sentence)


def _targets(sentence: _Sentence) -> Iterator[Target]:
    """Yield the ratios and numbers of a sentence that stand in no line."""
    claim, lines = sentence.claim, sentence.lines
    ratios = ratios_in_words(claim.text)[:_MOST_NUMBERS]
    for ratio in ratios:
        words = claim.text[ratio.start : ratio.end].lower()
        if not any(words in line.text.lower() for line in lines):
            yield ratio
    scales = table_scales(lines)
    for quantity in claim.quantities:
        in_ratio = any(ratio.start < quantity.end and quantity.start < ratio.end for ratio in ratios)
        is_sought = _may_be_result(quantity) and quantity.unit != "ordinal" and not in_ratio
        if is_sought and not _stands_in(quantity, lines, scales):
            yield target_of(quantity, claim)


def _may_be_result(quantity: Quantity) -> bool:
    return quantity.values[0] != 0 and isfinite(quantity.values[0]) and not quantity.is_year()


def _stands_in(quantity: Quantity, lines: Sequence[ParsedText], scales: frozenset[float]) -> bool:
    """Return whether a line has a number, be it without its unit, or in a table that has its scale above."""
    has_scale = quantity.factor / quantity.base in scales
    written = quantity.values[0] / quantity.factor
    return any(
        quantity.equals(other)
        or (not (quantity.unit and other.unit) and quantity.same_written_number(other))
        or (has_scale and other.factor == 1 and other.values[0] == written)
        for line in lines
        for other in line.quantities
    )


def _likeliest(target: Target, sentence: _Sentence) -> Calculation | None:
    claim = sentence.claim
    told = operations_told(claim.text, target.start, target.end)
    if target.kind == "percent" and not told and not related_words(claim):
        told = frozenset({"share"})
    found = _found(target, told, sentence) if told or target.kind == "multiple" else []
    if not found and target.quantity:
        found = list(find_identities(target, claim, sentence.lines, table_scales(sentence.lines)))
    if found:
        return max(found, key=Found.likelihood).calculation
    return count_listed(target.quantity, claim, sentence.lines) if target.quantity and target.kind == "amount" else None


def _found(target: Target, told: frozenset[Operation], sentence: _Sentence) -> list[Found]:
    operands, scales = _related(sentence), table_scales(sentence.lines)
    found = [
        *find_durations(target, told, sentence.claim, sentence.lines),
        *find_amounts(target, told, operands, scales),
        *find_quotients(target, told, operands),
    ]
    if not found and any(_may_be_grouped_by_points(operand.quantity) for operand in operands):
        target, grouped = _grouped_by_points(target, sentence.claim, operands)
        found = [*find_amounts(target, told, grouped, scales), *find_quotients(target, told, grouped)]
    return found


@lru_cache(maxsize=64)
def _related(sentence: _Sentence) -> tuple[Operand, ...]:
    return tuple(related_operands(sentence.claim, sentence.lines))


def _grouped_by_points(target: Target, claim: ParsedText, operands: Sequence[Operand]) -> tuple[Target, list[Operand]]:
    """Return a number and operands with full stops between thousands: "2.294" is 2294."""
    grouped = [replace(operand, quantity=_with_points(operand.quantity)) for operand in operands]
    return target_of(_with_points(target.quantity), claim) if target.quantity else target, grouped


def _with_points(quantity: Quantity) -> Quantity:
    return replace(quantity, values=quantity.values[::-1]) if _may_be_grouped_by_points(quantity) else quantity


def _may_be_grouped_by_points(quantity: Quantity) -> bool:
    return len(quantity.values) > 1 and "." in quantity.text
