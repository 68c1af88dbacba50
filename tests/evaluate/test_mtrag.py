"""MTRAG's two published forms, read and written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from rag.errors import UsageError
from rag.evaluate.formats import export_suite, import_suite
from rag.evaluate.suite.file import load_suite
from rag.evaluate.types import Case, GoldEvidence, Record, Suite
from rag.ingestion.pipeline import ingest
from rag.settings import Settings
from rag.store.index import open_index
from tests.fakes import WordEncoder


def context(id_: str, text: str, *votes: str) -> dict[str, Any]:
    relevant = {f"person {at}": {"value": vote, "timestamp": 100 + at} for at, vote in enumerate(votes)}
    return {"document_id": id_, "text": text, "title": "A title", "score": 18.7, "feedback": {"relevant": relevant}}


def user(text: str, kind: str, **more: Any) -> dict[str, Any]:
    enrichments = {"Question Type": ["Factoid"], "Multi-Turn": ["N/A"], "Answerability": [kind], **more}
    return {"speaker": "user", "text": text, "timestamp": 1, "enrichments": enrichments}


def agent(text: str, *contexts: dict[str, Any]) -> dict[str, Any]:
    return {"speaker": "agent", "text": text, "timestamp": 2, "contexts": list(contexts), "original_text": "x"}


FERRY, TOLL, OTHER = "The ferry carries 28 cars.", "The toll is 3 crowns.", "Maren keeps the light."
CONVERSATIONS = [
    {
        "author": "a1",
        "retriever": {"collection": {"name": "coast", "size": "3"}, "parameters": {"max_count": 3}},
        "messages": [
            user("How many cars?", "ANSWERABLE"),
            agent("28 cars", context("d-1", FERRY, "no", "yes"), context("d-2", TOLL, "yes", "no")),
            user("And the toll?", "PARTIAL", **{"Multi-Turn": ["Follow-up"]}),
            agent("The toll is 3 crowns, for cars at least.", context("d-2", TOLL)),
            user("Who wrote Hamlet?", "UNANSWERABLE"),
            agent("I'm sorry, but I don't have the answer.", context("d-3", OTHER, "no")),
            user("Thanks", "CONVERSATIONAL"),
            agent("You're welcome"),
        ],
    },
    {"author": "a2", "messages": []},
    {"author": "a3", "messages": [user("Who keeps the light?", "ANSWERABLE"), agent("Maren", context("d-3", OTHER))]},
]


def imported(tmp_path: Path, name: str, text: str, corpus: Path | None = None) -> Suite:
    source = tmp_path / name
    source.write_text(text, encoding="utf-8")
    report = import_suite("mtrag", source, tmp_path / "suite", corpus)
    return load_suite(report.path, corpus_anywhere=True)


def test_whole_conversations_become_turns(tmp_path: Path) -> None:
    suite = imported(tmp_path, "conversations.json", json.dumps(CONVERSATIONS))
    assert [case.id for case in suite.cases] == ["c-001/1", "c-001/2", "c-001/3", "c-001/4", "c-003/1"]
    cars, toll, hamlet, thanks, _ = suite.cases
    assert (cars.answers, cars.match, cars.reply) == (("28 cars",), "contains", "28 cars")
    assert (toll.answerable, toll.match, toll.tags) == (True, "f1", ("Factoid", "Follow-up"))
    assert (hamlet.answerable, hamlet.answers, hamlet.evidence) == (False, (), ())
    assert hamlet.reply == "I'm sorry, but I don't have the answer."
    assert (thanks.small_talk, thanks.answers) == (True, ())
    texts = {path.name: path.read_text() for path in suite.corpus.iterdir()}
    assert sorted(text.strip() for text in texts.values()) == sorted([FERRY, TOLL, OTHER])
    assert [texts[one.source].strip() for one in cars.evidence] == [FERRY], "the last word on relevance counts"
    assert [texts[one.source].strip() for one in toll.evidence] == [TOLL]
    load_suite(suite.path, conversation="fixed")


def test_what_cannot_be_taken_is_counted(tmp_path: Path) -> None:
    source = tmp_path / "conversations.json"
    source.write_text(json.dumps([*CONVERSATIONS, {"messages": [user("", "ANSWERABLE"), agent("x")]}, 7]))
    report = import_suite("mtrag", source, tmp_path / "suite")
    assert {one.reason: one.rows for one in report.rejected} == {"a conversation without 1 to 200 questions": 3}


def task(turn: int, text: str, kind: str, reply: str, before: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "conversation_id": "dd6b",
        "task_id": f"dd6b::{turn}",
        "task_type": "rag",
        "turn": turn,
        "contexts": [context("d-1", FERRY)] if turn == 3 else [],
        "input": [*before, {"speaker": "user", "text": text, "enrichments": {}}],
        "targets": [{"speaker": "agent", "text": reply}],
        "Question Type": ["Factoid"],
        "answerability": [kind],
        "Multi-Turn": float("nan"),
    }


def test_tasks_of_generation_become_the_same_conversation(tmp_path: Path) -> None:
    first = [{"speaker": "user", "text": "Hello"}, {"speaker": "agent", "text": "Hello!"}]
    second = [*first, {"speaker": "user", "text": "Which toll?"}, {"speaker": "agent", "text": "I do not know."}]
    rows = [
        task(3, "How many cars?", "ANSWERABLE", "28 cars", second),
        task(2, "Which toll?", "UNANSWERABLE", "I do not know.", first),
        {"task_id": "x", "input": []},
    ]
    suite = imported(tmp_path, "reference.jsonl", "".join(json.dumps(row) + "\n" for row in rows))
    hello, toll, cars = suite.cases
    assert [case.question for case in suite.cases] == ["Hello", "Which toll?", "How many cars?"]
    assert (hello.reply, hello.answers) == ("Hello!", ()), "a turn that is no task is asked and expects nothing"
    assert (toll.answerable, cars.answers, cars.tags) == (False, ("28 cars",), ("Factoid",))
    assert len(cars.evidence) == 1
    load_suite(suite.path, conversation="fixed")


def test_contexts_are_found_in_the_documents_that_are_given(tmp_path: Path, library: Path) -> None:
    rows = [{"messages": [user("Cars?", "ANSWERABLE"), agent("28 cars", context("d-1", FERRY))]}, CONVERSATIONS[0]]
    suite = imported(tmp_path, "conversations.json", json.dumps(rows), library)
    (case,) = suite.cases
    assert case.evidence == (GoldEvidence("sea/ferry.txt", FERRY),)


@pytest.mark.parametrize(
    "text", ["{}", "[]", "[[]]", '[{"messages": {"speaker": 1}}]', '[{"messages": [1, null]}]', "x"]
)
def test_other_data_is_refused_in_one_sentence(tmp_path: Path, text: str) -> None:
    with pytest.raises(UsageError) as refused:
        imported(tmp_path, "conversations.json", text)
    assert "\n" not in str(refused.value)
    assert not (tmp_path / "suite").exists()


def test_what_is_exported_is_read_again(tmp_path: Path, settings: Settings, library: Path) -> None:
    suite = imported(tmp_path, "conversations.json", json.dumps(CONVERSATIONS))
    with open_index("mtrag", settings=settings, create=True, encoder=WordEncoder()) as index:
        ingest(index, [suite.corpus])
        export_suite("mtrag", suite, tmp_path / "out.json", index)
        answer = {"answer": "Thirty", "passages": []}
        records = [Record("c-001/1", {}, answer=answer, conversation="c-001", turn=1)]
        export_suite("mtrag", suite, tmp_path / "answered.json", index, records)
        lost = GoldEvidence(suite.cases[0].evidence[0].source, "nowhere")
        broken = Suite(
            "s", suite.path, suite.corpus, "", (_with(suite.cases[0], lost), *suite.cases[1:]), "", where=suite.where
        )
        report = export_suite("mtrag", broken, tmp_path / "part.json", index)
    again = import_suite("mtrag", tmp_path / "out.json", tmp_path / "again")
    cases = load_suite(again.path).cases
    for one, other in zip(suite.cases, cases, strict=True):
        assert (one.question, one.answers, one.answerable, one.small_talk, one.turn, one.reply) == (
            other.question,
            other.answers,
            other.answerable,
            other.small_talk,
            other.turn,
            other.reply,
        )
        assert len(one.evidence) == len(other.evidence)
    answered = json.loads((tmp_path / "answered.json").read_text())
    assert answered[0]["messages"][1] == {"speaker": "agent", "text": "Thirty", "contexts": []}
    assert {row.reason: row.rows for row in report.rejected} == {
        "its evidence cannot be found": 1,
        "an earlier turn of its conversation cannot be written": 3,
    }


def _with(case: Case, evidence: GoldEvidence) -> Case:
    from dataclasses import replace

    return replace(case, evidence=(evidence,))
