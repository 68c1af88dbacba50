"""Parse files in child processes.

Owns: the children, from their lazy start to their end, and what becomes of a file that hangs or crashes one. Knows
nothing about formats.

    Sandbox    one child, which parses one file after another
    Sandboxes  several of them, for as many threads
"""

from __future__ import annotations

import queue
import subprocess
import threading
from contextlib import suppress
from dataclasses import asdict
from typing import Any

from rag.errors import LoadError, SkipFile
from rag.load.child import end_child, kill_child, pipes_of, start_child
from rag.load.limits import Limits, needs_memory
from rag.load.messages import TIME_IS_UP, receive, send
from rag.notices import Notice
from rag.types import Block, Document, tables_from_json

# A child whose pipe has broken is gone within so many seconds.
_END_SECONDS = 5


class Sandbox:
    """A child process that parses one file after another. It is started for the first file, and anew after a crash."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._child: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()
        self._closed = False

    def parse(self, data: bytes, name: str, reader: str) -> Document:
        """Return the document in the bytes of a file.

        Args:
            data: The bytes of the file.
            name: The name of the file.
            reader: The name of its reader, as ``sniff`` returns it.

        Returns:
            The document.

        Raises:
            LoadError: When the file cannot be read, takes too long or too much memory, or crashes the child.
            SkipFile: When there is no text in it, or too much.
        """
        with self._lock:
            try:
                reply = self._exchange(data, name, reader)
            except BaseException:
                # Whatever ended the wait (a crash, Ctrl-C), the child may be amid a file: the next one starts afresh.
                self._end_child()
                raise
            if reply.get("error") == "memory":
                # Memory that a parser has filled seldom comes back.
                self._end_child()
        return self._document(reply)

    def close(self) -> None:
        """End the child, even amid a file, and start no other."""
        self._closed = True
        if child := self._child:
            kill_child(child)
        with self._lock:
            self._end_child()

    def _exchange(self, data: bytes, name: str, reader: str) -> dict[str, Any]:
        """Send a file to the child and return its reply; the child is killed when its time on the clock is up."""
        child = self._running_child()
        requests, replies = pipes_of(child)
        timed_out = threading.Event()

        def end_late() -> None:
            timed_out.set()
            kill_child(child)

        timer = threading.Timer(self._limits.clock_seconds, end_late)
        timer.daemon = True
        timer.start()
        try:
            request = {"name": name, "reader": reader, "size": len(data), "limits": asdict(self._limits)}
            send(requests, request, data)
            return receive(replies)
        except (EOFError, OSError):
            if timed_out.is_set():
                raise LoadError(Notice("file-too-slow-on-clock", {"seconds": self._limits.clock_seconds})) from None
            raise self._error_of_end(child) from None
        finally:
            timer.cancel()

    def _error_of_end(self, child: subprocess.Popen[bytes]) -> LoadError:
        """Return what has ended a child that no clock has: its processor time, or a crash."""
        kill_child(child)
        with suppress(subprocess.TimeoutExpired):
            child.wait(_END_SECONDS)
        if child.returncode is not None and -child.returncode in TIME_IS_UP:
            return LoadError(Notice("file-too-slow", {"seconds": self._limits.parse_seconds}))
        return LoadError(Notice("file-crashed"))

    def _document(self, reply: dict[str, Any]) -> Document:
        """Return the document of a reply, or raise the error that it tells of."""
        error = reply.get("error")
        if error == "skip":
            raise SkipFile(Notice.from_json(reply["reason"]))
        if error == "memory":
            raise needs_memory(self._limits)
        if error:
            raise LoadError(Notice.from_json(reply["reason"]))
        document = reply["document"]
        blocks = tuple(Block(*block) for block in document["blocks"])
        return Document(
            document["text"],
            document["title"],
            document["media_type"],
            blocks,
            tuple(document["pages"]),
            tables_from_json(document["tables"]),
            document["date"],
            tuple(map(Notice.from_json, document["warnings"])),
        )

    def _running_child(self) -> subprocess.Popen[bytes]:
        """Return the child; it is started when there is none, or it has ended."""
        if self._child is None or self._child.poll() is not None:
            self._end_child()
            self._child = start_child("rag.load.worker")
        if self._closed:
            raise LoadError(Notice("file-crashed"))
        return self._child

    def _end_child(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            end_child(child)


class Sandboxes:
    """Several sandboxes, for as many threads. Those that have a child are taken first: few files start few children."""

    def __init__(self, limits: Limits, count: int = 1) -> None:
        """Make them; no child is started yet.

        Args:
            limits: The limits of reading, which hold for each child.
            count: How many files are parsed at the same time; more threads wait.
        """
        self.all = [Sandbox(limits) for _ in range(count)]
        self._idle: queue.LifoQueue[Sandbox] = queue.LifoQueue()
        for sandbox in self.all:
            self._idle.put(sandbox)

    def parse(self, data: bytes, name: str, reader: str) -> Document:
        """Return the document in the bytes of a file; the first sandbox that is free parses it.

        Args:
            data: The bytes of the file.
            name: The name of the file.
            reader: The name of its reader.

        Returns:
            The document.

        Raises:
            LoadError: As ``Sandbox.parse`` does.
            SkipFile: As ``Sandbox.parse`` does.
        """
        sandbox = self._idle.get()
        try:
            return sandbox.parse(data, name, reader)
        finally:
            self._idle.put(sandbox)

    def close(self) -> None:
        """End all children, even amid a file, and start no others."""
        for sandbox in self.all:
            sandbox.close()
