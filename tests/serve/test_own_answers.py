"""Search, verification and answers by Footnote's own protocol: byte for byte what the command line says."""

from __future__ import annotations

import json
import re
import socket
import threading
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
import pytest

from rag.hosting.own_model import OwnModel
from rag.models.llm.model import Model
from rag.serve.service import Service
from tests.serve.own_protocol import OwnProtocol, command, read_events, serving, wait_until
from tests.ui.served import Teller

QUESTION = "How long is the bridge?"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OwnProtocol]:
    with serving(tmp_path_factory.mktemp("answers")) as running:
        yield running


def without_timings(line: str) -> str:
    return re.sub(r'"timings": \{[^}]*\}', '"timings": {}', line.strip())


# -- the same bytes as the command line --------------------------------------------------------------------------------


def test_an_answer_is_that_of_the_command_line(served: OwnProtocol, tmp_path: Path) -> None:
    history = [
        {"role": "user", "content": "What is the toll for cars?"},
        {"role": "assistant", "content": "The toll is 3 crowns for cars. [1]"},
    ]
    (tmp_path / "history.json").write_text(json.dumps(history))
    printed = command(served.home, "ask", QUESTION, "--history", str(tmp_path / "history.json"), "--source", "*.md",
                      "--json")  # fmt: skip
    response = served.post("/v1/answer", question=QUESTION, history=history, sources=["*.md"])
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json"
    assert without_timings(response.text) == without_timings(printed)
    citation = response.json()["citations"][0]
    assert citation["quote"] == "The bridge is 412 metres long."
    path, slice_ = f"/v1/sources/{citation['source']}/text", {"start": citation["start"], "end": citation["end"]}
    assert served.client.get(path, params=slice_).text == citation["quote"]


def test_a_search_is_that_of_the_command_line(served: OwnProtocol) -> None:
    printed = json.loads(command(served.home, "retrieve", QUESTION, "-k", "2", "--source", "sea", "--json"))
    response = served.post("/v1/search", question=QUESTION, k=2, sources=["sea"])
    assert response.status_code == 200
    found = response.json()
    assert list(found) == ["question", "index", "passages"]
    assert found["index"] == "default"
    assert json.dumps(found["passages"]) == json.dumps(printed["passages"])
    assert [passage["source"] for passage in found["passages"]] == ["sea/ferry.txt"]


def test_a_verification_is_that_of_the_command_line(served: OwnProtocol, tmp_path: Path) -> None:
    text = "The toll is 4 crowns for cars. The ferry carries 28 cars [2]. 𝒙 🙂 sings."
    sources = {"tolls.txt": "The toll is 3 crowns for cars.", "ferry": "The ferry carries 28 cars."}
    listed = tmp_path / "texts.jsonl"
    listed.write_text(json.dumps({"id": "one", "text": text, "sources": sources}))
    printed = command(served.home, "verify", "--text-list", str(listed), "--json", "--llm", "none")
    response = served.post("/v1/verify", text=text, sources=sources)
    assert response.status_code == 200
    assert response.text == printed.strip().replace('{"id": "one", ', "{", 1)
    assert [sentence["verdict"] for sentence in response.json()["sentences"]][:2] == ["contradicted", "verified"]


def test_a_text_is_checked_against_an_index(served: OwnProtocol) -> None:
    checked = served.post("/v1/verify", text="The toll is 4 crowns for cars. The ferry carries 28 cars.").json()
    assert [sentence["verdict"] for sentence in checked["sentences"]] == ["contradicted", "verified"]
    citation = checked["citations"][0]
    record = served.client.get(f"/v1/sources/{citation['source']}").json()
    assert citation["source_id"] == record["source_id"]
    text = served.client.get(f"/v1/sources/{citation['source']}/text").text
    assert text[citation["start"] : citation["end"]] == citation["quote"]
    assert checked["sentences"][0]["reason"]["values"]["source"] == "bridge.md"
    only = served.post("/v1/verify", text="The ferry carries 28 cars.", index="default", among=["*.md"]).json()
    assert only["sources"] == ["bridge.md"]
    assert only["sentences"][0]["verdict"] != "verified"


def test_what_is_not_in_the_documents_is_not_answered(served: OwnProtocol) -> None:
    assert served.post("/v1/answer", question="Who won the chess olympiad?").json()["abstained"]
    shown = served.post("/v1/answer", question="Who won the chess olympiad?", anyway=True).json()
    assert not shown["abstained"]


# -- what is not there -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/v1/search", "/v1/answer"])
def test_sources_and_indexes_that_are_not_there(served: OwnProtocol, path: str) -> None:
    absent = served.post(path, question=QUESTION, sources=["nothing/*"])
    assert (absent.status_code, absent.json()["error"]["code"]) == (400, "no-source-matches")
    for name in ("other", "../home/default", "default/", "", " "):
        response = served.post(path, question=QUESTION, index=name)
        assert response.status_code == (200 if name == "" else 404), name


# -- as it grows -------------------------------------------------------------------------------------------------------


