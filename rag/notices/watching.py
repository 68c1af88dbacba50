"""The words of what is told of watched folders, in English and German. Pure."""

from __future__ import annotations

from rag.notices import Wording

WORDINGS: dict[str, Wording] = {
    "watch-folder-gone": (
        "{folder} cannot be seen, it may lie on a drive that was taken out; its documents stay in the index, and it is "
        "watched again once it is back.",
        "{folder} ist nicht zu sehen, vielleicht wurde das Laufwerk entfernt; die Dokumente bleiben im Index, und der "
        "Ordner wird wieder beobachtet, sobald er da ist.",
    ),
    "watch-folder-empty": (
        "{folder} is empty, but the index has {documents} documents from it, so a drive may be missing; they stay "
        "until there are files again. If it was emptied on purpose, run: rag ingest {folder}",
        "{folder} ist leer, aber im Index sind {documents} Dokumente daraus, vielleicht fehlt ein Laufwerk; sie "
        "bleiben, bis wieder Dateien da sind. Wurde der Ordner mit Absicht geleert: rag ingest {folder}",
    ),
    "watch-folder-back": (
        "{folder} is back; it is watched again.",
        "{folder} ist wieder da und wird wieder beobachtet.",
    ),
    "watch-limit": (
        "The system watches no more folders for this user, so that changes are looked for every {seconds} seconds; "
        "raise the limit with: sudo sysctl {setting}={value}",
        "Das System beobachtet keine weiteren Ordner für diesen Benutzer, deshalb wird alle {seconds} Sekunden nach "
        "Änderungen gesucht; erhöhen Sie die Grenze mit: sudo sysctl {setting}={value}",
    ),
    "watch-no-events": (
        "The system tells no changes of these folders ({cause}), so that they are looked for every {seconds} seconds.",
        "Das System meldet keine Änderungen dieser Ordner ({cause}), deshalb wird alle {seconds} Sekunden danach "
        "gesucht.",
    ),
    "watch-look-failed": (
        "The folders could not be looked at ({cause}); nothing was lost, and it is tried again every {seconds} "
        "seconds.",
        "Die Ordner konnten nicht durchgesehen werden ({cause}); nichts ging verloren, und alle {seconds} Sekunden "
        "wird es wieder versucht.",
    ),
    "watch-failed": (
        "Watching ended with an error ({error}); what is committed is kept. Start it again.",
        "Das Beobachten endete mit einem Fehler ({error}); was im Index ist, bleibt. Starten Sie es wieder.",
    ),
    "watch-path-missing": (
        "There is no folder {folder} on the computer that runs Footnote; check the path.",
        "Auf dem Rechner, auf dem Footnote läuft, gibt es keinen Ordner {folder}; prüfen Sie den Pfad.",
    ),
    "watch-path-own": (
        "{folder} is Footnote's own folder; name one with documents.",
        "{folder} ist Footnotes eigener Ordner; nennen Sie einen mit Dokumenten.",
    ),
    "watch-known": (
        "{folder} is watched already, by itself or with the folder around it.",
        "{folder} wird schon beobachtet, für sich oder mit dem Ordner darüber.",
    ),
    "watch-too-many": (
        "At most {most} folders are watched for one collection; watch the folder around them.",
        "Höchstens {most} Ordner werden für eine Sammlung beobachtet; beobachten Sie den Ordner darüber.",
    ),
    "watch-list-not-kept": (
        "The list of watched folders cannot be written ({cause}); nothing was changed.",
        "Die Liste der beobachteten Ordner lässt sich nicht schreiben ({cause}); nichts wurde geändert.",
    ),
    "watch-needs-index": (
        "Several indexes are served; say which one follows the folder: --watch INDEX={folder}",
        "Mehrere Indexe werden angeboten; nennen Sie den, der dem Ordner folgen soll: --watch INDEX={folder}",
    ),
}  # fmt: skip
