"""A language model as a judge of answers, beside the metrics that need none.

Owns: LlamaIndex's faithfulness, relevancy and correctness evaluators over a model of ours. Their scores come from a
model: they are marked as judged, and off unless they are asked for.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from rag.errors import LLMError
from rag.evaluate.run.runner import Judge
from rag.evaluate.types import Case
from rag.marks import strip_marks
from rag.models.llm.metering import CapReached
from rag.models.llm.model import Message, Model
from rag.types import Answer

if TYPE_CHECKING:
    from llama_index.core.evaluation import EvaluationResult
    from llama_index.core.llms import LLM, CompletionResponseGen

JUDGED_METRICS = ("judged_faithfulness", "judged_relevancy", "judged_correctness")
"""The metrics of a judge: the first two 0 or 1, correctness 0…1 (LlamaIndex's 1…5, moved)."""

# Characters of a passage that the judge sees, so that a small model's window holds the question, too.
_LONGEST_CONTEXT = 2000
# Tokens of a reply: a score or a word, its reasons, and what a model that reasons writes before it.
_MOST_TOKENS = 1024


def _score(reply: str) -> tuple[float | None, str | None]:
    """Return the score that a reply begins with, and its reasons.

    LlamaIndex's own parser raises on a reply of one line.
    """
    score = re.match(r"\W*([1-5](?:\.\d+)?)(?![\d.])", reply)
    return (float(score[1]), reply[score.end() :].strip()) if score else (None, reply)


def _verdict(result: EvaluationResult) -> float | None:
    """Return 1 for a yes and 0 for a no; None for a reply that is neither, which LlamaIndex takes for a no."""
    return result.score if re.search(r"\b(?:yes|no)\b", result.feedback or "", re.IGNORECASE) else None


def make_judge(model: Model) -> Judge:
    """Return a judge of answers.

    Args:
        model: The language model that judges; its meter counts what it takes.

    Returns:
        A function that returns the metrics of `JUDGED_METRICS` for one case and its answer. Where the model fails
        it ends with an LLMError, and the case counts as one that raised.
    """
    from llama_index.core.evaluation import CorrectnessEvaluator, FaithfulnessEvaluator, RelevancyEvaluator

    llm = _metered_llm(model)
    faithfulness = FaithfulnessEvaluator(llm=llm)
    relevancy = RelevancyEvaluator(llm=llm)
    correctness = CorrectnessEvaluator(llm=llm, parser_function=_score)

    def judge(case: Case, answer: Answer) -> Mapping[str, float | None]:
        """Judge one answer.

        Args:
            case: The question with the expected answers.
            answer: The answer that is judged.

        Returns:
            The judged metrics: None where nothing can be judged (a refusal, no answer to compare with).

        Raises:
            CapReached: The cap of a day is reached, so that the model was not asked.
            LLMError: The model failed.
        """
        metrics: dict[str, float | None] = dict.fromkeys(JUDGED_METRICS)
        if answer.abstained or not answer.citations:
            return metrics
        text = strip_marks(answer.answer)
        question = answer.standalone_question or case.question
        contexts = [citation.quote[:_LONGEST_CONTEXT] for citation in answer.citations]
        try:
            metrics["judged_faithfulness"] = _verdict(faithfulness.evaluate(question, text, contexts))
            metrics["judged_relevancy"] = _verdict(relevancy.evaluate(question, text, contexts))
            if case.answers:
                score = correctness.evaluate(question, text, reference=case.answers[0]).score
                metrics["judged_correctness"] = None if score is None else min(1.0, max(0.0, (score - 1) / 4))
        except CapReached:
            raise
        except Exception as error:
            raise LLMError(f"The judge {model.name} failed ({type(error).__name__}: {error}).") from error
        return metrics

    return judge


def _metered_llm(model: Model) -> LLM:
    """Return a model as LlamaIndex's evaluators take one, so that each of their calls is counted as one of ours."""
    from llama_index.core.llms import CompletionResponse, CustomLLM, LLMMetadata

    class MeteredLLM(CustomLLM):
        @property
        def metadata(self) -> LLMMetadata:
            return LLMMetadata(context_window=model.context_window, model_name=model.name)

        def complete(self, prompt: str, formatted: bool = False, **_: Any) -> CompletionResponse:  # noqa: ARG002
            pieces = model.stream([Message("user", prompt)], max_tokens=_MOST_TOKENS, purpose="judge")
            return CompletionResponse(text="".join(pieces))

        def stream_complete(self, prompt: str, formatted: bool = False, **named: Any) -> CompletionResponseGen:
            yield self.complete(prompt, formatted, **named)

    return MeteredLLM()
