"""End an answer, as composed or with an abstention.

Owns: the last steps of every answer. Knows nothing about how its sentences came about.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace

from rag.answering.citation_boxes import add_boxes
from rag.answering.composer import Composer
from rag.answering.conflicts import add_conflicts
from rag.answering.context import AnswerContext
from rag.answering.notices import empty_index_notice, join_notices
from rag.types import Answer, LeftOut

NOT_IN_DOCUMENTS = "The documents do not say."
_LOG = logging.getLogger(__name__)


def finish_composed(
    snapshot: Answer,
    composer: Composer,
    context: AnswerContext,
    *,
    left_out: Sequence[LeftOut] = (),
    notice: str = "",
    degraded: bool = False,
) -> Answer:
    """Finish an answer that says something: append what its sources dispute and what they do not say.

    Args:
        snapshot: The answer so far.
        composer: The sentences and citations to show; it is appended to.
        context: The context of the answer.
        left_out: Claims of the model that are not shown.
        notice: What the writer has to say; it stands before the notices that the snapshot has already.
        degraded: Whether the model failed, so that the question was not answered as asked.

    Returns:
        The last snapshot of the answer.
    """
    conflicts = add_conflicts(composer, context.selected, context.index.scoring.conflicts)
    missing = context.selected.missing
    if missing:
        composer.add(f"{NOT_IN_DOCUMENTS[:-1]}: {'; '.join(missing)}.", [], "not a claim", before="\n\n")
    composed = replace(
        snapshot,
        answer=composer.text,
        sentences=tuple(composer.sentences),
        citations=tuple(composer.citations),
        conflicts=tuple(conflicts),
        left_out=tuple(left_out),
        notice=join_notices(notice, snapshot.notice),
        degraded=degraded,
    )
    return _finish(composed, context)


def finish_abstained(snapshot: Answer, context: AnswerContext) -> Answer:
    """Finish with the sentence that the documents do not hold the answer; an empty index is named as the reason.

    Args:
        snapshot: The answer so far; its ``missing`` are the words of the question that stand nowhere.
        context: The context of the answer.

    Returns:
        The last snapshot of the answer, without citations.
    """
    composer = Composer()
    composer.add(NOT_IN_DOCUMENTS, [], "not a claim")
    is_empty = not snapshot.passages and not context.index.catalog.chunk_total()
    abstained = replace(
        snapshot,
        answer=composer.text,
        sentences=tuple(composer.sentences),
        citations=(),
        abstained=True,
        notice=empty_index_notice(context.index.name) if is_empty else snapshot.notice,
    )
    return _finish(abstained, context)


def _finish(snapshot: Answer, context: AnswerContext) -> Answer:
    """Return the done answer: with the boxes of its citations and its total time."""
    located = replace(snapshot, citations=add_boxes(context.index, snapshot.citations))
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
