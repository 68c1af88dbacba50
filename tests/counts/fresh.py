"""Count in a new process: what this one holds in its caches changes nothing.

Owns: the environment of that process. Knows nothing about what is counted.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from tests.counts.counting import Counts

ROOT = Path(__file__).parents[2]


def count() -> dict[str, Counts]:
    """Return what each task took, by name; no setting of the person who counts has a say."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("RAG_")}
    with tempfile.TemporaryDirectory(prefix="footnote-counts-") as folder:
        ran = subprocess.run(
            [sys.executable, "-m", "tests.counts.tasks", folder],
            env=environment,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            check=True,
        )
    counted = {}
    for task, details in json.loads(ran.stdout).items():
        counts = counted[task] = Counts()
        for kind, numbers in details.items():
            counts.details[kind] = Counter(numbers)
            counts.by_kind[kind] = sum(numbers.values())
    return counted
