"""Faults of the clock of real processes: it is a year back or ahead, or jumps while they run."""

from __future__ import annotations

import http.cookiejar
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from pathlib import Path

from rag.atomic_file import write_atomically
from rag.hosting.users import add_user
from tests.conftest import LIBRARY, ROOT, consistent, write_files
from tests.torture.commands import rag, right
from tests.torture.faults import NotHere, fault
from tests.torture.indexes import opened

# What is loaded before the C library of a process: its clock of the day is off by the seconds that a file holds. The
# clock that only counts on is right, as it is on a machine whose clock jumps. (libfaketime 0.9 breaks sleeping there.)
_WRONG_CLOCK = r"""
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static long off(void) {
    long seconds = 0;
    FILE *file = fopen(getenv("WRONG_CLOCK"), "r");
    if (file) { if (fscanf(file, "%ld", &seconds) != 1) seconds = 0; fclose(file); }
    return seconds;
}
int clock_gettime(clockid_t id, struct timespec *now) {
    int result = syscall(SYS_clock_gettime, id, now);
    if (result == 0 && (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE)) now->tv_sec += off();
    return result;
}
int gettimeofday(struct timeval *restrict now, void *restrict zone) {
    struct timespec precise;
    clock_gettime(CLOCK_REALTIME, &precise);
    now->tv_sec = precise.tv_sec; now->tv_usec = precise.tv_nsec / 1000;
    return 0;
}
time_t time(time_t *place) {
    struct timespec precise;
    clock_gettime(CLOCK_REALTIME, &precise);
    if (place) *place = precise.tv_sec;
    return precise.tv_sec;
}
"""
YEAR = 365 * 86_400
_PASSWORD = "correct horse 7"
_WAIT = 240


def clock(folder: Path, seconds: int) -> Mapping[str, str]:
    """Return the environment of processes whose clock is off by some seconds, until ``set_clock`` is called."""
    library = folder / "clock.so"
    if not library.exists():
        compiler = shutil.which("cc")
        if compiler is None or not sys.platform.startswith("linux"):
            raise NotHere("there is no compiler of C for Linux")
        (folder / "clock.c").write_text(_WRONG_CLOCK, encoding="utf-8")
        subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", library, folder / "clock.c"], check=True)
    set_clock(folder, seconds)
    return {"LD_PRELOAD": str(library), "WRONG_CLOCK": str(folder / "clock")}


def set_clock(folder: Path, seconds: int) -> None:
    """Set the clock of processes that run."""
    write_atomically(folder / "clock", str(seconds))


@fault("clock-of-commands", "commands whose clock is a year back, then a year ahead, and jumps amid an ingestion")
def clock_of_commands(folder: Path) -> str:
    library, home = folder / "library", folder / "home"
    for number, seconds in enumerate((-YEAR, YEAR, -YEAR)):
        wrong = clock(folder, seconds)
        write_files(library, LIBRARY | {"new.txt": f"The lamp has number{number} bulbs."})
        right(rag(home, "ingest", library, **wrong))
        assert "412" in right(rag(home, "ask", "How long is the bridge?", **wrong))
        with opened(folder) as index:
            assert consistent(index) == []
            assert f"number{number}" in str(index.catalog.document_text(_id(index, "new.txt")))
    write_files(library, {f"many/{n}.txt": f"The lantern number{n} has {n} candles. " * 40 for n in range(150)})
    with opened(folder) as index:
        version = index.version
        running = subprocess.Popen(
            [sys.executable, "-m", "tests.fakes", "ingest", library],
            cwd=ROOT,
            env={**os.environ, "RAG_HOME": str(home), "RAG_LLM": "none", "RAG_THREADS": "1", **clock(folder, 0)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        jumps = 0
        while running.poll() is None:
            jumps += 1
            set_clock(folder, -YEAR if jumps % 2 else YEAR)
            time.sleep(0.1)
        assert running.returncode == 0
        assert jumps > 3
        assert index.version != version
        assert consistent(index) == []
        assert index.catalog.source_counts()[0] == len(LIBRARY) + 1 + 150
    return "Changes are seen and answered as by a clock that goes right; an ingestion whose clock jumps ends whole."


def _id(index: object, source: str) -> str:
    return str(index.catalog.source_record(source).document_id)  # type: ignore[attr-defined]


@fault("clock-of-a-session", "a chat whose clock jumps a year ahead and back while a user is signed in")
def clock_of_a_session(folder: Path) -> str:
    library, home, users = folder / "library", folder / "home", folder / "users.json"
    write_files(library, LIBRARY)
    right(rag(home, "ingest", library))
    add_user(users, "ann", lambda prompt: _PASSWORD)
    from tests.ui.served import free_port

    port = free_port()
    wrong = clock(folder, 0)
    running = subprocess.Popen(
        [sys.executable, "-m", "tests.fakes", "chat", "--auth", str(users), "--port", str(port)],
        cwd=ROOT,
        env={**os.environ, "RAG_HOME": str(home), "RAG_LLM": "none", "RAG_THREADS": "1", **wrong},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert running.stdout is not None
        while "Footnote is at" not in (line := running.stdout.readline()):
            assert line, "the chat ended"
        address = f"http://127.0.0.1:{port}"
        cookies = http.cookiejar.CookieJar()
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(cookies))

        def is_signed_in() -> bool:
            # The jar would drop what its own clock says is over; the server is to judge by its clock.
            try:
                with opener.open(f"{address}/i/workspaces", timeout=_WAIT) as reply:
                    return reply.status == 200 and "json" in reply.headers["content-type"]
            except urllib.error.HTTPError as refused:
                if refused.code not in (401, 403):
                    raise
                return False

        def sign_in() -> None:
            form = urllib.parse.urlencode({"name": "ann", "password": _PASSWORD}).encode()
            opener.open(f"{address}/sign-in", form, timeout=_WAIT).close()

        assert not is_signed_in()
        sign_in()
        assert is_signed_in()
        set_clock(folder, -YEAR)
        # Without a shared database a session ends by the clock that only counts on.
        assert is_signed_in()
        set_clock(folder, YEAR)
        assert is_signed_in()
        sign_in()
        assert is_signed_in()
        set_clock(folder, 0)
        sign_in()
        assert is_signed_in()
        assert running.poll() is None
    finally:
        running.terminate()
        said, _ = running.communicate(timeout=_WAIT)
    assert "Traceback" not in said, said[-2000:]
    assert not re.search("nexpected", said)
    return "The session goes on, since it ends by a clock that does not jump, and others can be begun; nothing fails."
