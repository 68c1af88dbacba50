"""Models of Anthropic: Anthropic's own client against a server on loopback that speaks its Messages API."""

from __future__ import annotations

import logging
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from llama_index.core.llms import ChatMessage

from rag.errors import LLMError, UsageError
from rag.models.llm.budget import REASONING_TOKENS
from rag.models.llm.habits import forget
from rag.models.llm.ledger import Amount
from rag.models.llm.metering import CapReached, Limits
from rag.models.llm.model import Message, Model
from rag.models.llm.opening import open_llm
from rag.settings import Settings
from rag.types import ModelCall
from tests.models.servers import EVENTS, HANG, HTML, Answerer, Reply, Request, Server, as_events, as_json
from tests.models.servers.anthropic import broken, error, events, failure, stream, text, thinking, whole
from tests.processor_time import at_most

QUESTION = [Message("system", "Be brief."), Message("user", "Say something.")]
KEY = "sk-ant-very-secret-0123456789"
TWO = text("The ", "lamp.")
REFUSED_TEMPERATURE = failure(400, "invalid_request_error", "`temperature` is deprecated for this model.")

OPEN: list[Model] = []


@pytest.fixture(autouse=True)
def surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key, no proxy, and nothing learnt from another test."""
    for variable in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
    forget()


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    with Server() as running, ExitStack() as at_the_end:
        at_the_end.callback(lambda: [OPEN.pop().close() for _ in list(OPEN)])
        monkeypatch.setenv("ANTHROPIC_BASE_URL", running.url)
        yield running


def opened(server: Server, *replies: Answerer, **values: object) -> Model:
    server.replies[:] = replies
    model = open_llm("anthropic:claude-test", Settings(**values))  # type: ignore[arg-type]
    assert model is not None
    OPEN.append(model)
    return model


def error_of(server: Server, *replies: Answerer, **values: object) -> str:
    with pytest.raises(LLMError) as caught:
        list(opened(server, *replies, **values).stream(QUESTION, 20))
    for language in ("en", "de"):
        sentence = caught.value.notice.text(language)
        assert "\n" not in sentence
        assert KEY not in sentence
    return str(caught.value)


def last_call(model: Model) -> ModelCall:
    return model.meter.calls[-1]


# -- what is sent and what comes back --------------------------------------------------------------------------------


def test_a_streamed_reply(server: Server) -> None:
    model = opened(server, stream(TWO))
    conversation = [*QUESTION, Message("assistant", "What?"), Message("user", "Anything.")]
    assert list(model.stream(conversation, 20, stop=["END", "\n\n"])) == ["The ", "lamp."]
    (request,) = server.posts
    assert request.path == "/v1/messages"
    assert request.headers["authorization"] == f"Bearer {KEY}"
    assert request.headers["x-api-key"] == KEY
    assert request.json == {
        "model": "claude-test",
        "max_tokens": 20,
        "system": "Be brief.",
        "messages": [
            {"role": "user", "content": "Say something."},
            {"role": "assistant", "content": "What?"},
            {"role": "user", "content": "Anything."},
        ],
        "stop_sequences": ["END"],
        "temperature": 0.0,
        "stream": True,
    }
    # Tokens that were read from or written to a cache are sent ones, too: 40 + 2 + 3.
    assert (last_call(model).sent, last_call(model).written, last_call(model).ended) == (45, 7, "stop")
    assert not last_call(model).estimated
    assert (model.name, model.context_window, model.weak) == ("claude-test", 200_000, False)


def test_a_reply_that_comes_whole(server: Server) -> None:
    llm = opened(server, whole(TWO)).llm
    assert llm.complete("Say something.").text == "The lamp."
    assert server.asked[-1]["max_tokens"] == Settings().max_answer_tokens
    assert llm.chat([ChatMessage(role="user", content="Go on.")], max_tokens=5, stop=["END"]).message.content
    assert (server.asked[-1]["max_tokens"], server.asked[-1]["stop_sequences"]) == (5, ["END"])
    assert not server.asked[-1]["stream"]


def test_a_gateway_that_does_not_stream(server: Server) -> None:
    model = opened(server, whole(thinking("Which?"), TWO, written=9))
    assert list(model.stream(QUESTION, 20)) == ["The lamp."]
    assert (last_call(model).sent, last_call(model).written, last_call(model).ended) == (45, 9, "stop")
    assert len(server.posts) == 1


def test_the_llama_index_llm_streams_and_explains(server: Server) -> None:
    llm = opened(server, stream(TWO)).llm
    responses = list(llm.stream_complete("Say something."))
    assert [response.delta for response in responses if response.delta] == ["The ", "lamp."]
    assert responses[-1].text == "The lamp."
    llm = opened(server, failure(401, "authentication_error", f"invalid x-api-key {KEY}")).llm
    for ask in (llm.complete, lambda prompt: list(llm.stream_complete(prompt))):
        with pytest.raises(LLMError, match="check ANTHROPIC_API_KEY"):
            ask("Say something.")


@pytest.mark.parametrize(
    ("stated", "reason"),
    [
        ("end_turn", "stop"),
        ("stop_sequence", "stop"),
        ("max_tokens", "length"),
        ("model_context_window_exceeded", "length"),
        ("refusal", "filter"),
        ("pause_turn", ""),
    ],
)
def test_why_a_reply_ended(stated: str, reason: str, server: Server) -> None:
    model = opened(server, stream(text("Well"), stop_reason=stated))
    assert list(model.stream(QUESTION, 20)) == ["Well"]
    assert last_call(model).ended == reason


def test_a_refusal_before_any_word(server: Server) -> None:
    assert "withholds the answer" in error_of(server, stream(stop_reason="refusal", written=1))


# -- thoughts --------------------------------------------------------------------------------------------------------


def test_thoughts_are_no_words_and_get_room(server: Server) -> None:
    model = opened(server, stream(thinking("Which lamp? ", "The old one."), TWO, written=19, thought=12))
    assert list(model.stream(QUESTION, 20)) == ["The ", "lamp."]
    assert (last_call(model).written, last_call(model).thought, last_call(model).ended) == (19, 12, "stop")
    # Asked without room, the model began to think; it was asked anew, and that is remembered.
    assert [asked["max_tokens"] for asked in server.asked] == [20, 20 + REASONING_TOKENS]
    # Both requests were paid for: 40 + 2 + 3 tokens of the prompt each.
    assert [(call.sent, call.written, call.estimated, call.ended) for call in model.meter.calls] == [
        (45, 0, True, "length"),
        (45, 19, False, "stop"),
    ]
    list(model.stream(QUESTION, 30))
    assert [asked["max_tokens"] for asked in server.asked[2:]] == [30 + REASONING_TOKENS]


def test_a_second_request_with_room_passes_no_cap(server: Server) -> None:
    model = opened(server, stream(thinking("Which lamp?"), TWO))
    model.meter.limits = Limits(question=Amount(50))
    with pytest.raises(CapReached):
        list(model.stream(QUESTION, 20))
    assert len(server.posts) == 1
    assert model.meter.counted == Amount(45)


def test_an_attempt_that_broke_after_the_prompt_was_read_counts(server: Server) -> None:
    last = as_events([error("overloaded_error", "Overloaded")], named=True)[0]
    model = opened(server, broken(last=last), stream(TWO, written=7))
    assert list(model.stream(QUESTION, 20)) == ["The ", "lamp."]
    assert [(call.sent, call.written, call.ended) for call in model.meter.calls] == [(45, 0, "error"), (45, 7, "stop")]
    assert model.meter.counted == Amount(45 + 45 + 7)


def test_thoughts_have_room_for_a_caller_of_the_llm(server: Server) -> None:
    llm = opened(server, stream(thinking("Which lamp?"), TWO)).llm
    said = list(llm.stream_chat([ChatMessage(role="user", content="Say something.")], max_tokens=20))
    assert said[-1].message.content == "The lamp."
    assert [asked["max_tokens"] for asked in server.asked] == [20, 20 + REASONING_TOKENS]


def test_hidden_thoughts_get_room(server: Server) -> None:
    model = opened(server, stream(thinking(), TWO, thought=12))
    assert list(model.stream(QUESTION, 20)) == ["The ", "lamp."]
    assert len(server.posts) == 2


def test_thoughts_after_the_first_word_change_nothing_that_was_said(server: Server) -> None:
    model = opened(server, stream(text("The "), thinking("Which?"), text("lamp.")))
    assert list(model.stream(QUESTION, 20)) == ["The ", "lamp."]
    assert len(server.posts) == 1


def test_thoughts_of_a_whole_reply(server: Server) -> None:
    llm = opened(server, whole(thinking("Hm"), stop_reason="max_tokens"), whole(thinking("Hm"), TWO)).llm
    assert llm.complete("Say something.", max_tokens=20).text == "The lamp."
    assert [asked["max_tokens"] for asked in server.asked] == [20, 20 + REASONING_TOKENS]


# -- options that a model refuses ------------------------------------------------------------------------------------


def refuses(option: str, words: str) -> Answerer:
    """Refuses every request that has an option."""

    def answer(request: Request) -> Reply:
        return failure(400, "invalid_request_error", words) if option in request.json else stream(TWO)

    return answer


@pytest.mark.parametrize(
    ("option", "words"),
    [
        ("temperature", "`temperature` is deprecated for this model."),
        ("temperature", "temperature: Extra inputs are not permitted"),
        ("temperature", "`temperature` may only be set to 1 when thinking is enabled."),
        ("stop_sequences", "stop_sequences: not supported by this model"),
    ],
)
def test_a_refused_option_is_left_out_and_that_is_remembered(option: str, words: str, server: Server) -> None:
    model = opened(server, refuses(option, words))
    assert list(model.stream(QUESTION, 20, stop=["END"])) == ["The ", "lamp."]
    assert [option in asked for asked in server.asked] == [True, False]
    again = open_llm("anthropic:claude-test", Settings())
    assert again is not None
    assert list(again.stream(QUESTION, 20, stop=["END"])) == ["The ", "lamp."]
    assert [option in asked for asked in server.asked] == [True, False, False]


def test_the_version_of_the_api_goes_with_the_temperature(server: Server) -> None:
    list(opened(server, REFUSED_TEMPERATURE, stream(TWO)).stream(QUESTION, 20))
    old, new = [request.headers["anthropic-version"] for request in server.posts]
    assert old == "2023-06-01" != new


def test_a_version_that_is_no_longer_taken(server: Server) -> None:
    refused = failure(400, "invalid_request_error", "anthropic-version: 2023-06-01 is not a valid version")
    assert list(opened(server, refused, stream(TWO)).stream(QUESTION, 20)) == ["The ", "lamp."]
    assert "temperature" not in server.asked[-1]


def test_a_limit_that_is_too_high_is_lowered(server: Server) -> None:
    words = "max_tokens: 9000 > 4096, which is the maximum allowed number of output tokens for claude-test"
    model = opened(server, failure(400, "invalid_request_error", words), stream(TWO))
    assert list(model.stream(QUESTION, 9000)) == ["The ", "lamp."]
    list(model.stream(QUESTION, 8000))
    assert [asked["max_tokens"] for asked in server.asked] == [9000, 4096, 4096]


def test_a_refusal_of_something_else_is_not_sent_again(server: Server) -> None:
    words = "messages.0.content: Input should be a valid list"
    assert words in error_of(server, failure(400, "invalid_request_error", words))
    assert len(server.posts) == 1


# -- failures --------------------------------------------------------------------------------------------------------


def test_a_missing_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "anthropic", None)
    with pytest.raises(UsageError, match=r"pip install 'footnote-rag\[anthropic\]'"):
        open_llm("anthropic:claude-test", Settings())


@pytest.mark.parametrize("key", [None, " "])
def test_a_missing_key(key: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ANTHROPIC_API_KEY")
    if key is not None:
        monkeypatch.setenv("ANTHROPIC_API_KEY", key)
    with pytest.raises(UsageError, match="Anthropic needs a key: put it into the environment variable ANTHROPIC_API_"):
        open_llm("anthropic:claude-test", Settings())


def test_an_unknown_model_names_the_known(server: Server) -> None:
    entry = {"type": "model", "display_name": "Claude", "created_at": "2026-01-01T00:00:00Z"}
    names = ["other", "claude-test-2"]
    page = {"data": [{**entry, "id": name} for name in names], "has_more": False, "first_id": "a", "last_id": "b"}
    server.pages["/v1/models"] = as_json(page)
    assert "such as claude-test-2, other." in error_of(server, failure(404, "not_found_error", "model: claude-test"))


CREDIT = "Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing."
LIMIT = "You have reached your specified API usage limits. You will regain access on 2031-01-01 at 00:00 UTC."


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (failure(401, "authentication_error", f"invalid x-api-key {KEY}"), "refuses access (status 401): check ANTHR"),
        (failure(403, "permission_error", "no"), "refuses access (status 403): check ANTHROPIC_API_KEY"),
        (failure(404, "not_found_error", "model: claude-test"), "has no model 'claude-test'"),
        (failure(400, "invalid_request_error", CREDIT), "quota or credit of this account is used up"),
        (failure(400, "invalid_request_error", LIMIT), "quota or credit of this account is used up"),
        (failure(402, "billing_error", "Payment required"), "quota or credit of this account is used up"),
        (
            failure(400, "invalid_request_error", "prompt is too long: 210000 tokens > 200000 maximum"),
            "longer than the",
        ),
        (
            failure(400, "invalid_request_error", "input length and `max_tokens` exceed context limit: 1 + 2 > 2"),
            "longer than the window of claude-test",
        ),
        (failure(413, "request_too_large", "Request exceeds the maximum size"), "longer than the window"),
        (failure(400, "invalid_request_error", f"bad field, key {KEY}"), "refuses the request (status 400): bad field"),
        (Reply(b"<html>A page</html>", type=HTML), "answers with a web page"),
        (Reply(b"event: message_start\ndata: {no json\n\n", type=EVENTS), "answers in a form that is not understood"),
        (Reply(b'event: x\ndata: {"a": "\xff\xfe"}\n\n', type=EVENTS), "no UTF-8"),
        (Reply(b"well"), "no JSON"),
        (Reply(b"{}"), "answers in a form that is not understood"),
        (as_json(error("invalid_request_error", "no such field")), "(status 400): no such field"),
        (Reply(status=302, headers={"Location": "http://127.0.0.1:9/v1/messages"}), "http://127.0.0.1:9"),
    ],
)
def test_failures_that_do_not_pass_are_not_sent_again(reply: Reply, words: str, server: Server) -> None:
    assert words in error_of(server, reply)
    assert len(server.posts) == 1


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (failure(529, "overloaded_error", "Overloaded"), "fails at the moment (status 529)"),
        (failure(500, "api_error", "Internal server error"), "fails at the moment (status 500)"),
        (failure(429, "rate_limit_error", "slow down", Retry_After="0"), "over its rate limit"),
        (broken(last=as_events([error("overloaded_error", "Overloaded")], named=True)[0]), "moment (status 529)"),
        (broken(), "ended the connection before it answered"),
        (Reply(b"", type=EVENTS), "sends an empty reply"),
    ],
)
def test_failures_that_pass_are_sent_again(reply: Reply, words: str, server: Server) -> None:
    assert list(opened(server, reply, stream(TWO)).stream(QUESTION, 20)) == ["The ", "lamp."]
    assert len(server.posts) == 2
    server.requests.clear()
    assert words in error_of(server, reply, llm_retries=1)
    assert len(server.posts) == 2


def test_a_rate_limit_says_how_long(server: Server) -> None:
    started = time.monotonic()
    replies = (failure(429, "rate_limit_error", "slow down", Retry_After="1"), stream(TWO))
    assert list(opened(server, *replies).stream(QUESTION, 20)) == ["The ", "lamp."]
    assert time.monotonic() - started >= 1
    assert "3600 s" in error_of(server, failure(429, "rate_limit_error", "slow down", Retry_After="3600"))


def test_an_error_inside_a_stream_that_does_not_pass(server: Server) -> None:
    told = as_events([error("invalid_request_error", f"no, {KEY}")], named=True)[0]
    assert "refuses the request (status 400): no, …" in error_of(server, broken(last=told))
    assert len(server.posts) == 1


@pytest.mark.parametrize(
    ("last", "said"),
    [
        (None, "Anthropic broke off in the middle of the answer"),
        (error("overloaded_error", "Overloaded"), r"fails at the moment \(status 529\)"),
        (error("invalid_request_error", CREDIT), "quota or credit of this account is used up"),
        (error("rate_limit_error", "slow down"), "over its rate limit"),
    ],
)
def test_a_stream_that_breaks_off(last: object, said: str, server: Server) -> None:
    last = as_events([last], named=True)[0] if last else b""
    pieces = opened(server, broken(TWO, last=last)).stream(QUESTION, 20)
    assert [next(pieces), next(pieces)] == ["The ", "lamp."]
    with pytest.raises(LLMError, match=said):
        next(pieces)
    assert len(server.posts) == 1


def hanging(*pieces: str) -> Reply:
    return Reply([*as_events(events(text(*pieces))[: 3 + len(pieces)], named=True), HANG], type=EVENTS)


def test_silence(server: Server) -> None:
    assert "claude-test said nothing for 0.5 s" in error_of(server, hanging(), llm_timeout=0.5)
    assert len(server.posts) == 1


def test_cancelling(server: Server) -> None:
    cancel = threading.Event()
    model = opened(server, hanging("one ", "two "))
    pieces = []
    for piece in model.stream(QUESTION, 20, cancel=cancel):
        pieces.append(piece)
        if len(pieces) == 2:
            cancel.set()
    assert pieces == ["one ", "two "]
    assert last_call(model).ended == "cancelled"


def test_nobody_listens(server: Server) -> None:
    server.close()
    assert "Anthropic cannot be reached" in error_of(server, llm_retries=0)


def test_a_key_is_never_logged_or_shown(server: Server, caplog: pytest.LogCaptureFixture, tmp_path: Path) -> None:
    caplog.set_level(logging.DEBUG)
    model = opened(server, failure(401, "authentication_error", f"invalid x-api-key: {KEY}"), stream(TWO))
    with pytest.raises(LLMError):
        list(model.stream(QUESTION, 20))
    list(model.stream(QUESTION, 20))
    shown = [repr(model), repr(model.llm), str(model.llm.to_dict()), caplog.text, str(model.meter.calls)]
    assert caplog.text
    assert not [text for text in shown if KEY in text]


def test_a_long_reply_takes_linear_time(server: Server) -> None:
    pieces = ["lamp "] * 12_800  # 64,000 characters
    with at_most(30):
        assert "".join(opened(server, stream(text(*pieces))).stream(QUESTION, 20)) == "".join(pieces)


def test_a_call_of_a_tool(server: Server) -> None:
    call = {"type": "tool_use", "id": "t1", "name": "search", "input": {}}
    told = [
        *events()[:2],
        {"type": "content_block_start", "index": 0, "content_block": call},
        *(
            {"type": "content_block_delta", "index": 0, "delta": {"type": "input_json_delta", "partial_json": piece}}
            for piece in ('{"query": ', '"lamp"}')
        ),
        {"type": "content_block_stop", "index": 0},
        *events(stop_reason="tool_use")[-2:],
    ]
    model = opened(server, Reply(as_events(told, named=True), type=EVENTS))
    assert "".join(model.stream(QUESTION, 20)) == '\n{"name": "search", "arguments": "lamp"}'
    assert last_call(model).ended == "tool"
