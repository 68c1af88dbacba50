"""Gemini models: Google's own client against a server on loopback that speaks the Gemini API."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from llama_index.core.llms import ChatMessage

from rag.errors import LLMError, UsageError
from rag.models.llm.habits import forget
from rag.models.llm.model import Message, Model
from rag.models.llm.opening import open_llm
from rag.settings import Settings
from rag.types import ModelCall
from tests.models.servers import EVENTS, HANG, HTML, Answerer, Reply, Request, Server, as_events, as_json
from tests.models.servers.gemini import blocked, detail, error, failure, part, response, stream, whole, words
from tests.processor_time import at_most

QUESTION = [Message("system", "Be brief."), Message("user", "Say something.")]
KEY = "AIzaSyVerySecret0123456789abcdefghijklm"
STREAM = "/v1/models/gemini-test:streamGenerateContent?alt=sse"
WHOLE = "/v1/models/gemini-test:generateContent"

OPEN: list[Model] = []


@pytest.fixture(autouse=True)
def surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key, no proxy, and nothing learnt from another test."""
    for variable in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.delenv("GOOGLE_API_KEY", raising=False)
    monkeypatch.setenv("GEMINI_API_KEY", KEY)
    forget()


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    with Server() as running, ExitStack() as at_the_end:
        at_the_end.callback(lambda: [OPEN.pop().close() for _ in list(OPEN)])
        monkeypatch.setenv("GOOGLE_GEMINI_BASE_URL", running.url)
        yield running


def opened(server: Server, *replies: Answerer, **values: object) -> Model:
    server.replies[:] = replies
    model = open_llm("gemini:gemini-test", Settings(**values))  # type: ignore[arg-type]
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


def options(server: Server) -> list[dict[str, Any]]:
    return [asked["generationConfig"] for asked in server.asked]


# -- what is sent and what comes back --------------------------------------------------------------------------------


def test_a_streamed_reply(server: Server) -> None:
    model = opened(server, words("The ", "lamp."))
    conversation = [*QUESTION, Message("assistant", "What?"), Message("user", "Anything.")]
    assert list(model.stream(conversation, 20, stop=["END", "STOP"])) == ["The ", "lamp."]
    (request,) = server.posts
    assert request.path == STREAM
    assert request.headers["x-goog-api-key"] == KEY
    assert KEY not in request.path
    assert [part["text"] for part in request.json["systemInstruction"]["parts"]] == ["Be brief."]
    assert request.json["contents"] == [
        {"role": "user", "parts": [{"text": "Say something."}]},
        {"role": "model", "parts": [{"text": "What?"}]},
        {"role": "user", "parts": [{"text": "Anything."}]},
    ]
    assert options(server)[0]["temperature"] == 0
    assert options(server)[0]["stopSequences"] == ["END", "STOP"]
    assert options(server)[0]["maxOutputTokens"] >= 20
    assert (last_call(model).sent, last_call(model).written, last_call(model).ended) == (30, 5, "stop")
    assert not last_call(model).estimated
    assert (model.name, model.context_window, model.weak) == ("gemini-test", 200_000, False)


def test_a_reply_that_comes_whole(server: Server) -> None:
    llm = opened(server, whole(part("Which?", thought=True), part("The "), part("lamp."))).llm
    assert llm.complete("Say something.").text == "The lamp."
    assert llm.chat([ChatMessage(role="user", content="Go on.")], max_tokens=5, stop=["END"]).message.content
    assert [request.path for request in server.posts] == [WHOLE, WHOLE]
    assert options(server)[-1]["stopSequences"] == ["END"]


def test_the_llama_index_llm_streams_and_explains(server: Server) -> None:
    llm = opened(server, words("The ", "lamp.")).llm
    responses = list(llm.stream_complete("Say something."))
    assert [response.delta for response in responses if response.delta] == ["The ", "lamp."]
    assert responses[-1].text == "The lamp."
    llm = opened(server, failure(403, "PERMISSION_DENIED", f"no, {KEY}")).llm
    with pytest.raises(LLMError, match="check GEMINI_API_KEY"):
        llm.complete("Say something.")


