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


WORDINGS: dict[str, Wording] = {
    "reading-picture-ocr": (
        "a picture, read by character recognition: letters may be wrong",
        "ein Bild, mit Zeichenerkennung gelesen: Buchstaben können falsch sein",
    ),
    "reading-pages-wordless": (
        lambda values: _pages(
            values,
            "no words are recognised on page {}: it is not read",
            "no words are recognised on pages {}: they are not read",
        ),
        lambda values: _pages(
            values,
            "auf Seite {} werden keine Wörter erkannt: nicht gelesen",
            "auf den Seiten {} werden keine Wörter erkannt: nicht gelesen",
        ),
    ),
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
}
