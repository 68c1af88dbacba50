"""Ingest uploaded files in the background.

Owns: the thread, its progress with each file, and that files which do not reach the index leave no trace, unless
another server goes on with them. Knows nothing about who uploaded them or which files may be uploaded.
"""

from __future__ import annotations

import json
import logging
import os
import secrets
import shutil
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, Protocol

from rag.errors import DatabaseUnusable, IndexUnusable, RagError
from rag.hosting.told import told
from rag.ingestion.pipeline import ingest
from rag.models.encoder import EncodedTokens, Encoder, Vectors
from rag.notices import Notice
from rag.store.catalog.schema import cause_of
from rag.store.index import Index
from rag.store.write_lock import write_lock
from rag.types import FileReport

_LOG = logging.getLogger(__name__)

FileState = Literal["refused", "waiting", "reading", "added", "updated", "unchanged", "skipped", "failed", "cancelled",
                    "restored"]  # fmt: skip
JobKind = Literal["adding", "rereading", "restoring"]
JobPhase = Literal["waiting", "running", "done", "cancelled", "failed"]

# Texts that are embedded before a question may come in between: about half a second on two cores.
_TEXTS_AT_ONCE = 8
# Seconds that a job waits for another process that writes to its index, and between two tries.
_WRITER_WAIT, _WRITER_POLL = 600.0, 1.0
# Seconds, and the share of all bytes, from which the time that is left is estimated.
_ESTIMATE_AFTER, _ESTIMATE_FROM = 3.0, 0.05
CANCEL_POLL = 0.25
"""Seconds between two looks whether a job that waits for an earlier one was cancelled."""


@dataclass(frozen=True, slots=True)
class UploadedFile:
    """One file of a job.

    Attributes:
        name: The name it was given.
        source: The source it became, or will become.
        state: What was or is being done with it.
        reason: Why, where it was refused, skipped or failed; else None.
        chunks: How many chunks it has in the index.
        warnings: What of it was not read.
    """

    name: str
    source: str
    state: FileState
    reason: Notice | None = None
    chunks: int = 0
    warnings: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True)
class JobState:
    """A job at one moment.

    Attributes:
        id: The job's id.
        index: The name of the index.
        phase: What the job is doing.
        files: What was or is done with each file.
        done: Bytes that are ingested.
        total: Bytes of all files.
        doing: The source that is being ingested.
        seconds_left: An estimate; None while there is none.
        message: What there is to say of the whole job: what it waits for, why it failed, or that it was cancelled.
        kind: Whether files are added, read again, or brought back.
    """

    id: str
    index: str
    phase: JobPhase
    files: tuple[UploadedFile, ...]
    done: float
    total: float
    doing: str
    seconds_left: float | None
    message: Notice | None = None
    kind: JobKind = "adding"

    @property
    def over(self) -> bool:
        """Whether the job has ended."""
        return self.phase in ("done", "cancelled", "failed")


@dataclass(frozen=True, slots=True)
class StagedFile:
    """A file that waits beside the uploads.

    Attributes:
        number: Its position among the job's files.
        path: Where it waits.
        target: Where it goes.
    """

    number: int
    path: Path
    target: Path


Moved = tuple[StagedFile, Path | None]


class Turn(Protocol):
    """Whose turn it is to change an index: a lock."""

    def acquire(self, *, timeout: float) -> bool:
        """Return whether it is our turn, after waiting at most ``timeout`` seconds."""
        ...

    def release(self) -> None:
        """Let the next one have its turn."""
        ...


