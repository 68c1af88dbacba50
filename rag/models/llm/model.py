"""An open language model, and streaming its answers.

Owns: retries, timeouts and cancellation, and that only the words of an answer are passed on, no thoughts. Knows nothing
about services, prompts, evidence or answers.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Protocol

from rag.errors import LLMError, RagError
from rag.models.llm.budget import REASONING_TOKENS, estimate_tokens, room_for_thoughts
from rag.models.llm.habits import Habits
from rag.models.llm.metering import End, Meter, taken_by
from rag.models.llm.reasoning import Separator, Thought, without_reasoning
from rag.notices import Notice
from rag.parts import PartFailed, calling
from rag.types import ModelCall

if TYPE_CHECKING:
    from llama_index.core.llms import LLM, ChatMessage
    from tenacity import RetryCallState

StreamDeltas = Callable[["list[ChatMessage]", int, Sequence[str]], Iterator[str]]
Explain = Callable[[Exception, bool], LLMError]
Likelihood = Callable[["Sequence[MessageLike]", Sequence[str]], "tuple[float, ...] | None"]

DEFAULT_TIMEOUT = 120.0
DEFAULT_RETRIES = 3
THINKING_PATIENCE = 3
"""How many times as long a model that thinks may be silent: some services send nothing of its thoughts."""
# Calls whose reply is read whole, never shown while it is written.
_READ_WHOLE = ("rewrite", "judge", "notes", "answerable", "draft")
# What a service answers when the same request may succeed later, besides 5xx.
PASSING_STATUSES = (408, 409, 425, 429)
Ended = Literal["", "stop", "length", "filter", "tool", "error", "cancelled"]
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


class Piece(str):
    """A piece of an answer whose likelihood the engine tells.

    Attributes:
        logprob: The logarithm of how likely the model held it; None where that is not known.
    """

    __slots__ = ("logprob",)
    logprob: float | None

    def __new__(cls, text: str, logprob: float | None = None) -> Piece:
        """Make a piece of its words and their likelihood."""
        piece = super().__new__(cls, text)
        piece.logprob = logprob
        return piece


class TransientError(LLMError):
    """A failure after which the same request may succeed, such as a rate limit or a dropped connection.

    Attributes:
        retry_after: Seconds that the service asks to wait; None when it does not say.
    """

    retry_after: float | None = None


@dataclass(frozen=True, eq=False)
class Model:
    """An open language model. The first four fields are enough; the others tell what a LlamaIndex ``LLM`` cannot.

    Attributes:
        name: The model's name, as answers and reports show it.
        context_window: Tokens that prompt and answer may have together.
        weak: Whether only its verified words count, because it has too few parameters to be trusted.
        llm: The same model as a LlamaIndex ``LLM``.
        stream_deltas: Given messages, the most tokens to write and stop words, yields the answer piece by piece; an
            empty piece says that the model is alive but has nothing yet, a ``Thought`` that it thinks; an ``End`` as
            the last piece tells why the reply ended and how many tokens it took. None: the LLM's own ``stream_chat``,
            which is given ``max_tokens`` and, where there are any, ``stop``, and heeds them as far as its class does.
        explain: Given what ``stream_deltas`` raised, and whether a piece had come before, returns the error to raise.
            None: one sentence with the error's type and status, and none of its words, which may hold a key.
        count_tokens: Counts the tokens of a text: exactly for the embedded model, else by an estimate that is rather
            too high.
        close: Stops what is being generated and frees the memory.
        timeout: Seconds without a piece after which the model is given up, three times as many where it is known to
            think; None: the setting's, else 120.
        retries: How often a request is repeated after a ``TransientError``; None: the setting's, else 3.
        likelihood: Given messages and words, returns how likely the answer begins with each of the words, 0…1, or None
            where it cannot tell or fails. None: the model does not show its probabilities.
        meter: Records what its calls cost, and allows none that would pass a cap.
        spec: ``PREFIX:NAME`` as it was opened; "" for one that was not opened by a spec.
        habits: What the model was seen to do; copies of the model share it.
    """

    name: str
    context_window: int
    weak: bool
    llm: LLM = field(repr=False)
    stream_deltas: StreamDeltas | None = field(default=None, repr=False)
    explain: Explain | None = field(default=None, repr=False)
    count_tokens: Callable[[str], int] = field(default=estimate_tokens, repr=False)
    close: Callable[[], None] = field(default=lambda: None, repr=False)
    timeout: float | None = None
    retries: int | None = None
    likelihood: Likelihood | None = field(default=None, repr=False)
    meter: Meter = field(default_factory=Meter, repr=False)
    habits: Habits = field(default_factory=Habits, repr=False)
    spec: str = ""

    def stream(
        self,
        messages: Sequence[MessageLike],
        max_tokens: int,
        stop: Sequence[str] = (),
        cancel: threading.Event | None = None,
        purpose: str = "",
        on_thought: Callable[[], None] | None = None,
    ) -> Iterator[str]:
        """Yield the pieces of the answer as they come, each with at least one character, without the model's thoughts.

        A ``TransientError`` is retried as long as nothing came. A model that thinks is given room for it besides
        ``max_tokens``; one that spends all it may write on thoughts is asked once more, with that room. Where the end
        of a thought comes whose beginning was not written, its words have been passed on already, and its mark follows
        them: ``without_reasoning`` of the whole reply drops both. The model's later replies are held until that mark.
        A reply that nobody sees being written, by its purpose, is one piece without either.

        Args:
            messages: The conversation so far, oldest message first.
            max_tokens: The most tokens of the answer.
            stop: Words at which the model stops; they are not part of the answer.
            cancel: Ends the answer early, without an error, when it is set.
            purpose: What the call is for, for whoever asks what an answer cost; see ``ModelCall``.
            on_thought: Called once when the model begins to think; nothing is yielded meanwhile.

        Yields:
            A piece of the answer.

        Raises:
            CapReached: A cap would be passed, so that nothing was sent.
            LLMError: The model cannot be reached, refuses, is silent too long, breaks off, or its service withholds
                the whole answer.
        """
        cancel = cancel or threading.Event()
        room = self._room(messages, max_tokens) if self.habits.thinks else 0
        for may_ask_again in (True, False):
            reply = _Reply(Separator(self.habits.opens_unseen), on_thought, purpose in _READ_WHOLE)
            yield from self._reply(reply, messages, max_tokens + room, stop, cancel, purpose)
            if cancel.is_set() or reply.text or reply.end.reason != "length":
                return
            given, room = room, self._room(messages, max_tokens)
            if not may_ask_again or room <= given:
                return
            self.habits.thinks, on_thought = True, reply.on_thought
            _LOG.info("language model asked again with room for thoughts", extra={"model": self.name})

    def _room(self, messages: Sequence[MessageLike], max_tokens: int) -> int:
        return room_for_thoughts(self.context_window, self._tokens_of(messages), max_tokens)

    def _tokens_of(self, messages: Sequence[MessageLike]) -> int:
        return sum(self.count_tokens(message.content) for message in messages)

    def _reply(
        self,
        reply: _Reply,
        messages: Sequence[MessageLike],
        max_tokens: int,
        stop: Sequence[str],
        cancel: threading.Event,
        purpose: str,
    ) -> Iterator[str]:
        """Ask once, yield the words of the answer, and record the call."""
        prompt_tokens = self._tokens_of(messages)
        admission = self.meter.admit(self.spec, self.name, prompt_tokens)
        self.meter.most[purpose] = max_tokens
        started, failed = time.perf_counter(), False

        def record(end: End, text: str, thoughts: int, ended: Ended) -> None:
            """Record the request that was sent last."""
            self.meter.record(
                ModelCall(
                    purpose,
                    self.name,
                    prompt_tokens if end.sent is None else end.sent,
                    self.count_tokens(text) + thoughts if end.written is None else end.written,
                    end.thought or (thoughts if end.written is None else min(thoughts, end.written)),
                    end.sent is None or end.written is None,
                    ended,
                    round(time.perf_counter() - started, 3),
                ),
                admission,
            )

        def before_retry(taken: End) -> None:
            """Record a request that failed although it took something, and allow the next one."""
            nonlocal admission, started
            record(taken, "", 0, "error")
            admission = self.meter.admit(self.spec, self.name, prompt_tokens)
            started = time.perf_counter()

        try:
            # Closed at once when the reader leaves, so that the background thread stops.
            with closing(self._stream(messages, max_tokens, stop, cancel, before_retry)) as pieces:
                for piece in pieces:
                    yield from reply.add(piece)
            if not cancel.is_set():
                yield from reply.finish()
                self._learn(reply)
                if reply.end.reason == "filter" and not reply.text:
                    raise LLMError(Notice("model-filtered", {"model": self.name}))
        except LLMError as error:
            failed = True
            reply.end = reply.end if (taken := taken_by(error)) is None else taken
            raise
        finally:
            thoughts = self.count_tokens("".join(reply.separator.thoughts))
            ended: Ended = "error" if failed else "cancelled" if cancel.is_set() else reply.end.reason
            record(reply.end, reply.text, thoughts, ended)
            _LOG.info(
                "language model called",
                extra={
                    "model": self.name,
                    "characters_sent": sum(len(message.content) for message in messages),
                    "characters_received": len(reply.text),
                    "seconds": round(time.perf_counter() - started, 3),
                },
            )

    def _learn(self, reply: _Reply) -> None:
        """Remember what a reply showed of the model."""
        self.habits.thinks = self.habits.thinks or reply.end.thought > 0 or reply.thinks
        self.habits.opens_unseen = self.habits.opens_unseen or reply.separator.opens_unseen

    def _stream(
        self,
        messages: Sequence[MessageLike],
        max_tokens: int,
        stop: Sequence[str],
        cancel: threading.Event,
        before_retry: Callable[[End], None],
    ) -> Generator[str, None, None]:
        from llama_index.core.llms import ChatMessage
        from tenacity import Retrying, retry_if_exception_type, stop_after_attempt

        stream_deltas = self.stream_deltas or partial(_stream_chat, self.llm)
        chat_messages = [ChatMessage(role=message.role, content=message.content) for message in messages]

        def begin() -> tuple[str, Iterator[str]]:
            deltas = _iterate_in_thread(
                lambda: stream_deltas(chat_messages, max_tokens, stop), self._seconds_of_silence, cancel
            )
            try:
                return next(filter(_tells, deltas), ""), deltas
            except Exception as error:
                raise self._explained(error, began=False) from None

        def prepare_retry(state: RetryCallState) -> None:
            self._log_retry(state)
            error = state.outcome.exception() if state.outcome else None
            if error and (taken := taken_by(error)) is not None:
                before_retry(taken)

        def sleep(seconds: float) -> None:
            cancel.wait(seconds)

        retrying = Retrying(
            retry=retry_if_exception_type(TransientError),
            stop=stop_after_attempt((DEFAULT_RETRIES if self.retries is None else self.retries) + 1),
            wait=lambda state: _seconds_to_wait(
                state.attempt_number, state.outcome.exception() if state.outcome else None
            ),
            sleep=sleep,
            before_sleep=prepare_retry,
            reraise=True,
        )
        first, deltas = retrying(begin)
        if not _tells(first):
            return
        yield first
        try:
            yield from filter(_tells, deltas)
        except Exception as error:
            raise self._explained(error, began=True) from None

    def _log_retry(self, state: RetryCallState) -> None:
        """Log that a call is tried again, unless the service asks to be left alone for too long."""
        _refuse_long_wait(state.outcome.exception() if state.outcome else None, self._seconds)
        _LOG.info("language model retried", extra={"model": self.name, "attempt": state.attempt_number + 1})

    @property
    def _seconds(self) -> float:
        return DEFAULT_TIMEOUT if self.timeout is None else self.timeout

    @property
    def _seconds_of_silence(self) -> float:
        return self._seconds * THINKING_PATIENCE if self.habits.thinks else self._seconds

    def _explained(self, error: Exception, began: bool) -> LLMError:
        if isinstance(error, _SilentTooLong):
            return LLMError(Notice("model-silent", {"model": self.name, "seconds": self._seconds_of_silence}))
        if isinstance(error, LLMError):
            return error
        # A function from outside must not hide the failure that it explains.
        with suppress(PartFailed, RagError), calling("language model", self.name):
            if self.explain and isinstance(explained := self.explain(error, began), LLMError):
                return explained
        return _explain(self.name, error, began)


class _Reply:
    """One reply while it comes: its words, its thoughts and its end."""

    def __init__(self, separator: Separator, on_thought: Callable[[], None] | None, is_read_whole: bool) -> None:
        self.separator, self.on_thought, self.is_read_whole = separator, on_thought, is_read_whole
        self.text, self.end = "", End()

    @property
    def thinks(self) -> bool:
        """Whether it holds a thought that says something."""
        return any(thought.strip() for thought in self.separator.thoughts)

    def add(self, piece: str) -> Iterator[str]:
        """Take a piece, and yield the words of the answer that are certain now."""
        if isinstance(piece, End):
            self.end = piece
        elif isinstance(piece, Thought):
            self.separator.tell(piece)
        else:
            yield from self._words(self.separator.feed(piece))
        if self.on_thought and self.separator.has_thought and not self.text:
            tell, self.on_thought = self.on_thought, None
            tell()

    def finish(self) -> Iterator[str]:
        """Yield the words that were held back until the end."""
        yield from self._words(self.separator.finish(self.end.reason == "length"))
        if self.is_read_whole and (answer := without_reasoning(self.text)):
            yield answer

    def _words(self, words: list[str]) -> Iterator[str]:
        for word in words:
            self.text += word
            if not self.is_read_whole:
                yield word


def reading_window(model: Model) -> int:
    """Return the tokens of a model's window that evidence and answer may fill: a part is kept for its thoughts."""
    window = model.context_window
    thinks = hasattr(model, "habits") and model.habits.thinks
    return window - min(REASONING_TOKENS, window // 4) if thinks else window


def _tells(piece: str) -> bool:
    """Tell whether a piece is more than a sign of life."""
    return bool(piece) or isinstance(piece, End | Thought)


def _stream_chat(llm: LLM, messages: list[ChatMessage], max_tokens: int, stop: Sequence[str]) -> Iterator[str]:
    """Yield what a LlamaIndex ``LLM`` streams; where it names no piece, that is what its text has grown by."""
    limits: dict[str, Any] = {"max_tokens": max_tokens, **({"stop": list(stop)} if stop else {})}
    text = ""
    for response in llm.stream_chat(messages, **limits):
        whole = response.message.content or ""
        yield whole.removeprefix(text) if response.delta is None else response.delta
        text = whole


def _explain(name: str, error: Exception, began: bool) -> LLMError:
    """Return one sentence for whatever a library raised, without its words: they may hold a key."""
    if began:
        return LLMError(Notice("model-broke-off", {"service": name, "at": ""}))
    status = getattr(error, "status_code", None)
    name_of_cause = error.cause if isinstance(error, PartFailed) else type(error).__name__
    cause = name_of_cause + (f", status {status}" if isinstance(status, int) else "")
    notice = Notice("model-failed", {"model": name, "cause": cause})
    passing = (
        isinstance(error, (ConnectionError, TimeoutError))
        if not isinstance(status, int)
        else (status in PASSING_STATUSES or status >= 500)
    )
    if not passing:
        return LLMError(notice)
    transient = TransientError(notice)
    transient.retry_after = retry_after(error)
    return transient


def retry_after(error: Exception) -> float | None:
    """Return the seconds in the ``Retry-After`` header of an error's response.

    None where it has none or where it holds a date.
    """
    headers = getattr(getattr(error, "response", None), "headers", None) or {}
    try:
        return max(0.0, float(headers["retry-after"]))
    except (KeyError, ValueError, TypeError):
        return None


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
        except BaseException as error:  # What would end the program ends here no more than this thread, unseen.
            items.put(PartFailed("language model", "", "", type(error).__name__))

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
        raise LLMError(Notice("model-asks-to-wait", {"cause": error.notice.as_json(), "seconds": error.retry_after}))
