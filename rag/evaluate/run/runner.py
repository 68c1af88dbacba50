"""Ask every question of a suite and measure what comes.

Owns: the corpus of a suite as an index made by the product itself, the order of asking, what happens when a case
raises, and going on after a stop. Knows nothing about statistics, gates or reports.
"""

from __future__ import annotations

import hashlib
import json
import re
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from rag.answering.pipeline import answer
from rag.errors import LLMError, RagError, UsageError
from rag.evaluate.metrics.table import CUTOFFS, measure_failure, measure
from rag.evaluate.run.configuration import Configuration
from rag.evaluate.run.journal import Journal
from rag.evaluate.suite.file import corpus_hash
from rag.evaluate.suite.gold_evidence import documents_of, locate_case_evidence
from rag.evaluate.types import Case, GoldSpan, Record, Suite
from rag.ingestion.pipeline import Progress, ingest
from rag.models.encoder import EncodedTokens, Encoder, Vectors
from rag.serialize import answer_json
from rag.settings import Settings
from rag.store.index import Fetch, Index, open_index
from rag.store.vector_cache import VectorCache
from rag.types import Answer

# Digits kept of what is measured: enough for every comparison, few enough to be the same on every machine.
_DIGITS = 6
_SCORE_DIGITS = 4
# Sentences whose vectors are kept in memory.
_REMEMBERED = 2500

# What judges an answer beside the metrics: (case, answer) → figures by name.
Judge = Callable[[Case, Answer], Mapping[str, float | None]]
# Told how many cases are done, of how many, and the id of the one that was finished last.
ReportProgress = Callable[[int, int, str], None]


class Stopped(KeyboardInterrupt):
    """The run was stopped by the user; ``done`` of ``total`` cases are in the journal."""

    def __init__(self, done: int, total: int) -> None:
        super().__init__("stopped")
        self.done, self.total = done, total


@dataclass(frozen=True, slots=True)
class Run:
    """What came of a suite's cases, in the suite's order.

    ``problems`` names, by case, evidence that the corpus does not hold: no metric of such a case can be trusted.
    ``seconds`` are those of asking, ``resumed`` the cases an earlier run had finished.
    """

    records: tuple[Record, ...]
    problems: Mapping[str, Sequence[str]] = field(default_factory=dict)
    seconds: float = 0.0
    resumed: int = 0


class CachingEncoder:
    """An embedding model that reads nothing twice in a row of questions: many ask about the same passages.

    It remembers the sentences it read last, up to a number that takes about a hundred megabytes; single vectors go to
    the cache beside the indexes.
    """

    def __init__(self, encoder: Encoder, cache: VectorCache) -> None:
        self._encoder, self._cache = encoder, cache
        self._questions: dict[str, Vectors] = {}
        self._read: OrderedDict[tuple[str, bool], EncodedTokens] = OrderedDict()
        self.name, self.fingerprint, self.max_tokens = encoder.name, encoder.fingerprint, encoder.max_tokens

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return self._encoder.count_tokens(texts)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        return self._cache.encode(self._encoder, texts)

    def encode_question(self, text: str) -> Vectors:
        if text not in self._questions:
            self._questions[text] = self._encoder.encode_question(text)
        return self._questions[text]

    def encode_tokens(self, texts: Sequence[str], question: bool = False) -> list[EncodedTokens]:
        known = {text: self._read[text, question] for text in texts if (text, question) in self._read}
        missing = [text for text in dict.fromkeys(texts) if text not in known]
        if missing:
            known.update(zip(missing, self._encoder.encode_tokens(missing, question), strict=True))
        for text, encoded in known.items():
            self._read[text, question] = encoded
            self._read.move_to_end((text, question))
        while len(self._read) > _REMEMBERED:
            self._read.popitem(last=False)
        return [known[text] for text in texts]


def index_name(suite: Suite) -> str:
    """The index of a suite's corpus: named after the suite and after where the corpus lies."""
    plain = re.sub(r"[^a-z0-9]+", "-", suite.name.lower()).strip("-")[:30].strip("-") or "suite"
    place = hashlib.sha256(str(suite.corpus.resolve()).encode("utf-8", "surrogateescape")).hexdigest()[:8]
    return f"eval-{plain}-{place}"


def open_corpus(
    suite: Suite, settings: Settings, progress: Progress | None = None, fetch: Fetch | None = None
) -> tuple[Index, str]:
    """The suite's corpus as an open index, brought up to date, and the hash of its files.

    Only what changed since the last run is read and embedded. Raises UsageError where nothing of the corpus can be
    searched.
    """
    index = open_index(index_name(suite), settings=settings, create=True, fetch=fetch)
    try:
        report = ingest(index, [suite.corpus], settings, progress)
        if not index.catalog.chunk_total():
            reason = next((f": {file.source} {file.reason}" for file in report.files if file.reason), "")
            raise UsageError(f"The corpus {suite.corpus} of the suite holds nothing to search{reason}; check its path.")
        index.encoder = CachingEncoder(index.encoder, index.cache)
        return index, corpus_hash(suite.corpus)
    except BaseException:
        index.close()
        raise


