"""Show where the sources of an answer disagree, and what a newer source changed.

Owns: which of the evidence is compared, and how a disagreement or a change is appended. What a disagreement is, is told
in ``rag.verify.conflict``; which of two sentences is the older one, in ``rag.retrieval.versions``.
"""

from __future__ import annotations

import re

from rag.answering.composer import Composer
from rag.notices import Notice
from rag.question.question_words import is_other_period
from rag.question.times import DocumentTime
from rag.retrieval.search import SelectedEvidence
from rag.retrieval.versions import comparable, time_of_span
from rag.store.index import Index
from rag.types import Conflict, Span
from rag.verify.conflict import find_conflicts

# What stands between the words of a path.
_SEPARATORS = re.compile(r"[\W_]+")


def add_conflicts(composer: Composer, selected: SelectedEvidence, index: Index) -> list[Conflict]:
    """Append a sentence on each disagreement between a cited span and another one, and quote what is not cited yet.

    Sources of two times do not disagree: the newer one is named, and the older one quoted.

    Args:
        composer: The answer so far; it is appended to.
        selected: The evidence of the answer.
        index: The index that knows when the sources were made, and which sentences are compared.

    Returns:
        The disagreements in the order in which they were appended.
    """
    limits = index.scoring.conflicts
    conflicts: list[Conflict] = []
    spans = list(
        dict.fromkeys(item.span for evidence in selected.evidence_by_part for item in comparable(evidence, limits))
    )
    times = {span: time_of_span(index, span) for span in spans}

    def may_disagree(left: Span, right: Span) -> bool:
        one, other = times[left], times[right]
        if one is not None and other is not None and (one.is_before(other) or other.is_before(one)):
            return False
        # The second and the third quarter of a year stand in the names of two reports.
        return not is_other_period(_with_name(left), _with_name(right))

    for left, right, values in find_conflicts(spans, selected.question, limits, may_disagree):
        if not _cites_any(composer, left, right):
            continue
        _quote_missing(composer, left, right)
        about = Notice("sources-disagree", {"about": values.text(composer.language)})
        composer.say(about, [left, right], before="\n\n")
        conflicts.append(Conflict(values, composer.sentences[-1].citations))
        if dated := _only_dated((left, times[left]), (right, times[right])):
            composer.say(dated)
    for pair in selected.superseded:
        if _cites_any(composer, pair.newer, pair.older):
            _quote_missing(composer, pair.newer, pair.older)
            versions = {
                "newer": pair.newer.source,
                "newer_time": str(pair.newer_time),
                "older": pair.older.source,
                "older_time": str(pair.older_time),
            }
            composer.say(Notice("newer-source", versions), [pair.newer, pair.older], before="\n\n")
    return conflicts


def _with_name(span: Span) -> str:
    return " ".join((_SEPARATORS.sub(" ", span.source), span.title, span.header, span.quote))


def _cites_any(composer: Composer, *spans: Span) -> bool:
    """Tell whether the answer cites what holds one of the spans."""
    return any(_is_cited(composer, span) for span in spans)


def _is_cited(composer: Composer, span: Span) -> bool:
    return any(
        cited.source_id == span.source_id and cited.start <= span.start < cited.end for cited in composer.citations
    )


def _quote_missing(composer: Composer, *spans: Span) -> None:
    for span in spans:
        if not _is_cited(composer, span):
            composer.quote(span)


def _only_dated(one: tuple[Span, DocumentTime | None], other: tuple[Span, DocumentTime | None]) -> Notice | None:
    """Return which of two sources bears a date, where the other bears none."""
    for (dated, time), (undated, nothing) in ((one, other), (other, one)):
        if time is not None and nothing is None:
            return Notice("one-dated", {"dated": dated.source, "time": str(time), "undated": undated.source})
    return None
