"""SIGTERM ends the chat as Ctrl-C does: what is being answered is kept, and nothing half-made stays."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import httpx
import pytest

from rag.ingestion.pipeline import ingest
from rag.settings import Settings
from rag.store.catalog import History
from rag.store.index import open_index
from rag.store.write_lock import write_lock
from tests.children import Child
from tests.conftest import ROOT, consistent, write_files
from tests.fakes import WordEncoder
from tests.loopback import status_of, wait_until
from tests.ui.served import Teller, free_port

pytestmark = pytest.mark.localhost

# Seconds that the answer would take: long enough that it is never finished by the time of the signal.
_SLOW = "|".join(["The ferry carries 28 cars [1]. "] * 600)


def serve_and_ask(connection: Connection, home: Path, library: Path) -> None:
    """Serve the chat over an index, ask it something slow, and send an upload that is not started."""
    from rag.hosting.bind_address import BindAddress
    from ui.server import app
    from ui.service.chat_service import AskOptions, ChatService

    settings = Settings(home=home, llm="none", threads=1, parse_seconds=30)
    served: list[ChatService] = []
    make_service = app.make_service

    def noted(*arguments: Any, **options: Any) -> ChatService:
        served.append(make_service(*arguments, **options))
        return served[0]

    app.make_service = noted

    def ask() -> None:
        while not served:
            time.sleep(0.05)
        service, index = served[0], open_index("library", settings=settings, encoder=WordEncoder())
        conversation = History(index.folder).begin("", "Ferry")
        running = service.ask("", index, conversation.id, "How slow is the ferry?", AskOptions())
        batch = service.batches.begin(("", "library"), 1, 10)
        while running.latest.answer is None or "28 cars" not in running.latest.answer.answer:
            time.sleep(0.05)
        connection.send((running.turn_id, str(service.batches._batches[batch].folder)))

    threading.Thread(target=ask, daemon=True).start()
    with open_index("library", settings=settings, encoder=WordEncoder()) as index:
        app.serve(index, BindAddress(port=free_port()), "teller", lambda: Teller({"slow": _SLOW}))  # type: ignore[arg-type,return-value]
    connection.send("ended")


def test_sigterm_keeps_what_is_being_answered(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home", llm="none", threads=1, parse_seconds=30)
    write_files(tmp_path / "library", {"ferry.txt": "The ferry is slow. The ferry carries 28 cars."})
    with open_index("library", settings=settings, create=True, encoder=WordEncoder()) as index:
        ingest(index, [tmp_path / "library"])
        folder = index.folder
    child = Child(serve_and_ask, tmp_path / "home", tmp_path / "library")
    told = child.receive(120)
    assert isinstance(told, tuple)
    turn_id, batch = map(str, told)
    assert Path(batch).is_dir()
    os.kill(child.pid, signal.SIGTERM)
    assert child.receive(60) == "ended"
    assert child.exit_code() == 0
    turn = History(folder).turn("", turn_id)
    assert turn is not None
    assert turn.answer.state == "done"
    assert "28 cars" in turn.answer.answer
    assert "answer-stopped" in [notice.code for notice in turn.answer.notices]
    assert not Path(batch).exists()
    with write_lock(folder):
        pass


@pytest.mark.slow
def test_ctrl_c_ends_a_chat_that_reads_a_watched_folder(tmp_path: Path) -> None:
    """It does so within the seconds that each thing at work is given, and what was committed stays."""
    many = 3_000
    write_files(tmp_path / "library", {"ferry.txt": "The ferry is slow. The ferry carries 28 cars."})
    write_files(tmp_path / "many", {f"{n}.txt": f"Buoy {n} is {n} metres from the pier." for n in range(many)})
    settings = Settings(home=tmp_path / "home", llm="none", threads=1, parse_seconds=30)
    with open_index("library", settings=settings, create=True, encoder=WordEncoder()) as index:
        ingest(index, [tmp_path / "library"])
        folder = index.folder
    port = free_port()
    command = [sys.executable, "-m", "tests.fakes", "chat", "--home", str(settings.home), "--index", "library"]
    process = subprocess.Popen(
        [*command, "--llm", "none", "--no-browser", "--port", str(port)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=120, trust_env=False) as client:
            wait_until(lambda: process.poll() is not None or status_of(f"{client.base_url}/health") == 200)
            workspace = client.get("/i/workspaces").json()["workspaces"][0]["id"]
            watched = f"/i/{workspace}/watched"
            assert client.post(watched, json={"path": str(tmp_path / "many")}).status_code == 200
            wait_until(lambda: bool(re.match(r"[Rr]eading [1-9]", client.get(watched).json()["folders"][0]["words"])))
        process.send_signal(signal.SIGINT)
        began = time.monotonic()
        said, _ = process.communicate(timeout=120)
        took = time.monotonic() - began
    finally:
        process.kill()
        process.wait()
    assert process.returncode == 130, said
    assert "Traceback" not in said
    assert took < 30
    with write_lock(folder), open_index("library", settings=settings, encoder=WordEncoder()) as index:
        assert consistent(index) == []
        assert "ferry.txt" in [one.source for one in index.catalog.sources()]
