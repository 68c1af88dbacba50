"""`rag eval --judge` and `--retry-failed` against a real server with scripted replies, and `rag eval agree`."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from rag.evaluate.results import read_results
from tests.conftest import Command
from tests.evaluate.conftest import SUITE
from tests.models.servers import Reply, Request, Server
from tests.models.servers.openai import refusal, streamed

pytestmark = pytest.mark.localhost

RUBRIC = SUITE.replace("gate:\n", "rubric:\n  tone: {criterion: The answer is polite.}\ngate:\n")


@pytest.fixture
def folder(suite_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the suite with a rubric, which is the current one."""
    pytest.importorskip("llama_index.llms.openai_like")
    for variable in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.chdir(suite_path.parent)
    suite_path.write_text(RUBRIC)
    return suite_path.parent


def kind_of(request: Request) -> str:
    prompt = request.json["messages"][-1]["content"]
    if prompt.startswith("Criteria:"):
        return "rubric"
    return "correctness" if "reference" in prompt.lower() else "yes or no"


def well(request: Request) -> Reply:
    said = {
        "rubric": '{"tone": {"reason": "It is plain.", "score": 4}}',
        "correctness": "5\nRight.",
        "yes or no": "YES",
    }
    return streamed(said[kind_of(request)])


Judging = Callable[[Callable[[Request], Reply]], Server]


@pytest.fixture
def judging() -> Iterator[Judging]:
    opened: list[Server] = []

    def open_server(reply: Callable[[Request], Reply]) -> Server:
        opened.append(Server(reply))
        return opened[-1]

    yield open_server
    for server in opened:
        server.close()


def spec(server: Server) -> str:
    return f"openai-like:{server.url}/v1#m"


def figures(folder: Path) -> dict[str, Any]:
    return read_results(folder / "r.json")


def test_a_judge_s_429_makes_no_answer_wrong_and_is_done_again_alone(
    folder: Path, rag: Command, judging: Judging
) -> None:
    refused: Counter[str] = Counter()

    def sometimes(request: Request) -> Reply:
        kind = kind_of(request)
        if kind == "rubric":
            return streamed("The tone is lovely!")
        refused[kind] += 1
        return refusal(429, "Slow down.", Retry_After="0") if refused[kind] % 2 else well(request)

    server = judging(sometimes)
    ran = rag("eval", "suite.yaml", "--json", "r.json", "--judge", spec(server), "--gate")
    assert ran.code == 0, ran.err
    before = figures(folder)
    assert (before["figures"]["right"]["mean"], before["errors"]) == (1, 0)
    assert before["figures"]["judged_correctness"]["mean"] == 1
    assert "judged_tone" not in before["figures"]
    errors = {case["id"]: case["judge_errors"] for case in before["cases"]}
    assert list(errors["ferry"]) == ["judged_tone"]
    assert "no JSON object" in errors["ferry"]["judged_tone"]
    assert "3 verdicts of the judge on 3 answers are missing; the first: ferry, judged_tone" in ran.err

    server.replies[:] = [well]
    asked = len(server.posts)
    again = rag("eval", "suite.yaml", "--json", "r.json", "--judge", spec(server), "--gate", "--retry-failed")
    assert again.code == 0, again.err
    assert "3 answers are judged again, 0 cases that raised are asked again, 1 kept." in again.err
    after = figures(folder)
    assert after["figures"]["judged_tone"]["mean"] == 0.75
    assert after["cases"][0]["judge_reasons"]["judged_tone"] == "It is plain."
    assert not any(case["judge_errors"] for case in after["cases"])
    assert [case["answer"] for case in after["cases"]] == [case["answer"] for case in before["cases"]]
    assert len(server.posts) - asked == 3 * 4, "only the judge was asked again"


def test_an_answer_that_raised_is_asked_again_apart(
    folder: Path, rag: Command, judging: Judging, monkeypatch: pytest.MonkeyPatch
) -> None:
    from rag.evaluate.run import runner

    server = judging(well)
    ask, failing = runner.answer, ["What is the toll in crowns for cars?"]

    def fail(index: Any, question: str, **options: Any) -> Any:
        if question in failing:
            raise ZeroDivisionError("by zero")
        return ask(index, question, **options)

    monkeypatch.setattr(runner, "answer", fail)
    arguments = ("eval", "suite.yaml", "--json", "r.json", "--judge", spec(server))
    assert rag(*arguments).code == 3
    assert figures(folder)["errors"] == 1
    failing.clear()
    asked = len(server.posts)
    again = rag(*arguments, "--retry-failed")
    assert again.code == 0, again.err
    assert "0 answers are judged again, 1 cases that raised are asked again, 3 kept." in again.err
    assert (figures(folder)["errors"], figures(folder)["figures"]["right"]["mean"]) == (0, 1)
    assert len(server.posts) - asked == 4, "the judge is asked of the one new answer"


