"""Bytes of a known kind to a Document.

Owns: which reader reads which kind, the choice of a title, and the one sentence a reader's failure becomes. Knows
nothing about files or processes. Readers are imported when they are first needed.
"""

from __future__ import annotations

import re
from pathlib import PurePath

from rag.errors import LoadError, SkipFile
from rag.load import sniff
from rag.load.builder import Builder, too_much_text
from rag.load.limits import Limits
from rag.load.plain_text.markdown import code_blocks, markdown_blocks, markdown_title, plain_blocks
from rag.load.text import canonical, decode
from rag.types import Block, Document

_NAMES = {
    sniff.PDF: "a PDF",
    sniff.DOCX: "a Word document",
    sniff.PPTX: "a presentation",
    sniff.XLSX: "a workbook",
    sniff.EPUB: "an EPUB",
    sniff.EML: "a message",
}
_SCANS = {sniff.PLAIN: plain_blocks, sniff.MARKDOWN: markdown_blocks, sniff.CODE: code_blocks}


def parse(data: bytes, name: str, media_type: str, limits: Limits) -> Document:
    """The document in ``data``. Raises LoadError or SkipFile, and nothing else but MemoryError."""
    try:
        document = _parse(data, name, media_type, limits)
    except (LoadError, MemoryError):
        raise
    except RecursionError:
        raise LoadError("nested too deeply to be read; flatten it or save it in another format") from None
    except Exception:
        # Libraries raise nearly anything on damaged files. What they say helps no reader, so it goes no further.
        kind = _NAMES.get(media_type, "a document")
        raise LoadError(f"damaged: it cannot be read as {kind}; save it again or restore a copy") from None
    if not document.blocks:
        raise SkipFile("empty: there is no text in it")
    return document


def _parse(data: bytes, name: str, media_type: str, limits: Limits) -> Document:
    if media_type in _SCANS:
        return _scan(decode(data), name, media_type, limits)
    builder = Builder(limits.max_characters)
    title = ""
    if media_type == sniff.PDF:
        from rag.load.pdf.reader import read_pdf

        title = read_pdf(data, builder, limits.max_pages) or _named(name)
    elif media_type in (sniff.DOCX, sniff.PPTX, sniff.XLSX, sniff.EPUB):
        title = _read_package(data, builder, media_type, limits)
    elif media_type == sniff.EML:
        from rag.load.markup.mail import read_eml

        title = read_eml(data, builder)
    else:
        text = decode(data)
        if media_type == sniff.HTML:
            from rag.load.markup.html import read_html

            title = read_html(text, builder)
        elif media_type in (sniff.CSV, sniff.TSV):
            from rag.load.data.csv import read_delimited

            read_delimited(text, builder, "\t" if media_type == sniff.TSV else "")
        else:
            from rag.load.data.json import read_json, read_jsonl

            if media_type == sniff.JSONL:
                read_jsonl(text, builder)
            elif not read_json(text, builder):
                # Text that is not quite JSON (comments, a comma too many) is still text.
                return _scan(text, name, sniff.CODE, limits)
    tabular = media_type in (sniff.CSV, sniff.TSV, sniff.XLSX)
    return builder.document(_title(title, "" if tabular else builder.first_heading(), name), media_type)


def _read_package(data: bytes, builder: Builder, media_type: str, limits: Limits) -> str:
    from rag.load.zip_package import open_package

    package = open_package(data, limits.max_expansion)
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


def _scan(text: str, name: str, media_type: str, limits: Limits) -> Document:
    if len(text) > limits.max_characters:
        raise too_much_text(limits.max_characters)
    blocks = _SCANS[media_type](text)
    title = ""
    if media_type == sniff.MARKDOWN:
        title = markdown_title(text) or _heading_words(text, blocks)
    return Document(text, _title(title, "", name), media_type, blocks)


def _heading_words(text: str, blocks: tuple[Block, ...]) -> str:
    """The first heading without its marks: the number signs before it, the line under it."""
    heading = next((block for block in blocks if block.kind == "heading"), None)
    if heading is None:
        return ""
    words = text[heading.start : heading.end].split("\n")[0].strip()
    return words.strip("#").strip()


def _title(given: str, heading: str, name: str) -> str:
    """The first of the title that a file gives, its first heading and its name without the ending."""
    for title in (given, heading, PurePath(name).stem, name):
        title = " ".join(canonical(title).split())
        if title:
            return title[:200]
    return "untitled"


def _named(name: str) -> str:
    """A PDF's file name where it says something: it is a better guide than a heading guessed from its letters."""
    stem = PurePath(name).stem
    words = [word for word in re.split(r"[\W_]+", stem) if word]
    telling = [word for word in words if len(word) > 2 and word.isalpha()]
    return stem if len(words) > 1 and telling else ""
