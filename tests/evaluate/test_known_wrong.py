"""Cases that are known to be wrong: no failure in JUnit as long as they stay wrong, and told once they are right."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, fromstring

import pytest

from rag.evaluate.known_wrong import known_wrong, unexpectedly_right
from rag.evaluate.report.junit import junit
from rag.evaluate.results import Baseline, build_results, results_data
from rag.evaluate.run.runner import Run
from rag.evaluate.suite.conversations import limited
from rag.evaluate.suite.file import load_suite
from rag.evaluate.types import Case, GateRule, Record, Suite

CASES = (
    Case("wrong", "Who mends the pier?", answers=("Ida",)),
    Case("marked", "Who paints the pier?", answers=("Olaf",), xfail="the plan names two painters"),
    Case("mended", "Who owns the pier?", answers=("the town",), xfail="the deed was missing"),
    Case("left", "Who built the pier?", answers=("Siv",), skip="the archive is being sorted"),
    Case("right", "Where is the pier?", answers=("in the bay",)),
    Case("broken", "When is the pier open?", answers=("always",), xfail="late"),
)
RIGHT = {"wrong": 0.0, "marked": 0.0, "mended": 1.0, "right": 1.0, "broken": 0.0}
RECORDS = tuple(
    Record(name, {"right": value}, {"answer": "x"}, error="the model is away" if name == "broken" else "")
    for name, value in RIGHT.items()
)
SUITE = Suite("pier", Path("suite.yaml"), Path("docs"), "", CASES, "a" * 64, gate=(GateRule("right", min=0.1),))


def junit_cases(baseline: Baseline | None) -> dict[str | None, Element]:
    results = build_results(SUITE, "c" * 64, {}, Run(RECORDS), baseline)
    suite = fromstring(junit(results)).find("testsuite")
    assert suite is not None
    return {test.get("name"): test for test in suite.findall("testcase")}


def tags(test: Element) -> list[tuple[str, str]]:
    return [(child.tag, child.get("type", "")) for child in test]


def test_a_run_without_the_skipped_case_is_whole() -> None:
    whole = results_data(build_results(SUITE, "c" * 64, {}, Run(RECORDS)))["suite"]
    assert (whole["cases"], whole["of"]) == (5, 5)
    part = results_data(build_results(limited(SUITE, 2), "c" * 64, {}, Run(RECORDS[:2])))["suite"]
    assert (part["cases"], part["of"]) == (2, 5)


def test_junit_skips_what_is_known_to_be_wrong_and_tells_what_has_become_right() -> None:
    tests = junit_cases(None)
    assert {name: tags(test) for name, test in tests.items()} == {
        "wrong": [("failure", "wrong")],
        "marked": [("skipped", "xfail")],
        "mended": [("system-out", "")],
        "right": [],
        "broken": [("error", "error")],
        "left": [("skipped", "skip")],
    }
    assert tests["marked"][0].get("message") == "known to be wrong: the plan names two painters"
    assert "take 'xfail' away" in (tests["mended"][0].text or "")
    assert tests["left"][0].get("message") == "the archive is being sorted"


@pytest.mark.parametrize(("suite_sha256", "is_known"), [("a" * 64, True), ("b" * 64, False)])
def test_a_case_that_is_wrong_in_the_baseline_is_known(suite_sha256: str, is_known: bool) -> None:
    tests = junit_cases(Baseline(suite_sha256, "c" * 64, {}, RECORDS))
    assert tags(tests["wrong"]) == [("skipped", "xfail") if is_known else ("failure", "wrong")]


def test_a_case_that_raised_in_the_baseline_is_to_be_right() -> None:
    before = {"wrong": replace(RECORDS[0], error="the model is away")}
    assert known_wrong(CASES[0], before) == ""
    assert known_wrong(CASES[0], {"wrong": RECORDS[0]}) == "wrong in the baseline, too"
    assert unexpectedly_right({case.id: case for case in CASES}, RECORDS) == ["mended"]


def test_a_mark_leaves_the_suite_what_it_is(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()

    def sha256_of(**marks: Any) -> str:
        lines = [
            "schema_version: 1",
            "suite: pier",
            "corpus: {path: docs}",
            "cases:",
            "  - id: a",
            "    question: Who?",
        ]
        lines += [f"    {name}: {value}" for name, value in marks.items()]
        (tmp_path / "suite.yaml").write_text("\n".join(lines) + "\n")
        return load_suite(tmp_path).sha256

    assert sha256_of() == sha256_of(xfail="known") == sha256_of(skip="later") != sha256_of(answers="[x]")
