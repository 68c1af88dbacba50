"""The words of what the chat refuses or reports: signing in, indexes, conversations, uploads, sources. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rag.notices import Wording

Values = Mapping[str, Any]


def _too_many_attempts_en(values: Values) -> str:
    minutes = values["minutes"]
    return f"There were too many attempts; try again in {'a minute' if minutes == 1 else f'{minutes} minutes'}."


def _too_many_attempts_de(values: Values) -> str:
    minutes = values["minutes"]
    wait = "einer Minute" if minutes == 1 else f"{minutes} Minuten"
    return f"Das waren zu viele Versuche; versuchen Sie es in {wait} noch einmal."


def _being_written_en(values: Values) -> str:
    process, since = values["process"], values["since"]
    holder = f"process {process} (since {since})" if process else "another process"
    return f"The index {values['index']!r} is being written by {holder}; wait for it to end, then try again."


def _being_written_de(values: Values) -> str:
    process, since = values["process"], values["since"]
    holder = f"Prozess {process} (seit {since})" if process else "ein anderer Prozess"
    return (
        f"In den Index „{values['index']}“ schreibt gerade {holder}; warten Sie, bis das beendet ist, und versuchen "
        "Sie es dann noch einmal."
    )


WORDINGS: dict[str, Wording] = {
    # signing in
    "sign-in-wrong": (
        "The name or the password is wrong; try again.",
        "Der Name oder das Passwort ist falsch; versuchen Sie es noch einmal.",
    ),
    "sign-in-too-often": (_too_many_attempts_en, _too_many_attempts_de),
    "nobody-signed-in": (
        "Nobody is signed in; sign in first.",
        "Niemand ist angemeldet; melden Sie sich zuerst an.",
    ),
    # indexes
    "no-such-index": (
        "There is no such collection; choose one from the list.",
        "Diese Sammlung gibt es nicht; wählen Sie eine aus der Liste.",
    ),
    "collection-name-invalid": (
        "A collection needs a name of at most {most} characters that can be printed; write one.",
        "Eine Sammlung braucht einen Namen aus höchstens {most} druckbaren Zeichen; schreiben Sie einen.",
    ),
    "collection-is-shared": (
        "This collection is shared; whoever runs this server names and deletes it.",
        "Diese Sammlung ist für alle da; wer diesen Server betreibt, benennt und löscht sie.",
    ),
    "collection-is-last": (
        "This is the only collection; make another before you delete it.",
        "Das ist die einzige Sammlung; legen Sie eine andere an, bevor Sie sie löschen.",
    ),
    "collection-not-restored": (
        "This collection cannot be brought back: it is deleted for good, or another has taken its place.",
        "Diese Sammlung lässt sich nicht zurückholen: Sie ist endgültig gelöscht, oder eine andere hat ihre Stelle.",
    ),
    "index-name-invalid": (
        "{name!r} cannot name an index; use letters, digits, '.', '_' and '-' (at most 56).",
        "Ein Index kann nicht „{name}“ heißen; verwenden Sie Buchstaben ohne Umlaute, Ziffern, „.“, „_“ und „-“ "
        "(höchstens 56).",
    ),
    "index-name-taken": (
        "There is a collection named {name!r} already; choose another name.",
        "Es gibt schon eine Sammlung „{name}“; wählen Sie einen anderen Namen.",
    ),
    "too-many-indexes": (
        "There are {most} collections already; add documents to one of them.",
        "Es gibt schon {most} Sammlungen; fügen Sie einer davon Dokumente hinzu.",
    ),
    "index-being-written": (_being_written_en, _being_written_de),
    "index-not-writable": (
        "The index folder {folder} cannot be written to ({cause}); change its permissions, or copy it into another "
        "home folder and name that with --home or RAG_HOME.",
        "In den Ordner {folder} des Index kann nicht geschrieben werden ({cause}); ändern Sie seine Rechte, oder "
        "kopieren Sie ihn in einen anderen Datenordner, und nennen Sie diesen mit --home oder RAG_HOME.",
    ),
    # conversations
    "conversation-title-needed": (
        "A conversation needs a title with at least one letter; write one.",
        "Ein Gespräch braucht einen Titel mit mindestens einem Buchstaben; schreiben Sie einen.",
    ),
    "import-too-large": (
        "The file is too large; at most {most} MB of conversations can be imported at once.",
        "Die Datei ist zu groß; höchstens {most} MB Gespräche können auf einmal importiert werden.",
    ),
    "import-unreadable": (
        "This is no file of conversations that Footnote exported; nothing was imported.",
        "Das ist keine Datei mit Gesprächen, die Footnote exportiert hat; nichts wurde importiert.",
    ),
    "export-letters-missing": (
        "A PDF cannot show some letters of this conversation ({letters}); export it as Word or HTML instead.",
        "Ein PDF kann einige Buchstaben dieses Gesprächs nicht zeigen ({letters}); exportieren Sie es als Word oder "
        "HTML.",
    ),
    "conversation-gone": (
        "This conversation is no longer there; start a new one.",
        "Dieses Gespräch ist nicht mehr da; beginnen Sie ein neues.",
    ),
    "conversation-not-stored": (
        "The disk of {folder} is full or fails, so nothing more can be stored there; free some space and ask again: "
        "what was stored is kept.",
        "Der Datenträger von {folder} ist voll oder defekt, sodass dort nichts mehr gespeichert werden kann; schaffen "
        "Sie Platz und fragen Sie noch einmal: Was gespeichert wurde, bleibt.",
    ),
    "answer-gone": (
        "This answer is no longer there; ask again.",
        "Diese Antwort ist nicht mehr da; fragen Sie noch einmal.",
    ),
    "thumb-unknown": (
        "A thumb goes up or down; choose one of them.",
        "Ein Daumen geht nach oben oder nach unten; wählen Sie eins von beiden.",
    ),
    # the course of a question
    "model-still-loading": (
        "The model {model} is still being fetched or loaded; ask again in a while.",
        "Das Modell {model} wird noch heruntergeladen oder geöffnet; fragen Sie in einer Weile noch einmal.",
    ),
    "model-not-offered": (
        "The model {model} cannot be chosen here; choose another one in the settings.",
        "Das Modell {model} steht hier nicht zur Wahl; wählen Sie in den Einstellungen ein anderes.",
    ),
    "preference-wrong": (
        "This cannot be chosen; load the page again.",
        "Das steht nicht zur Wahl; laden Sie die Seite neu.",
    ),
    "preferences-not-kept": (
        "The settings cannot be kept ({cause}); check who may write to the folder of the indexes.",
        "Die Einstellungen können nicht behalten werden ({cause}); prüfen Sie, wer in den Ordner der Indexe schreiben "
        "darf.",
    ),
    "server-without-model": (
        "An address needs the name of a model; choose one.",
        "Zu einer Adresse gehört der Name eines Modells; wählen Sie eines.",
    ),
    "too-many-servers": (
        "There are {most} addresses already; remove one first.",
        "Es gibt schon {most} Adressen; entfernen Sie zuerst eine.",
    ),
    "model-fetch-failed": (
        "{name} could not be fetched; the terminal of rag chat says why.",
        "{name} konnte nicht heruntergeladen werden; warum, steht im Terminal von rag chat.",
    ),
    # uploads
    "case-without-question": (
        "A test case needs a question; write one.",
        "Ein Testfall braucht eine Frage; schreiben Sie eine.",
    ),
    "case-expects-nothing": (
        "Say what should be in the answer, or choose the words that it should rest on.",
        "Sagen Sie, was in der Antwort stehen soll, oder wählen Sie die Worte, auf denen sie beruhen soll.",
    ),
    "too-many-questions": (
        "{most} questions of this conversation wait for their answers already; ask again when one of them is answered.",
        "{most} Fragen dieses Gesprächs warten schon auf ihre Antwort; fragen Sie, wenn eine davon beantwortet ist.",
    ),
    "upload-empty": (
        "There is no file among what was dropped; choose files or folders with files.",
        "Darunter ist keine Datei; wählen Sie Dateien oder Ordner mit Dateien.",
    ),
    "upload-too-many-files": (
        "These are {files} files, and {most} can be added at once; choose fewer.",
        "Das sind {files} Dateien, und auf einmal lassen sich {most} hinzufügen; wählen Sie weniger.",
    ),
    "upload-too-large": (
        "These are {megabytes:.0f} MB, and {most:g} MB can be added at once; choose fewer.",
        "Das sind {megabytes:.0f} MB, und auf einmal lassen sich {most:g} MB hinzufügen; wählen Sie weniger.",
    ),
    "upload-has-too-many-files": (
        "More than {most} files cannot be added at once; add the rest afterwards.",
        "Mehr als {most} Dateien lassen sich nicht auf einmal hinzufügen; fügen Sie den Rest danach hinzu.",
    ),
    "upload-has-too-many-megabytes": (
        "More than {most:g} MB cannot be added at once; add the rest afterwards.",
        "Mehr als {most:g} MB lassen sich nicht auf einmal hinzufügen; fügen Sie den Rest danach hinzu.",
    ),
    "too-many-uploads": (
        "Too many uploads have been begun and not ended; wait for them, then try again.",
        "Zu viele Uploads sind begonnen und nicht beendet; warten Sie auf sie, und versuchen Sie es dann noch einmal.",
    ),
    "upload-over": (
        "This upload is over; begin it again.",
        "Dieser Upload ist vorbei; beginnen Sie ihn noch einmal.",
    ),
    "upload-not-stored": (
        "The files cannot be stored ({cause}); make room or see to the permissions.",
        "Die Dateien lassen sich nicht speichern ({cause}); schaffen Sie Platz oder prüfen Sie die Rechte.",
    ),
    "upload-file-not-read": (
        "it was not read; upload it again",
        "sie wurde nicht gelesen; laden Sie sie noch einmal hoch",
    ),
    "upload-cancelled": (
        "Cancelled; what is listed as added stays in the index.",
        "Abgebrochen; was als hinzugefügt aufgeführt ist, bleibt im Index.",
    ),
    "upload-failed": (
        "Reading the files failed ({error}); try again.",
        "Das Lesen der Dateien ist gescheitert ({error}); versuchen Sie es noch einmal.",
    ),
    "upload-running": (
        "Files are being read into this index; wait for that to end, or cancel it first.",
        "In diesen Index werden gerade Dateien gelesen; warten Sie, bis das endet, oder brechen Sie es zuerst ab.",
    ),
    "source-file-gone": (
        "its file is not there any more; what was read of it before is kept",
        "ihre Datei ist nicht mehr da; was von ihr gelesen wurde, bleibt",
    ),
    "removed-is-there-again": (
        "a newer document has this name; it stays as it is",
        "ein neueres Dokument hat diesen Namen; es bleibt, wie es ist",
    ),
    "removal-over": (
        "This can no longer be undone; add the files again.",
        "Das lässt sich nicht mehr rückgängig machen; fügen Sie die Dateien wieder hinzu.",
    ),
    "source-not-in-index": (
        "{source!r} is no longer in the index.",
        "„{source}“ ist nicht mehr im Index.",
    ),
    # sources
    "text-not-in-index": (
        "This text is no longer in the index: its source has changed or was removed.",
        "Dieser Text ist nicht mehr im Index: Seine Quelle hat sich geändert oder wurde entfernt.",
    ),
    "no-such-place": (
        "There is no place {start}:{end} in {source!r}; it has {length} characters.",
        "Die Stelle {start}:{end} gibt es in „{source}“ nicht; die Quelle hat {length} Zeichen.",
    ),
    "no-such-page": (
        "There is no page {page} in {source!r}; it has {pages}.",
        "Die Seite {page} gibt es in „{source}“ nicht; die letzte ist Seite {pages}.",
    ),
    "no-such-pdf": (
        "There is no such PDF in the index; it was changed or removed.",
        "Dieses PDF ist nicht im Index; es wurde geändert oder entfernt.",
    ),
    "no-such-page-of-pdf": (
        "There is no page {page} in this PDF.",
        "Die Seite {page} gibt es in diesem PDF nicht.",
    ),
    "page-not-shown": (
        "the file is gone or has changed since it was read, so its page cannot be shown",
        "die Datei ist nicht mehr da oder hat sich seit dem Lesen geändert; ihre Seite lässt sich nicht zeigen",
    ),
    "page-not-drawn": (
        "This page takes too long to draw; its text stands here instead.",
        "Diese Seite zu zeichnen dauert zu lange; stattdessen steht hier ihr Text.",
    ),
}
