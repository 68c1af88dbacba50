"""`rag eval`: what is printed where, exit codes, and bad input, each in one line."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from xml.etree import ElementTree

import pytest

from rag.cli.app import app
from rag.errors import LLMError
from rag.evaluate.results import read_results
from tests.conftest import ROOT, Command
from tests.evaluate.conftest import SUITE
from tests.fakes import ScriptedModel

# The pages of the handbook on evaluation.
_PAGES = ("evaluation", "gate", "compare-runs", "measure-any-system", "judges", "conversations-suite")


@pytest.fixture
def folder(suite_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the suite, which is the current one."""
    monkeypatch.chdir(suite_path.parent)
    return suite_path.parent


def one_line(err: str) -> str:
    """The only line of an error, which is no traceback."""
    lines = [line for line in err.splitlines() if line.startswith("rag: ")]
    assert len(lines) == 1, err
    assert "Traceback" not in err
    return lines[0]


def test_a_suite_is_run_and_every_report_written(folder: Path, rag: Command) -> None:
    ran = rag("eval", "suite.yaml", "--gate", "--json", "r.json", "--junit", "r.xml", "--html", "r.html",
              "--csv", "r.csv", "--markdown", "r.md")  # fmt: skip
    assert ran.code == 0, ran.err
    assert "right" in ran.out
    assert ran.out.splitlines()[-1] == "PASS"
    assert json.loads((folder / "r.json").read_text())["figures"]["right"]["mean"] == 1
    ElementTree.parse(folder / "r.xml")
    assert (folder / "r.html").read_text().startswith("<!DOCTYPE html>")
    assert (folder / "r.csv").read_text().startswith("id,tags,question")
    assert "PASS" in (folder / "r.md").read_text()
    assert not list(folder.glob("*journal*")), "a finished run leaves no journal"


def test_run_may_be_named_and_a_folder_be_the_suite(folder: Path, rag: Command) -> None:
    for arguments in (("eval", "run", "."), ("eval", "--gate", ".")):
        assert rag(*arguments).code == 0


def test_json_to_standard_output_is_nothing_but_json(folder: Path, rag: Command) -> None:
    ran = rag("eval", "suite.yaml", "--json", "-")
    assert json.loads(ran.out)["suite"]["name"] == "coast"
    assert "right" in ran.err


def test_a_failing_gate_is_an_exit_code_only_when_asked(folder: Path, rag: Command) -> None:
    path = folder / "suite.yaml"
    path.write_text(SUITE.replace('["28 cars"]', '["31 cars"]').replace("min: 0.5", "min: 0.9"))
    plain, gated = rag("eval", "suite.yaml"), rag("eval", "suite.yaml", "--gate")
    assert (plain.code, gated.code) == (0, 1)
    assert gated.out.splitlines()[-1] == "FAIL"


def joined(text: str) -> str:
    """The words of an output in one line."""
    return " ".join(text.split())


def test_a_baseline_is_accepted_and_compared_with(folder: Path, rag: Command) -> None:
    assert rag("eval", "suite.yaml", "--json", "r.json").code == 0
    accepted = rag("eval", "accept", "r.json", "baseline.json")
    assert (accepted.code, "4 cases" in accepted.out) == (0, True)
    ran = rag("eval", "suite.yaml", "--baseline", "baseline.json", "--gate")
    assert ran.code == 0
    assert "against the baseline" in ran.out
    (folder / "library" / "sea" / "keeper.txt").write_text("Maren is the keeper of the lighthouse.\n")
    changed = rag("eval", "suite.yaml", "--baseline", "baseline.json", "--strict")
    assert changed.code == 0, "other documents are no reason not to compare"
    assert "note: Documents: they are not those of the baseline" in joined(changed.out)


