"""Take in the files of an upload at any of several servers, until all of them are there.

Owns: what ``rag.hosting.upload_batches`` does, for servers that share a database and a home folder: each file of an
upload may come to another one. Knows nothing about indexes or what becomes of the files.
"""

from __future__ import annotations

import secrets
import shutil
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from anyio.to_thread import run_sync

from rag.errors import UsageError
from rag.hosting.state import State, put
from rag.hosting.upload_batches import BATCHES_A_USER, LIFETIME, UploadBatch
from rag.hosting.uploads import UploadLimits
from rag.notices import Notice

_KIND = "batch"
# Hidden, so that no index can have this name.
_FOLDER = ".incoming"


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
        if files > self._limits.files:
            raise UsageError(Notice("upload-too-many-files", {"files": files, "most": self._limits.files}))
        if size > self._largest:
            raise UsageError(Notice("upload-too-large", {"megabytes": size / 1e6, "most": self._limits.megabytes}))
        if len(self._state.owned(_KIND, owner[0])) >= BATCHES_A_USER:
            raise UsageError(Notice("too-many-uploads"))
        self._delete_expired()
        id_, folder = secrets.token_urlsafe(16), secrets.token_hex(16)
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        (self._folder / folder).mkdir(mode=0o700)
        put(
            self._state,
            _KIND,
            id_,
            {"folder": folder, "owner": list(owner), "names": [], "size": 0},
            LIFETIME,
            owner[0],
        )
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

        def with_file(batch: Any) -> Any:
            self._check(batch, owner)
            if len(batch["names"]) >= self._limits.files:
                raise UsageError(Notice("upload-has-too-many-files", {"most": self._limits.files}))
            return {**batch, "names": [*batch["names"], name], "size": self._grown(batch, size)}

        batch = await run_sync(self._change, id_, owner, with_file)
        others, own = batch["size"] - size, 0
        with (self._folder / batch["folder"] / str(len(batch["names"]) - 1)).open("wb") as file:
            async for block in stream:
                own += len(block)
                if others + own > self._largest:
                    raise UsageError(self._full())
                file.write(block)

        def with_size(batch: Any) -> Any:
            self._check(batch, owner)
            return {**batch, "size": self._grown(batch, own - size)}

        await run_sync(self._change, id_, owner, with_size)

    def take(self, id_: str, owner: tuple[str, str]) -> UploadBatch:
        """Hand a batch over, once; its folder is the caller's to delete.

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
        folder = self._folder / taken["folder"]
        files = [(name, folder / str(number)) for number, name in enumerate(taken["names"])]
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

    def _change(self, id_: str, owner: tuple[str, str], change: Any) -> Any:
        return self._state.change(_KIND, id_, change, LIFETIME, owner[0])

    def _grown(self, batch: dict[str, Any], size: int) -> int:
        """Return the size of a batch with so many bytes more; raises UsageError where those are too many."""
        if batch["size"] + size > self._largest:
            raise UsageError(self._full())
        return int(batch["size"]) + size

    def _full(self) -> Notice:
        return Notice("upload-has-too-many-megabytes", {"most": self._limits.megabytes})

    @staticmethod
    def _check(batch: Any, owner: tuple[str, str]) -> None:
        if batch is None or tuple(batch["owner"]) != owner:
            raise UsageError(Notice("upload-over"))

    def _delete_expired(self) -> None:
        """Delete the folders of batches that nobody goes on with."""
        for folder in self._folder.iterdir() if self._folder.is_dir() else ():
            # Each file that comes changes the folder.
            if folder.stat().st_mtime < time.time() - 2 * LIFETIME:
                shutil.rmtree(folder, ignore_errors=True)
