"""Does a line say the same as a sentence, but for one number or date? Pure.

Owns: when a line and a sentence are about the same thing in the same words, in running text (``in_same_words``) or as a
row of a table (``in_row``). Where anything else differs, such as a name, a year or a negation, they are not. Knows
nothing about what numbers and dates mean, nor about verdicts.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from rag.text import STOPWORDS
from rag.verify.parse.dates import Date
from rag.verify.parse.lexicon import MEASURE_WORDS
from rag.verify.parse.notation import read_in
from rag.verify.parse.parsed_text import ParsedText, Token, is_light, parse_text
from rag.verify.parse.quantities import Quantity, is_close

Part = Quantity | Date
"""A number or a date."""

# What a line may say beyond the sentence: one word of four.
_MOST_ADDED = 0.25
# What opens with one of these tells when, where or under which condition the rest holds.
_SETTING_SMALL = (
    "if when where at in on for during after before until till since unless except without while from within wenn falls"
    " bei im am in für vor nach seit bis ohne während"
).split()
_SETTING_CLAUSE = re.compile(rf"\W*(?:{'|'.join(_SETTING_SMALL)})\b", re.I)
_SETTING_BEFORE = re.compile(
    rf"\b(?:{'|'.join(_SETTING_SMALL)})\s+(?:(?:the|an?|its|their|our|der|die|das|dem|den)\s+)?$", re.I
)
_TIMES = {word: time for time, words in {
    "past": "was were had used war waren hatte hatten wurde wurden",
    "future": "will shall wird werden",
    "present": "is are has have ist sind hat haben",
}.items() for word in words.split()}  # fmt: skip
_REFERS_BACK = re.compile(r"^\W*(?:it|its|they|their|he|his|she|her|this|these|that|those|the latter)\b", re.I)
_CLAUSE_END = re.compile(r"[;:]\s|,?\s(?:and|but|while|whereas|which|who|und|aber|während)\s|,\s")
# Words that set a time, an order or a condition apart from another.
_SETTING_WORDS = frozenset(
    """quarter half month week day year first second third fourth last next previous prior earlier later current former
    if unless except other another additional average median maximum minimum total net gross only each per combined
    quartal halbjahr monat woche tag jahr erste zweite dritte letzte vorige wenn falls außer""".split()
)
# "It was the third"
_PREDICATE = re.compile(
    r"\b(?:is|was|are|were|becomes?|became|came|finish\w*|placed?|ranks?|ranked|ist|war|wurde)\s+(?:in\s+)?"
    r"(?:the\s+|der\s+|die\s+|das\s+|its\s+|their\s+)?$",
    re.I,
)
_WORD_BEFORE = re.compile(r"(\b[^\W\d_]+)[ \u00a0-]$")
# A number behind one of these tells which one it is.
_LABEL_WORDS = frozenset(
    """room chapter section table figure article part page step level phase type version grade class group number item
    question line paragraph appendix annex schedule exhibit form building house floor gate platform bus tram flight unit
    module lesson volume issue episode season track stage zone category""".split()
)
_CHARACTERS_BEFORE = 24
# A number of so many digits is no other year's, too.
_TELLING_DIGITS = 3
# Two sentences of so many words that are all the same are about one year.
_MANY_WORDS = 6
_CELL_END = re.compile(r"\s?[|;\t]\s?|\s{2,}")


@dataclass(frozen=True, slots=True)
class Clause:
    """A line, or a clause of it.

    Attributes:
        parsed: What it says.
        line: The number of its line.
        above: Stems of what stands before it, which "it" may stand for.
    """

    parsed: ParsedText
    line: int
    above: frozenset[str]


def clauses_like(claim: ParsedText, lines: Sequence[ParsedText]) -> Iterator[Clause]:
    """Yield the lines that share the sentence's words or speak of "it", and the clauses of those that say more.

    Args:
        claim: The sentence.
        lines: The lines of its sources.

    Yields:
        The lines and clauses, each line before its clauses.
    """
    words = {token.stem for token in claim.content_outside_numbers() if not is_light(token)}
    for at, line in enumerate(lines):
        if len(words & line.stems) * 2 < len(words) and not _REFERS_BACK.match(line.text):
            continue
        above = lines[at - 1].stems if at else frozenset()
        yield Clause(line, at, above)
        if len(line.text) > len(claim.text):
            clauses = _clauses(line.text)
            for before, text in pairwise(["", *clauses]):
                if _SETTING_CLAUSE.match(before):
                    continue  # "At night, the toll is 4 crowns."
                clause = parse_text(text)
                yield Clause(read_in(clause, line.notation) if line.notation else clause, at, above | line.stems)


def count_parts(parsed: ParsedText) -> int:
    """Return how many numbers and dates a text has: as many as another one that differs in one of them."""
    return len(parsed.quantities) + len(parsed.dates)


def says_value(claim: ParsedText, part: Part) -> bool:
    """Tell whether a number or date is what a sentence says of its subject, and not a part of the subject's name.

    "Room 14", "the third tower" and "in 2020 it sold 5 coats" are about another room, tower and year than "Room 12" and
    so on. "It was the third tower" is not; nor is anything beside a number that no two of them would share, nor a year
    among many words.

    Args:
        claim: The sentence.
        part: The number or date.

    Returns:
        False where another value may be as true, of something else.
    """
    others = [quantity for quantity in claim.quantities if quantity != part and not quantity.is_year()]
    if any(len(re.sub(r"\D", "", other.text).strip("0")) >= _TELLING_DIGITS for other in others):
        return True
    before = claim.text[max(0, part.start - _CHARACTERS_BEFORE) : part.start]
    if isinstance(part, Date):
        is_day = any(day for _, _, day in part.interpretations)
        return is_day or not others or len(_words(claim)) >= _MANY_WORDS
    if part.is_year():
        return not others or len(_words(claim)) >= _MANY_WORDS
    if part.unit == "ordinal":
        return _PREDICATE.search(before) is not None
    return bool(part.unit) or not _is_label(before)


def in_same_words(claim: ParsedText, own: Part, clause: ParsedText, other: Part, above: Collection[str] = ()) -> bool:
    """Tell whether a clause says the same as a sentence in the same words, but for one number or date.

    Args:
        claim: The sentence.
        own: The number or date of it.
        clause: The line, or a clause of it.
        other: The number or date of the clause.
        above: Stems of what stands before the clause, which "it" may stand for.

    Returns:
        Whether the words are the same, in one order, with the two numbers or dates in one place.
    """
    if not _same_qualifiers(claim, clause) or not _same_other_parts(claim, own, clause, other):
        return False
    if not _may_be_of_one_time(claim, clause):
        return False
    claim_words, clause_words = _words(claim), _words(clause)
    missing = {token.stem for token in claim_words} - clause.stems
    if missing and not (_REFERS_BACK.match(clause.text) and missing <= set(above)):
        return False
    claim_stems = {token.stem for token in claim_words}
    added = [token for token in clause_words if token.stem not in claim_stems]
    if added and (len(added) > _MOST_ADDED * len(clause_words) or any(_sets_apart(clause, token) for token in added)):
        return False
    spoken = f"{claim.text} {other.text}".casefold()
    if any(name.casefold() not in spoken for name in clause.names):
        return False
    before, behind = _around(claim_words, own, missing)
    return (before, behind) == _around(clause_words, other, {token.stem for token in added}) and bool(before or behind)


def in_row(claim: ParsedText, own: Quantity, row: ParsedText, other: Quantity, around: Collection[str]) -> bool:
    """Tell whether a row of a table gives a number for what a sentence gives another one for.

    "The fee for a dog is 15 EUR." and "Dog: 12 EUR": the label of the row stands in the sentence, and what else the
    sentence says, stands around the table or only names what is measured.

    Args:
        claim: The sentence.
        own: The number of it.
        row: The row.
        other: The number of the row.
        around: Stems of the headings and the names of columns.

    Returns:
        Whether both are about the same thing.
    """
    if claim.dates or row.dates or claim.quantities != (own,) or not _same_qualifiers(claim, row):
        return False
    cells = [cell for cell in _CELL_END.split(row.text) if cell.strip(" |")]
    labels = _labels_of(row, other, cells)
    if not labels:
        return False
    claim_words = {token.stem for token in claim.tokens if token.is_content}
    if not labels <= claim_words:
        return False
    left = {token.stem for token in _words(claim) if token.word not in MEASURE_WORDS} - labels - row.stems
    return left <= set(around)


def _labels_of(row: ParsedText, other: Quantity, cells: Sequence[str]) -> frozenset[str]:
    """Return the stems that say what a number of a row is: those of its first cell, and of the label of its own cell.

    None where the line is no row, or has numbers that this may be mistaken for.
    """
    if len(cells) == 1:
        label, colon, value = row.text.partition(": ")
        if (
            not colon
            or len(row.quantities) != 1
            or other.start < len(label)
            or len(value.split()) > len(other.text.split()) + 1
        ):
            return frozenset()
        return parse_text(label).content_stems
    own_cell = next((cell for cell in cells if other.text.strip() in cell), "")
    own_label, colon, _ = own_cell.partition(": ")
    if not colon and len(row.quantities) != 1:
        return frozenset()
    first = cells[0].partition(": ")[2] or cells[0]
    if parse_text(first).quantities or first in own_cell:
        return frozenset()
    return parse_text(first).content_stems | (parse_text(own_label).content_stems if colon else frozenset())


@lru_cache(maxsize=2048)
def _clauses(text: str) -> tuple[str, ...]:
    """Return the clauses of a line; none where it has one only."""
    cuts = [0, *(match.end() for match in _CLAUSE_END.finditer(text)), len(text)]
    clauses = tuple(_CLAUSE_END.sub("", text[start:end] + " ") for start, end in pairwise(cuts))
    return tuple(filter(str.strip, clauses)) if len(clauses) > 1 else ()


def _words(parsed: ParsedText) -> list[Token]:
    """Return the content words outside numbers and dates in order, light ones left out."""
    return [token for token in parsed.content_outside_numbers() if not is_light(token)]


def _is_label(before: str) -> bool:
    """Return whether a number behind these words tells which one is meant: "Room 14", "the Falcon 9"."""
    match = _WORD_BEFORE.search(before)
    if not match or match.group(1).casefold() in STOPWORDS:
        return False
    word = match.group(1)
    return word.casefold() in _LABEL_WORDS or (word[0].isupper() and len(word) > 1)


def _around(words: Sequence[Token], part: Part, without: Collection[str]) -> tuple[list[str], list[str]]:
    """Return the stems before and behind a number or date, in order."""
    stems = [(token.start < part.start, token.stem) for token in words if token.stem not in without]
    return [stem for is_before, stem in stems if is_before], [stem for is_before, stem in stems if not is_before]


def _sets_apart(parsed: ParsedText, token: Token) -> bool:
    """Return whether a further word may make a clause one about another thing: a name, a time, a condition."""
    if parsed.starts_upper(token) or token.word in _SETTING_WORDS or token.word.removesuffix("s") in _SETTING_WORDS:
        return True
    return _SETTING_BEFORE.search(parsed.text[max(0, token.start - _CHARACTERS_BEFORE) : token.start]) is not None


def _may_be_of_one_time(claim: ParsedText, clause: ParsedText) -> bool:
    """Return whether two texts may speak of one time: "is" and "was" do not, nor "is" and "will be"."""
    own, others = (
        {_TIMES[token.word] for token in parsed.tokens if token.word in _TIMES} for parsed in (claim, clause)
    )
    return not own or not others or bool(own & others)


def _same_qualifiers(claim: ParsedText, clause: ParsedText) -> bool:
    """Return whether both deny, allow and quantify with the same words."""
    return all(
        Counter(one.kind for one in own) == Counter(one.kind for one in others)
        for own, others in (
            ((*claim.negations, *claim.denials), (*clause.negations, *clause.denials)),
            (claim.modals, clause.modals),
            (claim.quantifiers, clause.quantifiers),
        )
    )


def _same_other_parts(claim: ParsedText, own: Part, clause: ParsedText, other: Part) -> bool:
    """Return whether all numbers and dates but these two are the same."""
    numbers = [quantity for quantity in claim.quantities if quantity != own]
    other_numbers = [quantity for quantity in clause.quantities if quantity != other]
    dates = [date for date in claim.dates if (date.start, date.end) != (own.start, own.end)]
    other_dates = [date for date in clause.dates if (date.start, date.end) != (other.start, other.end)]
    return (
        len(numbers) == len(other_numbers)
        and len(dates) == len(other_dates)
        and all(
            one.equals(two) or _is_changed_alike(own, other, one, two)
            for one, two in zip(numbers, other_numbers, strict=True)
        )
        and all(one.interpretations & two.interpretations for one, two in zip(dates, other_dates, strict=True))
    )


def _is_changed_alike(own: Part, other: Part, one: Quantity, two: Quantity) -> bool:
    """Return whether two further numbers differ in the unit or the scale that these two differ in: "10 to 30 %"."""
    if not (isinstance(own, Quantity) and isinstance(other, Quantity)):
        return False
    changes = ((own.unit, other.unit, own.factor, other.factor), (one.unit, two.unit, one.factor, two.factor))
    return changes[0] == changes[1] and is_close(one.values[0] / one.factor, two.values[0] / two.factor)
