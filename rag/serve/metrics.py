"""The metrics of a service, as Prometheus reads them.

Owns: their names, and a registry of their own, so that nothing of another library stands among them. Knows nothing
about requests. No label is a caller's text: routes are told by their templates, indexes by the names of those that are
open.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from rag.errors import RagError
from rag.hosting.calls import Call
from rag.serve.service import Service

# Seconds: a refusal takes milliseconds, an answer of a model on a processor a minute.
_BUCKETS = (0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 80, 160, 320)


class Metrics:
    """Counts calls; an observer of `rag.hosting.call_recorder`."""

    def __init__(self, service: Service) -> None:
        """Count nothing yet.

        Args:
            service: Tells how many requests wait, and which indexes are open.
        """
        self._registry = CollectorRegistry(auto_describe=False)
        registry = self._registry
        self._requests = Counter(
            "footnote_requests", "Requests by route and status.", ("method", "route", "status"), registry=registry
        )
        self._seconds = Histogram(
            "footnote_request_seconds",
            "Seconds until a response was sent.",
            ("route",),
            registry=registry,
            buckets=_BUCKETS,
        )
        self._answers = Counter("footnote_answers", "Answers by outcome.", ("outcome",), registry=registry)
        self._verdicts = Counter(
            "footnote_sentences", "Sentences of answers by verdict.", ("verdict",), registry=registry
        )
        self._citations = Counter("footnote_citations", "Citations of answers.", registry=registry)
        self._passages = Counter("footnote_passages", "Passages found.", registry=registry)
        self._tokens = Counter(
            "footnote_tokens", "Tokens that language models were sent and wrote.", ("direction",), registry=registry
        )
        self._retrieve = Histogram(
            "footnote_retrieve_seconds", "Seconds of finding for answers.", (), registry=registry, buckets=_BUCKETS
        )
        self._answer = Histogram(
            "footnote_answer_seconds", "Seconds of answers.", (), registry=registry, buckets=_BUCKETS
        )
        # Zeros before the first, so that rates are right from the beginning.
        for outcome in ("answered", "abstained"):
            self._answers.labels(outcome)
        for direction in ("sent", "written"):
            self._tokens.labels(direction)
        registry.register(_State(service))

    def __call__(self, call: Call) -> None:
        """Count a call that is over."""
        route = call.route or "none"
        self._requests.labels(call.method, route, str(call.status)).inc()
        self._seconds.labels(route).observe(call.seconds)
        self._passages.inc(call.passages)
        self._citations.inc(call.citations)
        self._tokens.labels("sent").inc(call.sent)
        self._tokens.labels("written").inc(call.written)
        self._answers.labels("abstained").inc(call.abstained)
        self._answers.labels("answered").inc(call.answers - call.abstained)
        for verdict, count in call.verdicts.items():
            self._verdicts.labels(verdict).inc(count)
        if call.answers:
            self._retrieve.observe(call.retrieve_seconds)
            self._answer.observe(call.answer_seconds)

    def text(self, accept: str) -> tuple[bytes, str]:
        """Return all of them.

        Args:
            accept: What the reader accepts, as its header says.

        Returns:
            The text and its content type.
        """
        encode, content_type = choose_encoder(accept)
        return encode(self._registry), content_type


class _State(Collector):
    """What is so now: asked for when the metrics are read, and cheap."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def collect(self) -> Iterable[Metric]:
        waiting = GaugeMetricFamily("footnote_inside", "Requests that wait or work, by what they want.", labels=["of"])
        for of, count in self._service.load.items():
            waiting.add_metric([of], count)
        yield waiting
        documents = GaugeMetricFamily("footnote_index_documents", "Documents of an open index.", labels=["index"])
        for index in self._service.opened():
            # One that is being closed has nothing to tell.
            with suppress(RagError):
                documents.add_metric([index.name], index.catalog.source_counts()[0])
        yield documents
