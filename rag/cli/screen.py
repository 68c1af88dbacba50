"""The terminal: how wide it is, whether it shows colours, and how text is laid out on it.

Owns: that a line breaks between words and never within one, an escape code or a pair of a letter and its accent, and
that nothing is laid out or coloured where the output is no terminal. Knows nothing about what the text says.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterable, Iterator
from typing import TextIO
from unicodedata import combining, east_asian_width

import typer

GLUE = "\u00a0"
"""A space at which no line is broken."""
# Longer lines are hard to read, however wide a terminal is.
WIDEST = 100
# On a terminal that is narrower, the terminal itself breaks lines.
_NARROWEST = 20
_STYLE = re.compile("\x1b\\[[0-9;]*m")
_SIGN = re.compile(f"{_STYLE.pattern}|.", re.DOTALL)
_CODES = {"bold": (1, 22), "dim": (2, 22), "green": (32, 39), "yellow": (33, 39), "red": (31, 39)}
# What may not begin and what may not end a line of a script without spaces.
_NOT_FIRST = frozenset("、。，．：；？！）］｝〕〉》」』】〙〗’”…‥・ーぁぃぅぇぉっゃゅょァィゥェォッャュョ々,.:;?!)]}%")
_NOT_LAST = frozenset("（［｛〔〈《「『【〘〖‘“([{$")
# Joins the pictures of one sign, or chooses how the sign before it looks.
_JOINER, _VARIANTS = "\u200d", frozenset("\ufe0e\ufe0f")
_SPACES = " \t\n\r\f\v"
_WORD = re.compile(rf"([{_SPACES}]*)([^{_SPACES}]+)")
_ITEM = re.compile(r"\s*(?:[-*+•]|\d{1,3}[.)])\s+")


def columns(stream: TextIO | None = None) -> int | None:
    """Return how many columns text may take.

    Args:
        stream: Where it goes; None: standard output.

    Returns:
        The width of the terminal, at most ``WIDEST``; None where there is no terminal.
    """
    stream = stream or sys.stdout
    if not _is_terminal(stream):
        return None
    try:
        width = int(os.environ.get("COLUMNS", "")) or os.get_terminal_size(stream.fileno()).columns
    except (ValueError, OSError):
        width = shutil.get_terminal_size().columns
    return max(_NARROWEST, min(width, WIDEST))


def styled(text: str, *names: str, stream: TextIO | None = None) -> str:
    """Return text in a style, each of its words by itself, so that it may be wrapped.

    Args:
        text: Text that holds no escape codes of others.
        names: `bold`, `dim`, `green`, `yellow` or `red`.
        stream: Where it goes; None: standard output.

    Returns:
        The text with escape codes; as it is where no colours are shown.
    """
    if not names or not shows_colours(stream or sys.stdout):
        return text
    before = "".join(f"\x1b[{_CODES[name][0]}m" for name in names)
    after = "".join(f"\x1b[{_CODES[name][1]}m" for name in names)
    return re.sub(r"\S+", lambda word: before + word.group() + after, text)


def shows_colours(stream: TextIO) -> bool:
    """Return whether a stream is a terminal whose user wants colours: see https://no-color.org."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb" or not _is_terminal(stream):
        return False
    # An older console of Windows shows escape codes as they are.
    return sys.platform != "win32" or bool(os.environ.get("WT_SESSION") or os.environ.get("TERM_PROGRAM"))


def _is_terminal(stream: TextIO) -> bool:
    try:
        return stream.isatty()
    except ValueError:  # it is closed
        return False


def cells(text: str) -> int:
    """Return how many columns text takes; escape codes take none, signs of East Asia and pictures two."""
    text = _STYLE.sub("", text)
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return int(cell_len(text))


def padded(text: str, width: int) -> str:
    """Return text with spaces behind it, so that it takes at least so many columns.

    Args:
        text: Text in one line.
        width: The columns.

    Returns:
        The text.
    """
    return text + " " * (width - cells(text))


def wrap(text: str, width: int, first: str = "", rest: str | None = None) -> list[str]:
    """Break a paragraph into lines.

    A word that is wider than a line stands whole on a line of its own, so that an address or a path can be copied.

    Args:
        text: The paragraph.
        width: Columns of a line.
        first: What stands before the first line.
        rest: What stands before the others; None: as many spaces as ``first`` has columns.

    Returns:
        The lines, at least one.
    """
    rest = " " * cells(first) if rest is None else rest
    lines: list[str] = []
    line, used, is_empty = first, cells(first), True
    for gap, piece in _pieces(text):
        takes = cells(piece)
        if not is_empty and used + gap + takes > width:
            lines.append(line)
            line, used, is_empty = rest, cells(rest), True
        if is_empty:
            gap = 0
        line += " " * gap + piece
        used += gap + takes
        is_empty = False
    return [one.replace(GLUE, " ") for one in (*lines, line)]


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """Yield what is not broken: the spaces before it, and its words."""
    # Spaces that no word follows would be looked through from each of them.
    for spaces, word in _WORD.findall(text.rstrip(_SPACES)):
        # Spaces that align words stay, where they do not end a line.
        gap = len(spaces)
        for piece in [word] if word.isascii() else _parts(word):
            yield gap, piece
            gap = 0


def _parts(word: str) -> Iterator[str]:
    """Yield the parts of a word between which a script without spaces may be broken."""
    part, last = "", ""
    for sign in _SIGN.findall(word):
        if sign[0] == "\x1b":
            part += sign
            continue
        if last and _may_break(last, sign):
            yield part
            part = ""
        part += sign
        last = sign
    yield part


def _may_break(last: str, sign: str) -> bool:
    if combining(sign) or _JOINER in (sign, last) or sign in _VARIANTS or "\U0001f3fb" <= sign <= "\U0001f3ff":
        return False
    is_wide = east_asian_width(last) in "WF" or east_asian_width(sign) in "WF"
    return is_wide and sign not in _NOT_FIRST and last not in _NOT_LAST


def laid_out(lines: Iterable[str], hang: int = 0, stream: TextIO | None = None) -> Iterator[str]:
    """Yield lines as a terminal shows them best.

    Args:
        lines: Lines; the spaces that a line begins with, and the sign of an item, stand before its further lines, too.
        hang: How many spaces stand before the further lines of one that begins with neither.
        stream: Where they go; None: standard output.

    Yields:
        The lines, wrapped on a terminal; elsewhere each as it is.
    """
    width = columns(stream)
    for line in lines:
        if width is None or cells(line) <= width:
            yield line
            continue
        text = line.lstrip(" ")
        indent = line[: len(line) - len(text)]
        item = _ITEM.match(text)
        mark = item.group() if item else ""
        yield from wrap(text[len(mark) :], width, indent + mark, indent + " " * (cells(mark) or hang * (not indent)))


def say(*lines: str, hang: int = 0) -> None:
    """Print lines on standard output, wrapped on a terminal.

    Args:
        lines: The lines.
        hang: How many spaces stand before what a line goes on with that begins without spaces.
    """
    for line in laid_out(lines, hang):
        typer.echo(line)


def warn(sentence: str) -> None:
    """Print what must be known beside a result on standard error, wrapped on a terminal."""
    for line in laid_out([f"rag: {sentence}"], 5, sys.stderr):
        typer.echo(line, err=True)