@pytest.mark.parametrize(
    ("change", "arguments", "message"),
    [
        ("", (), "There are no results to mend"),
        ("", ("--json", "-"), "There are no results to mend"),
        ("results", ("--json", "suite.yaml"), "is not a results file"),
        ("suite", ("--json", "r.json"), "cannot be mended: the suite has changed since"),
        ("judge", ("--json", "r.json"), "cannot be mended: the settings or the judge have changed"),
    ],
)
def test_only_results_of_the_same_run_are_mended(
    folder: Path, rag: Command, judging: Judging, change: str, arguments: tuple[str, ...], message: str
) -> None:
    server = judging(well)
    if change in ("suite", "judge"):
        judged = ("--judge", spec(server)) if change == "judge" else ()
        assert rag("eval", "suite.yaml", "--json", "r.json", *judged).code == 0
    if change == "suite":
        (folder / "suite.yaml").write_text(RUBRIC.replace('3 crowns"', '4 crowns"'))
    refused = rag("eval", "suite.yaml", "--retry-failed", *arguments)
    assert refused.code == 2, refused.err
    assert message in refused.err


def test_what_a_stopped_run_left_is_mended_without_results(
    folder: Path, rag: Command, judging: Judging, monkeypatch: pytest.MonkeyPatch
) -> None:
    from rag.evaluate.run import runner

    server = judging(lambda request: well(request) if kind_of(request) != "rubric" else streamed(""))
    ask = runner.answer

    def stop_at_the_keeper(index: Any, question: str, **options: Any) -> Any:
        if "keeper" in question:
            raise KeyboardInterrupt
        return ask(index, question, **options)

    monkeypatch.setattr(runner, "answer", stop_at_the_keeper)
    arguments = ("eval", "suite.yaml", "--json", "r.json", "--judge", spec(server))
    assert rag(*arguments).code == 130
    monkeypatch.setattr(runner, "answer", ask)
    server.replies[:] = [well]
    again = rag(*arguments, "--retry-failed", "--resume")
    assert again.code == 0, again.err
    assert "2 answers are judged again" in again.err
    assert figures(folder)["figures"]["judged_tone"]["n"] == 3


# -- agreement ---------------------------------------------------------------------------------------------------------


def labelled_suite(count: int) -> str:
    """A suite with labelled answers: every fourth is wrong by the label, and every eighth a judge takes for right."""
    cases = []
    for i in range(count):
        words = "It is 9 crowns." if i % 4 == 0 else "It is 3 crowns."
        words += " Surely." * (i % 8 == 0)
        cases.append({
            "id": f"c{i}", "question": f"What is the toll for car {i}?", "answers": ["3 crowns"],
            "labels": {"judge_correct": i % 4 != 0, "answer": words},
        })  # fmt: skip
    return SUITE[: SUITE.index("cases:")] + "cases:\n" + "".join(f"  - {json.dumps(case)}\n" for case in cases)


def test_a_judge_is_held_against_labelled_answers(folder: Path, rag: Command, judging: Judging) -> None:
    def judge(request: Request) -> Reply:
        prompt = request.json["messages"][-1]["content"]
        return streamed("1" if "9 crowns" in prompt and "Surely" not in prompt else "5")

    server = judging(judge)
    (folder / "suite.yaml").write_text(labelled_suite(40))
    ran = rag("eval", "agree", "suite.yaml", "--judge", spec(server), "--json")
    assert ran.code == 0, ran.err
    found = json.loads(ran.out)["labels"]["judge_correct"]
    assert found["confusion"] == {"yes_yes": 30, "yes_no": 0, "no_yes": 5, "no_no": 5}
    assert (found["metric"], found["n"], found["agreement"]) == ("judged_correctness", 40, 0.875)
    assert found["kappa"] == pytest.approx(0.6)
    assert found["low"] < 0.6 < found["high"]
    assert found["disagreeing"] == ["c0", "c8", "c16", "c24", "c32"]
    words = rag("eval", "agree", "suite.yaml", "--judge", spec(server)).out
    assert "Cohen's kappa 0.60" in words
    assert "person no:  judge yes 5, judge no 5" in words


