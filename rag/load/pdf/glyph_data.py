"""Read what PDFium knows about the glyphs of a page, all at once.

Owns: the calls for characters, boxes and fonts. They are what reading a page costs, so there is one a glyph, for its
box; the text object of each glyph is asked for where some are light or below a bar. Knows nothing about words or lines.
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Sequence
from functools import cached_property
from itertools import repeat
from math import hypot
from typing import Any

import numpy as np
import pypdfium2.raw as pdfium

from rag.load.pdf.calls import bound, call_each, pointer
from rag.load.pdf.tex_fonts import has_untold_letters, with_tex_letters
from rag.load.pdf.types import Box

_POINTER, _INT = ctypes.c_void_p, ctypes.c_int
# PDFium's marks for a hyphen at the end of a line, in its text and in its characters.
_TEXT_HYPHEN, LINE_END_HYPHEN = "\ufffe", "\x02"
# The hyphen that browsers draw where they break a word.
_HYPHEN = "\u2010"
_SURROGATE_PAIR, _SURROGATE = re.compile("[\ud800-\udbff][\udc00-\udfff]"), re.compile("[\ud800-\udfff]")
_LONGEST_NAME = 256


_unicode = bound("FPDFText_GetUnicode", ctypes.c_uint)
_loose_box = bound("FPDFText_GetLooseCharBox", _INT)
_ink_box = bound("FPDFText_GetCharBox", _INT, _POINTER, _INT, _POINTER, _POINTER, _POINTER, _POINTER)
_text_object = bound("FPDFText_GetTextObject", ctypes.c_size_t)
_is_generated = bound("FPDFText_IsGenerated", _INT)
_font_info = bound("FPDFText_GetFontInfo", ctypes.c_ulong, _POINTER, _INT, _POINTER, ctypes.c_ulong, _POINTER)
_font_size = bound("FPDFText_GetFontSize", ctypes.c_double, _POINTER, _INT)
_char_origin = bound("FPDFText_GetCharOrigin", _INT, _POINTER, _INT, _POINTER, _POINTER)
_char_matrix = bound("FPDFText_GetMatrix", _INT, _POINTER, _INT, _POINTER)
_char_angle = bound("FPDFText_GetCharAngle", ctypes.c_float)
_object_font = bound("FPDFTextObj_GetFont", _POINTER, _POINTER)


class GlyphData:
    """The glyphs of an open page's text, numbered from 0. Boxes are in PDF coordinates: from the bottom left.

    Attributes:
        codes: One character a glyph; NUL where it has none. Of one that is two glyphs the second has it.
        count: How many glyphs there are.
    """

    def __init__(self, text_page: Any) -> None:
        """Read the characters.

        Args:
            text_page: PDFium's text of a page, which stays open as long as this is used.
        """
        self._text_page = pointer(ctypes.cast(text_page.raw, _POINTER).value)
        self._doubles = (ctypes.c_double * 4)()
        self._double_addresses = [ctypes.addressof(self._doubles) + 8 * place for place in range(4)]
        self._name, self._flags = ctypes.create_string_buffer(_LONGEST_NAME), ctypes.c_int()
        self._name_address, self._flags_address = ctypes.addressof(self._name), ctypes.addressof(self._flags)
        self.codes = with_tex_letters(_codes(text_page, self._text_page), self._font_of)
        self.count = len(self.codes)

    @cached_property
    def has_untold_letters(self) -> bool:
        """Whether glyphs are drawn whose letters cannot be told, among others whose letters can."""
        return has_untold_letters(self.codes, self._is_inked)

    @cached_property
    def code_numbers(self) -> Any:
        """The codes as an array of integers."""
        return np.frombuffer(self.codes.encode("utf-32-le"), np.uint32)

    @cached_property
    def drawn(self) -> Any:
        """The numbers of the glyphs that are no white space: an array of integers."""
        codes = self.code_numbers
        is_space = np.zeros(len(codes), bool)
        for character in set(self.codes):
            if character > " " and character.isspace():
                is_space |= codes == ord(character)
        return np.flatnonzero(((codes > 0x20) | (codes == ord(LINE_END_HYPHEN))) & ~is_space)

    @cached_property
    def drawn_boxes(self) -> Any:
        """The boxes of these, as ``font_boxes`` returns them."""
        return self.font_boxes(self.drawn.tolist())

    def font_boxes(self, numbers: Sequence[int]) -> Any:
        """Return the boxes of glyphs as high as their font, so that the glyphs of a line are equally high.

        Args:
            numbers: The numbers of the glyphs.

        Returns:
            An array of a row a glyph: left, bottom, right, top. It is the ink's where the font declares no height.
        """
        _, sides = call_each(_loose_box, ([self._text_page] * len(numbers), numbers), np.float32, 4)
        left, top, right, bottom = sides.T.astype(float)
        # A side of all boxes lies together: it is what they are compared by.
        boxes = np.stack((left, bottom, right, top)).T
        for place in np.flatnonzero((left >= right) | (bottom >= top)).tolist():
            boxes[place] = self.ink_box(numbers[place])
        return boxes

    def font_box(self, number: int) -> Box:
        """Return the box of one glyph, as ``font_boxes`` does."""
        left, bottom, right, top = self.font_boxes((number,))[0].tolist()
        return (left, bottom, right, top)

    def ink_box(self, number: int) -> Box:
        """Return the box of what is drawn of a glyph."""
        self._doubles[:] = [0.0, 0.0, 0.0, 0.0]
        _ink_box(self._text_page, number, *self._double_addresses)
        left, right, bottom, top = self._doubles
        return (left, bottom, right, top)

    def is_generated(self, number: int) -> bool:
        """Tell whether PDFium put a glyph in that the page does not draw."""
        return bool(_is_generated(self._text_page, number) == 1)

    def text_objects(self, numbers: Sequence[int]) -> Any:
        """Return what tells the text objects of glyphs apart: what is drawn at once, in one font and colour.

        Args:
            numbers: The numbers of the glyphs.

        Returns:
            An array of a number a glyph; 0 for one that the page does not draw.
        """
        return np.fromiter(map(_text_object, repeat(self._text_page), numbers), np.uint64, len(numbers))

    def angles(self, numbers: Sequence[int]) -> list[float]:
        """Return by how much glyphs are turned, clockwise, in radians."""
        return list(map(_char_angle, repeat(self._text_page), numbers))

    def size_and_foot(self, number: int) -> tuple[float, float]:
        """Return the size of a glyph's font, in points, and the height of the line it stands on, from the bottom."""
        origin, scales = (ctypes.c_double * 2)(), (ctypes.c_float * 6)()
        address = ctypes.addressof(origin)
        _char_origin(self._text_page, number, address, address + 8)
        _char_matrix(self._text_page, number, ctypes.addressof(scales))
        return abs(_font_size(self._text_page, number)) * hypot(scales[2], scales[3]), origin[1]

    def _is_inked(self, number: int) -> bool:
        left, bottom, right, top = self.ink_box(number)
        return left < right and bottom < top

    def _font_of(self, number: int) -> tuple[int, bytes] | None:
        """Return what tells the font of a glyph from others, and its name; None for one that the page does not draw."""
        text_object = _text_object(self._text_page, number)
        return (_object_font(text_object) or 0, self.font(number)[0]) if text_object else None

    def font(self, number: int) -> tuple[bytes, int]:
        """Return the name and the flags of a glyph's font; b"" and 0 where they are not known."""
        if not _font_info(self._text_page, number, self._name_address, _LONGEST_NAME, self._flags_address):
            return b"", 0
        return self._name.value, self._flags.value


