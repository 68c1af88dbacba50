"""The schemas of a database that are Footnote's own.

Owns: their names, and making, renaming, deleting and listing them. A schema is known by its full name, which stands in
its comment: PostgreSQL takes no names of more than 63 bytes. Knows nothing about the tables in them.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from rag.database.connection import unshielded_transaction
from rag.database.parameters import quoted
from rag.database.pool import borrowed
from rag.errors import DatabaseUnusable

if TYPE_CHECKING:
    from rag.database.postgres import PostgresConnection

_LONGEST = 63
# A schema that somebody reads in is deleted once they are done; so long that is waited for.
_DROP_WAIT = "3s"


def stored_name(name: str) -> str:
    """Return the name that a schema has in the database.

    Args:
        name: Its full name, in ASCII.

    Returns:
        The same, or where that is too long its beginning with a hash of the whole.
    """
    if len(name) <= _LONGEST:
        return name
    return f"{name[: _LONGEST - 17]}~{hashlib.sha256(name.encode()).hexdigest()[:16]}"


def make_schema(db: PostgresConnection, name: str) -> None:
    """Make a schema where there is none.

    Args:
        db: A connection.
        name: The full name of the schema.

    Raises:
        DatabaseUnusable: The user of the connection may not make one.
    """
    db.execute(f"CREATE SCHEMA IF NOT EXISTS {quoted(stored_name(name))}")
    _note_name(db, name)


def schemas_beginning(url: str, start: str) -> list[str]:
    """Find the schemas whose names begin with some characters.

    Args:
        url: The address of the database.
        start: The characters.

    Returns:
        Their full names, in order.
    """
    with borrowed(url) as db:
        rows = db.execute(
            "SELECT obj_description(oid, 'pg_namespace') FROM pg_namespace "
            "WHERE starts_with(obj_description(oid, 'pg_namespace'), ?)",
            (start,),
        )
        return sorted(name for (name,) in rows)


def rename_schemas(url: str, renamed: list[tuple[str, str]]) -> None:
    """Rename schemas one after the other, in one transaction; one that is not there is passed over.

    Args:
        url: The address of the database.
        renamed: The present full name of each, and the new one.

    Raises:
        DatabaseUnusable: A new name is taken, or the database cannot be reached.
    """
    with borrowed(url) as db, unshielded_transaction(db):
        for before, after in renamed:
            rename_schema(db, before, after)


def rename_schema(db: PostgresConnection, before: str, after: str) -> None:
    """Rename a schema inside a transaction; one that is not there is passed over.

    Args:
        db: A connection inside a transaction.
        before: The present full name.
        after: The new one.

    Raises:
        DatabaseUnusable: The new name is taken.
    """
    is_there = "SELECT 1 FROM pg_namespace WHERE nspname = ?"
    if db.execute(is_there, (stored_name(before),)).fetchone():
        db.execute(f"ALTER SCHEMA {quoted(stored_name(before))} RENAME TO {quoted(stored_name(after))}")
        _note_name(db, after)


def drop_schema(url: str, name: str) -> bool:
    """Delete a schema with all in it, unless somebody reads in it all the time.

    Args:
        url: The address of the database.
        name: Its full name; there need not be one.

    Returns:
        Whether it is gone.

    Raises:
        DatabaseUnusable: The database cannot be reached, or refuses.
    """
    with borrowed(url) as db:
        db.execute("BEGIN")
        try:
            db.execute(f"SET LOCAL lock_timeout = '{_DROP_WAIT}'")
            db.execute(f"DROP SCHEMA IF EXISTS {quoted(stored_name(name))} CASCADE")
        except DatabaseUnusable as error:
            db.execute("ROLLBACK")
            if error.notice.code != "database-busy":
                raise
            return False
        db.execute("COMMIT")
    return True


def _note_name(db: PostgresConnection, name: str) -> None:
    text = name.replace("'", "''")
    db.execute(f"COMMENT ON SCHEMA {quoted(stored_name(name))} IS '{text}'")
