"""Runs side by side and over time: paired differences, flips, what differs in the settings, and bad input."""

from __future__ import annotations

import json
import os
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import UsageError
from rag.evaluate.comparison.differences import compare_runs
from rag.evaluate.comparison.history import read_history
from rag.evaluate.comparison.history_lines import history_data, history_lines
from rag.evaluate.comparison.history_page import history_page
from rag.evaluate.comparison.lines import comparison_data, comparison_lines, comparison_markdown
from rag.evaluate.comparison.page import comparison_page
from rag.evaluate.comparison.runs import MeasuredRun, labels, read_run, read_runs
from rag.evaluate.figures import compare_all, compute_figures
from rag.evaluate.report.plots import TrendPoint, difference_bar, trend
from rag.evaluate.results import build_results, dump_json, read_results, results_data
from rag.evaluate.run.runner import Run
from rag.evaluate.types import Case, Record, Suite
from tests.conftest import Command
from tests.evaluate.test_reports import HOSTILE, Tags
from tests.shared_browser import SHARED_BROWSER

CONFIG: dict[str, Any] = {
    "footnote": "0.1.0",
    "model": "none",
    "embedding_model": "words",
    "chunk_tokens": 240,
    "options": {"passages": 8, "threshold": 0.12},
    "prompts": {},
}


def cases(count: int = 20) -> tuple[Case, ...]:
    return tuple(Case(f"c{n}", f"Question {n}?", answers=("yes",), tags=("even",) * (n % 2 == 0)) for n in range(count))


def record(case: Case, right: float, text: str = "yes", ms: float = 10.0) -> Record:
    answer = {
        "answer": f"{text} [1]",
        "abstained": False,
        "citations": [{"number": 1, "source": "a.md", "start": 0, "end": 3, "quote": f"quote {text}", "page": 2}],
        "sentences": [{"text": f"{text} [1]", "start": 0, "end": 7, "verdict": "verified"}],
    }
    metrics = {"right": right, "f1": right / 2, "refused": 0.0, "context_tokens": 900.0}
    return Record(case.id, metrics, answer, tags=case.tags, timings={"total_ms": ms})


def write(
    path: Path,
    wrong: set[int] = frozenset(),  # type: ignore[assignment]
    *,
    asked: tuple[Case, ...] | None = None,
    config: dict[str, Any] | None = None,
    text: str = "yes",
    sha256: str = "a" * 64,
    corpus: str = "c" * 64,
    prompts: dict[str, str] | None = None,
    date: str | None = "2026-01-01T00:00:00+00:00",
) -> Path:
    """Write the results of a run in which some cases, by their position, are wrong."""
    asked = cases() if asked is None else asked
    suite = Suite("coast", Path("suite.yaml"), Path("docs"), "", asked, sha256)
    records = tuple(
        record(case, 0.0 if n in wrong else 1.0, "no" if n in wrong else text) for n, case in enumerate(asked)
    )
    data = results_data(build_results(suite, corpus, {**CONFIG, **(config or {})}, Run(records), prompts=prompts))
    data["timing"].pop("date")
    if date:
        data["timing"]["date"] = date
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(dump_json(data))
    return path


@pytest.fixture
def a(tmp_path: Path) -> Path:
    return write(tmp_path / "a.json")


@pytest.fixture
def b(tmp_path: Path) -> Path:
    options = {"passages": 3, "threshold": 0.12}
    return write(tmp_path / "b.json", {0, 1, 2, 3, 4, 5, 6, 7}, config={"options": options}, text="sure")


# -- reading -----------------------------------------------------------------------------------------------------------


def test_a_run_is_read_with_its_times_cases_and_date(a: Path) -> None:
    run = read_run(a)
    assert (run.label, run.suite, run.model, run.is_dated) == ("a", "coast", "none", True)
    assert run.records[0].timings == {"total_ms": 10.0}
    assert run.cases["c1"] == cases()[1]
    assert run.date is not None
    assert run.date.year == 2026
    assert [figure.mean for figure in run.figures if figure.metric == "right"] == [1.0]


def test_a_baseline_and_results_of_version_1_are_runs_too(a: Path, tmp_path: Path) -> None:
    old = {**read_results(a), "schema_version": 1}
    for name in ("timing", "prompts"):
        del old[name]
    path = tmp_path / "old.json"
    path.write_text(json.dumps(old))
    run = read_run(path)
    assert not run.is_dated
    assert run.date is not None, "the file has a time"
    assert run.records[0].timings == {}
    assert compare_runs([run, read_run(a)]).count == 20


