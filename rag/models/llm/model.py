"""An open language model, and streaming its words.

Owns: retries, timeouts and cancellation. Knows nothing about services, prompts, evidence or answers.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from rag.errors import LLMError

if TYPE_CHECKING:
    from llama_index.core.llms import LLM, ChatMessage


class Spoken(Protocol):
    """Anything said by someone; a ``Turn`` is one."""

    @property
    def role(self) -> str: ...
    @property
    def content(self) -> str: ...


class Message(NamedTuple):
    """One message to a model; ``role`` is system, user or assistant."""

    role: str
    content: str


class PassingError(LLMError):
    """A failure that may pass by itself; ``wait`` is how many seconds the service asks to be left alone."""

    wait: float | None = None


@dataclass(frozen=True, eq=False)
class Model:
    """An open language model. ``llm`` is its LlamaIndex face; ``weak`` says that only its verified words count.

    ``ask(messages, max_tokens, stop)`` yields deltas, empty ones as a sign of life. ``explain(error, began)`` turns
    whatever it raised into one sentence.
    """

    name: str
    context_window: int
    weak: bool
    llm: LLM = field(repr=False)
    ask: Callable[[list[ChatMessage], int, Sequence[str]], Iterator[str]] = field(repr=False)
    explain: Callable[[Exception, bool], LLMError] = field(repr=False)
    count: Callable[[str], int] = field(repr=False)
    shut: Callable[[], None] = field(repr=False)
    timeout: float = 120
    retries: int = 3

    def count_tokens(self, text: str) -> int:
        """Tokens of ``text``: exact for the embedded model, else an estimate that rather says too many."""
        return self.count(text)

    def close(self) -> None:
        """Stop what is being generated and give the memory back."""
        self.shut()

    def stream(
        self,
        messages: Sequence[Spoken],
        max_tokens: int,
        stop: Sequence[str] = (),
        cancel: threading.Event | None = None,
    ) -> Iterator[str]:
        """Yield the pieces of the answer as they come.

        Ends early, without an error, when ``cancel`` is set. A passing failure is retried as long as nothing was
        yielded. Raises LLMError.
        """
        from llama_index.core.llms import ChatMessage
        from tenacity import Retrying, retry_if_exception_type, stop_after_attempt

        cancel = cancel or threading.Event()
        said = [ChatMessage(role=message.role, content=message.content) for message in messages]

        def begin() -> tuple[str, Iterator[str]]:
            deltas = _in_background(lambda: self.ask(said, max_tokens, stop), self.timeout, cancel)
            try:
                return next(filter(None, deltas), ""), deltas
            except Exception as error:
                raise self._sentence(error, began=False) from None

        def sleep(seconds: float) -> None:
            cancel.wait(seconds)

        retrying = Retrying(
            retry=retry_if_exception_type(PassingError),
            stop=stop_after_attempt(self.retries + 1),
            wait=lambda state: _pause(state.attempt_number, state.outcome.exception() if state.outcome else None),
            sleep=sleep,
            before_sleep=lambda state: _too_long(state.outcome.exception() if state.outcome else None, self.timeout),
            reraise=True,
        )
        first, deltas = retrying(begin)
        if not first:
            return
        yield first
        try:
            yield from filter(None, deltas)
        except Exception as error:
            raise self._sentence(error, began=True) from None

    def _sentence(self, error: Exception, began: bool) -> LLMError:
        if isinstance(error, _SilenceError):
            return LLMError(
                f"{self.name} said nothing for {self.timeout:g} s: raise RAG_LLM_TIMEOUT or choose a quicker model."
            )
        return error if isinstance(error, LLMError) else self.explain(error, began)


class _SilenceError(Exception):
    """Nothing came within the time allowed."""


def _in_background(source: Callable[[], Iterator[str]], timeout: float, cancel: threading.Event) -> Iterator[str]:
    """Iterate ``source()`` in a thread, so that a silent service can be given up and a running one cancelled.

    The queue has no bound: the thread never waits for the reader, hence a reader that pauses to embed something
    cannot hold up the engine it is about to ask for.
    """
    items: queue.SimpleQueue[str | Exception | None] = queue.SimpleQueue()
    left = threading.Event()

    def run() -> None:
        try:
            deltas = source()
            for delta in deltas:
                if left.is_set():
                    break
                items.put(delta)
            close: Any = getattr(deltas, "close", None)
            if close:
                close()
            items.put(None)
        except Exception as error:
            items.put(error)

    threading.Thread(target=run, name="llm", daemon=True).start()
    heard = time.monotonic()
    try:
        while not cancel.is_set():
            try:
                item = items.get(timeout=0.05)
            except queue.Empty:
                if time.monotonic() - heard > timeout:
                    raise _SilenceError from None
                continue
            heard = time.monotonic()
            if item is None:
                return
            if isinstance(item, Exception):
                raise item
            yield item
    finally:
        left.set()


def _pause(attempt: int, error: BaseException | None) -> float:
    """Seconds before the next attempt: what the service asks for, else 0.5, 1, 2, 4, … up to 20."""
    asked = error.wait if isinstance(error, PassingError) else None
    return asked if asked is not None else min(20.0, 0.5 * 2.0 ** (attempt - 1))


def _too_long(error: BaseException | None, limit: float) -> None:
    if isinstance(error, PassingError) and error.wait is not None and error.wait > limit:
        raise LLMError(f"{error} It asks to be left alone for {error.wait:g} s.")
