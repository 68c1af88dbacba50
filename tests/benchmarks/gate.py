"""How often the gate errs: equal runs that it stops, and drops that it lets through.

Runs of the same system are drawn again and again from one made-up population: each case has chances of its own to be
right and to cite right, most of them near 1. Two runs over the same cases are then equal but for chance. A planted drop
breaks as many cases as lower the share of right answers by that much. Everything is seeded.
"""

from __future__ import annotations

from collections import Counter

import numpy as np
import numpy.typing as npt

from rag.evaluate.gate import decide_gate
from rag.evaluate.types import GateRule, Record

PAIRS = 1000
SIZES = (50, 100, 300)
DROPS = (0.0, 0.05, 0.1)
RULES = tuple(GateRule(metric) for metric in ("right", "right_and_cited", "citation_recall", "ndcg@10/document"))
# The interval of a difference decides nothing; fewer draws make the whole affordable.
_RESAMPLES = 1000

Chances = npt.NDArray[np.float64]


def outcomes(cases: int, drop: float, pairs: int = PAIRS, seed: int = 1) -> Counter[str]:
    """How often each state of the gate comes of ``pairs`` of a baseline and a run that is worse by ``drop``."""
    random = np.random.Generator(np.random.PCG64([seed, cases, round(1000 * drop)]))
    states: Counter[str] = Counter()
    for _ in range(pairs):
        # Of five cases four or so are nearly always right, the fifth is hard: about one in ten differs between runs.
        chances = np.where(random.random(cases) < 0.8, 0.97, 0.2)
        broken = np.zeros(cases, dtype=bool)
        broken[: round(drop * cases / chances.mean())] = True
        random.shuffle(broken)
        baseline, current = draw(chances, random), draw(np.where(broken, 0.0, chances), random)
        states[decide_gate(RULES, current, baseline, resamples=_RESAMPLES).state] += 1
    return states


def draw(chances: Chances, random: np.random.Generator) -> list[Record]:
    """One run over the cases."""
    right = random.random(len(chances)) < chances
    cited = random.random(len(chances)) < np.minimum(chances + 0.02, 1.0) * (chances > 0)
    # Half of the cases have two gold spans, of which one is easy to miss.
    recall = np.where(np.arange(len(chances)) % 2 == 0, 1.0, np.where(random.random(len(chances)) < 0.9, 1.0, 0.5))
    rank = np.where(random.random(len(chances)) < 0.9, 1, 2)
    values = {
        "right": right * 1.0,
        "right_and_cited": right * cited * 1.0,
        "citation_recall": cited * recall,
        "ndcg@10/document": cited / np.log2(1 + rank),
    }
    rows = zip(*(column.tolist() for column in values.values()), strict=True)
    return [Record(f"c{number}", dict(zip(values, row, strict=True))) for number, row in enumerate(rows)]


def main() -> None:
    print(f"The gate over {PAIRS} seeded pairs of runs, {len(RULES)} metrics (share of pairs):")
    print("  cases   drop     FAIL   INCONCLUSIVE    PASS")
    for cases in SIZES:
        for drop in DROPS:
            states = outcomes(cases, drop)
            shares = [states[state] / PAIRS for state in ("FAIL", "INCONCLUSIVE", "PASS")]
            print(f"  {cases:5}  {drop:5.2f}   {shares[0]:6.3f}   {shares[1]:12.3f}  {shares[2]:6.3f}", flush=True)


if __name__ == "__main__":
    main()
