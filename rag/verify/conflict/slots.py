"""A sentence as a row of dates, numbers, names and words. Pure.

Owns: what of a sentence is compared, and when two parts of it say the same. Knows nothing about pairs of sentences.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from rag.text import STOPWORDS
from rag.verify.conflict.vocabulary import OPPOSITE_STEMS, TITLES
from rag.verify.parse.dates import Date
from rag.verify.parse.digits import inside_any
from rag.verify.parse.lexicon import NEGATIONS, QUANTIFIERS, WEEKDAYS
from rag.verify.parse.parsed_text import ParsedText, Token, is_light, parse_text, stem_of
from rag.verify.parse.quantities import Quantity

Kind = Literal["date", "number", "name", "word"]

# Longer sentences are not laid side by side.
MOST_SLOTS = 80
# What may stand between two words of one name.
_NAME_GAP = re.compile(r"[ .'’-]{1,3}|\.? (?:of(?: the)?|de|del|da|di|van|von|la|le|al|du) ")
_JOINTS = frozenset("of the de del da di van von la le al du".split())
_GERMAN = re.compile(r"\b(?:der|die|das|den|dem|des|und|ist|sind|wird|wurde|nicht|ein|eine|für|auf|von|zu)\b", re.I)
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Slot:
    """A part of a sentence.

    Attributes:
        kind: What it is; a year that stands alone is a date.
        key: What two slots share that may stand in the place of each other: the kind of a value, the stem of a word.
        text: Its words.
        start: Where it starts in the text of the parsed sentence.
        end: Where it ends.
        stems: The stems of its words; titles such as "Mr" are no part of a name.
        is_weak: Whether the sentence says the same without it: a quantifier, or a small word that has an opposite.
        value: The date or the number.
    """

    kind: Kind
    key: str
    text: str
    start: int
    end: int
    stems: frozenset[str]
    is_weak: bool = False
    value: Date | Quantity | None = None

    def says_the_same(self, other: Slot) -> bool:
        """Return whether two slots of one key may say the same: "3 May 1931" and "1931", "Ada Berg" and "Berg"."""
        own, its = self.value, other.value
        if isinstance(own, Date) and isinstance(its, Date):
            return own.is_implied_by(its) or its.is_implied_by(own)
        if isinstance(own, Quantity) and isinstance(its, Quantity):
            return own.equals(its)
        if own is not None and its is not None:
            return bool(self.years() & other.years())
        return self.stems <= other.stems or other.stems <= self.stems or _are_initials(self, other)

    def years(self) -> frozenset[int]:
        """Return the years that a date may name."""
        if isinstance(self.value, Date):
            return self.value.years()
        return frozenset(map(int, self.value.values)) if self.value else frozenset()


@lru_cache(maxsize=2048)
def slots_of(text: str) -> tuple[Slot, ...]:
    """Return the slots of a sentence in order; light words, negations and most small words are none."""
    parsed = parse_text(text)
    values = list(_values(parsed))
    is_in_value = inside_any([(slot.start, slot.end) for slot in values])
    tokens = [token for token in parsed.tokens if not is_in_value(token.start)]
    return tuple(sorted((*values, *_words(parsed, tokens)), key=lambda slot: slot.start))


def is_german(text: str) -> bool:
    """Return whether a text is German, whose nouns all have capitals."""
    return len(_GERMAN.findall(text)) > 1


def _values(parsed: ParsedText) -> Iterator[Slot]:
    ends = -1
    for date in parsed.dates:
        if date.start >= ends:
            yield Slot("date", "<date>", date.text.strip(), date.start, date.end, frozenset(), value=date)
            ends = date.end
    for number in parsed.quantities:
        kind: Kind = "date" if number.is_year() else "number"
        key = "<date>" if kind == "date" else f"<number {number.unit}>"
        yield Slot(kind, key, number.text.strip(), number.start, number.end, frozenset(), value=number)


def _words(parsed: ParsedText, tokens: Sequence[Token]) -> Iterator[Slot]:
    """Yield names, a run of words with capitals as one, and the other words that are compared."""
    names = {part for name in parsed.names for part in _WORD.findall(name)}
    in_german = is_german(parsed.text)
    run: list[Token] = []
    for token in tokens:
        written = parsed.text[token.start : token.end]
        is_name = token.is_content and written in names and parsed.starts_upper(token) and token.word not in WEEKDAYS
        # "William E. Simon", "the University of Oslo"
        follows_initial = bool(run) and run[-1].end - run[-1].start == 1
        is_name = is_name or bool(run and written[0].isupper() and (len(written) == 1 or follows_initial))
        if run and written in _JOINTS:
            continue
        if run and not (is_name and _NAME_GAP.fullmatch(parsed.text[run[-1].end : token.start])):
            yield _name(parsed, run, in_german)
            run = []
        if is_name:
            run.append(token)
        elif token.word in QUANTIFIERS:
            yield _word(parsed, token, f"<{QUANTIFIERS[token.word]}>", True)
        elif token.word in NEGATIONS:
            continue
        elif token.is_content and not is_light(token):
            yield _word(parsed, token, token.stem, False)
        elif token.stem in OPPOSITE_STEMS:
            yield _word(parsed, token, token.stem, True)
    if run:
        yield _name(parsed, run, in_german)


def _word(parsed: ParsedText, token: Token, key: str, is_weak: bool) -> Slot:
    text = parsed.text[token.start : token.end]
    return Slot("word", key, text, token.start, token.end, frozenset({token.stem}), is_weak)


def _name(parsed: ParsedText, run: Sequence[Token], in_german: bool) -> Slot:
    """Return the slot of a name; in German a single word with a capital may be any noun."""
    if in_german and len(run) == 1:
        return _word(parsed, run[0], run[0].stem, False)
    stems = frozenset(token.stem for token in run)
    text = parsed.text[run[0].start : run[-1].end]
    return Slot("name", "<name>", text, run[0].start, run[-1].end, stems - TITLES or stems)


def _are_initials(one: Slot, other: Slot) -> bool:
    """Return whether a name is that of the other in initials: "UN" and "United Nations", "A. Berg" and "Ada Berg"."""
    return _abbreviates(one.text, other.text) or _abbreviates(other.text, one.text)


def _abbreviates(short: str, long: str) -> bool:
    parts, whole = _WORD.findall(short), _WORD.findall(long)
    if len(parts) == 1 and len(whole) > 1:
        return str(parts[0]) == "".join(part[0] for part in whole if part.lower() not in STOPWORDS)
    return len(parts) == len(whole) and all(
        part == other or (len(part) == 1 and other.startswith(part)) for part, other in zip(parts, whole, strict=True)
    )


def stems_in(text: str) -> frozenset[str]:
    """Return the stems of all words of a text."""
    return frozenset(stem_of(token.word) for token in parse_text(text).tokens)
