"""Claims with their evidence: the rules as a checker, and other checkers behind them (`rag.verify.rule_checker`)."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from rag.notices import Notice, plain
from rag.types import Sentence, Span
from rag.verify.checker import Checker, ClaimToCheck, Judgement, NumberedEvidence
from rag.verify.guarded_checker import GuardedChecker
from rag.verify.rule_checker import RuleChecker
from rag.verify.settle import settle
from rag.verify.texts.document import reason_codes, verify_text
from rag.verify.verdict import Check


def span(quote: str, source: str = "a.txt") -> Span:
    return Span(source, f"id-{source}", "", 0, len(quote), quote)


BRIDGE, FERRY = span("The bridge opened in 1931."), span("The ferry carries 28 cars.", "b.txt")
BOTH = (BRIDGE, FERRY)
# By the rules: a copy, a word is absent, most words are absent, a number is wrong.
COPY, PARAPHRASE = "In 1931 the bridge opened.", "The bridge was inaugurated in 1931."
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


TABLE = {
    # by the rules: what becomes of it by the judge's word: verified, partly, contradicted, unsupported, cannot tell
    "verified": ("verified", "partly", "contradicted", "unsupported", "verified"),
    "partly": ("verified", "partly", "contradicted", "unsupported", "partly"),
    "unsupported": ("verified", "partly", "contradicted", "unsupported", "unsupported"),
    "contradicted": ("partly", "partly", "contradicted", "contradicted", "contradicted"),
    "not a claim": ("not a claim",) * 5,
}
SAID = ("verified", "partly", "contradicted", "unsupported", None)


@pytest.mark.parametrize("by_rules", TABLE)
def test_what_becomes_of_a_verdict_by_the_word_of_a_judge(by_rules: str) -> None:
    for said, after in zip(SAID, TABLE[by_rules], strict=True):
        check = Check(by_rules, Notice("number-absent", {"number": "3"}) if by_rules == "partly" else None)
        settled = settle(check, (BRIDGE,), [Judgement(said, (FERRY,), checker="x")])
        assert settled.verdict == after
        assert bool(settled.spans) == (after in ("verified", "partly"))
        exact = replace(check, objects=True)
        expected = "partly" if after == "verified" and said == "verified" else after
        assert settle(exact, (BRIDGE,), [Judgement(said, (FERRY,), checker="x")]).verdict == expected


def test_a_judgement_says_who_came_to_it_and_why() -> None:
    checked = Check("verified", checker="near-copy")
    assert settle(checked, (BRIDGE,), []) == Judgement("verified", (BRIDGE,), None, "near-copy")
    assert settle(checked, (BRIDGE,), [Judgement("verified", (FERRY,), checker="x")]).spans == (FERRY,)
    doubted = settle(
        checked, (BRIDGE,), [Judgement(None, checker="x"), Judgement("unsupported", checker="y", confidence=0.1)]
    )
    assert doubted == Judgement("unsupported", (), Notice("not-found-by-checker"), "y", 0.1)
    assert settle(checked, (), [Judgement("unsupported", (), plain("No."), "y")]).reason == plain("No.")
    computed = Check("partly", Notice("computed", {"calculation": "2 + 3 = 5"}))
    assert settle(computed, (BRIDGE,), [Judgement("verified", checker="y")]).reason == computed.reason
    assert settle(computed, (BRIDGE,), [Judgement("partly", checker="y")]).reason == computed.reason


@pytest.mark.parametrize(
    ("sentence", "said", "verdict"),
    [
        (COPY, None, "verified"),
        (PARAPHRASE, "verified", "verified"),
        (PARAPHRASE, None, "partly"),
        (PARAPHRASE, "contradicted", "contradicted"),
        (OTHER_WORDS, "verified", "verified"),
        (OTHER_WORDS, None, "unsupported"),
        # An exact rule objects, whoever vouches.
        (WRONG, "verified", "partly"),
        (WRONG, None, "contradicted"),
        ("The bridge never opened in 1931.", None, "partly"),
        ("The bridge never opened in 1931.", "contradicted", "contradicted"),
        ("Hello!", "verified", "not a claim"),
    ],
)
def test_a_judge_knows_better_than_the_rules_but_for_what_is_exact(
    sentence: str, said: str | None, verdict: str
) -> None:
    judgement = judge(sentence, Scripted(said))
    assert judgement.verdict == verdict
    assert judgement.spans == ((BRIDGE,) if verdict in ("verified", "partly") else ())


# -- what the others are asked -----------------------------------------------------------------------------------------


def test_others_are_asked_once_about_all_that_is_no_quotation() -> None:
    other = Scripted()
    claims = [ClaimToCheck(sentence, (), BOTH) for sentence in (WRONG, PARAPHRASE, "Hello!", OTHER_WORDS)]
    rules(other).check(claims)
    (asked,) = other.asked
    assert [(claim.sentence, claim.by_rules) for claim in asked] == [
        (WRONG, "contradicted"),
        (PARAPHRASE, "partly"),
        (OTHER_WORDS, "unsupported"),
    ]


def test_nobody_is_asked_where_there_is_nothing_to_judge() -> None:
    other = Scripted()
    rules(other).check([ClaimToCheck(sentence, (), BOTH) for sentence in ("Hello!", BRIDGE.quote)])
    assert other.asked == []


def test_the_spans_that_say_more_than_the_marked_ones_are_cited() -> None:
    claim = ClaimToCheck(COPY, (FERRY,), BOTH)
    assert RuleChecker().check([claim])[0].spans == (BRIDGE,)


def test_numbers_are_looked_up_in_all_of_the_marked_evidence() -> None:
    """A span that shares little with the sentence may still hold its number."""
    length = span("Length: 412 metres.", "c.txt")
    evidence = (NumberedEvidence(1, "c.txt", "…", (BRIDGE, length)),)
    sentence = "The bridge opened in 1931 and is 412 metres long."
    (judgement,) = RuleChecker().check([ClaimToCheck(sentence, (BRIDGE,), BOTH, marks=(1,), evidence=evidence)])
    assert judgement.reason is None or judgement.reason.code != "number-absent"


def test_what_a_source_says_otherwise_is_quoted() -> None:
    judgement = judge(WRONG)
    assert judgement.verdict == "contradicted"
    assert judgement.reason is not None
    values = judgement.reason.values
    assert (values["source"], values["start"], values["end"], values["quote"]) == ("a.txt", 0, 26, BRIDGE.quote)


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
    assert replace(judgement, failures=()) == Judgement("verified", (BRIDGE,), None, "near-copy")
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
        ("unsupported", "scripted"),
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
