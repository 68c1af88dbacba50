"""Conversations as documents of their own.

Owns: which formats there are, and the names of files. Everything that documents, models and people wrote is shown as
words: it becomes no link, picture, script or template in a viewer.

Interface: ``FORMATS``, ``file_name`` and ``all_as_zip``; ``to_markdown``, ``to_html``, ``to_word`` and ``to_pdf``.

    beside            what every format says beside questions and answers
    page              HTML, one file that loads nothing and runs nothing
    blocks            that HTML as headings, paragraphs, lists, quotes and tables
    markdown          Markdown
    markdown_blocks   those blocks as Markdown
    word, pdf         those as a Word document and as a PDF
    fonts             the fonts of the PDF
"""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from collections.abc import Callable, Iterable, Sequence

from rag.store.catalog import Conversation, StoredTurn
from rag.store.catalog.transfer import FILE_NAME
from ui.i18n import Translate
from ui.views.export.markdown import to_markdown
from ui.views.export.page import to_html
from ui.views.export.pdf import to_pdf
from ui.views.export.word import to_word

__all__ = ["FORMATS", "all_as_zip", "file_name", "to_html", "to_markdown", "to_pdf", "to_word"]

_LONGEST_NAME = 60

Write = Callable[[Conversation, Sequence[StoredTurn], Translate], str | bytes]
FORMATS: dict[str, tuple[Write, str]] = {
    "md": (to_markdown, "text/markdown"),
    "html": (to_html, "text/html"),
    "docx": (to_word, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "pdf": (to_pdf, "application/pdf"),
}
"""What writes a format and its media type, by the ending of its files."""


def file_name(conversation: Conversation, ending: str) -> str:
    """Return a harmless ASCII file name for a download: ``footnote-the-toll-of-the-bridge.md``."""
    plain = unicodedata.normalize("NFKD", conversation.title).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain)[:_LONGEST_NAME].strip("-")
    return f"footnote-{words or 'conversation'}.{ending}"


def all_as_zip(
    conversations: Iterable[tuple[Conversation, Sequence[StoredTurn]]], importable: str, t: Translate
) -> bytes:
    """Return an archive of conversations: each as Markdown to be read, and all of them to be imported again.

    Args:
        conversations: The heads with their turns.
        importable: All of them as JSON.
        t: Gives the texts beside them in the reader's language.

    Returns:
        The archive.
    """
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(FILE_NAME, importable)
        for conversation, turns in conversations:
            name = f"{conversation.created[:10]}-{conversation.id[:6]}-{file_name(conversation, 'md')}"
            archive.writestr(name, to_markdown(conversation, turns, t).encode("utf-8", "replace"))
    return packed.getvalue()
