"""The embedded language model: a GGUF file run by llama.cpp inside this process.

Owns: xllamacpp, and the model as a LlamaIndex ``LLM``. Knows nothing about prompts, or about where weights come from.

llama.cpp always opens a port on 127.0.0.1. A random key keeps others out, and this module counts tokens through it.
"""

from __future__ import annotations

import math
import queue
import secrets
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
from llama_index.core.base.llms.types import (
    ChatMessage,
    ChatResponse,
    ChatResponseGen,
)
from llama_index.core.bridge.pydantic import PrivateAttr
from llama_index.core.llms.callbacks import llm_chat_callback

from rag.errors import LLMError, ModelError
from rag.models.compute_lock import COMPUTE_LOCK
from rag.models.device import gpu_layers
from rag.models.llm.budget import estimate_tokens
from rag.models.llm.chat_llm import ChatLLM
from rag.models.llm.habits import habits_of
from rag.models.llm.metering import End, Reason
from rag.models.llm.model import MessageLike, Model, Piece
from rag.models.llm.prompt_blocks import BlockwiseServer
from rag.models.llm.reasoning import Thought
from rag.models.llm.trust import has_few_parameters
from rag.notices import Notice
from rag.parts import warn_once

if TYPE_CHECKING:
    from rag.settings import Settings

LARGEST_WINDOW = 8192
"""Tokens. Enough for a question with its evidence; a larger window costs memory even when it is not used."""
SEED = 1
BLOCK = 512
"""Tokens of a prompt that are computed at once; whole blocks can be used again. Smaller blocks would save more but give
other numbers: with 128, the default model found its answers up to 0.03 more or less likely, and wrote another mark."""

# How many of the likeliest first tokens of an answer are looked at for a word.
_TOKENS_SHOWN = 20


