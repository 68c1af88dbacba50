"""What the answers of a run took of language models: tokens and money, by purpose.

Owns: reading the calls of recorded answers and adding them up. Decides nothing: no gate looks at it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from rag.evaluate.types import Record
from rag.types import COST_DIGITS, ModelCall, Usage


@dataclass(frozen=True, slots=True)
class RunUsage:
    """What the answers of a run took.

    Attributes:
        cases: How many answers there are; of another system those that say what they took.
        total: What all took together.
        by_purpose: The same by what a call was for, the most tokens first.
    """

    cases: int
    total: Usage
    by_purpose: Mapping[str, Usage] = field(default_factory=dict)

    @property
    def tokens_per_case(self) -> float:
        """The mean of the tokens sent and written for a case."""
        return self.total.tokens / self.cases if self.cases else 0.0

    @property
    def cost_per_case(self) -> float | None:
        """The mean of what a case cost; None where the price of a call is not known."""
        if self.total.cost is None:
            return None
        return round(self.total.cost / self.cases, COST_DIGITS) if self.cases else 0.0


def usage_of_run(records: Sequence[Record]) -> RunUsage | None:
    """Add up the calls of a run; those of answers that failed are among them.

    Args:
        records: The records of its cases.

    Returns:
        What they took; None where an earlier version recorded them, which counted no calls.
    """
    if records and not any("calls" in record.answer for record in records):
        return None
    calls = [call for record in records for call in calls_of(record)]
    purposes = dict.fromkeys(call.purpose for call in calls)
    usages = {purpose: Usage.of(call for call in calls if call.purpose == purpose) for purpose in purposes}
    by_purpose = sorted(usages.items(), key=lambda item: (-item[1].tokens, item[0]))
    # An answer of Footnote without calls took nothing; one of another system says nothing.
    telling = [record for record in records if "not_given" not in record.answer or record.answer.get("calls")]
    return RunUsage(len(telling), Usage.of(calls), dict(by_purpose))


def calls_of(record: Record) -> tuple[ModelCall, ...]:
    """Return the calls that the answer to a case needed, as far as tokens and cost go."""
    return tuple(map(_call, record.answer.get("calls", ())))


def usage_data(usage: RunUsage | None) -> dict[str, Any]:
    """Return what a run took as plain data."""
    if usage is None:
        return {}
    return {
        "total": asdict(usage.total),
        "by_purpose": {purpose: asdict(one) for purpose, one in usage.by_purpose.items()},
        "tokens_per_case": usage.tokens_per_case,
        "cost_per_case": usage.cost_per_case,
    }


def _call(data: Mapping[str, Any]) -> ModelCall:
    cost = data.get("cost")
    return ModelCall(
        str(data.get("purpose", "")),
        str(data.get("model", "")),
        int(data.get("sent", 0)),
        int(data.get("written", 0)),
        int(data.get("thought", 0)),
        bool(data.get("estimated", True)),
        cost=None if cost is None else float(cost),
    )
