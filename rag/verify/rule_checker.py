"""The rules as a checker of claims, and other checkers behind them. Pure.

Owns: which spans a claim is checked against, that other checkers are asked once for all claims, and that one which
fails changes no verdict. Knows nothing about retrieval, models or the numbering of citations.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from rag.notices import Notice
from rag.scoring.file import shipped_scoring
from rag.scoring.values import AlignmentLimits, Support
from rag.types import Span, Verdict
from rag.verify.checker import ClaimToCheck, Judgement
from rag.verify.claims import SupportingSpans, supporting_spans
from rag.verify.copies.table_head import has_label_of, head_above, other_column, rows_with_heads
from rag.verify.guarded_checker import GuardedChecker
from rag.verify.neighbours import text_beside, text_of_document
from rag.verify.settle import contradicted_by, last_that_tells, settle
from rag.verify.verdict import Check, check_sentence

_RANKS: dict[Verdict, int] = {"contradicted": 0, "unsupported": 1, "partly": 2, "verified": 3, "not a claim": 4}


@dataclass(frozen=True, slots=True)
class _Choice:
    """Spans that may support a claim, and what the rules say of it against these."""

    spans: tuple[Span, ...]
    check: Check


class RuleChecker:
    """Checks by the rules, then asks other checkers about all claims at once.

    A marked claim is checked against the spans it names, an unmarked one against all evidence. Where the named spans do
    not carry all of it, the model may have named the wrong ones, or not all of them: the spans that do are cited.

    What becomes of the verdicts is told in ``rag.verify.settle``.
    """

    name = "rules"

    def __init__(
        self, off: frozenset[str] = frozenset(), further: Sequence[GuardedChecker] = (), support: Support | None = None
    ) -> None:
        """Choose the rules.

        Args:
            off: The ids of rules that are not asked.
            further: Other checkers, which are asked in turn about all claims that are no quotations.
            support: From where on a sentence is supported; None: the numbers that ship.
        """
        self._off, self._further = off, tuple(further)
        self._support = support or shipped_scoring().support

    def check(self, claims: Sequence[ClaimToCheck]) -> list[Judgement]:
        """Judge each claim by the best of the spans that may support it.

        Args:
            claims: The claims, with their evidence.

        Returns:
            A judgement on each; one that is not *verified* or *partly* rests on no spans. Where another checker failed,
            each says so. The rules say nothing of a phrase that answers a question, and nobody is asked about it alone.
        """
        chosen = {at: self._best_choice(claim) for at, claim in enumerate(claims) if not claim.question}
        open_claims = {
            at: replace(claims[at], named=choice.spans, by_rules=choice.check.verdict)
            for at, choice in chosen.items()
            if choice.check.verdict != "not a claim" and choice.check.checker != "quotation"
        }
        answers = {at: claim for at, claim in enumerate(claims) if claim.question}
        found, failures = self._ask(open_claims, answers if open_claims else {})
        settled = {at: settle(choice.check, choice.spans, found.get(at, ())) for at, choice in chosen.items()}
        judged = {at: last_that_tells(found.get(at, ())) or Judgement(None) for at in answers}
        return [replace({**settled, **judged}[at], failures=failures) for at in range(len(claims))]

    def _best_choice(self, claim: ClaimToCheck) -> _Choice:
        """Return the spans that carry most of a claim: those that marks name, unless others say more."""
        best: _Choice | None = None
        for spans in _span_choices(claim, self._support.alignment):
            check = self._check(claim, spans)
            if best is None or _RANKS[check.verdict] > _RANKS[best.check.verdict]:
                best = _Choice(tuple(spans), check)
            if best.check.verdict in ("verified", "not a claim"):
                break
        assert best
        return self._without_scope(claim, best)

    def _without_scope(self, claim: ClaimToCheck, best: _Choice) -> _Choice:
        """Return other spans where the best ones deny a claim, ask or suppose it, and these simply state it."""
        if best.check.reason is None or best.check.reason.code != "scope":
            return best
        others = [span for span in claim.everything if span not in best.spans]
        spans = supporting_spans(claim.sentence, others, self._support.alignment)
        check = self._check(claim, spans)
        return _Choice(tuple(spans), check) if check.verdict == "verified" else best

    def _check(self, claim: ClaimToCheck, spans: Sequence[Span]) -> Check:
        marked = {span: None for piece in claim.marked for span in piece.spans} if claim.marks else {}
        everything = list(dict.fromkeys([*(marked or claim.named or claim.everything), *spans]))
        above = dict.fromkeys([*(span.title for span in spans), *(piece.title for piece in claim.marked)])
        columns = dict.fromkeys(span.header for span in spans)
        check = check_sentence(
            claim.sentence,
            [span.quote for span in spans],
            " ".join(above),
            " ".join(columns).strip(),
            self._off,
            self._support,
            [span.quote for span in everything],
            [text_beside(span, claim) for span in spans],
            lambda quote: text_of_document(quote, claim),
            lambda at: text_beside(everything[at], claim),
        )
        if claim.head and check.verdict == "verified" and (differs := _other_column(claim, spans)):
            return Check("partly", differs)
        if check.against is None or check.reason is None:
            return check
        return replace(check, reason=contradicted_by(check.reason, everything[check.against]))

    def _ask(
        self, claims: Mapping[int, ClaimToCheck], answers: Mapping[int, ClaimToCheck]
    ) -> tuple[dict[int, list[Judgement]], tuple[Notice, ...]]:
        """Return what each of the other checkers finds about each claim, in their order, and which failed."""
        found: dict[int, list[Judgement]] = {at: [] for at in (*claims, *answers)}
        failures: list[Notice] = []
        for checker in self._further if claims else ():
            asked = {**claims, **(answers if checker.reads_questions else {})}
            judgements, failure = checker.check(list(asked.values()))
            for at, judgement in zip(asked, judgements, strict=True):
                found[at].append(judgement)
            if failure:
                failures.append(failure)
        return found, tuple(failures)


def _other_column(claim: ClaimToCheck, spans: Sequence[Span]) -> Notice | None:
    """Return the reason where a value of a row stands under another name in each row of the sources that has them."""
    rows = (row for span in spans for row in rows_with_heads(span.quote, _names_above(span, claim)))
    found = [other_column(claim.sentence, claim.head, *row) for row in rows if has_label_of(claim.sentence, row[0])]
    return found[0] if found and all(found) else None


def _names_above(span: Span, claim: ClaimToCheck) -> str:
    """Return the names of the columns of a row: those it is known by, or those that stand above it in its passage."""
    if "|" in span.header:
        return span.header
    return head_above(text_beside(span, claim)[0])


def _span_choices(claim: ClaimToCheck, limits: AlignmentLimits) -> Iterator[list[Span]]:
    """Yield the spans that hold most of a claim: of those that marks name, of all beside these, and of all."""
    supporting = SupportingSpans(claim.sentence, limits)
    named = claim.named or claim.everything
    chosen = supporting.among(named)
    yield chosen
    tried = [chosen]
    pools = ((named, True), ([*chosen, *claim.everything], False), (claim.everything, False))
    for pool, to_the_last in pools if claim.named else pools[:1]:
        spans = supporting.among(list(dict.fromkeys(pool)), to_the_last)
        if spans not in tried:
            tried.append(spans)
            yield spans