class EmbeddedLLM(ChatLLM):
    """A GGUF model as a LlamaIndex ``LLM``.

    Messages go through the chat template of the model; decoding is greedy, so the same prompt gives the same answer.
    """

    _server: BlockwiseServer | None = PrivateAttr()
    _closing: threading.Event = PrivateAttr(default_factory=threading.Event)

    def __init__(self, server: BlockwiseServer, **fields: Any) -> None:
        super().__init__(**fields)
        self._server = server

    @llm_chat_callback()
    def stream_chat(self, messages: Sequence[ChatMessage], **kwargs: Any) -> ChatResponseGen:
        """Generate the next message of a conversation, yielded piece by piece.

        Args:
            messages: The conversation, oldest message first.
            **kwargs: ``max_tokens`` and ``stop`` limit the answer; others are ignored.

        Returns:
            An iterator of responses. Each holds the text so far and what it adds; a response that adds nothing says
            that the engine is busy with another generation, or holds, as ``piece``, a thought or the reply's end.
        """
        request = {
            "messages": [{"role": message.role.value, "content": message.content or ""} for message in messages],
            "max_tokens": kwargs.get("max_tokens", self.num_output),
            "stop": list(kwargs.get("stop", ())),
            "temperature": 0,
            "seed": SEED,
            "stream": True,
            "stream_options": {"include_usage": True},
            "logprobs": True,
            "top_logprobs": 1,
        }

        def answer() -> ChatResponseGen:
            text = ""
            for delta in self._deltas(request):
                text += delta
                message = ChatMessage(role="assistant", content=text)
                yield ChatResponse(message=message, delta=delta, additional_kwargs={"piece": delta})

        return answer()

    @llm_chat_callback()
    def chat(self, messages: Sequence[ChatMessage], **kwargs: Any) -> ChatResponse:
        """Generate the next message of a conversation, whole; arguments as of ``stream_chat``."""
        text = "".join(response.delta or "" for response in self.stream_chat(messages, **kwargs))
        return ChatResponse(message=ChatMessage(role="assistant", content=text))

    def likelihood(self, messages: Sequence[MessageLike], words: Sequence[str]) -> tuple[float, ...] | None:
        """Tell how likely the next message begins with each of some words.

        Args:
            messages: The conversation, oldest message first.
            words: Words that are one token each, such as "Yes"; capitals and spaces aside.

        Returns:
            A probability, 0…1, for each word, of the 20 likeliest tokens; None where the engine refuses or fails.
        """
        request = {
            "messages": [{"role": message.role, "content": message.content} for message in messages],
            "max_tokens": 1,
            "temperature": 0,
            "seed": SEED,
            "stream": False,
            "logprobs": True,
            "top_logprobs": _TOKENS_SHOWN,
        }
        chunks: list[dict[str, Any]] = []
        try:
            with COMPUTE_LOCK:
                if self._server is not None and not self._closing.is_set():
                    self._server.chat(request, chunks.append)
            (first,) = chunks[0]["choices"][0]["logprobs"]["content"]
            shown = [(token["token"].strip().lower(), math.exp(token["logprob"])) for token in first["top_logprobs"]]
        except Exception:  # What the engine raises, or what it returns in place of probabilities.
            return None
        return tuple(sum(chance for token, chance in shown if token == word.lower()) for word in words)

    def _deltas(self, request: dict[str, Any]) -> Iterator[Piece | Thought | End]:
        """Run one generation in a thread; an empty delta says that it waits for another one to end.

        Raises:
            LLMError: The engine refuses the prompt or fails.
        """
        items: queue.SimpleQueue[Piece | Thought | End | LLMError | None] = queue.SimpleQueue()
        abandoned = threading.Event()
        reason = ""
        usage: dict[str, int] = {}

        def on_chunk(chunk: dict[str, Any]) -> bool:
            """Pass a chunk on; return whether to stop."""
            nonlocal reason, usage
            if "error" in chunk:
                items.put(_engine_error(chunk["error"]))
            usage = chunk.get("usage") or usage
            for choice in chunk.get("choices", ()):
                reason = choice.get("finish_reason") or reason
                if thought := choice["delta"].get("reasoning_content"):
                    items.put(Thought(thought))
                tokens = (choice.get("logprobs") or {}).get("content") or []
                logprob = sum(token["logprob"] for token in tokens) if tokens else None
                items.put(Piece(choice["delta"].get("content") or "", logprob))
            return abandoned.is_set() or self._closing.is_set()

        def run() -> None:
            while not COMPUTE_LOCK.acquire(timeout=0.5):
                items.put(Piece(""))
                if abandoned.is_set() or self._closing.is_set():
                    break
            else:
                try:
                    if self._server is not None:
                        self._server.chat(request, on_chunk)
                except Exception as error:
                    items.put(_failure(self.model_name, error))
                finally:
                    COMPUTE_LOCK.release()
            if reason:
                ended: Reason = "length" if reason == "length" else "stop"
                items.put(End(ended, usage.get("prompt_tokens"), usage.get("completion_tokens")))
            items.put(None)

        threading.Thread(target=run, name="llama.cpp", daemon=True).start()
        try:
            while (item := items.get()) is not None:
                if isinstance(item, LLMError):
                    raise item
                yield item
        finally:
            abandoned.set()

    def close(self) -> None:
        """Stop what is being generated, then free the model."""
        self._closing.set()
        with COMPUTE_LOCK:
            self._server = None


