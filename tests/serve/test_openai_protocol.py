"""OpenAI's protocol as the bytes that are sent: `rag serve` in a process of its own, without a language model."""

from __future__ import annotations

import json
import socket
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.serve.served import Served, serving

QUESTION = "How long is the bridge?"


def ask(served: Served, question: Any = QUESTION, **fields: Any) -> httpx.Response:
    messages = fields.pop("messages", [{"role": "user", "content": question}])
    body = {"model": "handbook", "messages": messages, **fields}
    return httpx.post(f"{served.url}/chat/completions", json=body, timeout=60)


def events(response: httpx.Response) -> list[Any]:
    """The data of a stream's events; comments are left out."""
    blocks = [block for block in response.text.split("\n\n") if block and not block.startswith(":")]
    assert all(block.startswith("data: ") for block in blocks)
    return [block[6:] if block == "data: [DONE]" else json.loads(block[6:]) for block in blocks]


def message(response: httpx.Response) -> dict[str, Any]:
    assert response.status_code == 200, response.text
    (choice,) = response.json()["choices"]
    return choice["message"]


def test_an_index_is_a_model(quotes: Served) -> None:
    listed = httpx.get(f"{quotes.url}/models").json()
    assert [model["id"] for model in listed["data"]] == ["handbook", "other"]
    assert httpx.get(f"{quotes.url}/models/other").json()["id"] == "other"
    missing = httpx.get(f"{quotes.url}/models/nix")
    assert (missing.status_code, missing.json()["error"]["code"]) == (404, "model_not_found")
    assert "no index of this name here; GET /v1/models lists" in missing.json()["error"]["message"]


def test_a_service_begins_before_its_first_index(tmp_path: Path) -> None:
    with serving(tmp_path, "--llm", "none") as empty:
        assert f"There is no index in {tmp_path} yet; make one" in " ".join(" ".join(empty.log).split())
        assert httpx.get(f"{empty.url}/models").json()["data"] == []
        response = ask(empty, model="default")
        assert (response.status_code, response.json()["error"]["code"]) == (404, "model_not_found")
        assert "make one with: rag ingest PATH" in response.json()["error"]["message"]
    with serving(tmp_path, "--llm", "none", "--index", "papers") as empty:
        assert f"There is no index 'papers' in {tmp_path} yet" in " ".join(" ".join(empty.log).split())


def test_a_message_has_what_it_rests_on(quotes: Served) -> None:
    response = ask(quotes)
    said = message(response)
    assert "412 metres" in said["content"]
    assert "[1]" in said["content"]
    cited = said["annotations"][0]["url_citation"]
    assert said["content"][cited["start_index"] : cited["end_index"]].endswith("[1]")
    assert cited["url"].startswith("footnote:handbook/bridge.md#char=")
    assert cited["quote"] == "The bridge is 412 metres long."
    note = said["footnote"]
    assert note["citations"][0]["source"] == "bridge.md"
    assert note["sentences"][0]["verdict"] == "verified"
    assert (note["abstained"], note["kind"]) == (False, "fact")
    assert response.json()["usage"]["total_tokens"] == 0
    assert response.json()["choices"][0]["finish_reason"] == "stop"


def test_what_the_documents_do_not_hold_is_an_abstention(quotes: Served) -> None:
    note = message(ask(quotes, "Who painted the Mona Lisa in Paris?"))["footnote"]
    assert note["abstained"]


