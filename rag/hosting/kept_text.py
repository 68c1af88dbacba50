"""A text that several processes read and change: a file, or a row of the team's database.

Owns: that one process changes it at a time, that others see at once that it is another, and where it lies. Knows
nothing about what it says: who may sign in (``rag.hosting.users``) and the keys of programs (``rag.hosting.keys``).

The row stands in the table ``kept_text`` of the schema ``footnote``, which ``rag.hosting.shared_state`` makes. Nothing
of the database is imported until it is asked for.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Hashable
from hashlib import sha256
from pathlib import Path
from typing import Protocol

from filelock import FileLock

from rag.atomic_file import write_atomically
from rag.errors import UsageError

IN_DATABASE = "database"
"""What ``--auth`` says in the place of a file, where the users are kept in the database."""


class KeptText(Protocol):
    """A text under one name for all who use it. Safe to use from several threads.

    Each method raises DatabaseUnusable where it lies in a database that cannot be used. ``str`` of it is what a command
    calls it: the path, or `IN_DATABASE`.

    Attributes:
        title: What sentences call it: "The file of keys PATH".
        remedy: What is done about a damaged one, as the beginning of a sentence's second half: "restore a copy, or
            delete it".
        missing: What is wrong where there is no text, for a sentence that begins with the title: "is not there yet".
    """

    title: str
    remedy: str
    missing: str

    def stamp(self) -> Hashable:
        """Return what differs once the text is another; it takes far less time than reading it."""
        ...

    def read(self) -> str | None:
        """Return the text; None where there is none.

        Raises:
            OSError: It is a file that cannot be read.
            ValueError: It is a file that holds no UTF-8.
        """
        ...

    def change(self, change: Callable[[str | None], str], wait: float) -> None:
        """Replace the text; whoever else changes it waits meanwhile.

        Args:
            change: Returns the new text of the old one, which is None where there is none. What it raises is raised,
                and nothing is changed.
            wait: Seconds for which others who change it are waited for.

        Raises:
            OSError: It is a file that cannot be written, or that others changed all the time.
            DatabaseUnusable: Others changed the row all the time.
        """
        ...

    def may_be_changed(self) -> bool:
        """Return whether this process has the right to change it."""
        ...


def place_of(auth: Path) -> str:
    """Return where the users are kept, for the end of a sentence: the path of their file, or "the database"."""
    return "the database" if str(auth) == IN_DATABASE else str(auth)


def users_text(auth: Path) -> KeptText:
    """Return where the users are kept.

    Args:
        auth: The file of users, or `IN_DATABASE`.

    Returns:
        The text, which need not be there.

    Raises:
        UsageError: They are said to be in the database, and none is named.
        DatabaseUnusable: The database cannot be used.
    """
    if str(auth) != IN_DATABASE:
        return FileText(auth.expanduser(), "users")
    url = _database_url()
    if not url:
        raise UsageError(
            f"--auth {IN_DATABASE} keeps the users in the database, and RAG_DATABASE_URL names none; set it, or name "
            f"a file (one that is called {IN_DATABASE} by its whole path)."
        )
    return RowText(url, "users")


def keys_text(file: Path) -> KeptText:
    """Return where the keys are kept: in the database that the settings name, else in a file.

    Args:
        file: That file.

    Raises:
        DatabaseUnusable: The database cannot be used.
    """
    url = _database_url()
    return RowText(url, "keys") if url else FileText(file, "keys")


def _database_url() -> str:
    from rag.database.address import database_url

    return database_url()


class FileText:
    """The text of a file, which only its owner may read."""

    def __init__(self, path: Path, what: str) -> None:
        """Read nothing yet.

        Args:
            path: The file; it and its folder need not be there.
            what: What it holds, for sentences: ``users``.
        """
        self._path = path
        self.title = f"The file of {what} {path}"
        self.remedy = "restore a copy, or delete it"
        self.missing = "cannot be read (No such file or directory)"

    def __str__(self) -> str:
        return str(self._path)

    def stamp(self) -> Hashable:
        """Return the file's time, size and number; zeros where there is none."""
        try:
            status = self._path.stat()
        except OSError:
            return (0, 0, 0)
        return (status.st_mtime_ns, status.st_size, status.st_ino)

    def read(self) -> str | None:
        """Return the text; None where there is no file.

        Raises:
            OSError: The file cannot be read.
            ValueError: It holds no UTF-8.
        """
        try:
            return self._path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return None

    def change(self, change: Callable[[str | None], str], wait: float) -> None:
        """Replace the file at once.

        Args:
            change: Returns the new text of the old one.
            wait: Seconds for which another process that changes it is waited for.

        Raises:
            OSError: The file cannot be written, or another process changed it all the time.
        """
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(self._path.with_name(f"{self._path.name}.lock"), timeout=wait, mode=0o600):
            write_atomically(self._path, change(self.read()), private=True)

    def may_be_changed(self) -> bool:
        """Return whether this process may write the file."""
        return os.access(self._path, os.W_OK)


class RowText:
    """A text in the database, which all processes of the team have."""

    def __init__(self, url: str, name: str) -> None:
        """Make the table, where there is none yet.

        Args:
            url: The address of the database.
            name: The text's name, which is also what it holds: ``users``.

        Raises:
            DatabaseUnusable: The database cannot be used, or was written by a later version of Footnote.
        """
        from rag.hosting.shared_state import SCHEMA, prepare

        self._url, self._name, self._schema = url, name, SCHEMA
        self.title = f"The table of {name} in the database"
        self.remedy = (
            f"bring the database back from its backup, or DELETE FROM {SCHEMA}.kept_text WHERE name = '{name}'"
        )
        self.missing = "is not there yet"
        prepare(url)

    def __str__(self) -> str:
        return IN_DATABASE

    def stamp(self) -> Hashable:
        """Return the hash of the text; None where there is none."""
        return self._value("stamp")

    def read(self) -> str | None:
        """Return the text; None where there is none."""
        return self._value("value")

    def change(self, change: Callable[[str | None], str], wait: float) -> None:
        """Replace the text in a transaction.

        Args:
            change: Returns the new text of the old one.
            wait: Seconds for which other processes that change it are waited for.

        Raises:
            DatabaseUnusable: The database cannot be used, or others changed the text all the time.
        """
        from rag.database import unshielded_transaction
        from rag.database.pool import borrowed
        from rag.database.postgres import lock_key

        with borrowed(self._url, self._schema) as db, unshielded_transaction(db):
            # Until the end of this transaction; PostgreSQL would wait for ever where the limit is nothing.
            db.execute("SELECT set_config('lock_timeout', ?, true)", (f"{max(1, round(wait * 1000))}ms",))
            db.execute("SELECT pg_advisory_xact_lock(?)", (lock_key("text", self._name),))
            row = db.execute("SELECT value FROM kept_text WHERE name = ?", (self._name,)).fetchone()
            text = change(row[0] if row else None)
            db.execute(
                "INSERT INTO kept_text (name, stamp, value) VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE "
                "SET stamp = excluded.stamp, value = excluded.value",
                (self._name, sha256(text.encode()).hexdigest(), text),
            )

    def may_be_changed(self) -> bool:
        """Return True: all processes of a team use the database with the same rights."""
        return True

    def _value(self, column: str) -> str | None:
        from rag.database.pool import borrowed

        with borrowed(self._url, self._schema) as db:
            row = db.execute(f"SELECT {column} FROM kept_text WHERE name = ?", (self._name,)).fetchone()
        return None if row is None else str(row[0])
