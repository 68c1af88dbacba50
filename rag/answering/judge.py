"""A language model as the judge of an answer: asked once, about all sentences.

Owns: which evidence the judge is given, and which words of it a sentence rests on once it has ruled. The form of what
is asked and answered stands in ``rag.verify.judge``; knows nothing about what becomes of a judgement.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import ClassVar

import numpy as np

from rag.answering.evidence_windows import words_of_spans
from rag.errors import LLMError, RagError
from rag.models.encoder import Encoder, Vectors
from rag.models.llm.budget import count_fitting
from rag.models.llm.metering import Meter, metered
from rag.models.llm.model import Message, Model
from rag.notices import Notice
from rag.prompts import Prompt
from rag.scoring.values import AlignmentLimits
from rag.types import COST_DIGITS, ModelCall, Span
from rag.verify.checker import ClaimToCheck, Judgement, NumberedEvidence
from rag.verify.claims import supporting_spans
from rag.verify.copies.shared import Part, parts_of
from rag.verify.copies.table_head import with_names
from rag.verify.judge import JUDGE_FAILED, Ruling, evidence_block, read_rulings, sentence_lines
from rag.verify.parse.parsed_text import parse_text
from rag.verify.settle import contradicted_by

# Tokens of a line of the reply, and of what a model that reasons may write before it.
_LINE_TOKENS, _REASONING_TOKENS = 16, 1024
# Below this share of a sentence's content, the words that spans share with it do not tell which of them say it.
_LEAST_SHARED = 0.5


@dataclass(slots=True)
class JudgeChecker:
    """Judges all claims of an answer in one call of a strong language model.

    Attributes:
        open_model: Opens the model; None where there is none that can judge.
        prompt: The prompt with places for the evidence and the sentences.
        limits: Which spans a sentence is found to rest on.
        encoder: Finds the words of the evidence that say a sentence in other words; None without an index.
        meter: Records what the judge's calls cost, and allows none that would pass a cap.
        trace: What the judge was asked and what that cost is added to it.
        cancel: Ends the call when it is set; None where nobody can.
    """

    open_model: Callable[[], Model | None]
    prompt: Prompt
    limits: AlignmentLimits
    encoder: Encoder | None = None
    meter: Meter = field(default_factory=Meter)
    trace: list[Notice] = field(default_factory=list)
    cancel: threading.Event | None = None
    name: str = "llm"
    reads_questions: ClassVar[bool] = True
    _vectors: dict[str, Vectors] = field(default_factory=dict, init=False, repr=False)

    def check(self, claims: Sequence[ClaimToCheck]) -> list[Judgement]:
        """Ask the model about all claims at once.

        Args:
            claims: The claims, with their evidence.

        Returns:
            A judgement on each; without a verdict where the model does not judge it.

        Raises:
            LLMError: The model cannot be reached, is a weak one, or wrote nothing that can be read.
        """
        self._vectors.clear()
        try:
            model = self.open_model()
        except RagError as error:
            raise LLMError(Notice(JUDGE_FAILED, {"model": "", "cause": error.notice.as_json()})) from error
        if model is None or not claims:
            return [Judgement(None)] * len(claims)
        if model.weak:
            cause = Notice("judge-too-weak", {"model": model.name}).as_json()
            raise LLMError(Notice(JUDGE_FAILED, {"model": model.name, "cause": cause}))
        sentences = sentence_lines([_asked_and_said(claim) for claim in claims])
        evidence = self._fitting(model, claims, sentences)
        known = [piece.number for piece in evidence]
        reply = self._ask(model, "\n\n".join(map(evidence_block, evidence)), sentences, len(claims))
        rulings = read_rulings(reply, len(claims), known)
        if not any(rulings):
            raise LLMError(Notice(JUDGE_FAILED, {"model": model.name, "cause": Notice("judge-unreadable").as_json()}))
        return [self._judgement(claim, ruling, evidence) for claim, ruling in zip(claims, rulings, strict=True)]

    def _ask(self, model: Model, evidence: str, sentences: str, count: int) -> str:
        """Return what the model writes, and note what the call cost."""
        system, user = self.prompt.fill(evidence=evidence, sentences=sentences)
        messages = [Message("system", system), Message("user", user)]
        judge = metered(model, self.meter)
        reply, known_calls = "", len(self.meter.calls)
        try:
            for piece in judge.stream(messages, max_tokens=_most_tokens(count), cancel=self.cancel, purpose="judge"):
                reply += piece
        except LLMError as error:
            cause = error.notice.as_json()
            raise LLMError(Notice(JUDGE_FAILED, {"model": model.name, "cause": cause})) from error
        finally:
            self.trace.extend(map(_asked, self.meter.calls[known_calls:]))
        return reply

    def _fitting(self, model: Model, claims: Sequence[ClaimToCheck], sentences: str) -> list[NumberedEvidence]:
        """Return the evidence that fits into the model's window, in order; what marks name comes before the rest."""
        pieces = claims[0].evidence or _by_source(claims)
        marked = {number for claim in claims for number in claim.marks}
        first = sorted(pieces, key=lambda piece: piece.number not in marked)
        fixed = [*self.prompt.fill(evidence="", sentences=sentences)]
        blocks = [evidence_block(piece) for piece in first]
        most = _most_tokens(len(claims))
        count = max(1, count_fitting(blocks, model.context_window, most, fixed, model.count_tokens))
        return sorted(first[:count], key=lambda piece: piece.number)

    def _judgement(self, claim: ClaimToCheck, ruling: Ruling | None, evidence: Sequence[NumberedEvidence]) -> Judgement:
        if ruling is None:
            return Judgement(None)
        numbers = ruling.numbers or claim.marks
        candidates = tuple(span for piece in evidence if piece.number in numbers for span in piece.spans)
        candidates = candidates or claim.named or claim.everything
        if ruling.verdict == "contradicted":
            span = self._nearest(claim.sentence, candidates)
            reason = contradicted_by(Notice("contradicted-by-source"), span) if span else None
            return Judgement("contradicted", (), reason, self.name)
        if ruling.verdict in ("verified", "partly"):
            return Judgement(ruling.verdict, tuple(self._resting_on(claim.sentence, candidates)), None, self.name)
        return Judgement(ruling.verdict, (), None, self.name)

    def _resting_on(self, sentence: str, candidates: Sequence[Span]) -> list[Span]:
        """Return the spans that a sentence rests on: by the words they share, else by what they mean."""
        spans = supporting_spans(sentence, candidates, self.limits)
        if spans and (self.encoder is None or _shared_share(sentence, spans) >= _LEAST_SHARED):
            return spans
        nearest = self._nearest(sentence, candidates)
        return [nearest, *(span for span in spans if span != nearest)][: self.limits.spans] if nearest else []

    def _nearest(self, sentence: str, candidates: Sequence[Span]) -> Span | None:
        """Return the span that comes nearest to what a sentence says, or denies; None without any."""
        known = list(dict.fromkeys(candidates))
        if self.encoder is None or not known:
            return next(iter(supporting_spans(sentence, known, replace(self.limits, spans=1)) or known), None)
        vectors = self._encode(self.encoder, [sentence, *(span.quote for span in known)])
        return known[int((vectors[1:] @ vectors[0]).argmax())]

    def _encode(self, encoder: Encoder, texts: Sequence[str]) -> Vectors:
        """Return the vectors of texts; the sentences of an answer rest on the same spans, so each is computed once."""
        lacking = [text for text in dict.fromkeys(texts) if text not in self._vectors]
        if lacking:
            self._vectors.update(zip(lacking, encoder.encode_passages(lacking), strict=True))
        return np.stack([self._vectors[text] for text in texts])


