"""Small drawings as inline SVG.

Owns: the geometry of four plots; their elements stand in templates. Knows nothing about pages, runs or metrics. Colours
come from the page's style sheet by class, so that a drawing follows light and dark.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rag.evaluate.report.rendering import render

# The inside of a square plot, in SVG units; the margins hold the axes' words.
_SIDE = 220
_LEFT, _TOP, _RIGHT, _BOTTOM = 40, 12, 14, 36
_BAR_WIDTH = 200


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
    """A grid line, and where its label stands beside both axes; the label of a minor one is empty."""

    line: str
    label: str
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


def _drawn(plot: _Plot) -> str:
    return render(
        "plot.svg.jinja",
        plot=plot,
        ticks=[_tick(value, labelled=value in (0.0, 0.5, 1.0)) for value in (0.0, 0.25, 0.5, 0.75, 1.0)],
        width=_LEFT + _SIDE + _RIGHT,
        height=_TOP + _SIDE + _BOTTOM,
        centre_x=f"{_LEFT + _SIDE / 2:g}",
        centre_y=f"{_TOP + _SIDE / 2:g}",
    )


def _tick(value: float, labelled: bool) -> _Tick:
    return _Tick(
        line=f"M{_x(0)} {_y(value)}H{_x(1)}",
        label=f"{value:g}" if labelled else "",
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
