"""Results as one HTML file that needs nothing else: no asset, no request, no network.

Owns: what the page's sections show. The elements stand in ``templates``, which escape what a document, a model or a
suite says.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from rag.evaluate.judging.missing import judge_error_lines
from rag.evaluate.metrics.latency import Latency, latencies
from rag.evaluate.metrics.table import find_meaning
from rag.evaluate.report import conversations
from rag.evaluate.report.case import TextBySource, case_view
from rag.evaluate.report.plots import PlotPoint, curve, interval_bar, reliability, scatter
from rag.evaluate.report.rendering import document
from rag.evaluate.report.view import (
    direction,
    headline,
    interval,
    number,
    reason_rows,
    rows,
    usage_rows,
    usage_sentence,
    verdict_rows,
)
from rag.evaluate.results import Results
from rag.evaluate.settings import prompts_of, settings_of
from rag.evaluate.systems.not_given import not_given_lines
from rag.evaluate.types import FEW_CASES, Figure

# Metrics that the table of tags has room for.
_TAG_METRICS = 6
_STATE_SENTENCES = {
    "PASS": "The gate passes.",
    "FAIL": "The gate fails.",
    "INCONCLUSIVE": "The gate cannot decide; nothing is shown to be worse.",
    "INVALID": "The figures cannot be trusted.",
}


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A figure with its bar (SVG; empty for one outside 0…1) and what its metric says."""

    figure: Figure
    bar: str
    note: str


@dataclass(frozen=True, slots=True)
class TagRow:
    """The cases with a tag, and their figures in the order of the columns; None for a metric that none of them has."""

    tag: str
    cases: int
    few: bool
    figures: tuple[Figure | None, ...]


def page(results: Results, text_of: TextBySource) -> str:
    """Return the HTML of a run.

    Args:
        results: What it shows.
        text_of: Gives the canonical text of a source, in which expected evidence and citations are highlighted; None
            for a source that is gone.

    Returns:
        A whole HTML document.
    """
    return document(
        "page.html.jinja",
        results=results,
        state_sentence=_STATE_SENTENCES.get(results.gate.state, ""),
        facts=_facts(results),
        settings=settings_of(results.config),
        prompts=prompts_of(results.config, results.prompts),
        stages=_stages(results),
        **_figures(results),
        **_conversations(results),
        **_comparison(results),
        **_abstention(results),
        verdict_rows=verdict_rows(results),
        reason_rows=reason_rows(results),
        usage_rows=usage_rows(results),
        usage_sentence=usage_sentence(results),
        **_tags(results),
        **_cases(results, text_of),
    )


# -- sections: what each template of the same name shows ---------------------------------------------------------------


def _facts(results: Results) -> dict[str, str]:
    config = results.config
    lacking = " ".join(not_given_lines(results.records))
    unjudged = " ".join(judge_error_lines(results.records))
    return {
        "Cases": str(len(results.records)),
        "Raised": str(results.errors),
        "System" if "system" in config else "Language model": str(config.get("model", "none")),
        **({"Beside the figures": lacking} if lacking else {}),
        **({"Judge": unjudged} if unjudged else {}),
        **_search_facts(config),
        "Suite": results.suite.sha256[:12],
        "Corpus": results.corpus_sha256[:12],
        "Footnote": str(config.get("footnote", "")),
    }


def _search_facts(config: Mapping[str, Any]) -> dict[str, str]:
    """Return how Footnote searches; nobody knows that of another system."""
    if "system" in config:
        return {}
    return {
        "Embedding model": str(config.get("embedding_model", "")),
        "Passages (top_k)": str(dict(config.get("options") or {}).get("passages", "–")),
        "Chunks": f"at most {config['chunk_tokens']} tokens" if "chunk_tokens" in config else "–",
    }


def _figures(results: Results) -> dict[str, Any]:
    first = headline(results.figures, results.judged)
    names = {figure.metric for figure in first}
    others = [figure for figure in results.figures if figure.metric not in names]
    return {
        "headline_rows": [_figure_row(figure, results.judged) for figure in first],
        "other_rows": [_figure_row(figure, results.judged) for figure in others],
    }


