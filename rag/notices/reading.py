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


def _count(values: Mapping[str, Any], one: str, several: str, on: str) -> str:
    """Return the words for one or several things, with the slides that they stand on, where there are slides."""
    slides = values.get("slides", [])
    text = (one if values["count"] == 1 else several).format(values["count"])
    return f"{on.format(_ranges(slides))}: {text}" if slides else text


def _charts(values: Mapping[str, Any], sheets: str, one: str, several: str, on: str) -> str:
    """Return the words for charts, by the sheets that they stand on or by their number."""
    return sheets.format(listed(values["sheets"])) if "sheets" in values else _count(values, one, several, on)


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
    "reading-charts": (
        lambda values: _charts(
            values,
            "charts on {}: not read; what they show must stand in cells to be found",
            "a chart stores no figures: not read; write them below it as a table",
            "{} charts store no figures: not read; write them below as tables",
            "slide {}",
        ),
        lambda values: _charts(
            values,
            "Diagramme auf {}: nicht gelesen; was sie zeigen, muss in Zellen stehen",
            "ein Diagramm enthält keine Zahlen: nicht gelesen; schreiben Sie sie als Tabelle darunter",
            "{} Diagramme enthalten keine Zahlen: nicht gelesen; schreiben Sie sie als Tabellen darunter",
            "Folie {}",
        ),
    ),
    "reading-embedded-objects": (
        lambda values: _count(
            values,
            "an embedded object is not read; save it as a file of its own",
            "{} embedded objects are not read; save them as files of their own",
            "slide {}",
        ),
        lambda values: _count(
            values,
            "ein eingebettetes Objekt wird nicht gelesen; speichern Sie es als eigene Datei",
            "{} eingebettete Objekte werden nicht gelesen; speichern Sie sie als eigene Dateien",
            "Folie {}",
        ),
    ),
}
