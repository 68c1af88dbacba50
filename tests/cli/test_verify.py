"""The command `rag verify`: texts, sources, the judge and the gate."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

import rag
import rag.models.llm.opening
from rag.cli.app import app
from rag.errors import LLMError, UsageError
from rag.notices import Notice
from rag.scoring.file import scoring_file_text, shipped_files
from rag.settings import load_settings
from tests.fakes import ScriptedModel

SOURCE = "The Lantern bridge opened in 1931. It is 412 metres long.\n\nThe ferry carries 28 cars."
TEXT = "Hello! The bridge opened in 1931 [3].\n- The ferry carries 28 cars. [1]\nElephants dance."

Verify = Callable[..., Result]


@pytest.fixture
def verify(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Verify:
    """The command in a folder with a text and a source."""
    (tmp_path / "text.md").write_text(TEXT, encoding="utf-8")
    (tmp_path / "source.txt").write_text(SOURCE, encoding="utf-8")
    (tmp_path / "light.md").write_text("# Lighthouse\n\nThe lighthouse was painted in 1950.\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RAG_CHECKER", "auto")

    def run(*arguments: str, text: str | None = None, given: str | None = None) -> Result:
        if text is not None:
            Path("text.md").write_text(text, encoding="utf-8")
        return CliRunner().invoke(app, ["verify", *arguments], input=given)

    return run


ONE = ("--text", "text.md", "--source", "source.txt")


def test_the_command_prints_one_json_object(verify: Verify) -> None:
    ran = verify(*ONE, "--json")
    assert ran.exit_code == 0
    output = json.loads(ran.stdout)
    counts = {name: output[name] for name in ("verified", "partly", "unsupported", "contradicted", "not_a_claim")}
    assert counts == {"verified": 2, "partly": 0, "unsupported": 1, "contradicted": 0, "not_a_claim": 1}
    assert (output["text"], output["sources"]) == ("text.md", ["source.txt"])
    assert output["citations"][0]["source"] == "source.txt"
    assert output["sentences"][3]["reason"]["code"] == "words-not-in-source"
    assert [notice["code"] for notice in output["notices"]] == ["mark-names-nothing"]
    assert "[3]" in ran.stderr


def test_a_list_of_sources_is_read(verify: Verify) -> None:
    listed = "Sources:\n[1] Lighthouse\n[2] source.txt"
    cited = f"The lighthouse was painted in 1950 [1]. The ferry carries 28 cars [2].\n\n{listed}"
    output = json.loads(verify(*ONE, "--source", "light.md", "--json", text=cited).stdout)
    assert (output["verified"], output["not_a_claim"], output["notices"]) == (2, 3, [])
    assert [citation["source"] for citation in output["citations"]] == ["light.md", "source.txt"]


def test_several_texts_print_an_object_each(verify: Verify) -> None:
    Path("other.txt").write_text("The ferry is blue.", encoding="utf-8")
    ran = verify(*ONE, "--text", "other.txt", "--json")
    assert [json.loads(line)["text"] for line in ran.stdout.splitlines()] == ["text.md", "other.txt"]
    shown = verify(*ONE, "--text", "other.txt").stdout.splitlines()
    assert [line for line in shown if line.endswith(":")] == ["text.md:", "other.txt:"]


ROWS: list[dict[str, Any]] = [
    {"id": "a", "text": "The ferry carries 28 cars."},
    {"id": 2, "text": "The lighthouse was painted in 1950 [1].", "sources": ["light.md"]},
    {"text": "The moon is blue.", "sources": {"moon": "The moon is blue."}},
]


@pytest.mark.parametrize("given", [False, True])
def test_a_list_of_texts_is_read_from_a_file_or_standard_input(verify: Verify, given: bool) -> None:
    lines = "\n".join(map(json.dumps, ROWS)) + "\n\n"
    Path("texts.jsonl").write_text(lines, encoding="utf-8")
    named = ("--text-list", "-" if given else "texts.jsonl")
    ran = verify(*named, "--source", "source.txt", "--json", given=lines if given else None)
    output = [json.loads(line) for line in ran.stdout.splitlines()]
    assert [(one["id"], one["sources"], one["verified"]) for one in output] == [
        ("a", ["source.txt"], 1),
        (2, ["light.md"], 1),
        (3, ["moon"], 1),
    ]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "There is no text to check"),
        (("--text", "text.md"), "--source FILE"),
        (("--text", "absent.md", "--source", "source.txt"), "There is no file absent.md"),
        (("--text", "text.md", "--source", "."), "is a folder"),
        (("--text-list", "absent.jsonl"), "absent.jsonl"),
        (("--text-list", "no_sources.jsonl"), "'a'"),
        (("--text-list", "wrong.jsonl", "--source", "source.txt"), "Line 2 of wrong.jsonl"),
        ((*ONE, "--llm", "nonsense"), "nonsense"),
    ],
)
def test_a_mistake_is_told_in_one_sentence(verify: Verify, arguments: tuple[str, ...], words: str) -> None:
    Path("no_sources.jsonl").write_text('{"id": "a", "text": "It is so."}', encoding="utf-8")
    Path("wrong.jsonl").write_text('{"text": "It is so."}\n{"text": 3}', encoding="utf-8")
    failed = verify(*arguments)
    assert isinstance(failed.exception, UsageError)
    assert words in str(failed.exception)
    assert failed.stdout == ""


@pytest.mark.parametrize("line", ["3", "[]", "{", '{"text": "a", "sources": []}', '{"text": "a", "sources": [1]}'])
def test_a_line_that_is_no_text_is_named(verify: Verify, line: str) -> None:
    failed = verify("--text-list", "-", "--source", "source.txt", given=f"\n{line}")
    assert "Line 2 of -" in str(failed.exception)


def judged(monkeypatch: pytest.MonkeyPatch, model: ScriptedModel | Exception) -> list[str]:
    """Have a model opened, or fail to open; returns the specs that it is opened by."""
    specs: list[str] = []

    def open_llm(spec: str, *_: object) -> ScriptedModel:
        specs.append(spec)
        if isinstance(model, Exception):
            raise model
        return model

    monkeypatch.setattr("rag.models.llm.opening.open_llm", open_llm)
    return specs


HOSTED = "openai-like:http://127.0.0.1:9/v1#judge"


@pytest.mark.parametrize("by_setting", [False, True])
def test_a_strong_model_judges_all_sentences_in_one_call(
    verify: Verify, monkeypatch: pytest.MonkeyPatch, by_setting: bool
) -> None:
    model = ScriptedModel(["S1: supported 1\nS2: contradicted 1"])
    specs = judged(monkeypatch, model)
    if by_setting:
        monkeypatch.setenv("RAG_LLM", HOSTED)
    text = "A boat takes vehicles over. The bridge is older than the ferry."
    ran = verify(*ONE, "--json", *(() if by_setting else ("--llm", HOSTED)), text=text)
    output = json.loads(ran.stdout)
    assert specs == [HOSTED]
    assert len(model.asked) == 1
    assert [one["verdict"] for one in output["sentences"]] == ["verified", "contradicted"]
    against = output["sentences"][1]["reason"]["values"]
    assert SOURCE[against["start"] : against["end"]] == against["quote"]
    assert [notice["code"] for notice in output["trace"]] == ["judge-asked"]
    assert model.script == ()


def test_a_contradicted_sentence_shows_what_the_source_says(verify: Verify, monkeypatch: pytest.MonkeyPatch) -> None:
    judged(monkeypatch, ScriptedModel(["S1: contradicted 1"]))
    ran = verify(*ONE, "--llm", HOSTED, text="The ferry has no room for cars.")
    assert "contradicted The ferry has no room for cars." in ran.stdout
    assert "but source.txt (59:85) “The ferry carries 28 cars.”" in ran.stdout
    assert "1 contradicted" in ran.stdout


@pytest.mark.parametrize(
    ("ruling", "gate", "strict"),
    [("supported 1", 0, 0), ("partly 1", 0, 1), ("contradicted 1", 1, 1), ("absent", 1, 1)],
)
def test_the_gate_fails_on_what_is_unsupported_or_contradicted(
    verify: Verify, monkeypatch: pytest.MonkeyPatch, ruling: str, gate: int, strict: int
) -> None:
    codes = []
    for options in ((), ("--gate",), ("--gate", "--strict"), ("--strict",)):
        judged(monkeypatch, ScriptedModel([f"S1: {ruling}"]))
        codes.append(verify(*ONE, "--llm", HOSTED, *options, text="A ferry takes cars over.").exit_code)
    assert codes == [0, gate, strict, strict]


def test_an_unreachable_model_leaves_the_rules_and_a_notice(verify: Verify, monkeypatch: pytest.MonkeyPatch) -> None:
    judged(monkeypatch, LLMError(Notice("text", {"text": "Nobody answers."})))
    ran = verify(*ONE, "--llm", HOSTED, "--json", "--gate", text="The ferry carries 28 cars.")
    output = json.loads(ran.stdout)
    assert ran.exit_code == 0
    assert [notice["code"] for notice in output["notices"]] == ["judge-failed"]
    assert output["sentences"][0]["verdict"] == "verified"
    assert "Nobody answers" in ran.stderr


def test_a_judge_that_fails_while_it_is_asked_leaves_the_rules(verify: Verify, monkeypatch: pytest.MonkeyPatch) -> None:
    judged(monkeypatch, ScriptedModel([LLMError("It broke off.")]))
    ran = verify(*ONE, "--llm", HOSTED, "--json", text="So the ferry carries 28 cars.")
    output = json.loads(ran.stdout)
    assert (ran.exit_code, output["verified"]) == (0, 1)
    assert [notice["code"] for notice in output["notices"]] == ["judge-failed"]
    assert "It broke off" in ran.stderr


@pytest.mark.parametrize(
    ("llm", "checker", "opened"),
    [("local", "auto", []), ("none", "auto", []), (HOSTED, "rules", []), (HOSTED, "auto", [HOSTED])],
)
def test_only_a_model_that_can_judge_is_opened(
    verify: Verify, monkeypatch: pytest.MonkeyPatch, llm: str, checker: str, opened: list[str]
) -> None:
    specs = judged(monkeypatch, ScriptedModel(["S1: absent"], weak=True))
    monkeypatch.setenv("RAG_CHECKER", checker)
    ran = verify(*ONE, "--llm", llm, text="The ferry carries 28 cars.")
    assert specs == opened
    assert "1 verified" in ran.stdout
    assert ("too weak" in ran.stderr) == (checker == "auto" and llm != "none")


@pytest.mark.parametrize(
    ("named", "trust", "opened"),
    [
        ("local", "auto", []),
        ("smollm2-135m-instruct", "auto", []),
        (HOSTED, "weak", []),
        ("local", "strong", ["local"]),
        (HOSTED, "auto", [HOSTED]),
    ],
)
def test_a_judge_that_is_known_to_be_weak_is_not_opened(
    verify: Verify, monkeypatch: pytest.MonkeyPatch, named: str, trust: str, opened: list[str]
) -> None:
    specs = judged(monkeypatch, ScriptedModel(["S1: supported 1"]))
    monkeypatch.setattr("rag.answering.checkers.open_llm", rag.models.llm.opening.open_llm)
    monkeypatch.setattr("rag.answering.checkers._JUDGES", {})
    monkeypatch.setenv("RAG_CHECKER", f"llm:{named}")
    monkeypatch.setenv("RAG_LLM_TRUST", trust)
    ran = verify(*ONE, "--json", text="A ferry takes cars over.")
    output = json.loads(ran.stdout)
    assert specs == opened
    assert [notice["code"] for notice in output["notices"]] == ([] if opened else ["judge-failed"])
    assert (f"{named} is too weak to judge" in ran.stderr) == (not opened)
    assert output["verified"] == len(opened)


def test_the_failure_of_a_judge_is_told_once(verify: Verify) -> None:
    Path("text.md").write_text("A ferry takes cars over.", encoding="utf-8")
    environment = os.environ | {"RAG_CHECKER": "llm:local"}
    ran = subprocess.run([sys.executable, "-m", "rag", "verify", *ONE], capture_output=True, text=True, env=environment)
    assert ran.stderr.count("too weak") == 1, ran.stderr


def test_without_a_model_nothing_heavy_is_loaded(verify: Verify) -> None:
    code = (
        "import sys\nfrom rag.cli.app import app\n"
        f"try:\n app(['verify', *{ONE!r}])\nexcept SystemExit: pass\n"
        "print('loaded', sorted({'torch', 'chromadb', 'llama_index', 'openai', 'xllamacpp'} & sys.modules.keys()))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert ran.stdout.strip().endswith("loaded []"), ran.stdout + ran.stderr


def test_rules_are_switched_off_by_a_setting(verify: Verify, monkeypatch: pytest.MonkeyPatch) -> None:
    def code() -> str | None:
        load_settings.cache_clear()
        [sentence] = json.loads(verify(*ONE, "--json", text="The ferry carries 28 cars on Monday.").stdout)["sentences"]
        return sentence["reason"]["code"] if sentence["reason"] else None

    assert code() == "weekday-absent"
    monkeypatch.setenv("RAG_RULES_OFF", "weekday-absent")
    assert code() != "weekday-absent"
    load_settings.cache_clear()
    monkeypatch.setenv("RAG_RULES_OFF", "numbers")
    failed = verify(*ONE).exception
    assert isinstance(failed, UsageError)
    assert "number-absent" in str(failed)


def test_the_numbers_of_a_file_count_beside_a_text(
    verify: Verify, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    text = "The ferry carries 28 cars gladly."

    def verdicts() -> list[str]:
        load_settings.cache_clear()
        printed = json.loads(verify(*ONE, "--json", text=text).stdout)["sentences"]
        called = rag.verify_text(text, {"a.txt": SOURCE}).sentences
        return [printed[0]["verdict"], called[0].verdict]

    assert verdicts() == ["partly", "partly"]
    whole = json.loads(scoring_file_text(shipped_files()["all-minilm-l6-v2"]))
    whole["values"]["support"]["verdicts"]["least_share"] = 1
    own = tmp_path / "own.json"
    own.write_text(json.dumps(whole), encoding="utf-8")
    monkeypatch.setenv("RAG_SCORING", str(own))
    assert verdicts() == ["unsupported", "unsupported"]
