"""The plain data that passes from stage to stage.

Owns: the frozen records that modules hand to each other. Knows nothing about files, models or databases.

Every offset is a count of Unicode code points into the canonical text of one document version, half open:
``text[start:end]``. Offsets are computed while text is cut and are never found again by searching.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any, Literal, NamedTuple, get_args

from rag.notices import Notice

BlockKind = Literal["heading", "paragraph", "item", "row", "code", "margin"]
Verdict = Literal["verified", "partly", "unsupported", "contradicted", "not a claim"]
"""What the sources say of a sentence: all of it, a part, nothing, something else; or there is nothing to say it of."""
Kind = Literal["fact", "list", "summary", "comparison", "overview", "computation", "how-to", "yes-no", "small-talk"]
"""What a question asks for; a definition, a table value and what needs several steps are facts."""
Band = Literal["sure", "tentative", "refused"]
"""How an answer is given: as one, as what comes nearest, or not at all."""
COST_DIGITS = 9
"""Digits behind the point of a cost that are kept: a token may cost a ten-millionth."""
FileStatus = Literal["added", "updated", "unchanged", "removed", "skipped", "failed"]


@dataclass(frozen=True, slots=True)
class Block:
    """A structural part of a document.

    Attributes:
        start: Where it begins in the document's text.
        end: Where it ends.
        kind: A heading, a paragraph, a list item, a table row, a code fence, or ``margin``: a running head or foot, or
            a line of a table of contents, which are never evidence.
        level: The depth of a heading; 1 is the top, 0 is no heading.
        header: The column names of a table row that does not repeat them. They are embedded with the row and are
            never part of a span.
    """

    start: int
    end: int
    kind: BlockKind
    level: int = 0
    header: str = ""


class TableCell(NamedTuple):
    """A cell of a table: where its words stand in the document's text, and its place among the rows and columns.

    Attributes:
        start: Where its words begin in the document's text. Names that were put before it are not part of it.
        end: Where they end.
        row: Its row, from 0, rows of names not counted.
        column: Its column, from 0.
        columns: How many columns it spans. One that spans rows stands in each of them.
    """

    start: int
    end: int
    row: int
    column: int
    columns: int = 1


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a document: its rows are blocks of the text, and its cells lie in them.

    Attributes:
        start: Where its first row begins in the document's text.
        end: Where its last row ends.
        names: The rows of names above its columns, each as wide as the table; a name that spans columns is repeated.
        cells: The cells with words, in the order of the text; those of a very large table are not kept.
        labels: How many columns from the left hold the names of what stands beside them, as in "Capital: Oslo".
        caption: What is said of the whole table: its title, its unit, its period; "" for nothing.
        sheet_rows: The rows of the sheet that its blocks were read from, in order: ``(first row, count)`` for each run
            of blocks whose rows follow on one another, counted from 1, and 0 for a block of no row. None elsewhere.
        sheet_columns: The column of the sheet that each column is, from 0. None elsewhere.
    """

    start: int
    end: int
    names: tuple[tuple[str, ...], ...]
    cells: tuple[TableCell, ...]
    labels: int = 0
    caption: str = ""
    sheet_rows: tuple[tuple[int, int], ...] = ()
    sheet_columns: tuple[int, ...] = ()

    def column_name(self, column: int) -> str:
        """Return the names above a column, outermost first and each once: "2024 Actual"; "" for none."""
        above = (names[column] for names in self.names if column < len(names))
        return " ".join(dict.fromkeys(filter(None, above)))


@dataclass(frozen=True, slots=True)
class RowCell:
    """A cell of a table row, with what it is called.

    Attributes:
        start: Where its words begin in the document's text.
        end: Where they end.
        label: The words of its row that name it and are no cell: "Capital" of "Capital: Oslo"; "" for none.
        name: The names above its columns, outermost first; "" for none.
        row: Its row, from 0.
        is_label: Whether it names the other cells of its row.
    """

    start: int
    end: int
    label: str = ""
    name: str = ""
    row: int = 0
    is_label: bool = False


