"""Reports: what they say, and that nothing a document or model says becomes markup, a request or a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.evaluate.report import console
from rag.evaluate.report.excerpts import excerpts
from rag.evaluate.report.junit import junit
from rag.evaluate.report.markdown import markdown
from rag.evaluate.report.page import page
from rag.evaluate.report.plots import PlotPoint, curve, interval_bar, reliability, scatter
from rag.evaluate.report.table import table
from rag.evaluate.report.view import flipped, interval, reason_rows, rows, verdict_rows
from rag.evaluate.results import Baseline, Results, build_results, results_data, write_text
from rag.evaluate.run.runner import Run
from rag.evaluate.types import Case, Figure, GateRule, GoldSpan, Record, Suite
from tests.shared_browser import SHARED_BROWSER

TEXT = "The ferry is white. The ferry carries 28 cars. It leaves at noon."
HOSTILE = (
    "</script><script>x()</script><img src='http://203.0.113.9/p.png' onerror=x()>\x00\x0b| =cmd() `a` [l](http://e)"
)

CASES = (
    Case("ferry", "How many cars?", answers=("28 cars",), tags=("sea",)),
    Case("toll", "What is the toll?", answers=("3 crowns",), tags=("land",)),
    Case("moon", "How far is the moon?", answerable=False, tags=("foreign",)),
    Case("storm", HOSTILE, answers=("none",), tags=("sea", '"><b>')),
)


def answer(text: str, *spans: tuple[int, int], abstained: bool = False) -> dict[str, object]:
    citations = [
        {"number": n, "source": "ferry.txt", "start": a, "end": b, "quote": TEXT[a:b], "page": 3}
        for n, (a, b) in enumerate(spans, start=1)
    ]
    return {"answer": text, "citations": citations, "abstained": abstained, "confidence": 0.5}


RECORDS = (
    Record(
        "ferry",
        {"right": 1.0, "f1": 0.5, "false_refusal": 0.0},
        answer("28 cars [1]", (20, 46)),
        gold=(GoldSpan("ferry.txt", 30, 46, 3),),
        timings={"total_ms": 12.0},
        tags=("sea",),
    ),
    Record("toll", {"right": 0.0, "f1": 0.0, "false_refusal": 1.0}, answer("No.", abstained=True), tags=("land",)),
    Record("moon", {"right": 0.0, "wrong_on_unanswerable": 1.0}, answer("Far.", (0, 5)), tags=("foreign",)),
    Record("storm", {"right": 0.0, "f1": 0.0}, answer(HOSTILE), tags=("sea", '"><b>'), error=f"raised {HOSTILE}"),
)
SUITE = Suite("coast <b>", Path("suite.yaml"), Path("docs"), "", CASES, "a" * 64, gate=(GateRule("right", min=0.9),))
CONFIG = {"model": "none <i>", "embedding_model": "words", "footnote": "0"}


def results_of(
    records: tuple[Record, ...] = RECORDS, baseline: Baseline | None = None, suite: Suite = SUITE
) -> Results:
    return build_results(suite, "c" * 64, CONFIG, Run(records, seconds=1.5), baseline)


@pytest.fixture(scope="module")
def results() -> Results:
    return results_of()


def source(name: str) -> str | None:
    return TEXT if name == "ferry.txt" else None


# -- the outcome of a case ---------------------------------------------------------------------------------------------


def test_the_outcome_of_each_case_and_why(results: Results) -> None:
    outcomes = {row.case.id: (row.outcome, row.why) for row in rows(results)}
    assert outcomes["ferry"] == ("right", "")
    assert outcomes["toll"] == ("wrong", "refused although the documents say it")
    assert outcomes["moon"] == ("wrong", "answered although the documents do not say")
    assert outcomes["storm"][0] == "error"


def test_what_changed_against_the_baseline() -> None:
    before = tuple(
        replace(r, metrics={**r.metrics, "right": 1.0 - (r.metrics["right"] or 0)}, error="") for r in RECORDS
    )
    results = results_of(baseline=Baseline("a" * 64, "c" * 64, {}, before))
    assert flipped(results) == (["ferry"], ["toll", "moon", "storm"])
    asked = {"ferry": "another question", "toll": "another question"}
    other = results_of(baseline=Baseline("b" * 64, "c" * 64, {}, before, asked=asked))
    assert flipped(other) == ([], ["moon", "storm"]), "what another suite asks under the same id is another case"


# -- against a baseline ------------------------------------------------------------------------------------------------


def test_what_got_worse_or_better_is_shown_as_such() -> None:
    cases = tuple(Case(f"c{i}", "?", answers=("x",)) for i in range(12))
    suite = replace(SUITE, cases=cases, gate=(GateRule("right"), GateRule("false_refusal")))
    good = tuple(Record(case.id, {"right": 1.0, "false_refusal": 0.0}, answer("x")) for case in cases)
    bad = tuple(Record(case.id, {"right": 0.0, "false_refusal": 1.0}, answer("y")) for case in cases)
    worse = results_of(bad, Baseline("a" * 64, "c" * 64, {}, good), suite)
    better = results_of(good, Baseline("a" * 64, "c" * 64, {}, bad), suite)
    assert (worse.gate.state, better.gate.state) == ("FAIL", "PASS")
    for results, kind in ((worse, "worse"), (better, "better")):
        html = page(results, source)
        assert html.count(f'<td class="n {kind}">') == 2, (
            "a refusal more is for the worse, a right answer for the better"
        )
    text = markdown(worse)
    assert "| `right` | 1.000 | 0.000 | **-1.000** | -1.000 … -0.339 |" in text
    assert "| `false_refusal` | 0.000 | 1.000 | **+1.000** |" in text
    assert "Wrong now, right before: c0, c1," in text
    lines = list(console.lines(worse))
    assert any(line.startswith("right          -1.000*") and line.endswith("0/0/12") for line in lines)
    assert f"wrong now, right before: {', '.join(case.id for case in cases)}" in lines


def test_a_judge_that_gave_no_verdict_is_told() -> None:
    results = build_results(SUITE, "c" * 64, CONFIG, Run(RECORDS), judged=("judged_taste",))
    assert "judged_taste (judged): the judge gave no verdict on any answer" in list(console.lines(results))


def test_the_page_says_what_a_judge_said_and_why_it_said_nothing() -> None:
    ferry = replace(
        RECORDS[0],
        metrics={**RECORDS[0].metrics, "judged_taste": 0.75, "judged_tone": None},
        judge_reasons={"judged_taste": f"Fine {HOSTILE}"},
        judge_errors={"judged_tone": "The judge <b> is busy."},
    )
    html = page(build_results(SUITE, "c" * 64, CONFIG, Run((ferry, *RECORDS[1:]))), lambda _: TEXT)
    assert "judged_taste 0.75: Fine &lt;/script&gt;" in html
    assert "judged_tone: no verdict (The judge &lt;b&gt; is busy.)" in html
    assert "1 verdict of the judge on 1 answer is missing; the first: ferry, judged_tone" in html
    assert "--retry-failed" in html
    assert "--retry-failed" not in page(results_of(), lambda _: TEXT)


# -- verdicts ----------------------------------------------------------------------------------------------------------


def judged(shown: tuple[str, ...], left_out: tuple[str, ...] = ()) -> dict[str, Any]:
    why = {"code": "number-contradicted", "text": "the source says <3>", "values": {"quote": "It is <3>."}}
    return {
        "sentences": [{"text": f"S {verdict}.", "verdict": verdict, "reason": None} for verdict in shown],
        "left_out": [{"text": f"L {verdict}.", "verdict": verdict, "reason": why} for verdict in left_out],
    }


def with_verdicts(*answers: dict[str, Any]) -> tuple[Record, ...]:
    pairs = zip(RECORDS, (*answers, *({},) * (len(RECORDS) - len(answers))), strict=True)
    return tuple(replace(record, answer=given) for record, given in pairs)


NOW = with_verdicts(
    judged(("verified", "unsupported", "not a claim"), ("contradicted",)),
    judged(("verified",), ("contradicted", "unsupported")),
)


def test_verdicts_are_counted_shown_and_left_out() -> None:
    assert results_data(results_of(NOW))["verdicts"] == {
        "shown": {"verified": 2, "unsupported": 1, "not a claim": 1},
        "left_out": {"unsupported": 1, "contradicted": 2},
    }
    assert results_data(results_of(with_verdicts()))["verdicts"] == {"shown": {}, "left_out": {}}
    earlier = with_verdicts({"left_out": [{"text": "It is 4."}]})
    assert results_of(earlier).verdicts.left_out == {"unsupported": 1}


def test_verdicts_stand_beside_those_of_the_baseline() -> None:
    before = with_verdicts(judged(("verified", "partly"), ("contradicted",)))
    results = results_of(NOW, Baseline("a" * 64, "c" * 64, {}, before))
    assert [(row.name, row.count, row.before) for row in verdict_rows(results)] == [
        ("verified", 2, 1),
        ("partly", 0, 1),
        ("unsupported", 1, 0),
        ("not a claim", 1, 0),
        ("unsupported, left out", 1, 0),
        ("contradicted, left out", 2, 1),
    ]
    lines = list(console.lines(results))
    first = lines.index("verdicts of sentences:")
    assert lines[first + 6] == "     2  (1 before)  contradicted, left out"
    assert "| contradicted, left out | 2 | 1 |" in markdown(results)
    html = page(results, source)
    assert '<td class="name">contradicted, left out</td>' in html
    alone = results_of(NOW, Baseline("b" * 64, "c" * 64, {}, before))
    assert {row.before for row in verdict_rows(alone)} == {None}, "another suite's says nothing"


def test_a_case_names_what_is_not_verified_and_what_is_left_out() -> None:
    html = page(results_of(NOW), source)
    assert '<h3>Not verified</h3><p class="said">unsupported: S unsupported.</p>' in html
    why = "(the source says &lt;3&gt;; source: “It is &lt;3&gt;.”)"
    assert f'<h3>Left out</h3><p class="said">contradicted: L contradicted. {why}</p>' in html


# -- reasons -----------------------------------------------------------------------------------------------------------


REASONS = (("no-source", "computed", "no-source"), ("<b>own|code</b>",), (), ())


@pytest.fixture
def with_reasons(monkeypatch: pytest.MonkeyPatch) -> tuple[Record, ...]:
    words = {
        "no-source": ("No source says {number} of “{unit}”.", ""),
        "computed": (lambda values: str(values["sum"]), lambda values: ""),
        "gone": ("It is gone.", ""),
    }
    monkeypatch.setattr("rag.evaluate.report.view.wordings", lambda: words)
    return tuple(replace(record, reasons=codes) for record, codes in zip(RECORDS, REASONS, strict=True))


def test_reasons_are_counted_the_most_frequent_first(with_reasons: tuple[Record, ...]) -> None:
    results = results_of(with_reasons)
    assert list(results.reasons.items()) == [("no-source", 2), ("<b>own|code</b>", 1), ("computed", 1)]
    assert list(results_data(results)["reasons"]) == ["no-source", "<b>own|code</b>", "computed"]
    assert [(row.words, row.count, row.before) for row in reason_rows(results)] == [
        ("No source says … of “…”.", 2, None),
        ("", 1, None),
        ("", 1, None),
    ]


def test_reasons_stand_beside_those_of_the_baseline(with_reasons: tuple[Record, ...]) -> None:
    counts = {"gone": 4, "no-source": 3}
    results = results_of(with_reasons, Baseline("a" * 64, "c" * 64, {}, RECORDS, counts))
    assert [(row.code, row.count, row.before) for row in reason_rows(results)] == [
        ("no-source", 2, 3),
        ("<b>own|code</b>", 1, 0),
        ("computed", 1, 0),
        ("gone", 0, 4),
    ]
    lines = list(console.lines(results))
    first = lines.index("why sentences were not verified:")
    assert lines[first + 1 : first + 3] == [
        "     2  (3 before)  no-source: No source says … of “…”.",
        "     1  (0 before)  <b>own|code</b>",
    ]
    for other in (
        Baseline("a" * 64, "c" * 64, {}, RECORDS, None),
        Baseline("b" * 64, "c" * 64, {}, RECORDS, counts),
    ):
        rows_without = reason_rows(results_of(with_reasons, other))
        assert {row.before for row in rows_without} == {None}, "an earlier version's results, or another suite's"
        assert len(rows_without) == 3


def test_reports_name_reasons_without_obeying_them(with_reasons: tuple[Record, ...]) -> None:
    results = results_of(with_reasons, Baseline("a" * 64, "c" * 64, {}, RECORDS, {"gone": 4}))
    text, html = markdown(results), page(results, source)
    assert "### Why sentences were not verified" in text
    assert "| &lt;b&gt;own\\|code&lt;/b&gt; |  | 1 | 0 |" in text
    assert "| gone | It is gone. | 0 | 4 |" in text
    assert "<h2>Why sentences were not verified</h2>" in html
    assert '<td class="name">&lt;b&gt;own|code&lt;/b&gt;</td>' in html
    assert "<b>own" not in html


def test_a_run_without_reasons_says_nothing_of_them(results: Results) -> None:
    for report in (markdown(results), page(results, source), "\n".join(console.lines(results))):
        assert "not verified" not in report


# -- JUnit -------------------------------------------------------------------------------------------------------------


def test_junit_tells_failures_from_errors(results: Results) -> None:
    root = ElementTree.fromstring(junit(results))
    cases, gate = root.findall("testsuite")
    assert (cases.get("tests"), cases.get("failures"), cases.get("errors")) == ("4", "2", "1")
    by_name = {test.get("name"): test for test in cases.findall("testcase")}
    assert by_name["toll"].find("failure") is not None
    assert by_name["storm"].find("error") is not None
    assert len(by_name["ferry"]) == 0
    assert by_name["ferry"].get("time") == "0.012"
    values = {p.get("name"): p.get("value", "") for p in cases.iter("property")}
    assert re.fullmatch(r"0\.250 \(0\.\d+ … 0\.\d+, n = 4, too few\)", values["right"])
    assert gate.findall("testcase")
    assert root.get("tests") == str(4 + len(gate.findall("testcase")))


@given(st.text())
def test_junit_is_xml_whatever_the_text(text: str) -> None:
    record = Record("id", {"right": 0.0}, {**answer(text), "notice": text}, error=text)
    suite = replace(SUITE, name=text, cases=(Case("id", text, answers=(text,)),))
    ElementTree.fromstring(junit(results_of((record,), suite=suite)).encode("utf-8", "replace"))


# -- CSV ---------------------------------------------------------------------------------------------------------------


def test_the_table_has_a_row_a_case_and_a_column_a_metric(results: Results) -> None:
    csv_rows = list(csv.DictReader(io.StringIO(table(results))))
    assert [row["id"] for row in csv_rows] == ["ferry", "toll", "moon", "storm"]
    assert (csv_rows[0]["right"], csv_rows[0]["f1"], csv_rows[2]["f1"]) == ("1", "0.5", "")
    assert csv_rows[0]["cited"] == "ferry.txt:20:46"
    assert csv_rows[1]["abstained"] == "true"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_is_a_formula(start: str) -> None:
    suite = replace(SUITE, cases=(Case("a", f"{start}cmd|'/c calc'!A1", answers=("x",)),))
    csv_rows = list(csv.DictReader(io.StringIO(table(results_of((Record("a", {"right": 1.0}),), suite=suite)))))
    assert csv_rows[0]["question"].startswith("'" + start.replace("\r", "\n"))


# -- Markdown ----------------------------------------------------------------------------------------------------------


def test_the_summary_says_the_gates_word_and_what_is_wrong(results: Results) -> None:
    summary = markdown(results)
    assert "INVALID" in summary.splitlines()[0]
    assert "3 of 4 cases are not right" in summary
    assert "| `right` | 0.250 |" in summary


def test_no_words_of_others_become_markup_in_the_summary(results: Results) -> None:
    summary = markdown(results)
    assert "<script" not in summary
    assert "<img" not in summary
    assert "http://" not in summary
    assert "](" not in re.sub(r"\\.", "", summary)
    rows_of_cases = [line for line in summary.splitlines() if line.startswith("| storm")]
    assert len(re.findall(r"(?<!\\)\|", rows_of_cases[0])) == 5, "a bar in the text is no cell"


def test_the_summary_fits_a_comment() -> None:
    cases = tuple(Case(f"c{i}", "why " * 60, answers=("x",)) for i in range(3000))
    records = tuple(Record(case.id, {"right": 0.0}, answer("no " * 90)) for case in cases)
    suite = replace(SUITE, cases=cases, gate=tuple(GateRule("right", min=1 - i / 1000) for i in range(900)))
    assert len(markdown(results_of(records, suite=suite))) < 65_536


# -- the terminal ------------------------------------------------------------------------------------------------------


def test_the_terminal_shows_intervals_and_too_few(results: Results) -> None:
    output = "\n".join(console.lines(results))
    assert re.search(r"^right +0\.250  \[0\.\d+ … 0\.\d+\]  n = 4  too few$", output, re.M)
    assert output.splitlines()[-1] == "INVALID"
    assert "\x00" not in output
    assert "\x0b" not in output


def test_without_a_baseline_it_is_said_once() -> None:
    suite = replace(SUITE, gate=(GateRule("right"), GateRule("false_refusal")))
    lines = list(console.lines(results_of(RECORDS[:1], suite=suite)))
    assert sum("no baseline" in line for line in lines) == 1
    assert any(line.startswith("right ") and "[0.207 … 1.000]" in line for line in lines)


def test_no_interval_is_said_to_be_none() -> None:
    assert interval(Figure("f1", 0.6, 0.0, 1.0, 2)) == "none"
    assert interval(Figure("f1", 0.6, 0.01, 1.0, 2)) == "0.010 … 1.000"
    assert interval(Figure("context_tokens", 500, 0.0, 500, 1)) == "0.000 … 500"


def test_what_changed_since_the_baseline_is_in_every_report() -> None:
    results = results_of(baseline=Baseline("a" * 64, "d" * 64, {**CONFIG, "model": "<m>"}, RECORDS))
    for text in ("\n".join(console.lines(results)), markdown(results), page(results, source)):
        assert "Documents: they are not those of the baseline" in text
        assert "llm: " in text
    assert "<m>" not in page(results, source)


# -- the page ----------------------------------------------------------------------------------------------------------


class Tags(HTMLParser):
    """All tags with their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def each(self, tag: str) -> Iterator[dict[str, str | None]]:
        return (attributes for name, attributes in self.elements if name == tag)


