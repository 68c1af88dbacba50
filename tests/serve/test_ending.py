"""The end of a program that serves: `rag.hosting.ending` and `rag.hosting.listening`."""

from __future__ import annotations

import asyncio
import logging
import signal
import subprocess
import sys
import threading

import httpx
import pytest

from rag.hosting import ending
from rag.hosting.listening import _is_no_end
from tests.conftest import ROOT

_SECONDS = 120
# Serves a request that hangs for ever, in a thread that the interpreter waits for when it ends.
_HANGING = """
import asyncio, sys, threading
from rag.hosting import ending, listening
from rag.hosting.bind_address import BindAddress
from tests.ui.served import free_port

async def app(scope, receive, send):
    if scope["type"] == "http":
        await asyncio.to_thread(lambda: (print("hangs", flush=True), threading.Event().wait()))

ending.ENDS_WITHIN = 0
bind = BindAddress("127.0.0.1", free_port())
with listening.stopped_by_sigterm() as stop:
    listening.run(app, bind, lambda: print(bind.port, flush=True), stop)
"""


@pytest.mark.parametrize(("sign", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_a_request_that_hangs_for_ever_keeps_no_program_alive(sign: signal.Signals, code: int) -> None:
    process = subprocess.Popen([sys.executable, "-c", _HANGING], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        port = int(process.stdout.readline())

        def ask() -> None:
            with pytest.raises(httpx.HTTPError):
                httpx.get(f"http://127.0.0.1:{port}/", timeout=_SECONDS, trust_env=False)

        asking = threading.Thread(target=ask, daemon=True)
        asking.start()
        assert process.stdout.readline() == "hangs\n"
        process.send_signal(sign)
        assert process.wait(_SECONDS) == code
    finally:
        process.kill()
        process.communicate()


def test_only_the_main_thread_ends_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    ended: list[int] = []
    monkeypatch.setattr("os._exit", ended.append)
    thread = threading.Thread(target=ending.end_in_time, args=(3, 0.0))
    thread.start()
    thread.join()
    before = set(threading.enumerate())
    ending.end_in_time(4, 0.0)
    for timer in set(threading.enumerate()) - before:
        timer.join(_SECONDS)
    assert ended == [4]


def test_requests_that_end_with_the_server_are_not_told_as_errors() -> None:
    def record(words: str, error: BaseException | None = None) -> logging.LogRecord:
        info = (type(error), error, None) if error else None
        return logging.LogRecord("uvicorn.error", logging.ERROR, "", 0, words, (), info)

    assert _is_no_end(record("Exception in ASGI application", ValueError("broken")))
    assert _is_no_end(record("Invalid HTTP request received."))
    assert not _is_no_end(record("Exception in ASGI application", asyncio.CancelledError()))
    assert not _is_no_end(record("Cancel %s running task(s), timeout graceful shutdown exceeded"))
