"""Numbers with their units: whether the source holds them, and of what it says them. Pure.

Owns: ``number_contradicted``, ``number_absent`` (with ``absent_numbers``), ``different_label``, ``unit_on_one_side``
and ``misattributed_number``. Bounds such as "at least" stand in ``bound``; what a number means, in
``rag.verify.parse.quantities``; when the sources hold it, in ``rag.verify.known_numbers``; when a line is about the
same thing, in ``rag.verify.one_change``. Knows nothing about verdicts.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from rag.verify.calculation import find_calculation
from rag.verify.calculation.cues import operations_told
from rag.verify.known_numbers import is_same_number, known_numbers
from rag.verify.one_change import clauses_like, count_parts, in_row, in_same_words, says_value
from rag.verify.parse.dates import Date
from rag.verify.parse.language import are_in_different_languages
from rag.verify.parse.lexicon import ROMAN_NUMERALS
from rag.verify.parse.parsed_text import ParsedText
from rag.verify.parse.quantities import Quantity
from rag.verify.rule import Comparison, Values
from rag.verify.rules.bound import time_bound

# Content words on each side of a number that say what it counts.
_CONTEXT_WORDS = 3
_MOST_NUMBERS = 30
# "About" a number is this near to it, as a share of it.
_ABOUT = 0.1
_CHARACTERS_BEFORE = 12
_SIDE_OF_ZERO = re.compile(r"\b(?:(?P<below>below|under|unter)|above|over|über)\s+$", re.I)
_FREEZING = re.compile(r"\b(?:freez\w+|froze|frozen|frost\w*|gefrierpunkt\w*|minusgrad\w*)\b", re.I)
# "Version 2.10" is not version 2.1.
_DOTTED_LABEL = re.compile(
    r"\b(?P<word>version|release|section|chapter|clause|article|paragraph|figure|table|rule|item)s? "
    r"(?P<label>\d{1,3}(?:\.\d{1,3})+)(?![\d.]*\d)",
    re.I,
)
_CHANGES = frozenset(("rise", "fall", "change", "rest"))
_LOOSE_UNITS = frozenset(
    frozenset(units)
    for units in (
        ("ton", "gram"), ("degree", "celsius"), ("degree", "fahrenheit"), ("pound", "sterling"),
        ("dollar", "canadian dollar"), ("dollar", "australian dollar"),
    )
)  # fmt: skip


def number_contradicted(comparison: Comparison) -> Values | None:
    """Find a number that the sources give otherwise, with the same unit, for the same thing.

    A line must say the same in the same words, or be the row of a table for it, and no line may hold the number.

    Fires: It costs 500 EUR a year. | It costs 900 EUR a year.
    Fires: The fee for a dog is 15 EUR. | Dog: 12 EUR
    Fires: The pier is 5 miles long. | The pier is 5 km long.
    Silent: It costs 500 EUR. | It weighs 900 kg.
    Silent: It costs $1.2 million. | It costs $1,200,000.
    Silent: About 81 % voted. | About 80.7 % voted.
    Silent: The toll of the south pier is 3 EUR. | The toll of the north pier is 4 EUR.
    Silent: In 2020 it cost 500 EUR. | In 2019 it cost 900 EUR.
    """
    claim, lines = comparison.claim, comparison.lines
    around = [*comparison.columns, *([comparison.above] if comparison.above else [])]
    # A sentence with more numbers is a table, and no line says the same but for one of them.
    absent = absent_numbers(claim, [*lines, *around]) if len(claim.quantities) <= _MOST_NUMBERS else []
    for quantity in absent:
        found = _contradicting(quantity, claim, lines, frozenset().union(*(parsed.stems for parsed in around)))
        if found and not find_calculation(quantity, claim, [*lines, *around]):
            return {"number": quantity.text.strip(), "instead": found[0], "line": found[1]}
    return None


def number_absent(comparison: Comparison) -> Values | None:
    """Find a number of the sentence that stands nowhere in the sources, and follows from none of theirs.

    Fires: It has 7 wings. | Birds have wings.
    Fires: The bridge is 5 miles long. | The bridge is 5 km long.
    Silent: It costs $1.2 million. | It costs $1,200,000.
    Silent: It costs $14,514 million. | Costs in millions: $ 14,514.
    Silent: It weighs 2 kg. | It weighs 2,000 g.
    Silent: About 81 % voted. | 80.7 % voted.
    Silent: First the water is added. | The water is added.
    """
    claim, lines = comparison.claim, [*comparison.lines, *comparison.columns]
    source_quantities = [quantity for line in lines for quantity in line.quantities]
    for quantity in absent_numbers(claim, lines):
        if quantity.unit == "ordinal" and not any(other.unit == "ordinal" for other in source_quantities):
            continue  # "First" is an adverb, too: its absence counts as that of any word.
        if not find_calculation(quantity, claim, lines):
            return {"number": quantity.text.strip()}
    return None


def absent_numbers(claim: ParsedText, lines: Sequence[ParsedText]) -> list[Quantity]:
    """List the sentence's numbers that no line holds with a unit that fits.

    Args:
        claim: The sentence.
        lines: The lines of its sources.

    Returns:
        Its quantities, except those that a line has: as a number, scaled or rounded (``known_numbers``), as the year or
        the day of a date, or in Roman numerals.
    """
    if not claim.quantities:
        return []
    known = known_numbers(lines)
    absent = [quantity for quantity in claim.quantities if not known.hold(quantity)]
    absent = [quantity for quantity in absent if not _is_freezing_point(quantity, claim, lines)]
    absent = _without_foreign_units(absent, claim, lines)
    if not any(quantity.unit == "ordinal" for quantity in absent):
        return absent
    # "First" may stand in a larger number: "the first nine months".
    words = {token.word for line in lines for token in line.tokens}
    return [quantity for quantity in absent if quantity.unit != "ordinal" or quantity.text.casefold() not in words]


def _without_foreign_units(
    absent: Sequence[Quantity], claim: ParsedText, lines: Sequence[ParsedText]
) -> list[Quantity]:
    """Return quantities without those whose number the lines have, in another language, with a unit of a like name."""
    foreign = [
        quantity
        for quantity in absent
        if any(
            quantity.same_written_number(other) and {quantity.unit, other.unit} in _LOOSE_UNITS
            for line in lines
            for other in line.quantities
        )
    ]
    if foreign and are_in_different_languages(claim.text, " ".join(line.text for line in lines)):
        return [quantity for quantity in absent if quantity not in foreign]
    return list(absent)


def _is_freezing_point(quantity: Quantity, claim: ParsedText, lines: Sequence[ParsedText]) -> bool:
    """Return whether a number is the zero of "below zero", and the lines have a number there, or say "freezing"."""
    before = claim.text[max(0, quantity.start - _CHARACTERS_BEFORE) : quantity.start]
    if quantity.values[0] != 0 or not (side := _SIDE_OF_ZERO.search(before)):
        return False
    if side["below"]:
        return any(_FREEZING.search(line.text) or _has_number_below_zero(line) for line in lines)
    return any(other.values[0] > 0 and other.unit == "celsius" for line in lines for other in line.quantities)


def _has_number_below_zero(line: ParsedText) -> bool:
    return any(quantity.values[0] < 0 for quantity in line.quantities)


def different_label(comparison: Comparison) -> Values | None:
    """Find a Roman number, a letter or a dotted number behind a word that has another one in the lines.

    Fires: The patient has type I diabetes. | The patient has type II diabetes.
    Fires: Version 2.10 is slow. | Version 2.1 is slow.
    Silent: The patient has type I diabetes. | Types I and II are diabetes of a patient.
    """
    claim, lines = comparison.claim, [*comparison.lines, *comparison.columns]
    source_labels: dict[str, str] = {}
    for stem, label in (label for line in lines for label in _labels(line)):
        source_labels.setdefault(stem, label)
    source_words = {line.text[token.start : token.end] for line in lines for token in line.tokens}
    source_words |= {match["label"] for line in lines for match in _DOTTED_LABEL.finditer(line.text)}
    for stem, label in _labels(claim):
        if stem in source_labels and label not in source_words:
            return {"label": label, "instead": source_labels[stem]}
    return None


def unit_on_one_side(comparison: Comparison) -> Values | None:
    """Find a number that the lines have without the sentence's unit, as in a table.

    A unit that stands elsewhere in the lines, such as in a head, is no reason.

    Fires: The trip takes 3 hours. | The trip takes 3.
    Silent: The trip takes 3 hours. | Hours of the trip: 3.
    Silent: The trip takes 3. | The trip takes 3 hours.
    """
    claim, lines = comparison.claim, comparison.lines
    source_quantities = [quantity for line in lines for quantity in line.quantities]
    source_text = " ".join(line.text for line in lines).casefold()
    for quantity in claim.quantities:
        if any(quantity.equals(other) for other in source_quantities):
            continue
        if not any(quantity.same_written_number(other) for other in source_quantities):
            continue
        written_unit = re.sub(r"[\d\s.,'’-]", "", quantity.text).casefold()
        if quantity.unit == "ordinal" or (quantity.unit and written_unit not in source_text):
            return {"number": quantity.text.strip()}
    return None


def misattributed_number(comparison: Comparison) -> Values | None:
    """Find a number that the lines give for something else than the sentence does.

    A number goes with the three content words on each side of it. Another number of the lines that shares more of
    them than this one does is its rival.

    Fires: Ada has 7 boats. | Ada has 5 boats and Bo has 7 boats.
    Silent: Ada has 5 boats. | Ada has 5 boats and Bo has 7 boats.
    Silent: Ada has 5 boats and Bo 7. | Ada has 5 boats and Bo has 7 boats.
    """
    claim, lines = comparison.claim, comparison.lines
    source_numbers = list(dict.fromkeys(pair for line in lines for pair in _numbers_in_context(line)))
    for quantity, context in dict.fromkeys(_numbers_in_context(claim)):
        most_shared = rival_shared = 0
        rival_text = ""
        for other, other_context in source_numbers:
            shared = len(context & other_context)
            if quantity.equals(other) or (not other.unit and is_same_number(quantity, other)):
                most_shared = max(most_shared, shared)
            elif shared > rival_shared and _may_count_the_same(quantity, other) and not _is_in(claim, other):
                rival_shared, rival_text = shared, other.text.strip()
        if rival_shared > most_shared:
            return {"number": quantity.text.strip(), "instead": rival_text}
        if context and not most_shared and lines and not _is_in_as_number_or_year(lines[0], quantity):
            return {"number": quantity.text.strip(), "instead": ""}
    return None


def _labels(parsed: ParsedText) -> Iterator[tuple[str, str]]:
    """Yield single letters and Roman numbers in capitals, each with the stem of the word before it: "vitamin B"."""
    for before, token in pairwise(parsed.tokens):
        label = parsed.text[token.start : token.end]
        is_next = parsed.text[before.end : token.start].isspace()
        if is_next and label.isupper() and label.isalpha() and (len(label) == 1 or token.word in ROMAN_NUMERALS):
            yield before.stem, label
    for match in _DOTTED_LABEL.finditer(parsed.text):
        yield match["word"].lower(), match["label"]


def _numbers_in_context(parsed: ParsedText) -> Iterator[tuple[Quantity, frozenset[str]]]:
    """Yield each quantity with the content stems around it; its position set to 0, so that equal ones are one."""
    tokens = [token for token in parsed.tokens if token.is_content]
    starts = [token.start for token in tokens]
    for quantity in parsed.quantities:
        low, high = bisect_left(starts, quantity.start), bisect_left(starts, quantity.end)
        context = (*tokens[max(0, low - _CONTEXT_WORDS) : low], *tokens[high : high + _CONTEXT_WORDS])
        yield replace(quantity, start=0, end=0), frozenset(token.stem for token in context)


def _contradicting(
    quantity: Quantity, claim: ParsedText, lines: Sequence[ParsedText], around: frozenset[str]
) -> tuple[str, int] | None:
    """Return what the sources say where a sentence has this number, and in which line; None: they say nothing else."""
    changes = _CHANGES & operations_told(claim.text, quantity.start, quantity.end)
    for clause in clauses_like(claim, lines) if says_value(claim, quantity) else ():
        if count_parts(claim) != count_parts(clause.parsed):
            continue
        for other in _rivals(quantity, claim, clause.parsed):
            # "5 more" is none of what there is in all.
            if changes and not _CHANGES & operations_told(clause.parsed.text, other.start, other.end):
                continue
            if in_same_words(claim, quantity, clause.parsed, other, around | clause.above):
                return other.text.strip(), clause.line
    rows = [
        (other.text.strip(), at)
        for at, line in enumerate(lines if len(claim.quantities) == 1 else ())
        for other in _rivals(quantity, claim, line)
        if isinstance(other, Quantity)
        and other.is_year() == quantity.is_year()
        and in_row(claim, quantity, line, other, around)
    ]
    return rows[0] if len({text for text, _ in rows}) == 1 else None


def _rivals(quantity: Quantity, claim: ParsedText, clause: ParsedText) -> Iterator[Quantity | Date]:
    """Yield the numbers of a clause that cannot be true beside a number of a sentence, if of the same thing."""
    for other in clause.quantities:
        is_other_unit = quantity.unit and other.unit and quantity.same_written_number(other)
        is_comparable = quantity.unit == other.unit or is_other_unit or _may_be_cell(quantity, other, clause)
        if is_comparable and _exclude(quantity, other) and time_bound(claim, quantity) == time_bound(clause, other):
            yield other
    if quantity.is_year():
        yield from (
            date
            for date in clause.dates
            if date.years() and date.years().isdisjoint(quantity.values)
            if time_bound(claim, quantity) == time_bound(clause, date)
        )


def _may_be_cell(quantity: Quantity, other: Quantity, line: ParsedText) -> bool:
    """Return whether a number without a unit may have that of a sentence: "days: 25"."""
    return not other.unit and bool(quantity.unit) and bool(re.search(r"[:|\t]|\s\s", line.text))


def _exclude(quantity: Quantity, other: Quantity) -> bool:
    """Return whether two numbers cannot both be true of one thing, as "over 500" and "900" can.

    Units that may be meant by one name are not told apart: a ton and a tonne, a degree and a degree Celsius.
    """
    if frozenset({quantity.unit, other.unit}) in _LOOSE_UNITS:
        return False
    own, known = quantity.values[0], other.values[0]
    if not {"open", "likely"}.isdisjoint((quantity.reading, other.reading)) and quantity.may_be(other):
        return False
    if quantity.unit != other.unit:
        return True
    if "~" in (quantity.bound, other.bound):
        return abs(own - known) > _ABOUT * max(abs(own), abs(known))
    if quantity.bound == other.bound:
        return True
    lower, upper = (">", ">="), ("<", "<=")
    may_be_less = quantity.bound in upper or other.bound in lower
    may_be_more = quantity.bound in lower or other.bound in upper
    return not ((may_be_less and known <= own) or (may_be_more and known >= own))


def _may_count_the_same(quantity: Quantity, other: Quantity) -> bool:
    """Return whether two numbers may count the same thing: same unit; a year is no rival of a plain number."""
    return quantity.unit == other.unit and quantity.is_year() == other.is_year()


def _is_in(parsed: ParsedText, quantity: Quantity) -> bool:
    return any(quantity.equals(own) for own in parsed.quantities)


def _is_in_as_number_or_year(line: ParsedText, quantity: Quantity) -> bool:
    years = {year for date in line.dates for year in date.years()}
    return _is_in(line, quantity) or bool(not quantity.unit and years.intersection(quantity.values))
