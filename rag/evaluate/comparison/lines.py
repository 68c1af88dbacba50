"""A comparison for a terminal, for a comment on a change, and as plain data.

Owns: what each of these forms holds. Knows nothing about colours or where lines go.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from rag.evaluate.comparison.differences import Flip, RunComparison
from rag.evaluate.comparison.runs import MeasuredRun
from rag.evaluate.comparison.words import cited_words, cost_words, heading, milliseconds, verdict_words
from rag.evaluate.report.markdown import cut, escaped
from rag.evaluate.report.view import Row, difference_interval, is_certain, number, one_line
from rag.evaluate.settings import Setting
from rag.evaluate.types import Comparison
from rag.text import plain_line

# Flipped cases that are listed; the others are counted.
_LISTED = 12
_LISTED_IN_MARKDOWN = 30


# -- a terminal --------------------------------------------------------------------------------------------------------


def comparison_lines(comparison: RunComparison) -> Iterator[str]:
    """Yield what is compared, what differs in the settings, the differences that decide, and the flipped cases."""
    runs = comparison.runs
    yield f"{plain_line(runs[0].suite)}: {plain_line(heading(runs))}, {comparison.count} cases in common"
    yield from map(plain_line, comparison.notes)
    yield from (plain_line(f"{one.name}: {_values(one)}") for one in comparison.settings if one.differs)
    for position in range(1, len(runs)):
        yield ""
        yield from _run_lines(comparison, position)


def _run_lines(comparison: RunComparison, position: int) -> Iterator[str]:
    base, run = comparison.runs[0], comparison.runs[position]
    if len(comparison.runs) > 2:
        yield f"{plain_line(run.label)}:"
    rows = [one for one in comparison.differences[position - 1] if one.metric in comparison.first]
    width = max((len(one.metric) for one in rows), default=0)
    for one in rows:
        mark = "*" if is_certain(one) else " "
        yield (
            f"{one.metric:{width}}  {number(one.baseline):>6} → {number(one.current):>6}  {one.difference:+.3f}{mark} "
            f"[{difference_interval(one)}]  p = {one.p:.3f}  {one.wins}/{one.ties}/{one.losses}"
        )
    times = [milliseconds(base), milliseconds(run)]
    if None not in times:
        yield f"{'milliseconds':{width}}  {number(times[0]):>6} → {number(times[1]):>6}  (half of the answers)"
    costs = [cost_words(base), cost_words(run)]
    if any(costs):
        yield f"{'cost a case':{width}}  {costs[0] or '–'} → {costs[1] or '–'}"
    for change, title in (("better", f"right in {run.label} only"), ("worse", f"right in {base.label} only")):
        ids = [flip.case.id for flip in comparison.flips if flip.rows[position].change == change]
        if ids:
            more = f" and {len(ids) - _LISTED} more" if len(ids) > _LISTED else ""
            yield f"{plain_line(title)}: {', '.join(map(plain_line, ids[:_LISTED]))}{more}"
    yield f"other answers with the same outcome: {comparison.rewritten[position - 1]}"


def _values(setting: Setting) -> str:
    return " → ".join(setting.values)


# -- Markdown ----------------------------------------------------------------------------------------------------------


def comparison_markdown(comparison: RunComparison) -> str:
    """Return a summary that fits a comment: the settings that differ, the differences, and the flipped cases."""
    runs = comparison.runs
    lines = [
        f"## {escaped(one_line(heading(runs)))}",
        "",
        f"Suite {escaped(one_line(runs[0].suite))}, {comparison.count} cases in common.",
        "",
        *(f"- {escaped(one_line(note))}" for note in comparison.notes),
        "",
        *_settings_table(comparison),
    ]
    for position in range(1, len(runs)):
        lines += _difference_table(comparison, position)
    return cut("\n".join([*lines, *_flip_table(comparison)]) + "\n")


def _settings_table(comparison: RunComparison) -> list[str]:
    rows = [setting for setting in comparison.settings if setting.differs]
    if not rows:
        return ["The settings are the same.", ""]
    names = [escaped(one_line(run.label)) for run in comparison.runs]
    lines = [f"| setting | {' | '.join(names)} |", f"| --- |{' --- |' * len(names)}"]
    lines += [
        f"| {escaped(one_line(row.name))} | {' | '.join(escaped(one_line(value)) for value in row.values)} |"
        for row in rows
    ]
    return [*lines, ""]


def _difference_table(comparison: RunComparison, position: int) -> list[str]:
    base, run = (escaped(one_line(comparison.runs[at].label)) for at in (0, position))
    lines = [
        f"| metric | {base} | {run} | difference | 95 % interval | p | better / same / worse |",
        "| --- | ---: | ---: | ---: | :---: | ---: | :---: |",
    ]
    for one in comparison.differences[position - 1]:
        if one.metric in comparison.first:
            strong = "**" if is_certain(one) else ""
            lines.append(
                f"| {escaped(one.metric)} | {number(one.baseline)} | {number(one.current)} "
                f"| {strong}{one.difference:+.3f}{strong} | {difference_interval(one)} | {one.p:.3f} "
                f"| {one.wins} / {one.ties} / {one.losses} |"
            )
    return [*lines, ""]


def _flip_table(comparison: RunComparison) -> list[str]:
    if not comparison.flips:
        return ["No case flipped."]
    names = [escaped(one_line(run.label)) for run in comparison.runs]
    lines = [f"<details><summary>{len(comparison.flips)} cases flipped</summary>", ""]
    lines += [f"| case | question | {' | '.join(names)} |", f"| --- | --- |{' --- |' * len(names)}"]
    for flip in comparison.flips[:_LISTED_IN_MARKDOWN]:
        answers = [f"{row.outcome}: {row.got or row.why}" for row in flip.rows]
        cells = (flip.case.id, flip.case.question, *answers)
        lines.append("| " + " | ".join(escaped(one_line(cell)) for cell in cells) + " |")
    if len(comparison.flips) > _LISTED_IN_MARKDOWN:
        lines += ["", f"… and {len(comparison.flips) - _LISTED_IN_MARKDOWN} more; the HTML report shows them."]
    return [*lines, "", "</details>"]


# -- plain data --------------------------------------------------------------------------------------------------------


def comparison_data(comparison: RunComparison) -> dict[str, Any]:
    """Return a comparison as plain data: every difference, every setting, and each flipped case with all answers."""
    return {
        "cases": comparison.count,
        "notes": list(comparison.notes),
        "runs": [_run_data(run) for run in comparison.runs],
        "deciding": list(comparison.first),
        "differences": {
            run.label: [_difference_data(one) for one in row]
            for run, row in zip(comparison.runs[1:], comparison.differences, strict=True)
        },
        "settings": {setting.name: list(setting.values) for setting in comparison.settings if setting.differs},
        "flipped": [_flip_data(flip, comparison) for flip in comparison.flips],
        "other_answers": {
            run.label: count for run, count in zip(comparison.runs[1:], comparison.rewritten, strict=True)
        },
    }


def _run_data(run: MeasuredRun) -> dict[str, Any]:
    return {
        "label": run.label,
        "date": run.date.isoformat() if run.date and run.is_dated else None,
        "suite": {"name": run.suite, "sha256": run.suite_sha256},
        "corpus": {"sha256": run.corpus_sha256},
        "config": dict(run.config),
        "milliseconds": milliseconds(run),
        "figures": {
            figure.metric: {name: value for name, value in asdict(figure).items() if name != "metric"}
            for figure in run.figures
        },
    }


def _difference_data(comparison: Comparison) -> dict[str, Any]:
    return {**asdict(comparison), "significant": is_certain(comparison)}


def _flip_data(flip: Flip, comparison: RunComparison) -> dict[str, Any]:
    return {
        "id": flip.case.id,
        "question": flip.case.question,
        "tags": list(flip.case.tags),
        "expected": flip.rows[0].expected,
        "answers": [
            {"label": run.label, **_answer_data(row)} for run, row in zip(comparison.runs, flip.rows, strict=True)
        ],
    }


def _answer_data(row: Row) -> dict[str, Any]:
    return {
        "outcome": row.outcome,
        "change": row.change,
        "why": row.why,
        "answer": row.got,
        "evidence": [{"place": place, "quote": quote} for place, quote in cited_words(row.record)],
        "verdicts": verdict_words(row.record),
        "milliseconds": row.record.timings.get("total_ms"),
    }
