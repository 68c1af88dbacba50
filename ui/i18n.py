"""The texts of the page in each of its languages.

Owns: every sentence and label of the page, how numbers and days are written, and which languages there are. Knows
nothing about where they stand. What the core and the services say comes as a ``Notice``, whose words stand beside it.
"""

from __future__ import annotations

from dataclasses import dataclass

from rag.notices import Notice

LANGUAGES = {"en": "English", "de": "Deutsch"}

# English and German, in the order of LANGUAGES.
_TEXTS: dict[str, tuple[str, str]] = {
    # while an answer is made
    "searching": ("Searching", "Suche"),
    "reading": ("Reading", "Lese"),
    "writing": ("Writing", "Schreibe"),
    "checking": ("Checking", "Prüfe"),
    "waiting": ("Waiting: place {place} in the queue", "Warte: Platz {place} in der Warteschlange"),
    "draft": ("Draft, not yet checked", "Entwurf, noch nicht geprüft"),
    "seconds": ("{seconds} s", "{seconds} s"),
    # an answer
    "citation": ("Citation {number}: {place}", "Beleg {number}: {place}"),
    "page": ("page {page}", "Seite {page}"),
    "partly because": ("Only partly supported: {reason}", "Nur teilweise belegt: {reason}"),
    "unsupported because": ("Not found in the documents: {reason}", "Nicht in den Dokumenten gefunden: {reason}"),
    "contradicted because": ("The sources say otherwise: {reason}", "Die Quellen sagen es anders: {reason}"),
    "mark partly": ("?", "?"),
    "mark unsupported": ("not found in the documents", "nicht in den Dokumenten gefunden"),
    "mark contradicted": ("the sources say otherwise", "die Quellen sagen es anders"),
    "left out one": ("1 claim left out: not supported", "1 Aussage weggelassen: nicht belegt"),
    "left out": ("{count} claims left out: not supported", "{count} Aussagen weggelassen: nicht belegt"),
    "contradicted left out one": (
        "1 claim left out: the sources say otherwise",
        "1 Aussage weggelassen: die Quellen sagen es anders",
    ),
    "contradicted left out": (
        "{count} claims left out: the sources say otherwise",
        "{count} Aussagen weggelassen: die Quellen sagen es anders",
    ),
    "open source": ("Show these words in their source", "Diese Worte in ihrer Quelle zeigen"),
    "conflict": ("Your sources disagree", "Ihre Quellen widersprechen sich"),
    "abstained": ("Not in your documents", "Nicht in Ihren Dokumenten"),
    "abstained more": (
        "Nothing found supports an answer, so none is given.",
        "Keine gefundene Stelle belegt eine Antwort, darum gibt es keine.",
    ),
    "anyway": ("Answer anyway", "Trotzdem antworten"),
    "missing": ("Nothing was found about", "Nichts gefunden zu"),
    "nearest": ("The nearest passages", "Die nächsten Stellen"),
    "quotes only": ("Quotes, without a language model", "Zitate, ohne Sprachmodell"),
    "sources": ("Sources", "Quellen"),
    "also": ("Also looked at", "Auch angesehen"),
    "no sources": ("This answer cites no source.", "Diese Antwort nennt keine Quelle."),
    "instructions": (
        "These words read like orders to a language model. They are shown and never obeyed:",
        "Diese Worte klingen wie Befehle an ein Sprachmodell. Sie werden gezeigt und nie befolgt:",
    ),
    "quoted": ("“{words}”", "„{words}“"),
    # verdicts
    "verified": ("verified", "belegt"),
    "partly": ("partly", "teilweise belegt"),
    "unsupported": ("not found", "nicht gefunden"),
    "contradicted": ("contradicted", "widersprochen"),
    "not a claim": ("not a claim", "keine Behauptung"),
    "claim left out": ("left out", "weggelassen"),
    "claim contradicted": ("left out: contradicted", "weggelassen: widersprochen"),
    # what one can do with it
    "copy": ("Copy", "Kopieren"),
    "copied": ("Copied", "Kopiert"),
    "retry": ("Retry", "Nochmals"),
    "edit": ("Edit", "Ändern"),
    "remove turn": ("Remove this and what follows", "Dies und alles danach entfernen"),
    "undo": ("Undo", "Rückgängig"),
    "not restored": (
        "It cannot be brought back any more.",
        "Das lässt sich nicht mehr zurückholen.",
    ),
    "version previous": ("The version before", "Die Fassung davor"),
    "version next": ("The next version", "Die nächste Fassung"),
    "editing": ("Another version of this question", "Eine andere Fassung dieser Frage"),
    "why": ("Why this answer", "Warum diese Antwort"),
    "why short": ("Why?", "Warum?"),
    "case short": ("Test case", "Testfall"),
    "good": ("Good answer", "Gute Antwort"),
    "bad": ("Bad answer", "Schlechte Antwort"),
    "note": ("What was good or wrong about it?", "Was war gut oder falsch daran?"),
    "send": ("Send", "Senden"),
    "thanks": ("Thank you, noted.", "Danke, notiert."),
    "case": ("Make this a test case", "Als Testfall aufnehmen"),
    "case question": ("Question", "Frage"),
    "case answerable": ("Do the documents answer it?", "Beantworten die Dokumente sie?"),
    "case answerable yes": ("Yes", "Ja"),
    "case answerable no": ("No: the right answer is that they do not", "Nein: Richtig ist, das zu sagen"),
    "case phrases": ("What should be in the answer? One line each", "Was soll in der Antwort stehen? Je eine Zeile"),
    "case evidence": ("Which words should it rest on?", "Auf welchen Worten soll sie beruhen?"),
    "case save": ("Add to the test suite", "In die Testreihe aufnehmen"),
    "case dropped": ("Taken out of the test suite {suite}.", "Aus der Testreihe {suite} entfernt."),
    "no such case": ("There is no such test case.", "Diesen Testfall gibt es nicht."),
    "case made": ("Added to the test suite {suite}.", "In die Testreihe {suite} aufgenommen."),
    # the page
    "question": ("Question", "Frage"),
    "ask": ("Ask your documents", "Fragen Sie Ihre Dokumente"),
    "conversation": ("Conversation", "Gespräch"),
    "conversations": ("Conversations", "Gespräche"),
    "search conversations": ("Search conversations", "Gespräche durchsuchen"),
    "new": ("New conversation", "Neues Gespräch"),
    "more": ("Rename, export, delete", "Umbenennen, exportieren, löschen"),
    "rename": ("Rename", "Umbenennen"),
    "delete": ("Delete", "Löschen"),
    "delete sure": ("Delete this conversation?", "Dieses Gespräch löschen?"),
    "cancel": ("Cancel", "Abbrechen"),
    "name": ("Name", "Name"),
    "save": ("Save", "Speichern"),
    "export markdown": ("Export as Markdown", "Als Markdown exportieren"),
    "export html": ("Export as HTML", "Als HTML exportieren"),
    "documents": ("Documents", "Dokumente"),
    "settings": ("Settings", "Einstellungen"),
    "close": ("Close", "Schließen"),
    "back": ("Back to the sources", "Zurück zu den Quellen"),
    "source panel": ("Sources of the answer", "Quellen der Antwort"),
    "panel empty": (
        "Click a number in an answer: the words it rests on open here.",
        "Klicken Sie auf eine Zahl in einer Antwort: Die Worte, auf denen sie beruht, öffnen sich hier.",
    ),
    "model": ("Model", "Modell"),
    "strictness": ("Strictness", "Strenge"),
    "strictness more": (
        "How sure Footnote must be before it answers at all.",
        "Wie sicher Footnote sein muss, bevor es überhaupt antwortet.",
    ),
    "lenient": ("Lenient", "Nachsichtig"),
    "balanced": ("Balanced", "Ausgewogen"),
    "strict": ("Strict", "Streng"),
    "passages": ("Passages read for an answer", "Gelesene Stellen für eine Antwort"),
    "language": ("Language of this page", "Sprache dieser Seite"),
    "appearance": ("Appearance", "Aussehen"),
    "system": ("As the system", "Wie das System"),
    "light": ("Light", "Hell"),
    "dark": ("Dark", "Dunkel"),
    "sign out": ("Sign out", "Abmelden"),
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
    # the source panel
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
    "previous page": ("Previous page", "Vorige Seite"),
    "next page": ("Next page", "Nächste Seite"),
    "zoom in": ("Zoom in", "Größer"),
    "zoom out": ("Zoom out", "Kleiner"),
    "page of": ("Page {page} of {pages}", "Seite {page} von {pages}"),
    "page image": ("Page {page} of {title}", "Seite {page} von {title}"),
    # what the server refuses
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
    "answer gone": ("This answer is no longer there.", "Diese Antwort ist nicht mehr da."),
    "no such source": ("This answer has no such source.", "Diese Antwort hat keine solche Quelle."),
    "conversation gone": ("This conversation is no longer there.", "Dieses Gespräch ist nicht mehr da."),
    "document gone": ("This document is no longer in the index.", "Dieses Dokument ist nicht mehr im Index."),
    "thumb": ("A thumb goes up or down.", "Ein Daumen geht nach oben oder nach unten."),
    # the documents
    "drop": ("Drop files or folders here", "Dateien oder Ordner hierher ziehen"),
    "no files": ("There is no file among these.", "Darunter ist keine Datei."),
    "one upload": (
        "Files are being sent already; add more when they are there.",
        "Es werden schon Dateien übertragen; fügen Sie danach weitere hinzu.",
    ),
    "choose files": ("Choose files", "Dateien wählen"),
    "choose folder": ("Choose a folder", "Ordner wählen"),
    "search documents": ("Search documents", "Dokumente durchsuchen"),
    "ask only": ("Ask only about", "Nur fragen nach"),
    "ask all": ("Ask about all documents", "Nach allen Dokumenten fragen"),
    "remove": ("Remove", "Entfernen"),
    "remove sure": ("Remove {source} from the index?", "{source} aus dem Index entfernen?"),
    "index": ("Index", "Index"),
    "new index": ("New index", "Neuer Index"),
    "create": ("Create", "Anlegen"),
    "nothing found": ("Nothing found.", "Nichts gefunden."),
    "read only": (
        "This index is shared and cannot be changed here.",
        "Dieser Index ist für alle da und lässt sich hier nicht ändern.",
    ),
    "pages": ("{count} pages", "{count} Seiten"),
    "not read in full": ("Not read in full", "Nicht vollständig gelesen"),
    "more warnings": ("… and {count} more", "… und {count} weitere"),
    "one passage": ("1 passage", "1 Stelle"),
    "several passages": ("{count} passages", "{count} Stellen"),
    "shown": ("{first}–{last} of {total}", "{first}–{last} von {total}"),
    "previous": ("Previous", "Vorige"),
    "next": ("Next", "Nächste"),
    "uploading": ("Uploading", "Lade hoch"),
    "queued": ("Waiting", "Wartet"),
    "working": ("Reading", "Lese"),
    "added": ("Added", "Hinzugefügt"),
    "updated": ("Updated", "Aktualisiert"),
    "unchanged": ("Unchanged", "Unverändert"),
    "removed": ("Removed", "Entfernt"),
    "skipped": ("Skipped", "Übersprungen"),
    "failed": ("Failed", "Fehlgeschlagen"),
    "cancelled": ("Cancelled", "Abgebrochen"),
    "seconds left": ("about {seconds} s left", "noch etwa {seconds} s"),
    "minutes left": ("about {minutes} min left", "noch etwa {minutes} min"),
    "hours left": ("about {hours} h left", "noch etwa {hours} Stunden"),
    "cancel upload": ("Cancel adding", "Hinzufügen abbrechen"),
    # why
    "standalone": ("The question as it was searched", "Die Frage, wie sie gesucht wurde"),
    "evidence": ("Evidence chosen", "Gewählte Belege"),
    "prompt": ("Prompt sent to the model", "An das Modell gesendeter Text"),
    "no prompt": (
        "No prompt was sent: the answer was made without a model.",
        "Es wurde kein Text gesendet: Die Antwort entstand ohne Modell.",
    ),
    "verdicts": ("Verdicts", "Urteile"),
    "timings": ("Timings", "Zeiten"),
    "calls": ("Calls of language models", "Aufrufe von Sprachmodellen"),
    "no calls": ("No language model was asked.", "Kein Sprachmodell wurde gefragt."),
    "call for": ("for", "wofür"),
    "call sent": ("sent", "gesendet"),
    "call written": ("written", "geschrieben"),
    "call seconds": ("seconds", "Sekunden"),
    "call cost": ("cost", "Kosten"),
    "purpose answer": ("the answer", "die Antwort"),
    "purpose judge": ("judging it", "ihre Beurteilung"),
    "purpose rewrite": ("the question in full", "die vollständige Frage"),
    "purpose notes": ("notes on the documents", "Notizen zu den Dokumenten"),
    "purpose answerable": ("whether it can be answered", "ob sie sich beantworten lässt"),
    "purpose draft": ("a draft", "ein Entwurf"),
    "ranks": ("Passages and their ranks", "Stellen und ihre Ränge"),
    "download json": ("Download as JSON", "Als JSON herunterladen"),
    "open page": ("Open as a page", "Als Seite öffnen"),
    "plan": ("What was planned", "Was geplant wurde"),
    "searched for": ("Searched for: {query}", "Gesucht: {query}"),
    "searched in": ("Searched for: {query} (only in {sources})", "Gesucht: {query} (nur in {sources})"),
    "tentative": (
        "Answered tentatively: no passage surely holds the answer",
        "Unter Vorbehalt beantwortet: keine Stelle enthält die Antwort sicher",
    ),
    "kind fact": ("A question of fact", "Eine Frage nach einer Tatsache"),
    "kind list": ("A list", "Eine Aufzählung"),
    "kind summary": ("A summary", "Eine Zusammenfassung"),
    "kind comparison": ("A comparison", "Ein Vergleich"),
    "kind overview": ("An overview of the documents", "Ein Überblick über die Dokumente"),
    "kind computation": ("A computation", "Eine Rechnung"),
    "kind how-to": ("How something is done", "Wie etwas gemacht wird"),
    "kind yes-no": ("Yes or no", "Ja oder Nein"),
    "kind small-talk": ("Small talk", "Plauderei"),
    "confidence": ("Confidence that the documents answer it", "Sicherheit, dass die Dokumente die Frage beantworten"),
    "score": ("score", "Wert"),
    "similarity": ("similarity", "Ähnlichkeit"),
    "coverage": ("coverage", "Abdeckung"),
    "place": ("place", "Stelle"),
    "words": ("words", "Worte"),
    "dense": ("dense", "nach Bedeutung"),
    "keyword": ("keyword", "nach Wörtern"),
    "fused": ("fused", "zusammen"),
    "rerank": ("rerank", "neu gereiht"),
    "time of retrieve": ("retrieve", "Suche"),
    "time of evidence": ("evidence", "Belege"),
    "time of first_token": ("first_token", "erstes Wort"),
    "time of write": ("write", "Schreiben"),
    "time of check": ("check", "Prüfen"),
    "time of total": ("total", "gesamt"),
    # an export
    "export about": (
        "A conversation of {created} with Footnote, last changed {changed}.",
        "Ein Gespräch mit Footnote vom {created}, zuletzt geändert am {changed}.",
    ),
    "export legend": (
        "✓ verified: the cited words say it. ◐ partly supported. ○ not found in the documents. "
        "✗ left out: the sources say otherwise. A number in brackets names the citation.",
        "✓ belegt: Die zitierten Worte sagen es. ◐ teilweise belegt. ○ nicht in den Dokumenten gefunden. "
        "✗ weggelassen: Die Quellen sagen es anders. Eine Zahl in Klammern nennt den Beleg.",
    ),
    "export nearest": ("Nearest passage:", "Nächste Stelle:"),
    "export missing": ("The documents say nothing about:", "Dazu sagen die Dokumente nichts:"),
    "export conflicts": ("The sources disagree:", "Die Quellen widersprechen sich:"),
    "export reasons": ("On sentences of the answer:", "Zu Sätzen der Antwort:"),
    "export contradicted one": (
        "1 claim of the model left out, because the sources say otherwise:",
        "1 Aussage des Modells weggelassen, weil die Quellen es anders sagen:",
    ),
    "export contradicted": (
        "{count} claims of the model left out, because the sources say otherwise:",
        "{count} Aussagen des Modells weggelassen, weil die Quellen es anders sagen:",
    ),
    "export left out one": ("1 claim of the model left out:", "1 Aussage des Modells weggelassen:"),
    "export left out": ("{count} claims of the model left out:", "{count} Aussagen des Modells weggelassen:"),
    "export note": ("Note:", "Hinweis:"),
    "export asked": ("Asked {day} {time} UTC", "Gefragt am {day} um {time} UTC"),
    "export index": ("index {name}", "Index {name}"),
    "export quotes": ("quotes, no model", "Zitate, ohne Modell"),
    "rated up": ("rated up", "als gut bewertet"),
    "rated down": ("rated down", "als schlecht bewertet"),
    # signing in
    "sign in": ("Sign in", "Anmelden"),
    "user": ("Name", "Name"),
    "password": ("Password", "Passwort"),
}