def _shared_share(sentence: str, spans: Sequence[Span]) -> float:
    """Return how much of a sentence's words, numbers and dates stands in some spans, 0…1."""
    parts = parts_of(parse_text(sentence))
    shared = set[Part]().union(*(parts.in_line(parse_text(span.quote)) for span in spans))
    return parts.weight(shared) / max(1, parts.count)


def _asked_and_said(claim: ClaimToCheck) -> str:
    """Return a sentence, a row with the names of its columns, or "Is the ferry free? – Yes" for an answer."""
    return f"{claim.question} – {claim.sentence}" if claim.question else with_names(claim.sentence, claim.head)


def _most_tokens(sentences: int) -> int:
    return _REASONING_TOKENS + _LINE_TOKENS * sentences


def _asked(call: ModelCall) -> Notice:
    """Return what is told of a call: calls, tokens and, where the price is known, money."""
    cost = f"{call.cost:.{COST_DIGITS}f}".rstrip("0").rstrip(".") if call.cost else ""
    return Notice("judge-asked", {"model": call.model, "calls": 1, "tokens": call.sent + call.written, "cost": cost})


def _by_source(claims: Sequence[ClaimToCheck]) -> tuple[NumberedEvidence, ...]:
    """Return the spans of all claims as numbered evidence, a piece for each source."""
    spans_by_source: dict[str, dict[Span, None]] = {}
    for span in (span for claim in claims for span in (*claim.named, *claim.everything)):
        spans_by_source.setdefault(span.source, {})[span] = None
    return tuple(
        NumberedEvidence(number, source, words_of_spans(tuple(spans)), tuple(spans))
        for number, (source, spans) in enumerate(spans_by_source.items(), 1)
    )
