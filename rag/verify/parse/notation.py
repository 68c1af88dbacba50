"""Which mark a text writes before its decimals, and whether its dates begin with the day. Pure.

Owns: how "1.380" and "09/01/2018" are read where the text around them tells: by its other numbers, "64,90 €", or by its
language. Knows nothing about verdicts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import lru_cache

from rag.languages.identify import identify
from rag.text import with_plain_digits
from rag.verify.parse.dates import Date
from rag.verify.parse.digits import Notation
from rag.verify.parse.parsed_text import ParsedText, parse_text
from rag.verify.parse.quantities import Quantity, has_two_readings

_COMMA_LANGUAGES = frozenset(
    "bg ca cs da de el es et eu fi fr gl hr hu id it lt lv nl no pl pt ro ru sk sl sr sv tr uk vi".split()
)
_POINT_LANGUAGES = frozenset("en fa he hi ja ko mr ne th ur zh".split())
# Both notations are at home in the countries that speak these.
_REGIONAL = frozenset({"es"})
_DAY_FIRST = frozenset(
    "ar bg ca cs da de el es et fi fr gl he hr id it lv nl no pl pt ro ru sk sl sr th tr uk vi".split()
)
_NO_MEASURES = frozenset({"", "ordinal", "time of day", "decade"})
_DIGITS = re.compile(r"\d[\d.,]*\d|\d")
_BOTH_MARKS = re.compile(r"\d{1,3}(?:,\d{3})*,\d{3}(?P<point>\.)\d+|\d{1,3}(?:\.\d{3})*\.\d{3}(?P<comma>,)\d+")
_TWO_GROUPS = re.compile(r"\d{1,3}(?P<group>[.,])\d{3}(?:(?P=group)\d{3})+")
_DECIMALS = re.compile(r"(?:0|\d{4,})(?P<mark>[.,])\d+|\d+(?P<mark2>[.,])(?:\d{1,2}|\d{4,})")
_MONTH_FIRST = re.compile(r"(?<![\d./-])(?:0?[1-9]|1[0-2])[/.-](?:1[3-9]|2\d|3[01])[/.-](?:\d{4}|\d\d)(?![\d/])")
# Characters of a document that are looked at.
_LONGEST = 4000


def is_ambiguous(parsed: ParsedText) -> bool:
    """Tell whether a text has a number or a date of two readings."""
    return any(map(has_two_readings, parsed.quantities)) or any(len(date.interpretations) > 1 for date in parsed.dates)


@lru_cache(maxsize=1024)
def notation_of(text: str, document: str = "") -> Notation:
    """Tell how a text writes numbers and dates.

    Args:
        text: The text.
        document: More of the same document, which tells where the text does not.

    Returns:
        What the numbers and the language of the text tell. Where these tell two marks, none is known.
    """
    language = identify(text) or identify(document[:_LONGEST])
    by_language = "," if language in _COMMA_LANGUAGES else "." if language in _POINT_LANGUAGES else ""
    shown = _shown_marks(text) or _shown_marks(document[:_LONGEST])
    marks = shown | ({by_language} if by_language and language not in _REGIONAL else set())
    decimal = next(iter(marks)) if len(marks) == 1 else "" if marks else by_language
    is_day_first = language in _DAY_FIRST and not _MONTH_FIRST.search(f"{text}\n{document[:_LONGEST]}")
    return Notation(decimal, bool(decimal) and not marks, is_day_first)


def read_in(parsed: ParsedText, notation: Notation) -> ParsedText:
    """Read the numbers and dates of a text that have two readings.

    Args:
        parsed: The text, parsed.
        notation: How it, or what it stands in, writes them.

    Returns:
        The same with the one reading that the notation leaves; where it leaves both, the number is an open one.
    """
    if not is_ambiguous(parsed):
        return parsed
    return replace(
        parsed,
        quantities=tuple(_read_number(quantity, notation) for quantity in parsed.quantities),
        dates=tuple(_read_date(date) if notation.is_day_first else date for date in parsed.dates),
        notation=notation,
    )


def reader_of_lines(quotes: Iterable[str], document_of: Callable[[str], str]) -> Callable[[str, str], ParsedText]:
    """Return what parses a line of a quote in the notation of that quote.

    Args:
        quotes: All quotes: one whose own words and document tell nothing is written as these are.
        document_of: Returns more of the document of a quote.

    Returns:
        A function of a line and its quote.
    """
    together = "\n".join(quotes)
    known: dict[str, Notation] = {}

    def notation(quote: str) -> Notation:
        if quote not in known:
            told = notation_of(quote, document_of(quote)[:_LONGEST])
            known[quote] = told if told != Notation() else notation_of(together[:_LONGEST])
        return known[quote]

    def read(line: str, quote: str) -> ParsedText:
        parsed = parse_text(line)
        return read_in(parsed, notation(quote)) if is_ambiguous(parsed) else parsed

    return read


def _read_number(quantity: Quantity, notation: Notation) -> Quantity:
    if not has_two_readings(quantity):
        return quantity
    if not notation.decimal:
        return replace(quantity, reading="open")
    is_decimal = notation.decimal in quantity.digits()
    # Likeliest first: of a comma that is thousands, of a point decimals.
    is_first = is_decimal == ("." in quantity.digits())
    first, second = quantity.values if is_first else reversed(quantity.values)
    return replace(quantity, values=(first,), reading="likely" if notation.is_regional else "sure", otherwise=(second,))


def _read_date(date: Date) -> Date:
    """Return a date in figures with its day first."""
    if len(date.interpretations) < 2:
        return date
    day = int(_DIGITS.findall(re.sub(r"[/.-]", " ", with_plain_digits(date.text)))[0])
    meant = frozenset(one for one in date.interpretations if one[2] == day)
    return replace(date, interpretations=meant or date.interpretations)


def _shown_marks(text: str) -> set[str]:
    """Return the marks before decimals that the numbers of a text show."""
    marks: set[str] = set()
    quantities: Sequence[Quantity] = parse_text(text).quantities if text else ()
    for quantity in quantities:
        digits = quantity.digits()
        if both := _BOTH_MARKS.fullmatch(digits):
            marks.add(both["point"] or both["comma"])
        elif groups := _TWO_GROUPS.fullmatch(digits):
            marks.add("," if groups["group"] == "." else ".")
        elif quantity.unit not in _NO_MEASURES and (decimals := _DECIMALS.fullmatch(digits)):
            marks.add(decimals["mark"] or decimals["mark2"])
    return marks
