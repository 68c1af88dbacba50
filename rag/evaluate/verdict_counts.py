"""How many sentences of a run have which verdict, those that are shown apart from those that are left out.

Owns: counting them in records. Knows nothing about how a verdict comes about or a report looks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, get_args

from rag.evaluate.types import Record
from rag.types import Verdict


@dataclass(frozen=True, slots=True)
class VerdictCounts:
    """The number of sentences with each verdict that some have: those of the answers, and what is left out of them."""

    shown: Mapping[str, int] = field(default_factory=dict)
    left_out: Mapping[str, int] = field(default_factory=dict)


def count_verdicts(records: Sequence[Record]) -> VerdictCounts:
    """Count the verdicts of all answers of a run, in the order of ``rag.types.Verdict``."""
    answers = [record.answer for record in records]
    return VerdictCounts(
        _counts(sentence for answer in answers for sentence in answer.get("sentences", ())),
        _counts(claim for answer in answers for claim in answer.get("left_out", ())),
    )


def _counts(judged: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    # Results of earlier versions have no verdict on what they left out: no source supported it.
    counts = Counter(str(one.get("verdict", "unsupported")) for one in judged)
    order = {verdict: place for place, verdict in enumerate(get_args(Verdict))}
    return dict(sorted(counts.items(), key=lambda item: order.get(item[0], len(order))))
