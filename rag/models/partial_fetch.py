"""A fetch of model weights that survives being broken off.

Owns: the folder of a fetch under way, how far each of its files has got, and the progress that a caller sees. Knows
nothing about where the bytes come from.

    <folder>/<name>.part/…          the files so far, and state.json, which says how far each one got
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from rag.atomic_file import write_atomically
from rag.models.known_weights import WeightFile, Weights
from rag.notices import Notice

Progress = Callable[[int, int, str], None]
"""Called with bytes done, bytes in all, and what is being done."""

BLOCK_BYTES = 1 << 20
_STATE = "state.json"


class SourceUnavailable(Exception):
    """A source does not answer or does not have the files; the next source is tried.

    Args:
        notice: Why, as the part of a sentence.
    """

    def __init__(self, notice: Notice) -> None:
        self.notice = notice
        super().__init__(str(notice))


class PartialFile:
    """A file that grows from its front. What was written before a checkpoint survives a crash and is not refetched.

    ``size`` is the number of bytes that it has.

    Args:
        expected: What the file must become.
        folder: The folder of the fetch; the file grows at ``expected.path`` in it.
        checkpoint: What ``checkpoint`` recorded last; where the bytes do not agree, or another file was expected, the
            file begins anew.
    """

    def __init__(self, expected: WeightFile, folder: Path, checkpoint: dict[str, Any]) -> None:
        self.expected = expected
        self.path = folder / expected.path
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.touch()
        is_same = checkpoint.get("expected", self._expected_hash()) == self._expected_hash()
        self.truncate(checkpoint.get("size", 0) if is_same else 0)
        if self.size and self.sha256() != checkpoint.get("sha256"):
            self.truncate(0)

    def checkpoint(self) -> dict[str, Any]:
        """Return what says how far the file has got."""
        return {"size": self.size, "sha256": self.sha256(), "expected": self._expected_hash()}

    def is_as_expected(self) -> bool:
        """Tell whether the whole file has the hash that it must have."""
        if self.size != self.expected.size:
            return False
        if self.expected.sha256:
            return self.sha256() == self.expected.sha256
        return _git_sha1(self.path, self.size) == self.expected.git_sha1

    def _expected_hash(self) -> str:
        return self.expected.sha256 or self.expected.git_sha1

    def sha256(self) -> str:
        """Return the hash of the bytes so far, in hexadecimal."""
        return self._digest.hexdigest()

    def truncate(self, size: int) -> None:
        """Keep the first ``size`` bytes and delete the rest."""
        self._digest = hashlib.sha256()
        self.size = 0
        with self.path.open("r+b") as stream:
            stream.truncate(min(size, stream.seek(0, os.SEEK_END)))
            stream.seek(0)
            while block := stream.read(BLOCK_BYTES):
                self._digest.update(block)
                self.size += len(block)

    def append(self, blocks: Iterator[bytes], after_block: Callable[[], None]) -> None:
        """Write bytes at the end and flush them to the disk.

        Args:
            blocks: The bytes, block by block.
            after_block: Called after each block is written.

        Raises:
            SourceUnavailable: The blocks hold more bytes than the file may have.
        """
        with self.path.open("ab") as stream:
            for block in blocks:
                stream.write(block)
                stream.flush()  # what a checkpoint counts is with the system, even when this process is killed
                self._digest.update(block)
                self.size += len(block)
                if self.size > self.expected.size:
                    raise SourceUnavailable(Notice("source-file-too-large", {"file": self.expected.path}))
                after_block()
            os.fsync(stream.fileno())


class PartialFetch:
    """One fetch of weights: its private folder, its files as far as they have got, and its progress.

    Opening one goes on where an earlier fetch into the same folder stopped. ``files`` are in the order of
    ``weights.files``.

    Args:
        weights: What is fetched.
        folder: Where the files grow; it is made when it is absent.
        progress: Called with bytes done, bytes in all, and what is being done.
    """

    def __init__(self, weights: Weights, folder: Path, progress: Progress) -> None:
        self.weights = weights
        self.folder = folder
        self._progress = progress
        self._reported_bytes = self._recorded_bytes = 0
        folder.mkdir(exist_ok=True)
        try:
            checkpoints = json.loads((folder / _STATE).read_text("utf-8"))
        except (OSError, ValueError):
            checkpoints = {}
        self.files = [PartialFile(file, folder, _checkpoint_of(file, checkpoints)) for file in weights.files]

    def size(self) -> int:
        """Return the bytes of all files so far."""
        return sum(file.size for file in self.files)

    def report(self, text: str, downloaded: int = 0) -> None:
        """Report progress; the number of bytes never falls.

        Args:
            text: What is being done.
            downloaded: Bytes that lie on the disk and are not yet copied into the files; they count as done.
        """
        size = min(self.size() + downloaded, self.weights.size)
        self._reported_bytes = max(self._reported_bytes, size)
        self._progress(self._reported_bytes, self.weights.size, text)

    def checkpoint(self, every: int = 1) -> None:
        """Record how far each file has got, so that the next fetch goes on from here.

        Args:
            every: Bytes that must have come since the last record; 1: whatever has changed.
        """
        if abs(self.size() - self._recorded_bytes) >= every:
            self._recorded_bytes = self.size()
            checkpoints = {file.expected.path: file.checkpoint() for file in self.files}
            write_atomically(self.folder / _STATE, json.dumps(checkpoints, indent=1))

    def delete_checkpoint(self) -> None:
        """Delete the record, because the files are complete."""
        (self.folder / _STATE).unlink(missing_ok=True)


def _checkpoint_of(file: WeightFile, checkpoints: Any) -> dict[str, Any]:
    """Return what was recorded of a file; nothing where the record is damaged."""
    recorded = checkpoints.get(file.path) if isinstance(checkpoints, dict) else None
    return recorded if isinstance(recorded, dict) and isinstance(recorded.get("size"), int) else {}


def _git_sha1(path: Path, size: int) -> str:
    """Return the hash by which git knows a file."""
    digest = hashlib.sha1(b"blob %d\0" % size, usedforsecurity=False)
    with path.open("rb") as stream:
        while block := stream.read(BLOCK_BYTES):
            digest.update(block)
    return digest.hexdigest()
