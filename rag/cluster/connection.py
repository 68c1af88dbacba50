"""The way to a Ray cluster.

Owns: importing Ray, connecting to a cluster or starting one on this machine, and which of its nodes can work. Usage
statistics and the dashboard are off, and a cluster that is started here listens on this machine alone.
"""

from __future__ import annotations

import ipaddress
import logging
import os
import signal
import socket
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from rag.cluster.address import CLIENT, ClusterAddress
from rag.cluster.client import join_as_client
from rag.cluster.node import NodeState, this_node
from rag.errors import UsageError
from rag.notices import Notice

_LOG = logging.getLogger(__name__)
_CONNECT_SECONDS, _ANSWER_SECONDS = 5, 30
# What a client of HTTP/2 says first, with settings that change nothing; a server begins with its own (RFC 9113, 3.4).
_HTTP2_SETTINGS, _HTTP2_HEAD_BYTES = 4, 9
_HTTP2_GREETING = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes((0, 0, 0, _HTTP2_SETTINGS, 0, 0, 0, 0, 0))
# A node that does not answer within so many seconds is busy with other work.
_PROBE_SECONDS = 120
# What is under way at one time is bounded by the pipeline: see `rag.ingestion.pipeline`.
_OBJECT_STORE_BYTES = 500_000_000
# So much of a GPU asks whether torch finds it.
_GPU_SHARE = 0.01


@dataclass(frozen=True, slots=True)
class Node:
    """A node that can work.

    Attributes:
        id: Its id in the cluster.
        cpus: Its processor cores.
        gpus: Its GPUs, where torch finds one there; else 0.
    """

    id: str
    cpus: int
    gpus: int


def connect(address: ClusterAddress) -> Any:
    """Connect to a cluster.

    Args:
        address: Where it is.

    Returns:
        The module ``ray``, connected; its ``shutdown`` ends the connection, and a cluster that was started for it.

    Raises:
        UsageError: Ray is not installed, or there is no such cluster.
    """
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    # What needs no GPU asks for none by `RAG_DEVICE`: see `rag.cluster.seats`.
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
    # Its native part writes to standard error from the first warning on otherwise.
    os.environ.setdefault("RAY_BACKEND_LOG_LEVEL", "error")
    # Whatever is asked without a connection fails, where Ray would start a cluster for it.
    os.environ.setdefault("RAY_ENABLE_AUTO_CONNECT", "0")
    try:
        import ray
    except ImportError:
        raise UsageError(Notice("cluster-without-ray")) from None
    _check_reachable(address)
    _silence()
    quiet: dict[str, Any] = {"log_to_driver": False, "logging_level": logging.ERROR}
    with _own_sigterm(), warnings.catch_warnings():
        # What matters of them is in the sentence that follows.
        warnings.simplefilter("ignore")
        try:
            if not address.text:
                _join_or_start(ray, quiet)
                return ray
            if not address.text.startswith(CLIENT) and _is_loopback(address.host):
                _stay_on_loopback()
            if address.text.startswith(CLIENT):
                join_as_client(ray, address.text, quiet)
            else:
                ray.init(address.text, **quiet)
        except (ConnectionError, RuntimeError, ValueError, OSError, ray.exceptions.RayError) as error:
            _LOG.debug("no connection to the cluster", exc_info=error)
            values = {"address": address.text or "ray", "cause": _first_line(error)}
            raise UsageError(Notice("cluster-not-connected", values)) from None
    return ray


def nodes_of(ray: Any) -> list[Node]:
    """Return the nodes of a cluster that can work.

    Args:
        ray: The module, connected.

    Returns:
        The nodes, in the order of their ids.

    Raises:
        UsageError: None can, or one has another Footnote than this machine.
    """
    alive = sorted((node for node in ray.nodes() if node["Alive"]), key=lambda node: str(node["NodeID"]))
    working = [node for node in alive if node["Resources"].get("CPU", 0) >= 1]
    if not working:
        raise UsageError(Notice("cluster-without-nodes"))
    probe = ray.remote(_probe())
    asked = []
    for node in working:
        has_gpu = node["Resources"].get("GPU", 0) >= 1
        options = {"num_cpus": 0, "num_gpus": _GPU_SHARE if has_gpu else 0, "max_retries": 1}
        there = on_node(node["NodeID"])
        asked.append((node, has_gpu, probe.options(scheduling_strategy=there, **options).remote(has_gpu)))
    found = []
    for node, has_gpu, answer in asked:
        name = str(node.get("NodeManagerAddress") or node["NodeID"])
        try:
            state = ray.get(answer, timeout=_PROBE_SECONDS)
        except ray.exceptions.RayError as error:
            _LOG.warning("a node of the cluster does not answer: %s", type(error).__name__)
            continue
        if not isinstance(state, NodeState):
            raise UsageError(Notice("cluster-node-without-footnote", {"node": name}))
        here = this_node(asks_for_gpu=False)
        if state.versions != here.versions:
            values = {"node": name, "there": state.versions, "here": here.versions}
            raise UsageError(Notice("cluster-node-differs", values))
        gpus = int(node["Resources"]["GPU"]) if has_gpu and state.has_gpu else 0
        found.append(Node(str(node["NodeID"]), int(node["Resources"]["CPU"]), gpus))
    if not found:
        raise UsageError(Notice("cluster-without-nodes"))
    return found