def run_suite(
    suite: Suite,
    index: Index,
    setup: Configuration,
    *,
    judge: Judge | None = None,
    journal: Journal | None = None,
    told: ReportProgress | None = None,
) -> Run:
    """Ask every case of ``suite`` and measure the answer.

    A case that raises is recorded with its error and counts as wrong; it never stops the rest. Cases that ``journal``
    holds are not asked again. Raises Stopped on Ctrl-C when what is finished is in a journal.
    """
    started = time.perf_counter()
    told = told or _silent
    finished = dict(journal.finished) if journal else {}
    total, resumed = len(suite.cases), sum(case.id in finished for case in suite.cases)
    records: list[Record] = []
    problems: dict[str, list[str]] = {}
    ks = cutoffs(suite)
    documents = documents_of(index)
    text = lru_cache(maxsize=8)(lambda source_id: _text(index, source_id))
    try:
        for done, case in enumerate(suite.cases):
            told(done, total, case.id)
            gold, wrong = locate_case_evidence(case, index, documents)
            if wrong:
                problems[case.id] = wrong
            record = finished.get(case.id)
            if record is None:
                record = run_case(case, gold, index, setup, ks, text, judge)
                if journal:
                    journal.add(record)
            records.append(record)
    except KeyboardInterrupt:
        if journal is None:
            raise
        raise Stopped(len(journal.finished), total) from None
    told(total, total, "")
    return Run(tuple(records), problems, time.perf_counter() - started, resumed)


def cutoffs(suite: Suite) -> tuple[int, ...]:
    """The ranks at which retrieval is measured, in order."""
    return tuple(sorted(set(suite.defaults.get("ks", CUTOFFS))))


def run_case(
    case: Case,
    gold: Sequence[GoldSpan],
    index: Index,
    setup: Configuration,
    ks: Sequence[int],
    text_of: Callable[[str], str | None],
    judge: Judge | None = None,
) -> Record:
    """Ask one case and measure the answer. Never raises an error; a failure is in the record."""
    record = Record(
        case.id, {}, gold=tuple(gold), cluster=_cluster(case, gold), weight=case.weight, tags=tuple(case.tags)
    )
    try:
        *_, last = answer(
            index,
            case.question,
            model=setup.model,
            settings=setup.settings,
            history=case.history,
            options=setup.options,
            reranker=setup.reranker,
        )
        record = replace(record, answer=_kept(last), timings=dict(last.timings))
        if last.degraded:
            raise LLMError(last.notice or "The language model failed.")
        found = measure(case, gold, last, ks, text_of=text_of, count_tokens=_counter(index, setup))
        judged = judge(case, last) if judge else {}
    except Exception as error:
        what = str(error) if isinstance(error, RagError) else f"{type(error).__name__}: {error}"
        return replace(record, metrics=_rounded(measure_failure(case, gold, ks)), error=" ".join(what.split()))
    return replace(record, metrics=_rounded({**found, **judged}))


def _silent(done: int, total: int, doing: str) -> None:
    """Tells nobody."""


def _cluster(case: Case, gold: Sequence[GoldSpan]) -> str:
    """Cases over one document, or of one conversation, are not independent of each other."""
    if gold:
        return f"document {gold[0].source}"
    return f"conversation {case.history[0].content}" if case.history else ""


def _rounded(metrics: Mapping[str, float | None]) -> dict[str, float | None]:
    """What is kept and compared: the same on every machine, and the same after a round trip through a file."""
    return {name: None if value is None else round(float(value), _DIGITS) for name, value in metrics.items()}


def _kept(last: Answer) -> dict[str, Any]:
    """The answer as `rag ask --json` prints it, less what differs from run to run and the words a span names anyway."""
    found = answer_json(last)
    for key in ("timings", "index", "question"):
        found.pop(key, None)
    for passage in found["passages"]:
        for key in ("text", "context", "chunk_id", "instructions"):
            passage.pop(key, None)
        passage["scores"] = {name: round(score, _SCORE_DIGITS) for name, score in passage["scores"].items()}
    # As it reads back from a file, so that a resumed run is no different.
    kept: dict[str, Any] = json.loads(json.dumps(found))
    return kept


def _text(index: Index, source_id: str) -> str | None:
    document = index.catalog.document(source_id)
    return document.text if document else None


def _counter(index: Index, setup: Configuration) -> Callable[[str], int]:
    """Counts tokens as the language model does, or the embedding model where there is none."""
    if setup.model:
        return setup.model.count_tokens
    return lambda text: index.encoder.count_tokens([text])[0]


def text_of(index: Index, source: str) -> str | None:
    """The canonical text of a source of an index, by its name."""
    record = index.catalog.source_record(source)
    return _text(index, record.document_id) if record and record.document_id else None


def existing_corpus(name: str, settings: Settings, fetch: Fetch | None = None) -> tuple[Index, str]:
    """An index of the user's as it is, and a hash of the documents it holds (marked, for it is no hash of files)."""
    index = open_index(name, settings=settings, fetch=fetch)
    try:
        held = sorted((summary.source, summary.source_id) for summary in index.catalog.sources())
        if not held:
            raise UsageError(f"The index {name!r} is empty; add files with: rag ingest PATH --index {name}")
        index.encoder = CachingEncoder(index.encoder, index.cache)
        return index, "index:" + hashlib.sha256(repr(held).encode("utf-8", "surrogatepass")).hexdigest()
    except BaseException:
        index.close()
        raise
