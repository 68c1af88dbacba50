"""Vectors of sentences and of their tokens by content, kept from one start of the program to the next.

Owns: the form in which they are kept, for how many bytes, and that only what is missing is computed. Knows nothing
about which sentences are encoded and why, nor how the file is written.

A sentence has as many vectors as it has tokens, a thousand times as many bytes as letters, so the file is bounded, and
what was kept first goes first. Numbers are kept as they were computed, to the last bit: no answer depends on whether
they were read or computed. A checksum stands before them; what does not fit it is computed anew.
"""

from __future__ import annotations

import logging
import zlib
from collections.abc import Callable, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path

import numpy as np

from rag.models.encoder import EncodedTokens
from rag.store.vector_cache import key_of
from rag.store.vector_file import VectorFile, identity
from rag.store.vector_file_access import FileAccess

# About two thousand sentences of forty tokens of 384 numbers.
_MOST_BYTES = 128 << 20
# A question waits no longer than computing would take.
_WAIT_SECONDS = 0.1
# Whoever wants words forgotten waits.
_FORGET_WAIT_SECONDS = 30


class SentenceCache:
    """Vectors of sentences, in one SQLite file beside the indexes, shared by all of them.

    Losing the file costs time and nothing else. A damaged one is put aside and begun anew; one that is locked, or that
    cannot be written, is done without for some minutes.

    Args:
        path: The file; it is opened when it is first needed, and made when the first vector is kept.
        most_bytes: How large it may be, about; then the older half of what it holds goes.
    """

    def __init__(self, path: Path, most_bytes: int = _MOST_BYTES) -> None:
        self._path, self._most_bytes = path, most_bytes
        # Nobody misses anything where it cannot be used.
        self._reading = FileAccess(path, _WAIT_SECONDS, makes=False, told=logging.INFO)
        self._writing = FileAccess(path, _WAIT_SECONDS, makes=True, told=logging.INFO)

    def close(self) -> None:
        """Close the file."""
        self._reading.close()
        self._writing.close()

    def encode(
        self,
        fingerprint: str,
        kind: str,
        texts: Sequence[str],
        compute: Callable[[Sequence[str]], Sequence[EncodedTokens]],
    ) -> list[EncodedTokens]:
        """Encode texts; only those that are not kept are computed, in one call.

        Args:
            fingerprint: That of the encoder.
            kind: How they are encoded, where one encoder does it in several ways.
            texts: The texts.
            compute: Encodes some of them, one record a text, in order.

        Returns:
            One record a text, in order.
        """
        keys = {text: key_of(fingerprint, f"{kind}\0{text}") for text in texts}
        nothing: dict[bytes, bytes] = {}
        kept = self._reading.use(partial(VectorFile.read, keys=list(keys.values())), nothing)
        found: dict[str, EncodedTokens] = {}
        for text, key in keys.items():
            if key in kept and (encoded := _unpacked(kept[key])):
                found[text] = encoded
        if lacking := [text for text in keys if text not in found]:
            computed = dict(zip(lacking, compute(lacking), strict=True))
            found |= computed
            self._keep({keys[text]: _packed(encoded) for text, encoded in computed.items()})
        return [found[text] for text in texts]

    def forget(self) -> bool:
        """Forget all that is kept, and give its room back to the disk.

        Returns:
            False where the file cannot be written now.
        """
        if identity(self._path) is None:
            return True
        with closing(FileAccess(self._path, _FORGET_WAIT_SECONDS, makes=False)) as patient:
            return patient.use(_emptied, False)

    def _keep(self, packed: dict[bytes, bytes]) -> None:
        def write(file: VectorFile) -> None:
            file.write(packed)
            file.drop_older_half(self._most_bytes)

        self._writing.use(write, None)


def _emptied(file: VectorFile) -> bool:
    file.keep_only(b"")
    return True


def _packed(encoded: EncodedTokens) -> bytes:
    """Return the bytes that are kept of a text."""
    numbers = b"".join(
        (
            np.array([len(encoded.vector), len(encoded.tokens)], "<u4").tobytes(),
            encoded.vector.astype("<f4").tobytes(),
            encoded.tokens.astype("<f4").tobytes(),
            np.array(encoded.spans, "<u4").tobytes(),
        )
    )
    return zlib.crc32(numbers).to_bytes(4, "little") + numbers


def _unpacked(packed: bytes) -> EncodedTokens | None:
    """Return what bytes were kept of; None where they have changed since."""
    checksum, numbers = packed[:4], memoryview(packed)[4:]
    if zlib.crc32(numbers).to_bytes(4, "little") != checksum:
        return None
    dimension, count = np.frombuffer(numbers, "<u4", 2).tolist()
    vectors = np.frombuffer(numbers, "<f4", dimension * (count + 1), offset=8).astype(np.float32)
    spans = np.frombuffer(numbers, "<u4", offset=8 + vectors.nbytes).reshape(count, 2).tolist()
    return EncodedTokens(
        vectors[:dimension], vectors[dimension:].reshape(count, dimension), tuple((start, end) for start, end in spans)
    )