def test_the_page_needs_nothing_but_itself(results: Results) -> None:
    tags = Tags(page(results, source))
    assert not [tag for tag, _ in tags.elements if tag in ("img", "link", "iframe", "object", "embed", "base", "a")]
    assert all("src" not in a and "href" not in a and "style" not in a for _, a in tags.elements)
    assert not [name for _, a in tags.elements for name in a if name.startswith("on")]
    assert len(list(tags.each("script"))) == 1
    (policy,) = [a["content"] for a in tags.each("meta") if a.get("http-equiv") == "Content-Security-Policy"]
    assert policy is not None
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy


def test_both_kinds_of_evidence_are_marked_side_by_side(results: Results) -> None:
    text = page(results, source)
    sides = re.findall(r'<div class="side"><h3>(.*?)</h3>(.*?)</div>', text, re.S)
    assert [title for title, _ in sides[:2]] == ["Expected evidence", "Cited"]
    marked = '<mark class="cited">The ferry </mark><mark class="gold cited">carries 28 cars.</mark>'
    assert all(marked in body for _, body in sides[:2])
    assert "ferry.txt, page 3" in text


def test_a_source_that_is_gone_is_said_to_be(results: Results) -> None:
    assert "ferry.txt is not in the index any more." in page(results, lambda _: None)


