"""Runs side by side as one HTML page.

Owns: what its sections show. The elements stand in ``rag/evaluate/report/templates``, which escape what a document, a
model or a suite says.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rag.evaluate.comparison.differences import Flip, RunComparison, figure_of
from rag.evaluate.comparison.runs import MeasuredRun
from rag.evaluate.comparison.words import cited_words, cost_words, heading, milliseconds, verdict_words
from rag.evaluate.metrics.table import find_meaning
from rag.evaluate.report.case import STATES, answer_texts, question_texts
from rag.evaluate.report.plots import PlotPoint, difference_bar, tradeoff
from rag.evaluate.report.rendering import document
from rag.evaluate.report.view import Outcome, Row, direction, has_interval, interval, number
from rag.evaluate.settings import PromptRow, prompts_of
from rag.evaluate.types import Comparison, Figure

# Flips that are shown whole; a page of more is slow to open.
_MOST_FLIPS = 400
# Figures that the table of runs has room for.
_RUN_METRICS = 5
_DATE = "%Y-%m-%d %H:%M UTC"


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run in the table of runs; each of its figures stands beside whether it differs from the first run's."""

    run: MeasuredRun
    date: str
    milliseconds: float | None
    cost: str
    figures: tuple[tuple[Figure | None, str], ...]


@dataclass(frozen=True, slots=True)
class DifferenceRow:
    """A difference with its bar (SVG), what its metric says, and the class that colours it."""

    comparison: Comparison
    bar: str
    note: str
    kind: str


@dataclass(frozen=True, slots=True)
class DifferenceTable:
    """The differences of a run to the first one: those that decide, and the others."""

    run: MeasuredRun
    first: tuple[DifferenceRow, ...]
    others: tuple[DifferenceRow, ...]
    rewritten: int


@dataclass(frozen=True, slots=True)
class AnswerView:
    """What one run answered to a case.

    Attributes:
        label: The run.
        tone: The class that colours its state.
        state: The outcome in a word.
        texts: Headings with the words below them.
        evidence: Each citation as its place and its words.
        verdicts: How many sentences have which verdict.
        milliseconds: How long the answer took; None where the results do not say.
    """

    label: str
    tone: str
    state: str
    texts: tuple[tuple[str, str], ...]
    evidence: tuple[tuple[str, str], ...]
    verdicts: str
    milliseconds: float | None


@dataclass(frozen=True, slots=True)
class FlipView:
    """A flipped case as the page shows it, as a disclosure that the page's filter can hide."""

    id: str
    question: str
    kinds: str
    tags_json: str
    searched: str
    states: tuple[tuple[str, str], ...]
    tags: tuple[str, ...]
    texts: tuple[tuple[str, str], ...]
    answers: tuple[AnswerView, ...]


def comparison_page(comparison: RunComparison, title: str = "") -> str:
    """Return the HTML of a comparison.

    Args:
        comparison: The runs side by side.
        title: Its heading; by default the names of the runs.

    Returns:
        A whole HTML document.
    """
    runs = comparison.runs
    flips = [flip_view(flip, runs) for flip in comparison.flips[:_MOST_FLIPS]]
    return document(
        "compare.html.jinja",
        heading=title or heading(runs),
        suite=runs[0].suite,
        comparison=comparison,
        run_metrics=comparison.first[:_RUN_METRICS],
        run_rows=[_run_row(comparison, number_) for number_ in range(len(runs))],
        tables=[_difference_table(comparison, number_) for number_ in range(1, len(runs))],
        speed_plot=_speed_plot(runs),
        prompts=_prompts(runs),
        flips=flips,
        flips_left_out=len(comparison.flips) - len(flips),
        case_kinds=[("worse", f"right in {runs[0].label}, not later"), ("better", f"not right in {runs[0].label}")],
        case_tags=[(tag, tag) for tag in sorted({tag for flip in flips for tag in flip.tags})],
    )


def flip_view(flip: Flip, runs: Sequence[MeasuredRun]) -> FlipView:
    """Return what is shown of a flipped case.

    Args:
        flip: The case with what each run answered.
        runs: The runs, in the same order.

    Returns:
        Plain words; a template escapes them.
    """
    case = flip.case
    words = (case.id, case.question, *(row.got for row in flip.rows))
    return FlipView(
        id=case.id,
        question=case.question,
        kinds=" ".join(dict.fromkeys(row.change for row in flip.rows if row.change)),
        tags_json=json.dumps(list(case.tags)),
        searched=" ".join(words).lower(),
        states=tuple((_tone(row.outcome), STATES[row.outcome]) for row in flip.rows),
        tags=case.tags,
        texts=tuple(question_texts(flip.rows[0])),
        answers=tuple(answer_view(row, run.label) for row, run in zip(flip.rows, runs, strict=True)),
    )