class Job:
    """A running or finished ingestion of uploaded files.

    Attributes:
        still_ours: Returns whether no other server has taken the job over; asked before anything is tidied up.
        goes_on_after: Returns whether it is gone on with later, after an error of the database.
        tries: How many times it has been gone on with.
    """

    kind: JobKind = "adding"

    def __init__(
        self,
        index: Index,
        folder: Path,
        staging: Path,
        files: Sequence[UploadedFile],
        staged: Sequence[StagedFile],
        running: Turn,
        id_: str = "",
        tries: int = 0,
    ) -> None:
        """Make a job that is not started yet.

        Args:
            index: The open index of the chat.
            folder: Where the uploads of the index lie.
            staging: Where the files of this job wait; deleted at its end.
            files: All files that were uploaded, those that were refused as well.
            staged: Those that are to be ingested.
            running: Held by the one job of the index that runs.
            id_: The id of the job that it goes on with; empty for a new one.
            tries: How many times that has been gone on with.
        """
        self.id = id_ or secrets.token_urlsafe(16)
        self._index, self._folder, self._running = index, folder, running
        self.staging, self.staged = staging, staged
        self._by_target = {str(item.target): item for item in staged}
        self._guard = threading.Lock()
        self._cancelled, self._abandoned = threading.Event(), threading.Event()
        self.still_ours: Callable[[], bool] = lambda: True
        self.goes_on_after: Callable[[DatabaseUnusable], bool] = lambda _: False
        self.tries = tries
        self._ended = threading.Event()
        total = sum(_size_of(item) for item in staged)
        self._state = JobState(
            self.id, index.name, "waiting", tuple(files), 0.0, float(total), "", None, kind=self.kind
        )
        self._change(kind=self.kind)
        self._started = 0.0
        self._thread = threading.Thread(target=self._run, name=f"uploads of {index.name}", daemon=True)

    def start(self) -> None:
        """Begin in the background; called once."""
        self._thread.start()

    def state(self) -> JobState:
        """Return what the job is doing now."""
        with self._guard:
            state = self._state
            passed = time.monotonic() - self._started
            # The first small files say little of the rest.
            if state.phase == "running" and passed >= _ESTIMATE_AFTER and state.done >= _ESTIMATE_FROM * state.total:
                state = replace(state, seconds_left=max(0.0, state.total - state.done) * passed / state.done)
            return state

    def cancel(self) -> None:
        """Stop after the file at hand; what is in the index by then stays, the other files are thrown away."""
        self._cancelled.set()

    def abandon(self) -> None:
        """Stop after the file at hand, and leave everything as it is to another server, which goes on with it."""
        self._abandoned.set()
        self._cancelled.set()

    @property
    def abandoned(self) -> bool:
        """Whether the rest of it is left to another server."""
        return self._abandoned.is_set()

    def wait(self, timeout: float | None = None) -> bool:
        """Return whether it has ended, after waiting at most ``timeout`` seconds."""
        return self._ended.wait(timeout)

    # -- what the thread does ----------------------------------------------------------------------------------------

    def _run(self) -> None:
        moved: list[Moved] = []
        began = time.monotonic()
        try:
            with self._left_where_it_goes_on():
                while not self._running.acquire(timeout=CANCEL_POLL):
                    self._stop_if_cancelled()
            try:
                with self._left_where_it_goes_on():
                    self._wait_for_writers()
                    self._change(phase="running", message=None)
                    self._started = time.monotonic()
                    self._ingest(moved)
            finally:
                # What another server goes on with is not taken from under it.
                if self._is_ours():
                    self._undo(moved)
                self._running.release()
            self._end("done", "failed", Notice("upload-file-not-read"), None)
        except KeyboardInterrupt:
            self._end("cancelled", "cancelled", None, Notice("upload-cancelled"))
        except RagError as error:
            reason = told(error)
            self._end("failed", "failed", reason, reason)
        except OSError as error:
            reason = Notice("upload-not-stored", {"cause": str(error.strerror or error)})
            self._end("failed", "failed", reason, reason)
        except sqlite3.OperationalError as error:
            # Of a full disk, of a file that may only be read or is locked; damage is another error.
            reason = Notice("upload-not-stored", {"cause": cause_of(error)})
            self._end("failed", "failed", reason, reason)
        except Exception as error:
            reason = Notice("upload-failed", {"error": type(error).__name__})
            self._end("failed", "failed", reason, reason)
            raise
        finally:
            if not self.abandoned:
                shutil.rmtree(self.staging, ignore_errors=True)
                self._log_end(time.monotonic() - began)
            self._ended.set()

    @contextmanager
    def _left_where_it_goes_on(self) -> Iterator[None]:
        """Abandon the job where the database cannot be used inside, and it is gone on with once that is back."""
        try:
            yield
        except DatabaseUnusable as error:
            if self.goes_on_after(error):
                self.abandon()
            raise

    def _is_ours(self) -> bool:
        """Return whether it is still this server's to end; where it is not, it is abandoned."""
        if not self.abandoned and not self.still_ours():
            self.abandon()
        return not self.abandoned

    def _end(self, phase: JobPhase, left: FileState, reason: Notice | None, message: Notice | None) -> None:
        """Note how it ended, and what became of the files that had no turn; nothing where it goes on elsewhere."""
        if not self._is_ours():
            return
        self._close_files(left, reason)
        if phase == "done":
            self._change(phase=phase, doing="", done=self._state.total)
        else:
            self._change(phase=phase, doing="", message=message)

    def _log_end(self, seconds: float) -> None:
        """Log how the job ended, with how many files are in each state."""
        state = self._state
        counts = Counter(str(file.state) for file in state.files)
        fields = {"phase": state.phase, "files": len(state.files), "seconds": round(seconds, 3), **counts}
        _LOG.info("upload job finished", extra=fields)

    def _wait_for_writers(self) -> None:
        """Wait while another process writes to the index; the job's message names it."""
        deadline = time.monotonic() + _WRITER_WAIT
        while True:
            self._stop_if_cancelled()
            try:
                with write_lock(self._index.folder):
                    return
            except IndexUnusable as error:
                if time.monotonic() > deadline:
                    raise
                self._change(message=told(error))
                self._cancelled.wait(_WRITER_POLL)

    def _ingest(self, moved: list[Moved]) -> None:
        self._index.refresh()
        index = self._yielding_index()
        self._folder.mkdir(parents=True, exist_ok=True)
        if str(self._folder) not in json.loads(index.catalog.get("roots") or "[]"):
            # From now on sources are named from this folder.
            ingest(index, [self._folder])
        for item in self.staged:
            moved.append((item, _move(item)))
        there = [item.target for item, _ in moved if item.target.exists()]
        if there:
            ingest(index, there, JobProgress(self))

    def _yielding_index(self) -> Index:
        """Return the index with an encoder that lets questions come first; all else of it is the chat's own."""
        return yielding(self._index, self._stop_if_cancelled)

    def _undo(self, moved: Sequence[Moved]) -> None:
        """Take the files that did not reach the index out again, and put back those whose place they took."""
        files = self._state.files
        for item, replaced in moved:
            if files[item.number].state in ("waiting", "reading"):
                item.target.unlink(missing_ok=True)
                if replaced is not None:
                    os.replace(replaced, item.target)

    def _stop_if_cancelled(self) -> None:
        if self._cancelled.is_set():
            # `ingest` takes this as Ctrl-C: it keeps what is committed.
            raise KeyboardInterrupt

    def report(self, report: FileReport) -> None:
        """Take over what `ingest` has done with one file."""
        # Written through the chat's own index, which therefore need not be opened anew.
        self._index.seen_version = self._index.version
        record = self._index.catalog.source_record(report.source)
        if report.status == "removed":
            return
        if record:
            item = self._by_target.get(record.path)
            same = [item] if item else []
        else:
            files = self._state.files
            same = [item for item in self.staged if _is_source_of(report.source, files[item.number])]
        for item in same:
            self._set_file(
                item.number,
                source=report.source,
                state=report.status,
                reason=report.reason,
                chunks=report.chunks,
                warnings=report.warnings,
            )

    def advance(self, amount: float, doing: str) -> None:
        """Note progress, and stop `ingest` if the job was cancelled.

        Args:
            amount: Bytes that were ingested since the last call.
            doing: The source that is being ingested.

        Raises:
            KeyboardInterrupt: The job was cancelled.
        """
        with self._guard:
            state = self._state
            self._state = replace(state, done=min(state.total, state.done + amount), doing=doing)
        for number, file in enumerate(self._state.files):
            if file.state == "waiting" and _is_source_of(doing, file):
                self._set_file(number, state="reading")
        self._stop_if_cancelled()

    # -- the state ---------------------------------------------------------------------------------------------------

    def _change(self, **fields: object) -> None:
        with self._guard:
            self._state = replace(self._state, **fields)  # type: ignore[arg-type]

    def _set_file(self, number: int, **fields: object) -> None:
        with self._guard:
            files = list(self._state.files)
            files[number] = replace(files[number], **fields)  # type: ignore[arg-type]
            self._state = replace(self._state, files=tuple(files))

    def _close_files(self, state: FileState, reason: Notice | None) -> None:
        for number, file in enumerate(self._state.files):
            if file.state in ("waiting", "reading"):
                self._set_file(number, state=state, reason=reason)