@given(st.text(max_size=40))
def test_nothing_said_by_others_is_a_tag(text: str) -> None:
    def tags(words: str) -> list[str]:
        record = Record("a", {"right": 0.0}, answer(words), tags=(words,), error=words)
        suite = replace(SUITE, name=words, cases=(Case("a", words, answers=(words,), tags=(words,)),))
        return [tag for tag, _ in Tags(page(results_of((record,), suite=suite), source)).elements]

    assert tags(f"x{text}") == tags("x")


def test_the_comparison_is_drawn() -> None:
    before = tuple(replace(record, error="") for record in RECORDS)
    now = tuple(replace(record, error="") for record in RECORDS)
    text = page(results_of(now, Baseline("a" * 64, "c" * 64, {}, before)), source)
    assert "Against the baseline" in text
    assert "right: +0.000" in text


# -- plots and excerpts ------------------------------------------------------------------------------------------------

unit = st.floats(-2, 2) | st.just(float("nan"))


@given(unit, unit, unit, st.text(max_size=5))
def test_drawings_are_xml_and_stay_inside(a: float, b: float, c: float, name: str) -> None:
    name = "".join(char for char in name if char.isprintable())
    for drawing in (
        interval_bar(a, b, c, name),
        scatter([PlotPoint(a, b, c, a, name)], name, "y", name),
        curve([(a, b), (b, c)], "x", name, name),
        reliability([(a, b, 3), (b, c, 1)], name),
    ):
        root = ElementTree.fromstring(drawing)
        _, _, width, height = map(float, root.attrib["viewBox"].split())
        for circle in root.iter("circle"):
            assert 0 <= float(circle.attrib["cx"]) <= width
            assert 0 <= float(circle.attrib["cy"]) <= height


