"""Add uploaded files to an index, and remove them again.

Owns: what may be uploaded, where it is stored and under which name, and that one job runs at a time for each index.
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

from rag.errors import LoadError, SkipFile, UsageError
from rag.load.sniff import sniff
from rag.notices import Notice
from rag.store.index import Index, delete_stale_vectors
from rag.store.write_lock import write_lock
from ui.service.upload_job import FileState, Job, StagedFile, UploadedFile
from ui.service.upload_names import free_name, safe_name
from ui.service.workspaces import uploads_folder

# Seconds after which staged files are the leftovers of a crash.
_LEFTOVER_AFTER = 24 * 3600


@dataclass(frozen=True, slots=True)
class UploadLimits:
    """How many files and megabytes one upload may have; a single file is also bound by ``RAG_MAX_FILE_MB``."""

    files: int = 500
    megabytes: float = 1000


class Uploads:
    """The ingestion jobs of a running server: one at a time for each index, in the background."""

    def __init__(self, limits: UploadLimits | None = None) -> None:
        self._limits = limits or UploadLimits()
        self._guard = threading.Lock()
        self._running: dict[Path, threading.Lock] = {}
        self._jobs: dict[Path, list[Job]] = {}

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
        """
        if not files:
            raise UsageError(Notice("upload-empty"))
        if len(files) > self._limits.files:
            raise UsageError(Notice("upload-too-many-files", {"files": len(files), "most": self._limits.files}))
        if sum(_size(path) for _, path in files) > self._limits.megabytes * 1_000_000:
            raise UsageError(Notice("upload-has-too-many-megabytes", {"most": self._limits.megabytes}))
        folder = uploads_folder(index)
        staging = folder.parent / "staging" / secrets.token_hex(8)
        try:
            _make_private(staging)
            listed, staged = _stage(files, folder, staging, index.settings.max_file_mb)
            with self._guard:
                running = self._running.setdefault(folder, threading.Lock())
                job = Job(index, folder, staging, listed, staged, running)
                unfinished = [earlier for earlier in self._jobs.get(folder, []) if not earlier.state().over]
                self._jobs[folder] = [*unfinished, job]
        except OSError as error:
            shutil.rmtree(staging, ignore_errors=True)
            raise UsageError(Notice("upload-not-stored", {"cause": str(error.strerror or error)})) from None
        job.start()
        return job

    def jobs(self, index: Index) -> list[Job]:
        """Return the jobs of an index that are not over, and the one that was started last; oldest first."""
        with self._guard:
            return list(self._jobs.get(uploads_folder(index), []))

    def job(self, index: Index) -> Job | None:
        """Return the job that was started last for an index, or None."""
        jobs = self.jobs(index)
        return jobs[-1] if jobs else None

    def remove(self, index: Index, source: str) -> None:
        """Remove a source from the index, and delete its file if it was uploaded; files elsewhere stay.

        Args:
            index: The open index of the chat.
            source: The name of the source; it is no pattern.

        Raises:
            UsageError: There is no such source, or a job is running.
            IndexUnusable: Another process writes to the index.
        """
        if any(not job.state().over for job in self.jobs(index)):
            raise UsageError(Notice("upload-running"))
        record = index.catalog.source_record(source)
        if record is None:
            raise UsageError(Notice("source-not-in-index", {"source": source}))
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
            jobs = [job for jobs in self._jobs.values() for job in jobs]
        for job in jobs:
            job.cancel()
        for job in jobs:
            job.wait(30)


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


def is_uploaded(index: Index, source: str) -> bool:
    """Return whether a source's file is an upload, so that removing the source deletes the file.

    Args:
        index: The index.
        source: The name of the source.

    Returns:
        Whether it lies in the folder of uploads; False for a source that is not in the index.
    """
    record = index.catalog.source_record(source)
    return record is not None and uploads_folder(index).resolve() in Path(record.path).resolve().parents


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


def _remove_empty(folder: Path, top: Path) -> None:
    """Remove a folder and those above it that are empty, up to ``top``."""
    while folder != top and top in folder.parents:
        try:
            folder.rmdir()
        except OSError:
            return
        folder = folder.parent
