"""Where words of a question stand in the words of a document. Pure.

Owns: which words are shown as common to both, and which part of a passage has most of them. Knows nothing about HTML.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rag.question.generic_words import GENERIC_STEMS
from rag.text import STOPWORDS, normalise, terms

_WORD = re.compile(r"\w+(?:[-_'’]\w+)*")
# The signs of Markdown that only say how words look: of a heading, of a table, and of the line below its head.
_HEADING_SIGNS = re.compile(r"^#{1,6}[ \t]+", re.MULTILINE)
_RULE = re.compile(r"^(?=[ \t:|-]*-{3})[ \t:|-]+$\n?", re.MULTILINE)
_TABLE_LINE = re.compile(r"^[ \t]*\|(.+)\|[ \t]*$", re.MULTILINE)
_CELL_END = re.compile(r"(?<!\\)\|")
# Where a sentence begins.
_SENTENCE = re.compile(r"(?:[.!?]\s+|\n+|^\s*)")


@dataclass(frozen=True, slots=True)
class Part:
    """A part of some words; ``is_asked`` where the question has the word, too."""

    words: str
    is_asked: bool = False


def asked_stems(question: str) -> frozenset[str]:
    """Return the stems of what a question is about: without the words that every question has."""
    content = [word for word in _WORD.findall(question) if normalise(word) not in STOPWORDS]
    return frozenset(stem for word in content for stem in terms(word)) - GENERIC_STEMS


def in_parts(words: str, stems: Iterable[str]) -> list[Part]:
    """Return words in parts, those apart that a question has, too; what stands between backticks stays whole.

    Args:
        words: Words of a document.
        stems: What the question is about.

    Returns:
        The parts; joined they are the words.
    """
    wanted, parts, position = frozenset(stems), [], 0
    for start, end, _ in _found(words, wanted):
        if words.count("`", 0, start) % 2:
            continue
        parts += [Part(words[position:start]), Part(words[start:end], is_asked=True)]
        position = end
    parts.append(Part(words[position:]))
    return [part for part in parts if part.words]


def excerpt(text: str, stems: Iterable[str], longest: int) -> str:
    """Return the part of a passage on one line that has most of what a question is about; it is no exact quote.

    Args:
        text: The passage.
        stems: What the question is about.
        longest: Most characters of the part.

    Returns:
        The part, from the begin of a sentence where one is near; an ellipsis stands where the passage goes on.
    """
    line = " ".join(in_words(text).split())
    if len(line) <= longest:
        return line
    best = _richest(list(_found(line, frozenset(stems))), longest)
    room = longest // 3
    begins = [match.end() for match in _SENTENCE.finditer(line, max(0, best - room), best)]
    start = 0 if best <= room else max(begins, default=best)
    start = min(start, len(line) - 1)
    shown = line[start : start + longest]
    if start + longest < len(line):
        shown = shown[: longest - 1].rsplit(" ", 1)[0].rstrip() + "…"
    return ("…" if start else "") + shown


def in_words(text: str) -> str:
    """Return words of a document without the signs of Markdown that make headings, tables and code of them."""
    rows = _RULE.sub("", _HEADING_SIGNS.sub("", text)).replace("`", "").strip("\n")
    return _TABLE_LINE.sub(lambda row: _row_in_words(row[1], is_last=row.end() == len(rows)), rows)


def _row_in_words(row: str, is_last: bool) -> str:
    return " · ".join(filter(None, map(str.strip, _CELL_END.split(row)))) + ("" if is_last else ";")


def _richest(found: Sequence[tuple[int, int, str]], longest: int) -> int:
    """Return where the part of some length begins that has most different stems; of equally good ones the first."""
    best, most, behind = found[0][0] if found else 0, 0, 0
    inside: Counter[str] = Counter()
    for number, (begin, _, stem) in enumerate(found):
        while behind < len(found) and found[behind][1] <= begin + longest:
            inside[found[behind][2]] += 1
            behind += 1
        if len(inside) > most:
            best, most = begin, len(inside)
        if behind > number:
            inside -= Counter((stem,))
        else:
            # A word that is longer than the part.
            behind = number + 1
    return best


def _found(words: str, wanted: frozenset[str]) -> Iterable[tuple[int, int, str]]:
    """Yield where words with one of some stems begin and end; what has several words in one is passed over."""
    for match in _WORD.finditer(words):
        stems = set(terms(match[0]))
        if len(stems) == 1 and stems & wanted:
            yield match.start(), match.end(), stems.pop()
