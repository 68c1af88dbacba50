"""The words of what of a file was not read, or not surely, in English and German. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rag.notices import Wording, listed


def _pages(values: Mapping[str, Any], one: str, several: str) -> str:
    pages = values["pages"]
    return one.format(pages[0]) if len(pages) == 1 else several.format(_ranges(pages))


def _ranges(pages: list[int]) -> str:
    """Return ascending page numbers with runs drawn together: "2, 4-7"."""
    runs: list[list[int]] = []
    for page in pages:
        if runs and page == runs[-1][1] + 1:
            runs[-1][1] = page
        else:
            runs.append([page, page])
    return listed(str(first) if first == last else f"{first}-{last}" for first, last in runs)


def _cells(values: Mapping[str, Any], one: str, several: str) -> str:
    count, cells = values["count"], list(values["cells"])
    named = listed(cells if count <= len(cells) else [*cells, "…"])
    return (one if count == 1 else several).format(count, named)


WORDINGS: dict[str, Wording] = {
    "reading-pages-pictures": (
        lambda values: _pages(values, "page {} is a picture: not read", "pages {} are pictures: not read"),
        lambda values: _pages(
            values, "Seite {} ist ein Bild: nicht gelesen", "die Seiten {} sind Bilder: nicht gelesen"
        ),
    ),
    "reading-pages-ocr": (
        lambda values: _pages(
            values,
            "page {} is a picture, read by character recognition: letters may be wrong",
            "pages {} are pictures, read by character recognition: letters may be wrong",
        ),
        lambda values: _pages(
            values,
            "Seite {} ist ein Bild, mit Zeichenerkennung gelesen: Buchstaben können falsch sein",
            "die Seiten {} sind Bilder, mit Zeichenerkennung gelesen: Buchstaben können falsch sein",
        ),
    ),
    "reading-formulas": (
        lambda values: _cells(
            values,
            "a formula has no stored value ({1}): not read; open the file in a spreadsheet program and save it",
            "{0} formulas have no stored value ({1}): not read; open the file in a spreadsheet program and save it",
        ),
        lambda values: _cells(
            values,
            "eine Formel hat keinen gespeicherten Wert ({1}): nicht gelesen; öffnen Sie die Datei in einer "
            "Tabellenkalkulation und speichern Sie sie",
            "{0} Formeln haben keinen gespeicherten Wert ({1}): nicht gelesen; öffnen Sie die Datei in einer "
            "Tabellenkalkulation und speichern Sie sie",
        ),
    ),
    "reading-charts": (
        lambda values: (
            f"charts on {listed(values['sheets'])}: not read; what they show must stand in cells to be found"
        ),
        lambda values: (
            f"Diagramme auf {listed(values['sheets'])}: nicht gelesen; was sie zeigen, muss in Zellen stehen"
        ),
    ),
}
