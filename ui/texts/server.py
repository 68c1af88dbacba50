"""Texts of what the server refuses, and signing in."""

TEXTS: dict[str, tuple[str, str]] = {
    "nothing here": ("There is nothing here.", "Hier ist nichts."),
    "this computer only": (
        "This chat answers to this computer only.",
        "Dieser Chat antwortet nur diesem Rechner.",
    ),
    "another page": ("Another page may not do this.", "Eine andere Seite darf das nicht."),
    "no length": ("The length of the request is missing.", "Die Länge der Anfrage fehlt."),
    "too long": ("The request is too long.", "Die Anfrage ist zu lang."),
    "sign in first": ("Sign in first.", "Melden Sie sich zuerst an."),
    "no object": ("The request is not a JSON object.", "Die Anfrage ist kein JSON-Objekt."),
    "request wrong": (
        "The request has a value that cannot be.",
        "Die Anfrage hat einen Wert, den es nicht geben kann.",
    ),
    "answer gone": ("This answer is no longer there.", "Diese Antwort ist nicht mehr da."),
    "no such source": ("This answer has no such source.", "Diese Antwort hat keine solche Quelle."),
    "conversation gone": ("This conversation is no longer there.", "Dieses Gespräch ist nicht mehr da."),
    "document gone": ("This document is no longer in the index.", "Dieses Dokument ist nicht mehr im Index."),
    "thumb": ("A thumb goes up or down.", "Ein Daumen geht nach oben oder nach unten."),
    "sign in": ("Sign in", "Anmelden"),
    "sign in more": (
        "Answers from your documents, with the exact words they rest on.",
        "Antworten aus Ihren Dokumenten, mit den genauen Worten, auf denen sie beruhen.",
    ),
    "user": ("Name", "Name"),
    "password": ("Password", "Passwort"),
}
