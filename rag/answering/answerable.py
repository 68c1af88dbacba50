"""Ask a weak language model whether the evidence answers a question.

Owns: how it is asked, and what its answer counts as. Knows nothing about what follows from it.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

from rag.answering.short_answers.weak_answer import GIVEN, as_given
from rag.errors import LLMError
from rag.models.llm.model import Likelihood, Message, Model
from rag.prompts import read_prompt
from rag.question.question_words import QUESTION_CHARACTERS
from rag.retrieval.answerability import AskModel
from rag.settings import Settings
from rag.types import Evidence, ModelCall


def open_ask_model(model: Model | None, settings: Settings) -> AskModel | None:
    """Return what asks an open model; None where it shows no probabilities, or is strong and says so itself.

    Args:
        model: The open language model; None without one.
        settings: The settings; they may name a folder with another prompt.

    Returns:
        A function that gives the probability of "yes" against "no".

    Raises:
        UsageError: The prompt is wrong.
    """
    # A caller's own kind of model may lack the field.
    likelihood: Likelihood | None = getattr(model, "likelihood", None)
    if model is None or not model.weak or likelihood is None:
        return None
    prompt = read_prompt("answerable", settings.prompts)

    def ask(question: str, evidence: Sequence[Evidence]) -> float | None:
        shown = "\n".join(as_given(item.span) for item in evidence[:GIVEN])
        system, user = prompt.fill(evidence=shown, question=question[:QUESTION_CHARACTERS])
        messages = [Message("system", system), Message("user", user)]
        sent = sum(model.count_tokens(message.content) for message in messages)
        try:
            admission = model.meter.admit(model.spec, model.name, sent)
        except LLMError:  # A cap is reached; whoever must ask the model next says so.
            return None
        started = time.perf_counter()
        found = likelihood(messages, ("Yes", "No"))
        seconds = round(time.perf_counter() - started, 3)
        # No word is written: the model only says how likely each one is.
        model.meter.record(ModelCall("answerable", model.name, sent, 0, ended="stop", seconds=seconds), admission)
        return found[0] / sum(found) if found and sum(found) > 0 else None

    return ask
