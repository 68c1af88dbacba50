"""Listen on an address and serve an application there until it is stopped.

Owns: the socket, the server's thread and its end, and what is told of it. Knows nothing about the application.
"""

from __future__ import annotations

import asyncio
import errno
import logging
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn

from rag.errors import UsageError
from rag.hosting.bind_address import BindAddress, url_of
from rag.hosting.ending import end_in_time

# Seconds that clients have to take what they are being sent once the server is to end, and the server in all.
_GRACE_SECONDS, _SERVER_SECONDS = 2, 3.0


@contextmanager
def stopped_by_sigterm() -> Iterator[threading.Event]:
    """Give an event that SIGTERM sets inside; only the main thread may ask for that."""
    stop = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield stop
        return
    before = signal.signal(signal.SIGTERM, lambda *_: stop.set())
    try:
        yield stop
    finally:
        signal.signal(signal.SIGTERM, before)


def run(app: Any, bind: BindAddress, ready: Callable[[], None], stop: threading.Event | None = None) -> None:
    """Serve an application until it is stopped; the program that does so in its main thread is over soon after.

    Args:
        app: The application.
        bind: Where it listens.
        ready: Called once it can be reached.
        stop: Ends it when set; without one, only Ctrl-C does.

    Raises:
        UsageError: The port cannot be used, or the server did not start.
        KeyboardInterrupt: Ctrl-C was pressed.
    """
    listening = _listen(bind)
    config = uvicorn.Config(
        app,
        log_level="error",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_GRACE_SECONDS,
        ws="none",
        # httptools takes a head of any size; this one ends at 64 KB, and refuses two Host headers.
        http="h11",
        # Without a list of its own, uvicorn believes whatever comes from 127.0.0.1.
        proxy_headers=bool(bind.proxies),
        forwarded_allow_ips=list(bind.proxies),
    )
    logging.getLogger("uvicorn.error").addFilter(_is_no_end)
    server = uvicorn.Server(config)
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
    serving = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    serving.start()
    try:
        while not server.started and serving.is_alive():
            serving.join(0.02)
        if not server.started:
            raise UsageError(f"Nothing could be served at {url_of(bind)}; the lines above say why.")
        ready()
        while serving.is_alive() and not (stop is not None and stop.is_set()):
            serving.join(0.2)
        end_in_time(0)
    except KeyboardInterrupt:
        end_in_time(130)
        raise
    finally:
        server.should_exit = True
        serving.join(_SERVER_SECONDS)
        listening.close()


def _is_no_end(record: logging.LogRecord) -> bool:
    """Tell whether a record of the server is about anything but requests that ended with it, which are no errors."""
    error = record.exc_info[1] if record.exc_info else None
    return not (isinstance(error, asyncio.CancelledError) or "timeout graceful shutdown exceeded" in record.msg)


def _listen(bind: BindAddress) -> socket.socket:
    family = socket.AF_INET6 if ":" in bind.host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((bind.host, bind.port))
    except (OSError, OverflowError) as error:
        listening.close()
        if isinstance(error, socket.gaierror) or getattr(error, "errno", 0) == errno.EADDRNOTAVAIL:
            raise UsageError(f"{bind.host} is no address of this computer; choose another with --host.") from error
        raise UsageError(
            f"Port {bind.port} on {bind.host} cannot be used, another program may have it; choose another with --port."
        ) from error
    return listening
