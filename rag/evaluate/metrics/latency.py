"""How long each stage took, over a whole set of cases. Pure.

Owns: percentiles of timings. Knows nothing about what a stage does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.evaluate.types import Record


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds of a stage: percentiles over ``n`` cases, and ``cold`` for the first case, which is none of them."""

    stage: str
    n: int
    p50: float | None
    p95: float | None
    cold: float | None


def latencies(records: Sequence[Record]) -> list[Latency]:
    """Return each stage's latency, in the order in which stages appear; cases that raised are left out.

    The first case opens files and loads models: it is reported apart.
    """
    timed = [record.timings for record in records if not record.error and record.timings]
    rows: list[Latency] = []
    for stage in dict.fromkeys(stage for timings in timed for stage in timings):
        warm = [timings[stage] for timings in timed[1:] if stage in timings]
        rows.append(Latency(stage, len(warm), _quantile(warm, 0.5), _quantile(warm, 0.95), timed[0].get(stage)))
    return rows


def _quantile(values: Sequence[float], share: float) -> float | None:
    """Return a quantile, interpolated between the two nearest values; None without values."""
    if not values:
        return None
    import numpy as np

    return float(np.quantile(values, share))
