"""A history for a terminal and as plain data.

Owns: what each of the two holds. Knows nothing about colours or where lines go.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from rag.evaluate.comparison.history import History, PastRun
from rag.evaluate.report.view import difference_interval, interval, is_certain, number
from rag.evaluate.types import Figure
from rag.text import plain_line


def history_lines(history: History) -> Iterator[str]:
    """Yield a table of each suite's runs, from the oldest to the newest, with what changed below each."""
    for number_, (suite, runs) in enumerate(history.suites.items()):
        if number_:
            yield ""
        yield f"{plain_line(suite)}: {len(runs)} run{'s' * (len(runs) > 1)}"
        width = max(len(plain_line(run.label)) for run in runs)
        models = max(len(plain_line(run.model)) for run in runs)
        for run in runs:
            cells = [
                run.minute,
                f"{plain_line(run.label):{width}}",
                f"{plain_line(run.model):{models}}",
                f"n = {run.cases}",
                f"right {_figure(run.right)}",
                f"refused {number(run.refused.mean if run.refused else None)}",
                f"{number(run.latency.p50 if run.latency else None)} ms",
                *([run.cost_words] if run.cost_words else []),
                plain_line(run.gate),
            ]
            yield "  ".join(cells)
            if run.difference and run.difference.difference:
                mark = "*" if is_certain(run.difference) else ""
                yield (
                    f"    right {run.difference.difference:+.3f}{mark} [{difference_interval(run.difference)}] "
                    "against the run before"
                )
            for change in run.changes:
                yield f"    {plain_line(change)}"
    for sentence in history.skipped:
        yield plain_line(sentence)


def _figure(figure: Figure | None) -> str:
    return f"{number(figure.mean)} [{interval(figure)}]" if figure else "–"


def history_data(history: History) -> dict[str, Any]:
    """Return a history as plain data."""
    return {
        "suites": {suite: [_past_data(run) for run in runs] for suite, runs in history.suites.items()},
        "skipped": list(history.skipped),
    }


def _past_data(run: PastRun) -> dict[str, Any]:
    return {
        "label": run.label,
        "date": run.date.isoformat(),
        "date_is_of_the_file": not run.is_dated,
        "model": run.model,
        "gate": run.gate,
        "cases": run.cases,
        "right": asdict(run.right) if run.right else None,
        "refused": asdict(run.refused) if run.refused else None,
        "milliseconds": {"p50": run.latency.p50, "p95": run.latency.p95} if run.latency else None,
        "cost_per_case": run.cost,
        "tokens_per_case": run.tokens,
        "difference": asdict(run.difference) if run.difference else None,
        "changes": list(run.changes),
        "settings": dict(run.settings),
        "suite_sha256": run.suite_sha256,
        "corpus_sha256": run.corpus_sha256,
    }
