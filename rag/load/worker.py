"""Run the process that parses: one file at a time, with limits on memory and processor time.

Owns: the child's end of the pipe. Knows nothing about files on disk: bytes come in, a document or a notice goes
out. A file may do anything to this process; the parent lives on and starts another.

Each message is eight bytes of length and then JSON; behind a request's JSON come the file's own bytes.
"""

from __future__ import annotations

import json
import os
import queue
import signal
import threading
from typing import IO, Any

from rag.errors import LoadError, SkipFile
from rag.load.limits import Limits
from rag.load.parse import parse
from rag.types import Document, tables_as_json

_LENGTH_BYTES = 8
# The system ends this process so much after its own timer should have: a library may have stopped the timer.
_SPARE_SECONDS = 10
# What this process ends of when its processor time is up; empty on Windows, where only the parent's clock ends it.
TIME_IS_UP: frozenset[int] = frozenset(
    getattr(signal, name) for name in ("SIGPROF", "SIGXCPU") if hasattr(signal, name)
)

Pending = queue.SimpleQueue[tuple[dict[str, Any], bytes]]


def main() -> None:
    """Serve requests until the parent closes the pipe."""
    # Ctrl-C reaches the whole group of processes; the parent decides what becomes of this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    requests, replies = _private_pipes()
    pending: Pending = queue.SimpleQueue()
    threading.Thread(target=_receive_requests, args=(requests, pending), daemon=True).start()
    while True:
        request, data = pending.get()
        limits = Limits(**request["limits"])
        _restrict(limits)
        reply = _reply(request, data, limits)
        _set_timer(0)
        send(replies, reply)
        del data, reply


def send(stream: IO[bytes], message: dict[str, Any], data: bytes = b"") -> None:
    """Write a message, with a file's bytes behind it.

    Args:
        stream: The pipe.
        message: What can be written as JSON.
        data: The bytes of a file.
    """
    body = json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()
    stream.write(len(body).to_bytes(_LENGTH_BYTES, "big") + body)
    stream.write(data)
    stream.flush()


def receive(stream: IO[bytes]) -> dict[str, Any]:
    """Read a message.

    Args:
        stream: The pipe.

    Returns:
        What was sent, without a file's bytes: they are still to be read.

    Raises:
        EOFError: When the other end is gone.
    """
    length = stream.read(_LENGTH_BYTES)
    body = stream.read(int.from_bytes(length, "big")) if len(length) == _LENGTH_BYTES else b""
    if not body:
        raise EOFError
    message: dict[str, Any] = json.loads(body)
    return message


def _private_pipes() -> tuple[IO[bytes], IO[bytes]]:
    """Return streams for messages alone: what a parser prints goes nowhere, and what it reads from stdin is empty."""
    requests = os.fdopen(os.dup(0), "rb")
    replies = os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nothing, standard)
    return requests, replies


def _receive_requests(stream: IO[bytes], pending: Pending) -> None:
    """Read requests in a thread of its own, so that the end of the parent ends this process even amid a file."""
    try:
        while True:
            request = receive(stream)
            data = stream.read(request["size"])
            if len(data) < request["size"]:
                break
            pending.put((request, data))
            del data
    except (EOFError, MemoryError, OSError, ValueError):
        pass
    _end()


def _end() -> None:
    """End this process, and any that a reader has started: they share its group where it leads one."""
    if hasattr(os, "getpgrp") and os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os._exit(0)


def _restrict(limits: Limits) -> None:
    """Limit the memory of this process, and the processor time that the next file may take."""
    try:
        import resource
    except ImportError:  # Windows: only the parent's clock limits a file there.
        return
    _set_timer(limits.parse_seconds)
    memory_bytes = limits.parse_memory_mb * 1024 * 1024
    usage = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(usage.ru_utime + usage.ru_stime + limits.parse_seconds) + _SPARE_SECONDS
    for limit, value in ((resource.RLIMIT_AS, memory_bytes), (resource.RLIMIT_CPU, seconds)):
        try:
            hard = resource.getrlimit(limit)[1]
            resource.setrlimit(limit, (value if hard == resource.RLIM_INFINITY else min(value, hard), hard))
        except (OSError, ValueError):  # macOS refuses some limits.
            continue


def _set_timer(seconds: float) -> None:
    """Have this process end after so many more seconds of processor time; 0 for never."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_PROF, seconds)


def _reply(request: dict[str, Any], data: bytes, limits: Limits) -> dict[str, Any]:
    """Return the document as plain data, or the kind of error and its notice."""
    try:
        return {"document": _as_json(parse(data, request["name"], request["reader"], limits))}
    except SkipFile as error:
        return {"error": "skip", "reason": error.notice.as_json()}
    except LoadError as error:
        return {"error": "load", "reason": error.notice.as_json()}
    except MemoryError:
        return {"error": "memory"}


def _as_json(document: Document) -> dict[str, Any]:
    """Return a document as plain data."""
    blocks = [[block.start, block.end, block.kind, block.level, block.header] for block in document.blocks]
    return {
        "text": document.text,
        "title": document.title,
        "media_type": document.media_type,
        "blocks": blocks,
        "pages": document.pages,
        "tables": tables_as_json(document.tables),
        "date": document.date,
        "warnings": [warning.as_json() for warning in document.warnings],
    }


if __name__ == "__main__":
    main()