def on_node(node: str) -> Any:
    """Return the strategy by which Ray places something on one node."""
    from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

    return NodeAffinitySchedulingStrategy(node_id=node, soft=False)


def _probe() -> Callable[[bool], NodeState | None]:
    """Return a function that a node can run which has no Footnote: it is sent as it stands here."""

    def probe(asks_for_gpu: bool) -> NodeState | None:
        try:
            from rag.cluster.node import this_node
        except ImportError:
            return None
        return this_node(asks_for_gpu)

    return probe


def _join_or_start(ray: Any, quiet: dict[str, Any]) -> None:
    """Connect to the cluster of this machine; where none runs, start one that ends with the connection."""
    from ray._private.services import get_ray_address_from_environment

    found = ""
    with suppress(ConnectionError):
        found = get_ray_address_from_environment("auto", None) or ""
    host, _, port = found.removeprefix(CLIENT).rpartition(":")
    if not host or _is_loopback(host):
        _stay_on_loopback()
    if port.isdecimal() and _listens(host, int(port)):
        ray.init("auto", **quiet)
    else:
        # None was started, or the one that is noted has ended.
        ray.init("local", include_dashboard=False, object_store_memory=_OBJECT_STORE_BYTES, **quiet)


def _listens(host: str, port: int) -> bool:
    try:
        socket.create_connection((host.strip("[]"), port), _CONNECT_SECONDS).close()
    except OSError:
        return False
    return True


def _silence() -> None:
    """Have Ray print nothing of what its processes say, such as that one has died: it does so on standard output."""
    import ray._private.worker

    def ignore(*_: object, **__: object) -> None: ...

    ray._private.worker._worker_logs_enabled = False
    # Without gRPC there is no client.
    with suppress(ImportError):
        from ray.util.client.logsclient import LogstreamClient

        # It calls these for each line.
        LogstreamClient.stdstream = ignore  # type: ignore[method-assign]
        LogstreamClient.log = ignore  # type: ignore[method-assign]


def _stay_on_loopback() -> None:
    """Have Ray use the loopback address for this machine, which it otherwise replaces by that of its network."""
    import ray._private.ray_constants

    # Its variable of the environment is read when Ray is imported, which may have been before.
    ray._private.ray_constants.ENABLE_RAY_CLUSTER = False


def _check_reachable(address: ClusterAddress) -> None:
    """Fail at once where no Ray listens: it would try for minutes, and tell of each try on standard error."""
    if not address.host:
        return
    try:
        with socket.create_connection((address.host, address.port), _CONNECT_SECONDS) as connection:
            answers = _speaks_http2(connection)
        cause = "what listens there is no Ray"
    except OSError as error:
        answers, cause = False, (error.strerror or str(error) or type(error).__name__).lower()
    if not answers:
        raise UsageError(Notice("cluster-not-connected", {"address": address.text, "cause": cause}))


def _speaks_http2(connection: socket.socket) -> bool:
    """Tell whether a server speaks HTTP/2, as both of Ray's ports do; with TLS, which only Ray can open, True."""
    if os.environ.get("RAY_USE_TLS", "0").lower() in ("1", "true"):
        return True
    connection.settimeout(_ANSWER_SECONDS)
    connection.sendall(_HTTP2_GREETING)
    head = b""
    while len(head) < _HTTP2_HEAD_BYTES and (piece := connection.recv(_HTTP2_HEAD_BYTES - len(head))):
        head += piece
    return len(head) == _HTTP2_HEAD_BYTES and head[3] == _HTTP2_SETTINGS


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _first_line(error: Exception) -> str:
    return next(iter(str(error).strip().splitlines()), type(error).__name__)[:200].rstrip(".")


@contextmanager
def _own_sigterm() -> Iterator[None]:
    """Keep what this program does on SIGTERM; Ray puts its own in that place."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.getsignal(signal.SIGTERM)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
