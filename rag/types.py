"""The plain data that flows through Footnote.

Owns: the frozen records passed from module to module. Knows nothing about files, models or databases.

Every offset is a count of Unicode code points into the canonical text of one document version, half open:
``text[start:end]``. Offsets are computed while cutting and are never searched for again.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import Any, Literal

BlockKind = Literal["heading", "paragraph", "item", "row", "code", "margin"]
Verdict = Literal["verified", "partly", "unsupported", "not a claim"]
FileStatus = Literal["added", "updated", "unchanged", "removed", "skipped", "failed"]


@dataclass(frozen=True, slots=True)
class Block:
    """A structural unit of a document: a heading, a paragraph, a list item, a table row, a code fence, or what
    stands beside the text (``margin``): a running head or foot, a line of a table of contents. It is no evidence.

    ``level`` is the depth of a heading (1 is the top). ``header`` names the columns of a row whose own words do
    not; it is embedded with the row and is never part of a span.
    """

    start: int
    end: int
    kind: BlockKind
    level: int = 0
    header: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """One version of one source: its canonical text and the structure a loader saw in it.

    ``blocks`` are in order and do not overlap; text between them is white space. ``pages[i]`` is the offset where
    page ``i + 1`` starts; it is empty for formats without pages.
    """

    text: str
    title: str
    media_type: str
    blocks: tuple[Block, ...] = ()
    pages: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Chunk:
    """A cut of a document: ``text[start:end]``, and the title-and-heading ``context`` that is embedded with it."""

    start: int
    end: int
    context: str = ""


@dataclass(frozen=True, slots=True)
class Passage:
    """A retrieved chunk with every score it earned on the way. ``rank`` counts from 1.

    ``instructions`` are words in it that read like orders to a language model; they are shown and never obeyed.
    """

    chunk_id: str
    source: str
    source_id: str
    title: str
    start: int
    end: int
    text: str
    context: str
    page: int | None
    rank: int
    scores: dict[str, float]
    instructions: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """An exact place in one document version, with its words. ``header`` names the columns where it is a table row."""

    source: str
    source_id: str
    title: str
    start: int
    end: int
    quote: str
    page: int | None = None
    header: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence of a passage that bears on the question; ``score`` orders the sentences of one question.

    ``similarity`` is the cosine of question and sentence, ``coverage`` the share 0…1 of the question's terms in it.
    ``block`` is where the paragraph, row or item starts that it stands in.
    """

    span: Span
    score: float
    similarity: float
    coverage: float
    passage_rank: int
    block: int = 0


@dataclass(frozen=True, slots=True)
class Citation:
    """A numbered span.

    ``boxes`` are ``(page, x0, y0, x1, y1)`` in PDF points from the page's top left; ``header`` names the columns of a
    cited table row.
    """

    number: int
    source: str
    source_id: str
    title: str
    start: int
    end: int
    quote: str
    page: int | None = None
    boxes: tuple[tuple[int, float, float, float, float], ...] = ()
    header: str = ""

    @classmethod
    def of(cls, number: int, span: Span) -> Citation:
        """A span under a number, without boxes."""
        return cls(
            number,
            span.source,
            span.source_id,
            span.title,
            span.start,
            span.end,
            span.quote,
            span.page,
            header=span.header,
        )


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of an answer, its verdict, why, and the numbers it cites. ``start`` and ``end`` slice the answer."""

    text: str
    start: int
    end: int
    verdict: Verdict
    citations: tuple[int, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A claim of the model that is not shown because the documents do not support it, and why."""

    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """Citations of one answer whose sources disagree; ``about`` says in words over what."""

    about: str
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """A snapshot of an answer. ``state`` says what is being done; the last snapshot's is ``done``.

    ``left_out`` are the model's claims that no source supports, ``missing`` the parts of the question that the
    documents say nothing about, ``evidence`` the sentences chosen, and ``prompt`` the words sent to the model (empty
    without one). ``notice`` tells the user what went wrong; ``degraded`` says that the model failed, so that the
    question was not answered as asked.
    """

    question: str
    standalone_question: str
    answer: str = ""
    abstained: bool = False
    confidence: float = 0.0
    sentences: tuple[Sentence, ...] = ()
    citations: tuple[Citation, ...] = ()
    passages: tuple[Passage, ...] = ()
    model: str = ""
    prompt_id: str = ""
    index: dict[str, str] = field(default_factory=dict)
    timings: dict[str, float] = field(default_factory=dict)
    left_out: tuple[LeftOut, ...] = ()
    missing: tuple[str, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    prompt: str = ""
    notice: str = ""
    degraded: bool = False
    state: Literal["searching", "reading", "writing", "checking", "done"] = "done"


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of a conversation."""

    role: Literal["user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class FileReport:
    """What ingestion did with one file, and why."""

    source: str
    status: FileStatus
    reason: str = ""
    chunks: int = 0


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What an ingestion did. The counts in ``as_json`` are numbers of files."""

    index: str
    seconds: float
    files: tuple[FileReport, ...]

    def count(self, status: FileStatus) -> int:
        return sum(file.status == status for file in self.files)

    def as_json(self) -> dict[str, Any]:
        statuses: tuple[FileStatus, ...] = ("added", "updated", "unchanged", "removed", "skipped", "failed")
        return {
            "index": self.index,
            "seconds": round(self.seconds, 3),
            **{status: self.count(status) for status in statuses},
            "chunks": sum(file.chunks for file in self.files),
            "files": [
                {"source": f.source, "status": f.status, "reason": f.reason, "chunks": f.chunks} for f in self.files
            ],
        }


def page_of(pages: tuple[int, ...], offset: int) -> int | None:
    """The 1-based page on which ``offset`` lies, or None when the format has no pages."""
    return max(1, bisect_right(pages, offset)) if pages else None
