"""Parse the bytes of a file of a known media type to a Document.

Owns: which reader reads which media type, the choice of a title, and the one sentence a reader's failure becomes. Knows
nothing about files or processes. Readers are imported when they are first needed.
"""

from __future__ import annotations

import re
from pathlib import PurePath

from rag.errors import LoadError, SkipFile
from rag.load import sniff
from rag.load.builder import Builder, too_much_text
from rag.load.limits import Limits
from rag.load.plain_text.code import code_blocks
from rag.load.plain_text.markdown import markdown_blocks, markdown_title
from rag.load.plain_text.plain import plain_blocks
from rag.load.text import canonical, decode
from rag.types import Block, Document

_FORMAT_NAMES = {
    sniff.PDF: "a PDF",
    sniff.DOCX: "a Word document",
    sniff.PPTX: "a presentation",
    sniff.XLSX: "a workbook",
    sniff.EPUB: "an EPUB",
    sniff.EML: "a message",
}
# Media types whose files are their own canonical text.
_BLOCK_SCANS = {sniff.PLAIN: plain_blocks, sniff.MARKDOWN: markdown_blocks, sniff.CODE: code_blocks}
_PACKAGES = (sniff.DOCX, sniff.PPTX, sniff.XLSX, sniff.EPUB)
# The headings of these are names of sheets, and no title.
_TABULAR = (sniff.CSV, sniff.TSV, sniff.XLSX)
_LONGEST_TITLE = 200


def parse(data: bytes, name: str, media_type: str, limits: Limits) -> Document:
    """Return the document in the bytes of a file.

    Args:
        data: The bytes of the file.
        name: The name of the file, for a title where it gives no better one.
        media_type: Its media type, as ``sniff`` returns it.
        limits: The limits of reading it.

    Returns:
        The document, with one block at least.

    Raises:
        LoadError: When the file cannot be read.
        MemoryError: When it takes too much memory. Nothing else is raised.
        SkipFile: When there is no text in it, or too much.
    """
    try:
        document = _parse(data, name, media_type, limits)
    except (LoadError, MemoryError):
        raise
    except RecursionError:
        raise LoadError("nested too deeply to be read; flatten it or save it in another format") from None
    except Exception:
        # Libraries raise nearly anything on damaged files. What they say helps no reader, so it goes no further.
        kind = _FORMAT_NAMES.get(media_type, "a document")
        raise LoadError(f"damaged: it cannot be read as {kind}; save it again or restore a copy") from None
    if not document.blocks:
        raise SkipFile("empty: there is no text in it")
    return document


def _parse(data: bytes, name: str, media_type: str, limits: Limits) -> Document:
    if media_type in _BLOCK_SCANS:
        return _scan(decode(data), name, media_type, limits)
    builder = Builder(limits.max_characters)
    if media_type == sniff.JSON:
        from rag.load.data.json import read_json

        text = decode(data)
        if not read_json(text, builder):
            # Text that is not quite JSON (comments, a comma too many) is still text.
            return _scan(text, name, sniff.CODE, limits)
        given = ""
    elif media_type == sniff.PDF:
        from rag.load.pdf.reader import read_pdf

        given = read_pdf(data, builder, limits.max_pages) or _telling_stem(name)
    elif media_type in _PACKAGES:
        given = _read_package(data, builder, media_type, limits)
    elif media_type == sniff.EML:
        from rag.load.markup.mail import read_eml

        given = read_eml(data, builder)
    else:
        given = _read_text(decode(data), builder, media_type)
    heading = "" if media_type in _TABULAR else builder.first_heading()
    return builder.document(_title(given, heading, name), media_type)


def _read_package(data: bytes, builder: Builder, media_type: str, limits: Limits) -> str:
    """Append a zip-based document; return the title that it gives, or ""."""
    from rag.load.zip_package import safe_package

    package = safe_package(data, limits.max_expansion)
    if media_type == sniff.DOCX:
        from rag.load.office.word import read_docx

        return read_docx(package, builder)
    if media_type == sniff.PPTX:
        from rag.load.office.powerpoint import read_pptx

        return read_pptx(package, builder, limits.max_pages)
    if media_type == sniff.XLSX:
        from rag.load.office.excel import read_xlsx

        return read_xlsx(package, builder)
    from rag.load.markup.epub import read_epub

    return read_epub(package, builder)


def _read_text(text: str, builder: Builder, media_type: str) -> str:
    """Append the blocks of an HTML, CSV, TSV or JSON Lines text; return the title that it gives, or ""."""
    if media_type == sniff.HTML:
        from rag.load.markup.html import read_html

        return read_html(text, builder)
    if media_type == sniff.JSONL:
        from rag.load.data.json import read_jsonl

        read_jsonl(text, builder)
    else:
        from rag.load.data.csv import read_delimited

        read_delimited(text, builder, "\t" if media_type == sniff.TSV else "")
    return ""


def _scan(text: str, name: str, media_type: str, limits: Limits) -> Document:
    """Return the document of a text that is its own canonical text."""
    if len(text) > limits.max_characters:
        raise too_much_text(limits.max_characters)
    blocks = _BLOCK_SCANS[media_type](text)
    title = ""
    if media_type == sniff.MARKDOWN:
        title = markdown_title(text) or _heading_words(text, blocks)
    return Document(text, _title(title, "", name), media_type, blocks)


def _heading_words(text: str, blocks: tuple[Block, ...]) -> str:
    """Return the first heading without its marks: the number signs before it, the line under it; "" for none."""
    heading = next((block for block in blocks if block.kind == "heading"), None)
    if heading is None:
        return ""
    words = text[heading.start : heading.end].split("\n")[0].strip()
    return words.strip("#").strip()


def _title(given: str, heading: str, name: str) -> str:
    """Return the first that is there: the title that a file gives, its first heading, its name without the ending."""
    for title in (given, heading, PurePath(name).stem, name):
        title = " ".join(canonical(title).split())
        if title:
            return title[:_LONGEST_TITLE]
    return "untitled"


def _telling_stem(name: str) -> str:
    """Return a PDF's file name without its ending where it says something, or "".

    It is a better guide than a heading guessed from its letters.
    """
    stem = PurePath(name).stem
    words = [word for word in re.split(r"[\W_]+", stem) if word]
    has_long_word = any(len(word) > 2 and word.isalpha() for word in words)
    return stem if len(words) > 1 and has_long_word else ""
