"""Choose the title of a document.

Owns: what makes a title of words that a file gives, and which of several is taken. Knows nothing about formats.
"""

from __future__ import annotations

from pathlib import PurePath

from rag.load.text import canonical

_LONGEST_TITLE = 200


def first_title(name: str, *candidates: str) -> str:
    """Return the first title that says something, on one line.

    Args:
        name: The name of the file, which is its title, without the ending, where nothing better is there.
        candidates: Titles, the best one first; "" for none.

    Returns:
        The title.
    """
    for title in (*candidates, PurePath(name).stem, name):
        title = " ".join(canonical(title).split())
        if title:
            return title[:_LONGEST_TITLE]
    return "untitled"
