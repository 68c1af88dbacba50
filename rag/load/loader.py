"""Read files and have them parsed to documents.

Owns: the one reading of a file's bytes, their hash, and the choice between parsing in this process and in the sandbox.
Knows nothing about indexes. Every error is a LoadError or a SkipFile of one sentence.

    Loader          path -> Loaded(document, file_hash)
    loader_version  what an index remembers of how its files were read
    hash_file       the hash alone, to see whether a file has changed
    has_settled     whether a file's time stamps can be relied on
"""

from __future__ import annotations

import errno
import hashlib
import os
import stat
import time
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from types import TracebackType
from typing import NoReturn

from rag.errors import LoadError, SkipFile
from rag.load.limits import Limits, needs_memory
from rag.load.parse import parse
from rag.load.readers import READERS, outside_fingerprint
from rag.load.sandbox import Sandboxes
from rag.load.sniff import sniff
from rag.notices import Notice
from rag.types import Document

__all__ = ["Limits", "Loaded", "Loader", "has_settled", "hash_file", "loader_version"]

# Raise it whenever the text or the blocks of any format change.
_VERSION = "7"

# A file is hashed so many bytes at a time.
_CHUNK_BYTES = 1 << 20
# The coarsest time stamps of common file systems are two seconds apart.
_SETTLED_NS = 2_000_000_000
# Files up to this size may be parsed in this process, where their reader says so: a pipe would only slow it.
_UNSANDBOXED_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class Loaded:
    """A document, and the SHA-256 (in hexadecimal) of exactly the bytes it was parsed from."""

    document: Document
    file_hash: str


class Loader:
    """Reads files within limits. It keeps child processes between files: close it, or use it in a ``with``.

    Attributes:
        processes: How many files are parsed at the same time.
    """

    def __init__(self, limits: Limits, processes: int = 1) -> None:
        """Make a loader; no process is started yet.

        Args:
            limits: The limits of reading.
            processes: How many files are parsed at the same time, where as many threads load them.
        """
        self.processes = processes
        self._limits = limits
        self._sandboxes = Sandboxes(limits, processes)

    def load(self, path: Path, name: str) -> Loaded:
        """Return the document in a file.

        Args:
            path: The file.
            name: The name it is known by; its ending helps to tell what it is, and it may become the title.

        Returns:
            The document, and the hash of the file's bytes.

        Raises:
            LoadError: When the file cannot be read.
            SkipFile: When it is of a kind that is not read, empty, or over a limit.
        """
        return self.load_bytes(read_whole(path, self._limits.max_file_mb), name)

    def load_bytes(self, data: bytes, name: str) -> Loaded:
        """Return the document in the bytes of a file.

        Args:
            data: All bytes of the file.
            name: As for ``load``.

        Returns:
            The document, and the hash of the bytes.

        Raises:
            LoadError: As ``load`` does.
            SkipFile: As ``load`` does.
        """
        file_hash = hashlib.sha256(data).hexdigest()
        return Loaded(self._parse(data, name, sniff(data, name, self._limits)), file_hash)

    def _parse(self, data: bytes, name: str, reader: str) -> Document:
        part = READERS.get(reader)
        if part is None or part.sandboxed or len(data) > _UNSANDBOXED_BYTES:
            return self._sandboxes.parse(data, name, reader)
        try:
            return parse(data, name, reader, self._limits)
        except MemoryError:
            raise needs_memory(self._limits) from None

    def close(self) -> None:
        """End the child processes, even amid a file. A loader that is closed parses no more."""
        self._sandboxes.close()

    def __enter__(self) -> Loader:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


def loader_version() -> str:
    """Return what tells apart the ways of reading: another one reads every file of an index again.

    It is part of the fingerprint of an index, and changes when readers from outside come, go or are updated.
    """
    outside = outside_fingerprint()
    return f"{_VERSION}+{outside}" if outside else _VERSION


def has_settled(status: os.stat_result) -> bool:
    """Tell whether a file was last changed over two seconds ago.

    A file changed more recently may change again without its time stamps showing it, so they cannot be relied on.
    """
    return time.time_ns() - max(status.st_mtime_ns, status.st_ctime_ns) > _SETTLED_NS


def hash_file(path: Path) -> str:
    """Return the SHA-256 of a file's bytes.

    Args:
        path: The file.

    Returns:
        The hash in hexadecimal.

    Raises:
        LoadError: When the file cannot be read.
    """
    digest = hashlib.sha256()
    try:
        with open_regular(path) as file:
            while chunk := file.read(_CHUNK_BYTES):
                digest.update(chunk)
    except OSError as error:
        _raise_unreadable(error)
    return digest.hexdigest()


def open_regular(path: Path) -> FileIO:
    """Open a regular file for reading, without blocking: a file may have become a FIFO since it was found.

    Args:
        path: The file.

    Returns:
        The open file.

    Raises:
        SkipFile: It is no regular file.
    """
    file = FileIO(os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)))
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise SkipFile(Notice("file-not-regular"))
    return file


def read_whole(path: Path, max_file_mb: float) -> bytes:
    """Return all bytes of a file, read once.

    Args:
        path: The file.
        max_file_mb: The most megabytes that it may have.

    Returns:
        The bytes.

    Raises:
        LoadError: It cannot be read, or changes meanwhile.
        SkipFile: It is no regular file, or larger.
    """
    try:
        with open_regular(path) as file:
            before = os.fstat(file.fileno())
            if before.st_size > max_file_mb * 1_000_000:
                raise SkipFile(Notice("file-too-large", {"megabytes": max_file_mb}))
            # One byte more than there should be shows a file that grows.
            chunks = []
            remaining = before.st_size + 1
            while remaining and (chunk := file.read(remaining)):
                chunks.append(chunk)
                remaining -= len(chunk)
            data = b"".join(chunks)
            after = os.fstat(file.fileno())
    except OSError as error:
        _raise_unreadable(error)
    if len(data) != before.st_size or (after.st_size, after.st_mtime_ns) != (before.st_size, before.st_mtime_ns):
        raise LoadError(Notice("file-changing"))
    return data


def _raise_unreadable(error: OSError) -> NoReturn:
    """Raise LoadError or SkipFile with one sentence for what the system said."""
    if error.errno in (errno.EACCES, errno.EPERM):
        raise LoadError(Notice("file-no-permission", {"place": "file"})) from None
    if error.errno == errno.ENOENT:
        raise LoadError(Notice("file-gone")) from None
    if error.errno == errno.EISDIR:
        raise SkipFile(Notice("file-not-regular")) from None
    if error.errno == errno.ELOOP:
        raise LoadError(Notice("file-link-circle")) from None
    cause = (error.strerror or "unknown error").lower()
    raise LoadError(Notice("file-unreadable", {"place": "file", "error": cause})) from None
