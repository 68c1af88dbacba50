"""The rows of a catalog, copied from one database to another.

Owns: the tables of a catalog in an order in which each finds what it refers to, and reading them in parts. The keyword
index is written anew from the chunks: each database has its own form of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from rag.database import Connection, is_postgres
from rag.store.catalog.keywords import rebuild_keywords

# Each table with its key, by which it is read in parts.
_TABLES = (
    ("meta", ("key",)),
    ("documents", ("id",)),
    ("sources", ("source",)),
    ("chunks", ("number",)),
    ("orphans", ("id",)),
    ("conversations", ("id",)),
    ("turns", ("number",)),
    ("cited", ("turn", "document_id", "source")),
    ("feedback", ("turn",)),
    ("removed_sources", ("removal", "source")),
)
# Rows that are in memory at a time; a row may be a whole document.
_ROWS_AT_A_TIME = 200

Advance = Callable[[int], None]
"""Is told how many rows more are copied."""


def count_rows(db: Connection) -> int:
    """Return how many rows a copy of a catalog has to copy."""
    return sum(int(db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]) for table, _ in _TABLES)


def copy_rows(source: Connection, target: Connection, advance: Advance) -> None:
    """Copy all rows of a catalog, and write the keyword index of the copy.

    Args:
        source: A connection that sees one committed state.
        target: A connection inside a transaction, to a catalog with empty tables.
        advance: Called as the work goes on.
    """
    # A new catalog has an id and a version of its own, which are those of the original from now on.
    target.execute("DELETE FROM meta")
    for table, key in _TABLES:
        columns = _columns(target, table)
        names = ", ".join(map(_quoted, columns))
        insert = f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(columns))})"
        for rows in _parts(source, table, names, [columns.index(name) for name in key], key):
            target.executemany(insert, rows)
            advance(len(rows))
    rebuild_keywords(target)


def _parts(
    db: Connection, table: str, names: str, key_at: Sequence[int], key: Sequence[str]
) -> Iterator[list[tuple[Any, ...]]]:
    """Yield the rows of a table, some at a time, by its key."""
    order = ", ".join(map(_quoted, key))
    after, ending = "", f"ORDER BY {order} LIMIT {_ROWS_AT_A_TIME}"
    last: tuple[Any, ...] = ()
    while rows := db.execute(f"SELECT {names} FROM {table} {after}{ending}", last).fetchall():
        yield rows
        after = f"WHERE ({order}) > ({', '.join('?' * len(key))}) "
        last = tuple(rows[-1][at] for at in key_at)


def _columns(db: Connection, table: str) -> list[str]:
    """Return the columns of a table that are stored, not computed."""
    rows = db.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = ? "
        "AND is_generated = 'NEVER' ORDER BY ordinal_position"
        if is_postgres(db)
        else "SELECT name FROM pragma_table_info(?)",
        (table,),
    )
    return [str(name) for (name,) in rows]


def _quoted(name: str) -> str:
    """Return a name of a column as both databases take it; some are words of SQL."""
    return f'"{name}"'
