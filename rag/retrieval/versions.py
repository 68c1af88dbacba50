"""Evidence of an older document that a newer one replaces.

Owns: telling the older of two sentences about one rule, and leaving it out of the evidence. What a disagreement is, is
told in ``rag.verify.conflict``. Knows nothing about how an answer is shown.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from rag.planning.document_times import document_time
from rag.question.times import DocumentTime
from rag.retrieval.copies import first_of_copies
from rag.scoring.values import Conflicts
from rag.store.index import Index
from rag.types import Evidence, Span
from rag.verify.conflict.disagreement import Disagreement, find_disagreement
from rag.verify.parse.parsed_text import content_stems

# What tells versions of one document apart in their names: numbers, and words such as "old" and "final".
_VERSION_WORDS = re.compile(
    r"\d+|\b(?:fy|q|v|version|old|new|final|draft|copy|current|archived?|superseded|previous|alt|neu|entwurf|kopie"
    r"|stand|fassung)\b",
    re.I,
)
# The share of the words of the shorter of two sentences about one rule that they have in common.
_LEAST_SHARED = 0.5
_SEPARATORS = re.compile(r"[\W_]+")
_YEAR = re.compile(r"\b(?:1\d|20)\d\d\b")
_NOT = re.compile(r"\b(?:not?|never|nor|without|nicht|nie|niemals|kein\w*|ohne)\b|n['’]t\b", re.I)


@dataclass(frozen=True, slots=True)
class Superseded:
    """A sentence of an older document, and the one of a newer document that counts instead.

    Attributes:
        older: The sentence of the older document.
        newer: The one of the newer document.
        older_time: The time of the older document.
        newer_time: The time of the newer one.
        change: What the newer one says first, and the older one second; None where their words differ altogether.
    """

    older: Span
    newer: Span
    older_time: DocumentTime
    newer_time: DocumentTime
    change: Disagreement | None = None


def time_of_span(index: Index, span: Span) -> DocumentTime | None:
    """Find when the document of a span was made.

    Args:
        index: The index that holds it.
        span: The span.

    Returns:
        The time; None where that is not known.
    """
    return document_time(index, span.source, span.source_id, span.title)


def comparable(evidence: Sequence[Evidence], limits: Conflicts) -> list[Evidence]:
    """Return the sentences that may say another thing of what the best one says; of copies the first.

    Args:
        evidence: The evidence of a question or a part of one, best first.
        limits: How far below the best a sentence may score; one that shares its words may score anything.

    Returns:
        The sentences, best first.
    """
    if not evidence:
        return []
    best = set(content_stems(evidence[0].span.quote))
    near = [
        item
        for item in evidence
        if item.score >= evidence[0].score - limits.score_margin
        or len(best.intersection(content_stems(item.span.quote))) >= limits.shared_share * len(best)
    ]
    return [near[number] for number in first_of_copies([item.span.quote for item in near])][: limits.compared]


def separate_versions(
    index: Index, question: str, evidence: Sequence[Evidence], limits: Conflicts
) -> tuple[tuple[Evidence, ...], tuple[Superseded, ...]]:
    """Take out of the evidence what a newer document says differently.

    Two documents of two dates do not disagree: where both say another number or date, or are two versions of one
    document by their names, the newer one's sentence stands in the place of the older one's.

    Args:
        index: The index that holds the documents.
        question: The question that the evidence is for; it asks for no time.
        evidence: The evidence, best first.
        limits: How many sentences are compared, and how much they must share.

    Returns:
        The evidence, best first, and what was taken out.
    """
    near = comparable(evidence, limits)
    times = {item.span: time_of_span(index, item.span) for item in near}
    replaced: dict[Span, Superseded] = {}
    for position, first in enumerate(near):
        for second in near[position + 1 :]:
            pair = in_order(first.span, second.span, times)
            if pair and pair.older not in replaced and pair.newer not in replaced:
                pair = _as_change(pair, question, limits)
                if pair:
                    replaced[pair.older] = pair
    latest = {older: _to_latest(pair, replaced, question, limits) for older, pair in replaced.items()}
    kept = list(evidence)
    for older, pair in latest.items():
        at = next(i for i, item in enumerate(kept) if item.span == older)
        newer_at = next(i for i, item in enumerate(kept) if item.span == pair.newer)
        if at < newer_at:
            kept[at] = replace(kept[newer_at], score=kept[at].score)
            del kept[newer_at]
        else:
            del kept[at]
    return tuple(kept), tuple(latest.values())


def _to_latest(pair: Superseded, replaced: Mapping[Span, Superseded], question: str, limits: Conflicts) -> Superseded:
    """Return a pair with the latest version in the place of one that was replaced, too."""
    latest = pair
    while latest.newer in replaced:
        later = replaced[latest.newer]
        latest = replace(latest, newer=later.newer, newer_time=later.newer_time)
    return latest if latest == pair else _as_change(latest, question, limits) or replace(latest, change=None)


def in_order(first: Span, second: Span, times: Mapping[Span, DocumentTime | None]) -> Superseded | None:
    """Tell which of two spans is of the older document.

    Args:
        first: A span.
        second: Another one.
        times: The times of their documents.

    Returns:
        The two in order; None where they have one source, or where it cannot be told.
    """
    one, other = times[first], times[second]
    if one is None or other is None or first.source == second.source:
        return None
    if one.is_before(other):
        return Superseded(first, second, one, other)
    return Superseded(second, first, other, one) if other.is_before(one) else None


def may_change(found: Disagreement, older_time: DocumentTime) -> bool:
    """Tell whether a later source can have changed what an earlier one says.

    Args:
        found: What the two say differently.
        older_time: The time of the earlier one.

    Returns:
        False for an event of the past, about which two sources disagree: "the bridge opened in 1931", "in 1932".
    """
    if found.kind == "date":
        years = [year for text in (found.first, found.second) for year in map(int, _YEAR.findall(text))]
        return not years or max(years) >= older_time.year
    return not found.once


def _as_change(pair: Superseded, question: str, limits: Conflicts) -> Superseded | None:
    """Return a pair with what changed; None where the two are about different things."""
    if change := find_disagreement(pair.newer, pair.older, question, limits):
        return replace(pair, change=change) if may_change(change, pair.older_time) else None
    if not _names_of_document(pair.older) & _names_of_document(pair.newer):
        return None
    older, newer = set(content_stems(pair.older.quote)), set(content_stems(pair.newer.quote))
    if len(older & newer) < max(limits.shared_stems, _LEAST_SHARED * min(len(older), len(newer))):
        return None
    # "Heating is included", "Heating is not included".
    is_changed = older != newer or bool(_NOT.search(pair.older.quote)) != bool(_NOT.search(pair.newer.quote))
    return pair if is_changed else None


def _names_of_document(span: Span) -> set[str]:
    """Return the name of a file and its title without what tells versions apart; the folders tell versions apart."""
    stem = span.source.rpartition("/")[2].rpartition(".")[0]
    plain = (_SEPARATORS.sub(" ", _VERSION_WORDS.sub(" ", _SEPARATORS.sub(" ", name))) for name in (stem, span.title))
    return {" ".join(name.lower().split()) for name in plain} - {""}
