"""The parts of a cluster that need none: addresses, files of a model, and who dies of what."""

from __future__ import annotations

import hashlib
import os
import socketserver
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import replace
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from rag.cluster import calls as calls_module
from rag.cluster import seats as seats_module
from rag.cluster.address import ClusterAddress, read_workers
from rag.cluster.calls import Calls, Died
from rag.cluster.connection import Node, _check_reachable, connect
from rag.cluster.model_files import RECEIVED, send_model, store_model
from rag.cluster.node import Failed, FileToRead, ModelAbsent, Unseen, WantedModel, read_file, this_node
from rag.cluster.seats import Seats
from rag.cluster.workers import ClusterWorkers
from rag.errors import LoadError, ModelError, SkipFile, UsageError
from rag.ingestion.workers import CutDocument, NotEmbedded, WorkersFailed
from rag.load.limits import Limits
from rag.models.encoder import SentenceEncoder
from rag.notices import Notice
from tests.conftest import Command
from tests.loopback import free_port, wait_until


@pytest.mark.parametrize(
    ("text", "address"),
    [("local", None), (" ray ", ClusterAddress()), ("10.0.0.5:6379", ClusterAddress("10.0.0.5:6379", "10.0.0.5", 6379)),
     ("ray://head.example:10001", ClusterAddress("ray://head.example:10001", "head.example", 10001)),
     ("[::1]:6379", ClusterAddress("[::1]:6379", "::1", 6379))],
)  # fmt: skip
def test_workers_are_named(text: str, address: ClusterAddress | None) -> None:
    assert read_workers(text) == address


@pytest.mark.parametrize(
    "text", ["", "cluster", "ray://", "10.0.0.5", "host:0", "host:70000", "http://host:80", "a b:1"]
)
def test_other_workers_are_refused(text: str) -> None:
    with pytest.raises(UsageError) as raised:
        read_workers(text)
    assert raised.value.notice.code == "cluster-address-wrong"


def test_a_cluster_that_is_not_there_is_one_sentence(rag: Command, library: Path) -> None:
    """It is told at once, and without Ray where that is not installed."""
    ran = rag("ingest", library, "--workers", f"127.0.0.1:{free_port()}")
    assert ran.code == 2
    assert len(ran.err.strip().splitlines()) == 1
    assert "cannot be joined" in ran.err or "footnote-rag[cluster]" in ran.err


@pytest.mark.localhost
@pytest.mark.parametrize("scheme", ["", "ray://"])
def test_another_server_is_not_taken_for_ray(scheme: str) -> None:
    """It is told before Ray is asked, which tries for minutes."""
    with socketserver.TCPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as server:
        threading.Thread(target=server.handle_request).start()
        port = server.server_address[1]
        with pytest.raises(UsageError, match="is no Ray"):
            _check_reachable(ClusterAddress(f"{scheme}127.0.0.1:{port}", "127.0.0.1", port))


def test_ray_is_named_where_it_is_absent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "ray", None)
    with pytest.raises(UsageError, match=r"footnote-rag\[cluster\]"):
        connect(ClusterAddress())


def test_a_model_arrives_whole_or_not_at_all(tmp_path: Path) -> None:
    kept: dict[int, bytes] = {}

    def put(data: bytes) -> int:
        kept[len(kept)] = data
        return len(kept) - 1

    (tmp_path / "model" / "1_Pooling").mkdir(parents=True)
    (tmp_path / "model" / "1_Pooling" / "config.json").write_text("{}")
    (tmp_path / "model" / "weights").write_bytes(b"12345")
    sent = send_model(tmp_path / "model", put, kept.__getitem__)
    folder = store_model(sent, tmp_path / "node")
    assert (folder / "weights").read_bytes() == b"12345"
    assert (folder / "1_Pooling" / "config.json").read_text() == "{}"
    assert folder.parent.name == RECEIVED
    kept.clear()
    assert store_model(sent, tmp_path / "node") == folder, "it is there already"

    (tmp_path / "model" / "weights").write_bytes(b"1234X")
    changed = send_model(tmp_path / "model", put, lambda _: b"damaged")
    with pytest.raises(ModelError) as raised:
        store_model(changed, tmp_path / "node")
    assert raised.value.notice.code == "cluster-model-damaged"
    hostile = replace(sent, files=(replace(sent.files[0], name="../../up"),))
    with pytest.raises(ModelError):
        store_model(hostile, tmp_path / "other")
    assert [path.name for path in (tmp_path / "node" / RECEIVED).iterdir()] == [folder.name], "nothing is left of it"


def test_what_a_killed_process_left_of_a_model_goes(tmp_path: Path) -> None:
    (tmp_path / "model").mkdir()
    sent = send_model(tmp_path / "model", lambda _: None, lambda _: b"")
    old, young = tmp_path / RECEIVED / ".part-old", tmp_path / RECEIVED / ".part-young"
    old.mkdir(parents=True)
    young.mkdir()
    os.utime(old, (0, 0))
    store_model(sent, tmp_path)
    assert not old.exists()
    assert young.exists(), "another process may write it"


def ray_that_never_answers() -> Any:
    """Ray, as far as it is waited for."""
    error = type("RayError", (Exception,), {})
    names = (
        "WorkerCrashedError", "RayActorError", "OutOfMemoryError", "NodeDiedError", "ObjectLostError",
        "LocalRayletDiedError", "TaskUnschedulableError", "ActorUnschedulableError", "RayTaskError",
    )  # fmt: skip
    exceptions = SimpleNamespace(RayError=error, **{name: type(name, (error,), {}) for name in names})

    def wait(references: list[object], timeout: float) -> tuple[list[object], list[object]]:
        time.sleep(0.01)
        return [], references

    return SimpleNamespace(exceptions=exceptions, wait=wait, nodes=list)


