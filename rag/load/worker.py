"""The process that parses: one file at a time, with limits on memory and processor time.

Owns: the child's end of the pipe. Knows nothing about files on disk: bytes come in, a document or one sentence goes
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
from rag.types import Document

_LENGTH = 8
# The parent's clock ends a file that hangs; the processor's clock is for a parent that is gone or stopped.
_SPARE_SECONDS = 10

Pending = queue.SimpleQueue[tuple[dict[str, Any], bytes]]


def main() -> None:
    """Serve requests until the parent closes the pipe."""
    # Ctrl-C reaches the whole group of processes; the parent decides what becomes of this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    requests, replies = _private_pipes()
    pending: Pending = queue.SimpleQueue()
    threading.Thread(target=_receive, args=(requests, pending), daemon=True).start()
    while True:
        request, data = pending.get()
        limits = Limits(**request["limits"])
        _restrict(limits)
        send(replies, _reply(request, data, limits))
        del data


def send(stream: IO[bytes], message: dict[str, Any], data: bytes = b"") -> None:
    """Write a message, with a file's bytes behind it."""
    body = json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()
    stream.write(len(body).to_bytes(_LENGTH, "big") + body)
    stream.write(data)
    stream.flush()


def receive(stream: IO[bytes]) -> dict[str, Any]:
    """Read a message. Raises EOFError when the other end is gone."""
    length = stream.read(_LENGTH)
    body = stream.read(int.from_bytes(length, "big")) if len(length) == _LENGTH else b""
    if not body:
        raise EOFError
    message: dict[str, Any] = json.loads(body)
    return message


def _private_pipes() -> tuple[IO[bytes], IO[bytes]]:
    """Streams of our own for the protocol: what a parser prints goes nowhere, and what it reads is empty."""
    requests = os.fdopen(os.dup(0), "rb")
    replies = os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nothing, standard)
    return requests, replies


def _receive(stream: IO[bytes], pending: Pending) -> None:
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
    os._exit(0)


def _restrict(limits: Limits) -> None:
    try:
        import resource
    except ImportError:  # Windows: only the parent's clock limits a file there.
        return
    megabytes = limits.parse_memory_mb * 1024 * 1024
    usage = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(usage.ru_utime + usage.ru_stime + limits.parse_seconds) + _SPARE_SECONDS
    for limit, value in ((resource.RLIMIT_AS, megabytes), (resource.RLIMIT_CPU, seconds)):
        try:
            hard = resource.getrlimit(limit)[1]
            resource.setrlimit(limit, (value if hard == resource.RLIM_INFINITY else min(value, hard), hard))
        except (OSError, ValueError):  # macOS refuses some limits.
            continue


def _reply(request: dict[str, Any], data: bytes, limits: Limits) -> dict[str, Any]:
    try:
        return {"document": to_json(parse(data, request["name"], request["media_type"], limits))}
    except SkipFile as error:
        return {"error": "skip", "reason": str(error)}
    except LoadError as error:
        return {"error": "load", "reason": str(error)}
    except MemoryError:
        return {"error": "memory", "reason": ""}


def to_json(document: Document) -> dict[str, Any]:
    """A document as plain data."""
    blocks = [[block.start, block.end, block.kind, block.level, block.header] for block in document.blocks]
    return {
        "text": document.text,
        "title": document.title,
        "media_type": document.media_type,
        "blocks": blocks,
        "pages": document.pages,
    }


if __name__ == "__main__":
    main()
