"""Each way in which a model server fails has a sentence of its own, in English and German, without keys or pages."""

from __future__ import annotations

import gc
import ssl
import subprocess
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from rag.errors import RagError, UsageError
from rag.models.llm.habits import forget
from rag.models.llm.model import Message, TransientError
from rag.models.llm.opening import open_llm
from rag.settings import Settings
from tests.models.servers import EVENTS, HANG, HTML, LINES, Reply, Server, as_events, as_json, as_lines
from tests.models.servers import ollama as ollama_protocol
from tests.models.servers.openai import chunk, events, refusal, streamed, whole

KEY = "sk-secret-0123456789"
QUESTION = [Message("user", "When was the mill built?")]
PAGE = b"<!DOCTYPE html><html><head><title>Sign in</title></head><body>Corporate proxy</body></html>"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    for variable in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("RAG_LLM_API_KEY", KEY)
    monkeypatch.delenv("OLLAMA_API_KEY", raising=False)
    forget()
    with Server() as server:
        monkeypatch.setenv("OLLAMA_HOST", server.url)
        yield server


def ask(spec: str, **values: Any) -> str:
    model = open_llm(spec, Settings(**{"llm_retries": 0, **values}))
    assert model is not None
    return "".join(model.stream(QUESTION, 50))


def failure(spec: str, **values: Any) -> RagError:
    with pytest.raises(RagError) as caught:
        ask(spec, **values)
    for language in ("en", "de"):
        sentence = caught.value.notice.text(language)
        assert sentence.endswith(".") or caught.value.notice.code == "model-request-refused"
        assert "\n" not in sentence
        for secret in (KEY, "<", "Corporate", "0123456789"):
            assert secret not in sentence
    return caught.value


def openai_like(server: Server) -> str:
    return f"openai-like:{server.url}/v1#m"


BAD_BYTES = b'data: {"choices": [{"delta": {"content": "M\xfchle"}}]}\n\n'
BAD_LINES = b'{"model": "m", "message": {"role": "assistant", "content": "M\xfchle"}, "done": false}\n'

OPENAI = {
    "a page": (Reply(PAGE, type=HTML), "model-answer-page"),
    "a page that is called JSON": (Reply(PAGE), "model-answer-page"),
    "nothing": (Reply(), "model-answer-empty"),
    "a stream without an event": (events(done=False), "model-answer-empty"),
    "words": (Reply(b"Service ready.", type="text/plain"), "model-answer-not-json"),
    "an event that is no JSON": (Reply(b"data: {not json\n\n", type=EVENTS), "model-answer-not-understood"),
    "JSON of another form": (as_json({"reply": "1702"}), "model-answer-not-understood"),
    "a list": (as_json(["1702"]), "model-answer-not-understood"),
    "an event of another form": (events({"reply": "1702"}), "model-answer-not-understood"),
    "other bytes": (Reply(BAD_BYTES, type=EVENTS), "model-answer-garbled"),
    "other bytes at once": (Reply(b'{"choices": "M\xfchle"}'), "model-answer-garbled"),
    "quota": (refusal(429, "You exceeded your current quota.", "insufficient_quota"), "model-quota-exhausted"),
    "no balance": (refusal(402, "Insufficient Balance"), "model-quota-exhausted"),
    "rate limit": (refusal(429, "Too many requests"), "model-rate-limited"),
    "filtered question": (refusal(400, "The response was filtered.", "content_filter"), "model-filtered"),
    "filtered answer": (streamed(finish="content_filter"), "model-filtered"),
    "filtered answer at once": (whole("", finish="content_filter"), "model-filtered"),
    "redirect": (Reply(status=307, headers={"Location": "https://other.example/v1/chat/completions"}), "model-moved"),
    "failing": (Reply(PAGE, 502, HTML), "model-failing"),
    "forbidden": (Reply(PAGE, 403, HTML), "model-access-refused"),
    "wrong key": (refusal(401, f"Incorrect API key provided: {KEY}"), "model-access-refused"),
    "absent": (Reply(PAGE, 404, HTML), "model-not-found"),
    "absent by its words": (refusal(400, "Invalid model name passed in model=m"), "model-not-found"),
    "refused with a page": (Reply(PAGE, 405, HTML), "model-request-unexplained"),
    "refused": (refusal(422, f"bad field, key {KEY}"), "model-request-refused"),
    "an error with status 200": (as_json({"error": {"message": "The model crashed."}}), "model-request-refused"),
    "an error inside a stream": (events({"error": {"message": "Overloaded", "code": 502}}), "model-request-refused"),
    "too long": (refusal(400, "too long", "context_length_exceeded"), "model-context-too-long"),
    "broken at once": (Reply(type=EVENTS, promised=900), "model-hung-up"),
}  # fmt: skip


