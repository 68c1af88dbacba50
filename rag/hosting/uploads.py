"""Add uploaded files to an index, and remove them again.

Owns: what may be uploaded, where it is stored and under which name, and that one job runs at a time for each index;
what a removal keeps is owned by ``rag.hosting.upload_removals``.
Knows nothing about pages; who may write to which index is decided by ``rag.hosting.workspaces``.
"""

from __future__ import annotations

import logging
import secrets
import shutil
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from rag.database.address import database_url
from rag.errors import DatabaseUnusable, LoadError, RagError, SkipFile, UsageError
from rag.hosting.shared_jobs import MOST_TRIES, TOLD_EVERY, JobElsewhere, LostJob, SharedJobs, SharedTurn, ToldJob
from rag.hosting.state import State
from rag.hosting.upload_again import BringBack, ReadAgain
from rag.hosting.upload_job import CANCEL_POLL, FileState, Job, JobState, StagedFile, Turn, UploadedFile, yielding
from rag.hosting.upload_names import free_name, safe_name
from rag.hosting.upload_removals import Removal, Removals
from rag.hosting.workspaces import uploads_folder
from rag.load.sniff import sniff
from rag.notices import Notice
from rag.store.folders import uploads_folder as uploads_folder_of
from rag.store.index import Index

_LOG = logging.getLogger(__name__)

# Seconds after which staged files are the leftovers of a crash.
_LEFTOVER_AFTER = 24 * 3600
# Jobs of one index that are over and can still be looked up.
_MOST_OVER = 100
# Seconds that a removal waits for work that is no job.
_TURN_WAIT = 10.0
# What the database cannot do for a while.
_PASSING = frozenset(("database-lost", "database-lock-lost", "database-silent"))
# Seconds that the end of a server waits for a job.
_END_WAIT = 30.0


@dataclass(frozen=True, slots=True)
class UploadLimits:
    """How many files and megabytes one upload may have; a single file is also bound by ``RAG_MAX_FILE_MB``."""

    files: int = 5000
    megabytes: float = 1000


