"""What a judge is always asked: LlamaIndex's faithfulness, relevancy and correctness evaluators.

Owns: asking them with a model of ours, and reading their replies strictly. Knows nothing about suites and runs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rag.evaluate.judging.asking import PatientModel
from rag.evaluate.judging.judge import AskVerdicts, Judged, JudgeError, Verdict
from rag.models.llm.model import Message

if TYPE_CHECKING:
    from llama_index.core.evaluation import BaseEvaluator, EvaluationResult
    from llama_index.core.llms import LLM, CompletionResponseGen

FAITHFULNESS, RELEVANCY, CORRECTNESS = METRICS = ("judged_faithfulness", "judged_relevancy", "judged_correctness")
"""The first two 0 or 1, correctness 0…1 (LlamaIndex's 1…5, moved)."""

_YES_OR_NO = re.compile(r"\b(yes|no)\b", re.IGNORECASE)
_FIRST_WORD = re.compile(r"\W*(yes|no)\b", re.IGNORECASE)
# A score of 1…5 at the beginning, neither cut from a longer number nor on another scale ("4/10", "4 out of 10").
_SCORE = re.compile(r"\W*(?<!-)([1-5](?:\.\d+)?)(?!\d|\.\d|\s*%|\s*(?:/|out of|of)\s*(?!5\b)\d)")
_SHOWN = 80


def evaluator_questions(model: PatientModel) -> Sequence[tuple[tuple[str, ...], AskVerdicts]]:
    """Return the three questions of `METRICS`.

    Args:
        model: The judge's model.

    Returns:
        The names that each gives, and what asks it.
    """
    from llama_index.core.evaluation import CorrectnessEvaluator, FaithfulnessEvaluator, RelevancyEvaluator

    llm = _llama_index_llm(model)
    faithfulness, relevancy = FaithfulnessEvaluator(llm=llm), RelevancyEvaluator(llm=llm)
    correctness = CorrectnessEvaluator(llm=llm, parser_function=lambda reply: (_score_of(reply), reply))

    def ask_yes_or_no(name: str, evaluator: BaseEvaluator) -> AskVerdicts:
        def ask(judged: Judged) -> Mapping[str, Verdict | JudgeError]:
            if not judged.contexts:
                return {name: Verdict(None)}
            return {name: Verdict(read_yes_or_no(_feedback(evaluator.evaluate, judged, contexts=judged.contexts)))}

        return ask

    def ask_correctness(judged: Judged) -> Mapping[str, Verdict | JudgeError]:
        if not judged.case.answers:
            return {CORRECTNESS: Verdict(None)}
        reply = _feedback(correctness.evaluate, judged, reference=judged.case.answers[0])
        return {CORRECTNESS: read_score(reply)}

    return (
        ((FAITHFULNESS,), ask_yes_or_no(FAITHFULNESS, faithfulness)),
        ((RELEVANCY,), ask_yes_or_no(RELEVANCY, relevancy)),
        ((CORRECTNESS,), ask_correctness),
    )


def read_yes_or_no(reply: str) -> float:
    """Return 1 for a yes and 0 for a no, which LlamaIndex finds anywhere in a reply.

    Args:
        reply: The whole reply.

    Returns:
        The value.

    Raises:
        JudgeError: The reply begins with neither and does not hold one of them alone.
    """
    first = _FIRST_WORD.match(reply)
    said = {first[1].lower()} if first else {word.lower() for word in _YES_OR_NO.findall(reply)}
    if len(said) != 1:
        raise JudgeError(f"The judge said neither yes nor no: {_shown(reply)}.")
    return float(said == {"yes"})


def read_score(reply: str) -> Verdict:
    """Return the score of 1…5 at the beginning of a reply, moved to 0…1, with the words behind it.

    Args:
        reply: The whole reply.

    Returns:
        The verdict.

    Raises:
        JudgeError: The reply begins with no such score.
    """
    score = _score_of(reply)
    if score is None:
        raise JudgeError(f"The judge's reply begins with no score from 1 to 5: {_shown(reply)}.")
    _, _, reason = reply.strip().partition("\n")
    return Verdict((score - 1) / 4, reason)


def _score_of(reply: str) -> float | None:
    match = _SCORE.match(reply)
    return float(match[1]) if match and float(match[1]) <= 5 else None


def _shown(reply: str) -> str:
    """Return the beginning of a reply in quotes, or that it is empty."""
    words = " ".join(reply.split())
    if not words or words == "Empty Response":
        return "its reply is empty"
    return f"“{words[:_SHOWN]}{'…' * (len(words) > _SHOWN)}”"


def _feedback(evaluate: Callable[..., EvaluationResult], judged: Judged, **named: Any) -> str:
    return str(evaluate(judged.question, judged.answer, **named).feedback or "")


def _llama_index_llm(model: PatientModel) -> LLM:
    """Return a model as LlamaIndex's evaluators take one, so that each of their calls is asked for as one of ours."""
    from llama_index.core.llms import CompletionResponse, CustomLLM, LLMMetadata

    class PatientLLM(CustomLLM):
        @property
        def metadata(self) -> LLMMetadata:
            return LLMMetadata(context_window=model.model.context_window, model_name=model.name)

        def complete(self, prompt: str, formatted: bool = False, **_: Any) -> CompletionResponse:  # noqa: ARG002
            return CompletionResponse(text=model.ask([Message("user", prompt)]))

        def stream_complete(self, prompt: str, formatted: bool = False, **named: Any) -> CompletionResponseGen:
            yield self.complete(prompt, formatted, **named)

    return PatientLLM()
