"""The phrases of a sentence that have the form of an answer: dates, amounts, names. Pure.

Owns: where such a phrase begins and ends. Knows nothing about the question but the type of its answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rag.answering.short_answers.words import (
    MONTHS_AND_DAYS,
    NAME_PARTICLES,
    NO_END,
    NOT_PERSONS,
    SENTENCE_OPENERS,
)
from rag.patterns import lazy_pattern
from rag.question.vocabulary import AnswerType
from rag.text import STOPWORDS, terms
from rag.verify.parse.dates import find_dates
from rag.verify.parse.quantities import Quantity, find_quantities

MOST_WORDS = 12
"""Words of a short answer of fact."""

_ORDINAL = (
    r"(?:\d{1,2}(?:st|nd|rd|th)|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth"
    r"|thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|twenty-first)"
)
_CENTURY = (
    rf"(?:early |mid[- ]?|late |end of the )?{_ORDINAL}[- ](?:century|centuries|millennium)(?: (?:BCE?|AD|CE))?"
    r"|\d{1,2}\. Jahrhunderts?"
)
_YEAR = r"(?:1\d{3}|20\d\d)"
# Times that are no calendar dates: centuries, decades, ranges of years, years, days of the week, seasons.
_TIME = lazy_pattern(
    rf"\b(?:{_ORDINAL} (?:and|to|or) {_CENTURY}|{_CENTURY}|(?:(?:early|mid|late)[- ])?(?:the )?{_YEAR}s\b"
    rf"|{_YEAR}\s?(?:[-–—/]|to|and|bis)\s?(?:{_YEAR}|\d\d)\b"
    rf"|(?:AD |A\.D\. )?\b{_YEAR}\b(?! ?%)(?: (?:BCE?|AD|CE)\b)?|AD \d{{1,4}}\b|\d{{1,4}} (?:BCE?|AD|CE|A\.D|B\.C)\b"
    r"|(?:spring|summer|autumn|winter|fall|early|mid|late)(?: of)? (?:1\d{3}|20\d\d)"
    r"|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)days?\b|(?:Mon|Diens|Donners|Frei|Sams|Sonn)tags?\b|Mittwochs?\b"
    r"|noon|midnight)",
)
# Words before an amount that belong to it.
_BOUND = re.compile(
    r"(?:\b(?:more|less|fewer|greater|higher|longer|later) than|\b(?:at least|at most|up to|over|under|above|below"
    r"|about|around|approximately|roughly|nearly|almost|some|circa|ca\.|only"
    r"|just over|just under|mehr als|etwa|rund|bis zu)"
    r")\s+$",
    re.I,
)
# What joins two times to one; "to" joins times of day only: "moved from 3 June to 24 June" is no range.
_TIME_RANGE = re.compile(r"(?:\s?Uhr)?\s?(?:[-–—]|bis(?: zum| zur)?|until|till|through)\s?", re.I)
_CLOCK_RANGE = re.compile(r"\s(?:to|and)\s", re.I)
_RANGE = re.compile(r"\s?(?:[-–—]|to|and|or|bis|und)\s?", re.I)
# What may follow an amount as a part of its unit: "/s", "per year", "a week", "of the population".
_UNIT_TAIL = re.compile(
    r"(?:/[^\W\d]\w*(?:²|³)?)?(?:\s(?:per|a|an|each|every|pro|je)\s(?:year|month|week|day|hour|minute|second|night|person|head"
    r"|capita|square \w+|Jahr|Monat|Woche|Tag|Stunde|Person|Nacht))?(?: (?:AD|BCE?|CE))?"
)
_NOUN_BEHIND = re.compile(r"\s([^\W\d_][\w-]*)")
# What numbers a thing.
_CODE_BEHIND_NOUN = re.compile(r"(?:[A-Z]{0,3}-?\d[\d.]*[a-zA-Z]?|[A-Z])")
# Words before a noun that tell it from others.
_MOST_BEFORE_NOUN = 4
# A word that opens a sentence and is an adverb or a form of a verb; an adjective of a people: "European powers".
_FORM_OF_VERB = re.compile(r"(?:ing|ed|ly)$")
_DEMONYM = re.compile(r"(?:ian|ean|ish|ese|Roman|German|French|Dutch|Greek|American)$")
_TOKEN = re.compile(r"[\w’'.&-]*[\w’'&]")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase of a text, ``text[start:end]``; ``form`` is ``time``, ``amount``, ``name`` or ``noun``."""

    start: int
    end: int
    form: str


