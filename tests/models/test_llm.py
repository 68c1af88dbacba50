"""Language models: specs, retries, timeouts, cancellation, and one clear sentence for each failure."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from llama_index.core.llms import MockLLM

from rag.errors import LLMError, ModelError, UsageError
from rag.models.llm.budget import (
    REASONING_TOKENS,
    count_fitting,
    estimate_tokens,
    longest_answer,
    room_for_thoughts,
)
from rag.models.llm.model import Message, Model, reading_window
from rag.models.llm.opening import open_llm
from rag.models.weights import TABLE
from rag.settings import Settings
from tests.models.conftest import Script, ScriptedServer, answer

QUESTION = [Message("system", "Be brief."), Message("user", "Say something.")]
SECRET = "sk-very-secret-0123456789"


def settings(tmp_path: Path, **values: object) -> Settings:
    return Settings(models=tmp_path / "models", **values)  # type: ignore[arg-type]


def events(*texts: str, finish: str | None = "stop") -> bytes:
    """The body of a streamed OpenAI answer."""
    lines = []
    for text in texts:
        lines.append({"choices": [{"index": 0, "delta": {"content": text}, "finish_reason": None}]})
    if finish:
        lines.append({"choices": [{"index": 0, "delta": {}, "finish_reason": finish}]})
    common = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m"}
    body = "".join(f"data: {json.dumps({**common, **line})}\n\n" for line in lines)
    return (body + ("data: [DONE]\n\n" if finish else "")).encode()


def good(*texts: str) -> Script:
    return answer(200, events(*texts), Content_Type="text/event-stream")


def failure(status: int, message: str, **headers: str) -> Script:
    return answer(status, json.dumps({"error": {"message": message}}).encode(), **headers)


def open_at(service: ScriptedServer, tmp_path: Path, **values: object) -> Model:
    model = open_llm(f"openai-like:{service.url}/v1#m", settings(tmp_path, **values))
    assert model is not None
    return model


def ask(model: Model) -> str:
    return "".join(model.stream(QUESTION, 20))


def error_of(model: Model) -> str:
    with pytest.raises(LLMError) as caught:
        ask(model)
    sentence = str(caught.value)
    assert "\n" not in sentence
    assert SECRET not in sentence
    return sentence


def test_import_is_light() -> None:
    code = (
        "import sys, rag.models.llm.opening; "
        "sys.exit(bool({'llama_index.core', 'xllamacpp', 'openai', 'httpx'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_none_opens_nothing(tmp_path: Path) -> None:
    assert open_llm("none", settings(tmp_path)) is None


@pytest.mark.parametrize(
    "spec", ["", "gpt-4o", "local:gpt-9", "all-minilm-l6-v2", "http://127.0.0.1", "ollama:", "openai:"]
)
def test_a_spec_of_no_known_form(spec: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="NAME"):
        open_llm(spec, settings(tmp_path))


def test_absent_files_and_weights(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no file"):
        open_llm(str(tmp_path / "absent.gguf"), settings(tmp_path))
    with pytest.raises(ModelError, match=r"rag models pull qwen2\.5-coder-0\.5b-instruct"):
        open_llm("local", settings(tmp_path))
    fetched: list[str] = []

    def fetch(name: str) -> Path:
        fetched.append(name)
        raise ModelError("no network")

    with pytest.raises(ModelError, match="no network"):
        open_llm("smollm2-135m-instruct", settings(tmp_path), fetch)
    assert fetched == ["smollm2-135m-instruct"]


def test_a_file_that_is_no_model(tmp_path: Path) -> None:
    path = tmp_path / "broken.gguf"
    path.write_bytes(b"GGUF but not really")
    with pytest.raises(ModelError, match="GGUF"):
        open_llm(str(path), settings(tmp_path))


def test_missing_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "anthropic", None)
    with pytest.raises(UsageError, match=r"pip install 'footnote-rag\[anthropic\]'"):
        open_llm("anthropic:claude-sonnet-4-5", settings(tmp_path))


@pytest.mark.parametrize(
    ("spec", "variable"),
    [
        ("openai:gpt-4o", "OPENAI_API_KEY"),
        ("anthropic:claude-sonnet-4-5", "ANTHROPIC_API_KEY"),
        ("gemini:gemini-2.5-flash", "GEMINI_API_KEY"),
    ],
)
def test_keys_come_from_the_environment_and_are_not_shown(
    spec: str, variable: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(variable, raising=False)
    with pytest.raises(UsageError, match=variable):
        open_llm(spec, settings(tmp_path))
    monkeypatch.setenv(variable, SECRET)
    model = open_llm(spec, settings(tmp_path))
    assert model is not None
    assert not model.weak
    assert model.context_window >= 100_000
    for shown in (repr(model), repr(model.llm), str(model.llm), str(model.llm.to_dict())):
        assert SECRET not in shown


def test_a_stream_is_passed_on(service: ScriptedServer, tmp_path: Path) -> None:
    service.scripts = [good("The ", "lamp.")]
    model = open_at(service, tmp_path)
    assert list(model.stream(QUESTION, 20)) == ["The ", "lamp."]
    assert model.context_window == 8192
    assert not model.weak
    assert model.name == "m"
    assert open_at(service, tmp_path, context_window=1000, llm_trust="weak").weak


def test_retry_after_is_honoured(service: ScriptedServer, tmp_path: Path) -> None:
    service.scripts = [failure(429, "slow down", Retry_After="1"), good("fine")]
    started = time.monotonic()
    assert ask(open_at(service, tmp_path)) == "fine"
    assert time.monotonic() - started >= 1
    assert service.posts == 2


def test_a_long_retry_after_is_not_waited_for(service: ScriptedServer, tmp_path: Path) -> None:
    service.scripts = [failure(429, "slow down", Retry_After="3600")]
    assert "3600 s" in error_of(open_at(service, tmp_path))
    assert service.posts == 1


def test_retries_end(service: ScriptedServer, tmp_path: Path) -> None:
    service.scripts = [failure(503, "overloaded")]
    assert "503" in error_of(open_at(service, tmp_path, llm_retries=1))
    assert service.posts == 2


@pytest.mark.parametrize(
    ("script", "words"),
    [
        (failure(401, f"Incorrect API key provided: {SECRET}"), "RAG_LLM_API_KEY"),
        (failure(403, "no"), "RAG_LLM_API_KEY"),
        (failure(404, "no such model"), "has no model 'm'"),
        (failure(400, "This model's maximum context length is 10 tokens"), "RAG_CONTEXT_WINDOW"),
        (failure(422, f"bad field, key {SECRET}"), "bad field"),
        (answer(200, b"data: {not json\n\n", Content_Type="text/event-stream"), "not understood"),
    ],
)
def test_failures_that_do_not_pass_are_not_retried(
    script: Script, words: str, service: ScriptedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RAG_LLM_API_KEY", SECRET)
    service.scripts = [script]
    assert words in error_of(open_at(service, tmp_path))
    assert service.posts == 1


@pytest.mark.parametrize("promised", [None, 10_000])
def test_a_stream_that_breaks_off(promised: int | None, service: ScriptedServer, tmp_path: Path) -> None:
    def script(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/event-stream")
        if promised:
            handler.send_header("Content-Length", str(promised))
        handler.end_headers()
        handler.wfile.write(events("half an", finish=None))

    service.scripts = [script]
    deltas = open_at(service, tmp_path).stream(QUESTION, 20)
    assert next(deltas) == "half an"
    with pytest.raises(LLMError, match="broke off in the middle"):
        list(deltas)
    assert service.posts == 1


def hanging(service: ScriptedServer, *texts: str) -> Script:
    def script(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/event-stream")
        handler.end_headers()
        handler.wfile.write(events(*texts, finish=None))
        handler.wfile.flush()
        service.released.wait(60)

    return script


def test_a_silent_service_is_given_up(service: ScriptedServer, tmp_path: Path) -> None:
    service.scripts = [hanging(service)]
    assert "RAG_LLM_TIMEOUT" in error_of(open_at(service, tmp_path, llm_timeout=0.5))
    assert service.posts == 1


def test_cancelling_ends_at_once_and_without_an_error(service: ScriptedServer, tmp_path: Path) -> None:
    service.scripts = [hanging(service, "one ", "two ")]
    cancel = threading.Event()
    deltas = []
    for delta in open_at(service, tmp_path).stream(QUESTION, 20, cancel=cancel):
        deltas.append(delta)
        if len(deltas) == 2:
            cancel.set()
    assert deltas == ["one ", "two "]
    assert not service.released.is_set(), "it ended before the service did"


def test_nobody_listens(service: ScriptedServer, tmp_path: Path) -> None:
    service.scripts = [good("x")]
    model = open_at(service, tmp_path, llm_retries=0)
    service.close()
    assert "cannot be reached" in error_of(model)
    with pytest.raises(LLMError, match="cannot be reached"):
        open_llm(f"openai-like:{service.url}/v1#m", settings(tmp_path))


def test_openai_like_needs_an_address_and_a_name(service: ScriptedServer, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="HOST"):
        open_llm("openai-like:localhost#m", settings(tmp_path))
    with pytest.raises(UsageError, match="name one"):
        open_llm(f"openai-like:{service.url}/v1", settings(tmp_path))


def test_ollama(service: ScriptedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OLLAMA_HOST", service.url)
    message = {"model": "m", "created_at": "2026-01-01T00:00:00Z", "message": {"role": "assistant", "content": "hello"}}
    lines = [{**message, "done": False}, {**message, "message": {"role": "assistant", "content": ""}, "done": True}]
    service.scripts = [
        answer(200, json.dumps({"model_info": {"general.parameter_count": 1_000_000_000}}).encode()),
        answer(200, "\n".join(json.dumps(line) for line in lines).encode(), Content_Type="application/x-ndjson"),
    ]
    model = open_llm("ollama:m", settings(tmp_path))
    assert model is not None
    assert model.weak
    assert model.context_window == 8192
    assert ask(model) == "hello"
    service.scripts = [answer(404, b'{"error": "model not found"}')]
    with pytest.raises(LLMError, match="ollama pull m"):
        open_llm("ollama:m", settings(tmp_path))


@pytest.mark.parametrize(("window", "limit"), [(8192, 1024), (4096, 1024), (2048, 512), (512, 400)])
def test_a_small_window_keeps_room_for_evidence(window: int, limit: int) -> None:
    assert longest_answer(window, 1024) == limit
    assert longest_answer(window, 100) == 100


def test_thoughts_get_what_the_window_has_left() -> None:
    assert room_for_thoughts(128_000, 3000, 1024) == REASONING_TOKENS == 4096
    assert room_for_thoughts(8192, 4000, 1024) == 8192 - 4000 - 1024 - 16
    assert room_for_thoughts(8192, 8000, 1024) == 0


def test_a_model_that_thinks_reads_less_at_once() -> None:
    model = Model("m", 8192, False, MockLLM())
    assert reading_window(model) == 8192
    model.habits.thinks = True
    assert reading_window(model) == 8192 - 2048


def test_estimate_is_rather_too_high() -> None:
    assert estimate_tokens("") == 0
    assert 10 <= estimate_tokens("The lighthouse was built in stone by monks.") <= 20
    assert estimate_tokens("灯台は石で造られた。") >= 10


def test_fit_counts_whole_pieces_only() -> None:
    def count(text: str) -> int:
        return len(text)

    pieces = ["a" * 84, "b" * 84, "c" * 84]
    # 16 tokens are added to each text: the fixed ones take 100 of the window, each piece 100.
    assert count_fitting(pieces, 600, 100, ["s" * 34, "q" * 34], count) == 3
    assert count_fitting(pieces, 499, 100, ["s" * 34, "q" * 34], count) == 2
    assert count_fitting(pieces, 200, 100, ["s" * 34, "q" * 34], count) == 0
    assert count_fitting([], 600, 100, [], count) == 0


@pytest.mark.model
def test_the_default_model_answers_alike_and_stops(default_gguf: Path) -> None:
    model = open_llm(str(default_gguf), Settings())
    assert model is not None
    assert model.weak
    assert model.context_window == 8192
    try:
        messages = [Message("user", "The lamp was lit in 1911.\n\nQuestion: When was the lamp lit?")]
        first = "".join(model.stream(messages, 30))
        list(model.stream([Message("user", "Name a colour.")], 5))
        assert "1911" in first
        assert "".join(model.stream(messages, 30)) == first
        done = model.meter.calls[-1]
        assert done.ended == "stop"
        assert 0 < done.written < 30 < done.sent
        list(model.stream([Message("user", "Count from one to one hundred in words.")], 3))
        cut = model.meter.calls[-1]
        assert (cut.ended, cut.written, cut.estimated) == ("length", 3, False)
        assert model.count_tokens("hello") == 1
        assert model.likelihood is not None
        question = [Message("user", "Is Paris in France? Answer with Yes or No.")]
        yes, no, other = model.likelihood(question, ("Yes", "No", "Banana")) or (0.0, 0.0, 1.0)
        assert 1 > yes > no > other == 0
        assert model.likelihood(question, ("Yes", "No", "Banana")) == (yes, no, other)
        assert model.likelihood([Message("user", "word " * 9000)], ("Yes",)) is None
        cancel = threading.Event()
        stream = model.stream([Message("user", "Count from one to one hundred in words.")], 300, cancel=cancel)
        next(stream)
        cancel.set()
        assert list(stream) == []
        assert model.meter.calls[-1].ended == "cancelled"
        with pytest.raises(LLMError, match="RAG_CONTEXT_WINDOW"):
            list(model.stream([Message("user", "word " * 9000)], 5))
    finally:
        model.close()


@pytest.mark.model
def test_a_real_server(smallest_gguf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """llama.cpp's own server, reached as any OpenAI-compatible one."""
    import xllamacpp

    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(smallest_gguf)
    parameters.n_ctx, parameters.n_parallel, parameters.verbosity = 512, 1, -1
    parameters.api_keys = [SECRET]
    parameters.cpuparams.n_threads = parameters.cpuparams_batch.n_threads = 1
    server = xllamacpp.Server(parameters)
    spec = f"openai-like:{server.listening_address}/v1#"

    monkeypatch.setenv("RAG_LLM_API_KEY", "sk-wrong-0123456789")
    with pytest.raises(LLMError, match="RAG_LLM_API_KEY") as caught:
        open_llm(spec, settings(tmp_path))
    assert "wrong" not in str(caught.value)

    monkeypatch.setenv("RAG_LLM_API_KEY", SECRET)
    model = open_llm(spec, settings(tmp_path))
    assert model is not None
    assert model.weak
    assert model.context_window == 512
    assert SECRET not in repr(model) + repr(model.llm)
    assert len(list(model.stream([Message("user", "Tell a long story.")], 8))) > 1
    call = model.meter.calls[-1]
    assert (call.ended, call.written, call.estimated) == ("length", 8, False)
    assert call.sent > 4
    with pytest.raises(LLMError, match="RAG_CONTEXT_WINDOW"):
        list(model.stream([Message("user", "word " * 600)], 8))
    cancel = threading.Event()
    stream = model.stream([Message("user", "Tell a long story.")], 300, cancel=cancel)
    next(stream)
    cancel.set()
    assert list(stream) == []
    assert len(list(model.stream(QUESTION, 8))) > 1
    model.close()


def test_known_language_models_have_a_window() -> None:
    assert all(weights.window >= 8192 for weights in TABLE.values() if weights.kind == "llm")
