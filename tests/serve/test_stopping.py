"""Who leaves, who is refused, and who waits: `rag serve` with a language model that is slow, over real sockets."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.models.servers import EVENTS, Reply, Request, Server
from tests.models.servers.openai import chunk, models
from tests.nginx import nginx
from tests.serve.served import Served, serving

_SECONDS = 120
QUESTION = "How long is the bridge?"


class SlowModel:
    """A model that writes until it is let go or its reader leaves, and counts both."""

    def __init__(self) -> None:
        self.free = threading.Event()
        self.begun = self.left = 0
        self._guard = threading.Lock()

    def reply(self, _: Request) -> Reply:
        return Reply(self._events(), type=EVENTS)

    def _events(self) -> Iterator[bytes]:
        with self._guard:
            self.begun += 1
        try:
            yield _event(chunk(role="assistant", content="The bridge is 412 metres long [1]."))
            while not self.free.wait(0.02):
                yield _event(chunk(content=" And"))
            yield _event(chunk("stop"))
            yield b"data: [DONE]\n\n"
        except GeneratorExit:
            with self._guard:
                self.left += 1
            raise


def _event(data: object) -> bytes:
    return b"data: " + json.dumps(data).encode() + b"\n\n"


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _SECONDS
    while not condition():
        assert time.monotonic() < deadline, "it did not come to pass"
        time.sleep(0.01)


@pytest.fixture
def model() -> Iterator[SlowModel]:
    slow = SlowModel()
    yield slow
    slow.free.set()


@pytest.fixture
def service(shared_home: Path, model: SlowModel) -> Iterator[Served]:
    with (
        Server(model.reply, pages={"/v1/models": models("slow")}) as server,
        serving(
            shared_home,
            "--llm",
            f"openai-like:{server.url}/v1#slow",
            RAG_SERVE_AT_ONCE="1",
            RAG_SERVE_WAITING="2",
            RAG_LLM_TRUST="strong",
            RAG_LLM_RETRIES="0",
        ) as served,
    ):
        yield served
        model.free.set()


def body(**fields: Any) -> dict[str, Any]:
    return {"model": "handbook", "messages": [{"role": "user", "content": QUESTION}], **fields}


def send(served: Served, **fields: Any) -> socket.socket:
    """Send a request, and return the socket on which its response comes."""
    content = json.dumps(body(**fields)).encode()
    opened = socket.create_connection(("127.0.0.1", served.port), timeout=_SECONDS)
    head = ("POST /v1/chat/completions HTTP/1.1", "Host: 127.0.0.1", "Content-Type: application/json")
    opened.sendall("\r\n".join((*head, f"Content-Length: {len(content)}", "", "")).encode() + content)
    return opened


@pytest.mark.parametrize("stream", [False, True])
def test_the_model_stops_when_the_client_leaves(service: Served, model: SlowModel, stream: bool) -> None:
    opened = send(service, stream=stream)
    until(lambda: model.begun == 1)
    opened.close()
    until(lambda: model.left == 1)
    model.free.set()
    answered = httpx.post(f"{service.url}/chat/completions", json=body(), timeout=_SECONDS)
    assert "412 metres" in answered.json()["choices"][0]["message"]["content"], "its place is free again"


def test_a_stream_passes_the_proxy_as_it_is_written(service: Served, model: SlowModel, tmp_path: Path) -> None:
    with nginx(tmp_path, [service.port] * 2, [service.port] * 2) as proxy:
        address = f"{proxy.services}/v1/chat/completions"
        with httpx.stream("POST", address, json=body(stream=True), timeout=_SECONDS) as answered:
            pieces = answered.iter_text()
            until(lambda: "data: " in next(pieces))
            assert not model.free.is_set(), "it is still being written"
            model.free.set()
            assert "[DONE]" in "".join(pieces)
        assert QUESTION not in proxy.log.read_text()


def test_a_question_that_waits_is_not_answered_for_a_client_who_left(service: Served, model: SlowModel) -> None:
    first = send(service, stream=True)
    until(lambda: model.begun == 1)
    for stream in (True, False, True, False, True):
        # Each is in the queue before it leaves: with two that wait, the third would be refused.
        waiting = send(service, stream=stream)
        if stream:
            assert b"200 OK" in waiting.recv(1000)
        waiting.close()
    with ThreadPoolExecutor(1) as pool:

        def ask() -> str:
            while True:
                answered = httpx.post(f"{service.url}/chat/completions", json=body(), timeout=_SECONDS)
                if answered.status_code != 429:
                    return str(answered.json()["choices"][0]["message"]["content"])

        asked = pool.submit(ask)
        model.free.set()
        assert "412 metres" in asked.result(_SECONDS)
    assert b"[DONE]" in _rest(first)
    assert model.begun == 2


def test_who_finds_no_place_is_told_when_to_come_again(service: Served, model: SlowModel) -> None:
    taken = [send(service, stream=True)]
    until(lambda: model.begun == 1)
    for _ in range(2):
        taken.append(send(service, stream=True))
        assert b"200 OK" in taken[-1].recv(1000)
    for stream in (False, True):
        refused = httpx.post(f"{service.url}/chat/completions", json=body(stream=stream), timeout=_SECONDS)
        assert refused.status_code == 429
        assert int(refused.headers["retry-after"]) >= 1
        assert refused.json()["error"]["type"] == "rate_limit_error"
    model.free.set()
    for opened in taken:
        assert b"[DONE]" in _rest(opened)


def test_who_waits_is_told_the_position(service: Served, model: SlowModel) -> None:
    first = send(service, stream=True)
    until(lambda: model.begun == 1)
    with httpx.stream("POST", f"{service.url}/chat/completions", json=body(stream=True), timeout=_SECONDS) as waiting:
        lines = waiting.iter_lines()
        assert any("position 1" in line for line in lines)
        model.free.set()
        assert "data: [DONE]" in list(lines)
    assert b"[DONE]" in _rest(first)


def test_a_draft_is_sent_only_where_it_is_asked_for_and_never_as_the_answer(service: Served, model: SlowModel) -> None:
    events: list[Any] = []
    fields = {"stream": True, "footnote": {"drafts": True}}
    with httpx.stream("POST", f"{service.url}/chat/completions", json=body(**fields), timeout=_SECONDS) as response:
        for line in response.iter_lines():
            if line.startswith("data: {"):
                events.append(json.loads(line[6:]))
                if "footnote" in events[-1] and "412" in events[-1]["footnote"]["draft"]:
                    model.free.set()
    drafts = [event for event in events if "footnote" in event]
    assert drafts
    assert all(event["choices"] == [] for event in drafts)
    said = "".join(event["choices"][0]["delta"].get("content", "") for event in events if event["choices"])
    assert said.startswith("The bridge is 412 metres long")
    assert events[-1]["choices"][0]["delta"]["footnote"]["sentences"][0]["verdict"] == "verified"


def test_sentences_of_a_draft_are_not_sent_before_they_are_checked(service: Served, model: SlowModel) -> None:
    with httpx.stream("POST", f"{service.url}/chat/completions", json=body(stream=True), timeout=_SECONDS) as response:
        lines = response.iter_lines()
        assert any(line == ": writing" for line in lines)
        # The draft grows meanwhile, and the stream goes on saying so.
        assert next(line for line in lines if line) == ": writing"
        model.free.set()
        assert any("412 metres" in line for line in lines)


def _rest(opened: socket.socket) -> bytes:
    """What comes until the end of a chunked response."""
    received = b""
    with opened:
        while not received.endswith(b"0\r\n\r\n"):
            piece = opened.recv(65536)
            if not piece:
                break
            received += piece
    return received
