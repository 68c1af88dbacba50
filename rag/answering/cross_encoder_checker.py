"""A judge of claims: a cross-encoder for natural language inference or fact checking.

Owns: which pairs the model is given, which verdict its answers stand for, and which spans a claim then rests on. Knows
nothing about the model's classes (``rag.models.entailment``), or what becomes of a judgement (``rag.verify.settle``).

A claim is held against the evidence that its marks name, in windows that the model can read whole, with the sentence,
without a cut. What no window supports is held against the rest of the evidence, too, since a mark may be wrong; only
what the claim itself names can contradict it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.answering.checkers import CheckerContext
from rag.answering.evidence_windows import EvidenceText, Window, WindowCutter, other_texts, own_texts
from rag.errors import UsageError
from rag.models.entailment import EntailmentModel, Inference, load_entailment_model
from rag.notices import Notice
from rag.scoring.values import Support, VerdictLimits
from rag.types import Span, Verdict
from rag.verify.checker import Checker, ClaimToCheck, Judgement
from rag.verify.claims import supporting_spans
from rag.verify.settle import contradicted_by

# Where a sentence leaves less room than this, in tokens, there is no evidence to speak of beside it.
_LEAST_ROOM = 16


def cross_encoder_checker(argument: str, context: CheckerContext) -> Checker:
    """Make the checker that asks a cross-encoder for inference or fact checking.

    Args:
        argument: Its folder, or a Hugging Face name whose files are already on this machine.
        context: The threads that it computes with, and from where on a sentence is supported.

    Returns:
        The checker.

    Raises:
        UsageError: The argument is empty.
        ModelError: The model cannot be loaded, or does not say what supports a sentence.
    """
    if not argument:
        raise UsageError(Notice("checker-names-no-model"))
    model = load_entailment_model(argument, context.threads, context.device, context.models)
    return CrossEncoderChecker(model, context.support)


@dataclass(frozen=True, slots=True)
class _Reading:
    """A window, and what the model infers from it about a claim."""

    window: Window
    inference: Inference

    @property
    def supported(self) -> float:
        return self.inference.supported

    @property
    def denied(self) -> float:
        return self.inference.denied


@dataclass(frozen=True, slots=True)
class _Finding:
    """What the windows of a claim come to: the verdict, how sure its support is, and the window that decided."""

    verdict: Verdict
    supported: float
    window: Window


class CrossEncoderChecker:
    """Judges all claims of an answer in batches.

    *verified* and *partly* rest on the spans of the window that supports most of the claim; *contradicted* names the
    span that denies it most, in the window that does.
    """

    name = "cross-encoder"

    def __init__(self, model: EntailmentModel, support: Support) -> None:
        """Choose the model.

        Args:
            model: The model.
            support: From where on a sentence is supported or denied, and how many spans one rests on.
        """
        self._model, self._support = model, support

    def check(self, claims: Sequence[ClaimToCheck]) -> list[Judgement]:
        """Judge each claim by itself.

        Args:
            claims: The claims, with their evidence.

        Returns:
            A judgement on each; no verdict where there is no evidence, or where a sentence leaves no room for any.
        """
        cutter = WindowCutter(self._model.count_tokens)
        limits = self._support.verdicts
        own = self._read(claims, [own_texts(claim) for claim in claims], cutter)
        unsupported = [max((one.supported for one in readings), default=1.0) < limits.entailed for readings in own]
        beside = [other_texts(claim) if open_ else [] for claim, open_ in zip(claims, unsupported, strict=True)]
        others = self._read(claims, beside, cutter)
        findings = [_find(*readings, limits) for readings in zip(own, others, strict=True)]
        spans = self._spans(claims, findings)
        return [_judgement(finding, of_claim) for finding, of_claim in zip(findings, spans, strict=True)]

    def _read(
        self, claims: Sequence[ClaimToCheck], texts: Sequence[Sequence[EvidenceText]], cutter: WindowCutter
    ) -> list[list[_Reading]]:
        """Let the model read the windows of all claims, in one call."""
        most = self._model.most_tokens - self._model.own_tokens
        windows: list[list[Window]] = []
        for claim, of_claim in zip(claims, texts, strict=True):
            room = most - cutter.count(claim.sentence)
            windows.append(cutter.windows(of_claim, room) if room >= _LEAST_ROOM else [])
        inferred = iter(
            self._model.infer(
                [
                    (claim.sentence, window.text)
                    for claim, of_claim in zip(claims, windows, strict=True)
                    for window in of_claim
                ]
            )
        )
        return [[_Reading(window, next(inferred)) for window in of_claim] for of_claim in windows]

    def _spans(self, claims: Sequence[ClaimToCheck], findings: Sequence[_Finding | None]) -> list[tuple[Span, ...]]:
        """Return the spans that decide about each claim.

        Those that support it share most with it. Where they share nothing, or deny it, the model is asked which does.
        """
        chosen: list[tuple[Span, ...]] = []
        left_to_model: list[tuple[int, Span]] = []
        for at, (claim, finding) in enumerate(zip(claims, findings, strict=True)):
            given = {*claim.named, *claim.everything, *(span for piece in claim.evidence for span in piece.spans)}
            decides = finding is not None and finding.verdict != "unsupported"
            candidates = [span for span in finding.window.spans if span in given] if finding and decides else []
            denied = finding is not None and finding.verdict == "contradicted"
            shared = [] if denied else supporting_spans(claim.sentence, candidates, self._support.alignment)
            chosen.append(tuple(shared))
            if not shared:
                left_to_model += [(at, span) for span in candidates]
        for at, span in self._best_spans(claims, findings, left_to_model):
            chosen[at] = (span,)
        return chosen

    def _best_spans(
        self,
        claims: Sequence[ClaimToCheck],
        findings: Sequence[_Finding | None],
        candidates: Sequence[tuple[int, Span]],
    ) -> Iterator[tuple[int, Span]]:
        """Yield the span that the model finds to say most of a claim, or to deny it most.

        Args:
            claims: All claims.
            findings: What was found about each.
            candidates: Claims, by their number, with a span that one may rest on.
        """
        room = self._model.most_tokens - self._model.own_tokens
        cutter = WindowCutter(self._model.count_tokens)
        fitting = [
            (at, span)
            for at, span in candidates
            if cutter.count(claims[at].sentence) + cutter.count(span.quote) <= room
        ]
        inferred = self._model.infer([(claims[at].sentence, span.quote) for at, span in fitting])
        best: dict[int, tuple[float, Span]] = {}
        for (at, span), inference in zip(fitting, inferred, strict=True):
            finding = findings[at]
            assert finding
            sure = inference.denied if finding.verdict == "contradicted" else inference.supported
            if at not in best or sure > best[at][0]:
                best[at] = sure, span
        for at, (_, span) in best.items():
            yield at, span


def _find(own: Sequence[_Reading], others: Sequence[_Reading], limits: VerdictLimits) -> _Finding | None:
    """Return what the windows of a claim come to; None without any."""
    if not own:
        return None
    best = max([*own, *others], key=lambda reading: reading.supported)
    if best.supported >= limits.entailed:
        return _Finding("verified", best.supported, best.window)
    if best.supported >= limits.refuted:
        return _Finding("partly", best.supported, best.window)
    denying = max(own, key=lambda reading: reading.denied)
    if denying.denied >= limits.denied:
        return _Finding("contradicted", best.supported, denying.window)
    return _Finding("unsupported", best.supported, best.window)


def _judgement(finding: _Finding | None, spans: tuple[Span, ...]) -> Judgement:
    if finding is None:
        return Judgement(None)
    if finding.verdict == "contradicted" and spans:
        reason = contradicted_by(Notice("contradicted-by-source"), spans[0])
        return Judgement("contradicted", spans[:1], reason, confidence=finding.supported)
    if finding.verdict in ("contradicted", "unsupported"):
        return Judgement("unsupported", confidence=finding.supported)
    return Judgement(finding.verdict, spans, confidence=finding.supported)
