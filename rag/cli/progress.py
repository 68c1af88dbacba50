"""How far a long run is, on standard error.

Owns: that a progress bar is drawn on a terminal only, and the bars of a copy and of an evaluation's cases with the time
left; off a terminal it is a line every few seconds instead.
"""

from __future__ import annotations

import time
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Column
from rich.text import Text

from rag.text import plain_line

# A terminal with fewer columns has no room for a bar beside the figures.
_NARROW = 60
BAR = 20
"""Columns of a bar."""
CLOCK = "0:00:00"
"""A time as it stands beside a bar."""
WIDEST_LEFT = "about 90 min left"
"""The widest that ``time_left`` returns."""
_MINUTES_FROM, _HOURS_FROM = 90, 5400
_EVERY_SECONDS = 15


class ProgressBar:
    """A bar on standard error with one task. It is drawn on a terminal only, and gone when the work is done."""

    def __init__(self, *columns: ProgressColumn) -> None:
        """Make the bar.

        Args:
            *columns: What stands beside it, in order; what is being done stands last and gets what room is left.
        """
        self.console = Console(stderr=True)
        shown = [column for column in columns if not (isinstance(column, BarColumn) and self.console.width < _NARROW)]
        doing = TextColumn(
            "{task.description}", markup=False, table_column=Column(no_wrap=True, overflow="crop", ratio=1)
        )
        self.bar = Progress(*shown, doing, console=self.console, transient=True, expand=True)
        self.bar.disable = not self.console.is_terminal
        self.task: TaskID | None = None
        self._last_line = time.monotonic()

    def __enter__(self) -> Self:
        self.bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.bar.stop()

    def room(self, *texts: str) -> int:
        """Return how many columns are left for what is being done.

        Args:
            *texts: What stands beside the bar.

        Returns:
            The columns; 0 where none are left.
        """
        bar = BAR + 1 if self.console.width >= _NARROW else 0
        return max(0, self.console.width - bar - sum(len(text) + 1 for text in texts))

    def print_line(self, line: str, every: float) -> None:
        """Print a line in the place of the bar, off a terminal.

        Args:
            line: What to print.
            every: Seconds that must have passed since the last line.
        """
        if self.bar.disable and time.monotonic() - self._last_line > every:
            self._last_line = time.monotonic()
            self.console.print(line, markup=False, highlight=False)


class TimeLeft(ProgressColumn):
    """About how long the rest will take; nothing while that is not known."""

    max_refresh = 0.5

    def render(self, task: Task) -> Text:
        """Return the time as it stands beside a bar."""
        return Text("" if task.time_remaining is None or task.finished else time_left(task.time_remaining))


def time_left(seconds: float) -> str:
    """Return how long work will take in the unit that says it in a few digits."""
    if seconds >= _HOURS_FROM:
        return f"about {seconds / 3600:.0f} h left"
    return f"about {seconds / 60:.0f} min left" if seconds >= _MINUTES_FROM else f"about {seconds:.0f} s left"


class CopyProgress(ProgressBar):
    """Share of a copy that is done, and about how long the rest will take. Called with ``(done, total)``."""

    def __init__(self) -> None:
        super().__init__(BarColumn(BAR), TextColumn("{task.percentage:>3.0f} %"), TimeLeft())

    def __call__(self, done: int, total: int) -> None:
        """Show how far the copy is.

        Args:
            done: Rows and vectors that are copied.
            total: All of them.
        """
        if self.task is None:
            self.task = self.bar.add_task("", total=max(1, total))
        self.bar.update(self.task, completed=done)
        self.print_line(f"{100 * done // max(1, total)} % copied", _EVERY_SECONDS)


class CaseProgress(ProgressBar):
    """Cases done of all, and about how long the rest will take. Called with ``(done, total, doing)``."""

    def __init__(self) -> None:
        super().__init__(
            TextColumn("{task.fields[done]}"),
            BarColumn(BAR),
            TimeElapsedColumn(),
            TextColumn("{task.fields[left]}"),
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
            self.task = self.bar.add_task("", total=total, left="", done="")
        if done == self._first:
            # The first case waits for models to load, which says nothing about the others.
            self._began = time.monotonic()
        left = self._time_left(done, total)
        counted = f"{done}/{total}"
        doing = plain_line(doing, self.room(counted, CLOCK, left)) if self.room(counted, CLOCK, left) > 1 else ""
        self.bar.update(self.task, completed=done, description=doing, left=left, done=counted)
        self.print_line(f"{done} of {total} cases{', ' + left if left else ''}", _EVERY_SECONDS)

    def _time_left(self, done: int, total: int) -> str:
        if done <= self._first:
            return ""
        seconds = (time.monotonic() - self._began) / (done - self._first) * (total - done)
        return time_left(seconds)
