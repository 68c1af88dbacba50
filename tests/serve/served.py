"""A service that is really served: ``rag serve`` in a process of its own, on a free port of this machine.

Owns: its beginning and its end. Knows nothing about what it is asked.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import ROOT
from tests.ui.served import free_port

_SECONDS = 120


@dataclass(frozen=True)
class Served:
    """A running service: the address of its protocol, which ends with ``/v1``, and its process."""

    url: str
    port: int
    process: subprocess.Popen[str]
    log: list[str]


@contextmanager
def serving(home: Path, *arguments: str, real: bool = False, **settings: str) -> Iterator[Served]:
    """Serve until the block ends.

    Args:
        home: The folder of the indexes.
        *arguments: Further arguments of ``rag serve``.
        real: Whether with the real embedding model; else words are counted.
        **settings: Settings, by the names of their variables.

    Yields:
        The service, which can be reached.
    """
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "rag" if real else "tests.fakes",
        "serve",
        "--home",
        str(home),
        "--port",
        str(port),
    ]
    environment = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    process = subprocess.Popen(
        [*command, *arguments],
        cwd=ROOT,
        env=environment | {"PYTHONPATH": str(ROOT)} | settings,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    log: list[str] = []
    ready = threading.Event()

    def read() -> None:
        assert process.stdout is not None
        with process.stdout as lines:
            for line in lines:
                log.append(line)
                if "Footnote serves at" in line:
                    ready.set()
        ready.set()

    reading = threading.Thread(target=read, daemon=True)
    reading.start()
    try:
        assert ready.wait(_SECONDS), "the service did not begin"
        assert process.poll() is None, "".join(log)
        yield Served(f"http://127.0.0.1:{port}/v1", port, process, log)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise
        finally:
            reading.join(_SECONDS)
