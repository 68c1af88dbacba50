"""Make paragraphs of recognised lines.

Owns: where a line goes on in the next one. Knows nothing about pictures. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from rag.load.recognition.lines import Line
from rag.text.scripts import is_unspaced

# A line that fills less of its paragraph's width stands for itself, as one of a list does.
_FULL_LINE = 0.75
_LIST_MARK = re.compile(r"(?:\d{1,3}[.)]|[-•*–])\s")
_LABEL = re.compile(r"[^:]{1,40}: ?\S")


def join_lines(lines: Sequence[Line]) -> Iterator[str]:
    """Yield the paragraphs of lines: a line goes on where the one before it is full and it begins nothing new.

    A list item and a label with its value begin something new; lines of one paragraph stand side by side in ``lines``.
    """
    for _, group in groupby(lines, key=lambda line: line.paragraph):
        members = list(group)
        left, right = min(line.left for line in members), max(line.right for line in members)
        whole, before = "", members[0]
        for line in members:
            is_full = before.right - left >= _FULL_LINE * (right - left)
            if whole and is_full and not _begins(before.text, line.text):
                whole = _joined(whole, line.text)
            else:
                if whole:
                    yield whole
                whole = line.text
            before = line
        yield whole


def _begins(before: str, text: str) -> bool:
    """Tell whether a line begins a list item, or is the second of two that each hold a label and its value."""
    return bool(_LIST_MARK.match(text) or (_LABEL.match(before) and _LABEL.match(text)))


def _joined(first: str, second: str) -> str:
    """Return two lines of a paragraph as one; a word that was hyphenated at the end of the first is one again."""
    if len(first) > 1 and first.endswith("-") and first[-2].isalpha() and second[:1].islower():
        return first[:-1] + second
    is_tight = is_unspaced(first[-1]) and is_unspaced(second[0])
    return first + second if is_tight else f"{first} {second}"
