"""Read a PDF: its pages' text, as blocks, and its title.

Owns: the course of that reading, and which title of a PDF's properties is one. Knows nothing about glyphs or lines.
"""

from __future__ import annotations

import re
from typing import Any

import pypdfium2

from rag.errors import SkipFile
from rag.load.builder import Builder
from rag.load.pdf import ocr
from rag.load.pdf.headings import body_height, heading_level
from rag.load.pdf.layout import is_scanned, page_blocks
from rag.load.pdf.margins import find_margins
from rag.load.pdf.pdfium import open_document, open_page, open_text_page
from rag.load.pdf.records import TableRecords, carry_names
from rag.load.pdf.render import page_picture
from rag.load.pdf.types import LayoutBlock
from rag.load.text import canonical
from rag.notices import Notice

# OCR reads a page at 250 dots an inch; an inch has 72 points.
_OCR_SCALE = 250 / 72


def read_pdf(data: bytes, builder: Builder, max_pages: int) -> str:
    """Append each page's text.

    Args:
        data: The bytes of the file.
        builder: What the pages and their blocks are appended to.
        max_pages: The most pages that a file may have.

    Returns:
        The title that the properties give, or "" where they give none that a person wrote.

    Raises:
        SkipFile: When there are too many pages, or no text on any of them.
        LoadError: When the file is damaged or protected by a password.
    """
    with open_document(data) as document:
        if len(document) > max_pages:
            raise SkipFile(Notice("file-too-many-pages", {"pages": max_pages}))
        pages = [_read_page(document, number) for number in range(len(document))]
        scanned = [number for number, blocks in enumerate(pages) if is_scanned(blocks)]
        ocr_texts: dict[int, str] = {}
        if scanned and ocr.is_available():
            ocr_texts = {number: ocr.read(page_picture(document, number, _OCR_SCALE).png) for number in scanned}
        title = _sane_title(document.get_metadata_value("Title") or "")
    body = body_height(pages)
    margins = find_margins(pages)
    carry_names(pages)
    records = TableRecords(builder)
    for number, blocks in enumerate(pages):
        builder.begin_page()
        if ocr_texts.get(number):
            for paragraph in re.split(r"\n\s*\n", ocr_texts[number]):
                builder.add("paragraph", " ".join(paragraph.split()))
            continue
        for block in blocks:
            level = heading_level(block, body)
            is_margin = not level and id(block) in margins
            start = builder.add("heading" if level else block.kind, block.text, level, block.header, is_margin)
            records.add(block, start)
    records.close()
    if not builder.blocks:
        raise SkipFile(Notice("file-scanned"))
    return title


def _read_page(document: Any, number: int) -> list[LayoutBlock]:
    """Return the blocks of a page, or none for a page that PDFium cannot read: the others still can be."""
    try:
        with open_page(document, number) as page, open_text_page(page) as text_page:
            return page_blocks(page, text_page)
    except pypdfium2.PdfiumError:
        return []


def _sane_title(title: str) -> str:
    """Return a title as a person gives one: words, and no file name or number that a program left behind; else ""."""
    title = " ".join(canonical(title).split())
    title = re.sub(r"^Microsoft (?:Word|PowerPoint|Excel) - ", "", title)
    is_file_name = re.search(r"\.(?:docx?|pdf|pptx?|xlsx?|tex|dvi|indd|qxd|rtf|html?)$", title, re.I)
    words = [word for word in title.split() if sum(map(str.isalpha, word)) >= 2]
    if is_file_name or len(words) < 2 or len(title) > 200 or title.lower().startswith("untitled"):
        return ""
    return title
