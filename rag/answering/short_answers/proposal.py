"""The phrase that a model proposes, found in the sentences that it was given. Pure.

Owns: reading the model's words, and where they stand in a sentence. Knows nothing about whether they answer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import dropwhile

from rag.answering.short_answers.asked import WORD, Asked
from rag.answering.short_answers.phrases import MOST_WORDS, Phrase
from rag.answering.short_answers.words import ARTICLES, AUXILIARIES
from rag.text import STOPWORDS, normalise, terms
from rag.types import Evidence

# As many words of the question at an end of a model's words are part of a sentence.
_CLAUSE_WORDS = 3
_SAYS_MORE = re.compile(r",? \(|; |, (?=that is|which|who|where|i\.e|das heißt|d\. ?h)", re.I)
_LEAD = re.compile(r"^\W*(?:(?:the )?(?:short )?answer(?: is)?|antwort)\s*:\s*", re.I)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A phrase of a model that stands in a sentence.

    Attributes:
        item: The first sentence that holds it.
        rank: The place of that sentence among those given, from 0.
        phrase: Where it stands in the sentence.
        times: How many of the sentences given hold it.
    """

    item: Evidence
    rank: int
    phrase: Phrase
    times: int


def find_proposal(text: str, asked: Asked, given: Sequence[Evidence]) -> Proposal | None:
    """Find a model's phrase in the sentences that it was given.

    Of a whole sentence, what it repeats of the question at its beginning and its end is left out.

    Args:
        text: What the model wrote.
        asked: The question.
        given: The sentences, best first.

    Returns:
        The phrase where it stands, word for word, in the first sentence that holds it; None where none does.
    """
    line = _LEAD.sub("", text.strip()).split("\n")[0]
    title = given[0].span.title if given else ""
    line = line.removeprefix(f"{title}: ") if title else line
    # "The red mill, that is, the one at Arden" names the mill before it says more of it.
    if len(line.split()) > MOST_WORDS:
        line = _SAYS_MORE.split(line)[0]
    words = _without_repeats([normalise(match.group()) for match in WORD.finditer(line)], asked)
    wanted = list(dropwhile(ARTICLES.__contains__, words))
    if not wanted:
        return None
    places = [(rank, item, place) for rank, item in enumerate(given) if (place := _place(item.span.quote, wanted))]
    if not places:
        return None
    rank, item, (start, end) = places[0]
    return Proposal(item, rank, Phrase(start, end, "proposal"), len(places))


def _without_repeats(words: Sequence[str], asked: Asked) -> Sequence[str]:
    """Return a model's words without the question's at either end, where these are enough to be part of a sentence."""
    first, last = 0, len(words)
    while first < last and _is_repeated(words[first], asked):
        first += 1
    while last > first and _is_repeated(words[last - 1], asked):
        last -= 1
    if not _is_clause(words[:first]):
        first = 0
    if not _is_clause(words[last:]):
        last = len(words)
    return words[first:last]


def _is_repeated(word: str, asked: Asked) -> bool:
    stems = terms(word)
    return word in AUXILIARIES | STOPWORDS | ARTICLES or (bool(stems) and set(stems) <= asked.stems)


def _is_clause(words: Sequence[str]) -> bool:
    """Tell whether words are more than an attribute: three of them, or an auxiliary among them."""
    return len(words) >= _CLAUSE_WORDS or any(word in AUXILIARIES for word in words)


def _place(text: str, wanted: Sequence[str]) -> tuple[int, int] | None:
    """Return where words stand side by side in a text; the sign of a currency or of a per cent belongs to them."""
    matches = list(WORD.finditer(text))
    found = [normalise(match.group()) for match in matches]
    for i in range(len(found) - len(wanted) + 1):
        if found[i : i + len(wanted)] == list(wanted):
            start, end = matches[i].start(), matches[i + len(wanted) - 1].end()
            while start and text[start - 1] in "$€£¥":
                start -= 1
            while end < len(text) and text[end] in "%°²³":
                end += 1
            return start, end
    return None
