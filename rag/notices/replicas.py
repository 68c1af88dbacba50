"""The words of what is told where several servers work on one database. Pure.

Owns: the English and the German sentence of each code. Knows nothing about servers.
"""

from __future__ import annotations

from rag.notices import Wording

WORDINGS: dict[str, Wording] = {
    # Also told to strangers: it says nothing of the database.
    "shared-state-away": (
        "The server cannot use its database at the moment; try again in a few seconds.",
        "Der Server kann seine Datenbank gerade nicht benutzen; versuchen Sie es in einigen Sekunden noch einmal.",
    ),
    "shared-vectors-away": (
        "The server cannot use its store of vectors at the moment; try again in a few seconds.",
        "Der Server kann seinen Vektorspeicher gerade nicht benutzen; versuchen Sie es in einigen Sekunden erneut.",
    ),
    "shared-state-of-another-version": (
        "The database was written by another version of Footnote (format {format}); run the same version everywhere.",
        "In die Datenbank hat eine andere Version von Footnote geschrieben (Format {format}); verwenden Sie überall "
        "dieselbe Version.",
    ),
    "upload-lost-its-server": (
        "The server that did this is gone; what it had done by then stays: ask for the rest again.",
        "Den Server, der das tat, gibt es nicht mehr; was er bis dahin getan hatte, bleibt: verlangen Sie den Rest "
        "noch einmal.",
    ),
}
