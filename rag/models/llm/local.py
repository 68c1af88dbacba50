"""The embedded language model: a GGUF file run by llama.cpp inside this process.

Owns: xllamacpp and its LlamaIndex face. Knows nothing about prompts, or about where weights come from.

llama.cpp always opens a port on 127.0.0.1. It is closed to others by a random key, and used here to count tokens.
"""

from __future__ import annotations

import queue
import secrets
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
from llama_index.core.base.llms.types import (
    ChatMessage,
    ChatResponse,
    ChatResponseGen,
    CompletionResponse,
    CompletionResponseGen,
    LLMMetadata,
)
from llama_index.core.bridge.pydantic import PrivateAttr
from llama_index.core.llms import CustomLLM
from llama_index.core.llms.callbacks import llm_chat_callback, llm_completion_callback

from rag.errors import LLMError, ModelError
from rag.models.compute_lock import COMPUTE_LOCK
from rag.models.llm.budget import estimate_tokens
from rag.models.llm.model import Model
from rag.models.llm.opening import is_weak

if TYPE_CHECKING:
    from rag.settings import Settings

WINDOW = 8192
"""Enough for a question with its evidence; a larger window costs memory even when it is not used."""
SEED = 1
CACHE_PROMPT = False
"""A reused prefix was computed in other batches, whose rounding can turn a word: the same question must get the same
answer whatever was asked before. The evidence is new in each question, so little would be saved."""


class EmbeddedLLM(CustomLLM):
    """A GGUF model as a LlamaIndex ``LLM``; chat goes through the model's own template, greedily, so it repeats."""

    model_name: str
    context_window: int
    num_output: int
    _server: Any = PrivateAttr()
    _halt: threading.Event = PrivateAttr(default_factory=threading.Event)

    def __init__(self, server: Any, **fields: Any) -> None:
        super().__init__(**fields)
        self._server = server

    @property
    def metadata(self) -> LLMMetadata:
        return LLMMetadata(
            context_window=self.context_window,
            num_output=self.num_output,
            is_chat_model=True,
            model_name=self.model_name,
        )

    @llm_chat_callback()
    def stream_chat(self, messages: Sequence[ChatMessage], **kwargs: Any) -> ChatResponseGen:
        request = {
            "messages": [{"role": message.role.value, "content": message.content or ""} for message in messages],
            "max_tokens": kwargs.get("max_tokens", self.num_output),
            "stop": list(kwargs.get("stop", ())),
            "temperature": 0,
            "seed": SEED,
            "stream": True,
            "cache_prompt": CACHE_PROMPT,
        }

        def answer() -> ChatResponseGen:
            text = ""
            for delta in self._deltas(request):
                text += delta
                yield ChatResponse(message=ChatMessage(role="assistant", content=text), delta=delta)

        return answer()

    @llm_chat_callback()
    def chat(self, messages: Sequence[ChatMessage], **kwargs: Any) -> ChatResponse:
        text = "".join(response.delta or "" for response in self.stream_chat(messages, **kwargs))
        return ChatResponse(message=ChatMessage(role="assistant", content=text))

    @llm_completion_callback()
    def stream_complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponseGen:  # noqa: ARG002
        def answer() -> CompletionResponseGen:
            for response in self.stream_chat([ChatMessage(role="user", content=prompt)], **kwargs):
                yield CompletionResponse(text=response.message.content or "", delta=response.delta)

        return answer()

    @llm_completion_callback()
    def complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponse:  # noqa: ARG002
        return CompletionResponse(text=self.chat([ChatMessage(role="user", content=prompt)], **kwargs).message.content)

    def _deltas(self, request: dict[str, Any]) -> Iterator[str]:
        """Run one generation in a thread; an empty delta says that it waits for another one to end."""
        items: queue.SimpleQueue[str | LLMError | None] = queue.SimpleQueue()
        left = threading.Event()

        def hear(chunk: dict[str, Any]) -> bool:
            if "error" in chunk:
                items.put(_explain(chunk["error"]))
            for choice in chunk.get("choices", ()):
                items.put(choice["delta"].get("content") or "")
            return left.is_set() or self._halt.is_set()

        def run() -> None:
            while not COMPUTE_LOCK.acquire(timeout=0.5):
                items.put("")
                if left.is_set() or self._halt.is_set():
                    break
            else:
                try:
                    if self._server is not None:
                        self._server.handle_chat_completions(request, hear)
                except Exception as error:
                    items.put(LLMError(f"{self.model_name} failed ({error}): ask again, or choose another model."))
                finally:
                    COMPUTE_LOCK.release()
            items.put(None)

        threading.Thread(target=run, name="llama.cpp", daemon=True).start()
        try:
            while (item := items.get()) is not None:
                if isinstance(item, LLMError):
                    raise item
                yield item
        finally:
            left.set()

    def close(self) -> None:
        """Stop what is being generated, then free the model."""
        self._halt.set()
        with COMPUTE_LOCK:
            self._server = None


