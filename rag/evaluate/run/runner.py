"""Ask every question of a suite and measure the answers.

Owns: the corpus of a suite as an index made by the product itself, the order of asking, what happens when a case
raises, and going on after a stop. Knows nothing about statistics, gates or reports.
"""

from __future__ import annotations

import hashlib
import json
import logging
import re
import time
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from typing import Any

from rag.answering.notices import remarks
from rag.answering.pipeline import answer
from rag.errors import LLMError, RagError, UsageError
from rag.evaluate.grouping import cluster_name, continued_questions
from rag.evaluate.histories import with_history
from rag.evaluate.judging.judge import Judge
from rag.evaluate.metrics.measuring import measure, measure_failure
from rag.evaluate.metrics.table import CUTOFFS, TextById, outside_meanings
from rag.evaluate.run.caching_encoder import CachingEncoder
from rag.evaluate.run.configuration import Configuration, configuration_fingerprint, configured
from rag.evaluate.run.deeper_ranking import ranked_passages
from rag.evaluate.run.journal import Journal
from rag.evaluate.suite.conversations import without_skipped
from rag.evaluate.suite.file import corpus_hash
from rag.evaluate.suite.gold_evidence import documents_of, locate_case_evidence
from rag.evaluate.systems import not_given
from rag.evaluate.systems.system import Ask, System
from rag.evaluate.types import METRIC_DIGITS, Case, GoldSpan, Record, Suite
from rag.ingestion.pipeline import Progress, ingest
from rag.models.llm.metering import CapReached, cap_of_day
from rag.models.llm.model import Model
from rag.models.weights import Fetch
from rag.notices import Notice
from rag.serialize import answer_json
from rag.settings import Settings
from rag.store.index import Index, open_index
from rag.types import Answer, Passage, Turn
from rag.verify.texts.document import reason_codes

# Digits kept of the scores of a passage.
_SCORE_DIGITS = 4
_LOG = logging.getLogger(__name__)

# (answer) → its ranking as deep as it is measured.
Rank = Callable[[Answer], Sequence[Passage]]
# Called with how many cases are done, of how many, and the id of the one that is asked next.
ReportProgress = Callable[[int, int, str], None]


class StoppedByCap(LLMError):
    """The run was stopped because the cap of a day is reached, so that no further question could be answered.

    Args:
        notice: The notice on the cap.
        done: How many cases are finished.
        total: How many cases the suite has.
        is_kept: Whether the finished cases are in a journal.
    """

    def __init__(self, notice: Notice, done: int, total: int, is_kept: bool) -> None:
        kept = " are kept: run the same command with --resume." if is_kept else " were done."
        super().__init__(f"{notice.text()} {done} of {total} cases{kept}")


class RunStopped(KeyboardInterrupt):
    """The run was stopped by the user.

    Args:
        done: How many cases are in the journal.
        total: How many cases the suite has.
    """

    def __init__(self, done: int, total: int) -> None:
        super().__init__("stopped")
        self.done, self.total = done, total


@dataclass(frozen=True, slots=True)
class Run:
    """The records of a suite's cases, and what is wrong with its evidence.

    Attributes:
        records: One for each case that is not skipped, in the suite's order.
        problems: By case id, one sentence for each evidence that the corpus does not hold: no metric of such a case can
            be trusted.
        seconds: How long asking took.
        resumed: How many cases an earlier run had finished.
    """

    records: tuple[Record, ...]
    problems: Mapping[str, Sequence[str]] = field(default_factory=dict)
    seconds: float = 0.0
    resumed: int = 0


# -- what is asked -----------------------------------------------------------------------------------------------------


def index_name(suite: Suite) -> str:
    """Return the name of the index of a suite's corpus, made of the suite's name and the path of the corpus."""
    plain = re.sub(r"[^a-z0-9]+", "-", suite.name.lower()).strip("-")[:30].strip("-") or "suite"
    path_hash = hashlib.sha256(str(suite.corpus.resolve()).encode("utf-8", "surrogateescape")).hexdigest()[:8]
    return f"eval-{plain}-{path_hash}"


