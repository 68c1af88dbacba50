"""Passages that say what a better one says already. Pure.

Owns: telling a copy from a passage that differs in a word. Knows nothing about scores.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from rag.text import normalise

Ranked = TypeVar("Ranked")

_LINE_END = re.compile(r"(?<=[.!?。！？])\s+|\n+")
_SPACE = re.compile(r"\W+")
# A passage of fewer characters is no copy of what happens to hold its words.
_SHORTEST = 12


def without_copies(passages: Iterable[tuple[str, Ranked]], limit: int) -> list[Ranked]:
    """Take the first passages that say anything new.

    A passage is a copy where each of its sentences stands in one better passage, spaces, punctuation and case aside:
    two versions of a rule that differ in a number are none.

    Args:
        passages: The text of each passage and the passage, best first.
        limit: How many are taken at most.

    Returns:
        The passages, in their order.
    """
    taken: list[Ranked] = []
    said: list[frozenset[str]] = []
    for text, passage in passages:
        if len(taken) == limit:
            break
        lines = frozenset(_lines(text))
        if lines and any(lines <= others for others in said):
            continue
        said.append(lines)
        taken.append(passage)
    return taken


def first_of_copies(texts: Sequence[str]) -> list[int]:
    """Return the numbers of the texts that no text before them is a copy of."""
    first: dict[str, int] = {}
    for number, text in enumerate(texts):
        first.setdefault(_SPACE.sub(" ", normalise(text)).strip(), number)
    return sorted(first.values())


def _lines(text: str) -> Iterator[str]:
    for line in _LINE_END.split(text):
        plain = _SPACE.sub(" ", normalise(line)).strip()
        if len(plain) >= _SHORTEST or (plain and len(text) < _SHORTEST):
            yield plain
