"""The gate's verdict on runs whose figures one can see: what passes, what fails, and what stays undecided."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from rag.evaluate.figures import compare_all, compute_figures
from rag.evaluate.gate import DEFAULT_RULES, decide_gate, exit_code
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
    assert only(gate).reason == "right: 0.800 → 0.800 over 100 cases, no change for the worse of more than 0.02."
    assert gate.comparisons[0].ties == 100


def test_a_large_and_significant_drop_fails() -> None:
    gate = decide_gate([RIGHT], right(0.7), right(0.8))
    assert (gate.state, exit_code(gate)) == ("FAIL", 1)
    assert only(gate).reason.startswith("right: 0.800 → 0.700 over 100 cases, worse by 0.100, more than 0.02 (95 %")
    assert gate.comparisons[0].worse == tuple(f"c{i}" for i in range(70, 80))


def test_a_significant_drop_that_is_small_passes() -> None:
    gate = decide_gate([replace(RIGHT, min_effect=0.1)], right(0.7), right(0.8))
    assert gate.comparisons[0].adjusted < 0.05
    assert gate.state == "PASS"


def test_a_large_drop_that_may_be_chance_is_undecided() -> None:
    gate = decide_gate([RIGHT], right(0.75), right(0.8))
    assert (gate.state, exit_code(gate)) == ("INCONCLUSIVE", 0)
    reason = only(gate).reason
    assert "worse by 0.050 but undecided" in reason
    assert "5 differing cases can give no p below 0.062" in reason
    needed = int(reason.split("about ")[1].split()[0])
    # (1.96 + 0.84)² · variance / 0.05²
    assert needed == math.ceil((1.959964 + 0.841621) ** 2 * (0.05 - 0.05**2) / 0.05**2)
    assert needed > 100


def test_more_metrics_need_more_cases() -> None:
    before, now = (
        [replace(record, metrics={**record.metrics, "em": 1.0}) for record in records]
        for records in (right(0.8), right(0.75))
    )
    alone, together = (
        decide_gate(rules, now, before).findings[0].reason for rules in ([RIGHT], [RIGHT, GateRule("em")])
    )
    needed = [int(reason.split("about ")[1].split()[0]) for reason in (alone, together)]
    # z of 0.05 / 2 on each side, in place of 0.05.
    assert needed[1] == math.ceil((2.241403 + 0.841621) ** 2 * (0.05 - 0.05**2) / 0.05**2) > needed[0]


def test_an_undecided_run_needs_more_cases_than_it_has() -> None:
    gate = decide_gate([RIGHT], run([0.0] * 5), run([1.0] * 5))
    assert (gate.state, gate.comparisons[0].p) == ("INCONCLUSIVE", 0.0625)
    assert "about 6 cases would decide it" in only(gate).reason


def test_an_improvement_passes() -> None:
    assert decide_gate([RIGHT], right(0.9), right(0.7)).state == "PASS"


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


def test_holm_corrects_for_every_metric_compared() -> None:
    # Seven of a hundred got worse: p = 2 · 0.5⁷ = 0.0156 alone, 0.0625 as the smallest of four.
    assert decide_gate([RIGHT], right(0.73), right(0.8)).state == "FAIL"
    names = ["contains", "em", "f1"]
    before, now = (
        [replace(record, metrics={**record.metrics, **dict.fromkeys(names, 1.0)}) for record in records]
        for records in (right(0.8), right(0.73))
    )
    gate = decide_gate([RIGHT, *map(GateRule, names)], now, before)
    assert gate.state == "INCONCLUSIVE"
    assert [comparison.adjusted for comparison in gate.comparisons] == [0.0625, 1, 1, 1]
    assert decide_gate([replace(RIGHT, alpha=0.1), *map(GateRule, names)], now, before).state == "FAIL"
    # Two rules for one metric are one comparison.
    assert len(decide_gate([RIGHT, replace(RIGHT, min_effect=0.5)], now, before).comparisons) == 1


def test_cases_that_a_metric_left_are_counted_in_the_reason() -> None:
    before, now = run([1.0] * 40, "citation_precision"), run([1.0] * 30 + [None] * 10, "citation_precision")
    reason = only(decide_gate([GateRule("citation_precision")], now, before)).reason
    assert "over 30 cases, the others of 40 in one run only" in reason


def test_cases_of_a_conversation_are_one_observation() -> None:
    together = [replace(record, cluster="talk") for record in right(0.7)]
    gate = decide_gate([RIGHT], together, right(0.8))
    assert gate.state == "INCONCLUSIVE"
    assert gate.comparisons[0].p == 1


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


def test_without_a_baseline_a_drop_is_undecided() -> None:
    gate = decide_gate([RIGHT], right(0.8))
    assert (gate.state, only(gate).reason) == ("INCONCLUSIVE", "right: there is no baseline to compare with.")


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


@pytest.mark.parametrize(
    ("hashes", "reason"),
    [
        ({"suite_sha256": "a", "baseline_suite_sha256": "b"}, "another suite"),
        ({"corpus_sha256": "a", "baseline_corpus_sha256": "b"}, "documents differ"),
    ],
)
def test_another_suite_or_corpus_is_not_compared(hashes: dict[str, Any], reason: str) -> None:
    gate = decide_gate([RIGHT], right(0.8), right(0.8), **hashes)
    assert (gate.state, exit_code(gate)) == ("INVALID", 3)
    assert reason in only(gate).reason
    assert decide_gate([RIGHT], right(0.8), **hashes).state == "INCONCLUSIVE", (
        "without a baseline there is nothing to differ"
    )


def test_other_cases_are_not_compared() -> None:
    gate = decide_gate([RIGHT], right(0.8), right(0.8, 104))
    assert only(gate).reason == ("4 cases are in one of the two runs only (c100, c101, c102, …); run the whole suite.")
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
    assert outcomes(100, 0.0, pairs=100)["FAIL"] <= 5
    assert outcomes(300, 0.1, pairs=25)["FAIL"] >= 20


def test_a_gate_is_the_same_every_time() -> None:
    before = run([i / 100 for i in range(100)], "f1")
    now = run([max(0.0, i / 100 - 0.001 * (i % 90)) for i in range(100)], "f1")
    assert decide_gate([GateRule("f1")], now, before) == decide_gate([GateRule("f1")], now, before)


def test_metrics_are_compared_where_they_apply_to_both() -> None:
    (comparison,) = compare_all(["right", "em"], run([1.0, 0.0, None]), run([0.0, None, 1.0]))
    assert (comparison.metric, comparison.wins, comparison.ties, comparison.losses) == ("right", 1, 0, 0)
