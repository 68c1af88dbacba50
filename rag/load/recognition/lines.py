"""The record of a recognised line. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """A line of recognised words.

    Attributes:
        text: Its words.
        left: Where it begins, in pixels from the left of the picture.
        right: Where it ends.
        paragraph: The block and the paragraph that it belongs to.
    """

    text: str
    left: int
    right: int
    paragraph: tuple[int, int]
