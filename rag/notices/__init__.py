"""What a user is told, as a code with values; its words are chosen when it is shown.

Owns: the record ``Notice``, its codes, and their words in English and German. A notice stands beside an answer, says
why a sentence has its verdict, why a file was not read, or why a model failed. Knows nothing about where it is shown.

Interface: ``Notice(code, values)``, ``Notice.text(language)``, ``plain(text)`` for words that have no code.

The words of each area stand in a module beside this one, as ``code: (English, German)``: a template for ``str.format``,
or a function of the values where a template is not enough. Codes are stable: programs rely on them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import import_module
from typing import Any

LANGUAGES = ("en", "de")
"""The languages that notices have words in; English stands in for any other."""
PLAIN = "text"
"""The code of a notice that is only words; they are the value ``text``."""

Words = str | Callable[[Mapping[str, Any]], str]
Wording = tuple[Words, Words]


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that a user is told.

    Attributes:
        code: What it is; listed on the handbook's pages on citations and on notices. A code from outside has its words
            as the value ``text``, and may have German ones as ``text_de``.
        values: What the words are filled with, as JSON values; a notice among them is an object with code and values.
            They may come from documents and models, so whoever shows the words escapes them.
    """

    code: str
    values: Mapping[str, Any] = field(default_factory=dict, hash=False)

    def text(self, language: str = "en") -> str:
        """Return the words, one sentence or more, in a language of ``LANGUAGES``, else in English.

        It never raises: a notice that lacks a value, as a stored one may, has the words that it brings or its code.
        """
        try:
            words = self._worded(language)
        except Exception:  # Values of any kind, as other versions and packages wrote them.
            words = None
        return self._own_words(language) if words is None else words

    def has_its_values(self) -> bool:
        """Tell whether it has all values that the words of its code are made from, as one from outside may not."""
        try:
            for language in LANGUAGES:
                self._worded(language)
        except Exception:  # As in ``text``.
            return False
        return True

    def _worded(self, language: str) -> str | None:
        """Return the words of a code; None for one from outside."""
        wording = wordings().get(self.code)
        if wording is None:
            return None
        words = wording[LANGUAGES.index(language) if language in LANGUAGES else 0]
        values = _with_german_numbers(self.values) if language == "de" else self.values
        return words(values) if callable(words) else words.format_map(values)

    def _own_words(self, language: str) -> str:
        """Return the words that stand among the values; without any, the code."""
        try:
            words = self.values.get("text")
            if language in LANGUAGES:
                words = self.values.get(f"text_{language}", words)
            return str(self.code if words is None else words)
        except Exception:  # As in ``text``.
            return str(self.code)

    def __str__(self) -> str:
        return self.text()

    def as_json(self, language: str = "en") -> dict[str, Any]:
        """Return code, words and values as JSON values, with the words in a language."""
        return {"code": self.code, "text": self.text(language), "values": dict(self.values)}

    @classmethod
    def from_json(cls, value: Any) -> Notice:
        """Return the notice that ``as_json`` wrote; words alone, as older versions stored them, have the code ``text``.

        Args:
            value: An object with code and values, or a string.

        Returns:
            The notice.
        """
        if isinstance(value, str):
            return plain(value)
        return cls(str(value["code"]), dict(value.get("values") or {}))


class _GermanNumber(float):
    """A number with a comma where English has a point."""

    def __format__(self, form: str) -> str:
        return super().__format__(form).replace(".", ",")


def _with_german_numbers(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _GermanNumber(value) if isinstance(value, float) else value for name, value in values.items()}


def plain(text: str) -> Notice:
    """Return a notice that is only words."""
    return Notice(PLAIN, {"text": text})


# The modules that have words.
_AREAS = (
    "answers chat checking cluster computing databases files gathered languages models parts planning prompts reading "
    "remote replicas scoring stores watching web weights"
).split()


@lru_cache(maxsize=1)
def wordings() -> Mapping[str, Wording]:
    """Return the words of every code, in the order of ``LANGUAGES``."""
    merged: dict[str, Wording] = {}
    for name in _AREAS:
        area: Mapping[str, Wording] = import_module(f"rag.notices.{name}").WORDINGS
        double = merged.keys() & area.keys()
        if double:
            raise ValueError(f"two areas have the code {sorted(double)[0]}")
        merged.update(area)
    return merged


def listed(items: Any, joint: str = ", ") -> str:
    """Return strings in a row, as a template cannot write them.

    Args:
        items: What is listed.
        joint: What stands between two.

    Returns:
        The row.
    """
    return joint.join(str(item) for item in items)


def whole(number: Any, language: str = "en") -> str:
    """Return a whole number with its thousands apart.

    Args:
        number: The number.
        language: ``de`` for points between the thousands, else commas.

    Returns:
        The number in words of that language, such as ``3,120``.
    """
    grouped = f"{int(number):,}"
    return grouped.replace(",", ".") if language == "de" else grouped


def money(amount: Any, language: str = "en") -> str:
    """Return an amount of money, which may be a small part of a cent.

    Args:
        amount: The amount.
        language: ``de`` for a comma before the decimals, else a point.

    Returns:
        The amount with at most four digits that count behind the point, such as ``0.0009``; from 1 on with cents.
    """
    value = float(amount)
    decimals = 2 if value >= 1 else min(9, max(2, 3 - math.floor(math.log10(value)))) if value > 0 else 0
    text = f"{value:,.{decimals}f}"
    if 0 < value < 1:
        text = text.rstrip("0").rstrip(".")
    return text.translate(str.maketrans(",.", ".,")) if language == "de" else text
