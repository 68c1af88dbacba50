"""The pipe between this process and one of its children, and the limits that a child sets itself.

Owns: the form of a message, and a child's end of the pipe. Knows nothing about what is asked.

Each message is eight bytes of length and then JSON; behind a request's JSON, or a reply's, may come bytes, whose number
is its ``size``.
"""

from __future__ import annotations

import json
import os
import queue
import signal
import threading
from typing import IO, Any

_LENGTH_BYTES = 8
# The system ends this process so much after its own timer should have: a library may have stopped the timer.
_SPARE_SECONDS = 10
# What this process ends of when its processor time is up; empty on Windows, where only the parent's clock ends it.
TIME_IS_UP: frozenset[int] = frozenset(
    getattr(signal, name) for name in ("SIGPROF", "SIGXCPU") if hasattr(signal, name)
)

Pending = queue.SimpleQueue[tuple[dict[str, Any], bytes]]


def send(stream: IO[bytes], message: dict[str, Any], data: bytes = b"") -> None:
    """Write a message, with bytes behind it.

    Args:
        stream: The pipe.
        message: What can be written as JSON.
        data: The bytes.
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
        What was sent, without the bytes behind it: they are still to be read.

    Raises:
        EOFError: When the other end is gone.
    """
    length = stream.read(_LENGTH_BYTES)
    body = stream.read(int.from_bytes(length, "big")) if len(length) == _LENGTH_BYTES else b""
    if not body:
        raise EOFError
    message: dict[str, Any] = json.loads(body)
    return message


def receive_bytes(stream: IO[bytes], size: int) -> bytes:
    """Read the bytes behind a message.

    Args:
        stream: The pipe.
        size: How many they are.

    Returns:
        The bytes.

    Raises:
        EOFError: When the other end is gone.
    """
    data = stream.read(size)
    if len(data) < size:
        raise EOFError
    return data


# -- the child's end ---------------------------------------------------------------------------------------------------


def pending_requests() -> tuple[Pending, IO[bytes]]:
    """Begin to receive what the parent asks, in a thread of its own.

    Returns:
        The requests with the bytes behind them, and the stream for the replies. The end of the parent ends this
        process even amid a request; Ctrl-C does not: the parent decides what becomes of it.
    """
    # Ctrl-C reaches the whole group of processes.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    requests, replies = _private_pipes()
    pending: Pending = queue.SimpleQueue()
    threading.Thread(target=_receive_requests, args=(requests, pending), daemon=True).start()
    return pending, replies


def _private_pipes() -> tuple[IO[bytes], IO[bytes]]:
    """Return streams for messages alone: what a parser prints goes nowhere, and what it reads from stdin is empty."""
    requests = os.fdopen(os.dup(0), "rb")
    replies = os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nothing, standard)
    return requests, replies


def _receive_requests(stream: IO[bytes], pending: Pending) -> None:
    try:
        while True:
            request = receive(stream)
            data = receive_bytes(stream, request["size"])
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


def restrict(parse_seconds: float, parse_memory_mb: int) -> None:
    """Limit this process.

    Args:
        parse_seconds: The processor time that it may take from now on, until ``set_timer(0)``.
        parse_memory_mb: Its memory, in megabytes.
    """
    try:
        import resource
    except ImportError:  # Windows: only the parent's clock limits a child there.
        return
    set_timer(parse_seconds)
    memory_bytes = parse_memory_mb * 1024 * 1024
    usage = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(usage.ru_utime + usage.ru_stime + parse_seconds) + _SPARE_SECONDS
    for limit, value in ((resource.RLIMIT_AS, memory_bytes), (resource.RLIMIT_CPU, seconds)):
        try:
            hard = resource.getrlimit(limit)[1]
            resource.setrlimit(limit, (value if hard == resource.RLIM_INFINITY else min(value, hard), hard))
        except (OSError, ValueError):  # macOS refuses some limits.
            continue


def set_timer(seconds: float) -> None:
    """Have this process end after so many more seconds of processor time; 0 for never."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_PROF, seconds)
