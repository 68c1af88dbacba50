"""Texts of watched folders."""

TEXTS: dict[str, tuple[str, str]] = {
    "watched folders": ("Watched folders", "Beobachtete Ordner"),
    "watched several": ("Watched folders ({count})", "Beobachtete Ordner ({count})"),
    "watch hint": (
        "Documents of a watched folder of this computer follow its files: new, changed and deleted ones.",
        "Die Dokumente eines beobachteten Ordners dieses Rechners folgen seinen Dateien: neuen, geänderten und "
        "gelöschten.",
    ),
    "watch path": ("Path of a folder of this computer", "Pfad eines Ordners auf diesem Rechner"),
    "watch add": ("Watch", "Beobachten"),
    "watch remove": ("No longer watch {folder}", "{folder} nicht mehr beobachten"),
    "watch remove title": ("No longer watch this folder?", "Diesen Ordner nicht mehr beobachten?"),
    "watch remove more": (
        "Its files stay where they are. What is to become of its documents in this collection?",
        "Seine Dateien bleiben, wo sie sind. Was soll mit seinen Dokumenten in dieser Sammlung geschehen?",
    ),
    "watch keep documents": ("Keep the documents", "Dokumente behalten"),
    "watch remove documents": ("Remove the documents", "Dokumente entfernen"),
    "watch added": ("Watching {folder}", "{folder} wird beobachtet"),
    "watch removed": ("{folder} is no longer watched", "{folder} wird nicht mehr beobachtet"),
    "watch beginning": ("Waiting", "Wartet"),
    "watch watching": ("Watching", "Wird beobachtet"),
    "watch polled": ("Watching, a look every few seconds", "Wird beobachtet, alle paar Sekunden ein Blick"),
    "watch reading": ("Reading {done} of {total}", "Lese {done} von {total}"),
    "watch gone": (
        "Cannot be seen; its documents stay until it is back",
        "Nicht zu sehen; die Dokumente bleiben, bis er wieder da ist",
    ),
    "watch ended": ("No longer watched", "Wird nicht mehr beobachtet"),
}
