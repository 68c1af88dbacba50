"""What is told of calls: request ids, log lines, the audit log, metrics, and whether the service can answer."""

from __future__ import annotations

import json
import logging
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from rag.errors import LLMError
from rag.hosting.access import OpenAccess
from rag.hosting.audit import AuditLog
from rag.hosting.calls import Call, current_call
from rag.log import JsonFormatter, LineFormatter, logged_with
from rag.notices import Notice
from rag.serve.app import make_app
from rag.serve.service import Service
from rag.settings import Settings
from tests.serve.world import ALPHA, World, served

QUESTION = f"What is the toll of {ALPHA}?"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with served(tmp_path) as world:
        yield world


def ask(client: TestClient, question: str = QUESTION, index: str = "alpha", **options: Any) -> Any:
    body = {"model": index, "messages": [{"role": "user", "content": question}], **options}
    return client.post("/v1/chat/completions", json=body)


def audit(world: World) -> list[dict[str, Any]]:
    path = world.service.settings.home / ".audit" / "calls.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()]


# -- request ids -------------------------------------------------------------------------------------------------------


def test_every_response_has_an_id_and_the_headers(world: World) -> None:
    client = world.client("reads all")
    ids = set()
    for path in ("/v1/models", "/healthz", "/nothing", "/v1/models/beta", "/openapi.json"):
        response = client.get(path)
        ids.add(response.headers["x-request-id"])
        assert response.headers["x-content-type-options"] == "nosniff"
        assert response.headers["content-security-policy"].startswith("default-src 'none'")
        assert response.headers["cache-control"] == "no-store"
    for response in (world.client().get("/v1/models"), client.get("/v1/models", headers={"origin": "null"})):
        ids.add(response.headers["x-request-id"])
        assert response.headers["x-frame-options"] == "DENY"
    assert len(ids) == 7


def test_a_sane_id_of_the_caller_is_taken(world: World) -> None:
    client = world.client("reads all")
    for given in ("abc-1.2_3", "x" * 64, "018f4f0e-9c2b-7d52-8a53-3b8a1c7e1a2b"):
        assert client.get("/healthz", headers={"x-request-id": given}).headers["x-request-id"] == given
    for given in ("", "x" * 65, "a b", "-x", "a\tb", "<script>", "ä", '"'):
        own = client.get("/healthz", headers={"x-request-id": given.encode("latin-1")}).headers["x-request-id"]
        assert own != given
        assert own.isalnum()


def test_an_unforeseen_error_is_one_sentence_with_the_id(world: World, caplog: pytest.LogCaptureFixture) -> None:
    @world.app.get("/fault")
    def fault() -> None:
        raise ZeroDivisionError("a secret of the program")

    response = world.client("reads all").get("/fault")
    assert response.status_code == 500
    error = response.json()["error"]
    assert error["code"] == "unexpected"
    assert response.headers["x-request-id"] in error["message"]
    assert "secret" not in response.text
    assert response.headers["x-content-type-options"] == "nosniff"
    assert [record.error for record in caplog.records if record.message == "request failed"] == ["ZeroDivisionError"]
    assert audit(world)[-1]["status"] == 500


# -- log lines ---------------------------------------------------------------------------------------------------------


class Lines(logging.Handler):
    """Formats each record as it is logged, where it is logged."""

    def __init__(self) -> None:
        super().__init__()
        self.formatters = (JsonFormatter(), LineFormatter())
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.extend(formatter.format(record) for formatter in self.formatters)


@pytest.fixture
def lines() -> Iterator[list[str]]:
    handler, logger = Lines(), logging.getLogger("rag")
    before = logger.level
    logger.setLevel(logging.DEBUG)
    logger.addHandler(handler)
    yield handler.lines
    logger.removeHandler(handler)
    logger.setLevel(before)


def test_log_lines_of_a_request_carry_its_id_and_no_words(world: World, lines: list[str]) -> None:
    response = ask(world.client("reads alpha", headers={"x-request-id": "trace-me"}))
    assert response.status_code == 200
    assert len(lines) > 4
    of_request = [json.loads(line) for line in lines if line.startswith("{")]
    assert {entry.get("request_id") for entry in of_request} == {"trace-me"}, "also those of the thread that answers"
    assert any(entry["message"] == "passages retrieved" or "retriev" in entry["logger"] for entry in of_request)
    told = next(entry for entry in of_request if entry["message"] == "call answered")
    assert (told["route"], told["status"], told["key"]) == ("/v1/chat/completions", 200, "alpha-reader")
    everything = "\n".join(lines)
    for word in (ALPHA, "crowns", "alpha-secret", *world.tokens.values()):
        assert word not in everything


