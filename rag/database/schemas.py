"""The schemas of a database that are Footnote's own.

Owns: making, renaming, deleting and listing them. Knows nothing about the tables in them.
"""

from __future__ import annotations

from rag.database.pool import borrowed
from rag.errors import DatabaseUnusable

# A schema that somebody reads in is deleted once they are done; so long that is waited for.
_DROP_WAIT = "3s"


def schema_exists(url: str, schema: str) -> bool:
    """Tell whether there is a schema.

    Args:
        url: The address of the database.
        schema: Its name.

    Returns:
        Whether there is.
    """
    with borrowed(url) as db:
        return db.execute("SELECT 1 FROM pg_namespace WHERE nspname = ?", (schema,)).fetchone() is not None


def schemas_beginning(url: str, start: str) -> list[str]:
    """Find the schemas whose names begin with some characters.

    Args:
        url: The address of the database.
        start: The characters.

    Returns:
        Their names, in order.
    """
    with borrowed(url) as db:
        rows = db.execute(
            'SELECT nspname FROM pg_namespace WHERE starts_with(nspname, ?) ORDER BY nspname COLLATE "C"', (start,)
        )
        return [name for (name,) in rows]


def rename_schemas(url: str, renamed: list[tuple[str, str]]) -> None:
    """Rename schemas one after the other, in one transaction; one that is not there is passed over.

    Args:
        url: The address of the database.
        renamed: The present name of each, and the new one.

    Raises:
        DatabaseUnusable: A new name is taken, or the database cannot be reached.
    """
    from rag.database.postgres import quoted

    with borrowed(url) as db:
        db.execute("BEGIN")
        try:
            for before, after in renamed:
                if db.execute("SELECT 1 FROM pg_namespace WHERE nspname = ?", (before,)).fetchone():
                    db.execute(f"ALTER SCHEMA {quoted(before)} RENAME TO {quoted(after)}")
        except BaseException:
            db.execute("ROLLBACK")
            raise
        db.execute("COMMIT")


def drop_schema(url: str, schema: str) -> bool:
    """Delete a schema with all in it, unless somebody reads in it all the time.

    Args:
        url: The address of the database.
        schema: Its name; there need not be one.

    Returns:
        Whether it is gone.

    Raises:
        DatabaseUnusable: The database cannot be reached, or refuses.
    """
    from rag.database.postgres import quoted

    with borrowed(url) as db:
        db.execute("BEGIN")
        try:
            db.execute(f"SET LOCAL lock_timeout = '{_DROP_WAIT}'")
            db.execute(f"DROP SCHEMA IF EXISTS {quoted(schema)} CASCADE")
        except DatabaseUnusable as error:
            db.execute("ROLLBACK")
            if error.notice.code != "database-busy":
                raise
            return False
        db.execute("COMMIT")
    return True
