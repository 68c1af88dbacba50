"""Small drawings as inline SVG.

Owns: the geometry of each plot; their elements stand in templates. Knows nothing about pages, runs or metrics. Colours
come from the page's style sheet by class, so that a drawing follows light and dark.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rag.evaluate.report.rendering import render

# The inside of a square plot, in SVG units; the margins hold the axes' words.
_SIDE = 220
_LEFT, _TOP, _RIGHT, _BOTTOM = 40, 12, 20, 36
_BAR_WIDTH = 200
# The inside of a trend; the margins are those of a square plot but at the left, where the numbers are longer.
_TREND_WIDTH, _TREND_HEIGHT, _TREND_LEFT, _TREND_TOP = 270, 150, 52, 12
TREND_COLOURS = 6
"""How many lines of a trend have a colour of their own; further ones have these again."""


class PlotPoint(NamedTuple):
    """A point of a plot in 0…1, an interval of ``y``, what it is called, and the class of its circle."""

    x: float
    y: float
    low: float
    high: float
    name: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class _Circle:
    """A circle in SVG units, the words shown over it, and the path of its interval where it has one."""

    x: str
    y: str
    radius: str
    name: str
    kind: str = ""
    whisker: str = ""


@dataclass(frozen=True, slots=True)
class _Plot:
    """A square plot: paths as ``(class, path data)``, drawn below the circles."""

    title: str
    x_label: str
    y_label: str
    paths: tuple[tuple[str, str], ...] = ()
    circles: tuple[_Circle, ...] = ()


@dataclass(frozen=True, slots=True)
class _Tick:
    """A grid line, and its labels with their places beside both axes; those of a minor one are empty."""

    line: str
    label: str
    x_label: str
    left: int
    baseline: str
    middle: str
    below: int


def interval_bar(mean: float, low: float, high: float, label: str) -> str:
    """Return a bar from 0 to a mean with its interval as a whisker.

    Args:
        mean: Where the bar ends; clipped to 0…1, as are the ends of the interval.
        low: Lower end of the interval.
        high: Upper end of the interval.
        label: The words that stand for the bar where it cannot be seen.

    Returns:
        SVG.
    """
    mean, low, high = (_clip(value) * _BAR_WIDTH for value in (mean, low, high))
    whisker = f"M{low:.1f} 7H{high:.1f}M{low:.1f} 3V11M{high:.1f} 3V11"
    return render("interval_bar.svg.jinja", label=label, width=f"{mean:.1f}", whisker=whisker)


def scatter(points: Sequence[PlotPoint], x_label: str, y_label: str, title: str) -> str:
    """Return points against the diagonal on which nothing changed.

    Args:
        points: What is drawn; coordinates are clipped to 0…1.
        x_label: Words at the horizontal axis.
        y_label: Words at the vertical axis.
        title: The words that stand for the plot where it cannot be seen.

    Returns:
        SVG.
    """
    circles = tuple(
        _Circle(
            x=_x(point.x),
            y=_y(point.y),
            radius="4",
            name=point.name,
            kind=point.kind,
            whisker=f"M{_x(point.x)} {_y(point.low)}V{_y(point.high)}",
        )
        for point in points
    )
    return _drawn(_Plot(title, x_label, y_label, (_diagonal(),), circles))


def difference_bar(difference: float, low: float, high: float, most: float, kind: str, label: str) -> str:
    """Return a bar from the middle, which is no difference, to a difference, with its interval as a whisker.

    Args:
        difference: Where the bar ends.
        low: Lower end of the interval; not a number where there is none.
        high: Upper end of it.
        most: The difference at either end of the drawing; what is beyond is clipped.
        kind: The class that colours the bar.
        label: The words that stand for the bar where it cannot be seen.

    Returns:
        SVG.
    """

    def at(value: float) -> float:
        return _clip(0.5 + value / (2 * most) if most > 0 else 0.5) * _BAR_WIDTH

    end, middle = at(difference), _BAR_WIDTH / 2
    has_whisker = math.isfinite(low) and math.isfinite(high)
    return render(
        "difference_bar.svg.jinja",
        label=label,
        kind=kind,
        start=f"{min(end, middle):.1f}",
        width=f"{abs(end - middle):.1f}",
        middle=f"{middle:g}",
        whisker=f"M{at(low):.1f} 7H{at(high):.1f}M{at(low):.1f} 3V11M{at(high):.1f} 3V11" if has_whisker else "",
    )


def tradeoff(points: Sequence[PlotPoint], x_label: str, y_label: str, title: str) -> str:
    """Return points of which the left ones cost less and the upper ones are better.

    Args:
        points: ``x`` is a number from 0 of any size, ``y`` and its interval lie in 0…1.
        x_label: Words at the horizontal axis.
        y_label: Words at the vertical axis.
        title: The words that stand for the plot where it cannot be seen.

    Returns:
        SVG; empty when there is no point.
    """
    finite = [point for point in points if math.isfinite(point.x)]
    if not finite:
        return ""
    most = _round_up(max(point.x for point in finite))
    circles = tuple(
        _Circle(
            x=_x(point.x / most),
            y=_y(point.y),
            radius="5",
            name=point.name,
            kind=point.kind,
            whisker=f"M{_x(point.x / most)} {_y(point.low)}V{_y(point.high)}",
        )
        for point in finite
    )
    return _drawn(_Plot(title, x_label, y_label, (), circles), most)


class TrendPoint(NamedTuple):
    """A point of a trend: its value with an interval, what it is called, and the number of its line."""

    value: float
    low: float
    high: float
    name: str
    line: int = 0


def trend(points: Sequence[TrendPoint | None], first: str, last: str, title: str, *, is_share: bool) -> str:
    """Return values over time, each with its interval; points of one line are joined.

    Args:
        points: From the oldest to the newest, evenly spaced; None leaves a gap.
        first: Words below the oldest one.
        last: Words below the newest one.
        title: The words that stand for the plot where it cannot be seen.
        is_share: Whether the values are shares; then the axis shows the part of 0…1 that they lie in, else it begins
            at 0.

    Returns:
        SVG; empty when there is no point.
    """
    known = [point for point in points if point and math.isfinite(point.value)]
    if not known:
        return ""
    ends = [end for point in known for end in (point.value, point.low, point.high) if math.isfinite(end)]
    bottom = max(0.0, math.floor(min(ends) * 10) / 10) if is_share else 0.0
    top = min(1.0, math.ceil(max(ends) * 10) / 10) if is_share else _round_up(max(ends))
    top = top if top > bottom else bottom + (0.1 if is_share else 1.0)

    def at(value: float) -> str:
        return f"{_TREND_TOP + (1 - _clip((value - bottom) / (top - bottom))) * _TREND_HEIGHT:.1f}"

    step = _TREND_WIDTH / max(1, len(points) - 1)
    start = _TREND_LEFT if len(points) > 1 else _TREND_LEFT + _TREND_WIDTH / 2
    placed = [
        (point, f"{start + number * step:.1f}")
        for number, point in enumerate(points)
        if point and math.isfinite(point.value)
    ]
    lines: dict[int, list[str]] = {}
    for point, x in placed:
        lines.setdefault(point.line, []).append(f"{x} {at(point.value)}")
    return render(
        "trend.svg.jinja",
        title=title,
        width=_TREND_LEFT + _TREND_WIDTH + _RIGHT,
        height=_TREND_TOP + _TREND_HEIGHT + _BOTTOM,
        ticks=[
            (f"M{_TREND_LEFT - 4} {at(value)}h{_TREND_WIDTH + 8}", at(value), _tick_words(value))
            for value in (bottom, (bottom + top) / 2, top)
        ],
        left=_TREND_LEFT - 10,
        lines=[(line % TREND_COLOURS, "M" + "L".join(path)) for line, path in lines.items()],
        circles=[
            _Circle(
                x=x,
                y=at(point.value),
                radius="3.5",
                name=point.name,
                kind=f"line{point.line % TREND_COLOURS}",
                whisker=f"M{x} {at(point.low)}V{at(point.high)}"
                if math.isfinite(point.low) and math.isfinite(point.high)
                else "",
            )
            for point, x in placed
        ],
        first=first,
        last=last,
        start=_TREND_LEFT,
        end=_TREND_LEFT + _TREND_WIDTH,
        below=_TREND_TOP + _TREND_HEIGHT + 20,
    )


def _tick_words(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _round_up(value: float) -> float:
    """Return a number of one or two digits that is not below another: 1, 1.5, 2, 3, 4, 5, 6, 8 or 10 times a power."""
    if not (math.isfinite(value) and value > 0):
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return next((step * power for step in (1, 1.5, 2, 3, 4, 5, 6, 8) if step * power >= value), 10 * power)


def curve(line: Sequence[tuple[float, float]], x_label: str, y_label: str, title: str) -> str:
    """Return a line with the area below it, such as risk over coverage.

    Args:
        line: Points ``(x, y)`` from left to right, clipped to 0…1.
        x_label: Words at the horizontal axis.
        y_label: Words at the vertical axis.
        title: The words that stand for the plot where it cannot be seen.

    Returns:
        SVG; empty when there is no point.
    """
    if not line:
        return ""
    path = "L".join(f"{_x(x)} {_y(y)}" for x, y in line)
    area = f"M{_x(line[0][0])} {_y(0)}L{path}L{_x(line[-1][0])} {_y(0)}Z"
    return _drawn(_Plot(title, x_label, y_label, (("area", area), ("line", f"M{path}"))))


def reliability(bins: Sequence[tuple[float, float, int]], title: str) -> str:
    """Return how often answers of a confidence were right, against the diagonal on which a confidence is that share.

    Args:
        bins: ``(mean confidence, share that was right, cases)`` a bin, the first two in 0…1. The area of a circle grows
            with its bin's share of the cases.
        title: The words that stand for the plot where it cannot be seen.

    Returns:
        SVG; empty when no bin has a case.
    """
    most = max((count for *_, count in bins), default=0)
    if not most:
        return ""
    circles = tuple(
        _Circle(
            x=_x(confidence),
            y=_y(share),
            radius=f"{3 + 9 * (count / most) ** 0.5:.1f}",
            name=f"confidence {confidence:.2f}: {share:.2f} of {count} cases",
        )
        for confidence, share, count in bins
    )
    return _drawn(_Plot(title, "confidence", "share right", (_diagonal(),), circles))


def _drawn(plot: _Plot, most: float = 1.0) -> str:
    """Return a square plot; ``most`` is the number at the end of its horizontal axis."""
    return render(
        "plot.svg.jinja",
        plot=plot,
        ticks=[_tick(value, value in (0.0, 0.5, 1.0), most) for value in (0.0, 0.25, 0.5, 0.75, 1.0)],
        width=_LEFT + _SIDE + _RIGHT,
        height=_TOP + _SIDE + _BOTTOM,
        centre_x=f"{_LEFT + _SIDE / 2:g}",
        centre_y=f"{_TOP + _SIDE / 2:g}",
    )


def _tick(value: float, labelled: bool, most: float) -> _Tick:
    return _Tick(
        line=f"M{_x(0)} {_y(value)}H{_x(1)}",
        label=f"{value:g}" if labelled else "",
        x_label=_tick_words(value * most) if labelled else "",
        left=_LEFT - 6,
        baseline=f"{_vertical(value) + 3:.1f}",
        middle=_x(value),
        below=_TOP + _SIDE + 14,
    )


def _diagonal() -> tuple[str, str]:
    return "guide", f"M{_x(0)} {_y(0)}L{_x(1)} {_y(1)}"


def _x(value: float) -> str:
    return f"{_LEFT + _clip(value) * _SIDE:.1f}"


def _y(value: float) -> str:
    return f"{_vertical(value):.1f}"


def _vertical(value: float) -> float:
    return _TOP + (1 - _clip(value)) * _SIDE


def _clip(value: float) -> float:
    return min(1.0, max(0.0, value))
