"""Which of several values of a sentence is said of what a question names: "140 EUR a night, in Oslo 190 EUR". Pure.

Owns: to which value the words between two of them belong. Knows nothing about how likely a value is.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from rag.answering.short_answers.asked import WORD, Asked
from rag.answering.short_answers.phrases import Phrase
from rag.answering.short_answers.words import COPULAS
from rag.text import terms

# What ends the words behind one value, or begins those before the next.
_PART = re.compile(r"[;:]|,(?!\d)|\s(?:but|while|whereas|aber|während)\s")
_JOINT = re.compile(r"\s(?:and|or|und|oder)\s")
_FREE = re.compile(r"\b(?:free(?: of charge)?|kostenlos|gratis)\b(?=\s(?:for|on|in|für|an)\s|[,;:.)]|$)", re.I)
_OTHERS = re.compile(r"\b(?:others?|remaining|andere[nrsm]?|übrige[nrsm]?)\b", re.I)
# So many words beside a value tell what it is of; a name counts wherever it stands in the value's part.
_BESIDE = 4


def of_what_is_named(asked: Asked, text: str, phrases: Sequence[Phrase]) -> list[Phrase]:
    """Leave out values that a sentence gives for something else than what the question names.

    Words of the question that lead to one value alone tell that it is meant; so do those behind one, where none stands
    right before the first value. What stands before the first may hold for all.

    Args:
        asked: The question.
        text: The sentence.
        phrases: Phrases of it that have the form of the answer.

    Returns:
        Those beside most of such words; all where there are none, and where values overlap.
    """
    free = _free(text) if phrases and all(phrase.form == "amount" for phrase in phrases) else []
    values = sorted({*phrases, *free}, key=lambda phrase: phrase.start)
    if len(values) < 2 or any(one.end > other.start for one, other in pairwise(values)):
        return list(phrases)
    between = [_parts(text[one.end : other.start]) for one, other in pairwise(values)]
    leading = [set[str](), *(_leading(asked, parts[-1]) for parts in between)]
    behind = [_near(parts[0], from_end=False) for parts in (*between, _parts(text[values[-1].end :]))]
    telling = asked.stems - set(terms(text[: values[0].start]))
    told = _told(telling, leading)
    if not any(told) and not _is_led_to(asked, text[: values[0].start]):
        told = _told(telling, [one | other for one, other in zip(leading, behind, strict=True)])
    of_value = dict(zip(values, told, strict=True))
    return [phrase for phrase in phrases if of_value[phrase] == max(told)]


def _free(text: str) -> list[Phrase]:
    """Return where a text says that something costs nothing, which is an amount, too."""
    return [Phrase(match.start(), match.end(), "amount") for match in _FREE.finditer(text)]


def _leading(asked: Asked, part: str) -> set[str]:
    """Return the words that lead to a value; none where they are of other things: "all other cars pay 6 euros"."""
    others = _OTHERS.search(part) and not _OTHERS.search(asked.text)
    return set() if others else _near(part, from_end=True)


def _is_led_to(asked: Asked, before: str) -> bool:
    """Tell whether a word of the question leads to the first value: "built in 1889 and mended in 1986 by the city".

    "The fee is 40 EUR for adults and 20 EUR for children" says before a copula what both are of.
    """
    words = [match.group().lower() for match in WORD.finditer(before)][-_BESIDE:]
    last_copula = max((i for i, word in enumerate(words) if word in COPULAS), default=-1)
    return any(asked.stems & set(terms(word)) for word in words[last_copula + 1 :])


def _told(telling: frozenset[str] | set[str], beside: Sequence[set[str]]) -> list[int]:
    """Return how many of some words stand beside each value, and beside no other."""
    counts = Counter(stem for stems in beside for stem in stems)
    return [sum(counts[stem] == 1 for stem in telling & stems) for stems in beside]


def _parts(between: str) -> list[str]:
    """Cut the words between two values into parts, at commas, else at "and"; one part where nothing parts them."""
    parts = _PART.split(between)
    return parts if len(parts) > 1 else _JOINT.split(between)


def _near(part: str, *, from_end: bool) -> set[str]:
    words = WORD.findall(part)
    close = words[-_BESIDE:] if from_end else words[:_BESIDE]
    return {stem for word in words if word in close or not word.islower() for stem in terms(word)}