def test_the_last_event_is_the_whole_answer(served: OwnProtocol) -> None:
    events = served.events(question=QUESTION)
    ids, names, data = zip(*events, strict=True)
    assert list(ids) == list(range(1, len(events) + 1))
    assert names[-1] == "done"
    assert set(names[:-1]) == {"snapshot"}
    whole = served.post("/v1/answer", question=QUESTION).json()
    assert {**data[-1], "timings": {}} == {**whole, "timings": {}}
    assert all(snapshot.keys() == {"state", *whole} for snapshot in data[:-1])


def test_the_header_asks_for_events_as_well(served: OwnProtocol) -> None:
    response = served.client.post("/v1/answer", json={"question": QUESTION}, headers={"accept": "text/event-stream"})
    assert [name for _, name, _ in read_events(iter(response.text.splitlines()))][-1] == "done"


def use(service: Service, model: Teller) -> None:
    """Let a service answer with a model that says what it is told to."""

    def opened() -> Model:
        return model

    service.model = OwnModel("teller", opened)
    service.spec = "teller"


@pytest.fixture
def told(served: OwnProtocol) -> Iterator[OwnProtocol]:
    """The same service with a slow model."""
    before = served.service.model, served.service.spec
    yield served
    served.service.model, served.service.spec = before


def test_a_long_draft_does_not_send_itself_again_and_again(told: OwnProtocol) -> None:
    sizes = []
    for sentences in (50, 200):
        draft = "|".join("The ferry carries 28 cars [1]. " for _ in range(sentences))
        use(told.service, Teller({"ferry": draft}, pause=0.002))
        events = told.events(question="How many cars does the ferry carry?")
        drafts = [data["answer"] for _, name, data in events if name == "snapshot" and data["state"] == "writing"]
        assert len(drafts) > 5, "it is shown as it grows"
        assert all(len(later) > len(earlier) for earlier, later in pairwise(drafts))
        sizes.append(sum(map(len, drafts)) / len(drafts[-1]))
    # Four times the length would be four times as many drafts, each four times as long on average.
    assert sizes[1] < 2 * sizes[0] < 40


def test_one_who_waits_is_told_the_position(told: OwnProtocol) -> None:
    words = "|".join("The ferry carries 28 cars [1]. " for _ in range(2000))
    use(told.service, Teller({"ferry": words}, pause=0.05))
    at_once = told.service._answering.limits.at_once
    question = {"question": "How many cars does the ferry carry?", "stream": True}
    streams = [told.client.stream("POST", "/v1/answer", json=question) for _ in range(at_once + 1)]
    try:
        readers = [read_events(stream.__enter__().iter_lines()) for stream in streams[:-1]]
        for reader in readers:
            while next(reader)[2]["state"] != "writing":
                pass
        last = read_events(streams[-1].__enter__().iter_lines())
        named = {}
        while "position" not in named:
            _, name, data = next(last)
            named[name] = data
        assert named["position"] == {"position": 1}
    finally:
        for stream in streams:
            stream.__exit__(None, None, None)
    # Whoever has left is written for no longer.
    wait_until(lambda: told.service.load["answers"] == 0)


def test_a_client_that_leaves_stops_the_model(told: OwnProtocol) -> None:
    model = Teller({"ferry": "|".join("The ferry carries 28 cars [1]. " for _ in range(2000))}, pause=0.05)
    use(told.service, model)
    body = json.dumps({"question": "How many cars does the ferry carry?"})
    address = httpx.URL(told.address)
    with socket.create_connection((address.host, address.port)) as connection:
        head = f"POST /v1/answer HTTP/1.1\r\nhost: {address.host}:{address.port}\r\ncontent-type: application/json\r\n"
        connection.sendall(f"{head}content-length: {len(body)}\r\n\r\n{body}".encode())
        wait_until(lambda: model.asked)
    wait_until(lambda: model.stopped and told.service.load["answers"] == 0)


class Broken(Teller):
    """A model that breaks in a way that nobody foresaw."""

    def stream(self, *_: Any, **__: Any) -> Iterator[str]:
        raise ZeroDivisionError("secret words")


def test_what_nobody_foresaw_ends_the_stream_with_an_error(told: OwnProtocol) -> None:
    use(told.service, Broken({}))
    _, name, data = told.events(question="How many cars does the ferry carry?")[-1]
    assert name in ("error", "done")
    assert "secret words" not in json.dumps(data)
    if name == "error":
        assert data["error"]["type"] == "server_error"


def test_a_silent_stream_sends_comments() -> None:
    import asyncio

    from rag.serve.answer_events import Position, answer_events
    from rag.types import Answer

    async def main() -> list[str]:
        go_on = asyncio.Event()

        async def slow() -> Any:
            yield Answer("q", "q", state="searching")
            await go_on.wait()
            yield Answer("q", "q")

        got = []
        async for event in answer_events(slow(), Position(), silence=0.01):
            got.append(event)
            if event.startswith(":"):
                go_on.set()
        return got

    got = asyncio.run(main())
    assert ": still at work\n\n" in got
    assert got[-1].startswith("id: 2\nevent: done\n")


def test_many_threads_get_the_same_bytes(served: OwnProtocol) -> None:
    found: list[str] = []

    def ask() -> None:
        found.append(without_timings(served.post("/v1/search", question=QUESTION).text))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1
