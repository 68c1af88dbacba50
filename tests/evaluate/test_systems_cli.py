"""The commands over other systems: options, exit codes, what is told where, and going on after a stop."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from rag.evaluate.suite.file import load_suite
from tests.conftest import Command
from tests.json_service import Reply, Request, serving

FERRY = "The ferry to Skarholm leaves at 7:40 every morning. The ferry carries 28 cars."
TOLL = "The toll is 3 crowns for cars."
ROWS: list[dict[str, Any]] = [
    {"id": "ferry", "answer": "The ferry carries 28 cars [1].", "contexts": [FERRY, TOLL]},
    {"id": "toll", "answer": "The toll is 3 crowns for cars [2].", "contexts": [FERRY, TOLL]},
    {"id": "keeper", "answer": "Maren is the keeper of the lighthouse [1].", "contexts": [TOLL]},
    {"id": "hamlet", "answer": "The context does not say who wrote it.", "contexts": []},
]


@pytest.fixture
def folder(suite_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the suite, which is the current one, with answers to its cases."""
    monkeypatch.chdir(suite_path.parent)
    (suite_path.parent / "answers.jsonl").write_text("".join(json.dumps(row) + "\n" for row in ROWS))
    return suite_path.parent


def test_recorded_answers_are_gated_and_compared(folder: Path, rag: Command) -> None:
    run = ("eval", "suite.yaml", "--answers", "answers.jsonl")
    ran = rag(*run, "--json", "r.json", "--gate")
    assert ran.code == 0, ran.err
    assert "system answers.jsonl" in ran.out
    assert json.loads((folder / "r.json").read_text())["figures"]["right"]["mean"] == 1
    assert rag("eval", "accept", "r.json", "base.json").code == 0
    worse = [
        {"id": id_, "answer": "Nobody knows.", "contexts": [TOLL]} for id_ in ("ferry", "toll", "keeper", "hamlet")
    ]
    (folder / "answers.jsonl").write_text("".join(json.dumps(row) + "\n" for row in worse))
    compared = rag(*run, "--baseline", "base.json", "--gate")
    assert compared.code == 1
    assert "against the baseline" in compared.out
    assert compared.out.splitlines()[-1] == "FAIL"


def test_missing_answers_are_told_before_and_are_errors(folder: Path, rag: Command) -> None:
    rows = [ROWS[0], {"id": "moon", "answer": "Blue."}]
    (folder / "answers.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    ran = rag("eval", "suite.yaml", "--answers", "answers.jsonl", "--json", "-")
    assert ran.code == 3, "too many cases raised"
    assert "3 cases have no answer in answers.jsonl: toll, keeper, hamlet." in ran.err
    assert "1 answer of answers.jsonl belongs to no case: moon." in ran.err
    data = json.loads(ran.out)
    assert data["errors"] == 3
    assert data["config"]["system"]["name"] == "answers.jsonl"


def test_a_part_of_the_cases_is_asked(folder: Path, rag: Command) -> None:
    ran = rag("eval", "suite.yaml", "--answers", "answers.jsonl", "--limit", "2", "--json", "-")
    assert (ran.code, json.loads(ran.out)["suite"]["cases"]) == (0, 2)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--answers", "absent.jsonl"), "absent.jsonl"),
        (("--target", "absent_module:answer"), "no module 'absent_module'"),
        (("--target", "http://me:sesame@a.example"), "no name or password"),
        (("--answers", "answers.jsonl", "--target", "http://127.0.0.1:1/ask"), "one at a time"),
    ],
)
def test_a_mistake_is_told_before_anything_is_asked(
    folder: Path, rag: Command, options: tuple[str, ...], words: str
) -> None:
    assert (folder / "suite.yaml").is_file()
    ran = rag("eval", "suite.yaml", *options)
    assert ran.code == 2
    assert words in ran.err
    assert "sesame" not in ran.err
    assert "Traceback" not in ran.err


def test_a_stopped_run_goes_on_with_the_questions_that_are_left(
    folder: Path, rag: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    questions = [case.question for case in load_suite(folder / "suite.yaml").cases]
    by_question = dict(zip(questions, ROWS, strict=True))

    def answer(request: Request) -> Reply:
        return Reply(by_question[request.data["question"]])

    def stop(*_: Any) -> None:
        raise KeyboardInterrupt

    run = ("eval", "suite.yaml", "--json", "r.json", "--target")
    with serving(answer) as (address, requests):
        with monkeypatch.context() as patched:
            # Ctrl-C while the third question is on its way.
            patched.setattr(
                "rag.cli.progress.CaseProgress.__call__", lambda _, done, *__: stop() if done == 2 else None
            )
            stopped = rag(*run, f"{address}/ask")
        assert stopped.code == 130
        assert "2 of 4 cases are kept" in stopped.err
        assert len(requests) == 2
        assert rag(*run, f"{address}/other", "--resume").code == 2, "the journal is another system's"
        resumed = rag(*run, f"{address}/ask", "--resume")
        assert resumed.code == 0, resumed.err
        assert [request.data["question"] for request in requests] == questions
    assert json.loads((folder / "r.json").read_text())["figures"]["right"]["mean"] == 1


def test_rag_verify_reads_the_same_answers(folder: Path, rag: Command) -> None:
    rows = [
        *ROWS[:2],
        {"id": "wrong", "answer": "The toll is 5 crowns for cars [2].", "contexts": [FERRY, TOLL]},
        {"id": "span", "answer": "The ferry carries 28 cars.", "contexts": [TOLL, FERRY], "cited": [2]},
        {"id": "down", "error": "overloaded"},
        {"id": "thanks", "answer": "You are welcome!"},
    ]
    (folder / "answers.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    ran = rag("verify", "--answers", "answers.jsonl", "--json", "--gate")
    assert ran.code == 1
    assert "answers.jsonl:5: the system gave no answer" in ran.err
    assert "answers.jsonl:6: the answer has no contexts" in ran.err
    checked = {row["id"]: row for row in map(json.loads, ran.out.splitlines())}
    assert {id_: row["sentences"][0]["verdict"] for id_, row in checked.items()} == {
        "ferry": "verified",
        "toll": "verified",
        "wrong": "contradicted",
        "span": "verified",
    }
    assert checked["toll"]["citations"][0]["source"] == "context 2"


def test_rag_verify_tells_the_line_of_an_answer_that_cannot_be_read(folder: Path, rag: Command) -> None:
    for row, words in (({"id": "a", "answer": "It is so."}, "no contexts"), ({"id": "a", "answer": 5}, "no text")):
        (folder / "answers.jsonl").write_text(json.dumps(row))
        ran = rag("verify", "--answers", "answers.jsonl")
        assert ran.code == 2
        assert "answers.jsonl:1: " in ran.err
        assert words in ran.err
