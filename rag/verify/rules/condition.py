"""What a source says only under a condition, with an exception, or of something that there may be none of. Pure.

Owns: ``condition_left_out`` and ``existence_left_open``. Knows nothing about verdicts.
"""

from __future__ import annotations

import re
from itertools import pairwise

from rag.verify.parse.parsed_text import ParsedText
from rag.verify.rule import Comparison, Values

# "Even if" and "whether or not" take a condition away; "if any" and "if not" limit a word and no sentence.
_CONDITION = re.compile(
    r"(?<!even )(?<!as )\bif\b(?! any\b| not\b| so\b)|\bunless\b|\bwhether\b(?! or not\b)|\bprovided that\b"
    r"|(?<=, )provided\b|\b(?:as|so) long as\b|\bin case\b|\bin the event\b"
    r"|\bonly (?:when|where|after|on|in|at|for|by|with)\b"
    r"|\bassuming\b|\bexcept(?:ing)?\b|\bexcluding\b|\bapart from\b|\bother than\b"
    r"|\bwith the exception\b",
    re.I,
)
_CLAUSE_END = re.compile(r"[;!?]\s|\.\s(?=[A-Z\"“(])|\n")
_ANY_NOUN = re.compile(r"(?<=\w )any (\w+)", re.I)
_ANY_OR_ALL = re.compile(r"\b(?:any|every|each|all|no|none)\b", re.I)
# A condition counts where its clause holds at least this share of the stems that the sentence shares with the line.
_MIN_SHARE_IN_CLAUSE = 0.5


def condition_left_out(comparison: Comparison) -> Values | None:
    """Find a condition or an exception of the source, where the sentence names none.

    Fires: The ferry is cancelled. | If it rains, the ferry is cancelled.
    Fires: Staff get a bonus. | Staff get a bonus, except interns.
    Fires: Trucks pay 5 crowns. | Trucks pay 5 crowns, but only on Sunday.
    Silent: The ferry sails if it rains. | The ferry sails if it rains.
    Silent: The ferry sails daily. | The ferry sails daily; if it rains, bring an umbrella.
    """
    claim, lines = comparison.claim, comparison.lines
    if _CONDITION.search(claim.text):
        return None
    for line in lines:
        ends = [match.start() for match in _CLAUSE_END.finditer(line.text)]
        for start, end in pairwise([0, *ends, len(line.text)]):
            condition = _CONDITION.search(line.text, start, end)
            if condition and _is_said_in_clause(claim, line, start, end):
                return {"condition": condition.group().lower()}
    return None


def existence_left_open(comparison: Comparison) -> Values | None:
    """Find something that there may be none of: "any change" does not say that there was one.

    Fires: There was a change in the rules. | The report names any change in the rules.
    Silent: The report names every change in the rules. | The report names any change in the rules.
    """
    claim, lines = comparison.claim, comparison.lines
    if _ANY_OR_ALL.search(claim.text):
        return None
    for line in lines:
        for match in _ANY_NOUN.finditer(line.text):
            stems = {token.stem for token in line.tokens if match.start(1) <= token.start < match.end(1)}
            if stems & claim.content_stems:
                return {"words": match.group().lower()}
    return None


def _is_said_in_clause(claim: ParsedText, line: ParsedText, start: int, end: int) -> bool:
    """Return whether ``line.text[start:end]`` holds at least half of the stems that the sentence and the line share."""
    in_clause = {token.stem for token in line.tokens if start <= token.start < end} & claim.content_stems
    shared = claim.content_stems & line.content_stems
    return bool(shared) and len(in_clause) >= _MIN_SHARE_IN_CLAUSE * len(shared)
