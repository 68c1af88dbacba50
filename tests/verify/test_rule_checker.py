"""Claims with their evidence: the rules as a checker, and other checkers behind them (`rag.verify.rule_checker`)."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from rag.notices import Notice, plain
from rag.scoring.file import shipped_scoring
from rag.types import Sentence, Span
from rag.verify.checker import Checker, ClaimToCheck, Judgement
from rag.verify.document import reason_codes, verify_text
from rag.verify.guarded_checker import GuardedChecker
from rag.verify.rule_checker import RuleChecker
from rag.verify.verdict import Check, outcomes, settle, verdict_of


def span(quote: str, source: str = "a.txt") -> Span:
    return Span(source, f"id-{source}", "", 0, len(quote), quote)


BRIDGE, FERRY = span("The bridge opened in 1931."), span("The ferry carries 28 cars.", "b.txt")
BOTH = (BRIDGE, FERRY)
# By the rules: nothing objects, a word is absent, most words are absent, a number is wrong.
COPY, PARAPHRASE = "The bridge opened in 1931.", "The bridge was inaugurated in 1931."
OTHER_WORDS, WRONG = "Traffic began crossing in 1931.", "The bridge opened in 1932."


@dataclass
class Scripted:
    """Gives one verdict on every claim, or what a function makes of them."""

    verdict: str | None = None
    judge: Callable[[Sequence[ClaimToCheck]], Any] | None = None
    name: str = "scripted"
    asked: list[list[ClaimToCheck]] = field(default_factory=list)

    def check(self, claims: Sequence[ClaimToCheck]) -> Any:
        self.asked.append(list(claims))
        return self.judge(claims) if self.judge else [Judgement(self.verdict) for _ in claims]


def rules(*further: Checker) -> RuleChecker:
    return RuleChecker(further=[GuardedChecker(checker, checker.name, "scripts 1.0") for checker in further])


def judge(sentence: str, *further: Checker, named: tuple[Span, ...] = (BRIDGE,)) -> Judgement:
    (judgement,) = rules(*further).check([ClaimToCheck(sentence, named, BOTH)])
    return judgement


# -- what becomes of a verdict -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("by_rules", "verified", "partly", "unknown", "unsupported"),
    [
        ("unsupported", "partly", "partly", "unsupported", "unsupported"),
        ("partly", "verified", "partly", "partly", "partly"),
        ("verified", "verified", "verified", "verified", "partly"),
    ],
)
def test_another_checker_moves_an_open_verdict_by_one_step(
    by_rules: str, verified: str, partly: str, unknown: str, unsupported: str
) -> None:
    expected = {"verified": verified, "partly": partly, None: unknown, "unsupported": unsupported}
    is_open = Check(by_rules, Notice("words-absent"), is_open=True)
    closed = Check(by_rules, Notice("swapped-names"))
    for verdict, after in expected.items():
        assert settle(is_open, [Judgement(verdict)]).verdict == after
        assert settle(closed, [Judgement(verdict)]).verdict == by_rules
    assert outcomes(is_open) == {by_rules, *expected.values()}
    assert outcomes(closed) == {by_rules}


def test_a_judgement_says_who_came_to_it_and_why() -> None:
    checked = Check("verified", None, is_open=True)
    assert settle(checked, [Judgement("verified", checker="x")]).checker == "rules"
    doubted = settle(checked, [Judgement(None, checker="x"), Judgement("unsupported", checker="y", confidence=0.1)])
    assert doubted == Judgement("partly", (), Notice("not-found-by-checker"), "y", 0.1)
    assert settle(checked, [Judgement("unsupported", (), plain("No."), "y")]).reason == plain("No.")


@pytest.mark.parametrize(
    ("confidence", "verdict"),
    [(1.0, "verified"), (0.8, "verified"), (0.79, None), (0.2, None), (0.19, "unsupported"), (None, None)],
)
def test_a_confidence_stands_for_a_verdict(confidence: float | None, verdict: str | None) -> None:
    assert verdict_of(confidence, shipped_scoring().support.verdicts) == verdict


@pytest.mark.parametrize(
    ("sentence", "said", "verdict"),
    [
        (COPY, "unsupported", "partly"),
        (COPY, None, "verified"),
        (PARAPHRASE, "verified", "verified"),
        (PARAPHRASE, None, "partly"),
        (OTHER_WORDS, "partly", "partly"),
        (OTHER_WORDS, None, "unsupported"),
        # A rule goes before every other checker.
        (WRONG, "verified", "unsupported"),
        ("The bridge never opened in 1931.", "verified", "unsupported"),
        ("The bridge may have been inaugurated in 1931.", "verified", "partly"),
        ("Hello!", "verified", "not a claim"),
    ],
)
def test_others_count_only_where_no_rule_objects(sentence: str, said: str | None, verdict: str) -> None:
    judgement = judge(sentence, Scripted(said))
    assert judgement.verdict == verdict
    assert judgement.spans == ((BRIDGE,) if verdict in ("verified", "partly") else ())


# -- what the others are asked -----------------------------------------------------------------------------------------


def test_others_are_asked_once_about_all_that_is_left_open() -> None:
    other = Scripted()
    claims = [ClaimToCheck(sentence, (), BOTH) for sentence in (COPY, WRONG, PARAPHRASE, COPY, "Hello!")]
    rules(other).check(claims)
    (asked,) = other.asked
    assert [(claim.sentence, claim.named, claim.by_rules) for claim in asked] == [
        (COPY, (BRIDGE,), "verified"),
        (PARAPHRASE, (BRIDGE,), "partly"),
    ]


def test_nobody_is_asked_where_nothing_is_open() -> None:
    other = Scripted()
    rules(other).check([ClaimToCheck(WRONG, (), BOTH), ClaimToCheck(COPY, (), ())])
    assert other.asked == []


def test_of_the_spans_that_may_support_a_claim_the_best_judged_count() -> None:
    again = span("The bridge opened in 1931, they say.", "c.txt")

    def only_the_second(claims: Sequence[ClaimToCheck]) -> list[Judgement]:
        return [Judgement("verified" if again in claim.named else "unsupported") for claim in claims]

    claim = ClaimToCheck(COPY, (BRIDGE,), (again, BRIDGE))
    assert RuleChecker().check([claim])[0].spans == (BRIDGE,)
    other = Scripted(judge=only_the_second)
    (judgement,) = rules(other).check([claim])
    assert [claim.named for claim in other.asked[0]] == [(BRIDGE,), (again,)]
    assert (judgement.verdict, judgement.spans) == ("verified", (again,))


def test_spans_that_cannot_turn_out_better_are_not_asked_about() -> None:
    # Against the ferry its number is absent; against the bridge most words are, so it is partly at best.
    other = Scripted("verified")
    sentence = "The ferry carries cars gladly."
    assert judge(sentence, other, named=(FERRY,)).verdict == "verified"
    assert [claim.named for claim in other.asked[0]] == [(FERRY,)]


# -- checkers from outside ---------------------------------------------------------------------------------------------


def _fail(claims: Sequence[ClaimToCheck]) -> list[Judgement]:
    raise OSError(claims[0].sentence)


def _exit(claims: Sequence[ClaimToCheck]) -> list[Judgement]:
    raise SystemExit(claims[0].sentence)


@pytest.mark.parametrize(
    "nonsense",
    [
        _fail,
        _exit,
        lambda claims: [],
        lambda claims: None,
        lambda claims: [Judgement("unsupported")] * (len(claims) + 1),
        lambda claims: ["unsupported"] * len(claims),
        lambda claims: [Judgement("false")] * len(claims),
        lambda claims: [Judgement(["unsupported"])] * len(claims),
        lambda claims: [Judgement("unsupported", (span("elsewhere"),))] * len(claims),
        lambda claims: [Judgement("unsupported", None)] * len(claims),
        lambda claims: [Judgement("unsupported", (), "in words")] * len(claims),
        lambda claims: [Judgement("unsupported", (), Notice("number-absent"))] * len(claims),
        lambda claims: [Judgement("unsupported", (), Notice("text", {"text": "x", "of": object()}))] * len(claims),
        lambda claims: [Judgement("unsupported", confidence=1.5)] * len(claims),
        lambda claims: [Judgement("unsupported", confidence="sure")] * len(claims),
    ],
)
def test_a_judgement_that_makes_no_sense_changes_nothing(
    nonsense: Callable[[Sequence[ClaimToCheck]], Any], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "rag"):
        judgement = judge(COPY, Scripted(judge=nonsense))
    (failure,) = judgement.failures
    assert replace(judgement, failures=()) == Judgement("verified", (BRIDGE,), None, "rules")
    assert failure.code == "checker-failed"
    assert [(record.checker, record.message) for record in caplog.records] == [("scripted", str(failure))]
    assert "The checker 'scripted' of scripts 1.0 failed (" in str(failure)
    assert COPY not in caplog.text, "the log holds no words of documents"


def test_a_checker_that_fails_does_not_keep_the_next_from_being_asked() -> None:
    judgement = judge(COPY, Scripted(judge=_fail), Scripted("unsupported", name="next"))
    assert judgement.checker == "next"
    assert [failure.values["checker"] for failure in judgement.failures] == ["scripted"]


def test_one_judgement_that_makes_no_sense_does_not_spoil_the_others() -> None:
    def half(claims: Sequence[ClaimToCheck]) -> list[Any]:
        return [Judgement("unsupported", failures=(plain("mine"),)), *["nonsense"] * (len(claims) - 1)]

    claims = [ClaimToCheck(sentence, (BRIDGE,), BOTH) for sentence in (COPY, PARAPHRASE)]
    judgements = rules(Scripted(judge=half)).check(claims)
    assert [(judgement.verdict, judgement.checker) for judgement in judgements] == [
        ("partly", "scripted"),
        ("partly", "rules"),
    ]
    causes = {failure.values["cause"] for judgement in judgements for failure in judgement.failures}
    assert causes == {"1 of 2 judgements make no sense"}


# -- beside a text -----------------------------------------------------------------------------------------------------


def test_a_text_is_checked_by_any_checker() -> None:
    verification = verify_text(f"{COPY} {WRONG}", {"a.txt": COPY}, Scripted("partly"))
    assert [sentence.verdict for sentence in verification.sentences] == ["partly", "partly"]


def test_reasons_are_counted_by_their_codes() -> None:
    sentences = [Sentence("x", 0, 1, "partly", (), Notice(code)) for code in ("swapped-names", "a", "swapped-names")]
    assert Counter(reason_codes([*sentences, Sentence("y", 0, 1, "verified")])) == {"swapped-names": 2, "a": 1}