def answer_view(row: Row, label: str) -> AnswerView:
    """Return what is shown of a run's answer to a case.

    Args:
        row: The case with the answer.
        label: The name of the run.

    Returns:
        Plain words; a template escapes them.
    """
    return AnswerView(
        label=label,
        tone=_tone(row.outcome),
        state=STATES[row.outcome],
        texts=tuple(answer_texts(row)),
        evidence=tuple(cited_words(row.record)),
        verdicts=verdict_words(row.record),
        milliseconds=row.record.timings.get("total_ms"),
    )


def _tone(outcome: Outcome) -> str:
    return "error-case" if outcome == "error" else outcome


def _run_row(comparison: RunComparison, position: int) -> RunRow:
    run = comparison.runs[position]
    differences = comparison.differences[position - 1] if position else ()
    tones = {one.metric: direction(one) for one in differences if one.metric in comparison.first}
    return RunRow(
        run=run,
        date=run.date.strftime(_DATE) if run.date and run.is_dated else "",
        milliseconds=milliseconds(run),
        cost=cost_words(run),
        figures=tuple((figure_of(run, name), tones.get(name, "")) for name in comparison.first[:_RUN_METRICS]),
    )


def _difference_table(comparison: RunComparison, position: int) -> DifferenceTable:
    differences = comparison.differences[position - 1]
    first = [one for one in differences if one.metric in comparison.first]
    others = [one for one in differences if one.metric not in comparison.first]
    return DifferenceTable(
        run=comparison.runs[position],
        first=_difference_rows(first, decides=True),
        others=_difference_rows(others, decides=False),
        rewritten=comparison.rewritten[position - 1],
    )


def _difference_rows(differences: Sequence[Comparison], decides: bool) -> tuple[DifferenceRow, ...]:
    """Return the rows of a table, whose bars have one scale."""
    most = max((_reach(one) for one in differences if _is_bounded(one)), default=0.0)
    return tuple(_difference_row(one, most, decides) for one in differences)


def _reach(comparison: Comparison) -> float:
    ends = (comparison.low, comparison.high) if has_interval(comparison) else ()
    return float(max(map(abs, (comparison.difference, *ends))))


def _is_bounded(comparison: Comparison) -> bool:
    return 0 <= comparison.baseline <= 1 and 0 <= comparison.current <= 1


def _difference_row(comparison: Comparison, most: float, decides: bool) -> DifferenceRow:
    known = find_meaning(comparison.metric)
    kind = direction(comparison) if decides else ""
    bar = ""
    if _is_bounded(comparison):
        label = f"{comparison.difference:+.3f}"
        ends = (comparison.low, comparison.high) if has_interval(comparison) else (float("nan"), float("nan"))
        bar = difference_bar(comparison.difference, *ends, most, kind, label)
    return DifferenceRow(comparison, bar, known.text if known else "", kind)


def _speed_plot(runs: Sequence[MeasuredRun]) -> str:
    points = []
    for run in runs:
        time, right = milliseconds(run), figure_of(run, "right")
        if time is not None and right is not None:
            ends = (right.low, right.high) if has_interval(right) else (right.mean, right.mean)
            name = f"{run.label}: {number(right.mean)} right [{interval(right)}], {time:.0f} ms"
            points.append(PlotPoint(time, right.mean, *ends, name))
    if len(points) < 2:
        return ""
    return tradeoff(points, "milliseconds within which half came", "right", "Right answers over time")


def _prompts(runs: Sequence[MeasuredRun]) -> Mapping[str, list[tuple[PromptRow, str]]]:
    """Return each prompt by its name: every text of it with the names of the runs that have it."""
    by_name: dict[str, dict[str, tuple[PromptRow, list[str]]]] = {}
    for run in runs:
        for prompt in prompts_of(run.config, run.prompts):
            texts = by_name.setdefault(prompt.name, {})
            texts.setdefault(prompt.id, (prompt, []))[1].append(run.label)
    return {name: [(prompt, ", ".join(labels)) for prompt, labels in rows.values()] for name, rows in by_name.items()}
