"""Tell which sources a name or a pattern means, however its letters are composed.

Owns: the matching of names. "Ü" may be one character or two: file systems keep it as it was written, and keyboards
write the first. Two names that differ in that alone stay two. Pure.
"""

from __future__ import annotations

import glob
import unicodedata
from collections.abc import Sequence
from fnmatch import fnmatchcase


def composed(text: str) -> str:
    """Return a text with each letter and its marks as one character where there is one."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def decomposed(text: str) -> str:
    """Return a text with the marks of letters as characters of their own."""
    return text if text.isascii() else unicodedata.normalize("NFD", text)


def same_name(names: Sequence[str], wanted: str) -> list[str]:
    """Return the names that are the wanted one.

    Args:
        names: Names of sources.
        wanted: A name.

    Returns:
        The very name, else those that are composed in another way.
    """
    if wanted in names:
        return [wanted]
    return [name for name in names if composed(name) == composed(wanted)]


def matching(names: Sequence[str], pattern: str) -> list[str]:
    """Return the names that a pattern means.

    Args:
        names: Names of sources.
        pattern: A name, as it is or with its wildcards escaped; else a glob.

    Returns:
        The source of that name, else those that the glob matches, in the order of ``names``.
    """
    if found := same_name(names, pattern):
        return found
    if escaped := [name for name in names if glob.escape(name) == pattern]:
        return escaped
    return [name for name in names if fnmatchcase(composed(name), composed(pattern))]