@pytest.mark.parametrize("name", OPENAI)
def test_an_openai_like_server_fails(name: str, server: Server) -> None:
    reply, code = OPENAI[name]
    server.replies = [reply]
    error = failure(openai_like(server))
    assert error.notice.code == code
    assert len(server.posts) == 1


OLLAMA = {
    "a page": (Reply(PAGE, type=HTML), "model-answer-page"),
    "nothing": (Reply(), "model-answer-empty"),
    "a stream without a line": (Reply(type=LINES), "model-answer-empty"),
    "words": (Reply(b"Ollama is running", type="text/plain"), "model-answer-not-json"),
    "a line that is no JSON": (Reply(b"{not json\n", type=LINES), "model-answer-not-understood"),
    "JSON of another form": (as_json({"reply": "1702"}), "model-answer-not-understood"),
    "a line of another form": (ollama_protocol.chat([{"reply": "1702"}]), "model-answer-not-understood"),
    "other bytes": (Reply(BAD_LINES, type=LINES), "model-answer-garbled"),
    "redirect": (Reply(status=301, headers={"Location": "http://other.example/api/chat"}), "model-moved"),
    "failing": (Reply(PAGE, 503, HTML), "model-failing"),
    "forbidden": (ollama_protocol.refusal(403, "no"), "model-access-refused"),
    "refused": (ollama_protocol.refusal(400, "bad option"), "model-request-refused"),
    "rate limit": (ollama_protocol.refusal(429, "too many requests"), "model-rate-limited"),
    "broken at once": (Reply(type=LINES, promised=900), "model-hung-up"),
}  # fmt: skip


@pytest.mark.parametrize("name", OLLAMA)
def test_an_ollama_server_fails(name: str, server: Server) -> None:
    reply, code = OLLAMA[name]
    server.replies = [ollama_protocol.shown(), reply]
    assert failure("ollama:m").notice.code == code
    assert len(server.posts) == 2


@pytest.mark.parametrize(
    "name", [name for name in OLLAMA if name not in ("a stream without a line", "a line of another form")]
)
def test_an_ollama_server_fails_when_it_is_asked_about_a_model(name: str, server: Server) -> None:
    reply, code = OLLAMA[name]
    server.replies = [reply]
    assert failure("ollama:m").notice.code in (code, "model-answer-not-understood", "model-answer-not-json")


@pytest.mark.parametrize(
    ("page", "code"),
    [
        (Reply(PAGE, type=HTML), "model-answer-page"),
        (Reply(status=302, headers={"Location": "/login?key=0123456789"}), "model-moved"),
        (Reply(b"M\xfchle"), "model-answer-garbled"),
        (Reply(PAGE, 401, HTML), "model-access-refused"),
    ],
)
def test_a_server_that_is_asked_for_its_models(page: Reply, code: str, server: Server) -> None:
    server.pages["/v1/models"] = page
    assert failure(openai_like(server)).notice.code == code


@pytest.mark.parametrize(
    "page", [Reply(b"Service ready.", type="text/plain"), Reply(), as_json({"data": "none"}), as_json(3)]
)
def test_a_server_without_a_list_is_used_where_the_model_is_named(page: Reply, server: Server) -> None:
    server.pages["/v1/models"] = page
    server.replies = [streamed("1702")]
    assert ask(openai_like(server)) == "1702"
    assert failure(f"openai-like:{server.url}/v1").notice.code in (
        "model-unnamed", "model-answer-not-json", "model-answer-empty"
    )  # fmt: skip


def broken(*pieces: bytes, kind: str) -> list[Reply]:
    """A stream that ends, one that is cut, after the first words."""
    return [Reply(list(pieces), type=kind), Reply(list(pieces), type=kind, promised=90_000)]


@pytest.mark.parametrize("reply", broken(*as_events([chunk(content="The mill ")]), kind=EVENTS))
def test_a_stream_that_breaks_off(reply: Reply, server: Server) -> None:
    server.replies = [reply]
    assert failure(openai_like(server)).notice.code == "model-broke-off"


@pytest.mark.parametrize("reply", broken(*ollama_protocol.chat([ollama_protocol.line("The mill ")]).body, kind=LINES))
def test_a_stream_of_ollama_that_breaks_off(reply: Reply, server: Server) -> None:
    server.replies = [ollama_protocol.shown(), reply]
    assert failure("ollama:m").notice.code == "model-broke-off"


def test_a_server_that_hangs_up_is_asked_again(server: Server) -> None:
    server.replies = [Reply(type=EVENTS, promised=900), streamed("1702")]
    assert ask(openai_like(server), llm_retries=1) == "1702"


def test_an_exhausted_quota_is_not_asked_again(server: Server) -> None:
    server.replies = [OPENAI["quota"][0]]
    error = failure(openai_like(server), llm_retries=3)
    assert not isinstance(error, TransientError)
    assert len(server.posts) == 1


