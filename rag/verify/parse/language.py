"""Are two texts in different languages? Pure.

Owns: when that is sure enough. Which language a text is in, ``rag.languages`` tells. Knows nothing about verdicts.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

from rag.languages.identify import identify

# A sentence of fewer words may be a name and a thing.
_LEAST_WORDS = 4
_WORD = re.compile(r"[^\W\d_]+")
# Letters of a text that are looked at.
_LONGEST = 4000


def are_in_different_languages(left: str, right: str) -> bool:
    """Tell whether two texts are surely in different languages.

    Args:
        left: A text.
        right: Another one.

    Returns:
        True where most letters of the two belong to different scripts, or where a language is told of each and these
        differ; False where one of the two says too little.
    """
    scripts = _script(left), _script(right)
    if all(scripts) and scripts[0] != scripts[1]:
        return True
    languages = _language(left), _language(right)
    return all(languages) and languages[0] != languages[1]


def _language(text: str) -> str:
    """Return the language of a text; "" for one that says too little."""
    return identify(text) if len(_WORD.findall(text[:_LONGEST])) >= _LEAST_WORDS else ""


def _script(text: str) -> str:
    """Return the script of most letters, by the first word of their names in Unicode; "" without letters."""
    letters = Counter(unicodedata.name(letter, "").split(" ")[0] for letter in text[:_LONGEST] if letter.isalpha())
    return max(letters, key=lambda script: letters[script]) if letters else ""
