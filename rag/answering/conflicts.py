"""Show where the sources of an answer disagree, and what a newer source changed.

Owns: which of the evidence is compared, and how a disagreement or a change is appended. What a disagreement is, is told
in ``rag.verify.conflict``; which of two sentences is the older one, in ``rag.retrieval.versions``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from rag.answering.composer import Composer
from rag.notices import Notice
from rag.question.question_words import is_other_period
from rag.question.times import DocumentTime, read_time_wish
from rag.retrieval.copies import first_of_copies
from rag.retrieval.search import SelectedEvidence
from rag.retrieval.versions import Superseded, in_order, may_change, time_of_span
from rag.store.index import Index
from rag.types import Conflict, Span
from rag.verify.conflict.disagreement import Disagreement, find_conflicts

Times = Mapping[Span, DocumentTime | None]

# What stands between the words of a path.
_SEPARATORS = re.compile(r"[\W_]+")
# How many sentences of the evidence of each part of a question are compared with what is cited.
_COMPARED = 30


def add_conflicts(composer: Composer, selected: SelectedEvidence, index: Index) -> list[Conflict]:
    """Append a sentence on each disagreement between a cited span and another one, and quote what is not cited yet.

    What sources of two times say of a rule is a change: the newer one is named, and the older one quoted.

    Args:
        composer: The answer so far; it is appended to.
        selected: The evidence of the answer.
        index: The index that knows when the sources were made, and how much two sentences must share.

    Returns:
        The disagreements in the order in which they were appended.
    """
    spans = _compared(composer, selected)
    cited = {span for span in spans if _is_cited(composer, span)}
    times = {span: time_of_span(index, span) for span in spans}
    wish = read_time_wish(selected.question)
    asks_for_time = bool(wish.years) or wish.order == "older"

    def counts(left: Span, right: Span, found: Disagreement) -> bool:
        if (pair := in_order(left, right, times)) and may_change(found, pair.older_time):
            return not asks_for_time
        # The second and the third quarter of a year stand in the names of two reports.
        setting = _name(left), _name(right)
        words = setting if found.kind == "date" else (f"{setting[0]} {left.quote}", f"{setting[1]} {right.quote}")
        return pair is not None or not is_other_period(*words)

    conflicts: list[Conflict] = []
    changes = [pair for pair in selected.superseded if _cites_any(composer, pair.newer, pair.older)]
    for left, right, found in find_conflicts(
        spans,
        selected.question,
        index.scoring.conflicts,
        is_compared=lambda left, right: left in cited or right in cited,
        counts=counts,
    ):
        pair = in_order(left, right, times)
        if pair and may_change(found, pair.older_time):
            changes.append(replace(pair, change=found if pair.newer == left else found.reversed()))
        else:
            conflicts.append(_add_conflict(composer, left, right, found, times))
    _add_changes(composer, changes)
    return conflicts


def _compared(composer: Composer, selected: SelectedEvidence) -> list[Span]:
    """Return the spans that are compared: what is cited, first, and the best of the evidence; of copies the first."""
    best = [item.span for evidence in selected.evidence_by_part for item in evidence[:_COMPARED]]
    spans = [span for span in best if _is_cited(composer, span)]
    quoted = [citation.span for citation in composer.citations]
    spans += [cited for cited in quoted if not any(_holds(cited, span) for span in spans)]
    spans = list(dict.fromkeys((*spans, *best)))
    return [spans[number] for number in first_of_copies([span.quote for span in spans])]


def _add_conflict(composer: Composer, left: Span, right: Span, found: Disagreement, times: Times) -> Conflict:
    _quote_missing(composer, left, right)
    about = Notice("sources-disagree", {"about": found.values.text(composer.language)})
    composer.say(about, _as_cited(composer, left, right), before="\n\n")
    citations = composer.sentences[-1].citations
    if dated := _only_dated((left, times[left]), (right, times[right])):
        composer.say(dated)
    return Conflict(found.values, citations)


def _add_changes(composer: Composer, changes: Sequence[Superseded]) -> None:
    """Append a sentence for each source that replaces others, however much of them it changed.

    Of what several older sources say, that of the latest is quoted, and the rest is cited.
    """
    by_newer: dict[str, list[Superseded]] = {}
    for pair in changes:
        by_newer.setdefault(pair.newer.source, []).append(pair)
    for pairs in by_newer.values():
        latest_first = sorted(pairs, key=lambda pair: pair.older_time, reverse=True)
        told = [latest_first[number] for number in first_of_copies([pair.older.quote for pair in latest_first])]
        by_rule: dict[Span, list[Superseded]] = {}
        for pair in told:
            by_rule.setdefault(pair.newer, []).append(pair)
        for newer, older in by_rule.items():
            _quote_missing(composer, newer, older[0].older)
        spans = list(dict.fromkeys(span for pair in told for span in (pair.newer, pair.older)))
        sources = list(dict.fromkeys((pair.older.source, str(pair.older_time)) for pair in told))
        versions = {
            "newer": told[0].newer.source,
            "newer_time": str(told[0].newer_time),
            "older": [source for source, _ in sources],
            "older_time": [time for _, time in sources],
            "changes": list(filter(None, (_change(older, composer.language) for older in by_rule.values()))),
        }
        composer.say(Notice("newer-source", versions), _as_cited(composer, *spans), before="\n\n")


def _change(pairs: Sequence[Superseded], language: str) -> str:
    """Return what a sentence says now and what each of the older ones said; "" where their words differ altogether."""
    before = {pair.change.second: str(pair.older_time) for pair in reversed(pairs) if pair.change}
    now = next((pair.change.first for pair in pairs if pair.change), "")
    if not now:
        return ""
    values = [f"{value} ({time})" if len(before) > 1 else value for value, time in reversed(before.items())]
    return Notice("value-changed", {"now": now, "before": values}).text(language)


def _as_cited(composer: Composer, *spans: Span) -> list[Span]:
    """Return the spans, each as the quote that holds it."""
    return [
        next((citation.span for citation in composer.citations if _holds(citation.span, span)), span) for span in spans
    ]


def _name(span: Span) -> str:
    return " ".join((_SEPARATORS.sub(" ", span.source), span.title, span.header))


def _cites_any(composer: Composer, *spans: Span) -> bool:
    """Tell whether the answer cites what holds one of the spans."""
    return any(_is_cited(composer, span) for span in spans)


def _is_cited(composer: Composer, span: Span) -> bool:
    return any(_holds(citation.span, span) for citation in composer.citations)


def _holds(cited: Span, span: Span) -> bool:
    return cited.source_id == span.source_id and cited.start <= span.start < cited.end


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
