"""Texts of the frame of the page, its first screen, and what goes wrong on it."""

TEXTS: dict[str, tuple[str, str]] = {
    "question": ("Question", "Frage"),
    "ask": ("Ask your documents", "Fragen Sie Ihre Dokumente"),
    "conversation": ("Conversation", "Gespräch"),
    "cancel": ("Cancel", "Abbrechen"),
    "documents": ("Documents", "Dokumente"),
    "settings": ("Settings", "Einstellungen"),
    "close": ("Close", "Schließen"),
    "welcome": ("Ask your documents", "Fragen Sie Ihre Dokumente"),
    "welcome more": (
        "Every sentence of an answer shows the exact words it rests on. What your documents do not say, "
        "Footnote does not say.",
        "Jeder Satz einer Antwort zeigt die genauen Worte, auf denen er beruht. Was Ihre Dokumente nicht sagen, "
        "sagt Footnote nicht.",
    ),
    "empty index": ("There are no documents yet", "Noch keine Dokumente"),
    "empty index more": (
        "Add files or a folder, then ask about them. They stay on this computer.",
        "Fügen Sie Dateien oder einen Ordner hinzu, dann fragen Sie danach. Sie bleiben auf diesem Rechner.",
    ),
    "empty index read only": (
        "Whoever runs this server adds documents with: rag ingest PATH",
        "Wer diesen Server betreibt, fügt Dokumente hinzu mit: rag ingest PFAD",
    ),
    "empty index first": (
        "There are no documents to ask yet; add some under Documents.",
        "Es gibt noch keine Dokumente, die man fragen könnte; fügen Sie welche unter Dokumente hinzu.",
    ),
    "add documents": ("Add documents", "Dokumente hinzufügen"),
    "no model": (
        "No language model is in use: answers are exact quotes. {reason}",
        "Es ist kein Sprachmodell in Gebrauch: Die Antworten sind wörtliche Zitate. {reason}",
    ),
    "went wrong": ("That did not work", "Das hat nicht geklappt"),
    "unexpected": (
        "Something failed that should not have; the terminal of rag chat says what. Ask again.",
        "Etwas ist unerwartet gescheitert; was, steht im Terminal von rag chat. Fragen Sie noch einmal.",
    ),
}
