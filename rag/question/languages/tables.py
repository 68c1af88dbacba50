"""The languages whose questions are read by a table of words. Pure data.

Owns: the tables by code. Knows nothing about a question.
"""

from __future__ import annotations

from collections.abc import Mapping

from rag.question.languages.arabic import ARABIC
from rag.question.languages.east_asia import CHINESE, JAPANESE
from rag.question.languages.romance import FRENCH, SPANISH
from rag.question.languages.russian import RUSSIAN
from rag.question.languages.thai import THAI
from rag.question.languages.words import AskingWords

ASKING: Mapping[str, AskingWords] = {
    "ar": ARABIC,
    "es": SPANISH,
    "fr": FRENCH,
    "ja": JAPANESE,
    "ru": RUSSIAN,
    "th": THAI,
    "zh": CHINESE,
}
"""How a language asks, by its ISO 639-1 code."""