def open_corpus(
    suite: Suite, settings: Settings, progress: Progress | None = None, fetch: Fetch | None = None, suffix: str = ""
) -> tuple[Index, str]:
    """Open the suite's corpus as an index, brought up to date: only what changed is read and embedded.

    Args:
        suite: The suite.
        settings: Where the index lies and how it is made.
        progress: Called with the progress of the ingestion.
        fetch: Fetches the weights of a model that is absent.
        suffix: What is added to the name of the index, for one that is made in another way.

    Returns:
        The open index, and the hash of the corpus's files.

    Raises:
        UsageError: Nothing of the corpus can be searched.
    """
    index = open_index(index_name(suite) + suffix, settings=settings, create=True, fetch=fetch)
    try:
        report = ingest(index, [suite.corpus], progress)
        if not index.catalog.chunk_total():
            reason = next((f": {file.source} {file.reason}" for file in report.files if file.reason), "")
            raise UsageError(f"The corpus {suite.corpus} of the suite holds nothing to search{reason}; check its path.")
        index.encoder = CachingEncoder(index.encoder, index.cache)
        return index, corpus_hash(suite.corpus)
    except BaseException:
        index.close()
        raise


def open_existing_index(name: str, settings: Settings, fetch: Fetch | None = None) -> tuple[Index, str]:
    """Open an index of the user's as it is.

    Args:
        name: The name of the index.
        settings: Where it lies.
        fetch: Fetches the weights of a model that is absent.

    Returns:
        The open index, and ``index:`` with a hash of the documents it holds, which is no hash of files.

    Raises:
        UsageError: There is no such index, or it is empty.
    """
    index = open_index(name, settings=settings, fetch=fetch)
    try:
        sources = sorted((summary.source, summary.source_id) for summary in index.catalog.sources())
        if not sources:
            raise UsageError(f"The index {name!r} is empty; add files with: rag ingest PATH --index {name}")
        index.encoder = CachingEncoder(index.encoder, index.cache)
        return index, "index:" + hashlib.sha256(repr(sources).encode("utf-8", "surrogatepass")).hexdigest()
    except BaseException:
        index.close()
        raise


def source_text(index: Index, source: str) -> str | None:
    """Return the canonical text of a source.

    Args:
        index: The index.
        source: The name of the source.

    Returns:
        Its text; None where there is no such source.
    """
    record = index.catalog.source_record(source)
    return _document_text(index, record.document_id) if record and record.document_id else None


def _document_text(index: Index, source_id: str) -> str | None:
    document = index.catalog.document(source_id)
    return document.text if document else None


# -- asking ------------------------------------------------------------------------------------------------------------