def test_what_changed_since_the_baseline_is_listed_and_the_common_cases_are_compared(
    folder: Path, rag: Command
) -> None:
    assert rag("eval", "suite.yaml", "--json", "r.json").code == 0
    text = SUITE.replace("How many cars does the ferry carry?", "How many cars can the ferry carry?")
    text = text.replace("corpus: {path: library}", "corpus: {path: library}\ndefaults: {top_k: 3}")
    (folder / "suite.yaml").write_text(text.replace("id: hamlet", "id: macbeth"))
    ran = rag("eval", "suite.yaml", "--baseline", "r.json", "--gate")
    assert ran.code == 0
    out = joined(ran.out)
    for note in (
        "1 case is not in the baseline and not compared (macbeth).",
        "1 case is only in the baseline and not compared (hamlet).",
        "1 case is asked or answered otherwise in the baseline and not compared (ferry).",
        "Options passages: 8 → 3.",
    ):
        assert note in out
    assert "over 2 cases" in out
    others = SUITE
    for name in ("ferry", "toll", "keeper", "hamlet"):
        others = others.replace(f"id: {name}", f"id: new-{name}")
    (folder / "suite.yaml").write_text(others)
    nothing = rag("eval", "suite.yaml", "--baseline", "r.json", "--json", "new.json")
    assert nothing.code == 3
    assert "the baseline has no case in common with this suite" in joined(nothing.err)
    assert "INVALID The baseline has no case in common" in joined(nothing.out)
    assert rag("eval", "accept", "new.json", "baseline.json").code == 0, "and the way out is one command"


def test_a_first_run_has_no_baseline_and_passes_with_a_hint(folder: Path, rag: Command) -> None:
    (folder / "suite.yaml").write_text(SUITE.replace("right: {min: 0.5}", "right: {}"))
    for arguments in ((), ("--baseline", "baseline.json")):
        ran = rag("eval", "suite.yaml", "--strict", *arguments)
        assert (ran.code, ran.out.splitlines()[-1]) == (0, "PASS")
        assert "make one with: rag eval accept RESULTS BASELINE" in joined(ran.out)
    assert "There is no baseline baseline.json yet" in joined(ran.err)


def test_strict_fails_on_what_cannot_be_decided(folder: Path, rag: Command) -> None:
    text = SUITE.replace("right: {min: 0.5}", "right: {}")
    (folder / "suite.yaml").write_text(text)
    assert rag("eval", "suite.yaml", "--json", "r.json").code == 0
    # One of four cases is lost: its words are no longer in the documents, and its evidence is.
    (folder / "library" / "sea" / "keeper.txt").write_text("Somebody is the keeper of the lighthouse.\n")
    (folder / "suite.yaml").write_text(text.replace("quote: Maren is the keeper", "quote: is the keeper"))
    baseline = read_results(folder / "r.json")
    for case in baseline["cases"]:
        case.pop("case")
    (folder / "baseline.json").write_text(json.dumps(baseline))
    codes = [
        rag("eval", "suite.yaml", "--baseline", "baseline.json", *arguments).code
        for arguments in ((), ("--gate",), ("--strict",))
    ]
    assert codes == [0, 0, 1]


def test_a_part_of_a_suite_is_a_baseline_only_when_asked_for(folder: Path, rag: Command) -> None:
    assert rag("eval", "suite.yaml", "--limit", "2", "--json", "r.json").code == 0
    refused = rag("eval", "accept", "r.json", "baseline.json")
    assert refused.code == 3
    assert "they hold 2 of the 4 cases; run the whole suite, or accept them with --partial." in joined(refused.err)
    assert not (folder / "baseline.json").exists()
    assert rag("eval", "accept", "r.json", "baseline.json", "--partial").code == 0
    ran = rag("eval", "suite.yaml", "--baseline", "baseline.json")
    assert "2 cases are not in the baseline and not compared" in joined(ran.out)