class JobProgress:
    """What `ingest` reports its progress to: the job."""

    def __init__(self, job: Job) -> None:
        self.advance, self.file = job.advance, job.report

    def start(self, files: int, total: int) -> None:
        """Do nothing: the job knows its files.

        Args:
            files: How many there are.
            total: Their bytes.
        """


def _is_source_of(source: str, file: UploadedFile) -> bool:
    """Return whether a source is that file; where another source has its name, its own has a folder in front."""
    return source == file.source or source.endswith(f"/{file.source}")


def _size_of(item: StagedFile) -> int:
    """Return the size of a file, which a server that is gone may have moved already."""
    there = next((path for path in (item.path, item.target) if path.exists()), None)
    return there.stat().st_size if there else 0


def _move(item: StagedFile) -> Path | None:
    """Move a staged file to its target; return where the file that lay there before was put, or None."""
    replaced: Path | None = None
    item.target.parent.mkdir(parents=True, exist_ok=True)
    if not item.path.exists():
        # A server that is gone has moved it, or lost it with its disk.
        before = item.path.with_name(f"{item.path.name}.replaced")
        return before if before.exists() else None
    if item.target.exists():
        replaced = item.path.with_name(f"{item.path.name}.replaced")
        os.replace(item.target, replaced)
    os.replace(item.path, item.target)
    return replaced


