"""Cases that are known to be wrong, so that a report of tests is green as long as nothing else is.

Owns: why a wrong case is no failure, and which marked case has become right. Knows no form of a report.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rag.evaluate.types import Case, Record

WRONG_BEFORE = "wrong in the baseline, too"


def known_wrong(case: Case, baseline: Mapping[str, Record]) -> str:
    """Return why a case may be wrong.

    Args:
        case: The case.
        baseline: The records of the accepted baseline by id; empty without one, or with one of another suite.

    Returns:
        The reason that the suite gives, or that the case is wrong in the baseline; empty for a case that is to be
        right.
    """
    if case.xfail:
        return case.xfail
    before = baseline.get(case.id)
    return WRONG_BEFORE if before and not before.error and before.metrics.get("right") == 0 else ""


def unexpectedly_right(cases: Mapping[str, Case], records: Iterable[Record]) -> list[str]:
    """Find the cases that are marked as known to be wrong and are right.

    Args:
        cases: The cases by id.
        records: Their records.

    Returns:
        Their ids, in the order of the records.
    """
    return [r.id for r in records if cases[r.id].xfail and not r.error and r.metrics.get("right")]
