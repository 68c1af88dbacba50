"""What tells changes, and when a changed file is ripe: `rag.watching.changes`, `rag.watching.settling`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from threading import Event

import pytest

from rag.watching.changes import EventsLost, PolledChanges, SystemChanges, WatchLimit
from rag.watching.settling import Settling
from tests.conftest import ROOT

_FEW_WATCHES = """
import sys
from pathlib import Path
from rag.watching.changes import SystemChanges, WatchLimit
try:
    SystemChanges([Path(sys.argv[1])])
except WatchLimit as limit:
    print(limit.setting, limit.value > 0)
"""


@pytest.mark.parametrize(
    ("limit", "setting"),
    [
        ("max_inotify_watches", "fs.inotify.max_user_watches"),
        ("max_inotify_instances", "fs.inotify.max_user_instances"),
    ],
)
def test_the_limit_of_the_system_is_known(tmp_path: Path, limit: str, setting: str) -> None:
    """In a user namespace of its own, whose limit is two folders."""
    (tmp_path / "a/b/c/d").mkdir(parents=True)
    inside = f'echo {2 if "watches" in limit else 0} > /proc/sys/user/{limit} && exec "$@"'
    if not shutil.which("unshare") or subprocess.run(["unshare", "-Ur", "sh", "-c", inside, "sh", "true"]).returncode:
        pytest.skip("this machine makes no user namespaces with limits of their own")
    command = ["unshare", "-Ur", "sh", "-c", inside, "sh", sys.executable, "-c", _FEW_WATCHES, str(tmp_path)]
    ran = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)})
    assert ran.stdout == f"{setting} True\n", ran.stderr


def test_changes_that_the_system_tells(tmp_path: Path) -> None:
    changes, stop = SystemChanges([tmp_path]), Event()
    try:
        (tmp_path / "a.txt").write_text("x")
        found: set[Path] = set()
        while tmp_path / "a.txt" not in found:
            found |= changes.wait(1, stop)
        # There is room for more.
        changes.check()
    finally:
        changes.close()


def test_a_burst_that_may_have_filled_the_queue_of_the_system_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The system drops what its queue does not hold, and says so to nobody."""
    monkeypatch.setattr("rag.watching.changes._value", lambda *_: 24)
    told = SystemChanges([tmp_path])
    monkeypatch.setattr(told, "_watched", [_Told(tmp_path, 3)])
    assert len(told.wait(0.1, Event())) == 3
    monkeypatch.setattr(told, "_watched", [_Told(tmp_path, 4)])
    with pytest.raises(EventsLost):
        told.wait(0.1, Event())


class _Told:
    """A watcher of the system that tells of some files."""

    def __init__(self, folder: Path, files: int) -> None:
        self._told = {(1, str(folder / str(number))) for number in range(files)}

    def watch(self, *_: object) -> set[tuple[int, str]]:
        return self._told


def test_of_a_single_file_its_folder_is_watched_and_nothing_else_told(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("x")
    changes, stop = SystemChanges([], [file]), Event()
    try:
        (tmp_path / "other.txt").write_text("x")
        (tmp_path / "new").write_text("y")
        os.replace(tmp_path / "new", file)
        found: set[Path] = set()
        while not found:
            found = changes.wait(1, stop)
        assert found == {file}
    finally:
        changes.close()


def test_a_poll_sees_what_two_writes_within_a_second_leave(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("one")
    changes, stop = PolledChanges([tmp_path], 0), Event()
    before = file.stat()
    file.write_text("two")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    (tmp_path / ".hidden").write_text("x")
    (tmp_path / ".gitignore").write_text("x")
    found: set[Path] = set()
    while not found:
        found = changes.wait(1, stop)
    assert found == {file, tmp_path / ".gitignore"}
    stop.set()
    assert changes.wait(60, stop) == set()


def test_a_change_is_ripe_once_its_file_stays_the_same(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("x")
    settling = Settling(settle=1, longest=10)
    settling.add([file], now=0)
    assert settling.ripe(0.9) == set()
    # Written without an event.
    file.write_text("xx")
    assert settling.ripe(1.1) == set()
    assert settling.ripe(2.0) == set()
    assert settling.ripe(2.2) == {file}
    settling.drop({file})
    assert len(settling) == 0


def test_what_is_written_all_the_time_is_ripe_at_last(tmp_path: Path) -> None:
    file = tmp_path / "log.txt"
    settling = Settling(settle=1, longest=10)
    for second in range(20):
        file.write_text("x" * second)
        settling.add([file], now=second / 2)
        assert settling.ripe(second / 2) == set()
    assert settling.ripe(10) == {file}


def test_a_file_that_is_gone_is_ripe(tmp_path: Path) -> None:
    settling = Settling(settle=1, longest=10)
    settling.add([tmp_path / "gone"], now=0)
    assert settling.ripe(1) == {tmp_path / "gone"}


def test_a_limit_names_a_larger_value() -> None:
    now = int(Path("/proc/sys/fs/inotify/max_user_watches").read_text())
    assert WatchLimit("fs.inotify.max_user_watches").value == 4 * now
    assert WatchLimit("fs.no.such.setting").value > 0