@dataclass(frozen=True, slots=True)
class CitedCell:
    """The cell of a cited table that answers a question.

    Attributes:
        start: Where its words begin in the document's text.
        end: Where they end.
        names: The names of its row, then those of its column.
        boxes: Where a PDF shows it, like those of a citation.
    """

    start: int
    end: int
    names: tuple[str, ...] = ()
    boxes: tuple[tuple[int, float, float, float, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """One version of one source: its canonical text, and the structure that a loader found in it.

    Attributes:
        text: The canonical text, into which every offset counts.
        title: The title that the document states, else its first heading or the name of its file.
        media_type: The type of the file, such as ``application/pdf``.
        blocks: The structure, in order and without overlap; text between two blocks is white space.
        pages: ``pages[i]`` is the offset at which page ``i + 1`` starts; empty for formats without pages.
        tables: Its tables, in the order of the text.
        date: The day that the file itself gives for its last change, else for its making, ``YYYY-MM-DD``; "" for none.
        warnings: What a person would read in the file and the text does not hold.
    """

    text: str
    title: str
    media_type: str
    blocks: tuple[Block, ...] = ()
    pages: tuple[int, ...] = ()
    tables: tuple[Table, ...] = ()
    date: str = ""
    warnings: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True)
class Chunk:
    """A cut of a document, ``text[start:end]``; ``context``, its title and headings, is embedded with it."""

    start: int
    end: int
    context: str = ""


@dataclass(frozen=True, slots=True)
class Passage:
    """A retrieved chunk.

    Attributes:
        chunk_id: The chunk in the index.
        source: The name of the document in the index, such as ``reports/2024.pdf``.
        source_id: The id of that version of the document.
        title: The document's title.
        start: Where it begins in the document's text.
        end: Where it ends.
        text: Its words, ``document.text[start:end]``.
        context: The document's title and the headings above it.
        page: The page it begins on, from 1; None for formats without pages.
        rank: Its place in the ranking, from 1.
        scores: Scores and ranks by name: ``dense``, ``keyword`` and ``fused`` (0…1), which orders the passages unless a
            reranker gave ``rerank``.
        instructions: Words in it that read like orders to a language model; they are shown and never obeyed.
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
    """An exact slice of one version of a document, with its words.

    ``header`` says of a table row what it does not say itself: the names of its columns, its section or its table's
    caption. ``cells`` are the cells of a table row
    that has a record; two spans of one place are equal with or without them.
    """

    source: str
    source_id: str
    title: str
    start: int
    end: int
    quote: str
    page: int | None = None
    header: str = ""
    cells: tuple[RowCell, ...] = field(default=(), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence of a passage that bears on the question.

    Attributes:
        span: The sentence.
        score: Orders the sentences of one question.
        similarity: The cosine of question and sentence.
        coverage: The share 0…1 of the question's terms that are in the sentence.
        passage_rank: The rank of its passage, from 1.
        block: The offset at which the paragraph, row or item begins that holds it.
    """

    span: Span
    score: float
    similarity: float
    coverage: float
    passage_rank: int
    block: int = 0


@dataclass(frozen=True, slots=True)
class Citation:
    """A span that an answer cites by its number.

    ``boxes`` are where a PDF shows it: ``(page, x0, y0, x1, y1)`` in PDF points from the page's top left. ``header``
    names the columns of a cited table row that does not say them itself. ``cells`` are the cells of cited table rows
    that have a record, and ``cell`` is the one that answers the question; None where none does.
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
    cells: tuple[RowCell, ...] = ()
    cell: CitedCell | None = None

    @classmethod
    def of(cls, number: int, span: Span) -> Citation:
        """Return a citation of a span, without boxes.

        Args:
            number: The number that the answer cites it by, from 1.
            span: What is cited.

        Returns:
            The citation.
        """
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

    @property
    def span(self) -> Span:
        """What is cited, without its number and its boxes."""
        return Span(
            self.source,
            self.source_id,
            self.title,
            self.start,
            self.end,
            self.quote,
            self.page,
            self.header,
            self.cells,
        )


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of an answer, ``answer[start:end]``, with its verdict, the reason, and the numbers it cites.

    ``reason`` says why the verdict is not ``verified``; None where it is, or where there is nothing to check.
    """

    text: str
    start: int
    end: int
    verdict: Verdict
    citations: tuple[int, ...] = ()
    reason: Notice | None = None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A claim of the model that is not shown because of its verdict, and the reason."""

    text: str
    verdict: Verdict
    reason: Notice | None = None


@dataclass(frozen=True, slots=True)
class Conflict:
    """Citations of one answer whose sources disagree; ``about`` says what they disagree on: "25 days or 30 days"."""

    about: Notice
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PlannedSearch:
    """A search that an answer begins with.

    Attributes:
        query: The words that are searched for.
        sources: The only sources that are searched; none named: all.
        asked: The question as it was put, where the query fills in what it leaves to the conversation; "" where it
            stands alone.
    """

    query: str
    sources: tuple[str, ...] = ()
    asked: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is going to be done about a question.

    Attributes:
        kind: What the question asks for.
        question: The question as it is answered: standing alone, without greetings, its typos corrected.
        searches: What is searched for, in order; none where the catalog or a sentence answers.
        why: The reasons of each decision, for whoever asks.
    """

    kind: Kind
    question: str
    searches: tuple[PlannedSearch, ...] = ()
    why: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True)
