"""Locks that processes on several machines share: PostgreSQL's advisory locks.

Owns: holding one as long as a connection lives, so that a holder that dies lets go of it, and who holds it. Imports
psycopg.
"""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg

from rag.database.failures import explain
from rag.database.held_locks import noted
from rag.database.postgres import lock_key, open_connection

# What the server is told of a holder: who it is, and since when.
_PREFIX = "footnote writer "


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a lock.

    Attributes:
        process: The number of its process; ``NUMBER@HOST`` on another machine, 0 where that is not known.
        since: Since when: the time of day, or "".
    """

    process: int | str
    since: str


class Held(Exception):
    """The lock is held by another process or thread."""

    def __init__(self, holder: Holder) -> None:
        super().__init__(str(holder.process))
        self.holder = holder


@contextmanager
def session_lock(url: str, name: str) -> Iterator[None]:
    """Hold a lock until the block inside ends, on a connection of its own. Where that breaks off, the lock is lost.

    Args:
        url: The address of the database.
        name: What is locked: the schema of an index, or any other name.

    Yields:
        Nothing; inside, nobody else holds the lock.

    Raises:
        Held: Another process or thread holds it.
        DatabaseUnusable: The database cannot be reached.
    """
    note = f"{_PREFIX}{os.getpid()}@{socket.gethostname()[:24]} {time.strftime('%H:%M:%S')}"
    connection = open_connection(url, application=note)
    try:
        key = lock_key("writer", name)
        try:
            taken = connection.execute("SELECT pg_try_advisory_lock(%s)", (key,)).fetchone()
            if not (taken and taken[0]):
                raise Held(_holder(connection, key))
        except psycopg.Error as error:
            failure = explain(error, url)
            raise failure from error
        with noted(url, name, connection):
            yield
    finally:
        # The lock goes with the connection.
        connection.close()


def _holder(connection: psycopg.Connection[Any], key: int) -> Holder:
    """Return who holds a lock, by what its connection says of itself."""
    number = key % 2**64
    row = connection.execute(
        "SELECT a.application_name FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid "
        "WHERE l.locktype = 'advisory' AND l.classid::bigint = %s AND l.objid::bigint = %s AND l.objsubid = 1 "
        "AND l.granted AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())",
        (number >> 32, number % 2**32),
    ).fetchone()
    note = str(row[0] or "") if row else ""
    place, _, since = note.removeprefix(_PREFIX).rpartition(" ")
    process, _, host = place.partition("@")
    if not note.startswith(_PREFIX) or not process.isdecimal():
        return Holder(0, "")
    return Holder(int(process) if host == socket.gethostname()[:24] else place, since)
