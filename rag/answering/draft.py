"""From a model's draft to sentences that are shown, each with its verdict and the spans it rests on. Pure.

Owns: what becomes of a claim under a policy. Knows nothing about retrieval or models.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from rag.answering.composer import Composer
from rag.languages.identify import identify
from rag.notices import Notice
from rag.types import LeftOut, Span, Verdict
from rag.verify.absence import hint_start, is_qualified, opens_with_absence
from rag.verify.checker import Checker, ClaimToCheck, Judgement, NumberedEvidence
from rag.verify.claims import Claim, read_claims
from rag.verify.compare import RULES
from rag.verify.parse.language import are_in_different_languages
from rag.verify.parse.quantities import find_quantities

Policy = Literal["strict", "flag", "off"]
"""What becomes of a sentence that no source supports: ``flag`` shows and marks it, ``strict`` leaves it out, ``off``
shows it like any other. What a source contradicts is left out under each of them."""

_CODE = re.compile(r"`([^`\n]{3,80})`")
# Checkers that go by words, and reasons of theirs that hold in every language.
_BY_WORDS = ("rules", "near-copy")
_EXACT = frozenset(rule.id for rule in RULES if rule.severity != "doubt")


@dataclass(frozen=True, slots=True)
class CheckedSentence:
    """A sentence of a draft that may be shown.

    Attributes:
        text: The sentence without its marks.
        spans: The spans it rests on; none where no source supports it.
        verdict: The verdict on it.
        reason: Why the verdict is not ``verified``; None where it is.
        before: The white space before it in the draft.
        marks: The numbers of the evidence that the model marked it with.
    """

    text: str
    spans: tuple[Span, ...]
    verdict: Verdict
    reason: Notice | None
    before: str
    marks: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckedDraft:
    """A checked draft.

    Attributes:
        sentences: What may be shown, in order.
        left_out: What is not shown, because a source contradicts it or no source supports it.
        failures: Which checkers failed; the sentences were checked without them.
        decided: How many claims each checker decided, by its name.
        short: What a judge says of the short answer; None where none did.
    """

    sentences: tuple[CheckedSentence, ...]
    left_out: tuple[LeftOut, ...]
    failures: tuple[Notice, ...] = ()
    decided: Mapping[str, int] = field(default_factory=dict)
    short: Verdict | None = None

    @property
    def without_support(self) -> tuple[LeftOut, ...]:
        """What no source supports or a source contradicts, whether it may be shown or not."""
        unsupported = (one for one in self.sentences if one.verdict == "unsupported")
        return (*self.left_out, *(LeftOut(one.text, one.verdict, one.reason) for one in unsupported))

    def count(self, *verdicts: Verdict) -> int:
        """Return how many of the sentences that may be shown have one of the verdicts."""
        return sum(sentence.verdict in verdicts for sentence in self.sentences)


def check_draft(
    text: str,
    evidence: Sequence[NumberedEvidence],
    policy: Policy,
    checker: Checker,
    short: str = "",
    question: str = "",
) -> CheckedDraft:
    """Check the sentences of a draft against the evidence that its model was given.

    Args:
        text: The draft with its marks. A sentence without a mark is checked against all evidence.
        evidence: What the marks stand for, numbered from 1.
        policy: What becomes of a sentence that no source supports.
        checker: What checks the sentences, all in one call.
        short: The short answer, which is judged in the same call; "" for none.
        question: The question that it answers.

    Returns:
        The sentences to show with the spans they cite, and the claims that are left out.
    """
    pieces = tuple(evidence)
    everything = tuple(span for piece in pieces for span in piece.spans)
    claims = _without_hint(read_claims(text, len(pieces)))
    stating = [claim for claim in claims if claim.states]
    to_check = [
        ClaimToCheck(
            claim.text,
            tuple(span for number in claim.marks for span in pieces[number - 1].spans),
            everything,
            marks=claim.marks,
            evidence=pieces,
            head=claim.head,
        )
        for claim in stating
    ]
    answers = [ClaimToCheck(short, (), everything, evidence=pieces, question=question)] if short and question else []
    found = checker.check([*to_check, *answers])
    of_language = [_by_language(one, claim, text) for claim, one in zip(to_check, found, strict=False)]
    judgements = {claim.start: found for claim, found in zip(stating, of_language, strict=True)}
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
            sentences.append(
                CheckedSentence(claim.text, judgement.spans, verdict, judgement.reason, claim.before, claim.marks)
            )
    judged = found[len(to_check)].verdict if answers else None
    return CheckedDraft(tuple(sentences), tuple(left_out), tuple(failures), decided, judged)


def _without_hint(claims: Sequence[Claim]) -> list[Claim]:
    """Split a first sentence that refuses to answer, and then says what the documents hold instead: that is checked."""
    at = next((number for number, claim in enumerate(claims) if claim.states), 0)
    first = claims[at : at + 1]
    refuses = bool(first) and opens_with_absence(first[0].text) and not is_qualified(first[0].text)
    start = hint_start(first[0].text) if refuses else None
    if start is None:
        return list(claims)
    claim, middle = first[0], first[0].start + start
    said = replace(claim, text=claim.text[:start].rstrip(), marks=(), end=middle)
    hint = replace(claim, text=claim.text[start:], before=" ", start=middle)
    return [*claims[:at], said, hint, *claims[at + 1 :]]


def _by_language(judgement: Judgement, claim: ClaimToCheck, draft: str) -> Judgement:
    """Return a judgement that says so, where a rule missed words because the languages differ."""
    reason = judgement.reason
    if judgement.verdict not in ("partly", "unsupported") or judgement.checker not in _BY_WORDS or reason is None:
        return judgement
    if reason.code in _EXACT or reason.code == "computed":
        return judgement
    evidence = " ".join(span.quote for span in claim.named or claim.everything)
    if not _is_in_other_language(claim.sentence, draft, evidence):
        return judgement
    if judgement.verdict == "unsupported" and (spans := _spans_with_numbers(claim)):
        return replace(judgement, verdict="partly", spans=spans, reason=Notice("other-language"))
    return replace(judgement, reason=Notice("other-language"))


def _spans_with_numbers(claim: ClaimToCheck) -> tuple[Span, ...]:
    """Return the first span for each number and each piece of code of a sentence; none where one stands in none."""
    found: dict[Span, None] = {}
    numbers, code = find_quantities(claim.sentence), _CODE.findall(claim.sentence)
    for span in claim.named or claim.everything:
        there = find_quantities(span.quote)
        held = [number for number in numbers if any(number.same_written_number(other) for other in there)]
        named = [words for words in code if words in span.quote]
        if held or named:
            found[span] = None
        numbers = [number for number in numbers if number not in held]
        code = [words for words in code if words not in named]
    return () if numbers or code else tuple(found)


def _is_in_other_language(sentence: str, draft: str, evidence: str) -> bool:
    """Return whether a sentence is in another language than its evidence; a short one is in that of its draft."""
    if are_in_different_languages(sentence, evidence):
        return True
    spoken, written = identify(sentence) or identify(draft), identify(evidence)
    if spoken and written:
        return spoken != written
    return are_in_different_languages(draft, evidence)


def add_draft(composer: Composer, draft: CheckedDraft) -> None:
    """Append the sentences of a checked draft.

    Args:
        composer: The answer so far; it is appended to.
        draft: What may be shown.
    """
    for sentence in draft.sentences:
        composer.add(sentence.text, sentence.spans, sentence.verdict, sentence.reason, before=sentence.before or " ")
