"""A sentence as the checker reads it: its words, quantities and dates, and which words it denies or limits. Pure.

Owns: reading one sentence or line. Knows nothing about comparing two.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import takewhile

from rag.text import STOPWORDS, terms, words
from rag.verify.dates import Date, find_dates
from rag.verify.lexicon import (
    DENYING,
    IRREGULAR,
    LIGHT,
    MODALS,
    MONTHS,
    NEGATIONS,
    NOT_NEGATIONS,
    QUANTIFIERS,
    WEEKDAYS,
)
from rag.verify.quantities import Quantity, find_quantities

# Words behind a negation, a modal or a quantifier that it speaks of.
_SCOPE = 3
_LONGEST = 20_000
_CONTRACTIONS = (
    (re.compile(r"\b(?:can't|cannot|can not)\b", re.I), "can not"),
    (re.compile(r"\bwon't\b", re.I), "will not"),
    (re.compile(r"\bshan't\b", re.I), "shall not"),
    (re.compile(r"n't\b", re.I), " not"),
    # "The 1990's" is a decade.
    (re.compile(r"(?<!\d0)(?<!\d0 )'s\b|'(?=\s|$)", re.I), ""),
)
_INITIALS = re.compile(r"\b(?:U\.S|U\.K|U\.N|E\.U|D\.C)\.?(?![\w.])")
# Short names that are common words when written small; not where everything around is in capitals.
_ACRONYM = re.compile(r"(?<![A-Z]\s)\b(?:IT|US|WHO)\b(?!\s[A-Z]{2})")
_NOT_NEGATIONS = re.compile(rf"\b(?:{'|'.join(NOT_NEGATIONS)})\b", re.I)
# A word with a capital that does not open a sentence; all capitals and inner capitals count anywhere.
_NAME = re.compile(
    r"(?<=[^.!?:;\s“”\"(\[•*#|-]\s)[A-ZÀ-ÞΑ-ΩА-Я][\w’'-]*\w|\b\w*[a-zß-ÿ\d][A-ZÀ-Þ]\w*|\b[A-ZÀ-ÞΑ-ΩА-Я]{2,}\w*"
)
_OPENING_NAME = re.compile(r"^\W*([A-ZÀ-ÞΑ-ΩА-Я]\w+)(?=\s+(?:[A-ZÀ-ÞΑ-ΩА-Я]\w))")
_QUOTED = re.compile(r"“([^“”]{2,})”|\"([^\"]{2,})\"|«\s?([^«»]{2,}?)\s?»|„([^„“”]{2,})[“”]")
_HELPING = frozenset("be been being have has had to yet always longer ever any a an the yet so very".split())
_YES_NO = re.compile(r"^\W*(?:yes|no)[.,:;!]\s+(?=\w)", re.I)
# What an answer says of its source before it says anything of its subject.
_DOCUMENTS = (
    "(?:documents?|documentation|sources?|text|passages?|context|excerpts?|evidence|information|handbook|manual|guide"
    "|policy|policies|article|report|page)"
)
_LEAD_IN = re.compile(
    rf"^\W*(?:(?:according to|based on|as per|per|as (?:stated|described|noted|mentioned|explained|specified|outlined"
    rf"|defined|given) (?:in|by)) (?:(?:the|this|these|your|our) )?(?:(?-i:[a-z]+) )?{_DOCUMENTS},?\s+(?=\w)"
    rf"|(?:the|this|these|your|our) (?:(?-i:[a-z]+) )?{_DOCUMENTS} (?:also )?(?:says?|states?|notes?|mentions?"
    r"|explains?|indicates?|specif(?:y|ies)) that\s+(?=\w)"
    r"|(?:in (?:short|summary|conclusion|brief|other words)|to summari[sz]e|overall|specifically),?\s+(?=\w))",
    re.I,
)
_BREAK = re.compile(r"[.;:,()!?—–|]|\s-\s")


@dataclass(frozen=True, slots=True)
class Token:
    """A word: as written in small letters, its stem, and where it stands."""

    word: str
    stem: str
    start: int
    end: int
    content: bool


@dataclass(frozen=True, slots=True)
class Limit:
    """A word that denies, limits or obliges, its class, and the stems of the words it speaks of, nearest first.

    ``close`` where the first of them stands right behind it, helping verbs aside.
    """

    word: str
    kind: str
    scope: tuple[str, ...]
    close: bool = False


@dataclass(frozen=True, slots=True)
class ParsedText:
    """What one sentence or line says, in parts that can be compared."""

    text: str
    tokens: tuple[Token, ...]
    content: frozenset[str]
    stems: frozenset[str]
    quantities: tuple[Quantity, ...]
    dates: tuple[Date, ...]
    names: tuple[str, ...]
    negations: tuple[Limit, ...]
    denying: tuple[Limit, ...]
    modals: tuple[Limit, ...]
    quantifiers: tuple[Limit, ...]

    def content_in_order(self) -> list[Token]:
        """The content words outside quantities and dates."""
        measured = within([*((q.start, q.end) for q in self.quantities), *((d.start, d.end) for d in self.dates)])
        return [token for token in self.tokens if token.content and not measured(token.start)]

    def undated(self) -> list[Token]:
        """The content words outside dates."""
        dated = within([(date.start, date.end) for date in self.dates])
        return [token for token in self.tokens if token.content and not dated(token.start)]


def within(spans: Sequence[tuple[int, int]]) -> Callable[[int], bool]:
    """Whether a place is in one of some spans, which do not overlap."""
    ends = dict(spans)
    starts = sorted(ends)

    def holds(place: int) -> bool:
        at = bisect_right(starts, place) - 1
        return at >= 0 and place < ends[starts[at]]

    return holds


def normalise_marks(text: str) -> str:
    """Text in one spelling: compatibility-composed, straight quotes in words, contractions written out."""
    text = unicodedata.normalize("NFKC", text[:_LONGEST]).replace("’", "'").replace("\u00ad", "")
    text = text.replace("``", '"').replace("''", '"')
    for pattern, replacement in _CONTRACTIONS:
        text = pattern.sub(replacement, text)
    return _INITIALS.sub(lambda match: re.sub(r"\W", "", match.group()), text)


@lru_cache(maxsize=8192)
def parse_text(text: str) -> ParsedText:
    """The reading of a sentence or line."""
    text = _YES_NO.sub("", normalise_marks(text))
    tokens = tuple(_tokens(text))
    denied = _NOT_NEGATIONS.sub(lambda match: re.sub(r"\w", "_", match.group()), text)
    breaks = [match.start() for match in _BREAK.finditer(text)]
    named = find_dates(text)
    dated = within([(date.start, date.end) for date in named])
    return ParsedText(
        text,
        tokens,
        frozenset(token.stem for token in tokens if token.content),
        frozenset(token.stem for token in tokens),
        tuple(q for q in find_quantities(text) if not dated(q.start)),
        tuple(named),
        tuple(names(text)),
        tuple(
            Limit(token.word, "not", _scope(tokens, i, breaks), _close(tokens, i))
            for i, token in enumerate(tokens)
            if token.word in NEGATIONS and denied[token.start] != "_"
        ),
        tuple(
            Limit(token.word, "not", _scope(tokens, i, breaks), _close(tokens, i))
            for i, token in enumerate(tokens)
            if token.word in DENYING and denied[token.start] != "_"
        ),
        tuple(_limits(text, tokens, breaks, MODALS)),
        tuple(_limits(text, tokens, breaks, QUANTIFIERS)),
    )


def word_root(word: str) -> str:
    """The stem of a word, irregular forms brought together; British and American spellings are one."""
    stems = terms(IRREGULAR.get(word, word))
    stem = stems[0] if len(stems) == 1 else word
    return stem[:-1] + "s" if stem.endswith(("iz", "yz")) else stem


def content_stems(text: str) -> list[str]:
    """The distinct stems of a text's content words, in order."""
    return list(dict.fromkeys(word_root(word) for word in words(text) if word not in STOPWORDS))


