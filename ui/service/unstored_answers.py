"""Answers that could not be stored, such as on a full disk: shown all the same, and stored once there is room.

Owns: these answers, as long as the server runs. Knows nothing about how an answer is made or shown.
"""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass, replace
from pathlib import Path

from rag.errors import IndexUnusable
from rag.notices import Notice
from rag.store.catalog import History, StoredTurn
from rag.types import Answer

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Unstored:
    """A finished answer, and where it belongs."""

    folder: Path
    user: str
    conversation: str
    answer: Answer


class UnstoredAnswers:
    """The answers of one server that wait for room. Safe to use from several threads."""

    def __init__(self) -> None:
        """Hold nothing yet."""
        self._guard = threading.Lock()
        self._held: dict[str, _Unstored] = {}

    def store(self, folder: Path, user: str, turn: StoredTurn, answer: Answer) -> Answer:
        """Store a snapshot of an answer in its turn; one that is done is held where that fails.

        Args:
            folder: The folder of the index.
            user: Whose conversation it is.
            turn: The turn.
            answer: The snapshot.

        Returns:
            The snapshot, with a notice where it is held.

        Raises:
            UsageError: The conversation or the turn is not there any more.
        """
        try:
            History(folder).save(user, turn.conversation, answer, turn.id)
        except IndexUnusable as error:
            _LOG.warning("an answer could not be stored", extra={"cause": str(error)})
            if answer.state != "done":
                return answer
            with self._guard:
                self._held[turn.id] = _Unstored(folder, user, turn.conversation, answer)
            return _shown(answer)
        return answer

    def in_place(self, folder: Path, turns: list[StoredTurn]) -> list[StoredTurn]:
        """Return turns with the answers that are held in their places; first each that can be is stored.

        Args:
            folder: The folder of the index.
            turns: Turns as they are stored.

        Returns:
            The turns, in the same order.
        """
        with self._guard:
            held = {id_: one for id_, one in self._held.items() if one.folder == folder}
        if not held:
            return turns
        for id_, one in held.items():
            try:
                History(folder).save(one.user, one.conversation, one.answer, id_)
            except IndexUnusable:
                # There is no room yet: the others are not tried, either.
                break
            except Exception as error:
                # Its conversation was deleted meanwhile.
                _LOG.warning("an answer is held no longer", extra={"cause": type(error).__name__})
            with self._guard:
                self._held.pop(id_, None)
        with self._guard:
            waiting = set(self._held)
        return [
            replace(turn, answer=_shown(held[turn.id].answer) if turn.id in waiting else held[turn.id].answer)
            if turn.id in held
            else turn
            for turn in turns
        ]


def _shown(answer: Answer) -> Answer:
    return replace(answer, notices=(*answer.notices, Notice("answer-not-stored")))
