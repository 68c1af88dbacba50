"""The few words in which statements for SQLite and for PostgreSQL differ.

Owns: these words. A statement that both read alike has none of them. Pure.
"""

from __future__ import annotations

from rag.database import Connection, is_postgres


def position(db: Connection) -> str:
    """Return the function that tells where in a text another one stands, 0 for nowhere."""
    return "strpos" if is_postgres(db) else "instr"


def without_case(db: Connection, text: str) -> str:
    """Return an expression by which texts are ordered and compared without the case of the letters a-z.

    Args:
        db: The connection.
        text: A column, or a mark of a parameter.

    Returns:
        The expression; what SQLite orders by has an index.
    """
    return f'lower({text} COLLATE "C")' if is_postgres(db) else f"{text} COLLATE NOCASE"


def like(db: Connection, text: str, pattern: str) -> str:
    """Return a condition that a text is like a pattern, without the case of the letters a-z.

    Args:
        db: The connection.
        text: A column.
        pattern: The mark of the parameter that is the pattern; a backslash in it stands before what means itself.

    Returns:
        The condition.
    """
    if is_postgres(db):
        return f"{without_case(db, text)} LIKE {without_case(db, pattern)} ESCAPE '\\'"
    return f"{text} LIKE {pattern} ESCAPE '\\'"
