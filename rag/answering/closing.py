"""End an answer, as composed or with an abstention.

Owns: the last steps of every answer. Knows nothing about how its sentences came about.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace

from rag.answering.citation_boxes import add_boxes
from rag.answering.citation_cells import add_cells
from rag.answering.composer import Composer
from rag.answering.conflicts import add_conflicts
from rag.answering.context import AnswerContext
from rag.answering.inert_text import without_live_addresses
from rag.answering.material import Material
from rag.answering.notices import NOT_MENTIONED
from rag.notices import Notice
from rag.types import Answer, LeftOut

_LOG = logging.getLogger(__name__)


def finish_composed(
    snapshot: Answer,
    composer: Composer,
    material: Material,
    context: AnswerContext,
    *,
    left_out: Sequence[LeftOut] = (),
    notices: Sequence[Notice] = (),
    degraded: bool = False,
) -> Answer:
    """Finish an answer that says something: append what its sources dispute and what they do not say.

    Args:
        snapshot: The answer so far.
        composer: The sentences and citations to show; it is appended to.
        material: What was gathered for the question.
        context: The context of the answer.
        left_out: Claims of the model that are not shown.
        notices: What the writer has to say; it stands before the notices that the snapshot has already.
        degraded: Whether the model failed, so that the question was not answered as asked.

    Returns:
        The last snapshot of the answer.
    """
    conflicts = add_conflicts(composer, material.selected, context.index)
    missing = material.selected.missing
    if missing:
        composer.say(Notice("part-not-in-documents", {"words": list(missing)}), before="\n\n")
    composed = replace(
        snapshot,
        answer=composer.text,
        short_answer=composer.short_answer,
        tentative=material.band == "tentative",
        sentences=tuple(composer.sentences),
        citations=add_cells(
            context.index, composer.citations, composer.short_answer, composer.answered, context.plan.question
        ),
        conflicts=tuple(conflicts),
        left_out=tuple(left_out),
        notices=(*notices, *snapshot.notices, *_not_mentioned(missing)),
        degraded=degraded,
    )
    return _finish(composed, context)


def finish_abstained(
    snapshot: Answer, material: Material, context: AnswerContext, hint: Composer | None = None
) -> Answer:
    """Finish with the sentence that the documents do not hold the answer; an empty index is named as the reason.

    Args:
        snapshot: The answer so far.
        material: What was gathered for the question.
        context: The context of the answer.
        hint: What the documents say instead, with the sentence before it that they do not hold the answer; None for
            that sentence alone.

    Returns:
        The last snapshot of the answer; it cites what the hint does.
    """
    composer = hint or Composer(context.language)
    if hint is None:
        composer.say(Notice("not-in-documents"))
    is_empty = not snapshot.passages and not context.index.catalog.chunk_total()
    notices = (Notice("empty-index", {"index": context.index.name}),) if is_empty else snapshot.notices
    abstained = replace(
        snapshot,
        answer=composer.text,
        sentences=tuple(composer.sentences),
        citations=add_cells(context.index, composer.citations, None, ()),
        abstained=True,
        notices=(*notices, *_not_mentioned(material.selected.missing)),
    )
    return _finish(abstained, context)


def _not_mentioned(words: Sequence[str]) -> tuple[Notice, ...]:
    return (Notice(NOT_MENTIONED, {"words": list(words)}),) if words else ()


def _finish(snapshot: Answer, context: AnswerContext) -> Answer:
    """Return the done answer: no address in it is live, and it has the boxes of its citations and its total time."""
    located = replace(
        snapshot,
        short_answer=snapshot.short_answer and without_live_addresses(snapshot.short_answer),
        left_out=tuple(replace(claim, text=without_live_addresses(claim.text)) for claim in snapshot.left_out),
        citations=add_boxes(context.index, snapshot.citations),
    )
    finished = replace(context.clock.stamp(located, "total_ms"), state="done")
    _LOG.info(
        "answer finished",
        extra={
            "index": context.index.name,
            "model": finished.model,
            "abstained": finished.abstained,
            "confidence": finished.confidence,
            "sentences": len(finished.sentences),
            "citations": len(finished.citations),
            "left_out": len(finished.left_out),
            "degraded": finished.degraded,
            **finished.timings,
        },
    )
    return finished
