r"""What a frame is, and how tables of frames are written. Pure.

Owns: ``Frame``, and turning a table into frames. Knows no words.

A table has rows of a kind, a gap and one regular expression a line, in which

    \\ at the end     goes on in the next line, whose indentation is left out
    a space          stands for any white space
    <NAME>           stands for an entry of a vocabulary

Each repetition has a bound, so that none takes long on any text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Literal

Kind = Literal["denied", "asked", "supposed", "reported", "forbidden", "ordered"]
Gap = Literal["article", "phrase", "clause"]
"""What may stand between a frame and the sentence: an article, a few words without a comma, or a few words."""
Table = Sequence[tuple[Kind, Gap, str]]

_CONTINUATION = re.compile(r"\\\n\s*")
_ENTRY = re.compile(r"<([A-Z_]+)>")
_LETTERS_OR_ESCAPE = re.compile(r"\\.|[^\\]+")


@dataclass(frozen=True)
class Frame:
    """Words that take back what they frame.

    Attributes:
        kind: What the source does with the sentence.
        gap: What may stand between these words and the sentence.
        expression: The words, as an expression that is looked for in a text in small letters.
    """

    kind: Kind
    gap: Gap
    expression: str

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The expression, compiled when it is first looked for: there are many, and most programs need none."""
        return re.compile(self.expression)


def read_frames(tables: Sequence[Table], vocabulary: Mapping[str, str]) -> tuple[Frame, ...]:
    """Return the frames of some tables, those of one kind and gap as one.

    Args:
        tables: The tables.
        vocabulary: What the names in them stand for.

    Returns:
        The frames, in the order in which the first table has their kinds.
    """
    lines: dict[tuple[Kind, Gap], list[str]] = {}
    for table in tables:
        for kind, gap, block in table:
            lines.setdefault((kind, gap), []).extend(_CONTINUATION.sub("", block.strip()).splitlines())
    return tuple(Frame(kind, gap, _expression(words, vocabulary)) for (kind, gap), words in lines.items())


def fill(words: str, vocabulary: Mapping[str, str]) -> str:
    """Replace the names in an expression by what they stand for.

    Args:
        words: The expression.
        vocabulary: What each name stands for, which may hold names, too.

    Returns:
        The expression without names.
    """
    while _ENTRY.search(words):
        words = _ENTRY.sub(lambda match: vocabulary[match[1]], words)
    return words


def _expression(lines: Sequence[str], vocabulary: Mapping[str, str]) -> str:
    """Return lines as one expression that matches whole words in small letters."""
    stripped = [line.strip() for line in lines]
    # What stands before an imperative is a part of its expression.
    runs = groupby(stripped, key=lambda words: words.startswith("<OPENING>"))
    whole = ["|".join(words) if has_opening else rf"(?<!\w)(?:{'|'.join(words)})" for has_opening, words in runs]
    expression = fill(rf"(?:{'|'.join(whole)})(?:(?<!\w)|(?!\w))", vocabulary)
    # Small letters are found several times as fast as letters of either case.
    small = _LETTERS_OR_ESCAPE.sub(lambda match: match[0] if match[0][0] == "\\" else match[0].lower(), expression)
    return small.replace(" ", r"\s")
