"""Take in the files of an upload until all of them are there.

Owns: where the files lie meanwhile, and how many and how big they may be. Knows nothing about indexes or what becomes
of the files.
"""

from __future__ import annotations

import secrets
import shutil
import tempfile
import threading
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path

from rag.errors import UsageError
from rag.hosting.uploads import UploadLimits
from rag.notices import Notice

# Seconds after which a batch that nobody has started is deleted.
LIFETIME = 3600
BATCHES_A_USER = 4


@dataclass
class UploadBatch:
    """Files that were sent and wait to be ingested.

    Attributes:
        folder: Where they lie.
        owner: The user and the workspace that they are for.
        begun: When the batch was begun, by the clock.
        files: The name each was given, and where it lies.
        size: Their bytes so far.
        begun_files: How many files were begun to be sent, also those that did not arrive.
    """

    folder: Path
    owner: tuple[str, str]
    begun: float
    files: list[tuple[str, Path]] = field(default_factory=list)
    size: int = 0
    begun_files: int = 0


def check_announced(limits: UploadLimits, files: int, size: int) -> None:
    """See that an upload may be as large as it is announced.

    Args:
        limits: How many files and bytes one may have.
        files: How many files are announced.
        size: How many bytes are announced.

    Raises:
        UsageError: So many would not be taken.
    """
    if files > limits.files:
        raise UsageError(Notice("upload-too-many-files", {"files": files, "most": limits.files}))
    if size > limits.megabytes * 1e6:
        raise UsageError(Notice("upload-too-large", {"megabytes": size / 1e6, "most": limits.megabytes}))


class UploadBatches:
    """Batches of files that are sent one by one, then handed over together. Safe to use from several threads."""

    def __init__(self, limits: UploadLimits, clock: Callable[[], float] = time.monotonic) -> None:
        """Hold no batch yet.

        Args:
            limits: How many files and bytes a batch may have.
            clock: Returns seconds; replaced by tests.
        """
        self._limits, self._clock = limits, clock
        self._batches: dict[str, UploadBatch] = {}
        self._guard = threading.Lock()

    def begin(self, owner: tuple[str, str], files: int = 0, size: int = 0) -> str:
        """Begin a batch, and delete those that are older than an hour.

        Args:
            owner: The user and the workspace.
            files: How many files are announced.
            size: How many bytes are announced.

        Returns:
            The id of the batch.

        Raises:
            UsageError: So many files or bytes would not be taken, or the user has begun too many batches.
        """
        check_announced(self._limits, files, size)
        with self._guard:
            self._delete_expired()
            if sum(batch.owner[0] == owner[0] for batch in self._batches.values()) >= BATCHES_A_USER:
                raise UsageError(Notice("too-many-uploads"))
            id_ = secrets.token_urlsafe(16)
            folder = Path(tempfile.mkdtemp(prefix="footnote-upload-"))
            self._batches[id_] = UploadBatch(folder, owner, self._clock())
            return id_

    async def add(
        self, id_: str, owner: tuple[str, str], name: str, stream: AsyncIterator[bytes], size: int = 0
    ) -> None:
        """Take one file.

        Args:
            id_: The batch.
            owner: The user and the workspace.
            name: The name the file was given.
            stream: Its content.
            size: How many bytes are announced; too many are refused before any is read.

        Raises:
            UsageError: The batch is not the user's, or it is full.
        """
        batch = self._batch(id_, owner)
        if len(batch.files) >= self._limits.files:
            raise UsageError(Notice("upload-has-too-many-files", {"most": self._limits.files}))
        largest = self._limits.megabytes * 1e6
        if batch.size + size > largest:
            raise UsageError(Notice("upload-has-too-many-megabytes", {"most": self._limits.megabytes}))
        entry, arrived = (name, batch.folder / str(batch.begun_files)), 0
        batch.begun_files += 1
        # One that still arrives has its place.
        batch.files.append(entry)
        try:
            with entry[1].open("wb") as file:
                async for block in stream:
                    arrived += len(block)
                    batch.size += len(block)
                    if batch.size > largest:
                        raise UsageError(Notice("upload-has-too-many-megabytes", {"most": self._limits.megabytes}))
                    file.write(block)
        except BaseException:
            # What did not arrive whole is no file of the batch.
            batch.files.remove(entry)
            batch.size -= arrived
            entry[1].unlink(missing_ok=True)
            raise

    def take(self, id_: str, owner: tuple[str, str]) -> UploadBatch:
        """Hand a batch over; its folder is the caller's to delete.

        Args:
            id_: The batch.
            owner: The user and the workspace.

        Returns:
            The batch.

        Raises:
            UsageError: There is no such batch, or it is another's.
        """
        batch = self._batch(id_, owner)
        with self._guard:
            self._batches.pop(id_, None)
        return batch

    def drop(self, id_: str, owner: tuple[str, str]) -> None:
        """Delete a batch and its files.

        Args:
            id_: The batch.
            owner: The user and the workspace.

        Raises:
            UsageError: There is no such batch, or it is another's.
        """
        shutil.rmtree(self.take(id_, owner).folder, ignore_errors=True)

    def close(self) -> None:
        """Delete all batches."""
        with self._guard:
            for batch in self._batches.values():
                shutil.rmtree(batch.folder, ignore_errors=True)
            self._batches.clear()

    def _batch(self, id_: str, owner: tuple[str, str]) -> UploadBatch:
        with self._guard:
            batch = self._batches.get(id_)
        if batch is None or batch.owner != owner:
            raise UsageError(Notice("upload-over"))
        return batch

    def _delete_expired(self) -> None:
        now = self._clock()
        for id_ in [id_ for id_, batch in self._batches.items() if now - batch.begun > LIFETIME]:
            shutil.rmtree(self._batches.pop(id_).folder, ignore_errors=True)
