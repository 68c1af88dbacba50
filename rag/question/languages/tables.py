"""The languages whose questions are read by a table of words.

Owns: the tables by code; one is loaded when it is looked up. Knows nothing about a question.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module

from rag.question.languages.words import AskingWords

# The module and the name of the table of each language, by its ISO 639-1 code.
_PLACES = {
    "ar": ("arabic", "ARABIC"),
    "es": ("romance", "SPANISH"),
    "fr": ("romance", "FRENCH"),
    "ja": ("east_asia", "JAPANESE"),
    "ru": ("russian", "RUSSIAN"),
    "th": ("thai", "THAI"),
    "zh": ("east_asia", "CHINESE"),
}


class _Tables(Mapping[str, AskingWords]):
    """The tables; their many patterns are compiled for a question in their language only."""

    def __getitem__(self, language: str) -> AskingWords:
        module, name = _PLACES[language]
        table: AskingWords = getattr(import_module(f"rag.question.languages.{module}"), name)
        return table

    def __contains__(self, language: object) -> bool:
        return language in _PLACES

    def __iter__(self) -> Iterator[str]:
        return iter(_PLACES)

    def __len__(self) -> int:
        return len(_PLACES)


ASKING: Mapping[str, AskingWords] = _Tables()
"""How a language asks, by its ISO 639-1 code."""
