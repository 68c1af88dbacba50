"""How many things are listed, and which rank one of them has. Pure.

Owns: counting the items of a list, the rows of a table and the members of a series such as "red, green and blue", where
the count is the number of a sentence; ranking the numbers of a column for "the second largest". Knows nothing about
other calculations.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from rag.verify.calculation.calculated import Calculation, shown_operand
from rag.verify.calculation.operands import MAX_OPERANDS, Operand, numbers_with_places, related_operands
from rag.verify.parse.parsed_text import ParsedText
from rag.verify.parse.quantities import Quantity

# Most things that are counted, and the words of each that are shown.
_MOST_COUNTED, _WORDS_SHOWN = 40, 3
# Most characters of a line that is searched for a series, and most words of a member of one.
_LONGEST_LINE, _LONGEST_MEMBER = 2000, 7
# A list is of what a sentence counts where what opens it holds one of so many words behind the number, or where the
# sentence names so many members of it, and all but one.
_NOUNS, _NAMED_MEMBERS = 2, 2
_BULLET = re.compile(r"\s*(?:[-*•–]|\(?\w{1,2}[.)])\s+(?=\S)|\s*\(?\d{1,2}[.)]\s*$")
_TABLE_ROW = re.compile(r"\s*\|(?P<first>[^|]*)\|")
_RULE = re.compile(r"[\s|:-]*")
_NOUN_BEHIND = re.compile(r"\s+(?:of (?:them|these|those|the|its|their)\b|[^\W\d_]{3,})")
_NO_NOUN = re.compile(r"\s+(?:times|percent|per|and|or|mal|prozent|und|oder|more|less|mehr|weniger)\b", re.I)
_SEPARATOR = re.compile(r"(?P<last>,?\s+(?:and|or|und|oder|as well as|sowie)\s+|\s+&\s+)|[,;]\s+")
# Behind these the first member of a series begins: "the colours are red, green and blue".
_OPENS_SERIES = re.compile(
    r".*(?::|\b(?:are|is|were|was|include|includes|including|sind|waren|namely|nämlich|of|by)\b)", re.S | re.I
)
_LEAD_IN = re.compile(r"\W*(?:in|at|on|after|before|since|when|while|for|by|nach|seit|als)\b", re.I)
_RANK = re.compile(
    r"\b(?:(?P<rank>second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|\d{1,2}(?:st|nd|rd|th))[\s-])?"
    r"(?:(?P<most>largest|biggest|highest|greatest|longest|oldest|tallest|heaviest|fastest|deepest|widest"
    r"|most expensive)"
    r"|(?P<least>smallest|lowest|shortest|youngest|lightest|slowest|cheapest|narrowest|least expensive))\b",
    re.I,
)
_RANKS = {
    word: rank
    for rank, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth".split(), start=1
    )
}  # fmt: skip
# Further sentences that an item of a list may have.
_FURTHER = 2
# Numbers that a rank is shown among.
_RANKED_SHOWN = 6


@dataclass(frozen=True, slots=True)
class _Listing:
    """Things that are listed.

    Attributes:
        members: The first words of each.
        stems: The content stems of each.
        opening: The content stems of what opens the list, or of the heads of a table.
    """

    members: tuple[str, ...]
    stems: tuple[frozenset[str], ...]
    opening: frozenset[str]


def count_listed(quantity: Quantity, claim: ParsedText, lines: Sequence[ParsedText]) -> Calculation | None:
    """Count the things of which a sentence says how many they are: "three conditions", "two of them".

    Args:
        quantity: The number that says how many.
        claim: The sentence.
        lines: The lines of its sources.

    Returns:
        What was counted; None where no list of so many is related to the sentence.
    """
    count = quantity.values[0]
    behind = claim.text[quantity.end : quantity.end + 40]
    if quantity.unit or not count.is_integer() or not 2 <= count <= _MOST_COUNTED:
        return None
    if not _NOUN_BEHIND.match(behind) or _NO_NOUN.match(behind):
        return None
    nouns = frozenset(_nouns_behind(quantity, claim))
    for listing in _listings(lines):
        if len(listing.members) == count and _is_of(listing, nouns, claim):
            return Calculation(f"{', '.join(listing.members)} = {quantity.text.strip()}")
    return _count_names(quantity, claim, lines)


def _count_names(quantity: Quantity, claim: ParsedText, lines: Sequence[ParsedText]) -> Calculation | None:
    """Count the names of a series where a sentence says of so many what the line says of these: "three played"."""
    said = {token.stem for token in claim.content_outside_numbers()} - set(list(_nouns_behind(quantity, claim))[:1])
    for line in lines if said else ():
        if said <= line.content_stems:
            for listing in _series(line):
                names = [_leading_name(member) for member in listing.members]
                if len(names) == quantity.values[0] and all(names):
                    return Calculation(f"{', '.join(names)} = {quantity.text.strip()}")
    return None


def _leading_name(member: str) -> str:
    """Return the words with a capital that a member of a series begins with: "Cy Holm" of "Cy Holm played"."""
    return " ".join(takewhile(lambda word: word[0].isupper(), member.split()))


def _nouns_behind(quantity: Quantity, claim: ParsedText) -> Iterator[str]:
    """Yield the stems of the words that follow a number without a mark between them, few at most."""
    end = quantity.end
    for token in [token for token in claim.tokens if token.start >= quantity.end][:_NOUNS]:
        if claim.text[end : token.start].strip():
            return
        yield token.stem
        end = token.end


def rank_listed(claim: ParsedText, lines: Sequence[ParsedText]) -> Iterator[Calculation]:
    """Rank the number of a row in its column where a sentence says "the second largest" of it.

    Args:
        claim: The sentence.
        lines: The lines of its sources.

    Yields:
        The column in order, for each rank that is true and stands in no line.
    """
    for match in _RANK.finditer(claim.text):
        ordinal = (match["rank"] or "first").lower()
        rank = _RANKS.get(ordinal) or int(re.sub(r"\D", "", ordinal))
        rows = [one for one in related_operands(claim, lines) if one.in_row and not one.quantity.is_year()]
        stands_there = any(match.group().lower() in line.text.lower() for line in lines)
        if not stands_there and (found := _ranked(rank, bool(match["most"]), rows[:MAX_OPERANDS], lines)):
            yield found


def is_rank(quantity: Quantity, claim: ParsedText) -> bool:
    """Tell whether an ordinal number is that of a rank: "the second largest".

    Args:
        quantity: The number.
        claim: The sentence that has it.

    Returns:
        Whether a superlative follows it.
    """
    return any(match.start() <= quantity.start < match.end() for match in _RANK.finditer(claim.text))


def _ranked(rank: int, is_most: bool, operands: Sequence[Operand], lines: Sequence[ParsedText]) -> Calculation | None:
    """Return the column in which the row that a sentence is of has a rank; None where it is of several rows or none."""
    most = max(((one.is_named, len(one.kin)) for one in operands), default=None)
    subjects = [one for one in operands if (one.is_named, len(one.kin)) == most]
    if len({subject.line for subject in subjects}) != 1:
        return None
    for subject in subjects:
        column = sorted(_column(subject, lines), key=lambda quantity: quantity.values[0], reverse=is_most)
        if len(column) > max(1, rank - 1) and column[rank - 1] == subject.quantity:
            shown = column[: max(_RANKED_SHOWN, rank + 1)]
            return Calculation((" > " if is_most else " < ").join(map(shown_operand, shown)), tuple(shown))
    return None


def _column(subject: Operand, lines: Sequence[ParsedText]) -> list[Quantity]:
    """Return the different numbers of one unit at the place of an operand in the rows around it."""
    column = {subject.quantity.values[0]: subject.quantity}
    for step in (-1, 1):
        at = subject.line + step
        while 0 <= at < len(lines):
            quantity = dict(numbers_with_places(lines[at])).get(subject.place)
            if quantity is None or quantity.unit != subject.quantity.unit:
                break
            column.setdefault(quantity.values[0], quantity)
            at += step
    return list(column.values())


def _is_of(listing: _Listing, nouns: frozenset[str], claim: ParsedText) -> bool:
    """Return whether a list is of what a sentence counts: what opens it has the noun, or the sentence its members."""
    named = sum(len(stems & claim.content_stems) > len(stems) / 2 for stems in listing.stems)
    return bool(nouns & listing.opening) or named >= max(_NAMED_MEMBERS, len(listing.members) - 1)


def _listings(lines: Sequence[ParsedText]) -> Iterator[_Listing]:
    yield from _runs(lines)
    for line in lines:
        yield from _series(line)


def _runs(lines: Sequence[ParsedText]) -> Iterator[_Listing]:
    """Yield lists whose items are lines of their own, and tables whose rows are; an item may have further sentences."""
    run: list[list[ParsedText]] = []
    form, opening = "", frozenset[str]()
    for line in lines:
        own = _form(line)
        if own and own == form:
            run.append([line])
        elif form == "item" and not own and len(run[-1]) <= _FURTHER and not line.text.rstrip().endswith(":"):
            run[-1].append(line)
        else:
            yield from _listing_of(form, run, opening)
            run, form = ([[line]], own) if own else ([], "")
            opening = opening if own else line.content_stems
    yield from _listing_of(form, run, opening)


def _listing_of(form: str, run: Sequence[Sequence[ParsedText]], opening: frozenset[str]) -> Iterator[_Listing]:
    if form == "row" and len(run) > 1 and _RULE.fullmatch(run[1][0].text):
        run, opening = run[2:], opening | run[0][0].content_stems
    if run:
        members = tuple(_member(item[0].text) or _member(" ".join(line.text for line in item)) for item in run)
        yield _Listing(members, tuple(item[-1].content_stems | item[0].content_stems for item in run), opening)


def _form(line: ParsedText) -> str:
    return "row" if _TABLE_ROW.match(line.text) else "item" if _BULLET.match(line.text) else ""


def _member(text: str) -> str:
    row = _TABLE_ROW.match(text)
    return _first_words(row["first"] if row else _BULLET.sub("", text, count=1))


def _series(line: ParsedText) -> Iterator[_Listing]:
    """Yield the series of a line: "red, green and blue"; what opens it ("In 1931, …") is no member."""
    separators = list(_SEPARATOR.finditer(line.text)) if len(line.text) <= _LONGEST_LINE else []
    first = 0
    for at, separator in enumerate(separators):
        if at and _words_between(line.text, separators[at - 1], separator) > _LONGEST_MEMBER:
            first = at
        if separator["last"]:
            begin = separators[first - 1].end() if first else 0
            end = separators[at + 1].start() if at + 1 < len(separators) else len(line.text)
            cuts = [begin, *(part for one in separators[first : at + 1] for part in one.span()), end]
            yield from _listing_between(line, list(zip(cuts[::2], cuts[1::2], strict=True)))
            first = at + 1


def _listing_between(line: ParsedText, spans: list[tuple[int, int]]) -> Iterator[_Listing]:
    """Yield the series whose members stand at some spans of a line, the first without what opens it."""
    begin, end = spans[0]
    opening = _OPENS_SERIES.match(line.text[begin:end])
    if opening:
        spans[0] = (begin + opening.end(), end)
    elif _LEAD_IN.match(line.text[begin:end]):
        spans = spans[1:]
    if 1 < len(spans) <= _MOST_COUNTED and len(line.text[slice(*spans[0])].split()) <= _LONGEST_MEMBER:
        stems = tuple(_stems_between(line, start, stop)[:_WORDS_SHOWN] for start, stop in spans)
        before = _stems_between(line, begin, spans[0][0])
        members = tuple(_first_words(line.text[start:stop]) for start, stop in spans)
        yield _Listing(members, tuple(map(frozenset, stems)), frozenset(before))


def _stems_between(line: ParsedText, start: int, end: int) -> list[str]:
    return [token.stem for token in line.tokens if token.is_content and start <= token.start < end]


def _words_between(text: str, left: re.Match[str], right: re.Match[str]) -> int:
    return len(text[left.end() : right.start()].split())


def _first_words(member: str) -> str:
    """Return the first words of a member, letters and digits alone: an address in it is none any more."""
    return " ".join(re.findall(r"\w+", member)[:_WORDS_SHOWN])
