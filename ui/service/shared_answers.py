"""Answers in progress that belong to no server: several servers on one database tell each other how far theirs are.

Owns: what is told, how often, and that a server which is gone makes no answers. Knows nothing about how an answer is
made, where it is stored, or pages.

Each server tells once a second how far its answers are. What it told ends by itself a few seconds later: of a server
that was killed nothing is in progress any more, and its turns are shown as interrupted, to be asked again.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

from rag.errors import DatabaseUnusable
from rag.hosting.state import State, put, remove
from rag.store.catalog.answers import read_answer, write_answer
from ui.service.question_state import QuestionState
from ui.service.running_answer import RunningAnswer
from ui.service.steps import Step

_LOG = logging.getLogger(__name__)

TOLD_EVERY, TOLD_FOR = 1.0, 10.0
"""Seconds between two tellings of an answer, and for which one holds: a server that is busy may be late."""
_ANSWER, _STOP, _STOP_SECONDS = "answer", "answer-stop", 60.0


class AnswerElsewhere:
    """An answer that another server makes.

    Attributes:
        turn_id: The id of the turn that it is stored in.
        latest: What can be shown of it now.
    """

    def __init__(self, state: State, turn_id: str, latest: QuestionState) -> None:
        """Take what was told of it.

        Args:
            state: Where it is told.
            turn_id: The id of its turn.
            latest: What was told last.
        """
        self.turn_id, self.latest = turn_id, latest
        self._state = state

    def cancel(self) -> None:
        """Let it end soon: its server does so with the next telling."""
        put(self._state, _STOP, self.turn_id, True, _STOP_SECONDS)

    def wait(self, timeout: float | None = None) -> bool:
        """Return whether it is over, after waiting at most ``timeout`` seconds."""
        until = None if timeout is None else time.monotonic() + timeout
        while self._state.get(_ANSWER, self.turn_id) is not None:
            if until is not None and time.monotonic() >= until:
                return False
            time.sleep(TOLD_EVERY / 4)
        return True


class SharedAnswers:
    """Tells other servers of the answers of this one, and finds theirs. Safe to use from several threads."""

    def __init__(self, state: State, own: Callable[[], Sequence[tuple[str, RunningAnswer]]]) -> None:
        """Begin to tell.

        Args:
            state: Where it is told.
            own: Returns the answers that this server makes, each with the id of its conversation.
        """
        self._state, self._own = state, own
        # Nothing is told of an answer once it was forgotten.
        self._telling = threading.Lock()
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._tell_all, name="shared answers", daemon=True)
        self._thread.start()

    def tell(self, conversation: str, answer: RunningAnswer) -> None:
        """Tell how far an answer of this server is.

        Args:
            conversation: The id of its conversation.
            answer: The answer.

        Raises:
            DatabaseUnusable: It cannot be told.
        """
        with self._telling:
            if any(one is answer for _, one in self._own()):
                put(self._state, _ANSWER, answer.turn_id, _written(answer.latest), TOLD_FOR, conversation)

    def forget(self, answer: RunningAnswer) -> None:
        """Tell that an answer of this server is over, which is no longer among its own.

        Where that cannot be told, it is seen a few seconds later.
        """
        try:
            with self._telling:
                remove(self._state, _ANSWER, answer.turn_id)
        except DatabaseUnusable as error:
            _LOG.warning("other servers could not be told of the end of an answer", extra={"cause": str(error)})

    def elsewhere(self, conversation: str) -> list[AnswerElsewhere]:
        """Return the answers of a conversation that other servers make, in the order in which they were asked for."""
        own = {answer.turn_id for _, answer in self._own()}
        told = self._state.owned(_ANSWER, conversation)
        others = [(turn, _read(value)) for turn, value in told.items() if turn not in own]
        return [AnswerElsewhere(self._state, turn, latest) for turn, latest in others if latest]

    def close(self) -> None:
        """Tell no more."""
        self._ending.set()
        self._thread.join(TOLD_FOR)

    def _tell_all(self) -> None:
        is_told = True
        while not self._ending.wait(TOLD_EVERY):
            try:
                for conversation, answer in self._own():
                    if self._state.get(_STOP, answer.turn_id):
                        answer.cancel()
                    self.tell(conversation, answer)
            except DatabaseUnusable as error:
                if is_told:
                    _LOG.warning("other servers cannot be told of answers", extra={"cause": str(error)})
                is_told = False
            else:
                is_told = True


def _written(state: QuestionState) -> dict[str, Any]:
    return {
        "turn": state.turn_id,
        "position": state.position,
        "answer": write_answer(state.answer) if state.answer else None,
        "steps": [asdict(step) for step in state.steps],
        "taken_back": state.taken_back,
    }


def _read(told: Any) -> QuestionState | None:
    """Return what was told; None for what this version of Footnote has not written."""
    try:
        answer = read_answer(told["answer"], "") if told["answer"] else None
        steps = tuple(Step(**step) for step in told["steps"])
        return QuestionState(told["turn"], told["position"], answer, steps, told["taken_back"])
    except (KeyError, TypeError, ValueError, AttributeError):
        return None
