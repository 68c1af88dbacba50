"""Results as a file: equal runs give equal bytes, and what is no baseline is refused in one sentence."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from rag.errors import UsageError
from rag.evaluate.gate import NO_BASELINE
from rag.evaluate.results import (
    Baseline,
    Results,
    UntrustworthyResultsError,
    accept_baseline,
    build_results,
    check_writable,
    dump_json,
    read_baseline,
    read_results,
    results_data,
    write_text,
)
from rag.evaluate.run.configuration import Configuration, describe_configuration
from rag.evaluate.run.runner import Run, run_suite
from rag.evaluate.types import Suite
from rag.store.index import Index

Make = Callable[..., Configuration]
Corpus = tuple[Index, str]


@pytest.fixture
def results(suite: Suite, corpus: Corpus, configure: Make) -> Results:
    return build_results(
        suite, corpus[1], describe_configuration(corpus[0], configure()), run_suite(suite, corpus[0], configure())
    )


@pytest.fixture
def written(results: Results, tmp_path: Path) -> Path:
    path = tmp_path / "results.json"
    write_text(path, dump_json(results_data(results)))
    return path


def without_timing(text: str) -> str:
    data = json.loads(text)
    assert data.pop("timing")
    return "".join(line for line in text.splitlines(keepends=True) if not line.startswith('"timing":'))


def version_1(path: Path) -> dict[str, Any]:
    """Results as versions wrote them that packed no cases."""
    return {**read_results(path), "schema_version": 1}


def test_two_runs_differ_in_their_timing_only(results: Results, suite: Suite, corpus: Corpus, configure: Make) -> None:
    again = build_results(
        suite, corpus[1], describe_configuration(corpus[0], configure()), run_suite(suite, corpus[0], configure())
    )
    one, other = dump_json(results_data(results)), dump_json(results_data(again))
    assert without_timing(one) == without_timing(other)
    assert one != other


def test_the_file_says_what_was_asked_of_what(written: Path, results: Results, suite: Suite, corpus: Corpus) -> None:
    assert json.loads(written.read_text())["schema_version"] == 2
    data = read_results(written)
    assert data["suite"] == {"name": "coast", "sha256": suite.sha256, "cases": 4, "of": 4}
    assert data["corpus"]["sha256"] == corpus[1]
    assert {"embedding_fingerprint", "chunker", "loader", "options", "prompts", "model"} <= set(data["config"])
    right = data["figures"]["right"]
    assert (right["mean"], right["n"], right["too_few"]) == (1.0, 4, True)
    assert right["low"] < 1
    assert set(data["by_tag"]) == {"sea", "land", "numeric", "foreign"}
    assert data["by_tag"]["sea"]["right"]["n"] == 2
    assert data["abstention"]["table"] == {
        "answered_answerable": 3,
        "refused_answerable": 0,
        "answered_unanswerable": 0,
        "refused_unanswerable": 1,
        "tentative_answerable": 0,
        "tentative_unanswerable": 0,
    }
    ferry = data["cases"][0]
    assert ferry["case"]["question"] == "How many cars does the ferry carry?"
    assert "The ferry carries 28 cars." in ferry["answer"]["citations"][0]["quote"]
    assert "timings" in ferry
    assert not ferry["timings"], "time stands in the block timing"
    assert set(data["timing"]["cases"]) == {"ferry", "toll", "keeper", "hamlet"}


def test_a_number_that_is_none_is_written_as_null() -> None:
    assert json.loads(dump_json({"a": float("nan"), "b": -0.0000001, "c": (1.23456789,)})) == {
        "a": None,
        "b": 0.0,
        "c": [1.234568],
    }
    assert "-0.0" not in dump_json({"b": -0.0000001})


def test_results_are_read_back_as_a_baseline(written: Path, results: Results) -> None:
    baseline = read_baseline(written)
    assert (baseline.suite_sha256, baseline.corpus_sha256) == (results.suite.sha256, results.corpus_sha256)
    assert [record.metrics for record in baseline.records] == [dict(record.metrics) for record in results.records]


def test_results_of_version_1_are_read_as_those_of_today(written: Path, tmp_path: Path) -> None:
    old = tmp_path / "old.json"
    old.write_text(json.dumps(version_1(written), indent=1))
    assert read_baseline(old) == read_baseline(written)
    assert accept_baseline(old, tmp_path / "accepted.json") == 4
    assert (tmp_path / "accepted.json").read_text() == without_timing(written.read_text())


def test_a_case_is_a_line_and_a_run_has_a_date(written: Path, results: Results) -> None:
    text = written.read_text()
    for record in results.records:
        assert len([line for line in text.splitlines() if f'"id":"{record.id}"' in line]) == 1
    assert datetime.fromisoformat(read_results(written)["timing"]["date"]).tzinfo is not None


def test_the_prompts_of_a_run_are_kept_whole(suite: Suite, corpus: Corpus, results: Results, tmp_path: Path) -> None:
    told = replace(results, prompts={"answer": "## system\n\nSay it."})
    write_text(tmp_path / "r.json", dump_json(results_data(told)))
    assert read_results(tmp_path / "r.json")["prompts"] == {"answer": "## system\n\nSay it."}


def test_reasons_are_read_back_and_results_of_earlier_versions_have_none(written: Path, results: Results) -> None:
    told = replace(results, records=(replace(results.records[0], reasons=("b", "a", "b")), *results.records[1:]))
    write_text(written, dump_json(results_data(told)))
    baseline = read_baseline(written)
    assert list((baseline.reasons or {}).items()) == [("b", 2), ("a", 1)]
    assert baseline.records[0].reasons == ("b", "a", "b")
    old = version_1(written)
    del old["reasons"], old["meanings"]
    for case in old["cases"]:
        del case["reasons"]
    written.write_text(json.dumps(old))
    baseline = read_baseline(written)
    assert baseline.reasons is None
    assert baseline.records[0].reasons == ()


def test_a_run_equal_to_its_baseline_passes(
    written: Path, suite: Suite, corpus: Corpus, configure: Make, results: Results
) -> None:
    again = build_results(
        suite, corpus[1], results.config, run_suite(suite, corpus[0], configure()), read_baseline(written)
    )
    assert again.gate.state == "PASS"
    assert [(c.metric, c.difference, c.ties) for c in again.gate.comparisons] == [("right", 0.0, 4)]


def test_a_baseline_of_another_suite_is_compared_where_it_asks_the_same(
    written: Path, suite: Suite, corpus: Corpus, configure: Make, results: Results
) -> None:
    first, *rest = suite.cases
    other = replace(
        suite,
        cases=(replace(first, question="How many?"), *(replace(c, tags=("x",), weight=2.0) for c in rest)),
        sha256="0" * 64,
    )
    again = build_results(
        other, corpus[1], results.config, run_suite(other, corpus[0], configure()), read_baseline(written)
    )
    assert set(again.comparable) == {"toll", "keeper", "hamlet"}
    assert "otherwise in the baseline and not compared (ferry)" in again.gate.notices[0]
    assert again.gate.comparisons[0].ties == 3
    nothing = replace(other, cases=(replace(first, id="new"),))
    invalid = build_results(
        nothing, corpus[1], results.config, run_suite(nothing, corpus[0], configure()), read_baseline(written)
    )
    assert invalid.gate.state == "INVALID"


def test_what_changed_since_the_baseline_is_listed(written: Path, suite: Suite, results: Results) -> None:
    config = {**results.config, "model": "m2", "options": {**results.config["options"], "passages": 3}, "new": "x"}
    notices = build_results(suite, "e" * 64, config, Run(results.records), read_baseline(written)).gate.notices
    assert notices[0].startswith("Documents: they are not those of the baseline (")
    assert set(notices[1:]) == {"Language model: none → m2.", "Options passages: 8 → 3.", "New: absent → x."}
    same = build_results(suite, results.corpus_sha256, results.config, Run(results.records), read_baseline(written))
    assert not same.gate.notices, "a configuration that went through a file is the same"


def test_lost_evidence_makes_a_run_invalid_and_a_changed_corpus_is_told(
    suite: Suite, corpus: Corpus, results: Results
) -> None:
    lost = build_results(suite, corpus[1], {}, Run(results.records, {"ferry": ["not found"]}))
    assert lost.gate.state == "INVALID"
    assert "ferry" in lost.gate.findings[0].reason
    named = replace(suite, corpus_sha256="f" * 64)
    changed = build_results(named, corpus[1], {}, Run(results.records))
    assert changed.gate.state == "PASS", "all evidence stands"
    assert "not those the suite was written for" in changed.gate.notices[0]
    same = replace(suite, corpus_sha256=corpus[1])
    assert build_results(same, corpus[1], {}, Run(results.records)).gate.notices == (NO_BASELINE,)


def test_many_errors_make_a_run_invalid(suite: Suite, results: Results) -> None:
    broken = tuple(
        replace(r, error="The service is overloaded.", metrics={"right": 0.0}) if r.id == "toll" else r
        for r in results.records
    )
    invalid = build_results(suite, results.corpus_sha256, {}, Run(broken))
    assert invalid.errors == 1
    assert invalid.gate.state == "INVALID"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "it is not JSON"),
        ("[1]", "not a results file of rag eval"),
        ("[" * 100_000, "it is not JSON"),
        ('{"schema_version": 99, "suite": {}}', "schema version 99"),
        ('{"schema_version": 1, "suite": {}}', "incomplete"),
        ('{"schema_version": 2, "suite": {}}', "incomplete"),
        ('{"schema_version": 2, "suite": {}, "cases": {}}', "incomplete"),
        (
            '{"schema_version": 2, "suite": {}, "cases": {"names": [], "sources": [], "usual": {}, '
            '"rows": [{"metrics": [7], "answer": {}}]}}',
            "incomplete",
        ),
        ('{"schema_version": 1, "suite": 3, "corpus": {}, "config": {}, "cases": []}', "incomplete"),
        (
            '{"schema_version": 1, "suite": {"sha256": ""}, "corpus": {"sha256": ""}, "config": {}, "cases": [], '
            '"reasons": ["a"]}',
            "incomplete",
        ),
        (
            '{"schema_version": 1, "suite": {"sha256": ""}, "corpus": {"sha256": ""}, "config": {}, "cases": [[]]}',
            "incomplete",
        ),
    ],
)
def test_what_is_no_baseline_is_refused_in_one_sentence(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "baseline.json"
    path.write_text(text)
    with pytest.raises(UsageError, match=message):
        read_baseline(path)


def test_a_baseline_that_is_not_there_or_not_text(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        read_baseline(tmp_path / "none.json")
    (tmp_path / "binary.json").write_bytes(b"\xff\xfe\x00\x01")
    with pytest.raises(UsageError, match="it is not JSON"):
        read_baseline(tmp_path / "binary.json")


def test_accepting_writes_the_results_without_their_timing(written: Path, tmp_path: Path) -> None:
    baseline = tmp_path / "baseline.json"
    assert accept_baseline(written, baseline) == 4
    assert "timing" not in json.loads(baseline.read_text())
    assert isinstance(read_baseline(baseline), Baseline)
    assert baseline.read_text() == without_timing(written.read_text())


@pytest.mark.parametrize("spoil", ["errors", "problems"])
def test_untrustworthy_results_are_not_accepted(written: Path, tmp_path: Path, spoil: str) -> None:
    data = version_1(written)
    if spoil == "errors":
        data["cases"][0]["error"] = "raised"
    else:
        data["problems"] = {"ferry": ["not found"]}
    written.write_text(json.dumps(data))
    with pytest.raises(UntrustworthyResultsError) as refused:
        accept_baseline(written, tmp_path / "baseline.json")
    assert refused.value.exit_code == 3
    assert not (tmp_path / "baseline.json").exists()


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        ({"suite": {"sha256": "a", "of": 40}}, "they hold 20 of the 40 cases"),
        ({"error": "raised"}, "1 case raised"),
    ],
)
def test_a_part_is_a_baseline_only_when_asked_for(
    written: Path, tmp_path: Path, spoil: dict[str, Any], reason: str
) -> None:
    data = read_results(written)
    data["cases"] = [{**data["cases"][0], "id": str(i)} for i in range(20)]
    data["suite"] |= {"of": 20, **spoil.get("suite", {})}
    data["cases"][0]["error"] = spoil.get("error", "")
    written.write_text(json.dumps(data))
    with pytest.raises(
        UntrustworthyResultsError, match=f"{reason}; run the whole suite, or accept them with --partial"
    ):
        accept_baseline(written, tmp_path / "baseline.json")
    assert accept_baseline(written, tmp_path / "baseline.json", partial=True) == 20


def test_a_report_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    report = tmp_path / "report.txt"
    write_text(report, "old \ud800")
    assert report.read_text() == "old ?"

    def full(*_: object, **__: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full)
    with pytest.raises(UsageError, match="No space left on device"):
        write_text(report, "new")
    monkeypatch.undo()
    assert report.read_text() == "old ?"
    assert [path.name for path in tmp_path.iterdir()] == ["report.txt"]


def test_a_report_that_cannot_be_written_is_refused_before_the_run(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="that is a folder"):
        check_writable(tmp_path)
    with pytest.raises(UsageError, match="there is no folder"):
        check_writable(tmp_path / "none" / "report.html")
    check_writable(tmp_path / "report.html")
