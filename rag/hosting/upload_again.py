"""Read documents again, and bring removed ones back, in the background.

Owns: what these two jobs do in place of adding files. Knows nothing about who asked for them, or when a removal is
forgotten.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from rag.hosting.upload_job import Job, JobProgress, Moved, StagedFile, Turn, UploadedFile
from rag.ingestion.pipeline import ingest
from rag.ingestion.restoring import restore
from rag.notices import Notice
from rag.store.catalog import SourceRecord
from rag.store.index import Index


class ReadAgain(Job):
    """Reads the files of some sources again, whether they have changed or not."""

    kind = "rereading"

    def __init__(
        self, index: Index, folder: Path, staging: Path, records: Sequence[SourceRecord], running: Turn
    ) -> None:
        """Make a job that is not started yet.

        Args:
            index: The open index of the chat.
            folder: Where the uploads of the index lie.
            staging: A folder of the job's own; deleted at its end.
            records: The sources. One whose file is gone keeps the version that was read before.
            running: Held by the one job of the index that runs.
        """
        self._records = [record for record in records if Path(record.path).is_file()]
        files, staged = [], []
        for number, record in enumerate(records):
            is_there = Path(record.path).is_file()
            gone = None if is_there else Notice("source-file-gone")
            files.append(UploadedFile(record.source, record.source, "waiting" if is_there else "failed", gone))
            if is_there:
                staged.append(StagedFile(number, Path(record.path), Path(record.path)))
        super().__init__(index, folder, staging, files, staged, running)

    def _ingest(self, moved: list[Moved]) -> None:  # noqa: ARG002 – no file moves
        self._index.refresh()
        # Without a stamp and a hash nothing says that a file is up to date.
        unread = [replace(record, stamp="", file_hash="") for record in self._records]
        self._index.catalog.put_sources([record for record in unread if self._is_there(record.source)])
        paths = [item.target for item in self.staged if item.target.is_file()]
        if paths:
            ingest(self._yielding_index(), paths, JobProgress(self))

    def _is_there(self, source: str) -> bool:
        """Return whether a source was not removed while the job waited."""
        return self._index.catalog.source_record(source) is not None


class BringBack(Job):
    """Makes the sources of a removal visible again, and puts their files back."""

    kind = "restoring"

    def __init__(
        self,
        index: Index,
        folder: Path,
        staging: Path,
        removal: str,
        files: Mapping[str, Path],
        running: Turn,
    ) -> None:
        """Make a job that is not started yet.

        Args:
            index: The open index of the chat.
            folder: Where the uploads of the index lie.
            staging: Where the removed files lie; deleted at the end.
            removal: The name of the removal.
            files: Where the file of a source lies now, for those that were uploads.
            running: Held by the one job of the index that runs.
        """
        self._removal, self._files = removal, files
        records = index.catalog.removed_sources(removal)
        self._numbers = {record.source: number for number, record in enumerate(records)}
        listed = [UploadedFile(record.source, record.source, "waiting") for record in records]
        super().__init__(index, folder, staging, listed, [], running)
        self._change(total=float(len(records)))

    def _ingest(self, moved: list[Moved]) -> None:  # noqa: ARG002 – no file moves
        self._index.refresh()
        restore(self._index, self._removal, self._note)
        self._index.seen_version = self._index.version

    def _note(self, record: SourceRecord, came_back: bool) -> None:
        """Take note of one source, and put its file back; a file that took its place stays."""
        path, target = self._files.get(record.source), Path(record.path)
        if came_back and path is not None and path.is_file() and not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            os.replace(path, target)
        reason = None if came_back else Notice("removed-is-there-again")
        self._set_file(self._numbers[record.source], state="restored" if came_back else "skipped", reason=reason)
        self._change(done=self._state.done + 1, doing=record.source)