@pytest.mark.parametrize(
    ("change", "arguments", "message"),
    [
        (("path: library", "path: nowhere"), (), "the corpus nowhere does not exist"),
        (("schema_version: 1", "schema_version: 7"), (), "schema version '7'"),
        ((SUITE[SUITE.index("cases:") :], "cases: []\n"), (), "the suite has no cases"),
        (("", ""), ("--baseline", "library"), "library cannot be read"),
        (("", ""), ("--html", "none/report.html"), "there is no folder none"),
        (("", ""), ("--json", "library"), "that is a folder"),
        (("", ""), ("--json", "r", "--csv", "r"), "Two reports would go to one file"),
        (("", ""), ("--llm", "nonsense"), "names no language model"),
        (("", ""), ("--judge", "none"), "judges nothing"),
        (("", ""), ("--index", "absent"), "absent"),
        (("", ""), ("--limit", "0"), "--limit"),
    ],
)
def test_bad_input_is_one_line(
    folder: Path, rag: Command, change: tuple[str, str], arguments: tuple[str, ...], message: str
) -> None:
    (folder / "suite.yaml").write_text(SUITE.replace(*change) if change[0] else SUITE)
    ran = rag("eval", "suite.yaml", *arguments)
    assert ran.code == 2
    assert message in one_line(ran.err)
    assert not ran.out


def test_a_suite_that_is_not_there_or_not_named(folder: Path, rag: Command) -> None:
    assert "There is no file none.yaml" in one_line(rag("eval", "none.yaml").err)
    assert rag("eval", "lint").code == 2
    assert rag("eval").code == 2


