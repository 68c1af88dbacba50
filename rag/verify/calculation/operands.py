"""The numbers of the sources that are related to a sentence. Pure.

Owns: which numbers a calculation may take, and which of them belong together: those of one line, one row or one column,
or of lines that share words with the sentence. Knows nothing about what is done with them.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import isfinite

from rag.verify.calculation.cues import is_cue
from rag.verify.parse.parsed_text import ParsedText, is_light
from rag.verify.parse.quantities import Quantity

# Cap on the operands of one number of a sentence: those named or sharing most words stay.
MAX_OPERANDS = 40
# Of all numbers whose lines share words, those stay that share at least this part of the most that one shares.
_LEAST_OF_MOST = 0.5
# A sentence without words of its own ("This is 36 %.") takes numbers of one line, or of two that are so much alike.
_ALIKE = 0.4
_CELLS_APART = re.compile(r"\S(?:\t|\s{2,})\S|\|")
# Numbers of these units are never added up or divided.
_NO_AMOUNTS = frozenset({"ordinal", "decade", "time of day"})
# A number up to this one without a unit is taken from a row of a table, or where the sentence has it, alone.
_SMALL = 12
# A row has at most so many content words a number.
_WORDS_PER_NUMBER = 2
# Where a clause or a cell ends.
_CLAUSE_CUT = re.compile(r"[,;]\s|\||\b(?:and|but|while|to|und|aber|während|auf)\b", re.I)
_IN_ORDER = re.compile(r"\b(?:respectively|beziehungsweise|bzw|jeweils)\b", re.I)
_FULL_STOPS = (".", "!", "?", ":")


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
        beside: The words and years of the sentence that stand right beside it in its line, or above it in its column.
    """

    quantity: Quantity
    line: int
    place: int
    kin: frozenset[str]
    is_named: bool
    in_row: bool
    words: frozenset[str]
    beside: frozenset[str] = frozenset()


def related_operands(claim: ParsedText, lines: Sequence[ParsedText]) -> list[Operand]:
    """Return the numbers of the sources that stand beside words of a sentence, or in it.

    Args:
        claim: The sentence.
        lines: The lines of its sources.

    Returns:
        They, in order; where the sentence has no words but those that tell an operation, all.
    """
    words, years = related_words(claim), frozenset(years_of(claim))
    own = _own_numbers(claim)
    operands: list[Operand] = []
    heads: list[frozenset[str]] = []
    periods: Sequence[str] = ()
    for at, line in enumerate(lines):
        is_ruled = "|" in line.text
        # A row of years names the columns below it.
        has_amounts = not all(quantity.is_year() for quantity in line.quantities)
        if not (is_ruled and (heads or has_amounts)):
            heads = _cells(line) if is_ruled else []
        shared = words & line.content_stems
        if line.quantities and years:
            shared |= years & frozenset(years_of(line))
        in_row = is_ruled or (len(line.quantities) > 1 and is_row(line))
        periods = _periods_below(line, periods) if years else ()
        beside: Sequence[frozenset[str]] = ()
        for number, (place, quantity) in enumerate(numbers_with_places(line)):
            # The head of the number's column, and that of the first, which tells what the rows are.
            kin = shared | ((heads[place] | heads[1]) & (words | years)) if place < len(heads) else shared
            is_named = _is_named(quantity, own)
            if isfinite(quantity.values[0]) and (kin or is_named or not words):
                beside = beside or words_beside(line, words | years, periods)
                near = beside[number] | (heads[place] & years if place < len(heads) else frozenset())
                operands.append(Operand(quantity, at, place, kin, is_named, in_row, line.content_stems, near))
    most = max((len(operand.kin) for operand in operands), default=0)
    return [one for one in operands if one.is_named or len(one.kin) >= _LEAST_OF_MOST * most]


@lru_cache(maxsize=4096)
def _clause_cuts(text: str) -> Sequence[int]:
    return tuple(match.end() for match in _CLAUSE_CUT.finditer(text))


def words_beside(line: ParsedText, words: frozenset[str], periods: Sequence[str] = ()) -> list[frozenset[str]]:
    """Name what a sentence says that stands right beside each number of a line.

    That is what its clause or cell has, as it is written there; a year in order where "respectively" tells so; and the
    period of its column.

    Args:
        line: The line.
        words: The stems of the sentence, and its years.
        periods: The periods of the columns above the line.

    Returns:
        Those beside each of its numbers.
    """
    if not line.quantities:
        return []
    cuts = _clause_cuts(line.text)
    clauses: dict[int, set[str]] = {}
    for token in line.tokens:
        if token.stem in words or token.word in words:
            clauses.setdefault(bisect_right(cuts, token.start), set()).add(line.text[token.start : token.end])
    beside = [frozenset(clauses.get(bisect_right(cuts, quantity.start), ())) for quantity in line.quantities]
    amounts = [at for at, quantity in enumerate(line.quantities) if not quantity.is_year()]
    years = [quantity.text.strip() for quantity in line.quantities if quantity.is_year()] or list(periods)
    in_order = (periods and not any(quantity.is_year() for quantity in line.quantities)) or _IN_ORDER.search(line.text)
    if in_order and len(amounts) == len(years):
        for at, year in zip(amounts, years, strict=True):
            beside[at] = frozenset({year}) & words
    return beside


