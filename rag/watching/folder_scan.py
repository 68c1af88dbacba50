"""What lies in folders, seen without reading a file: stamps, links and the places of drives.

Owns: a quick pass over folders. Knows nothing about which files are indexed, but that hidden folders never are.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

IGNORE_FILES = frozenset({".gitignore", ".ragignore"})
"""Files that say which others are passed over; a change of one counts, although its name is hidden."""

Stamp = tuple[int, int, int, int]
"""What changes when a file is written: its size, both times in nanoseconds, and its number on the drive."""


def stamp_of(path: str | os.PathLike[str]) -> Stamp | None:
    """Return the stamp of a file, of what a link leads to; None where there is nothing that can be seen."""
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino


def stamps(paths: Sequence[Path]) -> dict[Path, Stamp | None]:
    """Return the stamp of each file at or below some paths; hidden ones are passed over.

    Args:
        paths: Files and folders.

    Returns:
        The stamps; None for a file that is there and cannot be seen, and for a folder that cannot be listed.
    """
    found: dict[Path, Stamp | None] = {}
    for path in paths:
        if os.path.isdir(path):
            for entry in _entries(path, lambda closed: found.setdefault(Path(closed))):
                if not entry.is_dir(follow_symlinks=False):
                    found[Path(entry.path)] = stamp_of(entry.path)
        elif os.path.lexists(path):
            found[path] = stamp_of(path)
    return found


@dataclass(frozen=True, slots=True)
class Survey:
    """What of some folders has to be known beside their files.

    Attributes:
        links: The links that lead to a file, by where they lead: a change of the file is told of the file alone.
        drives: The folders below in which another drive begins.
    """

    links: dict[Path, set[Path]] = field(default_factory=dict)
    drives: set[Path] = field(default_factory=set)

    def add_link(self, path: Path) -> None:
        """Take note of a path, which may be a link."""
        if os.path.islink(path):
            self.links.setdefault(Path(os.path.realpath(path)), set()).add(path)

    def with_links(self, path: Path) -> set[Path]:
        """Return a path with the links that lead to it."""
        return {path, *self.links.get(path, ())}


def survey(folders: Sequence[Path]) -> Survey:
    """Look for links and drives in folders.

    Args:
        folders: The folders.

    Returns:
        What was found.
    """
    found = Survey()
    for folder in folders:
        for entry in _entries(folder):
            if entry.is_symlink():
                found.add_link(Path(entry.path))
            elif entry.is_dir(follow_symlinks=False) and os.path.ismount(entry.path):
                found.drives.add(Path(entry.path))
    return found


def _entries(folder: Path, closed: Callable[[str], object] = lambda _: None) -> Iterator[os.DirEntry[str]]:
    """Yield what lies below a folder, but what is hidden; a folder that cannot be listed is told to ``closed``."""
    stack = [str(folder)]
    while stack:
        name = stack.pop()
        try:
            with os.scandir(name) as listing:
                entries = list(listing)
        except OSError:
            closed(name)
            continue
        for entry in entries:
            if entry.name.startswith(".") and entry.name not in IGNORE_FILES:
                continue
            yield entry
            if entry.is_dir(follow_symlinks=False):
                stack.append(entry.path)
