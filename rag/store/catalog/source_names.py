"""Tell which sources a name or a pattern means, however its letters are composed.

Owns: the matching of names. "Ü" may be one character or two: file systems keep it as it was written, and keyboards
write the first. Two names that differ in that alone stay two. In a pattern only ``*`` and ``?`` are special: brackets
stand in many names. Pure.
"""

from __future__ import annotations

import fnmatch
import glob
import re
import unicodedata
from collections.abc import Iterable, Sequence

# Characters of ASCII that no composing makes out of others, and that are no wildcards: the sign for kelvin becomes a K.
_SAME_EVERYWHERE = re.compile(r"[^*?\[\]K;`\x80-\U0010ffff]*")


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


def literal_start(pattern: str) -> str:
    """Return the characters that a name begins with wherever the pattern means it, however it is composed.

    Args:
        pattern: A name or a glob.

    Returns:
        What stands before the first wildcard and the first character that could be composed otherwise.
    """
    return _SAME_EVERYWHERE.match(pattern).group()  # type: ignore[union-attr]


def matching(names: Iterable[str], pattern: str) -> list[str]:
    """Return the names that a pattern means.

    Args:
        names: Names of sources.
        pattern: A name, as it is or with its wildcards escaped; else a glob.

    Returns:
        The source of that name, else those that the glob matches, in the order of ``names``. ``*`` stands for any
        characters and ``?`` for one; they match in time linear in the length of a name.
    """
    wanted = composed(pattern)
    unescaped = re.sub(r"\[([*?[])\]", r"\1", pattern)
    is_escaped = glob.escape(unescaped) == pattern
    # fnmatch reads a bracket in brackets as itself.
    matches = re.compile(fnmatch.translate(wanted.replace("[", "[[]"))).match
    alike: list[str] = []
    escaped: list[str] = []
    matched: list[str] = []
    for name in names:
        if name == pattern:
            return [name]
        name_composed = composed(name)
        if name_composed == wanted:
            alike.append(name)
        if is_escaped and name == unescaped:
            escaped.append(name)
        if matches(name_composed):
            matched.append(name)
    return alike or escaped or matched
