"""The words of what is told where several servers work on one database. Pure.

Owns: the English and the German sentence of each code. Knows nothing about servers.
"""

from __future__ import annotations

from rag.notices import Wording

WORDINGS: dict[str, Wording] = {
    "shared-state-of-another-version": (
        "The database was written by another version of Footnote (format {format}); run the same version everywhere.",
        "In die Datenbank hat eine andere Version von Footnote geschrieben (Format {format}); verwenden Sie überall "
        "dieselbe Version.",
    ),
}