def test_a_stream_is_the_same_answer_in_sentences(quotes: Served) -> None:
    question = "What is said of the bridge and of the ferry?"
    whole = message(ask(quotes, question))
    response = ask(quotes, question, stream=True, stream_options={"include_usage": True})
    assert response.headers["content-type"].startswith("text/event-stream")
    assert ": searching" in response.text
    *chunks, done = events(response)
    assert done == "[DONE]"
    assert {chunk["object"] for chunk in chunks} == {"chat.completion.chunk"}
    assert len({chunk["id"] for chunk in chunks}) == 1
    assert chunks[-1]["choices"] == []
    assert chunks[-1]["usage"]["total_tokens"] == 0
    deltas = [chunk["choices"][0]["delta"] for chunk in chunks[:-1]]
    assert deltas[0]["role"] == "assistant"
    assert "".join(delta.get("content", "") for delta in deltas) == whole["content"]
    assert len([delta for delta in deltas if delta.get("content")]) >= 2
    assert deltas[-1]["footnote"]["citations"] == whole["footnote"]["citations"]
    assert deltas[-1]["annotations"] == whole["annotations"]
    assert chunks[-2]["choices"][0]["finish_reason"] == "stop"


def test_a_follow_up_is_read_with_the_messages_before_it(quotes: Served) -> None:
    messages = [
        {"role": "system", "content": "Answer briefly."},
        {"role": "user", "content": "How long is the bridge?"},
        {"role": "assistant", "content": "The bridge is 412 metres long. [1]"},
        {"role": "user", "content": [{"type": "text", "text": "And what is its toll for cars?"}]},
    ]
    said = message(ask(quotes, messages=messages))
    assert "bridge" in said["footnote"]["standalone_question"]
    assert "3 crowns" in said["content"]


def test_only_some_documents_are_asked(quotes: Served) -> None:
    question = "How many cars does the ferry carry?"
    said = message(ask(quotes, question, footnote={"sources": ["sea/*"]}))
    assert {citation["source"] for citation in said["footnote"]["citations"]} == {"sea/ferry.txt"}
    nothing = ask(quotes, question, footnote={"sources": ["nix/*"]})
    assert (nothing.status_code, "nix/*" in nothing.json()["error"]["message"]) == (400, True)
    failed = events(ask(quotes, question, footnote={"sources": ["nix/*"]}, stream=True))[-1]
    assert "nix/*" in failed["error"]["message"]


IMAGE = [
    {"type": "text", "text": "What is this?"},
    {"type": "image_url", "image_url": {"url": "data:image/png;base64,"}},
]
TOOL = {"type": "function", "function": {"name": "look", "parameters": {}}}


@pytest.mark.parametrize(
    ("fields", "status", "words"),
    [
        ({"model": "nix"}, 404, "index"),
        ({"model": "../handbook"}, 404, "index"),
        ({"messages": []}, 422, "messages"),
        ({"messages": [{"role": "assistant", "content": "Hello"}]}, 400, "The last message must be the user's"),
        ({"messages": [{"role": "user", "content": "  "}]}, 400, "The last message must be the user's"),
        ({"messages": [{"role": "user"}]}, 400, "The last message must be the user's"),
        ({"messages": [{"role": "wizard", "content": "Hello"}]}, 400, "role is system"),
        ({"messages": [{"role": "user", "content": IMAGE}]}, 400, "Images are not read here"),
        ({"messages": [{"role": "user", "content": [7]}]}, 400, "list of parts"),
        ({"messages": [{"role": "user", "content": "a" * 5000}]}, 400, "at most 4000 are read"),
        ({"messages": [{"role": "system", "content": "a" * 5000}, {"role": "user", "content": "Why?"}]}, 400, "wishes"),
        ({"n": 2}, 400, "one answer"),
        ({"tools": [TOOL], "tool_choice": "required"}, 400, "no tools"),
        ({"tools": [TOOL], "tool_choice": {"type": "function", "function": {"name": "x"}}}, 400, "no tools"),
        ({"functions": [TOOL], "function_call": {"name": "x"}}, 400, "no functions"),
        ({"response_format": {"type": "json_object"}}, 400, "`footnote` object"),
        ({"logprobs": True}, 400, "probabilities"),
        ({"modalities": ["text", "audio"], "audio": {"voice": "x", "format": "mp3"}}, 400, "Answers are text"),
        ({"footnote": {"draft": True}}, 422, "footnote.draft"),
        ({"user": "a" * 70_000}, 413, "at most 64 kilobytes"),
    ],
)
def test_what_cannot_be_done_is_refused_in_one_sentence(
    quotes: Served, fields: dict[str, Any], status: int, words: str
) -> None:
    for stream in (False, True):
        refused = ask(quotes, **fields, stream=stream)
        error = refused.json()["error"]
        assert refused.status_code == status, refused.text
        assert words in error["message"]
        assert {"message", "type", "param", "code"} == set(error)


