"""A Chroma server of its own for tests, as the handbook starts it; it can be killed and started again."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.loopback import free_port, status_of, wait_until


class ChromaServer:
    """A server that is running unless `kill` was called.

    Attributes:
        url: Its address, which stays the same.
    """

    def __init__(self, folder: Path) -> None:
        self._folder, self._port = folder, free_port()
        self.url = f"http://127.0.0.1:{self._port}"
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        """Start it, and wait until it answers."""
        command = [str(Path(sys.executable).with_name("chroma")), "run", "--path", str(self._folder / "data")]
        # It logs much: into a file, for a pipe that nobody reads would stop it.
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [*command, "--host", "127.0.0.1", "--port", str(self._port)], stdout=log, stderr=log
            )
        wait_until(lambda: status_of(f"{self.url}/api/v2/heartbeat") == 200)

    def kill(self) -> None:
        """Kill it: nothing is finished."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


@pytest.fixture
def chroma_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChromaServer]:
    """A running Chroma server without a collection."""
    server = ChromaServer(tmp_path_factory.mktemp("chroma-server"))
    yield server
    server.kill()
