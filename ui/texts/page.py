"""Texts of the frame of the page, its collections and first screen, its keys, and what goes wrong on it."""

TEXTS: dict[str, tuple[str, str]] = {
    "question": ("Question", "Frage"),
    "ask": ("Ask your documents", "Fragen Sie Ihre Dokumente"),
    "send question": ("Send", "Absenden"),
    "stop answer": ("Stop", "Anhalten"),
    "conversation": ("Conversation", "Gespräch"),
    "cancel": ("Cancel", "Abbrechen"),
    "documents": ("Documents", "Dokumente"),
    "settings": ("Settings", "Einstellungen"),
    "close": ("Close", "Schließen"),
    "menu": ("Collection and conversations", "Sammlung und Gespräche"),
    # collections
    "collection": ("Collection", "Sammlung"),
    "collections": ("Collections", "Sammlungen"),
    "find collection": ("Find a collection", "Sammlung suchen"),
    "new collection": ("New collection", "Neue Sammlung"),
    "rename collection": ("Rename", "Umbenennen"),
    "delete collection": ("Delete", "Löschen"),
    "delete collection more": (
        "With its conversations and uploaded files; can be undone for a day",
        "Mit ihren Gesprächen und hochgeladenen Dateien; einen Tag lang umkehrbar",
    ),
    "collection name": ("Name of the collection", "Name der Sammlung"),
    "collection deleted": (
        "“{name}” is deleted (documents: {documents}, conversations: {conversations})",
        "„{name}“ ist gelöscht (Dokumente: {documents}, Gespräche: {conversations})",
    ),
    "collection gone": (
        "This collection is no longer there; another is open.",
        "Diese Sammlung ist nicht mehr da; eine andere ist offen.",
    ),
    "collection back": ("“{name}” is back.", "„{name}“ ist wieder da."),
    "collection opened": ("Collection {name}", "Sammlung {name}"),
    "recently deleted": ("Recently deleted", "Kürzlich gelöscht"),
    "bring back": ("Bring back", "Zurückholen"),
    "shared by all": ("shared", "für alle"),
    "command line name": ("On the command line: --index {folder}", "Auf der Befehlszeile: --index {folder}"),
    "one document": ("1 document", "1 Dokument"),
    "several documents": ("{count} documents", "{count} Dokumente"),
    # the first screen
    "last changed": ("last changed {day}", "zuletzt geändert {day}"),
    "questions to begin with": ("Questions to begin with", "Fragen für den Anfang"),
    "questions are made": (
        "Looking for questions that your documents answer …",
        "Suche Fragen, die Ihre Dokumente beantworten …",
    ),
    "recent questions": ("Recent questions", "Letzte Fragen"),
    "newest documents": ("Added last", "Zuletzt hinzugefügt"),
    "ask next": ("Ask next", "Weiterfragen"),
    "empty index": ("There are no documents yet", "Noch keine Dokumente"),
    "begin add": ("Add files or a folder.", "Dateien oder einen Ordner hinzufügen."),
    "begin add more": ("They stay on this computer.", "Sie bleiben auf diesem Rechner."),
    "begin ask": ("Ask about them.", "Danach fragen."),
    "begin ask more": ("What they do not say, Footnote does not say.", "Was sie nicht sagen, sagt Footnote nicht."),
    "begin check": ("Click a number.", "Auf eine Zahl klicken."),
    "begin check more": (
        "It shows the exact words behind a sentence.",
        "Sie zeigt die genauen Worte hinter einem Satz.",
    ),
    "drop anywhere": ("Or drop them anywhere on this page.", "Oder irgendwo auf diese Seite ziehen."),
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
    # keys
    "keys": ("Keyboard", "Tastatur"),
    "skip to question": ("To the question", "Zur Frage"),
    "skip to answer": ("To the answer", "Zur Antwort"),
    "key enter": ("ask", "fragen"),
    "key shift enter": ("new line", "neue Zeile"),
    "key slash": ("go to the question", "zur Frage"),
    "key n": ("new conversation", "neues Gespräch"),
    "key d": ("documents", "Dokumente"),
    "key arrows": ("go from citation to citation, or through a list", "von Beleg zu Beleg, oder durch eine Liste"),
    "key esc": (
        "close what is open, else stop the answer",
        "schließen, was offen ist, sonst die Antwort anhalten",
    ),
    "key question": ("show these keys", "diese Tasten zeigen"),
    # what goes wrong
    "went wrong": ("That did not work", "Das hat nicht geklappt"),
    "unexpected": (
        "Something failed that should not have; the terminal of rag chat says what, and what of it can be reported "
        "without private data. Ask again.",
        "Etwas ist unerwartet gescheitert; was, steht im Terminal von rag chat, und was davon ohne private Daten "
        "gemeldet werden kann. Fragen Sie noch einmal.",
    ),
}