def test_more_stop_words_than_google_takes(server: Server) -> None:
    list(opened(server, words("x")).stream(QUESTION, 20, stop=list("abcdefg")))
    assert options(server)[0]["stopSequences"] == list("abcde")


@pytest.mark.parametrize(
    ("stated", "reason"),
    [
        ("STOP", "stop"),
        ("MAX_TOKENS", "length"),
        ("SAFETY", "filter"),
        ("RECITATION", "filter"),
        ("LANGUAGE", "filter"),
        ("BLOCKLIST", "filter"),
        ("PROHIBITED_CONTENT", "filter"),
        ("SPII", "filter"),
        ("OTHER", ""),
    ],
)
def test_why_a_reply_ended(stated: str, reason: str, server: Server) -> None:
    model = opened(server, stream(response(part("Well")), response(reason=stated)))
    assert list(model.stream(QUESTION, 20)) == ["Well"]
    assert last_call(model).ended == reason


def test_a_prompt_that_is_blocked(server: Server) -> None:
    assert "withholds the answer" in error_of(server, stream(blocked()))
    assert len(server.posts) == 1


def test_thoughts_are_no_words(server: Server) -> None:
    thinks = response(part("Which lamp?", thought=True), written=None, thought=12)
    model = opened(
        server, stream(thinks, response(part("The ")), response(part("lamp."), reason="STOP", written=5, thought=12))
    )
    assert list(model.stream(QUESTION, 20)) == ["The ", "lamp."]
    assert (last_call(model).written, last_call(model).thought, last_call(model).ended) == (17, 12, "stop")


def test_a_reply_without_a_count(server: Server) -> None:
    told = response(part("The lamp."), reason="STOP")
    del told["usageMetadata"]
    model = opened(server, stream(told))
    assert list(model.stream(QUESTION, 20)) == ["The lamp."]
    assert last_call(model).estimated


# -- options that a model refuses ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("option", "said"),
    [
        ("temperature", "The temperature parameter is not supported by this model."),
        ("maxOutputTokens", "max_output_tokens must be in the range 1 to 4096."),
        ("stopSequences", "Stop sequences cannot be set: stop_sequences is not supported."),
    ],
)
def test_a_refused_option_is_left_out_and_that_is_remembered(option: str, said: str, server: Server) -> None:
    def answer(request: Request) -> Reply:
        refused = option in request.json["generationConfig"]
        return failure(400, "INVALID_ARGUMENT", said) if refused else words("The ", "lamp.")

    model = opened(server, answer)
    for _ in range(2):
        assert list(model.stream(QUESTION, 20, stop=["END"])) == ["The ", "lamp."]
    assert [option in asked for asked in options(server)] == [True, False, False]


# -- failures --------------------------------------------------------------------------------------------------------


def test_a_missing_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "google.genai", None)
    monkeypatch.delattr("google.genai", raising=False)
    with pytest.raises(UsageError, match=r"pip install 'footnote-rag\[gemini\]'"):
        open_llm("gemini:gemini-test", Settings())


