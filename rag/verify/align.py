"""Which lines of the source a sentence rests on, and which of its words stand there. Pure.

Owns: the greedy choice of lines and the share of content they hold. Knows nothing about verdicts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.verify.reading import ParsedText, Token, is_light

# More lines than this behind one sentence are a pile, not a source.
_LINES = 3
# What a further line must add of the sentence's content.
_GAIN = 0.15
_REFERRING = re.compile(
    r"^\W*(?:(?:however|also|then|later|today|in \d{4}|there|here|since then),?\s+)?"
    r"(?:it|its|they|their|he|his|she|her|this|these|that|those|such|both|one|there|who|which)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Alignment:
    """The lines a sentence rests on, best first, and its content words that no line holds.

    ``islands`` are words that only a further line holds, all alone: the source may say them of something else.
    ``share`` is the part of the sentence's content, quantities and dates among it, that stands in the lines.
    """

    lines: tuple[ParsedText, ...]
    absent: tuple[Token, ...]
    islands: tuple[Token, ...]
    share: float


def align(claim: ParsedText, lines: Sequence[ParsedText], above: ParsedText) -> Alignment:
    """Choose the fewest lines that hold most of the sentence."""
    wanted = claim.content_in_order()
    weights = {token.stem: 0.3 if is_light(token) else 1.0 for token in wanted}
    marks = [*claim.quantities, *claim.dates]
    total = sum(weights.values()) + len(marks)
    if not lines or not total:
        return Alignment((), tuple(t for t in wanted if not is_light(t)), (), 0.0)
    held = [shared_parts(claim, line) for line in lines]
    chosen: list[int] = []
    covered: set[object] = set()

    def gain(i: int) -> float:
        return sum(weights.get(item, 1.0) if isinstance(item, str) else 1.0 for item in held[i] - covered)

    while len(chosen) < _LINES:
        best = max(range(len(lines)), key=lambda i: (gain(i), -i))
        if gain(best) == 0 or (chosen and gain(best) < _GAIN * total and gain(best) < 1):
            break
        chosen.append(best)
        covered |= held[best]
    everywhere = frozenset().union(*(line.stems for line in lines)) | above.stems
    if not chosen:
        return Alignment((), tuple(t for t in wanted if not is_light(t)), (), 0.0)
    near = frozenset().union(*(lines[i].stems for i in chosen))
    # A line that refers back is about what stands above it.
    refers = any(_REFERRING.match(lines[i].text) for i in chosen)
    absent = [t for t in wanted if t.stem not in near and t.stem not in above.stems and not is_light(t)]
    absent = [t for t in absent if not (refers and t.stem in everywhere)]
    share = sum(weights.get(item, 1.0) if isinstance(item, str) else 1.0 for item in covered) / total
    return Alignment(
        tuple(lines[i] for i in chosen), tuple(absent), tuple(_islands(wanted, lines, chosen, refers)), min(1.0, share)
    )


def shared_parts(claim: ParsedText, line: ParsedText) -> set[object]:
    """What of the claim a line holds: content stems, and quantities and dates by their place in the claim."""
    years = {year for date in line.dates for year in date.years()}
    found: set[object] = {token.stem for token in claim.content_in_order() if token.stem in line.stems}
    found |= {
        (q.start, q.end)
        for q in claim.quantities
        if any(q.equals(other) for other in line.quantities) or (not q.unit and years.intersection(q.values))
    }
    return found | {(d.start, d.end) for d in claim.dates if any(d.within(other) for other in line.dates)}


def _islands(wanted: Sequence[Token], lines: Sequence[ParsedText], chosen: Sequence[int], refers: bool) -> list[Token]:
    """Words that one further line holds alone, where no line refers back to another."""
    if len(chosen) < 2 or refers:
        return []
    first = lines[chosen[0]].stems
    islands: list[Token] = []
    for i in chosen[1:]:
        added = [t for t in wanted if t.stem not in first and t.stem in lines[i].stems and not is_light(t)]
        if len({t.stem for t in added}) == 1:
            islands.append(added[0])
    return islands
