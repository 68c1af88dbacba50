"""Choose from which confidence an index answers, on the cases of a suite.

Owns: the confidence that the index has in each case. The rule that picks the threshold is that of
``rag.retrieval.calibration``. Knows nothing about where a threshold is kept. Asks no language model.
"""

from __future__ import annotations

from collections.abc import Sequence

from rag.evaluate.types import Case
from rag.planning.planner import make_plan
from rag.retrieval.calibration import Calibration, calibrate
from rag.retrieval.search import SearchOptions, search_and_select
from rag.store.index import Index


def calibrate_index(index: Index, cases: Sequence[Case], most_false_refusals: float) -> Calibration:
    """Search an index for every case, and choose the confidence that tells the two kinds of cases apart.

    A follow-up is made to stand alone by rules.

    Args:
        index: The index that is calibrated; its settings say how many passages are searched for.
        cases: Some answerable and some unanswerable ones.
        most_false_refusals: The share, 0…1, of the answerable cases that may be refused.

    Returns:
        The chosen threshold, with others to compare it with.
    """
    options = SearchOptions(passages=index.settings.top_k)
    # By whether the case is answerable.
    confidences: dict[bool, list[float]] = {True: [], False: []}
    for case in cases:
        plan = make_plan(index, case.question, case.history).plan
        # What is not searched for has no confidence.
        if plan.searches:
            confidences[case.answerable].append(search_and_select(index, plan, options).confidence)
    return calibrate(confidences[True], confidences[False], most_false_refusals)
