"""Asking a judge's model patiently.

Owns: how long is waited after a passing failure, such as a rate limit, and when the model is given up. Knows nothing
about prompts and verdicts.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from rag.evaluate.judging.judge import JudgeError
from rag.models.llm.model import Message, MessageLike, Model, TransientError

_LOG = logging.getLogger(__name__)
# Tokens of a reply: a score or a word, its reasons, and what a model that reasons writes before it.
_MOST_TOKENS = 1024


@dataclass(frozen=True, slots=True)
class Backoff:
    """How patiently a judge is asked.

    Attributes:
        attempts: How often the same is asked before it is given up.
        first: Seconds of the first wait; each further one is twice as long.
        most: The most seconds of one wait. A service that asks for more is given up at once.
        wait: Waits so many seconds.
    """

    attempts: int = 6
    first: float = 1.0
    most: float = 60.0
    wait: Callable[[float], None] = time.sleep

    def seconds(self, attempt: int, retry_after: float | None) -> float:
        """Return how long to wait.

        Args:
            attempt: How many attempts have failed, from 1.
            retry_after: Seconds that the service asks for; None where it does not say.

        Returns:
            Seconds: what the service asks for, else ``first`` doubled after each attempt, up to ``most``.
        """
        return min(self.most, self.first * 2.0 ** (attempt - 1)) if retry_after is None else retry_after


class PatientModel:
    """A judge's model that is asked again after a passing failure.

    Once it was given up after all attempts, it gets a single one for each further question until it replies again, so
    that a service that is down does not cost every case the whole time of waiting.
    """

    def __init__(self, model: Model, backoff: Backoff) -> None:
        """Wrap a model.

        Args:
            model: The model; its own retries are switched off.
            backoff: How patiently it is asked.
        """
        # Waiting is this class's alone: the model would only retry inside of each attempt.
        self.model = replace(model, retries=0) if isinstance(model, Model) else model
        self.backoff = backoff
        self._is_down = False

    @property
    def name(self) -> str:
        """The model's name."""
        return self.model.name

    def ask(self, messages: Sequence[MessageLike], most_tokens: int = _MOST_TOKENS) -> str:
        """Return the whole reply.

        Args:
            messages: The conversation.
            most_tokens: The most tokens of the reply.

        Returns:
            The reply, which may be empty.

        Raises:
            CapReached: A cap would be passed, so that nothing was sent.
            JudgeError: A passing failure did not pass.
            LLMError: The model failed otherwise.
        """
        attempts = 1 if self._is_down else self.backoff.attempts
        attempt = 0
        while True:
            attempt += 1
            try:
                reply = "".join(self.model.stream(messages, max_tokens=most_tokens, purpose="judge"))
            except TransientError as error:
                self._is_down = attempt == attempts
                seconds = self.backoff.seconds(attempt, error.retry_after)
                if seconds > self.backoff.most:
                    raise JudgeError(
                        f"The judge {self.name} asks to be left alone for {seconds:.0f} seconds; judge again later "
                        "with --retry-failed."
                    ) from error
                if self._is_down:
                    raise JudgeError(f"The judge {self.name} gave no reply in {attempts} attempts: {error}") from error
                _LOG.info("judge asked again", extra={"model": self.name, "attempt": attempt, "seconds": seconds})
                self.backoff.wait(seconds)
            else:
                self._is_down = False
                return reply

    def ask_prompt(self, system: str, user: str) -> str:
        """Return the whole reply to two messages, see `ask`.

        Args:
            system: The system message.
            user: The user message.

        Returns:
            The reply, which may be empty.
        """
        return self.ask([Message("system", system), Message("user", user)])
