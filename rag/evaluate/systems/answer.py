"""What a system gives with an answer, made into an answer like Footnote's own.

Owns: which contexts marks and spans name, the verdict on each sentence by the product's own checker, and whether an
answer is a refusal. Knows nothing about how a system is reached, or about metrics.

A citation is the context that a mark names, whole: it is what the system cites. A sentence is checked against what its
own marks name, and against all contexts where it has none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from rag.answering.writers.reply import Reply
from rag.answering.writers.strong import declines, says_it_is_absent
from rag.evaluate.systems import not_given
from rag.evaluate.systems.given import Given, GivenContext, GivenSpan
from rag.evaluate.systems.placing import Corpus, Place
from rag.evaluate.systems.system import SystemAnswer
from rag.marks import EVIDENCE_MARK, mark_numbers, read_plain_marks, shown_marks
from rag.notices import Notice
from rag.text import sentences
from rag.types import Citation, Document, ModelCall, Passage, Sentence
from rag.verify.checker import Checker
from rag.verify.claims import read_claims
from rag.verify.texts.document import verify_text

_HIGHEST_MARK = 999
# How the source of a context without a place is called: no document of the corpus has such a name.
_NOWHERE = "not placed: context {}"
# The words of a context are those of the document where it was found by these comparisons.
_SAME_WORDS = ("exact", "letters")
# A context with its place.
_Placed = tuple[GivenContext, Place]
_Part = TypeVar("_Part")


@dataclass(frozen=True, slots=True)
class Reading:
    """Makes answers of what a system gives.

    Attributes:
        corpus: The documents of the suite.
        checker: What checks sentences.
        trace: What was asked of judges; it is emptied before each answer.
    """

    corpus: Corpus
    checker: Checker
    trace: list[Notice] = field(default_factory=list)

    def answer(self, question: str, given: Given, milliseconds: float | None = None) -> SystemAnswer:
        """Make an answer of what a system gives.

        Args:
            question: The question.
            given: What the system gives.
            milliseconds: How long the answer took here; None where it was recorded. What the system says counts before.

        Returns:
            The answer, with citations and verdicts where the system gives what they need.
        """
        self.trace.clear()
        contexts = [self._placed(context) for context in given.contexts or ()]
        named = self._named(given, contexts)
        written = with_marks(given.answer, given.spans or ()).strip()
        text = _single_marks(read_plain_marks(written, named.keys()).text)
        citations = tuple(
            _citation(number, *named[number]) for number in dict.fromkeys(shown_marks(text)) if number in named
        )
        checked, notices = self._checked(text, named, contexts) if contexts or named else (_unchecked(text), ())
        return SystemAnswer(
            question=question,
            standalone_question=question,
            answer=text,
            short_answer=given.short_answer,
            abstained=not given.is_ranking and (is_refusal(text) if given.refused is None else given.refused),
            tentative=given.tentative and not given.refused,
            confidence=given.confidence or 0.0,
            sentences=tuple(checked),
            citations=citations,
            passages=tuple(_passage(rank, *context) for rank, context in enumerate(contexts, 1)),
            model=given.model,
            timings=_timings(given, milliseconds),
            notices=notices,
            calls=_calls(given),
            not_given=_codes(given, text),
            not_placed=sum(not place.is_sure for _, place in contexts),
        )

    def _placed(self, context: GivenContext) -> _Placed:
        """Return a context with its place; its words are those of its place, where only that is given."""
        place = self.corpus.place(context)
        if context.text or not place.is_sure:
            return context, place
        text = self.corpus.document(place.source).text[place.start : place.end]
        return replace(context, text=text), place

    def _named(self, given: Given, contexts: Iterable[_Placed]) -> dict[int, _Placed]:
        """Return what each number that a mark may have stands for."""
        listed = contexts if given.citations is None else map(self._placed, given.citations)
        return {one[0].number or at: one for at, one in enumerate(listed, 1)}

    def _checked(
        self, text: str, named: Mapping[int, _Placed], contexts: Iterable[_Placed]
    ) -> tuple[list[Sentence], tuple[Notice, ...]]:
        """Return the sentences with their verdicts and the numbers that they cite, and what must be told beside."""
        names = numbered_sources(named, contexts)
        checked = verify_text(
            text,
            {name: self._document(*pair) if pair else "" for name, pair in names.items()},
            self.checker,
            cited_only=True,
        )
        marks = {claim.start: claim.marks for claim in read_claims(text, _HIGHEST_MARK)}
        judged = [
            replace(
                sentence,
                citations=tuple(number for number in marks.get(sentence.start, ()) if number in named),
                reason=_in_corpus(sentence.reason, names),
            )
            for sentence in checked.sentences
        ]
        return judged, checked.notices

    def _document(self, context: GivenContext, place: Place) -> Document | str:
        """Return the words of a context: as the document has them, with its headings and tables, where they are its."""
        if place.how not in _SAME_WORDS:
            return context.text
        return cut_document(self.corpus.document(place.source), place.start, place.end)


def numbered_sources(named: Mapping[int, _Part], others: Iterable[_Part]) -> dict[str, _Part | None]:
    """Return what a text is checked against, so that the n-th source is what ``[n]`` names.

    Args:
        named: What each number stands for.
        others: What may support a sentence without a mark, too; what a number stands for is not repeated.

    Returns:
        The sources by names that no list of sources in a text has; None for a number that stands for nothing.
    """
    known = list(named.values())
    listed = [named.get(number) for number in range(1, max(named, default=0) + 1)]
    listed += [part for part in others if part not in known]
    return {f"context {number}": part for number, part in enumerate(listed, 1)}


def is_refusal(text: str) -> bool:
    """Tell whether an answer says nothing but that the documents do not hold it, or that the system does not answer."""
    reply = Reply(text)
    return says_it_is_absent(reply) or declines(reply)


def cut_document(document: Document, start: int, end: int) -> Document:
    """Return a part of a document with the blocks that stand in it.

    Args:
        document: The document.
        start: Where the part begins in its text.
        end: Where it ends.

    Returns:
        A document whose text is that slice; its tables are rows only.
    """
    blocks = tuple(
        replace(block, start=max(block.start, start) - start, end=min(block.end, end) - start)
        for block in document.blocks
        if block.start < end and block.end > start
    )
    pages = tuple(max(0, page - start) for page in document.pages)
    return Document(document.text[start:end], document.title, document.media_type, blocks, pages, date=document.date)


def with_marks(text: str, spans: Iterable[GivenSpan]) -> str:
    """Return an answer with marks in place of spans.

    Args:
        text: The answer.
        spans: Its parts with the numbers that they cite.

    Returns:
        The answer with a mark behind each sentence that shares at least half of the shorter of the two with a span.
    """
    spans = list(spans)
    if not spans:
        return text
    pieces: list[str] = []
    reached = 0
    for start, end in sentences(text):
        numbers = dict.fromkeys(
            number
            for span in spans
            if 2 * (min(end, span.end) - max(start, span.start)) >= min(end - start, span.end - span.start) > 0
            for number in span.numbers
        )
        pieces += [text[reached:end], " " * bool(numbers), *(f"[{number}]" for number in numbers)]
        reached = end
    return "".join([*pieces, text[reached:]])


def _single_marks(text: str) -> str:
    """Return a text in which each mark has one number: "[2, 4–5]" becomes "[2][4][5]"."""
    return EVIDENCE_MARK.sub(lambda match: "".join(f"[{number}]" for number in mark_numbers(match[1])), text)


def _unchecked(text: str) -> list[Sentence]:
    """Return the sentences of a text that nothing is given to check against; what they claim nobody knows."""
    return [
        Sentence(text[claim.start : claim.end], claim.start, claim.end, "not a claim")
        for claim in read_claims(text, _HIGHEST_MARK)
    ]


def _citation(number: int, context: GivenContext, place: Place) -> Citation:
    """Return what a number stands for. Its words are the system's own; where none are given, nothing can differ."""
    start, end = (place.start, place.end) if place.is_sure else (0, len(context.text))
    source = place.source or _NOWHERE.format(number)
    return Citation(
        number,
        source,
        place.source_id if place.is_sure else "",
        place.title,
        start,
        end,
        context.text.strip(),
        place.page,
    )


