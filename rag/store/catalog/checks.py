"""Whether a catalog is whole.

Owns: what is wrong in the file, found one document at a time. Mends nothing.
"""

from __future__ import annotations

from rag.database import Connection, is_postgres
from rag.store.catalog.source_rows import SOURCE_COLUMNS, has_form


def problems_of(db: Connection) -> list[str]:
    """Check a catalog.

    Args:
        db: A connection to it.

    Returns:
        What is wrong in it, one sentence each.
    """
    problems = [] if is_postgres(db) else _damage(db)
    chunks, keywords = (db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("chunks", "keywords"))
    if chunks != keywords:
        problems.append(f"keyword index has {keywords} entries for {chunks} chunks")
    wrong = sum(_wrong_slices(db, *row) for row in db.execute("SELECT source, document_id FROM sources"))
    if wrong:
        problems.append(f"{wrong} chunks whose text is not their document's slice")
    formless = sum(not has_form(row) for row in db.execute(f"SELECT {SOURCE_COLUMNS} FROM sources"))
    if formless:
        problems.append(f"{formless} sources of which what is told of them cannot be read")
    return problems


def _damage(db: Connection) -> list[str]:
    """Return what SQLite finds wrong in the file; PostgreSQL looks after its own."""
    return [f"catalog damaged: {row[0]}" for row in db.execute("PRAGMA integrity_check(5)") if row[0] != "ok"]


def _wrong_slices(db: Connection, source: str, document_id: str | None) -> int:
    """Return how many chunks of a source are not their document's slice."""
    # Sliced here and not in SQL, which would read the whole text for each chunk.
    row = db.execute("SELECT text FROM documents WHERE id = ?", (document_id,)).fetchone()
    text = row[0] if row else ""
    chunks = db.execute('SELECT start, "end", text FROM chunks WHERE source = ?', (source,))
    return sum(text[start:end] != words for start, end, words in chunks)
