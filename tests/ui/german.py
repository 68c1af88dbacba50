"""Tells English words of ours in a text that should be German.

Owns: which words are only English: those of the English texts that no German text has.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from rag.notices import Words, wordings
from ui.i18n import all_texts

_WORD = re.compile(r"[^\W\d_]{2,}")
_PLACEHOLDER = re.compile(r"\{[^{}]*\}")


class Anything(dict[str, Any]):
    """Values of a notice of any code: each is a number, and in a row a word."""

    class Value(float):
        def __iter__(self) -> Iterator[str]:
            return iter(("Zoll",))

    def __missing__(self, name: str) -> Value:
        return self.Value(2)

    def get(self, name: str, default: Any = None) -> Any:
        return self[name]


def sample(words: Words) -> str:
    """The words of a notice with some values; none where they go by names that only the core has."""
    if isinstance(words, str):
        return _PLACEHOLDER.sub(" ", words)
    try:
        return words(Anything())
    except (KeyError, TypeError, ValueError, AttributeError):
        return ""


def words_of(text: str) -> set[str]:
    return {word.lower() for word in _WORD.findall(text)}


def _all_words(language: str) -> set[str]:
    column = ["en", "de"].index(language)
    texts = [_PLACEHOLDER.sub(" ", text) for text in all_texts(language).values()]
    samples = [sample(wording[column]) for wording in wordings().values()]
    return {word for text in [*texts, *samples] for word in words_of(text)}


ENGLISH_ONLY = _all_words("en") - _all_words("de")


def english_words(text: str) -> set[str]:
    """The words of a text that only English texts of ours have."""
    return words_of(text) & ENGLISH_ONLY
