"""How often the interval of Cohen's kappa holds the true one, over made-up judges of known quality.

``python -m tests.benchmarks.agreement`` draws matrices of a person and a judge who errs equally often on both kinds,
and prints the share of the draws whose interval holds the true kappa; 0.95 is meant.
"""

from __future__ import annotations

import argparse

import numpy as np

from rag.evaluate.judging.agreement import LEAST_OF_A_KIND, Confusion, cohen_kappa, kappa_interval


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=2000)
    draws = parser.parse_args().draws
    print("| labels | yes by people | judge right | true kappa | interval holds it |\n| --- | --- | --- | --- | --- |")
    random = np.random.Generator(np.random.PCG64(0))
    lowest = 1.0
    for n in (30, 50, 100, 300):
        for yes in (0.5, 0.7, 0.85):
            for right in (0.7, 0.85, 0.95):
                shares = [yes * right, yes * (1 - right), (1 - yes) * (1 - right), (1 - yes) * right]
                true, share = coverage(random, n, shares, draws)
                lowest = min(lowest, share)
                print(f"| {n} | {yes} | {right} | {true:.2f} | {share:.3f} |")
    print(f"lowest: {lowest:.3f}")


def coverage(random: np.random.Generator, n: int, shares: list[float], draws: int) -> tuple[float, float]:
    """The true kappa of four shares, and how often the interval over ``n`` draws holds it."""
    true = cohen_kappa(Confusion(*(round(share * 1_000_000) for share in shares)))
    assert true is not None
    held = counted = 0
    for row in random.multinomial(n, shares, size=draws):
        counts = Confusion(*map(int, row))
        kinds = counts.yes_yes + counts.yes_no, counts.no_yes + counts.no_no
        if min(kinds) < LEAST_OF_A_KIND:
            continue
        low, high = kappa_interval(counts)
        counted += 1
        held += low <= true <= high
    return true, held / max(1, counted)


if __name__ == "__main__":
    main()