def test_runs_are_named_by_what_tells_them_apart() -> None:
    assert labels([Path("x/a.json"), Path("x/b.json")]) == ["a", "b"]
    assert labels([Path("mon/r.json"), Path("tue/r.json")]) == ["mon/r", "tue/r"]
    assert labels([Path("a.json"), Path("a.json")]) == ["a", "a (2)"]
    assert labels([]) == []


# -- comparing ---------------------------------------------------------------------------------------------------------


def test_the_differences_are_those_of_the_paired_comparison(a: Path, b: Path) -> None:
    runs = read_runs([a, b])
    compared = compare_runs(runs)
    (right,) = [one for one in compared.differences[0] if one.metric == "right"]
    (expected,) = compare_all(["right"], runs[1].records, runs[0].records)
    assert (right.difference, right.low, right.high, right.p) == (
        expected.difference, expected.low, expected.high, expected.p
    )  # fmt: skip
    assert right.difference == pytest.approx(-0.4)
    assert (right.wins, right.ties, right.losses) == (0, 12, 8)
    assert {one.metric for one in compared.differences[0]} == {"right", "f1", "refused", "context_tokens"}


def test_flipped_cases_and_settings_that_differ(a: Path, b: Path) -> None:
    compared = compare_runs(read_runs([a, b]))
    assert [flip.case.id for flip in compared.flips] == [f"c{n}" for n in range(8)]
    assert {flip.rows[1].change for flip in compared.flips} == {"worse"}
    assert [(row.name, row.values) for row in compared.settings if row.differs] == [("top_k", ("8", "3"))]
    assert compared.rewritten == (12,)
    assert not compared.notes


def test_a_case_that_raised_is_a_flip(a: Path) -> None:
    run = read_run(a)
    raised = replace(run.records[3], error="The service is overloaded.", metrics={"right": 0.0})
    other = replace(run, label="x", records=(*run.records[:3], raised, *run.records[4:]), figures=())
    compared = compare_runs([run, other])
    assert [(flip.case.id, flip.rows[1].outcome) for flip in compared.flips] == [("c3", "error")]
    assert "x: 1 of 20 cases raised an error and count as wrong." in compared.notes


def test_other_suites_are_compared_over_the_cases_in_common(a: Path, tmp_path: Path) -> None:
    mine = cases(24)
    asked = (*mine[4:10], replace(mine[10], answers=("no",)), replace(mine[11], tags=("new",)), *mine[20:])
    other = write(tmp_path / "other.json", {0}, asked=asked, sha256="b" * 64, corpus="d" * 64)
    compared = compare_runs(read_runs([a, other]))
    assert compared.count == 7, "six as they are, and one that has another tag only"
    assert compared.notes[0] == (
        "The runs are not of the same cases: compared are the 7 that all have, of at most 20; "
        "16 stand in some of the runs only and 1 ask or expect something else, or follow other turns."
    )
    assert "different documents" in compared.notes[1]
    assert [flip.case.id for flip in compared.flips] == ["c4"]
    run = compared.runs[1]
    assert run.figures == tuple(compute_figures(run.records)), "figures are over the cases in common"


def test_turns_behind_another_kind_of_history_are_not_compared(a: Path) -> None:
    run = read_run(a)
    talk = {
        case.id: replace(case, conversation="talk", turn=number) if number < 4 else case
        for number, case in enumerate(run.cases.values(), 1)
    }
    live, fixed = (replace(run, cases=talk, label=mode, conversation=mode) for mode in ("live", "fixed"))
    compared = compare_runs([live, fixed])
    assert [record.id for record in compared.runs[1].records][:2] == ["c0", "c3"]
    assert compared.notes == (
        "The runs are not of the same cases: compared are the 18 that all have, of at most 20; "
        "2 ask or expect something else, or follow other turns.",
    )
    assert compare_runs([fixed, replace(fixed, label="b")]).count == 20


def test_runs_that_differ_in_marks_alone_are_of_the_same_cases(a: Path) -> None:
    run = read_run(a)
    marked = {case.id: replace(case, xfail="known", weight=2.0) for case in run.cases.values()}
    compared = compare_runs([run, replace(run, label="b", cases=marked, suite_sha256="e" * 64)])
    assert (compared.count, compared.notes) == (20, ())


