"""What a source says only under a condition, with an exception, or as an open question. Pure.

Owns: finding the condition that a sentence leaves out. Each function returns what is wrong in words, or "". Knows
nothing about verdicts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from rag.verify.reading import ParsedText

# "Even if" and "whether or not" take a condition away; "if any" and "if not" limit a word and no sentence.
_CONDITION = re.compile(
    r"(?<!even )(?<!as )\bif\b(?! any\b| not\b| so\b)|\bunless\b|\bwhether\b(?! or not\b)|\bprovided that\b"
    r"|(?<=, )provided\b|\b(?:as|so) long as\b|\bin case\b|\bin the event\b|\bonly (?:when|where|after)\b"
    r"|\bassuming\b|\bsubject to\b|\bexcept(?:ing)?\b|\bexcluding\b|\bapart from\b|\bother than\b"
    r"|\bwith the exception\b",
    re.I,
)
_CLAUSE = re.compile(r"[;!?]\s|\.\s(?=[A-Z\"“(])|\n")
_ANY = re.compile(r"(?<=\w )any (\w+)", re.I)
_OPEN = re.compile(r"\b(?:any|every|each|all|no|none)\b", re.I)
# A condition counts where the part of the source it stands in holds so much of the sentence's content.
_HELD = 0.5


def left_out_condition(claim: ParsedText, lines: Sequence[ParsedText]) -> str:
    """A condition or an exception of the source that the sentence does not name."""
    if _CONDITION.search(claim.text):
        return ""
    for line in lines:
        ends = [match.start() for match in _CLAUSE.finditer(line.text)]
        for start, end in pairwise([0, *ends, len(line.text)]):
            found = _CONDITION.search(line.text, start, end)
            if found and _holds(start, end, claim, line):
                return f"the source says it with a condition or an exception ({found.group().lower()!r})"
    return ""


def left_open(claim: ParsedText, lines: Sequence[ParsedText]) -> str:
    """Something that there may be none of: "report any change" does not say that there was one."""
    if _OPEN.search(claim.text):
        return ""
    for line in lines:
        for found in _ANY.finditer(line.text):
            stems = {token.stem for token in line.tokens if found.start(1) <= token.start < found.end(1)}
            if stems & claim.content:
                return f"the source says {found.group().lower()!r}, of which there may be none"
    return ""


def _holds(start: int, end: int, claim: ParsedText, line: ParsedText) -> bool:
    held = {token.stem for token in line.tokens if start <= token.start < end} & claim.content
    shared = claim.content & line.content
    return bool(shared) and len(held) >= _HELD * len(shared)
