"""Questions that the documents of an index answer, to begin with.

Owns: which questions are drawn from the documents, that each is answered and verified before it is offered, and that
this is done once for each version of an index, in the background. Knows nothing about pages.
"""

from __future__ import annotations

import json
import logging
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import zip_longest

from rag.answering.pipeline import answer
from rag.errors import RagError
from rag.languages.identify import identify
from rag.question.offered import (
    question_about,
    question_of_cell,
    question_of_heading,
    question_of_sentence,
    question_of_title,
)
from rag.store.catalog.purging import MADE_OF_WORDS
from rag.store.index import Index
from rag.text import split_block
from rag.types import Block, Document
from ui.service.index_work import IndexWork

_LOG = logging.getLogger(__name__)

# Questions that are kept: more than are shown, so that those that somebody has asked give way to others.
_KEPT = 6
# Documents that are read, and questions that are tried, at most.
_MOST_DOCUMENTS = 12
_MOST_TRIED = 24
_MOST_SECONDS = 60.0
# Blocks of a document that are looked at, and questions that are made of one document.
_MOST_BLOCKS = 400
_OF_A_DOCUMENT = 6
# The kinds of questions, best first.
_ASKED, _STATED, _NAMED, _CELL = range(4)
# The key under which a catalog keeps the questions of its version, and what changes when they are made otherwise.
_KEY, _MAKING = f"{MADE_OF_WORDS}suggestions", "1"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question that may be offered, and where in its document the answer stands."""

    question: str
    kind: int
    source: str
    start: int
    end: int


class Suggestions:
    """The questions of the indexes of one server. Safe to use from several threads."""

    def __init__(self, may_work: Callable[[], bool] = lambda: True, delay: float = 1.5) -> None:
        """Make no question yet.

        Args:
            may_work: Whether nobody waits for an answer; while somebody does, no question is tried.
            delay: Seconds before the first is tried.
        """
        self._may_work, self._delay = may_work, delay
        self._guard = threading.Lock()
        self._making: set[str] = set()
        self._closing = threading.Event()

    def of(self, index: Index) -> list[str] | None:
        """Return the questions to begin with in an index, best first; None while they are being made.

        Args:
            index: The open index; where its questions are of another version, new ones are made in the background.
        """
        version = f"{_MAKING} {index.version}"
        kept = _read(index)
        if kept.get("version") == version:
            questions = kept.get("questions")
            return [str(question) for question in questions] if isinstance(questions, list) else []
        if index.catalog.chunk_total() == 0:
            return []
        with self._guard:
            if version not in self._making and not self._closing.is_set():
                self._making.add(version)
                stop = threading.Event()
                IndexWork(index, "suggestions", lambda: self._make(index, version, stop), stop)
        return None

    def close(self) -> None:
        """Make no more."""
        self._closing.set()

    def _make(self, index: Index, version: str, stop: threading.Event) -> None:
        # The page that asks for them is drawn first.
        stop.wait(self._delay)
        try:
            questions = [candidate.question for candidate in choose(index, lambda: self._wait(stop))]
            if not (self._closing.is_set() or stop.is_set()) and f"{_MAKING} {index.version}" == version:
                index.catalog.set(**{_KEY: json.dumps({"version": version, "questions": questions})})
        except (RagError, sqlite3.Error):
            _LOG.info("no questions could be made", exc_info=True)
        finally:
            with self._guard:
                self._making.discard(version)

    def _wait(self, stop: threading.Event) -> bool:
        """Wait until nobody is kept waiting; return whether to go on."""
        while not (self._closing.is_set() or stop.is_set() or self._may_work()):
            stop.wait(0.5)
        return not (self._closing.is_set() or stop.is_set())


def choose(index: Index, go_on: Callable[[], bool] = lambda: True) -> list[Candidate]:
    """Return the questions that an index answers, with a verified sentence from where the question was drawn.

    Args:
        index: The open index.
        go_on: Asked before each question is tried.

    Returns:
        The questions, those of different documents first.
    """
    until = time.monotonic() + _MOST_SECONDS
    answered: list[tuple[float, Candidate]] = []
    for candidate in in_turn(index, go_on):
        if time.monotonic() > until or not go_on():
            break
        if confidence := _confidence(index, candidate):
            answered.append((confidence, candidate))
    # The surest first; a second question of a document comes behind the first ones of all.
    answered.sort(key=lambda pair: -pair[0])
    asked_before: Counter[str] = Counter()
    ranked = []
    for confidence, candidate in answered:
        ranked.append((asked_before[candidate.source], candidate.kind, -confidence, candidate))
        asked_before[candidate.source] += 1
    return [candidate for *_, candidate in sorted(ranked, key=lambda row: row[:3])[:_KEPT]]


def in_turn(index: Index, go_on: Callable[[], bool] = lambda: True) -> list[Candidate]:
    """Return the questions to try: the best of each document, then the second best of each, and so on.

    Args:
        index: The open index.
        go_on: Asked before each document is read.

    Returns:
        The questions; of fewer documents where it was told to stop.
    """
    by_document = []
    for source in _some_sources(index) if go_on() else ():
        if not go_on():
            break
        record = index.catalog.source_record(source)
        document = index.catalog.document(record.document_id) if record and record.document_id else None
        if document is not None:
            ranked = sorted(candidates(source, document), key=lambda candidate: candidate.kind)
            by_document.append(ranked[:_OF_A_DOCUMENT])
    # Documents with the better kinds of questions come first.
    by_document.sort(key=lambda ranked: ranked[0].kind if ranked else _CELL)
    unique: dict[str, Candidate] = {}
    for row in zip_longest(*by_document):
        for candidate in row:
            if candidate is not None:
                unique.setdefault(candidate.question.casefold(), candidate)
    return list(unique.values())[:_MOST_TRIED]


def candidates(source: str, document: Document) -> Iterator[Candidate]:
    """Yield the questions that the headings, sentences and tables of a document make."""
    language = identify(document.text[:4000])
    blocks = document.blocks[:_MOST_BLOCKS]
    first = next((block for block in blocks if block.kind == "paragraph"), None)
    if first is not None:
        start, end = next(iter(split_block(document.text, first)), (first.start, first.end))
        if question := question_of_title(document.title, document.text[start:end], document.text):
            yield Candidate(question, _STATED, source, start, end)
    for position, block in enumerate(blocks):
        if block.kind == "heading":
            end = _end_of_section(blocks, position, len(document.text))
            heading = document.text[block.start : block.end].strip("#=-* \n")
            if document.text[block.end : end].strip():
                if question := question_of_heading(heading):
                    yield Candidate(question, _ASKED, source, block.end, end)
                elif question := question_about(heading, document.title, language, document.text):
                    yield Candidate(question, _NAMED, source, block.end, end)
        elif block.kind == "paragraph":
            for start, end in split_block(document.text, block):
                if question := question_of_sentence(document.text[start:end]):
                    yield Candidate(question, _STATED, source, start, end)
    yield from _cells(source, document, language)


def _cells(source: str, document: Document, language: str) -> Iterator[Candidate]:
    """Yield questions for a few cells of tables whose first column names the rows."""
    for table in document.tables[:3]:
        rows: dict[int, dict[int, str]] = {}
        for cell in table.cells[:200]:
            rows.setdefault(cell.row, {})[cell.column] = document.text[cell.start : cell.end].strip()
        names = [cells.get(0, "") for cells in rows.values()]
        if len(set(names)) < len(names):
            continue
        for cells in rows.values():
            values = [column for column in sorted(cells) if column > 0 and any(map(str.isdigit, cells[column]))]
            if values and (
                question := question_of_cell(table.column_name(values[0]), cells.get(0, ""), language or "en")
            ):
                yield Candidate(question, _CELL, source, table.start, table.end)
                break


def _end_of_section(blocks: Sequence[Block], position: int, end: int) -> int:
    """Return where the next heading of the same depth or above begins."""
    level = blocks[position].level
    following = (block.start for block in blocks[position + 1 :] if block.kind == "heading" and block.level <= level)
    return next(following, end)


def _some_sources(index: Index) -> list[str]:
    """Return a few sources from all over the index, always the same of the same index."""
    names = [name for name, _ in index.catalog.names()]
    step = max(1, len(names) // _MOST_DOCUMENTS)
    return names[::step][:_MOST_DOCUMENTS]


def _confidence(index: Index, candidate: Candidate) -> float:
    """Return how surely a question is answered with verified words from where it was drawn; 0.0 where it is not."""
    *_, done = answer(index, candidate.question, model=None)
    if done.abstained or done.tentative or done.kind == "small-talk" or not done.citations:
        return 0.0
    if any(sentence.verdict != "verified" for sentence in done.sentences):
        return 0.0
    first = done.citations[0]
    is_there = first.source == candidate.source and candidate.start <= first.start < candidate.end
    return done.confidence if is_there else 0.0


def _read(index: Index) -> dict[str, object]:
    with suppress(ValueError):
        kept = json.loads(index.catalog.get(_KEY) or "{}")
        if isinstance(kept, dict):
            return kept
    return {}
