"""What a question mentions: its words, names, values and codes, each with all that says the same in a text. Pure.

Owns: cutting a question into terms, and telling whether a term stands in a text. Knows nothing about an index.

A term stands in a text if one of its spellings does, by stems and as whole words, or a value of its (FY2022 where the
text has 2022), or what its pattern finds (a whole code, the name behind initials).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from rag.notices.language import GERMAN_FUNCTION_WORDS, language_of
from rag.question.aliases import (
    adjective_pattern,
    initialism_pattern,
    is_initialism,
    is_short_form,
    other_spellings,
    pattern_of_initials,
    spellings_of_several_words,
)
from rag.question.compounds import Compound, compound_pattern, find_compounds
from rag.question.notation import Key, Value, find_values, is_exact, stated_values
from rag.text import STOPWORDS, terms, words
from rag.verify.parse.lexicon import CURRENCIES, UNITS

TermKind = Literal["word", "name", "initials", "code", "value", "count"]


@dataclass(frozen=True, slots=True)
class Term:
    """A thing that a question mentions.

    Attributes:
        text: How the question writes it.
        start: Where it starts in the question.
        end: Where it ends.
        kind: An ordinary word; a name; initials or a short form in capitals; a code; a value that can be missed, such
            as a year, a date or an amount; or a count, which is a small number, a quarter, a month alone.
        spellings: Stems, and phrases of stems with a space between them: how a keyword index may hold it.
        values: What a text must state any of to mention it.
        pattern: What else finds it in a text; None for nothing.
        whole: Whether only the pattern finds it: a code's words elsewhere are no match.
    """

    text: str
    start: int
    end: int
    kind: TermKind
    spellings: tuple[str, ...]
    values: frozenset[Key] = frozenset()
    pattern: re.Pattern[str] | None = None
    whole: bool = False


# A word as it is shown, with the apostrophes and points inside it.
_WORD = re.compile(r"\w+(?:(?:['’.&]|(?<=\d),(?=\d))\w+)*\.?")
_IN_NUMBER = re.compile(r"\d[.,]$")
_POSSESSIVE = re.compile(r"['’]s?$")
# At least so many words, all of them with capitals, are a title.
_TITLE_WORDS = 3
# Short forms of a table with fewer letters are looked for in capitals only.
_LETTERS_OF_A_WORD = 5
# A run of words with capitals, and what may connect them.
_RUN = re.compile(r"[A-ZÀ-Þ][\w'’.-]*(?:\s+(?:(?:&|and|of|the|for|de|la)\s+)*[A-ZÀ-Þ][\w'’.-]*)+")


@lru_cache(maxsize=256)
def question_mentions(question: str) -> tuple[Term, ...]:
    """Return the terms of a question in order, function words left out; all words where it has no others."""
    found = list(_terms(question)) or list(_words_between(question, 0, len(question), keep_all=True))
    return tuple({(term.spellings, term.values): term for term in reversed(found)}.values())[::-1]


def stands_in(term: Term, text: str) -> bool:
    """Tell whether a text mentions a term.

    Args:
        term: A term of a question.
        text: Any text; one with its title and headings is best.

    Returns:
        Whether one of its spellings, its values or its pattern is there.
    """
    if not term.whole:
        stems, line = _stems_of(text)
        if any(spelling in stems if " " not in spelling else f" {spelling} " in line for spelling in term.spellings):
            return True
        if term.values and not term.values.isdisjoint(stated_values(text)):
            return True
    return term.pattern is not None and term.pattern.search(text) is not None


def is_period(term: Term) -> bool:
    """Tell whether a term is a year, a quarter or a half of a year."""
    return any(key[0] in ("year", "quarter", "half") for key in term.values)


@lru_cache(maxsize=8192)
def _stems_of(text: str) -> tuple[frozenset[str], str]:
    """Return the stems of a text, and the same in order with spaces around each; hyphenated words joined, too."""
    stems = terms(text)
    compounds = find_compounds(text) if "-" in text else []
    joined = [terms("".join(compound.pieces)) for compound in compounds if compound.kind == "word"]
    return frozenset(stems).union(*joined), f" {' '.join(stems)} "


def _terms(question: str) -> Iterator[Term]:
    """Yield the terms: values, codes and names of several words first, then the words between them."""
    spans: list[tuple[int, int, list[Term]]] = []
    # "0,0A" is a number and a letter.
    compounds = [each for each in find_compounds(question) if not _IN_NUMBER.search(question, 0, each.start)]
    codes = [compound for compound in compounds if compound.kind == "code"]
    for value in find_values(question):
        if _cuts_word(question, value):
            continue
        code = next((code for code in codes if code.start < value.end and value.start < code.end), None)
        if code is None or value.kind in ("date", "year", "part of a year"):
            spans.append((value.start, value.end, list(_value_terms(value))))
    spans += [(compound.start, compound.end, [_compound_term(compound)]) for compound in compounds]
    for start, end in spellings_of_several_words(question):
        spans.append((start, end, [_known_name(question, start, end)]))
    position = 0
    for start, end, found in sorted(spans, key=lambda span: (span[0], -span[1])):
        if start >= position:
            yield from _words_between(question, position, start)
            yield from found
            position = end
    yield from _words_between(question, position, len(question))


def _words_between(question: str, start: int, end: int, keep_all: bool = False) -> Iterator[Term]:
    """Yield the words of a part of a question; without ``keep_all`` only those that are no function words."""
    shouted = question == question.upper()
    function_words = GERMAN_FUNCTION_WORDS if language_of(question) == "de" else frozenset[str]()
    opening = next((match.start() for match in _WORD.finditer(question)), 0)
    for match in _WORD.finditer(question, start, end):
        written = match.group() if _is_abbreviation(match.group()) else match.group().rstrip(".")
        word = _POSSESSIVE.sub("", written)
        position, behind = match.start(), match.start() + len(word)
        others = other_spellings(word)
        if not shouted and (is_initialism(word) or (word.isupper() and others)):
            pattern = initialism_pattern(word)
            yield Term(word, position, behind, "initials", _phrases([word, *others]), pattern=pattern)
            continue
        is_capital = word[0].isupper() and position > opening and not _is_title(question)
        stems = [
            stem
            for each, stem in zip(words(word), terms(word), strict=True)
            if keep_all or (each not in STOPWORDS and each not in function_words)
        ]
        for stem in stems:
            kind: TermKind = "name" if is_capital and not is_short_form(word) else "word"
            spellings = tuple(dict.fromkeys([stem, *(_phrases(others) if len(stems) == 1 else ())]))
            patterns = [_signs([word, *others]), *(_name_patterns(question, word, position) if is_capital else ())]
            yield Term(word, position, behind, kind, spellings, pattern=_any_of(patterns))


def _name_patterns(question: str, word: str, position: int) -> Iterator[re.Pattern[str] | None]:
    """Yield what else finds a name: its adjective, and the initials of the names that it stands among."""
    yield adjective_pattern(word)
    for run in _RUN.finditer(question):
        if run.start() <= position < run.end():
            yield pattern_of_initials(_run_words(run.group()))


def _value_terms(value: Value) -> Iterator[Term]:
    """Yield a value as terms: itself, the year that a quarter names, and the unit where it is a word."""
    kind: TermKind = "value" if is_exact(value) else "count"
    unit = _unit_behind(value)
    number = value.text[: len(value.text) - len(unit)].rstrip(" -\u00a0")
    spellings = tuple(dict.fromkeys([_phrase(number), *_phrases(value.spellings)]))
    yield Term(number, value.start, value.start + len(number), kind, spellings, value.wanted)
    if value.kind == "part of a year":
        for key in sorted(key for key in value.stated if key[0] == "year"):
            year = str(int(key[1]))
            yield Term(year, value.start, value.end, "value", (year,), frozenset({key}))
    if unit:
        others = other_spellings(unit.lower())
        start = value.end - len(unit)
        yield Term(unit, start, value.end, "word", _phrases([unit, *others]), pattern=_signs([unit, *others]))


def _cuts_word(question: str, value: Value) -> bool:
    """Tell whether a value is only a part of a word, as the 5 of "5G"."""
    around = (question[value.start - 1 : value.start + 1], question[value.end - 1 : value.end + 1])
    return any(len(pair) == 2 and all(character.isalnum() or character == "_" for character in pair) for pair in around)


def _unit_behind(value: Value) -> str:
    """Return the unit that a number ends with; "" where that is no word of its own."""
    last = re.search(r"(?<![^\W\d_])[^\W\d_]{2,}$", value.text)
    if value.kind != "number" or not last or not last.start():
        return ""
    is_known = last.group().casefold() in UNITS or last.group().upper().rstrip("S") in CURRENCIES
    return last.group() if is_known else ""


def _compound_term(compound: Compound) -> Term:
    """Return a code or a name as one term; an ordinary word with its open and closed spellings."""
    spellings = tuple(dict.fromkeys([_phrase(compound.text), _phrase("".join(compound.pieces))]))
    pattern = None if compound.kind == "word" else compound_pattern(compound)
    return Term(
        compound.text,
        compound.start,
        compound.end,
        compound.kind,
        spellings,
        pattern=pattern,
        whole=pattern is not None,
    )


def _known_name(question: str, start: int, end: int) -> Term:
    """Return a name of several words that the tables know: it stands where its initials do."""
    text = question[start:end]
    others = other_spellings(text)
    short = [other for other in others if " " not in other and len(other) < _LETTERS_OF_A_WORD]
    pattern = re.compile("|".join(rf"(?<!\w){re.escape(other.upper())}(?!\w)" for other in short)) if short else None
    # In small letters "us" and "it" are other words.
    return Term(text, start, end, "initials", _phrases([text, *(o for o in others if o not in short)]), pattern=pattern)


def _any_of(patterns: Iterable[re.Pattern[str] | None]) -> re.Pattern[str] | None:
    """Return what finds anything that one of some patterns finds; None for no pattern."""
    found = [pattern.pattern for pattern in patterns if pattern is not None]
    return re.compile("|".join(found)) if found else None


def _phrase(text: str) -> str:
    return " ".join(terms(text))


def _phrases(texts: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(phrase for phrase in map(_phrase, texts) if phrase and phrase not in STOPWORDS))


def _signs(names: Sequence[str]) -> re.Pattern[str] | None:
    """Return what finds the signs among some names, such as % and €, and a unit right behind a number: "12km"."""
    signs = [re.escape(name) for name in names if not any(character.isalnum() for character in name)]
    units = [re.escape(name) for name in names if name.casefold() in UNITS or name.upper() in CURRENCIES]
    glued = [rf"(?<=\d)(?i:{'|'.join(units)})(?!\w)"] if units else []
    return re.compile("|".join([*signs, *glued])) if signs or glued else None


def _is_abbreviation(word: str) -> bool:
    return re.fullmatch(r"(?:\w\.)+\w?\.?", word) is not None


def _is_title(question: str) -> bool:
    """Tell whether all words of a question have capitals, so that these tell no name from a word."""
    all_words = _WORD.findall(question)
    return len(all_words) >= _TITLE_WORDS and not any(word[0].islower() for word in all_words)


def _run_words(run: str) -> list[str]:
    """Return the words with capitals of a run, without the question word that may open it."""
    return [word for word in re.split(r"[\s-]+", run) if word and word[0].isupper() and word.lower() not in STOPWORDS]