def names(text: str) -> list[str]:
    """The names of a text: words that a source must hold as they are. Months and days of the week are dates."""
    found = _NAME.findall(text)
    acronyms = set(_ACRONYM.findall(text))
    if opening := _OPENING_NAME.match(text):
        found.insert(0, opening.group(1))
    return [
        name
        for name in dict.fromkeys(found)
        if (name.lower() not in STOPWORDS or name in acronyms)
        and name.lower() not in MONTHS
        and name.lower() not in QUANTIFIERS
    ]


def weekdays(reading: ParsedText) -> set[str]:
    """The days of the week that are named."""
    return {token.word.removesuffix("s") for token in reading.tokens} & WEEKDAYS


def quoted_words(text: str) -> list[str]:
    """What stands between quotation marks."""
    return [next(filter(None, match.groups())) for match in _QUOTED.finditer(text)]


def _tokens(text: str) -> list[Token]:
    found: list[Token] = []
    lead_in = _LEAD_IN.match(text)
    opening = lead_in.end() if lead_in else 0
    for match in re.finditer(r"\w+(?:[.,]\d+)*", text):
        if match.start() < opening:
            continue
        for word in words(match.group()):
            stem = word_root(word)
            content = word not in STOPWORDS and word not in MODALS and word not in NEGATIONS and word not in QUANTIFIERS
            found.append(Token(word, stem, match.start(), match.end(), content))
    return found


def _scope(tokens: Sequence[Token], at: int, breaks: Sequence[int]) -> tuple[str, ...]:
    """The stems of the content words behind a word up to the next break; of those before it where none follows."""
    end = next((position for position in breaks if position >= tokens[at].end), _LONGEST * 2)
    # "No longer open" denies "open".
    first = at + 2 if tokens[at].word == "no" and [t.word for t in tokens[at + 1 : at + 2]] == ["longer"] else at + 1
    after = [t.stem for t in tokens[first : at + 8] if t.content and t.start < end][:_SCOPE]
    if after:
        return tuple(after)
    start = max((position for position in breaks if position <= tokens[at].start), default=-1)
    return tuple(t.stem for t in reversed(tokens[max(0, at - 6) : at]) if t.content and t.start > start)[:_SCOPE]


def _close(tokens: Sequence[Token], at: int) -> bool:
    """Whether nothing but a helping verb stands between a word and the content word it speaks of."""
    between = takewhile(lambda token: not token.content, tokens[at + 1 : at + 6])
    return all(token.word in _HELPING for token in between)


def _limits(text: str, tokens: Sequence[Token], breaks: Sequence[int], kinds: dict[str, str]) -> list[Limit]:
    return [
        Limit(token.word, _kind(tokens, i, kinds), _scope(tokens, i, breaks))
        for i, token in enumerate(tokens)
        # "May" with a capital inside a sentence is a month.
        if token.word in kinds and not (token.word == "may" and text[token.start].isupper() and i)
    ]


def _kind(tokens: Sequence[Token], at: int, kinds: dict[str, str]) -> str:
    """The class of a limiting word; "not only" and "not all" are their own."""
    kind = kinds[tokens[at].word]
    return f"not {kind}" if at and tokens[at - 1].word == "not" and kinds is QUANTIFIERS else kind


def is_light(token: Token) -> bool:
    """Whether a word adds nothing to what is said."""
    return token.word in LIGHT or token.stem in LIGHT