@pytest.mark.parametrize("choice", [None, "auto", "none"])
def test_what_is_harmless_is_ignored(quotes: Served, choice: str | None) -> None:
    fields: dict[str, Any] = {
        "temperature": 0.2,
        "top_p": 1,
        "max_tokens": 5,
        "max_completion_tokens": 5,
        "stop": ["."],
        "seed": 7,
        "n": 1,
        "presence_penalty": 0,
        "response_format": {"type": "text"},
        "tools": [TOOL],
        "tool_choice": choice,
        "functions": [TOOL],
        "function_call": choice,
        "user": "anna",
    }
    assert "412 metres" in message(ask(quotes, **fields))["content"]


@pytest.mark.parametrize("stream", [False, True])
def test_half_a_character_hinders_no_answer(quotes: Served, stream: bool) -> None:
    parts = [{"type": "text", "text": "\ud800 How long is the bridge? \udc00"}]
    for content in (parts[0]["text"], parts):
        body = json.dumps({"model": "handbook", "stream": stream, "messages": [{"role": "user", "content": content}]})
        headers = {"content-type": "application/json"}
        answered = httpx.post(f"{quotes.url}/chat/completions", content=body, headers=headers, timeout=60)
        assert answered.status_code == 200, answered.text
        assert "412 metres" in answered.text


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 422),
        (b"[]", 422),
        (b"null", 422),
        (b"{", 400),
        (b"\xff\xfe", 400),
        (b"[" * 60_000, 400),
        (b'{"n": ' + b"9" * 5000 + b"}", 400),
    ],
    ids=["empty", "list", "null", "cut", "bytes", "deep", "number"],
)
def test_a_body_that_is_no_request_is_refused(quotes: Served, body: bytes, status: int) -> None:
    headers = {"content-type": "application/json"}
    refused = httpx.post(f"{quotes.url}/chat/completions", content=body, headers=headers, timeout=60)
    error = refused.json()["error"]
    assert (refused.status_code, error["type"]) == (status, "invalid_request_error")
    assert (error["code"] == "unreadable_body") == (status == 400)
    assert "JSON decode" not in error["message"]


@pytest.mark.parametrize(
    "head",
    [
        b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Long: " + b"a" * 1_000_000,
        b"GET /" + b"a" * 1_000_000,
        b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n" + b"X-Many: 1\r\n" * 100_000,
        b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: example.org\r\n\r\n",
    ],
    ids=["header", "address", "headers", "hosts"],
)
def test_the_head_of_a_request_is_bounded(quotes: Served, head: bytes) -> None:
    answer = b""
    with socket.create_connection(("127.0.0.1", quotes.port), timeout=60) as connection, suppress(ConnectionError):
        # It may be closed while the head is still being sent; what never ends is cut off all the same.
        connection.sendall(head)
        while block := connection.recv(65536):
            answer += block
    assert not answer or answer.startswith(b"HTTP/1.1 400")


def test_a_body_without_a_length_is_limited(quotes: Served) -> None:
    def endless() -> Any:
        for _ in range(1000):
            yield b" " * 10_000

    try:
        refused = httpx.post(f"{quotes.url}/chat/completions", content=endless(), timeout=60)
    except httpx.TransportError:
        # It was still sending when the connection was closed.
        return
    assert refused.status_code == 413
