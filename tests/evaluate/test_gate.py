"""The gate's verdict on runs whose figures one can see: what passes, what fails, and what stays undecided."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.evaluate.figures import compare_all, compute_figures
from rag.evaluate.gate import DEFAULT_RULES, NO_BASELINE, decide_gate, exit_code
from rag.evaluate.grouping import clusters_of, sections_of
from rag.evaluate.metrics.measuring import measure, measure_failure
from rag.evaluate.types import Case, GateFinding, GateRule, GateVerdict, GoldSpan, Record
from rag.types import Answer, Citation
from tests.benchmarks.gate import outcomes

RIGHT = GateRule("right")


def run(values: Sequence[float | None], metric: str = "right") -> list[Record]:
    return [Record(f"c{i}", {metric: value}) for i, value in enumerate(values)]


def right(share: float, n: int = 100) -> list[Record]:
    """A run whose first cases are right."""
    return run([float(i < round(share * n)) for i in range(n)])


def only(gate: GateVerdict) -> GateFinding:
    (finding,) = gate.findings
    return finding


# -- drops -------------------------------------------------------------------------------------------------------------


def test_the_same_again_passes() -> None:
    gate = decide_gate([RIGHT], right(0.8), right(0.8))
    assert (gate.state, exit_code(gate)) == ("PASS", 0)
    assert only(gate).reason == "right: 0.800 → 0.800 over 100 cases, the same within 0.03 (worse by 0.017 at most)."
    assert gate.comparisons[0].ties == 100
    assert not gate.notices


def test_a_large_and_significant_drop_fails() -> None:
    gate = decide_gate([RIGHT], right(0.7), right(0.8))
    assert (gate.state, exit_code(gate)) == ("FAIL", 1)
    # t = 10 ÷ √11 with 99 degrees of freedom.
    assert only(gate).reason == (
        "right: 0.800 → 0.700 over 100 cases, worse by 0.100, more than 0.02 "
        "(one-sided p 0.0016, counted in 100 cases)."
    )
    assert gate.comparisons[0].worse == tuple(f"c{i}" for i in range(70, 80))


def test_a_significant_drop_that_is_small_passes() -> None:
    gate = decide_gate([replace(RIGHT, min_effect=0.1)], right(0.7), right(0.8))
    assert gate.comparisons[0].p_worse_adjusted < 0.05
    assert gate.state == "PASS"
    assert "whether it is no worse than 0.03 is open (worse by 0.155 at most)" in only(gate).reason


def test_a_large_drop_that_may_be_chance_is_undecided() -> None:
    gate = decide_gate([RIGHT], right(0.77), right(0.8))
    assert (gate.state, exit_code(gate), exit_code(gate, strict=True)) == ("INCONCLUSIVE", 0, 1)
    reason = only(gate).reason
    assert "worse by 0.030 but undecided (one-sided p 0.068, counted in 100 cases)" in reason
    assert "3 differing cases can give no p below 0.068" in reason
    assert int(reason.split("about ")[1].split()[0]) > 100


def test_an_undecided_run_needs_more_cases_than_it_has() -> None:
    gate = decide_gate([RIGHT], run([0.0] * 3), run([1.0] * 3))
    assert gate.state == "INCONCLUSIVE"
    needed = int(only(gate).reason.split("about ")[1].split()[0])
    assert needed > 3
    assert decide_gate([RIGHT], run([0.0] * needed), run([1.0] * needed)).state == "FAIL"


def test_a_drop_that_is_surely_below_the_margin_passes() -> None:
    # 150 of 1,000 cases are lost and 125 gained, which may be chance; the drop of 0.025 is below 0.053 all the same.
    before = right(0.5, 1000)
    now = run([0.0] * 150 + [1.0] * 350 + [1.0] * 125 + [0.0] * 375)
    assert decide_gate([RIGHT], now, before).state == "INCONCLUSIVE"
    gate = decide_gate([replace(RIGHT, margin=0.06)], now, before)
    assert gate.state == "PASS"
    assert only(gate).reason.endswith("over 1000 cases, the same within 0.06 (worse by 0.052 at most).")
    swung = decide_gate([replace(RIGHT, margin=0.03)], before, now)
    assert "no worse than 0.03 (worse by 0.002 at most)" in only(swung).reason, "it may be better by more"


def test_an_improvement_passes() -> None:
    gate = decide_gate([RIGHT], right(0.9), right(0.7))
    assert gate.state == "PASS"
    assert "no worse than 0.03 (worse by -0." in only(gate).reason


def test_less_is_better_where_the_metric_says_so() -> None:
    rule = GateRule("false_refusal")
    before, now = run([0.0] * 100, "false_refusal"), run([1.0] * 10 + [0.0] * 90, "false_refusal")
    assert decide_gate([rule], now, before).state == "FAIL"
    assert decide_gate([rule], before, now).state == "PASS"


def test_a_judges_metric_is_better_when_higher() -> None:
    before, now = run([1.0] * 100, "judged_relevancy"), run([0.0] * 10 + [1.0] * 90, "judged_relevancy")
    assert decide_gate([GateRule("judged_relevancy")], now, before).state == "FAIL"
    assert decide_gate([GateRule("judged_relevancy")], before, now).state == "PASS"


def test_few_cases_are_said_to_be_few() -> None:
    assert "fewer than 30 cases are too few" in only(decide_gate([RIGHT], right(0.8, 10), right(0.8, 10))).reason


def test_nothing_impossible_is_said_of_one_case() -> None:
    reason = only(decide_gate([RIGHT], run([1.0]), run([1.0]))).reason
    assert "over 1 case, " in reason
    assert "(worse by 1.000 at most)" in reason
    assert "counted in 1 case); 1 differing case can give" in only(decide_gate([RIGHT], run([0.0]), run([1.0]))).reason
    tokens = decide_gate([GateRule("context_tokens")], run([5.0], "context_tokens"), run([5.0], "context_tokens"))
    assert "worse by 31.569 at most" in only(tokens).reason, "a count has no bound"


def losing(**losses: int) -> tuple[list[Record], list[Record]]:
    """A baseline of 100 cases in which all metrics are 1, and a run that loses so many of each."""
    before = [Record(f"c{i}", dict.fromkeys(losses, 1.0)) for i in range(100)]
    now = [Record(f"c{i}", {name: float(i >= count) for name, count in losses.items()}) for i in range(100)]
    return before, now


def test_right_has_most_of_the_level_and_guards_share_the_rest() -> None:
    before, now = losing(right=5, em=5, f1=5)
    gate = decide_gate([RIGHT, GateRule("em"), GateRule("f1")], now, before)
    assert [finding.state for finding in gate.findings] == ["FAIL", "FAIL", "FAIL"], "the guards get what is left"
    alone = gate.comparisons[0].p_worse
    assert gate.comparisons[0].p_worse_adjusted == pytest.approx(alone / 0.9)
    before, now = losing(right=0, em=5, f1=5)
    guards = decide_gate([RIGHT, GateRule("em"), GateRule("f1")], now, before)
    assert guards.comparisons[1].p_worse_adjusted == pytest.approx(2 * alone), "right did not move and takes no part"
    before = [replace(r, metrics={**r.metrics, "right": float(i < 50)}) for i, r in enumerate(before)]
    now = [replace(r, metrics={**r.metrics, "right": float(4 <= i < 53)}) for i, r in enumerate(now)]
    noise = decide_gate([RIGHT, GateRule("em"), GateRule("f1")], now, before)
    # Of what the level is worth, 0.95 in parts: a twentieth for each guard, nine tenths for right, and no more.
    first, second = sorted(c.p_worse for c in noise.comparisons)[0], noise.comparisons[0].p_worse / 0.9
    assert second < 1
    assert noise.comparisons[1].p_worse_adjusted == pytest.approx(max(0.1 * first / 0.05, second))
    assert noise.state == "INCONCLUSIVE"


def test_a_metric_that_cannot_be_significant_costs_the_others_nothing() -> None:
    before, now = losing(right=5, em=3, f1=0)
    gate = decide_gate([RIGHT, GateRule("em"), GateRule("f1")], now, before)
    assert gate.comparisons[0].p_worse_adjusted == gate.comparisons[0].p_worse
    # Two rules for one metric are one comparison.
    assert len(decide_gate([RIGHT, replace(RIGHT, min_effect=0.5)], now, before).comparisons) == 1


def test_cases_that_a_metric_left_are_counted_in_the_reason() -> None:
    before, now = run([1.0] * 40, "citation_precision"), run([1.0] * 30 + [None] * 10, "citation_precision")
    reason = only(decide_gate([GateRule("citation_precision")], now, before)).reason
    assert "over 30 cases, the others of 40 in one run only" in reason


# -- cases that belong together ----------------------------------------------------------------------------------------


def about(records: Sequence[Record], documents: int) -> list[Record]:
    """The same records, each about one of some documents in turn."""
    return [replace(record, cluster=f"document d{i % documents}") for i, record in enumerate(records)]


@pytest.mark.parametrize("documents", range(1, 9))
def test_a_large_drop_fails_however_few_the_documents(documents: int) -> None:
    gate = decide_gate([RIGHT], about(right(0.5, 300), documents), right(1.0, 300))
    assert gate.state == "FAIL"
    (notice,) = gate.notices
    assert notice.startswith("The test of right counts 300 cases, because ")
    assert ("speaks of questions about this one" in notice) == (documents == 1)


def test_documents_that_change_as_a_whole_are_the_unit() -> None:
    # One of five documents is lost, whole.
    before = about(right(1.0), 5)
    now = [replace(record, metrics={"right": float(record.cluster != "document d0")}) for record in before]
    gate = decide_gate([RIGHT], now, before)
    assert gate.state == "INCONCLUSIVE"
    assert "counted in 5 documents and conversations" in only(gate).reason
    assert "documents and conversations with cases like these would decide it" in only(gate).reason
    assert "cases of one changed together: their mean varies 19.0 times" in gate.notices[0]


def test_sections_are_the_unit_where_a_stretch_of_one_document_is_lost() -> None:
    def at(i: int, value: float) -> Record:
        return Record(f"c{i}", {"right": value}, gold=(GoldSpan("a.txt", 200 * i, 200 * i + 50),))

    assert sections_of([at(0, 1), at(9, 1), at(10, 1)]) == ["a.txt 0", "a.txt 0", "a.txt 1"]
    before = [at(i, 1.0) for i in range(100)]
    gate = decide_gate([RIGHT], [at(i, float(i >= 10)) for i in range(100)], before)
    assert gate.comparisons[0].unit == "sections"
    assert gate.state == "INCONCLUSIVE", "one of ten sections"
    assert decide_gate([RIGHT], [at(i, float(i % 10 > 0)) for i in range(100)], before).state == "FAIL"


def test_a_conversation_joins_the_documents_that_it_is_about() -> None:
    talk = "conversation Hello"

    def gold(name: str) -> tuple[GoldSpan, ...]:
        return (GoldSpan(name, 0, 5),)

    records = [
        Record("a", {}, gold=gold("x"), cluster="document x"),
        Record("b", {}, gold=gold("x"), cluster=talk),
        Record("c", {}, gold=gold("y"), cluster=talk),
        Record("d", {}, gold=gold("y"), cluster="document y"),
        Record("e", {}, gold=gold("z"), cluster="document z"),
        Record("f", {}),
    ]
    a, *others, e, f = clusters_of(records)
    assert {a} == set(others)
    assert e not in ("", a)
    assert f == ""


# -- bounds ------------------------------------------------------------------------------------------------------------


def test_bounds_are_judged_without_a_baseline() -> None:
    assert decide_gate([GateRule("right", min=0.8)], right(0.8)).state == "PASS"
    gate = decide_gate([GateRule("right", min=0.81)], right(0.8))
    assert (gate.state, only(gate).reason) == ("FAIL", "right is 0.800 over 100 cases and misses its min of 0.81.")
    assert decide_gate([GateRule("right", max=0.5)], right(0.8)).state == "FAIL"
    assert [finding.state for finding in decide_gate([GateRule("right", min=0.1, max=0.5)], right(0.8)).findings] == [
        "PASS",
        "FAIL",
    ]


def test_a_mean_of_ones_keeps_to_a_bound_of_one() -> None:
    weighted = [replace(record, weight=0.1) for record in right(1.0, 7)]
    assert decide_gate([GateRule("right", min=1.0)], weighted).state == "PASS"


def test_figures_of_the_whole_set_can_be_bounded() -> None:
    answered = {"right": 1.0, "false_refusal": 0.0, "wrong_on_unanswerable": None}
    refused = {"right": 1.0, "false_refusal": None, "wrong_on_unanswerable": 0.0}
    records = [
        Record("a", answered, {"confidence": 0.9}),
        Record("b", refused, {"confidence": 0.1}),
        Record("c", refused, {"confidence": 0.95}),
    ]
    assert decide_gate([GateRule("auroc", min=0.5)], records).state == "PASS"
    assert decide_gate([GateRule("auroc", min=0.6)], records).state == "FAIL"
    assert "give it a min or a max" in only(decide_gate([GateRule("auroc")], records)).reason
    assert "undefined" in only(decide_gate([GateRule("auroc", min=0.5)], records[:1])).reason


def test_without_a_baseline_what_is_not_bounded_passes_with_a_hint() -> None:
    gate = decide_gate([RIGHT], right(0.8))
    assert (gate.state, only(gate).reason) == ("PASS", "right: there is no baseline to compare with.")
    assert gate.notices == (NO_BASELINE,)
    assert exit_code(gate, strict=True) == 0
    assert decide_gate([GateRule("right", min=0.9)], right(0.8)).state == "FAIL"


# -- errors ------------------------------------------------------------------------------------------------------------


def test_a_case_that_raised_counts_as_wrong() -> None:
    before = right(1.0)
    raised = [Record(record.id, {}, error="the model broke off") for record in before[:8]] + before[8:]
    gate = decide_gate([RIGHT, GateRule("right", min=0.93)], raised, before)
    assert gate.state == "FAIL"
    assert gate.comparisons[0].current == pytest.approx(0.92)
    assert [figure.mean for figure in compute_figures(raised)] == [pytest.approx(0.92)]
    case = Case("c0", "?", answers=("x",))
    assert compute_figures([Record("c0", measure_failure(case, []), error="boom")])[0].mean == 0


def test_too_many_errors_say_nothing() -> None:
    before = right(1.0)
    raised = [Record(record.id, {}, error="the model broke off") for record in before[:20]] + before[20:]
    gate = decide_gate([RIGHT], raised, before)
    assert (gate.state, exit_code(gate)) == ("INVALID", 3)
    assert only(gate).reason == (
        "This run: 20 of 100 cases raised an error, more than 10%; the first is c0: the model broke off"
    )
    assert decide_gate([RIGHT], raised, before, max_errors=0.2).state == "FAIL"
    assert only(decide_gate([RIGHT], before, raised)).reason.startswith("The baseline: 20 of 100")


# -- what cannot be compared -------------------------------------------------------------------------------------------


def judged_run(missing: int, value: float = 1.0) -> list[Record]:
    """100 answers, of which the judge gave no verdict on the first ones."""
    name = "judged_relevancy"
    lost = [Record(f"c{i}", {name: None}, judge_errors={name: "The judge is busy."}) for i in range(missing)]
    return [*lost, *(Record(f"c{i}", {name: value}) for i in range(missing, 100))]


@pytest.mark.parametrize(
    ("now", "before", "run"), [(11, None, "this run"), (100, 0, "this run"), (0, 11, "the baseline")]
)
def test_too_many_missing_verdicts_say_nothing(now: int, before: int | None, run: str) -> None:
    rule = GateRule("judged_relevancy", min=0.5)
    gate = decide_gate([rule], judged_run(now), None if before is None else judged_run(before))
    assert (gate.state, exit_code(gate)) == ("INVALID", 3)
    assert only(gate).reason == (
        f"judged_relevancy lacks the verdict of the judge on {max(now, before or 0)} of 100 answers of {run}, more "
        "than 10%; judge them again with --retry-failed; the first is c0: The judge is busy."
    )


def test_a_few_missing_verdicts_are_no_fault_and_an_ungated_judge_is_none() -> None:
    rule = GateRule("judged_relevancy", min=0.5)
    assert decide_gate([rule], judged_run(10), judged_run(0)).state == "PASS"
    lost = [replace(record, metrics={**record.metrics, "right": 1.0}) for record in judged_run(100)]
    assert decide_gate([RIGHT], lost, lost).state == "PASS"


def test_the_cases_that_both_runs_have_are_compared() -> None:
    gate = decide_gate([RIGHT], [*right(0.8), Record("new", {"right": 0.0})], [*right(0.8), Record("old", {})])
    assert gate.state == "PASS"
    assert gate.comparisons[0].ties == 100
    assert gate.notices == (
        "Suite: 1 case is not in the baseline and not compared (new).",
        "Suite: 1 case is only in the baseline and not compared (old).",
    )
    part = decide_gate([RIGHT], right(0.8)[:30], right(0.8))
    assert part.comparisons[0].ties == 30
    assert part.notices == ("Suite: 70 cases are only in the baseline and not compared (c30, c31, c32, …).",)


def test_a_case_that_asks_something_else_now_is_not_compared() -> None:
    now = run([0.0] * 10 + [1.0] * 90)
    assert decide_gate([RIGHT], now, right(1.0)).state == "FAIL"
    gate = decide_gate([RIGHT], now, right(1.0), other_questions=frozenset(f"c{i}" for i in range(10)))
    assert gate.state == "PASS"
    assert gate.comparisons[0].ties == 90
    assert gate.notices[0].startswith("Suite: 10 cases are asked or answered otherwise in the baseline")


def test_runs_without_a_common_case_are_not_compared() -> None:
    gate = decide_gate([RIGHT], [Record("a", {"right": 1.0})], [Record("b", {"right": 1.0})])
    assert (gate.state, exit_code(gate)) == ("INVALID", 3)
    assert "no case in common" in only(gate).reason
    assert "same id" in decide_gate([RIGHT], right(0.8) + right(0.8)).findings[0].reason


def test_no_cases_are_no_run() -> None:
    assert only(decide_gate([RIGHT], [])).reason == "This run has no cases."
    assert decide_gate([RIGHT], right(0.8), []).state == "INVALID"


@pytest.mark.parametrize(
    ("metric", "reason"),
    [
        (
            "rightness",
            "rightness is not a metric of this run; it has: right, hit@5/document, refused, balanced_accuracy",
        ),
        ("hit@7/document", "hit@7/document is not a metric of this run; it has: hit@5/document."),
        ("refused", "refused is neither better nor worse when it changes"),
    ],
)
def test_a_rule_for_what_is_not_measured_is_invalid(metric: str, reason: str) -> None:
    records = [Record("a", {"right": 1.0, "hit@5/document": 1.0, "refused": 0.0})]
    gate = decide_gate([GateRule(metric), GateRule("right", min=1.0)], records)
    assert gate.state == "INVALID"
    assert gate.findings[0].reason.startswith(reason)
    assert gate.findings[1].state == "PASS", "the other rules are still judged"
    assert decide_gate([GateRule("refused", max=0.5)], records, records).state == "PASS"


def test_a_rule_that_judges_nothing_is_invalid() -> None:
    assert "applies to no case;" in only(decide_gate([RIGHT], run([None, None]))).reason
    assert "applies to no case in both" in only(decide_gate([RIGHT], run([1.0, None]), run([None, 1.0]))).reason


@pytest.mark.parametrize("value", [math.nan, math.inf, "0.9", [1]])
def test_what_is_not_a_number_never_passes(value: Any) -> None:
    broken = run([1.0, value])
    assert decide_gate([RIGHT], right(1.0, 2), broken).state == "INVALID"
    assert decide_gate([GateRule("right", min=0.0)], broken).state == "INVALID"


# -- a suite without rules ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("weight", [math.nan, math.inf, 0.0, -1.0])
def test_a_weight_that_is_none_never_passes(weight: float) -> None:
    odd = [replace(record, weight=weight) for record in right(0.8)]
    gate = decide_gate([RIGHT], odd, right(0.8))
    assert gate.state == "INVALID"
    assert "weight is no number above 0" in only(gate).reason


def test_a_suite_without_rules_is_judged_by_those_that_apply() -> None:
    text = "The toll is 3 crowns."
    quote = Citation(1, "a", "id-a", "", 0, len(text), text)
    answer = Answer("?", "?", answer=f"“{text}” [1]", citations=(quote,))
    cases = [Case(f"c{i}", "?", answers=("3 crowns",)) for i in range(40)]
    gold = [GoldSpan("a", 0, len(text))]
    records = [Record(case.id, measure(case, gold, answer, text_of={"id-a": text}.get)) for case in cases]
    gate = decide_gate([], records, records)
    assert gate.state == "PASS"
    assert {finding.metric for finding in gate.findings} == {rule.metric for rule in DEFAULT_RULES} - {
        "wrong_on_unanswerable"
    }
    misquoted = replace(answer, citations=(replace(quote, quote="The toll is 4 crowns."),))
    one = Record("c0", measure(cases[0], gold, misquoted, text_of={"id-a": text}.get))
    assert decide_gate([], [one, *records[1:]], records).state == "FAIL"
    refusal = Answer("?", "?", abstained=True)
    refused = [Record(case.id, measure(case, gold, refusal)) for case in cases]
    assert decide_gate([], records, refused).state == "PASS", "the baseline quoted nothing: that rule does not apply"
    assert decide_gate([], [Record("a", {"context_tokens": 3.0})]).state == "INVALID"


def test_equal_runs_rarely_fail_and_a_large_drop_nearly_always_does() -> None:
    # The whole table: python -m tests.benchmarks.gate
    assert outcomes(100, 0.0, 100)["FAIL"] <= 8
    assert outcomes(100, 0.1, 100)["FAIL"] >= 70
    assert outcomes(300, 0.1, 25)["FAIL"] >= 24


def test_documents_that_shift_by_chance_rarely_fail_and_a_drop_in_few_documents_does() -> None:
    assert outcomes(300, 0.0, 60, documents=3, shifted=True)["FAIL"] <= 6
    assert outcomes(300, 0.3, 25, documents=3)["FAIL"] >= 22


@given(st.integers(0, 30), st.integers(0, 30), st.integers(1, 60))
def test_no_interval_leaves_out_zero_beside_a_large_p(wins: int, losses: int, ties: int) -> None:
    before = run([0.0] * wins + [1.0] * (losses + ties))
    now = run([1.0] * wins + [0.0] * losses + [1.0] * ties)
    (comparison,) = decide_gate([RIGHT], about(now, 4), before).comparisons
    assert (comparison.low > 0 or comparison.high < 0) == (comparison.p < 0.05)


def test_a_gate_is_the_same_every_time() -> None:
    before = run([i / 100 for i in range(100)], "f1")
    now = run([max(0.0, i / 100 - 0.001 * (i % 90)) for i in range(100)], "f1")
    assert decide_gate([GateRule("f1")], now, before) == decide_gate([GateRule("f1")], now, before)


def test_metrics_are_compared_where_they_apply_to_both() -> None:
    (comparison,) = compare_all(["right", "em"], run([1.0, 0.0, None]), run([0.0, None, 1.0]))
    assert (comparison.metric, comparison.wins, comparison.ties, comparison.losses) == ("right", 1, 0, 0)