class ModelCall:
    """A call of a language model that an answer needed, and what it cost.

    Attributes:
        purpose: What it was for: ``answer``, ``judge``, ``rewrite``, ``notes``, ``answerable`` or ``draft``.
        model: The model's name.
        sent: Tokens of the prompt.
        written: Tokens of the reply, its thoughts among them.
        thought: Tokens of its thoughts, where the service tells.
        estimated: Whether the tokens were counted here, because the service does not tell.
        ended: Why the reply ended: by itself, at the limit of tokens, by a filter of the service, with a call of a
            tool, with an error, or because it was cancelled; "" where that is not known.
        seconds: How long it took.
        cost: What it cost, in the unit of ``RAG_LLM_PRICE``; None where no price is known.
    """

    purpose: str
    model: str
    sent: int
    written: int
    thought: int = 0
    estimated: bool = True
    ended: Literal["", "stop", "length", "filter", "tool", "error", "cancelled"] = ""
    seconds: float = 0.0
    cost: float | None = None


@dataclass(frozen=True, slots=True)
class Usage:
    """What several calls of language models took together.

    Attributes:
        calls: How many there were.
        sent: Tokens of all prompts.
        written: Tokens of all replies, thoughts among them.
        thought: Tokens of all thoughts.
        estimated: Whether some of the tokens were counted here.
        cost: What all cost; None where the price of one of them is not known.
    """

    calls: int = 0
    sent: int = 0
    written: int = 0
    thought: int = 0
    estimated: bool = False
    cost: float | None = 0.0

    @classmethod
    def of(cls, calls: Iterable[ModelCall]) -> Usage:
        """Add up calls."""
        added = tuple(calls)
        costs = [call.cost for call in added if call.cost is not None]
        return cls(
            len(added),
            sum(call.sent for call in added),
            sum(call.written for call in added),
            sum(call.thought for call in added),
            any(call.estimated for call in added),
            round(math.fsum(costs), COST_DIGITS) if len(costs) == len(added) else None,
        )

    @property
    def tokens(self) -> int:
        """Tokens sent and written."""
        return self.sent + self.written


