"""One open thing to ask: what it opens once, what it closes, and that settings belong to the open index."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

import rag
import rag.assistant
from rag.errors import LLMError, UsageError
from rag.llama_index import FootnoteQueryEngine, FootnoteRetriever
from rag.settings import Settings
from rag.settings import load_settings as read_settings
from rag.store.index import Index, open_index
from tests.conftest import statuses, with_settings, write_files
from tests.fakes import ScriptedModel, WordEncoder

QUESTION = "How many cars does the ferry carry?"
SAID = ["The ferry carries ", "28 cars [1]."]


class Opened(list[ScriptedModel]):
    """The models that were opened, in place of those that a spec names; ``script`` is what each says."""

    def __init__(self) -> None:
        super().__init__()
        self.script: list[str | Exception] = list(SAID)
        self.closed: list[ScriptedModel] = []

    def open_llm(self, spec: str, *_: object) -> ScriptedModel | None:
        if spec == "none":
            return None
        if spec == "broken":
            raise LLMError("The service is down.")
        model = ScriptedModel(self.script, name=spec)
        model.close = lambda: self.closed.append(model)  # type: ignore[method-assign]
        self.append(model)
        return model


@pytest.fixture
def models(monkeypatch: pytest.MonkeyPatch) -> Opened:
    opened = Opened()
    monkeypatch.setattr(rag.assistant, "open_llm", opened.open_llm)
    return opened


@pytest.fixture
def named(index: Index, settings: Settings, encoder: WordEncoder, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the indexes that were opened by name; the library's index is the default one."""
    names: list[str] = []

    def open_(name: str, home: Path | None, **options: object) -> Index:
        names.append(name)
        return open_index(name, home or settings.home, settings=settings, encoder=encoder)

    monkeypatch.setattr(rag.assistant, "open_index", open_)
    return names


def test_fifty_questions_open_index_and_model_once(named: list[str], models: Opened) -> None:
    with rag.Assistant(llm="teller") as assistant:
        assert not models, "the model is opened with the first question"
        answers = [assistant.ask(QUESTION) for _ in range(50)]
    assert {answer.answer for answer in answers} == {"The ferry carries 28 cars. [1]"}
    assert named == ["default"]
    assert len(models) == 1
    assert len(models[0].asked) == 50
    assert models.closed == list(models)


def test_functions_and_query_engine_share_what_the_index_holds_open(index: Index, models: Opened) -> None:
    engine = FootnoteQueryEngine(index, llm="teller")
    for _ in range(25):
        assert rag.answer(index, QUESTION, llm="teller").model == "teller"
        assert "28 cars" in str(engine.query(QUESTION))
    assert rag.answer(index, QUESTION, llm="none").model == "none"
    assert [model.name for model in models] == ["teller"]
    assert not models.closed
    index.close()
    assert models.closed == list(models)


def test_an_open_index_is_left_to_its_owner(index: Index, models: Opened) -> None:
    with rag.Assistant(index, llm="teller") as assistant:
        assistant.ask(QUESTION)
    assert models.closed
    assert index.catalog.chunk_total()
    with pytest.raises(UsageError, match="is closed"):
        assistant.ask(QUESTION)
    with pytest.raises(UsageError, match="is closed"):
        assistant.retrieve(QUESTION)
    with pytest.raises(UsageError, match="open_index"):
        rag.Assistant(index, create=True)


def test_an_index_opened_by_name_is_closed(named: list[str], models: Opened) -> None:
    assistant = rag.Assistant(llm="none")
    assistant.ask(QUESTION)
    assistant.close()
    assistant.close()
    assert len(assistant.index.catalog._connections) == 0


def test_snapshots_grow_until_the_last_is_done(index: Index, models: Opened) -> None:
    with rag.Assistant(index, llm="teller") as assistant:
        snapshots = list(assistant.ask_stream(QUESTION))
    assert [snapshot.state for snapshot in snapshots if snapshot.state != "writing"] == [
        "searching",
        "reading",
        "checking",
        "done",
    ]
    written = [snapshot.answer for snapshot in snapshots if snapshot.state == "writing" and snapshot.answer]
    assert written == [SAID[0], SAID[0] + SAID[1]]
    assert snapshots[-1].citations[0].quote == "The ferry carries 28 cars."


