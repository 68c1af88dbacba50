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
from rag.evaluate.gate import compare_all, compute_figures
from rag.evaluate.report.view import HEADLINE, is_certain, number
from rag.evaluate.run.configuration import apply_overrides, defaults, variable_settings, open_configuration
from rag.evaluate.run.runner import Run, ReportProgress, run_suite
from rag.evaluate.statistics import holm
from rag.evaluate.types import Comparison, Figure, Record, Suite
from rag.settings import Settings
from rag.store.index import Fetch, Index

_MOST = 64


@dataclass(frozen=True, slots=True)
class Variant:
    """One combination of values, its figures, and its comparisons with the first variant (the first has none)."""

    values: Mapping[str, str]
    figures: tuple[Figure, ...]
    records: tuple[Record, ...]
    comparisons: tuple[Comparison, ...] = ()

    @property
    def name(self) -> str:
        """``top_k=4 llm=none``."""
        return " ".join(f"{name}={value}" for name, value in self.values.items())


def combinations(assignments: Mapping[str, Sequence[str]]) -> list[dict[str, str]]:
    """Every combination, the first values first. Raises UsageError for a name that cannot vary, or too many."""
    if not assignments:
        raise UsageError(f"Nothing varies; write --set NAME=VALUE,VALUE with {', '.join(variable_settings())}.")
    if unknown := sorted(set(assignments) - set(variable_settings())):
        raise UsageError(f"{unknown[0]!r} cannot vary in a sweep; it takes {', '.join(variable_settings())}.")
    found = [
        dict(zip(assignments, values, strict=True)) for values in itertools.islice(_product(assignments), _MOST + 1)
    ]
    if len(found) > _MOST:
        raise UsageError(f"These are more than {_MOST} variants; give fewer values.")
    return found


def _product(assignments: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, ...]]:
    return itertools.product(*assignments.values())


def sweep(
    suite: Suite,
    index: Index,
    settings: Settings,
    assignments: Mapping[str, Sequence[str]],
    *,
    fetch: Fetch | None = None,
    told: ReportProgress | None = None,
) -> list[Variant]:
    """Run every combination and compare each with the first, Holm over all comparisons. Raises UsageError."""
    values = combinations(assignments)
    # Every value is checked before the first question is asked.
    chosen = [apply_overrides(settings, {**defaults(suite), **wanted}) for wanted in values]
    found: list[Variant] = []
    for wanted, (own, options) in zip(values, chosen, strict=True):
        with open_configuration(own, options, fetch) as setup:
            ran: Run = run_suite(suite, index, setup, told=told)
        found.append(Variant(wanted, tuple(compute_figures(ran.records)), ran.records))
    return _compared(suite, found)


def _compared(suite: Suite, variants: Sequence[Variant]) -> list[Variant]:
    """Each variant but the first with its comparisons to the first, adjusted over those of all variants."""
    first, *others = variants
    chosen = list(dict.fromkeys([*(rule.metric for rule in suite.gate), *HEADLINE]))
    found = [compare_all(chosen, other.records, first.records) for other in others]
    adjusted = iter(holm([comparison.p for row in found for comparison in row]))
    return [
        first,
        *(
            replace(other, comparisons=tuple(replace(comparison, adjusted=next(adjusted)) for comparison in row))
            for other, row in zip(others, found, strict=True)
        ),
    ]


def lines(variants: Sequence[Variant]) -> Iterator[str]:
    """A table of the figures that stand first, then which variants differ significantly from the first, and in what."""
    names_shown = [
        name for name in HEADLINE if any(figure.metric == name for variant in variants for figure in variant.figures)
    ]
    width = max(len(variant.name) for variant in variants)
    yield f"{'':{width}}  " + "  ".join(f"{name:>{max(7, len(name))}}" for name in names_shown)
    for variant in variants:
        by_name = {figure.metric: figure for figure in variant.figures}
        certain = {comparison.metric for comparison in variant.comparisons if is_certain(comparison)}
        cells = []
        for name in names_shown:
            figure = by_name.get(name)
            text = (number(figure.mean) if figure else "–") + ("*" if name in certain else " ")
            cells.append(f"{text:>{max(7, len(name))}}")
        yield f"{variant.name:{width}}  " + "  ".join(cells)
    yield ""
    count = len(variants[0].records)
    for variant in variants:
        if raised := sum(bool(record.error) for record in variant.records):
            yield f"{variant.name}: {raised} of {count} cases raised an error and count as wrong"
    yield f"{count} cases; * differs from {variants[0].name} (paired sign-flip test, p < 0.05 after Holm)"
    for variant in variants[1:]:
        certain_ones = [comparison for comparison in variant.comparisons if is_certain(comparison)]
        if not certain_ones:
            yield f"{variant.name}: no significant difference"
        for c in certain_ones:
            yield f"{variant.name}: {c.metric} {c.difference:+.3f} [{c.low:+.3f} … {c.high:+.3f}], p = {c.adjusted:.3f}"


def to_json(variants: Sequence[Variant]) -> dict[str, Any]:
    """The variants as plain data."""
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
