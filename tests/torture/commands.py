"""The command line in a process of its own, with the fake encoder, and what no command may say."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.conftest import ROOT, Ran
from tests.torture.faults import NotHere

# Without the right to read and write what the mode of a file forbids, which the superuser has.
WITHOUT_RIGHTS = ("setpriv", "--bounding-set=-all", "--inh-caps=-all")


def rag(home: Path, *arguments: str | Path, before: Sequence[str] = (), **environment: str) -> Ran:
    """Run a command; one that takes ten minutes hangs."""
    ran = subprocess.run(
        [*before, sys.executable, "-m", "tests.fakes", *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, "RAG_HOME": str(home), "RAG_LLM": "none", "RAG_THREADS": "1", **environment},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    return Ran(ran.returncode, ran.stdout, ran.stderr)


def said(ran: Ran, code: int | None = None) -> str:
    """Return the last line of a command that failed as it should: in a sentence, with nothing unexpected."""
    assert ran.code == code if code is not None else ran.code in (1, 2, 3, 4), f"{ran.code}: {ran.err[-500:]}"
    assert "Traceback" not in ran.err, ran.err[-2000:]
    assert "nexpected" not in ran.err, ran.err[-2000:]
    lines = (ran.err.strip() or ran.out.strip()).splitlines()
    assert lines, "it said nothing"
    return lines[-1]


def right(ran: Ran) -> str:
    """Return what a command printed that must succeed."""
    assert ran.code == 0, f"{ran.code}: {ran.out[-300:]} {ran.err[-500:]}"
    assert "Traceback" not in ran.err, ran.err[-2000:]
    return ran.out


def ordinary() -> tuple[str, ...]:
    """Return what to put before a command so that it runs as an ordinary user, for whom modes of files count."""
    if os.name != "posix":
        raise NotHere("modes of files do not count")
    if os.geteuid() != 0:
        return ()
    if subprocess.run([*WITHOUT_RIGHTS, "true"], capture_output=True, check=False).returncode:
        raise NotHere("the superuser's rights cannot be dropped")
    return WITHOUT_RIGHTS
