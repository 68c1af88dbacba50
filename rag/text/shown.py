"""What may be printed, and how text is written on one line or for an encoder. Pure.

Owns: shortening, and what stands in the place of characters that could harm a terminal. Knows nothing about words.
"""

from __future__ import annotations

import re
from unicodedata import category

_NAME_JOINTS = re.compile(r"[_/\\]+|\.(?=[A-Za-z]+$)")

# Not printable to Python, yet harmless: line ends, soft hyphens, and the joiners of emoji and of some scripts.
_HARMLESS = frozenset("\n\t\u00ad\u200c\u200d")


def shorten(text: str, longest: int) -> str:
    """Return the beginning of a text on one line.

    Args:
        text: Any text; white space of any kind becomes single spaces.
        longest: Most characters of the line.

    Returns:
        The line; one that was cut ends with an ellipsis.
    """
    line = " ".join(text.split())
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"


def printable(text: str) -> str:
    """Return text without the control characters that could move a terminal's cursor, change its colours or hide words.

    U+FFFD stands in their place.
    """
    return "".join(c if c.isprintable() or c in _HARMLESS or category(c) == "Zs" else "\ufffd" for c in text)


def source_as_words(source: str) -> str:
    """Return the folders and the name of a source as words: "reports_2023/Q2.md" names a year and a quarter."""
    return _NAME_JOINTS.sub(" ", source)


def embedded_text(chunk_text: str, context: str) -> str:
    """Return what is embedded for a chunk.

    Args:
        chunk_text: The chunk's words.
        context: The document's title and the headings above the chunk; may be empty.

    Returns:
        The context on a line of its own, then the words.
    """
    return f"{context}\n{chunk_text}" if context else chunk_text
