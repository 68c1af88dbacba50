"""Connections that are borrowed for one piece of work and given back.

Owns: keeping a few of them open, since opening one takes longer than most of the work. Knows nothing about tables.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rag.database.postgres import PostgresConnection

# Connections of one address that stay open while nobody uses them.
_MOST_IDLE = 4

_idle: dict[str, list[PostgresConnection]] = {}
_guard = threading.Lock()


@contextmanager
def borrowed(url: str, schema: str = "") -> Iterator[PostgresConnection]:
    """Lend a connection for the block inside; no other thread has it meanwhile.

    Args:
        url: The address of the database.
        schema: The schema of its tables; "" for none.

    Yields:
        The connection, outside a transaction.

    Raises:
        DatabaseUnusable: The database cannot be reached.
    """
    from rag.database.postgres import PostgresConnection

    with _guard:
        waiting = _idle.get(url)
        db = waiting.pop() if waiting else None
    if db is None:
        db = PostgresConnection(url, schema)
    elif db.schema != schema:
        db.use_schema(schema)
    try:
        yield db
    except BaseException:
        # Whatever state it is in, nobody else meets it.
        db.close()
        raise
    with _guard:
        waiting = _idle.setdefault(url, [])
        keep = len(waiting) < _MOST_IDLE and not db.in_transaction
        if keep:
            waiting.append(db)
    if not keep:
        db.close()


def close_idle(url: str = "") -> None:
    """Close the connections that nobody uses.

    Args:
        url: The address whose connections are closed; "" for all.
    """
    with _guard:
        closed = [db for address, waiting in _idle.items() if url in ("", address) for db in waiting]
        for address in list(_idle):
            if url in ("", address):
                del _idle[address]
    for db in closed:
        db.close()
