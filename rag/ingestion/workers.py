"""Where files are read, cut and embedded: in this process, or wherever else ``Workers`` says.

Owns: what the pipeline asks of workers, and the workers of this machine. Knows nothing about indexes: what is written,
and in which order, is the pipeline's.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from rag.errors import LoadError
from rag.ingestion.chunking import CountTokens, cut_chunks
from rag.languages.identify import languages_of_document
from rag.load.limits import Limits, default_processes
from rag.load.loader import Loaded, Loader
from rag.models.encoder import Encoder, Vectors
from rag.settings import Settings
from rag.types import Chunk, Document


@dataclass(frozen=True, slots=True)
class CutDocument:
    """A file that was read and cut.

    Attributes:
        document: What was read.
        file_hash: The SHA-256 of exactly the bytes that it was read from.
        chunks: Its chunks, in order.
        languages: The languages of its paragraphs, the most frequent one first.
    """

    document: Document
    file_hash: str
    chunks: list[Chunk]
    languages: tuple[str, ...]


class WorkersFailed(LoadError):
    """Those who were to read or embed a file died of it, or failed: it is tried again by the next run."""


class NotEmbedded(Exception):
    """Texts whose vectors nobody can compute; those of others can be.

    Attributes:
        texts: The texts.
        error: Why, as that of a file which holds one of them.
    """

    def __init__(self, texts: frozenset[str], error: WorkersFailed) -> None:
        super().__init__(str(error))
        self.texts, self.error = texts, error


class Workers(Protocol):
    """Read, cut and embed for one ingestion. Whoever is done with them closes them."""

    @property
    def files_at_once(self) -> int:
        """How many threads may call ``read`` at the same time."""
        ...

    @property
    def batches_at_once(self) -> int:
        """How many threads may call ``encode`` at the same time."""
        ...

    def read(self, path: Path, source: str) -> CutDocument:
        """Read and cut a file.

        Args:
            path: The file.
            source: The name of its source.

        Returns:
            Its document, with its chunks.

        Raises:
            LoadError: It cannot be read, or is not to be.
        """
        ...

    def encode(self, parts: Sequence[Sequence[str]]) -> Iterator[Vectors]:
        """Embed texts.

        Args:
            parts: The texts, in parts that are computed together.

        Yields:
            The vectors of each part, of shape ``(texts, dimension)``, in order.

        Raises:
            NotEmbedded: The vectors of some texts cannot be computed.
            ModelError: Those of none can be.
        """
        ...

    def close(self) -> None:
        """End what is at work, soon."""
        ...


Hire = Callable[[Encoder, Settings], Workers]
"""Makes the workers of an ingestion, given the embedding model of the index and its settings."""


@dataclass(frozen=True, slots=True)
class Cutting:
    """How documents are cut.

    Attributes:
        count: Counts the tokens of texts.
        limit: The most tokens of a chunk.
    """

    count: CountTokens
    limit: int

    def cut(self, loaded: Loaded) -> CutDocument:
        """Return a document that was read, with its chunks and languages."""
        document = loaded.document
        chunks = cut_chunks(document, self.count, self.limit)
        return CutDocument(document, loaded.file_hash, chunks, languages_of_document(document.text))


class LocalWorkers:
    """The workers of this machine: children that parse files, and the embedding model of this process."""

    batches_at_once = 1

    def __init__(self, encoder: Encoder, settings: Settings) -> None:
        """Start nothing yet.

        Args:
            encoder: The embedding model.
            settings: The limits of reading, and the size of chunks.
        """
        limits = read_limits(settings)
        self.files_at_once = settings.parse_processes or default_processes(limits)
        self._loader = Loader(limits, self.files_at_once)
        self._encoder = encoder
        self._cutting = Cutting(encoder.count_tokens, chunk_limit(encoder, settings))
        # Cutting is work of this process, which more threads would only slow.
        self._one_cuts = threading.Lock()

    def read(self, path: Path, source: str) -> CutDocument:
        """Read and cut a file.

        Args:
            path: The file.
            source: The name of its source.

        Returns:
            Its document, with its chunks.
        """
        loaded = self._loader.load(path, source)
        with self._one_cuts:
            return self._cutting.cut(loaded)

    def encode(self, parts: Sequence[Sequence[str]]) -> Iterator[Vectors]:
        """Embed texts; see ``Workers``."""
        return map(self._encoder.encode_passages, parts)

    def close(self) -> None:
        """End the children, even amid a file."""
        self._loader.close()


def chunk_limit(encoder: Encoder, settings: Settings) -> int:
    """Return the most tokens that a chunk has.

    Args:
        encoder: The embedding model, which takes so many at most.
        settings: Say how many are wanted.

    Returns:
        The number of tokens.
    """
    return min(settings.chunk_tokens, encoder.max_tokens)


def read_limits(settings: Settings) -> Limits:
    """Return the limits that file reading keeps."""
    return Limits(
        max_file_mb=settings.max_file_mb,
        max_pages=settings.max_pages,
        max_expansion=settings.max_expansion,
        max_text_mb=settings.max_text_mb,
        parse_seconds=settings.parse_seconds,
        parse_memory_mb=settings.parse_memory_mb,
        ocr_languages=settings.ocr_languages,
    )
