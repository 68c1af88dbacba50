"""How often the gate errs: equal runs that it stops, drops that it lets through, intervals that miss the truth.

Two runs are drawn again and again from a made-up population and put to the default gate. 80 % of the cases are
answerable and right with a chance of 0.8; 5 % of all cases are lost and 5 % gained by chance, and a planted drop takes
right answers away. ``python -m tests.benchmarks.gate`` plays 1,000 pairs for each line of the tables in the handbook;
``--quick`` plays 100, in less than two minutes. Everything is seeded.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from rag.evaluate.drops import PRIMARY_SHARE
from rag.evaluate.gate import decide_gate
from rag.evaluate.power import smallest_detectable_drop
from rag.evaluate.statistics import compare, figure
from rag.evaluate.types import GateRule, GateVerdict, Record

PAIRS, QUICK_PAIRS = 1000, 100
SIZES = (50, 100, 300)
DROPS = (0.0, 0.05, 0.1)
DOCUMENTS = (1, 2, 3, 5, 10)
STATES = ("FAIL", "INCONCLUSIVE", "PASS")
# The share of cases that are lost by chance, and of those that are gained.
_NOISE = 0.05
_RIGHT = 0.8

Flags = npt.NDArray[np.floating]


def generator(*key: int) -> np.random.Generator:
    """A source of chance of its own for each line of a table."""
    return np.random.Generator(np.random.PCG64(list(key)))


def draw(cases: int, drop: float, random: np.random.Generator) -> tuple[Flags, Flags]:
    """Which cases are right in a baseline, and in a run that is worse by exactly ``drop`` but for the noise."""
    before = (random.random(cases) < _RIGHT) * 1.0
    now = before.copy()
    now[(before == 1) & (random.random(cases) < _NOISE / _RIGHT)] = 0
    now[(before == 0) & (random.random(cases) < _NOISE / (1 - _RIGHT))] = 1
    broken = round(drop * cases)
    if broken:
        now[random.choice(np.flatnonzero(now == 1), min(broken, int(now.sum())), replace=False)] = 0
    return before, now


def shift_documents(before: Flags, now: Flags, documents: int, random: np.random.Generator) -> Flags:
    """The run where some documents change as a whole, as likely for the better as for the worse."""
    members = np.arange(len(now)) % documents
    now = now.copy()
    for document in range(documents):
        way = random.choice([-1, 0, 1], p=[0.1, 0.8, 0.1])
        inside = members == document
        if way < 0:
            now[inside & (before == 1) & (random.random(len(now)) < 0.15)] = 0
        if way > 0:
            now[inside & (before == 0) & (random.random(len(now)) < 0.6)] = 1
    return now


def records(right: Flags, documents: int = 0) -> list[Record]:
    """A run: the metrics of the default gate follow from which cases are right. Without documents each is its own."""
    run = []
    for number, flag in enumerate(right.tolist()):
        kept = {"right": flag, "pointer_validity": 1.0, "quote_fidelity": 1.0}
        if number % 5:
            kept |= {"citation_recall": flag, "false_refusal": 0.0}
        else:
            kept |= {"wrong_on_unanswerable": 1 - flag}
        run.append(Record(f"c{number}", kept, cluster=f"document {number % documents}" if documents else ""))
    return run


def verdicts(
    cases: int, drop: float, pairs: int, *, documents: int = 0, shifted: bool = False, seed: int = 1
) -> Iterator[GateVerdict]:
    """What the default gate says of ``pairs`` pairs of runs."""
    random = generator(seed, cases, round(1000 * drop), documents, shifted)
    for _ in range(pairs):
        before, now = draw(cases, drop, random)
        if shifted:
            now = shift_documents(before, now, documents, random)
        yield decide_gate((), records(now, documents), records(before, documents))


def outcomes(cases: int, drop: float, pairs: int = PAIRS, **options: Any) -> Counter[str]:
    """How often each state of the gate comes of ``pairs`` pairs of runs."""
    return Counter(verdict.state for verdict in verdicts(cases, drop, pairs, **options))


def figure_coverage(documents: int, each: int, pairs: int) -> tuple[float, float]:
    """How often the interval of a figure holds the truth of 0.7, and its mean width; documents differ in difficulty."""
    random = generator(2, documents, each)
    hits, width = 0, 0.0
    for _ in range(pairs):
        # A beta distribution with mean 0.7 and an intraclass correlation of 0.2.
        chances = random.beta(0.7 * 4, 0.3 * 4, documents)
        values = (random.random((documents, each)) < chances[:, None]) * 1.0
        clusters = [f"d{document}" for document in range(documents) for _ in range(each)]
        result = figure("right", values.ravel().tolist(), clusters)
        hits += result.low <= 0.7 <= result.high
        width += result.high - result.low
    return hits / pairs, width / pairs


def difference_coverage(documents: int, cases: int, pairs: int, *, shifted: bool) -> float:
    """How often the interval of a difference holds the truth, which is no difference."""
    random = generator(3, documents, cases, shifted)
    hits = 0
    names = [f"d{number % documents}" for number in range(cases)]
    for _ in range(pairs):
        before, now = draw(cases, 0.0, random)
        if shifted:
            now = shift_documents(before, now, documents, random)
        result = compare("right", [str(n) for n in range(cases)], before.tolist(), now.tolist(), {"documents": names})
        hits += result.low <= 0 <= result.high
    return hits / pairs


def said_no_worse(cases: int, drop: float, pairs: int) -> float:
    """How often "no worse than 0.03" is said of ``right`` where it is worse by ``drop`` on the average."""
    random = generator(4, cases, round(1000 * drop))
    rule = GateRule("right")
    count = 0
    for _ in range(pairs):
        before = (random.random(cases) < _RIGHT) * 1.0
        now = np.where(before == 1, random.random(cases) >= (_NOISE + drop) / _RIGHT, 0.0)
        now = np.where(before == 0, random.random(cases) < _NOISE / (1 - _RIGHT), now) * 1.0
        reason = decide_gate([rule], records(now), records(before)).findings[0].reason
        count += "no worse than 0.03 (" in reason or "the same within" in reason
    return count / pairs


def decided_as_told(cases: int, drop: float, pairs: int) -> tuple[float, float]:
    """For runs that are undecided: how often as many cases like these as the gate asks for are decided.

    Returns:
        The share of FAIL and PASS, and the median number of cases asked for.
    """
    random = generator(5, cases, round(1000 * drop))
    rule = GateRule("right")
    decided, needed = [], []
    for _ in range(pairs):
        before, now = draw(cases, drop, random)
        (finding,) = decide_gate([rule], records(now), records(before)).findings
        told = re.search(r"about (\d+) cases", finding.reason)
        if finding.state != "INCONCLUSIVE" or not told:
            continue
        needed.append(int(told[1]))
        chosen = random.integers(0, cases, needed[-1])
        decided.append(decide_gate([rule], records(now[chosen]), records(before[chosen])).state != "INCONCLUSIVE")
    return float(np.mean(decided)), float(np.median(needed))


def _shares(states: Counter[str], pairs: int) -> str:
    return " | ".join(f"{states[state] / pairs:.3f}" for state in STATES)


def _table(*head: str) -> None:
    print()
    print(f"| {' | '.join(head)} |")
    print(f"|{' --- |' * len(head)}", flush=True)


def _row(*cells: object) -> None:
    print(f"| {' | '.join(f'{cell:.3f}' if isinstance(cell, float) else str(cell) for cell in cells)} |", flush=True)


def show_power(pairs: int) -> None:
    """Print how often the default gate fails over independent cases."""
    _table("independent cases", "drop in points", *STATES)
    for cases in SIZES:
        for drop in DROPS:
            _row(cases, round(100 * drop), _shares(outcomes(cases, drop, pairs), pairs))


def show_few_documents(pairs: int) -> None:
    """Print how often it fails over 300 cases of few documents, also where whole documents change by chance."""
    _table("documents", "equal runs", "documents shift", "10 points", "30 points")
    for documents in DOCUMENTS:
        fails = [
            outcomes(300, drop, pairs, documents=documents, shifted=shifted)["FAIL"] / pairs
            for drop, shifted in ((0.0, False), (0.0, True), (0.1, False), (0.3, False))
        ]
        _row(documents, *fails)


def show_coverage(pairs: int) -> None:
    """Print how often intervals hold the truth."""
    _table("documents", "cases in each", "a figure", "width", "a difference", "where documents shift")
    for documents, each in ((2, 25), (3, 20), (5, 10), (10, 10), (30, 5)):
        differences = [difference_coverage(documents, documents * each, pairs, shifted=s) for s in (False, True)]
        _row(documents, each, *figure_coverage(documents, each, pairs), *differences)


def show_equivalence(pairs: int) -> None:
    """Print how often a run is said to be no worse."""
    _table("independent cases", "worse by points", "said to be no worse than 0.03")
    for cases in (100, 300, 1000):
        for drop in (0.0, 0.03):
            _row(cases, round(100 * drop), said_no_worse(cases, drop, pairs))


def show_what_is_told(pairs: int) -> None:
    """Print whether the drop that ``rag eval lint`` names is found, and whether the cases asked for decide."""
    _table("cases", "drop that lint names, in points", "found")
    for cases in (20, 50, 100, 300):
        drop = smallest_detectable_drop(cases, 2 * _NOISE, level=0.05 * PRIMARY_SHARE, min_effect=0.02)
        assert drop is not None
        _row(cases, f"{100 * drop:.1f}", outcomes(cases, drop, pairs)["FAIL"] / pairs)
    _table("undecided with cases", "drop in points", "cases asked for (median)", "decided with them")
    for cases, drop in ((50, 0.05), (100, 0.05), (100, 0.1)):
        decided, needed = decided_as_told(cases, drop, pairs)
        _row(cases, round(100 * drop), round(needed), decided)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="How often the gate errs.")
    parser.add_argument("--quick", action="store_true", help=f"play {QUICK_PAIRS} pairs in place of {PAIRS}")
    pairs = QUICK_PAIRS if parser.parse_args(arguments).quick else PAIRS
    print(f"The default gate over {pairs} seeded pairs of runs a line, over few documents {pairs // 5} (shares)")
    show_power(pairs)
    show_few_documents(pairs // 5)
    show_coverage(pairs)
    show_equivalence(pairs // 2)
    show_what_is_told(pairs // 2)


if __name__ == "__main__":
    main()
