"""Metrics that other packages bring: measured, gated and reported like those that ship, and never the end of a run."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest

from rag.errors import UsageError
from rag.evaluate.figures import compare_all
from rag.evaluate.gate import decide_gate
from rag.evaluate.metrics.measuring import measure, measure_failure, metric_value
from rag.evaluate.metrics.table import METRICS, Meaning, Measured, find_meaning, meanings, outside_meanings
from rag.evaluate.types import Case, GateRule, GoldSpan, Record
from rag.parts import warn_once
from rag.types import Answer, Passage
from tests.conftest import Command
from tests.evaluate.conftest import SUITE

Bring = Callable[..., None]

CASE = Case("c", "?", answers=("two words",))
ANSWER = Answer("?", "?", answer="just two words")


class Brevity:
    meanings: Mapping[str, Meaning] = {
        "brevity": Meaning("higher", "1 for an answer of <= 2 words"),
        "words": Meaning("neither", "words of the answer", bounded=False),
    }

    def measure(self, measured: Measured) -> dict[str, float | None]:
        words = len(measured.answer.answer.split())
        return {"brevity": min(1.0, 2 / words) if words else float(measured.failed), "words": words}


class Stray:
    """The passages among the first k of another source than the evidence; lower is better."""

    meanings: Mapping[str, Meaning] = {"stray": Meaning("lower", "share of the first k from other documents")}

    def measure(self, measured: Measured) -> dict[str, float | None]:
        if not measured.gold:
            return {}
        sources = {span.source for span in measured.gold}
        values: dict[str, float | None] = {}
        for k in measured.ks:
            first = measured.answer.passages[:k]
            values[f"stray@{k}/document"] = sum(p.source not in sources for p in first) / k
        return values


class Thief:
    meanings: Mapping[str, Any] = {
        "right": Meaning("lower", "not yours"),
        "auroc": Meaning("lower", "nor this"),
        "judged_taste": Meaning("lower", "nor a judge's"),
        "two words": Meaning("higher", "no name"),
        "half": "a text",
        "honest": Meaning("higher", "one of its own"),
    }

    def measure(self, measured: Measured) -> dict[str, float | None]:
        return dict.fromkeys(self.meanings, 0.25)


class Zebra:
    """Comes after `Brevity` by name, and claims a measure of it."""

    meanings: Mapping[str, Meaning] = {"words": Meaning("higher", "stripes")}

    def measure(self, measured: Measured) -> dict[str, float | None]:
        return {"words": -1.0}


class Odd:
    meanings: Mapping[str, Meaning] = {
        **{name: Meaning("lower", "") for name in ("nan", "text", "huge", "yes", "fine", "seven", "below", "rounded")},
        "endless": Meaning("lower", "", bounded=False),
    }

    def measure(self, measured: Measured) -> dict[Any, Any]:
        return {
            "nan": float("nan"),
            "text": "0.5",
            "huge": 10**400,
            "yes": True,
            "seven": 7.0,
            "below": -0.5,
            "rounded": 1.0000000000000002,
            "endless": float("inf"),
            "fine@3/page": 0.5,
            "fine@<b>": 0.5,
            "foreign": 0.5,
            7: 0.5,
        }


class Broken:
    meanings: Mapping[str, Meaning] = {"cost": Meaning("lower", ""), "taste": Meaning("higher", "")}

    def measure(self, measured: Measured) -> dict[str, float | None]:
        if measured.failed:
            return {"cost": 0.3, "taste": None}
        raise RuntimeError("no\nidea")


class BrokenThroughout(Broken):
    def measure(self, measured: Measured) -> dict[str, float | None]:
        raise RuntimeError("never")


class Ending(Broken):
    def measure(self, measured: Measured) -> dict[str, float | None]:
        raise SystemExit("never")


class Demanding:
    meanings: Mapping[str, Meaning] = {"demand": Meaning("higher", "")}

    def measure(self, measured: Measured) -> dict[str, float | None]:
        raise UsageError("The case 'c' has no tag; add one.")


class Listless:
    meanings: Mapping[str, Meaning] = {"listless": Meaning("higher", "")}

    def measure(self, measured: Measured) -> Any:
        return None


class Nameless:
    meanings = ("no", "mapping")

    def measure(self, measured: Measured) -> dict[str, float | None]:
        return {"a": 1.0}


class Empty(Nameless):
    meanings: Mapping[str, Any] = {}


class Absent(Nameless):
    meanings: Any = None


class Worded(Nameless):
    meanings: Mapping[str, Any] = {"a": "a text", "b c": Meaning("lower", "")}


class Mute:
    """No metric: it measures nothing."""

    meanings: Mapping[str, Meaning] = {"mute": Meaning("higher", "")}


@pytest.fixture
def bring(monkeypatch: pytest.MonkeyPatch) -> Bring:
    """``bring(Brevity, …)``: as if packages with these metrics were installed."""

    def install(*metrics: type[Any]) -> None:
        entries = tuple(
            EntryPoint(metric.__name__.lower(), f"{__name__}:{metric.__name__}", METRICS.group)
            for metric in sorted(metrics, key=lambda metric: metric.__name__)
        )
        monkeypatch.setattr("rag.parts.entries_of", lambda group: entries if group == METRICS.group else ())

    warn_once.cache_clear()
    install()
    return install


def warnings_of(log: pytest.LogCaptureFixture) -> list[str]:
    return [record.message for record in log.records if record.levelno == logging.WARNING]


# -- measuring ---------------------------------------------------------------------------------------------------------


def test_values_from_outside_stand_behind_the_shipped_ones(bring: Bring) -> None:
    shipped = list(measure(CASE, [], ANSWER))
    bring(Brevity)
    values = measure(CASE, [], ANSWER)
    assert list(values) == [*shipped, "brevity", "words"]
    assert (values["brevity"], values["words"], values["contains"]) == (pytest.approx(2 / 3), 3, 1)
    assert list(outside_meanings()) == ["brevity", "words"]
    assert list(meanings())[-2:] == ["brevity", "words"]


def test_a_metric_sees_evidence_passages_and_cut_offs(bring: Bring) -> None:
    bring(Stray)
    passages = tuple(Passage(s, s, s, "", 0, 9, "", "", None, i, {}) for i, s in enumerate("bab", start=1))
    answer = Answer("?", "?", passages=passages)
    values = measure(CASE, [GoldSpan("a", 0, 9)], answer, (1, 2, 3))
    assert [values[f"stray@{k}/document"] for k in (1, 2, 3)] == [1, 1 / 2, pytest.approx(2 / 3)]
    assert find_meaning("stray@2/document") == Stray.meanings["stray"]
    without = measure(CASE, [], answer, (1,))
    assert without["stray"] is None, "it gave nothing for its measure"
    unanswerable = measure(Case("c", "?", answerable=False), [GoldSpan("a", 0, 9)], answer, (1,))
    assert unanswerable["stray"] is None, "an unanswerable case has no evidence"


def test_a_case_that_raised_scores_the_worst_of_what_applies(bring: Bring) -> None:
    bring(Brevity, Stray)
    values = measure_failure(CASE, [GoldSpan("a", 0, 9)], (1,))
    assert (values["brevity"], values["words"], values["stray@1/document"]) == (0, None, 1)
    assert measure_failure(CASE, [], (1,))["stray"] is None
    raised = Record("c", {}, error="boom")
    assert (metric_value(raised, "stray@5"), metric_value(raised, "words")) == (1, None)


# -- what cannot be used -----------------------------------------------------------------------------------------------


def test_a_name_that_is_taken_is_left_out_with_a_warning(bring: Bring, caplog: pytest.LogCaptureFixture) -> None:
    bring(Brevity, Thief, Zebra)
    first = measure(CASE, [], ANSWER)
    second = measure(CASE, [], ANSWER)
    assert first == second
    assert first["right"] == 1
    assert first["words"] == 3, "the metric that comes first by its name has the measure"
    assert first["honest"] == 0.25
    assert not {"auroc", "judged_taste", "two words", "half"} & first.keys()
    told = warnings_of(caplog)
    assert len(told) == len(set(told)), "each is said once"
    left_out = "has a name that is taken and is left out; its package must name it otherwise."
    assert f"The measure 'right' of the metric 'thief' {left_out}" in told
    assert f"The measure 'words' of the metric 'zebra' {left_out}" in told
    assert sum("has no plain name" in text for text in told) == 2


def test_a_value_that_cannot_be_is_the_worst(bring: Bring, caplog: pytest.LogCaptureFixture) -> None:
    bring(Odd)
    values = measure(CASE, [], ANSWER)
    assert [values[name] for name in ("nan", "text", "huge", "yes", "endless")] == [1, 1, 1, 1, None]
    assert [values[name] for name in ("seven", "below", "rounded")] == [1, 1, pytest.approx(1)]
    assert values["fine@3/page"] == 0.5
    assert not {"fine", "fine@<b>", "foreign", 7} & values.keys()
    measure(CASE, [], ANSWER)
    assert len(warnings_of(caplog)) == 4 + 2 + 3, "one for each value, whatever the number of cases"


def test_a_metric_that_breaks_scores_its_worst_with_one_warning(bring: Bring, caplog: pytest.LogCaptureFixture) -> None:
    bring(Broken, Brevity)
    values = [measure(CASE, [], ANSWER) for _ in range(3)]
    assert [(v["cost"], v["taste"], v["words"]) for v in values] == [(1, None, 3)] * 3
    (told,) = warnings_of(caplog)
    assert "'broken' of an unknown package failed on a case and scores its worst there (RuntimeError)" in told


def test_a_metric_that_breaks_on_everything_scores_the_worst_of_all_it_declares(bring: Bring) -> None:
    bring(BrokenThroughout, Listless)
    for values in (measure(CASE, [], ANSWER), measure_failure(CASE, [])):
        assert (values["cost"], values["taste"], values["listless"]) == (1, 0, 0)


def test_a_metric_does_not_end_the_program(bring: Bring) -> None:
    bring(Ending)
    values = measure(CASE, [], ANSWER)
    assert (values["cost"], values["taste"]) == (1, 0)


def test_a_case_that_a_metric_cannot_compare_is_one_that_raised(bring: Bring) -> None:
    bring(Demanding)
    with pytest.raises(UsageError, match="has no tag"):
        measure(CASE, [], ANSWER)
    assert measure_failure(CASE, [])["demand"] == 0


def test_what_is_no_metric_is_left_out(bring: Bring, caplog: pytest.LogCaptureFixture) -> None:
    shipped = measure(CASE, [], ANSWER)
    bring(Nameless, Empty, Absent, Worded, Mute)
    assert measure(CASE, [], ANSWER) == shipped
    told = "\n".join(warnings_of(caplog))
    assert "'mute'" in told
    assert "it has no measure" in told
    problems = {part.name: part.problem for part in METRICS.describe_outside()}
    for name in ("nameless", "empty", "absent"):
        assert f"The metric {name!r} of an unknown package cannot be used (its 'meanings' name no measures)" in told
        assert problems[name] in told
    assert "(no measure in its 'meanings' has a plain name and a Meaning)" in problems["worded"]


def test_better_is_one_of_three_words() -> None:
    with pytest.raises(ValueError, match="one of higher, lower, neither"):
        Meaning("up", "")  # type: ignore[arg-type]


# -- the gate ----------------------------------------------------------------------------------------------------------


def test_the_gate_knows_which_way_is_better(bring: Bring) -> None:
    bring(Brevity, Stray)
    before = [Record(f"c{i}", {"stray@1": 0.0, "words": 3.0}) for i in range(12)]
    now = [Record(f"c{i}", {"stray@1": 1.0, "words": 9.0}) for i in range(12)]
    verdict = decide_gate([GateRule("stray@1")], now, before)
    assert verdict.state == "FAIL"
    assert verdict.comparisons[0].losses == 12
    (comparison,) = compare_all(["stray@1"], before, now)
    assert comparison.wins == 12
    unbounded = decide_gate([GateRule("words")], now, before)
    assert "neither better nor worse when it changes" in unbounded.findings[0].reason
    assert decide_gate([GateRule("words", max=5)], now, before).state == "FAIL"


# -- a whole evaluation ------------------------------------------------------------------------------------------------


@pytest.fixture
def folder(suite_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a suite that gates on a metric from outside; the folder is the current one."""
    suite_path.write_text(SUITE.replace("gate:\n", "gate:\n  words: {max: 500}\n  brevity: {min: 0.99}\n"))
    monkeypatch.chdir(suite_path.parent)
    return suite_path.parent


