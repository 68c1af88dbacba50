"""What a connection to SQLite and one to PostgreSQL have in common.

Owns: the few methods that statements of the product rest on, and transactions. Imports no driver of PostgreSQL.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol, TypeGuard

if TYPE_CHECKING:
    from rag.database.postgres import PostgresConnection


class Rows(Protocol):
    """What a statement found or changed; each row is a tuple."""

    @property
    def rowcount(self) -> int:
        """How many rows were changed."""
        ...

    def fetchone(self) -> Any:
        """Return the next row; None after the last."""
        ...

    def fetchall(self) -> list[Any]:
        """Return the rows that are left."""
        ...

    def __iter__(self) -> Iterator[Any]:
        """Yield the rows that are left."""
        ...


class Connection(Protocol):
    """A connection that commits each statement by itself, unless a transaction is open.

    Parameters are marked ``?``, ``?1`` or ``:name``, as SQLite has them.
    """

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open."""
        ...

    def execute(self, sql: str, parameters: Sequence[Any] | Mapping[str, Any] = ..., /) -> Rows:
        """Run a statement.

        Args:
            sql: The statement.
            parameters: The values of its parameters, in order or by name.

        Returns:
            The rows that it found, or how many it changed.
        """
        ...

    def executemany(self, sql: str, parameters: Iterable[Sequence[Any]], /) -> Rows:
        """Run a statement once for each tuple of parameters.

        Args:
            sql: The statement.
            parameters: The values of its parameters, a tuple a time.

        Returns:
            How many rows were changed.
        """
        ...

    def close(self) -> None:
        """Let go of the connection; an open transaction is undone."""
        ...


def is_postgres(db: Connection) -> TypeGuard[PostgresConnection]:
    """Tell whether a connection is one to PostgreSQL."""
    return not isinstance(db, sqlite3.Connection)


@contextmanager
def transaction(db: Connection) -> Iterator[Connection]:
    """Commit all that is written inside, or on an error nothing; other writers of the same tables wait.

    Args:
        db: The connection.

    Yields:
        The same connection.
    """
    if is_postgres(db):
        db.begin_writing()
    else:
        db.execute("BEGIN IMMEDIATE")
    with _all_or_nothing(db):
        yield db


@contextmanager
def unshielded_transaction(db: Connection) -> Iterator[None]:
    """Commit all that is written inside, or on an error nothing; whoever writes the same waits only by its own locks.

    Args:
        db: The connection.
    """
    db.execute("BEGIN")
    with _all_or_nothing(db):
        yield


@contextmanager
def _all_or_nothing(db: Connection) -> Iterator[None]:
    """End the transaction that has begun."""
    try:
        yield
    except BaseException:
        # On a full disk SQLite has undone it by itself.
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")


@contextmanager
def read_transaction(db: Connection) -> Iterator[None]:
    """Let reads inside see one committed state, whatever a writer commits meanwhile.

    Args:
        db: The connection; where it has a transaction open, that one goes on.

    Yields:
        Nothing.
    """
    if db.in_transaction:
        yield
        return
    db.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY" if is_postgres(db) else "BEGIN")
    try:
        yield
    finally:
        db.execute("COMMIT")
