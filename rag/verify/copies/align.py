"""Which lines of a source a sentence rests on, and which of its words stand there. Pure.

Owns: the greedy choice of lines and the share of the sentence they hold. Knows nothing about rules or verdicts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import pairwise
from math import fsum

from rag.scoring.values import AlignmentLimits
from rag.verify.copies.shared import Part, parts_of
from rag.verify.parse.parsed_text import ParsedText, Token, is_light

# A line that opens so is about what stands above it: "It opened in 1931."
_REFERS_BACK = re.compile(
    r"^\W*(?:(?:however|also|then|later|today|in \d{4}|there|here|since then|before that|after that|previously"
    r"|recently|most recently|earlier|in addition|additionally|furthermore|moreover),?\s+)?"
    r"(?:it|its|they|their|he|his|she|her|this|these|that|those|such|both|one|there|who|which)\b",
    re.I,
)

# Lines that are gone back to find what a pronoun means.
_MAX_LINES_BACK = 3


@dataclass(frozen=True, slots=True)
class Alignment:
    """The lines that a sentence rests on.

    Attributes:
        lines: A few lines, the one that holds most first.
        absent: Content words of the sentence that stand neither in these lines nor above the source, light words left
            out.
        isolated: Words that only a further line holds, all alone: the source may say them of something else.
        share: How much of the sentence's content words, quantities and dates stands in the lines, 0…1.
        before: For each line the one before it whose subject a pronoun may mean; None for none.
    """

    lines: tuple[ParsedText, ...]
    absent: tuple[Token, ...]
    isolated: tuple[Token, ...]
    share: float
    before: tuple[ParsedText | None, ...] = ()


def align(
    claim: ParsedText,
    lines: Sequence[ParsedText],
    above: ParsedText,
    limits: AlignmentLimits,
    surrounding: Sequence[ParsedText] = (),
) -> Alignment:
    """Choose the fewest lines that hold most of a sentence.

    Args:
        claim: The sentence.
        lines: All lines of its sources.
        above: Titles that stand above the sources: what they hold is not absent, and adds nothing to the share.
        limits: How many lines are chosen at most, what each must add, and what a light word weighs.
        surrounding: All lines of the documents in their order, those of the sources among them; none: ``lines``.

    Returns:
        The chosen lines, what they lack, and the share they hold; no lines and a share of 0 where none holds anything.
    """
    content = claim.content_outside_numbers()
    weights = {token.stem: limits.light_weight if is_light(token) else 1.0 for token in content}
    total = sum(weights.values()) + len(claim.quantities) + len(claim.dates)
    nothing = Alignment((), tuple(token for token in content if not is_light(token)), (), 0.0)
    if not lines or not total:
        return nothing
    own = parts_of(claim)
    parts = [own.in_line(line) for line in lines]

    def weight(some: Set[Part]) -> float:
        # Not `sum`: the parts come in the order of a set, which differs from run to run.
        return fsum(weights.get(part, 1.0) if isinstance(part, str) else own.repeats.get(part, 1) for part in some)

    asking = [line.text.rstrip().endswith("?") for line in lines]
    chosen = greedy_cover(parts, weight, limits.lines, min(limits.line_gain * total, 1.0), asking)
    if not chosen:
        return nothing
    covered = set[Part]().union(*(parts[i] for i in chosen))
    anywhere = frozenset().union(*(line.stems for line in lines)) | above.stems
    in_chosen = frozenset().union(*(lines[i].stems for i in chosen))
    preceding = {following.text: line for line, following in pairwise(surrounding or lines)}
    before = tuple(_what_it_refers_to(lines[i], preceding) for i in chosen)
    # A line that refers back may take the words of any other line as its subject.
    refers_back = any(_REFERS_BACK.match(lines[i].text) for i in chosen)
    in_others = anywhere.union(*(line.stems for line in before if line)) if refers_back else frozenset[str]()
    named_above = frozenset[str]() if _is_said_above_only(content, in_chosen, above) else above.stems
    present = in_chosen | named_above | in_others
    absent = tuple(token for token in content if token.stem not in present and not is_light(token))
    isolated = () if refers_back else tuple(_isolated_words(content, [lines[i] for i in chosen]))
    share = min(1.0, weight(covered) / total)
    return Alignment(tuple(lines[i] for i in chosen), absent, isolated, share, before)


def _what_it_refers_to(line: ParsedText, preceding: Mapping[str, ParsedText]) -> ParsedText | None:
    """Return the line before a line, or the first before it that does not refer back itself."""
    before = preceding.get(line.text)
    for _ in range(_MAX_LINES_BACK):
        if before is None or not _REFERS_BACK.match(before.text):
            break
        before = preceding.get(before.text, before)
    return before


def greedy_cover(
    parts: Sequence[Set[Part]],
    weight: Callable[[Set[Part]], float],
    limit: int,
    min_gain: float,
    asking: Sequence[bool] = (),
) -> list[int]:
    """Choose the fewest sets of parts that hold most: each time the one that adds most, the earlier one of two.

    Args:
        parts: The sets, one for each line or span.
        weight: The weight of some parts together.
        limit: Cap on the chosen sets.
        min_gain: The weight that each set after the first must add.
        asking: Which lines or spans ask something: of two that add as much, one that states something is chosen.

    Returns:
        The numbers of the chosen sets, in the order in which they were chosen; none where no set has a weight.
    """
    chosen: list[int] = []
    covered: set[Part] = set()
    while len(chosen) < limit:
        gains = [weight(some - covered) if some else 0.0 for some in parts]
        best = max(range(len(parts)), key=lambda i: (gains[i], not (asking and asking[i]), -i), default=-1)
        if best < 0 or gains[best] == 0 or (chosen and gains[best] < min_gain):
            break
        chosen.append(best)
        covered.update(parts[best])
    return chosen


def is_nearly_copied(claim: ParsedText, lines: Sequence[ParsedText], share: float) -> bool:
    """Tell whether one line has so many of a sentence's words that a changed one among them is no accident.

    Args:
        claim: The sentence.
        lines: Lines of its source.
        share: The share, 0…1, of its content stems that one of them must hold.

    Returns:
        Whether some line does.
    """
    return any(len(claim.content_stems & line.content_stems) >= share * len(claim.content_stems) for line in lines)


def _is_said_above_only(content: Sequence[Token], in_lines: Collection[str], above: ParsedText) -> bool:
    """Return whether a title holds a whole sentence and the lines lack how it ends: a title only names a subject.

    "The ferry is red" against "The ferry is old." below the title "The ferry is red".
    """
    return bool(content) and content[-1].stem not in in_lines and all(token.stem in above.stems for token in content)


def _isolated_words(content: Sequence[Token], chosen: Sequence[ParsedText]) -> list[Token]:
    """Return the word of each further line that adds just this one to the first line.

    "The ferry takes 28 cars" against "The bridge takes 28 cars." and "The ferry is small.": "ferry" is isolated.
    """
    isolated: list[Token] = []
    for line in chosen[1:]:
        added = [t for t in content if t.stem not in chosen[0].stems and t.stem in line.stems and not is_light(t)]
        if len({token.stem for token in added}) == 1:
            isolated.append(added[0])
    return isolated
