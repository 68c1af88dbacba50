"""Show where the sources of an answer disagree.

Owns: which of the evidence is compared, and how a disagreement is appended. What a disagreement is, is told in
``rag.verify.conflict``.
"""

from __future__ import annotations

from rag.answering.composer import Composer
from rag.notices import Notice
from rag.retrieval.search import SelectedEvidence
from rag.scoring.values import Conflicts
from rag.types import Conflict, Span
from rag.verify.conflict import find_conflicts


def add_conflicts(composer: Composer, selected: SelectedEvidence, limits: Conflicts) -> list[Conflict]:
    """Append a sentence on each disagreement between a cited span and another one, and quote what is not cited yet.

    Args:
        composer: The answer so far; it is appended to.
        selected: The evidence of the answer.
        limits: Which sentences are compared.

    Returns:
        The disagreements in the order in which they were appended.
    """
    conflicts: list[Conflict] = []
    cited = {(citation.source_id, citation.start) for citation in composer.citations}
    for left, right, values in find_conflicts(_comparable_spans(selected, limits), selected.question, limits):
        if cited & {(left.source_id, left.start), (right.source_id, right.start)}:
            for span in (left, right):
                if (span.source_id, span.start) not in cited:
                    composer.quote(span)
            about = Notice("sources-disagree", {"about": values.text(composer.language)})
            composer.say(about, [left, right], before="\n\n")
            conflicts.append(Conflict(values, composer.sentences[-1].citations))
    return conflicts


def _comparable_spans(selected: SelectedEvidence, limits: Conflicts) -> list[Span]:
    """Return the evidence that bears on the question enough to contradict what is cited."""
    return [
        item.span
        for evidence in selected.evidence_by_part
        for item in evidence[: limits.compared]
        if item.score >= evidence[0].score - limits.score_margin
    ]
