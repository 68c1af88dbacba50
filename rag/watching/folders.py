"""The folders that an index follows while a server runs: which they are, and the watchers at work.

Owns: the list, which is kept in the catalog of the index, and what may stand in it. Knows nothing about who may change
it, nor about pages.

Several servers may follow the folders of one index, and any of them may change the list: what stands in the catalog
holds, and a watcher whose folder is no longer there does nothing more.
"""

from __future__ import annotations

import json
import logging
import os
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from rag.errors import UsageError
from rag.hosting.uploads import Uploads
from rag.ingestion.source_files import Look
from rag.notices import Notice
from rag.store.catalog.carry_over import WATCHED_FOLDERS
from rag.store.index import Index
from rag.types import FileReport, IngestReport
from rag.watching.mirror import IndexMirror, Turn
from rag.watching.watcher import Watcher, WatchState

_LOG = logging.getLogger(__name__)
_MOST_FOLDERS, _LONGEST_PATH = 20, 4096
# Seconds that ending waits for a reading to break off.
_CLOSING_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class FolderState:
    """A watched folder, and what its watcher does now."""

    path: Path
    state: WatchState


class WatchedFolders:
    """The watched folders of one open index. Safe to use from several threads."""

    def __init__(self, index: Index, uploads: Uploads) -> None:
        """Begin to watch nothing yet.

        Args:
            index: The index.
            uploads: Whose turns the watchers take, so that one at a time writes to the index.
        """
        self._index, self._uploads = index, uploads
        self._guard = threading.Lock()
        self._watchers: dict[Path, Watcher] = {}
        # Those that are followed without standing in the list.
        self._unlisted: set[Path] = set()
        self._ending = False

    def resume(self) -> None:
        """Watch the folders that are kept with the index, where that was not begun."""
        with self._guard:
            self._catch_up()

    def states(self) -> list[FolderState]:
        """Return the folders that are watched, in the order in which they were added."""
        with self._guard:
            self._catch_up()
            return [FolderState(path, watcher.state()) for path, watcher in self._watchers.items()]

    def following(self, sources: Sequence[str]) -> int:
        """Return how many of some sources follow files in these folders, which bring them back when they are removed.

        Args:
            sources: Names of sources.
        """
        with self._guard:
            self._catch_up()
            folders = tuple(self._watchers)
        if not folders:
            return 0
        names = set(sources)
        return sum(
            record.source in names and os.path.lexists(record.path)
            for record in Look(folders).records(self._index.catalog.source_records())
        )

    def add(self, path: str) -> Path:
        """Watch one folder more, and keep it with the index.

        Args:
            path: The folder as a person wrote it; ``~`` is the home of whoever runs the program.

        Returns:
            The folder, absolute and without links.

        Raises:
            UsageError: There is no such folder, it is Footnote's own, it is watched already, or the list cannot be
                written.
        """
        folder = self._read(path)
        with self._guard:
            self._catch_up()
            # In the list as it stands then: another server may add one at the same time.
            self._keep(lambda kept: self._with(folder, kept))
            self._begin(folder)
        _LOG.info("a folder is watched")
        return folder

    def remove(self, path: str) -> list[str] | None:
        """Watch a folder no longer; its documents stay.

        Args:
            path: The folder, as ``states`` names it.

        Returns:
            The sources that the index has from it; None for a folder that is not watched.

        Raises:
            UsageError: The list cannot be written.
        """
        with self._guard:
            self._catch_up()
            folder = next((known for known in self._watchers if str(known) == path), None)
            if folder is None:
                return None
            self._keep(lambda kept: [path for path in kept if path != folder])
            watcher = self._watchers.pop(folder)
        watcher.stop()
        watcher.wait(_CLOSING_SECONDS)
        return [record.source for record in Look((folder,)).records(self._index.catalog.source_records())]

    def follow(self, paths: Sequence[Path], say: Callable[[Notice], None] | None = None) -> None:
        """Watch folders without keeping them with the index.

        Args:
            paths: The folders, absolute and without links.
            say: Is told what happens to the watching.
        """
        with self._guard:
            self._unlisted.update(path for path in paths if path not in self._watchers)
            for path in paths:
                self._begin(path, say)

    def stop(self) -> None:
        """Ask all watchers to end, without waiting for them."""
        with self._guard:
            self._ending = True
            for watcher in self._watchers.values():
                watcher.stop()

    def close(self) -> None:
        """End all watching; the list stays with the index."""
        self.stop()
        with self._guard:
            watchers = list(self._watchers.values())
            self._watchers.clear()
        for watcher in watchers:
            watcher.wait(_CLOSING_SECONDS)

    def _begin(self, path: Path, say: Callable[[Notice], None] | None = None) -> None:
        known = self._watchers.get(path)
        if known is None or _has_stopped(known):
            turn: Turn = self._uploads.turn if path in self._unlisted else partial(self._turn, path)
            watcher = Watcher([path], IndexMirror(self._index, turn), _Log(say))
            self._watchers[path] = watcher
            watcher.start()

    def _catch_up(self) -> None:
        """Watch what stands in the list now, which another server may have changed. The guard is held."""
        kept = None if self._ending else self._kept()
        if kept is None:
            return
        for path in kept:
            self._begin(path)
        for path in [path for path in self._listed() if path not in kept]:
            self._watchers.pop(path).stop()

    @contextmanager
    def _turn(self, folder: Path, index: Index, stop_if_over: Callable[[], None]) -> Iterator[Index]:
        """Wait for a turn, as ``Uploads.turn`` does, for a folder of the list.

        Raises:
            KeyboardInterrupt: It stands there no longer: its watcher ends.
        """
        with self._uploads.turn(index, stop_if_over) as own:
            kept = self._kept()
            if kept is not None and folder not in kept:
                raise KeyboardInterrupt
            yield own

    def _listed(self) -> list[Path]:
        return [path for path in self._watchers if path not in self._unlisted]

    def _with(self, folder: Path, kept: list[Path]) -> list[Path]:
        """Return the list with one folder more, or raise where it may not stand there."""
        known = {*kept, *self._watchers}
        if any(folder.is_relative_to(path) or path.is_relative_to(folder) for path in known):
            raise UsageError(Notice("watch-known", {"folder": str(folder)}))
        if len(known) >= _MOST_FOLDERS:
            raise UsageError(Notice("watch-too-many", {"most": _MOST_FOLDERS}))
        return [*kept, folder]

    def _read(self, path: str) -> Path:
        """Return the folder that a person wrote."""
        path = path.strip()
        missing = UsageError(Notice("watch-path-missing", {"folder": path[:_LONGEST_PATH]}))
        if not path or len(path) > _LONGEST_PATH:
            raise missing
        try:
            folder = Path(path).expanduser()
            is_there = folder.is_absolute() and folder.is_dir()
            folder = folder.resolve()
        except (OSError, ValueError, RuntimeError):
            raise missing from None
        if not is_there:
            raise missing
        own = self._index.settings.home.expanduser().resolve()
        if folder.is_relative_to(own):
            raise UsageError(Notice("watch-path-own", {"folder": str(folder)}))
        return folder

    def _kept(self) -> list[Path] | None:
        """Return what stands in the list; None where it cannot be read."""
        return _read_list(self._index.catalog.get(WATCHED_FOLDERS))

    def _keep(self, change: Callable[[list[Path]], list[Path]]) -> None:
        """Change the list as it stands now: another server may have changed it a moment ago."""

        def changed(text: str) -> str:
            kept = _read_list(text)
            return json.dumps([str(path) for path in change(self._listed() if kept is None else kept)])

        try:
            self._index.catalog.change(**{WATCHED_FOLDERS: changed})
        except (OSError, sqlite3.Error) as error:
            raise UsageError(Notice("watch-list-not-kept", {"cause": str(error)})) from None


def _read_list(kept: str) -> list[Path] | None:
    """Return the folders that the list names; None where it cannot be read."""
    try:
        return [Path(str(entry)) for entry in json.loads(kept or "[]")][:_MOST_FOLDERS]
    except (ValueError, TypeError, RecursionError):
        _LOG.warning("the list of watched folders cannot be read")
        return None


def _has_stopped(watcher: Watcher) -> bool:
    """Return whether a watcher has ended since its folder stood in the list no longer, and not of a fault."""
    return watcher.wait(0) and watcher.state().notice is None


class _Log:
    """Takes what a watcher tells to the log, and what happens to the watching to whoever listens."""

    def __init__(self, say: Callable[[Notice], None] | None) -> None:
        self._say = say

    def file(self, report: FileReport) -> None:
        _LOG.debug("watched file", extra={"source": report.source, "status": report.status})

    def notice(self, notice: Notice) -> None:
        _LOG.warning("watching: %s", notice.code)
        if self._say is not None:
            self._say(notice)

    def looked(self, report: IngestReport, everything: bool) -> None:
        fields = {"files": len(report.files), "seconds": round(report.seconds, 3), "everything": everything}
        _LOG.info("watched folder looked at", extra=fields)
