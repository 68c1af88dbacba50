"""Put the words of a paragraph together: runs with their marks, marks of notes, pictures.

Owns: how struck-out, raised and lowered words, marks of notes and descriptions of pictures read. Knows nothing about
formats. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from rag.load.raised import lowered, raised
from rag.load.text import without_breaks

Script = Literal["", "raised", "lowered"]

# What a program, not a person, wrote as the description of a picture.
_NO_DESCRIPTION = re.compile(r"\S+\.(?:png|jpe?g|gif|bmp|tiff?|emf|wmf|svg|webp)|https?://\S+", re.I)
_MADE_BY_PROGRAM = "Description automatically generated"
# So much of what stands before and after a raised number tells what it is.
_CONTEXT = 80


@dataclass(frozen=True, slots=True)
class TextFormat:
    """How words look, as far as it changes what is read.

    Attributes:
        is_hidden: Whether no reader sees them.
        is_struck: Whether they are struck out.
        script: Whether they are raised or lowered.
        font: The name of their font, or "".
    """

    is_hidden: bool = False
    is_struck: bool = False
    script: Script = ""
    font: str = ""


@dataclass(frozen=True, slots=True)
class _Piece:
    text: str
    struck: bool = False
    script: Script = ""
    # Marks of notes and pictures are kept apart from words, and from each other.
    is_apart: bool = False


class Inline:
    """Collects the runs of a paragraph, in order."""

    def __init__(self) -> None:
        self._pieces: list[_Piece] = []

    def __len__(self) -> int:
        """Return the number of runs so far."""
        return len(self._pieces)

    def add(self, text: str, *, struck: bool = False, script: Script = "") -> None:
        """Append words.

        Args:
            text: The words, with their white space.
            struck: Whether they are struck out.
            script: Whether they are raised or lowered.
        """
        if text := without_breaks(text):
            self._pieces.append(_Piece(text, struck, script))

    def add_mark(self, label: str) -> None:
        """Append the mark of a note, apart from the word or number that it stands at: "1,200 [3]"."""
        self._pieces.append(_Piece(f"[{label}]", is_apart=True))

    def add_picture(self, description: str) -> bool:
        """Append the words that say what a picture shows, and return whether there are any."""
        words = " ".join(description.replace(_MADE_BY_PROGRAM, "").split())
        if not words or _NO_DESCRIPTION.fullmatch(words):
            return False
        self._pieces.append(_Piece(f"[picture: {words}]", is_apart=True))
        return True

    def text(self) -> str:
        """Return the words so far, each with what its marks say."""
        if not any(piece.struck or piece.script or piece.is_apart for piece in self._pieces):
            return "".join(piece.text for piece in self._pieces)
        return _join(_groups(self._pieces, lambda piece: piece.struck), "")


def _groups(pieces: Sequence[_Piece], key: Callable[[_Piece], object]) -> list[list[_Piece]]:
    return [list(group) for _, group in groupby(pieces, key)]


def _join(groups: Sequence[Sequence[_Piece]], before: str) -> str:
    """Return groups of pieces, each struck out or not."""
    parts: list[str] = []
    for pieces in groups:
        text = _written(pieces, "" if pieces[0].struck else before)
        parts.append(_struck(text) if pieces[0].struck else text)
        before = (before + parts[-1])[-_CONTEXT:]
    return "".join(parts)


def _written(pieces: Sequence[_Piece], before: str) -> str:
    """Return pieces, the raised and lowered ones as what they mean."""
    runs = [
        _Piece("".join(piece.text for piece in group), script=group[0].script, is_apart=group[0].is_apart)
        for whole in _groups(pieces, lambda piece: (piece.script, piece.is_apart))
        for group in ([[piece] for piece in whole] if whole[0].is_apart else [whole])
    ]
    parts: list[str] = []
    for number, run in enumerate(runs):
        after = runs[number + 1].text[:_CONTEXT] if number + 1 < len(runs) else ""
        parts.append(_scripted(run, before, after))
        before = (before + parts[-1])[-_CONTEXT:]
    return "".join(parts)


def _scripted(run: _Piece, before: str, after: str) -> str:
    text = run.text
    if run.script and text.strip():
        lead, tail = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
        if run.script == "raised":
            words = raised(text, before + lead, after)
        else:
            # A lowered word that stands by itself is no index.
            is_index = bool((before + lead)[-1:].strip()) or text.strip()[0].isdecimal()
            words = lowered(text) if is_index else text.strip()
        return f"{lead}{words}{tail}"
    if run.is_apart:
        is_glued = bool(before[-1:].strip()) and before[-1] not in "([{"
    else:
        is_glued = before.endswith("]") and text[:1].isalnum()
    return f" {text}" if is_glued else text


def _struck(text: str) -> str:
    """Return struck-out words, marked as such; the white space around them is not."""
    words = text.strip()
    if not words:
        return text
    lead, tail = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    return f"{lead}[struck out: {words}]{tail}"
