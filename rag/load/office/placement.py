"""Put what stands on a slide in the order in which it is read: row by row, each from the left.

Owns: what makes a row. Knows nothing about formats. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Placed:
    """A thing on a slide, in any unit of length.

    Attributes:
        item: The thing.
        top: How far its upper edge is from that of the slide.
        left: How far its left edge is from that of the slide.
        height: How high it is.
    """

    item: Any
    top: float
    left: float
    height: float


def in_reading_order(things: Iterable[Placed]) -> list[Any]:
    """Return things from the top, those beside each other from the left.

    A thing is beside the highest one of a row where it begins above the middle of the lower of the two.
    """
    rows: list[list[Placed]] = []
    for thing in sorted(things, key=lambda thing: (thing.top, thing.left)):
        first = rows[-1][0] if rows else None
        if first is not None and thing.top <= first.top + min(first.height, thing.height) / 2:
            rows[-1].append(thing)
        else:
            rows.append([thing])
    return [thing.item for row in rows for thing in sorted(row, key=lambda thing: thing.left)]
