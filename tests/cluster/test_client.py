"""Ray's client, where the cluster lets it wait: it is broken off, asked once more, and told in one sentence."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import pytest

from rag.cluster import client
from rag.cluster.address import ClusterAddress
from rag.cluster.connection import connect
from rag.errors import UsageError
from tests.extras import required
from tests.loopback import SECONDS, wait_until

required("ray", reason="the extra `cluster` is not installed")
pytestmark = [pytest.mark.slow, pytest.mark.localhost]


@dataclass
class Waiting:
    """Where a cluster lets its clients wait: its port, the ids of the clients, and how many wait now."""

    port: int = 0
    clients: list[str] = field(default_factory=list)
    waiting: int = 0


@pytest.fixture
def cluster() -> Iterator[Waiting]:
    """A server that speaks Ray's protocol and behaves like one whose process for a client never listens."""
    import grpc
    import ray
    from ray.core.generated import ray_client_pb2 as messages
    from ray.core.generated import ray_client_pb2_grpc as services

    assert ray
    told, over = Waiting(), threading.Event()

    class Driver(services.RayletDriverServicer):  # type: ignore[misc]
        def ClusterInfo(self, request: Any, context: Any) -> Any:
            return messages.ClusterInfoResponse(json="{}")

    class Data(services.RayletDataStreamerServicer):  # type: ignore[misc]
        def Datapath(self, requests: Any, context: Any) -> Iterator[Any]:
            told.clients.append(dict(context.invocation_metadata())["client_id"])
            told.waiting += 1
            while context.is_active() and not over.wait(0.05):
                pass
            told.waiting -= 1
            yield from ()

    server = grpc.server(ThreadPoolExecutor(8))
    services.add_RayletDriverServicer_to_server(Driver(), server)
    services.add_RayletDataStreamerServicer_to_server(Data(), server)
    told.port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield told
    over.set()
    server.stop(0).wait(SECONDS)


def test_a_cluster_that_lets_its_clients_wait_is_given_up(cluster: Waiting, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "_ATTEMPT_SECONDS", 5.0)
    # A busy machine may be slow to end an attempt, too.
    monkeypatch.setattr(client, "_END_SECONDS", SECONDS)
    with pytest.raises(UsageError) as raised:
        connect(ClusterAddress(f"ray://127.0.0.1:{cluster.port}", "127.0.0.1", cluster.port))
    assert raised.value.notice.code == "cluster-not-connected"
    assert "it did not answer within 5 seconds" in str(raised.value)
    assert len(set(cluster.clients)) == 2, "it was asked once more, as another client"
    wait_until(lambda: cluster.waiting == 0)
    names = {thread.name for thread in threading.enumerate()}
    assert not names & {"connecting to the cluster", "ray_client_streaming_rpc"}, "no thread is left waiting"
