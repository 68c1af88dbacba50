"""Words and sentences, with exact places.

Owns: where sentences begin and end (by ``sentencex``) and which terms the keyword index sees (by Snowball stems).
Knows nothing about documents, models or storage.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Any
from unicodedata import category

from rag.types import Block

# Bump when `terms` changes: the keyword index of a catalog was built with one version of it.
TERMS_VERSION = "1"

# A number keeps its decimal point and separators; other words are runs of letters, digits and marks.
_SURROGATE = re.compile("[\ud800-\udfff]")
_WORD = re.compile(r"\d+(?:[.,]\d+)+|\w+", re.UNICODE)
# Scripts written without spaces between words are indexed as overlapping pairs of characters.
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+")
# Longer runs are keys, hashes or data: nobody types them whole, and they would bloat the index.
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
    """Compatibility-composed, case-folded text: the form in which words are compared."""
    return unicodedata.normalize("NFKC", text).casefold()


@lru_cache(maxsize=1)
def _stemmer() -> Any:
    import Stemmer

    return Stemmer.Stemmer("english", 20_000)


def words(text: str) -> list[str]:
    """The words of a text as they are compared: normalised, numbers whole, unspaced scripts in character pairs."""
    found: list[str] = []
    for match in _WORD.finditer(normalise(text)):
        word = match.group()
        if _UNSPACED.search(word):
            found.extend(_unspaced_terms(word))
        else:
            found.append(word[:_LONGEST_TERM])
    return found


def _unspaced_terms(word: str) -> Iterator[str]:
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
    """The stems of a text's words, in order and with repeats: what the keyword index stores."""
    stems: list[str] = _stemmer().stemWords(words(text))
    return stems


def query_terms(text: str) -> list[str]:
    """The distinct stems of a question without its function words; all of its stems when nothing else is left."""
    kept = [word for word in words(text) if word not in STOPWORDS]
    stems: list[str] = _stemmer().stemWords(kept or words(text))
    return list(dict.fromkeys(stems))


def sentences(text: str, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """The sentences of ``text[start:end]`` as trimmed spans of ``text``; every non-blank character is in one."""
    from sentencex import get_sentence_boundaries

    # The splitter is written in another language, which has no lone surrogates.
    piece = _SURROGATE.sub("\ufffd", text[start:end])
    spans = (
        trim(text, start + boundary["start_index"], start + boundary["end_index"])
        for boundary in get_sentence_boundaries("en", piece)
    )
    return [span for span in spans if span[0] < span[1]]


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without the white space at its ends; empty (``start == end``) when all of it is white space."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


# Besides spaces: line ends, soft hyphens, and the joiners of emoji and of scripts that need them.
_HARMLESS = frozenset("\n\t\u00ad\u200c\u200d")


def printable(text: str) -> str:
    """Text without the control characters that could move a terminal's cursor, change its colours or hide words."""
    return "".join(c if c.isprintable() or c in _HARMLESS or category(c) == "Zs" else "\ufffd" for c in text)


def embedded_text(chunk_text: str, context: str) -> str:
    """What is embedded for a chunk: its context on a line of its own, then its words."""
    return f"{context}\n{chunk_text}" if context else chunk_text


def units(text: str, block: Block) -> Iterator[tuple[int, int]]:
    """The units of a block: its sentences, its lines of code, or the whole of a heading or a table row."""
    if block.kind in ("heading", "row"):
        span = trim(text, block.start, block.end)
        if span[0] < span[1]:
            yield span
    elif block.kind == "code":
        position = block.start
        while position < block.end:
            newline = text.find("\n", position, block.end)
            end = block.end if newline < 0 else newline + 1
            span = trim(text, position, end)
            if span[0] < span[1]:
                yield span
            position = end
    else:
        yield from sentences(text, block.start, block.end)
