"""The records that the catalog takes and returns.

Owns: plain data about sources, chunks, versions and conversations. Knows nothing about SQL.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rag.notices import Notice
from rag.types import Answer, Chunk, Document

# What became of a file: read in full or in part, passed over, or not readable.
SourceStatus = Literal["read", "part", "skipped", "failed"]
SourceOrder = Literal["source", "title", "type", "pages", "size", "date", "status"]


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """One source as the manifest knows it.

    Attributes:
        source: Its name in the index, such as ``notes/ferry.md``.
        root: The folder that was ingested, absolute.
        path: The file, absolute.
        stamp: What changes when the file is written, ending in "?" while it may still change; "" where it is not known.
        file_hash: The hash of the file's bytes; "" where they could not be read.
        fingerprint: The versions and limits under which the file was read.
        document_id: The version that is visible; None while none could be read.
        title: The title of that version.
        problem: Why the file could not be read; None where it could.
        skipped: Whether the problem is that the file is one to be passed over.
        date: The day of its last change as the file itself gives it, ``YYYY-MM-DD``; "" for none.
        warnings: What of the file was not read.
    """

    source: str
    root: str
    path: str
    stamp: str
    file_hash: str
    fingerprint: str
    document_id: str | None
    title: str
    problem: Notice | None
    skipped: bool
    date: str = ""
    warnings: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True)
class ChunkRecord:
    """One visible chunk.

    Attributes:
        number: Its row; the chunks of a source are numbered in order, without gaps.
        id: The id of its vector.
        source: The source it is shown under.
        document_id: The document version it is cut from.
        title: The title of the source.
        start: Where it starts in the document's text, in code points.
        end: Where it ends.
        context: The title and headings that are embedded with it.
        text: Its words: the document's ``text[start:end]``.
        instructions: Those of its words that read like an order to a language model, "" for none; None where they were
            not looked for, or with another phrase book.
    """

    number: int
    id: str
    source: str
    document_id: str
    title: str
    start: int
    end: int
    context: str
    text: str
    instructions: str | None = None


@dataclass(frozen=True, slots=True)
class NewVersion:
    """A version of a source that is about to become visible.

    Attributes:
        record: The source with the id of the new version.
        document: The new version.
        chunks: Its chunks in order.
        chunk_ids: The ids of their vectors, in the same order.
    """

    record: SourceRecord
    document: Document
    chunks: Sequence[Chunk]
    chunk_ids: Sequence[str]


@dataclass(frozen=True, slots=True)
class SourceSummary:
    """A row of ``rag sources``: a readable source with its sizes. ``pages`` is None for formats without pages.

    ``date`` is the day that the file gives for its last change, or ""; ``warnings`` say what of it was not read.
    """

    source: str
    source_id: str
    title: str
    media_type: str
    pages: int | None
    chunks: int
    characters: int
    date: str = ""
    warnings: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceListing:
    """A row of a list of documents: any source, readable or not, with what is wrong with it.

    ``source_id`` is None for a source of which no version could be read, and ``media_type`` "" then. ``day`` is the one
    of ``date``, or else that of the file's last change; ``size`` is that of the file in bytes, 0 where it is not known.
    """

    source: str
    source_id: str | None
    title: str
    media_type: str
    pages: int | None
    chunks: int
    problem: Notice | None
    skipped: bool
    date: str = ""
    warnings: tuple[Notice, ...] = ()
    status: SourceStatus = "read"
    day: str = ""
    size: int = 0


@dataclass(frozen=True, slots=True)
class SourceQuery:
    """Which sources a list holds, and in which order.

    Attributes:
        search: Characters that the name or the title holds; case does not matter for letters a-z. "" for all.
        folder: The folder that they lie in, at any depth, without a slash at its end; "" for all.
        media_types: The media types that count; none for all.
        status: What became of them; "" for all.
        sort: What they are sorted by, and then by name.
        descending: Whether the last comes first.
    """

    search: str = ""
    folder: str = ""
    media_types: tuple[str, ...] = ()
    status: SourceStatus | Literal[""] = ""
    sort: SourceOrder = "source"
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a person thinks of an answer. ``created`` is UTC, ISO 8601."""

    thumb: Literal["up", "down"]
    note: str
    created: str


@dataclass(frozen=True, slots=True)
class Conversation:
    """The head of a stored conversation.

    Attributes:
        id: Its id.
        user: Whose it is.
        title: Its title.
        created: When it was begun: UTC, ISO 8601, as ``changed``.
        changed: When something was last asked in it.
        pinned: Whether it stands before all others.
        archived: Whether it stands apart from the others, since it is done with.
    """

    id: str
    user: str
    title: str
    created: str
    changed: str
    pinned: bool = False
    archived: bool = False


@dataclass(frozen=True, slots=True)
class FoundConversation:
    """A conversation that a search found, with the line that shows why.

    Attributes:
        conversation: Its head.
        line: A line of a question or answer that is shown and has a word of the search; "" where only the title has.
        marks: Where the words of the search stand in the line: ``(start, end)``, in order and without overlap.
        title_marks: Where they stand in the title.
    """

    conversation: Conversation
    line: str = ""
    marks: tuple[tuple[int, int], ...] = ()
    title_marks: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class ImportedConversation:
    """A conversation from elsewhere, which is stored as a new one.

    Attributes:
        title: Its title.
        created: When it was begun: UTC, ISO 8601, as ``changed``.
        changed: When something was last asked in it.
        pinned: Whether it stands before all others.
        archived: Whether it stands apart from the others.
        turns: Its turns in order: the time of each, its answer, which is done, and what its reader thinks of it.
    """

    title: str
    created: str
    changed: str
    pinned: bool
    archived: bool
    turns: Sequence[tuple[str, Answer, Feedback | None]]


@dataclass(frozen=True, slots=True)
class StoredTurn:
    """A question of a conversation and its whole answer, as it was shown then.

    Attributes:
        id: The id of the turn.
        conversation: The id of the conversation.
        question: The question as it was put.
        answer: The answer.
        created: When it was asked: UTC, ISO 8601.
        feedback: What its reader thinks of it; None where nothing was said.
        parent: The id of the turn before it; "" for the first.
        versions: The ids of all turns that follow the same one, oldest first, this one among them: the question was
            asked again or otherwise.
    """

    id: str
    conversation: str
    question: str
    answer: Answer
    created: str
    feedback: Feedback | None = None
    parent: str = ""
    versions: tuple[str, ...] = ()
