"""The locks that this process holds in a database, and whether it holds them still.

Owns: that nothing is written once a lock is lost. Imports psycopg.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

from rag.database.failures import explain
from rag.errors import DatabaseUnusable
from rag.notices import Notice

# The connection of each lock, by address and name.
_held: dict[tuple[str, str], psycopg.Connection[Any]] = {}
_guard = threading.Lock()


@contextmanager
def noted(url: str, name: str, connection: psycopg.Connection[Any]) -> Iterator[None]:
    """Note a lock as held by this process until the block inside ends.

    Args:
        url: The address of the database.
        name: What is locked.
        connection: The connection that the lock lives with.

    Yields:
        Nothing.
    """
    with _guard:
        _held[url, name] = connection
    try:
        yield
    finally:
        with _guard:
            del _held[url, name]


def check_is_held(url: str, name: str) -> None:
    """See that a lock which this process took is still its own: the server forgets it when it is restarted.

    Args:
        url: The address of the database.
        name: What is locked; nothing is checked where this process took no such lock.

    Raises:
        DatabaseUnusable: It is lost, so another process may write now.
    """
    with _guard:
        connection = _held.get((url, name))
        if connection is None:
            return
        try:
            connection.execute("SELECT 1")
        except psycopg.Error as error:
            raise DatabaseUnusable(Notice("database-lock-lost", explain(error, url).notice.values)) from error
