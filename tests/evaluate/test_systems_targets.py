"""Systems behind an address and Python functions: what they answer, and everything that they may do in its place."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from rag.answering.checkers import open_checker_for
from rag.errors import UsageError
from rag.evaluate.run.configuration import Configuration
from rag.evaluate.run.runner import run_suite
from rag.evaluate.systems import http_target
from rag.evaluate.systems.answer import Reading
from rag.evaluate.systems.given import SystemFailed
from rag.evaluate.systems.http_target import HttpSystem, read_completion, read_target
from rag.evaluate.systems.opening import open_system, read_named
from rag.evaluate.systems.placing import Corpus
from rag.evaluate.systems.python_target import PythonSystem, find_function
from rag.evaluate.types import Suite
from rag.settings import Settings
from rag.store.index import Index
from rag.types import Turn
from tests.json_service import Reply, Request, serving

FERRY = "The ferry to Skarholm leaves at 7:40 every morning. The ferry carries 28 cars."
ANSWERED = {"answer": "The ferry carries 28 cars [1].", "contexts": [{"text": FERRY, "source": "sea/ferry.txt"}]}
HISTORY = (Turn("user", "Is there a ferry?"), Turn("assistant", "Yes."))
Ask = Callable[..., Any]


@pytest.fixture
def index(corpus: tuple[Index, str]) -> Index:
    return corpus[0]


@pytest.fixture
def reading(index: Index, settings: Settings) -> Reading:
    return Reading(Corpus(index), open_checker_for(settings))


@pytest.fixture
def ask_at(reading: Reading) -> Iterator[Ask]:
    """Ask an address: ``ask_at(address, seconds)(question, history)``; its waits are kept in ``ask_at.waited``."""
    with httpx.Client(follow_redirects=False) as client:

        def make(address: str, seconds: float = 30.0) -> Any:
            return HttpSystem(read_target(address), client, reading, seconds, sleep=waited.append).ask

        waited: list[float] = []
        make.waited = waited  # type: ignore[attr-defined]
        yield make


# -- HTTP --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spec", "address", "is_openai", "model"),
    [
        ("http://127.0.0.1:8000/ask", "http://127.0.0.1:8000/ask", False, ""),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000", False, ""),
        ("http://127.0.0.1:8000/v1/", "http://127.0.0.1:8000/v1/chat/completions", True, ""),
        ("https://a.example/v1/chat/completions", "https://a.example/v1/chat/completions", True, ""),
        ("https://a.example/api#docs-bot", "https://a.example/api/chat/completions", True, "docs-bot"),
    ],
)
def test_the_address_tells_the_protocol(spec: str, address: str, is_openai: bool, model: str) -> None:
    target = read_target(spec)
    assert (target.address, target.is_openai, target.model) == (address, is_openai, model)


@pytest.mark.parametrize("spec", ["http://me:secret@a.example/ask", "http://a.example/ask?key=1", "http://"])
def test_an_address_with_a_secret_is_refused(spec: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_target(spec)
    assert "secret" not in str(caught.value)


def test_a_json_service_is_sent_the_question_and_the_conversation(ask_at: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAG_TARGET_API_KEY", "sesame")
    with serving(lambda _: Reply(ANSWERED)) as (address, requests):
        answer = ask_at(f"{address}/ask")("How many cars?", HISTORY)
    assert requests[0].data == {
        "question": "How many cars?",
        "history": [{"role": "user", "content": "Is there a ferry?"}, {"role": "assistant", "content": "Yes."}],
    }
    assert requests[0].headers["Authorization"] == "Bearer sesame"
    assert answer.citations[0].source == "sea/ferry.txt"
    assert answer.sentences[0].verdict == "verified"
    assert answer.timings["total_ms"] > 0


def test_a_server_of_chat_completions_is_asked_for_its_first_model(ask_at: Ask) -> None:
    def reply(request: Request) -> Reply:
        if request.method == "GET":
            return Reply({"data": [{"id": "docs-bot"}]})
        message = {"role": "assistant", "content": "The ferry carries 28 cars [1].", "contexts": [FERRY]}
        usage = {"prompt_tokens": 90, "completion_tokens": 8}
        return Reply({"model": "docs-bot-2", "choices": [{"message": message}], "usage": usage})

    with serving(reply) as (address, requests):
        ask = ask_at(f"{address}/v1")
        answer = ask("How many cars?", HISTORY)
        ask("And bikes?", ())
    assert [request.path for request in requests] == ["/v1/models", *["/v1/chat/completions"] * 2]
    assert requests[1].data["model"] == "docs-bot"
    assert [message["content"] for message in requests[1].data["messages"]] == [
        "Is there a ferry?",
        "Yes.",
        "How many cars?",
    ]
    assert (answer.model, answer.calls[0].sent, answer.calls[0].written) == ("docs-bot-2", 90, 8)
    assert answer.sentences[0].verdict == "verified"
    assert answer.citations[0].number == 1


def test_replies_of_chat_completions_are_read_with_and_without_citations() -> None:
    def read(**message: Any) -> dict[str, Any]:
        return read_completion({"choices": [{"message": message}], "citations": ["https://a.example"]})

    assert read(content="So.") == {"answer": "So."}
    assert read(content=[{"type": "text", "text": "So"}, {"type": "text", "text": "."}]) == {"answer": "So."}
    assert read(content=None, refusal="I will not.") == {"answer": "I will not.", "refused": True}
    cited = [{"content": "Words.", "filepath": "a.md", "title": "A"}]
    azure = read(content="So [doc1].", context={"citations": cited, "intent": "[]"})
    assert azure == {"answer": "So [1].", "contexts": cited}
    assert read_completion({"error": {"message": "no quota"}}) == {"error": "no quota"}
    with pytest.raises(SystemFailed, match="choices"):
        read_completion({"choices": []})


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (Reply(status=500, value={"error": {"message": "out of memory"}}), r"status 500 \(out of memory\)"),
        (Reply(status=404, value={}), "status 404.*check its address"),
        (Reply(status=401, value={}), "refuses access.*RAG_TARGET_API_KEY"),
        (Reply(status=307, headers={"location": "http://elsewhere.example/x"}), "sends questions on to elsewhere"),
        (Reply(body=b"<html><body>Sign in</body></html>"), "sent a web page"),
        (Reply(body=b"28 cars"), "sent no JSON"),
        (Reply(body=b""), "sent nothing"),
        (Reply(value=["28 cars"]), "no object"),
        (Reply(body=b'{"answer": "\xff\xfe"}'), "not UTF-8"),
        (Reply(body=b"[" * 50_000), "sent no JSON"),
        (Reply(value={"response": 28}), 'no text under "answer"'),
        (Reply(value={"error": "the index is empty"}), "says that it failed: the index is empty"),
        (Reply(status=429, headers={"retry-after": "900"}), "asks to wait 900 s"),
    ],
)
def test_whatever_a_server_does_in_the_place_of_answering_is_one_sentence(
    ask_at: Ask, monkeypatch: pytest.MonkeyPatch, reply: Reply, words: str
) -> None:
    monkeypatch.setenv("RAG_TARGET_API_KEY", "sesame-open-now")
    with serving(lambda _: reply) as (address, requests), pytest.raises(SystemFailed, match=words) as caught:
        ask_at(f"{address}/ask")("How many cars?", ())
    assert len(requests) == 1
    assert "\n" not in str(caught.value)
    assert "sesame" not in str(caught.value)


def test_a_key_that_a_server_repeats_is_not_told(ask_at: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAG_TARGET_API_KEY", "sesame-open-now")
    reply = Reply(status=400, value={"error": "bad key sesame-open-now"})
    with serving(lambda _: reply) as (address, _), pytest.raises(SystemFailed) as caught:
        ask_at(address)("How many cars?", ())
    assert "sesame" not in str(caught.value)


def test_a_busy_server_is_asked_again_after_the_time_that_it_names(ask_at: Ask) -> None:
    replies = iter([Reply(status=429, headers={"retry-after": "7"}), Reply(status=503), Reply(ANSWERED)])
    with serving(lambda _: next(replies)) as (address, requests):
        assert ask_at(address)("How many cars?", ()).citations
    assert ask_at.waited == [7.0, 2.0]  # type: ignore[attr-defined]
    assert len(requests) == 3
    with serving(lambda _: Reply(status=429)) as (address, requests), pytest.raises(SystemFailed, match="status 429"):
        ask_at(address)("How many cars?", ())
    assert len(requests) == 4


def test_a_huge_reply_is_not_read_to_its_end(ask_at: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_target, "_MOST_BYTES", 100_000)
    with (
        serving(lambda _: Reply(body=b'{"answer": "' + b"a" * 400_000 + b'"}')) as (address, _),
        pytest.raises(SystemFailed, match="more than"),
    ):
        ask_at(address)("How many cars?", ())


def test_a_slow_and_a_dead_server_are_told(ask_at: Ask) -> None:
    enough = threading.Event()

    def sleep(_: Request) -> Reply:
        enough.wait(60)
        return Reply(ANSWERED)

    with serving(sleep) as (address, _):
        with pytest.raises(SystemFailed, match=r"no answer within 0\.2 s"):
            ask_at(address, 0.2)("How many cars?", ())
        enough.set()
    with pytest.raises(SystemFailed, match="cannot be reached"):
        ask_at(address)("How many cars?", ())


def test_a_target_that_fails_is_an_error_apart_from_wrong_answers(
    suite: Suite, index: Index, settings: Settings, configure: Callable[..., Configuration]
) -> None:
    def reply(request: Request) -> Reply:
        question = request.data["question"]
        return (
            Reply(ANSWERED)
            if "ferry" in question
            else Reply({"answer": "42"})
            if "toll" in question
            else Reply(status=500)
        )

    with serving(reply) as (address, _):
        named = read_named(None, f"{address}/ask", suite.path.parent, 30)
        assert named
        with open_system(named, index, settings) as system:
            records = run_suite(suite, index, configure(), system=system).records
    assert [bool(one.error) for one in records] == [False, False, True, True]
    assert [one.metrics["right"] for one in records] == [1, 0, 0, 0]


# -- Python ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], Path]:
    """Write a module into a folder beside nothing: ``module(name, text)``; it is forgotten in the end."""
    import sys

    monkeypatch.setattr(sys, "path", list(sys.path))

    def write(name: str, text: str) -> Path:
        folder = tmp_path / "beside"
        folder.mkdir(exist_ok=True)
        (folder / f"{name}.py").write_text(text, encoding="utf-8")
        monkeypatch.delitem(sys.modules, name, raising=False)
        return folder

    return write


def call(reading: Reading, function: Callable[..., Any], seconds: float = 60.0, history: tuple[Turn, ...] = ()) -> Any:
    system = PythonSystem("my_rag:answer", function, reading, seconds)
    try:
        return system.ask("How many cars?", history)
    finally:
        system.close()


def test_a_module_beside_the_suite_is_found(module: Callable[[str, str], Path], capsys: Any) -> None:
    folder = module("beside_rag", "print('loading')\ndef answer(question):\n    return question.upper()\n")
    assert find_function("beside_rag:answer", folder)("why") == "WHY"
    assert capsys.readouterr().out == "", "standard output belongs to the results"


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ("no_such_module:answer", "no module 'no_such_module'"),
        ("broken_rag:answer", "cannot be imported .ValueError: by design"),
        ("needy_rag:answer", "cannot be imported .ModuleNotFoundError: No module named 'no_such_part'"),
        ("ending_rag:answer", "cannot be imported .SystemExit"),
        ("whole_rag:absent", "has no 'absent'"),
        ("whole_rag:number", "is no function"),
        ("whole_rag", "is no target"),
        ("../whole_rag:answer", "is no target"),
        ("ftp://a.example", "is no target"),
    ],
)
def test_a_target_that_cannot_be_found_is_the_users_mistake(
    module: Callable[[str, str], Path], spec: str, words: str
) -> None:
    module("broken_rag", "raise ValueError('by design')")
    module("needy_rag", "import no_such_part")
    module("ending_rag", "raise SystemExit(3)")
    with pytest.raises(UsageError, match=words):
        read_named(None, spec, module("whole_rag", "number = 5"))


def test_two_systems_at_once_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="one at a time"):
        read_named(tmp_path / "a.jsonl", "http://127.0.0.1:1/ask", tmp_path)


def test_functions_take_the_conversation_where_they_want_it(reading: Reading) -> None:
    seen: list[Any] = []

    async def later(question: str, history: list[dict[str, str]]) -> dict[str, Any]:
        await asyncio.sleep(0)
        seen.append((question, history))
        return ANSWERED

    def plain(question: str, verbose: bool = False) -> str:
        seen.append((question, verbose))
        return "28 cars"

    cited = call(reading, later, history=HISTORY)
    assert cited.sentences[0].verdict == "verified"
    assert cited.timings["total_ms"] >= 0
    assert call(reading, plain, history=HISTORY).answer == "28 cars"
    turns = [{"role": turn.role, "content": turn.content} for turn in HISTORY]
    assert seen == [("How many cars?", turns), ("How many cars?", False)]


def test_one_event_loop_serves_all_questions(reading: Reading) -> None:
    loops: list[Any] = []

    async def answer(_: str) -> str:
        loops.append(asyncio.get_running_loop())
        return "28 cars"

    system = PythonSystem("my_rag:answer", answer, reading, 60.0)
    system.ask("a", ())
    system.ask("b", ())
    system.close()
    assert loops[0] is loops[1]
    assert loops[0].is_closed()


def test_what_a_function_does_wrong_is_one_sentence(reading: Reading) -> None:
    def raises(_: str) -> str:
        raise ValueError("no\nindex")

    def ends(_: str) -> str:
        raise SystemExit

    for function, words in (
        (raises, "raised ValueError: no index; mend it"),
        (ends, "raised SystemExit; mend it"),
        (lambda _: None, "returned NoneType; return a text"),
        (lambda _: {"answer": "a", "contexts": "b"}, "must be a list"),
        (lambda _: {"answer": "a", "contexts": [object()]}, "A context must be"),
    ):
        with pytest.raises(SystemFailed, match=words) as caught:
            call(reading, function)
        assert "\n" not in str(caught.value)


def test_a_function_that_never_returns_is_left_behind(reading: Reading) -> None:
    enough = threading.Event()

    def answer(question: str) -> str:
        if question == "a":
            enough.wait(60)
        return "28 cars"

    async def forever(_: str) -> str:
        await asyncio.sleep(3600)
        return ""

    system = PythonSystem("my_rag:answer", answer, reading, 0.1)
    with pytest.raises(SystemFailed, match=r"did not return within 0\.1 s"):
        system.ask("a", ())
    system.seconds = 60.0
    assert system.ask("b", ()).answer == "28 cars"
    enough.set()
    system.close()
    with pytest.raises(SystemFailed, match=r"did not return within 0\.1 s"):
        call(reading, forever, 0.1)


def test_what_a_function_prints_is_no_result(reading: Reading, capsys: Any) -> None:
    def answer(_: str) -> str:
        print("thinking")
        return "28 cars"

    call(reading, answer)
    assert capsys.readouterr().out == ""


def test_documents_of_langchain_are_read_by_their_attributes(reading: Reading) -> None:
    document = SimpleNamespace(page_content=FERRY, metadata={"source": "library/sea/ferry.txt"})
    answer = call(reading, lambda _: {"input": "?", "context": [document], "answer": "28 cars [1]"})
    assert [passage.source for passage in answer.passages] == ["sea/ferry.txt"]
    assert answer.citations[0].source == "sea/ferry.txt"


def test_an_answer_of_footnotes_own_is_read(reading: Reading, index: Index) -> None:
    import rag

    answered = rag.answer(index, "Who is the keeper of the lighthouse?", llm="none")
    answer = call(reading, lambda _: answered)
    assert [one.verdict for one in answer.sentences] == [one.verdict for one in answered.sentences]
    places = [(one.source, one.start, one.end) for one in answered.citations]
    assert [(one.source, one.start, one.end) for one in answer.citations] == places
    assert len(answer.passages) == len(answered.passages)
    assert answer.confidence == answered.confidence
    assert json.dumps(answer.not_given) == '["left-out"]'
