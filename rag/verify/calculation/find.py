"""The calculations that give the numbers of a sentence. Pure.

Owns: which calculations are tried for a number, and which of those that give it is the likeliest. Knows nothing about
how each is done.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rag.verify.calculation.amounts import Found, find_amounts, table_scales
from rag.verify.calculation.calculated import Calculation
from rag.verify.calculation.cues import operations_told
from rag.verify.calculation.durations import find_durations
from rag.verify.calculation.listed import count_listed, is_rank, rank_listed
from rag.verify.calculation.operands import Operand, related_operands, related_words, relation
from rag.verify.calculation.targets import Target, ratios_in_words, target_of
from rag.verify.parsed_text import ParsedText
from rag.verify.quantities import Quantity


def find_calculation(quantity: Quantity, claim: ParsedText, lines: Sequence[ParsedText]) -> Calculation | None:
    """Find how a number of a sentence follows from the numbers of its sources.

    Args:
        quantity: The number.
        claim: The sentence that has it.
        lines: The lines of its sources, and what stands around these.

    Returns:
        The calculation; None where none gives the number.
    """
    if quantity.is_year() or quantity.values[0] == 0:
        return None
    target = target_of(quantity, claim)
    if quantity.unit == "ordinal" and target.quantity is not None:
        return next(rank_listed(claim, lines), None) if is_rank(quantity, claim) else None
    return _likeliest(target, claim, lines, related_operands(claim, lines))


def find_calculations(claim: ParsedText, lines: Sequence[ParsedText]) -> list[Calculation]:
    """Find how the numbers, ratios in words and ranks of a sentence follow from the numbers of its sources.

    Args:
        claim: The sentence.
        lines: The lines of its sources, and what stands around these.

    Returns:
        The calculations in the order of what they give, each once; none for what stands in the lines as it is.
    """
    operands = related_operands(claim, lines)
    found = [
        calculation
        for target in sorted(_targets(claim, lines), key=lambda target: target.start)
        if (calculation := _likeliest(target, claim, lines, operands))
    ]
    return list(dict.fromkeys([*found, *rank_listed(claim, lines)]))


def _targets(claim: ParsedText, lines: Sequence[ParsedText]) -> Iterator[Target]:
    ratios = ratios_in_words(claim)
    for ratio in ratios:
        words = claim.text[ratio.start : ratio.end].lower()
        if not any(words in line.text.lower() for line in lines):
            yield ratio
    for quantity in claim.quantities:
        in_ratio = any(ratio.start < quantity.end and quantity.start < ratio.end for ratio in ratios)
        if not (
            in_ratio
            or quantity.unit == "ordinal"
            or quantity.is_year()
            or quantity.values[0] == 0
            or _stands_in(quantity, lines)
        ):
            yield target_of(quantity, claim)


def _stands_in(quantity: Quantity, lines: Sequence[ParsedText]) -> bool:
    return any(
        quantity.equals(other) or (not (quantity.unit and other.unit) and quantity.same_written_number(other))
        for line in lines
        for other in line.quantities
    )


def _likeliest(
    target: Target, claim: ParsedText, lines: Sequence[ParsedText], operands: Sequence[Operand]
) -> Calculation | None:
    told = operations_told(claim.text, target.start, target.end)
    if target.kind == "percent" and not told and not related_words(claim):
        told = frozenset({"share"})
    durations = list(find_durations(target, told, claim, lines))
    amounts = list(find_amounts(target, told, operands, table_scales(lines)))
    if found := [*durations, *amounts]:
        return max(found, key=_likelihood).calculation
    return count_listed(target.quantity, claim, lines) if target.quantity and target.kind == "amount" else None


def _likelihood(found: Found) -> tuple[int, int, int, int]:
    return relation(found.operands)
