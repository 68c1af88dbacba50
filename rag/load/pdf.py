"""PDF files: their text, where each character stands, and pictures of their pages.

Owns: everything said to PDFium, behind one lock, since PDFium is not thread-safe. Knows nothing about paragraphs,
which ``pdf_layout`` makes of the glyphs.

The text of a page depends on that page alone. So ``boxes`` can read a page again, long after the document was
indexed, and find the same glyph behind each character.
"""

from __future__ import annotations

import ctypes
import io
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from rag.errors import LoadError, SkipFile
from rag.load import ocr
from rag.load.builder import Builder
from rag.load.pdf_layout import Box, Glyph, LayoutBlock, layout_blocks
from rag.load.pdf_margins import find_margins
from rag.load.text import canonical

_LOCK = threading.RLock()
# Made once, since it is filled for each glyph; only touched under the lock.
_RECTANGLE = pdfium.FS_RECTF()
_FORCE_BOLD = 1 << 18
_HEAVY = re.compile(r"bold|black|heavy|semibold|demi", re.I)
_FEW_CHARACTERS = 20
# Every so many glyphs are asked for their direction.
_EVERY = 7
_MAX_PIXELS = 40_000_000
# A glyph smaller than this, in points, is not read; a grey (of 255) this light is paper; pixels a point to look at it.
_SMALLEST = 1.0
_PAPER = 250
_LOOK = 2.0
PageBox = tuple[int, float, float, float, float]


@dataclass(frozen=True, slots=True)
class Picture:
    """A rendered page: PNG bytes, and the size of the visible page in points."""

    png: bytes
    width: float
    height: float


def read_pdf(data: bytes, builder: Builder, max_pages: int) -> str:
    """Append each page; return the title that the properties give, if it is one."""
    with _LOCK, _open(data) as document:
        if len(document) > max_pages:
            raise SkipFile(f"has more than {max_pages} pages; split it, or raise RAG_MAX_PAGES")
        layouts = [_layout(document, number) for number in range(len(document))]
        scanned = [number for number, layout in enumerate(layouts) if _is_scanned(layout)]
        readings = {number: ocr.read(_render(document, number, 250 / 72).png) for number in scanned if ocr.available()}
        title = _sane_title(document.get_metadata_value("Title") or "")
    body = _body_height(layouts)
    margins = find_margins(layouts)
    for number, layout in enumerate(layouts):
        builder.page()
        if readings.get(number):
            for paragraph in re.split(r"\n\s*\n", readings[number]):
                builder.add("paragraph", " ".join(paragraph.split()))
            continue
        for piece in layout:
            level = _heading_level(piece, body)
            margin = not level and id(piece) in margins
            builder.add("heading" if level else piece.kind, piece.text, level, piece.header, margin)
    if not builder.blocks:
        raise SkipFile("a scanned PDF without text; install the ocr extra and tesseract to read it")
    return title


def boxes(
    source: bytes | Path, document_pages: tuple[int, ...], start: int, end: int, expected: str | None = None
) -> tuple[PageBox, ...]:
    """Where ``text[start:end]`` of a document stands: ``(page, x0, y0, x1, y1)`` a line, in points from the top left
    of the visible page.

    A page that was read by OCR gives its whole area. When ``expected`` is given and the pages no longer hold those
    words (white space aside), or the file cannot be read, there are no boxes: nothing is better than a wrong place.
    """
    try:
        data = source if isinstance(source, bytes) else source.read_bytes()
        with _LOCK, _open(data) as document:
            found, words = _boxes(document, document_pages, start, end)
    except (OSError, LoadError, pypdfium2.PdfiumError):
        return ()
    if expected is not None and words is not None and "".join(words.split()) != "".join(expected.split()):
        return ()
    return tuple(found)


def render(source: bytes | Path, page: int, scale: float) -> Picture:
    """Page ``page`` (from 1) at ``scale`` pixels a point. Raises LoadError when the file or the page is not there."""
    try:
        data = source if isinstance(source, bytes) else source.read_bytes()
    except OSError as error:
        raise LoadError(f"this PDF cannot be read: {(error.strerror or 'unknown error').lower()}") from None
    with _LOCK, _open(data) as document:
        if not 1 <= page <= len(document):
            raise LoadError(f"there is no page {page}; the PDF has {len(document)}")
        return _render(document, page - 1, scale)


