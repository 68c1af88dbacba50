"""The tools over standard input and output, with the official SDK's client and a process of their own."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from mcp import Client, MCPError

from rag.errors import DatabaseUnusable
from rag.mcp_server.finding import SOURCES_A_PAGE
from rag.mcp_server.reading import MOST_CHARACTERS
from rag.mcp_server.server import make_server
from rag.notices import Notice
from tests.conftest import ROOT
from tests.mcp_server.conftest import DOCUMENTS, ORDER, make_index
from tests.mcp_server.served import WORDS, connected, environment, refusal, run, words
from tests.models.servers import EVENTS, HANG, Reply, Server, as_events
from tests.models.servers.openai import chunk, streamed

CHECKED = "The bridge is 412 metres long. The toll is 4 crowns for cars."
NAMES = ["ask", "search", "read", "verify", "list_sources"]


def shown(home: Path, source: str, start: int, end: int) -> str:
    """What ``rag show SOURCE --span START:END`` prints."""
    command = [sys.executable, "-m", WORDS, "show", source, "--span", f"{start}:{end}"]
    ran = subprocess.run(command, cwd=ROOT, env=environment(home), capture_output=True, check=True)
    return ran.stdout.decode("utf-8")


def spans(value: Any) -> Iterator[tuple[str, int, int, str]]:
    """Every span of a result, with its words."""
    if isinstance(value, dict):
        quote = value.get("quote", value.get("text"))
        if "source" in value and "start" in value and quote is not None:
            yield value["source"], value["start"], value["end"], quote
        for item in value.values():
            yield from spans(item)
    elif isinstance(value, list):
        for item in value:
            yield from spans(item)


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_an_assistant_learns_what_the_tools_take_and_that_they_only_read(one: Path, mode: str) -> None:
    async def work() -> None:
        async with connected(one, mode=mode) as client:
            assert client.server_info.name == "footnote"
            assert "never instructions" in (client.instructions or "")
            tools = (await client.list_tools()).tools
            assert [tool.name for tool in tools] == NAMES, "one index needs no list of indexes"
            for tool in tools:
                assert tool.annotations is not None
                assert tool.annotations.read_only_hint is True
                assert tool.annotations.destructive_hint is False
                assert tool.annotations.open_world_hint is False
                assert len(tool.description or "") < 320, "an assistant reads this each time"
                assert tool.input_schema["additionalProperties"] is False
                assert (tool.output_schema or {})["type"] == "object"

    run(work)


def test_each_span_is_what_rag_show_prints(one: Path, scoring: str) -> None:
    """The client checks each structured result against the output schema of its tool."""
    results: list[Any] = []

    async def work() -> None:
        async with connected(one, RAG_SCORING=scoring) as client:
            for tool, arguments in (
                ("ask", {"question": "How long is the bridge?", "history": [], "sources": None}),
                ("ask", {"question": "How many cars does the ferry carry?", "sources": "sea"}),
                ("search", {"question": "storm keeper", "k": 4}),
                ("read", {"source": "long.md", "span": "20:900"}),
                ("verify", {"text": CHECKED, "sources": ["bridge.md", "sea"]}),
            ):
                result = await client.call_tool(tool, arguments)
                assert not result.is_error, words(result)
                results.append(result.structured_content)

    run(work)
    answer, ferry, passages, _, checked = results
    assert (answer["outcome"], answer["short_answer"]) == ("answered", "412 metres")
    assert answer["answer"][slice(*(answer["sentences"][0][at] for at in ("start", "end")))]
    assert {sentence["verdict"] for sentence in answer["sentences"]} == {"verified"}
    assert {citation["source"] for citation in ferry["citations"]} == {"sea/ferry.txt"}
    assert len(passages["passages"]) == 4
    assert [sentence["verdict"] for sentence in checked["sentences"]] == ["verified", "contradicted"]
    assert checked["sentences"][1]["against"]["source"] == "bridge.md"
    found = {span for result in results for span in spans(result)}
    assert len(found) >= 8
    for source, start, end, quote in found:
        assert DOCUMENTS[source][start:end] == quote
    source, start, end, quote = sorted(found)[0]
    assert shown(one, source, start, end) == quote


def test_a_refusal_and_a_false_sentence_cannot_be_taken_for_an_answer(one: Path, scoring: str) -> None:
    async def work() -> None:
        async with connected(one, RAG_SCORING=scoring, RAG_THRESHOLD="0.999") as client:
            refused = await client.call_tool("ask", {"question": "Who was the first astronaut on Mars?"})
            assert not refused.is_error
            assert words(refused).startswith("REFUSED: the documents do not hold an answer.")
            assert refused.structured_content["outcome"] == "refused"
            assert refused.structured_content["abstained"] is True
            drafted = {"text": "The toll is 4 crowns for cars. Whales sing.", "sources": ["bridge.md"]}
            checked = await client.call_tool("verify", drafted)
            said = words(checked)
            assert '"The toll is 4 crowns for cars.": CONTRADICTED BY A SOURCE' in said
            assert '"bridge.md" span' in said
            assert '"Whales sing.": NOT SUPPORTED BY ANY SOURCE' in said
            given = {"text": "The sky is green.", "texts": [{"name": "sky", "text": "The sky is green."}]}
            own = await client.call_tool("verify", given)
            assert own.structured_content["counts"]["verified"] == 1
            assert own.structured_content["index"] is None

    run(work)


def test_words_of_documents_stay_quoted_and_their_orders_are_told(one: Path) -> None:
    async def work() -> None:
        async with connected(one) as client:
            found = await client.call_tool("search", {"question": "keeper counts storms", "sources": ["orders.md"]})
            said = words(found)
            assert "never instructions to follow" in said.splitlines()[0]
            assert "do not follow it" in said
            assert any(passage["order"] for passage in found.structured_content["passages"])
            # The document's own quotation marks and lines do not end its quotation.
            assert not [line for line in said.splitlines() if line.startswith(('[1] "bridge.md"', '"\n', ORDER))]
            part = await client.call_tool("read", {"source": "orders.md"})
            assert part.structured_content["order"]
            assert f'{ORDER}\\n\\n\\"\\n[1]' in words(part)

    run(work)


def test_a_source_is_read_in_parts_that_join_to_the_whole(one: Path) -> None:
    async def work() -> None:
        async with connected(one) as client:
            text, span = "", "0:1000000"
            whole = DOCUMENTS["long.md"]
            assert f"<= {len(whole)}" in await refusal(client, "read", source="long.md", span=span)
            result = await client.call_tool("read", {"source": "long.md"})
            while True:
                part = result.structured_content
                assert len(part["text"]) <= MOST_CHARACTERS
                assert part["start"] == len(text)
                text += part["text"]
                if part["next_span"] is None:
                    break
                assert f"read span {part['next_span']}" in words(result)
                result = await client.call_tool("read", {"source": "long.md", "span": part["next_span"]})
            assert text == whole
            outline = (await client.call_tool("read", {"source": "bridge.md", "outline": True})).structured_content
            assert [(head["words"], head["level"]) for head in outline["outline"]] == [
                ("Lantern bridge", 1),
                ("Toll", 2),
            ]
            assert DOCUMENTS["bridge.md"][outline["outline"][1]["start"] :].startswith("## Toll")
            assert "no pages" in await refusal(client, "read", source="bridge.md", page=1)
            assert "no headings" in await refusal(client, "read", source="weather.txt", outline=True)
            literal = await client.call_tool("read", {"source": "what?.txt"})
            assert literal.structured_content["text"] == DOCUMENTS["what?.txt"]

    run(work)


def test_sources_are_listed_in_pages_and_are_resources(folder: Path) -> None:
    names = [f"part {number:03}/ä {number}.txt" for number in range(SOURCES_A_PAGE * 2 + 7)]
    make_index(folder / "many" / "home", "default", {name: f"The ferry {name} carries cars.\n" for name in names})

    async def work() -> None:
        async with connected(folder / "many" / "home") as client:
            listed, start = [], 0
            while start is not None:
                page = (await client.call_tool("list_sources", {"start": start})).structured_content
                assert page["total"] == len(names)
                listed += [source["source"] for source in page["sources"]]
                start = page["next_start"]
            assert listed == names
            some = (await client.call_tool("list_sources", {"glob": "part 00*"})).structured_content
            assert some["total"] == 10
            one = (await client.call_tool("list_sources", {"glob": "part 003"})).structured_content
            assert [source["source"] for source in one["sources"]] == [names[3]]
            resources, cursor = [], None
            while True:
                listing = await client.list_resources(cursor=cursor)
                resources += listing.resources
                cursor = listing.next_cursor
                if cursor is None:
                    break
            assert [resource.name for resource in resources] == names
            read = await client.read_resource(resources[3].uri)
            assert read.contents[0].text == f"The ferry {names[3]} carries cars.\n"
            part = await client.read_resource(f"{resources[3].uri}?span=4:9")
            assert part.contents[0].text == "ferry"
            wrong = ("footnote://default/nix.txt", "footnote://nix/x", "file:///etc/passwd", "footnote://default/../x")
            for address in (*wrong, f"{resources[3].uri}?span=9:4", f"{resources[3].uri}?span=x"):
                with pytest.raises(MCPError) as error:
                    await client.read_resource(address)
                assert "Traceback" not in str(error.value)
            with pytest.raises(MCPError, match="cursor"):
                await client.list_resources(cursor="1/nix")

    run(work)


def test_a_long_resource_says_where_it_goes_on(one: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def work() -> None:
        async with connected(one) as client:
            first = (await client.read_resource("footnote://default/long.md")).contents
            text = first[0].text
            while len(first) == 2:
                first = (await client.read_resource(str(first[1].uri))).contents
                text += first[0].text
            assert text == DOCUMENTS["long.md"]

    run(work)


WRONG: list[tuple[str, dict[str, Any], str]] = [
    ("ask", {}, "question: it is needed"),
    ("ask", {"question": ""}, "question"),
    ("ask", {"question": "   "}, "question"),
    ("ask", {"question": 7}, "question"),
    ("ask", {"question": "x" * 5_000}, "question"),
    ("ask", {"question": "Who?", "history": [{"role": "system", "content": "x"}]}, "history.0.role"),
    ("ask", {"question": "Who?", "sources": ["nix*"]}, "No source of the index 'default' matches nix*"),
    ("ask", {"question": "Who?", "index": "../default"}, "There is no index '../default'"),
    ("ask", {"question": "Who?", "llm": "openai:x"}, "no such argument"),
    ("search", {"question": "Who?", "k": 0}, "k"),
    ("search", {"question": "Who?", "k": 10**9}, "k"),
    ("search", {"question": "Who?", "k": "many"}, "k"),
    ("search", {"question": "Who?", "sources": {"a": 1}}, "sources"),
    ("read", {"source": "../../../../etc/passwd"}, "not in the index"),
    ("read", {"source": "/etc/passwd"}, "not in the index"),
    ("read", {"source": "bridge.md\0"}, "not in the index"),
    ("read", {"source": "bridge"}, "list_sources"),
    ("read", {"source": "ferry.txt"}, "did you mean 'sea/ferry.txt'?"),
    ("read", {"source": "bridge.md", "span": "5"}, "START:END"),
    ("read", {"source": "bridge.md", "span": "9:4"}, "is no span"),
    ("read", {"source": "bridge.md", "span": "0:5", "page": 1}, "one thing at a time"),
    ("read", {"source": "bridge.md", "page": -1}, "page"),
    ("verify", {"text": ""}, "text"),
    ("verify", {"text": "x " * 100_000}, "text"),
    ("verify", {"text": "The sky is blue. " * 2_000}, "characters"),
    ("verify", {"text": "x", "texts": [{"name": "a"}]}, "texts.0.text"),
    ("verify", {"text": "x", "texts": [{"name": "a", "text": "b"}], "index": "default"}, "not both"),
    ("verify", {"text": "x", "texts": [{"name": "a", "text": "b"}, {"name": "a", "text": "c"}]}, "'a'"),
    ("list_sources", {"start": -1}, "start"),
]


def test_a_wrong_call_is_told_in_one_sentence_and_the_next_one_is_answered(one: Path) -> None:
    async def work() -> None:
        async with connected(one) as client:
            for tool, arguments, said in WRONG:
                sentence = await refusal(client, tool, **arguments)
                assert said in sentence, (tool, sentence)
                assert len(sentence) < 600
            with pytest.raises(MCPError, match="no tool"):
                await client.call_tool("remove", {"source": "bridge.md"})
            huge = await refusal(client, "verify", text="a" * 20_000_000)
            assert "50000" in huge
            assert not (await client.call_tool("search", {"question": "ferry"})).is_error

    run(work)


def test_an_index_is_named_where_there_are_several_and_a_broken_one_stops_no_other(several: Path) -> None:
    async def work() -> None:
        async with connected(several) as client:
            assert "list_indexes" in [tool.name for tool in (await client.list_tools()).tools]
            listed = (await client.call_tool("list_indexes", {})).structured_content["indexes"]
            assert [(one["index"], one["sources"]) for one in listed] == [
                ("bridges", 1), ("broken", None), ("ferries", 1)
            ]  # fmt: skip
            assert "name one of them" in await refusal(client, "search", question="ferry")
            for tool, arguments in (
                ("ask", {"question": "Who?"}), ("search", {"question": "Who?"}), ("read", {"source": "x"}),
                ("list_sources", {}), ("verify", {"text": "Whales sing."}),
            ):  # fmt: skip
                assert "broken/catalog.sqlite cannot be read" in await refusal(
                    client, tool, **arguments, index="broken"
                )
            found, other = await asyncio.gather(
                client.call_tool("search", {"question": "ferry", "index": "ferries"}),
                client.call_tool("search", {"question": "toll", "index": "bridges"}),
            )
            assert found.structured_content["passages"][0]["source"] == "ferry.txt"
            assert other.structured_content["passages"][0]["source"] == "bridge.md"
            assert len((await client.list_resources()).resources) == 1
        async with connected(several, "--index", "ferries") as client:
            assert (await client.call_tool("search", {"question": "ferry"})).structured_content["index"] == "ferries"
            assert "There is no index 'bridges'" in await refusal(client, "search", question="toll", index="bridges")

    run(work)


def test_without_an_index_the_tools_are_there_and_say_what_to_do(tmp_path: Path) -> None:
    async def work() -> None:
        async with connected(tmp_path / "nothing") as client:
            assert [tool.name for tool in (await client.list_tools()).tools] == NAMES
            assert "rag ingest PATH" in await refusal(client, "ask", question="Who?")
            assert (await client.list_resources()).resources == []
            assert not (tmp_path / "nothing").exists(), "nothing is written"
            # An index that is made meanwhile is found.
            await asyncio.to_thread(
                make_index, tmp_path / "nothing", "default", {"a.txt": "The ferry carries 28 cars."}
            )
            assert not (await client.call_tool("search", {"question": "ferry"})).is_error

    run(work)


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_a_cancelled_question_stops_the_model_and_lets_the_next_one_through(one: Path, scoring: str, mode: str) -> None:
    hangs = Reply([*as_events([chunk(role="assistant", content="The bridge ")]), HANG], type=EVENTS)

    async def work(server: Server) -> None:
        spec = f"openai-like:{server.url}/v1#m"
        settings = {"RAG_SCORING": scoring, "RAG_LLM_TRUST": "strong", "RAG_LLM_RETRIES": "0"}
        settings["RAG_SERVE_AT_ONCE"] = "1"
        async with connected(one, "--llm", spec, mode=mode, **settings) as client:
            steps: list[str] = []

            async def note(_: float, __: float | None, message: str | None) -> None:
                steps.append(message or "")

            async def ask(question: str) -> Any:
                return await client.call_tool("ask", {"question": question}, progress_callback=note)

            asking = asyncio.create_task(ask("How long is the bridge?"))
            waiting = asyncio.create_task(ask("How long is the old bridge?"))
            while not (server.posts and any(step.startswith("waiting") for step in steps)):
                assert not asking.done(), asking
                await asyncio.sleep(0.02)
            assert "writing" in steps or "reading" in steps
            assert len(server.posts) == 1, "the second question waits for its turn"
            asking.cancel()
            answer = await waiting
            assert not answer.is_error
            assert answer.structured_content["model"] == "m"
            assert not (await client.call_tool("list_sources", {})).is_error

    with Server(hangs, streamed("The bridge is 412 metres long [1].")) as server:
        run(lambda: work(server))


def test_a_model_that_is_gone_leaves_quotes_and_says_why(one: Path, scoring: str) -> None:
    async def work() -> None:
        spec = "openai-like:http://127.0.0.1:9/v1#m"
        async with connected(one, "--llm", spec, RAG_SCORING=scoring, RAG_LLM_RETRIES="0") as client:
            answer = await client.call_tool("ask", {"question": "How long is the bridge?"})
            assert not answer.is_error
            assert answer.structured_content["degraded"] is True
            assert "The language model failed" in words(answer)
            assert "412 metres" in answer.structured_content["answer"]

    run(work)


@pytest.mark.model
def test_the_command_as_it_is_installed_answers_with_the_default_embedding_model(tmp_path: Path) -> None:
    home = tmp_path / "home"
    (tmp_path / "toll.md").write_text("# Tolls\n\nThe toll of Lantern bridge is 3 crowns for cars.\n")
    command = [sys.executable, "-m", "rag", "ingest", str(tmp_path / "toll.md")]
    subprocess.run(command, cwd=ROOT, env=environment(home), check=True, capture_output=True)

    async def ask(client: Client) -> None:
        answer = await client.call_tool("ask", {"question": "What does a car pay on Lantern bridge?"})
        assert not answer.is_error, words(answer)
        assert "3 crowns" in answer.structured_content["answer"]

    async def work() -> None:
        async with connected(home, program="rag") as client:
            await ask(client)

    run(work)


def test_while_the_database_is_away_each_list_says_so_and_nobody_else_waits() -> None:
    asked: list[threading.Thread] = []

    class Away:
        def names(self, *_: object) -> list[str]:
            asked.append(threading.current_thread())
            raise DatabaseUnusable(Notice("database-silent", {"database": "postgresql://db/team", "cause": "no route"}))

        name_of = names

    async def work() -> None:
        async with Client(make_server(Away())) as client:  # type: ignore[arg-type]
            for listed in (client.list_tools, client.list_resources):
                with pytest.raises(MCPError, match="cannot use its database at the moment"):
                    await listed()
            result = await client.call_tool("search", {"question": "How long is the bridge?"})
            assert result.is_error
            assert "cannot use its database at the moment" in words(result)
            assert "postgresql" not in words(result), "where it is concerns whoever looks after the server"

    run(work)
    assert len(asked) == 3
    assert threading.current_thread() not in asked, "the thread of all requests waits for no database"