def test_fields_of_a_context_end_with_it(lines: list[str]) -> None:
    logger = logging.getLogger("rag.test")
    with logged_with(request_id="a"), logged_with(other=1):
        logger.info("inside", extra={"own": 2})
    logger.info("outside")
    assert json.loads(lines[0]).items() >= {"request_id": "a", "other": 1, "own": 2}.items()
    assert lines[1].endswith("inside own=2 request_id=a other=1")
    assert "request_id" not in lines[2]


# -- the audit log -----------------------------------------------------------------------------------------------------


def test_a_call_is_one_line_without_words(world: World) -> None:
    ask(world.client("reads alpha"))
    world.client("reads alpha").get("/v1/models/beta")
    world.client().get("/v1/models")
    world.client("reads alpha").get(f"/{ALPHA}")
    answered, unseen, stranger, nowhere = audit(world)
    assert answered["key"] == "alpha-reader"
    assert (answered["method"], answered["route"], answered["status"]) == ("POST", "/v1/chat/completions", 200)
    assert answered["index"] == "alpha"
    assert answered["complete"] is True
    assert answered["passages"] >= 1
    assert answered["citations"] >= 1
    assert answered["abstained"] is False
    assert answered["milliseconds"] >= 0
    assert (unseen["route"], unseen["index"], unseen["status"]) == ("/v1/models/{name}", "", 404)
    assert unseen["abstained"] is None
    assert (stranger["key"], stranger["status"]) == ("", 401)
    assert (nowhere["route"], nowhere["status"]) == ("", 404)
    path = world.service.settings.home / ".audit" / "calls.jsonl"
    text = path.read_text()
    for word in (ALPHA, "toll", "crowns", "alpha-secret", "question", *world.tokens.values()):
        assert word not in text
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_search_tells_its_passages(world: World) -> None:
    world.client("reads alpha").post("/v1/search", json={"question": QUESTION})
    (line,) = audit(world)
    assert (line["route"], line["index"], line["abstained"]) == ("/v1/search", "alpha", None)
    assert line["passages"] >= 1


def test_a_stream_is_a_line_once_it_is_over(world: World) -> None:
    with world.client("reads alpha") as client:
        assert "[DONE]" in ask(client, stream=True).text
    (line,) = audit(world)
    assert line["complete"] is True
    assert line["citations"] >= 1
    assert line["index"] == "alpha"


def test_questions_are_kept_where_that_is_asked_for(tmp_path: Path) -> None:
    with served(tmp_path, serve_audit="questions") as world:
        ask(world.client("reads alpha"))
        assert audit(world)[0]["question"] == QUESTION
        assert "3 crowns" not in json.dumps(audit(world))


def test_no_line_is_written_where_none_is_wanted(tmp_path: Path) -> None:
    with served(tmp_path, serve_audit="off") as world:
        ask(world.client("reads alpha"))
        assert not (world.service.settings.home / ".audit").exists()


def test_a_file_that_cannot_be_written_fails_no_call_and_is_said_once(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    home = world.service.settings.home
    (home / ".audit").write_text("in the way")
    client = world.client("reads all")
    assert [client.get("/v1/models").status_code for _ in range(3)] == [200] * 3
    said = [record for record in caplog.records if "audit log cannot be written" in record.message]
    assert len(said) == 1
    (home / ".audit").unlink()
    client.get("/v1/models")
    assert len(audit(world)) == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_half_a_line_on_a_full_disk_spoils_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = AuditLog(tmp_path)
    log(Call("first"))
    write = os.write
    monkeypatch.setattr("os.write", lambda file, line: write(file, line[:10]))
    log(Call("second"))
    monkeypatch.undo()
    log(Call("third"))
    assert [json.loads(line)["request_id"] for line in log.path.read_text().splitlines()] == ["first", "third"]


def test_a_full_disk_fails_no_call(world: World, caplog: pytest.LogCaptureFixture) -> None:
    folder = world.service.settings.home / ".audit"
    folder.mkdir()
    os.symlink("/dev/full", folder / "calls.jsonl")
    client = world.client("reads all")
    assert [client.get("/v1/models").status_code for _ in range(3)] == [200] * 3
    said = [record for record in caplog.records if "audit log cannot be written" in record.message]
    assert [record.cause for record in said] == ["No space left on device"]


def test_a_large_file_is_begun_anew(home: Path) -> None:
    log = AuditLog(home, largest=1000)
    for number in range(60):
        log(Call(f"call-{number}"))
    files = {path.name for path in log.path.parent.iterdir() if not path.name.startswith(".")}
    assert files - {"calls.jsonl"} == {f"calls.jsonl.{number}" for number in range(1, 6)}
    assert all(path.stat().st_size < 1500 for path in log.path.parent.iterdir())
    newest = (log.path.parent / "calls.jsonl.1").read_text().splitlines()
    numbers = [int(json.loads(line)["request_id"].removeprefix("call-")) for line in newest]
    assert numbers == sorted(numbers)
    assert max(numbers) >= 55


def test_outside_a_call_nothing_is_recorded() -> None:
    assert current_call() is None


# -- metrics -----------------------------------------------------------------------------------------------------------


def samples(client: TestClient, **headers: str) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    response = client.get("/metrics", headers=headers)
    assert response.status_code == 200
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(response.text)
        for sample in family.samples
    }