def test_a_model_that_cannot_be_opened_is_an_error_and_is_tried_again(index: Index, models: Opened) -> None:
    assistant = rag.Assistant(index, llm="broken")
    for _ in range(2):
        with pytest.raises(LLMError, match="down"):
            assistant.ask(QUESTION)
    assert assistant.retrieve(QUESTION, k=1)[0].source == "sea/ferry.txt"


def test_the_asynchronous_twins_say_the_same(index: Index, models: Opened) -> None:
    async def ask() -> tuple[list[str], str, list[str]]:
        async with rag.Assistant(index, llm="teller") as assistant:
            streamed = [snapshot.answer async for snapshot in assistant.aask_stream(QUESTION)]
            several = await asyncio.gather(*(assistant.aask(QUESTION) for _ in range(5)))
            passages = await assistant.aretrieve(QUESTION, k=2)
            assert {answer.answer for answer in several} == {streamed[-1]}
            return streamed, several[0].answer, [passage.source for passage in passages]

    with rag.Assistant(index, llm="teller") as assistant:
        expected = [snapshot.answer for snapshot in assistant.ask_stream(QUESTION)]
        found = [passage.source for passage in assistant.retrieve(QUESTION, k=2)]
    assert asyncio.run(ask()) == (expected, expected[-1], found)
    assert len(models) == 2


def test_an_error_reaches_the_task_that_asked(index: Index, models: Opened) -> None:
    async def ask() -> None:
        async with rag.Assistant(index, llm="broken") as assistant:
            await assistant.aask(QUESTION)

    with pytest.raises(LLMError, match="down"):
        asyncio.run(ask())


def test_a_reader_who_leaves_stops_the_model(index: Index, models: Opened) -> None:
    waiting, never = threading.Event(), threading.Event()

    class Endless(ScriptedModel):
        def stream(self, messages, max_tokens, stop=(), cancel=None, purpose=""):  # type: ignore[no-untyped-def]
            try:
                yield "The ferry "
                waiting.set()
                while not cancel.wait(0.01):
                    yield "goes on and "
            finally:  # The one who reads the words may be the first to see that nobody waits for them.
                never.set()

    async def leave() -> None:
        async with rag.Assistant(index, llm="teller") as assistant:
            task = asyncio.create_task(assistant.aask(QUESTION))
            while not waiting.is_set():
                await asyncio.sleep(0.01)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert never.is_set(), "the thread has ended when the task has"
            async for snapshot in assistant.aask_stream(QUESTION):
                if snapshot.state == "writing" and snapshot.answer:
                    break

    models.open_llm = lambda *_: Endless([])  # type: ignore[method-assign]
    rag.assistant.open_llm = models.open_llm  # type: ignore[assignment]
    asyncio.run(asyncio.wait_for(leave(), 120))


def test_several_threads_ask_one_assistant(index: Index, models: Opened) -> None:
    with rag.Assistant(index, llm="teller") as assistant, ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: assistant.ask(QUESTION).answer, range(24)))
    assert set(answers) == {"The ferry carries 28 cars. [1]"}
    assert len(models) == 1


