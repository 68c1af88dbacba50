"""How far a long run is, on standard error.

Owns: that a progress bar is drawn on a terminal only, and the bar of an evaluation's cases with the time left; off a
terminal it is a line every few seconds instead.
"""

from __future__ import annotations

import time
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, TaskID, TextColumn, TimeElapsedColumn

from rag.cli.one_line import one_line

# Most characters of what is being done, beside a bar.
LONGEST_DESCRIPTION = 40
_EVERY_SECONDS = 15


class ProgressBar:
    """A bar on standard error with one task. It is drawn on a terminal only, and gone when the work is done."""

    def __init__(self, *columns: ProgressColumn) -> None:
        self.console = Console(stderr=True)
        self.bar = Progress(*columns, console=self.console, transient=True)
        self.bar.disable = not self.console.is_terminal
        self.task: TaskID | None = None
        self._last_line = time.monotonic()

    def __enter__(self) -> Self:
        self.bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.bar.stop()

    def print_line(self, line: str, every: float) -> None:
        """Print a line in the place of the bar, off a terminal.

        Args:
            line: What to print.
            every: Seconds that must have passed since the last line.
        """
        if self.bar.disable and time.monotonic() - self._last_line > every:
            self._last_line = time.monotonic()
            self.console.print(line, markup=False, highlight=False)


class CaseProgress(ProgressBar):
    """Cases done of all, and about how long the rest will take. Called with ``(done, total, doing)``."""

    def __init__(self) -> None:
        super().__init__(
            MofNCompleteColumn(),
            BarColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.fields[left]}"),
            TextColumn("{task.description}", markup=False),
        )
        self._began = time.monotonic()
        self._first = 0

    def __call__(self, done: int, total: int, doing: str) -> None:
        """Show how far the run is; a run that begins anew begins a new bar.

        Args:
            done: Cases that are done.
            total: All cases.
            doing: What names the case at hand.
        """
        if self.task is None or done == 0:
            if self.task is not None:
                self.bar.remove_task(self.task)
            self._first = done + 1
            self.task = self.bar.add_task("", total=total, left="")
        if done == self._first:
            # The first case waits for models to load, which says nothing about the others.
            self._began = time.monotonic()
        left = self._time_left(done, total)
        self.bar.update(self.task, completed=done, description=one_line(doing)[:LONGEST_DESCRIPTION], left=left)
        self.print_line(f"{done} of {total} cases{', ' + left if left else ''}", _EVERY_SECONDS)

    def _time_left(self, done: int, total: int) -> str:
        if done <= self._first:
            return ""
        seconds = (time.monotonic() - self._began) / (done - self._first) * (total - done)
        return f"about {seconds / 60:.0f} min left" if seconds >= 90 else f"about {seconds:.0f} s left"
