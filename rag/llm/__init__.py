"""Language models: opening one by its spec, and streaming its words.

Owns: the forms of a spec, the ``Model`` that the rest of the program holds, retries, timeouts, cancellation and the
budget of a context window. Knows nothing about prompts, evidence or answers; ``local`` knows the embedded engine and
``hosted`` the services, each behind a LlamaIndex ``LLM``.
"""

from __future__ import annotations

import math
import queue
import re
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from rag import models
from rag.errors import LLMError, ModelError, UsageError

if TYPE_CHECKING:
    from llama_index.core.llms import LLM, ChatMessage

    from rag.settings import Settings

__all__ = ["DEFAULT", "FORMS", "Message", "Model", "estimate_tokens", "fit", "open_llm"]

DEFAULT = "qwen2.5-coder-0.5b-instruct"
FORMS = (
    "none, local, local:NAME, a path to a .gguf file, ollama:NAME, openai:NAME, anthropic:NAME, or openai-like:URL#NAME"
)
WEAK_BELOW = 3e9
"""Models with fewer parameters cannot be trusted to cite or to abstain."""


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


def open_llm(spec: str, settings: Settings, fetch: Callable[[str], Path] | None = None) -> Model | None:
    """Open the model that ``spec`` names; None for ``none``.

    ``fetch(name)`` brings known weights that are absent and returns their path; without it they are not fetched.
    Raises UsageError for a spec of no known form, ModelError when weights cannot be had, LLMError when a service
    cannot be used.
    """
    check_spec(spec)
    kind, _, rest = spec.strip().partition(":")
    if spec.strip().lower() == "none":
        return None
    if kind in ("ollama", "openai", "anthropic", "openai-like"):
        from rag.llm import hosted

        return hosted.open_hosted(kind, rest, settings)
    name = (rest or DEFAULT) if kind == "local" else spec.strip()
    weights = models.TABLE.get(name.lower())
    if weights and weights.kind == "llm":
        path = models.path_of(weights.name, settings.models) or (fetch(weights.name) if fetch else None)
        if path is None:
            raise ModelError(f"{weights.title} has not been fetched: run `rag models pull {weights.name}`.")
        return _open_local(path, weights.title, weights.window, settings)
    path = Path(name).expanduser()
    return _open_local(path, path.stem, 0, settings)


def check_spec(spec: str) -> None:
    """Raise UsageError for a spec of no known form, or of a file that is not there. Loads nothing."""
    kind, _, rest = spec.strip().partition(":")
    if kind in ("ollama", "openai", "anthropic", "openai-like"):
        if not rest:
            raise UsageError(
                f"{spec!r} names no model; write {kind}:{'URL#NAME' if kind == 'openai-like' else 'NAME'}."
            )
        return
    name = (rest or DEFAULT) if kind == "local" else spec.strip()
    weights = models.TABLE.get(name.lower())
    if spec.strip().lower() == "none" or (weights and weights.kind == "llm"):
        return
    path = Path(name).expanduser()
    if path.suffix.lower() != ".gguf":
        known = ", ".join(weights.name for weights in models.TABLE.values() if weights.kind == "llm")
        raise UsageError(f"{spec!r} names no language model; write {FORMS}. Local names: {known}.")
    if not path.is_file():
        raise UsageError(f"There is no file {path}; give the path of a GGUF file.")


def _open_local(path: Path, title: str, window: int, settings: Settings) -> Model:
    from rag.llm import local

    return local.open_local(path, title, window, settings)


def is_weak(parameters: float | None, settings: Settings) -> bool:
    """Whether a model of that many parameters (None: not known, taken for a big one) is weak, unless set by hand."""
    if settings.llm_trust != "auto":
        return settings.llm_trust == "weak"
    return parameters is not None and parameters < WEAK_BELOW


def estimate_tokens(text: str) -> int:
    """About how many tokens ``text`` has; rather too many, in every script."""
    letters = len(re.findall(r"[A-Za-z ]", text))
    ascii_others = len(re.findall(r"[!-@\[-`{-~\n\t]", text))
    return math.ceil(letters / 3.5 + ascii_others + 1.2 * (len(text) - letters - ascii_others))


def fit(pieces: Sequence[str], window: int, max_tokens: int, fixed: Sequence[str], count: Callable[[str], int]) -> int:
    """How many of the leading ``pieces`` of evidence fit, whole, into a window of ``window`` tokens.

    ``fixed`` is what is always sent (prompt and question); ``max_tokens`` are kept free for the answer. Each text is
    charged a few tokens more, for role marks, numbers and line ends.
    """
    margin = 16
    room = window - max_tokens - sum(count(text) + margin for text in fixed)
    for number, piece in enumerate(pieces):
        room -= count(piece) + margin
        if room < 0:
            return number
    return len(pieces)


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
