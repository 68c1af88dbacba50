"""What the commands of ``rag eval`` do with their reports.

Owns: that a file which cannot be written is refused before any work, and where lines go when a report takes standard
output.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import typer

from rag.cli.screen import laid_out

# A report's file, ``-`` for standard output or None for none; and what gives its text.
Report = tuple[Path | None, Callable[[], str]]


def check_reports(*paths: Path | None) -> None:
    """Fail on a report that cannot be written before any work is done.

    Args:
        *paths: The files, ``-`` for standard output or None for none.

    Raises:
        UsageError: Two are one file, or one cannot be written.
    """
    from rag.errors import UsageError
    from rag.evaluate.results import check_writable

    wanted = [path for path in paths if path is not None]
    if len(set(wanted)) < len(wanted):
        raise UsageError("Two reports would go to one file; name a file for each.")
    for path in wanted:
        if str(path) != "-":
            check_writable(path)


def write_reports(reports: Iterable[Report], lines: Iterable[str]) -> None:
    """Write the reports that were asked for and print lines, on standard error where a report takes standard output.

    Args:
        reports: Each with its file and what gives its text.
        lines: What is printed.
    """
    from rag.evaluate.results import write_text

    stream = sys.stdout
    for path, text in reports:
        if path is None:
            continue
        if str(path) == "-":
            stream = sys.stderr
            sys.stdout.write(text())
        else:
            write_text(path, text())
    for line in laid_out(lines, 2, stream):
        typer.echo(line, file=stream)
