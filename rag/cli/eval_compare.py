"""The commands that look at results that were written: ``rag eval compare`` and ``rag eval history``.

Owns: their options, and what is printed and written where. Nothing is asked again; heavy modules are imported inside
the commands.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rag.cli.eval_corpus import HtmlOption, file_option
from rag.cli.eval_reports import check_reports, write_reports


def compare(
    results: Annotated[
        list[Path], typer.Argument(metavar="A B [C…]", help="Results files; the others are compared with the first.")
    ],
    html: HtmlOption = None,
    json_: Annotated[Path | None, file_option("--json", "Write the comparison; - for standard output.")] = None,
    markdown: Annotated[Path | None, file_option("--markdown", "Write a summary for a comment.")] = None,
) -> None:
    """Compare runs by their results: every metric, the settings, and each case that flipped."""
    from rag.errors import UsageError
    from rag.evaluate.comparison.differences import compare_runs
    from rag.evaluate.comparison.lines import comparison_data, comparison_lines, comparison_markdown
    from rag.evaluate.comparison.page import comparison_page
    from rag.evaluate.comparison.runs import read_runs
    from rag.evaluate.results import dump_json

    if len(results) < 2:
        raise UsageError(f"There is nothing to compare {results[0]} with; name two results files or more.")
    check_reports(html, json_, markdown)
    compared = compare_runs(read_runs(results))
    write_reports(
        [
            (json_, lambda: dump_json(comparison_data(compared))),
            (html, lambda: comparison_page(compared)),
            (markdown, lambda: comparison_markdown(compared)),
        ],
        comparison_lines(compared),
    )


def history(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder with results files, also in its folders.")],
    html: Annotated[Path | None, file_option("--html", "Write one self-contained page with plots.")] = None,
    json_: Annotated[Path | None, file_option("--json", "Write the runs; - for standard output.")] = None,
) -> None:
    """Show how the figures of a suite went over the runs of a folder, and what changed from each to the next."""
    from rag.evaluate.comparison.history import read_history
    from rag.evaluate.comparison.history_lines import history_data, history_lines
    from rag.evaluate.comparison.history_page import history_page
    from rag.evaluate.results import dump_json

    check_reports(html, json_)
    found = read_history(folder)
    write_reports(
        [(json_, lambda: dump_json(history_data(found))), (html, lambda: history_page(found))], history_lines(found)
    )
