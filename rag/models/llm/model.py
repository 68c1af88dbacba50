"""An open language model, and streaming its answers.

Owns: retries, timeouts and cancellation. Knows nothing about services, prompts, evidence or answers.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from rag.errors import LLMError

if TYPE_CHECKING:
    from llama_index.core.llms import LLM, ChatMessage
    from tenacity import RetryCallState

_LOG = logging.getLogger(__name__)


class MessageLike(Protocol):
    """Anything with a role and a text: a ``Message``, or a ``Turn`` of a conversation."""

    @property
    def role(self) -> str:
        """``system``, ``user`` or ``assistant``."""
        ...

    @property
    def content(self) -> str:
        """The text."""
        ...


class Message(NamedTuple):
    """One message to a model; ``role`` is ``system``, ``user`` or ``assistant``."""

    role: str
    content: str


class TransientError(LLMError):
    """A failure after which the same request may succeed, such as a rate limit or a dropped connection.

    Attributes:
        retry_after: Seconds that the service asks to wait; None when it does not say.
    """

    retry_after: float | None = None


@dataclass(frozen=True, eq=False)
class Model:
    """An open language model.

    Attributes:
        name: The model's name, as answers and reports show it.
        context_window: Tokens that prompt and answer may have together.
        weak: Whether only its verified words count, because it has too few parameters to be trusted.
        llm: The same model as a LlamaIndex ``LLM``.
        stream_deltas: Given messages, the most tokens to write and stop words, yields the answer piece by piece; an
            empty piece says that the model is alive but has nothing yet.
        explain: Given what ``stream_deltas`` raised, and whether a piece had come before, returns the error to raise.
        count_tokens: Counts the tokens of a text: exactly for the embedded model, else by an estimate that is rather
            too high.
        close: Stops what is being generated and frees the memory.
        timeout: Seconds without a piece after which the model is given up.
        retries: How often a request is repeated after a ``TransientError``.
    """

    name: str
    context_window: int
    weak: bool
    llm: LLM = field(repr=False)
    stream_deltas: Callable[[list[ChatMessage], int, Sequence[str]], Iterator[str]] = field(repr=False)
    explain: Callable[[Exception, bool], LLMError] = field(repr=False)
    count_tokens: Callable[[str], int] = field(repr=False)
    close: Callable[[], None] = field(repr=False)
    timeout: float = 120
    retries: int = 3

    def stream(
        self,
        messages: Sequence[MessageLike],
        max_tokens: int,
        stop: Sequence[str] = (),
        cancel: threading.Event | None = None,
    ) -> Iterator[str]:
        """Yield the pieces of the answer as they come, each with at least one character.

        A ``TransientError`` is retried as long as nothing was yielded.

        Args:
            messages: The conversation so far, oldest message first.
            max_tokens: The most tokens to write.
            stop: Words at which the model stops; they are not part of the answer.
            cancel: Ends the answer early, without an error, when it is set.

        Yields:
            A piece of the answer.

        Raises:
            LLMError: The model cannot be reached, refuses, is silent too long or breaks off.
        """
        started, characters = time.perf_counter(), 0
        try:
            # Closed at once when the reader leaves, so that the background thread stops.
            with closing(self._stream(messages, max_tokens, stop, cancel or threading.Event())) as pieces:
                for piece in pieces:
                    characters += len(piece)
                    yield piece
        finally:
            _LOG.info(
                "language model called",
                extra={
                    "model": self.name,
                    "characters_sent": sum(len(message.content) for message in messages),
                    "characters_received": characters,
                    "seconds": round(time.perf_counter() - started, 3),
                },
            )

    def _stream(
        self, messages: Sequence[MessageLike], max_tokens: int, stop: Sequence[str], cancel: threading.Event
    ) -> Generator[str, None, None]:
        from llama_index.core.llms import ChatMessage
        from tenacity import Retrying, retry_if_exception_type, stop_after_attempt

        chat_messages = [ChatMessage(role=message.role, content=message.content) for message in messages]

        def begin() -> tuple[str, Iterator[str]]:
            deltas = _iterate_in_thread(
                lambda: self.stream_deltas(chat_messages, max_tokens, stop), self.timeout, cancel
            )
            try:
                return next(filter(None, deltas), ""), deltas
            except Exception as error:
                raise self._explained(error, began=False) from None

        def sleep(seconds: float) -> None:
            cancel.wait(seconds)

        retrying = Retrying(
            retry=retry_if_exception_type(TransientError),
            stop=stop_after_attempt(self.retries + 1),
            wait=lambda state: _seconds_to_wait(
                state.attempt_number, state.outcome.exception() if state.outcome else None
            ),
            sleep=sleep,
            before_sleep=self._log_retry,
            reraise=True,
        )
        first, deltas = retrying(begin)
        if not first:
            return
        yield first
        try:
            yield from filter(None, deltas)
        except Exception as error:
            raise self._explained(error, began=True) from None

    def _log_retry(self, state: RetryCallState) -> None:
        """Log that a call is tried again, unless the service asks to be left alone for too long."""
        _refuse_long_wait(state.outcome.exception() if state.outcome else None, self.timeout)
        _LOG.info("language model retried", extra={"model": self.name, "attempt": state.attempt_number + 1})

    def _explained(self, error: Exception, began: bool) -> LLMError:
        if isinstance(error, _SilentTooLong):
            return LLMError(
                f"{self.name} said nothing for {self.timeout:g} s: raise RAG_LLM_TIMEOUT or choose a quicker model."
            )
        return error if isinstance(error, LLMError) else self.explain(error, began)


class _SilentTooLong(Exception):
    """Nothing came within the time allowed."""


def _iterate_in_thread(source: Callable[[], Iterator[str]], timeout: float, cancel: threading.Event) -> Iterator[str]:
    """Iterate ``source()`` in a thread, so that a silent service can be given up and a running one cancelled.

    The queue has no bound: the thread never waits for the reader, hence a reader that pauses to embed something
    cannot hold up the engine it is about to ask for.

    Raises:
        _SilentTooLong: No item came for ``timeout`` seconds.
    """
    items: queue.SimpleQueue[str | Exception | None] = queue.SimpleQueue()
    abandoned = threading.Event()

    def run() -> None:
        try:
            deltas = source()
            for delta in deltas:
                if abandoned.is_set():
                    break
                items.put(delta)
            close: Any = getattr(deltas, "close", None)
            if close:
                close()
            items.put(None)
        except Exception as error:
            items.put(error)

    threading.Thread(target=run, name="llm", daemon=True).start()
    last_item_at = time.monotonic()
    try:
        while not cancel.is_set():
            try:
                item = items.get(timeout=0.05)
            except queue.Empty:
                if time.monotonic() - last_item_at > timeout:
                    raise _SilentTooLong from None
                continue
            last_item_at = time.monotonic()
            if item is None:
                return
            if isinstance(item, Exception):
                raise item
            yield item
    finally:
        abandoned.set()


def _seconds_to_wait(attempt: int, error: BaseException | None) -> float:
    """Return the seconds before the next attempt: what the service asks for, else 0.5, 1, 2, 4, … up to 20."""
    retry_after = error.retry_after if isinstance(error, TransientError) else None
    return retry_after if retry_after is not None else min(20.0, 0.5 * 2.0 ** (attempt - 1))


def _refuse_long_wait(error: BaseException | None, limit: float) -> None:
    """Raise an LLMError when the service asks to wait for more than ``limit`` seconds."""
    if isinstance(error, TransientError) and error.retry_after is not None and error.retry_after > limit:
        raise LLMError(f"{error} It asks to be left alone for {error.retry_after:g} s.")
