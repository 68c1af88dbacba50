"""Files that are handed in through the browser, and their way into an index.

Owns: what may be uploaded, where it is kept and under which name, the one job at a time for each index, and removal.
Knows nothing about pages; who may write to which index is decided by ``ui.service.workspaces``.
"""

from __future__ import annotations

import secrets
import shutil
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from rag.errors import LoadError, UsageError
from rag.load.sniff import sniff
from rag.settings import Settings
from rag.store.index import Index, delete_stale_vectors, write_lock
from ui.service.upload_job import FileState, Job, JobPhase, JobState, Staged, UploadedFile
from ui.service.upload_names import free_name, safe_name
from ui.service.workspaces import uploads_folder

__all__ = [
    "FileState",
    "Job",
    "JobPhase",
    "JobState",
    "UploadLimits",
    "UploadedFile",
    "Uploads",
    "is_uploaded",
]

_FORGOTTEN_AFTER = 24 * 3600


@dataclass(frozen=True, slots=True)
class UploadLimits:
    """How much one upload may bring; a single file is also bound by ``RAG_MAX_FILE_MB``."""

    files: int = 500
    megabytes: float = 1000


class Uploads:
    """The ingestion jobs of a running server: one at a time for each index, in the background."""

    def __init__(self, settings: Settings, limits: UploadLimits | None = None) -> None:
        self._settings, self._limits = settings, limits or UploadLimits()
        self._guard = threading.Lock()
        self._orders: dict[Path, threading.Lock] = {}
        self._jobs: dict[Path, list[Job]] = {}

    def start(self, index: Index, files: Sequence[tuple[str, Path]]) -> Job:
        """Keep ``(name, temporary file)`` pairs and read them into the index in the background.

        A name may have folders in it (``reports/2026/may.pdf``). Files that may not be uploaded are states of the job.
        The temporary files are copied: they may go when this returns. Raises UsageError when there is nothing, when
        too many files or bytes are handed in at once, or when they cannot be stored.
        """
        if not files:
            raise UsageError("There is no file among what was dropped; choose files or folders with files.")
        if len(files) > self._limits.files:
            raise UsageError(f"These are {len(files)} files; hand in at most {self._limits.files} at once.")
        if sum(_size(path) for _, path in files) > self._limits.megabytes * 1_000_000:
            raise UsageError(f"This is more than {self._limits.megabytes:g} MB; hand in less at once.")
        folder = uploads_folder(index)
        staging = folder.parent / "staging" / secrets.token_hex(8)
        try:
            _make_private(staging)
            listed, staged = self._stage(files, folder, staging)
            with self._guard:
                order = self._orders.setdefault(folder, threading.Lock())
                job = Job(index, self._settings, folder, staging, listed, staged, order)
                running = [earlier for earlier in self._jobs.get(folder, []) if not earlier.state().over]
                self._jobs[folder] = [*running, job]
        except OSError as error:
            shutil.rmtree(staging, ignore_errors=True)
            raise UsageError(
                f"The files cannot be stored ({error.strerror or error}); make room, then try again."
            ) from None
        job.start()
        return job

    def jobs(self, index: Index) -> list[Job]:
        """The jobs of an index that are not over, and the one that was started last; oldest first."""
        with self._guard:
            return list(self._jobs.get(uploads_folder(index), []))

    def job(self, index: Index) -> Job | None:
        """The job that was started last for an index."""
        jobs = self.jobs(index)
        return jobs[-1] if jobs else None

    def remove(self, index: Index, source: str) -> None:
        """Take a source out of the index and delete its file if it was uploaded; files elsewhere stay.

        Raises UsageError for a source that is not there or while a job is running, IndexUnusable while another process
        writes.
        """
        if any(not job.state().over for job in self.jobs(index)):
            raise UsageError("Files are being read into this index; wait for that to end, or cancel it first.")
        record = index.catalog.source_record(source)
        if record is None:
            raise UsageError(f"{source!r} is no longer in the index.")
        with write_lock(index.folder):
            if is_uploaded(index, source):
                # First, so that a crash cannot leave a file that comes back with the next upload.
                path, folder = Path(record.path), uploads_folder(index)
                with suppress(FileNotFoundError):
                    path.unlink()
                _remove_empty(path.parent, folder)
            # Not `rag.ingestion.pipeline.remove`: a name may read as a pattern that means others, too.
            index.catalog.remove([source])
            delete_stale_vectors(index)

    def close(self) -> None:
        """Cancel what is running and wait for it to end."""
        with self._guard:
            jobs = [job for running in self._jobs.values() for job in running]
        for job in jobs:
            job.cancel()
        for job in jobs:
            job.wait(30)

    def _stage(
        self, files: Sequence[tuple[str, Path]], folder: Path, staging: Path
    ) -> tuple[list[UploadedFile], list[Staged]]:
        """Copy what may be uploaded; say of each file what it is called and, if it is refused, why."""
        listed: list[UploadedFile] = []
        staged: list[Staged] = []
        taken: set[str] = set()
        for number, (given, path) in enumerate(files):
            name = free_name(safe_name(given), taken)
            taken.add(name)
            problem = self._problem(path, name)
            listed.append(UploadedFile(given, name, "refused" if problem else "waiting", problem))
            if not problem:
                copy = staging / f"{number:04d}"
                shutil.copyfile(path, copy)
                staged.append(Staged(number, copy, folder / name))
        return listed, staged

    def _problem(self, path: Path, name: str) -> str:
        """Why a file may not be uploaded, judged by its size and its content; empty when it may."""
        largest = self._settings.max_file_mb
        try:
            if path.is_symlink() or not path.is_file():
                return "not a regular file; only files can be read"
            if path.stat().st_size > largest * 1_000_000:
                return f"larger than {largest:g} MB; split it, or raise RAG_MAX_FILE_MB"
            sniff(path.read_bytes(), name)
        except LoadError as error:
            return str(error)
        except OSError as error:
            return f"this file cannot be read: {(error.strerror or 'unknown error').lower()}"
        return ""


def is_uploaded(index: Index, source: str) -> bool:
    """Whether a source's file lies in the uploads of the index, so that removing it deletes the file."""
    record = index.catalog.source_record(source)
    return record is not None and uploads_folder(index).resolve() in Path(record.path).resolve().parents


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _make_private(staging: Path) -> None:
    """The folders of uploads, which nobody else on this machine may look into; old leftovers of a crash go."""
    staging.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    for folder in (staging.parent, staging.parent.parent, staging.parent.parent.parent):
        folder.chmod(0o700)
    for left in staging.parent.iterdir():
        if left.stat().st_mtime < time.time() - _FORGOTTEN_AFTER:
            shutil.rmtree(left, ignore_errors=True)
    staging.mkdir(mode=0o700)


def _remove_empty(folder: Path, top: Path) -> None:
    while folder != top and top in folder.parents:
        try:
            folder.rmdir()
        except OSError:
            return
        folder = folder.parent
