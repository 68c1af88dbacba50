"""Have pages of PDF files drawn and read in child processes, within limits.

Owns: the children, who waits for what, and what becomes of a page that takes too long. Knows nothing about what is
drawn: a request goes out, a reply comes back.

    Lane    a few children that are asked the same kind of thing, with one line of requests before them
    Ticket  the place of one who waits in that line; who leaves gives it back
"""

from __future__ import annotations

import subprocess
import threading
import time
from collections.abc import Hashable, Mapping
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from typing import Any

from rag.errors import LoadError
from rag.load.child import end_child, kill_child, pipes_of, start_child
from rag.load.messages import receive, receive_bytes, send
from rag.notices import Notice

# A page that nobody waits for any more is drawn on for so many seconds: it is nearly done, or it never will be.
_GRACE_SECONDS = 0.7
# So long may a child that starts load its libraries, which is no page's fault.
_START_SECONDS = 60.0
# Of a busy machine a page gets a share alone: the clock gives it so many times the processor time that it may take.
_SHARED = 3
# A child that is asked nothing for so many seconds is ended.
_IDLE_SECONDS = 180.0

Reply = tuple[dict[str, Any], bytes]


@dataclass(frozen=True, slots=True)
class PageLimits:
    """Limits of one page.

    Attributes:
        seconds: How much processor time it may take; the clock ends it later, see `clock_seconds`.
        memory_mb: The memory of the process that draws it, in megabytes.
        pixels: The most pixels of its picture.
    """

    seconds: float = 8.0
    memory_mb: int = 1536
    pixels: int = 16_000_000

    @property
    def clock_seconds(self) -> float:
        """How long a page may take on the clock."""
        return self.seconds * _SHARED


class PageTooSlow(LoadError):
    """A page took longer than its limit, or more memory, or crashed the process that drew it.

    Attributes:
        left: Whether it was given up because nobody waited for it any more.
    """

    left = False


@dataclass(eq=False, slots=True)
class _Job:
    """One thing that is asked for, by one or more who wait."""

    key: Hashable
    request: Mapping[str, Any]
    waiting: int = 1
    child: subprocess.Popen[bytes] | None = None
    began: float = 0.0
    given_up: bool = False
    reply: Future[Reply] = field(default_factory=Future)


class Ticket:
    """The place in the line of one who waits for a reply."""

    def __init__(self, lane: Lane, job: _Job) -> None:
        """Get the place.

        Args:
            lane: The line.
            job: What is waited for.
        """
        self._lane, self._job = lane, job
        self._left = False

    @property
    def reply(self) -> Future[Reply]:
        """The reply to come."""
        return self._job.reply

    def result(self) -> Reply:
        """Wait for the reply.

        Returns:
            What was answered, and the bytes behind it.

        Raises:
            LoadError: The page cannot be drawn or read; a `PageTooSlow` where it went over its limits.
        """
        return self._job.reply.result()

    def leave(self) -> None:
        """Stop waiting; what nobody waits for is not done."""
        if not self._left:
            self._left = True
            self._lane._left(self._job)


