"""The words on the numbers by which answers are scored, in English and German. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rag.notices import Wording

# What is wrong in a scoring file, by the value ``problem``.
_WRONG: dict[str, Wording] = {
    "not-json": ("it is not JSON ({cause} in line {line})", "sie ist kein JSON ({cause} in Zeile {line})"),
    "nested": ("it is not JSON that can be read", "sie ist kein lesbares JSON"),
    "of-other-version": (
        "version is {value} and must be {readable}",
        "version ist {value} und muss {readable} sein",
    ),
    "no-list": ("{where} must be a list", "{where} muss eine Liste sein"),
    "no-object": ("{where} must be an object", "{where} muss ein Objekt sein"),
    "missing": ("{where} is missing", "{where} fehlt"),
    "unknown": ("{where} is unknown", "{where} ist unbekannt"),
    "text": ("{where} is {value} and must be a text", "{where} ist {value} und muss ein Text sein"),
    "whole-number": (
        "{where} is {value} and must be a whole number of at least 1",
        "{where} ist {value} und muss eine ganze Zahl ab 1 sein",
    ),
    "number": ("{where} is {value} and must be a number", "{where} ist {value} und muss eine Zahl sein"),
    "share": (
        "{where} is {value} and must be a number from 0 to 1",
        "{where} ist {value} und muss eine Zahl von 0 bis 1 sein",
    ),
    "positive": (
        "{where} is {value} and must be a number above 0",
        "{where} ist {value} und muss eine Zahl über 0 sein",
    ),
    "too-large": (
        "{where} is {value} and must be at most {most}",
        "{where} ist {value} und darf höchstens {most} sein",
    ),
    "above-entailed": (
        "{where} is {value} and must be at most entailed, {most}",
        "{where} ist {value} und darf höchstens so groß sein wie entailed, {most}",
    ),
}


def _wrong(values: Mapping[str, Any], language: int, whole: str) -> str:
    """Return what is wrong, with a name for the place "", which is the whole file."""
    named = {**values, "where": values.get("where") or whole}
    return str(_WRONG[values["problem"]][language]).format_map(named)


WORDINGS: dict[str, Wording] = {
    "scoring-file-unreadable": (
        "The scoring file {path} cannot be read ({cause}); set RAG_SCORING to another, or unset it.",
        "Die Bewertungsdatei {path} lässt sich nicht lesen ({cause}); setzen Sie RAG_SCORING auf eine andere, oder "
        "löschen Sie die Einstellung.",
    ),
    "scoring-file-wrong": (
        lambda values: (
            f"The scoring file {values['path']} is wrong: {_wrong(values, 0, 'the whole')}. Mend it, or unset "
            "RAG_SCORING."
        ),
        lambda values: (
            f"Die Bewertungsdatei {values['path']} ist fehlerhaft: {_wrong(values, 1, 'das Ganze')}. Berichtigen Sie "
            "sie, oder löschen Sie RAG_SCORING."
        ),
    ),
    "scoring-fitted": (
        "scored as fitted for {fitted_for}",
        "bewertet wie für {fitted_for} angepasst",
    ),
    "scoring-on-scale": (
        "scored as fitted for {fitted_for}, with the similarities of {encoder} put on its scale",
        "bewertet wie für {fitted_for} angepasst, die Ähnlichkeiten von {encoder} auf dessen Skala",
    ),
    "scoring-not-fitted": (
        "scored as fitted for {fitted_for}; none was fitted for {encoder}: choose a threshold with rag calibrate, or "
        "fit one (see the page on scoring of the handbook)",
        "bewertet wie für {fitted_for} angepasst; für {encoder} wurde nichts angepasst: Wählen Sie eine Schwelle mit "
        "rag calibrate, oder passen Sie die Bewertung an (siehe die Seite „scoring“ des Handbuchs)",
    ),
    "scoring-own": (
        "scored by {file} ({id}), which is fitted for {fitted_for}",
        "bewertet nach {file} ({id}), angepasst für {fitted_for}",
    ),
    "scoring-own-not-fitted": (
        "scored by {file} ({id}), which is fitted for {fitted_for} and not for {encoder}: choose a threshold with rag "
        "calibrate, or fit one (see the page on scoring of the handbook)",
        "bewertet nach {file} ({id}), angepasst für {fitted_for} und nicht für {encoder}: Wählen Sie eine Schwelle mit "
        "rag calibrate, oder passen Sie die Bewertung an (siehe die Seite „scoring“ des Handbuchs)",
    ),
    "scoring-own-instead": (
        "scored by {file} ({id}), which is fitted for {fitted_for} and not for {encoder}: unset RAG_SCORING to be "
        "scored as fitted for {encoder}, or choose a threshold with rag calibrate",
        "bewertet nach {file} ({id}), angepasst für {fitted_for} und nicht für {encoder}: Nehmen Sie RAG_SCORING weg, "
        "um wie für {encoder} angepasst bewertet zu werden, oder wählen Sie eine Schwelle mit rag calibrate",
    ),
}
