"""The language model that a server was started with, opened once in the background.

Owns: when it is opened, how long a question waits for that, when opening is tried again, and what an answer says that
was made without it. Knows nothing about questions, queues or pages.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace

from rag.errors import LLMError, ModelError, UsageError
from rag.models.llm.local_service import DEFAULT_MODEL
from rag.models.llm.model import Model
from rag.notices import Notice
from rag.types import Answer

# Seconds that a question waits for the model. One of the usual size is loaded by then; fetching one takes longer.
_WAIT_SECONDS = 20.0
# The next question that comes so many seconds after the model could not be opened tries to open it again.
_REOPEN_AFTER_SECONDS = 10.0

OpenModel = Callable[[], Model | None]


class OwnModel:
    """The model of a server. Safe to use from several threads."""

    def __init__(self, spec: str, open_model: OpenModel) -> None:
        """Open nothing yet.

        Args:
            spec: Its spec, which names it where it is still loading.
            open_model: Opens it; called in the background.
        """
        self._name = DEFAULT_MODEL if spec == "local" else spec.removeprefix("local:")
        self._open_model = open_model
        self._opening = threading.Lock()
        # Whether opening was tried, and when by the monotonic clock.
        self._tried, self._tried_at = threading.Event(), 0.0
        self._model: Model | None = None
        self._reason: Notice | None = None
        self._closed = False

    @property
    def reason(self) -> Notice | None:
        """Why it cannot be used; None when it can, or was not tried yet."""
        return self._reason

    @property
    def settled(self) -> bool:
        """Whether opening it was tried, with whatever result."""
        return self._tried.is_set()

    def prepare(self, delay: float = 0.0) -> None:
        """Open it in the background, unless that has been done.

        Args:
            delay: Seconds before it begins: loading takes the whole machine for seconds, which a page that is being
                opened needs itself.
        """
        timer = threading.Timer(delay, self._open)
        timer.daemon = True
        timer.start()

    def get(self) -> tuple[Model | None, Notice | None]:
        """Return the model, and, if that is None, why quotes have to do; None, too, where no model is wanted."""
        if self._reason and time.monotonic() - self._tried_at > _REOPEN_AFTER_SECONDS:
            # Somebody may have started the model's server or fetched the weights meanwhile.
            self._tried.clear()
        if not self._tried.is_set():
            self.prepare()
        if not self._tried.wait(_WAIT_SECONDS):
            return None, Notice("model-still-loading", {"model": self._name})
        return self._model, self._reason

    def close(self) -> None:
        """Let go of it."""
        self._closed = True
        model, self._model = self._model, None
        if model is not None:
            model.close()

    def _open(self) -> None:
        with self._opening:
            if self._tried.is_set() or self._closed:
                return
            try:
                self._model, self._reason = self._open_model(), None
            except (LLMError, ModelError, UsageError) as error:
                self._model, self._reason = None, error.notice
            finally:
                self._tried_at = time.monotonic()
                self._tried.set()


def with_reasons(done: Answer, reason: Notice | None, stopped: bool) -> Answer:
    """Return a finished answer with why it was made without a model, and that it was stopped.

    The reason is told whatever other notices stand: none of them says that the model which was chosen was not used.

    Args:
        done: The finished answer.
        reason: Why the model could not be used; None where it could, or none was wanted.
        stopped: Whether the answer was ended early.

    Returns:
        The answer with these notices before its own.
    """
    if reason:
        done = replace(done, notices=(reason, Notice("quotes-meanwhile"), *done.notices), degraded=True)
    if stopped:
        done = replace(done, notices=(Notice("answer-stopped"), *done.notices))
    return done