def test_a_key_has_two_places(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GEMINI_API_KEY", " ")
    with pytest.raises(UsageError, match="Gemini needs a key: put it into the environment variable GEMINI_API_KEY"):
        open_llm("gemini:gemini-test", Settings())
    monkeypatch.setenv("GOOGLE_API_KEY", KEY)
    assert "check GOOGLE_API_KEY" in error_of(server, failure(403, "PERMISSION_DENIED", "no"))
    assert server.posts[-1].headers["x-goog-api-key"] == KEY


def test_other_settings_of_googles_client_do_not_lead_elsewhere(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOOGLE_GENAI_USE_VERTEXAI", "true")
    monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", "some-project")
    assert list(opened(server, words("The lamp.")).stream(QUESTION, 20)) == ["The lamp."]
    assert server.posts[-1].path == STREAM


def test_an_unknown_model_names_the_known(server: Server) -> None:
    listed = {"models": [{"name": "models/other"}, {"name": "models/gemini-test-2"}]}
    for path in ("/v1/models?pageSize=100", "/v1/models"):
        server.pages[path] = as_json(listed)
    said = error_of(server, failure(404, "NOT_FOUND", "models/gemini-test is not found"))
    assert "such as gemini-test-2, other." in said, [request.path for request in server.requests]


KEY_INVALID = detail("ErrorInfo", reason="API_KEY_INVALID", domain="googleapis.com")
BY_DAY = detail("QuotaFailure", violations=[{"quotaId": "GenerateRequestsPerDayPerProjectPerModel-FreeTier"}])
BY_MINUTE = detail("QuotaFailure", violations=[{"quotaId": "GenerateRequestsPerMinutePerProjectPerModel-FreeTier"}])
QUOTA = "You exceeded your current quota, please check your plan and billing details."
TOO_LONG = "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576)."


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (
            failure(400, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key.", [KEY_INVALID]),
            "Gemini refuses access (status 400): check GEMINI_API_KEY.",
        ),
        (failure(400, "INVALID_ARGUMENT", "API key not valid."), "refuses access (status 400)"),
        (failure(401, "UNAUTHENTICATED", "no"), "refuses access (status 401)"),
        (failure(403, "PERMISSION_DENIED", f"no, {KEY}"), "refuses access (status 403)"),
        (failure(404, "NOT_FOUND", "models/gemini-test is not found"), "has no model 'gemini-test'"),
        (failure(429, "RESOURCE_EXHAUSTED", QUOTA), "quota or credit of this account is used up"),
        (
            failure(429, "RESOURCE_EXHAUSTED", QUOTA, [detail("QuotaFailure")]),
            "quota or credit of this account is used",
        ),
        (failure(429, "RESOURCE_EXHAUSTED", QUOTA, [BY_DAY]), "quota or credit of this account is used up"),
        (failure(429, "RESOURCE_EXHAUSTED", "Your prepayment credits are depleted."), "quota or credit of this"),
        (failure(400, "INVALID_ARGUMENT", TOO_LONG), "longer than the window of gemini-test"),
        (failure(400, "FAILED_PRECONDITION", f"Not from here, {KEY}"), "refuses the request (status 400): Not from"),
        (Reply(b"<html>A page</html>", type=HTML), "answers with a web page"),
        (Reply(b"data: {no json\n\n", type=EVENTS), "answers in a form that is not understood"),
        (Reply(b'data: {"a": "\xff\xfe"}\n\n', type=EVENTS), "no UTF-8"),
        (Reply(b"well"), "no JSON"),
        (Reply(b"{}"), "answers in a form that is not understood"),
        (Reply(status=302, headers={"Location": "http://127.0.0.1:9/v1"}), "http://127.0.0.1:9"),
        (Reply(b"data: [1, 2]\n\n", type=EVENTS), "answers in a form that is not understood"),
        (stream(error(400, "INVALID_ARGUMENT", f"no, {KEY}")), "refuses the request (status 400): no, …"),
    ],
)
def test_failures_that_do_not_pass_are_not_sent_again(reply: Reply, said: str, server: Server) -> None:
    assert said in error_of(server, reply)
    assert len(server.posts) == 1


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (failure(503, "UNAVAILABLE", "The model is overloaded."), "fails at the moment (status 503)"),
        (failure(500, "INTERNAL", "An internal error has occurred."), "fails at the moment (status 500)"),
        (failure(429, "RESOURCE_EXHAUSTED", QUOTA, [BY_MINUTE, detail("RetryInfo", retryDelay="0s")]), "rate limit"),
        (failure(429, "RESOURCE_EXHAUSTED", QUOTA, [detail("RetryInfo", retryDelay="0.1s")]), "rate limit"),
        (stream(error(503, "UNAVAILABLE", "The model is overloaded.")), "fails at the moment (status 503)"),
        (Reply(b"", type=EVENTS), "sends an empty reply"),
        (stream(response()), "ended the connection before it answered"),
    ],
)
def test_failures_that_pass_are_sent_again(reply: Reply, said: str, server: Server) -> None:
    assert list(opened(server, reply, words("The ", "lamp.")).stream(QUESTION, 20)) == ["The ", "lamp."]
    assert len(server.posts) == 2
    server.requests.clear()
    assert said in error_of(server, reply, llm_retries=1)
    assert len(server.posts) == 2