def _figure_row(figure: Figure, judged: Sequence[str]) -> FigureRow:
    known = find_meaning(figure.metric)
    note = "judged by a language model" if figure.metric in judged else known.text if known else ""
    bar = ""
    if 0 <= figure.mean <= 1:
        bar = interval_bar(figure.mean, figure.low, figure.high, f"{number(figure.mean)}, {interval(figure)}")
    return FigureRow(figure, bar, note)


def _conversations(results: Results) -> dict[str, Any]:
    return {
        "conversation_history": conversations.history_sentence(results),
        "conversation_scores": conversations.scores(results),
        "conversation_rows": [
            replace(_figure_row(figure, ()), note=conversations.NOTES[figure.metric])
            for figure in conversations.figures(results)
        ],
    }


def _comparison(results: Results) -> dict[str, Any]:
    comparisons = results.gate.comparisons
    points = [
        PlotPoint(
            x=c.baseline,
            y=c.current,
            low=c.baseline + c.low,
            high=c.baseline + c.high,
            name=f"{c.metric}: {c.difference:+.3f}",
            kind=direction(c),
        )
        for c in comparisons
        if 0 <= c.baseline <= 1 and 0 <= c.current <= 1
    ]
    return {
        "comparison_rows": [(comparison, direction(comparison)) for comparison in comparisons],
        "comparison_plot": scatter(points, "baseline", "this run", "Figures of this run over those of the baseline"),
    }


def _abstention(results: Results) -> dict[str, Any]:
    abstention = results.abstention
    table, figures = abstention.get("table", {}), abstention.get("figures", {})
    # Without an unanswerable question the table would only repeat the rate of refusals.
    shown = ("answered", "tentative", "refused")
    unanswerable = sum(table.get(f"{how}_unanswerable", 0) for how in shown)
    kinds = ("answerable", "unanswerable") if unanswerable else ()
    risks = abstention.get("risk_coverage", ())
    bins = [(b["confidence"], b["right"], b["n"]) for b in abstention.get("reliability", ()) if b["n"]]
    return {
        "abstention_rows": [(kind, *(table.get(f"{how}_{kind}", 0) for how in shown)) for kind in kinds],
        "abstention_figures": [(name.replace("_", " "), value) for name, value in figures.items() if value is not None],
        "risk_plot": curve(risks, "share answered, surest first", "share wrong", "Risk over coverage"),
        "reliability_plot": reliability(bins, "Share of right answers over confidence"),
    }


def _tags(results: Results) -> dict[str, Any]:
    names = [figure.metric for figure in headline(results.figures)][:_TAG_METRICS]
    tag_rows = []
    for tag, figures in results.by_tag.items():
        by_name = {figure.metric: figure for figure in figures}
        cases = sum(tag in record.tags for record in results.records)
        tag_rows.append(TagRow(tag, cases, cases < FEW_CASES, tuple(by_name.get(name) for name in names)))
    return {"tag_metrics": names, "tag_rows": tag_rows}


def _stages(results: Results) -> list[Latency]:
    # Each stage's milliseconds count from the question, so the order by time is the order of the stages.
    stages = sorted(latencies(results.records), key=lambda stage: stage.p50 or stage.cold or 0.0)
    return [stage for stage in stages if stage.p95 or stage.cold]


def _cases(results: Results, text_of: TextBySource) -> dict[str, Any]:
    case_rows = rows(results)
    kinds = [("wrong", "wrong"), ("error", "raised"), ("right", "right")]
    if any(row.change for row in case_rows):
        kinds += [("changed", "changed"), ("worse", "right before, wrong now"), ("better", "wrong before, right now")]
    return {
        "case_kinds": kinds,
        "case_tags": [(tag, tag) for tag in sorted({tag for row in case_rows for tag in row.case.tags})],
        "cases": [case_view(row, text_of) for row in case_rows],
    }
