"""Questions leave nothing behind in a process: the short form of the fault ``questions`` of ``tests.torture``."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.conftest import ROOT
from tests.torture.serving import STAYS

# In a process of its own, whose caches may be emptied, and in which nothing else runs.
CHILD = """
import sys
from pathlib import Path
from tests.torture.serving import ask_many
print(*ask_many(Path(sys.argv[1]), 40))
"""


def test_questions_leave_nothing_behind(tmp_path: Path) -> None:
    command = [sys.executable, "-c", CHILD, str(tmp_path)]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    memory, boundless, files, threads = map(float, ran.stdout.split())
    # An answer that stayed would be ten thousand. What SQLite has prepared comes and goes, 20 kB in all.
    assert memory < STAYS, "bytes that stay of each question"
    assert boundless == 0, "entries that caches without a size gained"
    assert (files, threads) == (0, 0)
