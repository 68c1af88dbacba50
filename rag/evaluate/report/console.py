"""Results as lines for a terminal.

Owns: the compact table and the gate's state in plain text. Knows nothing about colours or where lines go.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict

from rag.evaluate.known_wrong import unexpectedly_right
from rag.evaluate.metrics.latency import latencies
from rag.evaluate.report.conversations import figures, history_sentence, scores, summary, wrong_lines
from rag.evaluate.report.view import (
    flipped,
    headline,
    interval,
    is_certain,
    number,
    one_line,
    outside_notes,
    reason_rows,
    usage_rows,
    usage_sentence,
    verdict_rows,
)
from rag.evaluate.results import Results
from rag.evaluate.settings import settings_sentence
from rag.evaluate.systems.not_given import not_given_lines
from rag.notices import Notice
from rag.text import printable

# Ids of changed cases that are listed; the others are counted.
_LISTED = 12
# A gate's reason longer than this is cut.
_LONGEST = 400


def lines(results: Results) -> Iterator[str]:
    """Yield the figures that stand first, the speed, what changed against the baseline, and the gate's state last."""
    raised = f", {results.errors} raised" if results.errors else ""
    what = "system" if "system" in results.config else "language model"
    model = _plain(str(results.config["model"]))
    yield f"{_plain(results.suite.name)}: {len(results.records)} cases{raised}, {what} {model}"
    if settings := settings_sentence(results.config):
        yield _plain(settings)
    yield ""
    shown = headline(results.figures, results.judged)
    width = max((len(figure.metric) for figure in shown), default=0) + 9 * bool(results.judged)
    for figure in shown:
        name = figure.metric + " (judged)" * (figure.metric in results.judged)
        few = "  too few" if figure.few else ""
        yield f"{name:{width}}  {number(figure.mean):>6}  [{interval(figure)}]  n = {figure.n}{few}"
    yield from map(_plain, not_given_lines(results.records))
    for name in results.judged:
        if name not in {figure.metric for figure in shown}:
            yield f"{name} (judged): the judge gave no verdict on any answer"
    for stage in latencies(results.records):
        if stage.stage == "total_ms" and stage.p50 is not None:
            yield f"{'milliseconds':{width}}  {number(stage.p50):>6}  (half of the answers; 95 %: {number(stage.p95)})"
    if usage := usage_sentence(results):
        yield f"{'language models':{width}}  {usage}"
    yield from _usage_by_purpose(results, width)
    for name, note in outside_notes(results.figures).items():
        yield f"{name}: {_plain(note)}"
    yield from _conversations(results, width)
    yield from _comparison(results)
    yield from _verdicts(results)
    yield from _reasons_not_verified(results)
    for id_ in unexpectedly_right(results.cases, results.records)[:_LISTED]:
        yield f"{_plain(id_)}: right, though marked 'xfail'; take the mark away"
    yield from _gate(results)


def _gate(results: Results) -> Iterator[str]:
    """Yield what is good to know, what the gate says of each rule that was compared or failed, and its word last."""
    gate = results.gate
    compared = {comparison.metric for comparison in gate.comparisons}
    yield ""
    for notice in gate.notices:
        yield f"note: {_plain(notice)}"
    for finding in gate.findings:
        if finding.state != "PASS" or finding.metric in compared:
            yield f"{finding.state}  {_plain(finding.reason)}"
    yield gate.state


def _conversations(results: Results, width: int) -> Iterator[str]:
    shown = scores(results)
    if not shown:
        return
    yield ""
    yield f"{summary(shown)}; {history_sentence(results)}:"
    width = max(width, max((len(figure.metric) for figure in figures(results)), default=0))
    for figure in figures(results):
        few = "  too few" if figure.few else ""
        yield f"{figure.metric:{width}}  {number(figure.mean):>6}  [{interval(figure)}]  n = {figure.n}{few}"
    for id_, text in wrong_lines(results):
        yield f"  {_plain(id_)}: {text}"


def _comparison(results: Results) -> Iterator[str]:
    if not results.gate.comparisons:
        return
    yield ""
    yield "against the baseline (difference, 95 % interval, two-sided p, better/same/worse; * after Holm):"
    width = max(len(comparison.metric) for comparison in results.gate.comparisons)
    for c in results.gate.comparisons:
        mark = "*" if is_certain(c) else " "
        yield (
            f"{c.metric:{width}}  {c.difference:+.3f}{mark} [{c.low:+.3f} … {c.high:+.3f}]  p = {c.p:.3f}  "
            f"{c.wins}/{c.ties}/{c.losses}"
        )
    for title, ids in zip(("right now, wrong before", "wrong now, right before"), flipped(results), strict=True):
        if ids:
            more = f" and {len(ids) - _LISTED} more" if len(ids) > _LISTED else ""
            yield f"{title}: {', '.join(_plain(id_) for id_ in ids[:_LISTED])}{more}"


def _usage_by_purpose(results: Results, width: int) -> Iterator[str]:
    purposes = usage_rows(results)[:-1]
    for row in purposes if len(purposes) > 1 else ():
        if row.usage.calls:
            yield f"{'  ' + _plain(row.name):{width}}  {Notice('model-calls', asdict(row.usage)).text()}"


def _verdicts(results: Results) -> Iterator[str]:
    verdicts = verdict_rows(results)
    if not verdicts:
        return
    yield ""
    yield "verdicts of sentences:"
    for row in verdicts:
        before = "" if row.before is None else f"  ({row.before} before)"
        yield f"{row.count:>6}{before}  {row.name}"


def _reasons_not_verified(results: Results) -> Iterator[str]:
    reasons = reason_rows(results)
    if not reasons:
        return
    yield ""
    yield "why sentences were not verified:"
    for row in reasons:
        before = "" if row.before is None else f"  ({row.before} before)"
        words = f": {row.words}" if row.words else ""
        yield f"{row.count:>6}{before}  {_plain(row.code + words)}"


def _plain(text: str) -> str:
    return one_line(printable(text), _LONGEST)
