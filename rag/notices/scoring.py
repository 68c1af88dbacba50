"""The words on the numbers by which answers are scored, in English and German. Pure."""

from __future__ import annotations

from rag.notices import Wording

WORDINGS: dict[str, Wording] = {
    "scoring-fitted": (
        "scored as fitted for {fitted_for}",
        "bewertet wie für {fitted_for} angepasst",
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
