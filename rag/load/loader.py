"""Read files and have them parsed to documents.

Owns: the one reading of a file's bytes, their hash, and the choice between parsing in this process and in the sandbox.
Knows nothing about indexes. Every error is a LoadError or a SkipFile of one sentence.

    Loader       path -> Loaded(document, file_hash)
    hash_file    the hash alone, to see whether a file has changed
    has_settled  whether a file's time stamps can be relied on
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
from rag.load.limits import Limits
from rag.load.parse import parse
from rag.load.sandbox import Sandbox
from rag.load.sniff import CODE, MARKDOWN, PLAIN
from rag.load.sniff import sniff as media_type_of
from rag.types import Document

__all__ = ["LOADER_VERSION", "Limits", "Loaded", "Loader", "has_settled", "hash_file"]

# Part of the fingerprint of an index: raise it whenever the text or the blocks of any format change.
LOADER_VERSION = "3"

# A file is hashed so many bytes at a time.
_CHUNK_BYTES = 1 << 20
# The coarsest time stamps of common file systems are two seconds apart.
_SETTLED_NS = 2_000_000_000
# Parsed in this process, up to this size: plain text is scanned by code of ours in linear time, about a millisecond for
# 100 kB, and a pipe would only slow it.
_UNSANDBOXED = (PLAIN, MARKDOWN, CODE)
_UNSANDBOXED_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class Loaded:
    """A document, and the SHA-256 (in hexadecimal) of exactly the bytes it was parsed from."""

    document: Document
    file_hash: str


class Loader:
    """Reads files within limits. It keeps a child process between files: close it, or use it in a ``with``."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._sandbox = Sandbox(limits)

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
        data = _read(path, self._limits.max_file_mb)
        file_hash = hashlib.sha256(data).hexdigest()
        media_type = media_type_of(data, name)
        if media_type in _UNSANDBOXED and len(data) <= _UNSANDBOXED_BYTES:
            document = parse(data, name, media_type, self._limits)
        else:
            document = self._sandbox.parse(data, name, media_type)
        return Loaded(document, file_hash)

    def close(self) -> None:
        """End the child process. A later file would start another."""
        self._sandbox.close()

    def __enter__(self) -> Loader:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


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
        with _open(path) as file:
            while chunk := file.read(_CHUNK_BYTES):
                digest.update(chunk)
    except OSError as error:
        _raise_unreadable(error)
    return digest.hexdigest()


def _open(path: Path) -> FileIO:
    """Open a regular file for reading, without blocking: a file may have become a FIFO since it was found."""
    file = FileIO(os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)))
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise SkipFile("not a regular file; only files can be read")
    return file


def _read(path: Path, max_file_mb: float) -> bytes:
    """Return all bytes of a file, read once."""
    try:
        with _open(path) as file:
            before = os.fstat(file.fileno())
            if before.st_size > max_file_mb * 1_000_000:
                raise SkipFile(f"larger than {max_file_mb:g} MB; split it, or raise RAG_MAX_FILE_MB")
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
        raise LoadError("changed while it was being read; run the command again")
    return data


def _raise_unreadable(error: OSError) -> NoReturn:
    """Raise LoadError or SkipFile with one sentence for what the system said."""
    if error.errno in (errno.EACCES, errno.EPERM):
        raise LoadError("no permission to read this file; change its permissions") from None
    if error.errno == errno.ENOENT:
        raise LoadError("not there any more; run the command again") from None
    if error.errno == errno.EISDIR:
        raise SkipFile("not a regular file; only files can be read") from None
    if error.errno == errno.ELOOP:
        raise LoadError("a link that leads round in a circle") from None
    raise LoadError(f"this file cannot be read: {(error.strerror or 'unknown error').lower()}") from None