def open_local(path: Path, title: str, window: int, settings: Settings) -> Model:
    """Load a GGUF file, which takes some seconds.

    Args:
        path: The file.
        title: The model's name, as answers and reports show it.
        window: Tokens that the model was trained to read at once; 0 when not known.
        settings: Threads, device, context window and answer length.

    Returns:
        The open model; its number of parameters, as the file states it, decides whether it is weak.

    Raises:
        ModelError: The engine cannot start, or the file is no whole GGUF model.
    """
    try:
        import xllamacpp
    except ImportError as error:  # its wheel needs the OpenMP library of the system
        raise ModelError(Notice("embedded-engine-missing", {"cause": str(error)})) from None

    key = secrets.token_hex(16)
    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(path)
    parameters.model_alias = {title}
    parameters.n_ctx = settings.context_window or min(LARGEST_WINDOW, window or LARGEST_WINDOW)
    parameters.n_parallel = 1
    parameters.verbosity = -1
    parameters.api_keys = [key]
    parameters.endpoint_slots = False
    parameters.ui = False
    parameters.warmup = False
    parameters.fit_params = False
    for threads in (parameters.cpuparams, parameters.cpuparams_batch):
        threads.n_threads = settings.threads
    parameters.n_gpu_layers = gpu_layers(settings.device)
    parameters.n_ubatch = BLOCK
    # What the engine holds of a prompt is decided here; copies that it would make beside it only take memory.
    parameters.cache_ram_mib = parameters.n_ctx_checkpoints = 0
    try:
        server = _start(xllamacpp, parameters)
    except Exception as error:
        raise ModelError(Notice("gguf-unloadable", {"path": str(path), "cause": str(error)})) from None
    client = httpx.Client(
        base_url=server.listening_address, headers={"Authorization": f"Bearer {key}"}, trust_env=False, timeout=30
    )
    meta = client.get("/v1/models").json()["data"][0].get("meta") or {}
    n_ctx = client.get("/props").json()["default_generation_settings"]["n_ctx"]

    def tokenize(content: str, **options: bool) -> list[int]:
        tokens: list[int] = client.post("/tokenize", json={"content": content, **options}).json()["tokens"]
        return tokens

    def tokenize_chat(messages: Sequence[Mapping[str, str]]) -> list[int]:
        prompt = client.post("/apply-template", json={"messages": messages}).json()["prompt"]
        return tokenize(prompt, add_special=True, parse_special=True)

    blockwise = BlockwiseServer(server, tokenize_chat, BLOCK)
    llm = EmbeddedLLM(
        server=blockwise, model_name=title, context_window=int(n_ctx), num_output=settings.max_answer_tokens
    )

    def stream_deltas(messages: list[ChatMessage], max_tokens: int, stop: Sequence[str]) -> Iterator[str]:
        for response in llm.stream_chat(messages, max_tokens=max_tokens, stop=stop):
            yield response.additional_kwargs["piece"]

    def count_tokens(text: str) -> int:
        try:
            return len(tokenize(text))
        except (httpx.HTTPError, KeyError, ValueError):
            return estimate_tokens(text)

    def close() -> None:
        llm.close()
        client.close()

    return Model(
        title,
        int(n_ctx),
        has_few_parameters(meta.get("n_params")),
        llm,
        stream_deltas,
        lambda error, _: _failure(title, error),
        count_tokens,
        close,
        retries=0,
        likelihood=llm.likelihood,
        habits=habits_of(str(path), title),
    )


def _start(xllamacpp: Any, parameters: Any) -> Any:
    """Load a model; one that a GPU cannot hold is loaded on the CPU."""
    try:
        with COMPUTE_LOCK:
            return xllamacpp.Server(parameters)
    except Exception as error:
        if not parameters.n_gpu_layers:
            raise
        warn_once(str(Notice("gpu-failed", {"device": "llama.cpp", "cause": type(error).__name__})))
    parameters.n_gpu_layers = 0
    with COMPUTE_LOCK:
        return xllamacpp.Server(parameters)


def _failure(model: str, error: Exception) -> LLMError:
    return LLMError(Notice("model-failed", {"model": model, "cause": str(error)}))


def _engine_error(error: dict[str, Any]) -> LLMError:
    if error.get("type") == "exceed_context_size_error":
        values = {"tokens": error.get("n_prompt_tokens"), "window": error.get("n_ctx")}
        return LLMError(Notice("embedded-context-too-long", values))
    return LLMError(Notice("embedded-engine-failed", {"message": str(error.get("message") or "")}))
