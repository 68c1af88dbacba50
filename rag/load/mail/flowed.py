"""Join the lines of paragraphs that were broken for the way (RFC 3676, format=flowed). Pure."""

from __future__ import annotations

_SIGNATURE = "-- "


def unflowed(text: str, deletes_space: bool) -> str:
    """Return a text with its paragraphs on one line each.

    Args:
        text: The text of a part with ``format=flowed``.
        deletes_space: Whether the space that ends a broken line is no part of the text (``delsp=yes``).

    Returns:
        The text; quoted lines keep one mark for each level.
    """
    joined: list[str] = []
    # How often the paragraph that goes on is quoted, and its lines so far.
    depth, open_lines = 0, list[str]()
    for line in text.split("\n"):
        words = line.lstrip(">")
        quoted = len(line) - len(words)
        # A space was put before lines that begin with one, with "From " or with ">".
        words = words.removeprefix(" ")
        if open_lines and (quoted != depth or words == _SIGNATURE):
            joined.append(_line(depth, open_lines))
            open_lines = []
        depth = quoted
        if words.endswith(" ") and words != _SIGNATURE:
            open_lines.append(words[:-1] if deletes_space else words)
        else:
            joined.append(_line(depth, [*open_lines, words]))
            open_lines = []
    if open_lines:
        joined.append(_line(depth, open_lines))
    return "\n".join(joined)


def _line(depth: int, lines: list[str]) -> str:
    words = "".join(lines)
    return f"{'>' * depth} {words}" if depth else words
