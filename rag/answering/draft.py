"""From a model's draft to sentences that are shown, each with its verdict and the spans it rests on. Pure.

Owns: what becomes of a claim under a policy. Knows nothing about retrieval or models.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rag.answering.composer import Composer
from rag.notices import Notice
from rag.types import LeftOut, Span, Verdict
from rag.verify.checker import Checker, ClaimToCheck
from rag.verify.claims import read_claims

# "strict" leaves out what no source supports; "flag" and "off" show it without a citation.
Policy = Literal["strict", "flag", "off"]


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
        left_out: What is not shown because no source supports it.
        failures: Which checkers failed; the sentences were checked without them.
    """

    sentences: tuple[CheckedSentence, ...]
    left_out: tuple[LeftOut, ...]
    failures: tuple[Notice, ...] = ()

    def count(self, *verdicts: Verdict) -> int:
        """Return how many of the sentences that may be shown have one of the verdicts."""
        return sum(sentence.verdict in verdicts for sentence in self.sentences)


def check_draft(text: str, evidence: Sequence[Sequence[Span]], policy: Policy, checker: Checker) -> CheckedDraft:
    """Check the sentences of a draft against the evidence that its model was given.

    Args:
        text: The draft with its marks. A sentence without a mark is checked against all evidence.
        evidence: What the marks stand for: ``evidence[n - 1]`` are the spans of ``[n]``.
        policy: What becomes of a sentence that no source supports.
        checker: What checks the sentences, all in one call.

    Returns:
        The sentences to show with the spans they cite, and the claims that are left out.
    """
    everything = tuple(span for spans in evidence for span in spans)
    claims = read_claims(text, len(evidence))
    to_check = [
        ClaimToCheck(claim.text, tuple(span for number in claim.marks for span in evidence[number - 1]), everything)
        for claim in claims
    ]
    sentences: list[CheckedSentence] = []
    left_out: list[LeftOut] = []
    failures: dict[Notice, None] = {}
    for claim, judgement in zip(claims, checker.check(to_check), strict=True):
        failures.update(dict.fromkeys(judgement.failures))
        verdict = judgement.verdict or "unsupported"
        if verdict == "unsupported" and policy == "strict":
            left_out.append(LeftOut(claim.text, verdict, judgement.reason))
        else:
            sentences.append(CheckedSentence(claim.text, judgement.spans, verdict, judgement.reason, claim.before))
    return CheckedDraft(tuple(sentences), tuple(left_out), tuple(failures))


def add_draft(composer: Composer, draft: CheckedDraft) -> None:
    """Append the sentences of a checked draft.

    Args:
        composer: The answer so far; it is appended to.
        draft: What may be shown.
    """
    for sentence in draft.sentences:
        composer.add(sentence.text, sentence.spans, sentence.verdict, sentence.reason, before=sentence.before or " ")
