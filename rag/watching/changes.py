"""Where changes of files come from: the operating system, which tells them, or looking again and again.

Owns: ``watchfiles``, what it may say, and the poll that stands in for it. Knows nothing about what is done about a
change.

watchfiles can poll, too, but sees a file by the second of its time alone: what is written twice within one second is
missed. The poll here compares size, both times in nanoseconds, and the file's number.
"""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from pathlib import Path
from threading import Event
from typing import Protocol

from rag.watching.folder_scan import stamps

# Milliseconds: changes are gathered until none came for `_STEP`, at most for `_GATHER`.
_STEP, _GATHER = 50, 400
# What the system says when it watches no more: "OS file watch limit reached", and "Too many open files" (EMFILE).
_NO_MORE_FOLDERS, _NO_MORE_WATCHERS = "watch limit", "os error 24"
# The system queues so many changes, and drops what comes beyond; watchfiles does not say so. A file that is written
# makes up to five of them, so that this share of paths told at once is a queue that may have been full.
_QUEUE, _FULL_SHARE = "fs.inotify.max_queued_events", 1 / 8
# A poll may take this share of the time at most.
_POLL_SHARE = 0.1


class Changes(Protocol):
    """Tells the files and folders that were changed."""

    def wait(self, seconds: float, stop: Event) -> set[Path]:
        """Return what was changed since the last call, after waiting at most so long for a change.

        Args:
            seconds: How long.
            stop: Ends the waiting when set.

        Returns:
            Files and folders; for a new folder it alone.

        Raises:
            EventsLost: Some changes are not known.
            WatchLimit: The system watches no more folders.
        """
        ...

    def close(self) -> None:
        """Let go of what is watched."""
        ...


class EventsLost(Exception):
    """Some changes are not known, so that all has to be looked at."""


class WatchLimit(Exception):
    """The system watches no more folders; ``setting`` names what limits it, ``value`` a larger one."""

    def __init__(self, setting: str) -> None:
        super().__init__(setting)
        self.setting = setting
        self.value = _larger(setting)


class NoEvents(Exception):
    """The system tells no changes of a folder."""


class SystemChanges:
    """The changes that the operating system tells.

    A file is watched by way of its folder: most programs write a new file and give it the name of the old one.
    """

    def __init__(self, folders: Sequence[Path], files: Sequence[Path] = ()) -> None:
        """Begin to watch.

        Args:
            folders: Folders, with all that lies below them.
            files: Single files.

        Raises:
            WatchLimit: The system watches no more folders.
            NoEvents: It tells no changes of one.
            EventsLost: One is not there.
        """
        self._files = frozenset(files)
        self._folders = tuple(folders)
        self._parents = sorted({file.parent for file in files})
        self._most_told = max(1, int(_value(_QUEUE, 16_384) * _FULL_SHARE))
        self._watched = [
            _notify(paths, deep) for paths, deep in ((self._folders, True), (self._parents, False)) if paths
        ]

    def wait(self, seconds: float, stop: Event) -> set[Path]:
        """Return what was changed since the last call.

        Args:
            seconds: How long a change is waited for.
            stop: Ends the waiting when set.

        Returns:
            Files and folders.

        Raises:
            EventsLost: Some changes are not known.
            WatchLimit: The system watches no more folders.
        """
        found: set[Path] = set()
        if not self._watched:
            stop.wait(seconds)
        for watched in self._watched:
            milliseconds = 1 if found else max(1, round(seconds * 1000 / len(self._watched)))
            try:
                told = watched.watch(_GATHER, _STEP, milliseconds, stop)
            except RuntimeError as error:
                if limit := _limit(str(error)):
                    raise limit from None
                # A name that is not UTF-8, or whatever else the system has to say; it is not told which file.
                raise EventsLost(str(error)) from None
            if not isinstance(told, str):
                found |= {Path(path) for _, path in told}
        if len(found) > self._most_told:
            raise EventsLost(f"{len(found)} changes at once may be more than the system has told")
        return {path for path in found if self._is_asked_for(path)}

    def check(self) -> None:
        """See whether the system would watch one folder more: where it passes over folders it does not say why.

        Raises:
            WatchLimit: It would not.
        """
        if present := [folder for folder in (*self._folders, *self._parents) if os.path.isdir(folder)]:
            try:
                _notify(present[:1], deep=False).close()
            except NoEvents:
                return

    def _is_asked_for(self, path: Path) -> bool:
        return path in self._files or any(folder == path or folder in path.parents for folder in self._folders)

    def close(self) -> None:
        """Let go of what is watched."""
        for watched in self._watched:
            watched.close()


class PolledChanges:
    """The changes that are found by looking again and again."""

    def __init__(self, paths: Sequence[Path], every: float) -> None:
        """Take note of how the files are now.

        Args:
            paths: Files and folders.
            every: Seconds between two looks; more where a look takes long.
        """
        self._paths, self._every = tuple(paths), every
        self._due = 0.0
        self._stamps = self._look()

    def _look(self) -> dict[Path, object]:
        began = time.monotonic()
        found = dict[Path, object](stamps(self._paths))
        ended = time.monotonic()
        self._due = ended + max(self._every, (ended - began) / _POLL_SHARE)
        return found

    def wait(self, seconds: float, stop: Event) -> set[Path]:
        """Return what was changed since the last call.

        Args:
            seconds: How long a change is waited for.
            stop: Ends the waiting when set.

        Returns:
            Files and folders.
        """
        stop.wait(min(seconds, max(0.0, self._due - time.monotonic())))
        if stop.is_set() or time.monotonic() < self._due:
            return set()
        before, self._stamps = self._stamps, self._look()
        absent = object()
        paths = before.keys() | self._stamps.keys()
        return {path for path in paths if before.get(path, absent) != self._stamps.get(path, absent)}

    def close(self) -> None:
        """Do nothing: nothing is held."""


def _notify(paths: Sequence[Path], deep: bool):  # type: ignore[no-untyped-def]
    """Return the watcher of the system over some folders.

    A folder below that may not be read is not passed over: doing so, watchfiles watches none of those that come after
    it, and says nothing of the limit.

    Args:
        paths: The folders.
        deep: Whether what lies in folders below them is watched, too.

    Returns:
        The watcher.

    Raises:
        WatchLimit: The system watches no more folders.
        NoEvents: It tells no changes of one.
        EventsLost: One is not there.
    """
    from watchfiles._rust_notify import RustNotify

    names = [str(path) for path in paths]
    try:
        return RustNotify(names, False, False, 0, deep, False)
    except FileNotFoundError as error:
        raise EventsLost(str(error)) from None
    except (OSError, RuntimeError) as error:
        raise _limit(str(error)) or NoEvents(str(error)) from None


def _limit(words: str) -> WatchLimit | None:
    if _NO_MORE_FOLDERS in words:
        return WatchLimit("fs.inotify.max_user_watches")
    if _NO_MORE_WATCHERS in words:
        return WatchLimit("fs.inotify.max_user_instances")
    return None


def _larger(setting: str) -> int:
    """Return four times the value that a setting of the system has now."""
    return 4 * _value(setting, 250_000)


def _value(setting: str, otherwise: int) -> int:
    """Return the value of a setting of the system, or another one where it has none that can be read."""
    try:
        return int(Path("/proc/sys", *setting.split(".")).read_text("ascii"))
    except (OSError, ValueError):
        return otherwise