def run_suite(
    suite: Suite,
    index: Index,
    configuration: Configuration,
    *,
    system: System | None = None,
    judge: Judge | None = None,
    journal: Journal | None = None,
    report_progress: ReportProgress | None = None,
    whole: Suite | None = None,
) -> Run:
    """Ask every case of a suite that is not skipped, and measure the answers.

    A case that raises is recorded with its error and counts as wrong; it never stops the rest.

    Args:
        suite: The cases.
        index: The index of the corpus.
        configuration: What answers, where Footnote itself is measured; else the settings of the run.
        system: What answers; None: Footnote over the index.
        judge: Adds figures of its own to each record; where it fails, the record says why.
        journal: Where finished cases are kept; those that it holds are not asked again.
        report_progress: Called with the progress before each case, and at the end.
        whole: The suite that the cases are a part of, which knows the conversations that they begin; None for this one.

    Returns:
        The records and what is wrong with the suite's evidence.

    Raises:
        StoppedByCap: The cap of a day is reached; what is finished is in the journal.
        RunStopped: The user pressed Ctrl-C, and what is finished is in the journal.
        KeyboardInterrupt: The user pressed Ctrl-C, and there is no journal.
    """
    started = time.perf_counter()
    finished = dict(journal.finished) if journal else {}
    asked = without_skipped(suite)
    cases = asked.cases
    total = len(cases)
    ks = cutoffs(suite)
    continued = continued_questions((whole or suite).cases)
    # Behind the passages of another system nothing more can be asked for, and nobody knows how its model counts.
    rank = None if system else partial(ranked_passages, index=index, configuration=configuration, depth=max(ks))
    count_tokens = _token_counter(index, None if system else configuration.model)
    system = system or Footnote(index, configuration)
    documents = documents_of(index)
    document_text = lru_cache(maxsize=8)(lambda source_id: _document_text(index, source_id))
    records: list[Record] = []
    problems: dict[str, list[str]] = {}
    try:
        for done, case in enumerate(cases):
            if report_progress:
                report_progress(done, total, case.id)
            gold, missing = locate_case_evidence(case, index, documents)
            if missing:
                problems[case.id] = missing
            record = finished.get(case.id)
            if record is None:
                turn = with_history(asked, records)
                ask = system.asking(turn)
                record = run_case(turn, gold, ask, ks, document_text, count_tokens, judge, rank, continued)
                # By its number: an id may be made of the question.
                _LOG.info(
                    "case done",
                    extra={
                        "case": done + 1,
                        "cases": total,
                        "right": record.metrics.get("right"),
                        "raised": bool(record.error),
                        "total_ms": record.timings.get("total_ms"),
                    },
                )
                if journal:
                    journal.add(record)
            records.append(record)
    except CapReached as error:
        finished_now = len(journal.finished) if journal else len(records)
        raise StoppedByCap(error.notice, finished_now, total, journal is not None) from None
    except KeyboardInterrupt:
        if journal is None:
            raise
        raise RunStopped(len(journal.finished), total) from None
    if report_progress:
        report_progress(total, total, "")
    resumed = sum(case.id in finished for case in cases)
    return Run(not_given.settle(records), problems, time.perf_counter() - started, resumed)


def cutoffs(suite: Suite) -> tuple[int, ...]:
    """Return the ranks at which retrieval is measured, in order."""
    return tuple(sorted(set(suite.defaults.get("ks", CUTOFFS))))


def run_key(suite: Suite, corpus_sha256: str, config: Mapping[str, Any]) -> dict[str, str]:
    """Return what the finished cases of a run depend on, which its journal is told from others by.

    Args:
        suite: The cases.
        corpus_sha256: The hash of the documents.
        config: What answers, see `rag.evaluate.run.configuration.describe_configuration`.

    Returns:
        The key of the journal.
    """
    key = {"suite": suite.sha256, "corpus": corpus_sha256, "config": configuration_fingerprint(config)}
    key["ks"] = " ".join(map(str, cutoffs(suite)))
    if outside := outside_meanings():
        key["metrics"] = " ".join(outside)
    return key


