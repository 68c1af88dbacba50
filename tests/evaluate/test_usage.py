"""Tokens and cost of an evaluation: counted, shown, compared, and stopped by the cap of a day."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

from rag.evaluate.report import console
from rag.evaluate.report.markdown import markdown
from rag.evaluate.report.page import page
from rag.evaluate.report.table import table
from rag.evaluate.report.view import usage_sentence
from rag.evaluate.results import Baseline, Results, build_results, dump_json, read_baseline, read_results, results_data
from rag.evaluate.run.configuration import Configuration
from rag.evaluate.run.journal import open_journal
from rag.evaluate.run.runner import Run, StoppedByCap, run_suite
from rag.evaluate.types import Record, Suite
from rag.evaluate.usage import calls_of, usage_of_run
from rag.models.llm.metering import used_today
from rag.store.index import Index
from rag.types import ModelCall, Usage
from tests.fakes import ScriptedModel

KEY = {"suite": "s", "corpus": "c", "config": "k"}
Configure = Callable[..., Configuration]
ANSWER = ModelCall("answer", "large", 1000, 100, estimated=False, ended="stop", cost=0.0003)
JUDGE = ModelCall("judge", "strict", 500, 20, 5, estimated=False, ended="stop", cost=0.0000004)


def record(id_: str, *calls: ModelCall, right: float = 1.0) -> Record:
    return Record(id_, {"right": right}, {"answer": "x", "calls": [asdict(call) for call in calls]})


def results_of(suite: Suite, records: tuple[Record, ...], before: tuple[Record, ...] | None = None) -> Results:
    baseline = None if before is None else Baseline(suite.sha256, "c", {}, before)
    config = {"model": "large", "footnote": "1", "embedding_model": "e"}
    return build_results(replace(suite, cases=suite.cases[: len(records)]), "c", config, Run(records), baseline)


@pytest.fixture
def records() -> tuple[Record, ...]:
    return record("ferry", ANSWER, JUDGE), record("toll", ANSWER), record("keeper")


def test_calls_are_added_up_by_purpose(records: tuple[Record, ...]) -> None:
    usage = usage_of_run(records)
    assert usage is not None
    assert usage.total == Usage(3, 2500, 220, 5, False, 0.0006004)
    assert list(usage.by_purpose) == ["answer", "judge"]
    assert usage.by_purpose["answer"] == Usage(2, 2000, 200, 0, False, 0.0006)
    assert (usage.tokens_per_case, usage.cost_per_case) == (2720 / 3, 0.000200133)
    assert calls_of(records[0])[1] == replace(JUDGE, ended="")


def test_the_cost_is_unknown_where_one_price_is(records: tuple[Record, ...]) -> None:
    usage = usage_of_run((*records, record("hamlet", replace(JUDGE, cost=None))))
    assert usage is not None
    assert (usage.total.cost, usage.cost_per_case, usage.by_purpose["judge"].cost) == (None, None, None)


def test_results_of_earlier_versions_say_nothing_of_calls() -> None:
    assert usage_of_run([Record("a", {}, {"answer": "x"})]) is None
    told = {"answer": "x", "not_given": ["confidence"], "calls": [{"purpose": "answer", "sent": 9, "cost": 0.5}]}
    other = usage_of_run([Record("a", {}, told), Record("b", {}, {"answer": "x", "not_given": [], "calls": []})])
    assert other
    assert (other.cases, other.cost_per_case, other.tokens_per_case) == (1, 0.5, 9)
    assert usage_of_run([Record("a", {}, {"answer": "x", "calls": []})]) is not None


def test_the_results_hold_what_each_case_and_all_took(
    suite: Suite, records: tuple[Record, ...], tmp_path: Path
) -> None:
    results = results_of(suite, records)
    path = tmp_path / "results.json"
    path.write_text(dump_json(results_data(results)))
    data = read_results(path)
    assert data["usage"]["total"]["cost"] == 0.0006004
    assert data["usage"]["by_purpose"]["judge"] == {
        "calls": 1, "sent": 500, "written": 20, "thought": 5, "estimated": False, "cost": 0.0000004,
    }  # fmt: skip
    assert data["cases"][0]["answer"]["calls"][1]["cost"] == 0.0000004
    path = tmp_path / "results.json"
    path.write_text(json.dumps(data))
    assert usage_of_run(read_baseline(path).records) == results.usage


def test_every_report_shows_them(suite: Suite, records: tuple[Record, ...]) -> None:
    results = results_of(suite, records)
    sentence = "907 tokens, cost 0.0002001 a case; in all 3 calls, 2,500 tokens sent, 220 written"
    assert usage_sentence(results).startswith(sentence)
    lines = list(console.lines(results))
    assert any(sentence in line for line in lines)
    assert any(line.startswith("  judge") and "500 tokens sent, 20 written" in line for line in lines)
    assert "907 tokens" in markdown(results)
    html = page(results, lambda _: None)
    assert "Tokens and cost" in html
    assert '<td class="name">judge</td>\n<td class="n">1</td>\n<td class="n">500</td>' in html
    assert "2 calls, 1,500 tokens sent, 120 written" in html, "of the case"
    rows = list(csv.DictReader(io.StringIO(table(results))))
    assert [(row["tokens"], row["cost"]) for row in rows] == [
        ("1620", "0.000300400"),
        ("1100", "0.000300000"),
        ("0", "0.000000000"),
    ]


def test_a_run_without_a_model_says_nothing_of_tokens(suite: Suite) -> None:
    results = results_of(suite, (record("ferry"), record("toll")))
    assert usage_sentence(results) == ""
    assert not any("token" in line for line in console.lines(results))
    assert "Tokens and cost" not in page(results, lambda _: None)


def test_a_run_that_takes_more_than_the_baseline_says_so_and_passes(suite: Suite) -> None:
    dear = replace(ANSWER, sent=9000, cost=0.0027)
    now = tuple(record(case.id, dear) for case in suite.cases)
    before = tuple(record(case.id, ANSWER) for case in suite.cases)
    results, alone = results_of(suite, now, before), results_of(suite, before, before)
    assert "9,100 tokens (+727% against the baseline), cost 0.0027 (+800% against the baseline)" in usage_sentence(
        results
    )
    assert '<td class="n">4,400</td>' in page(results, lambda _: None)
    assert results.gate == alone.gate
    older = tuple(replace(one, answer={"answer": "x"}) for one in before)
    assert "against" not in usage_sentence(results_of(suite, now, older))


# -- a run -------------------------------------------------------------------------------------------------------------


def test_a_run_records_its_calls_without_what_differs(
    suite: Suite, corpus: tuple[Index, str], configure: Configure
) -> None:
    model: Any = ScriptedModel(["The ferry carries 28 cars [1]."], weak=False)
    runs = [run_suite(suite, corpus[0], configure(model)) for _ in range(2)]
    first, second = ([replace(one, timings={}) for one in run.records] for run in runs)
    assert first == second
    (call, *_) = first[0].answer["calls"]
    assert (call["purpose"], call["written"], "seconds" in call) == ("answer", 6, False)
    assert first[0].answer["usage"]["calls"] == len(first[0].answer["calls"])


def test_the_cap_of_a_day_stops_a_run_and_what_was_done_is_kept(
    suite: Suite, corpus: tuple[Index, str], configure: Configure, tmp_path: Path
) -> None:
    model: Any = ScriptedModel(["The ferry carries 28 cars [1]."], weak=False, spec="openai:m")

    def capped(tokens: int) -> Configuration:
        configuration = configure(model)
        settings = configuration.settings.model_copy(update={"max_tokens_per_day": tokens, "checker": "rules"})
        return replace(configuration, settings=settings)

    path = tmp_path / "run.journal"
    whole = run_suite(suite, corpus[0], capped(10**9))
    taken = [sum(call.sent + call.written for call in calls_of(one)) for one in whole.records]
    assert used_today(capped(10**9).settings)["tokens_today"] == sum(taken)
    cap = sum(taken) + taken[0] + taken[1]
    with open_journal(path, KEY, resume=False) as journal, pytest.raises(StoppedByCap) as stopped:
        run_suite(suite, corpus[0], capped(cap), journal=journal)
    assert "RAG_MAX_TOKENS_PER_DAY" in str(stopped.value)
    assert str(stopped.value).endswith(" 2 of 4 cases are kept: run the same command with --resume.")
    assert stopped.value.exit_code == 1
    with open_journal(path, KEY, resume=True) as journal:
        resumed = run_suite(suite, corpus[0], capped(10**9), journal=journal)
    assert resumed.resumed == 2
    assert [replace(one, timings={}) for one in resumed.records] == [replace(one, timings={}) for one in whole.records]


def test_the_cap_of_a_question_is_a_failure_of_its_case_alone(
    suite: Suite, corpus: tuple[Index, str], configure: Configure
) -> None:
    model: Any = ScriptedModel(["The ferry carries 28 cars [1]."], weak=False, spec="openai:m")
    configuration = configure(model)
    settings = configuration.settings.model_copy(update={"max_tokens_per_question": 5})
    run = run_suite(suite, corpus[0], replace(configuration, settings=settings))
    assert len(run.records) == 4
    assert "RAG_MAX_TOKENS_PER_QUESTION" in run.records[0].error
    assert model.asked == []