def test_metrics_count_what_happened(world: World) -> None:
    ask(world.client("reads alpha"))
    ask(world.client("reads alpha"), "Who won the chess olympiad?")
    world.client("reads alpha").get(f"/{ALPHA}")
    world.client("reads alpha").request(ALPHA, "/v1/models")
    told = samples(world.client("metrics"))
    completions = (("method", "POST"), ("route", "/v1/chat/completions"), ("status", "200"))
    assert told["footnote_requests_total", completions] == 2
    assert told["footnote_requests_total", (("method", "GET"), ("route", "none"), ("status", "404"))] == 1
    assert told["footnote_answers_total", (("outcome", "answered"),)] == 1
    assert told["footnote_answers_total", (("outcome", "abstained"),)] == 1
    assert told["footnote_sentences_total", (("verdict", "verified"),)] >= 1
    assert told["footnote_citations_total", ()] >= 1
    assert told["footnote_answer_seconds_count", ()] == 2
    assert told["footnote_retrieve_seconds_count", ()] == 2
    assert told["footnote_request_seconds_count", (("route", "/v1/chat/completions"),)] == 2
    assert told["footnote_inside", (("of", "answers"),)] == 0
    assert told["footnote_index_documents", (("index", "alpha"),)] == 1
    assert told["footnote_tokens_total", (("direction", "sent"),)] == 0
    text = world.client("metrics").get("/metrics").text
    assert ALPHA not in text
    assert "python_info" not in text, "nothing of another registry"
    labels = {name for _, pairs in told for name, _ in pairs}
    assert labels == {"method", "route", "status", "outcome", "verdict", "of", "index", "direction", "le"}


def test_who_reads_the_metrics(world: World) -> None:
    codes = {name: world.client(name).get("/metrics").status_code for name in ("", *world.tokens)}
    assert codes == {
        "": 401,
        "reads alpha": 403,
        "writes alpha": 403,
        "reads all": 200,
        "writes all": 200,
        "metrics": 200,
    }
    watcher = world.client("metrics")
    assert watcher.get("/v1/models").json()["data"] == []
    assert ask(watcher).status_code == 404


def test_two_services_of_a_process_count_apart(tmp_path: Path) -> None:
    with served(tmp_path / "a") as one, served(tmp_path / "b") as other:
        one.client("reads all").get("/v1/models")
        models = (("method", "GET"), ("route", "/v1/models"), ("status", "200"))
        assert ("footnote_requests_total", models) in samples(one.client("metrics"))
        assert ("footnote_requests_total", models) not in samples(other.client("metrics"))


def test_openmetrics_is_spoken_to_who_asks_for_it(world: World) -> None:
    accept = "application/openmetrics-text; version=1.0.0"
    response = world.client("metrics").get("/metrics", headers={"accept": accept})
    assert response.headers["content-type"].startswith("application/openmetrics-text")
    assert response.text.endswith("# EOF\n")


# -- health ------------------------------------------------------------------------------------------------------------


def test_readiness_says_why_not(tmp_path: Path, world: World) -> None:
    stranger = world.client()
    assert stranger.get("/healthz").json() == {"status": "ok"}
    waiting = stranger.get("/readyz")
    assert waiting.status_code == 503
    assert waiting.json() == {"status": "not ready", "checks": {"index": "ok", "model": "model-still-loading"}}
    world.service.model.get()
    assert stranger.get("/readyz").json() == {"status": "ready", "checks": {"index": "ok", "model": "ok"}}
    assert stranger.get("/readyz").status_code == 200


def test_without_an_index_or_a_model_it_is_not_ready(tmp_path: Path) -> None:
    service = Service(Settings(home=tmp_path / "empty", llm="none"))

    def fail() -> None:
        raise LLMError(Notice("text", {"text": f"{ALPHA} is down"}))

    service.model._open_model = fail
    client = TestClient(make_app(service, OpenAccess()))
    service.model.get()
    ready = client.get("/readyz")
    assert ready.status_code == 503
    assert ready.json()["checks"] == {"index": "no-such-index", "model": "text"}
    assert ALPHA not in ready.text, "no key is needed, so no name is said"
    service.close()