@dataclass(frozen=True, slots=True)
class Translate:
    """Says a thing in one language: ``t("page", page=3)`` fills the placeholders of the text of a key.

    Attributes:
        language: A code of ``LANGUAGES``.
    """

    language: str

    def __call__(self, key: str, **values: object) -> str:
        """Return the text of a key; raise KeyError where there is none.

        Args:
            key: A key of the texts.
            **values: What its placeholders are filled with.

        Returns:
            The text.
        """
        text = _TEXTS[key][list(LANGUAGES).index(self.language)]
        return text.format(**values) if values else text

    def notice(self, notice: Notice | None) -> str:
        """Return the words of a notice; none for None."""
        return notice.text(self.language) if notice else ""

    def number(self, value: float, decimals: int = 0) -> str:
        """Return a number as it is written in the language: 2.5 or 2,5.

        Args:
            value: The number.
            decimals: How many digits stand behind the point.

        Returns:
            The number in digits.
        """
        digits = f"{value:.{decimals}f}"
        return digits.replace(".", ",") if self.language == "de" else digits

    def day(self, moment: str) -> str:
        """Return the day of an ISO date as it is written in the language: 2026-05-04 or 04.05.2026."""
        day = moment[:10]
        return ".".join(reversed(day.split("-"))) if self.language == "de" else day


def translator(language: str) -> Translate:
    """Return what gives the texts of a language; one that is not in ``LANGUAGES`` is English."""
    return Translate(language if language in LANGUAGES else "en")


def all_texts(language: str) -> dict[str, str]:
    """Return all texts of a language, with their placeholders."""
    t = translator(language)
    return {key: t(key) for key in _TEXTS}