def test_labels_of_a_file_are_held_against_results(folder: Path, rag: Command, judging: Judging) -> None:
    server = judging(well)
    assert rag("eval", "suite.yaml", "--json", "r.json", "--judge", spec(server)).code == 0
    (folder / "labels.csv").write_text("id;tone;correct;answer\nferry;ja;;\n")
    assert "labels.csv:2: 'ja' is no label for 'tone'" in rag("eval", "agree", "r.json", "--labels", "labels.csv").err
    (folder / "labels.csv").write_text(
        "\ufeffid,tone,correct,answer\nferry,yes,1,\ntoll,0.2,N/A,other words\nkeeper,,no,\nhamlet,1,,\nnobody,1,1,\n"
    )
    ran = rag("eval", "agree", "r.json", "--labels", "labels.csv", "--json")
    assert ran.code == 0, ran.err
    found = json.loads(ran.out)["labels"]
    assert found["tone"]["confusion"] == {"yes_yes": 1, "yes_no": 0, "no_yes": 0, "no_no": 0}
    assert [found["tone"][name] for name in ("labelled", "without_verdict", "other_answer")] == [3, 1, 1]
    assert found["correct"]["confusion"] == {"yes_yes": 1, "yes_no": 0, "no_yes": 1, "no_no": 0}
    assert (found["tone"]["is_enough"], found["tone"]["kappa"]) == (False, None)
    words = rag("eval", "agree", "r.json", "--labels", "labels.csv").out
    assert "too few labels to say anything: it takes 30 answers, and 5 of each kind" in words
    assert "1 labels are of another answer than the results have" in words


def test_labels_of_the_suite_are_in_its_results(folder: Path, rag: Command) -> None:
    (folder / "suite.yaml").write_text(SUITE.replace("tags: [land]", "tags: [land]\n    labels: {right: false}"))
    assert rag("eval", "suite.yaml", "--json", "r.json").code == 0
    found = json.loads(rag("eval", "agree", "r.json", "--json").out)["labels"]["right"]
    assert (found["metric"], found["disagreeing"]) == ("right", ["toll"])
    (folder / "suite.yaml").write_text(SUITE.replace("tags: [land]", "tags: [land]\n    labels: {right: true}"))
    found = json.loads(rag("eval", "agree", "r.json", "--suite", "suite.yaml", "--json").out)["labels"]["right"]
    assert found["disagreeing"] == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("suite.yaml",), "a suite has labels and no verdicts"),
        (("suite.yaml", "--judge", "none"), "judges nothing"),
        (("r.json", "--judge", "openai:m"), "results have verdicts already"),
        (("r.json",), "No answer has a label"),
        (("none.json",), "cannot be read"),
        (("r.json", "--labels", "none.csv"), "cannot be read"),
        (("r.json", "--labels", "r.json"), "has no labels; its first row needs 'id'"),
        (("r.json", "--labels", "a.csv", "--suite", "suite.yaml"), "give one of them"),
        (("r.json", "--labels", "tone.csv"), "'judged_tone', which no answer was measured by"),
        (("r.json", "--labels", "twice.csv"), "twice.csv:3: the id 'ferry' is there twice"),
        (("r.json", "--labels", "latin.csv"), "are not UTF-8"),
    ],
)
def test_what_cannot_be_compared_is_said_in_a_sentence(
    folder: Path, rag: Command, arguments: tuple[str, ...], message: str
) -> None:
    (folder / "suite.yaml").write_text(SUITE)
    assert rag("eval", "suite.yaml", "--json", "r.json").code == 0
    (folder / "tone.csv").write_text("id,tone\nferry,1\n")
    (folder / "twice.csv").write_text("id,tone\nferry,1\nferry,0\n")
    (folder / "latin.csv").write_bytes("id,tone\nfähre,1\n".encode("latin-1"))
    refused = rag("eval", "agree", *arguments)
    assert refused.code == 2, refused.out
    assert message.lower() in refused.err.lower()
    assert not refused.out
