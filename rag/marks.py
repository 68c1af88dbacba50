"""Citation marks in a text, such as ``[1]`` or ``[2, 4–6]``. Pure.

Owns: what a mark looks like, everywhere in Footnote. Knows nothing about what a mark cites.
"""

from __future__ import annotations

import re

# One number, with the space before it: what Footnote itself writes behind a sentence.
SINGLE_MARK = re.compile(r"\s*\[(\d+)\]")
# Numbers, and lists and ranges of them: what models write, and what papers write for their own references.
MARK_GROUP = re.compile(r"\[\s*(\d+(?:\s*[,;–-]\s*\d+)*)\s*\]")
# The same with numbers of at most three digits: "[2024]" is a year in brackets, not a piece of evidence.
EVIDENCE_MARK = re.compile(r"\[\s*(\d{1,3}(?:\s*[,;–-]\s*\d{1,3})*)\s*\]")
# How else models write such marks: 【1†source】, [^1], [evidence 1].
_OTHER_MARK = re.compile(
    r"【\s*(\d{1,3}(?:\s*[,;–-]\s*\d{1,3})*)\s*(?:†[^】\n]{0,60})?】"
    r"|\[(?:\^|(?:evidence|source|passage|document|quelle|beleg)\s+)(\d{1,3})\]",
    re.I,
)
# A longer range is not taken for a list of citations: only its ends count.
_LONGEST_RANGE = 20


def strip_marks(text: str) -> str:
    """Return ``text`` without the single-number marks and the white space before them."""
    return SINGLE_MARK.sub("", text)


def plain_marks(text: str) -> str:
    """Return what a model wrote with every form of a mark as ``[1]``."""
    return _OTHER_MARK.sub(lambda mark: f"[{mark[1] or mark[2]}]", text)


def mark_numbers(group: str) -> list[int]:
    """Return the numbers that the inside of a mark names, ranges spelled out: ``1, 3–5`` names 1, 3, 4 and 5."""
    numbers: list[int] = []
    for part in re.split(r"\s*[,;]\s*", group):
        ends = [int(number) for number in re.split(r"\s*[–-]\s*", part)]
        is_range = len(ends) == 2 and 0 <= ends[1] - ends[0] <= _LONGEST_RANGE
        numbers.extend(range(ends[0], ends[-1] + 1) if is_range else ends)
    return numbers
