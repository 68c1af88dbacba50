"""Streamable HTTP: who may call, what a browser is turned away with, and the tools as over standard input."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

from rag.hosting.keys import KeyFile
from rag.mcp_server.tools import TOOLS
from tests.conftest import LIBRARY
from tests.mcp_server.conftest import make_index
from tests.mcp_server.served import OverHttp, refusal, run, serving_http, words

JSON = {"content-type": "application/json", "accept": "application/json, text/event-stream"}
INITIALIZE = {
    "jsonrpc": "2.0", "id": 1, "method": "initialize",
    "params": {
        "protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}
    },
}  # fmt: skip


@asynccontextmanager
async def client_with(served: OverHttp, key: str = "", mode: str = "auto") -> AsyncIterator[Client]:
    headers = {"authorization": f"Bearer {key}"} if key else {}
    async with (
        httpx2.AsyncClient(headers=headers, timeout=60, trust_env=False) as http,
        Client(streamable_http_client(served.url, http_client=http), mode=mode) as client,
    ):
        yield client


def post(served: OverHttp, content: Any = INITIALIZE, **headers: str) -> httpx2.Response:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    with httpx2.Client(trust_env=False, timeout=60) as client:
        return client.post(served.url, json=content, headers=JSON | sent)


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_the_tools_work_as_over_standard_input(one: Path, scoring: str, mode: str) -> None:
    async def work(served: OverHttp) -> None:
        steps: list[str] = []

        async def note(_: float, __: float | None, message: str | None) -> None:
            steps.append(message or "")

        async with client_with(served, mode=mode) as client, client_with(served, mode=mode) as other:
            assert len((await client.list_tools()).tools) == 5
            answer, again = await asyncio.gather(
                client.call_tool("ask", {"question": "How long is the bridge?"}, progress_callback=note),
                other.call_tool("ask", {"question": "How long is the bridge?"}),
            )
            assert "412 metres" in answer.structured_content["answer"]
            assert again.structured_content["answer"] == answer.structured_content["answer"]
            assert "searching" in steps
            assert "not in the index" in await refusal(client, "read", source="../../etc/passwd")
            assert (await client.read_resource("footnote://default/sea/ferry.txt")).contents

    with serving_http(one, RAG_SCORING=scoring) as served:
        run(lambda: work(served))


def test_pages_of_other_sites_and_wrong_bodies_are_turned_away(one: Path) -> None:
    with serving_http(one) as served:
        assert post(served).status_code == 200
        assert post(served, host="rebound.example").status_code == 421
        assert post(served, host="127.0.0.1.rebound.example:80").status_code == 421
        assert post(served, origin="https://evil.example").status_code == 403
        assert post(served, origin="null").status_code == 403
        assert post(served, sec_fetch_site="cross-site").status_code == 403
        assert post(served, content_type="text/plain").status_code == 400
        assert post(served, ["x" * 5_000_000]).status_code == 413
        assert post(served, mcp_session_id="0" * 32).status_code == 404
        with httpx2.Client(trust_env=False, timeout=60) as client:
            assert client.get(served.url.replace("/mcp", "/")).status_code == 404
            assert client.post(served.url, content=b"{", headers=JSON).status_code == 400
        assert post(served).status_code == 200


def test_a_key_of_one_index_sees_nothing_of_another(tmp_path: Path) -> None:
    home = tmp_path / "home"
    make_index(home, "bridges", {"bridge.md": LIBRARY["bridge.md"]})
    make_index(home, "ferries", {"ferry.txt": LIBRARY["sea/ferry.txt"]})
    keys = KeyFile(home)
    some = keys.add("some", frozenset({"ferries"}), "read")
    every = keys.add("every", None, "read")
    clerk = keys.add("clerk", frozenset(), "read", writes=frozenset({"ferries"}))

    async def work(served: OverHttp) -> None:
        async with client_with(served, some) as client:
            assert "list_indexes" not in [tool.name for tool in (await client.list_tools()).tools]
            listed = await client.call_tool("list_indexes", {})
            assert [index["index"] for index in listed.structured_content["indexes"]] == ["ferries"]
            assert "28 cars" in words(await client.call_tool("search", {"question": "ferry"}))
            asked: dict[str, dict[str, Any]] = {
                "ask": {"question": "What is the toll?"}, "search": {"question": "toll"},
                "read": {"source": "bridge.md"}, "list_sources": {}, "verify": {"text": "The toll is 3 crowns."},
            }  # fmt: skip
            assert asked.keys() | {"list_indexes"} == {tool.name for tool in TOOLS}, "a new tool is to be asked, too"
            for tool, arguments in asked.items():
                said = await refusal(client, tool, **arguments, index="bridges")
                assert said == "There is no index 'bridges'; choose one of: ferries"
            assert [resource.uri for resource in (await client.list_resources()).resources] == [
                "footnote://ferries/ferry.txt"
            ]
            with pytest.raises(Exception, match="There is no index 'bridges'"):
                await client.read_resource("footnote://bridges/bridge.md")
            with pytest.raises(Exception, match="cursor"):
                await client.list_resources(cursor="0/bridges")
        async with client_with(served, clerk) as client:
            listed = await client.call_tool("list_indexes", {})
            assert [index["index"] for index in listed.structured_content["indexes"]] == ["ferries"], (
                "to write is to read"
            )
        async with client_with(served, every, mode="legacy") as client:
            assert "list_indexes" in [tool.name for tool in (await client.list_tools()).tools]

    with serving_http(home) as served:
        assert post(served).status_code == 401
        assert post(served).headers["www-authenticate"] == "Bearer"
        assert post(served, authorization="Bearer fn_wrong").status_code == 401
        begun = post(served, authorization=f"Bearer {every}")
        assert begun.status_code == 200
        session = begun.headers["mcp-session-id"]
        listing = {"jsonrpc": "2.0", "id": 2, "method": "tools/list", "params": {}}
        # The session of one key is no session of another.
        assert post(served, listing, authorization=f"Bearer {some}", mcp_session_id=session).status_code == 404
        assert post(served, listing, mcp_session_id=session).status_code == 401
        run(lambda: work(served))
        keys.remove("some")
        assert post(served, authorization=f"Bearer {some}").status_code == 401
    logged = (home / ".audit" / "calls.jsonl").read_text()
    assert '"ferries"' in logged
    assert "What is the toll" not in logged
    assert some not in logged
    assert every not in logged