def find_phrases(text: str, answer_type: AnswerType, focus: str) -> list[Phrase]:
    """Find the phrases of a sentence that have the form which a type of answer takes.

    Args:
        text: The sentence.
        answer_type: The type.
        focus: The noun that the question asks for: an amount takes it along where it follows.

    Returns:
        The phrases in order, without overlaps.
    """
    match answer_type:
        case "date" | "year" | "time":
            return _times(text, answer_type)
        case "duration" | "money" | "percentage" | "number":
            return _amounts(text, answer_type, focus)
        case "person" | "place" | "name":
            return [phrase for phrase in names(text) if answer_type != "person" or _may_be_person(text, phrase)]
        case _:
            return []


def phrases_with(text: str, focus_stem: str) -> list[Phrase]:
    """Find where a noun stands with what tells it from others: "Chen's theorem", "Room 4.12".

    Args:
        text: The sentence.
        focus_stem: The stem of the noun.

    Returns:
        The noun with its number, "Room 4.12", where one stands so; else with up to four words before it, back to the
        first that is an article, a pronoun and such.
    """
    tokens = list(_TOKEN.finditer(text))
    if numbered := _numbered(text, tokens, focus_stem):
        return numbered
    phrases: list[Phrase] = []
    for i, token in enumerate(tokens):
        if focus_stem not in terms(token.group()):
            continue
        first = i
        while first and i - first < _MOST_BEFORE_NOUN and _belongs(text, tokens[first - 1], tokens[first]):
            first -= 1
        if any(_is_capital(word) for word in tokens[first:i]) and first < i:
            phrases.append(Phrase(tokens[first].start(), token.end(), "noun"))
    return phrases


def _numbered(text: str, tokens: Sequence[re.Match[str]], focus_stem: str) -> list[Phrase]:
    """Return where a noun has a number or a code right behind it: "Room 4.12", "Gate B7"."""
    return [
        Phrase(noun.start(), code.end(), "noun")
        for noun, code in pairwise(tokens)
        if focus_stem in terms(noun.group())
        and text[noun.end() : code.start()] == " "
        and _CODE_BEHIND_NOUN.fullmatch(code.group())
    ]


def _belongs(text: str, word: re.Match[str], following: re.Match[str]) -> bool:
    """Tell whether a word before another one is part of the same noun phrase."""
    between = text[word.end() : following.start()]
    lower = word.group().lower()
    return between in (" ", "-", "–") and lower not in STOPWORDS and lower not in NO_END | NAME_PARTICLES


def _times(text: str, answer_type: AnswerType) -> list[Phrase]:
    # "28 June." at the end of a sentence.
    spans = [(date.start, date.end - text[: date.end].endswith(".")) for date in find_dates(text)]
    spans += [match.span() for match in _TIME.finditer(text)]
    spans += [(q.start, q.end) for q in find_quantities(text) if q.unit == "time of day"]
    phrases = [Phrase(start, end, "time") for start, end in _time_ranges(text, _longest(spans))]
    if answer_type == "year":
        return [phrase for phrase in phrases if re.search(rf"{_YEAR}|\d{{2,4}} (?:BC|AD|CE)", _slice(text, phrase))]
    if answer_type == "time":
        at_times = [
            phrase
            for phrase in phrases
            if re.search(r"\d[:.h]\d\d|\d ?[ap]\.?m|noon|midnight|Uhr", _slice(text, phrase))
        ]
        return at_times or phrases
    return phrases


