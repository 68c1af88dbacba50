"""Traces of calls for an OpenTelemetry collector: the extra ``traces``.

Owns: the spans of a call and where they are sent. Imported, and with it OpenTelemetry, only where traces are asked for.
Knows nothing about how a question is answered: a span holds times, counts and names of routes, never a text.

    POST /v1/answer          as long as the call
      answer                 as long as the answer took
        retrieve             as long as finding took
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager

from starlette.datastructures import Headers

from rag.errors import UsageError
from rag.hosting.calls import Call

try:
    from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor
    from opentelemetry.trace import Span, SpanKind, Status, StatusCode, set_span_in_context
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
except ImportError:
    raise UsageError(
        "RAG_SERVE_TRACES needs OpenTelemetry; install it with: pip install 'footnote-rag[traces]'"
    ) from None

_ENDPOINTS = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
# Milliseconds that the end of the service waits for the last spans to be sent.
_FLUSH_MS = 3000
_NANOSECONDS = 1_000_000_000


class Traces:
    """Makes the spans of calls and sends them in the background; a collector that is gone holds no call up."""

    def __init__(self) -> None:
        """Get ready to send to the collector that the environment names.

        Raises:
            UsageError: It names none.
        """
        if not any(os.environ.get(name) for name in _ENDPOINTS):
            raise UsageError(
                f"RAG_SERVE_TRACES is on, but {_ENDPOINTS[1]} names no collector; set it, for example to "
                "http://127.0.0.1:4317."
            )
        # The environment may name the service otherwise.
        attributes = {} if os.environ.get("OTEL_SERVICE_NAME") else {"service.name": "footnote"}
        self._provider = TracerProvider(resource=Resource.create(attributes), shutdown_on_exit=False)
        self._provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
        self._tracer = self._provider.get_tracer("footnote")
        self._propagator = TraceContextTextMapPropagator()

    @contextmanager
    def span(self, call: Call, headers: Headers) -> Iterator[None]:
        """Make the span of a call, and those of what it did; the call belongs to the trace that its headers name.

        Args:
            call: The call; its record is complete at the end.
            headers: Those of the request.

        Yields:
            Nothing: the call is answered inside.
        """
        parent = self._propagator.extract(headers)
        span = self._tracer.start_span(call.method, context=parent, kind=SpanKind.SERVER)
        try:
            yield
        finally:
            now = time.time_ns()
            span.update_name(f"{call.method} {call.route}".strip())
            span.set_attributes({"http.request.method": call.method, "http.response.status_code": call.status})
            if call.route:
                span.set_attribute("http.route", call.route)
            span.set_attribute("footnote.request_id", call.request_id)
            span.set_attribute("footnote.complete", call.complete)
            if call.status >= 500:
                span.set_status(Status(StatusCode.ERROR))
            if call.answers:
                self._answer_spans(span, call, now)
            elif call.passages:
                span.set_attribute("footnote.passages", call.passages)
            span.end(now)

    def close(self) -> None:
        """Send what is left, as far as the collector takes it soon."""
        self._provider.force_flush(_FLUSH_MS)
        self._provider.shutdown()

    def _answer_spans(self, span: Span, call: Call, end: int) -> None:
        start = end - round(call.answer_seconds * _NANOSECONDS)
        found = min(end, start + round(call.retrieve_seconds * _NANOSECONDS))
        answer = self._tracer.start_span("answer", context=set_span_in_context(span), start_time=start)
        answer.set_attribute("footnote.citations", call.citations)
        answer.set_attribute("footnote.abstained", bool(call.abstained))
        answer.set_attribute("footnote.tokens.sent", call.sent)
        answer.set_attribute("footnote.tokens.written", call.written)
        for verdict, count in call.verdicts.items():
            answer.set_attribute(f"footnote.sentences.{verdict.replace(' ', '_')}", count)
        retrieve = self._tracer.start_span("retrieve", context=set_span_in_context(answer), start_time=start)
        retrieve.set_attribute("footnote.passages", call.passages)
        retrieve.end(found)
        answer.end(end)
