"""One case of the HTML report: what was asked, expected and answered, and both kinds of evidence in the source text.

Owns: what a case shows. Its elements stand in ``templates/case.html.jinja``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from rag.evaluate.metrics.table import JUDGED
from rag.evaluate.report.excerpts import CharRange, Excerpt, Piece, excerpts
from rag.evaluate.report.view import Row, headline_names
from rag.evaluate.types import Record
from rag.evaluate.usage import calls_of
from rag.notices import Notice
from rag.types import Usage

# (source) → its canonical text, or None when it is gone.
TextBySource = Callable[[str], str | None]

# Verdicts that a case says nothing of.
_UNREMARKABLE = ("verified", "not a claim")
STATES = {"right": "right", "wrong": "wrong", "measured": "–", "error": "raised"}
"""The outcome of a case in a word."""


@dataclass(frozen=True, slots=True)
class ExcerptView:
    """A stretch of a source with its highlights; of a source that is ``gone`` from the index only the name is known."""

    source: str
    gone: bool = False
    page: int | None = None
    start: int = 0
    end: int = 0
    pieces: tuple[Piece, ...] = ()


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two columns of evidence."""

    title: str
    excerpts: tuple[ExcerptView, ...]


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case as the page shows it, as a disclosure that the page's filter can hide.

    Attributes:
        kinds: The outcomes that the filter finds it under, separated by spaces.
        tags_json: Its tags as a JSON list, for the filter.
        searched: All its words in lower case, for the filter.
        tone: The class that colours its state.
        state: Its outcome in a word.
        labels: Its tags, and how it stands to the baseline.
        texts: Headings with the words below them, in order.
        sides: Expected evidence and cited words; none where there is neither.
        values: The metrics shown with it; the others are in the table and the results.
    """

    id: str
    question: str
    kinds: str
    tags_json: str
    searched: str
    tone: str
    state: str
    labels: tuple[str, ...]
    texts: tuple[tuple[str, str], ...]
    sides: tuple[Side, ...]
    values: tuple[tuple[str, float], ...]


def case_view(row: Row, text_of: TextBySource) -> CaseView:
    """Return what the page shows of a case.

    Args:
        row: The case with its record and outcome.
        text_of: Gives the canonical text of a source, in which evidence is highlighted.

    Returns:
        Plain words; the template escapes them.
    """
    shown = set(headline_names(row.record.metrics))
    return CaseView(
        id=row.case.id,
        question=row.case.question,
        kinds=" ".join(filter(None, (row.outcome, row.change, "changed" if row.change else ""))),
        tags_json=json.dumps(list(row.case.tags)),
        searched=" ".join((row.case.id, row.case.question, row.got, row.expected)).lower(),
        tone="error-case" if row.outcome == "error" else row.outcome,
        state=STATES[row.outcome],
        labels=(*row.case.tags, *({"better": ["right now"], "worse": ["right before"]}.get(row.change, []))),
        texts=(*question_texts(row), *answer_texts(row)),
        sides=tuple(_sides(row, text_of)),
        values=tuple(
            (name, value)
            for name, value in row.record.metrics.items()
            if value is not None and (name in shown or name.startswith(JUDGED))
        ),
    )


def question_texts(row: Row) -> Iterator[tuple[str, str]]:
    """Yield headings with the words below them on what was asked and expected."""
    if row.case.history:
        yield "Conversation before", "\n".join(f"{turn.role}: {turn.content}" for turn in row.case.history)
    yield "Expected", row.expected


def answer_texts(row: Row) -> Iterator[tuple[str, str]]:
    """Yield headings with the words below them on what was answered."""
    standalone_question = str(row.record.answer.get("standalone_question", ""))
    if standalone_question and standalone_question != row.case.question:
        yield "Asked on its own", standalone_question
    if row.why:
        yield "Raised" if row.outcome == "error" else "Not right because", row.why
    if row.got:
        yield "Answer", row.got
    doubtful = [one for one in row.record.answer.get("sentences", ()) if one["verdict"] not in _UNREMARKABLE]
    if doubtful:
        yield "Not verified", "\n".join(map(_judged, doubtful))
    if verdicts := list(_verdicts_of_judge(row.record)):
        yield "Judge", "\n".join(verdicts)
    if calls := calls_of(row.record):
        yield "Language models", Notice("model-calls", asdict(Usage.of(calls))).text()
    if left_out := row.record.answer.get("left_out", ()):
        yield "Left out", "\n".join(map(_judged, left_out))


def _verdicts_of_judge(record: Record) -> Iterator[str]:
    """Yield what a judge says of its verdicts, and why it gave none."""
    for name, reason in record.judge_reasons.items():
        value = record.metrics.get(name)
        yield f"{name} {'–' if value is None else f'{value:.3g}'}: {reason}"
    for name, error in record.judge_errors.items():
        yield f"{name}: no verdict ({error})"


def _judged(item: Mapping[str, Any]) -> str:
    """Return a sentence or a claim behind its verdict, with the reason and the words of the source that it gives."""
    reason = item.get("reason") or {}
    quote = (reason.get("values") or {}).get("quote")
    why = "; ".join(filter(None, (str(reason.get("text", "")), f"source: “{quote}”" if quote else "")))
    return f"{item.get('verdict', 'unsupported')}: {item['text']}" + (f" ({why})" if why else "")


def _sides(row: Row, text_of: TextBySource) -> Iterator[Side]:
    """Yield the expected evidence, then the cited words, each in its source with the highlights of both."""
    gold: dict[str, list[CharRange]] = {}
    for span in row.record.gold:
        gold.setdefault(span.source, []).append((span.start, span.end))
    cited: dict[str, list[CharRange]] = {}
    for citation in row.record.answer.get("citations", ()):
        cited.setdefault(str(citation["source"]), []).append((int(citation["start"]), int(citation["end"])))
    if not gold and not cited:
        return
    for title, spans_by_source in (("Expected evidence", gold), ("Cited", cited)):
        yield Side(
            title,
            tuple(
                excerpt
                for source, spans in spans_by_source.items()
                for excerpt in _excerpts(
                    source, spans, {"gold": gold.get(source, []), "cited": cited.get(source, [])}, text_of, row
                )
            ),
        )


def _excerpts(
    source: str,
    spans: Sequence[CharRange],
    highlights: Mapping[str, Sequence[CharRange]],
    text_of: TextBySource,
    row: Row,
) -> Iterator[ExcerptView]:
    text = text_of(source)
    if text is None:
        yield ExcerptView(source, gone=True)
        return
    for excerpt in excerpts(text, spans, highlights):
        yield ExcerptView(
            source,
            page=_page(source, excerpt, row),
            start=excerpt.start,
            end=excerpt.end,
            pieces=excerpt.pieces,
        )


def _page(source: str, excerpt: Excerpt, row: Row) -> int | None:
    """Return the page of the first expected or cited span that begins in an excerpt; None where none has one."""
    pages: list[Any] = [
        span.page for span in row.record.gold if span.source == source and excerpt.start <= span.start < excerpt.end
    ]
    pages += [
        citation.get("page")
        for citation in row.record.answer.get("citations", ())
        if citation["source"] == source and excerpt.start <= citation["start"] < excerpt.end
    ]
    page = next(filter(None, pages), None)
    return int(page) if page else None
