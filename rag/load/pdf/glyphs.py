"""Read the glyphs of a page: which characters stand on it, and where.

Owns: what PDFium says about characters: codes, line ends, direction, heavy fonts. Knows nothing about paragraphs.
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import pypdfium2.raw as pdfium

from rag.load.pdf.pdfium import font_box, page_transform
from rag.load.pdf.types import Glyph
from rag.load.pdf.visibility import unseen_glyphs
from rag.load.text import canonical

# PDFium's marks for a hyphen at the end of a line, behind which it leaves the line's end out.
_LINE_END_HYPHENS = (0x02, 0xFFFE)
# The flag ForceBold of a font descriptor (PDF 1.7, table 123).
_FORCE_BOLD = 1 << 18
_HEAVY = re.compile(r"bold|black|heavy|semibold|demi", re.I)
# The direction of the text is measured at one glyph in seven.
_DIRECTION_STEP = 7


def page_glyphs(page: Any, text_page: Any) -> list[list[Glyph]]:
    """Return the glyphs of a page that a reader sees.

    Args:
        page: PDFium's page.
        text_page: PDFium's text of that page.

    Returns:
        Runs of glyphs, in PDFium's order: a run is what PDFium takes for a line. Their boxes are in points from the
        top left of the page, turned so that its text stands upright.
    """
    transform = page_transform(page, _text_rotation(page, text_page))
    unseen = unseen_glyphs(page, text_page)
    runs: list[list[Glyph]] = [[]]
    high_surrogate = 0
    for number in range(text_page.count_chars()):
        code = pdfium.FPDFText_GetUnicode(text_page, number)
        if number in unseen:
            continue
        if 0xD800 <= code < 0xDC00:
            high_surrogate = code
            continue
        if 0xDC00 <= code < 0xE000 and high_surrogate:
            code = 0x10000 + ((high_surrogate - 0xD800) << 10) + (code - 0xDC00)
        high_surrogate = 0
        if code == 0x0A:
            runs.append([])
        elif code in _LINE_END_HYPHENS:
            runs[-1].append(Glyph("-", number, transform(font_box(text_page, number))))
            runs.append([])
        elif code in (0, 0x0D) or code > 0x10FFFF:
            continue
        elif chr(code).isspace() or code < 0x20:
            runs[-1].append(Glyph(" ", number))
        else:
            runs[-1].append(Glyph(canonical(chr(code)), number, transform(font_box(text_page, number))))
    return runs


def is_space(text_page: Any, number: int) -> bool:
    """Tell whether a glyph is white space.

    Args:
        text_page: PDFium's text of the page.
        number: The number of the glyph.

    Returns:
        True for spaces, tabs and line ends.
    """
    return chr(pdfium.FPDFText_GetUnicode(text_page, number)).isspace()


def boldness(text_page: Any) -> Callable[[int], bool]:
    """Return a function that tells whether a glyph's font is heavy, by its flags or its name."""
    name = ctypes.create_string_buffer(256)
    flags = ctypes.c_int()

    def is_bold(number: int) -> bool:
        pdfium.FPDFText_GetFontInfo(text_page, number, name, 256, flags)
        return bool(flags.value & _FORCE_BOLD) or _is_heavy(name.value)

    return is_bold


@lru_cache(maxsize=256)
def _is_heavy(font_name: bytes) -> bool:
    return bool(_HEAVY.search(font_name.decode("latin-1")))


def _text_rotation(page: Any, text_page: Any) -> int:
    """Return by how many degrees, clockwise, the page must be turned for its text to stand upright.

    Seldom other than the page's own rotation, but tables are drawn sideways on upright pages too.
    """
    across = up = 0.0
    for number in range(0, text_page.count_chars() - 1, _DIRECTION_STEP):
        glyph, following = font_box(text_page, number), font_box(text_page, number + 1)
        # A step is capped at 20 points, so that a jump to another line does not outweigh the text.
        across += max(-20.0, min(20.0, following[0] + following[2] - glyph[0] - glyph[2]))
        up += max(-20.0, min(20.0, following[1] + following[3] - glyph[1] - glyph[3]))
    if abs(up) > abs(across):
        return 90 if up > 0 else 270
    # Text that runs to the left is upside down, or Arabic: the page's own rotation decides.
    return 180 if across < 0 and page.get_rotation() == 180 else 0
