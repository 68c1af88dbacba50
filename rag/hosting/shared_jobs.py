"""Upload jobs that belong to no server: several servers on one database see each other's, and go on with a lost one.

Owns: what is told of a job, whose turn it is among all servers, and when a job has lost its server. Knows nothing about
how a job is done (``rag.hosting.upload_job``).

A server tells once a second how far its jobs are. One of which nothing was told for some seconds has lost its server:
whoever sees that first takes it over. The files of a job wait in the home folder, which all servers see, and what is in
an index was committed as a whole, so what is left is done again.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from rag.hosting.state import State, put
from rag.hosting.upload_job import Job, JobState, StagedFile, UploadedFile
from rag.notices import Notice

TOLD_EVERY, LOST_AFTER = 1.0, 15.0
"""Seconds between two tellings of a job, and without one after which it has lost its server."""
_JOB, _CANCEL = "job", "job-cancel"
# How long a job can be looked up.
_KEPT_SECONDS = 86_400.0


class JobElsewhere:
    """A job that another server does, or did."""

    def __init__(self, state: State, told: dict[str, Any]) -> None:
        """Take what was told of it.

        Args:
            state: Where it is told.
            told: What was told last.
        """
        self.id: str = told["id"]
        self._state, self._told = state, told

    def state(self) -> JobState:
        """Return what the job was doing when it was told of last."""
        return _read(self._told)

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

    def tell(self, folder: Path, job: Job) -> JobState:
        """Tell how far a job of this server is, and cancel it where another server was asked to.

        Args:
            folder: Where the uploads of its index lie.
            job: The job.

        Returns:
            What was told.
        """
        if self._state.get(_CANCEL, job.id):
            job.cancel()
        state = job.state()
        told = {
            "id": job.id,
            "server": self._server,
            "told": self._state.now(),
            "over": state.over,
            "state": _written(state),
            "staging": str(job.staging),
            "staged": [[item.number, str(item.path), str(item.target)] for item in job.staged],
        }
        put(self._state, _JOB, job.id, told, _KEPT_SECONDS, str(folder))
        return state

    def told(self, folder: Path) -> list[dict[str, Any]]:
        """Return what was told of the jobs of an index, the one that was started first comes first."""
        return list(self._state.owned(_JOB, str(folder)).values())

    def elsewhere(self, told: dict[str, Any]) -> JobElsewhere:
        """Return a job by what was told of it."""
        return JobElsewhere(self._state, told)

    def take_over(self, folder: Path) -> list[LostJob]:
        """Take over the jobs of an index that have lost their servers.

        One that does not add files is over instead, and says so: what it had done by then stays.

        Args:
            folder: Where the uploads of the index lie.

        Returns:
            Those that this server is to go on with; nobody else does.
        """
        now = self._state.now()
        lost = [told["id"] for told in self.told(folder) if _is_lost(told, now)]
        return [job for id_ in lost if (job := self._claim(folder, id_, now)) is not None]

    def _claim(self, folder: Path, id_: str, now: float) -> LostJob | None:
        claimed: list[dict[str, Any]] = []

        def claim(told: Any) -> Any:
            if told is None or not _is_lost(told, now):
                return told
            taken = {**told, "server": self._server, "told": now}
            if told["state"]["kind"] != "adding":
                return {**taken, "over": True, "state": _written(_failed(_read(told)))}
            claimed.append(told)
            return taken

        self._state.change(_JOB, id_, claim, _KEPT_SECONDS, str(folder))
        return LostJob(claimed[0]) if claimed else None


class LostJob:
    """A job whose server is gone, and that this server goes on with."""

    def __init__(self, told: dict[str, Any]) -> None:
        """Take what its server told last.

        Args:
            told: That.
        """
        self.id: str = told["id"]
        self.state = _read(told)
        self.staging = Path(told["staging"])
        # A file that was being read is read again.
        self.files: Sequence[UploadedFile] = tuple(
            replace(file, state="waiting") if file.state == "reading" else file for file in self.state.files
        )
        self.staged = [
            StagedFile(number, Path(path), Path(target))
            for number, path, target in told["staged"]
            if self.files[number].state == "waiting"
        ]


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
        self._held = ExitStack()

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
            try:
                self._held.enter_context(session_lock(self._url, self._name))
            except Held:
                left = until - time.monotonic()
                if left <= 0:
                    self._own.release()
                    return False
                time.sleep(min(left, TOLD_EVERY / 2))
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


def _is_lost(told: dict[str, Any], now: float) -> bool:
    return not told["over"] and now - told["told"] > LOST_AFTER


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


def _read(told: dict[str, Any]) -> JobState:
    stored = told["state"]
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
