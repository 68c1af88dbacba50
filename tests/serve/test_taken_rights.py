"""What was asked for by a key ends with the key: of an answer on its way nothing more is sent, and its model stops."""

from __future__ import annotations

import asyncio
import shutil
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import openai
import pytest

from rag.hosting.access import Access, Caller
from rag.hosting.keys import KeyFile
from rag.hosting.rights import NOTHING, named_rights
from rag.hosting.users import add_user, set_rights
from rag.mcp_server.call import Call as ToolCall
from rag.mcp_server.progress import Progress
from rag.mcp_server.served import Served as ServedTools
from rag.serve.errors import ApiError
from tests.models.servers import Server
from tests.models.servers.openai import models
from tests.serve.served import Served, serving
from tests.serve.test_access import basic
from tests.serve.test_stopping import QUESTION, SlowModel, until
from tests.serve.world import World, served

_SECONDS = 120
SAID = "were taken away meanwhile"


@pytest.fixture(scope="module")
def slow() -> Iterator[SlowModel]:
    model = SlowModel()
    yield model
    model.free.set()


@pytest.fixture(scope="module")
def home(shared_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("taken") / "home"
    shutil.copytree(shared_home, home)
    KeyFile(home).add("stays", None, "read")
    return home


@pytest.fixture(scope="module")
def service(home: Path, slow: SlowModel) -> Iterator[Served]:
    with (
        Server(slow.reply, pages={"/v1/models": models("slow")}) as server,
        serving(
            home,
            "--llm",
            f"openai-like:{server.url}/v1#slow",
            RAG_LLM_TRUST="strong",
            RAG_LLM_RETRIES="0",
        ) as running,
    ):
        yield running
        slow.free.set()


def by_openai(url: str, key: str, stream: bool) -> str:
    """Ask with OpenAI's client; return its error's words."""
    messages: Any = [{"role": "user", "content": QUESTION}]

    def answered(client: openai.OpenAI) -> list[Any]:
        answer: Any = client.chat.completions.create(model="handbook", messages=messages, stream=stream)
        return list(answer) if stream else [answer]

    with (
        openai.OpenAI(base_url=url, api_key=key, max_retries=0, timeout=_SECONDS) as client,
        pytest.raises(openai.APIError) as ended,
    ):
        answered(client)
    if not stream:
        assert isinstance(ended.value, openai.AuthenticationError)
    return str(ended.value)


def by_own_protocol(url: str, key: str, stream: bool) -> str:
    """Ask by Footnote's own protocol; return what came last."""
    headers, question = {"authorization": f"Bearer {key}"}, {"question": QUESTION, "index": "handbook"}
    answered = httpx.post(f"{url}/answer", json=question | {"stream": stream}, headers=headers, timeout=_SECONDS)
    if not stream:
        assert answered.status_code == 401
        return answered.text
    last = answered.text.rstrip("\n").rpartition("\n\n")[2]
    assert "event: error\n" in last
    assert "event: done" not in answered.text
    return last


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("ask", [by_openai, by_own_protocol])
def test_an_answer_ends_with_its_key_and_its_model_stops(
    service: Served, slow: SlowModel, home: Path, ask: Any, stream: bool
) -> None:
    keys, begun, left = KeyFile(home), slow.begun, slow.left
    key = keys.add("goes", frozenset({"handbook"}), "read")
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(ask, service.url, key, stream)
        until(lambda: slow.begun == begun + 1)
        keys.remove("goes")
        said = asked.result(_SECONDS)
    assert SAID in said
    assert "412" not in said
    until(lambda: slow.left == left + 1)


# -- without sockets ---------------------------------------------------------------------------------------------------


@pytest.fixture
def users(tmp_path: Path) -> Path:
    path = tmp_path / "users.json"
    add_user(path, "ann", lambda _: "a long password 1")
    add_user(path, "bob", lambda _: "a long password 1")
    return path


@pytest.fixture
def world(tmp_path: Path, users: Path) -> Iterator[World]:
    with served(tmp_path, users=users) as world:
        yield world


def caller(world: World, headers: dict[str, str]) -> Caller:
    access: Access = world.app.state.access
    found = access.caller_of(headers, "")
    assert found is not None
    return found


def test_what_is_found_for_a_key_that_is_gone_is_given_to_nobody(world: World) -> None:
    key = caller(world, {"authorization": f"Bearer {world.tokens['reads alpha']}"})
    found: list[str] = []

    def find() -> str:
        found.append("words of the document")
        world.keys.remove("alpha-reader")
        return found[-1]

    with pytest.raises(ApiError, match=SAID) as refused:
        asyncio.run(world.service.work(key, find))
    assert refused.value.status == 401
    assert found, "it was the end that was refused, and not the beginning"


def test_a_tool_of_an_assistant_gives_nothing_to_a_key_that_is_gone_either(world: World) -> None:
    key = caller(world, {"authorization": f"Bearer {world.tokens['reads alpha']}"})
    tools = ServedTools(world.service.settings, "none", (), Path)

    def find(_: threading.Event) -> str:
        world.keys.remove("alpha-reader")
        return "words of the document"

    async def call() -> str:
        return await ToolCall(tools, key, Progress(lambda *_: asyncio.sleep(0))).in_turn(find)

    with pytest.raises(ApiError, match=SAID):
        asyncio.run(call())


def test_rights_that_are_narrowed_and_passwords_that_are_changed_end_it_too(world: World, users: Path) -> None:
    ann, bob = (caller(world, basic(name, "a long password 1")) for name in ("ann", "bob"))
    for one in (ann, bob):
        one.confirm()
    set_rights(users, "bob", named_rights({"alpha"}, set()))
    ann.confirm()
    with pytest.raises(ApiError, match=SAID):
        bob.confirm()
    bob = caller(world, basic("bob", "a long password 1"))
    bob.confirm()
    add_user(users, "bob", lambda _: "another word 2")
    with pytest.raises(ApiError, match=SAID):
        bob.confirm()
    set_rights(users, "ann", NOTHING)
    with pytest.raises(ApiError, match=SAID):
        ann.confirm()


def test_a_caller_who_needs_no_key_loses_none() -> None:
    Caller().confirm()