def test_a_drawing_of_nothing_is_nothing() -> None:
    assert curve([], "x", "y", "t") == ""
    assert reliability([], "t") == ""


spans = st.lists(st.tuples(st.integers(-5, 700), st.integers(-5, 700)), max_size=4)


@given(st.text("ab .\n", max_size=600), spans, spans)
def test_the_pieces_of_an_excerpt_are_its_slice(
    text: str, gold: list[tuple[int, int]], cited: list[tuple[int, int]]
) -> None:
    whole = [span for span in gold if 0 <= span[0] < span[1] <= len(text)]
    shown = excerpts(text, gold, {"gold": whole, "cited": cited})
    for excerpt in shown:
        assert "".join(piece.text for piece in excerpt.pieces) == text[excerpt.start : excerpt.end]
    highlighted = {
        offset
        for excerpt in shown
        for offset, highlights in _highlighted_offsets(
            excerpt.start, [(piece.text, piece.highlights) for piece in excerpt.pieces]
        )
        if "gold" in highlights
    }
    assert highlighted == {offset for start, end in whole for offset in range(start, end)}
    assert all(one.end < other.start for one, other in pairwise(shown))


def _highlighted_offsets(
    start: int, pieces: list[tuple[str, tuple[str, ...]]]
) -> Iterator[tuple[int, tuple[str, ...]]]:
    for text, highlights in pieces:
        for _ in text:
            yield start, highlights
            start += 1


