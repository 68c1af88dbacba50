"""The runs of a folder over time as one HTML page.

Owns: which trends are drawn and what stands in the table. The elements stand in ``rag/evaluate/report/templates``,
which escape what results say.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rag.evaluate.comparison.history import History, PastRun
from rag.evaluate.report.plots import TREND_COLOURS, TrendPoint, trend
from rag.evaluate.report.rendering import document
from rag.evaluate.report.view import direction, has_interval, interval, number
from rag.evaluate.types import Figure
from rag.notices import money

_NONE = float("nan")
# (run, number of its line) → a point, or None where the run does not say.
_Point = Callable[[PastRun, int], TrendPoint | None]


@dataclass(frozen=True, slots=True)
class Trend:
    """A drawing (SVG) with the words below it."""

    drawing: str
    caption: str


@dataclass(frozen=True, slots=True)
class SuiteView:
    """The runs of a suite: its trends, the lines of these by model, and its rows from the newest to the oldest."""

    name: str
    count: int
    trends: tuple[Trend, ...]
    models: tuple[tuple[int, str], ...]
    rows: tuple[tuple[PastRun, str], ...]
    has_cost: bool


def history_page(history: History) -> str:
    """Return the HTML of a history: a section for each suite, with its trends and its runs."""
    return document(
        "history.html.jinja",
        history=history,
        suites=[_suite(name, runs) for name, runs in history.suites.items()],
    )


def _suite(name: str, runs: Sequence[PastRun]) -> SuiteView:
    models = list(dict.fromkeys(run.model for run in runs))
    trends = (
        _trend(runs, models, _share(lambda run: run.right), "Right answers", "Right answers, with the 95 % interval."),
        _trend(runs, models, _share(lambda run: run.refused), "Refusals", "Refusals, with the 95 % interval."),
        _trend(
            runs,
            models,
            _latency,
            "Milliseconds within which half of the answers came",
            "Milliseconds within which half of the answers came; the line reaches to the time of 95 %. "
            "Each time is that of the machine of its run.",
            is_share=False,
        ),
        _cost_trend(runs, models),
    )
    return SuiteView(
        name=name,
        count=len(runs),
        trends=tuple(one for one in trends if one.drawing),
        models=tuple((number_ % TREND_COLOURS, model) for number_, model in enumerate(models)),
        rows=tuple((run, direction(run.difference) if run.difference else "") for run in reversed(runs)),
        has_cost=any(run.cost_words for run in runs),
    )


def _trend(
    runs: Sequence[PastRun], models: Sequence[str], point: _Point, title: str, caption: str, *, is_share: bool = True
) -> Trend:
    points = [point(run, models.index(run.model)) for run in runs]
    # Of one run there is no trend.
    drawing = trend(points, runs[0].day, runs[-1].day, title, is_share=is_share) if len(runs) > 1 else ""
    return Trend(drawing, caption)


def _share(figure_of: Callable[[PastRun], Figure | None]) -> _Point:
    def point(run: PastRun, line: int) -> TrendPoint | None:
        figure = figure_of(run)
        if figure is None:
            return None
        low, high = (figure.low, figure.high) if has_interval(figure) else (_NONE, _NONE)
        return TrendPoint(figure.mean, low, high, _name(run, f"{number(figure.mean)} [{interval(figure)}]"), line)

    return point


def _latency(run: PastRun, line: int) -> TrendPoint | None:
    if run.latency is None or run.latency.p50 is None:
        return None
    p50, p95 = run.latency.p50, run.latency.p95 or run.latency.p50
    return TrendPoint(p50, p50, p95, _name(run, f"{p50:.0f} ms, 95 %: {p95:.0f} ms"), line)


def _cost_trend(runs: Sequence[PastRun], models: Sequence[str]) -> Trend:
    """Return the trend of the cost of a case, or of its tokens where no run knows a price."""
    if any(run.cost for run in runs):
        return _trend(runs, models, _cost, "Cost of a case", "What a case cost.", is_share=False)
    return _trend(runs, models, _tokens, "Tokens of a case", "Tokens sent and written for a case.", is_share=False)


def _cost(run: PastRun, line: int) -> TrendPoint | None:
    if run.cost is None:
        return None
    return TrendPoint(run.cost, _NONE, _NONE, _name(run, money(run.cost) if run.cost else "0"), line)


def _tokens(run: PastRun, line: int) -> TrendPoint | None:
    if run.tokens is None:
        return None
    return TrendPoint(run.tokens, _NONE, _NONE, _name(run, f"{run.tokens:.0f} tokens"), line)


def _name(run: PastRun, value: str) -> str:
    return f"{run.minute}, {run.label}, {run.model}: {value}"
