"""The checkers that ship: the rules, and those that ask a model.

Owns: what a model is asked about a claim, and which verdict its answer stands for. Knows nothing about which checker a
setting names (``rag.answering.checkers``), or what becomes of its judgement (``rag.verify.rule_checker``).
"""

from __future__ import annotations

from collections.abc import Sequence

from rag.answering.checkers import CheckerContext
from rag.errors import UsageError
from rag.models.encoder import Encoder
from rag.models.entailment import SentenceAndSource, ask_language_model, similarities
from rag.models.llm.model import Model
from rag.notices import Notice
from rag.prompts import Prompt, read_prompt
from rag.scoring.values import VerdictLimits
from rag.verify.checker import Checker, ClaimToCheck, Judgement
from rag.verify.rule_checker import RuleChecker
from rag.verify.verdict import verdict_of


def rules_checker(argument: str, context: CheckerContext) -> Checker:
    """Make the checker that goes by the rules, and asks others about what they leave open.

    Args:
        argument: Nothing.
        context: The rules that are switched off, and the other checkers.

    Returns:
        The checker.
    """
    _refuse_argument("rules", argument)
    return RuleChecker(context.rules_off, context.further, context.support)


def similarity_checker(argument: str, context: CheckerContext) -> Checker:
    """Make the checker that compares meanings by the embedding model.

    Args:
        argument: Nothing.
        context: The embedding model.

    Returns:
        The checker.

    Raises:
        UsageError: There is no embedding model.
    """
    _refuse_argument("similarity", argument)
    if context.encoder is None:
        raise UsageError(Notice("checker-needs-encoder"))
    return _SimilarityChecker(context.encoder, context.support.verdicts)


def language_model_checker(argument: str, context: CheckerContext) -> Checker:
    """Make the checker that asks the language model that answers.

    Args:
        argument: Nothing.
        context: The model, without which it can tell nothing, and the folder of the user's prompts.

    Returns:
        The checker.
    """
    _refuse_argument("llm", argument)
    return _LanguageModelChecker(context.model, read_prompt("check", context.prompts), context.support.verdicts)


class _SimilarityChecker:
    name = "similarity"

    def __init__(self, encoder: Encoder, limits: VerdictLimits) -> None:
        self._encoder, self._limits = encoder, limits

    def check(self, claims: Sequence[ClaimToCheck]) -> list[Judgement]:
        # That two texts are similar tells no more than that the one may say the other in other words.
        compared = [claim for claim in claims if claim.by_rules in (None, "unsupported")]
        cosines = dict(zip(compared, similarities(self._encoder, list(map(_pair, compared))), strict=True))
        return [_of_cosine(cosines[claim], self._limits) if claim in cosines else Judgement(None) for claim in claims]


class _LanguageModelChecker:
    name = "llm"

    def __init__(self, model: Model | None, prompt: Prompt, limits: VerdictLimits) -> None:
        self._model, self._prompt, self._limits = model, prompt, limits

    def check(self, claims: Sequence[ClaimToCheck]) -> list[Judgement]:
        model = self._model
        if model is None:
            return [Judgement(None)] * len(claims)
        return [_judgement(ask_language_model(model, self._prompt, *_pair(claim)), self._limits) for claim in claims]


def _pair(claim: ClaimToCheck) -> SentenceAndSource:
    """Return a sentence and the words that it is checked against."""
    return claim.sentence, "\n".join(span.quote for span in claim.named or claim.everything)


def _of_cosine(cosine: float, limits: VerdictLimits) -> Judgement:
    return Judgement("partly" if cosine >= limits.similar else None, confidence=min(1.0, max(0.0, cosine)))


def _judgement(confidence: float | None, limits: VerdictLimits) -> Judgement:
    return Judgement(verdict_of(confidence, limits), confidence=confidence)


def _refuse_argument(name: str, argument: str) -> None:
    """Raise a UsageError where a checker that takes no argument got one."""
    if argument:
        raise UsageError(Notice("checker-takes-no-argument", {"name": name, "argument": argument}))