def test_a_very_long_span_is_shown_by_its_ends() -> None:
    shown = excerpts("word " * 4000, [(1000, 15000)], {"gold": [(1000, 15000)]})
    assert len(shown) == 2
    assert sum(e.end - e.start for e in shown) < 4000


# -- in a browser ------------------------------------------------------------------------------------------------------

Browse = Callable[[str], object]


@pytest.mark.browser
def test_the_page_asks_nothing_and_its_filter_works(results: Results, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    write_text(path, page(results, source))
    asked: list[str] = []
    complaints: list[str] = []
    shown = SHARED_BROWSER.open().new_page(viewport={"width": 390, "height": 800})
    shown.on("request", lambda request: asked.append(request.url))
    shown.on("console", lambda message: complaints.append(message.text))
    shown.on("pageerror", lambda error: complaints.append(str(error)))
    shown.goto(path.as_uri())

    def visible() -> list[str]:
        return [case.text_content() or "" for case in shown.locator(".case:visible .id").all()]

    assert shown.title() == "coast <b>: INVALID"
    assert visible() == ["ferry", "toll", "moon", "storm"]
    shown.get_by_label("every outcome").select_option("wrong")
    assert visible() == ["toll", "moon"]
    assert shown.locator("#count").inner_text() == "2 of 4 cases"
    shown.get_by_label("every outcome").select_option("")
    shown.get_by_label("every tag").select_option('"><b>')
    assert visible() == ["storm"]
    shown.get_by_label("every tag").select_option("")
    shown.get_by_label("Find words").fill("CARS many")
    assert visible() == ["ferry"]
    shown.locator(".case:visible summary").click()
    assert shown.locator(".case:visible mark.gold").first.inner_text() == "carries 28 cars."
    assert shown.evaluate("document.documentElement.scrollWidth") <= 390, "nothing sticks out on a phone"
    assert shown.locator("main img, main script, main a").count() == 0
    shown.close()
    assert asked == [path.as_uri()]
    assert not complaints
