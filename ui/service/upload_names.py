"""Names of uploaded files, made harmless. Pure.

Owns: which path below the folder of uploads a name from a browser becomes. Knows nothing about files.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container
from pathlib import PurePosixPath

_LONGEST_PART_BYTES = 120
_DEEPEST = 8
# Characters that some file system or shell reads as more than a name.
_RESERVED = re.compile(r'[<>:"|?*]')
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?=\.|$)", re.I)


def safe_name(name: str) -> str:
    """A relative posix path of printable parts, none of them hidden, empty or a step upwards."""
    parts = [_part(part) for part in re.split(r"[/\\]", name.encode("utf-8", "replace").decode())]
    kept = [part for part in parts if part][-_DEEPEST:]
    return "/".join(kept) or "unnamed"


def free_name(name: str, taken: Container[str]) -> str:
    """The name, with a number before its ending where it is taken."""
    path = PurePosixPath(name)
    number = 2
    while name in taken:
        name = str(path.with_name(f"{path.stem} ({number}){path.suffix}"))
        number += 1
    return name


def _part(part: str) -> str:
    words = " ".join(unicodedata.normalize("NFC", part).split())
    text = _RESERVED.sub("_", "".join(c if c.isprintable() else "_" for c in words))
    # A name that begins with a dot would be hidden, and an ignore file would hide others.
    text = text.lstrip(". ").rstrip(". ")
    if _DEVICES.match(text):
        text = f"_{text}"
    stem, dot, suffix = text.rpartition(".")
    if not dot or len(suffix) > 16:
        stem, suffix = text, ""
    room = _LONGEST_PART_BYTES - len(f"{dot}{suffix}".encode())
    cut = stem.encode()[:room].decode("utf-8", "ignore").rstrip(". ")
    return f"{cut}.{suffix}" if suffix and cut else cut
