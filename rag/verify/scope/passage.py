"""Where the words of a sentence stand in a source, and what stands around them. Pure.

Owns: the stretch of a line that holds the words of a sentence, and the lines before and behind that line. Knows nothing
about frames.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.verify.parse.parsed_text import ParsedText, parse_text
from rag.verify.parse.source_lines import source_lines
from rag.verify.rule import Comparison

# So much of a line before and behind the words is looked at, and so many lines above.
_CHARACTERS_AROUND, _LINES_ABOVE = 300, 20
# A line is about the sentence where it holds at least this share of its content stems.
_LEAST_SHARE = 0.5
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_ITEM = re.compile(r"\s*(?:[-*•+–—]|\(?\d{1,3}[.)])(?:\s|$)|\s*[\"“„'‘«]")
_ITEM_SIGN = re.compile(r"\s*(?:[-*•+–—]|\(?\d{1,3}[.)])\s*")
_HEADING = re.compile(r"\s*#{1,6}\s")
_PLAIN_HEADING = re.compile(r"[^\W\d_a-zß-ÿ][^.:;,!?|\s]{0,30}(?:\s[^.:;,!?|\s]{1,30}){0,5}")


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A line of a source among others.

    Attributes:
        raw: The line as written.
        above: The lines above it, the nearest first, each with whether it is an item of a list.
        below: The line below it; empty where there is none.
        is_item: Whether it is an item of a list.
    """

    raw: str
    above: Sequence[tuple[str, bool]] = ()
    below: str = ""
    is_item: bool = False

    @property
    def lead_in(self) -> str:
        """The line above, or the one above the list that this line is an item of."""
        above = (line for line, is_item in self.above if not (self.is_item and is_item) or line.rstrip().endswith(":"))
        return visible(next(above, "")[-_CHARACTERS_AROUND:])

    @property
    def heading(self) -> str:
        """The nearest Markdown heading above; empty where there is none."""
        return next((line for line, _ in self.above if _HEADING.match(line)), "")

    @property
    def plain_heading(self) -> str:
        """The nearest line above that may be a heading without a mark: a few words with a capital and no full stop."""
        plain = (line for line, is_item in self.above if not is_item and is_plain_heading(line.strip()))
        return next(plain, "")


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a source that holds words of a sentence.

    Attributes:
        line: The line, parsed.
        start: Where the first of these words starts in ``line.text``.
        end: Where the last of them ends there.
        stems: The stems of the sentence that it holds.
        around: What stands around the line.
    """

    line: ParsedText
    start: int
    end: int
    stems: frozenset[str]
    around: SourceLine

    @property
    def before(self) -> str:
        """What stands before these words in the line."""
        return visible(self.line.text[max(0, self.start - _CHARACTERS_AROUND) : self.start])

    @property
    def inside(self) -> str:
        """The stretch of the line that holds these words."""
        return visible(self.line.text[self.start : self.end])

    @property
    def behind(self) -> str:
        """What stands behind these words in the line."""
        return visible(self.line.text[self.end : self.end + _CHARACTERS_AROUND])


def is_plain_heading(line: str) -> bool:
    """Return whether a line may be a heading without a mark: a few words with a capital and no full stop."""
    return _PLAIN_HEADING.fullmatch(line) is not None


def visible(text: str) -> str:
    """Return a text without the characters that nobody sees."""
    return _INVISIBLE.sub("", text)


def places(comparison: Comparison) -> list[Place]:
    """Return where the sentence stands in the lines that it rests on: those that hold at least half of its words."""
    claim = comparison.claim
    enough = _LEAST_SHARE * len(claim.content_stems)
    rested_on = {line.text: line for line in comparison.lines if len(claim.content_stems & line.stems) >= enough}
    around: dict[str, SourceLine] = {}
    for source_line in _source_lines(comparison) if rested_on else ():
        around.setdefault(parse_text(source_line.raw).text, source_line)
    found = [place_of(claim, line, around.get(text)) for text, line in rested_on.items()]
    return [place for place in found if place]


def other_places(comparison: Comparison, place: Place) -> Iterator[Place]:
    """Find the sentence in the other lines of its sources.

    Args:
        comparison: The sentence and its sources.
        place: Where the sentence stands in a line.

    Yields:
        Where it stands in each other line that holds all which that one holds of it.
    """
    for source_line in _source_lines(comparison):
        line = parse_text(source_line.raw)
        if line.text != place.line.text and place.stems <= line.stems:
            other = place_of(comparison.claim, line, source_line)
            if other:
                yield other


def place_of(claim: ParsedText, line: ParsedText, around: SourceLine | None = None) -> Place | None:
    """Return the shortest stretch of a line that holds all content words which it shares with a sentence.

    Args:
        claim: The sentence.
        line: The line.
        around: What stands around it; None: not known.

    Returns:
        The first such stretch; None where they share none.
    """
    tokens = [token for token in line.tokens if token.stem in claim.content_stems]
    wanted = len({token.stem for token in tokens})
    if not wanted:
        return None
    held: Counter[str] = Counter()
    first, best = 0, (tokens[0].start, tokens[-1].end)
    for token in tokens:
        held[token.stem] += 1
        while held[tokens[first].stem] > 1:
            held[tokens[first].stem] -= 1
            first += 1
        if len(+held) == wanted and token.end - tokens[first].start < best[1] - best[0]:
            best = (tokens[first].start, token.end)
    return Place(line, *best, frozenset(token.stem for token in tokens), around or SourceLine(""))


def _source_lines(comparison: Comparison) -> Iterator[SourceLine]:
    """Yield the lines of the sources."""
    for number, quote in enumerate(comparison.quotes):
        before, behind = comparison.beside[number] if number < len(comparison.beside) else ("", "")
        lines = _without_signs([*_owned(before, False), *_owned(quote, True), *_owned(behind, False)])
        for at, (raw, is_item, is_own) in enumerate(lines):
            if is_own:
                above = [(line, item) for line, item, _ in lines[max(0, at - _LINES_ABOVE) : at]]
                below = lines[at + 1][0] if at + 1 < len(lines) else ""
                yield SourceLine(raw, above[::-1], below, is_item)


def _owned(text: str, is_own: bool) -> list[tuple[str, bool]]:
    return [(line, is_own) for line in source_lines(text)]


def _without_signs(lines: Sequence[tuple[str, bool]]) -> list[tuple[str, bool, bool]]:
    """Return lines without the signs and numbers of items that were cut off as lines.

    Args:
        lines: The lines, each with whether it is the source's own.

    Returns:
        The others, each with whether it is an item, and whether it is the source's own.
    """
    kept, has_sign = [], False
    for line, is_own in lines:
        if _ITEM_SIGN.fullmatch(line):
            has_sign = True
        else:
            kept.append((line, has_sign or bool(_ITEM.match(line)), is_own))
            has_sign = False
    return kept