class Uploads:
    """The ingestion jobs of a running server: one at a time for each index, in the background."""

    def __init__(self, limits: UploadLimits | None = None, state: State | None = None) -> None:
        """Begin nothing yet.

        Args:
            limits: How much one upload may have; None: the usual limits.
            state: What servers on one database share; None, or a memory of one server: its jobs are its own.
        """
        self._limits = limits or UploadLimits()
        # Of servers on one database each sees the jobs of all.
        self._shared = SharedJobs(state, secrets.token_hex(8)) if state is not None and state.is_shared else None
        self._closing, self._ending = threading.Event(), threading.Event()
        # The open indexes by the folders of their uploads, whose lost jobs are gone on with.
        self._indexes: dict[Path, Index] = {}
        self._guard = threading.Lock()
        self._running: dict[Path, Turn] = {}
        self._jobs: dict[Path, list[Job]] = {}
        self._over: dict[Path, deque[Job]] = {}
        self._removals = Removals(state if self._shared else None)
        self._telling = threading.Thread(target=self._tell_all, name="shared jobs", daemon=True)
        if self._shared:
            self._telling.start()

    def start(self, index: Index, files: Sequence[tuple[str, Path]]) -> Job:
        """Store files, and ingest them in the background.

        Args:
            index: The open index of the chat.
            files: The name each was given, which may have folders in it (``reports/2026/may.pdf``), and where it lies.
                They are copied, so they may be deleted afterwards.

        Returns:
            The job, begun; a file that may not be uploaded is a state of it.

        Raises:
            UsageError: There is no file, there are too many files or bytes, or they cannot be stored.
            DatabaseUnusable: The job cannot be told to other servers; nothing is kept of it.
        """
        if not files:
            raise UsageError(Notice("upload-empty"))
        if len(files) > self._limits.files:
            raise UsageError(Notice("upload-too-many-files", {"files": len(files), "most": self._limits.files}))
        if sum(_size(path) for _, path in files) > self._limits.megabytes * 1_000_000:
            raise UsageError(Notice("upload-has-too-many-megabytes", {"most": self._limits.megabytes}))
        folder = self._folder_of(index)
        staging = folder.parent / "staging" / secrets.token_hex(8)
        try:
            _make_private(staging)
            listed, staged = _stage(files, folder, staging, index.settings.max_file_mb)
            job = Job(index, folder, staging, listed, staged, self._lock_of(folder))
        except OSError as error:
            shutil.rmtree(staging, ignore_errors=True)
            raise UsageError(Notice("upload-not-stored", {"cause": str(error.strerror or error)})) from None
        try:
            return self._begin(folder, job)
        except DatabaseUnusable:
            shutil.rmtree(staging, ignore_errors=True)
            raise

    def jobs(self, index: Index) -> list[Job | JobElsewhere]:
        """Return the jobs of an index that are not over, and the one that was started last; oldest first."""
        folder = self._folder_of(index)
        if self._shared:
            told = self._shared.told(folder, over=1)
            return [self._job_of(folder, one) for one in told if not one.state.over or one is told[-1]]
        with self._guard:
            return list(self._jobs.get(folder, []))

    def job(self, index: Index) -> Job | JobElsewhere | None:
        """Return the job that was started last for an index, or None."""
        jobs = self.jobs(index)
        return jobs[-1] if jobs else None

    def recent(self, index: Index) -> list[Job | JobElsewhere]:
        """Return the jobs of an index that are not over, and the last hundred that are; oldest first."""
        self._folder_of(index)
        return self.recent_in(index.folder)

    def recent_in(self, index_folder: Path) -> list[Job | JobElsewhere]:
        """Return the jobs of the index in a folder, which need not be open, as `recent` does."""
        folder = uploads_folder_of(index_folder)
        if self._shared:
            return [self._job_of(folder, one) for one in self._shared.told(folder, over=_MOST_OVER)]
        with self._guard:
            return [*self._over.get(folder, ()), *self._jobs.get(folder, ())]

    def remove(self, index: Index, *sources: str) -> Removal:
        """Remove sources from the index, with their files if they were uploaded; files elsewhere stay.

        Args:
            index: The open index of the chat.
            *sources: The names of the sources; they are no patterns. Those that are not there any more are passed over
                as long as there is one.

        Returns:
            What `restore` takes for half an hour.

        Raises:
            UsageError: There is no such source, or a job is running.
            IndexUnusable: Another process writes to the index.
        """
        self._check_idle(index)
        there = [source for source in sources if index.catalog.source_record(source) is not None]
        if not there:
            raise UsageError(Notice("source-not-in-index", {"source": sources[0] if sources else ""}))
        running = self._lock_of(uploads_folder(index))
        # A watched folder may be at work; most often for a moment.
        if not running.acquire(timeout=_TURN_WAIT):
            raise UsageError(Notice("upload-running"))
        try:
            return self._removals.remove(index, there)
        finally:
            running.release()

    @contextmanager
    def turn(self, index: Index, stop_if_over: Callable[[], None]) -> Iterator[Index]:
        """Wait for a turn among the jobs of an index, for work that is no job, such as following a folder.

        Args:
            index: The open index.
            stop_if_over: Raises where the work is not wanted any more; called while waiting and while encoding.

        Yields:
            The index, with an encoder that lets questions come first.
        """
        running = self._lock_of(uploads_folder(index))
        while not running.acquire(timeout=CANCEL_POLL):
            stop_if_over()
        try:
            yield yielding(index, stop_if_over)
        finally:
            running.release()

    def restore(self, index: Index, removal: str) -> Job:
        """Bring removed sources back in the background.

        Args:
            index: The open index of the chat.
            removal: The id of the removal.

        Returns:
            The job, begun.

        Raises:
            UsageError: It can no longer be undone.
        """
        taken = self._removals.take(index, removal)
        # An index that was made anew meanwhile knows nothing of it.
        if taken is None or not index.catalog.removed_sources(removal):
            raise UsageError(Notice("removal-over"))
        folder = self._folder_of(index)
        job = BringBack(index, folder, taken.folder, taken.id, taken.files, self._lock_of(folder))
        return self._begin(folder, job)

    def read_again(self, index: Index, sources: Sequence[str]) -> Job:
        """Read the files of sources again in the background, whether they have changed or not.

        Args:
            index: The open index of the chat.
            sources: The names of the sources.

        Returns:
            The job, begun; a file that is gone is a state of it.

        Raises:
            UsageError: There is no such source.
        """
        records = [record for source in sources if (record := index.catalog.source_record(source))]
        if not records:
            raise UsageError(Notice("source-not-in-index", {"source": sources[0] if sources else ""}))
        folder = self._folder_of(index)
        staging = folder.parent / "staging" / secrets.token_hex(8)
        return self._begin(folder, ReadAgain(index, folder, staging, records, self._lock_of(folder)))

    def at_work(self, index: Index) -> frozenset[str]:
        """Return the sources of an index that a job is reading, or will."""
        return frozenset(
            file.source
            for state in self._under_way(index)
            for file in state.files
            if file.state in ("waiting", "reading")
        )

    def _folder_of(self, index: Index) -> Path:
        """Return where the uploads of an index lie; from now on its lost jobs are gone on with here."""
        folder = uploads_folder(index)
        if self._shared:
            with self._guard:
                self._indexes[folder] = index
        return folder

    def _open_indexes(self) -> list[tuple[Path, Index]]:
        """Return the indexes whose lost jobs are gone on with; one that was closed is one again once it is opened."""
        with self._guard:
            self._indexes = {folder: index for folder, index in self._indexes.items() if not index.closed}
            return list(self._indexes.items())

    def _check_idle(self, index: Index) -> None:
        if self._under_way(index):
            raise UsageError(Notice("upload-running"))

    def _under_way(self, index: Index) -> list[JobState]:
        """Return the states of the jobs of an index that are not over."""
        return [state for job in self.jobs(index) if not (state := job.state()).over]

    def _lock_of(self, folder: Path) -> Turn:
        with self._guard:
            if folder not in self._running:
                self._running[folder] = SharedTurn(database_url(), folder) if self._shared else threading.Lock()
            return self._running[folder]

    # -- several servers on one database -----------------------------------------------------------------------------

    def _job_of(self, folder: Path, told: ToldJob) -> Job | JobElsewhere:
        """Return a job by what was told of it: our own where it is."""
        with self._guard:
            own = [*self._over.get(folder, ()), *self._jobs.get(folder, ())]
        found = next((job for job in own if job.id == told.id and not job.abandoned), None)
        return found or self._shared_jobs.elsewhere(told)

    @property
    def _shared_jobs(self) -> SharedJobs:
        assert self._shared is not None
        return self._shared

    def _tell_all(self) -> None:
        """Tell how far our jobs are, and go on with those that have lost their servers, until the end."""
        told_over: set[str] = set()
        is_told = True
        while not self._ending.wait(TOLD_EVERY):
            own = [(folder, job) for folder, job in self._own_jobs() if job.id not in told_over]
            try:
                for folder, job in own:
                    if job.abandoned:
                        self._let_go(folder, job)
                        continue
                    told = self._shared_jobs.tell(folder, job)
                    if told is None:
                        self._leave(folder, job)
                    elif told.over:
                        told_over.add(job.id)
                for folder, index in self._open_indexes():
                    for lost in self._shared_jobs.take_over(folder):
                        self._go_on(index, folder, lost)
            except (RagError, OSError) as error:
                if is_told:
                    _LOG.warning("other servers cannot be told of uploads", extra={"cause": str(error)})
                is_told = False
            except Exception:
                # Who tells nothing more loses its jobs to others.
                _LOG.exception("telling of uploads went wrong")
            else:
                is_told = True

    def _leave(self, folder: Path, job: Job) -> None:
        """Do no more of a job that another server has taken over."""
        _LOG.warning("upload job is gone on with by another server", extra={"job": job.id})
        job.abandon()
        self._forget(folder, job)

    def _let_go(self, folder: Path, job: Job) -> None:
        """Leave a job that was abandoned, once nothing more of it is done here, to the next server; that may be we."""
        if job.wait(0):
            self._shared_jobs.let_go(folder, job)
            self._forget(folder, job)

    def _forget(self, folder: Path, job: Job) -> None:
        with self._guard:
            self._jobs[folder] = [one for one in self._jobs.get(folder, []) if one is not job]

    def _is_still_ours(self, folder: Path, job: Job) -> bool:
        """Return whether a job was not taken over; while the database cannot tell, that is waited for."""
        while True:
            with suppress(DatabaseUnusable):
                return self._shared_jobs.tell(folder, job) is not None
            if self._closing.wait(TOLD_EVERY):
                return False

    def _go_on(self, index: Index, folder: Path, lost: LostJob) -> None:
        """Go on with a job that has lost its server."""
        _LOG.info("upload job taken over", extra={"index": index.name, "files": len(lost.staged)})
        job = Job(index, folder, lost.staging, lost.files, lost.staged, self._lock_of(folder), lost.id, lost.tries)
        self._begin(folder, job, is_new=False)

    def _own_jobs(self) -> list[tuple[Path, Job]]:
        """Return the jobs of this server, also those that are over, each with the folder of its uploads."""
        with self._guard:
            return [(folder, job) for kept in (self._over, self._jobs) for folder, jobs in kept.items() for job in jobs]

    def _begin(self, folder: Path, job: Job, is_new: bool = True) -> Job:
        if self._shared:
            job.still_ours = partial(self._is_still_ours, folder, job)
            job.goes_on_after = partial(_goes_on_after, job)
            # Before it is listed: of a job that is listed and was not begun it would be told that it is another's.
            if is_new:
                self._shared.begin(folder, job)
        with self._guard:
            earlier = [(one, one.state().over) for one in self._jobs.get(folder, [])]
            self._over.setdefault(folder, deque(maxlen=_MOST_OVER)).extend(one for one, over in earlier if over)
            self._jobs[folder] = [*(one for one, over in earlier if not over), job]
        job.start()
        return job

    def close(self) -> None:
        """End what is running and wait for that; where other servers can go on with it, it is left to them."""
        self._closing.set()
        with self._guard:
            jobs = [(folder, job) for folder, jobs in self._jobs.items() for job in jobs]
        for _, job in jobs:
            if self._shared and job.kind == "adding" and not job.state().over:
                job.abandon()
            else:
                job.cancel()
        for _, job in jobs:
            job.wait(_END_WAIT)
        if self._shared:
            self._ending.set()
            self._telling.join(TOLD_EVERY + _END_WAIT)
            with suppress(RagError):
                for folder, job in jobs:
                    if job.abandoned:
                        self._shared.let_go(folder, job)
                    else:
                        self._shared.tell(folder, job)
        self._removals.close()


