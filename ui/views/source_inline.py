"""What in the words of a document is no word: signs of Markdown, and of the readers. Pure.

Owns: which signs those are, and what they say of the words between them. In Markdown two stars are strong words; what
the readers write as "[struck out: 9.00]" is struck out, and "[1]" is the mark of a note. Every pattern takes linear
time. Knows nothing about blocks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from ui.views.source_pieces import BREAK, SIGN, Inline

_WRITTEN = re.compile(r"\[(struck out|picture): ")
_BRACKET = re.compile(r"[\[\]]")
_LOOKS = {"struck out": "s", "picture": "figure"}
_NOTE = re.compile(r"\[(?:[0-9]{1,4}|[A-Za-z*†‡§]{1,3})\](?!\()")
_MARKDOWN = re.compile(
    r"\\(?P<escaped>[\\`*_{}\[\]()#+.!|>~<-])"
    r"|(?P<ticks>`{1,3})(?P<code>[^`\n]{1,1000})(?P=ticks)(?!`)"
    r"|(?P<open>!?\[)(?P<words>[^\[\]\n]{1,300})(?P<close>\]\((?P<address>[^()\s]{0,500}(?:\([^()\s]{0,200}\)[^()\s]{0,200})?)"
    r"(?:[ \t]+\"[^\"\n]{0,200}\")?\)|\]\[[^\[\]\n]{0,100}\])"
    r"|\[\^(?P<note>[^\[\]\s]{1,40})\](?!:)"
    r"|<(?P<auto>(?:https?://|mailto:)[^<>\s]{1,500})>"
    r"|(?P<break>(?:(?<! ) {2,}|\\)\n)"
    r"|(?P<run>\*{1,3}|_{1,3}|~~)"
)
_STRENGTH = {1: ("em",), 2: ("strong",), 3: ("strong", "em")}
# Marks of emphasis that are open at once.
_MOST_OPEN = 50


def written_inlines(text: str, start: int, end: int, notes: Mapping[str, str]) -> Iterator[Inline]:
    """Yield what the readers wrote into ``text[start:end]`` in brackets: struck words, pictures and marks of notes.

    Args:
        text: The canonical text.
        start: Where the words begin.
        end: Where they end.
        notes: The words of each note of the document by its mark, such as ``[1]``.
    """
    closing = _closing(text, start, end) if _WRITTEN.search(text, start, end) else {}
    for match in _WRITTEN.finditer(text, start, end):
        close = closing.get(match.start())
        if close is None:
            continue
        yield Inline(match.start(), match.end(), SIGN)
        yield Inline(match.end(), close, _LOOKS[match[1]])
        yield Inline(close, close + 1, SIGN)
    for match in _NOTE.finditer(text, start, end) if notes else ():
        if match[0] in notes and match.start() > start:
            yield Inline(match.start(), match.end(), "sup", notes[match[0]])


def markdown_inlines(text: str, start: int, end: int) -> Iterator[Inline]:
    """Yield the signs of Markdown in ``text[start:end]`` and how they make the words between them look."""
    emphasis = _Emphasis(text, start, end)
    for match in _MARKDOWN.finditer(text, start, end):
        if match["run"]:
            yield from emphasis.take(match)
        else:
            yield from _SIMPLE[match.lastgroup or ""](match) if match.lastgroup in _SIMPLE else _link(match)


def _closing(text: str, start: int, end: int) -> dict[int, int]:
    """Return where each bracket of ``text[start:end]`` closes that does, by where it opens."""
    closing, opened = {}, []
    for match in _BRACKET.finditer(text, start, end):
        if match[0] == "[":
            opened.append(match.start())
        elif opened:
            closing[opened.pop()] = match.start()
    return closing


def _escaped(match: re.Match[str]) -> Iterator[Inline]:
    yield Inline(match.start(), match.start() + 1, SIGN)


def _code(match: re.Match[str]) -> Iterator[Inline]:
    yield Inline(match.start(), match.start("code"), SIGN)
    yield Inline(match.start("code"), match.end("code"), "code")
    yield Inline(match.end("code"), match.end(), SIGN)


def _note(match: re.Match[str]) -> Iterator[Inline]:
    yield Inline(match.start() + 1, match.start() + 2, SIGN)
    yield Inline(match.start(), match.end(), "sup")


def _auto(match: re.Match[str]) -> Iterator[Inline]:
    yield Inline(match.start(), match.start() + 1, SIGN)
    yield Inline(match.start("auto"), match.end("auto"), "address", match["auto"])
    yield Inline(match.end() - 1, match.end(), SIGN)


def _break(match: re.Match[str]) -> Iterator[Inline]:
    yield Inline(match.start(), match.end(), BREAK)


def _link(match: re.Match[str]) -> Iterator[Inline]:
    look = "figure" if match["open"].startswith("!") else "address"
    yield Inline(match.start("open"), match.end("open"), SIGN)
    yield Inline(match.start("words"), match.end("words"), look, match["address"] or "")
    yield Inline(match.start("close"), match.end("close"), SIGN)


_SIMPLE: dict[str, Callable[[re.Match[str]], Iterator[Inline]]] = {
    "escaped": _escaped,
    "code": _code,
    "note": _note,
    "auto": _auto,
    "break": _break,
}


class _Emphasis:
    """Pairs the marks of emphasis in one run of words; what has no pair is a star."""

    def __init__(self, text: str, start: int, end: int) -> None:
        self._text, self._start, self._end = text, start, end
        self._open: list[tuple[int, str]] = []

    def take(self, match: re.Match[str]) -> Iterator[Inline]:
        """Take a mark; yield the look and the signs of the pair that it closes."""
        begin, stop, sign = match.start(), match.end(), match["run"]
        before = self._text[begin - 1] if begin > self._start else " "
        after = self._text[stop] if stop < self._end else " "
        inside = sign[0] == "_" and before.isalnum() and after.isalnum()
        if not before.isspace() and not inside:
            at = next((at for at in reversed(range(len(self._open))) if self._open[at][1] == sign), -1)
            if at >= 0 and self._open[at][0] + len(sign) < begin:
                opened = self._open[at][0]
                del self._open[at:]
                yield Inline(opened, opened + len(sign), SIGN)
                for look in ("s",) if sign == "~~" else _STRENGTH[len(sign)]:
                    yield Inline(opened + len(sign), begin, look)
                yield Inline(begin, stop, SIGN)
                return
        if not after.isspace() and not inside and len(self._open) < _MOST_OPEN:
            self._open.append((begin, sign))
