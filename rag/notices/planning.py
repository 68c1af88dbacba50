"""The words on what is done about a question, in English and German. Pure."""

from __future__ import annotations

from rag.notices import Wording, listed

WORDINGS: dict[str, Wording] = {
    "searched-in": (
        lambda values: f"Searched in {listed(values['sources'])} only, which the question names.",
        lambda values: f"Gesucht wurde nur in {listed(values['sources'])}, wie in der Frage genannt.",
    ),
}
