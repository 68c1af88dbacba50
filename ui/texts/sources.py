"""Texts of the panel that shows sources and documents."""

TEXTS: dict[str, tuple[str, str]] = {
    "panel empty": (
        "Click a number in an answer: the words it rests on open here.",
        "Klicken Sie auf eine Zahl in einer Antwort: Die Worte, auf denen sie beruht, öffnen sich hier.",
    ),
    "source panel": ("Sources of the answer", "Quellen der Antwort"),
    "back": ("Back to the sources", "Zurück zu den Quellen"),
    "changed": (
        "The source has changed since this answer. This is the text that was cited.",
        "Die Quelle hat sich seit dieser Antwort geändert. Dies ist der Text, der zitiert wurde.",
    ),
    "removed source": (
        "The source is no longer in the index. This is the text that was cited.",
        "Die Quelle ist nicht mehr im Index. Dies ist der Text, der zitiert wurde.",
    ),
    "no page": (
        "The file is no longer there as it was cited, so its text is shown instead of its page.",
        "Die Datei ist nicht mehr da, wie sie zitiert wurde; statt der Seite steht hier ihr Text.",
    ),
    "earlier": ("What stands before", "Was davor steht"),
    "later": ("What follows", "Was folgt"),
    "outline": ("Outline", "Gliederung"),
    "sheets": ("Sheets", "Tabellenblätter"),
    "find": ("Find", "Suchen"),
    "find in document": ("Find in the document", "Im Dokument suchen"),
    "find before": ("Previous place", "Vorige Stelle"),
    "find next": ("Next place", "Nächste Stelle"),
    "found": ("{number} of {count}", "{number} von {count}"),
    "found none": ("Not found", "Nichts gefunden"),
    "row": ("row {row}", "Zeile {row}"),
    "previous page": ("Previous page", "Vorige Seite"),
    "next page": ("Next page", "Nächste Seite"),
    "zoom in": ("Zoom in", "Größer"),
    "zoom out": ("Zoom out", "Kleiner"),
    "page of": ("Page {page} of {pages}", "Seite {page} von {pages}"),
    "page image": ("Page {page} of {title}", "Seite {page} von {title}"),
}
