"""End an answer: what its sources dispute, what they do not say, or that they do not hold it.

Owns: the last steps of every answer. Knows nothing about how its sentences came about.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

from rag.answering.citation_boxes import add_boxes
from rag.answering.composer import Composer
from rag.answering.draft import CheckedDraft
from rag.retrieval.search import SelectedEvidence
from rag.store.index import Index
from rag.types import Answer, Conflict, LeftOut, Passage, Span
from rag.verify.conflict import find_conflicts

NOT_IN_DOCUMENTS = "The documents do not say."

# A sentence that contradicts another may score this much below the best.
_CONFLICT_MARGIN, _CONFLICT_CANDIDATES = 0.3, 12


class Clock:
    """Milliseconds since the question was asked."""

    def __init__(self) -> None:
        self._started = time.perf_counter()

    def now(self) -> float:
        return round((time.perf_counter() - self._started) * 1000, 1)


def add_sentences(composer: Composer, checked: CheckedDraft) -> None:
    for sentence in checked.sentences:
        composer.add(sentence.text, sentence.spans, sentence.verdict, sentence.reason, before=sentence.before or " ")


def close(
    composer: Composer, shot: Answer, found: SelectedEvidence, left_out: Sequence[LeftOut] = (), notice: str = ""
) -> Answer:
    """The answer as composed, with what its sources disagree about and what they do not say."""
    disputed: list[Conflict] = []
    cited = {(citation.source_id, citation.start) for citation in composer.citations}
    for left, right, about in find_conflicts(_disputable(found), found.covered):
        if cited & {(left.source_id, left.start), (right.source_id, right.start)}:
            for span in (left, right):
                if (span.source_id, span.start) not in cited:
                    composer.quote(span)
            composer.add(f"The sources disagree: {about}.", [left, right], "not a claim", before="\n\n")
            disputed.append(Conflict(about, composer.sentences[-1].citations))
    if found.missing:
        composer.add(f"{NOT_IN_DOCUMENTS[:-1]}: {'; '.join(found.missing)}.", [], "not a claim", before="\n\n")
    return replace(
        shot,
        answer=composer.text,
        sentences=tuple(composer.sentences),
        citations=tuple(composer.citations),
        conflicts=tuple(disputed),
        left_out=tuple(left_out),
        notice=" ".join(filter(None, (notice, shot.notice))),
    )


def _disputable(found: SelectedEvidence) -> list[Span]:
    """The evidence that may contradict what is cited."""
    return [
        item.span
        for group in found.groups
        for item in group[:_CONFLICT_CANDIDATES]
        if item.score >= group[0].score - _CONFLICT_MARGIN
    ]


def abstain(shot: Answer, index: Index) -> Answer:
    """Say that the documents do not hold the answer, and which words of the question they do not mention."""
    composer = Composer()
    composer.add(NOT_IN_DOCUMENTS, [], "not a claim")
    notice = shot.notice
    if not shot.passages and not index.catalog.chunk_total():
        notice = f"The index {index.name!r} is empty; add files: rag ingest PATH"
    return replace(
        shot,
        answer=composer.text,
        sentences=tuple(composer.sentences),
        citations=(),
        abstained=True,
        notice=notice,
    )


def injection_notice(passages: Sequence[Passage]) -> str:
    """A word on passages that give orders to a language model."""
    sources = dict.fromkeys(passage.source for passage in passages if passage.instructions)
    if not sources:
        return ""
    return f"Instructions to a language model stand in {', '.join(sources)}; they were not followed."


def _first_token(shot: Answer, clock: Clock) -> Answer:
    return with_timing(shot, "first_token_ms", clock)


def with_timing(shot: Answer, stage: str, clock: Clock) -> Answer:
    return replace(shot, timings={**shot.timings, stage: clock.now()})


def finish(index: Index, shot: Answer, clock: Clock) -> Answer:
    shot = replace(shot, citations=add_boxes(index, shot.citations))
    return replace(with_timing(shot, "total_ms", clock), state="done")
