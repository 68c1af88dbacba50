"""From a model's draft to sentences that are shown, each with its verdict and the spans it rests on. Pure.

Owns: what becomes of a claim under a policy. Knows nothing about retrieval or models.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from rag.answering.composer import Composer
from rag.notices import Notice
from rag.types import LeftOut, Span, Verdict
from rag.verify.absence import hint_start, opens_with_absence
from rag.verify.checker import Checker, ClaimToCheck, Judgement, NumberedEvidence
from rag.verify.claims import Claim, read_claims

Policy = Literal["strict", "flag", "off"]
"""What becomes of a sentence that no source supports: ``flag`` shows and marks it, ``strict`` leaves it out, ``off``
shows it like any other. What a source contradicts is left out under each of them."""


@dataclass(frozen=True, slots=True)
class CheckedSentence:
    """A sentence of a draft that may be shown.

    Attributes:
        text: The sentence without its marks.
        spans: The spans it rests on; none where no source supports it.
        verdict: The verdict on it.
        reason: Why the verdict is not ``verified``; None where it is.
        before: The white space before it in the draft.
    """

    text: str
    spans: tuple[Span, ...]
    verdict: Verdict
    reason: Notice | None
    before: str


@dataclass(frozen=True, slots=True)
class CheckedDraft:
    """A checked draft.

    Attributes:
        sentences: What may be shown, in order.
        left_out: What is not shown, because a source contradicts it or no source supports it.
        failures: Which checkers failed; the sentences were checked without them.
        decided: How many claims each checker decided, by its name.
    """

    sentences: tuple[CheckedSentence, ...]
    left_out: tuple[LeftOut, ...]
    failures: tuple[Notice, ...] = ()
    decided: Mapping[str, int] = field(default_factory=dict)

    @property
    def without_support(self) -> tuple[LeftOut, ...]:
        """What no source supports or a source contradicts, whether it may be shown or not."""
        unsupported = (one for one in self.sentences if one.verdict == "unsupported")
        return (*self.left_out, *(LeftOut(one.text, one.verdict, one.reason) for one in unsupported))

    def count(self, *verdicts: Verdict) -> int:
        """Return how many of the sentences that may be shown have one of the verdicts."""
        return sum(sentence.verdict in verdicts for sentence in self.sentences)


def check_draft(text: str, evidence: Sequence[NumberedEvidence], policy: Policy, checker: Checker) -> CheckedDraft:
    """Check the sentences of a draft against the evidence that its model was given.

    Args:
        text: The draft with its marks. A sentence without a mark is checked against all evidence.
        evidence: What the marks stand for, numbered from 1.
        policy: What becomes of a sentence that no source supports.
        checker: What checks the sentences, all in one call.

    Returns:
        The sentences to show with the spans they cite, and the claims that are left out.
    """
    pieces = tuple(evidence)
    everything = tuple(span for piece in pieces for span in piece.spans)
    claims = [part for claim in read_claims(text, len(pieces)) for part in _without_hint(claim)]
    stating = [claim for claim in claims if claim.states]
    to_check = [
        ClaimToCheck(
            claim.text,
            tuple(span for number in claim.marks for span in pieces[number - 1].spans),
            everything,
            marks=claim.marks,
            evidence=pieces,
        )
        for claim in stating
    ]
    judgements = {claim.start: found for claim, found in zip(stating, checker.check(to_check), strict=True)}
    sentences: list[CheckedSentence] = []
    left_out: list[LeftOut] = []
    failures: dict[Notice, None] = {}
    decided: Counter[str] = Counter()
    for claim in claims:
        judgement = judgements.get(claim.start) or Judgement("not a claim")
        failures.update(dict.fromkeys(judgement.failures))
        verdict = judgement.verdict or "unsupported"
        decided.update([judgement.checker] if verdict != "not a claim" else [])
        if verdict == "contradicted" or (verdict == "unsupported" and policy == "strict"):
            left_out.append(LeftOut(claim.text, verdict, judgement.reason))
        else:
            sentences.append(CheckedSentence(claim.text, judgement.spans, verdict, judgement.reason, claim.before))
    return CheckedDraft(tuple(sentences), tuple(left_out), tuple(failures), decided)


def _without_hint(claim: Claim) -> tuple[Claim, ...]:
    """Split a sentence that says what the documents lack, and then what they say instead, which is to be checked."""
    start = hint_start(claim.text) if claim.states and opens_with_absence(claim.text) else None
    if start is None:
        return (claim,)
    said, hint = claim.text[:start].rstrip(), claim.text[start:]
    middle = claim.start + start
    return replace(claim, text=said, marks=(), end=middle), replace(claim, text=hint, before=" ", start=middle)


def add_draft(composer: Composer, draft: CheckedDraft) -> None:
    """Append the sentences of a checked draft.

    Args:
        composer: The answer so far; it is appended to.
        draft: What may be shown.
    """
    for sentence in draft.sentences:
        composer.add(sentence.text, sentence.spans, sentence.verdict, sentence.reason, before=sentence.before or " ")
