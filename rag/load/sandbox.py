"""Parse files in a child process.

Owns: the child, from its lazy start to its end, and what becomes of a file that hangs or crashes it. Knows nothing
about formats.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

from rag.errors import LoadError, SkipFile
from rag.load.limits import Limits, needs_memory
from rag.load.worker import receive, send
from rag.notices import Notice
from rag.types import Block, Document, tables_from_json

# The folder that the package ``rag`` lies in.
_ROOT = str(Path(__file__).parents[2])


class Sandbox:
    """A child process that parses one file after another. It is started for the first file, and anew after a crash."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._child: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

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
        """End the child. A later file would start another."""
        with self._lock:
            self._end_child()

    def _exchange(self, data: bytes, name: str, reader: str) -> dict[str, Any]:
        """Send a file to the child and return its reply; the child is killed when its time is up."""
        child = self._running_child()
        requests, replies = _pipes(child)
        timed_out = threading.Event()

        def kill_child() -> None:
            timed_out.set()
            child.kill()

        timer = threading.Timer(self._limits.parse_seconds, kill_child)
        timer.daemon = True
        timer.start()
        try:
            request = {"name": name, "reader": reader, "size": len(data), "limits": asdict(self._limits)}
            send(requests, request, data)
            return receive(replies)
        except (EOFError, OSError):
            if timed_out.is_set():
                raise LoadError(Notice("file-too-slow", {"seconds": self._limits.parse_seconds})) from None
            raise LoadError(Notice("file-crashed")) from None
        finally:
            timer.cancel()

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
            # The child finds the same modules in the same order, and none in the current folder, which may be
            # anyone's. One thread is enough for a library that would reserve memory for one a core.
            paths = [*filter(None, sys.path), _ROOT]
            environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "OPENBLAS_NUM_THREADS": "1"}
            self._child = subprocess.Popen(
                [sys.executable, "-P", "-m", "rag.load.worker"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=environment,
            )
        return self._child

    def _end_child(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        child.wait()
        for pipe in _pipes(child):
            # What was still to be written has nowhere to go.
            with suppress(OSError):
                pipe.close()


def _pipes(child: subprocess.Popen[bytes]) -> tuple[IO[bytes], IO[bytes]]:
    """Return the pipes for requests and for replies."""
    assert child.stdin is not None
    assert child.stdout is not None
    return child.stdin, child.stdout
