"""The pytest plugin: each case a test, the gate another, and no cost without its option."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.fakes import WordEncoder

QUIET = (
    "-p",
    "rag.pytest_plugin",
    "-p",
    "no:cacheprovider",
    "-p",
    "no:faulthandler",
    "--capture=no",
    "-c",
    "empty.ini",
)


@dataclass
class PytestRun:
    """A run of pytest: its exit code, the outcome of each item, and the messages of what failed."""

    code: int = 0
    outcomes: dict[str, str] = field(default_factory=dict)
    messages: list[str] = field(default_factory=list)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" or report.outcome != "passed":
            self.outcomes[report.nodeid] = report.outcome
            self.messages.append(report.longreprtext)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.messages.append(report.longreprtext)


@pytest.fixture
def folder(
    suite_path: Path, encoder: WordEncoder, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Path:
    """The folder of the suite, which is the current one; the models are fakes."""
    import rag.store.index

    monkeypatch.setattr(rag.store.index, "open_encoder", lambda *_: encoder)
    monkeypatch.setenv("RAG_LLM", "none")
    monkeypatch.setenv("RAG_THREADS", "1")
    monkeypatch.chdir(suite_path.parent)
    (suite_path.parent / "empty.ini").write_text("[pytest]\n")
    return suite_path.parent


def run_pytest(*arguments: str) -> PytestRun:
    """pytest inside this one: a process of its own takes seconds to load the libraries."""
    run = PytestRun()
    run.code = int(pytest.main([*QUIET, "--rag-home", "home", *arguments], plugins=[run]))
    return run


def test_each_case_is_a_test_and_the_gate_another(folder: Path) -> None:
    ran = run_pytest("--rag-suite", "suite.yaml")
    names = ("ferry", "toll", "keeper", "hamlet", "gate")
    assert ran.outcomes == {f"suite.yaml::{name}": "passed" for name in names}
    assert ran.code == 0


def test_a_wrong_case_fails_in_a_sentence_and_the_gate_with_it(folder: Path) -> None:
    path = folder / "suite.yaml"
    path.write_text(path.read_text().replace('["28 cars"]', '["31 cars"]').replace("min: 0.5", "min: 0.9"))
    ran = run_pytest("--rag-suite", "suite.yaml")
    assert ran.code == 1
    assert [name for name, outcome in ran.outcomes.items() if outcome == "failed"] == [
        "suite.yaml::ferry",
        "suite.yaml::gate",
    ]
    messages = "\n".join(ran.messages)
    assert "expected: 31 cars" in messages
    assert "FAIL: right" in messages
    assert "Traceback" not in messages
    assert "pytest_plugin.py" not in messages


def test_a_case_that_is_known_to_be_wrong_breaks_nothing(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = folder / "suite.yaml"
    text = path.read_text().replace('["28 cars"]', '["31 cars"]\n    xfail: the harbour counts lorries')
    text = text.replace("answers: [Maren]", "answers: [Maren]\n    xfail: mended meanwhile")
    path.write_text(text.replace('answers: ["3 crowns"]', 'answers: ["9 crowns"]\n    skip: the toll is under review'))
    ran = run_pytest("--rag-suite", "suite.yaml", "-rxXs")
    assert ran.code == 0
    assert ran.outcomes == {
        "suite.yaml::ferry": "skipped",
        "suite.yaml::toll": "skipped",
        "suite.yaml::keeper": "passed",
        "suite.yaml::hamlet": "passed",
        "suite.yaml::gate": "passed",
    }
    told = capfd.readouterr().out
    assert "XFAIL suite.yaml::ferry - the harbour counts lorries" in told
    assert "XPASS suite.yaml::keeper - mended meanwhile" in told
    assert "the toll is under review" in told


def test_cases_are_chosen_by_name_and_tag(folder: Path) -> None:
    ran = run_pytest("--rag-suite", "suite.yaml", "-k", "sea or gate")
    assert ran.outcomes == {
        "suite.yaml::ferry": "passed",
        "suite.yaml::keeper": "passed",
        "suite.yaml::gate": "skipped",
    }, "the gate has no word on half a suite"


def test_other_tests_are_collected_besides(folder: Path) -> None:
    (folder / "test_beside.py").write_text("def test_beside(): pass\n")
    ran = run_pytest("--rag-suite", "suite.yaml", "test_beside.py", "-k", "beside or toll")
    assert ran.outcomes == {"test_beside.py::test_beside": "passed", "suite.yaml::toll": "passed"}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--rag-suite", "none.yaml"], "There is no suite"),
        (["--rag-suite", "broken.yaml"], "this is no suite"),
        (["--rag-suite", "suite.yaml", "--rag-baseline", "none.json"], "cannot be read"),
        (["--rag-suite", "suite.yaml", "--rag-llm", "nonsense"], "names no language model"),
    ],
)
def test_a_mistake_is_one_sentence(
    folder: Path, capfd: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    (folder / "broken.yaml").write_text("just words\n")
    ran = run_pytest(*arguments)
    messages = "\n".join([*ran.messages, capfd.readouterr().err])
    assert ran.code != 0
    assert message in messages
    assert "Traceback" not in messages
    assert "passed" not in ran.outcomes.values()


def test_without_the_option_nothing_is_collected(folder: Path) -> None:
    ran = run_pytest(".")
    assert ran.code == pytest.ExitCode.NO_TESTS_COLLECTED


def test_it_imports_nothing_of_footnote_until_it_is_asked() -> None:
    code = (
        "import sys, rag.integrations.pytest_plugin; "
        "print([m for m in sys.modules if m.startswith('rag.') or m.split('.')[0] in ('pydantic', 'torch', 'numpy')])"
    )
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "['rag.integrations', 'rag.integrations.pytest_plugin']"
