"""The figures of a run, and their comparison with those of another run over the same cases.

Owns: which records a metric's figure is over, with their clusters and weights. Knows nothing about rules, files or
reports; the formulas stand in ``rag.evaluate.statistics``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rag.evaluate.grouping import clusters_of, groupings_of
from rag.evaluate.metrics.measuring import metric_value
from rag.evaluate.metrics.table import find_meaning
from rag.evaluate.statistics import compare, figure, holm
from rag.evaluate.types import Comparison, Figure, Record

# Case id → value, of the cases that a metric applies to.
Column = dict[str, float]


def column_of(records: Sequence[Record], name: str) -> Column:
    """Collect the values of one metric.

    Args:
        records: The records of a run.
        name: The metric's name.

    Returns:
        Value by case id, in the order of the records; cases that the metric does not apply to are left out.
    """
    values = {record.id: metric_value(record, name) for record in records}
    return {id_: value for id_, value in values.items() if value is not None}


def is_lower_better(name: str) -> bool:
    """Tell whether a lower value of a metric is better; a metric that is not listed is a judge's: higher is better."""
    known = find_meaning(name)
    return known is not None and known.better == "lower"


def is_share(name: str) -> bool:
    """Tell whether the values of a metric lie in 0…1; those of one that is not listed, a judge's, do."""
    known = find_meaning(name)
    return known is None or known.bounded


def compute_figures(records: Sequence[Record]) -> list[Figure]:
    """Compute the figure of every metric that applies to some case; cases that raised count as wrong.

    Args:
        records: The records of a run.

    Returns:
        The figures, in the order in which the metrics appear in the records.
    """
    figures: list[Figure] = []
    cluster_of = dict(zip((record.id for record in records), clusters_of(records), strict=True))
    for name in dict.fromkeys(name for record in records for name in record.metrics):
        column = column_of(records, name)
        if column:
            weights = [record.weight for record in records if record.id in column]
            figures.append(figure(name, list(column.values()), [cluster_of[id_] for id_ in column], weights))
    return figures


def compare_all(
    metrics: Sequence[str], records: Sequence[Record], baseline: Sequence[Record]
) -> tuple[Comparison, ...]:
    """Compare two runs, each metric over the cases to which it applies in both, adjusted after Holm.

    Args:
        metrics: The names of the metrics.
        records: The records of the run.
        baseline: The records of the run that it is compared with.

    Returns:
        One comparison a metric, in the order given; a metric that no case has in both runs is left out. ``adjusted``
        heeds the metrics that differ in some case; ``p_worse`` is not adjusted.
    """
    comparisons: list[Comparison] = []
    for name in metrics:
        current, before = column_of(records, name), column_of(baseline, name)
        shared = [record for record in records if record.id in current and record.id in before]
        if shared:
            comparisons.append(
                compare(
                    name,
                    [record.id for record in shared],
                    [before[record.id] for record in shared],
                    [current[record.id] for record in shared],
                    groupings_of(shared),
                    [record.weight for record in shared],
                    lower_is_better=is_lower_better(name),
                )
            )
    adjusted = iter(holm([comparison.p for comparison in comparisons if comparison.wins or comparison.losses]))
    return tuple(
        replace(comparison, adjusted=next(adjusted)) if comparison.wins or comparison.losses else comparison
        for comparison in comparisons
    )
