"""The words of what is said of documents on storage elsewhere, in English and German. Pure."""

from __future__ import annotations

from rag.notices import Wording, whole

WORDINGS: dict[str, Wording] = {
    # What is done.
    "remote-listing": ("Listing {address}", "{address} wird aufgelistet"),
    "remote-listed": (
        lambda values: (
            f"  {whole(values['objects'])} objects, {whole(values['changed'])} of them new or changed "
            f"({int(values['bytes']) / 1_000_000:.1f} MB)"
        ),
        lambda values: (
            f"  {whole(values['objects'], 'de')} Objekte, {whole(values['changed'], 'de')} davon neu oder geändert "
            f"({int(values['bytes']) / 1_000_000:.1f} MB)"
        ),
    ),
    # Addresses.
    "remote-scheme": (
        "{scheme}:// is no storage that Footnote reads; it reads s3://BUCKET/FOLDER, and files by their paths.",
        "{scheme}:// ist kein Speicher, den Footnote liest; es liest s3://BUCKET/ORDNER, und Dateien über ihre Pfade.",
    ),
    "remote-is-path": (
        "{scheme}:// means files of this machine; name them by their paths.",
        "{scheme}:// meint Dateien dieses Rechners; nennen Sie ihre Pfade.",
    ),
    "remote-address-with-password": (
        "An address with a key or password in it is not read; put keys into the environment (AWS_ACCESS_KEY_ID, "
        "AWS_SECRET_ACCESS_KEY) or into ~/.aws/credentials.",
        "Eine Adresse mit Schlüssel oder Passwort wird nicht gelesen; setzen Sie Schlüssel in der Umgebung "
        "(AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY) oder in ~/.aws/credentials.",
    ),
    "remote-address-wrong": (
        "{address!r} names no bucket; write s3://BUCKET/FOLDER.",
        "„{address}“ nennt keinen Bucket; schreiben Sie s3://BUCKET/ORDNER.",
    ),
    "remote-without-packages": (
        "The packages for s3:// are not installed; install footnote-rag[remote].",
        "Die Pakete für s3:// sind nicht installiert; installieren Sie footnote-rag[remote].",
    ),
    # The storage.
    "remote-absent": (
        "nothing lies at {address}; check the bucket, the folder and AWS_ENDPOINT_URL",
        "unter {address} liegt nichts; prüfen Sie Bucket, Ordner und AWS_ENDPOINT_URL",
    ),
    "remote-closed": (
        "{address} does not open to the keys of this environment; check AWS_ACCESS_KEY_ID and what it may read",
        "{address} öffnet sich den Schlüsseln dieser Umgebung nicht; prüfen Sie AWS_ACCESS_KEY_ID und dessen Rechte",
    ),
    "remote-too-slow": (
        "{address} sent nothing, or not all, within {seconds:g} s; try again later, or raise RAG_REMOTE_SECONDS",
        "{address} schickte in {seconds:g} s nichts oder nicht alles; versuchen Sie es später noch einmal oder "
        "erhöhen Sie RAG_REMOTE_SECONDS",
    ),
    "remote-failed": (
        "{address} cannot be read ({cause}); check the address and AWS_ENDPOINT_URL, and run the command again",
        "{address} lässt sich nicht lesen ({cause}); prüfen Sie die Adresse und AWS_ENDPOINT_URL, und führen Sie den "
        "Befehl noch einmal aus",
    ),
    "remote-too-many": (
        "more than {most} objects lie at {address}; name folders in it, one after the other",
        "unter {address} liegen mehr als {most} Objekte; nennen Sie Ordner darin, einen nach dem anderen",
    ),
    "remote-not-stored": (
        "its copy cannot be stored: {cause}; free some space or change the permissions of the home folder",
        "ihre Kopie lässt sich nicht speichern: {cause}; schaffen Sie Platz oder ändern Sie die Rechte des "
        "Home-Ordners",
    ),
}