def test_nothing_is_asked_once_all_is_given_up() -> None:
    """Ray would start a cluster for it: the connection has ended by then."""
    asked: list[str] = []
    calls = Calls(ray_that_never_answers())
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(calls.result, lambda: asked.append("before"))
        wait_until(lambda: bool(asked))
        calls.give_up()
        with pytest.raises(LoadError):
            waiting.result()
    with pytest.raises(LoadError):
        calls.result(lambda: asked.append("after"))
    assert asked == ["before"]


def test_a_cluster_without_nodes_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls_module, "_LOOK_TICKS", 2)
    with pytest.raises(UsageError, match="no node is left"):
        Calls(ray_that_never_answers()).result(lambda: "asked")


def test_a_file_whose_readers_die_is_given_up_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    deaths: list[str] = []

    def die(_: object, path: Path, source: str) -> None:
        deaths.append(source)
        raise Died("killed")

    monkeypatch.setattr(ClusterWorkers, "_read_once", die)
    with pytest.raises(WorkersFailed) as raised:
        ClusterWorkers.__new__(ClusterWorkers).read(tmp_path / "deadly.txt", "deadly.txt")
    assert raised.value.notice.code == "cluster-file-kills"
    assert len(deaths) == 3


def test_a_node_reads_what_it_sees_and_else_what_it_is_sent(model: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("At noon.")
    encoder = SentenceEncoder(str(model), model, 1)
    wanted = WantedModel(str(model), encoder.fingerprint, "fp32", "", "", this_node(False).versions)
    status = os.stat(path)
    file = FileToRead(str(path), "a.txt", status.st_size, status.st_mtime_ns)
    limits = Limits()
    seen = read_file(file, limits, 32, wanted, None)
    assert isinstance(seen, CutDocument)
    assert seen.file_hash == hashlib.sha256(b"At noon.").hexdigest()
    for other in (replace(file, modified_ns=1), replace(file, size=9), replace(file, path=str(tmp_path / "none"))):
        assert read_file(other, limits, 32, wanted, None) == Unseen()
        assert read_file(replace(other, data=b"At noon."), limits, 32, wanted, None) == seen
    empty = read_file(replace(file, data=b""), limits, 32, wanted, None)
    assert isinstance(empty, Failed)
    assert isinstance(empty.error(), SkipFile)
    for lacking in (replace(wanted, fingerprint="another"), replace(wanted, spec="hf:acme/absent")):
        assert read_file(file, limits, 32, lacking, None) == ModelAbsent()
    joined_late = read_file(file, limits, 32, replace(wanted, versions="0.1"), None)
    assert isinstance(joined_late, Failed)
    assert joined_late.notice.code == "cluster-node-differs"


def test_what_fails_on_a_node_is_the_error_that_it_was() -> None:
    notice = Notice("file-empty")
    kinds = [type(Failed(notice, **values).error()) for values in ({}, {"skipped": True}, {"is_of_model": True})]
    assert kinds == [LoadError, SkipFile, ModelError]


class FakeActor:
    """An actor whose call is a function."""

    def __init__(self, started: list[str], node: str) -> None:
        started.append(node)
        self.encode = SimpleNamespace(remote=lambda texts, model, sent: lambda: (node, texts))


class FakeRay:
    """A cluster of nodes, of which some may be dead."""

    def __init__(self, **alive: bool) -> None:
        self.alive, self.started = alive, list[str]()

    def nodes(self) -> list[dict[str, Any]]:
        return [{"NodeID": id_, "Alive": alive, "Resources": {"CPU": 2}} for id_, alive in self.alive.items()]

    def remote(self, _: object) -> Any:
        def options(scheduling_strategy: str, **_: object) -> Any:
            return SimpleNamespace(remote=lambda: FakeActor(self.started, scheduling_strategy))

        return SimpleNamespace(options=options)


def seats(ray: FakeRay, monkeypatch: pytest.MonkeyPatch, dies: Callable[[str, str], bool]) -> Seats:
    """Seats on all nodes; who embeds dies where ``dies`` says so of a node and a text."""

    def ask(call: Callable[[None], Callable[[], tuple[str, list[str]]]]) -> np.ndarray:
        node, texts = call(None)()
        if any(dies(node, text) for text in texts):
            raise Died("killed")
        return np.array([[float(len(text))] for text in texts], np.float32)

    monkeypatch.setattr(seats_module, "on_node", lambda node: node)
    model = WantedModel("m", "f", "fp32", "", "", "1", "auto")
    return Seats(SimpleNamespace(ray=ray, using=nullcontext), [Node(id_, 2, 0) for id_ in ray.alive], model, ask)  # type: ignore[arg-type]


def test_a_text_that_kills_is_found_among_others(monkeypatch: pytest.MonkeyPatch) -> None:
    ray = FakeRay(one=True)
    opened = seats(ray, monkeypatch, lambda _, text: text == "deadly")
    with pytest.raises(NotEmbedded) as raised:
        opened.encode(["a", "deadly", "bb"])
    assert raised.value.texts == {"deadly"}
    assert opened.encode(["a", "bb"]).tolist() == [[1.0], [2.0]]


def test_a_seat_moves_when_its_node_dies(monkeypatch: pytest.MonkeyPatch) -> None:
    ray = FakeRay(one=True, two=True)
    opened = seats(ray, monkeypatch, lambda node, _: not ray.alive[node])
    assert opened.count == 2
    opened.encode(["a"])
    last = ray.started[-1]
    ray.alive[last] = False
    assert opened.encode(["bb"]).tolist() == [[2.0]]
    assert ray.alive[ray.started[-1]]
    ray.alive.update(one=False, two=False)
    with pytest.raises(UsageError, match="no node is left"):
        opened.encode(["a"])
