"""Tell the letters of TeX's fonts that say of no glyph which letter it is.

Owns: what the control codes of TeX's two encodings of text stand for, and which of the two a font has. A ligature is
one glyph, and stands as one character of Unicode until the letters of a line are written. Knows nothing about PDF
files.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable

# What is no letter of any encoding of text; tabulators and line ends are none of them.
_CONTROLS = re.compile("[\x01\x03-\x08\x0b\x0c\x0e-\x1f\x80-\x9f]")
_TEX_FONT = re.compile(rb"(?:[A-Z]{6}\+)?(?:CM|EC|SF|LM|AE|TC|PL)[A-Z]*\d*", re.I)
_FF, _FI, _FL, _FFI, _FFL = "\ufb00", "\ufb01", "\ufb02", "\ufb03", "\ufb04"
LIGATURES = {_FF: "ff", _FI: "fi", _FL: "fl", _FFI: "ffi", _FFL: "ffl"}
# The encoding OT1 of Computer Modern, and T1, the Cork encoding. In OT1 a line feed and a return are letters too.
_OT1 = {"\x0b": _FF, "\x0c": _FI, "\x0e": _FFI, "\x0f": _FFL, "\x10": "ı", "\x11": "ȷ", "\x19": "ß", "\x1a": "æ",
        "\x1b": "œ", "\x1c": "ø", "\x1d": "Æ", "\x1e": "Œ", "\x1f": "Ø"}  # fmt: skip
_T1 = {"\x10": "“", "\x11": "”", "\x12": "„", "\x13": "«", "\x14": "»", "\x15": "–", "\x16": "—", "\x19": "ı",
       "\x1a": "ȷ", "\x1b": _FF, "\x1c": _FI, "\x1d": _FL, "\x1e": _FFI, "\x1f": _FFL}  # fmt: skip
_ONLY_OT1 = frozenset("\x0b\x0c\x0e\x0f")
_OT1_RETURN = "\r"
# The bullet of TeX's symbols, where it begins a line.
_BULLET = "\x88"

# The font of the glyph of a number, and the name of that font; None for a glyph that the page does not draw.
FontOf = Callable[[int], tuple[Hashable, bytes] | None]


def with_tex_letters(codes: str, font_of: FontOf) -> str:
    """Return the characters of a page with those that its TeX fonts give as control codes.

    Args:
        codes: One character a glyph.
        font_of: Tells the font of a glyph. Only fonts of TeX, and fonts without a name, as its bitmaps are, are told.

    Returns:
        As many characters; a control code that cannot be told stays.
    """
    glyphs_of: dict[Hashable, list[int]] = {}
    for control in _CONTROLS.finditer(codes):
        font = font_of(control.start())
        if font and (not font[1] or _TEX_FONT.fullmatch(font[1])):
            glyphs_of.setdefault(font[0], []).append(control.start())
    if not glyphs_of:
        return codes
    letters = list(codes)
    for font_number, numbers in glyphs_of.items():
        is_ot1 = any(codes[number] in _ONLY_OT1 for number in numbers)
        if is_ot1:
            numbers = [*numbers, *_returns(codes, font_number, font_of)]
        encoding = {**_OT1, _OT1_RETURN: _FL} if is_ot1 else _T1
        for number in numbers:
            touches_letter = _touches_letter(codes, number, font_number, font_of)
            if codes[number] == _BULLET and not touches_letter:
                letters[number] = "•"
            elif touches_letter:
                letters[number] = encoding.get(codes[number], codes[number])
    return "".join(letters)


def has_untold_letters(codes: str, is_drawn: Callable[[int], bool]) -> bool:
    """Tell whether a page draws a glyph whose character is a control code.

    Args:
        codes: One character a glyph.
        is_drawn: Tells whether anything is drawn of the glyph of a number.

    Returns:
        Whether there is one.
    """
    return any(is_drawn(control.start()) for control in _CONTROLS.finditer(codes))


def _returns(codes: str, font: Hashable, font_of: FontOf) -> list[int]:
    """Return the glyphs of a font whose code is that of a return."""
    found = (match.start() for match in re.finditer(_OT1_RETURN, codes))
    return [number for number in found if (of := font_of(number)) and of[0] == font]


def _touches_letter(codes: str, number: int, font: Hashable, font_of: FontOf) -> bool:
    """Tell whether a glyph stands beside a letter of its own font: signs of formulas have the same codes."""
    beside = (at for at in (number - 1, number + 1) if 0 <= at < len(codes) and codes[at].isalpha())
    return any((of := font_of(at)) is not None and of[0] == font for at in beside)
