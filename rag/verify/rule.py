"""What a rule is, and what it is given. Pure.

Owns: the records ``Rule`` and ``Comparison``. Knows nothing about what the rules compare.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from rag.verify.parsed_text import ParsedText

Severity = Literal["mismatch", "contradiction", "doubt"]
"""What a rule that objects does to a sentence.

``mismatch``: something of it stands nowhere in the sources, so it is unsupported. ``contradiction``: the lines it rests
on say the contrary, so it is unsupported. ``doubt``: they may mean something else, so it is partly supported at most.
"""
Values = Mapping[str, Any]
"""What the words of a reason are filled with, as JSON values."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A sentence beside what it is compared with.

    Attributes:
        claim: The sentence, parsed.
        lines: For a mismatch all lines of its sources, else those that it rests on, the one that holds most first.
        columns: The names of the columns where the sources are rows of tables: they may hold a number or date, too.
        above: What stands above the sources; it may name what they call "it".
        sentence: The sentence as written.
        quotes: The words of its sources as written.
        nearly_copied: From this share of the claim's content stems in one line on, the two say the same in the same
            words, so that a changed one among them is no accident.
    """

    claim: ParsedText
    lines: Sequence[ParsedText]
    columns: Sequence[ParsedText] = ()
    above: ParsedText | None = None
    sentence: str = ""
    quotes: Sequence[str] = ()
    nearly_copied: float = 1.0


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
