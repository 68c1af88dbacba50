"""Finished cases on disk while a run goes on, so that stopping it loses none of them.

Owns: the journal's format, whose run it belongs to, and that one process writes it. Knows nothing about how a record
comes about.

The first line names the run by a key; each further line is a record. A line that was cut off by a crash is dropped.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from rag.atomic_file import write_atomically
from rag.errors import UsageError
from rag.evaluate.types import SCHEMA_VERSION, GoldSpan, Record


@dataclass
class Journal:
    """An open journal: the records of earlier runs by case id, and where new ones go."""

    path: Path
    finished: dict[str, Record]
    file: IO[str]

    def add(self, record: Record) -> None:
        """Keep a finished case. Raises UsageError when it cannot be written."""
        try:
            self.file.write(_line(record))
            self.file.flush()
        except OSError as error:
            raise UsageError(
                f"The journal {self.path} cannot be written ({error.strerror}); free some space and go on with: "
                "rag eval … --resume"
            ) from None
        self.finished[record.id] = record

    def discard(self) -> None:
        """Remove the journal: its run is complete and its results are written."""
        self.path.unlink(missing_ok=True)


@contextmanager
def open_journal(path: Path, key: Mapping[str, str], resume: bool) -> Iterator[Journal]:
    """The journal at ``path`` for the run that ``key`` names.

    With ``resume`` its records are read, and a journal of another run is refused; else it begins anew, and the finished
    cases of a run that was cut off are put aside under ``.old``. Raises UsageError.
    """
    from filelock import FileLock, Timeout

    lock = FileLock(path.with_name(path.name + ".lock"))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=0)
    except Timeout:
        raise UsageError(f"Another process runs this evaluation ({path} is in use); wait for it to end.") from None
    except OSError as error:
        raise UsageError(f"The journal {path} cannot be written ({error.strerror}); choose another place.") from None
    try:
        kept = _read(path, key) if resume else {}
        if not resume and pending_cases(path):
            path.replace(path.with_name(path.name + ".old"))
        with _begun(path, key, kept) as file:
            yield Journal(path, dict(kept), file)
    finally:
        # While it is held, so that nobody can be holding the file that goes; filelock takes a fresh one then.
        with suppress(OSError):
            Path(lock.lock_file).unlink(missing_ok=True)
        lock.release()


def _begun(path: Path, key: Mapping[str, str], kept: Mapping[str, Record]) -> IO[str]:
    """The journal open for adding, whole at every moment."""
    head = json.dumps({"schema_version": SCHEMA_VERSION, **key}, sort_keys=True) + "\n"
    try:
        write_atomically(path, head + "".join(map(_line, kept.values())))
        return path.open("a", encoding="utf-8")
    except OSError as error:
        raise UsageError(f"The journal {path} cannot be written ({error.strerror}); choose another place.") from None


def _line(record: Record) -> str:
    return json.dumps(asdict(record)) + "\n"


def pending_cases(path: Path) -> int:
    """How many finished cases a journal at ``path`` holds."""
    try:
        with path.open(encoding="utf-8") as file:
            return max(0, sum(1 for _ in file) - 1)
    except (OSError, UnicodeDecodeError):
        return 0


def _read(path: Path, key: Mapping[str, str]) -> dict[str, Record]:
    if not path.is_file():
        return {}
    lines = path.read_text(encoding="utf-8", errors="replace").split("\n")
    try:
        header = json.loads(lines[0])
    except ValueError:
        header = None
    if header != {"schema_version": SCHEMA_VERSION, **key}:
        raise UsageError(
            f"The journal {path} belongs to another run (the suite, its corpus or the settings have changed); run "
            "without --resume to begin anew."
        )
    found: dict[str, Record] = {}
    for line in lines[1:]:
        try:
            record = record_of(json.loads(line))
        except (ValueError, KeyError, TypeError, AttributeError):
            continue
        found[record.id] = record
    return found


def record_of(found: Mapping[str, Any]) -> Record:
    """A record from its JSON form. Raises KeyError, TypeError, ValueError or AttributeError for another form."""
    metrics = {str(name): None if value is None else float(value) for name, value in found["metrics"].items()}
    return Record(
        id=str(found["id"]),
        metrics=metrics,
        answer=dict(found["answer"]),
        gold=tuple(GoldSpan(**place) for place in found["gold"]),
        cluster=str(found["cluster"]),
        weight=float(found["weight"]),
        tags=tuple(str(tag) for tag in found["tags"]),
        timings={str(name): float(value) for name, value in found.get("timings", {}).items()},
        error=str(found["error"]),
    )
