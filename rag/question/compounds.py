"""Codes and compound names, which are one word, and ordinary words with a hyphen. Pure.

Owns: telling an order number, a version or "Olsen-Bell" from "part-time" and "10-day", and whether one stands whole in
a text. Knows nothing about values or retrieval.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from rag.patterns import lazy_pattern
from rag.text import UNSPACED, is_unspaced, normalise

CompoundKind = Literal["code", "name", "word"]


@dataclass(frozen=True, slots=True)
class Compound:
    """Several pieces that are one word.

    Attributes:
        text: How it is written.
        start: Where it starts in the text.
        end: Where it ends.
        kind: A code (DET-MPC-3L, ISO 9001), a compound name (Olsen-Bell) or an ordinary word (part-time).
        pieces: What it is made of, in small letters.
    """

    text: str
    start: int
    end: int
    kind: CompoundKind
    pieces: tuple[str, ...]


# Pieces of letters and digits, joined by one sign each; what is between two quotation marks or words is not joined.
_JOINED = re.compile(r"(?<![\w./-])\w+(?:[-‐‑–./&+]\w+)*(?![\w])")
# The same between words of a script without spaces.
_PIECE = rf"(?:(?![{UNSPACED}])\w)+"
_JOINED_IN_UNSPACED = lazy_pattern(rf"(?<![A-Za-z0-9_./-]){_PIECE}(?:[-‐‑–./&+]{_PIECE})*(?![A-Za-z0-9_])")
# A short word in capitals before a number: ISO 9001, Boeing is none. A year behind it is no part of a code.
_NUMBERED = re.compile(r"(?<![\w./-])[A-Z]{2,5}[ \u00a0](?!(?:19|20)\d\d\b)\d+(?:[-./]\w+)*(?![\w])")
_JOINT = re.compile(r"[-‐‑–./&+_ \u00a0]")
# 10k, 5km, 9am, 3rd, 1990s, Q2, FY22, 2Q23, $5: a value and no code.
_VALUE = re.compile(
    r"(?:\d+(?:[.,]\d+)*(?:st|nd|rd|th|s|k|m|b|t|bn|mn|tn|mm|cm|km|kg|g|mg|ml|l|h|hr|hrs|min|am|pm|gb|mb|tb|kb|ghz|mhz|kw"
    r"|kwh|mw|gw|v|w|ft|mph|kph|x|d|eur|usd|gbp|bps|pp|c|f)|(?:q|h|fy|cy|gj)\d{1,4}|\d[qh](?:\d{2}|\d{4})?|\d{4}[qh]\d)",
    re.I,
)
_ABBREVIATION = re.compile(r"(?:\w\.)+\w?")


def find_compounds(text: str) -> list[Compound]:
    """Return the codes, compound names and hyphenated words of a text in order."""
    found = sorted(_compounds(text), key=lambda compound: (compound.start, -compound.end))
    compounds: list[Compound] = []
    for compound in found:
        if not compounds or compound.start >= compounds[-1].end:
            compounds.append(compound)
    return compounds


def compound_pattern(compound: Compound) -> re.Pattern[str]:
    """Return what finds a code or a name whole, with or without its joints, and not as a part of a longer one."""
    first, *others = map(re.escape, compound.pieces)
    if re.fullmatch(r"v\d+", first):
        # Version 2.1.3 is v2.1.3.
        first = f"v?{first[1:]}"
    # "PMID: 1292" names PMID 1292.
    pieces = r"(?:[-‐‑–./&+_\s]|:\s?)?".join([first, *others])
    return re.compile(rf"(?<![\w])(?<!\w[-‐‑/])(?<!\d\.){pieces}(?![\w]|[-‐‑/]\w|\.\d)", re.I)


def _compounds(text: str) -> Iterator[Compound]:
    for match in _NUMBERED.finditer(text):
        yield _compound(match, "code")
    for match in (_JOINED_IN_UNSPACED if is_unspaced(text) else _JOINED).finditer(text):
        kind = _kind(match.group())
        if kind:
            yield _compound(match, kind)


def _compound(match: re.Match[str], kind: CompoundKind) -> Compound:
    pieces = tuple(normalise(piece) for piece in _JOINT.split(match.group()) if piece)
    return Compound(match.group(), match.start(), match.end(), kind, pieces)


def _kind(written: str) -> CompoundKind | None:
    """Return what some joined pieces are; None where they are one plain word, a value, or several words."""
    pieces = [piece for piece in _JOINT.split(written) if piece]
    has_digit = any(character.isdigit() for character in written)
    if not has_digit:
        if len(pieces) < 2 or _ABBREVIATION.fullmatch(written) or not re.search(r"[-‐‑]", written):
            return None
        capitals = [piece[0].isupper() for piece in pieces]
        return "name" if all(capitals) else "word"
    if _VALUE.fullmatch(written):
        return None
    letters = [piece for piece in pieces if piece.isalpha()]
    has_word = any(piece.islower() and len(piece) > 3 for piece in letters)
    if any(_is_mixed(piece) and not _VALUE.fullmatch(piece) for piece in pieces):
        return "word" if has_word else "code"
    numbers = [piece for piece in pieces if piece[0].isdigit()]
    if not letters:
        # 4500-118-07 is a code; 10-15 is a range, 555/12 a fraction, 2.1.4 a version.
        return "code" if len(numbers) > 2 else None
    # A-12, COVID-19, det-mpc-3l: capitals or several pieces joined to a number; "10-day" and "mid-1990s" are words.
    is_long = len(pieces) > 2 and not pieces[0][0].isdigit()
    return "code" if not has_word and (is_long or any(piece.isupper() for piece in letters)) else None


def _is_mixed(piece: str) -> bool:
    return any(character.isdigit() for character in piece) and any(character.isalpha() for character in piece)
