"""Cases that are known to be wrong, so that a report of tests is green as long as nothing else is.

Owns: why a wrong case is no failure. Knows no form of a report.
"""

from __future__ import annotations

from collections.abc import Mapping

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
