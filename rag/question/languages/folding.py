"""Text in the one form in which it is compared with a language's words. Pure.

Owns: which letters are written in several ways, and where a folded letter stands in the text. Knows no words.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_SAME = str.maketrans(
    {
        **dict.fromkeys("’‘ʼ`´", "'"),
        **dict.fromkeys("أإآٱ", "ا"),
        **dict.fromkeys('¿¡«»“”„"', " "),
        **dict.fromkeys("？", "?"),
        "ё": "е",
        "ـ": "",
    }
)
_ARABIC_MARKS = range(0x064B, 0x0660)


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text; ``places[i]`` is where its letter ``i`` stands in the text, the last one the text's length."""

    text: str
    places: tuple[int, ...]


@lru_cache(maxsize=256)
def fold(text: str) -> Folded:
    """Return a text in small letters, in NFKC, without Arabic vowel marks, with one kind of apostrophe and alef."""
    letters: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        if ord(character) in _ARABIC_MARKS:
            continue
        plain = unicodedata.normalize("NFKC", character).lower().translate(_SAME)
        if plain.isspace():
            plain = " "
        letters.append(plain)
        places.extend([place] * len(plain))
    return Folded("".join(letters), (*places, len(text)))