@contextmanager
def _open(data: bytes) -> Iterator[Any]:
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError:
        code = pdfium.FPDF_GetLastError()
        if code in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY):
            raise LoadError("protected by a password; save a copy without one") from None
        raise LoadError("damaged: it cannot be read as a PDF; export or download it again") from None
    try:
        yield document
    finally:
        document.close()


@contextmanager
def _page(document: Any, number: int) -> Iterator[Any]:
    page = document[number]
    try:
        yield page
    finally:
        page.close()


def _render(document: Any, number: int, scale: float) -> Picture:
    with _page(document, number) as page:
        width, height = page.get_size()
        # A page may claim to be as large as a house.
        scale = min(scale, (_MAX_PIXELS / max(width * height, 1)) ** 0.5)
        bitmap = page.render(scale=scale)
        buffer = io.BytesIO()
        bitmap.to_pil().save(buffer, "PNG")
        bitmap.close()
        return Picture(buffer.getvalue(), width, height)


def _layout(document: Any, number: int) -> list[LayoutBlock]:
    """The pieces of a page, or none for a page that PDFium cannot read: the others still can be."""
    try:
        with _page(document, number) as page, _text_page(page) as text_page:
            return layout_blocks(_glyphs(page, text_page), _boldness(text_page))
    except pypdfium2.PdfiumError:
        return []


@contextmanager
def _text_page(page: Any) -> Iterator[Any]:
    text_page = page.get_textpage()
    try:
        yield text_page
    finally:
        text_page.close()


def _glyphs(page: Any, text_page: Any) -> list[list[Glyph]]:
    """The glyphs of a page, in the lines that PDFium sees."""
    place = _placer(page, _turn(page, text_page))
    unseen = _unseen(page, text_page)
    rows: list[list[Glyph]] = [[]]
    high = 0
    for number in range(text_page.count_chars()):
        code = pdfium.FPDFText_GetUnicode(text_page, number)
        if number in unseen:
            continue
        if 0xD800 <= code < 0xDC00:
            high = code
            continue
        if 0xDC00 <= code < 0xE000 and high:
            code = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00)
        high = 0
        if code == 0x0A:
            rows.append([])
        # PDFium's marks for a hyphen at the end of a line, behind which it leaves the line's end out.
        elif code in (0x02, 0xFFFE):
            rows[-1].append(Glyph("-", number, place(_char_box(text_page, number))))
            rows.append([])
        elif code in (0, 0x0D) or code > 0x10FFFF:
            continue
        elif chr(code).isspace() or code < 0x20:
            rows[-1].append(Glyph(" ", number))
        else:
            rows[-1].append(Glyph(canonical(chr(code)), number, place(_char_box(text_page, number))))
    return rows


def _char_box(text_page: Any, number: int) -> Box:
    """The box of a glyph in PDF coordinates, as high as its font, so that the glyphs of a line are equally high."""
    if pdfium.FPDFText_GetLooseCharBox(text_page, number, _RECTANGLE):
        box = (_RECTANGLE.left, _RECTANGLE.bottom, _RECTANGLE.right, _RECTANGLE.top)
        if box[0] < box[2] and box[1] < box[3]:
            return box
    return _ink_box(text_page, number)


def _ink_box(text_page: Any, number: int) -> Box:
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    pdfium.FPDFText_GetCharBox(text_page, number, left, right, bottom, top)
    return (left.value, bottom.value, right.value, top.value)


def _unseen(page: Any, text_page: Any) -> frozenset[int]:
    """The glyphs that no reader sees: off the page, smaller than a point, or as light as the paper they stand on.

    Text that is drawn invisibly is none of them: it is how a scanned page carries its words.
    """
    left, bottom, right, top = page.get_bbox()
    unseen: set[int] = set()
    light: dict[int, Box] = {}
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    for number in range(text_page.count_chars()):
        code = pdfium.FPDFText_GetUnicode(text_page, number)
        if code <= 0x20 or pdfium.FPDFText_IsGenerated(text_page, number) == 1:
            continue
        box = _char_box(text_page, number)
        x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        outside = not (left <= x <= right and bottom <= y <= top)
        small = max(box[2] - box[0], box[3] - box[1]) < _SMALLEST
        if outside or (small and _extent(text_page, number) < _SMALLEST):
            unseen.add(number)
        elif pdfium.FPDFText_GetFillColor(text_page, number, red, green, blue, alpha) and (
            alpha.value < 255 - _PAPER or min(red.value, green.value, blue.value) >= _PAPER
        ):
            text = pdfium.FPDFText_GetTextObject(text_page, number)
            if not text or pdfium.FPDFTextObj_GetTextRenderMode(text) != pdfium.FPDF_TEXTRENDERMODE_INVISIBLE:
                light[number] = box
    return frozenset(unseen | _blank(page, light))