def yielding(index: Index, stop_if_over: Callable[[], None]) -> Index:
    """Return an index whose encoder lets questions come first; all else of it is the same.

    Args:
        index: The open index.
        stop_if_over: Called between a few texts and the next; raises where the work is not wanted any more.

    Returns:
        The index.
    """
    return replace(index, encoder=_YieldingEncoder(index.encoder, stop_if_over))


class _YieldingEncoder:
    """An encoder that lets the encoder of a question in after every few texts."""

    def __init__(self, encoder: Encoder, stop_if_cancelled: Callable[[], None]) -> None:
        self.name, self.fingerprint, self.max_tokens = encoder.name, encoder.fingerprint, encoder.max_tokens
        self._encoder, self._stop_if_cancelled = encoder, stop_if_cancelled

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return self._encoder.count_tokens(texts)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        import numpy as np

        parts: list[Vectors] = []
        for i in range(0, len(texts), _TEXTS_AT_ONCE):
            self._stop_if_cancelled()
            parts.append(self._encoder.encode_passages(texts[i : i + _TEXTS_AT_ONCE]))
            # Locks are not fair: without a pause, this thread would take the compute lock again before any other wakes.
            time.sleep(0.005)
        return np.concatenate(parts)

    def encode_question(self, text: str) -> Vectors:
        return self._encoder.encode_question(text)

    def encode_tokens(self, texts: Sequence[str], question: bool = False) -> list[EncodedTokens]:
        return self._encoder.encode_tokens(texts, question)