def open_local(path: Path, title: str, window: int, settings: Settings) -> Model:
    """Load a GGUF file, which takes some seconds. ``window`` is what the model was trained for, 0 when not known."""
    try:
        import xllamacpp
    except ImportError as error:  # its wheel leans on the system's OpenMP library
        raise ModelError(
            f"The embedded engine cannot start ({error}): install libgomp1, or choose another --llm."
        ) from None

    key = secrets.token_hex(16)
    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(path)
    parameters.model_alias = {title}
    parameters.n_ctx = settings.context_window or min(WINDOW, window or WINDOW)
    parameters.n_parallel = 1
    parameters.verbosity = -1
    parameters.api_keys = [key]
    parameters.endpoint_slots = False
    parameters.ui = False
    parameters.warmup = False
    parameters.fit_params = False
    for threads in (parameters.cpuparams, parameters.cpuparams_batch):
        threads.n_threads = settings.threads
    try:
        with COMPUTE_LOCK:
            server = xllamacpp.Server(parameters)
    except Exception as error:
        raise ModelError(f"{path} cannot be loaded ({error}): is it a whole GGUF file of a known model type?") from None
    client = httpx.Client(
        base_url=server.listening_address, headers={"Authorization": f"Bearer {key}"}, trust_env=False, timeout=30
    )
    meta = client.get("/v1/models").json()["data"][0].get("meta") or {}
    n_ctx = client.get("/props").json()["default_generation_settings"]["n_ctx"]
    llm = EmbeddedLLM(server=server, model_name=title, context_window=int(n_ctx), num_output=settings.max_answer_tokens)

    def ask(messages: list[ChatMessage], max_tokens: int, stop: Sequence[str]) -> Iterator[str]:
        for response in llm.stream_chat(messages, max_tokens=max_tokens, stop=stop):
            yield response.delta or ""

    def count(text: str) -> int:
        try:
            return len(client.post("/tokenize", json={"content": text}).json()["tokens"])
        except (httpx.HTTPError, KeyError, ValueError):
            return estimate_tokens(text)

    def shut() -> None:
        client.close()
        llm.close()

    return Model(
        name=title,
        context_window=int(n_ctx),
        weak=is_weak(meta.get("n_params"), settings),
        llm=llm,
        ask=ask,
        explain=lambda error, _: LLMError(f"{title} failed ({error}): ask again, or choose another model."),
        count=count,
        shut=shut,
        timeout=settings.llm_timeout,
        retries=0,
    )


def _explain(error: dict[str, Any]) -> LLMError:
    if error.get("type") == "exceed_context_size_error":
        return LLMError(
            f"The prompt has {error.get('n_prompt_tokens')} tokens and the model's window {error.get('n_ctx')}: "
            "lower RAG_TOP_K or raise RAG_CONTEXT_WINDOW."
        )
    return LLMError(f"The embedded model failed ({error.get('message', 'no reason given')}): ask again.")
