"""What a sentence says that something is: "The keeper is Maren Öst", "Maren Öst is the keeper". Pure.

Owns: matching the words of "What is X?" and "Who is X?" with "X is …" and "… is X", and of "Where is X?" with "X is in
…". Knows nothing about types.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from rag.answering.short_answers.asked import WORD
from rag.answering.short_answers.enumeration import list_end
from rag.answering.short_answers.phrases import MOST_WORDS, Phrase, names
from rag.answering.short_answers.places import NUMBERED_NOUN
from rag.answering.short_answers.words import (
    ARTICLES,
    AUXILIARIES,
    COPULAS,
    LOCATING,
    NO_COMPLEMENT,
    NO_END,
    PREPOSITIONS,
    TITLES_BEFORE_NAMES,
)
from rag.text import STOPWORDS, terms

# What ends a complement; a colon or a dash inside a time or a ratio does not: "9:30", "3:1".
_STOP = re.compile(
    r"[;()\[\]—–]|:(?!\d)|[.!?](?=\s|$)|,\s|\s(?:but|which|who|that|where|when|because|while|aber|wobei)\s"
)
# A sign before a number that belongs to it: "€165".
_SIGN = re.compile(r"[$€£¥₹+±~≈<>≤≥−-]+\Z")
# Where a time begins behind a place: "at the lake between 3 and 9 May".
_THEN_TIME = re.compile(
    r"\s(?:between|from|on|in|until|since|during|for|zwischen|von|vom|am|im|bis|seit)\s(?:the\s)?(?=\d)", re.I
)
# A full stop behind a title or an initial, before the rest of the name.
_BEFORE_STOP = re.compile(r"(?<!\w)(?P<word>[^\W\d_]{1,4})\Z")
_LETTERS_OF_TITLE, _LETTERS_OF_NOUN = 4, 12
# "In 1990", "at 19:30"; but "at 27 Tower Street".
_TIME_FIRST = re.compile(r"\w+ (?:\d{1,3}[a-z]? (?![A-ZÀ-Þ])|\d+\b(?! [A-ZÀ-Þ])|\d{4}|\d+[.:])")
_PUT = frozenset("located situated kept placed based found stored housed held gelegen untergebracht".split())
_AND = re.compile(r"\s(?:and|und)\s")
# "FY2022", "FY22": the year alone tells which one it is.
_FISCAL = re.compile(r"\AFY[’']?((?:20)?\d\d)\Z", re.I)
_PERIOD_WORDS = frozenset({"fiscal", "financial", "fy", "year"})
# Adjectives that say the same of a noun, as stems.
_SAME = dict.fromkeys(("princip", "key", "major", "primari", "chief"), "main")
_OF = frozenset({"of", "von"})
# A participle or an adverb.
_PARTICIPLE = re.compile(r"(?:ed|ing|ly)$")


def complement(text: str, subject: str) -> Phrase | None:
    """Find what a sentence says that a subject is.

    Args:
        text: The sentence.
        subject: The words of the question behind the copula, without an article: "keeper", "toll of the bridge".

    Returns:
        The words behind the copula, to the end of the clause, or the name before it where the subject stands behind;
        at most twelve words. None where the sentence does not say in so many words what the subject is.
    """
    wanted = _stems([match.group() for match in WORD.finditer(subject)])
    if not wanted:
        return None
    tokens = list(WORD.finditer(text))
    words = [token.group() for token in tokens]
    for i, word in enumerate(words[:-1]):
        if word.lower() not in COPULAS:
            continue
        if _stems(words[:i])[-len(wanted) :] == wanted and not _is_of_another(words[:i], len(wanted)):
            start, end = tokens[i + 1].start(), list_end(text, clause_end(text, tokens[i + 1].start()))
            if sign := _SIGN.search(text, tokens[i].end(), start):
                start = sign.start()
            phrase = text[start:end].rstrip(" .,\"'”’")
            if _is_complement(phrase.split()):
                return Phrase(start, start + len(phrase), "complement")
        elif _stems(words[i + 1 :])[: len(wanted)] == wanted and _ends_clause(text, words, tokens, i, len(wanted)):
            before = [name for name in names(text) if name.end <= tokens[i].start()]
            if before and not text[before[-1].end : tokens[i].start()].strip():
                return Phrase(before[-1].start, before[-1].end, "complement")
            if nouns := _opening_nouns(text, words[:i], tokens[i].start()):
                return nouns
    return None


def place_behind(text: str, verb: str) -> Phrase | None:
    """Find the place behind a verb: "on rocks and algae" in "They live on rocks and algae, …".

    Args:
        text: The sentence.
        verb: The stem of the verb.

    Returns:
        The words from the preposition right behind the verb to the end of the clause; None where there is not just one
        such place, or where it is longer than twelve words.
    """
    tokens = list(WORD.finditer(text))
    phrases: list[Phrase] = []
    for token, following in pairwise(tokens):
        is_place = verb in terms(token.group()) and following.group().lower() in LOCATING
        if is_place and (phrase := _place_from(text, following)):
            phrases.append(phrase)
    return phrases[0] if len(phrases) == 1 else None


def place_of(text: str, subject: str) -> Phrase | None:
    """Find where a sentence says that a subject is: "on floor 3" in "The canteen is on floor 3".

    Args:
        text: The sentence.
        subject: The words of the question behind "Where is", without an article.

    Returns:
        The words from the preposition to the end of the clause, at most twelve; None where it says no such place.
    """
    wanted = _stems([match.group() for match in WORD.finditer(subject)])
    tokens = list(WORD.finditer(text))
    words = [token.group() for token in tokens]
    if not wanted:
        return None
    for i, word in enumerate(words):
        if word.lower() not in COPULAS or _is_of_another(words[:i], len(wanted)):
            continue
        at = i + 2 if i + 1 < len(words) and words[i + 1].lower() in _PUT else i + 1
        if at < len(words) and words[at].lower() in LOCATING and _stems(words[:i])[-len(wanted) :] == wanted:
            return _place_from(text, tokens[at])
    return None


def _place_from(text: str, preposition: re.Match[str]) -> Phrase | None:
    """Return the place from a preposition to the end of its clause; None for a time, or for more than twelve words."""
    start, end = preposition.start(), clause_end(text, preposition.start())
    if time := _THEN_TIME.search(text, preposition.end(), end):
        end = time.start()
    phrase = text[start:end].rstrip(" .,\"'”’")
    if not 1 < len(phrase.split()) <= MOST_WORDS or _TIME_FIRST.match(phrase):
        return None
    return Phrase(start, start + len(phrase), "place")


def _stems(words: Sequence[str]) -> list[str]:
    """Return the stems of words without the little ones; what is written in two ways counts as one: "FY22", "2022"."""
    kept = [word for word in words if word.lower() not in STOPWORDS | ARTICLES | _PERIOD_WORDS]
    return [_SAME.get(stem, stem) for word in kept for stem in terms(_FISCAL.sub(_year, word))]


def _year(match: re.Match[str]) -> str:
    digits = match[1]
    return digits if len(digits) == len("2022") else f"20{digits}"


def _opening_nouns(text: str, words: Sequence[str], end: int) -> Phrase | None:
    """Return what stands before a copula from the beginning of its sentence on, where it is nothing but nouns.

    "The mill and two farms are the main customers"; not "In 2019 he and she are …".
    """
    nouns = text[:end].rstrip()
    if not 1 < len(words) <= MOST_WORDS or words[0].lower() not in ARTICLES or _STOP.search(nouns) or "," in nouns:
        return None
    if any(word.lower() in AUXILIARIES for word in words):
        return None
    # Behind the sign of a list: "- The contact is …".
    start = next(WORD.finditer(text)).start()
    return Phrase(start, len(nouns), "complement")


def _is_of_another(before: Sequence[str], wanted: int) -> bool:
    """Tell whether a subject before a copula belongs to another noun: "the keeper of the mill is …" says of no mill."""
    count, i = 0, len(before)
    while i and count < wanted:
        i -= 1
        count += len(_stems([before[i]]))
    while i and before[i - 1].lower() in ARTICLES:
        i -= 1
    return i > 1 and before[i - 1].lower() in PREPOSITIONS | _OF


def clause_end(text: str, start: int) -> int:
    """Return the end of a complement: of its clause, or before an "and" that opens another clause.

    Args:
        text: The sentence.
        start: Where the complement starts.

    Returns:
        Where it ends.
    """
    stops = (stop.start() for stop in _STOP.finditer(text, start) if not _is_inside_name(text, stop))
    end = next(stops, len(text))
    for joint in _AND.finditer(text, start, end):
        if any(match.group().lower() in AUXILIARIES for match in WORD.finditer(text, joint.end(), end)):
            return joint.start()
    return end


def _is_inside_name(text: str, stop: re.Match[str]) -> bool:
    """Tell whether a full stop is that of a title or an initial before a name: "Dr. Falk", "J. P. Lind"."""
    if stop.group() != "." or not text[stop.end() :].lstrip()[:1].isalpha():
        return False
    before = _BEFORE_STOP.search(text, max(0, stop.start() - _LETTERS_OF_TITLE - 1), stop.start())
    if before is None:
        return False
    word = before["word"]
    if len(word) == 1 and NUMBERED_NOUN.search(text, max(0, before.start() - _LETTERS_OF_NOUN), before.start()):
        # "Hall B." ends there.
        return False
    return (len(word) == 1 and word.isupper()) or (word[0].isupper() and word.lower() in TITLES_BEFORE_NAMES)


def _is_complement(words: Sequence[str]) -> bool:
    """Tell whether words behind a copula say what something is, not what happens to it or where: "is closed"."""
    if not words or len(words) > MOST_WORDS or words[-1].lower() in NO_END:
        return False
    first = words[0].lower()
    if len(words) > 1 and words[1].lower() in PREPOSITIONS and not first[0].isdigit():
        return False
    return first not in NO_COMPLEMENT and (words[0][0].isupper() or not _PARTICIPLE.search(first))


def _ends_clause(text: str, words: Sequence[str], tokens: Sequence[re.Match[str]], copula: int, wanted: int) -> bool:
    """Tell whether the subject behind a copula is all that stands there: "is the keeper", not "is the keeper's son"."""
    count, i = 0, copula + 1
    while i < len(words) and count < wanted:
        if words[i].endswith(("'s", "’s")):
            return False
        count += len(_stems([words[i]]))
        i += 1
    rest = text[tokens[i - 1].end() :]
    return (
        not rest.strip()
        or rest.lstrip()[0] in ".,;:!?"
        or rest.split()[0].lower() in ("of", "and", "in", "at", "since")
    )
