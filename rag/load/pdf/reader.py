"""Read a PDF: its pages' text, as blocks, its title and its date.

Owns: the course of that reading, what is said of pages that are pictures, and which title of a PDF's properties is one.
Knows nothing about glyphs or lines.
"""

from __future__ import annotations

import gc
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from typing import Any

import pypdfium2

from rag.errors import SkipFile
from rag.load import recognition
from rag.load.builder import Builder
from rag.load.pdf.bookmarks import bookmarks_of
from rag.load.pdf.headings import body_height, bookmarked, heading_level, plain
from rag.load.pdf.layout import PageReading, read_page
from rag.load.pdf.margins import find_margins
from rag.load.pdf.pdfium import open_document, open_page, open_text_page, page_image, page_transform
from rag.load.pdf.pictures import is_implausible, shows_words
from rag.load.pdf.tables.records import TableRecords, carry_names
from rag.load.pdf.types import Box
from rag.load.pictures.letters import legible
from rag.load.text import canonical
from rag.notices import Notice

# Characters are recognised at 250 dots an inch; an inch has 72 points.
_OCR_SCALE = 250 / 72
# A file may claim to hold any number of others.
_MOST_ATTACHMENTS = 100
# Fewer recognised letters are specks.
_FEW_LETTERS = 8
_DATE = re.compile(r"(?:D:)?(\d{4})(\d\d)?(\d\d)?")


def read_pdf(data: bytes, builder: Builder, max_pages: int, ocr_languages: str = "") -> str:
    """Append each page's text.

    Args:
        data: The bytes of the file.
        builder: What the pages and their blocks are appended to; it is told the date, and which pages are not read.
        max_pages: The most pages that a file may have.
        ocr_languages: The languages of pictured words, as ``Limits`` has them.

    Returns:
        The title that the properties give, or "" where they give none that a person wrote.

    Raises:
        SkipFile: When there are too many pages, or no text on any of them.
        LoadError: When the file is damaged or protected by a password.
    """
    with open_document(data) as document, _without_collection():
        if len(document) > max_pages:
            raise SkipFile(Notice("file-too-many-pages", {"pages": max_pages}))
        pages = [_read_page(document, number) for number in range(len(document))]
        recognised, wordless = _recognise(document, pages, ocr_languages)
        title = _sane_title(document.get_metadata_value("Title") or "")
        dates = (_day(document.get_metadata_value(name) or "") for name in ("ModDate", "CreationDate"))
        builder.date = next(filter(None, dates), "")
        attached, bookmarks = _attachments(document), bookmarks_of(document)
    _add_pages(pages, recognised, bookmarked(bookmarks), builder)
    if not builder.blocks:
        raise SkipFile(Notice("file-scanned-wordless" if wordless else "file-scanned"))
    _warn(pages, recognised, wordless, builder)
    if attached:
        builder.warn(Notice("reading-attachments", {"names": attached}))
    return title


def _attachments(document: Any) -> list[str]:
    """Return the names of the files that are attached to a document."""
    with suppress(pypdfium2.PdfiumError):
        count = min(document.count_attachments(), _MOST_ATTACHMENTS)
        names = (" ".join(document.get_attachment(number).get_name().split()) for number in range(count))
        return list(dict.fromkeys(filter(None, names)))
    return []


