"""Vectors by content, so that no text is encoded twice.

Owns: what a vector is kept under and in which form, and that only what is missing is computed. Knows nothing about
chunks or documents, nor how the file is written.

A vector is kept in half precision, and the one that is handed out is that which is kept, whether it was just computed
or read: the same text has the same vector every time. Rounding moves a vector of 384 numbers by a cosine of 3e-8, and
leaves 0.9995 of the ten nearest of 20,000 random ones. Such a vector takes 809 bytes, 1.05 times those of its numbers;
in single precision and in the order of the keys it took 4,692.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path

import numpy as np

from rag.models.encoder import Encoder, Vectors
from rag.models.encoders import check_vectors
from rag.store.vector_file import KEY_BYTES, VectorFile
from rag.store.vector_file_access import FileAccess

# Texts that are encoded between two commits. Who stops waits for so many, a second on two cores; a service on another
# machine is asked once for so many.
_TEXTS_A_STEP = 64
# For how long a lock is waited for. Reading meets one only while an older program changes the form of the file.
_READ_WAIT_SECONDS = 5
_WRITE_WAIT_SECONDS = 30


class VectorCache:
    """Vectors by content, in one SQLite file beside the indexes, shared by all of them.

    Losing the file costs time and nothing else. A damaged one is put aside and begun anew, whenever the damage is met;
    one that is locked, or that cannot be written, stays as it is and is done without for some minutes. A file of
    version 0.1.0 has a table ``vectors`` of single precision. It is read as it is, and moved to the tables of today
    before the first vector is added. Questions read while vectors are added and moved.

    Args:
        path: The file; it is opened when it is first needed, and made when the first vector is kept.
    """

    def __init__(self, path: Path) -> None:
        self._reading = FileAccess(path, _READ_WAIT_SECONDS, makes=False)
        self._writing = FileAccess(path, _WRITE_WAIT_SECONDS, makes=True)

    @property
    def put_aside(self) -> Path | None:
        """Where a damaged file was put since the cache was opened; None where there was none."""
        return self._reading.put_aside or self._writing.put_aside

    def close(self) -> None:
        """Close the file."""
        self._reading.close()
        self._writing.close()

    def encode(
        self,
        encoder: Encoder,
        texts: Sequence[str],
        progress: Callable[[int], None] | None = None,
        compute: Callable[[Sequence[Sequence[str]]], Iterator[Vectors]] | None = None,
    ) -> Vectors:
        """Encode passages; only text that was never encoded with this model is computed.

        Args:
            encoder: The embedding model.
            texts: The passages.
            progress: Called with the number of texts that are done since the last call.
            compute: Yields the vectors of each of some lists of texts, in order, wherever they are computed; by default
                the model computes one list after the other.

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
        parts = [order[i : i + _TEXTS_A_STEP] for i in range(0, len(order), _TEXTS_A_STEP)]
        wanted = [[text for _, text in part] for part in parts]
        results = compute(wanted) if compute else map(encoder.encode_passages, wanted)
        for part, encoded in zip(parts, results, strict=True):
            check_vectors(encoder, encoded, len(part), len(next(iter(vectors.values()), ())))
            computed = {key: _packed(vector) for (key, _), vector in zip(part, encoded, strict=True)}
            self._writing.use(partial(VectorFile.write, vectors=computed), None)
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

    def keep_only(self, keys: Iterable[bytes]) -> int | None:
        """Forget all vectors but some, and give their room back to the disk.

        Args:
            keys: Those of the vectors to keep, as ``key_of`` makes them.

        Returns:
            How many vectors were forgotten; None where the file cannot be written now.
        """
        # Gathered before the file is locked: whoever finds them reads for long, and may fail.
        kept = bytearray()
        for key in keys:
            kept += key
        return self._writing.use(partial(VectorFile.keep_only, keys=kept), None)

    def count(self) -> int:
        """Return how many vectors are kept; 0 where the file cannot be read now."""
        return self._reading.use(VectorFile.count, 0)

    def problem(self) -> str:
        """Return why the file cannot be read or is damaged, "" where all is well; it is read whole and not changed."""
        return self._reading.problem()

    def mend(self) -> Path | None:
        """Put the file aside where it is damaged.

        Returns:
            Where it was put, now or since the cache was opened; None where it is whole, or only cannot be used now.
        """

        def check(file: VectorFile) -> None:
            if found := file.problem():
                raise sqlite3.DatabaseError(found)

        self._reading.use(check, None)
        return self.put_aside

    def _read(self, keys: Sequence[bytes]) -> dict[bytes, Vectors]:
        nothing: dict[bytes, bytes] = {}
        found = self._reading.use(partial(VectorFile.read, keys=keys), nothing)
        return {key: _unpacked(packed) for key, packed in found.items()}


def key_of(fingerprint: str, text: str) -> bytes:
    """Return what the vector of a text is kept under.

    Args:
        fingerprint: The model's; it is the key of the hash.
        text: The text that is embedded.

    Returns:
        A hash of 16 bytes.
    """
    return hashlib.blake2b(
        text.encode("utf-8", "surrogatepass"), digest_size=KEY_BYTES, key=fingerprint.encode()
    ).digest()


def _packed(vector: Vectors) -> bytes:
    """Return the bytes that are kept of a vector."""
    return vector.astype("<f2").tobytes()


def _unpacked(packed: bytes) -> Vectors:
    """Return the vector of unit length that bytes were kept of."""
    vector: Vectors = np.frombuffer(packed, "<f2").astype(np.float32)
    vector /= np.linalg.norm(vector)
    return vector
