"""The numbers of the sources that are related to a sentence. Pure.

Owns: which numbers a calculation may take, and which of them belong together: those of one line, one row or one column,
or of lines that share words with the sentence. Knows nothing about what is done with them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.verify.calculation.cues import is_cue
from rag.verify.parsed_text import ParsedText, is_light
from rag.verify.quantities import Quantity

# Cap on the operands of one number of a sentence: those named or sharing most words stay.
MAX_OPERANDS = 40
# Of all numbers whose lines share words, those stay that share at least this part of the most that one shares.
_LEAST_OF_MOST = 0.5
# A sentence without words of its own ("This is 36 %.") takes numbers of one line, or of two that are so much alike.
_ALIKE = 0.4
_CELLS_APART = re.compile(r"\S(?:\t|\s{2,})\S|\|")
# A row has at most so many content words a number.
_WORDS_PER_NUMBER = 3


@dataclass(frozen=True, slots=True)
class Operand:
    """A number of the sources that is related to a sentence.

    Attributes:
        quantity: The number.
        line: The number of its line.
        place: The cell that it stands in, where lines part the cells of a row, else its place among the numbers of the
            line; from 0.
        kin: The words of its line, and of the head of its column, that the sentence has, too.
        is_named: Whether the sentence has the number itself.
        in_row: Whether the line is a row of a table.
        words: The content stems of its line.
    """

    quantity: Quantity
    line: int
    place: int
    kin: frozenset[str]
    is_named: bool
    in_row: bool
    words: frozenset[str]


def related_operands(claim: ParsedText, lines: Sequence[ParsedText]) -> list[Operand]:
    """Return the numbers of the sources that stand beside words of a sentence, or in it.

    Args:
        claim: The sentence.
        lines: The lines of its sources.

    Returns:
        They, in order; where the sentence has no words but those that tell an operation, all.
    """
    words = related_words(claim)
    operands: list[Operand] = []
    head: ParsedText | None = None
    for at, line in enumerate(lines):
        is_ruled = "|" in line.text
        head = (head or line) if is_ruled else None
        shared = words & line.content_stems
        columns = _columns(head, line) & words if head and head is not line else frozenset()
        in_row = len(line.quantities) > 1 and is_row(line)
        for number, quantity in enumerate(line.quantities):
            place = line.text.count("|", 0, quantity.start) if is_ruled else number
            is_named = _is_named(quantity, claim)
            if shared or columns or is_named or not words:
                kin = shared | columns
                operands.append(Operand(quantity, at, place, kin, is_named, in_row or is_ruled, line.content_stems))
    most = max((len(operand.kin) for operand in operands), default=0)
    return [one for one in operands if one.is_named or len(one.kin) >= _LEAST_OF_MOST * most]


def related_words(claim: ParsedText) -> frozenset[str]:
    """Return the stems of a sentence's words that say what its numbers are of, not what is done with them."""
    return frozenset(
        token.stem for token in claim.content_outside_numbers() if not is_light(token) and not is_cue(token.word)
    )


def strongest(operands: Sequence[Operand]) -> list[Operand]:
    """Return at most ``MAX_OPERANDS`` operands in order: those that are named or share most words."""
    ranked = sorted(enumerate(operands), key=lambda pair: (not pair[1].is_named, -len(pair[1].kin), pair[0]))
    return [operand for _, operand in sorted(ranked[:MAX_OPERANDS], key=lambda pair: pair[0])]


def are_related(first: Operand, second: Operand) -> bool:
    """Tell whether two numbers may stand in one calculation.

    Args:
        first: The one.
        second: The other.

    Returns:
        Whether they stand in one line, or in two rows or sentences that share words with the same sentence.
    """
    if first.line == second.line:
        return True
    if first.in_row and second.in_row and first.place != second.place:
        return False
    if first.kin and second.kin:
        return _speaks_of_both(first.kin, second.kin)
    if first.is_named or second.is_named:
        return bool(first.kin or second.kin) or (first.is_named and second.is_named)
    return len(first.words & second.words) >= _ALIKE * min(len(first.words), len(second.words)) > 0


def _speaks_of_both(first: frozenset[str], second: frozenset[str]) -> bool:
    """Return whether each of two lines adds words to the other, or has most of its words, so that neither is beside."""
    fewer, more = sorted((first, second), key=len)
    return not fewer < more or len(fewer) > _LEAST_OF_MOST * len(more)


def relation(operands: Sequence[Operand]) -> tuple[int, int, int, int]:
    """Return how much speaks for a calculation with some operands; more is better.

    Args:
        operands: They.

    Returns:
        How many the sentence names, how many words they share with it, whether they stand in one line, and how near to
        the beginning of the sources they stand.
    """
    named = sum(operand.is_named for operand in operands)
    shared = len(frozenset().union(*(operand.kin for operand in operands)))
    one_line = len({operand.line for operand in operands}) == 1
    return named, shared, int(one_line), -min(operand.line for operand in operands)


def is_row(line: ParsedText) -> bool:
    """Return whether a line is a row of a table: cells apart, or hardly more words than numbers."""
    if _CELLS_APART.search(line.text):
        return True
    return len(line.content_stems) <= _WORDS_PER_NUMBER * len(line.quantities)


def _columns(head: ParsedText, row: ParsedText) -> frozenset[str]:
    return head.content_stems if row.quantities else frozenset()


def _is_named(quantity: Quantity, claim: ParsedText) -> bool:
    return any(
        own.unit in ("", quantity.unit) or not quantity.unit
        for own in claim.quantities
        if own.values[0] == quantity.values[0]
        or own.values[0] / own.factor == quantity.values[0] / quantity.factor != 0
    )
