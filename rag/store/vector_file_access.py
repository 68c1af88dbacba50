"""Using the file of cached vectors whatever is the matter with it: a question or an ingestion never fails for it.

Owns: what is done where the file is damaged, locked, not writable, or replaced by another process. Knows nothing about
what is in the file.

A damaged file is put aside, under a name that no file has, and the next vectors begin a new one. A file that cannot be
used for another reason stays as it is, and is done without for a while.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import TypeVar

from rag.store.vector_file import VectorFile, identity

_LOG = logging.getLogger(__name__)
# For so long a file that could not be used is not tried again; each try may wait for a lock.
_REST_SECONDS = 300
# Putting a file aside takes milliseconds.
_LOCK_SECONDS = 10

T = TypeVar("T")


class FileAccess:
    """One way to the file: for reading, or for writing. Threads wait for each other.

    Args:
        path: The file.
        wait: For how many seconds a lock on it is waited for.
        makes: Whether the file is made where there is none.
        told: The level at which it is logged that the file cannot be used.

    Attributes:
        put_aside: Where a damaged file was put by this access; None where there was none.
    """

    def __init__(self, path: Path, wait: float, makes: bool, told: int = logging.WARNING) -> None:
        self.put_aside: Path | None = None
        self._path = path
        self._wait = wait
        self._makes = makes
        self._told = told
        self._guard = threading.Lock()
        self._file: VectorFile | None = None
        self._rests_until = 0.0

    def close(self) -> None:
        """Close the file."""
        with self._guard:
            self._close()

    def use(self, work: Callable[[VectorFile], T], otherwise: T) -> T:
        """Do something with the file.

        Args:
            work: What is done; it is done again where the file was put aside or replaced amid it.
            otherwise: What is returned where there is no file to read, or it cannot be used.

        Returns:
            What the work returned.
        """
        with self._guard:
            if time.monotonic() < self._rests_until:
                return otherwise
            try:
                return self._use(work, otherwise)
            except (sqlite3.Error, OSError) as error:
                self._rests_until = time.monotonic() + _REST_SECONDS
                done = "written, so vectors are not kept" if self._makes else "read, so vectors are computed anew"
                _LOG.log(self._told, "the cache of vectors %s cannot be %s: %s", self._path, done, error)
                return otherwise

    def problem(self) -> str:
        """Return why the file cannot be read or is damaged, "" where all is well; it is read whole and not changed."""
        with self._guard:
            self._let_go_of_a_moved_file()
            if identity(self._path) is None:
                return ""
            try:
                return self._opened().problem()
            except (sqlite3.Error, OSError) as error:
                return str(error)

    def _use(self, work: Callable[[VectorFile], T], otherwise: T, *, is_last: bool = False) -> T:
        self._let_go_of_a_moved_file()
        found = identity(self._path)
        if found is None and not self._makes:
            return otherwise
        try:
            return work(self._opened())
        except sqlite3.DatabaseError as error:
            if is_last:
                raise
            if is_damage(error):
                self._put_aside(found, error)
            elif not self._let_go_of_a_moved_file():
                raise
        return self._use(work, otherwise, is_last=True)

    def _let_go_of_a_moved_file(self) -> bool:
        """Close a file that another process has put aside or a user deleted; return whether it was one."""
        if self._file is None or not self._file.has_moved():
            return False
        self._close()
        return True

    def _opened(self) -> VectorFile:
        if self._file is None:
            if self._makes:
                self._path.parent.mkdir(parents=True, exist_ok=True)
            self._file = VectorFile(self._path, self._wait)
        return self._file

    def _close(self) -> None:
        if self._file:
            # Of a damaged file even closing may fail.
            with suppress(sqlite3.DatabaseError):
                self._file.close()
        self._file = None

    def _put_aside(self, damaged: tuple[int, int] | None, error: sqlite3.DatabaseError) -> None:
        """Put a damaged file aside, unless another process has done it and begun a new one."""
        # Imported late: most files are whole.
        from filelock import FileLock

        self._close()
        with FileLock(self._path.with_name(self._path.name + ".lock"), timeout=_LOCK_SECONDS):
            if damaged is None or identity(self._path) != damaged:
                return
            aside = self._free_name()
            # The log first: a new file must never meet that of another.
            for rest in ("-wal", "-shm", "-journal"):
                self._path.with_name(self._path.name + rest).unlink(missing_ok=True)
            self._path.rename(aside)
        self.put_aside = aside
        _LOG.warning("the cache of vectors was damaged (%s) and is begun anew; the old file is %s", error, aside)

    def _free_name(self) -> Path:
        damaged = self._path.with_name(self._path.name + ".damaged")
        if not damaged.exists():
            return damaged
        names = (damaged.with_name(f"{damaged.name}-{number}") for number in count(2))
        return next(name for name in names if not name.exists())


def is_damage(error: sqlite3.DatabaseError) -> bool:
    """Tell whether an error says that a file is damaged, and not that it is locked, full or out of reach."""
    # SQLite's other errors have classes of their own.
    return type(error) is sqlite3.DatabaseError