def _stage(
    files: Sequence[tuple[str, Path]], folder: Path, staging: Path, largest: float
) -> tuple[list[UploadedFile], list[StagedFile]]:
    """Copy what may be uploaded; return all files, those refused with the reason, and the ones that were copied."""
    listed: list[UploadedFile] = []
    staged: list[StagedFile] = []
    taken: set[str] = set()
    for number, (given, path) in enumerate(files):
        name = free_name(safe_name(given), taken)
        taken.add(name)
        state, problem = _problem(path, name, largest)
        listed.append(UploadedFile(given, name, state, problem))
        if not problem:
            copy = staging / f"{number:04d}"
            shutil.copyfile(path, copy)
            staged.append(StagedFile(number, copy, folder / name))
    return listed, staged


def _problem(path: Path, name: str, largest: float) -> tuple[FileState, Notice | None]:
    """Return the state of a file and why it may not be uploaded, by its size in megabytes and its content.

    What ``rag ingest`` passes over is skipped here, too.
    """
    try:
        if path.is_symlink() or not path.is_file():
            return "refused", Notice("file-not-regular")
        if path.stat().st_size > largest * 1_000_000:
            return "refused", Notice("file-too-large", {"megabytes": largest})
        sniff(path.read_bytes(), name)
    except LoadError as error:
        return "skipped" if isinstance(error, SkipFile) else "refused", error.notice
    except OSError as error:
        values = {"place": "file", "error": (error.strerror or "unknown error").lower()}
        return "refused", Notice("file-unreadable", values)
    return "waiting", None


def _goes_on_after(job: Job, error: DatabaseUnusable) -> bool:
    """Return whether a job goes on once the database is back; what is wrong with that otherwise is said at once."""
    return job.kind == "adding" and job.tries < MOST_TRIES and error.notice.code in _PASSING


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _make_private(staging: Path) -> None:
    """Make a staging folder that no other account of this machine can read, and delete what crashes have left."""
    staging.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    for folder in (staging.parent, staging.parent.parent, staging.parent.parent.parent):
        folder.chmod(0o700)
    for leftover in staging.parent.iterdir():
        if leftover.stat().st_mtime < time.time() - _LEFTOVER_AFTER:
            shutil.rmtree(leftover, ignore_errors=True)
    staging.mkdir(mode=0o700)
