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
    "reading-pages-unreadable": (
        lambda values: _pages(
            values,
            "page {} does not say which letters its fonts show: export the file again, or install the ocr extra and "
            "tesseract",
            "pages {} do not say which letters their fonts show: export the file again, or install the ocr extra and "
            "tesseract",
        ),
        lambda values: _pages(
            values,
            "Seite {} sagt nicht, welche Buchstaben ihre Schriften zeigen: die Datei neu ausgeben oder das Extra ocr "
            "und tesseract installieren",
            "die Seiten {} sagen nicht, welche Buchstaben ihre Schriften zeigen: die Datei neu ausgeben oder das Extra "
            "ocr und tesseract installieren",
        ),
    ),
}
