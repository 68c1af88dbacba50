"""Two sentences side by side: what stands in the place of what. Pure.

Owns: laying the slots of two sentences side by side. Knows nothing about what contradicts what.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from rag.verify.conflict.slots import MOST_SLOTS, Slot, slots_of
from rag.verify.parse.parsed_text import parse_text

# What opens a clause of its own.
_BOUNDARY = re.compile(
    r"[,;:—–()]|\s-\s|\b(?:and|but|while|whereas|although|though|because|which|who|whom|whose|where|und|aber|während|weil)\b",
    re.I,
)
# What opens a condition, a time or a place, without which the sentence says something else.
_RESTRICTS = re.compile(
    r"\W*(?:and\s+|but\s+)?(?:if|when|unless|except|only|in|on|during|for|at|from|until|till|since|before|after|with"
    r"|without|under|over|provided|outside|within|wenn|falls|außer|nur|bei|im|am|während|bis|ab|seit|vor|nach|mit|ohne)\b",
    re.I,
)

Pairs = tuple[tuple[Slot, Slot], ...]


@dataclass(frozen=True, slots=True)
class Pairing:
    """Two sentences side by side.

    Attributes:
        same: The slots that say the same on both sides.
        replaced: A slot of the first sentence, and the one in its place in the second.
        extra: What only the first has, and what only the second has, but for clauses of their own and weak slots.
        clauses: The slots of clauses that only the first has, and that only the second has.
    """

    same: Pairs
    replaced: Pairs
    extra: tuple[tuple[Slot, ...], tuple[Slot, ...]]
    clauses: tuple[tuple[Slot, ...], tuple[Slot, ...]]

    def shares(self, stems: int, share: float) -> bool:
        """Tell whether the two sentences have enough in common to be about the same thing.

        Args:
            stems: How many slots they must share.
            share: The share, 0…1, of the slots of the one with fewer; replaced ones and clauses of its own left out.

        Returns:
            Whether they do; of two sentences that differ in one slot alone, one shared slot is enough.
        """
        same = [left for left, _ in self.same if not left.is_weak]
        if not any(self.extra) and not any(self.clauses) and len(self.replaced) <= 1:
            return bool(same)
        fewest = len(same) + min(map(len, self.extra))
        return len(same) >= max(stems, share * fewest)


def pair(left: str, right: str) -> Pairing | None:
    """Lay two sentences side by side.

    Args:
        left: A sentence.
        right: Another one.

    Returns:
        What they share and what differs; None where one is too long.
    """
    sides = slots_of(left), slots_of(right)
    if max(map(len, sides)) > MOST_SLOTS:
        return None
    same: list[tuple[Slot, Slot]] = []
    replaced: list[tuple[Slot, Slot]] = []
    runs: tuple[list[tuple[int, int]], list[tuple[int, int]]] = ([], [])
    matcher = SequenceMatcher(None, [slot.key for slot in sides[0]], [slot.key for slot in sides[1]], autojunk=False)
    for tag, start, end, other_start, other_end in matcher.get_opcodes():
        if tag == "equal":
            for one, other in zip(sides[0][start:end], sides[1][other_start:other_end], strict=True):
                (same if one.says_the_same(other) else replaced).append((one, other))
        elif end - start == other_end - other_start == 1:
            replaced.append((sides[0][start], sides[1][other_start]))
        else:
            runs[0].append((start, end))
            runs[1].append((other_start, other_end))
    apart = [
        _split(parse_text(text).text, slots, side_runs)
        for text, slots, side_runs in zip((left, right), sides, runs, strict=True)
    ]
    return Pairing(tuple(same), tuple(replaced), (apart[0][0], apart[1][0]), (apart[0][1], apart[1][1]))


def _split(
    text: str, slots: Sequence[Slot], runs: Sequence[tuple[int, int]]
) -> tuple[tuple[Slot, ...], tuple[Slot, ...]]:
    """Return which slots of runs that the other sentence lacks are extras, and which are in clauses of their own."""
    extra: list[Slot] = []
    clauses: list[Slot] = []
    for start, end in runs:
        run = slots[start:end]
        if run and _is_clause(text, slots, start, end):
            clauses += run
        else:
            extra += [slot for slot in run if not slot.is_weak]
    return tuple(extra), tuple(clauses)


def _is_clause(text: str, slots: Sequence[Slot], start: int, end: int) -> bool:
    """Return whether a run of slots is a clause that says something more and does not restrict the rest."""
    before = text[slots[start - 1].end : slots[start].start] if start else ""
    after = text[slots[end - 1].end : slots[end].start] if end < len(slots) else ""
    opening = _BOUNDARY.search(before)
    if start and not opening:
        return False
    opened_at = (
        slots[start - 1].end + (opening.end() if opening and not opening.group().isalpha() else 0) if start else 0
    )
    if _RESTRICTS.match(text, opened_at):
        return False
    return end == len(slots) or _BOUNDARY.search(after) is not None
