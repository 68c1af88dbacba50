"""Names of models that begin with the name of the part that opens them: ``PREFIX:NAME``.

Owns: where such a name is cut, and why a part of that name cannot be used. Knows nothing about what a part opens.
"""

from __future__ import annotations

from typing import Any

from rag.parts import Parts


def split_name(text: str, parts: Parts[Any]) -> tuple[str, str]:
    """Cut a name behind its prefix.

    Args:
        text: ``PREFIX:NAME``, a prefix alone, or any other text. A single letter is the drive of a Windows path.
        parts: The parts whose names are prefixes.

    Returns:
        The prefix and what stands behind the colon; without a prefix, "" and the text.
    """
    prefix, _, name = text.partition(":")
    return (prefix, name) if len(prefix) > 1 and prefix in parts.names() else ("", text)


def problem_of(name: str, parts: Parts[Any]) -> str:
    """Return why a part cannot be used.

    Args:
        name: The part.
        parts: The table that has it.

    Returns:
        One sentence; "" where it can be used.
    """
    return next((part.problem for part in parts.describe_outside() if part.name == name), "")
