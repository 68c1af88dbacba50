"""The bookmarks of a PDF: the table of contents that its author gave it.

Owns: which of them lead to a page of the file, and how many are read. Knows nothing about the words on the pages.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pypdfium2

_MOST, _DEEPEST, _LONGEST = 2000, 6, 500


def bookmarks_of(document: Any) -> list[tuple[str, int, int]]:
    """Read the bookmarks that lead to a page of the file, in order.

    Args:
        document: PDFium's document.

    Returns:
        The words, the level from 1 and the page from 1 of each; none where the file has none. A chain of bookmarks that
        leads back to itself ends there.
    """
    found: list[tuple[str, int, int]] = []
    with suppress(pypdfium2.PdfiumError):
        for bookmark in document.get_toc(max_depth=_DEEPEST):
            destination = bookmark.get_dest()
            page = destination.get_index() if destination else None
            words = " ".join(bookmark.get_title()[:_LONGEST].split())
            if words and page is not None and 0 <= page < len(document):
                found.append((words, bookmark.level + 1, page + 1))
            if len(found) == _MOST:
                break
    return found
