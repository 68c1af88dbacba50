"""Parsing in a child process.

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
from rag.load.limits import Limits
from rag.types import Block, Document

_ROOT = str(Path(__file__).parents[2])


class Sandbox:
    """A child process that parses one file after another. It is started for the first file, and anew after a crash."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._child: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    def parse(self, data: bytes, name: str, media_type: str) -> Document:
        """The document in ``data``. Raises LoadError or SkipFile."""
        with self._lock:
            try:
                reply = self._ask(data, name, media_type)
            except BaseException:
                # Whatever ended the wait (a crash, Ctrl-C), the child may be amid a file: the next one starts afresh.
                self._end()
                raise
            if reply.get("error") == "memory":
                # Memory that a parser has filled seldom comes back.
                self._end()
        return self._document(reply)

    def close(self) -> None:
        """End the child. A later file would start another."""
        with self._lock:
            self._end()

    def _ask(self, data: bytes, name: str, media_type: str) -> dict[str, Any]:
        from rag.load.worker import receive, send

        child = self._running()
        requests, replies = _pipes(child)
        late = threading.Event()

        def give_up() -> None:
            late.set()
            child.kill()

        timer = threading.Timer(self._limits.parse_seconds, give_up)
        timer.daemon = True
        timer.start()
        try:
            request = {"name": name, "media_type": media_type, "size": len(data), "limits": asdict(self._limits)}
            send(requests, request, data)
            return receive(replies)
        except (EOFError, OSError):
            if late.is_set():
                seconds = f"{self._limits.parse_seconds:g} s"
                raise LoadError(f"took longer than {seconds} to read; split it, or raise RAG_PARSE_SECONDS") from None
            raise LoadError("broke the program that reads it; save it again in its own program, or split it") from None
        finally:
            timer.cancel()

    def _document(self, reply: dict[str, Any]) -> Document:
        error = reply.get("error")
        if error == "skip":
            raise SkipFile(reply["reason"])
        if error == "memory":
            megabytes = self._limits.parse_memory_mb
            raise LoadError(f"needs more than {megabytes} MB of memory to read; split it, or raise RAG_PARSE_MEMORY_MB")
        if error:
            raise LoadError(reply["reason"])
        found = reply["document"]
        blocks = tuple(Block(*block) for block in found["blocks"])
        return Document(found["text"], found["title"], found["media_type"], blocks, tuple(found["pages"]))

    def _running(self) -> subprocess.Popen[bytes]:
        if self._child is None or self._child.poll() is not None:
            self._end()
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

    def _end(self) -> None:
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
    assert child.stdin is not None
    assert child.stdout is not None
    return child.stdin, child.stdout
