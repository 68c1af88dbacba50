"""The words on what is done about a question, in English and German. Pure."""

from __future__ import annotations

from rag.notices import Wording

WORDINGS: dict[str, Wording] = {
    "model-searched": (
        "The model searched for “{query}”: {passages} more passages.",
        "Das Modell suchte nach „{query}“: {passages} weitere Stellen.",
    ),
    "model-opened": (
        "The model opened the section around [{number}]: {passages} more passages.",
        "Das Modell öffnete den Abschnitt um [{number}]: {passages} weitere Stellen.",
    ),
    "model-tokens": (
        "All calls of the model for this answer had about {tokens} tokens.",
        "Alle Aufrufe des Modells für diese Antwort hatten etwa {tokens} Token.",
    ),
}
