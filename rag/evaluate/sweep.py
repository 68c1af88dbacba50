"""Variants of a configuration over one corpus, and which of them differ.

Owns: every combination of the values given, running each over the same index, and the paired comparison with the first.
Nothing is embedded twice: only what answers a question may vary.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from rag.errors import UsageError
from rag.evaluate.figures import compare_all, compute_figures
from rag.evaluate.report.view import headline_names, is_certain, number
from rag.evaluate.run.configuration import apply_overrides, open_configuration, suite_settings, variable_settings
from rag.evaluate.run.runner import ReportProgress, run_suite
from rag.evaluate.statistics import holm
from rag.evaluate.types import Comparison, Figure, Record, Suite
from rag.models.weights import Fetch
from rag.store.index import Index

_MOST_VARIANTS = 64


@dataclass(frozen=True, slots=True)
class Variant:
    """One combination of values with its records and figures.

    Attributes:
        values: Value by setting, as written on the command line.
        figures: The figures of its run.
        records: The records of its run.
        comparisons: Its comparisons with the first variant; the first has none.
    """

    values: Mapping[str, str]
    figures: tuple[Figure, ...]
    records: tuple[Record, ...]
    comparisons: tuple[Comparison, ...] = ()

    @property
    def name(self) -> str:
        """Return its values in one line: ``top_k=4 llm=none``."""
        return " ".join(f"{name}={value}" for name, value in self.values.items())


def combinations(assignments: Mapping[str, Sequence[str]]) -> list[dict[str, str]]:
    """Return every combination of values, the first values first.

    Args:
        assignments: The values of each setting that varies.

    Returns:
        Value by setting for each variant.

    Raises:
        UsageError: Nothing varies, a name cannot vary, or there are too many combinations.
    """
    if not assignments:
        raise UsageError(f"Nothing varies; write --set NAME=VALUE,VALUE with {', '.join(variable_settings())}.")
    if unknown := sorted(set(assignments) - set(variable_settings())):
        raise UsageError(f"{unknown[0]!r} cannot vary in a sweep; it takes {', '.join(variable_settings())}.")
    # Cut off before they are listed: a few long lists of values have millions of combinations.
    values = itertools.islice(itertools.product(*assignments.values()), _MOST_VARIANTS + 1)
    variants = [dict(zip(assignments, row, strict=True)) for row in values]
    if len(variants) > _MOST_VARIANTS:
        raise UsageError(f"These are more than {_MOST_VARIANTS} variants; give fewer values.")
    return variants


def sweep(
    suite: Suite,
    index: Index,
    assignments: Mapping[str, Sequence[str]],
    *,
    fetch: Fetch | None = None,
    report_progress: ReportProgress | None = None,
) -> list[Variant]:
    """Run every combination of values and compare each with the first, Holm over all comparisons.

    Args:
        suite: The questions.
        index: The index that is asked; what does not vary is as its settings say.
        assignments: The values of each setting that varies.
        fetch: Fetches the weights of a model that is absent.
        report_progress: Called with the progress of each run.

    Returns:
        The variants, in the order of `combinations`.

    Raises:
        UsageError: A name or value cannot be used; no question is asked then.
    """
    rows = combinations(assignments)
    # Every value is checked before the first question is asked.
    configurations = [apply_overrides(index.settings, {**suite_settings(suite), **values}) for values in rows]
    variants: list[Variant] = []
    for values, (own_settings, options) in zip(rows, configurations, strict=True):
        with open_configuration(own_settings, options, fetch) as configuration:
            records = run_suite(suite, index, configuration, report_progress=report_progress).records
        variants.append(Variant(values, tuple(compute_figures(records)), records))
    return _with_comparisons(suite, variants)


def _with_comparisons(suite: Suite, variants: Sequence[Variant]) -> list[Variant]:
    """Return each variant but the first with its comparisons to the first, adjusted over those of all variants."""
    first, *others = variants
    measured = dict.fromkeys(name for variant in variants for record in variant.records for name in record.metrics)
    metrics = list(dict.fromkeys([*(rule.metric for rule in suite.gate), *headline_names(measured)]))
    rows = [compare_all(metrics, other.records, first.records) for other in others]
    adjusted = iter(holm([comparison.p for row in rows for comparison in row]))
    return [
        first,
        *(
            replace(other, comparisons=tuple(replace(comparison, adjusted=next(adjusted)) for comparison in row))
            for other, row in zip(others, rows, strict=True)
        ),
    ]


def sweep_lines(variants: Sequence[Variant]) -> Iterator[str]:
    """Yield a table of the figures that stand first, then which variants differ significantly from the first."""
    yield from _table(variants)
    yield ""
    count = len(variants[0].records)
    for variant in variants:
        if raised := sum(bool(record.error) for record in variant.records):
            yield f"{variant.name}: {raised} of {count} cases raised an error and count as wrong"
    yield f"{count} cases; * differs from {variants[0].name} (paired test, p < 0.05 after Holm)"
    for variant in variants[1:]:
        certain = [comparison for comparison in variant.comparisons if is_certain(comparison)]
        if not certain:
            yield f"{variant.name}: no significant difference"
        for c in certain:
            yield f"{variant.name}: {c.metric} {c.difference:+.3f} [{c.low:+.3f} … {c.high:+.3f}], p = {c.adjusted:.3f}"


def _table(variants: Sequence[Variant]) -> Iterator[str]:
    """Yield a row of figures for each variant, below their names."""
    shown = headline_names(figure.metric for variant in variants for figure in variant.figures)
    width = max(len(variant.name) for variant in variants)
    yield f"{'':{width}}  " + "  ".join(f"{name:>{max(7, len(name))}}" for name in shown)
    for variant in variants:
        by_name = {figure.metric: figure for figure in variant.figures}
        certain = {comparison.metric for comparison in variant.comparisons if is_certain(comparison)}
        cells = []
        for name in shown:
            figure = by_name.get(name)
            text = (number(figure.mean) if figure else "–") + ("*" if name in certain else " ")
            cells.append(f"{text:>{max(7, len(name))}}")
        yield f"{variant.name:{width}}  " + "  ".join(cells)


def variants_data(variants: Sequence[Variant]) -> dict[str, Any]:
    """Return the variants as plain data."""
    return {
        "variants": [
            {
                "values": dict(variant.values),
                "figures": {figure.metric: asdict(figure) for figure in variant.figures},
                "comparisons": [asdict(comparison) for comparison in variant.comparisons],
            }
            for variant in variants
        ]
    }
