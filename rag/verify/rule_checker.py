"""The rules as a checker of claims, and other checkers behind them. Pure.

Owns: which spans a claim is checked against, that other checkers are asked once for all that the rules leave open, and
that one which fails changes no verdict. Knows nothing about retrieval, models or the numbering of citations.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rag.notices import Notice
from rag.scoring.file import shipped_scoring
from rag.scoring.values import AlignmentLimits, Support
from rag.types import Span, Verdict
from rag.verify.checker import ClaimToCheck, Judgement
from rag.verify.claims import supporting_spans
from rag.verify.guarded_checker import GuardedChecker
from rag.verify.verdict import Check, check_sentence, outcomes, settle

_RANKS: dict[Verdict, int] = {"unsupported": 0, "not a claim": 0, "partly": 1, "verified": 2}


@dataclass(frozen=True, slots=True)
class _Choice:
    """Spans that may support a claim, and what the rules say of it against these."""

    spans: tuple[Span, ...]
    check: Check


class RuleChecker:
    """Checks by the rules, and asks other checkers about what they leave open.

    A marked claim is checked against the spans it names, an unmarked one against all evidence. Where the named spans do
    not carry all of it, the model may have named the wrong ones, or not all of them: the spans that do are cited.

    What a rule objects to stands. What the others may change is told in ``rag.verify.verdict.settle``; the spans that
    are cited stay those that the rules compared the claim with.
    """

    name = "rules"

    def __init__(
        self, off: frozenset[str] = frozenset(), further: Sequence[GuardedChecker] = (), support: Support | None = None
    ) -> None:
        """Choose the rules.

        Args:
            off: The ids of rules that are not asked.
            further: Other checkers, which are asked in turn about all claims that the rules leave open.
            support: From where on a sentence is supported; None: the numbers that ship.
        """
        self._off, self._further = off, tuple(further)
        self._support = support or shipped_scoring().support

    def check(self, claims: Sequence[ClaimToCheck]) -> list[Judgement]:
        """Judge each claim by the best of the spans that may support it.

        Args:
            claims: The claims, with their evidence.

        Returns:
            A judgement on each; one that is *unsupported* or *not a claim* rests on no spans. Where another checker
            failed, each says so.
        """
        choices_by_claim = [list(self._choices(claim)) for claim in claims]
        asked = dict.fromkeys(
            _question(claim, choice)
            for claim, choices in zip(claims, choices_by_claim, strict=True)
            for choice in choices
            if choice.check.is_open
        )
        found, failures = self._ask(list(asked))
        return [
            _best(
                [
                    replace(
                        settle(choice.check, found.get(_question(claim, choice), ())),
                        spans=choice.spans,
                        failures=failures,
                    )
                    for choice in choices
                ]
            )
            for claim, choices in zip(claims, choices_by_claim, strict=True)
        ]

    def _choices(self, claim: ClaimToCheck) -> Iterator[_Choice]:
        """Yield the choices of spans that may turn out best: first those that marks name, then those that say more."""
        tried: list[list[Span]] = []
        # The rank that one of the choices so far reaches whatever the other checkers find.
        assured = -1
        for spans in _span_choices(claim, self._support.alignment):
            if spans in tried:
                continue
            tried.append(spans)
            check = self._check(claim.sentence, spans)
            ranks = [_RANKS[verdict] for verdict in (outcomes(check) if self._further else (check.verdict,))]
            if max(ranks) > assured:
                assured = max(assured, min(ranks))
                yield _Choice(tuple(spans), check)
            if assured == _RANKS["verified"] or check.verdict == "not a claim":
                return

    def _check(self, sentence: str, spans: Sequence[Span]) -> Check:
        titles = dict.fromkeys(span.title for span in spans)
        columns = dict.fromkeys(span.header for span in spans)
        return check_sentence(
            sentence,
            [span.quote for span in spans],
            " ".join(titles),
            " ".join(columns).strip(),
            self._off,
            self._support,
        )

    def _ask(self, questions: list[ClaimToCheck]) -> tuple[dict[ClaimToCheck, list[Judgement]], tuple[Notice, ...]]:
        """Return what each of the other checkers finds about each question, in their order, and which failed."""
        found: dict[ClaimToCheck, list[Judgement]] = {question: [] for question in questions}
        failures: list[Notice] = []
        for checker in self._further if questions else ():
            judgements, failure = checker.check(questions)
            for question, judgement in zip(questions, judgements, strict=True):
                found[question].append(judgement)
            if failure:
                failures.append(failure)
        return found, tuple(failures)


def _span_choices(claim: ClaimToCheck, limits: AlignmentLimits) -> Iterator[list[Span]]:
    """Yield the spans that hold most of a claim: of those that marks name, of all beside these, and of all."""
    chosen = supporting_spans(claim.sentence, claim.named or claim.everything, limits)
    yield chosen
    if claim.named:
        for pool in ([*chosen, *claim.everything], claim.everything):
            yield supporting_spans(claim.sentence, list(dict.fromkeys(pool)), limits)


def _question(claim: ClaimToCheck, choice: _Choice) -> ClaimToCheck:
    """Return what other checkers are asked about a claim and one choice of spans."""
    return replace(claim, named=choice.spans, by_rules=choice.check.verdict)


def _best(judgements: Sequence[Judgement]) -> Judgement:
    """Return the judgement with the best verdict, the first of several."""
    best = max(judgements, key=lambda judgement: _RANKS[judgement.verdict] if judgement.verdict else -1)
    return best if best.verdict in ("verified", "partly") else replace(best, spans=())
