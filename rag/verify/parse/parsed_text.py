"""What one sentence or line says, in parts that can be compared. Pure.

Owns: ``ParsedText`` and how a text becomes one (``parse_text``):

    spelling     quotation marks, contractions and compatibility characters in one form (``normalise_spelling``)
    words        tokens with stems, irregular and American forms brought together (``Token``, ``stem_of``)
    names        words with a capital, which a source must hold as they are (``find_names``)
    qualifiers   negations, modals and quantifiers, each with the words it speaks of (``Qualifier``)
    quotations   what stands between quotation marks (``find_quotations``)

Numbers and dates are found by ``quantities`` and ``dates``. Knows nothing about comparing two texts.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import takewhile
from typing import NamedTuple

from rag.patterns import lazy_pattern
from rag.text import IN_WORD, MARKS, STOPWORDS, UNSPACED, is_unspaced, terms, words
from rag.verify.parse.dates import Date, find_dates
from rag.verify.parse.digits import Notation, find_references, inside_any, write_out
from rag.verify.parse.lexicon import (
    DENYING_WORDS,
    IRREGULAR_FORMS,
    LIGHT_WORDS,
    MODALS,
    MONTHS,
    NEGATION_IDIOMS,
    NEGATIONS,
    QUANTIFIERS,
    WEEKDAYS,
)
from rag.verify.parse.quantities import Quantity, find_quantities

# Cap on the content words that one negation, modal or quantifier speaks of.
_MAX_SCOPE = 3
# Tokens that are searched for these words: behind the qualifier, or before it where none follows.
_SCOPE_AHEAD, _SCOPE_BACK = 7, 6
# Cap on the characters of one sentence that are compared.
_MAX_CHARACTERS = 20_000

_CANNOT = re.compile(r"\b(?:can't|cannot|can not)\b", re.I)
_CONTRACTIONS = (
    (re.compile(r"\bwon't\b", re.I), "will not"),
    (re.compile(r"\bshan't\b", re.I), "shall not"),
    (re.compile(r"n't\b", re.I), " not"),
    # A possessive is dropped; "the 1990's" is a decade and stays.
    (re.compile(r"(?<!\d0)(?<!\d0 )'s\b|'(?=\s|$)", re.I), ""),
)
# Abbreviations that lose their full stops, so that "U.S." is "US".
_DOTTED_INITIALS = re.compile(r"\b(?:U\.S|U\.K|U\.N|E\.U|D\.C)\.?(?![\w.])")
# Names that are stopwords in small letters; not where the words around are all in capitals.
_STOPWORD_ACRONYM = re.compile(r"(?<![A-Z]\s)\b(?:IT|US|WHO)\b(?!\s[A-Z]{2})")
_NEGATION_IDIOM = re.compile(rf"\b(?:{'|'.join(NEGATION_IDIOMS)})\b", re.I)
# A word with a capital that does not open a sentence; one with all or with inner capitals counts anywhere.
_NAME = re.compile(
    r"(?<=[^.!?:;\s“”\"(\[•*#|-]\s)[A-ZÀ-ÞΑ-ΩА-Я][\w’'-]*\w|\b\w*[a-zß-ÿ\d][A-ZÀ-Þ]\w*|\b[A-ZÀ-ÞΑ-ΩА-Я]{2,}\w*"
)
# The word that opens a sentence is a name where a second one with a capital follows: "Ada Lund sleeps".
_OPENING_NAME = re.compile(r"^\W*([A-ZÀ-ÞΑ-ΩА-Я]\w+)(?=\s+(?:[A-ZÀ-ÞΑ-ΩА-Я]\w))")
_QUOTATION = re.compile(r"“([^“”]{2,})”|\"([^\"]{2,})\"|«\s?([^«»]{2,}?)\s?»|„([^„“”]{2,})[“”]")
# Words that may stand between a negation and the word it denies: "has not yet been opened".
_HELPING_WORDS = frozenset("be been being have has had to yet always longer ever any a an the yet so very".split())
_YES_NO = re.compile(r"^\W*(?:yes|no)[.,:;!]\s+(?=\w)", re.I)
_DOCUMENT_WORDS = (
    "(?:documents?|documentation|sources?|text|passages?|context|excerpts?|evidence|information|handbook|manual|guide"
    "|policy|policies|article|report|page)"
)
# What an answer says of its source before it says anything of its subject: "According to the handbook, …".
_LEAD_IN = re.compile(
    rf"^\W*(?:(?:according to|based on|as per|per|as (?:stated|described|noted|mentioned|explained|specified|outlined"
    rf"|defined|given) (?:in|by)) (?:(?:the|this|these|your|our) )?(?:(?-i:[a-z]+) )?{_DOCUMENT_WORDS},?\s+(?=\w)"
    rf"|(?:the|this|these|your|our) (?:(?-i:[a-z]+) )?{_DOCUMENT_WORDS} (?:also )?(?:says?|states?|notes?|mentions?"
    r"|explains?|indicates?|specif(?:y|ies)) that\s+(?=\w)"
    r"|(?:in (?:short|summary|conclusion|brief|other words)|to summari[sz]e|overall|specifically),?\s+(?=\w))",
    re.I,
)
# Words that are no content words.
_SMALL_WORDS = STOPWORDS.union(MODALS, NEGATIONS, QUANTIFIERS)
# Letters and digits, the separators of a number among them.
_RUN = re.compile(r"\w+(?:[.,]\d+)*")
# The same where words have marks, and where a number stands between words without a space.
_RUN_WITH_MARKS = re.compile(rf"\w[{IN_WORD}]*(?:[.,]\d+)*")
_RUN_OF_ANY_SCRIPT = lazy_pattern(
    rf"[{UNSPACED}][{UNSPACED}{MARKS}]*|(?:(?![{UNSPACED}])\w)(?:(?![{UNSPACED}])[{IN_WORD}])*(?:[.,]\d+)*"
)
# Punctuation at which the scope of a qualifier ends.
_SCOPE_BREAK = re.compile(r"[.;:,()!?—–|]|\s-\s")


class Token(NamedTuple):
    """A word of a parsed text; a tuple, since a text has many.

    Attributes:
        word: The word in small letters.
        stem: Its stem (``stem_of``).
        start: Where its run of letters and digits starts in ``ParsedText.text``.
        end: Where that run ends.
        is_content: False for stopwords, negations, modals and quantifiers.
    """

    word: str
    stem: str
    start: int
    end: int
    is_content: bool


@dataclass(frozen=True, slots=True)
class Qualifier:
    """A negation, a modal or a quantifier, with the words it speaks of.

    Attributes:
        word: The word in small letters.
        kind: Its class, such as "not", "must" or "all"; words of one class mean much the same.
        scope: The stems of the content words it speaks of, nearest first; three at most.
        is_adjacent: Whether only helping words stand between a negation and the next content word.
    """

    word: str
    kind: str
    scope: tuple[str, ...]
    is_adjacent: bool = False


@dataclass(frozen=True, slots=True)
class ParsedText:
    """What one sentence or line says.

    Attributes:
        text: The text in normalised spelling; all positions are positions in it.
        tokens: Its words in order, without a lead-in such as "According to the handbook".
        content_stems: The stems of its content words.
        stems: The stems of all its words.
        quantities: Its numbers in order, those inside dates left out.
        dates: Its dates in order.
        names: Its names in order, each once.
        negations: "not", "never", "without" …
        denials: Words that deny what follows: "refuse", "fail", "unlikely" …
        modals: "must", "may", "should" …
        quantifiers: "all", "some", "only" …
        notation: How its numbers and dates of two readings are read; None: nobody has told.
    """

    text: str
    tokens: tuple[Token, ...]
    content_stems: frozenset[str]
    stems: frozenset[str]
    quantities: tuple[Quantity, ...]
    dates: tuple[Date, ...]
    names: tuple[str, ...]
    negations: tuple[Qualifier, ...]
    denials: tuple[Qualifier, ...]
    modals: tuple[Qualifier, ...]
    quantifiers: tuple[Qualifier, ...]
    notation: Notation | None = None

    def __hash__(self) -> int:
        """Return the hash of the text, which all else follows from."""
        return hash(self.text)

    def content_outside_numbers(self) -> tuple[Token, ...]:
        """Return the content words that are no part of a quantity or a date, in order."""
        return _content_outside_numbers(self)

    def starts_upper(self, token: Token) -> bool:
        """Return whether a token of this text starts with a capital."""
        return self.text[token.start].isupper()


@lru_cache(maxsize=8192)
def parse_text(text: str) -> ParsedText:
    """Parse one sentence or line; an opening "Yes," or "No," is left out."""
    text = _YES_NO.sub("", normalise_spelling(text))
    dates = find_dates(text)
    in_date = inside_any([(date.start, date.end) for date in dates])
    quantities = [quantity for quantity in find_quantities(text) if not in_date(quantity.start)]
    cuts = [edge for date in dates for edge in (date.start, date.end)]
    cuts += [edge for quantity in quantities for edge in (quantity.start, quantity.end)]
    tokens = tuple(_tokens(text, cuts))
    present = frozenset(token.word for token in tokens)
    is_denying = not (present.isdisjoint(NEGATIONS) and present.isdisjoint(DENYING_WORDS))
    # Same length, the letters of idioms replaced, so that positions stay.
    without_idioms = _NEGATION_IDIOM.sub(lambda match: re.sub(r"\w", "_", match.group()), text) if is_denying else text
    breaks = [match.start() for match in _SCOPE_BREAK.finditer(text)]
    return ParsedText(
        text=text,
        tokens=tokens,
        content_stems=frozenset(token.stem for token in tokens if token.is_content),
        stems=frozenset(token.stem for token in tokens),
        quantities=tuple(quantities),
        dates=tuple(dates),
        names=tuple(find_names(text)),
        negations=tuple(_negations(tokens, breaks, without_idioms, NEGATIONS)) if is_denying else (),
        denials=tuple(_negations(tokens, breaks, without_idioms, DENYING_WORDS)) if is_denying else (),
        modals=() if present.isdisjoint(MODALS) else tuple(_qualifiers(text, tokens, breaks, MODALS)),
        quantifiers=() if present.isdisjoint(QUANTIFIERS) else tuple(_qualifiers(text, tokens, breaks, QUANTIFIERS)),
    )


@lru_cache(maxsize=8192)
def _content_outside_numbers(parsed: ParsedText) -> tuple[Token, ...]:
    quantities = ((quantity.start, quantity.end) for quantity in parsed.quantities)
    dates = ((date.start, date.end) for date in parsed.dates)
    in_number = inside_any([*quantities, *dates])
    return tuple(token for token in parsed.tokens if token.is_content and not in_number(token.start))


@lru_cache(maxsize=1024)
def normalise_spelling(text: str) -> str:
    """Return a text in one spelling: NFKC, straight quotation marks, contractions written out, possessives dropped."""
    text = unicodedata.normalize("NFKC", write_out(text[:_MAX_CHARACTERS])).replace("’", "'").replace("\u00ad", "")
    text = text.replace("``", '"').replace("''", '"')
    if "can" in text.lower():
        text = _CANNOT.sub("can not", text)
    if "'" in text:
        for pattern, replacement in _CONTRACTIONS:
            text = pattern.sub(replacement, text)
    return _DOTTED_INITIALS.sub(lambda match: re.sub(r"\W", "", match.group()), text)


@lru_cache(maxsize=65_536)
def stem_of(word: str) -> str:
    """Return the stem of a word; irregular forms and British and American spellings have one stem."""
    stems = terms(IRREGULAR_FORMS.get(word, word))
    stem = stems[0] if len(stems) == 1 else word
    return stem[:-1] + "s" if stem.endswith(("iz", "yz")) else stem


def content_stems(text: str) -> list[str]:
    """Return the stems of a text's words without stopwords, in order, each once."""
    return list(dict.fromkeys(stem_of(word) for word in words(text) if word not in STOPWORDS))


