"""The text of an answer in pieces: its sentences, and what stands between them.

Owns: how an answer is cut for the chat and for an export, which of its claims are left out for which verdict, which of
its notices stand beside it as they are, and how many passages are shown in place of an answer. Knows nothing about HTML
or Markdown.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rag.answering.composer import without_numbers
from rag.answering.contradictions import contradicting_span, reason_beside_quote
from rag.answering.inert_text import without_live_addresses
from rag.answering.notices import CLAIMS_LEFT_OUT, NOT_MENTIONED
from rag.notices import Notice
from rag.types import Answer, Citation, LeftOut, Sentence, Span
from ui.service.document_choice import ASKED_ONLY

# One on each side of a quote.
_QUOTATION_MARKS = 2
# Passages that are shown in place of an answer.
NEAREST_PASSAGES = 3


@dataclass(frozen=True, slots=True)
class Piece:
    """A sentence of an answer, or what stands between two sentences, such as a line's end.

    Attributes:
        text: What the answer says there.
        sentence: The sentence; None for what stands between two.
        citations: The citations of the sentence.
    """

    text: str
    sentence: Sentence | None = None
    citations: tuple[Citation, ...] = ()

    @property
    def verdict(self) -> str:
        """The verdict of the sentence; empty for what stands between two."""
        return self.sentence.verdict if self.sentence else ""

    @property
    def reason(self) -> Notice | None:
        """Why the sentence has its verdict; None without a reason."""
        return self.sentence.reason if self.sentence else None

    @property
    def calculation(self) -> str:
        """The calculation that gives a number of the sentence; empty without one."""
        reason = self.reason
        return str(reason.values.get("calculation", "")) if reason and reason.code == "computed" else ""

    @property
    def quoted(self) -> Citation | None:
        """The citation whose words the sentence is, whole and in quotation marks; None for any other sentence."""
        words = self.text_without_numbers.strip()
        if len(self.citations) != 1 or len(words) < _QUOTATION_MARKS:
            return None
        quote = " ".join(self.citations[0].quote.split())
        # An answer says an address as code, so that it leads nowhere.
        told = without_live_addresses(f"{words[0]}{quote}{words[-1]}")
        return self.citations[0] if words[1:-1] == quote or words == told else None

    @property
    def text_without_numbers(self) -> str:
        """The text without the numbers of its citations at the end, or in the last cell of a row of a table."""
        return without_numbers(self.text, self.sentence.citations if self.sentence else ())


def pieces_of(answer: Answer) -> Iterator[Piece]:
    """Yield the text of an answer in order: what stands between sentences, and each sentence."""
    citations = {citation.number: citation for citation in answer.citations}
    position = 0
    for sentence in answer.sentences:
        yield Piece(answer.answer[position : sentence.start])
        cited = tuple(citations[number] for number in sentence.citations if number in citations)
        yield Piece(answer.answer[sentence.start : sentence.end], sentence, cited)
        position = max(position, sentence.end)
    yield Piece(answer.answer[position:])


@dataclass(frozen=True, slots=True)
class Omission:
    """A claim that is left out of an answer.

    Attributes:
        number: Its place among all that are left out, from 1.
        claim: The claim with its verdict.
        says: The words of a source that say otherwise; None where none does, or where is not known.
    """

    number: int
    claim: LeftOut
    says: Span | None

    @property
    def reason(self) -> Notice | None:
        """Why it is left out; None where the words of the source tell it all."""
        return reason_beside_quote(self.claim) if self.says else self.claim.reason


def omissions_of(answer: Answer) -> list[list[Omission]]:
    """Return what is left out of an answer, in groups: what the sources contradict, then what they do not hold."""
    omissions = [
        Omission(number, claim, contradicting_span(answer, claim))
        for number, claim in enumerate(answer.left_out, start=1)
    ]
    contradicted = [one for one in omissions if one.claim.verdict == "contradicted"]
    others = [one for one in omissions if one.claim.verdict != "contradicted"]
    return [group for group in (contradicted, others) if group]


def notices_beside(answer: Answer) -> list[Notice]:
    """Return the notices that are told in words; what is left out or not mentioned is listed in a form of its own."""
    listed = {NOT_MENTIONED, CLAIMS_LEFT_OUT} if answer.left_out else {NOT_MENTIONED}
    return [notice for notice in answer.notices if notice.code not in {ASKED_ONLY, *listed}]


def asked_only(answer: Answer) -> Notice | None:
    """Return what tells to which documents a question was kept, beside the question; None for all."""
    return next((notice for notice in answer.notices if notice.code == ASKED_ONLY), None)
