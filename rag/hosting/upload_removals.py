"""Removals that can still be undone.

Owns: where the files of removed uploads lie meanwhile, and how long. Of several servers on one database each can undo
what another one has removed, which may be gone by then. Knows nothing about jobs or pages.
"""

from __future__ import annotations

import os
import secrets
import shutil
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.errors import DatabaseUnusable, RagError
from rag.hosting.state import State, put
from rag.hosting.workspaces import uploads_folder
from rag.store.folders import removed_files_folder
from rag.store.index import Index, delete_stale_vectors
from rag.store.reading import keep_source_languages
from rag.store.write_lock import write_lock

# Minutes for which a removal can be undone.
KEPT_MINUTES = 30
# Seconds after which no server keeps a removal any more, whose clock may differ from that of the disk.
_LEFTOVER_AFTER = 2 * KEPT_MINUTES * 60.0
# What other servers are told of a removal ends after it.
_KIND, _TOLD_SECONDS = "removal", KEPT_MINUTES * 60.0 + 60.0


@dataclass(frozen=True, slots=True)
class Removal:
    """Sources that were removed together.

    Attributes:
        id: Its name in the catalog.
        index: The index that they were in.
        folder: Where the files of those that were uploads lie.
        files: The place of each of these files now, by source.
        sources: The names of all of them.
    """

    id: str
    index: Index
    folder: Path
    files: dict[str, Path]
    sources: tuple[str, ...]


class Removals:
    """What was removed within the last half hour. Safe to use from several threads."""

    def __init__(self, state: State | None = None) -> None:
        """Keep nothing yet.

        Args:
            state: What servers on one database share; None where this one is alone.
        """
        self._state = state
        self._guard = threading.Lock()
        self._kept: dict[str, Removal] = {}
        self._timers: dict[str, threading.Timer] = {}

    def remove(self, index: Index, sources: Sequence[str]) -> Removal:
        """Take sources out of an index in one change, and put aside those of their files that were uploads.

        Args:
            index: The open index of the chat.
            sources: The names of sources that are in it.

        Returns:
            The removal.

        Raises:
            IndexUnusable: Another process writes to the index.
        """
        uploads = uploads_folder(index)
        id_ = secrets.token_urlsafe(12)
        folder = removed_files_folder(index.folder) / id_
        files: dict[str, Path] = {}
        with write_lock(index.folder):
            self._drop_leftovers(folder.parent)
            # First, so that a crash cannot leave a file that comes back with the next upload.
            for source in sources:
                path = upload_of(index, source)
                if path is not None:
                    files[source] = folder / str(len(files))
                    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
                    with suppress(FileNotFoundError):
                        os.replace(path, files[source])
                    remove_empty(path.parent, uploads)
            index.catalog.remove(sources, keep_as=id_)
            keep_source_languages(index.catalog, {}, sources)
            delete_stale_vectors(index)
        removal = Removal(id_, index, folder, files, tuple(sources))
        timer = threading.Timer(KEPT_MINUTES * 60, self.forget, [id_])
        timer.daemon = True
        with self._guard:
            self._kept[id_], self._timers[id_] = removal, timer
        timer.start()
        if self._state:
            told = {"files": {source: path.name for source, path in files.items()}, "sources": list(sources)}
            # The database was written a moment ago; where it is away by now, this cannot be undone.
            with suppress(DatabaseUnusable):
                put(self._state, _KIND, id_, told, _TOLD_SECONDS, _owner(index))
        return removal

    def take(self, index: Index, id_: str) -> Removal | None:
        """Hand a removal over, which is the caller's from now on.

        Args:
            index: The index that it was made in.
            id_: Its id.

        Returns:
            The removal; None for one that is over.

        Raises:
            DatabaseUnusable: It cannot be told whether another server has taken it.
        """
        told = self._claimed(index, id_) if self._state else None
        with self._guard:
            removal = self._kept.get(id_)
            if removal is not None and removal.index.folder == index.folder:
                self._timers.pop(id_).cancel()
                del self._kept[id_]
            elif removal is not None:
                return None
        return told if self._state else removal

    def _claimed(self, index: Index, id_: str) -> Removal | None:
        """Take what all servers were told of a removal, which one of them does only; None where it is gone."""
        assert self._state is not None
        found: list[dict[str, Any]] = []

        def claim(value: Any) -> None:
            found.append(value)

        if id_ in self._state.owned(_KIND, _owner(index)):
            self._state.change(_KIND, id_, claim, 0.0)
        told = found[-1] if found else None
        if told is None:
            return None
        folder = removed_files_folder(index.folder) / id_
        # Names, so that what somebody else wrote there leads out of no folder.
        files = {source: folder / Path(name).name for source, name in told["files"].items()}
        return Removal(id_, index, folder, files, tuple(told["sources"]))

    def forget(self, id_: str) -> None:
        """Delete for good what a removal has kept."""
        with self._guard:
            removal, timer = self._kept.pop(id_, None), self._timers.pop(id_, None)
        if timer is not None:
            timer.cancel()
        if removal is not None:
            if self._state and not self._is_still_ours(removal):
                return
            shutil.rmtree(removal.folder, ignore_errors=True)
            # The index may have been deleted, or cannot be written to now; its own removals go with the next one.
            if removal.index.catalog.is_there():
                with suppress(RagError, OSError):
                    removal.index.catalog.forget_removal(id_)

    def _is_still_ours(self, removal: Removal) -> bool:
        """Return whether no other server brings it back, and let none begin to."""
        try:
            return self._claimed(removal.index, removal.id) is not None
        except DatabaseUnusable:
            return False

    def close(self) -> None:
        """Delete for good all that is kept: after a restart nothing offers to bring it back, but other servers do."""
        with self._guard:
            if self._state:
                for timer in self._timers.values():
                    timer.cancel()
                self._kept.clear()
                self._timers.clear()
            ids = list(self._kept)
        for id_ in ids:
            self.forget(id_)

    def _drop_leftovers(self, folder: Path) -> None:
        """Delete the files that a server which ended too early has kept; not those that another one still keeps."""
        with self._guard:
            kept = set(self._kept)
        for leftover in folder.iterdir() if folder.is_dir() else ():
            with suppress(FileNotFoundError):
                if leftover.name not in kept and leftover.stat().st_mtime < time.time() - _LEFTOVER_AFTER:
                    shutil.rmtree(leftover, ignore_errors=True)


def _owner(index: Index) -> str:
    return str(index.folder.resolve())


def remove_empty(folder: Path, top: Path) -> None:
    """Remove a folder and those above it that are empty.

    Args:
        folder: The folder to begin with.
        top: The folder that stays, and all above it.
    """
    while folder != top and top in folder.parents:
        try:
            folder.rmdir()
        except OSError:
            return
        folder = folder.parent


def upload_of(index: Index, source: str) -> Path | None:
    """Return the file of a source that is an upload, so that removing the source deletes the file.

    Args:
        index: The index.
        source: The name of the source.

    Returns:
        Its path in the folder of uploads; None for a file that lies elsewhere, and for a source not in the index.
    """
    record = index.catalog.source_record(source)
    path = Path(record.path) if record else None
    return path if path and uploads_folder(index).resolve() in path.resolve().parents else None
