"""The audit log: one line of JSON for each call.

Owns: the file in the home folder, what stands in a line, and that the file stays small. Knows nothing about requests.
A line holds no words of documents and answers, no names of documents and no key; the question only where that is asked
for. A line that cannot be written never fails a call: it is said once, and again once lines could be written meanwhile.
"""

from __future__ import annotations

import errno
import json
import logging
import os
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from filelock import FileLock

from rag.hosting.calls import Call
from rag.text import shorten

_LOG = logging.getLogger(__name__)

# Hidden, so that no index can have this name.
_FOLDER, _FILE = ".audit", "calls.jsonl"
_LARGEST = 10_000_000
# Full files that are kept beside the one that is written.
_KEPT = 5
_LONGEST_QUESTION = 2000
_LOCK_SECONDS = 2.0


class AuditLog:
    """Writes the lines. Several processes may write into one file; safe to use from several threads."""

    def __init__(self, home: Path, with_questions: bool = False, largest: int = _LARGEST) -> None:
        """Write nothing yet.

        Args:
            home: The folder that holds the indexes.
            with_questions: Whether a line holds the question.
            largest: Bytes after which a new file is begun.
        """
        self.path = home.expanduser() / _FOLDER / _FILE
        self._with_questions, self._largest = with_questions, largest
        self._guard = threading.Lock()
        self._failed = False

    def __call__(self, call: Call) -> None:
        """Write the line of a call."""
        line = (json.dumps(_entry(call, self._with_questions)) + "\n").encode()
        with self._guard:
            try:
                self._write(line)
            except OSError as error:
                if not self._failed:
                    fields = {"file": str(self.path), "cause": error.strerror or type(error).__name__}
                    _LOG.warning("the audit log cannot be written; calls go on without it", extra=fields)
                self._failed = True
            else:
                self._failed = False

    def _write(self, line: bytes) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        # Opened each time: another process may have begun a new file.
        file = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            # What is appended in one piece is not mixed with what others append.
            written = os.write(file, line)
            if written < len(line):
                # Half a line would spoil the next one, too.
                os.ftruncate(file, os.fstat(file).st_size - written)
                raise OSError(errno.ENOSPC, "the disk is full")
            size = os.fstat(file).st_size
        finally:
            os.close(file)
        if size >= self._largest:
            self._begin_new_file()

    def _begin_new_file(self) -> None:
        with FileLock(self.path.with_name(".lock"), timeout=_LOCK_SECONDS, mode=0o600):
            # Another process may have done it meanwhile.
            if self.path.stat().st_size < self._largest:
                return
            for number in range(_KEPT - 1, 0, -1):
                older = self.path.with_name(f"{_FILE}.{number}")
                if older.exists():
                    older.replace(self.path.with_name(f"{_FILE}.{number + 1}"))
            self.path.replace(self.path.with_name(f"{_FILE}.1"))


def _entry(call: Call, with_question: bool) -> dict[str, Any]:
    began = datetime.fromtimestamp(call.began, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    entry: dict[str, Any] = {
        "time": began,
        "request_id": call.request_id,
        "key": call.caller,
        "method": call.method,
        "route": call.route,
        "index": call.index,
        "status": call.status,
        "complete": call.complete,
        "milliseconds": round(call.seconds * 1000),
        "passages": call.passages,
        "citations": call.citations,
        "abstained": bool(call.abstained) if call.answers else None,
    }
    if with_question and call.question:
        entry["question"] = shorten(call.question, _LONGEST_QUESTION)
    return entry
