"""From a question to an answer whose every sentence shows what it rests on.

Owns: the path of one question: plan it, gather what answers its kind, let someone write from that. Each step is a
function of another module. ``answer`` yields whole snapshots: a chat shows each, a command line prints the difference,
an evaluation takes the last.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Generator, Sequence
from dataclasses import asdict, replace

from rag.answering.clock import Clock
from rag.answering.context import AnswerContext
from rag.answering.kinds.gathering import gather
from rag.answering.language_notices import language_notices
from rag.answering.notices import calls_notice, instruction_notices, reading_notices
from rag.answering.options import AnswerOptions
from rag.answering.writers.opening import open_writer
from rag.models.llm.metering import meter_for, metered
from rag.models.llm.model import Model
from rag.notices.language import conversation_language
from rag.planning.planner import make_plan
from rag.retrieval.answerability import tentative_of, threshold_of
from rag.retrieval.passages import Reranker
from rag.retrieval.search import SearchOptions
from rag.store.index import Index
from rag.types import Answer, Evidence, ModelCall, Turn, Usage

_LOG = logging.getLogger(__name__)

# Sentences of the evidence that an answer carries along, for whoever asks why.
_EVIDENCE_SHOWN = 20
# Passages likewise: a summary reads all of a long document.
_PASSAGES_SHOWN = 60
# Reasons of the plan that the reader is told, too.
_SHOWN_REASONS = ("spelling-corrected",)


def answer(
    index: Index,
    question: str,
    *,
    model: Model | None,
    history: Sequence[Turn] = (),
    options: AnswerOptions | None = None,
    reranker: Reranker | None = None,
    cancel: threading.Event | None = None,
) -> Generator[Answer, None, None]:
    """Answer a question in snapshots, each of them whole.

    Without a model the answer is the source's own words. A model that fails leaves the quotes standing, with a
    notice that says why.

    Args:
        index: The index that is asked; its settings name the prompts, the checking model and the number of threads.
        question: The question as the user put it; it may refer to ``history``.
        model: The open language model, or None for quotes.
        history: The conversation before the question, oldest message first.
        options: How to answer; by default what the settings of the index name.
        reranker: Scores the retrieved passages once more; see ``rag.retrieval.passages``.
        cancel: Ends the writing when it is set; what was written is checked and shown.

    Yields:
        The answer so far, with ``state`` going from ``searching`` to ``done``; only the last snapshot is ``done``.
    """
    options = options or AnswerOptions.of(index.settings)
    meter = meter_for(index.settings, model)
    model = metered(model, meter) if model else None
    writer = open_writer(index, model, cancel, options.checker)
    clock = Clock()
    snapshot = Answer(
        question,
        question,
        model=model.name if model else "none",
        prompt_id=writer.prompt_id,
        index=index.describe(),
        language=conversation_language(question, [turn.content for turn in history if turn.role == "user"]),
        marked=options.policy != "off",
        state="searching",
    )
    yield snapshot
    planned = make_plan(index, question, history, model)
    snapshot = replace(snapshot, standalone_question=planned.plan.question, kind=planned.plan.kind, plan=planned.plan)
    search_options = SearchOptions(
        options.passages,
        options.sources,
        threshold_of(index, options.threshold),
        tentative_of(index, options.tentative),
        options.dense_weight,
    )
    context = AnswerContext(
        index, options, search_options, clock, planned.question, planned.plan, snapshot.language, model, reranker, meter
    )
    material = yield from gather(snapshot, context)
    selected = material.selected
    snapshot = replace(
        snapshot,
        kind=material.kind or snapshot.kind,
        passages=selected.passages[:_PASSAGES_SHOWN],
        evidence=tuple(_as_shown(item) for item in selected.evidence[:_EVIDENCE_SHOWN]),
        confidence=round(selected.confidence, 4),
        notices=(
            *reading_notices(context.question),
            *(() if snapshot.kind == "small-talk" else language_notices(index, question, selected)),
            *(notice for notice in planned.plan.why if notice.code in _SHOWN_REASONS),
            *material.notices,
            *instruction_notices(selected.passages),
        ),
    )
    for written in writer.write(clock.stamp(snapshot, "evidence_ms"), material, context):
        yield _with_calls(written, meter.calls) if written.state == "done" else written


def _as_shown(item: Evidence) -> Evidence:
    """Return evidence without the cells of its row, which only the search for the answer needs."""
    return replace(item, span=replace(item.span, cells=()))


def _with_calls(done: Answer, calls: Sequence[ModelCall]) -> Answer:
    """Return a finished answer with the calls that it needed, which are logged."""
    if notice := calls_notice(calls):
        _LOG.info(notice.text(), extra=asdict(Usage.of(calls)))
    return replace(done, calls=tuple(calls))
