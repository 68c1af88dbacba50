"""The sources that a keyword search is kept to, with their chunks counted.

Owns: counting them. Knows nothing about terms.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from rag.database import Connection, is_postgres


@dataclass(frozen=True, slots=True)
class Within:
    """The sources that a search is kept to.

    Attributes:
        sources: Their names.
        chunks: How many chunks they have.
        first: The lowest number of a chunk of theirs; 0 without chunks.
        last: The highest.
    """

    sources: tuple[str, ...]
    chunks: int
    first: int
    last: int

    @classmethod
    def of(cls, db: Connection, sources: Sequence[str]) -> Within:
        """Count the chunks of some sources.

        Args:
            db: A connection.
            sources: The names of the sources.

        Returns:
            The sources, with their chunks counted.
        """
        names = tuple(sources)
        are_theirs, values = (
            ("source = ANY(?)", list(names))
            if is_postgres(db)
            else ("source IN (SELECT value FROM json_each(?))", json.dumps(names))
        )
        row = db.execute(
            f"SELECT count(*), coalesce(min(number), 0), coalesce(max(number), 0) FROM chunks WHERE {are_theirs}",
            (values,),
        ).fetchone()
        return cls(names, *row)
