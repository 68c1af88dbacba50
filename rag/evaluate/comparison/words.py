"""What every form of a comparison says of a run and of an answer.

Owns: the words for citations, verdicts, time and cost, and the heading of a comparison. Knows no form.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rag.evaluate.comparison.runs import MeasuredRun
from rag.evaluate.metrics.latency import latencies
from rag.evaluate.types import Record
from rag.evaluate.usage import usage_of_run
from rag.notices import money


def heading(runs: Sequence[MeasuredRun]) -> str:
    """Return what is compared with what."""
    if len(runs) == 2:
        return f"{runs[1].label} against {runs[0].label}"
    return f"{len(runs)} runs, each against {runs[0].label}"


def cited_words(record: Record) -> Iterator[tuple[str, str]]:
    """Yield each citation of an answer as its place and its words."""
    for citation in record.answer.get("citations", ()):
        page = f", page {citation['page']}" if citation.get("page") else ""
        yield (
            f"[{citation.get('number', '?')}] {citation.get('source', '')}{page}",
            str(citation.get("quote", "")),
        )


def verdict_words(record: Record) -> str:
    """Return how many sentences of an answer have which verdict: ``2 verified, 1 unsupported``."""
    counts: dict[str, int] = {}
    for sentence in record.answer.get("sentences", ()):
        counts[str(sentence["verdict"])] = counts.get(str(sentence["verdict"]), 0) + 1
    return ", ".join(f"{count} {verdict}" for verdict, count in counts.items())


def milliseconds(run: MeasuredRun) -> float | None:
    """Return the time within which half of a run's answers came; None where its results do not say."""
    return next((stage.p50 for stage in latencies(run.records) if stage.stage == "total_ms"), None)


def cost_words(run: MeasuredRun) -> str:
    """Return what a case cost, or took in tokens where no price is known; "" where no language model was asked."""
    usage = usage_of_run(run.records)
    if usage is None or not usage.total.calls:
        return ""
    return money(usage.cost_per_case) if usage.cost_per_case else f"{usage.tokens_per_case:,.0f} tokens"
