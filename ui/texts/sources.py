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
    "zoom in": ("Zoom in", "Größer"),
    "zoom out": ("Zoom out", "Kleiner"),
    "page image": ("Page {page} of {title}", "Seite {page} von {title}"),
    "pdf tools": ("Pages and zoom", "Seiten und Größe"),
    "pdf pages": ("Pages", "Seiten"),
    "pdf strip": ("Page overview", "Seitenübersicht"),
    "pdf outline": ("Table of contents", "Inhaltsverzeichnis"),
    "pdf no outline": (
        "No headings were found in this document.",
        "In diesem Dokument wurden keine Überschriften gefunden.",
    ),
    "pdf page field": ("Page", "Seite"),
    "pdf of": ("of {pages}", "von {pages}"),
    "pdf fit": ("Fit to width", "An Breite anpassen"),
    "pdf cited": ("Zoom to the cited words", "Zu den zitierten Worten"),
    "pdf find": ("Find in this document", "In diesem Dokument suchen"),
    "pdf find next": ("Next hit", "Nächste Stelle"),
    "pdf find previous": ("Previous hit", "Vorige Stelle"),
    "pdf find none": ("Not found", "Nicht gefunden"),
    "pdf find at": ("{number} of {total}", "{number} von {total}"),
    "pdf download": ("Download the original", "Original herunterladen"),
    "pdf page label": ("Page {page}", "Seite {page}"),
    "pdf page cited": ("Page {page}, cited", "Seite {page}, zitiert"),
    "pdf opened": ("{title}, page {page} of {pages}", "{title}, Seite {page} von {pages}"),
    "original gone": (
        "The file is no longer there as it was read.",
        "Die Datei ist nicht mehr da, wie sie gelesen wurde.",
    ),
}
