"""The watched folders of all collections that a chat has open.

Owns: that each collection's watching begins again when it is opened, and ends with the chat. Knows nothing about pages
or who may choose folders.
"""

from __future__ import annotations

import threading
from pathlib import Path

from rag.hosting.uploads import Uploads
from rag.store.index import Index
from rag.watching.folders import WatchedFolders


class Watching:
    """The watched folders by collection. Safe to use from several threads."""

    def __init__(self, uploads: Uploads) -> None:
        """Watch nothing yet.

        Args:
            uploads: Whose turns the watchers take.
        """
        self._uploads = uploads
        self._guard = threading.Lock()
        self._folders: dict[Path, WatchedFolders] = {}

    def of(self, index: Index) -> WatchedFolders:
        """Return the watched folders of a collection; those that are kept with it are watched from the first call."""
        with self._guard:
            folders = self._folders.get(index.folder)
            if folders is None:
                folders = self._folders[index.folder] = WatchedFolders(index, self._uploads)
                folders.resume()
            return folders

    def end(self, index: Index) -> None:
        """Watch the folders of a collection no longer, as it is being deleted; they stay in its list."""
        with self._guard:
            folders = self._folders.pop(index.folder, None)
        if folders is not None:
            folders.close()

    def stop(self) -> None:
        """Ask all watchers to end, without waiting for them."""
        with self._guard:
            for folders in self._folders.values():
                folders.stop()

    def close(self) -> None:
        """End all watching."""
        self.stop()
        with self._guard:
            opened = list(self._folders.values())
            self._folders.clear()
        for folders in opened:
            folders.close()
