"""Start and end a child process that answers what it is asked through a pipe.

Owns: what a child finds when it starts, and that nothing of it is left. Knows nothing about what is asked.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import IO

# The folder that the package ``rag`` lies in.
_ROOT = str(Path(__file__).parents[2])
_HAS_GROUPS = hasattr(os, "killpg")


def start_child(module: str) -> subprocess.Popen[bytes]:
    """Start a module as a child process.

    Args:
        module: The module, whose end of the pipe is that of ``rag.load.messages``.

    Returns:
        The child.
    """
    # The child finds the same modules in the same order, and none in the current folder, which may be
    # anyone's. One thread is enough for a library that would take one a core: files are read side by side.
    paths = [*filter(None, sys.path), _ROOT]
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(paths),
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_THREAD_LIMIT": "1",
    }
    return subprocess.Popen(
        [sys.executable, "-P", "-m", module],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
        # A group of its own: what a reader has started ends with it.
        process_group=0 if _HAS_GROUPS else None,
    )


def kill_child(child: subprocess.Popen[bytes]) -> None:
    """Kill a child that was not waited for yet, and what it has started."""
    if child.returncode is not None:
        return
    if _HAS_GROUPS:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)
            return
    child.kill()


def end_child(child: subprocess.Popen[bytes]) -> None:
    """Kill a child, wait for its end and close its pipes."""
    kill_child(child)
    child.wait()
    for pipe in pipes_of(child):
        # What was still to be written has nowhere to go.
        with suppress(OSError):
            pipe.close()


def pipes_of(child: subprocess.Popen[bytes]) -> tuple[IO[bytes], IO[bytes]]:
    """Return the pipes for requests and for replies."""
    assert child.stdin is not None
    assert child.stdout is not None
    return child.stdin, child.stdout