def _extent(text_page: Any, number: int) -> float:
    """The longer side of what is drawn of a glyph."""
    x0, y0, x1, y1 = _ink_box(text_page, number)
    return max(x1 - x0, y1 - y0)


def _blank(page: Any, glyphs: dict[int, Box]) -> set[int]:
    """Those of some glyphs where the rendered page shows nothing but paper; white words on a dark ground are seen."""
    if not glyphs:
        return set()
    place = _placer(page, page.get_rotation())
    width, height = page.get_size()
    scale = min(_LOOK, (_MAX_PIXELS / max(width * height, 1)) ** 0.5)
    bitmap = page.render(scale=scale)
    picture = bitmap.to_pil().convert("L")
    bitmap.close()
    blank = set()
    for number, box in glyphs.items():
        x0, y0, x1, y1 = (round(value * scale) for value in place(box))
        area = (max(0, x0), max(0, y0), min(picture.width, max(x1, x0 + 1)), min(picture.height, max(y1, y0 + 1)))
        if area[0] >= area[2] or area[1] >= area[3] or picture.crop(area).getextrema()[0] >= _PAPER:
            blank.add(number)
    return blank


def _turn(page: Any, text_page: Any) -> int:
    """By how many degrees, clockwise, the page must be turned for its text to stand upright.

    Seldom other than the page's own rotation, but tables are drawn sideways on upright pages too.
    """
    across = up = 0.0
    for number in range(0, text_page.count_chars() - 1, _EVERY):
        here, there = _char_box(text_page, number), _char_box(text_page, number + 1)
        across += max(-20.0, min(20.0, there[0] + there[2] - here[0] - here[2]))
        up += max(-20.0, min(20.0, there[1] + there[3] - here[1] - here[3]))
    if abs(up) > abs(across):
        return 90 if up > 0 else 270
    # Text that runs to the left is upside down, or Arabic; the page's own rotation tells.
    return 180 if across < 0 and page.get_rotation() == 180 else 0


def _placer(page: Any, turn: int) -> Callable[[Box], Box]:
    """A function from a box in PDF coordinates to one on the cropped page, turned clockwise, from the top left."""
    left, bottom, right, top = page.get_bbox()

    def place(box: Box) -> Box:
        x0, y0, x1, y1 = box
        if turn == 90:
            return (y0 - bottom, x0 - left, y1 - bottom, x1 - left)
        if turn == 180:
            return (right - x1, y0 - bottom, right - x0, y1 - bottom)
        if turn == 270:
            return (top - y1, right - x1, top - y0, right - x0)
        return (x0 - left, top - y1, x1 - left, top - y0)

    return place


def _boldness(text_page: Any) -> Callable[[int], bool]:
    """A function that tells whether a glyph's font is heavy, by its weight flag or its name."""
    buffer = ctypes.create_string_buffer(256)
    flags = ctypes.c_int()

    def is_bold(number: int) -> bool:
        pdfium.FPDFText_GetFontInfo(text_page, number, buffer, 256, flags)
        return bool(flags.value & _FORCE_BOLD) or _is_heavy(buffer.value)

    return is_bold


@lru_cache(maxsize=256)
def _is_heavy(font: bytes) -> bool:
    return bool(_HEAVY.search(font.decode("latin-1")))


def _is_scanned(layout: list[LayoutBlock]) -> bool:
    return sum(len(piece.text) for piece in layout) < _FEW_CHARACTERS