def test_what_only_footnote_has_is_no_difference_to_another_system(a: Path) -> None:
    run = read_run(a)
    system = {"kind": "answers", "name": "theirs.jsonl", "sha256": "f" * 64}
    theirs = replace(run, label="b", config={"footnote": "0.1.0", "model": "theirs.jsonl", "system": system})
    compared = compare_runs([run, theirs])
    differing = [(setting.name, setting.values) for setting in compared.settings if setting.differs]
    assert differing == [("system", ("Footnote", "theirs.jsonl"))]
    assert "<small>system theirs.jsonl</small>" in comparison_page(compared)
    newer = replace(theirs, label="c", config={**theirs.config, "system": {**system, "sha256": "0" * 64}})
    both = [setting for setting in compare_runs([theirs, newer]).settings if setting.differs]
    assert [(setting.name, setting.values) for setting in both] == [("system.sha256", ("f" * 12, "0" * 12))]


def test_three_runs_are_each_compared_with_the_first(a: Path, b: Path, tmp_path: Path) -> None:
    c = write(tmp_path / "c.json", {0, 19})
    compared = compare_runs(read_runs([a, b, c]))
    assert len(compared.differences) == 2
    assert len(compared.flips) == 9
    page = comparison_page(compared)
    assert page.count('<h3 class="run">b</h3>') == 1
    assert "3 runs, each against a" in page
    assert [line for line in comparison_lines(compared) if line in ("b:", "c:")] == ["b:", "c:"]


# -- what is shown -----------------------------------------------------------------------------------------------------


def test_a_flip_is_shown_side_by_side_with_evidence_verdicts_and_time(a: Path, b: Path) -> None:
    page = comparison_page(compare_runs(read_runs([a, b])))
    flip = page[page.index('data-kinds="worse"') :]
    sides = re.findall(r'<div class="side">(.*?)</div>\s*</div>', flip, re.S)[:2]
    for side, label, state, text in zip(sides, "ab", ("right", "wrong"), ("yes", "no"), strict=True):
        assert f'<h3 class="run">{label} <span class="{state}">{state}</span></h3>' in side
        assert f'<p class="said">{text} [1]</p>' in side
        assert '<p class="where">[1] a.md, page 2</p>' in side
        assert f'<p class="source">quote {text}</p>' in side
        assert "sentences <b>1 verified</b>" in side
        assert "milliseconds <b>10</b>" in side
    assert "right</span> → <span" in flip


def test_the_terminal_and_the_comment_are_short_and_say_what_differs(a: Path, b: Path) -> None:
    compared = compare_runs(read_runs([a, b]))
    lines = list(comparison_lines(compared))
    assert lines[0] == "coast: b against a, 20 cases in common"
    assert "top_k: 8 → 3" in lines
    assert any(re.match(r"right +1\.000 →  0\.600  -0\.400\* \[", line) for line in lines)
    assert "right in a only: c0, c1, c2, c3, c4, c5, c6, c7" in lines
    text = comparison_markdown(compared)
    assert "| top\\_k | 8 | 3 |" in text
    assert "8 cases flipped" in text
    data = comparison_data(compared)
    assert data["flipped"][0]["answers"][1]["evidence"] == [{"place": "[1] a.md, page 2", "quote": "quote no"}]
    assert [one["significant"] for one in data["differences"]["b"] if one["metric"] == "right"] == [True]


def test_prompts_are_shown_whole(tmp_path: Path) -> None:
    paths = [
        write(tmp_path / f"{name}.json", config={"prompts": {"answer": name * 8}}, prompts={"answer": f"Say <{name}>."})
        for name in "ab"
    ]
    page = comparison_page(compare_runs(read_runs(paths)))
    assert "Prompt answer: 2 versions" in page
    for name in "ab":
        assert f"Say &lt;{name}&gt;." in page


def hostile(words: str) -> MeasuredRun:
    case = Case("a", words, answers=(words,), tags=(words,))
    answer = {"answer": words, "citations": [{"source": words, "quote": words, "number": 1}], "sentences": []}
    return MeasuredRun(
        words, words, "s", "c", {"model": words, "prompts": {words: words}}, (Record("a", {"right": 0.0}, answer),),
        {"a": case}, prompts={words: words},
    )  # fmt: skip


@given(st.text(max_size=30))
@hypothesis.settings(max_examples=25)
def test_nothing_said_by_others_is_a_tag(text: str) -> None:
    def tags(words: str) -> list[str]:
        run = hostile(words)
        other = replace(run, label="b", records=(replace(run.records[0], metrics={"right": 1.0}),))
        elements = Tags(comparison_page(compare_runs([run, other]))).elements
        # A long name may be broken.
        return [tag for tag, _ in elements if tag != "wbr"]

    assert tags(f"x{text}") == tags("x")


