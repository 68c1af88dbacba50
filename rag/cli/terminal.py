"""What a terminal shows while work goes on. Everything here goes to standard error.

Owns: progress bars and the running line of a streamed answer. Off a terminal the bars are silent.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

from rag.text import printable
from rag.types import Answer, FileReport, IngestReport

# Reports of files that need no attention are counted, not listed, beyond this many.
_LISTED = 20


class IngestProgress:
    """Files done, share of bytes done and time left."""

    def __init__(self) -> None:
        self._bar = Progress(
            TextColumn("{task.fields[files]}"),
            BarColumn(),
            TextColumn("{task.percentage:>3.0f} %"),
            TimeElapsedColumn(),
            TextColumn("left"),
            TimeRemainingColumn(),
            TextColumn("{task.description}", markup=False),
            console=Console(stderr=True),
            transient=True,
        )
        self._bar.disable = not self._bar.console.is_terminal
        self._task: TaskID | None = None
        self._total = self._done = 0

    def __enter__(self) -> IngestProgress:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def start(self, files: int, total: int) -> None:
        self._total = files
        self._task = self._bar.add_task("", total=max(1, total), files=f"0/{files} files")

    def advance(self, amount: float, doing: str) -> None:
        if self._task is not None:
            self._bar.update(self._task, advance=amount, description=_short(doing))

    def file(self, report: FileReport) -> None:  # noqa: ARG002
        self._done += 1
        if self._task is not None:
            self._bar.update(self._task, files=f"{min(self._done, self._total)}/{self._total} files")


class FetchProgress:
    """Megabytes of a download, speed and time left; off a terminal a line every few seconds."""

    def __init__(self) -> None:
        self._console = Console(stderr=True)
        self._bar = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            DownloadColumn(),
            TransferSpeedColumn(),
            TextColumn("left"),
            TimeRemainingColumn(),
            console=self._console,
            transient=True,
        )
        self._bar.disable = not self._console.is_terminal
        self._task: TaskID | None = None
        self._told = 0.0

    def __enter__(self) -> FetchProgress:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def __call__(self, done: int, total: int, text: str) -> None:
        if self._bar.disable:
            if time.monotonic() - self._told > 5:
                self._told = time.monotonic()
                self._console.print(f"{text}: {done / 1e6:.0f} of {total / 1e6:.0f} MB", markup=False, highlight=False)
            return
        if self._task is None:
            self._task = self._bar.add_task(text, total=total)
        self._bar.update(self._task, completed=done, total=total, description=text)


class StreamedAnswer:
    """The draft of an answer while it is being written; it gives way to the checked answer."""

    def __init__(self) -> None:
        self._console = Console(stderr=True)
        self._status = self._console.status("searching")

    def __enter__(self) -> StreamedAnswer:
        if self._console.is_terminal:
            self._status.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._console.is_terminal:
            self._status.stop()

    def show(self, shot: Answer) -> None:
        from rich.text import Text

        if self._console.is_terminal:
            self._status.update(Text("\n".join(filter(None, (shot.state, printable(shot.answer))))))


def ingest_lines(report: IngestReport) -> Iterator[str]:
    """What an ingestion did: every file that needs attention, the others up to a few, and the counts."""
    quiet = [file for file in report.files if file.status in ("added", "updated", "removed")]
    for file in quiet[:_LISTED]:
        chunks = f"  ({file.chunks} chunks)" if file.chunks else ""
        yield f"{file.status:9} {_line(file.source)}{chunks}"
    if len(quiet) > _LISTED:
        yield f"… and {len(quiet) - _LISTED} more"
    for file in report.files:
        if file.status in ("skipped", "failed"):
            yield f"{file.status:9} {_line(file.source)}: {_line(file.reason)}"
    counts = ", ".join(
        f"{report.count(status)} {status}"
        for status in ("added", "updated", "unchanged", "removed", "skipped", "failed")
        if report.count(status)
    )
    yield f"{counts or 'nothing to do'} in {report.seconds:.1f} s (index {report.index})"


def _line(text: str) -> str:
    return " ".join(printable(text).split())


def _short(text: str) -> str:
    line = _line(text)
    return line if len(line) <= 40 else "…" + line[-39:]
