"""Check a document that a reader from outside has made, before anything relies on it.

Owns: what holds for every document. Knows nothing about formats.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any, get_args

from rag.errors import LoadError
from rag.load.builder import check_length
from rag.load.limits import Limits
from rag.load.text import canonical
from rag.load.titles import first_title
from rag.notices import Notice
from rag.types import Block, BlockKind, Document, Table, TableCell

_KINDS = frozenset(get_args(BlockKind))


def checked_document(made: Any, name: str, limits: Limits, reader: str, package: str) -> Document:
    """Return what a reader has made, with a title, when it is a document that can be cited.

    Args:
        made: What the reader returned.
        name: The name of the file.
        limits: The limits of reading.
        reader: The name of the reader.
        package: The package that brings it.

    Returns:
        The document.

    Raises:
        LoadError: When spans of it would not be what they say.
        SkipFile: When it holds too much text.
    """
    fault = fault_of(made)
    if fault:
        raise LoadError(Notice("file-uncitable", {"reader": reader, "package": package, "fault": fault}))
    document: Document = made
    check_length(document.text, limits)
    title = first_title(name, document.title)
    return replace(
        document,
        title=title,
        blocks=tuple(document.blocks),
        pages=tuple(document.pages),
        tables=tuple(document.tables),
        warnings=tuple(document.warnings),
    )


def fault_of(made: Any) -> str:
    """Return what keeps a document from being cited, as a word of the notice ``file-uncitable``; "" for a good one."""
    if not isinstance(made, Document) or not _is_words(made.title) or not _is_words(made.media_type):
        return "document"
    if not isinstance(made.blocks, (tuple, list)) or not isinstance(made.pages, (tuple, list)) or not made.media_type:
        return "document"
    if not _is_words(made.text):
        return "text"
    if any(not _is_block(block) for block in made.blocks):
        return "kinds"
    end = 0
    for block in made.blocks:
        if not 0 <= block.start < block.end <= len(made.text):
            return "bounds"
        if block.start < end:
            return "order"
        if made.text[end : block.start].strip():
            return "gaps"
        end = block.end
    if made.text[end:].strip():
        return "gaps"
    if not _are_pages(made.pages, len(made.text)):
        return "pages"
    if not isinstance(made.tables, (tuple, list)) or any(not _is_table(table, len(made.text)) for table in made.tables):
        return "tables"
    are_notices = isinstance(made.warnings, (tuple, list)) and all(isinstance(each, Notice) for each in made.warnings)
    return "" if are_notices and _is_day(made.date) else "notes"


def _is_words(value: Any) -> bool:
    """Tell whether a value is canonical text: anything else cannot be stored, or shifts the offsets into it."""
    return isinstance(value, str) and canonical(value) == value


def _is_block(block: Any) -> bool:
    return (
        isinstance(block, Block)
        and all(type(number) is int for number in (block.start, block.end, block.level))
        and block.kind in _KINDS
        and block.level >= 0
        and _is_words(block.header)
    )


def _are_pages(pages: Any, length: int) -> bool:
    """Tell whether pages start at the beginning and ascend; an empty page starts where the next one does."""
    starts = list(pages)
    if any(type(start) is not int for start in starts):
        return False
    return not starts or (starts[0] == 0 and starts == sorted(starts) and starts[-1] <= length)


def _is_table(table: Any, length: int) -> bool:
    """Tell whether a table and its cells lie inside the text, and its names are words."""
    if not isinstance(table, Table) or not 0 <= table.start <= table.end <= length or not _is_words(table.caption):
        return False
    return all(map(_is_words, (name for names in table.names for name in names))) and all(
        isinstance(cell, TableCell)
        and all(type(number) is int for number in cell)
        and table.start <= cell.start < cell.end <= table.end
        and min(cell.row, cell.column, cell.columns - 1) >= 0
        for cell in table.cells
    )


def _is_day(value: Any) -> bool:
    """Tell whether a date is empty or a day, ``YYYY-MM-DD``."""
    if value == "":
        return True
    try:
        return bool(date.fromisoformat(value).isoformat() == value)
    except (TypeError, ValueError):
        return False
