"""Numbers with their units: whether the source holds them, and of what it says them. Pure.

Owns: ``number_contradicted``, ``number_absent`` (with ``absent_numbers``), ``different_label``, ``unit_on_one_side``
and ``misattributed_number``. Bounds such as "at least" stand in ``bound``; what a number means, in
``rag.verify.quantities``. Knows nothing about verdicts.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from rag.verify.align import is_nearly_copied
from rag.verify.calculation import find_calculation
from rag.verify.lexicon import ROMAN_NUMERALS
from rag.verify.parsed_text import ParsedText
from rag.verify.quantities import Quantity
from rag.verify.rule import Comparison, Values

# Content words on each side of a number that say what it counts.
_CONTEXT_WORDS = 3


def number_contradicted(comparison: Comparison) -> Values | None:
    """Find a number that the sources give otherwise, with the same unit, for the same thing.

    Fires: It costs 500 EUR a year. | It costs 900 EUR a year.
    Silent: It costs 500 EUR. | It weighs 900 kg.
    Silent: It costs $1.2 million. | It costs $1,200,000.
    """
    claim, lines = comparison.claim, comparison.lines
    for quantity in absent_numbers(claim, [*lines, *comparison.columns]):
        if quantity.unit == "ordinal" or find_calculation(quantity, claim, lines):
            continue
        instead = _source_counterpart(quantity, claim, lines)
        for at, line in enumerate(lines):
            if instead in line.quantities and is_nearly_copied(claim, [line], comparison.nearly_copied):
                return {"number": quantity.text.strip(), "instead": instead.text.strip(), "line": at}
    return None


def number_absent(comparison: Comparison) -> Values | None:
    """Find a number of the sentence that stands nowhere in the sources, and follows from none of theirs.

    Fires: It has 7 wings. | Birds have wings.
    Fires: The bridge is 5 miles long. | The bridge is 5 km long.
    Silent: It costs $1.2 million. | It costs $1,200,000.
    Silent: It weighs 2 kg. | It weighs 2,000 g.
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
        Its quantities, except those that a line has as a number, as the year or the day of a date, or in Roman
        numerals.
    """
    source_quantities = [quantity for line in lines for quantity in line.quantities]
    years = {year for line in lines for date in line.dates for year in date.years()}
    days = {day for line in lines for date in line.dates for _, _, day in date.interpretations}
    numerals = {ROMAN_NUMERALS[name.lower()] for line in lines for name in line.names if name.lower() in ROMAN_NUMERALS}
    return [
        quantity
        for quantity in claim.quantities
        if not any(_is_same_number(quantity, other) for other in source_quantities)
        and not (quantity.unit in ("", "ordinal") and years.intersection(quantity.values))
        and not (quantity.unit == "ordinal" and days.intersection(quantity.values))
        and not (quantity.unit in ("", "ordinal") and numerals.intersection(quantity.values))
    ]


def different_label(comparison: Comparison) -> Values | None:
    """Find a Roman number or a letter behind a word that has another one in the lines.

    Fires: The patient has type I diabetes. | The patient has type II diabetes.
    Silent: The patient has type I diabetes. | Types I and II are diabetes of a patient.
    """
    claim, lines = comparison.claim, [*comparison.lines, *comparison.columns]
    source_labels: dict[str, str] = {}
    for stem, label in (label for line in lines for label in _labels(line)):
        source_labels.setdefault(stem, label)
    source_words = {line.text[token.start : token.end] for line in lines for token in line.tokens}
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
            if quantity.equals(other) or (not other.unit and _is_same_number(quantity, other)):
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


def _numbers_in_context(parsed: ParsedText) -> Iterator[tuple[Quantity, frozenset[str]]]:
    """Yield each quantity with the content stems around it; its position set to 0, so that equal ones are one."""
    tokens = [token for token in parsed.tokens if token.is_content]
    starts = [token.start for token in tokens]
    for quantity in parsed.quantities:
        low, high = bisect_left(starts, quantity.start), bisect_left(starts, quantity.end)
        context = (*tokens[max(0, low - _CONTEXT_WORDS) : low], *tokens[high : high + _CONTEXT_WORDS])
        yield replace(quantity, start=0, end=0), frozenset(token.stem for token in context)


def _source_counterpart(quantity: Quantity, claim: ParsedText, lines: Sequence[ParsedText]) -> Quantity | None:
    """Return the number that the source has where the sentence has an absent one: same unit, most words in common.

    "It costs 500 EUR a year" against "It costs 900 EUR a year, and 2 EUR a day": 900 EUR stands for 500 EUR.
    """
    unplaced = replace(quantity, start=0, end=0)
    context = next((context for other, context in _numbers_in_context(claim) if other == unplaced), frozenset())
    ranked = [
        (len(context & other_context) + 0.1 * len(claim.content_stems & line.content_stems), other)
        for line in lines
        for other, other_context in dict.fromkeys(_numbers_in_context(line))
        if other.unit == quantity.unit and not _is_in(claim, other)
    ]
    best = max(ranked, key=lambda pair: pair[0], default=None)
    return best[1] if best and best[0] >= 1 else None


def _is_same_number(quantity: Quantity, other: Quantity) -> bool:
    """Return whether two numbers may be the same, in one unit or with the unit on one side only."""
    return quantity.equals(other) or (_may_lack_unit(quantity, other) and quantity.same_written_number(other))


def _may_lack_unit(quantity: Quantity, other: Quantity) -> bool:
    """Return whether two equal numbers may be the same although only one has the unit, as "25" under "days".

    A pound may be a weight or money. A time of day, a decade and a version number are nothing without their form.
    """
    if quantity.unit and other.unit:
        return {quantity.unit, other.unit} == {"pound", "sterling"}
    unit = quantity.unit or other.unit
    return unit not in ("time of day", "decade") and not unit[:1].isdigit()


def _may_count_the_same(quantity: Quantity, other: Quantity) -> bool:
    """Return whether two numbers may count the same thing: same unit; a year is no rival of a plain number."""
    return quantity.unit == other.unit and quantity.is_year() == other.is_year()


def _is_in(parsed: ParsedText, quantity: Quantity) -> bool:
    return any(quantity.equals(own) for own in parsed.quantities)


def _is_in_as_number_or_year(line: ParsedText, quantity: Quantity) -> bool:
    years = {year for date in line.dates for year in date.years()}
    return _is_in(line, quantity) or bool(not quantity.unit and years.intersection(quantity.values))