def run_case(
    case: Case,
    gold: Sequence[GoldSpan],
    ask: Ask,
    ks: Sequence[int],
    text_of: TextById,
    count_tokens: Callable[[str], int],
    judge: Judge | None = None,
    rank: Rank | None = None,
    continued: Container[str] = (),
) -> Record:
    """Ask one case and measure the answer; a failure is in the record.

    Args:
        case: The case.
        gold: Its evidence, located in the sources.
        ask: What answers.
        ks: The cut-offs of the retrieval metrics.
        text_of: Returns the canonical text of a source by its id.
        count_tokens: Counts the tokens of a text.
        judge: Adds figures of its own.
        rank: Returns the ranking of an answer as deep as it is measured; None where nothing lies behind its passages.
        continued: The first questions of the histories of its suite.

    Returns:
        The record; of a case that raised its metrics are the worst values.

    Raises:
        CapReached: The cap of a day is reached, so that a model could not be asked.
    """
    record = Record(
        case.id,
        {},
        gold=tuple(gold),
        cluster=cluster_name(case, gold[0].source if gold else "", continued),
        weight=case.weight,
        tags=tuple(case.tags),
        conversation=case.conversation,
        turn=case.turn,
    )
    try:
        last = ask(case.question, case.history)
        record = replace(
            record,
            answer=_recorded_answer(last),
            timings=dict(last.timings),
            reasons=reason_codes(
                [*(sentence for sentence in last.sentences if sentence.verdict != "verified"), *last.left_out]
            ),
        )
        _raise_if_degraded(last)
        ranked = rank(last) if gold and rank else ()
        metrics = measure(case, gold, last, ks, text_of=text_of, count_tokens=count_tokens, ranked=ranked)
    except CapReached:
        raise
    except Exception as error:
        reason = str(error) if isinstance(error, RagError) else f"{type(error).__name__}: {error}"
        return replace(record, metrics=_rounded(measure_failure(case, gold, ks)), error=" ".join(reason.split()))
    record = replace(record, metrics=_rounded(metrics))
    # Apart from the answer: where the judge fails, the answer keeps its own metrics.
    return judge.judge(case, record) if judge else record


@dataclass(frozen=True, slots=True)
class Footnote:
    """Footnote itself as the system that is measured: an index that is asked by the settings of a configuration."""

    index: Index
    configuration: Configuration

    def asking(self, case: Case) -> Ask:  # noqa: ARG002
        """Return what answers a question over the index; every case is asked in the same way."""
        return self.ask

    def ask(self, question: str, history: Sequence[Turn]) -> Answer:
        """Answer a question.

        Args:
            question: The question.
            history: The conversation before it.

        Returns:
            The last of the snapshots of an answer in progress.
        """
        configuration = self.configuration
        with configured(self.index, configuration):
            *_, last = answer(
                self.index,
                question,
                model=configuration.model,
                history=history,
                options=configuration.options,
                reranker=configuration.reranker,
            )
        return last


def _raise_if_degraded(last: Answer) -> None:
    """Raise an error where the model failed and the answer is quotes instead, or no further answer can be whole.

    Raises:
        CapReached: The cap of a day is reached.
        LLMError: The answer is degraded.
    """
    if cap := next(filter(None, map(cap_of_day, last.notices)), None):
        raise CapReached(cap)
    if last.degraded:
        raise LLMError(remarks(replace(last, language="en")))


def _rounded(metrics: Mapping[str, float | None]) -> dict[str, float | None]:
    """Return metrics as they are recorded: the same on every machine, and after a round trip through a file."""
    return {name: None if value is None else round(float(value), METRIC_DIGITS) for name, value in metrics.items()}


def _recorded_answer(last: Answer) -> dict[str, Any]:
    """Return the answer as `rag ask --json` prints it, without what differs from run to run or a span names anyway."""
    data = answer_json(last)
    for key in ("timings", "index", "question"):
        data.pop(key, None)
    for call in data["calls"]:
        del call["seconds"]
    if not_given.CONFIDENCE in data.get("not_given", ()):
        del data["confidence"]
    for passage in data["passages"]:
        # Words without a place in the corpus stand nowhere else.
        kept_text = () if passage["source_id"] else ("text",)
        for key in {"text", "context", "chunk_id", "instructions"}.difference(kept_text):
            passage.pop(key, None)
        passage["scores"] = {name: round(score, _SCORE_DIGITS) for name, score in passage["scores"].items()}
    # As it reads back from a file, so that a resumed run is no different.
    recorded: dict[str, Any] = json.loads(json.dumps(data))
    return recorded


def _token_counter(index: Index, model: Model | None) -> Callable[[str], int]:
    """Return a counter of tokens of the language model, or of the embedding model where there is none."""
    if model:
        return model.count_tokens
    return lambda text: index.encoder.count_tokens([text])[0]
