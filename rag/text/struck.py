"""Words that are struck out, which a source withdraws: "[struck out: 1 May]", "~~1 May~~". Pure.

Owns: how they are marked, and a text without them. Knows nothing about sentences or documents.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

# What readers of office files and web pages write, with notes in it; what Markdown and its HTML write.
_STRUCK = re.compile(
    r"\[struck out: (?:[^\[\]]|\[[^\[\]]*\])*\]"
    r"|(?<![~\\])~~(?![~\s])[^~]+~~(?!~)"
    r"|<(?:del|s|strike)>[^<]+</(?:del|s|strike)>",
    re.I,
)
# One that goes on behind the end of a text.
_UNCLOSED = re.compile(
    r"\[struck out: (?:[^\[\]]|\[[^\[\]]*\])*$|(?<![~\\])~~(?![~\s])[^~]+$|<(?:del|s|strike)>[^<]+$", re.I
)
_SIGNS = ("[", "~~", "<")


@dataclass(frozen=True, slots=True)
class ValidWords:
    """A text without the words that it strikes out.

    Attributes:
        text: What stands.
        kept: Where each stretch of it starts in ``text``, and where it starts and ends in the whole text.
    """

    text: str
    kept: tuple[tuple[int, int, int], ...]

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Find what was cut out of these words in the whole text.

        Args:
            start: Where it starts in ``text``.
            end: Where it ends there, behind its start.

        Returns:
            Where it starts and ends in the whole text.
        """
        return self._at(start), self._at(end - 1) + 1

    def _at(self, position: int) -> int:
        begins, start, _ = self.kept[bisect_right(self.kept, position, key=lambda part: part[0]) - 1]
        return start + position - begins


def struck_spans(text: str) -> list[tuple[int, int]]:
    """Return where struck-out words stand in a text, with their marks, in order; one may go on behind its end."""
    if not any(sign in text for sign in _SIGNS):
        return []
    found = [match.span() for match in _STRUCK.finditer(text)]
    last = found[-1][1] if found else 0
    unclosed = _UNCLOSED.search(text, last)
    return [*found, unclosed.span()] if unclosed else found


def valid_words(text: str, struck: Sequence[tuple[int, int]]) -> ValidWords:
    """Return a text without what it strikes out, and without the space that would be left twice.

    Args:
        text: The text.
        struck: Where struck-out words stand in it, in order; see ``struck_spans``.

    Returns:
        The words that stand.
    """
    kept: list[tuple[int, int, int]] = []
    pieces: list[str] = []
    length = 0
    for start, end in zip([0, *(end for _, end in struck)], [*(start for start, _ in struck), len(text)], strict=True):
        if start and (not pieces or pieces[-1][-1:].isspace()):
            start += len(text[start:end]) - len(text[start:end].lstrip(" "))
        if start < end:
            pieces.append(text[start:end])
            kept.append((length, start, end))
            length += end - start
    return ValidWords("".join(pieces), tuple(kept))


def without_struck(text: str) -> str:
    """Return a text without what it strikes out."""
    return valid_words(text, struck_spans(text)).text


def is_struck(text: str, start: int, end: int) -> bool:
    """Tell whether a stretch of a text is struck out.

    Args:
        text: The text.
        start: Where the stretch starts.
        end: Where it ends.

    Returns:
        Whether all of it stands among words that are struck out.
    """
    return any(begins <= start and end <= ends for begins, ends in struck_spans(text))
