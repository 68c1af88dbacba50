"""What a rule is, and what it is given. Pure.

Owns: the records ``Rule`` and ``Comparison``. Knows nothing about what the rules compare.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from rag.verify.parse.parsed_text import ParsedText

Severity = Literal["contradiction", "objection", "doubt"]
"""What a rule that objects does to a sentence.

``contradiction``: the sources say another number or date of the same thing, so the sentence is contradicted.
``objection``: something exact in it stands nowhere in the sources, so it is partly supported at most, whoever vouches
for it. ``doubt``: the lines it rests on may mean something else, so that their words alone do not support it.
"""
Values = Mapping[str, Any]
"""What the words of a reason are filled with, as JSON values."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A sentence beside what it is compared with.

    Attributes:
        claim: The sentence, parsed.
        lines: For a contradiction or an objection all lines of its sources; for a doubt those that it rests on, the one
            that holds most first.
        columns: What stands around the sources, such as headings, captions and the names of columns: it may hold a
            number or date, too.
        above: What stands above the sources; it may name what they call "it".
        sentence: The sentence as written.
        quotes: The words of its sources as written.
        nearly_copied: From this share of the claim's content stems in one line on, the two say the same in the same
            words, so that a changed one among them is no accident.
        beside: What stands right before and right behind each of ``quotes`` in its document; none: not known.
    """

    claim: ParsedText
    lines: Sequence[ParsedText]
    columns: Sequence[ParsedText] = ()
    above: ParsedText | None = None
    sentence: str = ""
    quotes: Sequence[str] = ()
    nearly_copied: float = 1.0
    beside: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """One way in which a sentence can go wrong.

    Attributes:
        id: Its name in kebab case; the code of the reason that it gives.
        severity: What it does to the verdict.
        find: Returns the values of the reason where it objects, and None where it does not.
    """

    id: str
    severity: Severity
    find: Callable[[Comparison], Values | None]
