"""Upload jobs that belong to no server: several servers on one database see each other's, and go on with a lost one.

Owns: what is told of a job, whose job and whose turn it is among all servers, and when a job has lost its server. Knows
nothing about how a job is done (``rag.hosting.upload_job``).

A server tells once a second how far its jobs are. One of which nothing was told for some seconds has lost its server:
whoever sees that first takes it over. The files of a job wait in the home folder, which all servers see, and what is in
an index was committed as a whole, so what is left is done again. A server that was only slow, or cut off from the
database, is told with its next telling that the job is another's by now.

What stands in the database may have been written by another version of Footnote, or by whoever else can write there: it
is read with care, and no path of it leads out of the folders of the uploads.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from rag.hosting.state import State, put, remove
from rag.hosting.upload_job import Job, JobState, StagedFile, UploadedFile
from rag.notices import Notice

TOLD_EVERY, LOST_AFTER = 1.0, 15.0
"""Seconds between two tellings of a job, and without one after which it has lost its server."""
MOST_TRIES = 3
"""How many times a job is gone on with before nobody does any more."""
# Those that are over are kept apart: each second it is asked which of the others have lost their servers.
_JOB, _OVER, _CANCEL = "job", "job-over", "job-cancel"
# How long a job can be looked up.
_KEPT_SECONDS = 86_400.0
# Told when a server lets go of a job: so long ago that it is lost at once.
_LET_GO = 0.0


@dataclass(frozen=True, slots=True)
class ToldJob:
    """What was told of a job.

    Attributes:
        id: Its id.
        server: The server that does it.
        told: When that was told, by the database's clock.
        state: What it was doing then.
        staging: Where its files wait.
        staged: Those that are to be ingested.
        tries: How many times it has been gone on with.
    """

    id: str
    server: str
    told: float
    state: JobState
    staging: Path
    staged: tuple[StagedFile, ...]
    tries: int = 0

    def is_lost(self, now: float) -> bool:
        """Return whether it has lost its server, at a time by the database's clock."""
        return not self.state.over and now - self.told > LOST_AFTER

    def can_go_on(self, folder: Path) -> bool:
        """Return whether another server can do the rest.

        Args:
            folder: Where the uploads of its index lie; nothing outside it and what waits beside it is touched.
        """
        return (
            self.state.kind == "adding"
            # A file that ends whoever reads it does not end one server after the other for ever.
            and self.tries < MOST_TRIES
            and _is_inside(self.staging, folder.parent / "staging")
            and all(
                0 <= item.number < len(self.state.files)
                and _is_inside(item.path, self.staging)
                and _is_inside(item.target, folder)
                for item in self.staged
            )
        )

    def as_json(self) -> dict[str, Any]:
        """Return what stands in the database."""
        return {
            "id": self.id,
            "server": self.server,
            "told": self.told,
            "state": _written(self.state),
            "staging": str(self.staging),
            "staged": [[item.number, str(item.path), str(item.target)] for item in self.staged],
            "tries": self.tries,
        }


def told_of_json(value: Any) -> ToldJob | None:
    """Return what was told of a job; None for what this version of Footnote has not written.

    Args:
        value: What stands in the database.
    """
    with suppress(KeyError, TypeError, ValueError, AttributeError):
        staged = tuple(StagedFile(int(number), Path(path), Path(target)) for number, path, target in value["staged"])
        return ToldJob(
            str(value["id"]),
            str(value["server"]),
            float(value["told"]),
            _read(value["state"]),
            Path(value["staging"]),
            staged,
            int(value["tries"]),
        )
    return None


class JobElsewhere:
    """A job that another server does, or did."""

    def __init__(self, state: State, told: ToldJob) -> None:
        """Take what was told of it.

        Args:
            state: Where it is told.
            told: What was told last.
        """
        self.id = told.id
        self._state, self._told = state, told

    def state(self) -> JobState:
        """Return what the job was doing when it was told of last."""
        return self._told.state

    def is_lost(self) -> bool:
        """Return whether its server is gone, and nobody goes on with it yet."""
        return self._told.is_lost(self._state.now())

    def cancel(self) -> None:
        """Let its server stop it with the next telling."""
        put(self._state, _CANCEL, self.id, True, _KEPT_SECONDS)


