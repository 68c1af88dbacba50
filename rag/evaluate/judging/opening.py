"""Make a judge of a language model.

Owns: which questions a judge is asked. Knows nothing about runs.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rag.evaluate.judging.asking import Backoff, PatientModel
from rag.evaluate.judging.evaluators import METRICS, evaluator_questions
from rag.evaluate.judging.judge import Judge
from rag.evaluate.judging.rubric import metric_of, rubric_id, rubric_question
from rag.evaluate.types import Criterion
from rag.models.llm.model import Model
from rag.prompts import read_prompt

_PATIENT = Backoff()


def make_judge(
    model: Model,
    rubric: Sequence[Criterion] = (),
    prompts: Path | None = None,
    backoff: Backoff = _PATIENT,
) -> Judge:
    """Return a judge of answers.

    Args:
        model: The language model that judges; its meter counts what it takes.
        rubric: The criteria of the suite.
        prompts: A folder of the user's with prompts that replace those that ship.
        backoff: How patiently it is asked.

    Returns:
        The judge.

    Raises:
        UsageError: The prompt of a rubric is wrong.
    """
    patient = PatientModel(model, backoff)
    questions = list(evaluator_questions(patient))
    description = {}
    if rubric:
        prompt = read_prompt("rubric", prompts)
        questions.append(rubric_question(patient, rubric, prompt))
        description = {"rubric": rubric_id(rubric), "prompt": prompt.id}
    return Judge(model.name, (*METRICS, *map(metric_of, rubric)), questions, description)
