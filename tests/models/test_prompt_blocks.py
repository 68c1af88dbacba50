"""The beginning of a prompt is read once, and no word of an answer depends on what was asked before."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from rag.models.llm.local import BLOCK, EmbeddedLLM
from rag.models.llm.model import Message, Model, Piece
from rag.models.llm.opening import open_llm
from rag.models.llm.prompt_blocks import BlockwiseServer, reusable
from rag.prompts import SENTINEL, read_prompt
from rag.settings import Settings


@pytest.mark.parametrize(
    ("held", "prompt", "kept"),
    [
        ("", "abcdefgh", 0),
        ("abcdefgh", "abcdefghi", 8),
        ("abcdefgh", "abcdefgh", 4),  # its last token is always read
        ("abcdefgh", "abcdefxy", 4),
        ("abcx", "abcdefgh", 0),
        ("abcdefgh", "abcdefg", 4),
        ("abcdefgh", "", 0),
    ],
)
def test_only_whole_blocks_are_used_again(held: str, prompt: str, kept: int) -> None:
    assert reusable(list(map(ord, held)), list(map(ord, prompt)), 4) == kept


class FakeServer:
    """Holds tokens as llama.cpp does: it reads a prompt from where it parts from what it holds."""

    def __init__(self) -> None:
        self.held: list[int] = []
        self.read: list[tuple[int, int]] = []  # how many tokens of each answered prompt were held, and how many it has
        self.ends_early = False

    def handle_completions(self, request: Mapping[str, Any], on_chunk: Callable[[dict[str, Any]], object]) -> None:
        assert request["n_predict"] == 0
        self.held = list(request["prompt"])

    def handle_chat_completions(self, request: Mapping[str, Any], on_chunk: Callable[[dict[str, Any]], object]) -> None:
        prompt = tokens_of(request["messages"])
        alike = 0
        while request["cache_prompt"] and alike < min(len(self.held), len(prompt) - 1):
            if self.held[alike] != prompt[alike]:
                break
            alike += 1
        self.read.append((alike, len(prompt)))
        self.held = [*prompt, ord("!")]  # the answer
        if self.ends_early:
            self.held = prompt[:5]
            return
        on_chunk({"usage": {"prompt_tokens": len(prompt), "prompt_tokens_details": {"cached_tokens": alike}}})


def tokens_of(messages: Sequence[Mapping[str, str]]) -> list[int]:
    return [ord(character) for message in messages for character in message["content"]]


def test_the_engine_goes_on_behind_a_whole_block() -> None:
    server = FakeServer()
    blockwise = BlockwiseServer(server, tokens_of, 4)

    def ask(content: str) -> tuple[int, int]:
        blockwise.chat({"messages": [{"role": "user", "content": content}]}, lambda _: False)
        return server.read[-1]

    assert ask("abcdefgh") == (0, 8)
    assert ask("abcdefxy") == (4, 8)
    assert ask("abcdefxy!") == (8, 9)  # of the words of an answer nothing is used: they were computed one by one
    server.ends_early = True
    assert ask("abcdefxy!") == (8, 9)
    server.ends_early = False
    assert ask("abcdefxy!") == (0, 9)
    assert ask("abc") == (0, 3)


def test_a_prompt_that_the_engine_reads_otherwise_is_not_used_again() -> None:
    server = FakeServer()
    blockwise = BlockwiseServer(server, lambda messages: [1, *tokens_of(messages)], 4)
    for _ in range(2):
        blockwise.chat({"messages": [{"role": "user", "content": "abcdefgh"}]}, lambda _: False)
    assert server.read == [(0, 8), (0, 8)]


EVIDENCE = "\n\n".join(
    f"[{number}] (handbook.md)\nA train between city {number} and city {number + 1} is paid with {number * 17} crowns."
    for number in range(1, 10)
)
QUESTIONS = ("Who may book a flight?", "What is paid between city 3 and city 4?")


def messages_of(question: str) -> list[Message]:
    system, user = read_prompt("answer").fill(evidence=EVIDENCE, question=question, sentinel=SENTINEL)
    return [Message("system", system), Message("user", user)]


def written(model: Model, question: str) -> list[tuple[str, float | None]]:
    """What a model writes, piece by piece, with how likely it held each: the last digit tells of another rounding."""
    pieces = model.stream(messages_of(question), 6)
    return [(str(piece), piece.logprob if isinstance(piece, Piece) else None) for piece in pieces]


class Recorder:
    """An engine that notes how many tokens of each prompt it had already."""

    def __init__(self, server: Any) -> None:
        self.server = server
        self.used: list[int] = []

    def handle_completions(self, request: Any, on_chunk: Callable[[dict[str, Any]], object]) -> None:
        self.server.handle_completions(request, on_chunk)

    def handle_chat_completions(self, request: Any, on_chunk: Callable[[dict[str, Any]], object]) -> None:
        def watch(chunk: dict[str, Any]) -> object:
            if usage := chunk.get("usage"):
                self.used.append(usage["prompt_tokens_details"]["cached_tokens"])
            return on_chunk(chunk)

        self.server.handle_chat_completions(request, watch)


@pytest.fixture
def opened(smallest_gguf: Path) -> Iterator[tuple[Model, Recorder]]:
    model = open_llm(str(smallest_gguf), Settings(threads=1))
    assert model is not None
    assert isinstance(model.llm, EmbeddedLLM)
    blockwise = model.llm._server
    assert blockwise is not None
    blockwise._server = recorder = Recorder(blockwise._server)
    yield model, recorder
    model.close()


@pytest.mark.model
def test_the_words_do_not_depend_on_what_was_asked_before(opened: tuple[Model, Recorder], smallest_gguf: Path) -> None:
    model, recorder = opened
    flight, train = QUESTIONS
    first = written(model, flight)
    assert len(first) > 3
    assert recorder.used == [0]
    assert written(model, flight) == first
    train_first = written(model, train)
    assert written(model, flight) == first
    # The instructions and the evidence stand before the question, and are read once.
    assert set(recorder.used[1:]) == {recorder.used[1]}
    assert recorder.used[1] >= BLOCK
    assert recorder.used[1] % BLOCK == 0

    assert model.likelihood is not None
    likely = model.likelihood(messages_of(train), ("The", "A"))
    cancel = threading.Event()
    stream = model.stream(messages_of(flight), 200, cancel=cancel)
    next(stream)
    cancel.set()
    assert list(stream) == []
    assert written(model, train) == train_first
    assert model.likelihood(messages_of(train), ("The", "A")) == likely
    assert list(model.stream([Message("user", "Name a colour.")], 3))
    assert written(model, flight) == first

    code = f"from tests.models.test_prompt_blocks import *\nprint(repr(alone({str(smallest_gguf)!r})))"
    other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert other.stdout.strip() == repr(train_first)


def alone(path: str) -> list[tuple[str, float | None]]:
    """Ask the last question in a process that was asked nothing before."""
    model = open_llm(path, Settings(threads=1))
    assert model is not None
    try:
        return written(model, QUESTIONS[1])
    finally:
        model.close()
