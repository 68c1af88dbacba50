"""What a terminal shows while files are read and weights are fetched, on standard error.

Owns: these bars. Off a terminal they are silent, but for a line every few seconds of a download.
"""

from __future__ import annotations

from rich.progress import (
    BarColumn,
    DownloadColumn,
    TextColumn,
    TransferSpeedColumn,
)

from rag.cli.one_line import ending
from rag.cli.progress import BAR, WIDEST_LEFT, ProgressBar, TimeLeft
from rag.types import FileReport

_EVERY_SECONDS = 5
# The widest that stands beside the bar of a download.
_SIZES, _SPEED = "999.9/999.9 MB", "999.9 MB/s"
_UNITS = ((1e6, "MB"), (1e3, "kB"), (1, "bytes"))


class IngestProgress(ProgressBar):
    """Files done, share of bytes done and time left."""

    def __init__(self) -> None:
        super().__init__(
            TextColumn("{task.fields[files]}"),
            BarColumn(BAR),
            TextColumn("{task.percentage:>3.0f} %"),
            TimeLeft(),
        )
        self._files = self._files_done = 0

    def start(self, files: int, total: int) -> None:
        """Begin the bar.

        Args:
            files: Files that will be looked at.
            total: Their bytes.
        """
        self._files = files
        self.task = self.bar.add_task("", total=max(1, total), files=f"0/{files} files")

    def advance(self, amount: float, doing: str) -> None:
        """Move the bar on.

        Args:
            amount: Bytes more that are done.
            doing: The file at hand.
        """
        if self.task is not None:
            room = self.room(f"{self._files}/{self._files} files", "100 %", WIDEST_LEFT)
            self.bar.update(self.task, advance=amount, description=ending(doing, room))

    def file(self, report: FileReport) -> None:  # noqa: ARG002
        """Count one file more as done."""
        self._files_done += 1
        if self.task is not None:
            # What was removed is reported, too, and is none of the files that were looked at.
            self.bar.update(self.task, files=f"{min(self._files_done, self._files)}/{self._files} files")


class FetchProgress(ProgressBar):
    """Megabytes of a download, speed and time left; off a terminal a line every few seconds."""

    def __init__(self) -> None:
        super().__init__(BarColumn(BAR), DownloadColumn(), TransferSpeedColumn(), TimeLeft())
        # A download says at once how far it is.
        self._last_line = float("-inf")

    def __call__(self, done: int, total: int, text: str) -> None:
        """Show how far a download is.

        Args:
            done: Bytes that are here.
            total: All bytes.
            text: What is being fetched.
        """
        size, unit = next((one for one in _UNITS if total >= one[0]), _UNITS[-1])
        self.print_line(f"{text}: {done / size:.0f} of {total / size:.0f} {unit}", _EVERY_SECONDS)
        if self.task is None:
            self.task = self.bar.add_task("", total=total)
        room = self.room(_SIZES, _SPEED, WIDEST_LEFT)
        self.bar.update(self.task, completed=done, total=total, description=ending(text, room))