def test_an_index_inside_the_documents_does_not_index_itself(
    tmp_path: Path, encoder: WordEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    docs = tmp_path / "docs"
    write_files(docs, {"a.txt": "The toll is 3 crowns."})
    with rag.open_index("papers", home=docs / "idx", create=True, encoder=encoder) as index:
        assert statuses(rag.ingest(index, [docs])) == {"a.txt": "added"}
        monkeypatch.setenv("RAG_HOME", str(tmp_path / "elsewhere"))
        read_settings.cache_clear()
        assert statuses(rag.ingest(index, [docs])) == {"a.txt": "unchanged"}
    assert not (tmp_path / "elsewhere").exists()


def test_indexes_among_the_documents_are_passed_over_wherever_their_home_is(
    tmp_path: Path, encoder: WordEncoder
) -> None:
    docs = tmp_path / "docs"
    write_files(docs, {"a.txt": "The toll is 3 crowns.", "old/catalog.sqlite/b.txt": "Ours.", "c/catalog.sqlite": ""})
    with rag.open_index("other", home=docs / "attic", create=True, encoder=encoder) as other:
        rag.ingest(other, [docs / "a.txt"])
    with rag.open_index("papers", home=docs, create=True, encoder=encoder) as index:
        for status in ("added", "unchanged"):
            assert statuses(rag.ingest(index, [docs])) == {
                "a.txt": status,
                "old/catalog.sqlite/b.txt": status,
                "c/catalog.sqlite": "skipped",
            }


def test_settings_belong_to_the_open_index(
    index: Index, library: Path, models: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = with_settings(index, top_k=2, llm="teller", threshold=0.999999, max_file_mb=0.0001)
    monkeypatch.setenv("RAG_LLM", "another")
    monkeypatch.setenv("RAG_TOP_K", "7")
    read_settings.cache_clear()
    answer = rag.answer(few, QUESTION)
    assert not answer.tentative, "a strong model is not held back"
    without = rag.answer(few, QUESTION, llm="none")
    assert (len(without.passages), without.abstained) == (2, True)
    assert [model.name for model in models] == ["teller"]
    write_files(library, {"long.txt": "The toll is 3 crowns. " * 50})
    assert statuses(rag.ingest(few, [library]))["long.txt"] == "skipped"
    few.held.clear()


def test_a_retriever_of_another_program_is_asynchronous_too(index: Index) -> None:
    retriever = FootnoteRetriever(index, k=2)
    nodes = asyncio.run(retriever.aretrieve(QUESTION))
    assert [node.node.node_id for node in nodes] == [node.node.node_id for node in retriever.retrieve(QUESTION)]


def test_one_path_or_glob_is_no_list_of_letters(index: Index, library: Path) -> None:
    with rag.Assistant(index, llm="none") as assistant:
        assert statuses(assistant.ingest(str(library)))["bridge.md"] == "unchanged"
        assert statuses(assistant.ingest(library / "bridge.md")) == {"bridge.md": "unchanged"}
        found = assistant.retrieve("Where does the ferry go?", k=1, sources="bridge.md")
        assert [passage.source for passage in found] == ["bridge.md"]
        assert {p.source for p in assistant.ask(QUESTION, sources="sea/*").passages} <= {
            "sea/ferry.txt",
            "sea/keeper.txt",
        }


@pytest.mark.parametrize("question", ["", "  \n", None, 3])
def test_a_question_that_is_none_is_refused(index: Index, question: str) -> None:
    with rag.Assistant(index, llm="none") as assistant, pytest.raises(UsageError, match="question is empty"):
        assistant.ask(question)


def test_wrong_arguments_are_one_sentence_each(index: Index) -> None:
    assistant = rag.Assistant(index, llm="none")
    with pytest.raises(UsageError, match=r"rag\.Turn"):
        assistant.ask(QUESTION, history=[{"role": "user", "content": "Hi."}])  # type: ignore[list-item]
    for k in (0, -1, "3", 2.5):
        with pytest.raises(UsageError, match="whole number from 1"):
            assistant.retrieve(QUESTION, k)  # type: ignore[arg-type]
    for wrong in (Path("papers"), 5):
        with pytest.raises(UsageError, match="name of an index"):
            rag.Assistant(wrong)  # type: ignore[arg-type]
    with pytest.raises(UsageError, match=r"rag\.Settings"):
        rag.Assistant("papers", settings={})  # type: ignore[arg-type]


def test_a_closed_index_is_no_longer_asked(index: Index) -> None:
    assistant = rag.Assistant(index, llm="none")
    rag.answer(index, QUESTION, llm="none")
    index.close()
    for ask in (
        lambda: assistant.ask(QUESTION),
        lambda: assistant.retrieve(QUESTION),
        lambda: assistant.__enter__(),
        lambda: rag.answer(index, QUESTION),
        lambda: rag.retrieve(index, QUESTION),
        lambda: rag.Assistant(index),
    ):
        with pytest.raises(UsageError, match="index is closed"):
            ask()
    assert not index.held


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"top_k": 0}, "RAG_TOP_K is wrong"),
        ({"topk": 3}, "no setting RAG_TOPK"),
        ({"llm_price": "a lot"}, "^RAG_LLM_PRICE=a lot is no price; write what .* such as 0.15/0.60, or .*$"),
    ],
)
def test_a_wrong_setting_is_an_error_of_ours(values: dict[str, Any], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        rag.Settings(**values)
