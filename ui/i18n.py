"""The texts of the page in each of its languages.

Owns: how a text is chosen, how numbers and days are written, and which languages there are. The texts themselves stand
in ``ui.texts``. What the core and the services say comes as a ``Notice``, whose words stand beside it.
"""

from __future__ import annotations

from dataclasses import dataclass

from rag.notices import Notice
from ui.texts import answers, documents, exports, history, page, server, settings, sources, watched, why

LANGUAGES = {"en": "English", "de": "Deutsch"}

# English and German, in the order of LANGUAGES.
_TEXTS: dict[str, tuple[str, str]] = {}
for _area in (answers, documents, exports, history, page, server, settings, sources, watched, why):
    assert not _TEXTS.keys() & _area.TEXTS.keys(), f"{_area.__name__} has a key of another area"
    _TEXTS |= _area.TEXTS


@dataclass(frozen=True, slots=True)
class Translate:
    """Says a thing in one language: ``t("page", page=3)`` fills the placeholders of the text of a key.

    Attributes:
        language: A code of ``LANGUAGES``.
    """

    language: str

    def __call__(self, key: str, **values: object) -> str:
        """Return the text of a key; raise KeyError where there is none.

        Args:
            key: A key of the texts.
            **values: What its placeholders are filled with.

        Returns:
            The text.
        """
        text = _TEXTS[key][list(LANGUAGES).index(self.language)]
        return text.format(**values) if values else text

    def notice(self, notice: Notice | None) -> str:
        """Return the words of a notice; none for None."""
        return notice.text(self.language) if notice else ""

    def number(self, value: float, decimals: int = 0) -> str:
        """Return a number as it is written in the language: 2.5 or 2,5.

        Args:
            value: The number.
            decimals: How many digits stand behind the point.

        Returns:
            The number in digits.
        """
        digits = f"{value:.{decimals}f}"
        return digits.replace(".", ",") if self.language == "de" else digits

    def day(self, moment: str) -> str:
        """Return the day of an ISO date as it is written in the language: 2026-05-04 or 04.05.2026."""
        day = moment[:10]
        return ".".join(reversed(day.split("-"))) if self.language == "de" else day


def translator(language: str) -> Translate:
    """Return what gives the texts of a language; one that is not in ``LANGUAGES`` is English."""
    return Translate(language if language in LANGUAGES else "en")


def all_texts(language: str) -> dict[str, str]:
    """Return all texts of a language, with their placeholders."""
    t = translator(language)
    return {key: t(key) for key in _TEXTS}
