"""Vectors by content, so that no text is encoded twice.

Owns: one SQLite file beside the indexes. Knows nothing about chunks or documents.
"""

from __future__ import annotations

import hashlib
import sqlite3
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from rag.models.encoder import Encoder, Vectors
from rag.models.encoders import check_vectors
from rag.models.torch_engine import BATCH_SIZE

# SQLite takes a limited number of arguments in one statement.
_KEYS_A_STATEMENT = 500


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
        keys = [_key(encoder.fingerprint, text) for text in texts]
        vectors = self._read(keys)
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in vectors}
        if progress:
            progress(len(texts) - len(missing))
        # Texts of similar length share a batch, so that little is padded.
        order = sorted(missing.items(), key=lambda item: len(item[1]), reverse=True)
        step = BATCH_SIZE * 4
        for i in range(0, len(order), step):
            part = order[i : i + step]
            encoded = encoder.encode_passages([text for _, text in part])
            check_vectors(encoder, encoded, len(part), len(next(iter(vectors.values()), ())))
            computed = {key: vector for (key, _), vector in zip(part, encoded, strict=True)}
            self._write(computed)
            vectors.update(computed)
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
        keys = [_key(encoder.fingerprint, text) for text in texts]
        vectors = self._read(keys)
        return [vectors.get(key) for key in keys]

    def _open(self) -> sqlite3.Connection:
        db = sqlite3.connect(self._path, timeout=30, isolation_level=None, check_same_thread=False)
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = NORMAL")
        db.execute("CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB NOT NULL) WITHOUT ROWID")
        return db

    def _read(self, keys: Sequence[bytes]) -> dict[bytes, Vectors]:
        vectors: dict[bytes, Vectors] = {}
        with self._guard:
            for i in range(0, len(keys), _KEYS_A_STATEMENT):
                part = keys[i : i + _KEYS_A_STATEMENT]
                marks = ",".join("?" * len(part))
                for key, blob in self._db.execute(f"SELECT key, vector FROM vectors WHERE key IN ({marks})", part):
                    vectors[key] = np.frombuffer(blob, dtype="<f4").astype(np.float32)
        return vectors

    def _write(self, vectors: dict[bytes, Vectors]) -> None:
        rows = [(key, vector.astype("<f4").tobytes()) for key, vector in vectors.items()]
        with self._guard:
            self._db.execute("BEGIN IMMEDIATE")
            self._db.executemany("INSERT OR IGNORE INTO vectors VALUES (?, ?)", rows)
            self._db.execute("COMMIT")


def _key(fingerprint: str, text: str) -> bytes:
    """Return the hash of a text under a model; the model's fingerprint is the key of the hash."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16, key=fingerprint.encode()).digest()
