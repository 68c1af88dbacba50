"""An answer in the making, which goes on when nobody watches.

Owns: the thread that makes it, what can be shown of it at any moment, and its end. Knows nothing about how an answer is
made, where it is stored, or pages.
"""

from __future__ import annotations

import logging
import math
import threading
import time
from collections.abc import Callable, Iterator

from rag.errors import RagError
from rag.types import Answer
from ui.service.question_state import QuestionState

_LOG = logging.getLogger(__name__)

# Seconds between two looks of a watcher whether it is to leave.
_POLL_SECONDS = 0.5

MakeAnswer = Callable[[threading.Event], Iterator[QuestionState]]
"""Makes an answer in states, and ends soon after the event is set."""


class RunningAnswer:
    """An answer that is made in a thread of its own; any number of watchers may follow it, or none.

    Attributes:
        turn_id: The id of the turn that it is stored in.
    """

    def __init__(self, turn_id: str, make: MakeAnswer, at_end: Callable[[RunningAnswer], None]) -> None:
        """Begin.

        Args:
            turn_id: The id of the turn that it is stored in.
            make: Makes the answer.
            at_end: Called in the thread once all is over, before watchers see that it is.
        """
        self.turn_id = turn_id
        self._make, self._at_end = make, at_end
        self._cancelled = threading.Event()
        self._changed = threading.Condition()
        self._latest, self._number, self._over = QuestionState(turn_id), 0, False
        self._error: Exception | None = None
        self._thread = threading.Thread(target=self._run, name="answer", daemon=True)
        self._thread.start()

    @property
    def latest(self) -> QuestionState:
        """What can be shown of it now."""
        with self._changed:
            return self._latest

    @property
    def error(self) -> Exception | None:
        """What it ended with; None while it runs, and for a good end."""
        with self._changed:
            return self._error

    def cancel(self) -> None:
        """Let it end soon: a question that waits is taken back, an answer is checked and stored as far as it is."""
        self._cancelled.set()

    def wait(self, timeout: float | None = None) -> bool:
        """Return whether it is over, after waiting at most ``timeout`` seconds."""
        with self._changed:
            return self._changed.wait_for(lambda: self._over, timeout)

    def follow(
        self, leave: threading.Event | None = None, drafts_a_second: float = math.inf
    ) -> Iterator[QuestionState]:
        """Watch it.

        Args:
            leave: Ends the watching when it is set; the answer goes on. None where nobody leaves.
            drafts_a_second: How many states with a draft are yielded in a second at most.

        Yields:
            The state at hand and those that come, without drafts that come too fast to be seen; the last of them at the
            end.
        """
        leave = leave or threading.Event()
        seen, shown_at = -1, 0.0
        while not leave.is_set():
            with self._changed:
                if not self._over and self._number == seen:
                    self._changed.wait(_POLL_SECONDS)
                state, number, over = self._latest, self._number, self._over
            if number != seen:
                pause = shown_at + 1 / drafts_a_second - time.monotonic()
                if _is_draft(state.answer) and pause > 0 and not over:
                    leave.wait(pause)
                    continue
                seen, shown_at = number, time.monotonic()
                yield state
            elif over:
                return

    def _run(self) -> None:
        error: Exception | None = None
        try:
            for state in self._make(self._cancelled):
                with self._changed:
                    self._latest, self._number = state, self._number + 1
                    self._changed.notify_all()
        except RagError as failure:
            error = failure
        except Exception as failure:
            _LOG.exception("A question could not be answered")
            error = failure
        finally:
            try:
                self._at_end(self)
            finally:
                with self._changed:
                    self._over, self._error = True, error
                    self._changed.notify_all()


def _is_draft(answer: Answer | None) -> bool:
    return answer is not None and answer.state == "writing"
