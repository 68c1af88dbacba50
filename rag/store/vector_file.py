"""The SQLite file of cached vectors, in the form of today and in that of version 0.1.0.

Owns: its tables, and how vectors are read, added, forgotten and moved. Knows nothing about models, and nothing about
what is done where the file is damaged or locked: SQLite's errors are raised as they are.

Reading writes nothing, so it waits for no writer. Vectors lie in the order in which they came, so that pages are full;
the keys, which are hashes, lie in a table of their own.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np

KEY_BYTES = 16
"""The length of a key."""

# SQLite takes a limited number of arguments in one statement.
_KEYS_A_STATEMENT = 500
# Large pages: what is left over at the end of one is small beside it.
_PAGE_BYTES = 16_384
# So many vectors of the older table are moved in one transaction.
_MOVED_TOGETHER = 2_000
_TABLES = (
    "CREATE TABLE IF NOT EXISTS keys (key BLOB PRIMARY KEY, number INTEGER NOT NULL) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS halves (number INTEGER PRIMARY KEY, vector BLOB NOT NULL)",
)


class VectorFile:
    """One connection to the file; one thread uses it at a time.

    Args:
        path: The file; an empty one is made where there is none.
        wait: For how many seconds another connection's lock is waited for.
    """

    def __init__(self, path: Path, wait: float) -> None:
        self._path = path
        self._is_ready = False
        # Taken before the file is opened: one that is replaced just then is seen to have moved.
        found = identity(path)
        self._db = sqlite3.connect(path, timeout=wait, isolation_level=None, check_same_thread=False)
        self._identity = found or identity(path)

    def close(self) -> None:
        """Close the connection."""
        self._db.close()

    def has_moved(self) -> bool:
        """Tell whether the path leads to another file by now, or to none."""
        return identity(self._path) != self._identity

    def read(self, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        """Return the vectors that are kept of some keys, by key, as the bytes that were given."""
        with self._transaction("DEFERRED"):
            tables = self._tables()
            found: dict[bytes, bytes] = {}
            if "keys" in tables:
                found.update(self._select("SELECT key, vector FROM keys JOIN halves USING (number) WHERE key IN", keys))
            if "vectors" in tables and (missing := [key for key in keys if key not in found]):
                for key, single in self._select("SELECT key, vector FROM vectors WHERE key IN", missing):
                    found[key] = _halved(single)
        return found

    def count(self) -> int:
        """Return how many vectors are kept."""
        with self._transaction("DEFERRED"):
            counted = self._tables() & {"keys", "vectors"}
            return sum(int(self._db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]) for table in counted)

    def problem(self) -> str:
        """Return what is wrong with the file, "" where nothing is. All of it is read."""
        ((found,),) = self._db.execute("PRAGMA quick_check(1)")
        return "" if found == "ok" else " ".join(str(found).split())

    def write(self, vectors: Mapping[bytes, bytes]) -> None:
        """Keep vectors by their keys, in the bytes given; one that is kept already stays as it is."""
        self._make_ready()
        with self._transaction("IMMEDIATE"):
            self._insert(vectors)

    def keep_only(self, keys: bytes | bytearray) -> int:
        """Forget all vectors but those of some keys, which lie one behind another; return how many were forgotten."""
        self._make_ready()
        # Before the transaction: it is filled without a lock that others wait for.
        self._db.execute("DROP TABLE IF EXISTS temp.kept")
        self._db.execute("CREATE TEMP TABLE kept (key BLOB PRIMARY KEY) WITHOUT ROWID")
        each = ((bytes(keys[i : i + KEY_BYTES]),) for i in range(0, len(keys), KEY_BYTES))
        self._db.executemany("INSERT OR IGNORE INTO kept VALUES (?)", each)
        with self._transaction("IMMEDIATE"):
            unused = "SELECT number FROM keys WHERE key NOT IN (SELECT key FROM kept)"
            forgotten = self._db.execute(f"DELETE FROM halves WHERE number IN ({unused})").rowcount
            self._db.execute("DELETE FROM keys WHERE key NOT IN (SELECT key FROM kept)")
        self._db.execute("DROP TABLE temp.kept")
        if forgotten:
            self._compact()
        return forgotten

    def drop_older_half(self, most_bytes: int) -> None:
        """Forget the half of the vectors that came first, where the file holds more bytes than it may.

        Their pages are written anew by those that come next, so that the file does not grow.
        """
        ((pages,), (free,), (size,)) = (
            self._db.execute(f"PRAGMA {name}").fetchone() for name in ("page_count", "freelist_count", "page_size")
        )
        if (pages - free) * size <= most_bytes:
            return
        with self._transaction("IMMEDIATE"):
            ((middle,),) = self._db.execute("SELECT (min(number) + max(number)) / 2 FROM halves")
            for table in ("keys", "halves"):
                self._db.execute(f"DELETE FROM {table} WHERE number <= ?", (middle,))

    @contextmanager
    def _transaction(self, kind: str) -> Iterator[None]:
        self._db.execute(f"BEGIN {kind}")
        try:
            yield
            self._db.execute("COMMIT")
        except BaseException:
            # Of some errors SQLite has undone all by itself.
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise

    def _tables(self) -> set[str]:
        return {name for (name,) in self._db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}

    def _select(self, query: str, keys: Sequence[bytes]) -> Iterator[tuple[bytes, bytes]]:
        """Yield the rows of a query that ends in a list of keys, which may be long."""
        for i in range(0, len(keys), _KEYS_A_STATEMENT):
            part = keys[i : i + _KEYS_A_STATEMENT]
            yield from self._db.execute(f"{query} ({','.join('?' * len(part))})", part)

    def _make_ready(self) -> None:
        """Make the tables, and bring an older file to the form of today, once; a kill amid it loses no vector."""
        if self._is_ready:
            return
        # Of an empty file; a full one keeps its own.
        self._db.execute(f"PRAGMA page_size = {_PAGE_BYTES}")
        if not self._keeps_a_log():
            # Where another process is reading just now, the file is written without a log for once.
            with suppress(sqlite3.OperationalError):
                self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = NORMAL")
        with self._transaction("IMMEDIATE"):
            for statement in _TABLES:
                self._db.execute(statement)
        # The older table stays, empty: a program of version 0.1.0 that has the file open goes on working.
        while "vectors" in self._tables():
            with self._transaction("IMMEDIATE"):
                rows = self._db.execute("SELECT key, vector FROM vectors LIMIT ?", (_MOVED_TOGETHER,)).fetchall()
                self._insert({key: _halved(single) for key, single in rows})
                self._db.executemany("DELETE FROM vectors WHERE key = ?", [(key,) for key, _ in rows])
            if not rows:
                break
        (pages,), (free,) = (self._db.execute(f"PRAGMA {name}").fetchone() for name in ("page_count", "freelist_count"))
        if free * 2 > pages:
            self._compact()
        self._is_ready = True

    def _insert(self, vectors: Mapping[bytes, bytes]) -> None:
        known = {key for key, _ in self._select("SELECT key, number FROM keys WHERE key IN", list(vectors))}
        ((last,),) = self._db.execute("SELECT coalesce(max(number), 0) FROM halves")
        new = [(key, number) for number, key in enumerate((key for key in vectors if key not in known), last + 1)]
        self._db.executemany("INSERT INTO keys VALUES (?, ?)", new)
        self._db.executemany("INSERT INTO halves VALUES (?, ?)", [(number, vectors[key]) for key, number in new])

    def _compact(self) -> None:
        """Give free pages back to the disk, unless another process writes just now or the disk is full.

        With a log the file is written anew in the log, and all may read meanwhile. Without one nobody could, so it is
        left for another time.
        """
        if not self._keeps_a_log():
            return
        ((wait,),) = self._db.execute("PRAGMA busy_timeout")
        self._db.execute("PRAGMA busy_timeout = 0")
        with suppress(sqlite3.OperationalError):
            self._db.execute("VACUUM")
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        self._db.execute(f"PRAGMA busy_timeout = {wait}")

    def _keeps_a_log(self) -> bool:
        return bool(self._db.execute("PRAGMA journal_mode").fetchone() == ("wal",))


def identity(path: Path) -> tuple[int, int] | None:
    """Return what tells a file from another that lies at the same path later; None where there is none."""
    try:
        found = os.stat(path)
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


def _halved(single: bytes) -> bytes:
    """Return a vector of single precision in half precision."""
    return np.frombuffer(single, "<f4").astype("<f2").tobytes()
