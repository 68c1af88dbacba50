"""What the tests of watching share: a watcher over a real index and real files, and waiting for what it does."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from rag.notices import Notice
from rag.store.index import Index
from rag.types import FileReport, IngestReport
from rag.watching.mirror import IndexMirror
from rag.watching.watcher import Pace, Watcher
from tests.conftest import Opener

QUICK = Pace(settle=0.15, again=0.5, poll=0.2, retry=0.2, busy=0.1)
DEADLINE = 60


def until(condition: Callable[[], object]) -> None:
    """Wait for a condition."""
    latest = time.monotonic() + DEADLINE
    while not condition():
        assert time.monotonic() < latest, "it did not come to that"
        time.sleep(0.02)


@dataclass
class Told:
    """Everything that a watcher has told."""

    files: list[FileReport] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    looks: list[tuple[IngestReport, bool]] = field(default_factory=list)

    def file(self, report: FileReport) -> None:
        self.files.append(report)

    def notice(self, notice: Notice) -> None:
        self.notices.append(notice)

    def looked(self, report: IngestReport, everything: bool) -> None:
        self.looks.append((report, everything))

    def has(self, status: str, source: str) -> bool:
        return any((file.status, file.source) == (status, source) for file in list(self.files))

    def codes(self) -> list[str]:
        return [notice.code for notice in list(self.notices)]


@dataclass
class Watching:
    """A watcher at work, and the index that it keeps."""

    watcher: Watcher
    told: Told
    index: Index

    def sources(self) -> list[str]:
        return [summary.source for summary in self.index.catalog.sources()]

    def until_told(self, status: str, source: str) -> None:
        until(lambda: self.told.has(status, source))

    def until_sources(self, *names: str) -> None:
        until(lambda: self.sources() == sorted(names))


Watch = Callable[..., Watching]


@pytest.fixture
def watch(open_again: Opener) -> Iterator[Watch]:
    """Starts a watcher over paths, after its first look; all are ended."""
    begun: list[Watching] = []

    def start(*paths: Path, index: Index | None = None, looks: bool = True, **options: Any) -> Watching:
        index = index or open_again()
        told = Told()
        options.setdefault("pace", QUICK)
        watcher = Watcher([path.resolve() for path in paths], IndexMirror(index), told, **options)
        watching = Watching(watcher, told, index)
        begun.append(watching)
        watcher.start()
        if looks:
            until(lambda: told.looks)
        return watching

    yield start
    for watching in begun:
        watching.watcher.stop()
    for watching in begun:
        assert watching.watcher.wait(DEADLINE)