def test_a_model_that_fails_on_one_case_in_five_cannot_be_trusted(
    folder: Path, rag: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[int] = []

    class Moody(ScriptedModel):
        def stream(self, *_: object, **__: object):  # type: ignore[no-untyped-def]
            calls.append(1)
            if len(calls) % 3 == 0:
                raise LLMError("The service is overloaded.")
            yield "The ferry carries 28 cars."

    monkeypatch.setattr("rag.evaluate.run.configuration.open_llm", lambda *_: Moody([], weak=True))
    ran = rag("eval", "suite.yaml", "--llm", "ollama:moody", "--json", "r.json")
    assert ran.code == 3
    assert "1 of 4 cases raised an error" in ran.out
    data = read_results(folder / "r.json")
    assert [case["error"] for case in data["cases"]] == ["", "", "The service is overloaded.", ""]
    assert data["figures"]["right"]["n"] == 4, "it stays in the denominator"


def test_an_index_of_the_users_is_asked_as_it_is(folder: Path, rag: Command) -> None:
    assert rag("ingest", "library", "--index", "mine").code == 0
    ran = rag("eval", "suite.yaml", "--index", "mine", "--json", "-")
    assert json.loads(ran.out)["corpus"]["sha256"].startswith("index:")
    assert json.loads(ran.out)["figures"]["right"]["mean"] == 1


def test_lint_says_what_is_wrong(folder: Path, rag: Command) -> None:
    (folder / "suite.yaml").write_text(SUITE.replace("The ferry carries 28 cars.}", "The ferry carries camels.}"))
    ran = rag("eval", "lint", "suite.yaml")
    assert ran.code == 1
    assert "suite.yaml:" in ran.out
    assert "ferry" in ran.out
    data = json.loads(rag("eval", "lint", "suite.yaml", "--json").out)
    assert any(problem["severity"] == "error" for problem in data["problems"])
    run = rag("eval", "suite.yaml")
    assert run.code == 3, "a run over it cannot be trusted"
    assert "not in the corpus: ferry" in run.out


def test_new_drafts_a_suite_that_can_be_run(folder: Path, rag: Command) -> None:
    ran = rag("eval", "new", "drafts", "--from-corpus", "library", "--count", "4")
    assert ran.code == 0, ran.err
    cases = [json.loads(line) for line in (folder / "drafts" / "cases.jsonl").read_text().splitlines()]
    assert cases
    assert all("draft" in case["tags"] for case in cases)
    assert "rag eval drafts/suite.yaml --corpus-anywhere" in " ".join(ran.out.split())
    refused = rag("eval", "drafts")
    assert refused.code == 2
    assert "'../library' lies outside the folder of the suite" in one_line(refused.err)
    assert rag("eval", "drafts", "--corpus-anywhere").code == 0
    assert "There is a suite drafts/suite.yaml already" in one_line(
        rag("eval", "new", "drafts", "--from-corpus", "library").err
    )
    assert "There is no file or folder none" in one_line(rag("eval", "new", "more", "--from-corpus", "none").err)


@pytest.mark.parametrize(
    ("stop", "code", "message"),
    [(KeyboardInterrupt(), 130, "Stopped."), (LLMError("The service is gone."), 1, "The service is gone.")],
)
def test_new_keeps_what_was_drafted_when_it_breaks_off(
    folder: Path, rag: Command, monkeypatch: pytest.MonkeyPatch, stop: BaseException, code: int, message: str
) -> None:
    replies: list[str | BaseException] = ["How many cars does the ferry carry?", "The ferry carries 28 cars.", stop]

    class Writer(ScriptedModel):
        def stream(self, *_: object, **__: object):  # type: ignore[no-untyped-def]
            reply = replies.pop(0)
            if isinstance(reply, BaseException):
                raise reply
            yield reply

    (folder / "library" / "one").mkdir()
    for name in ("a", "b"):
        (folder / "library" / "one" / f"{name}.txt").write_text(
            f"The {name}ferry to the island carries 28 cars at noon."
        )
    monkeypatch.setattr("rag.evaluate.run.configuration.open_llm", lambda *_: Writer([], weak=True))
    ran = rag("eval", "new", "drafts", "--from-corpus", "library/one", "--count", "2", "--llm", "ollama:writer")
    assert ran.code == code, ran.err
    kept = "What was drafted until then is kept: go on with the same command and --resume."
    assert one_line(ran.err) == f"rag: {message} {kept}"
    (line,) = (folder / "drafts" / "cases.jsonl").read_text().splitlines()
    assert json.loads(line)["answers"] == ["28 cars"]


def test_an_answer_becomes_a_case(folder: Path, rag: Command) -> None:
    assert rag("ingest", "library").code == 0
    answers = rag("ask", "-", "--json", stdin="How many cars does the ferry carry?\nWho wrote Hamlet?\n").out
    ran = rag("eval", "add", "kept", "-", "--corpus", "library", "--tag", "chat", stdin=answers)
    assert ran.code == 0, ran.err
    cases = [json.loads(line) for line in (folder / "kept" / "cases.jsonl").read_text().splitlines()]
    assert "The ferry carries 28 cars." in cases[0]["answers"][0]
    assert cases[0]["answers"][0] == cases[0]["evidence"][0]["quote"]
    assert cases[0]["tags"] == ["chat"]
    assert cases[1]["answerable"] is False
    ran = rag("eval", "kept", "--corpus-anywhere", "--json", "-")
    assert json.loads(ran.out)["figures"]["right_and_cited"]["mean"] == 1
    assert "is taken" in one_line(rag("eval", "add", "kept", "-", stdin=answers).err)


@pytest.mark.parametrize("given", ["", "{", "[1]", '{"question": "x"}', "\xff"])
def test_what_is_no_answer_becomes_no_case(folder: Path, rag: Command, given: str) -> None:
    (folder / "answer.json").write_bytes(given.encode("latin-1"))
    ran = rag("eval", "add", "kept", "answer.json", "--corpus", "library")
    assert ran.code == 2
    assert "rag ask --json" in one_line(ran.err)
    assert not (folder / "kept").exists()


def test_a_sweep_says_which_variants_differ(folder: Path, rag: Command) -> None:
    ran = rag("eval", "sweep", "suite.yaml", "--set", "llm=none", "--set", "threshold=0.2,1.0")
    assert ran.code == 0, ran.err
    assert "llm=none threshold=1.0: no significant difference" in ran.out, "four cases show nothing"
    data = json.loads(rag("eval", "sweep", "suite.yaml", "--set", "top_k=2,4", "--json").out)
    assert [variant["values"] for variant in data["variants"]] == [{"top_k": "2"}, {"top_k": "4"}]
    assert "'colour' cannot vary" in one_line(rag("eval", "sweep", "suite.yaml", "--set", "colour=red").err)


def test_export_and_import_print_what_they_did(folder: Path, rag: Command) -> None:
    exported = rag("eval", "export", "squad", "suite.yaml", "squad.json")
    assert exported.code == 0, exported.err
    assert "cases" in exported.out
    imported = rag("eval", "import", "squad", "squad.json", "again")
    assert imported.code == 0, imported.err
    assert (folder / "again" / "suite.yaml").is_file()
    assert rag("eval", "import", "nonsense", "squad.json", "third").code == 2


def test_every_option_of_run_is_in_the_handbook() -> None:
    page = "".join((ROOT / "docs" / f"{name}.md").read_text() for name in _PAGES)
    (group,) = [group.typer_instance for group in app.registered_groups if group.name == "eval"]
    assert group is not None
    for command in group.registered_commands:
        assert command.callback is not None
        name = command.name or command.callback.__name__
        assert f"rag eval {name}" in page
    for flag in (
        "--json",
        "--junit",
        "--html",
        "--csv",
        "--markdown",
        "--baseline",
        "--gate",
        "--strict",
        "--resume",
        "--judge",
    ):
        assert f"`{flag}" in page or f" {flag} " in page


def test_ctrl_c_keeps_finished_cases_and_resume_goes_on(folder: Path) -> None:
    """In a process of its own, stopped as a user would."""
    many = SUITE[: SUITE.index("cases:")] + "cases: cases.jsonl\n"
    (folder / "suite.yaml").write_text(many)
    lines = [
        json.dumps({"id": f"c{i}", "question": f"How many cars does ferry {i} carry?", "answers": ["28 cars"]})
        for i in range(60)
    ]
    (folder / "cases.jsonl").write_text("\n".join(lines))
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "RAG_LLM": "none", "RAG_THREADS": "1", "RAG_HOME": "home"}
    code = "import tests.fakes; tests.fakes.run(delay=0.2)"
    command = [sys.executable, "-c", code, "eval", "suite.yaml", "--json", "r.json"]
    started = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    journal = folder / "r.json.journal"
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and not (journal.is_file() and len(journal.read_text().splitlines()) > 3):
        assert started.poll() is None, started.communicate()
        time.sleep(0.05)
    started.send_signal(signal.SIGINT)
    _, err = started.communicate(timeout=120)
    assert started.returncode == 130, err
    assert "of 60 cases are kept: run the same command with --resume." in one_line(err)
    finished = len(journal.read_text().splitlines()) - 1
    assert 3 <= finished < 60
    resumed = subprocess.run([*command, "--resume"], env=environment, capture_output=True, text=True)
    assert resumed.returncode == 0, resumed.stderr
    data = read_results(folder / "r.json")
    assert data["timing"]["resumed"] == finished
    assert len(data["cases"]) == 60
    assert not journal.exists()


def test_a_calibrated_threshold_is_kept_in_the_index(folder: Path, rag: Command) -> None:
    tried = json.loads(rag("calibrate", "suite.yaml", "--false-refusals", "0", "--dry-run", "--json").out)
    assert (tried["answerable"], tried["unanswerable"], tried["kept"]) == (3, 1, False)
    assert tried["chosen"]["false_refusals"] == 0
    kept = rag("calibrate", "suite.yaml", "--false-refusals", "0")
    assert kept.code == 0, kept.err
    assert f"Chosen: {tried['chosen']['threshold']:g}," in kept.out
    (folder / "suite.yaml").write_text(SUITE.replace("answerable: false", "answerable: true"))
    assert "no unanswerable case" in one_line(rag("calibrate", "suite.yaml").err)
