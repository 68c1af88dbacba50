"""Other people's text in one line of a terminal.

Owns: that no name of a file and no words of a document break a line or move the cursor.
"""

from __future__ import annotations

from rag.text import printable


def one_line(text: str) -> str:
    """Return text in one line, white space as single spaces and control characters as replacement characters."""
    return " ".join(printable(text).split())


def ending(text: str, longest: int) -> str:
    """Return the end of a text in one line: of a path it tells more than the beginning.

    Args:
        text: Any text.
        longest: Most characters of the line.

    Returns:
        The line; one that was cut begins with an ellipsis.
    """
    line = one_line(text)
    if len(line) <= longest:
        return line
    return "…" + line[len(line) - longest + 1 :] if longest > 1 else ""
