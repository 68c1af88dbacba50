"""How far a run is, on standard error.

Owns: the bar of cases with the time left; off a terminal a line every few seconds instead.
"""

from __future__ import annotations

import time

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from rag.text import printable

_EVERY_SECONDS = 15


class CaseProgress:
    """Cases done of all, and about how long the rest will take. Called with ``(done, total, doing)``."""

    def __init__(self) -> None:
        self._console = Console(stderr=True)
        self._bar = Progress(
            MofNCompleteColumn(),
            BarColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.fields[left]}"),
            TextColumn("{task.description}", markup=False),
            console=self._console,
            transient=True,
        )
        self._bar.disable = not self._console.is_terminal
        self._task: TaskID | None = None
        self._began = self._told = time.monotonic()
        self._first = 0

    def __enter__(self) -> CaseProgress:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def __call__(self, done: int, total: int, doing: str) -> None:
        if self._task is None or done == 0:
            if self._task is not None:
                self._bar.remove_task(self._task)
            self._first = done + 1
            self._task = self._bar.add_task("", total=total, left="")
        if done == self._first:
            # The first case waits for models to load, which says nothing about the others.
            self._began = time.monotonic()
        left = self._left(done, total)
        self._bar.update(self._task, completed=done, description=printable(doing)[:40], left=left)
        if self._bar.disable and time.monotonic() - self._told > _EVERY_SECONDS:
            self._told = time.monotonic()
            self._console.print(f"{done} of {total} cases{', ' + left if left else ''}", markup=False, highlight=False)

    def _left(self, done: int, total: int) -> str:
        if done <= self._first:
            return ""
        seconds = (time.monotonic() - self._began) / (done - self._first) * (total - done)
        return f"about {seconds / 60:.0f} min left" if seconds >= 90 else f"about {seconds:.0f} s left"