def _codes(text_page: Any, address: Any) -> str:
    """Return the codes of all glyphs, read at once where PDFium's text has just one unit for each."""
    count = text_page.count_chars()
    if count <= 0:
        return ""
    if pdfium.FPDFText_GetTextIndexFromCharIndex(text_page, count - 1) == count - 1:
        buffer = (ctypes.c_ushort * (count + 1))()
        written = pdfium.FPDFText_GetText(text_page, 0, count, buffer)
        # Units of 16 bits; a surrogate would be two of them.
        codes = bytes(buffer)[: 2 * count].decode("utf-16-le", "surrogatepass")
        if written == count + 1 and len(codes) == count:
            return _joined(codes)
    codes_of_glyphs = (_unicode(address, number) for number in range(count))
    return _joined("".join(chr(code) if code <= 0x10FFFF else "\0" for code in codes_of_glyphs))


def _joined(codes: str) -> str:
    """Return codes with each pair of surrogates joined, and a number of characters that is the same as before."""
    codes = codes.replace(_TEXT_HYPHEN, LINE_END_HYPHEN).replace(_HYPHEN, "-")
    if not _SURROGATE.search(codes):
        return codes
    joined = _SURROGATE_PAIR.sub(_join_pair, codes)
    # A second without a first stands for a letter that is not known; a first alone for none.
    return _SURROGATE.sub(lambda alone: "\0" if alone.group() < "\udc00" else "\ufffd", joined)


def _join_pair(pair: re.Match[str]) -> str:
    return "\0" + pair.group().encode("utf-16", "surrogatepass").decode("utf-16")