class SharedJobs:
    """What all servers know of their jobs. Safe to use from several threads."""

    def __init__(self, state: State, server: str) -> None:
        """Tell nothing yet.

        Args:
            state: Where it is told.
            server: The name of this server, which no other has.
        """
        self._state, self._server = state, server

    def begin(self, folder: Path, job: Job) -> None:
        """Tell of a job for the first time.

        Args:
            folder: Where the uploads of its index lie.
            job: The job, of this server.
        """
        put(self._state, _JOB, job.id, self._told(job).as_json(), _KEPT_SECONDS, str(folder))

    def tell(self, folder: Path, job: Job) -> JobState | None:
        """Tell how far a job of this server is, and cancel it where another server was asked to.

        Args:
            folder: Where the uploads of its index lie.
            job: The job, which was begun.

        Returns:
            What was told; None where another server has taken it over, or that it is over was told before.
        """
        if self._state.get(_CANCEL, job.id):
            job.cancel()
        told = self._told(job)
        return told.state if self._tell(folder, told) else None

    def let_go(self, folder: Path, job: Job) -> None:
        """Leave a job to whoever takes it over next, at once.

        Args:
            folder: Where the uploads of its index lie.
            job: A job of this server, which does no more of it.
        """
        self._tell(folder, replace(self._told(job), told=_LET_GO))

    def under_way(self, folder: Path) -> list[ToldJob]:
        """Return what was told of the jobs of an index that are not over, the one that was started first comes first.

        Args:
            folder: Where the uploads of the index lie.
        """
        return [told for told in self._owned(_JOB, folder) if not told.state.over]

    def told(self, folder: Path, over: int) -> list[ToldJob]:
        """Return what was told of the jobs of an index: first of those that are over, in the order of their ends.

        Args:
            folder: Where the uploads of the index lie.
            over: Of how many that are over; thousands of files may stand in each.

        Returns:
            What was told.
        """
        # In this order: one that ends meanwhile is there twice, and not missed.
        begun = self._owned(_JOB, folder)
        ended = self._owned(_OVER, folder, over)
        known = {told.id for told in ended}
        return [*ended, *(told for told in begun if told.id not in known)]

    def elsewhere(self, told: ToldJob) -> JobElsewhere:
        """Return a job by what was told of it."""
        return JobElsewhere(self._state, told)

    def take_over(self, folder: Path) -> list[LostJob]:
        """Take over the jobs of an index that have lost their servers.

        One that cannot be gone on with is over instead, and says so: what it had done by then stays.

        Args:
            folder: Where the uploads of the index lie.

        Returns:
            Those that this server is to go on with; nobody else does.
        """
        under_way = self.under_way(folder)
        if not under_way:
            return []
        now = self._state.now()
        lost = [told.id for told in under_way if told.is_lost(now)]
        return [job for id_ in lost if (job := self._claim(folder, id_, now)) is not None]

    def _owned(self, kind: str, folder: Path, most: int | None = None) -> list[ToldJob]:
        values = self._state.owned(kind, str(folder), most).values()
        return [told for value in values if (told := told_of_json(value)) is not None]

    def _told(self, job: Job) -> ToldJob:
        now = self._state.now()
        return ToldJob(job.id, self._server, now, job.state(), job.staging, tuple(job.staged), job.tries)

    def _tell(self, folder: Path, told: ToldJob) -> bool:
        """Tell of a job unless another server has it; return whether it is ours."""
        is_ours = False
        written = told.as_json()

        def ours(before: Any) -> Any:
            nonlocal is_ours
            # One that is over is no longer there: then whoever had it last has ended it.
            is_ours = isinstance(before, dict) and before.get("server") == self._server
            return written if is_ours else before

        self._state.change(_JOB, told.id, ours, _KEPT_SECONDS, str(folder))
        if is_ours and told.state.over:
            put(self._state, _OVER, told.id, written, _KEPT_SECONDS, str(folder))
            remove(self._state, _JOB, told.id)
        return is_ours

    def _claim(self, folder: Path, id_: str, now: float) -> LostJob | None:
        claimed: list[ToldJob] = []

        def claim(value: Any) -> Any:
            claimed.clear()
            told = told_of_json(value)
            if told is None or not told.is_lost(now):
                return value
            claimed.append(replace(told, server=self._server, told=now))
            return claimed[0].as_json()

        self._state.change(_JOB, id_, claim, _KEPT_SECONDS, str(folder))
        if not claimed:
            return None
        (ours,) = claimed
        if ours.can_go_on(folder):
            return LostJob(replace(ours, tries=ours.tries + 1))
        self._tell(folder, replace(ours, state=_failed(ours.state)))
        return None


