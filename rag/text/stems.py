"""The words of a text, and the terms that the keyword index stores. Pure.

Owns: which words are one term: by Snowball stems. Knows nothing about files, models or storage.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

# Raise it when `terms` gives other terms: a keyword index that was built with another version is rebuilt.
TERMS_VERSION = "1"

# A number keeps its decimal point and separators; other words are runs of letters, digits and marks.
_WORD = re.compile(r"\d+(?:[.,]\d+)+|\w+", re.UNICODE)
# Scripts written without spaces between words are indexed as overlapping pairs of characters.
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+")
# Longer words are cut: they are keys, hashes or data, which are not typed whole in a question and would fill the index.
_LONGEST_TERM = 64

STOPWORDS = frozenset(
    """a about after all also am an and any are as at be because been before being between both but by can could did do
    does doing down during each few for from further had has have having he her here hers him his how i if in into is it
    its itself just like me more most my no nor not now of off on once only or other our out over own please same she
    should so some such tell than that the their them then there these they this those through to too under until up us
    very was we were what when where which while who whom whose why will with would you your s t d ll m re ve give show
    explain describe say says said many much""".split()
)


def normalise(text: str) -> str:
    """Return text in the form in which words are compared: NFKC, case-folded."""
    return unicodedata.normalize("NFKC", text).casefold()


@lru_cache(maxsize=1)
def _stemmer() -> Any:
    import Stemmer

    return Stemmer.Stemmer("english", 20_000)


def in_small_letters(text: str) -> str:
    """Return a text of the same length in small letters, which is searched faster than without regard to case."""
    small = text.lower()
    return small if len(small) == len(text) else "".join(character.lower()[:1] for character in text)


def words(text: str) -> list[str]:
    """Return the words of a text, normalised; numbers stay whole, scripts without spaces become pairs of characters."""
    if text.isascii() and text.isalnum():
        return [text.lower()[:_LONGEST_TERM]]
    normalised: list[str] = []
    for match in _WORD.finditer(normalise(text)):
        word = match.group()
        if _UNSPACED.search(word):
            normalised.extend(_unspaced_terms(word))
        else:
            normalised.append(word[:_LONGEST_TERM])
    return normalised


def _unspaced_terms(word: str) -> Iterator[str]:
    """Yield the overlapping pairs of characters of each unspaced run in a word, and the parts between runs."""
    position = 0
    for run in _UNSPACED.finditer(word):
        if run.start() > position:
            yield word[position : run.start()][:_LONGEST_TERM]
        characters = run.group()
        if len(characters) == 1:
            yield characters
        for i in range(len(characters) - 1):
            yield characters[i : i + 2]
        position = run.end()
    if position < len(word):
        yield word[position:][:_LONGEST_TERM]


def terms(text: str) -> list[str]:
    """Return the stems of a text's words, in order and with repeats: what the keyword index stores."""
    stems: list[str] = _stemmer().stemWords(words(text))
    return stems


def query_terms(text: str) -> list[str]:
    """Return the distinct stems of a question without its function words; of all its words when it has no others."""
    content_words = [word for word in words(text) if word not in STOPWORDS]
    stems: list[str] = _stemmer().stemWords(content_words or words(text))
    return list(dict.fromkeys(stems))