def test_it_is_gated_compared_and_explained_in_every_report(folder: Path, rag: Command, bring: Bring) -> None:
    bring(Brevity)
    reports = ("--json", "r.json", "--junit", "r.xml", "--html", "r.html", "--csv", "r.csv", "--markdown", "r.md")
    ran = rag("eval", "suite.yaml", "--gate", *reports)
    assert ran.code == 1, ran.err
    assert "brevity: 1 for an answer of <= 2 words (higher is better)" in ran.out
    assert "words: words of the answer\n" in ran.out
    assert "misses its min of 0.99" in ran.out
    results = json.loads((folder / "r.json").read_text())
    assert results["figures"]["words"]["n"] == 4
    assert results["meanings"]["brevity"] == {"better": "higher", "text": "1 for an answer of <= 2 words"}
    assert results["meanings"]["hit"]["better"] == "higher"
    assert "1 for an answer of &lt;= 2 words" in (folder / "r.html").read_text()
    assert "- `brevity`: 1 for an answer of &lt;= 2 words \\(higher is better\\)" in (folder / "r.md").read_text()
    assert "1 for an answer of &lt;= 2 words" in (folder / "r.xml").read_text()
    assert (folder / "r.csv").read_text().splitlines()[0].endswith(",prompt_tokens,brevity,words")
    assert rag("eval", "accept", "r.json", "baseline.json").code == 0
    again = rag("eval", "suite.yaml", "--baseline", "baseline.json")
    assert "brevity  +0.000" in again.out
    swept = rag("eval", "sweep", "suite.yaml", "--set", "top_k=4,8", "--json")
    assert "brevity" in {c["metric"] for c in json.loads(swept.out)["variants"][1]["comparisons"]}
    assert "brevity" in rag("eval", "sweep", "suite.yaml", "--set", "top_k=4").out.splitlines()[0]


def test_a_rule_for_a_metric_that_is_not_installed_is_refused(folder: Path, rag: Command, bring: Bring) -> None:
    bring()
    refused = rag("eval", "suite.yaml")
    assert refused.code == 2
    assert "'gate.words' names no metric" in refused.err


def test_a_run_is_not_resumed_with_other_metrics(
    folder: Path, rag: Command, bring: Bring, monkeypatch: pytest.MonkeyPatch
) -> None:
    from rag.evaluate.run import runner

    bring(Brevity)
    ask, asked = runner.answer, []

    def stop_at_the_second(*arguments: Any, **options: Any) -> Any:
        asked.append(1)
        if len(asked) == 2:
            raise KeyboardInterrupt
        return ask(*arguments, **options)

    monkeypatch.setattr(runner, "answer", stop_at_the_second)
    assert rag("eval", "suite.yaml", "--json", "r.json").code == 130
    bring(Brevity, Stray)
    assert "belongs to another run" in rag("eval", "suite.yaml", "--json", "r.json", "--resume").err
    bring(Brevity)
    assert rag("eval", "suite.yaml", "--json", "r.json", "--resume").code == 0
