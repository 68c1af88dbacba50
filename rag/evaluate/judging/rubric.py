"""Criteria that a suite writes down, graded by a judge.

Owns: the prompt of a rubric, and reading its reply strictly: one JSON object with a score and a reason for each
criterion. What an answer or a document says stands in the prompt as JSON strings, so that it can end no part of it.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, NoReturn

from rag.evaluate.judging.asking import PatientModel
from rag.evaluate.judging.judge import AskVerdicts, Judged, JudgeError, Verdict
from rag.evaluate.metrics.table import JUDGED
from rag.evaluate.types import Criterion
from rag.prompts import Prompt

# A reply in a fence of code, as many models write JSON.
_FENCE = re.compile(r"```(?:json)?\s*\n(.*)\n```", re.DOTALL | re.IGNORECASE)
_SHOWN = 80


def metric_of(criterion: Criterion) -> str:
    """Return the name of the figure of a criterion."""
    return JUDGED + criterion.name


def rubric_question(
    model: PatientModel, rubric: Sequence[Criterion], prompt: Prompt
) -> tuple[tuple[str, ...], AskVerdicts]:
    """Return the question for all criteria at once.

    Args:
        model: The judge's model.
        rubric: The criteria, at least one.
        prompt: The prompt ``rubric``.

    Returns:
        The names of the figures, and what asks for them.
    """

    def ask(judged: Judged) -> Mapping[str, Verdict | JudgeError]:
        asked = [one for one in rubric if not one.tags or set(one.tags) & set(judged.case.tags)]
        verdicts: dict[str, Verdict | JudgeError] = {metric_of(one): Verdict(None) for one in rubric}
        if not asked:
            return verdicts
        reply = model.ask_prompt(*filled(prompt, asked, judged))
        return verdicts | read_grades(reply, asked)

    return tuple(map(metric_of, rubric)), ask


def filled(prompt: Prompt, criteria: Sequence[Criterion], judged: Judged) -> tuple[str, str]:
    """Return the system and the user message that ask for grades.

    Args:
        prompt: The prompt ``rubric``.
        criteria: What is asked for.
        judged: The answer.

    Returns:
        Both messages; each text from outside is one JSON string on one line.
    """
    return prompt.fill(
        criteria="\n".join(_described(one) for one in criteria),
        question=_quoted(judged.question),
        reference=_quoted(judged.case.answers[0] if judged.case.answers else ""),
        evidence=_quoted(list(judged.contexts)),
        answer=_quoted(judged.answer),
    )


def rubric_id(rubric: Sequence[Criterion]) -> str:
    """Return the first 8 digits of the SHA-256 of criteria, by which two runs are told apart."""
    return hashlib.sha256(json.dumps([asdict(one) for one in rubric], sort_keys=True).encode()).hexdigest()[:8]


def read_grades(reply: str, criteria: Sequence[Criterion]) -> dict[str, Verdict | JudgeError]:
    """Read the grades of a reply.

    Args:
        reply: The whole reply.
        criteria: What was asked for.

    Returns:
        By the name of its figure the verdict on each criterion, its score moved from the scale to 0…1; a JudgeError
        where the reply has no score on the scale for it.

    Raises:
        JudgeError: The reply is no JSON object, or has keys that no criterion has.
    """
    grades = _object_of(reply)
    names = {one.name for one in criteria}
    if unknown := sorted(set(grades) - names):
        raise JudgeError(f"The judge's reply has the key {unknown[0][:_SHOWN]!r}, which is no criterion.")
    return {metric_of(one): _grade(grades.get(one.name), one) for one in criteria}


def _grade(grade: Any, criterion: Criterion) -> Verdict | JudgeError:
    score = grade.get("score") if isinstance(grade, Mapping) else grade
    reason = grade.get("reason", "") if isinstance(grade, Mapping) else ""
    if score is None:
        return JudgeError(f"The judge gave no score for {criterion.name!r}.")
    if isinstance(score, bool) or not isinstance(score, int | float) or not math.isfinite(score):
        return JudgeError(f"The judge's score for {criterion.name!r} is no number: {json.dumps(score)[:_SHOWN]}.")
    if not criterion.low <= score <= criterion.high:
        return JudgeError(
            f"The judge's score for {criterion.name!r} is {score:g} and its scale is {criterion.low} to "
            f"{criterion.high}."
        )
    value = (score - criterion.low) / (criterion.high - criterion.low)
    return Verdict(value, reason if isinstance(reason, str) else "")


def _object_of(reply: str) -> dict[str, Any]:
    """Return the JSON object that a reply is, alone or in a fence."""
    text = reply.strip()
    if not text:
        raise JudgeError("The judge's reply is empty.")
    fenced = _FENCE.fullmatch(text)
    try:
        data = json.loads(fenced[1] if fenced else text, parse_constant=_refuse, object_pairs_hook=_unique)
    except (ValueError, RecursionError):
        shown = " ".join(text.split())[:_SHOWN]
        raise JudgeError(f"The judge's reply is no JSON object: “{shown}”.") from None
    if not isinstance(data, dict):
        raise JudgeError("The judge's reply is no JSON object.")
    return data


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object; one key twice could be a second opinion that an answer wrote."""
    data = dict(pairs)
    if len(data) < len(pairs):
        raise ValueError("a key twice")
    return data


def _described(criterion: Criterion) -> str:
    return f"- {criterion.name} (from {criterion.low} to {criterion.high}): {_quoted(criterion.text)}"


def _quoted(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
