"""`rag watch` in a process of its own: what it prints, and how it ends."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.conftest import LIBRARY, ROOT, Command, Opener, consistent, write_files
from tests.watching.conftest import until


class Watching:
    """The command at work, and the lines that it has printed."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.lines: list[str] = []
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line.rstrip("\n"))

    def until_printed(self, words: str) -> None:
        until(lambda: any(words in line for line in list(self.lines)))

    def end(self, by: int) -> int:
        self.process.send_signal(by)
        return self.process.wait(60)


@contextmanager
def watching(home: Path, *arguments: str | Path) -> Iterator[Watching]:
    environment = {**os.environ, "RAG_HOME": str(home), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "tests.fakes", "watch", *map(str, arguments)]
    with subprocess.Popen(
        command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        try:
            yield Watching(process)
        finally:
            process.kill()


def test_a_line_a_change_until_ctrl_c(home: Path, library: Path, open_again: Opener) -> None:
    with watching(home, library) as command:
        command.until_printed("Ctrl-C ends")
        assert sum(line.startswith("added") for line in command.lines) == len(LIBRARY)
        write_files(library, {"new.txt": "A new ferry.\n"})
        command.until_printed("added     new.txt  (1 chunks)")
        (library / "new.txt").unlink()
        command.until_printed("removed   new.txt")
        library.rename(library.with_name("away"))
        command.until_printed("may lie on a drive that was taken out")
        assert command.end(signal.SIGINT) == 130
    index = open_again(create=False)
    assert consistent(index) == []
    assert [one.source for one in index.catalog.sources()] == sorted(LIBRARY)


def test_an_object_a_line_until_sigterm(home: Path, library: Path) -> None:
    with watching(home, library, "--json", "--poll") as command:
        command.until_printed('"looked"')
        write_files(library, {"bad.pdf": "no PDF"})
        command.until_printed("bad.pdf")
        assert command.end(signal.SIGTERM) == 0
        told = [json.loads(line) for line in command.lines if line.startswith("{")]
    assert {event["event"] for event in told} == {"file", "looked"}
    added = [event for event in told if event.get("status") == "added"]
    assert sorted(event["source"] for event in added) == sorted(LIBRARY)
    assert next(event["everything"] for event in told if event["event"] == "looked") is True
    failed = next(event for event in told if event.get("source") == "bad.pdf")
    assert failed["status"] in ("failed", "skipped")
    assert failed["reason"]


@pytest.mark.parametrize("path", ["nowhere", "nowhere/at/all"])
def test_a_path_that_is_not_there(rag: Command, path: str) -> None:
    ran = rag("watch", path)
    assert ran.code == 2
    assert path in ran.err
