"""The scores of whole conversations. Pure.

Owns: what a conversation scores, and the figures over conversations. Knows nothing about how a turn is measured.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from rag.evaluate.statistics import figure
from rag.evaluate.types import METRIC_DIGITS, Figure, Record

# The figures over conversations, each of which is one case.
ALL_RIGHT, SHARE_RIGHT = "conversation_right", "conversation_turns_right"


@dataclass(frozen=True, slots=True)
class ConversationScore:
    """What a conversation scores.

    Attributes:
        id: Its id.
        turns: How many turns were asked.
        measured: How many of them expect something, so that they are right or wrong.
        right: How many of these are right.
        raised: How many turns raised; they count as wrong.
        first_wrong: The first turn that is wrong, counted from 1; 0 where none is.
    """

    id: str
    turns: int
    measured: int
    right: int
    raised: int
    first_wrong: int

    @property
    def share(self) -> float | None:
        """The share of its measured turns that are right, 0…1; None where nothing is expected of any."""
        return self.right / self.measured if self.measured else None

    @property
    def all_right(self) -> float | None:
        """Return 1 where every measured turn is right, else 0; None where nothing is expected of any."""
        return float(self.right == self.measured) if self.measured else None


def score_conversations(records: Sequence[Record]) -> list[ConversationScore]:
    """Score the conversations of a run.

    Args:
        records: The records of the run; a turn is wrong whose ``right`` is below 1, or that raised.

    Returns:
        A score for each conversation, in the order of their first turns.
    """
    turns: dict[str, list[Record]] = {}
    for record in records:
        if record.conversation:
            turns.setdefault(record.conversation, []).append(record)
    return [_score(id_, sorted(own, key=lambda record: record.turn)) for id_, own in turns.items()]


def _score(id_: str, turns: Sequence[Record]) -> ConversationScore:
    rights = [0.0 if record.error else record.metrics.get("right") for record in turns]
    measured = [(record.turn, right == 1) for record, right in zip(turns, rights, strict=True) if right is not None]
    return ConversationScore(
        id=id_,
        turns=len(turns),
        measured=len(measured),
        right=sum(is_right for _, is_right in measured),
        raised=sum(bool(record.error) for record in turns),
        first_wrong=next((turn for turn, is_right in measured if not is_right), 0),
    )


def conversation_figures(scores: Sequence[ConversationScore]) -> list[Figure]:
    """Return the means over conversations, each of which counts once, with 95 % intervals.

    Args:
        scores: The conversations.

    Returns:
        The share of conversations with every turn right, and the mean share of turns that are right; none where no
        conversation expects anything.
    """
    whole = [(score.all_right, score.share) for score in scores if score.measured]
    if not whole:
        return []
    return [
        figure(name, [round(float(pair[i] or 0.0), METRIC_DIGITS) for pair in whole])
        for i, name in enumerate((ALL_RIGHT, SHARE_RIGHT))
    ]


def conversations_data(records: Sequence[Record], mode: str) -> dict[str, Any]:
    """Return the conversations of a run as plain data.

    Args:
        records: The records of the run.
        mode: ``live`` or ``fixed``.

    Returns:
        The mode, the figures by name and the scores in order; empty where the suite has no conversation.
    """
    scores = score_conversations(records)
    if not scores:
        return {}
    return {
        "mode": mode,
        "figures": {one.metric: asdict(one) for one in conversation_figures(scores)},
        "scores": [{**asdict(score), "share_right": score.share, "all_right": score.all_right} for score in scores],
    }
