"""Read attached files with the readers of their formats.

Owns: which attachments are read, and what is said of the others. Knows nothing about formats.

An attachment is told by its content and its name as any file is; its name chooses no path and is never opened.
"""

from __future__ import annotations

from rag.errors import LoadError
from rag.load.append import append_document
from rag.load.builder import Builder
from rag.load.limits import Limits
from rag.notices import Notice
from rag.types import Document

# Larger attachments, in bytes, are named only.
LARGEST_ATTACHMENT = 20_000_000
MAILS = ("mail", "mbox", "msg")
"""The readers of messages and mailboxes, by which an attached one is told."""


def reader_of(name: str, data: bytes) -> str:
    """Tell which reader reads an attachment.

    Args:
        name: The name of the attachment.
        data: Its bytes.

    Returns:
        The name that the reader has among all readers; "" where none reads it.
    """
    from rag.load.sniff import sniff

    if not data or len(data) > LARGEST_ATTACHMENT:
        return ""
    try:
        return sniff(data, name)
    except LoadError:
        return ""


def add_attachment(builder: Builder, name: str, document: Document, levels: int) -> None:
    """Append the text of an attachment below its name.

    Args:
        builder: What it is appended to.
        name: The name of the attachment.
        document: What its reader read of it.
        levels: The level of the heading that is its name.
    """
    builder.add("heading", name, levels)
    append_document(builder, document, levels)
    for warning in document.warnings:
        builder.warn(Notice("reading-attachment", {"attachment": name, "warning": warning.as_json()}))


def document_of(name: str, data: bytes, reader: str, limits: Limits, room: int) -> Document | None:
    """Return what a reader reads of an attachment.

    Args:
        name: The name of the attachment.
        data: Its bytes.
        reader: The name of its reader.
        limits: The limits of reading.
        room: How many characters of text there is room for.

    Returns:
        The document; None for a file that cannot be read, and for one that is too long.
    """
    from rag.load.parse import parse

    try:
        document = parse(data, name, reader, limits)
    except LoadError:
        return None
    return document if len(document.text) < room else None
