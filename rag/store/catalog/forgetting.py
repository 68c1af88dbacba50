"""Document versions that nothing needs any more.

Owns: when a version goes: once no source shows it, none that can be brought back did, and no stored answer cites it.
Knows nothing about chunks.
"""

from __future__ import annotations

from collections.abc import Iterable

from rag.database import Connection


def forget_documents(db: Connection, candidates: Iterable[str]) -> None:
    """Delete those of some document versions that no source shows or showed until just now, and no stored answer cites.

    It takes as long as there are candidates, however many versions the index holds.

    Args:
        db: A connection inside a transaction.
        candidates: The ids of versions that a source or an answer has just let go.
    """
    db.executemany(
        "DELETE FROM documents WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM sources WHERE document_id = ?1) "
        "AND NOT EXISTS (SELECT 1 FROM cited WHERE document_id = ?1) "
        "AND NOT EXISTS (SELECT 1 FROM removed_sources WHERE document_id = ?1)",
        ((id_,) for id_ in candidates),
    )
