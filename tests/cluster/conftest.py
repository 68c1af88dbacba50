"""A Ray cluster of two nodes on this machine, started once for all tests."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.children import descendants
from tests.conftest import ROOT
from tests.loopback import free_port
from tests.models.test_onnx import write_model

_START_SECONDS = 240


@dataclass(frozen=True)
class Running:
    """The cluster; ``models`` is the folder of models of its nodes, ``client`` its address for Ray's client."""

    address: str
    client: str
    models: Path
    process: subprocess.Popen[str]

    def processes(self, name: str) -> list[int]:
        """The processes of the nodes that work under a name: ``read_file`` or ``EncoderSeat``."""
        found = []
        for pid in descendants(self.process.pid):
            with suppress(OSError):
                title = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
                if title.startswith("ray::") and name in title:
                    found.append(pid)
        return found

    def kill_second_node(self) -> None:
        """Kill a node with all its processes."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write("kill\n")
        self.process.stdin.flush()
        assert self.process.stdout.readline() == "killed\n"

    @contextmanager
    def killing(self, name: str, most: int) -> Iterator[list[int]]:
        """Kill processes that work under a name as soon as they are seen, while the block runs; yield the killed."""
        killed: list[int] = []
        over = threading.Event()

        def kill() -> None:
            while not over.wait(0.02) and len(killed) < most:
                for pid in self.processes(name):
                    if pid not in killed and len(killed) < most:
                        with suppress(ProcessLookupError):
                            os.kill(pid, signal.SIGKILL)
                            killed.append(pid)

        thread = threading.Thread(target=kill)
        thread.start()
        try:
            yield killed
        finally:
            over.set()
            thread.join()


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Running]:
    models = tmp_path_factory.mktemp("models")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("RAG_")}
    environment |= {"RAG_MODELS": str(models), "PYTHONPATH": str(ROOT)}
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.cluster.host", str(port)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=ROOT, env=environment,
    )  # fmt: skip
    late = threading.Timer(_START_SECONDS, process.kill)
    late.start()
    try:
        assert process.stdout is not None
        # Made while the cluster starts.
        request.getfixturevalue("model")
        address = next(
            (line.strip() for line in iter(process.stdout.readline, "") if line.startswith("127.0.0.1:")), ""
        )
        assert address, "the cluster did not start"
        yield Running(address, f"ray://127.0.0.1:{port}", models, process)
    finally:
        late.cancel()
        process.communicate()


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small model of seeded weights; whoever computes with it first makes its export."""
    return write_model(tmp_path_factory.mktemp("model") / "model")
