"""Keep an index a mirror of folders while a program runs.

Owns: when which part of the folders is looked at. Knows nothing about how files are read, nor who is told: it ingests
through a ``Mirror`` and reports to a ``Listener``.

Events say where to look, never what is there: a look compares the files with the index, as ``rag ingest`` does. So an
event too many costs a little time, and one that was lost is made up for by the next look at everything.
"""

from __future__ import annotations

import logging
import math
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, Protocol

from rag.errors import IndexUnusable, RagError
from rag.ingestion.pipeline import Interrupted, Progress
from rag.ingestion.source_files import Look
from rag.notices import Notice
from rag.types import FileReport, IngestReport
from rag.watching.changes import Changes, EventsLost, NoEvents, PolledChanges, SystemChanges, WatchLimit
from rag.watching.folder_scan import IGNORE_FILES, Survey, survey
from rag.watching.reach import WatchedPath
from rag.watching.settling import Settling

_LOG = logging.getLogger(__name__)
# Seconds between two looks at what is ripe and at which folders are there.
_TICK = 0.25
# So many changed places are not looked at one by one: all is, which also makes up for events that a burst lost.
_MANY_PLACES = 500

Phase = Literal["beginning", "watching", "reading", "waiting", "ended"]


@dataclass(frozen=True, slots=True)
class Pace:
    """How quickly a watcher works, in seconds.

    Attributes:
        settle: So long a changed file has to stay the same.
        longest: After so long a file that is written all the time is read nevertheless.
        again: So long after a burst, or a new folder, what was looked at is looked at once more: files may come into a
            new folder before the system watches it.
        everything: Between two looks at everything, for what was told by no event.
        poll: Between two looks for changes where there are no events.
        retry: Before a look that failed is tried again.
        busy: Before it is tried again whether another writer is done.
    """

    settle: float = 0.5
    longest: float = 60.0
    again: float = 5.0
    everything: float = 600.0
    poll: float = 5.0
    retry: float = 30.0
    busy: float = 1.0


class Mirror(Protocol):
    """What makes an index mirror files; called in the thread of the watcher."""

    def ingest(self, paths: Sequence[Path], progress: Progress, look: Look) -> IngestReport:
        """Look at paths, as ``rag.ingestion.pipeline.ingest`` does.

        Args:
            paths: Files and folders.
            progress: Is told what is done.
            look: How much of them is looked at.

        Returns:
            What was done with each file.
        """
        ...

    def holds(self, folder: Path) -> int:
        """Return how many documents the index has from a folder."""
        ...

    def is_own(self, path: Path) -> bool:
        """Tell whether a path is the program's own, so that a change of it says nothing."""
        ...


class Listener(Protocol):
    """Who is told; called in the thread of the watcher."""

    def file(self, report: FileReport) -> None:
        """Take note of a file that was added, updated or removed, or newly skipped or failed."""
        ...

    def notice(self, notice: Notice) -> None:
        """Take note of what happens to the watching itself."""
        ...

    def looked(self, report: IngestReport, everything: bool) -> None:
        """Take note that a look is done.

        Args:
            report: What was done with each file.
            everything: Whether the look was at all of the folders.
        """
        ...


@dataclass(frozen=True, slots=True)
class WatchState:
    """A watcher at one moment.

    Attributes:
        phase: What it does.
        notice: What it waits for, or why it ended; None where there is nothing to say.
        done: Files that are done, of those that are looked at now.
        total: Files that are looked at now.
        missing: The paths that cannot be seen.
        polled: Whether changes are looked for because the system tells none.
    """

    phase: Phase = "beginning"
    notice: Notice | None = None
    done: int = 0
    total: int = 0
    missing: tuple[Path, ...] = ()
    polled: bool = False


