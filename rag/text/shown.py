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


def plain_line(text: str, longest: int = 300) -> str:
    """Return the beginning of other people's text as one line that can be printed.

    Args:
        text: Any text.
        longest: Most characters of the line.

    Returns:
        The line; one that was cut ends with an ellipsis.
    """
    return shorten(printable(text), longest)


def source_as_words(source: str) -> str:
    """Return the folders and the name of a source as words: "reports_2023/Q2.md" names a year and a quarter."""
    return _NAME_JOINTS.sub(" ", source)


def embedded_text(chunk_text: str, context: str) -> str:
    """Return what is embedded for a chunk.

    Args:
        chunk_text: The chunk's words.
        context: The document's title and the headings above the chunk; may be empty.

    Returns:
        The context on a line of its own, then the words; of rows that say one set of names, the first alone says them.
    """
    words = without_repeated_names(chunk_text)
    return f"{context}\n{words}" if context else words


def without_repeated_names(text: str) -> str:
    """Return lines such as "Rent; 2023: 4; 2024: 5", without the names that a line before them says already.

    The rows of a table say the names of all columns each time, which would leave an encoder little room for the rest.
    """
    if text.count(": ") <= text.count("\n"):
        return text
    lines: list[str] = []
    known: frozenset[str] = frozenset()
    for line in text.split("\n"):
        names = names_in_row(line)
        if names and names <= known:
            lines.append("; ".join(piece.partition(": ")[2] or piece for piece in line.split("; ")))
        else:
            lines.append(line)
            known = names
    return "\n".join(lines)


def names_in_row(line: str) -> frozenset[str]:
    """Return the names that a line says of its values, "2023" and "2024" of "Rent; 2023: 4; 2024: 5"; two at least."""
    names = frozenset(name for name, colon, _ in (piece.partition(": ") for piece in line.split("; ")) if colon)
    return names if len(names) > 1 else frozenset()
