"""The words of reasons why a file is not read, in English and German. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rag.notices import Notice, Wording, Words, listed

# What a document is called by its media type, in "cannot be read as" and "lässt sich nicht als … lesen".
_DOCUMENTS = {
    "application/pdf": ("a PDF", "PDF"),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ("a Word document", "Word-Dokument"),
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": ("a presentation", "Präsentation"),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ("a workbook", "Arbeitsmappe"),
    "application/epub+zip": ("an EPUB", "EPUB"),
    "message/rfc822": ("a message", "Nachricht"),
    "application/mbox": ("a mailbox", "Postfach"),
    "application/vnd.ms-outlook": ("a message", "Nachricht"),
    "image/png": ("a picture", "Bild"),
}
_ANY_DOCUMENT = ("a document", "Dokument")
# Kinds of files that hold no text.
_KINDS = {
    "png": ("a PNG picture", "ein PNG-Bild"),
    "jpeg": ("a JPEG picture", "ein JPEG-Bild"),
    "gif": ("a GIF picture", "ein GIF-Bild"),
    "tiff": ("a TIFF picture", "ein TIFF-Bild"),
    "photoshop": ("a Photoshop picture", "ein Photoshop-Bild"),
    "icon": ("an icon", "ein Symbolbild"),
    "webp": ("a WebP picture", "ein WebP-Bild"),
    "bmp": ("a BMP picture", "ein BMP-Bild"),
    "svg": ("an SVG picture", "ein SVG-Bild"),
    "sound": ("a sound recording", "eine Tonaufnahme"),
    "video": ("a video", "ein Video"),
    "media": ("a video, a sound recording or a picture", "ein Video, eine Tonaufnahme oder ein Bild"),
    "music": ("a piece of music", "ein Musikstück"),
    "program": ("a program", "ein Programm"),
    "sqlite": ("an SQLite database", "eine SQLite-Datenbank"),
    "font": ("a font", "eine Schriftart"),
    "font-or-database": ("a font or a database", "eine Schriftart oder eine Datenbank"),
    "parquet": ("a Parquet table", "eine Parquet-Tabelle"),
    "numpy": ("an array of numbers", "ein Zahlenfeld"),
    "hdf": ("a set of arrays", "eine Sammlung von Zahlenfeldern"),
    "model": ("the weights of a model", "die Gewichte eines Modells"),
    "pickle": ("a Python pickle, which is never opened", "ein Python-Pickle, das nie geöffnet wird"),
}
# What an error of the file system is about.
_PLACES = {"file": ("this file", "diese Datei"), "folder": ("this folder", "dieser Ordner")}
_PLACES_TO_READ = {"file": "diese Datei", "folder": "diesen Ordner"}
_CITABLE = {
    "document": ("it is no document", "es ist kein Dokument"),
    "text": ("its text is not canonical", "der Text ist nicht kanonisch"),
    "kinds": ("a block has an unknown kind, level or header", "ein Block hat unbekannte Art, Ebene oder Kopfzeile"),
    "bounds": ("a block lies outside the text", "ein Block liegt außerhalb des Textes"),
    "order": ("its blocks overlap or are out of order", "Blöcke überschneiden sich oder stehen nicht in Reihenfolge"),
    "gaps": ("there is text outside its blocks", "es steht Text außerhalb der Blöcke"),
    "tables": ("a table or a cell lies outside its text", "eine Tabelle oder Zelle liegt außerhalb ihres Textes"),
    "notes": ("its date is no day, or a warning no notice", "das Datum ist kein Tag oder eine Warnung keine Notiz"),
    "pages": ("its pages do not ascend from the start", "die Seiten steigen nicht vom Anfang an"),
}


def _pair(template: tuple[str, str], table: Mapping[str, tuple[str, str]], key: str) -> Wording:
    """Return a wording in which ``{}`` stands for the words of a value in a table; a name not in it stands as it is."""

    def words(language: int) -> Words:
        def fill(values: Mapping[str, Any]) -> str:
            value = str(values[key])
            named = table.get(value, (value, value))[language]
            return template[language].format(named, **{name: item for name, item in values.items() if name != key})

        return fill

    return words(0), words(1)


def _damaged(language: int) -> Words:
    templates = (
        "damaged: it cannot be read as {}; save it again or restore a copy",
        "beschädigt: lässt sich nicht als {} lesen; speichern Sie die Datei neu oder stellen Sie eine Kopie wieder her",
    )
    return lambda values: templates[language].format(_DOCUMENTS.get(values["media_type"], _ANY_DOCUMENT)[language])


def _old_office(values: Mapping[str, Any], beginning: str, joint: str) -> str:
    *first, last = values["suffixes"]
    return beginning + (f"{listed(first)} {joint} {last}" if first else last)


def _kept(values: Mapping[str, Any], language: str, ending: str) -> str:
    return Notice.from_json(values["problem"]).text(language) + ending


WORDINGS: dict[str, Wording] = {
    # What the content says.
    "file-empty": ("empty: there is no text in it", "leer: darin steht kein Text"),
    "file-binary": (
        "not a text: it holds binary data; only documents can be indexed",
        "kein Text: die Datei enthält Binärdaten; nur Dokumente lassen sich aufnehmen",
    ),
    "file-not-text": _pair(
        ("{}; only text can be indexed", "{}; nur Text lässt sich aufnehmen"),
        _KINDS,
        "kind",
    ),
    "file-picture-needs-ocr": _pair(
        (
            "{}; install the ocr extra and tesseract to read its words",
            "{}; um den Text darin zu lesen, installieren Sie das Extra „ocr“ und tesseract",
        ),
        _KINDS,
        "kind",
    ),
    "file-picture-wordless": (
        "a picture in which no words are recognised; only text can be indexed",
        "ein Bild, in dem keine Wörter erkannt werden; nur Text lässt sich aufnehmen",
    ),
    "file-picture-too-large": (
        "a picture of more than {megapixels} megapixels; make it smaller, or cut it",
        "ein Bild mit mehr als {megapixels} Megapixeln; verkleinern oder zerschneiden Sie es",
    ),
    "file-archive": (
        "an archive; unpack it and index the folder",
        "ein Archiv; entpacken Sie es und nehmen Sie den Ordner auf",
    ),
    "file-opendocument": (
        "an OpenDocument file of a kind that is not read; export it as PDF",
        "eine OpenDocument-Datei, deren Art nicht gelesen wird; exportieren Sie sie als PDF",
    ),
    "file-iwork": (
        "a document of Pages, Numbers or Keynote; export it as PDF, .docx, .xlsx or .pptx",
        "ein Dokument von Pages, Numbers oder Keynote; exportieren Sie es als PDF, .docx, .xlsx oder .pptx",
    ),
    "file-binary-workbook": (
        "a binary Excel workbook; save it as .xlsx",
        "eine binäre Excel-Arbeitsmappe; speichern Sie sie als .xlsx",
    ),
    "file-old-office": (
        lambda values: _old_office(values, "an old Office format; save it as ", "or"),
        lambda values: _old_office(values, "ein altes Office-Format; speichern Sie die Datei als ", "oder"),
    ),
    "file-protected": (
        "protected by a password; save a copy without one",
        "durch ein Passwort geschützt; speichern Sie eine Kopie ohne Passwort",
    ),
    "file-not-its-name": (
        "not what its name says: there is no {format} in it; export or download it again",
        "nicht das, was der Name sagt: darin ist kein {format}; exportieren Sie die Datei noch einmal "
        "oder laden Sie sie neu herunter",
    ),
    # Damage.
    "file-damaged": (_damaged(0), _damaged(1)),
    "file-damaged-package": (
        "damaged: it cannot be unpacked; save it again or restore a copy",
        "beschädigt: lässt sich nicht entpacken; speichern Sie die Datei neu oder stellen Sie eine Kopie wieder her",
    ),
    "file-damaged-pdf": (
        "damaged: it cannot be read as a PDF; export or download it again",
        "beschädigt: lässt sich nicht als PDF lesen; exportieren Sie die Datei noch einmal oder laden Sie sie neu "
        "herunter",
    ),
    "file-damaged-message": (
        "damaged: this message cannot be read; save it again",
        "beschädigt: diese Nachricht lässt sich nicht lesen; speichern Sie sie neu",
    ),
    "file-epub-without-chapters": (
        "damaged: there is no chapter in this EPUB; download it again",
        "beschädigt: dieses EPUB enthält kein Kapitel; laden Sie es noch einmal herunter",
    ),
    "file-scanned": (
        "a scanned PDF without text; install the ocr extra and tesseract to read it",
        "ein gescanntes PDF ohne Text; um es zu lesen, installieren Sie das Extra „ocr“ und tesseract",
    ),
    "file-scanned-wordless": (
        "a scanned PDF in which no words are recognised; only text can be indexed",
        "ein gescanntes PDF, in dem keine Wörter erkannt werden; nur Text lässt sich aufnehmen",
    ),
    "file-nested": (
        "nested too deeply to be read; flatten it or save it in another format",
        "zu tief verschachtelt; vereinfachen Sie den Aufbau der Datei oder speichern Sie sie in einem anderen Format",
    ),
    "file-json-nested": (
        "nested more than {levels} levels deep; flatten it before it is indexed",
        "mehr als {levels} Ebenen tief verschachtelt; vereinfachen Sie den Aufbau der Datei, bevor Sie sie aufnehmen",
    ),
    "file-entities": (
        "refused: its XML declares entities, as an attack does; save it again in its program",
        "abgelehnt: das XML deklariert Entitäten, wie es Angriffe tun; speichern Sie die Datei in ihrem Programm neu",
    ),
    # Limits.
    "file-too-large": (
        "larger than {megabytes:g} MB; split it, or raise RAG_MAX_FILE_MB",
        "größer als {megabytes:g} MB; teilen Sie die Datei oder erhöhen Sie RAG_MAX_FILE_MB",
    ),
    "file-too-much-text": (
        "holds more than {megabytes:g} MB of text; split it, or raise RAG_MAX_TEXT_MB",
        "enthält mehr als {megabytes:g} MB Text; teilen Sie die Datei oder erhöhen Sie RAG_MAX_TEXT_MB",
    ),
    "file-too-many-pages": (
        "has more than {pages} pages; split it, or raise RAG_MAX_PAGES",
        "hat mehr als {pages} Seiten; teilen Sie die Datei oder erhöhen Sie RAG_MAX_PAGES",
    ),
    "file-too-many-slides": (
        "has more than {slides} slides; split it, or raise RAG_MAX_PAGES",
        "hat mehr als {slides} Folien; teilen Sie die Datei oder erhöhen Sie RAG_MAX_PAGES",
    ),
    "file-zip-bomb": (
        "unpacks to more than {factor:g} times its size, as a zip bomb does; raise RAG_MAX_EXPANSION to read it",
        "wird beim Entpacken mehr als {factor:g}-mal so groß, wie es Zip-Bomben tun; erhöhen Sie RAG_MAX_EXPANSION, um "
        "die Datei zu lesen",
    ),
    "file-too-slow": (
        "took longer than {seconds:g} s of processor time to read; split it, or raise RAG_PARSE_SECONDS",
        "das Lesen brauchte mehr als {seconds:g} s Rechenzeit; teilen Sie die Datei oder erhöhen Sie RAG_PARSE_SECONDS",
    ),
    "file-too-slow-on-clock": (
        "was not read within {seconds:g} s on the clock; split it, or raise RAG_PARSE_SECONDS",
        "war nach {seconds:g} s auf der Uhr nicht gelesen; teilen Sie die Datei oder erhöhen Sie RAG_PARSE_SECONDS",
    ),
    "file-needs-memory": (
        "needs more than {megabytes} MB of memory to read; split it, or raise RAG_PARSE_MEMORY_MB",
        "das Lesen braucht mehr als {megabytes} MB Speicher; teilen Sie die Datei oder erhöhen Sie RAG_PARSE_MEMORY_MB",
    ),
    "file-crashed": (
        "broke the program that reads it; save it again in its own program, or split it",
        "hat das Leseprogramm zum Absturz gebracht; speichern Sie die Datei in ihrem eigenen Programm neu oder teilen "
        "Sie sie",
    ),
    # The file system.
    "file-not-regular": (
        "not a regular file; only files can be read",
        "keine gewöhnliche Datei; nur Dateien lassen sich lesen",
    ),
    "file-changing": (
        "changed while it was being read; run the command again",
        "wurde während des Lesens geändert; führen Sie den Befehl noch einmal aus",
    ),
    "file-gone": (
        "not there any more; run the command again",
        "nicht mehr vorhanden; führen Sie den Befehl noch einmal aus",
    ),
    "file-absent": _pair(("{} does not exist", "{} existiert nicht"), _PLACES, "place"),
    "file-no-permission": (
        "no permission to read this {place}; change its permissions",
        lambda values: (
            f"keine Berechtigung, {_PLACES_TO_READ.get(values['place'], 'diese Datei')} zu lesen; "
            "ändern Sie die Zugriffsrechte"
        ),
    ),
    "file-unreadable": _pair(
        ("{} cannot be read: {error}", "{} lässt sich nicht lesen: {error}"),
        _PLACES,
        "place",
    ),
    "file-pdf-unreadable": ("this PDF cannot be read: {error}", "dieses PDF lässt sich nicht lesen: {error}"),
    "file-page-absent": (
        "there is no page {page}; the PDF has {pages}",
        "es gibt keine Seite {page}; die letzte ist Seite {pages}",
    ),
    "file-link-circle": ("a link that leads round in a circle", "eine Verknüpfung, die im Kreis führt"),
    "file-link-broken": (
        "a link to a file that does not exist",
        "eine Verknüpfung zu einer Datei, die nicht existiert",
    ),
    "file-link-outside": (
        "a link to a place outside the folder",
        "eine Verknüpfung zu einem Ort außerhalb des Ordners",
    ),
    "file-link-folder": (
        "a link to a folder that is read by its own name",
        "eine Verknüpfung zu einem Ordner, der unter seinem eigenen Namen gelesen wird",
    ),
    # Readers.
    "file-library-absent": (
        "cannot be read: the library {library!r} is missing; install Footnote again",
        "lässt sich nicht lesen: die Bibliothek „{library}“ fehlt; installieren Sie Footnote noch einmal",
    ),
    "file-reader-failed": (
        "cannot be read: the reader {reader!r} of {package} fails on it ({error}); save it again or update that "
        "package",
        "lässt sich nicht lesen: das Leseprogramm „{reader}“ von {package} scheitert daran ({error}); speichern Sie "
        "die Datei neu oder aktualisieren Sie dieses Paket",
    ),
    "file-reader-absent": (
        "cannot be read: its reader {reader!r} cannot be loaded in the process that reads files; update its package",
        "lässt sich nicht lesen: das Leseprogramm „{reader}“ lässt sich im Prozess, der Dateien liest, nicht laden; "
        "aktualisieren Sie das zugehörige Paket",
    ),
    "file-uncitable": _pair(
        (
            "cannot be cited: the reader {reader!r} of {package} made a wrong document ({}); update that package",
            "lässt sich nicht zitieren: das Leseprogramm „{reader}“ von {package} lieferte ein fehlerhaftes Dokument "
            "({}); aktualisieren Sie dieses Paket",
        ),
        _CITABLE,
        "fault",
    ),
    # What ingestion adds.
    "file-version-kept": (
        lambda values: _kept(values, "en", "; the version read before is kept"),
        lambda values: _kept(values, "de", "; die zuvor gelesene Fassung bleibt erhalten"),
    ),
    "file-removed": ("no longer among the files", "nicht mehr unter den Dateien"),
}