def test_no_words_of_others_become_markup_or_control_a_terminal() -> None:
    run = hostile(HOSTILE)
    other = replace(
        run, label="b", records=(replace(run.records[0], metrics={"right": 1.0}),), config={HOSTILE: HOSTILE}
    )
    compared = compare_runs([run, other])
    summary = comparison_markdown(compared)
    assert "<script" not in summary
    assert "http://" not in summary
    for line in comparison_lines(compared):
        assert line.isprintable()
    elements = Tags(comparison_page(compared)).elements
    assert not [tag for tag, _ in elements if tag in ("img", "link", "iframe", "a")]
    assert all("src" not in one and "href" not in one and "style" not in one for _, one in elements)


def test_no_word_of_a_gate_controls_a_terminal(a: Path) -> None:
    data = json.loads(a.read_text())
    data["gate"]["state"] = "PASS\x1b[2J"
    a.write_text(json.dumps(data))
    assert all(line.isprintable() for line in history_lines(read_history(a.parent)))


# -- over time ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "runs"
    write(folder / "new.json", {0}, date="2026-03-01T00:00:00+00:00", config={"chunk_tokens": 100}, corpus="d" * 64)
    write(folder / "old.json", set(range(10)), date="2026-01-01T00:00:00+00:00")
    write(
        folder / "ci" / "middle.json", {1}, date="2026-02-01T00:00:00+00:00", asked=cases(22), config={"model": "big"}
    )
    (folder / "broken.json").write_text("{")
    (folder / "other.json").write_text('{"a": 1}')
    (folder / "notes.txt").write_text("nothing")
    return folder


def test_runs_are_in_the_order_of_their_dates_with_what_changed(folder: Path) -> None:
    history = read_history(folder)
    runs = history.suites["coast"]
    assert [run.label for run in runs] == ["old", "middle", "new"]
    assert runs[0].changes == ()
    assert runs[1].changes == ("cases: 2 added", "llm: none → big")
    assert runs[2].changes == ("cases: 2 removed", "other documents", "llm: big → none", "chunk_tokens: 240 → 100")
    assert runs[1].difference is not None
    assert runs[1].difference.difference == pytest.approx(0.45), "over the 20 cases in common"
    assert [sentence.split(" is ")[0] for sentence in history.skipped] == [
        "Left out: broken.json",
        "Left out: other.json",
    ]


def test_a_history_is_printed_drawn_and_plain_data(folder: Path) -> None:
    history = read_history(folder)
    lines = list(history_lines(history))
    assert lines[0] == "coast: 3 runs"
    assert any("2026-02-01" in line and "middle" in line and "n = 22" in line for line in lines)
    assert "    chunk_tokens: 240 → 100" in lines
    assert lines[-1].startswith("Left out: other.json is not a results file")
    page = history_page(history)
    assert page.count('<svg class="plot"') == 3, "right, refusals and time; no language model cost anything"
    assert page.count('class="point"') == 9
    assert "chunk_tokens: 240 → 100" in page
    assert "Left out: broken.json is not a results file" in page
    data = history_data(history)
    assert [run["label"] for run in data["suites"]["coast"]] == ["old", "middle", "new"]


def test_a_run_without_a_date_stands_by_the_time_of_its_file(tmp_path: Path) -> None:
    write(tmp_path / "r" / "a.json", date="2026-02-01T00:00:00+00:00")
    path = write(tmp_path / "r" / "b.json", date=None)
    os.utime(path, (1767225600, 1767225600))
    runs = read_history(tmp_path / "r").suites["coast"]
    assert [run.label for run in runs] == ["b", "a"]
    assert runs[0].minute == "2026-01-01 00:00 (file)"


def test_a_folder_without_results_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no results file"):
        read_history(tmp_path)
    with pytest.raises(UsageError, match="no folder"):
        read_history(tmp_path / "none")


