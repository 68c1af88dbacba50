"""Vectors by content, so that no text is encoded twice.

Owns: one SQLite file beside the indexes. Knows nothing about chunks or documents.

A vector is kept in half precision, and the one that is handed out is that which is kept, whether it was just computed
or read: the same text has the same vector every time. Rounding moves a vector of 384 numbers by a cosine of 3e-8, and
leaves 0.9995 of the ten nearest of 20,000 random ones. Vectors lie in the order in which they came, so that pages are
full; the keys, which are hashes, lie in a table of their own. Such a vector takes 809 bytes, 1.05 times those of its
numbers; in single precision and in the order of the keys it took 4,692.
"""

from __future__ import annotations

import hashlib
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np

from rag.models.encoder import Encoder, Vectors
from rag.models.encoders import check_vectors

# SQLite takes a limited number of arguments in one statement.
_KEYS_A_STATEMENT = 500
# Texts that are encoded between two commits. Who stops waits for so many, a second on two cores; a service on another
# machine is asked once for so many.
_TEXTS_A_STEP = 64
# Large pages: what is left over at the end of one is small beside it.
_PAGE_BYTES = 16_384
# So many vectors of the older table are moved in one transaction.
_MOVED_TOGETHER = 2_000
_WAIT_SECONDS = 30
_TABLES = """
CREATE TABLE IF NOT EXISTS keys (key BLOB PRIMARY KEY, number INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS halves (number INTEGER PRIMARY KEY, vector BLOB NOT NULL);
"""


