"""Traces: sent to a real collector on this machine, where they are asked for, and nothing of them elsewhere."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent import futures
from pathlib import Path
from typing import Any

import grpc
import pytest
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2, trace_service_pb2_grpc

from rag.errors import UsageError
from tests.conftest import ROOT
from tests.serve.world import ALPHA, served

_SECONDS = 60
TRACE, PARENT = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"


class Collector(trace_service_pb2_grpc.TraceServiceServicer):
    """Keeps what it is sent."""

    def __init__(self) -> None:
        self.requests: list[Any] = []
        self._came = threading.Condition()

    def Export(self, request: Any, context: Any) -> Any:
        with self._came:
            self.requests.append(request)
            self._came.notify_all()
        return trace_service_pb2.ExportTraceServiceResponse()

    def spans(self, count: int) -> dict[str, Any]:
        """Return the spans by name, once there are so many."""
        with self._came:
            assert self._came.wait_for(lambda: len(self._all()) >= count, _SECONDS), "no spans came"
            return {span.name: span for span in self._all()}

    def _all(self) -> list[Any]:
        return [
            span
            for request in self.requests
            for resource in request.resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        ]


@pytest.fixture
def collector(monkeypatch: pytest.MonkeyPatch) -> Iterator[Collector]:
    kept = Collector()
    server = grpc.server(futures.ThreadPoolExecutor(2))
    trace_service_pb2_grpc.add_TraceServiceServicer_to_server(kept, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f"http://127.0.0.1:{port}")
    monkeypatch.setenv("OTEL_BSP_SCHEDULE_DELAY", "50")
    yield kept
    server.stop(None).wait(_SECONDS)


def attributes(span: Any) -> dict[str, Any]:
    return {one.key: getattr(one.value, one.value.WhichOneof("value")) for one in span.attributes}


def test_spans_of_an_answer_reach_a_collector_without_text(tmp_path: Path, collector: Collector) -> None:
    question = f"What is the toll of {ALPHA}?"
    body = {"model": "alpha", "messages": [{"role": "user", "content": question}]}
    with served(tmp_path, serve_traces=True) as world, world.client("reads alpha") as client:
        headers = {"traceparent": f"00-{TRACE}-{PARENT}-01", "x-request-id": "trace-me", "user-agent": ALPHA}
        response = client.post(f"/v1/chat/completions?x={ALPHA}", json=body, headers=headers)
        assert response.status_code == 200
        spans = collector.spans(3)
    request, answer, retrieve = spans["POST /v1/chat/completions"], spans["answer"], spans["retrieve"]
    assert request.trace_id.hex() == TRACE
    assert request.parent_span_id.hex() == PARENT
    assert answer.parent_span_id == request.span_id
    assert retrieve.parent_span_id == answer.span_id
    assert request.start_time_unix_nano <= answer.start_time_unix_nano <= retrieve.end_time_unix_nano
    assert retrieve.end_time_unix_nano <= answer.end_time_unix_nano <= request.end_time_unix_nano
    told = attributes(request)
    assert (told["http.route"], told["http.response.status_code"]) == ("/v1/chat/completions", 200)
    assert told["footnote.request_id"] == "trace-me"
    assert attributes(answer)["footnote.citations"] >= 1
    assert attributes(answer)["footnote.sentences.verified"] >= 1
    sent = b"".join(request.SerializeToString() for request in collector.requests)
    for word in (ALPHA, "crowns", "alpha-secret", *world.tokens.values()):
        assert word.encode() not in sent


def test_what_is_left_is_sent_at_the_end(tmp_path: Path, collector: Collector, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_BSP_SCHEDULE_DELAY", "3600000")
    with served(tmp_path, serve_traces=True) as world:
        with world.client() as client:
            client.get("/healthz")
        assert "GET /healthz" in collector.spans(1)


def test_a_collector_that_is_gone_fails_no_call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9")
    with served(tmp_path, serve_traces=True) as world, world.client() as client:
        assert client.get("/healthz").status_code == 200


def test_traces_without_a_collector_are_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OTEL_EXPORTER_OTLP_ENDPOINT", raising=False)
    with (
        pytest.raises(UsageError, match="OTEL_EXPORTER_OTLP_ENDPOINT names no collector"),
        served(tmp_path, serve_traces=True),
    ):
        pass


_UNASKED = """
import sys
from pathlib import Path
from rag.hosting.access import OpenAccess
from rag.serve.app import make_app
from rag.serve.service import Service
from rag.settings import Settings
from starlette.testclient import TestClient
with TestClient(make_app(Service(Settings(home=Path(sys.argv[1]), llm="none")), OpenAccess())) as client:
    assert client.get("/v1/models").status_code == 200
unasked = ("opentelemetry.sdk", "opentelemetry.exporter", "rag.serve.traces")
print(*[name for name in sys.modules if name.startswith(unasked)])
"""


def test_nothing_of_traces_is_imported_unasked(tmp_path: Path, collector: Collector) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", _UNASKED, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, timeout=300
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.split() == []
    assert collector.requests == []


def test_without_the_extra_it_is_named(tmp_path: Path) -> None:
    code = (
        "import sys; sys.modules['opentelemetry.exporter.otlp.proto.grpc.trace_exporter'] = None\n"
        "from rag.errors import UsageError\n"
        "try:\n    import rag.serve.traces\n"
        "except UsageError as error:\n    print(error)"
    )
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert "pip install 'footnote-rag[traces]'" in ran.stdout