def _periods_below(line: ParsedText, above: Sequence[str]) -> Sequence[str]:
    """Return the years that name the columns of the rows below a line: its own where it has no other numbers."""
    own = list(years_of(line))
    if len(own) > 1 and all(quantity.is_year() for quantity in line.quantities) and is_row(line):
        return own
    return above if is_row(line) else ()


def related_words(claim: ParsedText) -> frozenset[str]:
    """Return the stems of a sentence's words that say what its numbers are of, not what is done with them."""
    return frozenset(
        token.stem for token in claim.content_outside_numbers() if not is_light(token) and not is_cue(token.word)
    )


def strongest(operands: Sequence[Operand]) -> list[Operand]:
    """Return at most ``MAX_OPERANDS`` operands in order: those that are named or share most words."""
    ranked = sorted(enumerate(operands), key=lambda pair: (not pair[1].is_named, -len(pair[1].kin), pair[0]))
    return [operand for _, operand in sorted(ranked[:MAX_OPERANDS], key=lambda pair: pair[0])]


def named_first(operands: Sequence[Operand], number: float) -> Sequence[Operand]:
    """Choose the operands that a sentence names where it names two of one unit or more: "$328 out of $900".

    Args:
        operands: The numbers that are related to the sentence.
        number: The number that is looked for, as it is written; it gives nothing by itself.

    Returns:
        Those that it names, or all.
    """
    named = [one for one in operands if one.is_named and one.quantity.values[0] / one.quantity.factor != number]
    return named if any(of_one_unit(named[0], other) for other in named[1:]) else operands


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
    return not fewer < more or len(fewer) >= _LEAST_OF_MOST * len(more)


def of_one_unit(one: Operand, other: Operand) -> bool:
    """Tell whether two numbers have one unit.

    Args:
        one: The one.
        other: The other.

    Returns:
        Whether they do; of two in rows only one may have it, as the first row of a table of money.
    """
    first, second = one.quantity, other.quantity
    if one is other or first.unit == second.unit:
        return one is not other
    return "" in (first.unit, second.unit) and one.in_row and other.in_row and first.factor == second.factor == 1


def is_amount(operand: Operand) -> bool:
    """Return whether a number may be added up or divided: no year, no ordinal, no small count in running text."""
    quantity = operand.quantity
    if not (quantity.unit or operand.in_row or operand.is_named) and abs(quantity.values[0]) <= _SMALL:
        return False
    return quantity.unit not in _NO_AMOUNTS and not quantity.unit[:1].isdigit() and not quantity.is_year()


def is_row(line: ParsedText) -> bool:
    """Return whether a line is a row of a table: cells apart, or hardly more words than numbers and no full stop."""
    if _CELLS_APART.search(line.text):
        return True
    words = len(line.content_stems) - len(line.quantities)
    return not line.text.rstrip().endswith(_FULL_STOPS) and words <= _WORDS_PER_NUMBER * len(line.quantities)


def numbers_with_places(line: ParsedText) -> Iterator[tuple[int, Quantity]]:
    """Yield each number of a line with the number of its cell, where lines part the cells; else that of its own."""
    is_ruled = "|" in line.text
    for number, quantity in enumerate(line.quantities):
        yield line.text.count("|", 0, quantity.start) if is_ruled else number, quantity


def years_of(parsed: ParsedText) -> Iterator[str]:
    """Yield the years of a text, those of its dates among them."""
    yield from (quantity.text.strip() for quantity in parsed.quantities if quantity.is_year())
    yield from (str(year) for date in parsed.dates for year in date.years())


def _cells(line: ParsedText) -> list[frozenset[str]]:
    """Return the content stems of each cell of a row whose cells are parted by lines."""
    cells: list[set[str]] = [set() for _ in range(line.text.count("|") + 1)]
    for token in line.tokens:
        if token.is_content:
            cells[line.text.count("|", 0, token.start)].add(token.stem)
    return list(map(frozenset, cells))


def _is_named(quantity: Quantity, own: Mapping[float, set[str]]) -> bool:
    """Return whether a number is one of a sentence, in a unit that fits; written in another scale, too."""
    units = own.get(quantity.values[0]) or own.get(quantity.values[0] / quantity.factor)
    return units is not None and (not quantity.unit or "" in units or quantity.unit in units)


def _own_numbers(claim: ParsedText) -> Mapping[float, set[str]]:
    """Return the numbers of a sentence, with their scale and as they are written, with the units of each."""
    own: dict[float, set[str]] = {}
    for quantity in claim.quantities:
        for value in (quantity.values[0], quantity.values[0] / quantity.factor):
            own.setdefault(value, set()).add(quantity.unit)
    return own
