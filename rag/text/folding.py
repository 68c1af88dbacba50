"""Letters that users write in several ways, brought to one form. Pure.

Owns: which marks and forms of letters are left out of terms, and which script a word is in. Knows nothing about stems.
"""

from __future__ import annotations

import re
import unicodedata

_OTHER_DIGIT = re.compile(r"[^\D0-9]")
# The separators of Arabic numbers.
_ARABIC_SEPARATORS = str.maketrans("٫٬", ".,")
_LATIN = str.maketrans({"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ß": "ss"})
_CYRILLIC = str.maketrans("ё", "е")
_ARABIC = str.maketrans(
    {"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه", "ؤ": "و", "ئ": "ي"}
    | dict.fromkeys(("ـ", "ٰ", *map(chr, range(0x64B, 0x653))), "")
)
_HEBREW_POINTS = re.compile("[\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7]")
_SCRIPTS = (
    ("en", re.compile(r"[a-z\u00df-\u024f\u1e00-\u1eff][a-z\u00df-\u024f\u1e00-\u1eff\u0300-\u036f]*")),
    ("ru", re.compile("[\u0400-\u052f]+")),
    ("ar", re.compile("[\u0620-\u065f\u0670-\u06d3]+")),
    ("el", re.compile("[\u0370-\u03ff\u1f00-\u1fff]+")),
    ("hi", re.compile("[\u0900-\u0963\u0970-\u097f]+")),
    ("he", re.compile("[\u0591-\u05f4]+")),
)


def with_plain_digits(text: str) -> str:
    """Return a text of the same length with the digits 0–9 in place of those of other scripts."""
    if text.isascii():
        return text
    plain = _OTHER_DIGIT.sub(lambda digit: str(unicodedata.decimal(digit.group())), text)
    return plain.translate(_ARABIC_SEPARATORS)


def script_of(word: str) -> str:
    """Return the language that stands for the script of a word in small letters: "en" for Latin; "" for a mixed one."""
    return next((language for language, letters in _SCRIPTS if letters.fullmatch(word)), "")


def fold(word: str) -> str:
    """Return a word in small letters without the marks that users leave out.

    "général" is "general" and "ё" is "е"; Arabic has one alef and no signs for its short vowels.
    """
    if word.isascii():
        return word
    script = script_of(word)
    if script in ("en", "el", ""):
        parts = unicodedata.normalize("NFD", word)
        word = "".join(part for part in parts if not "\u0300" <= part <= "\u036f")
        return word.translate(_LATIN).replace("ς", "σ") if script else unicodedata.normalize("NFC", word)
    if script == "ru":
        return word.translate(_CYRILLIC)
    if script == "ar":
        return word.translate(_ARABIC) or word
    if script == "he":
        return _HEBREW_POINTS.sub("", word) or word
    if script == "hi":
        return word.replace("\u093c", "") or word
    return word
