"""Conversations, and what else people chose for an index, as they move into one that takes its place.

Owns: what is copied, and what becomes of an old catalog that cannot be read. Knows nothing about how the new
index is made.
"""

from __future__ import annotations

import logging
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from rag.database import Connection, transaction
from rag.errors import DatabaseUnusable, IndexUnusable
from rag.store.catalog.places import place_of
from rag.store.catalog.schema import FILE, SET_VALUE
from rag.store.catalog.unanswered import carry_over_switch

# The name, in the folder of a new index, of an old catalog whose conversations could not be read.
UNREAD = "catalog.unread.sqlite"

# The value of a catalog that lists the folders that the index follows while a chat runs.
WATCHED_FOLDERS = "watched_folders"

# The columns that move into an index made anew, by table.
_CARRIED = {
    "conversations": 'id, "user", title, created, changed, removed, pinned, archived',
    "turns": "number, id, conversation, question, answer, words, created, parent, shown, removed",
    "cited": "turn, document_id, source, title",
    "feedback": "turn, thumb, note, created",
}

_log = logging.getLogger(__name__)


@contextmanager
def carry_over_conversations(old: Path, new: Path) -> Iterator[None]:
    """Copy all conversations, with the document versions they cite, and choices into the index that replaces theirs.

    Nobody can add to the old conversations before the block inside has ended, so the exchange of the two belongs
    inside. An old catalog that cannot be read is copied beside the new one, under the name ``UNREAD``: nothing is
    thrown away.

    Args:
        old: The folder of the index that is replaced.
        new: The folder of the index that was made anew.

    Yields:
        Nothing; inside, the index at ``new`` has the conversations.

    Raises:
        DatabaseUnusable: The database of the catalogs cannot be reached; nothing is exchanged.
    """
    with ExitStack() as opened:
        try:
            old_db = opened.enter_context(place_of(old).opened())
        except DatabaseUnusable:
            raise
        except (IndexUnusable, sqlite3.DatabaseError):
            if (old / FILE).is_file():
                _copy_unread(old, new)
            yield
            return
        # Keeps other writers out until the exchange is done.
        opened.enter_context(transaction(old_db))
        with place_of(new).writing() as new_db:
            _copy_conversations(old_db, new_db)
        yield


def _copy_unread(old: Path, new: Path) -> None:
    for ending in ("", "-wal"):
        with suppress(FileNotFoundError):
            shutil.copy2(old / (FILE + ending), new / (UNREAD + ending))
    _log.warning("conversations in the old catalog cannot be read; it is kept as %s", UNREAD)


def _copy_conversations(old: Connection, new: Connection) -> None:
    for table, columns in _CARRIED.items():
        marks = ", ".join("?" * (columns.count(",") + 1))
        rows = old.execute(f"SELECT {columns} FROM {table} ORDER BY 1")
        new.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks}) ON CONFLICT DO NOTHING", rows)
    carry_over_switch(old, new)
    watched = old.execute("SELECT key, value FROM meta WHERE key = ?", (WATCHED_FOLDERS,))
    new.executemany(SET_VALUE, watched)
    columns = "id, media_type, text, pages, blocks, tables"
    cited = f"SELECT {columns} FROM documents WHERE id IN (SELECT document_id FROM cited)"
    insert = f"INSERT INTO documents ({columns}) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
    new.executemany(insert, old.execute(cited))
