"""Make the names of uploaded files harmless. Pure.

Owns: which path below the folder of uploads a name from a browser becomes. Knows nothing about files.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container
from pathlib import PurePosixPath

_LONGEST_PART_BYTES = 120
_LONGEST_SUFFIX = 16
_DEEPEST = 8
# Characters that some file system or shell reads as more than a name.
_RESERVED = re.compile(r'[<>:"|?*]')
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?=\.|$)", re.I)


def safe_name(name: str) -> str:
    """Return a relative posix path of printable parts, none of them hidden, empty or a step upwards."""
    parts = [_safe_part(part) for part in re.split(r"[/\\]", name.encode("utf-8", "replace").decode())]
    return "/".join([part for part in parts if part][-_DEEPEST:]) or "unnamed"


def free_name(name: str, taken: Container[str]) -> str:
    """Return the name, with a number before its ending where it is taken.

    Args:
        name: A relative posix path.
        taken: The paths that it must not be.

    Returns:
        A path that is not among them: ``a.txt``, else ``a (2).txt`` and so on.
    """
    path = PurePosixPath(name)
    number = 2
    while name in taken:
        name = str(path.with_name(f"{path.stem} ({number}){path.suffix}"))
        number += 1
    return name


def _safe_part(part: str) -> str:
    words = " ".join(unicodedata.normalize("NFC", part).split())
    text = _RESERVED.sub("_", "".join(c if c.isprintable() else "_" for c in words))
    # A name that begins with a dot would be hidden, and an ignore file would hide others.
    text = text.lstrip(". ").rstrip(". ")
    if _DEVICES.match(text):
        text = f"_{text}"
    stem, dot, suffix = text.rpartition(".")
    if not dot or len(suffix) > _LONGEST_SUFFIX:
        stem, suffix = text, ""
    room = _LONGEST_PART_BYTES - len(f"{dot}{suffix}".encode())
    shortened = stem.encode()[:room].decode("utf-8", "ignore").rstrip(". ")
    return f"{shortened}.{suffix}" if suffix and shortened else shortened
