"""Find words in the canonical text of a document, as a person who reads it would.

Owns: which letters count as the same. Knows nothing about pages.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache
from itertools import accumulate

# Texts whose folded form stays in memory.
_KEPT = 4


class _Folds(dict[str, str]):
    """The form in which a character is compared: small, without accents, any white space a blank."""

    def __missing__(self, character: str) -> str:
        if character.isspace():
            folded = " "
        else:
            parts = unicodedata.normalize("NFKD", character).casefold()
            folded = "".join(part for part in parts if not unicodedata.combining(part) and part != "\xad")
        self[character] = folded
        return folded


_FOLDS = _Folds()


def find_words(text: str, words: str) -> Iterator[tuple[int, int]]:
    """Find words in a text, whatever their case and accents; any white space is as good as another.

    Args:
        text: The text.
        words: What is looked for.

    Yields:
        The offset of each place, and that behind it.
    """
    wanted = _fold(words).split()
    if not wanted:
        return
    folded, ends = _folded(text)
    for match in re.finditer(" +".join(map(re.escape, wanted)), folded):
        if ends is None:
            yield match.span()
        else:
            # ``ends`` counts, for each character of the text, the folded ones up to its end.
            last = bisect_right(ends, match.end() - 1)
            while last + 1 < len(ends) and ends[last + 1] == ends[last]:
                last += 1
            yield bisect_right(ends, match.start()), last + 1


def _fold(text: str) -> str:
    return "".join(map(_FOLDS.__getitem__, text))


@lru_cache(maxsize=_KEPT)
def _folded(text: str) -> tuple[str, array[int] | None]:
    """Return a text as it is compared, and how many of its letters each one of the text ends at; None for one each."""
    folded = _fold(text)
    if len(folded) == len(text) and all(map(len, map(_FOLDS.__getitem__, set(text)))):
        return folded, None
    return folded, array("L", accumulate(len(_FOLDS[character]) for character in text))
