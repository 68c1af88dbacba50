"""The records that the catalog takes and returns.

Owns: plain data about sources, chunks, versions and conversations. Knows nothing about SQL.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rag.types import Answer, Chunk, Document


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """One source as the manifest knows it. ``document_id`` is None while no version of it could be read."""

    source: str
    root: str
    path: str
    stamp: str
    file_hash: str
    fingerprint: str
    document_id: str | None
    title: str
    problem: str
    skipped: bool


@dataclass(frozen=True, slots=True)
class ChunkRecord:
    """One visible chunk, its place and its words."""

    number: int
    id: str
    source: str
    document_id: str
    title: str
    start: int
    end: int
    context: str
    text: str


@dataclass(frozen=True, slots=True)
class SourceSummary:
    """A row of ``rag sources``: a readable source with its sizes."""

    source: str
    source_id: str
    title: str
    media_type: str
    pages: int | None
    chunks: int
    characters: int


@dataclass(frozen=True, slots=True)
class NewVersion:
    """A version of a source that is about to become visible, with the ids of its chunks' vectors."""

    record: SourceRecord
    document: Document
    chunks: Sequence[Chunk]
    chunk_ids: Sequence[str]


@dataclass(frozen=True, slots=True)
class SourceListing:
    """A row of a list of documents: any source, readable or not, with what is wrong with it."""

    source: str
    source_id: str | None
    title: str
    media_type: str
    pages: int | None
    chunks: int
    problem: str
    skipped: bool


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a person thinks of an answer."""

    thumb: Literal["up", "down"]
    note: str
    created: str


@dataclass(frozen=True, slots=True)
class Conversation:
    """The head of a kept conversation. Times are UTC, ISO 8601."""

    id: str
    user: str
    title: str
    created: str
    changed: str


@dataclass(frozen=True, slots=True)
class StoredTurn:
    """A question and its whole answer, as it was shown then."""

    id: str
    conversation: str
    question: str
    answer: Answer
    created: str
    feedback: Feedback | None = None
