"""Read what drawings of Office show in words: charts by the data that is stored with them, and diagrams (SmartArt).

Owns: the table of a chart, and the order of the words of a diagram. Knows nothing about where they stand.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from rag.load.builder import Builder
from rag.load.tables import add_table, text_rows

DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
# Points of a diagram that hold no words of its own.
_PLUMBING = frozenset(("pres", "parTrans", "sibTrans"))
_CATEGORY_AXES = ("catAx", "dateAx")
# The first day of Excel's calendar, day 0, and the last that a date can have.
_DAY_ZERO, _LAST_DAY = datetime.date(1899, 12, 30), 2_900_000
# Caps on the points and series of a chart: a file may claim a million.
_MOST_POINTS, _MOST_SERIES = 10_000, 256

Points = dict[int, str]
# The name of a series, and its categories and values by number.
Series = tuple[str, Points, Points]


# A picture at least so wide and so high, in English metric units (9 and 4 cm), may be one of words; smaller ones are
# logos and signs.
_WIDE, _HIGH, _DIGITS = 3_240_000, 1_440_000, 12


def is_large(extent: Any) -> bool:
    """Tell whether a picture is so large that it may show words, by the element of its size; False for none."""
    if extent is None:
        return False
    sides = [
        int(side) if side.isdecimal() and len(side) < _DIGITS else 0 for side in map(extent.get, ("cx", "cy"), "00")
    ]
    return sides[0] >= _WIDE and sides[1] >= _HIGH


def add_chart(builder: Builder, root: Any) -> bool:
    """Append the title of a chart and the table of its data.

    Args:
        builder: What they are appended to.
        root: The root element of the chart's part, or None.

    Returns:
        Whether its data is stored with it.
    """
    series = [] if root is None else [_series(element) for element in _of(root, "ser", _MOST_SERIES)]
    if not any(values for _, _, values in series):
        return False
    title = chart_title(root)
    builder.add("paragraph", title)
    for words in _axis_titles(root, "valAx"):
        builder.add("paragraph", words)
    category = next((words for axis in _CATEGORY_AXES for words in _axis_titles(root, axis)), "")
    _add_chart_table(builder, series, title, category)
    return True


def _add_chart_table(builder: Builder, series: Sequence[Series], title: str, category: str = "") -> None:
    """Append the data of a chart, a row for each category; series with other categories have a table of their own.

    Args:
        builder: What it is appended to.
        series: Of each series its name, and its categories and values by number.
        title: The title of the chart.
        category: What its categories are; "" where it does not say so.
    """
    for group in _same_categories(series):
        rows = [(category, *(name for name, _, _ in group))]
        labels = next((labels for _, labels, _ in group if labels), {})
        for number in sorted({number for _, _, values in group for number in values}):
            rows.append((labels.get(number, ""), *(values.get(number, "") for _, _, values in group)))
        add_table(builder, text_rows(rows), title, names=1)


def _same_categories(series: Sequence[Series]) -> list[list[Series]]:
    """Return series in groups of those with the same categories; one without any goes with the first."""
    groups: dict[tuple[tuple[int, str], ...], list[Series]] = {}
    for one in series:
        key = tuple(sorted(one[1].items())) or next(iter(groups), ())
        groups.setdefault(key, []).append(one)
    return list(groups.values())


def chart_title(root: Any) -> str:
    """Return the title of a chart, or ""."""
    title = root.find(f"{CHART}chart/{CHART}title/{CHART}tx")
    return "" if title is None else " ".join(_words(title).split())


def _axis_titles(root: Any, axis: str) -> Iterator[str]:
    for title in root.iterfind(f".//{CHART}{axis}/{CHART}title/{CHART}tx"):
        yield " ".join(_words(title).split())


def diagram_texts(root: Any) -> Iterator[str]:
    """Yield the words of a diagram's points, each before those below it.

    Args:
        root: The root element of the part that holds its data.
    """
    points = {e.get("modelId", ""): e for e in root.iter(f"{DIAGRAM}pt") if e.get("type") not in _PLUMBING}
    below: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
    for line in root.iter(f"{DIAGRAM}cxn"):
        if line.get("type", "parOf") == "parOf" and line.get("destId") in points:
            order = line.get("srcOrd", "0")
            below[line.get("srcId", "")].append((int(order) if order.isdecimal() else 0, line.get("destId", "")))
    tops = [key for key, point in points.items() if point.get("type") == "doc"]
    seen: set[str] = set()
    # Points that nothing leads to come last.
    stack = [*reversed(points), *reversed(tops)]
    while stack:
        key = stack.pop()
        if key in seen:
            continue
        seen.add(key)
        text = "\n".join(filter(None, map(_words, points[key].iter(f"{DRAWING}p")))) if key in points else ""
        if text.strip():
            yield text
        stack.extend(child for _, child in sorted(below[key], reverse=True))


def _series(element: Any) -> Series:
    """Return the name of a series, and its categories and values by number."""
    name = element.find(f"{CHART}tx")
    labels: Points = {}
    values: Points = {}
    for tags, points in ((("cat", "xVal"), labels), (("val", "yVal"), values)):
        for tag in tags:
            part = element.find(CHART + tag)
            if part is not None:
                points.update(_points(part))
    return "" if name is None else " ".join(_words(name).split()), labels, values


def _points(part: Any) -> Iterator[tuple[int, str]]:
    """Yield the stored points of categories or values; a category of several levels has the outer ones before."""
    levels = list(part.iter(f"{CHART}lvl"))
    if levels:
        yield from _level_points(levels)
        return
    code = next((element.text or "" for element in _of(part, "formatCode", 1)), "")
    for point in _of(part, "pt", _MOST_POINTS):
        yield _index(point), _shown(_words(point), point.get("formatCode", code))


def _level_points(levels: Sequence[Any]) -> Iterator[tuple[int, str]]:
    """Yield the categories of several levels, the innermost of which comes first in the file."""
    stored = [{_index(point): _words(point) for point in _of(level, "pt", _MOST_POINTS)} for level in levels]
    outer = [""] * len(stored)
    for number in sorted(stored[0]):
        for level, points in enumerate(stored):
            outer[level] = points.get(number, outer[level])
        yield number, " ".join(filter(None, reversed(outer)))


def _index(point: Any) -> int:
    index = point.get("idx", "0")
    return int(index) if index.isdecimal() and len(index) < 9 else 0


def _shown(value: str, code: str) -> str:
    """Return a stored number as a chart shows it: dates and percentages as such, without the noise of binary."""
    try:
        number = float(value)
    except ValueError:
        return value
    if "%" in code:
        return f"{number * 100:.10g}%"
    if "y" in code.lower() and 0 < number < _LAST_DAY:
        return (_DAY_ZERO + datetime.timedelta(days=int(number))).isoformat()
    return f"{number:.10g}" if abs(number) < 1e10 else value


def _of(element: Any, name: str, most: int) -> Iterator[Any]:
    """Yield the descendants of a name, so many at most."""
    for number, found in enumerate(element.iter(CHART + name)):
        if number == most:
            return
        yield found


def _words(element: Any) -> str:
    """Return the words of the runs or the value in an element."""
    return "".join(e.text or "" for e in element.iter(f"{DRAWING}t", f"{CHART}v"))