def _body_height(layouts: list[list[LayoutBlock]]) -> float:
    """The height of the lines that hold most of the text."""
    heights: Counter[float] = Counter()
    for layout in layouts:
        for piece in layout:
            for line in piece.lines:
                heights[round(line.height * 2) / 2] += len(line.characters)
    return heights.most_common(1)[0][0] if heights else 0.0


def _heading_level(piece: LayoutBlock, body: float) -> int:
    """A guess that errs towards none: larger than the body's letters, or heavy, and as short as headings are."""
    text = piece.text
    if piece.kind != "paragraph" or len(piece.lines) > 3 or len(text) > 150 or piece.names_columns:
        return 0
    letters = sum(character.isalpha() for character in text)
    if letters < 3 or letters < 0.5 * len(text.replace(" ", "")) or text.endswith((".", ",", ";", ":")):
        return 0
    ratio = piece.height / body if body else 1.0
    if ratio >= 1.6:
        return 1
    if ratio >= 1.15:
        return 2
    return 3 if piece.bold and ratio > 0.9 else 0


def _sane_title(title: str) -> str:
    """A title as a person gives one: words, and no file name or number that a program left behind."""
    title = " ".join(canonical(title).split())
    title = re.sub(r"^Microsoft (?:Word|PowerPoint|Excel) - ", "", title)
    named = re.search(r"\.(?:docx?|pdf|pptx?|xlsx?|tex|dvi|indd|qxd|rtf|html?)$", title, re.I)
    words = [word for word in title.split() if sum(map(str.isalpha, word)) >= 2]
    if named or len(words) < 2 or len(title) > 200 or title.lower().startswith("untitled"):
        return ""
    return title


def _boxes(document: Any, document_pages: tuple[int, ...], start: int, end: int) -> tuple[list[PageBox], str | None]:
    """The boxes of a span, and its words as the pages hold them now; None for words that OCR read."""
    found: list[PageBox] = []
    words: list[str] = []
    by_ocr = False
    for number, first in enumerate(document_pages[: len(document)]):
        following = document_pages[number + 1] if number + 1 < len(document_pages) else end
        if first >= end or following <= start or following == first:
            continue
        with _page(document, number) as page, _text_page(page) as text_page:
            layout = layout_blocks(_glyphs(page, text_page), _boldness(text_page))
            text, numbers, lines = _page_text(layout)
            span = slice(max(0, start - first), max(0, min(end, following) - first))
            if _is_scanned(layout) and span.stop > len(text) + 2:
                by_ocr = True
                found.append((number + 1, 0.0, 0.0, *page.get_size()))
                continue
            words.append(text[span])
            found += _line_boxes(page, text_page, number + 1, numbers[span], lines[span])
    return found, None if by_ocr else "".join(words)


def _page_text(layout: list[LayoutBlock]) -> tuple[str, list[int], list[int]]:
    """The text of a page as a builder makes it, and the glyph and line behind each character (-1 for none)."""
    builder = Builder()
    numbers: list[int] = []
    lines: list[int] = []
    for piece in layout:
        begin = builder.add(piece.kind, piece.text)
        gap = [-1] * (begin - len(numbers))
        numbers += gap + piece.numbers
        lines += gap + piece.line_numbers
    return builder.text, numbers, lines


def _line_boxes(page: Any, text_page: Any, page_number: int, numbers: list[int], lines: list[int]) -> list[PageBox]:
    place = _placer(page, page.get_rotation())
    width, height = page.get_size()
    bounds: dict[int, Box] = {}
    for number, line in zip(numbers, lines, strict=True):
        if number < 0 or chr(pdfium.FPDFText_GetUnicode(text_page, number)).isspace():
            continue
        # Both boxes: some fonts draw outside of what they declare.
        for box in (place(_char_box(text_page, number)), place(_ink_box(text_page, number))):
            x0, y0, x1, y1 = bounds.get(line, box)
            bounds[line] = (min(x0, box[0]), min(y0, box[1]), max(x1, box[2]), max(y1, box[3]))
    visible = []
    for x0, y0, x1, y1 in bounds.values():
        x0, y0, x1, y1 = max(0.0, x0), max(0.0, y0), min(width, x1), min(height, y1)
        if x0 < x1 and y0 < y1:
            visible.append((page_number, round(x0, 2), round(y0, 2), round(x1, 2), round(y1, 2)))
    return visible