@dataclass(frozen=True, slots=True)
class Answer:
    """A snapshot of an answer; the last snapshot of an answer has the state ``done``.

    Attributes:
        question: The question as it was asked.
        standalone_question: The question with what it leaves to the conversation filled in.
        answer: The text of the answer, with a mark such as ``[1]`` behind each cited sentence.
        kind: What the question asks for.
        short_answer: A phrase, or one sentence of at most 120 characters, that answers the question by itself; None
            where there is none that is sure enough.
        abstained: Whether the question is not answered because the documents do not hold the answer.
        tentative: Whether an answer is shown although the documents may not hold it; ``abstained`` is then False.
        confidence: How likely the passages hold the answer, 0…1.
        sentences: The sentences of the answer with their verdicts.
        citations: What the marks cite.
        passages: The passages retrieved, best first.
        model: The name of the language model; ``none`` without one.
        prompt_id: The id of the prompt that was sent; empty without a model.
        index: Name, version and embedding model of the index.
        timings: Milliseconds by step.
        left_out: The model's claims that are not shown: a source contradicts them, or by the policy none supports them.
        conflicts: Citations that disagree.
        evidence: The sentences chosen from the passages.
        prompt: The words sent to the model; empty without one.
        plan: What was done about the question, and why; None until it is known.
        notices: What the reader must know beside the answer: what went wrong, and what the documents do not mention.
        language: The language of the question, in which the program speaks itself: ``en`` or ``de``.
        degraded: Whether the model failed, so that the question was not answered as asked.
        marked: Whether sentences that are not verified are marked where it is shown; False by the policy ``off``.
        calls: The calls of language models that it needed, in order.
        state: The step that is running, or ``done``.
    """

    question: str
    standalone_question: str
    answer: str = ""
    kind: Kind = "fact"
    short_answer: str | None = None
    abstained: bool = False
    tentative: bool = False
    confidence: float = 0.0
    sentences: tuple[Sentence, ...] = ()
    citations: tuple[Citation, ...] = ()
    passages: tuple[Passage, ...] = ()
    model: str = ""
    prompt_id: str = ""
    index: dict[str, str] = field(default_factory=dict)
    timings: dict[str, float] = field(default_factory=dict)
    left_out: tuple[LeftOut, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    prompt: str = ""
    plan: Plan | None = None
    notices: tuple[Notice, ...] = ()
    language: str = "en"
    degraded: bool = False
    marked: bool = True
    calls: tuple[ModelCall, ...] = ()
    state: Literal["searching", "reading", "writing", "checking", "done"] = "done"


@dataclass(frozen=True, slots=True)
class Turn:
    """A message of a conversation."""

    role: Literal["user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class FileReport:
    """What ingestion did with one file, the reason where there is one, and how many chunks the file has now.

    ``warnings`` say what of the file was not read.
    """

    source: str
    status: FileStatus
    reason: Notice | None = None
    chunks: int = 0
    warnings: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What an ingestion did with each file, and how many seconds it took."""

    index: str
    seconds: float
    files: tuple[FileReport, ...]

    def with_files(self, more: Iterable[FileReport]) -> IngestReport:
        """Return the report with more files, in the order of their names."""
        return replace(self, files=tuple(sorted([*self.files, *more], key=lambda file: file.source)))

    def count(self, status: FileStatus) -> int:
        """Return how many files have a status."""
        return sum(file.status == status for file in self.files)

    def as_json(self) -> dict[str, Any]:
        """Return the report as ``rag ingest --json`` prints it: the number of files by status, then each file."""
        return {
            "index": self.index,
            "seconds": round(self.seconds, 3),
            **{status: self.count(status) for status in get_args(FileStatus)},
            "chunks": sum(file.chunks for file in self.files),
            "files": [
                {
                    "source": f.source,
                    "status": f.status,
                    "reason": str(f.reason or ""),
                    "chunks": f.chunks,
                    "warnings": [str(warning) for warning in f.warnings],
                }
                for f in self.files
            ],
        }


def page_of(pages: tuple[int, ...], offset: int) -> int | None:
    """Return the page on which an offset lies.

    Args:
        pages: The offsets at which pages start, as in ``Document.pages``.
        offset: An offset into the document's text.

    Returns:
        The page, from 1; None when the format has no pages.
    """
    return max(1, bisect_right(pages, offset)) if pages else None


def tables_as_json(tables: Iterable[Table]) -> list[Any]:
    """Return tables as plain data: a list of lists, in the order of a table's fields."""
    return [
        [t.start, t.end, t.names, t.cells, t.labels, t.caption]
        + ([t.sheet_rows, t.sheet_columns] if t.sheet_rows else [])
        for t in tables
    ]


def tables_from_json(values: Iterable[Any]) -> tuple[Table, ...]:
    """Return tables from what ``tables_as_json`` made of them, also after a way through JSON."""
    return tuple(
        Table(
            start,
            end,
            tuple(map(tuple, names)),
            tuple(TableCell(*cell) for cell in cells),
            labels,
            caption,
            *((tuple(map(tuple, place[0])), tuple(place[1])) if place else ()),
        )
        for start, end, names, cells, labels, caption, *place in values
    )
