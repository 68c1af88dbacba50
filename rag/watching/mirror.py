"""The index that a watcher keeps a mirror.

Owns: how a look becomes an ingestion. Knows nothing about when to look.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from rag.ingestion.pipeline import Progress, ingest
from rag.ingestion.source_files import Look
from rag.load.walk import walk_below
from rag.store.index import Index
from rag.types import FileReport, IngestReport

Turn = Callable[[Index, Callable[[], None]], AbstractContextManager[Index]]
"""Gives an index once it may be written; what it is given besides raises when there is no need any more."""


class IndexMirror:
    """Makes an open index mirror files."""

    def __init__(self, index: Index, turn: Turn | None = None) -> None:
        """Do nothing yet.

        Args:
            index: The index.
            turn: Waits until it is the watcher's turn among all that write to the index in this process, and gives the
                index as it is to be written; None: nobody else does.
        """
        self._index = index
        self._turn = turn or (lambda index, _: nullcontext(index))
        self._own_folder = index.settings.home.expanduser().resolve()

    def ingest(self, paths: Sequence[Path], progress: Progress, look: Look) -> IngestReport:
        """Look at paths, and bring the index up to date with them.

        Args:
            paths: Files and folders.
            progress: Is told what is done.
            look: How much of them is looked at.

        Returns:
            What was done with each file.
        """
        if look.places is not None and not self._concerns(paths, look):
            # Somebody works in a folder that is ignored: nobody is kept from writing for that.
            return IngestReport(self._index.name, 0.0, ())
        # Progress is where a watcher that is to end breaks off what it does.
        with self._turn(self._index, lambda: progress.advance(0, "")) as index:
            return ingest(index, paths, _Seeing(self._index, progress), look)

    def _concerns(self, paths: Sequence[Path], look: Look) -> bool:
        """Tell whether there is, or was, a file to be read at the places of a look."""
        inside = ((path, place) for place in look.places or () for path in paths if place.is_relative_to(path))
        return any(next(walk_below(path, place), None) for path, place in inside) or bool(
            look.records(self._index.catalog.source_records())
        )

    def holds(self, folder: Path) -> int:
        """Return how many documents the index has from a folder, or from a file."""
        below = Look((folder,)).records(self._index.catalog.source_records())
        return sum(record.document_id is not None for record in below)

    def is_own(self, path: Path) -> bool:
        """Tell whether a path lies in Footnote's own folder."""
        return path.is_relative_to(self._own_folder)


class _Seeing:
    """Passes progress on, and has the open index see what is written through it as its own."""

    def __init__(self, index: Index, progress: Progress) -> None:
        self.start, self.advance = progress.start, progress.advance
        self._index, self._progress = index, progress

    def file(self, report: FileReport) -> None:
        self._index.seen_version = self._index.version
        self._progress.file(report)