def test_a_silent_server(server: Server) -> None:
    server.replies = [Reply([HANG], type=EVENTS)]
    assert failure(openai_like(server), llm_timeout=0.4).notice.code == "model-silent"
    server.requests.clear()
    server.replies = [ollama_protocol.shown(), Reply([HANG], type=LINES)]
    assert failure("ollama:m", llm_timeout=0.4).notice.code == "model-silent"


def test_nobody_listens(server: Server) -> None:
    server.close()
    assert failure(openai_like(server)).notice.code == "model-unreachable"
    assert failure("ollama:m").notice.code == "ollama-unreachable"


def test_a_redirect_is_not_followed(server: Server) -> None:
    with Server(streamed("1702")) as other:
        server.replies = [Reply(status=307, headers={"Location": f"{other.url}/v1/chat/completions?key={KEY}"})]
        error = failure(openai_like(server))
        assert f"points to another address, {other.url}/v1, which is not followed" in str(error)
        assert other.requests == []


@pytest.fixture(scope="module")
def own_certificate(tmp_path_factory: pytest.TempPathFactory) -> ssl.SSLContext:
    """A certificate that nobody but its owner has signed."""
    folder = tmp_path_factory.mktemp("certificate")
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=127.0.0.1".split()
    try:
        subprocess.run(
            [*command, "-keyout", folder / "key", "-out", folder / "certificate"], check=True, capture_output=True
        )
    except FileNotFoundError:
        pytest.skip("openssl is not installed")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "certificate", folder / "key")
    return context


def test_a_certificate_that_nobody_trusts(
    own_certificate: ssl.SSLContext, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Server(streamed("1702"), tls=own_certificate) as secured:
        monkeypatch.setenv("OLLAMA_HOST", secured.url)
        monkeypatch.setenv("OPENAI_BASE_URL", secured.url)
        monkeypatch.setenv("OPENAI_API_KEY", KEY)
        for spec in (openai_like(secured), "ollama:m", "openai:m"):
            error = failure(spec)
            assert error.notice.code == "model-certificate"
            assert "self-signed certificate" in str(error)
            assert "SSL_CERT_FILE" in str(error)
        assert secured.requests == []


def test_a_server_without_encryption(server: Server) -> None:
    error = failure(f"openai-like:https{server.url.removeprefix('http')}/v1#m")
    assert error.notice.code == "model-encryption-failed"


@pytest.mark.parametrize("key", ["sk-a\nb", "sk-ключ", "sk-a b"])
@pytest.mark.parametrize(
    ("spec", "variable"),
    [
        ("openai:m", "OPENAI_API_KEY"),
        ("openai-like:http://127.0.0.1:9/v1#m", "RAG_LLM_API_KEY"),
        ("ollama:m", "OLLAMA_API_KEY"),
    ],
)
def test_a_key_that_cannot_be_sent(spec: str, variable: str, key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(variable, key)
    with pytest.raises(UsageError) as caught:
        open_llm(spec, Settings())
    assert caught.value.notice.code == "model-key-unsendable"
    for language in ("en", "de"):
        assert variable in caught.value.notice.text(language)
        assert key not in caught.value.notice.text(language)


def test_a_key_may_end_with_a_line_break(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAG_LLM_API_KEY", f"{KEY}\n")
    server.replies = [streamed("1702")]
    assert ask(openai_like(server)) == "1702"
    assert server.posts[0].headers["authorization"] == f"Bearer {KEY}"


def test_a_refusal_shows_a_short_line(server: Server) -> None:
    server.replies = [refusal(422, "bad\x1b[31m field\n" * 400)]
    sentence = str(failure(openai_like(server)))
    assert len(sentence) < 420
    assert "\x1b" not in sentence


@pytest.mark.parametrize("service", ["openai-like", "ollama"])
def test_a_service_that_nobody_listens_to_any_more_stops_at_once(service: str, server: Server) -> None:
    left, cancel = threading.Event(), threading.Event()
    is_ollama = service == "ollama"
    pieces = list(as_lines([ollama_protocol.line("On ")]) if is_ollama else as_events([chunk(content="On ")])[:1])

    def writing() -> Iterator[bytes]:
        try:
            while True:
                yield from pieces
                left.wait(0.01)
        finally:
            left.set()

    reply = Reply(writing(), type=LINES if is_ollama else EVENTS)
    server.replies = [ollama_protocol.shown(), reply] if is_ollama else [reply]
    model = open_llm("ollama:m" if is_ollama else openai_like(server), Settings(llm_retries=0))
    assert model is not None
    # The stream of a client library may be a circle of objects, which would go only when garbage is collected.
    gc.disable()
    try:
        for _ in model.stream(QUESTION, 50, cancel=cancel):
            cancel.set()
        assert left.wait(60)
    finally:
        gc.enable()
