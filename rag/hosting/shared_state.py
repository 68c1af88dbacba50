"""What several servers on one database remember together, and which memory a server has.

Owns: the schema ``footnote`` with its tables, and its form. Imported where a database is named; nothing else of the
database is here.

Each value is a row. Who changes one holds an advisory lock on its name until the change is committed, so that two
servers that count the same thing lose nothing. Times are those of the database, by which all servers go.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from typing import Any

from rag.database import unshielded_transaction
from rag.database.address import database_url
from rag.database.pool import borrowed
from rag.errors import DatabaseUnusable
from rag.hosting.state import Change, MemoryState, State
from rag.notices import Notice

_LOG = logging.getLogger(__name__)

# The number is raised when the form of a value changes.
SCHEMA, _FORMAT = "footnote", 2
# Under this name one server makes the table, and the others wait.
_MAKING = "making"
# Seconds between two looks at the database's clock, and between two deletions of what is over. A machine that was
# asleep goes by a clock that stood still until it looks again.
_CLOCK_SECONDS, _CLEANING_SECONDS = 5.0, 60.0
_ALL = 2**31
_NOW = "extract(epoch FROM clock_timestamp())::float8"
_TABLES = (
    f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}",
    "CREATE TABLE IF NOT EXISTS format (number integer NOT NULL)",
    'CREATE TABLE IF NOT EXISTS state (kind text COLLATE "C" NOT NULL, name text COLLATE "C" NOT NULL, '
    'owner text COLLATE "C" NOT NULL, version bigint NOT NULL, began double precision NOT NULL, '
    "until double precision NOT NULL, value text NOT NULL, PRIMARY KEY (kind, name))",
    "CREATE INDEX IF NOT EXISTS state_owner ON state (kind, owner)",
    "CREATE INDEX IF NOT EXISTS state_until ON state (until)",
    # Of `rag.hosting.kept_text`: it outlives what is remembered for a while, whatever the number of the format.
    'CREATE TABLE IF NOT EXISTS kept_text (name text COLLATE "C" NOT NULL PRIMARY KEY, stamp text NOT NULL, '
    "value text NOT NULL)",
)


def open_state() -> State:
    """Return the memory of this server: in the database that the settings name, else in this process.

    Raises:
        UsageError: The settings name no address of a database.
        DatabaseUnusable: The database cannot be used.
    """
    url = database_url()
    return DatabaseState(url) if url else MemoryState()


class DatabaseState:
    """The memory of all servers on one database. Safe to use from several threads.

    Each method raises DatabaseUnusable where the database cannot be used.
    """

    is_shared = True

    def __init__(self, url: str) -> None:
        """Make the table, where there is none yet.

        Args:
            url: The address of the database.

        Raises:
            DatabaseUnusable: The database cannot be used, or was written by a later version of Footnote.
        """
        self._url = url
        self._guard = threading.Lock()
        self._offset, self._looked = 0.0, -_CLOCK_SECONDS
        self._cleaned = time.monotonic()
        prepare(url)

    def now(self) -> float:
        """Return the seconds by the database's clock."""
        passed = time.monotonic()
        with self._guard:
            is_known = passed - self._looked < _CLOCK_SECONDS
        if not is_known:
            with borrowed(self._url, SCHEMA) as db:
                (now,) = db.execute(f"SELECT {_NOW}").fetchone()
            with self._guard:
                self._offset, self._looked = float(now) - time.monotonic(), passed
        return time.monotonic() + self._offset

    def get(self, kind: str, name: str) -> Any:
        """Return a value.

        Args:
            kind: Its kind.
            name: Its name.

        Returns:
            The value; None where there is none, or it is over.
        """
        with borrowed(self._url, SCHEMA) as db:
            row = db.execute(
                f"SELECT value FROM state WHERE kind = ? AND name = ? AND until > {_NOW}", (kind, name)
            ).fetchone()
        return json.loads(row[0]) if row else None

    def owned(self, kind: str, owner: str, most: int | None = None) -> dict[str, Any]:
        """Return the values of an owner by their names, in the order in which they came.

        Args:
            kind: Their kind.
            owner: Their owner.
            most: How many are wanted, those that came last; None: all.

        Returns:
            Those that are not over.
        """
        with borrowed(self._url, SCHEMA) as db:
            rows = db.execute(
                f"SELECT name, value FROM state WHERE kind = ? AND owner = ? AND until > {_NOW} "
                "ORDER BY began DESC, name DESC LIMIT ?",
                (kind, owner, _ALL if most is None else most),
            ).fetchall()
        return {name: json.loads(value) for name, value in reversed(rows)}

    def change(self, kind: str, name: str, change: Change, seconds: float | None, owner: str = "") -> Any:
        """Replace a value; whoever changes the same one waits meanwhile.

        Args:
            kind: Its kind.
            name: Its name.
            change: Returns the new value of the old one; quick, and without looking into this memory.
            seconds: After how many seconds it ends; None: when the old one would have.
            owner: Whose it is.

        Returns:
            The new value.
        """
        from rag.database.postgres import lock_key

        with borrowed(self._url, SCHEMA) as db, unshielded_transaction(db):
            db.execute("SELECT pg_advisory_xact_lock(?)", (lock_key("state", f"{kind} {name}"),))
            row = db.execute(
                f"SELECT value FROM state WHERE kind = ? AND name = ? AND until > {_NOW}", (kind, name)
            ).fetchone()
            value = change(json.loads(row[0]) if row else None)
            if value is None:
                db.execute("DELETE FROM state WHERE kind = ? AND name = ?", (kind, name))
            else:
                db.execute(
                    f"INSERT INTO state (kind, name, owner, version, began, until, value) "
                    f"VALUES (?1, ?2, ?3, 1, {_NOW}, {_NOW} + ?4, ?5) ON CONFLICT (kind, name) DO UPDATE "
                    "SET owner = excluded.owner, version = state.version + 1, value = excluded.value, "
                    "until = CASE WHEN ?6 = 1 THEN state.until ELSE excluded.until END",
                    (kind, name, owner, float(seconds or 0), json.dumps(value), int(seconds is None)),
                )
        self._clean()
        return value

    def _clean(self) -> None:
        """Delete what is over, once in a while; what was changed before is changed, whether that succeeds or not."""
        with self._guard:
            if time.monotonic() - self._cleaned < _CLEANING_SECONDS:
                return
            self._cleaned = time.monotonic()
        # Two servers that delete the same rows in another order would wait for each other.
        over = f"SELECT kind, name FROM state WHERE until <= {_NOW} FOR UPDATE SKIP LOCKED"
        try:
            with borrowed(self._url, SCHEMA) as db:
                db.execute(f"DELETE FROM state WHERE (kind, name) IN ({over})")
        except DatabaseUnusable as error:
            _LOG.warning("what is over could not be deleted", extra={"cause": str(error)})


def prepare(url: str) -> None:
    """Make the schema and its tables, where there are none yet; whoever does so at the same moment waits.

    Args:
        url: The address of the database.

    Raises:
        DatabaseUnusable: The database cannot be used, or was written by a later version of Footnote.
    """
    from rag.database.postgres import lock_key

    with borrowed(url, SCHEMA) as db, unshielded_transaction(db):
        db.execute("SELECT pg_advisory_xact_lock(?)", (lock_key("state", _MAKING),))
        for statement in _TABLES:
            db.execute(statement)
        row = db.execute("SELECT max(number) FROM format").fetchone()
        if row is None or row[0] is None:
            db.execute("INSERT INTO format (number) VALUES (?)", (_FORMAT,))
        elif row[0] > _FORMAT:
            raise DatabaseUnusable(Notice("shared-state-of-another-version", {"format": int(row[0])}))
        elif row[0] < _FORMAT:
            # What an earlier version remembered for a while cannot be read: people sign in again.
            db.execute("DELETE FROM state")
            db.execute("UPDATE format SET number = ?", (_FORMAT,))
