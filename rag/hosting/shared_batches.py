"""Take in the files of an upload at any of several servers, until all of them are there.

Owns: what ``rag.hosting.upload_batches`` does, for servers that share a database and a home folder: each file of an
upload may come to another one. Knows nothing about indexes or what becomes of the files.
"""

from __future__ import annotations

import secrets
import shutil
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from anyio import CancelScope
from anyio.to_thread import run_sync

from rag.errors import DatabaseUnusable, UsageError
from rag.hosting.state import State, hidden_name, put, remove
from rag.hosting.upload_batches import BATCHES_A_USER, LIFETIME, UploadBatch, check_announced
from rag.hosting.uploads import UploadLimits
from rag.notices import Notice

# Each file that has arrived has a value of its own: one of thousands is not written anew with each of them.
_KIND, _FILE, _FILE_SECONDS = "batch", "batch-file", 86_400.0
# Hidden, so that no index can have this name.
_FOLDER = ".incoming"
# Bytes of a file that are counted before they arrive: the database is not asked for each block.
_COUNTED_AHEAD = 16_000_000


@dataclass(slots=True)
class _Arriving:
    """A file that arrives.

    Attributes:
        counted: Bytes that are counted for it in its batch.
        size: Bytes that have arrived.
        number: Its number in the batch, which no other has.
    """

    counted: int
    size: int = 0
    number: int = 0


class SharedBatches:
    """Batches of files that are sent one by one to any server, then handed over together. Safe to use from threads."""

    def __init__(self, limits: UploadLimits, state: State, home: Path) -> None:
        """Hold no batch yet.

        Args:
            limits: How many files and bytes a batch may have.
            state: What all servers remember.
            home: The home folder, which all servers see.
        """
        self._limits, self._state, self._folder = limits, state, home / _FOLDER

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
        self._delete_expired()
        id_ = secrets.token_urlsafe(16)
        begun = {"owner": list(owner), "next": 0, "files": 0, "size": 0}
        put(self._state, _KIND, id_, begun, LIFETIME, owner[0])
        # Only now: who begins many at once does not get past this.
        if id_ not in list(self._state.owned(_KIND, owner[0]))[:BATCHES_A_USER]:
            remove(self._state, _KIND, id_)
            raise UsageError(Notice("too-many-uploads"))
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._folder_of(id_).mkdir(mode=0o700)
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
        arriving = _Arriving(size)

        def begun(batch: Any) -> Any:
            self._check(batch, owner)
            # One that still arrives has its place, and so have the bytes that it announced.
            if batch["files"] >= self._limits.files:
                raise UsageError(Notice("upload-has-too-many-files", {"most": self._limits.files}))
            arriving.number = batch["next"]
            return self._grown({**batch, "next": arriving.number + 1, "files": batch["files"] + 1}, size)

        await run_sync(self._change, id_, owner, begun)
        path = self._folder_of(id_) / str(arriving.number)
        try:
            with path.open("wb") as file:
                async for block in stream:
                    arriving.size += len(block)
                    if arriving.size > arriving.counted:
                        # Files that arrive at once share what is left, whatever they announced.
                        await run_sync(self._count, id_, owner, arriving, arriving.size + _COUNTED_AHEAD)
                    file.write(block)
            await run_sync(self._count, id_, owner, arriving, arriving.size)
            entry = {"number": arriving.number, "name": name}
            await run_sync(put, self._state, _FILE, f"{id_} {arriving.number}", entry, _FILE_SECONDS, id_)
        except BaseException:
            # What did not arrive whole is no file of the batch.
            with CancelScope(shield=True):
                await run_sync(self._forget, id_, owner, arriving)
            path.unlink(missing_ok=True)
            raise

    def take(self, id_: str, owner: tuple[str, str]) -> UploadBatch:
        """Hand a batch over, once, with the files that have arrived; its folder is the caller's to delete.

        Args:
            id_: The batch.
            owner: The user and the workspace.

        Returns:
            The batch.

        Raises:
            UsageError: There is no such batch, or it is another's.
        """
        taken: dict[str, Any] = {}

        def without(batch: Any) -> None:
            self._check(batch, owner)
            taken.update(batch)

        self._change(id_, owner, without)
        folder = self._folder_of(id_)
        whole = sorted((int(entry["number"]), str(entry["name"])) for entry in self._state.owned(_FILE, id_).values())
        files = [(name, folder / str(number)) for number, name in whole]
        return UploadBatch(folder, owner, 0.0, files, taken["size"])

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
        """Do nothing: another server may go on with each batch."""

    @property
    def _largest(self) -> float:
        return self._limits.megabytes * 1e6

    def _folder_of(self, id_: str) -> Path:
        """Return where the files of a batch lie; no id leads out of the folder of all."""
        return self._folder / hidden_name(id_)[:32]

    def _change(self, id_: str, owner: tuple[str, str], change: Any) -> Any:
        return self._state.change(_KIND, id_, change, LIFETIME, owner[0])

    def _count(self, id_: str, owner: tuple[str, str], arriving: _Arriving, size: int) -> None:
        """Count a file with so many bytes, or with as many as are left for it.

        Raises:
            UsageError: Fewer are left than have arrived, or the batch is over.
        """

        def counted(batch: Any) -> Any:
            self._check(batch, owner)
            left = int(self._largest - batch["size"]) + arriving.counted
            now = max(arriving.size, min(size, left))
            grown = self._grown(batch, now - arriving.counted)
            arriving.counted = now
            return grown

        self._change(id_, owner, counted)

    def _forget(self, id_: str, owner: tuple[str, str], arriving: _Arriving) -> None:
        """Take a file out that did not arrive; where the batch is over, or cannot be reached, so is the file."""

        def without(batch: Any) -> Any:
            self._check(batch, owner)
            return {**batch, "files": batch["files"] - 1, "size": batch["size"] - arriving.counted}

        with suppress(UsageError, DatabaseUnusable):
            self._change(id_, owner, without)

    def _grown(self, batch: dict[str, Any], size: int) -> dict[str, Any]:
        """Return a batch with so many bytes more; raises UsageError where those are too many."""
        if batch["size"] + size > self._largest:
            raise UsageError(self._full())
        return {**batch, "size": int(batch["size"]) + size}

    def _full(self) -> Notice:
        return Notice("upload-has-too-many-megabytes", {"most": self._limits.megabytes})

    @staticmethod
    def _check(batch: Any, owner: tuple[str, str]) -> None:
        if batch is None or tuple(batch["owner"]) != owner:
            raise UsageError(Notice("upload-over"))

    def _delete_expired(self) -> None:
        """Delete the folders of batches that nobody goes on with."""
        for folder in self._folder.iterdir() if self._folder.is_dir() else ():
            # Another server may delete it at the same time.
            with suppress(FileNotFoundError):
                # Each file that comes changes the folder.
                if folder.stat().st_mtime < time.time() - 2 * LIFETIME:
                    shutil.rmtree(folder, ignore_errors=True)
