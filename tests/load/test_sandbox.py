"""Loading end to end: broken files, and a child that hangs, crashes, runs out of memory or outlives its parent."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import pytest

from rag.errors import LoadError, SkipFile
from rag.load import limits
from rag.load.loader import Limits, Loader, hash_file
from rag.load.sandbox import Sandbox, Sandboxes
from rag.load.walk import walk
from tests.load import broken_files

ROOT = Path(__file__).parents[2]
# Lexbor takes minutes for this one, and megabytes for each level.
SLOW = b"<p>a" + b"<div>" * 400_000


@pytest.fixture
def loader() -> Iterator[Loader]:
    with Loader(Limits()) as loader:
        yield loader


def child(sandbox: Sandbox) -> subprocess.Popen[bytes]:
    assert sandbox._child is not None
    return sandbox._child


def test_broken_files(tmp_path: Path, loader: Loader) -> None:
    expected = broken_files.build(tmp_path)
    statuses = {}
    for file in walk(tmp_path):
        reason = str(file.problem or "")
        status = "failed|skipped"
        if not reason:
            try:
                loaded = loader.load(file.path, file.relative)
                status = "added"
                assert loaded.file_hash == hash_file(file.path)
                assert loaded.document.title
            except LoadError as error:
                status = "skipped" if isinstance(error, SkipFile) else "failed"
                reason = str(error)
        if status != "added":
            assert reason
            assert "\n" not in reason
            assert len(reason) < 140
        statuses[file.relative] = status
        assert set(status.split("|")) & set(expected[file.relative].split("|")), (file.relative, status, reason)
    assert statuses.keys() == expected.keys()
    assert len(statuses) >= 40


def test_text_needs_no_child(tmp_path: Path, loader: Loader) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(b"# Hi\r\n")
    loaded = loader.load(path, "a.md")
    assert loaded.document.text == "# Hi\n"
    assert loaded.file_hash == sha256(b"# Hi\r\n").hexdigest()
    assert all(sandbox._child is None for sandbox in loader._sandboxes.all)


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[int], None]]:
    """The clock allows a minute for each second of processor time, or what it is called with: machines are busy."""

    def allow(factor: int) -> None:
        monkeypatch.setattr(limits, "_CLOCK_FACTOR", factor)

    allow(60)
    return allow


@pytest.mark.usefixtures("patient")
def test_a_file_that_hangs() -> None:
    sandbox = Sandbox(Limits(parse_seconds=1))
    with pytest.raises(LoadError, match="took longer than 1 s of processor time"):
        sandbox.parse(SLOW, "a.html", "html")
    sandbox.close()


def test_a_crash_is_one_file_only() -> None:
    sandbox = Sandbox(Limits())
    assert sandbox.parse(b"[1]", "a.json", "json").text == "1"
    first = child(sandbox)
    os.kill(first.pid, signal.SIGSEGV)
    first.wait()
    assert sandbox.parse(b"[2]", "a.json", "json").text == "2"
    second = child(sandbox)
    assert second.pid != first.pid
    os.kill(second.pid, signal.SIGSTOP)

    def crash(*_: object) -> None:
        os.kill(second.pid, signal.SIGKILL)

    old = signal.signal(signal.SIGALRM, crash)
    signal.setitimer(signal.ITIMER_REAL, 0.2)
    with pytest.raises(LoadError, match="broke the program"):
        sandbox.parse(b"[3]", "a.json", "json")
    signal.signal(signal.SIGALRM, old)
    assert sandbox.parse(b"[4]", "a.json", "json").text == "4"
    sandbox.close()


@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited on Linux only")
def test_memory() -> None:
    sandbox = Sandbox(Limits(parse_memory_mb=256))
    with pytest.raises(LoadError, match=r"more than 256 MB of memory|broke the program"):
        sandbox.parse(b"[" + b"{}," * 3_000_000 + b"{}]", "a.json", "json")
    assert sandbox.parse(b"[4]", "a.json", "json").text == "4"
    sandbox.close()


def test_interrupt_ends_the_child(tmp_path: Path) -> None:
    (tmp_path / "slow.html").write_bytes(SLOW)
    program = (
        "import sys; from pathlib import Path; from rag.load.loader import *\n"
        "loader = Loader(Limits()); loader.load(Path(sys.argv[1]), 'a.json')\n"
        "print(loader._sandboxes.all[0]._child.pid, flush=True)\n"
        "loader.load(Path(sys.argv[2]), 'a.html')"
    )
    (tmp_path / "a.json").write_text("[1]")
    for number in (signal.SIGINT, signal.SIGKILL):
        parent = subprocess.Popen(
            [sys.executable, "-c", program, tmp_path / "a.json", tmp_path / "slow.html"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=ROOT,
            start_new_session=True,
        )
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        time.sleep(0.2)
        if number == signal.SIGINT:
            os.killpg(parent.pid, number)
        else:
            parent.kill()
        parent.wait(120)
        parent.stdout.close()
        assert _gone(pid)


def _gone(pid: int) -> bool:
    for _ in range(600):
        try:
            with open(f"/proc/{pid}/stat") as file:
                if file.read().rsplit(")", 1)[1].split()[0] == "Z":
                    return True
        except OSError:
            return True
        time.sleep(0.1)
    return False


def test_start_is_quick_and_lazy() -> None:
    program = "import sys, rag.load.worker; print(*sys.modules)"
    output = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    heavy = {"pypdfium2", "lxml", "docx", "pptx", "openpyxl", "numpy", "selectolax", "charset_normalizer", "PIL"}
    assert not heavy & set(output.stdout.split())


def test_zip_bombs(loader: Loader, tmp_path: Path) -> None:
    for name, data in (("bomb.docx", broken_files.bomb_docx(100)), ("lying.docx", broken_files.lying_docx(100))):
        (tmp_path / name).write_bytes(data)
        with pytest.raises(LoadError):
            loader.load(tmp_path / name, name)


def test_files_that_go_or_are_too_large(tmp_path: Path) -> None:
    with Loader(Limits(max_file_mb=0.001)) as loader:
        with pytest.raises(LoadError, match="not there any more"):
            loader.load(tmp_path / "gone.txt", "gone.txt")
        (tmp_path / "large.txt").write_bytes(b"x" * 1001)
        with pytest.raises(SkipFile, match=r"larger than 0\.001 MB"):
            loader.load(tmp_path / "large.txt", "large.txt")
        with pytest.raises(SkipFile, match="not a regular file"):
            loader.load(tmp_path, "folder")
        with pytest.raises(LoadError, match="not there any more"):
            hash_file(tmp_path / "gone.txt")


@pytest.mark.usefixtures("patient")
def test_a_busy_machine_is_no_slow_file() -> None:
    """A child that gets no processor for longer than the limit of its processor time reads its file all the same."""
    sandbox = Sandbox(Limits(parse_seconds=1))
    assert sandbox.parse(b"[1]", "a.json", "json").text == "1"
    pid = child(sandbox).pid
    os.kill(pid, signal.SIGSTOP)
    wakes = threading.Timer(1.6, os.kill, (pid, signal.SIGCONT))
    wakes.start()
    assert sandbox.parse(b"[2]", "a.json", "json").text == "2"
    sandbox.close()


def test_a_child_that_waits_is_ended_by_the_clock(patient: Callable[[int], None]) -> None:
    sandbox = Sandbox(Limits(parse_seconds=1))
    assert sandbox.parse(b"[1]", "a.json", "json").text == "1"
    os.kill(child(sandbox).pid, signal.SIGSTOP)
    patient(1)
    with pytest.raises(LoadError, match="within 1 s on the clock"):
        sandbox.parse(b"[2]", "a.json", "json")
    patient(60)
    assert sandbox.parse(b"[3]", "a.json", "json").text == "3"
    sandbox.close()


def test_sandboxes_parse_at_the_same_time_and_start_no_child_more_than_they_need() -> None:
    pool = Sandboxes(Limits(), 3)
    for number in range(3):
        assert pool.parse(f"[{number}]".encode(), "a.json", "json").text == str(number)
    assert sum(sandbox._child is not None for sandbox in pool.all) == 1
    barrier = threading.Barrier(3)

    def read(number: int) -> str:
        barrier.wait()
        return pool.parse(b"[" + b"7," * 200_000 + f"{number}]".encode(), "a.json", "json").text[-1]

    with ThreadPoolExecutor(3) as threads:
        assert list(threads.map(read, range(3))) == ["0", "1", "2"]
    children = [sandbox._child for sandbox in pool.all]
    assert len([each for each in children if each]) > 1
    pool.close()
    assert all(_gone(each.pid) for each in children if each)


def test_closing_ends_a_file_at_work() -> None:
    pool = Sandboxes(Limits(), 2)
    with ThreadPoolExecutor(1) as threads:
        reading = threads.submit(pool.parse, SLOW, "a.html", "html")
        time.sleep(1)
        pool.close()
        with pytest.raises(LoadError):
            reading.result(60)
    with pytest.raises(LoadError):
        pool.parse(b"[1]", "a.json", "json")
    assert all(sandbox._child is None for sandbox in pool.all)