class Lane:
    """Up to a few children, started when they are needed, and ended when they are not."""

    def __init__(self, limits: PageLimits, most_children: int, module: str = "rag.load.page_worker") -> None:
        """Make a lane without a child.

        Args:
            limits: The limits of each request.
            most_children: How many requests are worked on at the same time.
            module: What runs in a child.
        """
        self._limits, self._most, self._module = limits, most_children, module
        self._changed = threading.Condition()
        self._line: list[_Job] = []
        self._jobs: dict[Hashable, _Job] = {}
        self._threads = self._idle = 0
        self._slow_files: set[str] = set()
        self._closed = False

    def begin(self) -> None:
        """Start a child for what is going to be asked."""
        with self._changed:
            if not self._threads and not self._closed:
                self._start_thread()

    def _start_thread(self) -> None:
        self._threads += 1
        # One that starts its child is going to be free.
        self._idle += 1
        threading.Thread(target=self._work, daemon=True).start()

    def ask(self, key: Hashable, request: Mapping[str, Any]) -> Ticket:
        """Get in line.

        Args:
            key: What is asked for; who asks for the same waits for the same reply.
            request: What the child is sent; it names a file by its ``path`` and ``file_hash``.

        Returns:
            The ticket.
        """
        with self._changed:
            job = self._jobs.get(key)
            if job is not None and not job.given_up:
                job.waiting += 1
                return Ticket(self, job)
            job = _Job(key, request)
            # Who waits for it in another way, as asyncio does, cannot cancel it for the others.
            job.reply.set_running_or_notify_cancel()
            if self._closed:
                job.reply.set_exception(_unable(self._limits, left=True))
                return Ticket(self, job)
            self._jobs[key] = job
            self._line.append(job)
            if len(self._line) > self._idle and self._threads < self._most:
                self._start_thread()
            self._changed.notify_all()
        return Ticket(self, job)

    def close(self) -> None:
        """End all children, even amid a page, and start no others."""
        with self._changed:
            self._closed = True
            for job in self._line:
                self._forget(job)
                job.reply.set_exception(_unable(self._limits, left=True))
            self._line = []
            # One that is between the line and its child is ended there.
            for job in self._jobs.values():
                if job.child is not None:
                    kill_child(job.child)
            self._changed.notify_all()
            self._changed.wait_for(lambda: not self._threads, timeout=_GRACE_SECONDS * 5)

    def _left(self, job: _Job) -> None:
        with self._changed:
            job.waiting -= 1
            if job.waiting or job.reply.done():
                return
            if job in self._line:
                self._line.remove(job)
                self._forget(job)
                job.reply.set_exception(_unable(self._limits, left=True))
            elif job.child is not None:
                timer = threading.Timer(max(0.0, job.began + _GRACE_SECONDS - time.monotonic()), self._end, (job,))
                timer.daemon = True
                timer.start()

    def _end(self, job: _Job) -> None:
        """End the child that works on a job, unless it is done or somebody waits for it again."""
        with self._changed:
            if not job.waiting and not job.reply.done() and job.child is not None:
                job.given_up = True
                kill_child(job.child)

    def _forget(self, job: _Job) -> None:
        if self._jobs.get(job.key) is job:
            del self._jobs[job.key]

    # -- a thread with one child --------------------------------------------------------------------------------------

    def _work(self) -> None:
        child: subprocess.Popen[bytes] | None = None
        try:
            try:
                with suppress(LoadError):
                    child = self._started()
            finally:
                with self._changed:
                    self._idle -= 1
            while (job := self._next()) is not None:
                try:
                    if child is None or child.poll() is not None:
                        child = self._started(child)
                    self._done(job, self._exchange(job, child))
                except LoadError as error:
                    if child is not None:
                        end_child(child)
                    child = None
                    self._done(job, error)
        finally:
            if child is not None:
                end_child(child)
            with self._changed:
                self._threads -= 1
                self._changed.notify_all()

    def _next(self) -> _Job | None:
        """Wait for the next job; None when there is none for long, or the lane was closed."""
        deadline = time.monotonic() + _IDLE_SECONDS
        with self._changed:
            while not self._closed:
                if job := self._free_job():
                    self._line.remove(job)
                    job.began = time.monotonic()
                    return job
                self._idle += 1
                try:
                    if not self._changed.wait(deadline - time.monotonic()) and not self._line:
                        return None
                finally:
                    self._idle -= 1
        return None

    def _free_job(self) -> _Job | None:
        """Return the first job in line. A file that was slow before has one child at most, so that others go on."""
        begun = {job.request["file_hash"] for job in self._jobs.values() if job.began}
        for job in self._line:
            file_hash = job.request["file_hash"]
            if self._most == 1 or file_hash not in self._slow_files or file_hash not in begun:
                return job
        return None

    def _started(self, former: subprocess.Popen[bytes] | None = None) -> subprocess.Popen[bytes]:
        """Start a child in place of one that has ended, and wait until it says so: no page pays for that."""
        if former is not None:
            end_child(former)
        child = start_child(self._module)
        timer = _end_after(_START_SECONDS, child)
        try:
            receive(pipes_of(child)[1])
        except (EOFError, OSError, ValueError):
            end_child(child)
            raise _unable(self._limits) from None
        finally:
            timer.cancel()
        return child

    def _exchange(self, job: _Job, child: subprocess.Popen[bytes]) -> Reply:
        """Send a request to the child and return its reply; the child is killed when its time is up."""
        with self._changed:
            job.child, job.began = child, time.monotonic()
            if self._closed:
                kill_child(child)
        requests, replies = pipes_of(child)
        timer = _end_after(self._limits.clock_seconds, child)
        try:
            send(requests, {**job.request, **asdict(self._limits), "size": 0})
            reply = receive(replies)
            data = receive_bytes(replies, reply["size"])
        except (EOFError, OSError, ValueError):
            raise _unable(self._limits) from None
        finally:
            timer.cancel()
        if reply.get("error", "") is None:
            # Memory that a page has filled seldom comes back.
            raise _unable(self._limits)
        return reply, data

    def _done(self, job: _Job, outcome: Reply | LoadError) -> None:
        with self._changed:
            self._forget(job)
            if isinstance(outcome, LoadError):
                if not job.given_up:
                    self._slow_files.add(job.request["file_hash"])
                job.reply.set_exception(_unable(self._limits, left=job.given_up or self._closed))
            elif "error" in outcome[0]:
                job.reply.set_exception(LoadError(Notice.from_json(outcome[0]["error"])))
            else:
                job.reply.set_result(outcome)
            self._changed.notify_all()


def _end_after(seconds: float, child: subprocess.Popen[bytes]) -> threading.Timer:
    timer = threading.Timer(seconds, kill_child, (child,))
    timer.daemon = True
    timer.start()
    return timer


def _unable(limits: PageLimits, left: bool = False) -> PageTooSlow:
    error = PageTooSlow(Notice("page-not-drawn", {"seconds": limits.seconds}))
    error.left = left
    return error
