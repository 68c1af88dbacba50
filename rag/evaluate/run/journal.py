"""Finished cases on disk while a run goes on, so that stopping it loses none of them.

Owns: the journal's format, whose run it belongs to, and that one process writes it. Knows nothing about how a record
comes about.

The first line names the run by a key; each further line is a record, or takes one out again. A line that was cut off by
a crash is dropped.
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

# The key of a line that takes a case out again; a record has no such key.
_DROPPED = "dropped"


@dataclass
class Journal:
    """An open journal.

    Attributes:
        path: Its file.
        finished: The records of this run and of earlier ones that it goes on from, by case id.
        file: The file, open for adding.
    """

    path: Path
    finished: dict[str, Record]
    file: IO[str]

    def add(self, record: Record) -> None:
        """Write a finished case.

        Args:
            record: The record of the case.

        Raises:
            UsageError: The journal cannot be written.
        """
        self._write(_line(record))
        self.finished[record.id] = record

    def drop(self, id_: str) -> None:
        """Take a case out of what is finished, so that it is asked again; also where the run is cut off before that.

        Args:
            id_: The id of the case.

        Raises:
            UsageError: The journal cannot be written.
        """
        self._write(json.dumps({_DROPPED: id_}) + "\n")
        del self.finished[id_]

    def _write(self, line: str) -> None:
        try:
            self.file.write(line)
            self.file.flush()
        except OSError as error:
            raise UsageError(
                f"The journal {self.path} cannot be written ({error.strerror}); free some space and go on with: "
                "rag eval … --resume"
            ) from None


@contextmanager
def open_journal(path: Path, key: Mapping[str, str], resume: bool) -> Iterator[Journal]:
    """Open the journal of a run, and close it in the end.

    Args:
        path: Its file.
        key: What the run depends on; a journal with another key belongs to another run.
        resume: Whether to go on from the records of the journal. If not, it begins anew, and the finished cases of a
            run that was cut off are put aside under ``.old``.

    Yields:
        The journal.

    Raises:
        UsageError: Another process has the journal open, it cannot be written, or it belongs to another run.
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
        finished = _read(path, key) if resume else {}
        if not resume and pending_cases(path):
            path.replace(path.with_name(path.name + ".old"))
        with _open_for_adding(path, key, finished) as file:
            yield Journal(path, dict(finished), file)
    finally:
        # Before the lock is released, so that no other process holds the removed file; filelock makes a new one.
        with suppress(OSError):
            Path(lock.lock_file).unlink(missing_ok=True)
        lock.release()


def _open_for_adding(path: Path, key: Mapping[str, str], finished: Mapping[str, Record]) -> IO[str]:
    """Write the journal anew with the finished records, in one step, and return its file, open for adding."""
    head = json.dumps({"schema_version": SCHEMA_VERSION, **key}, sort_keys=True) + "\n"
    try:
        write_atomically(path, head + "".join(map(_line, finished.values())))
        return path.open("a", encoding="utf-8")
    except OSError as error:
        raise UsageError(f"The journal {path} cannot be written ({error.strerror}); choose another place.") from None


def _line(record: Record) -> str:
    return json.dumps(asdict(record)) + "\n"


def pending_cases(path: Path) -> int:
    """Return how many finished cases a journal at ``path`` holds; 0 where there is none."""
    try:
        with path.open(encoding="utf-8") as file:
            return max(0, sum(1 for _ in file) - 1)
    except (OSError, UnicodeDecodeError):
        return 0


def _read(path: Path, key: Mapping[str, str]) -> dict[str, Record]:
    """Return the records of a journal by case id.

    Raises:
        UsageError: The journal belongs to another run.
    """
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
    records: dict[str, Record] = {}
    for line in lines[1:]:
        try:
            data = json.loads(line)
            if _DROPPED in data:
                records.pop(str(data[_DROPPED]), None)
                continue
            record = record_of(data)
        except (ValueError, KeyError, TypeError, AttributeError):
            continue
        records[record.id] = record
    return records


def record_of(data: Mapping[str, Any]) -> Record:
    """Return a record from its JSON form.

    Args:
        data: The JSON form.

    Returns:
        The record.

    Raises:
        KeyError: A field is missing.
        TypeError: A field has another type.
        ValueError: A field has no number where it needs one.
        AttributeError: A field is no object where it must be one.
    """
    metrics = {str(name): None if value is None else float(value) for name, value in data["metrics"].items()}
    return Record(
        id=str(data["id"]),
        metrics=metrics,
        answer=dict(data["answer"]),
        gold=tuple(GoldSpan(**span) for span in data["gold"]),
        cluster=str(data["cluster"]),
        weight=float(data["weight"]),
        tags=tuple(str(tag) for tag in data["tags"]),
        timings={str(name): float(value) for name, value in data.get("timings", {}).items()},
        error=str(data["error"]),
        # Results of earlier versions have none.
        reasons=tuple(str(code) for code in data.get("reasons", ())),
        judge_reasons=_texts(data.get("judge_reasons", {})),
        judge_errors=_texts(data.get("judge_errors", {})),
        conversation=str(data.get("conversation", "")),
        turn=int(data.get("turn", 0)),
    )


def _texts(data: Mapping[str, Any]) -> dict[str, str]:
    return {str(name): str(text) for name, text in data.items()}
