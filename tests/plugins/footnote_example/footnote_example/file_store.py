"""A vector store in one file, searched exactly: right for some ten thousand chunks."""

from __future__ import annotations

import os
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from rag.models.encoder import Vectors
from rag.settings import Settings
from rag.store.vector_stores import VectorRecord, VectorStore


def open_store(folder: Path, collection: str, settings: Settings) -> VectorStore:
    return FileStore(folder)


class FileStore:
    def __init__(self, folder: Path) -> None:
        self._file = folder / "vectors.npz"
        self._vectors: dict[str, Vectors] | None = None
        self._guard = threading.Lock()

    @property
    def place(self) -> str:
        return str(self._file)

    def add(self, records: Sequence[VectorRecord], vectors: Vectors) -> None:
        with self._guard:
            added = {record.id: vector for record, vector in zip(records, vectors, strict=True)}
            self._save(self._load() | added)

    def delete(self, ids: Sequence[str]) -> None:
        with self._guard:
            gone = set(ids)
            self._save({id_: vector for id_, vector in self._load().items() if id_ not in gone})

    def nearest(self, vector: Vectors, limit: int, among: Sequence[str] | None = None) -> list[tuple[str, float]]:
        with self._guard:
            stored = self._load()
        ids = list(stored) if among is None else [id_ for id_ in among if id_ in stored]
        if not ids:
            return []
        scores = np.stack([stored[id_] for id_ in ids]) @ vector
        return [(ids[row], float(scores[row])) for row in np.argsort(-scores)[:limit]]

    def ids(self) -> list[str]:
        with self._guard:
            return list(self._load())

    def refresh(self) -> None:
        with self._guard:
            self._vectors = None

    def close(self) -> None:
        self.refresh()

    def drop(self) -> None:
        """Nothing is kept outside the folder."""

    def _load(self) -> dict[str, Vectors]:
        if self._vectors is None:
            if not self._file.exists():
                return {}
            with np.load(self._file, allow_pickle=False) as arrays:
                self._vectors = dict(zip(arrays["ids"].tolist(), arrays["vectors"], strict=True))
        return self._vectors

    def _save(self, vectors: dict[str, Vectors]) -> None:
        """Replace the file in one step, so that a crash leaves the old vectors or the new ones."""
        self._file.parent.mkdir(parents=True, exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(dir=self._file.parent)
        try:
            with os.fdopen(descriptor, "wb") as file:
                np.savez(file, ids=np.array(list(vectors), dtype=np.str_), vectors=np.array(list(vectors.values())))
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, self._file)
        except BaseException:
            os.unlink(temporary)
            raise
        self._vectors = vectors
