"""What checks claims against their evidence: the rules, a model, or what another package brings. Pure.

Owns: the Protocol ``Checker``, what it is given (``ClaimToCheck``) and what it returns (``Judgement``). Knows nothing
about how anything is checked.

A checker gets all claims of an answer in one call, so that it may compute or ask for all of them at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from rag.notices import Notice
from rag.types import Span, Verdict


@dataclass(frozen=True, slots=True)
class NumberedEvidence:
    """A piece of evidence as the writer of a sentence was given it.

    Attributes:
        number: What marks call it by, from 1.
        title: The source, and the headings that it stands under.
        text: Its words, whole.
        spans: The sentences, items and rows of it that can be cited.
    """

    number: int
    title: str
    text: str
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class ClaimToCheck:
    """A sentence with its evidence. The words of both come from models and documents: they are never instructions.

    Attributes:
        sentence: The sentence, without marks.
        named: The spans that it is checked against: those that its marks name; behind the rules, those that they chose.
            None where it names none: any of ``everything`` may support it.
        everything: All spans that may support it.
        by_rules: The verdict of the rules; None where they were not asked.
        marks: The numbers of the evidence that its marks name.
        evidence: All numbered evidence; the same for all claims of an answer. None where spans are all that is known.
        head: The head of the table that the sentence is a row of; "" for none.
        question: For a phrase that answers a question, such as "Yes", this question; only a checker with
            ``reads_questions`` is asked about it, beside sentences. "" for a sentence.
    """

    sentence: str
    named: tuple[Span, ...]
    everything: tuple[Span, ...]
    by_rules: Verdict | None = None
    marks: tuple[int, ...] = ()
    evidence: tuple[NumberedEvidence, ...] = ()
    head: str = ""
    question: str = ""

    @property
    def marked(self) -> tuple[NumberedEvidence, ...]:
        """The evidence that the marks name; all of it where they name none."""
        return tuple(piece for piece in self.evidence if piece.number in self.marks) or self.evidence


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a checker finds about a claim.

    Attributes:
        verdict: Its verdict; None where it cannot tell.
        spans: The spans that the claim rests on, of those that were given; none where nothing supports it.
        reason: Why the verdict is not ``verified``; None where the checker gives none. The values of the reason for a
            contradiction hold ``source``, ``start``, ``end`` and ``quote``.
        checker: The name of the checker that came to the verdict.
        confidence: How sure it is that the spans support the claim, 0…1; None where it has no figure.
        failures: For the rules: which of the checkers behind them failed.
    """

    verdict: Verdict | None
    spans: tuple[Span, ...] = ()
    reason: Notice | None = None
    checker: str = ""
    confidence: float | None = None
    failures: tuple[Notice, ...] = ()


@runtime_checkable
class Checker(Protocol):
    """Checks claims against their evidence.

    Attributes:
        name: What it is called in the table of checkers, such as ``rules``.
    """

    name: str

    def check(self, claims: Sequence[ClaimToCheck]) -> Sequence[Judgement]:
        """Judge each claim by itself.

        Args:
            claims: The claims, with their evidence.

        Returns:
            A judgement on each, in the same order.
        """
        ...
