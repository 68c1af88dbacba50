"""The checkers that ship: the rules, and those that ask a model.

Owns: what a model is asked about a claim, and which verdict its answer stands for. Knows nothing about which checker a
setting names (``rag.answering.checkers``), or what becomes of its judgement (``rag.verify.rule_checker``).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from rag.answering.checkers import CheckerContext
from rag.answering.judge import JudgeChecker
from rag.errors import UsageError
from rag.models.entailment import (
    Entails,
    SentenceAndSource,
    load_entailment_model,
)
from rag.models.llm.opening import check_spec
from rag.notices import Notice
from rag.prompts import read_prompt
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


def cross_encoder_checker(argument: str, context: CheckerContext) -> Checker:
    """Make the checker that asks a fact-checking cross-encoder.

    Args:
        argument: Its folder, or a Hugging Face name whose files are already on this machine.
        context: The threads that it computes with.

    Returns:
        The checker.

    Raises:
        UsageError: The argument is empty.
    """
    if not argument:
        raise UsageError(Notice("checker-names-no-model"))
    return _CrossEncoderChecker(load_entailment_model(argument, context.threads), context.support.verdicts)


def language_model_checker(argument: str, context: CheckerContext) -> Checker:
    """Make the judge: a language model that is asked once about a whole answer.

    Args:
        argument: The model, as on the command line; "" for the one that answers, unless that is a weak one, which can
            judge nothing.
        context: The model that answers, how others are opened, and the folder of the user's prompts.

    Returns:
        The checker.

    Raises:
        UsageError: The argument has no known form, or the prompt is wrong.
    """
    if argument:
        try:
            check_spec(argument)
        except UsageError as error:
            values = {"spec": f"llm:{argument}", "cause": error.notice.as_json()}
            raise UsageError(Notice("checker-unusable", values)) from error
    answering = context.model if context.model and not context.model.weak else None
    return JudgeChecker(
        partial(context.open_model, argument) if argument else lambda: answering,
        read_prompt("judge", context.prompts),
        context.support.alignment,
        context.encoder,
        context.price,
        context.trace,
        context.cancel,
    )


class _CrossEncoderChecker:
    name = "cross-encoder"

    def __init__(self, entails: Entails, limits: VerdictLimits) -> None:
        self._entails, self._limits = entails, limits

    def check(self, claims: Sequence[ClaimToCheck]) -> list[Judgement]:
        return [_judgement(confidence, self._limits) for confidence in self._entails(list(map(_pair, claims)))]


def _pair(claim: ClaimToCheck) -> SentenceAndSource:
    """Return a sentence and the words that it is checked against."""
    return claim.sentence, "\n".join(span.quote for span in claim.named or claim.everything)


def _judgement(confidence: float | None, limits: VerdictLimits) -> Judgement:
    return Judgement(verdict_of(confidence, limits), confidence=confidence)


def _refuse_argument(name: str, argument: str) -> None:
    """Raise a UsageError where a checker that takes no argument got one."""
    if argument:
        raise UsageError(Notice("checker-takes-no-argument", {"name": name, "argument": argument}))
