"""Checking any text against any sources: `rag verify` and `rag.verify.document`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

import rag
from rag.answering.checkers import CheckerContext, open_checker
from rag.cli.app import app
from rag.errors import UsageError
from rag.scoring.file import scoring_file_text, shipped_files
from rag.settings import load_settings
from rag.verify import document

SOURCE = "The Lantern bridge opened in 1931. It is 412 metres long.\n\nThe ferry carries 28 cars."
TEXT = (
    "Hello! The bridge opened in 1931 [3]. It is 500 metres long.\n- The ferry carries 28 cars. [1]\nElephants dance."
)


def verify_text(text: str, sources: dict[str, str]) -> document.Verification:
    return document.verify_text(text, sources, open_checker("rules", CheckerContext()))


def test_each_sentence_gets_a_verdict_and_its_words() -> None:
    verification = verify_text(TEXT, {"a.txt": SOURCE})
    assert [sentence.verdict for sentence in verification.sentences] == [
        "not a claim",
        "verified",
        "unsupported",
        "verified",
        "unsupported",
    ]
    assert str(verification.sentences[2].reason) == "the source says 412 metres, the answer 500 metres"
    for sentence in verification.sentences:
        assert TEXT[sentence.start : sentence.end] == sentence.text
    for citation in verification.citations:
        assert SOURCE[citation.start : citation.end] == citation.quote
    assert [citation.number for citation in verification.citations] == [1, 2]


def test_nothing_is_supported_by_nothing() -> None:
    assert verify_text("The bridge opened.", {}).sentences[0].verdict == "unsupported"
    assert verify_text("", {"a": SOURCE}).sentences == ()


@given(st.text(max_size=120), st.text(max_size=120))
def test_positions_slice_text_and_source(text: str, source: str) -> None:
    verification = verify_text(text, {"s": source})
    assert all(text[s.start : s.end] == s.text for s in verification.sentences)
    assert all(source[c.start : c.end] == c.quote for c in verification.citations)


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    text, source = tmp_path / "text.md", tmp_path / "source.txt"
    text.write_text(TEXT, encoding="utf-8")
    source.write_text(SOURCE, encoding="utf-8")
    return text, source


def test_the_command_prints_one_json_object(files: tuple[Path, Path]) -> None:
    text, source = files
    ran = CliRunner().invoke(app, ["verify", "--text", str(text), "--source", str(source), "--json"])
    assert ran.exit_code == 0
    output = json.loads(ran.stdout)
    assert (output["verified"], output["unsupported"], output["partly"], output["not_a_claim"]) == (2, 2, 0, 1)
    assert output["citations"][0]["source"] == str(source)
    assert [sentence["reason"] for sentence in output["sentences"][1:3]] == [
        None,
        {
            "code": "number-absent",
            "text": "the source says 412 metres, the answer 500 metres",
            "values": {"number": "500 metres", "instead": "412 metres"},
        },
    ]


def test_a_lone_surrogate_breaks_nothing() -> None:
    verification = verify_text("The toll is 3. \ud800 It is high.", {"a.txt": "The toll is 3 crowns. \ud800"})
    assert verification.sentences[0].verdict == "verified"
    assert all(
        sentence.text == "The toll is 3. \ud800 It is high."[sentence.start : sentence.end]
        for sentence in verification.sentences
    )


def test_the_gate_fails_on_an_unsupported_sentence(files: tuple[Path, Path]) -> None:
    text, source = files
    arguments = ["verify", "--text", str(text), "--source", str(source), "--gate"]
    assert CliRunner().invoke(app, arguments).exit_code == 1
    text.write_text("The ferry carries 28 cars.", encoding="utf-8")
    ran = CliRunner().invoke(app, arguments)
    assert ran.exit_code == 0
    assert "1 verified" in ran.stdout


def test_rules_are_switched_off_by_a_setting(files: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    text, source = files
    text.write_text("The ferry is cancelled.", encoding="utf-8")
    source.write_text("If it rains, the ferry is cancelled.", encoding="utf-8")
    arguments = ["verify", "--text", str(text), "--source", str(source), "--json"]
    monkeypatch.setenv("RAG_RULES_OFF", "condition-left-out")
    ran = CliRunner().invoke(app, arguments)
    assert json.loads(ran.stdout)["sentences"][0]["verdict"] == "verified"
    load_settings.cache_clear()
    monkeypatch.setenv("RAG_RULES_OFF", "numbers")
    failed = CliRunner().invoke(app, arguments).exception
    assert isinstance(failed, UsageError)
    assert "number-absent" in str(failed)


def test_the_numbers_of_a_file_count_beside_a_text(files: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    text, source = files
    text.write_text("The ferry carries 28 cars gladly.", encoding="utf-8")
    arguments = ["verify", "--text", str(text), "--source", str(source), "--json"]

    def verdicts() -> list[str]:
        load_settings.cache_clear()
        printed = json.loads(CliRunner().invoke(app, arguments).stdout)["sentences"]
        called = rag.verify_text(text.read_text(), {"a.txt": SOURCE}).sentences
        return [printed[0]["verdict"], called[0].verdict]

    # What is asked behind the rules is for answers: without an index there is no such checker.
    monkeypatch.setenv("RAG_CHECKER", "llm")
    assert verdicts() == ["partly", "partly"]
    whole = json.loads(scoring_file_text(shipped_files()["all-minilm-l6-v2"]))
    whole["values"]["support"]["verdicts"]["least_share"] = 1
    own = source.with_name("own.json")
    own.write_text(json.dumps(whole), encoding="utf-8")
    monkeypatch.setenv("RAG_SCORING", str(own))
    assert verdicts() == ["unsupported", "unsupported"]
