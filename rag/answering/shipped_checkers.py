"""The checkers that ship: the rules, and those that ask a model.

Owns: what a model is asked about a claim, and which verdict its answer stands for. Knows nothing about which checker a
setting names (``rag.answering.checkers``), or what becomes of its judgement (``rag.verify.rule_checker``).
"""

from __future__ import annotations

from functools import partial

from rag.answering.checkers import CheckerContext
from rag.answering.judge import JudgeChecker
from rag.errors import UsageError
from rag.models.llm.opening import check_spec
from rag.notices import Notice
from rag.prompts import read_prompt
from rag.verify.checker import Checker
from rag.verify.rule_checker import RuleChecker


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
        context.meter,
        context.trace,
        context.cancel,
    )


def _refuse_argument(name: str, argument: str) -> None:
    """Raise a UsageError where a checker that takes no argument got one."""
    if argument:
        raise UsageError(Notice("checker-takes-no-argument", {"name": name, "argument": argument}))
