"""The words of what of a file was not read, or not surely, in English and German. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rag.notices import Notice, Wording, listed

# So many names are said of what is not read.
_MOST_NAMES = 5


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


def _counted(values: Mapping[str, Any], one: str, several: str) -> str:
    count = values["count"]
    return one if count == 1 else several.format(count)


def _named(values: Mapping[str, Any], one: str, several: str) -> str:
    """Return words with a name, or with the first of several names and how many more there are."""
    names = values["names"]
    shown = listed(names[:_MOST_NAMES]) + ("" if len(names) <= _MOST_NAMES else " …")
    return (one if len(names) == 1 else several).format(shown)


def _cells(values: Mapping[str, Any], one: str, several: str) -> str:
    count, cells = values["count"], list(values["cells"])
    named = listed(cells if count <= len(cells) else [*cells, "…"])
    return (one if count == 1 else several).format(count, named)


def _of_attachment(values: Mapping[str, Any], language: str) -> str:
    return f"{values['attachment']}: {Notice.from_json(values['warning']).text(language)}"


def _count(values: Mapping[str, Any], one: str, several: str, on: str) -> str:
    """Return the words for one or several things, with their names, and the slides that they stand on, if any."""
    slides, names = values.get("slides", []), values.get("names", [])
    shown = listed(names[:_MOST_NAMES]) + (" …" if len(names) > _MOST_NAMES else "")
    text = (one if values["count"] == 1 else several).format(values["count"], f": {shown}" if names else "")
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
    "reading-chapters": (
        lambda values: _named(
            values,
            "the chapter {} is missing, damaged or protected: not read",
            "the chapters {} are missing, damaged or protected: not read",
        ),
        lambda values: _named(
            values,
            "das Kapitel {} fehlt, ist beschädigt oder geschützt: nicht gelesen",
            "die Kapitel {} fehlen, sind beschädigt oder geschützt: nicht gelesen",
        ),
    ),
    "reading-other-files": (
        lambda values: _named(
            values,
            "the text takes in the file {}, which is not read with it",
            "the text takes in the files {}, which are not read with it",
        ),
        lambda values: _named(
            values,
            "der Text bindet die Datei {} ein, die nicht mit ihm gelesen wird",
            "der Text bindet die Dateien {} ein, die nicht mit ihm gelesen werden",
        ),
    ),
    "reading-pictures": (
        lambda values: _counted(values, "a picture in it is not read", "{} pictures in it are not read"),
        lambda values: _counted(values, "ein Bild darin ist nicht gelesen", "{} Bilder darin sind nicht gelesen"),
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
    "reading-number-formats": (
        "numbers are read without the formats of their cells, 0.5 for 50%; save the file as .xlsx to have them",
        "Zahlen sind ohne die Formate ihrer Zellen gelesen, 0.5 für 50 %; speichern Sie die Datei als .xlsx",
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
    "reading-attachments": (
        lambda values: f"attachments that were not read: {listed(values['names'])}; save them as files beside it",
        lambda values: f"nicht gelesene Anhänge: {listed(values['names'])}; speichern Sie sie als Dateien daneben",
    ),
    "reading-attachment": (
        lambda values: _of_attachment(values, "en"),
        lambda values: _of_attachment(values, "de"),
    ),
    "reading-forwarded": (
        "a message is forwarded within more than {levels} others: not read; save it as a file of its own",
        "eine Nachricht ist in mehr als {levels} anderen weitergeleitet: nicht gelesen; speichern Sie sie einzeln",
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
    "reading-embedded-objects": (
        lambda values: _count(
            values,
            "an embedded object is not read{1}; save it as a file of its own",
            "{0} embedded objects are not read{1}; save them as files of their own",
            "slide {}",
        ),
        lambda values: _count(
            values,
            "ein eingebettetes Objekt wird nicht gelesen{1}; speichern Sie es als eigene Datei",
            "{0} eingebettete Objekte werden nicht gelesen{1}; speichern Sie sie als eigene Dateien",
            "Folie {}",
        ),
    ),
}
