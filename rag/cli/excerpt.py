"""The part of a long text that a reader looks for: the words around those that matter.

Owns: which part is shown on a terminal, and which of its words are marked. Pure; knows nothing about answers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from rag.cli.screen import cells
from rag.text import is_unspaced, printable, query_terms, terms

_ELLIPSIS = "…"
_WORD = re.compile(r"\S+")
_LETTERS = re.compile(r"\w+(?:[.,]\d+)*")
_SENTENCE_END = re.compile(r"[.!?…。！？]['\"”’)\]]*$")
# How much of an excerpt may stand before the first word that matters, so that its sentence begins in it.
_LEAD = 0.6


def terms_of(texts: Iterable[str]) -> frozenset[str]:
    """Return the terms that matter of questions and sentences: their words without endings and function words."""
    return frozenset(term for text in texts for term in query_terms(text))


def excerpt(text: str, longest: int, wanted: frozenset[str]) -> str:
    """Return the part of a text with the most of the wanted words.

    Args:
        text: Any text; white space becomes single spaces.
        longest: Most columns of the part.
        wanted: Terms, as ``terms_of`` returns them.

    Returns:
        The text in one line, or a part of it between whole words; an ellipsis stands where it was cut.
    """
    line = " ".join(printable(text).split())
    if cells(line) <= longest:
        return line
    pieces = _pieces(line)
    widths = [cells(piece) for piece in pieces]
    found = [frozenset(terms(_bare(pieces, at))) & wanted for at in range(len(pieces))]
    room = longest - 3 * cells(_ELLIPSIS)
    first, end = _best(widths, found, room)
    first = _sentence_start(pieces, widths, first, end, room)
    # What is left of the room goes to the words behind.
    used = sum(widths[first:end])
    while end < len(pieces) and used + widths[end] <= room:
        used += widths[end]
        end += 1
    while end > first + 1 and used > room:
        end -= 1
        used -= widths[end]
    part = "".join(pieces[first:end]).strip()
    before = _ELLIPSIS if first else ""
    # Behind a whole sentence the ellipsis stands apart.
    apart = " " if _SENTENCE_END.search(part) else ""
    after = f"{apart}{_ELLIPSIS}" if end < len(pieces) else ""
    return f"{before}{part}{after}"


def marked(text: str, wanted: frozenset[str]) -> list[tuple[str, bool]]:
    """Return a text in parts, and of each whether it is one of the wanted words.

    Args:
        text: Any text.
        wanted: Terms, as ``terms_of`` returns them.

    Returns:
        The parts in order; joined they are the text.
    """
    parts: list[tuple[str, bool]] = []
    at = 0
    for word in _LETTERS.finditer(text):
        if not is_unspaced(word.group()[0]) and wanted.intersection(terms(word.group())):
            parts += [(text[at : word.start()], False), (word.group(), True)]
            at = word.end()
    return [(part, is_wanted) for part, is_wanted in [*parts, (text[at:], False)] if part]


def _pieces(line: str) -> list[str]:
    """Return words with the space behind them; of a script without spaces, signs."""
    pieces: list[str] = []
    for word in re.findall(r"\S+ ?", line):
        if is_unspaced(word[0]) or any(is_unspaced(sign) for sign in word[:8]):
            pieces += re.findall(r".\W*", word, re.DOTALL)
        else:
            pieces.append(word)
    return pieces


def _bare(pieces: list[str], at: int) -> str:
    """Return what a piece may match: itself, or in a script without spaces the two signs that begin with it."""
    piece = pieces[at]
    if is_unspaced(piece[0]) and at + 1 < len(pieces):
        return piece.strip() + pieces[at + 1].strip()
    return piece


def _best(widths: list[int], found: list[frozenset[str]], room: int) -> tuple[int, int]:
    """Return the first window, from one found word to another, that holds the most different ones."""
    hits = [at for at, some in enumerate(found) if some]
    best, most = (0, 0), 0
    for start in hits:
        used, held, end = 0, set[str](), start
        for at in range(start, len(widths)):
            used += widths[at]
            if used > room:
                break
            if found[at]:
                held |= found[at]
                end = at + 1
        if len(held) > most:
            best, most = (start, end), len(held)
    return best


def _sentence_start(pieces: list[str], widths: list[int], first: int, end: int, room: int) -> int:
    """Return where the excerpt begins: with the sentence of its first word; where that is too far, a little before."""
    spare = min(room - sum(widths[first:end]), int(room * _LEAD))
    at, used = first, 0
    while at > 0 and used + widths[at - 1] <= spare:
        if _SENTENCE_END.search(pieces[at - 1].rstrip()):
            return at
        at -= 1
        used += widths[at]
    if at == 0:
        return 0
    # The sentence begins too far ahead: a third of the spare room shows what leads to the word.
    at, used = first, 0
    while at > 0 and used + widths[at - 1] <= spare // 2:
        at -= 1
        used += widths[at]
    return at