def is_light(token: Token) -> bool:
    """Return whether a content word adds nothing to what is said, as in "is *located* in", "the *following*"."""
    return token.word in LIGHT_WORDS or token.stem in LIGHT_WORDS


def find_names(text: str) -> list[str]:
    """Return the names of a text in order, each once; months and days of the week are dates, not names."""
    candidates = _NAME.findall(text)
    acronyms = set(_STOPWORD_ACRONYM.findall(text))
    if opening := _OPENING_NAME.match(text):
        candidates.insert(0, opening.group(1))
    return [
        name
        for name in dict.fromkeys(candidates)
        if (name.lower() not in STOPWORDS or name in acronyms)
        and name.lower() not in MONTHS
        and name.lower() not in QUANTIFIERS
    ]


def find_weekdays(parsed: ParsedText) -> set[str]:
    """Return the days of the week that a text names, in the singular."""
    return {token.word.removesuffix("s") for token in parsed.tokens} & WEEKDAYS


def find_quotations(text: str) -> list[str]:
    """Return what stands between quotation marks, in order."""
    return [next(filter(None, match.groups())) for match in _QUOTATION.finditer(text)]


def _tokens(text: str, cuts: Sequence[int]) -> Iterator[Token]:
    """Yield the words of a text; a run in a script without spaces is cut where a number or a date begins or ends."""
    lead_in = _LEAD_IN.match(text)
    opening = lead_in.end() if lead_in else 0
    references = find_references(text)
    is_reference = inside_any(references)
    for start, end in _runs(text, cuts):
        if start < opening or (references and is_reference(start)):
            continue
        for word, stem, is_content in _words_of(text[start:end]):
            yield Token(word, stem, start, end, is_content)


