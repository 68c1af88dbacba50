"""Models of an Ollama server, through Ollama's own client, against a server on loopback that speaks its protocol."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from rag.errors import LLMError, UsageError
from rag.models.llm.budget import REASONING_TOKENS
from rag.models.llm.habits import forget
from rag.models.llm.model import Message, Model
from rag.models.llm.opening import open_llm
from rag.settings import Settings
from tests.models.servers import Server, as_json
from tests.models.servers.ollama import chat, last, line, refusal, shown, tags

QUESTION = [Message("system", "Be brief."), Message("user", "When was the mill built?")]
ANSWER = "The mill was built in 1702 [1]."


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    for variable in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.delenv("OLLAMA_API_KEY", raising=False)
    forget()
    with Server() as server:
        monkeypatch.setenv("OLLAMA_HOST", server.url)
        yield server


def opened(server: Server, *replies: Any, name: str = "m", **values: Any) -> Model:
    server.replies = list(replies)
    model = open_llm(f"ollama:{name}", Settings(**{"llm_retries": 0, **values}))
    assert model is not None
    return model


def ask(model: Model, limit: int = 50, **more: Any) -> str:
    return "".join(model.stream(QUESTION, limit, purpose="answer", **more))


def test_a_stream_with_its_end(server: Server) -> None:
    model = opened(server, shown(), chat([line("The mill "), line("was built in 1702 [1]."), last()]))
    assert list(model.stream(QUESTION, 50, ["END"], purpose="answer")) == ["The mill ", "was built in 1702 [1]."]
    assert [request.path for request in server.requests] == ["/api/show", "/api/chat"]
    asked = server.asked[1]
    assert asked["messages"] == [{"role": one.role, "content": one.content} for one in QUESTION]
    assert asked["stream"] is True
    assert asked["options"] == {"num_ctx": 8192, "num_predict": 50, "seed": 1, "stop": ["END"], "temperature": 0.0}
    (call,) = model.meter.calls
    assert (call.purpose, call.model, call.sent, call.written, call.ended) == ("answer", "m", 11, 5, "stop")
    assert not call.estimated


def test_a_reply_that_comes_whole(server: Server) -> None:
    model = opened(server, shown(), as_json({**last(), "message": line(ANSWER, "Look at [1].")["message"]}))
    assert ask(model) == ANSWER
    (call,) = model.meter.calls
    assert (call.sent, call.written, call.ended) == (11, 5, "stop")


def test_a_reply_that_was_cut(server: Server) -> None:
    model = opened(server, shown(), chat([line("The mill"), last("length")]))
    assert ask(model) == "The mill"
    assert model.meter.calls[0].ended == "length"


def test_thoughts_beside_the_reply(server: Server) -> None:
    reply = chat([line(thinking="The user asks"), line(thinking=" for a year."), line(ANSWER), last(written=20)])
    model = opened(server, shown(8_000_000_000, "thinking"), reply)
    told: list[int] = []
    assert ask(model, on_thought=lambda: told.append(1)) == ANSWER
    assert told == [1]
    # The server says that the model thinks: it gets room for it from the first call on.
    assert server.asked[1]["options"]["num_predict"] == 50 + REASONING_TOKENS
    assert 0 < model.meter.calls[0].thought < model.meter.calls[0].written == 20


def test_thoughts_in_the_reply(server: Server) -> None:
    model = opened(server, shown(), chat([line("<think>Hm."), line("</think>\n\n"), line(ANSWER), last()]))
    assert ask(model) == ANSWER


def test_a_small_model_is_weak(server: Server) -> None:
    assert opened(server, shown(1_000_000_000)).weak
    assert not opened(server, shown()).weak


def test_the_window_is_not_larger_than_the_model_reads(server: Server) -> None:
    assert opened(server, shown()).context_window == 8192
    server.requests.clear()
    model = opened(server, shown(window=2048), chat([line(ANSWER), last()]))
    assert model.context_window == 2048
    ask(model)
    assert server.asked[-1]["options"]["num_ctx"] == 2048


def test_a_model_that_is_absent(server: Server) -> None:
    with pytest.raises(LLMError, match=r"^Ollama has no model 'qwen3': run `ollama pull qwen3`\.$"):
        opened(server, refusal(404, "model 'qwen3' not found"), name="qwen3")
    server.pages["/api/tags"] = tags("llama3.2:3b", "qwen3:8b")
    with pytest.raises(LLMError) as caught:
        opened(server, refusal(404, "model 'qwen3' not found"), name="qwen3")
    assert str(caught.value) == (
        "Ollama has no model 'qwen3': run `ollama pull qwen3`, or name one of those that it has, such as qwen3:8b, "
        "llama3.2:3b."
    )
    assert "etwa qwen3:8b, llama3.2:3b" in caught.value.notice.text("de")


def test_an_error_inside_a_stream(server: Server) -> None:
    model = opened(server, shown(), chat([{"error": "llama runner process has terminated"}]))
    with pytest.raises(LLMError, match=r"^Ollama at .* refuses the request: llama runner process has terminated"):
        ask(model)


def test_a_key_is_sent_and_kept_out_of_notices(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OLLAMA_API_KEY", "abcdef-0123456789")
    with pytest.raises(LLMError) as caught:
        opened(server, refusal(401, "bad key abcdef-0123456789"))
    assert server.posts[0].headers["authorization"] == "Bearer abcdef-0123456789"
    assert "check OLLAMA_API_KEY" in str(caught.value)
    assert "abcdef" not in str(caught.value)
    monkeypatch.setenv("OLLAMA_API_KEY", "abc\ndef")
    with pytest.raises(UsageError, match="The key in OLLAMA_API_KEY holds a character that no key has"):
        opened(server, shown())


def test_a_call_of_a_tool(server: Server) -> None:
    told = line()
    told["message"]["tool_calls"] = [{"function": {"name": "search", "arguments": {"query": "the mill"}}}]
    model = opened(server, shown(), chat([told, last()]))
    assert ask(model) == '\n{"name": "search", "arguments": "the mill"}'
    assert model.meter.calls[0].ended == "tool"


def test_an_error_in_the_middle_says_why(server: Server) -> None:
    model = opened(server, shown(), chat([line("The mill "), {"error": "out of memory"}]))
    with pytest.raises(LLMError, match="refuses the request: out of memory"):
        ask(model)
