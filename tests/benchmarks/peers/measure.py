"""What a process took: time on the clock, time of the processor, memory.

Owns: running one command and measuring it with all processes below it. Knows nothing about what it does.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

# Between two looks at the memory of the processes below the one that was started.
_LOOK_SECONDS = 0.2


class Failed(Exception):
    """A command did not end well; the message is the last line that it wrote."""


@dataclass(frozen=True)
class Took:
    """What a command wrote, and what it took: seconds from its start to its end, seconds of processor, megabytes."""

    out: str
    seconds: float
    processor: float
    megabytes: float


def run(command: Sequence[str], environment: Mapping[str, str], limit: float, stdin: str = "") -> Took:
    """Run a command and measure it.

    Args:
        command: The command with its arguments.
        environment: Its environment variables, all of them.
        limit: Seconds after which it is ended.
        stdin: What it reads.

    Returns:
        What it wrote to standard output and what it took. Memory is the most that its processes held together, where
        the system tells, and no less than the most of any one of them.

    Raises:
        Failed: It ended with an error or at the limit.
    """
    with tempfile.TemporaryFile() as fed, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        fed.write(stdin.encode())
        fed.seek(0)
        started = time.perf_counter()
        process = subprocess.Popen(command, stdin=fed, stdout=out, stderr=err, env=dict(environment))
        timer = threading.Timer(limit, process.kill)
        timer.start()
        together = _Together(process.pid)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        timer.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        together.end()
        out.seek(0)
        err.seek(0)
        if process.returncode:
            lines = err.read().decode(errors="replace").strip().splitlines()
            reason = "it took too long" if seconds >= limit else f"it ended with {process.returncode}"
            raise Failed(lines[-1] if lines and seconds < limit else reason)
        megabytes = max(usage.ru_maxrss / 1024, together.megabytes)
        return Took(out.read().decode(), seconds, usage.ru_utime + usage.ru_stime, megabytes)


class _Together:
    """Looks on, in a thread, at how much memory a process and those below it hold together; shared pages count once."""

    def __init__(self, pid: int) -> None:
        self.megabytes = 0.0
        self._pid, self._ended = pid, threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def end(self) -> None:
        self._ended.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._ended.wait(_LOOK_SECONDS):
            self.megabytes = max(self.megabytes, sum(map(_megabytes, _family(self._pid))))


def _family(pid: int) -> Iterator[int]:
    """Yield a process and those below it; none on a system that does not tell."""
    yield pid
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = path.read_text().split()
        except OSError:  # it has ended
            continue
        for child in children:
            yield from _family(int(child))


def _megabytes(pid: int) -> float:
    """Return the memory of a process, its share of what it shares with others; 0 where that is not told."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:")), 0.0)
