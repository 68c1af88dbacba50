"""Small drawings as inline SVG.

Owns: the geometry of four plots. Knows nothing about pages, runs or metrics. Colours come from the page's style sheet
by class, so that a drawing follows light and dark; every word is escaped.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import NamedTuple

# The inside of a square plot, in SVG units; the margins hold the axes' words.
_SIDE = 220
_LEFT, _TOP, _RIGHT, _BOTTOM = 40, 12, 14, 36


class Point(NamedTuple):
    """A point of a plot in 0…1, an interval of ``y``, what it is called, and the class of its mark."""

    x: float
    y: float
    low: float
    high: float
    name: str
    kind: str = ""


def interval_bar(mean: float, low: float, high: float, label: str) -> str:
    """A bar from 0 to ``mean`` with its interval as a whisker; all three are clipped to 0…1."""
    mean, low, high = (_clip(value) * 200 for value in (mean, low, high))
    return (
        f'<svg class="bar" viewBox="0 0 200 14" role="img" aria-label="{escape(label)}" preserveAspectRatio="none">'
        f'<rect class="track" width="200" height="14" rx="2"/>'
        f'<rect class="fill" width="{mean:.1f}" height="14" rx="2"/>'
        f'<path class="whisker" d="M{low:.1f} 7H{high:.1f}M{low:.1f} 3V11M{high:.1f} 3V11"/></svg>'
    )


def scatter(points: Sequence[Point], x_label: str, y_label: str, title: str) -> str:
    """Points against the diagonal on which nothing changed."""
    body = f'<path class="guide" d="M{_x(0):.1f} {_y(0):.1f}L{_x(1):.1f} {_y(1):.1f}"/>'
    return _frame(body + "".join(_mark(point) for point in points), x_label, y_label, title)


def curve(line: Sequence[tuple[float, float]], x_label: str, y_label: str, title: str) -> str:
    """A line through points in 0…1, such as risk over coverage."""
    if not line:
        return ""
    path = "L".join(f"{_x(x):.1f} {_y(y):.1f}" for x, y in line)
    area = f"M{_x(line[0][0]):.1f} {_y(0):.1f}L{path}L{_x(line[-1][0]):.1f} {_y(0):.1f}Z"
    return _frame(f'<path class="area" d="{area}"/><path class="line" d="M{path}"/>', x_label, y_label, title)


def reliability(bins: Sequence[tuple[float, float, int]], title: str) -> str:
    """``(mean confidence, share that was so, cases)`` a bin, against the diagonal; the area of a mark is its share."""
    most = max((count for *_, count in bins), default=0)
    if not most:
        return ""
    body = f'<path class="guide" d="M{_x(0):.1f} {_y(0):.1f}L{_x(1):.1f} {_y(1):.1f}"/>'
    for confidence, share, count in bins:
        radius = 3 + 9 * (count / most) ** 0.5
        body += (
            f'<circle class="point" cx="{_x(confidence):.1f}" cy="{_y(share):.1f}" r="{radius:.1f}">'
            f"<title>confidence {confidence:.2f}: {share:.2f} of {count} cases</title></circle>"
        )
    return _frame(body, "confidence", "share right", title)


def _mark(point: Point) -> str:
    x = _x(point.x)
    kind = escape(point.kind)
    return (
        f'<g class="{kind}"><path class="error" d="M{x:.1f} {_y(point.low):.1f}V{_y(point.high):.1f}"/>'
        f'<circle class="point" cx="{x:.1f}" cy="{_y(point.y):.1f}" r="4">'
        f"<title>{escape(point.name)}</title></circle></g>"
    )


def _frame(body: str, x_label: str, y_label: str, title: str) -> str:
    width, height = _LEFT + _SIDE + _RIGHT, _TOP + _SIDE + _BOTTOM
    parts = [f'<svg class="plot" viewBox="0 0 {width} {height}" role="img" aria-label="{escape(title)}">']
    for tick in (0.0, 0.25, 0.5, 0.75, 1.0):
        parts.append(f'<path class="grid" d="M{_x(0):.1f} {_y(tick):.1f}H{_x(1):.1f}"/>')
        if tick in (0.0, 0.5, 1.0):
            parts.append(f'<text class="tick" x="{_LEFT - 6}" y="{_y(tick) + 3:.1f}" text-anchor="end">{tick:g}</text>')
            parts.append(
                f'<text class="tick" x="{_x(tick):.1f}" y="{_TOP + _SIDE + 14}" text-anchor="middle">{tick:g}</text>'
            )
    middle = _TOP + _SIDE / 2
    parts.append(body)
    parts.append(
        f'<text class="axis" x="{_LEFT + _SIDE / 2:g}" y="{height - 4}" text-anchor="middle">{escape(x_label)}</text>'
        f'<text class="axis" x="10" y="{middle:g}" text-anchor="middle" transform="rotate(-90 10 {middle:g})">'
        f"{escape(y_label)}</text></svg>"
    )
    return "".join(parts)


def _x(value: float) -> float:
    return _LEFT + _clip(value) * _SIDE


def _y(value: float) -> float:
    return _TOP + (1 - _clip(value)) * _SIDE


def _clip(value: float) -> float:
    return min(1.0, max(0.0, value))
