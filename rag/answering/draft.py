"""From a model's draft to sentences that are shown, each with its verdict and the spans it rests on. Pure.

Owns: what becomes of a claim under a policy. Knows nothing about retrieval or models.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from rag.types import LeftOut, Span, Verdict
from rag.verify.claims import check_claim, read_claims
from rag.verify.verdict import Entailment

Policy = Literal["strict", "flag", "off"]


@dataclass(frozen=True, slots=True)
class CheckedSentence:
    """A sentence of a draft that may be shown, with the spans it rests on. ``before`` is the white space before it."""

    text: str
    spans: tuple[Span, ...]
    verdict: Verdict
    reason: str
    before: str


@dataclass(frozen=True, slots=True)
class CheckedDraft:
    """A checked draft: what may be shown, and what is left out."""

    sentences: tuple[CheckedSentence, ...]
    left_out: tuple[LeftOut, ...]

    def count(self, *verdicts: Verdict) -> int:
        return sum(sentence.verdict in verdicts for sentence in self.sentences)


def check_draft(
    text: str, given: Sequence[Sequence[Span]], policy: Policy, opinion: Entailment | None = None
) -> CheckedDraft:
    """Check each sentence of a draft against the evidence it was given, ``given[n - 1]`` being the spans of ``[n]``.

    ``strict`` leaves out what no source supports; ``flag`` and ``off`` keep it, without a citation. A sentence without
    a mark is checked against all evidence.
    """
    everything = [span for group in given for span in group]
    judged: list[CheckedSentence] = []
    left_out: list[LeftOut] = []
    for claim in read_claims(text, len(given)):
        named = [span for number in claim.marks for span in given[number - 1]]
        marked = replace(claim, marks=tuple(range(1, len(named) + 1)))
        spans, verdict, reason = check_claim(marked, named, everything, opinion)
        if verdict == "unsupported" and policy == "strict":
            left_out.append(LeftOut(claim.text, reason))
        else:
            judged.append(CheckedSentence(claim.text, tuple(spans), verdict, reason, claim.before))
    return CheckedDraft(tuple(judged), tuple(left_out))
