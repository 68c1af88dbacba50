"""What programs are answered with: the forms of results, as the OpenAPI document describes them.

Owns: the form of each result. They are the JSON of the command line, which ``rag.serialize`` makes; nothing is built
from these models, and a test holds them against what is sent.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from rag.hosting.upload_job import FileState, JobKind, JobPhase
from rag.store.catalog.records import SourceStatus
from rag.types import Citation, Kind, ModelCall, Passage, PlannedSearch, Usage, Verdict


class Result(BaseModel):
    """A result; it has no other fields than these."""

    model_config = ConfigDict(extra="forbid")


class NoticeResult(Result):
    """Something that a reader must know: a stable code, its words, and the values in them."""

    code: str
    text: str
    values: dict[str, Any]


class SentenceResult(Result):
    """A sentence, ``text[start:end]`` of what it stands in, with its verdict and the numbers it cites."""

    text: str
    start: int
    end: int
    verdict: Verdict
    citations: list[int]
    reason: NoticeResult | None


class LeftOutResult(Result):
    """A claim of the language model that is not shown, and why."""

    text: str
    verdict: Verdict
    reason: NoticeResult | None


class ConflictResult(Result):
    """Citations whose sources disagree, and about what."""

    about: str
    citations: list[int]


class PlanResult(Result):
    """What was done about the question, and why."""

    kind: Kind
    question: str
    searches: list[PlannedSearch]
    why: list[NoticeResult]


class SearchResult(Result):
    """The passages that bear on a question, best first, as ``rag retrieve --json`` prints them."""

    question: str
    index: str
    passages: list[Passage]


class AnswerResult(Result):
    """An answer of checked sentences, as ``rag ask --json`` prints it."""

    question: str
    standalone_question: str
    answer: str
    kind: Kind
    short_answer: str | None
    abstained: bool
    tentative: bool
    confidence: float
    sentences: list[SentenceResult]
    citations: list[Citation]
    passages: list[Passage]
    model: str
    prompt_id: str
    index: dict[str, str]
    timings: dict[str, float]
    left_out: list[LeftOutResult]
    conflicts: list[ConflictResult]
    plan: PlanResult | None
    notices: list[NoticeResult]
    language: str
    degraded: bool
    marked: bool
    calls: list[ModelCall]
    usage: Usage


class VerifyResult(Result):
    """The sentences of a text with their verdicts, as ``rag verify --json`` prints them."""

    sources: list[str]
    sentences: list[SentenceResult]
    citations: list[Citation]
    notices: list[NoticeResult]
    verified: int
    partly: int
    unsupported: int
    contradicted: int
    not_a_claim: int
    trace: list[NoticeResult]


class SourceResult(Result):
    """A readable source of an index, as ``rag sources --json`` prints it."""

    source: str
    source_id: str
    title: str
    pages: int | None
    chunks: int
    characters: int
    date: str
    warnings: list[str]


class SourcesResult(Result):
    """A page of the sources of an index, by name; ``after`` begins the next page, and is null on the last one."""

    index: str
    sources: list[SourceResult]
    after: str | None


class HeadingResult(Result):
    """A heading of a document: ``text[start:end]`` of its canonical text."""

    title: str
    level: int
    start: int
    end: int
    page: int | None


class SourceRecordResult(Result):
    """One source, readable or not; ``source_id`` is null where no version of it could be read."""

    index: str
    source: str
    source_id: str | None
    title: str
    media_type: str
    pages: int | None
    chunks: int
    characters: int
    date: str
    status: SourceStatus
    reason: NoticeResult | None
    warnings: list[NoticeResult]
    outline: list[HeadingResult]
    outline_complete: bool = Field(description="Whether the outline has all headings; it stops after a thousand.")


class RemovedResult(Result):
    """What was removed, or what would be; ``sources`` are the names, of many the first hundred."""

    index: str
    count: int
    sources: list[str]
    dry_run: bool


class JobFileResult(Result):
    """One file of a job: what was or is done with it, and why where it was refused, skipped or failed."""

    name: str
    source: str
    state: FileState
    reason: NoticeResult | None
    chunks: int
    warnings: list[NoticeResult]


class JobResult(Result):
    """A job that reads files into an index; ``done`` and ``total`` are bytes."""

    id: str
    index: str
    kind: JobKind
    phase: JobPhase
    over: bool
    done: float
    total: float
    doing: str
    seconds_left: float | None
    message: NoticeResult | None
    files: list[JobFileResult]


class JobsResult(Result):
    """Jobs, oldest first in each index."""

    jobs: list[JobResult]


class IndexResult(Result):
    """What an index holds, what it was made with, what the caller may do, and why it is unusable, if it is."""

    index: str
    documents: int
    chunks: int
    languages: list[str]
    embedding_model: str
    version: str
    changed: str
    may: list[Literal["read", "write"]]
    problem: NoticeResult | None


class IndexesResult(Result):
    """The indexes that the caller may see, by name."""

    indexes: list[IndexResult]


class ErrorFields(Result):
    """What went wrong, in one sentence, with a stable code; ``param`` is the field of the request that is meant."""

    message: str
    type: str
    param: str | None
    code: str | None


class ErrorResult(BaseModel):
    """An error."""

    error: ErrorFields