def _time_ranges(text: str, spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join the two times of a range: half of "11:30 bis 14:00" is no answer."""
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined:
            first, last = joined[-1]
            clocks = ":" in text[first:last] and ":" in text[start:end]
            between = clocks and text[:first].rstrip().lower().endswith(("between", "zwischen"))
            joint = _CLOCK_RANGE.fullmatch(text, last, start) if clocks else None
            if _TIME_RANGE.fullmatch(text, last, start) or (joint and (between or joint.group().strip() == "to")):
                joined[-1] = (first, end)
                continue
        joined.append((start, end))
    return joined


def _amounts(text: str, answer_type: AnswerType, focus: str) -> list[Phrase]:
    times = [(date.start, date.end) for date in find_dates(text)]
    runs = _joined(text, find_quantities(text))
    phrases: list[Phrase] = []
    for run in runs:
        first, last = run[0], run[-1]
        start, end = first.start, last.end
        if any(left < end and start < right for left, right in times) or not _has_unit(run, answer_type):
            continue
        if tail := _UNIT_TAIL.match(text, end):
            end = tail.end()
        if not last.unit and end == last.end:
            end = _with_noun(text, end, focus)
        if bound := _BOUND.search(text[max(0, start - 20) : start]):
            start -= len(bound.group())
        phrases.append(Phrase(start, end, "amount"))
    return phrases


def _joined(text: str, quantities: Sequence[Quantity]) -> list[list[Quantity]]:
    """Return the quantities in runs: the two of a range are one, "12 to 15 million"."""
    runs: list[list[Quantity]] = []
    for quantity in quantities:
        if quantity.unit in ("decade",):
            continue
        previous = runs[-1][-1] if runs else None
        if (
            previous
            and len(runs[-1]) == 1
            and _RANGE.fullmatch(text, previous.end, quantity.start)
            and previous.unit in ("", quantity.unit)
            and not previous.is_year()
        ):
            runs[-1].append(quantity)
        else:
            runs.append([quantity])
    return runs


_MONEY = frozenset(
    """dollar euro sterling yen rupee franc yuan ruble zloty won real crown crowns krone kronor pence cents""".split()
)


def _has_unit(run: Sequence[Quantity], answer_type: AnswerType) -> bool:
    unit = run[-1].unit
    is_time = unit in ("second", "month", "decade")
    is_money = any(word in _MONEY for word in unit.split())
    match answer_type:
        case "duration":
            return is_time
        case "money":
            return is_money or (not unit and not run[-1].is_year())
        case "percentage":
            return unit in ("percent", "percentage point") or (not unit and run[-1].factor == 1 and "/" in run[-1].text)
        case _:
            return unit not in ("ordinal", "time of day") and not (run[-1].is_year() and len(run[-1].text) == 4)


def _with_noun(text: str, end: int, focus: str) -> int:
    """Return the end of an amount with the noun that it counts, "3 crowns"; with the focus, up to two words on."""
    match = _NOUN_BEHIND.match(text, end)
    if not match or match.group(1).lower() in STOPWORDS or match.group(1).lower() in NO_END:
        return end
    if focus and match.group(1).lower() != focus:
        following = _NOUN_BEHIND.match(text, match.end())
        if following and following.group(1).lower() == focus:
            return following.end()
    return match.end()


def names(text: str) -> list[Phrase]:
    """Return the names of a sentence: runs of words with a capital, and the small words inside them.

    A word that only opens the sentence is no name by itself.
    """
    tokens = list(_TOKEN.finditer(text))
    phrases: list[Phrase] = []
    i = 0
    while i < len(tokens):
        if not _is_capital(tokens[i]) and not _is_initial(text, tokens[i]):
            i += 1
            continue
        last, j = i, i + 1
        while j < len(tokens) and text[tokens[j - 1].end() : tokens[j].start()] in (" ", "-", ". ", "\u00a0"):
            if re.search("['’]s$", tokens[last].group()):
                break
            if _is_capital(tokens[j]) or _is_initial(text, tokens[j]):
                last = j
            elif tokens[j].group().lower() not in NAME_PARTICLES or j - last > 2:
                break
            j += 1
        first = i
        i = last + 1
        words = [token.group() for token in tokens[first : last + 1]]
        opens = _opens_sentence(text, tokens[first].start())
        if opens:
            while first <= last and tokens[first].group().lower() in STOPWORDS | SENTENCE_OPENERS | NAME_PARTICLES:
                first += 1
            if first > last or (len(words) == 1 and _FORM_OF_VERB.search(words[0])):
                continue
        if first == last and _DEMONYM.search(words[-1]) and _NOUN_BEHIND.match(text, tokens[last].end()):
            continue
        if all(token.group().lower() in MONTHS_AND_DAYS for token in tokens[first : last + 1]):
            continue
        possessive = re.search("['’]s?$", tokens[last].group())
        end = tokens[last].start() + possessive.start() if possessive else tokens[last].end()
        phrases.append(Phrase(tokens[first].start(), end, "name"))
    return phrases


def _is_capital(token: re.Match[str]) -> bool:
    word = token.group()
    return word[0].isupper() and not (len(word) == 1 and word in "IA")


def _is_initial(text: str, token: re.Match[str]) -> bool:
    """Tell whether a word is a letter that stands for a name: "A. Lind"."""
    return len(token.group()) == 1 and token.group().isupper() and text[token.end() : token.end() + 1] == "."


def _opens_sentence(text: str, start: int) -> bool:
    return not text[:start].strip(" \"'“„«([*#-") or text[:start].rstrip()[-1:] in ".:;!?"


def _may_be_person(text: str, phrase: Phrase) -> bool:
    words = [word.lower() for word in _slice(text, phrase).split()]
    return not any(word in NOT_PERSONS for word in words)


def _longest(spans: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield the spans in order, of overlapping ones the one that begins first and is longest."""
    end = -1
    for left, right in sorted(spans, key=lambda span: (span[0], -span[1])):
        if left >= end:
            yield left, right
            end = right


def _slice(text: str, phrase: Phrase) -> str:
    return text[phrase.start : phrase.end]