@pytest.mark.parametrize(
    "reply",
    [
        failure(429, "RESOURCE_EXHAUSTED", QUOTA, [BY_MINUTE, detail("RetryInfo", retryDelay="3600.5s")]),
        failure(429, "RESOURCE_EXHAUSTED", QUOTA, Retry_After="3600.5"),
    ],
)
def test_a_rate_limit_says_how_long(reply: Reply, server: Server) -> None:
    assert "3600.5 s" in error_of(server, reply)


@pytest.mark.parametrize(
    "details", ["text", ["text"], [{"@type": 3}], [detail("QuotaFailure")], [detail("RetryInfo", retryDelay=[1])]]
)
def test_a_failure_of_an_odd_form(details: Any, server: Server) -> None:
    told = error(429, "RESOURCE_EXHAUSTED", "Resource has been exhausted (e.g. check quota).")
    told["error"]["details"] = details
    assert "over its rate limit" in error_of(server, as_json(told, 429), llm_retries=0)


@pytest.mark.parametrize(
    ("last", "said"),
    [
        ((), "Gemini broke off in the middle of the answer"),
        ((error(503, "UNAVAILABLE", "The model is overloaded."),), "fails at the moment"),
        ((error(429, "RESOURCE_EXHAUSTED", QUOTA),), "quota or credit of this account is used up"),
    ],
)
def test_a_stream_that_breaks_off(last: tuple[dict[str, Any], ...], said: str, server: Server) -> None:
    pieces = opened(server, stream(response(part("The ")), response(part("lamp.")), *last)).stream(QUESTION, 20)
    assert [next(pieces), next(pieces)] == ["The ", "lamp."]
    with pytest.raises(LLMError, match=said):
        next(pieces)
    assert len(server.posts) == 1


def hanging(*pieces: str) -> Reply:
    return Reply([*as_events(response(part(piece)) for piece in pieces), HANG], type=EVENTS)


def test_silence(server: Server) -> None:
    assert "gemini-test said nothing for 0.6 s" in error_of(server, hanging(), llm_timeout=0.2)
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
    assert "Gemini cannot be reached" in error_of(server, llm_retries=0)


def test_a_key_is_never_logged_or_shown(server: Server, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    model = opened(server, failure(400, "INVALID_ARGUMENT", f"API key not valid: {KEY}"), words("The lamp."))
    with pytest.raises(LLMError):
        list(model.stream(QUESTION, 20))
    list(model.stream(QUESTION, 20))
    shown = [repr(model), repr(model.llm), str(model.llm.to_dict()), caplog.text, str(model.meter.calls)]
    assert caplog.text
    assert not [text for text in shown if KEY in text]


def test_a_long_reply_takes_linear_time(server: Server) -> None:
    pieces = ["lamp and oil " * 5] * 1000  # 65,000 characters
    with at_most(30):
        assert "".join(opened(server, words(*pieces)).stream(QUESTION, 20)) == "".join(pieces)


def test_a_call_of_a_tool(server: Server) -> None:
    call = {"functionCall": {"name": "open", "args": {"number": 2}}}
    model = opened(server, stream(response(call, reason="STOP")))
    assert "".join(model.stream(QUESTION, 20)) == '\n{"name": "open", "arguments": "2"}'
    assert last_call(model).ended == "tool"
