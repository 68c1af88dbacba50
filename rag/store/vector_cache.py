"""Vectors by content, so that no text is encoded twice.

Owns: one SQLite file beside the indexes. Knows nothing about chunks or documents.
"""

from __future__ import annotations

import hashlib
import sqlite3
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from rag.models.encoder import BATCH, Encoder, Vectors

if TYPE_CHECKING:
    pass


class VectorCache:
    """Vectors by content, in one SQLite file beside the indexes, shared by all of them.

    Losing the file costs time and nothing else, so a damaged one is put aside and begun anew.
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
        self._guard = threading.Lock()

    def _open(self) -> sqlite3.Connection:
        db = sqlite3.connect(self._path, timeout=30, isolation_level=None, check_same_thread=False)
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = NORMAL")
        db.execute("CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB NOT NULL) WITHOUT ROWID")
        return db

    def close(self) -> None:
        self._db.close()

    def encode(self, encoder: Encoder, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> Vectors:
        """Vectors of shape ``(len(texts), dimension)``; only text never seen with this model is computed.

        ``progress`` is told how many texts are done since the last call.
        """
        if not texts:
            return np.zeros((0, 0), dtype=np.float32)
        keys = [_key(encoder.fingerprint, text) for text in texts]
        known = self._read(keys)
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        if progress:
            progress(len(texts) - len(missing))
        # Texts of like length share a batch, so that little is padded.
        order = sorted(missing.items(), key=lambda item: len(item[1]), reverse=True)
        step = BATCH * 4
        for i in range(0, len(order), step):
            part = order[i : i + step]
            vectors = encoder.encode_passages([text for _, text in part])
            fresh = {key: vector for (key, _), vector in zip(part, vectors, strict=True)}
            self._write(fresh)
            known.update(fresh)
            if progress:
                progress(len(part))
        return np.stack([known[key] for key in keys])

    def known(self, encoder: Encoder, texts: Sequence[str]) -> list[Vectors | None]:
        """The vector of each text that was encoded before, None for the others; nothing is computed."""
        keys = [_key(encoder.fingerprint, text) for text in texts]
        found = self._read(keys)
        return [found.get(key) for key in keys]

    def _read(self, keys: Sequence[bytes]) -> dict[bytes, Vectors]:
        found: dict[bytes, Vectors] = {}
        with self._guard:
            for i in range(0, len(keys), 500):
                part = keys[i : i + 500]
                marks = ",".join("?" * len(part))
                for key, blob in self._db.execute(f"SELECT key, vector FROM vectors WHERE key IN ({marks})", part):
                    found[key] = np.frombuffer(blob, dtype="<f4").astype(np.float32)
        return found

    def _write(self, vectors: dict[bytes, Vectors]) -> None:
        rows = [(key, vector.astype("<f4").tobytes()) for key, vector in vectors.items()]
        with self._guard:
            self._db.execute("BEGIN IMMEDIATE")
            self._db.executemany("INSERT OR IGNORE INTO vectors VALUES (?, ?)", rows)
            self._db.execute("COMMIT")


def _key(fingerprint: str, text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16, key=fingerprint.encode()).digest()