@given(st.lists(st.none() | st.tuples(*[st.floats(0, 1e9) | st.just(float("nan"))] * 3), max_size=5), st.booleans())
def test_trends_and_bars_are_xml_and_stay_inside(points: list[Any], is_share: bool) -> None:
    from xml.etree import ElementTree

    drawing = trend([p and TrendPoint(*p, "<p>") for p in points], "<a>", "b", "<t>", is_share=is_share)
    if drawing:
        root = ElementTree.fromstring(drawing)
        _, _, width, height = map(float, root.attrib["viewBox"].split())
        for circle in root.iter("circle"):
            assert 0 <= float(circle.attrib["cx"]) <= width
            assert 0 <= float(circle.attrib["cy"]) <= height
    for point in filter(None, points):
        bar = ElementTree.fromstring(difference_bar(*point, 1.0, "better", "<l>"))
        assert float(bar.find("g/rect").attrib["width"]) <= 200  # type: ignore[union-attr]


# -- the commands ------------------------------------------------------------------------------------------------------


def test_the_command_compares_and_writes_reports(a: Path, b: Path, tmp_path: Path, rag: Command) -> None:
    ran = rag("eval", "compare", str(a), str(b), "--html", str(tmp_path / "c.html"), "--json", "-",
              "--markdown", str(tmp_path / "c.md"))  # fmt: skip
    assert ran.code == 0, ran.err
    assert json.loads(ran.out)["cases"] == 20
    assert "20 cases in common" in ran.err
    assert (tmp_path / "c.html").read_text().startswith("<!DOCTYPE html>")
    assert (tmp_path / "c.md").read_text().startswith("## b against a")


def test_the_command_shows_a_history(folder: Path, tmp_path: Path, rag: Command) -> None:
    ran = rag("eval", "history", str(folder), "--html", str(tmp_path / "h.html"))
    assert ran.code == 0, ran.err
    assert "coast: 3 runs" in ran.out
    assert "Left out: broken.json" in ran.out
    assert "Runs over time" in (tmp_path / "h.html").read_text()


def test_what_cannot_be_compared_is_one_sentence_and_exit_code_2(a: Path, tmp_path: Path, rag: Command) -> None:
    foreign = write(tmp_path / "foreign.json", asked=(Case("z", "Other?", answers=("x",)),), sha256="b" * 64)
    (tmp_path / "bad.json").write_bytes(b"\xff\xfe\x00")
    for arguments, message in (
        ((str(a), str(foreign)), "have no case in common"),
        ((str(a),), "nothing to compare"),
        ((str(a), str(tmp_path / "none.json")), "cannot be read"),
        ((str(a), str(tmp_path / "bad.json")), "not a results file"),
        ((str(a), str(a), "--html", str(tmp_path)), "that is a folder"),
        ((str(a), str(a), "--html", "-", "--json", "-"), "one file"),
    ):
        ran = rag("eval", "compare", *arguments)
        assert ran.code == 2, ran.err
        lines = [line for line in ran.err.splitlines() if line.startswith("rag: ")]
        assert len(lines) == 1
        assert message in lines[0]


def test_a_suite_may_be_named_like_a_command(tmp_path: Path, rag: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("./compare.yaml", "./history.yaml", "compare.yaml"):
        Path(name).write_text("schema_version: 7\nsuite: x\n")
        ran = rag("eval", name)
        assert ran.code == 2
        assert "schema version '7'" in ran.err, "it was read as a suite"


# -- in a browser ------------------------------------------------------------------------------------------------------


@pytest.mark.browser
def test_the_pages_fit_a_phone_and_ask_nothing(a: Path, b: Path, folder: Path, tmp_path: Path) -> None:
    long = tmp_path / f"{'a-run-with-a-very-long-name-' * 4}.json"
    long.write_text(b.read_text())
    pages = {
        "compare.html": comparison_page(compare_runs(read_runs([a, b, long]))),
        "history.html": history_page(read_history(folder)),
    }
    for name, html in pages.items():
        path = tmp_path / name
        path.write_text(html, encoding="utf-8")
        asked: list[str] = []
        complaints: list[str] = []
        shown = SHARED_BROWSER.open().new_page(viewport={"width": 390, "height": 844})
        shown.on("request", lambda request, asked=asked: asked.append(request.url))
        shown.on("console", lambda message, complaints=complaints: complaints.append(message.text))
        shown.on("pageerror", lambda error, complaints=complaints: complaints.append(str(error)))
        shown.goto(path.as_uri())
        shown.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        assert shown.evaluate("document.documentElement.scrollWidth") <= 390, "nothing sticks out on a phone"
        assert asked == [path.as_uri()]
        assert not complaints
        if name == "compare.html":
            assert shown.locator(".case:visible").count() == 8
            shown.get_by_label("Find words").fill("question 3?")
            assert shown.locator(".case:visible .id").all_inner_texts() == ["c3"]
        shown.close()