class VectorCache:
    """Vectors by content, in one SQLite file beside the indexes, shared by all of them.

    Losing the file costs time and nothing else, so a damaged one is put aside and begun anew. A file of version 0.1.0
    has a table ``vectors`` of single precision. It is read as it is, and moved to the tables of today before the first
    vector is added.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._db = self._open()
        except sqlite3.DatabaseError:
            path.replace(path.with_suffix(".damaged"))
            for rest in ("-wal", "-shm"):
                path.with_name(path.name + rest).unlink(missing_ok=True)
            self._db = self._open()
        self._has_older = bool(self._db.execute("SELECT 1 FROM sqlite_master WHERE name = 'vectors'").fetchone())
        self._is_renewed = False
        self._guard = threading.Lock()

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def encode(self, encoder: Encoder, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> Vectors:
        """Encode passages; only text that was never encoded with this model is computed.

        Args:
            encoder: The embedding model.
            texts: The passages.
            progress: Called with the number of texts that are done since the last call.

        Returns:
            Vectors of unit length, of shape ``(len(texts), dimension)``, in the order of the texts.

        Raises:
            ModelError: The model's vectors are not what they must be; they are not kept.
        """
        if not texts:
            return np.zeros((0, 0), dtype=np.float32)
        keys = [key_of(encoder.fingerprint, text) for text in texts]
        vectors = self._read(keys)
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in vectors}
        if progress:
            progress(len(texts) - len(missing))
        # Texts of similar length share a batch, so that little is padded.
        order = sorted(missing.items(), key=lambda item: len(item[1]), reverse=True)
        for i in range(0, len(order), _TEXTS_A_STEP):
            part = order[i : i + _TEXTS_A_STEP]
            encoded = encoder.encode_passages([text for _, text in part])
            check_vectors(encoder, encoded, len(part), len(next(iter(vectors.values()), ())))
            computed = {key: _packed(vector) for (key, _), vector in zip(part, encoded, strict=True)}
            self._write(computed)
            vectors.update((key, _unpacked(packed)) for key, packed in computed.items())
            if progress:
                progress(len(part))
        return np.stack([vectors[key] for key in keys])

    def look_up(self, encoder: Encoder, texts: Sequence[str]) -> list[Vectors | None]:
        """Return the vectors of texts that were encoded before; nothing is computed.

        Args:
            encoder: The embedding model.
            texts: The passages.

        Returns:
            A vector of shape ``(dimension,)`` for each text, or None for one that was never encoded.
        """
        keys = [key_of(encoder.fingerprint, text) for text in texts]
        vectors = self._read(keys)
        return [vectors.get(key) for key in keys]

    def keep_only(self, keys: Iterable[bytes]) -> int:
        """Forget all vectors but some, and give their room back to the disk.

        Args:
            keys: Those of the vectors to keep, as ``key_of`` makes them.

        Returns:
            How many vectors were forgotten.
        """
        with self._guard:
            self._renew()
            with self._transaction():
                self._db.execute("CREATE TEMP TABLE kept (key BLOB PRIMARY KEY) WITHOUT ROWID")
                self._db.executemany("INSERT OR IGNORE INTO kept VALUES (?)", ((key,) for key in keys))
                unused = "SELECT number FROM keys WHERE key NOT IN (SELECT key FROM kept)"
                forgotten = self._db.execute(f"DELETE FROM halves WHERE number IN ({unused})").rowcount
                self._db.execute("DELETE FROM keys WHERE key NOT IN (SELECT key FROM kept)")
                self._db.execute("DROP TABLE kept")
            if forgotten:
                self._compact()
        return forgotten

    def count(self) -> int:
        """Return how many vectors are kept."""
        with self._guard:
            count = int(self._db.execute("SELECT count(*) FROM keys").fetchone()[0])
            if self._has_older:
                count += int(self._db.execute("SELECT count(*) FROM vectors").fetchone()[0])
        return count

    def _open(self) -> sqlite3.Connection:
        db = sqlite3.connect(self._path, timeout=_WAIT_SECONDS, isolation_level=None, check_same_thread=False)
        # Of a new file; that of an older one changes when it is written anew.
        db.execute(f"PRAGMA page_size = {_PAGE_BYTES}")
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = NORMAL")
        for statement in _TABLES.strip().split("\n"):
            db.execute(statement)
        return db

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def _read(self, keys: Sequence[bytes]) -> dict[bytes, Vectors]:
        vectors: dict[bytes, Vectors] = {}
        with self._guard:
            for key, packed in self._select(
                "SELECT keys.key, halves.vector FROM keys JOIN halves USING (number) WHERE keys.key IN", keys
            ):
                vectors[key] = _unpacked(packed)
            if self._has_older and (missing := [key for key in keys if key not in vectors]):
                for key, single in self._select("SELECT key, vector FROM vectors WHERE key IN", missing):
                    vectors[key] = _unpacked(_packed(np.frombuffer(single, "<f4")))
        return vectors

    def _select(self, query: str, keys: Sequence[bytes]) -> Iterator[tuple[bytes, bytes]]:
        """Yield the rows of a query that ends in a list of keys, which may be long."""
        for i in range(0, len(keys), _KEYS_A_STATEMENT):
            part = keys[i : i + _KEYS_A_STATEMENT]
            yield from self._db.execute(f"{query} ({','.join('?' * len(part))})", part)

    def _write(self, packed: dict[bytes, bytes]) -> None:
        with self._guard:
            self._renew()
            with self._transaction():
                self._insert(packed)

    def _insert(self, packed: dict[bytes, bytes]) -> None:
        known = {key for key, _ in self._select("SELECT key, number FROM keys WHERE key IN", list(packed))}
        ((last,),) = self._db.execute("SELECT coalesce(max(number), 0) FROM halves")
        new = [(key, number) for number, key in enumerate((key for key in packed if key not in known), last + 1)]
        self._db.executemany("INSERT INTO keys VALUES (?, ?)", new)
        self._db.executemany("INSERT INTO halves VALUES (?, ?)", [(number, packed[key]) for key, number in new])

    def _renew(self) -> None:
        """Bring an older file to the form of today, once; a kill amid it loses no vector."""
        if self._is_renewed:
            return
        # The older table stays, empty: a program of version 0.1.0 that has the file open goes on working.
        while self._has_older:
            with self._transaction():
                rows = self._db.execute("SELECT key, vector FROM vectors LIMIT ?", (_MOVED_TOGETHER,)).fetchall()
                self._insert({key: _packed(np.frombuffer(single, "<f4")) for key, single in rows})
                self._db.executemany("DELETE FROM vectors WHERE key = ?", [(key,) for key, _ in rows])
            if not rows:
                break
        if self._db.execute("PRAGMA page_size").fetchone() != (_PAGE_BYTES,):
            self._compact()
        self._is_renewed = True

    def _compact(self) -> None:
        """Write the file anew, without free pages, unless another process has it open or the disk is full."""
        self._db.execute("PRAGMA busy_timeout = 0")
        with suppress(sqlite3.OperationalError):
            # Only in this mode does writing it anew change the size of its pages.
            if self._db.execute("PRAGMA journal_mode = DELETE").fetchone() == ("delete",):
                self._db.execute(f"PRAGMA page_size = {_PAGE_BYTES}")
                self._db.execute("VACUUM")
        self._db.execute(f"PRAGMA busy_timeout = {_WAIT_SECONDS * 1000}")
        self._db.execute("PRAGMA journal_mode = WAL")


def key_of(fingerprint: str, text: str) -> bytes:
    """Return what the vector of a text is kept under.

    Args:
        fingerprint: The model's; it is the key of the hash.
        text: The text that is embedded.

    Returns:
        A hash of 16 bytes.
    """
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16, key=fingerprint.encode()).digest()


def _packed(vector: Vectors) -> bytes:
    """Return the bytes that are kept of a vector."""
    return vector.astype("<f2").tobytes()


def _unpacked(packed: bytes) -> Vectors:
    """Return the vector of unit length that bytes were kept of."""
    vector: Vectors = np.frombuffer(packed, "<f2").astype(np.float32)
    vector /= np.linalg.norm(vector)
    return vector