class Watcher:
    """Watches folders in a thread of its own."""

    def __init__(
        self,
        paths: Sequence[Path],
        mirror: Mirror,
        listener: Listener,
        *,
        poll: bool = False,
        pace: Pace | None = None,
        system: Callable[[Sequence[Path], Sequence[Path]], Changes] = SystemChanges,
    ) -> None:
        """Begin nothing yet.

        Args:
            paths: Folders and files, absolute and without links.
            mirror: Makes the index mirror them.
            listener: Is told.
            poll: Whether changes are looked for instead of told by the system: some drives tell none.
            pace: How quickly it works.
            system: Opens what tells the changes of folders and single files.
        """
        self._mirror, self._listener, self._poll, self._system = mirror, listener, poll, system
        self._pace = pace or Pace()
        self._stop, self._guard = threading.Event(), threading.Lock()
        self._state = WatchState()
        self._settling = Settling(self._pace.settle, self._pace.longest)
        self._paths = [WatchedPath(path, mirror.holds) for path in paths]
        self._survey = Survey()
        self._changes: Changes | None = None
        # When, by the clock that only runs forward: all is looked at, these places once more, and nothing before.
        self._everything_due, self._not_before = 0.0, 0.0
        self._everything_done = -math.inf
        self._again: dict[Path, float] = {}
        # The folders that were looked at for the first time.
        self._once_more: set[Path] = set()
        # What was told of files that cannot be read, and of the watching: neither is told twice in a row.
        self._problems: dict[str, Notice | None] = {}
        self._last_notice: Notice | None = None
        self._thread = threading.Thread(target=self._run, name="watcher", daemon=True)

    def start(self) -> None:
        """Begin to watch, with a look at everything."""
        self._thread.start()

    def stop(self) -> None:
        """Ask it to end; what is committed by then is kept."""
        self._stop.set()

    def wait(self, seconds: float | None = None) -> bool:
        """Return whether it has ended, after waiting at most so many seconds."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def state(self) -> WatchState:
        """Return what it does now."""
        with self._guard:
            return self._state

    # -- the thread --------------------------------------------------------------------------------------------------

    def _run(self) -> None:
        try:
            while not self._stop.is_set():
                self._step()
            self._set(phase="ended", notice=None)
        except KeyboardInterrupt:
            self._set(phase="ended", notice=None)
        except Exception as error:
            _LOG.exception("watching failed")
            failed = Notice("watch-failed", {"error": type(error).__name__})
            self._set(phase="ended", notice=failed)
            self._listener.notice(failed)
        finally:
            if self._changes is not None:
                self._changes.close()

    def _step(self) -> None:
        self._look_for_folders()
        try:
            told = self._open_changes().wait(_TICK, self._stop)
        except (EventsLost, WatchLimit) as error:
            self._begin_anew(error if isinstance(error, WatchLimit) else None)
            told = set()
        now = time.monotonic()
        self._settling.add(self._places(told), now)
        self._settling.add((path for path, due in self._again.items() if due <= now), now - self._pace.settle)
        self._again = {path: due for path, due in self._again.items() if due > now}
        if now >= self._not_before and not self._stop.is_set():
            self._look(now)

    def _look_for_folders(self) -> None:
        """See which of the paths are there; another one of the same name is looked at, and watched, from the start."""
        for watched in self._paths:
            was_missing = watched.missing is not None
            if not watched.look():
                continue
            if watched.missing is not None:
                self._tell(watched.missing)
            elif was_missing:
                self._tell(Notice("watch-folder-back", {"folder": str(watched.path)}))
            self._set(missing=tuple(one.path for one in self._paths if one.missing is not None))
            self._close_changes()
            self._everything_due = 0.0

    def _open_changes(self) -> Changes:
        if self._changes is not None:
            return self._changes
        there = [watched for watched in self._paths if watched.missing is None]
        folders = [watched.path for watched in there if watched.is_folder]
        files = [watched.path for watched in there if not watched.is_folder]
        if not self._poll:
            try:
                self._changes = self._system(folders, files)
                return self._changes
            except (WatchLimit, NoEvents) as error:
                self._fall_back(error)
        self._changes = PolledChanges([*folders, *files], self._pace.poll)
        self._set(polled=True)
        return self._changes

    def _fall_back(self, error: WatchLimit | NoEvents) -> None:
        """Look for changes from now on, as the system does not tell them."""
        values: dict[str, object] = {"seconds": round(self._pace.poll)}
        if isinstance(error, WatchLimit):
            self._tell(Notice("watch-limit", {**values, "setting": error.setting, "value": error.value}))
        else:
            self._tell(Notice("watch-no-events", {**values, "cause": str(error)}))
        self._poll = True

    def _begin_anew(self, limit: WatchLimit | None) -> None:
        """Watch from the start, and look at everything: changes are not known."""
        if limit is not None:
            self._fall_back(limit)
        self._close_changes()
        # Where changes are lost again and again, all is looked at now and then, not all the time.
        due = max(time.monotonic() + self._pace.settle, self._everything_done + self._pace.again)
        self._everything_due = min(self._everything_due, due)
        self._stop.wait(min(_TICK, self._pace.settle))

    def _close_changes(self) -> None:
        if self._changes is not None:
            self._changes.close()
            self._changes = None

    def _places(self, told: set[Path]) -> set[Path]:
        """Return where to look for what was told: a change of ignore rules is one of their whole folder."""
        places: set[Path] = set()
        for path in told:
            self._survey.add_link(path)
            for changed in self._survey.with_links(path):
                place = changed.parent if changed.name in IGNORE_FILES else changed
                if not self._mirror.is_own(place) and not self._is_hidden(place):
                    places.add(place)
        return places

    def _is_hidden(self, place: Path) -> bool:
        around = [watched.path for watched in self._paths if place.is_relative_to(watched.path)]
        return all(any(part.startswith(".") for part in place.relative_to(path).parts) for path in around)

    # -- looking -----------------------------------------------------------------------------------------------------

    def _look(self, now: float) -> None:
        """Look at what is ripe, or at everything where that is due."""
        ripe = self._settling.ripe(now)
        everything = now >= self._everything_due or len(ripe) > _MANY_PLACES
        if not (everything or ripe):
            return
        unfinished = frozenset(self._settling.waiting() - ripe)
        if everything:
            self._survey = self._surveyed()
        look = Look(None if everything else tuple(sorted(ripe)), unfinished, self._out_of_reach)
        # A single file that was deleted is a place to look at.
        present = [watched.path for watched in self._paths if watched.missing is None]
        if everything:
            present = [path for path in present if os.path.exists(path)]
        try:
            if present:
                report = self._mirror.ingest(present, _Telling(self), look)
                self._listener.looked(report, everything)
        except Interrupted:
            self._stop.set()
            return
        except (RagError, OSError, sqlite3.Error) as error:
            self._put_off(error)
            return
        self._settling.drop(ripe)
        self._look_again(ripe, everything)
        self._last_notice = None
        self._set(phase="watching", notice=None, done=0, total=0)

    def _look_again(self, ripe: set[Path], everything: bool) -> None:
        """See to it that what may have come unseen into new folders, or after a burst, is looked at."""
        now = time.monotonic()
        if everything:
            self._everything_done = now
            self._everything_due = now + (self._pace.again if len(ripe) > _MANY_PLACES else self._pace.everything)
        folders = {path for path in ripe if os.path.isdir(path)}
        self._once_more = folders - self._once_more
        self._again |= dict.fromkeys(self._once_more, now + self._pace.again)
        if folders and isinstance(self._changes, SystemChanges):
            try:
                self._changes.check()
            except WatchLimit as limit:
                self._begin_anew(limit)

    def _surveyed(self) -> Survey:
        folders = [watched.path for watched in self._paths if watched.is_folder and watched.missing is None]
        found = survey(folders)
        # A drive that was seen once is waited for.
        found.drives.update(self._survey.drives)
        return found

    def _out_of_reach(self) -> list[Path]:
        gone = [watched.path for watched in self._paths if not watched.is_there()]
        return gone + [drive for drive in self._survey.drives if not os.path.ismount(drive)]

    def _put_off(self, error: RagError | OSError | sqlite3.Error) -> None:
        """Try again later what could not be looked at; nothing of it is forgotten."""
        is_busy = isinstance(error, IndexUnusable) and error.notice.code == "index-being-written"
        seconds = self._pace.busy if is_busy else self._pace.retry
        self._not_before = time.monotonic() + seconds
        if isinstance(error, RagError):
            notice = error.notice
        else:
            notice = Notice("watch-look-failed", {"cause": str(error), "seconds": round(seconds)})
        self._set(phase="waiting", notice=notice, done=0, total=0)
        self._tell(notice)

    # -- telling -----------------------------------------------------------------------------------------------------

    def _tell(self, notice: Notice) -> None:
        if self._last_notice is None or notice.as_json() != self._last_notice.as_json():
            self._last_notice = notice
            self._listener.notice(notice)

    def _set(self, **fields: object) -> None:
        with self._guard:
            self._state = replace(self._state, **fields)  # type: ignore[arg-type]

    def _begin_look(self, files: int) -> None:
        self._set(phase="reading", notice=None, done=0, total=files)

    def _stop_if_asked(self) -> None:
        if self._stop.is_set():
            # ``ingest`` takes this as Ctrl-C: it keeps what is committed.
            raise KeyboardInterrupt

    def _file(self, report: FileReport) -> None:
        with self._guard:
            done = min(self._state.total, self._state.done + (report.status != "removed"))
            self._state = replace(self._state, done=done)
        if report.status in ("skipped", "failed"):
            known = self._problems.get(report.source)
            self._problems[report.source] = report.reason
            if known is None or known != report.reason:
                self._listener.file(report)
            return
        self._problems.pop(report.source, None)
        if report.status != "unchanged":
            self._listener.file(report)


class _Telling:
    """What ``ingest`` reports its progress to: the watcher."""

    def __init__(self, watcher: Watcher) -> None:
        self._watcher = watcher

    def start(self, files: int, total: int) -> None:  # noqa: ARG002
        self._watcher._begin_look(files)

    def advance(self, amount: float, doing: str) -> None:  # noqa: ARG002
        self._watcher._stop_if_asked()

    def file(self, report: FileReport) -> None:
        self._watcher._file(report)
