"""What is expensive to compute, kept in the benchmarks' cache.

A kept value belongs to all that it was computed from: the program's code, the embedding model, the data and the values
of the groups before it. Where one of them changes it is computed anew, so nothing in the cache is ever stale.
"""

from __future__ import annotations

import hashlib
import inspect
import json
import time
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from rag.scoring.file import DataFile
from tests.benchmarks import data

_PROGRAM = Path(__file__).resolve().parents[3] / "rag"


def kept(name: str, depends_on: Sequence[Any], make: Callable[[], Any]) -> Any:
    """The value that ``make`` returns, as JSON holds it, from the cache where it was made of the same before."""
    module = Path(inspect.getfile(make)).read_bytes()
    key = hashlib.sha256(repr([_program(), hashlib.sha256(module).hexdigest(), *depends_on]).encode()).hexdigest()
    path = data.HOME / "fitting" / f"{name}-{key[:16]}.json"
    if not path.exists():
        started = time.perf_counter()
        text = json.dumps(make())
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        print(f"{name}: computed in {time.perf_counter() - started:.0f} s", flush=True)
    return json.loads(path.read_text(encoding="utf-8"))


def files_of(*paths: str) -> tuple[DataFile, ...]:
    """Files of the data, by their paths below its folder, with their checksums."""
    found = []
    for path in paths:
        folder, _, name = path.partition("/")
        content = (data.folder(folder) / name).read_bytes()
        found.append(DataFile(path, hashlib.sha256(content).hexdigest()))
    return tuple(found)


@lru_cache(maxsize=1)
def _program() -> str:
    """A checksum of the program's code, but for the scoring files and what only shows results."""
    digest = hashlib.sha256()
    for path in sorted(_PROGRAM.rglob("*.py")):
        relative = path.relative_to(_PROGRAM).as_posix()
        if not relative.startswith(("cli/", "evaluate/", "integrations/", "notices/")):
            digest.update(relative.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