def _runs(text: str, cuts: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield where the runs of letters and digits of a text start and end."""
    if text.isascii() or not is_unspaced(text):
        for match in (_RUN if text.isascii() else _RUN_WITH_MARKS).finditer(text):
            yield match.span()
        return
    edges = sorted(cuts)
    for match in _RUN_OF_ANY_SCRIPT.finditer(text):
        start, end = match.span()
        for edge in edges[bisect_right(edges, start) : bisect_left(edges, end)]:
            if edge > start:
                yield start, edge
                start = edge
        yield start, end


@lru_cache(maxsize=65_536)
def _words_of(run: str) -> tuple[tuple[str, str, bool], ...]:
    """Return the words of a run of letters and digits, each with its stem and whether it is a content word."""
    return tuple((word, stem_of(word), word not in _SMALL_WORDS) for word in words(run))


def _negations(
    tokens: Sequence[Token], breaks: Sequence[int], without_idioms: str, listed: Collection[str]
) -> Iterator[Qualifier]:
    """Yield the listed words that deny something; "no more than" and other idioms do not."""
    for i, token in enumerate(tokens):
        if token.word in listed and without_idioms[token.start] != "_":
            yield Qualifier(token.word, "not", _scope(tokens, i, breaks), _is_adjacent(tokens, i))


def _qualifiers(
    text: str, tokens: Sequence[Token], breaks: Sequence[int], kinds: Mapping[str, str]
) -> Iterator[Qualifier]:
    """Yield the modals or the quantifiers, which ``kinds`` lists with their classes."""
    for i, token in enumerate(tokens):
        # "May" with a capital inside a sentence is a month.
        if token.word in kinds and not (token.word == "may" and text[token.start].isupper() and i):
            yield Qualifier(token.word, _kind(tokens, i, kinds), _scope(tokens, i, breaks))


def _kind(tokens: Sequence[Token], at: int, kinds: Mapping[str, str]) -> str:
    """Return the class of a qualifier; a quantifier behind "not" has one of its own: "not only", "not all"."""
    kind = kinds[tokens[at].word]
    return f"not {kind}" if at and tokens[at - 1].word == "not" and kinds is QUANTIFIERS else kind


def _scope(tokens: Sequence[Token], at: int, breaks: Sequence[int]) -> tuple[str, ...]:
    """Return the stems of the content words behind a qualifier up to the next break, or before it where none follows.

    "The shop, which is not open on Sunday, sells tea": the scope of "not" is "open", "sunday".
    """
    following_break = bisect_left(breaks, tokens[at].end)
    end = breaks[following_break] if following_break < len(breaks) else _MAX_CHARACTERS * 2
    # "No longer open" denies "open", not "longer".
    is_no_longer = tokens[at].word == "no" and [token.word for token in tokens[at + 1 : at + 2]] == ["longer"]
    first = at + 2 if is_no_longer else at + 1
    following = tokens[first : at + 1 + _SCOPE_AHEAD]
    if after := [token.stem for token in following if token.is_content and token.start < end][:_MAX_SCOPE]:
        return tuple(after)
    preceding_break = bisect_right(breaks, tokens[at].start) - 1
    start = breaks[preceding_break] if preceding_break >= 0 else -1
    preceding = reversed(tokens[max(0, at - _SCOPE_BACK) : at])
    return tuple(token.stem for token in preceding if token.is_content and token.start > start)[:_MAX_SCOPE]


def _is_adjacent(tokens: Sequence[Token], at: int) -> bool:
    """Return whether only helping words stand between a word and the next content word: "has *not* yet opened"."""
    between = takewhile(lambda token: not token.is_content, tokens[at + 1 : at + 6])
    return all(token.word in _HELPING_WORDS for token in between)