@contextmanager
def _without_collection() -> Iterator[None]:
    """Keep Python from looking for cycles: a page makes thousands of records, and none of them refers to itself.

    PDFium's lock is held meanwhile, so that no two readers pause and go on at the same time.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _read_page(document: Any, number: int) -> PageReading:
    """Read a page; one that PDFium cannot read has no blocks: the others still can be read."""
    try:
        with open_page(document, number) as page, open_text_page(page) as text_page:
            return read_page(page, text_page)
    except pypdfium2.PdfiumError:
        return PageReading([])


def _recognise(document: Any, pages: Sequence[PageReading], languages: str) -> tuple[dict[int, list[str]], set[int]]:
    """Return what is recognised on pages that are pictures, and the pages on which no words are.

    Args:
        document: PDFium's document.
        pages: What was read on its pages.
        languages: The languages of pictured words.

    Returns:
        The paragraphs by the number of the page from 0, none for a page whose picture can be seen to show no words;
        and the numbers of the pages on which words were looked for in vain.
    """
    is_available = recognition.is_available(languages)
    recognised: dict[int, list[str]] = {}
    wordless: set[int] = set()
    for number, reading in enumerate(pages):
        if reading.picture is None:
            continue
        with open_page(document, number) as page:
            box = page_transform(page, page.get_rotation())(reading.picture)
            with page_image(page, _OCR_SCALE if is_available else 1.0) as (image, scale):
                picture = image.crop(_area(box, scale, image.size))
        if reading.letters == "told" and not reading.is_scanned and not shows_words(picture):
            recognised[number] = []
        elif is_available:
            paragraphs = recognition.recognise(legible(picture), languages)
            if _are_better(paragraphs, reading):
                recognised[number] = paragraphs
            elif reading.letters != "implausible":
                wordless.add(number)
    return recognised, wordless


def _area(box: Box, scale: float, size: tuple[int, int]) -> tuple[int, int, int, int]:
    """Return the part of a picture that a box covers, a pixel at least, as left, top, right and bottom in pixels."""
    x0, y0, x1, y1 = (round(value * scale) for value in box)
    left, top = max(0, min(x0, size[0] - 1)), max(0, min(y0, size[1] - 1))
    return left, top, max(left + 1, min(size[0], x1)), max(top + 1, min(size[1], y1))


def _are_better(paragraphs: Sequence[str], reading: PageReading) -> bool:
    """Tell whether recognised paragraphs say more than the page's own text."""
    words = " ".join(paragraphs)
    if sum(map(str.isalpha, words)) < _FEW_LETTERS and not (reading.is_scanned and words):
        return False
    return reading.letters != "implausible" or not is_implausible(words)


def _add_pages(
    pages: Sequence[PageReading],
    recognised: dict[int, list[str]],
    headings: Mapping[tuple[int, str], int],
    builder: Builder,
) -> None:
    blocks_of_pages = [reading.blocks for reading in pages]
    body = body_height(blocks_of_pages)
    margins = find_margins(blocks_of_pages)
    carry_names(blocks_of_pages)
    records = TableRecords(builder)
    for number, reading in enumerate(pages):
        builder.begin_page()
        paragraphs = recognised.get(number, [])
        # What was recognised stands in place of a page's own letters, or behind them.
        is_replaced = bool(paragraphs) and (reading.is_scanned or reading.letters != "told")
        for block in reading.blocks if not is_replaced else ():
            marked = headings.get((number, plain(block.text)), 0) if headings else 0
            level = 0 if block.is_margin else heading_level(block, body, marked)
            is_margin = block.is_margin or (not level and id(block) in margins)
            start = builder.add("heading" if level else block.kind, block.text, level, block.header, is_margin)
            records.add(block, start)
        for paragraph in paragraphs:
            builder.add("paragraph", paragraph)
    records.close()


def _warn(pages: Sequence[PageReading], recognised: dict[int, list[str]], wordless: set[int], builder: Builder) -> None:
    """Say which pages were recognised, and which were not read."""
    numbers: dict[str, list[int]] = {}
    for number, reading in enumerate(pages):
        if recognised.get(number):
            numbers.setdefault("reading-pages-ocr", []).append(number + 1)
        elif number in wordless:
            if not reading.is_sketch:
                numbers.setdefault("reading-pages-wordless", []).append(number + 1)
        elif reading.letters != "told" or reading.has_untold_letters:
            numbers.setdefault("reading-pages-unreadable", []).append(number + 1)
        elif reading.picture is not None and not reading.is_sketch and number not in recognised:
            numbers.setdefault("reading-pages-pictures", []).append(number + 1)
    for code, found in numbers.items():
        builder.warn(Notice(code, {"pages": found}))


def _day(text: str) -> str:
    """Return the day of a date of a PDF's properties, ``D:20240501…``, as ``2024-05-01``; "" for none."""
    found = _DATE.match(text.strip())
    try:
        return date(*(int(part or 1) for part in found.groups())).isoformat() if found else ""
    except ValueError:
        return ""


def _sane_title(title: str) -> str:
    """Return a title as a person gives one: words, and no file name or number that a program left behind; else ""."""
    title = " ".join(canonical(title).replace("\xad", "").split())
    title = re.sub(r"^Microsoft (?:Word|PowerPoint|Excel) - ", "", title)
    is_file_name = re.search(r"\.(?:docx?|pdf|pptx?|xlsx?|tex|dvi|indd|qxd|rtf|html?)$", title, re.I)
    words = [word for word in title.split() if sum(map(str.isalpha, word)) >= 2]
    if is_file_name or len(words) < 2 or len(title) > 200 or title.lower().startswith("untitled"):
        return ""
    return title
