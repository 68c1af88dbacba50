"""Find what lies on the sheets of an XLS workbook: charts, and the words of shapes.

Owns: the walk over the records of the workbook's stream. Knows nothing about cells.
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

_BEGIN, _SHEET, _TEXT, _CONTINUE = 0x0809, 0x0085, 0x01B6, 0x003C
_CHART = 0x0020
_CHART_SHEET = 2
_HEADER = struct.Struct("<HH")


@dataclass(slots=True)
class Objects:
    """What lies on the sheets, by the name of each: how many charts, and the words of shapes and comments.

    Attributes:
        charts: How many charts.
        texts: The words.
        embedded: How many objects of other programs the workbook holds.
    """

    charts: dict[str, int] = field(default_factory=dict)
    texts: dict[str, list[str]] = field(default_factory=dict)
    embedded: int = 0


def objects_of(stream: bytes) -> Objects:
    """Return what lies on the sheets of a workbook.

    Args:
        stream: Its stream of records.

    Returns:
        Charts and words; those of comments are among them.
    """
    sheets: dict[int, str] = {}
    charts: list[int] = []
    texts: list[tuple[int, str]] = []
    expected = 0
    for place, kind, data in _records(stream):
        if kind == _SHEET and len(data) > 8:
            sheets[int.from_bytes(data[:4], "little")] = _letters(data[7], data[8:], data[6])
            if data[5] == _CHART_SHEET:
                charts.append(int.from_bytes(data[:4], "little"))
        elif kind == _BEGIN and data[2:4] == _CHART.to_bytes(2, "little") and place not in sheets:
            charts.append(place)
        elif kind == _CONTINUE and expected and data:
            texts.append((place, _letters(data[0], data[1:], expected)))
        expected = int.from_bytes(data[10:12], "little") if kind == _TEXT else 0
    places = sorted(sheets)
    found = Objects()
    for place in charts:
        name = _sheet_at(place, places, sheets)
        found.charts[name] = found.charts.get(name, 0) + 1
    for place, text in texts:
        found.texts.setdefault(_sheet_at(place, places, sheets), []).append(text)
    return found


def _records(stream: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Yield place, kind and data of each record."""
    place = 0
    while place + 4 <= len(stream):
        kind, length = _HEADER.unpack_from(stream, place)
        yield place, kind, stream[place + 4 : place + 4 + length] if kind in (_BEGIN, _SHEET, _TEXT, _CONTINUE) else b""
        place += 4 + length


def _letters(flag: int, data: bytes, count: int) -> str:
    """Return so many letters of one byte or two each, as a flag says."""
    return data[: 2 * count].decode("utf-16-le", "replace") if flag & 1 else data[:count].decode("latin-1")


def _sheet_at(place: int, places: list[int], sheets: dict[int, str]) -> str:
    """Return the name of the sheet whose records a place is among."""
    number = bisect_right(places, place)
    return sheets[places[number - 1]] if number else ""
