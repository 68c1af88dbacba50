"""Tell which sources a name or a pattern means, however its letters are composed.

Owns: the matching of names. "Ü" may be one character or two: file systems keep it as it was written, and keyboards
write the first. Two names that differ in that alone stay two. In a pattern only ``*`` and ``?`` are special: brackets
stand in many names. A pattern that begins with a slash is a name as it is; since no name begins or ends with a slash,
it is never mistaken for one, and one that ends with a slash, too, is a folder. Pure.
"""

from __future__ import annotations

import fnmatch
import re
import unicodedata
from collections.abc import Iterable, Sequence

_AS_IT_IS = "/"
# Characters of ASCII that no composing makes out of others: the sign for kelvin becomes a K.
_SAME_EVERYWHERE = re.compile(r"[^K;`\x80-\U0010ffff]*")
_NO_WILDCARD = re.compile(r"[^*?]*")


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


def exactly(name: str) -> str:
    """Return the pattern that means a name as it is, with ``*`` and ``?`` for themselves.

    Args:
        name: The name of a source; or that of a folder with a slash at its end, for all that lies in it at any depth.
    """
    return _AS_IT_IS + name


def literal_start(pattern: str) -> str:
    """Return the characters that a name begins with wherever the pattern means it, however it is composed.

    Args:
        pattern: As for ``matching``.

    Returns:
        What stands before the first wildcard and the first character that could be composed otherwise.
    """
    start = composed(pattern)
    start = start[1:] if start.startswith(_AS_IT_IS) else _NO_WILDCARD.match(start).group()  # type: ignore[union-attr]
    return _SAME_EVERYWHERE.match(start).group()  # type: ignore[union-attr]


def matching(names: Iterable[str], pattern: str) -> list[str]:
    """Return the names that a pattern means.

    Args:
        names: Names of sources.
        pattern: A name, or a glob; or what ``exactly`` returned.

    Returns:
        The source of that name, else those that the glob matches, in the order of ``names``. ``*`` stands for any
        characters and ``?`` for one; they match in time linear in the length of a name.
    """
    if not pattern.startswith(_AS_IT_IS):
        return _matching_glob(names, pattern)
    wanted, names = pattern[1:], list(names)
    if not wanted.endswith("/"):
        return same_name(names, wanted)
    return [name for name in names if name.startswith(wanted)] or [
        name for name in names if composed(name).startswith(composed(wanted))
    ]


def _matching_glob(names: Iterable[str], pattern: str) -> list[str]:
    wanted = composed(pattern)
    # fnmatch reads a bracket in brackets as itself.
    matches = re.compile(fnmatch.translate(wanted.replace("[", "[[]"))).match
    alike: list[str] = []
    matched: list[str] = []
    for name in names:
        if name == pattern:
            return [name]
        name_composed = composed(name)
        if name_composed == wanted:
            alike.append(name)
        if matches(name_composed):
            matched.append(name)
    return alike or matched
