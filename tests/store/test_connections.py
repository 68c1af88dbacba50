"""Connections to a catalog end with the threads that opened them, so that a server never runs out of files."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from rag.store.catalog import Catalog

CHILD = """
import resource, sys, threading
from pathlib import Path
from rag.store.catalog import Catalog

resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
catalog = Catalog(Path(sys.argv[1]))
read = []
for _ in range(500):
    threads = [threading.Thread(target=lambda: read.append(catalog.get("format"))) for _ in range(4)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
print(len(read), len(set(read)))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="limits of files are set with resource")
def test_2000_threads_need_no_more_files_than_live_at_once(tmp_path: Path) -> None:
    Catalog(tmp_path, create=True).close()
    ran = subprocess.run([sys.executable, "-c", CHILD, str(tmp_path)], capture_output=True, text=True, check=False)
    assert (ran.stdout.split(), ran.stderr) == (["2000", "1"], "")


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="open files are listed in /proc")
def test_closing_a_catalog_closes_the_connections_of_all_threads(tmp_path: Path) -> None:
    catalog = Catalog(tmp_path, create=True)
    read, leave = threading.Event(), threading.Event()

    def stay() -> None:
        catalog.get("format")
        read.set()
        leave.wait(30)

    thread = threading.Thread(target=stay)
    thread.start()
    read.wait(30)
    assert open_files(tmp_path) >= 2
    catalog.close()
    assert open_files(tmp_path) == 0
    leave.set()
    thread.join()


def open_files(folder: Path) -> int:
    """Return how many files below a folder this process has open."""
    count = 0
    for descriptor in Path("/proc/self/fd").iterdir():
        try:
            count += os.readlink(descriptor).startswith(str(folder))
        except OSError:
            continue
    return count