def _passage(rank: int, context: GivenContext, place: Place) -> Passage:
    scores = {} if context.score is None else {"given": context.score}
    source = place.source or _NOWHERE.format(rank)
    # Where no document is known, the words count as much as is retrieved and hold no evidence.
    end = place.end if place.source else len(context.text)
    return Passage(
        "", source, place.source_id, place.title, place.start, end, context.text, "", place.page, rank, scores
    )


def _in_corpus(reason: Notice | None, names: Mapping[str, _Placed | None]) -> Notice | None:
    """Return the reason of a verdict with the place that it names in the document, in place of that in a context."""
    pair = names.get(str(reason.values.get("source"))) if reason else None
    if reason is None or pair is None:
        return reason
    place = pair[1]
    if place.how not in _SAME_WORDS:
        return Notice(
            reason.code, {**reason.values, "source": place.source or pair[0].source or reason.values["source"]}
        )
    moved = {"source": place.source, "source_id": place.source_id, "page": place.page}
    moved |= {name: reason.values[name] + place.start for name in ("start", "end") if name in reason.values}
    return Notice(reason.code, {**reason.values, **moved})


def _timings(given: Given, milliseconds: float | None) -> dict[str, float]:
    taken = milliseconds if given.latency_ms is None else given.latency_ms
    return {} if taken is None else {"total_ms": taken}


def _calls(given: Given) -> tuple[ModelCall, ...]:
    if given.cost is None and given.sent is None and given.written is None:
        return ()
    sent, written = given.sent or 0, given.written or 0
    return (ModelCall("answer", given.model, sent, written, estimated=False, cost=given.cost),)


def _codes(given: Given, text: str) -> tuple[str, ...]:
    """Return the codes of what is not given with an answer."""
    lacks_evidence = given.contexts is None and given.citations is None
    cites = bool(shown_marks(text)) or given.citations is not None or given.spans is not None
    lacking = {
        not_given.ANSWER: given.is_ranking,
        not_given.CONTEXTS: given.contexts is None,
        not_given.CITATIONS: lacks_evidence or not cites,
        not_given.EVIDENCE: lacks_evidence,
        not_given.CONFIDENCE: given.confidence is None,
        not_given.LEFT_OUT: True,
    }
    return tuple(code for code, is_lacking in lacking.items() if is_lacking)
