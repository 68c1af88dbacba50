"""The conversations of a run, for every form of report.

Owns: what is said of a conversation. Knows no form of report but the few lines that each of them takes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rag.evaluate.conversations import ConversationScore, conversation_figures, score_conversations
from rag.evaluate.results import Results
from rag.evaluate.types import ConversationMode, Figure

HISTORIES: dict[ConversationMode, str] = {
    "live": "the system's own answers are the history of a turn",
    "fixed": "the suite's replies are the history of a turn",
}
NOTES = {
    "conversation_right": "every turn of the conversation that expects something is right",
    "conversation_turns_right": "share of the turns of a conversation that are right",
}
# Conversations that are listed in lines; the others are counted.
_LISTED = 12


def scores(results: Results) -> list[ConversationScore]:
    """Return the scores of the conversations of a run, in order; none where its suite has no conversation."""
    return score_conversations(results.records)


def figures(results: Results) -> list[Figure]:
    """Return the figures over the conversations of a run."""
    return conversation_figures(scores(results))


def history_sentence(results: Results) -> str:
    """Return what stood before a turn."""
    return HISTORIES[results.suite.conversation]


def score_text(score: ConversationScore) -> str:
    """Return a score in words: ``2 of 3 turns right, turn 2 is the first wrong one``."""
    if not score.measured:
        return f"{score.turns} turns, of which none expects anything"
    text = f"{score.right} of {score.measured} turns right"
    if score.measured < score.turns:
        text += f" ({score.turns - score.measured} measured only)"
    if score.first_wrong:
        text += f", turn {score.first_wrong} is the first wrong one"
    return text + (f", {score.raised} raised" if score.raised else "")


def wrong_lines(results: Results) -> Iterator[tuple[str, str]]:
    """Yield the conversations that are not right throughout, each with its score in words, and last what is cut."""
    wrong = [score for score in scores(results) if score.first_wrong]
    for score in wrong[:_LISTED]:
        yield score.id, score_text(score)
    if len(wrong) > _LISTED:
        yield "…", f"and {len(wrong) - _LISTED} more conversations"


def summary(shown: Sequence[ConversationScore]) -> str:
    """Return how many conversations are right throughout, in a few words."""
    measured = [score for score in shown if score.measured]
    whole = sum(score.all_right == 1 for score in measured)
    return f"{whole} of {len(measured)} conversations right in every turn"
