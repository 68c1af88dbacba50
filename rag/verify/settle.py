"""What becomes of a verdict of the rules once a judge was asked. Pure.

Owns: the table below. Knows nothing about how a judge comes to its judgement.

================  =======================================================================
the rules         the judge
----------------  -----------------------------------------------------------------------
verdict           verified      partly        contradicted   unsupported    cannot tell
================  ============  ============  =============  =============  =============
verified          verified      partly        contradicted   unsupported    verified
partly            verified      partly        contradicted   unsupported    partly
unsupported       verified      partly        contradicted   unsupported    unsupported
contradicted      partly        partly        contradicted   contradicted   contradicted
================  ============  ============  =============  =============  =============

Where an exact rule objects, *verified* becomes *partly*, with the reason of the rule.
"""

from __future__ import annotations

from collections.abc import Sequence

from rag.notices import Notice
from rag.types import Span, Verdict
from rag.verify.checker import Judgement
from rag.verify.verdict import Check


def settle(check: Check, spans: tuple[Span, ...], judgements: Sequence[Judgement]) -> Judgement:
    """Settle a verdict of the rules by what other checkers found.

    Args:
        check: What the rules say.
        spans: The spans that they compared the sentence with.
        judgements: What the other checkers found, in the order in which they were asked; the last one that can tell
            counts.

    Returns:
        The verdict with its reason and spans, and the checker that it comes from.
    """
    judgement = last_that_tells(judgements)
    if judgement is None or check.verdict == "not a claim":
        return Judgement(check.verdict, _cited(check.verdict, spans), check.reason, check.checker)
    verdict = _settled(check, judgement)
    if verdict == check.verdict == "contradicted":
        return Judgement(verdict, (), check.reason, check.checker)
    return Judgement(
        verdict,
        _cited(verdict, judgement.spans or spans),
        _reason(check, judgement, verdict),
        judgement.checker,
        judgement.confidence,
    )


def last_that_tells(judgements: Sequence[Judgement]) -> Judgement | None:
    """Return the last of some judgements that comes to a verdict; None where none does."""
    return next((one for one in reversed(judgements) if one.verdict), None)


def contradicted_by(reason: Notice, span: Span) -> Notice:
    """Return the reason for a contradiction with the words of the source that says otherwise.

    Args:
        reason: The reason without them.
        span: What says otherwise.

    Returns:
        The reason with the place and the words of the span among its values.
    """
    where = {
        "source": span.source,
        "source_id": span.source_id,
        "start": span.start,
        "end": span.end,
        "quote": span.quote,
        "page": span.page,
    }
    return Notice(reason.code, {**reason.values, **where})


def _settled(check: Check, judgement: Judgement) -> Verdict:
    assert judgement.verdict
    if check.verdict == "contradicted":
        return "partly" if judgement.verdict in ("verified", "partly") else "contradicted"
    return "partly" if judgement.verdict == "verified" and check.objects else judgement.verdict


def _reason(check: Check, judgement: Judgement, verdict: Verdict) -> Notice | None:
    if verdict == "verified":
        return check.reason if check.reason and check.reason.code == "computed" else None
    if judgement.verdict == "verified":
        return check.reason
    if verdict == "partly":
        return judgement.reason or (check.reason if check.verdict == "partly" else Notice("partly-by-checker"))
    return judgement.reason or Notice("not-found-by-checker")


def _cited(verdict: Verdict, spans: tuple[Span, ...]) -> tuple[Span, ...]:
    """Return the spans that are cited under a verdict: none where nothing supports a sentence."""
    return spans if verdict in ("verified", "partly") else ()
