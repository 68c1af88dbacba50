"""Characters of the world's scripts: which are marks, and which scripts set no spaces between words. Pure.

Owns: cutting a run of an unspaced script into what a reader takes for one character. Knows nothing about languages.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Iterator
from itertools import pairwise

from rag.patterns import lazy_pattern


def _ranges(characters: list[int]) -> str:
    """Return code points, in order, as the inside of a character class."""
    parts: list[str] = []
    first = previous = characters[0]
    for point in [*characters[1:], sys.maxunicode + 1]:
        if point != previous + 1:
            parts.append(chr(first) if first == previous else f"{chr(first)}-{chr(previous)}")
            first = point
        previous = point
    return "".join(parts)


# Marks that belong to a letter: vowel signs of Thai, Hindi and Arabic, accents, tones; not those of emoji.
MARKS = (
    _ranges(
        [
            point
            for point in (
                *range(0x300, 0x20D0),
                *range(0x2DE0, 0x2E00),
                *range(0x302A, 0x3030),
                # Between these lie the syllables of Hangul and what has no meaning of its own: 20,000 without a mark.
                *range(0xA66F, 0xAC00),
                *range(0xFB1E, 0xFB1F),
            )
            if unicodedata.category(chr(point)) in ("Mn", "Mc")
        ]
    )
    + "\u200c\u200d"
)
# The inside of a class of all that a word is made of.
IN_WORD = rf"\w{MARKS}"
# Scripts that set no spaces between words, or, as Korean does, only between words with all that hangs on them.
UNSPACED = (
    "\u0e01-\u0e4e\u0e81-\u0ecd\u1000-\u103f\u1050-\u109f\u1780-\u17d3"
    "\u3005-\u3007\u3041-\u3096\u309d\u309e\u30a1-\u30fa\u30fc-\u30fe\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3"
    "\uf900-\ufaff\U00020000-\U0003134f"
)
_KATAKANA_WORD = "[\u30a1-\u30fa\u30fc-\u30fe]{2,}"
# A letter with the vowels and tones around it: of Thai and Lao, else with its marks.
_CLUSTER = lazy_pattern(
    r"[\u0e40-\u0e44]?[\u0e01-\u0e2f\u0e45\u0e46][\u0e30-\u0e3a\u0e47-\u0e4e\u0e45]*"
    r"|[\u0ec0-\u0ec4]?[\u0e81-\u0eaf][\u0eb0-\u0ebd\u0ec8-\u0ecd]*"
    rf"|.[{MARKS}]*",
    re.S,
)
# Marks behind a word in Katakana are no word of their own.
_PARTS = lazy_pattern(
    rf"(?P<katakana>{_KATAKANA_WORD})[{MARKS}]*"
    rf"|(?P<run>[{UNSPACED}{MARKS}]+?(?={_KATAKANA_WORD}|[^{UNSPACED}{MARKS}]|\Z))|[^{UNSPACED}]+"
)
_UNSPACED = re.compile(f"[{UNSPACED}]")
# Vowels that stand before their letter, and what stands behind one; kinds of characters that stay together.
_THAI_OPEN = re.compile("[\u0e40-\u0e44\u0ec0-\u0ec4\u200d]")
_CLOSED = re.compile(
    "[\u0e2f-\u0e3a\u0e45-\u0e4e\u0eb0-\u0ebd\u0ec8-\u0ecd\u30fc\u200d、。，．」』”’）】》〉)！？!?ぁぃぅぇぉっゃゅょ]"
)
_KIND = re.compile(r"(?P<katakana>[\u30a1-\u30fa\u30fc-\u30fe])|(?P<latin>[A-Za-z0-9.,%À-ɏА-я])")
_SYLLABLE = lazy_pattern("[\u3041-\u30ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003134f]")


def is_unspaced(text: str) -> bool:
    """Tell whether a text has a character of a script without spaces between words."""
    return not text.isascii() and _UNSPACED.search(text) is not None


def count_unspaced(text: str) -> int:
    """Return how many characters of scripts without spaces between words a text has."""
    return 0 if text.isascii() else len(_UNSPACED.findall(text))


def is_between_words(before: str, behind: str) -> bool:
    """Tell whether a text in a script without spaces may be cut between two characters.

    Args:
        before: A character.
        behind: The one behind it.

    Returns:
        False inside a number, a word in Katakana or in letters, and between a letter and its vowel or tone.
    """
    if _THAI_OPEN.match(before) or _CLOSED.match(behind) or unicodedata.category(behind)[0] == "M":
        return False
    kinds = [_KIND.match(character) for character in (before, behind)]
    return not (kinds[0] and kinds[1] and kinds[0].lastgroup == kinds[1].lastgroup)


def length_in_letters(text: str) -> int:
    """Return how long a text would be in Latin letters: one of Chinese, Japanese or Korean says as much as three."""
    return len(text) if text.isascii() else len(text) + 2 * len(_SYLLABLE.findall(text))


def unspaced_terms(word: str) -> Iterator[str]:
    """Yield the overlapping pairs of characters of a word in a script without spaces.

    Words in Katakana, and parts in other scripts, are whole; a character has its vowels and tones with it.
    """
    for part in _PARTS.finditer(word):
        if part["katakana"]:
            # The long vowel at the end of a foreign word is written or not.
            yield part["katakana"].rstrip("ー") or part["katakana"]
        elif part["run"]:
            clusters = _CLUSTER.findall(part.group())
            yield from (clusters if len(clusters) == 1 else map("".join, pairwise(clusters)))
        else:
            yield part.group()
