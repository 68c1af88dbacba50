"""What was counted in one version of an index: counting takes the longer, the more chunks there are.

Owns: keeping the counts, so that each is taken once a version. Knows nothing about which version is the present one.
"""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field

from rag.database import Connection
from rag.store.catalog.keywords import Within, document_frequency

# Terms whose numbers of chunks stay in memory.
_COUNTED_TERMS = 20_000
# Lists of sources whose numbers of chunks stay in memory.
_COUNTED_LISTS = 64
# So many ids of the chunks of some sources stay in memory.
_KEPT_IDS = 50_000


@dataclass
class Counts:
    """The counts of one version; several threads may ask at once, each with a connection that sees that version.

    Attributes:
        version: The version.
    """

    version: str = ""
    _total: int | None = None
    _by_term: dict[str, int] = field(default_factory=dict)
    # The last used ones last.
    _within: OrderedDict[tuple[str, ...], Within] = field(default_factory=OrderedDict)
    _ids: tuple[tuple[str, ...], tuple[str, ...]] | None = None
    _guard: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def total(self, db: Connection) -> int:
        """Return the number of visible chunks."""
        if self._total is None:
            self._total = int(db.execute("SELECT count(*) FROM chunks").fetchone()[0])
        return self._total

    def holding(self, db: Connection, query: Sequence[str]) -> dict[str, int]:
        """Count the chunks in which terms stand.

        Args:
            db: A connection.
            query: The terms.

        Returns:
            The number of chunks, by term.
        """
        known = self._by_term
        found = {term: known[term] for term in query if term in known}
        if absent := [term for term in query if term not in found]:
            counted = document_frequency(db, absent)
            with self._guard:
                if len(self._by_term) >= _COUNTED_TERMS:
                    self._by_term = {}
                self._by_term.update(counted)
            found |= counted
        return {term: found[term] for term in query}

    def within(self, db: Connection, sources: Sequence[str]) -> Within:
        """Count the chunks of some sources; the lists that were asked for last are not counted again.

        Args:
            db: A connection.
            sources: The names of the sources.

        Returns:
            The sources, with their chunks counted.
        """
        names = tuple(sources)
        with self._guard:
            counted = self._within.pop(names, None)
        if counted is None:
            counted = Within.of(db, names)
        with self._guard:
            self._within[names] = counted
            if len(self._within) > _COUNTED_LISTS:
                self._within.popitem(last=False)
        return counted

    def ids_of(self, db: Connection, sources: Sequence[str]) -> list[str]:
        """Find the chunks of some sources; those that were asked for last are not looked for again.

        Args:
            db: A connection.
            sources: The names of the sources.

        Returns:
            The ids of the chunks, in the order in which they were added.
        """
        names, asked = tuple(sources), self._ids
        if asked is None or asked[0] != names:
            rows = db.execute(
                "SELECT id FROM chunks WHERE source IN (SELECT value FROM json_each(?)) ORDER BY number",
                (json.dumps(names),),
            )
            asked = (names, tuple(id_ for (id_,) in rows))
            self._ids = asked if len(asked[1]) <= _KEPT_IDS else None
        return list(asked[1])
