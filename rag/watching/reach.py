"""Whether a watched folder can be seen: a drive that was taken out must not look like a folder without files.

Owns: telling a folder whose files were deleted from one that is not there. Knows nothing about indexes but how many
documents they have from a folder.

What counts as out of reach, with what is in the index kept:

- a folder that is not there, or cannot be looked at. Whether it was deleted or a drive was taken out cannot be told;
- a folder on which a drive was mounted while it was watched, and no drive is mounted now;
- a folder that is empty although the index has documents from it, unless its files were there while it was watched:
  so an empty folder looks on which a drive is to be mounted.

A single file that is gone was deleted, as long as its folder is there.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from rag.notices import Notice


class WatchedPath:
    """One watched folder or file, as it was when it was seen last."""

    def __init__(self, path: Path, holds: Callable[[Path], int]) -> None:
        """Look at nothing yet.

        Args:
            path: The folder or file, absolute and without links.
            holds: Returns how many documents the index has from a folder.
        """
        self.path = path
        self.missing: Notice | None = None
        self._holds = holds
        self._identity: tuple[int, int] | None = None
        self._is_drive = False
        self._is_file = os.path.isfile(path)

    @property
    def is_folder(self) -> bool:
        """Whether it is, or was, a folder."""
        return not self._is_file

    def look(self) -> bool:
        """See whether it is there now, and say why not in ``missing``.

        Returns:
            Whether it is another one than before, or came or went: what is told of the old one tells nothing of it.
        """
        before, identity = (self.missing, self._identity), self._identity
        self.missing, identity = self._see()
        if self.missing is None:
            self._identity = identity
        return before != (self.missing, self._identity)

    def is_there(self) -> bool:
        """Tell whether it can be seen now, without taking note of what is there."""
        return self._see()[0] is None

    def _see(self) -> tuple[Notice | None, tuple[int, int] | None]:
        """Return why it cannot be seen, or None, and what tells it from another one of its name."""
        gone = Notice("watch-folder-gone", {"folder": str(self.path)})
        try:
            status = self.path.stat()
        except FileNotFoundError:
            was_deleted = self._is_file and os.path.isdir(self.path.parent)
            return (None if was_deleted else gone), None
        except OSError:
            return gone, None
        if os.path.isfile(self.path):
            self._is_file = True
            # A new file of the same name is the same document.
            return None, None
        self._is_file = False
        is_drive = os.path.ismount(self.path)
        if self._is_drive and not is_drive:
            return gone, None
        identity = (status.st_dev, status.st_ino)
        if identity != self._identity and self._is_empty() and (documents := self._holds(self.path)):
            return Notice("watch-folder-empty", {"folder": str(self.path), "documents": documents}), None
        self._is_drive = is_drive
        return None, identity

    def _is_empty(self) -> bool:
        """Tell whether nothing lies in it; a folder that may not be listed is told by whoever reads it."""
        try:
            with os.scandir(self.path) as entries:
                return next(entries, None) is None
        except OSError:
            return False