class LostJob:
    """A job whose server is gone, and that this server goes on with."""

    def __init__(self, told: ToldJob) -> None:
        """Take what its server told last.

        Args:
            told: That.
        """
        self.id, self.state, self.staging, self.tries = told.id, told.state, told.staging, told.tries
        # A file that was being read is read again.
        self.files: Sequence[UploadedFile] = tuple(
            replace(file, state="waiting") if file.state == "reading" else file for file in told.state.files
        )
        self.staged = [item for item in told.staged if self.files[item.number].state == "waiting"]


class SharedTurn:
    """Whose turn it is to change an index, among all servers on one database: a lock with a limit of time."""

    def __init__(self, url: str, folder: Path) -> None:
        """Hold nothing yet.

        Args:
            url: The address of the database.
            folder: Where the uploads of the index lie.
        """
        self._url, self._name = url, f"turn {folder}"
        # Of the threads of this server one asks the database at a time.
        self._own = threading.Lock()
        self._held, self._next_try = ExitStack(), 0.0

    def acquire(self, timeout: float) -> bool:
        """Return whether it is our turn, after waiting at most ``timeout`` seconds.

        Raises:
            DatabaseUnusable: The database cannot be used.
        """
        from rag.database.locks import Held, session_lock

        until = time.monotonic() + timeout
        if not self._own.acquire(timeout=timeout):
            return False
        while True:
            time.sleep(max(0.0, min(self._next_try, until) - time.monotonic()))
            if self._next_try > until:
                self._own.release()
                return False
            try:
                self._held.enter_context(session_lock(self._url, self._name))
            except Held:
                # Each try opens a connection: those who ask for a moment at a time do not ask more often.
                self._next_try = time.monotonic() + TOLD_EVERY / 2
            except BaseException:
                self._own.release()
                raise
            else:
                return True

    def release(self) -> None:
        """Let the next one have its turn."""
        try:
            self._held.close()
        finally:
            self._own.release()


def _is_inside(path: Path, folder: Path) -> bool:
    """Return whether a path lies below a folder, whatever dots it has."""
    inside = Path(os.path.normpath(path))
    return inside != folder and inside.is_relative_to(folder)


def _failed(state: JobState) -> JobState:
    """Return a job that nobody goes on with."""
    reason = Notice("upload-lost-its-server")
    files = [
        replace(file, state="failed", reason=reason) if file.state in ("waiting", "reading") else file
        for file in state.files
    ]
    return replace(state, phase="failed", files=tuple(files), doing="", message=reason)


def _written(state: JobState) -> dict[str, Any]:
    return {
        **asdict(state),
        "message": _notice_written(state.message),
        "files": [
            {
                **asdict(file),
                "reason": _notice_written(file.reason),
                "warnings": [_notice_written(warning) for warning in file.warnings],
            }
            for file in state.files
        ],
    }


def _read(stored: dict[str, Any]) -> JobState:
    files = tuple(
        UploadedFile(
            **{
                **file,
                "reason": _notice_read(file["reason"]),
                "warnings": tuple(notice for one in file["warnings"] if (notice := _notice_read(one))),
            }
        )
        for file in stored["files"]
    )
    return JobState(**{**stored, "message": _notice_read(stored["message"]), "files": files})


def _notice_written(notice: Notice | None) -> dict[str, Any] | None:
    return None if notice is None else {"code": notice.code, "values": dict(notice.values)}


def _notice_read(value: dict[str, Any] | None) -> Notice | None:
    return None if value is None else Notice(value["code"], value["values"])
