"""The calculations that give the numbers of a sentence. Pure.

Owns: which calculations are tried for a number, and which of those that give it is the likeliest. Knows nothing about
how each is done.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from rag.verify.calculation.amounts import find_amounts, table_scales
from rag.verify.calculation.calculated import Calculation, Found
from rag.verify.calculation.cues import Operation, operations_told
from rag.verify.calculation.durations import find_durations
from rag.verify.calculation.listed import count_listed, is_rank, rank_listed
from rag.verify.calculation.operands import Operand, related_operands, related_words
from rag.verify.calculation.quotients import find_quotients
from rag.verify.calculation.targets import Target, ratios_in_words, target_of
from rag.verify.parsed_text import ParsedText
from rag.verify.quantities import Quantity


@dataclass(frozen=True, slots=True)
class _Asked:
    """A number of a sentence and what it may follow from; equal where the texts are."""

    quantity: Quantity
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
    return _find(_Asked(quantity, claim.text, tuple(line.text for line in lines), claim, lines))


def find_calculations(claim: ParsedText, lines: Sequence[ParsedText]) -> list[Calculation]:
    """Find how the numbers, ratios in words and ranks of a sentence follow from the numbers of its sources.

    Args:
        claim: The sentence.
        lines: The lines of its sources, and what stands around these.

    Returns:
        The calculations in the order of what they give, each once; none for what stands in the lines as it is.
    """
    found = [
        calculation
        for target in sorted(_targets(claim, lines), key=lambda target: target.start)
        if (calculation := _likeliest(target, claim, lines))
    ]
    return list(dict.fromkeys([*found, *rank_listed(claim, lines)]))


# Several rules ask for the same number.
@lru_cache(maxsize=256)
def _find(asked: _Asked) -> Calculation | None:
    quantity, claim, lines = asked.quantity, asked.claim, asked.lines
    if quantity.is_year() or quantity.values[0] == 0:
        return None
    target = target_of(quantity, claim)
    if quantity.unit == "ordinal" and target.quantity is not None:
        return next(rank_listed(claim, lines), None) if is_rank(quantity, claim) else None
    return _likeliest(target, claim, lines)


def _targets(claim: ParsedText, lines: Sequence[ParsedText]) -> Iterator[Target]:
    ratios = ratios_in_words(claim.text)
    for ratio in ratios:
        words = claim.text[ratio.start : ratio.end].lower()
        if not any(words in line.text.lower() for line in lines):
            yield ratio
    scales = table_scales(lines)
    for quantity in claim.quantities:
        in_ratio = any(ratio.start < quantity.end and quantity.start < ratio.end for ratio in ratios)
        if not (
            in_ratio
            or quantity.unit == "ordinal"
            or quantity.is_year()
            or quantity.values[0] == 0
            or _stands_in(quantity, lines, scales)
        ):
            yield target_of(quantity, claim)


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


def _likeliest(target: Target, claim: ParsedText, lines: Sequence[ParsedText]) -> Calculation | None:
    told = operations_told(claim.text, target.start, target.end)
    if target.kind == "percent" and not told and not related_words(claim):
        told = frozenset({"share"})
    found = _found(target, told, claim, lines) if told or target.kind == "multiple" else []
    if found:
        return max(found, key=Found.likelihood).calculation
    return count_listed(target.quantity, claim, lines) if target.quantity and target.kind == "amount" else None


def _found(target: Target, told: frozenset[Operation], claim: ParsedText, lines: Sequence[ParsedText]) -> list[Found]:
    operands, scales = related_operands(claim, lines), table_scales(lines)
    found = [
        *find_durations(target, told, claim, lines),
        *find_amounts(target, told, operands, scales),
        *find_quotients(target, told, operands),
    ]
    if not found and any(_may_be_grouped_by_points(operand.quantity) for operand in operands):
        target, operands = _grouped_by_points(target, claim, operands)
        found = [*find_amounts(target, told, operands, scales), *find_quotients(target, told, operands)]
    return found


def _grouped_by_points(
    target: Target, claim: ParsedText, operands: Sequence[Operand]
) -> tuple[Target, Sequence[Operand]]:
    """Return a number and operands with full stops between thousands: "2.294" is 2294."""
    grouped = [replace(operand, quantity=_with_points(operand.quantity)) for operand in operands]
    return target_of(_with_points(target.quantity), claim) if target.quantity else target, grouped


def _with_points(quantity: Quantity) -> Quantity:
    return replace(quantity, values=quantity.values[::-1]) if _may_be_grouped_by_points(quantity) else quantity


def _may_be_grouped_by_points(quantity: Quantity) -> bool:
    return len(quantity.values) > 1 and "." in quantity.text
