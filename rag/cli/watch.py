"""The command ``rag watch``: keep an index a mirror of folders until Ctrl-C.

Owns: its options, and what is printed of each change. Knows nothing about when folders are looked at; heavy modules are
imported inside the command.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rag.cli.advice import for_this_index
from rag.cli.opening import open_index_with_progress, settings_of, warn_of_scoring
from rag.cli.options import DEFAULT_INDEX, HomeOption, IndexOption
from rag.cli.screen import say, warn

if TYPE_CHECKING:
    from rag.notices import Notice
    from rag.types import FileReport, IngestReport
    from rag.watching.watcher import Watcher

# Seconds in which a reading is broken off at its next step; what is committed by then is kept in any case.
_ENDS_WITHIN = 10.0


def watch(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH", help="Files and folders.", show_default=False)],
    index: IndexOption = DEFAULT_INDEX,
    home: HomeOption = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object a line for each change and nothing else.")
    ] = False,
    poll: Annotated[
        bool, typer.Option("--poll", help="Look for changes every 5 seconds: for drives whose changes nobody tells.")
    ] = False,
    everything: Annotated[
        float, typer.Option("--every", metavar="MINUTES", min=0.1, help="Minutes between two looks at every file.")
    ] = 10,
) -> None:
    """Keep an index a mirror of files and folders while they change, until Ctrl-C."""
    from rag.ingestion.source_files import absolute_path
    from rag.watching.mirror import IndexMirror
    from rag.watching.watcher import Pace, Watcher

    settings = settings_of(home)
    watched = [absolute_path(path) for path in paths]
    with open_index_with_progress(index, settings, create=True) as opened:
        warn_of_scoring(opened)
        printed = _AsJson() if as_json else _AsLines(paths)
        pace = Pace(everything=everything * 60)
        watcher = Watcher(watched, IndexMirror(opened), printed, poll=poll, pace=pace)
        with _sigterm() as asked_to_end:
            try:
                watcher.start()
                while not (watcher.wait(0.2) or asked_to_end.is_set()):
                    pass
                _end(watcher, 0)
            except KeyboardInterrupt:
                _end(watcher, 130)
                raise
        if watcher.state().notice is not None:
            raise typer.Exit(1)


def _end(watcher: Watcher, code: int) -> None:
    """End a watcher, but do not wait long for it: the index keeps what is committed however it ends."""
    watcher.stop()
    try:
        if watcher.wait(_ENDS_WITHIN):
            return
    except KeyboardInterrupt:
        pass
    os._exit(code)


@contextmanager
def _sigterm() -> Iterator[threading.Event]:
    """Give an event that SIGTERM sets, as a service manager and a container send it."""
    asked = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield asked
        return
    before = signal.signal(signal.SIGTERM, lambda *_: asked.set())
    try:
        yield asked
    finally:
        signal.signal(signal.SIGTERM, before)


class _AsLines:
    """Prints a line for each change, as ``rag ingest`` does."""

    def __init__(self, paths: list[Path]) -> None:
        self._paths = paths
        self._began = False

    def file(self, report: FileReport) -> None:
        from rag.cli.lines import file_lines

        say(*file_lines(report), hang=10)

    def notice(self, notice: Notice) -> None:
        warn(for_this_index(str(notice)))

    def looked(self, report: IngestReport, everything: bool) -> None:
        from rag.cli.lines import counts_line
        from rag.cli.one_line import one_line

        if everything and not self._began:
            self._began = True
            say(counts_line(report), f"Watching {', '.join(one_line(str(path)) for path in self._paths)} (Ctrl-C ends)")


class _AsJson:
    """Prints a JSON object for each change, one a line."""

    def file(self, report: FileReport) -> None:
        self._print(
            "file",
            status=report.status,
            source=report.source,
            reason=str(report.reason or ""),
            chunks=report.chunks,
            warnings=[str(warning) for warning in report.warnings],
        )

    def notice(self, notice: Notice) -> None:
        self._print("notice", code=notice.code, text=str(notice))

    def looked(self, report: IngestReport, everything: bool) -> None:
        counts = report.as_json()
        del counts["files"]
        self._print("looked", everything=everything, **counts)

    def _print(self, event: str, **values: object) -> None:
        from rag.serialize import to_json

        typer.echo(to_json({"event": event, **values}))
