"""Fit what makes a phrase a short answer: ``python -m tests.benchmarks.fitting.short_answers --llm local``.

On SQuAD 2.0, the articles for fitting: which phrase of the evidence is right, and which phrase of the weak model. It
prints the values for ``short_answers`` of the scoring file, and what they reach across articles that were left out.
``--limit N`` takes N questions, ``--proposed M`` asks the model M of them; without a model its values stay.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Sequence
from dataclasses import asdict, fields
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from rag.answering.options import AnswerOptions
from rag.answering.short_answers.asked import read_asked
from rag.answering.short_answers.choice import candidates
from rag.answering.short_answers.features import PhraseFeatures, ProposalFeatures
from rag.answering.short_answers.weak_answer import GIVEN, describe_proposal
from rag.answering.writers.weak import ask_for_phrase
from rag.models.llm.opening import open_llm
from rag.planning.planner import make_plan
from rag.prompts import read_prompt
from rag.retrieval.answerability import tentative_of, threshold_of
from rag.retrieval.search import SearchOptions, search_and_select
from tests.benchmarks import squad2
from tests.benchmarks.short_answers import is_right

# The inverse of the strength of the regularisation, on features of unit variance.
_C = 0.3
# A phrase is shown where nine in ten are right.
_RIGHT = 0.9


def fit_logistic(
    features: type, rows: Sequence[Any], right: Sequence[bool], groups: Sequence[str], questions: Sequence[int]
) -> tuple[dict[str, float], float, float]:
    """The coefficients; the least probability with nine in ten right across articles; how many questions reach it."""
    names = [field.name for field in fields(features)]
    x = np.array([[getattr(row, name) for name in names] for row in rows])
    y = np.array(right)
    mean, deviation = x.mean(axis=0), x.std(axis=0) + 1e-9
    scaled = (x - mean) / deviation
    found = np.zeros(len(y))
    for train, test in GroupKFold(len(set(groups))).split(scaled, y, groups):
        model = LogisticRegression(C=_C, max_iter=2000).fit(scaled[train], y[train])
        found[test] = model.predict_proba(scaled[test])[:, 1]
    best: dict[int, int] = {}
    for i, question in enumerate(questions):
        if question not in best or found[i] > found[best[question]]:
            best[question] = i
    order = sorted(best.values(), key=lambda i: -found[i])
    share = np.cumsum(y[order]) / np.arange(1, len(order) + 1)
    most = max((i for i in range(len(order)) if share[i] >= _RIGHT), default=0)
    model = LogisticRegression(C=_C, max_iter=2000).fit(scaled, y)
    coefficients = model.coef_[0] / deviation
    intercept = float(model.intercept_[0] - (coefficients * mean).sum())
    values = {"intercept": intercept, **dict(zip(names, map(float, coefficients), strict=True))}
    return {name: round(value, 2) for name, value in values.items()}, round(float(found[order[most]]), 2), most + 1


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--llm", default="none", metavar="SPEC")
    parser.add_argument("--limit", type=int, default=600, metavar="N")
    parser.add_argument("--proposed", type=int, default=150, metavar="M")
    options = parser.parse_args()
    index = squad2.build("fit")
    answering = AnswerOptions.of(index.settings)
    search = SearchOptions(answering.passages, (), threshold_of(index, None), tentative_of(index, None))
    limits = index.scoring.short_answers
    cases = [case for case in squad2.cases("fit") if case.gold]
    random.Random(7).shuffle(cases)
    model = open_llm(options.llm, index.settings)
    prompt = read_prompt("answer_small", index.settings.prompts)
    phrases: list[tuple[PhraseFeatures, bool, str, int]] = []
    proposals: list[tuple[ProposalFeatures, bool, str, int]] = []
    for number, case in enumerate(cases[: options.limit]):
        planned = make_plan(index, case.question)
        selected = search_and_select(index, planned.plan, search)
        asked = read_asked(selected.question, planned.question.answer_type)
        for one in candidates(asked, selected.evidence, selected.confidence, limits.phrase):
            phrases.append((one.features, is_right(one.text, case.gold), case.article, number))
        if model and number < options.proposed and selected.evidence:
            spans = [item.span for item in selected.evidence[:GIVEN]]
            draft = "".join(ask_for_phrase(model, prompt, selected.question, spans)[1])
            described = describe_proposal(asked, draft, selected.evidence, selected.confidence)
            if described:
                item, phrase, features = described
                text = item.span.quote[phrase.start : phrase.end]
                proposals.append((features, is_right(text, case.gold), case.article, number))
    values = asdict(limits)
    for name, least, features, found in (
        ("phrase", "least", PhraseFeatures, phrases),
        ("proposal", "proposal_least", ProposalFeatures, proposals),
    ):
        if found:
            rows, right, groups, questions = zip(*found, strict=True)
            values[name], values[least], shown = fit_logistic(features, rows, right, groups, questions)
            asked_of = options.limit if name == "phrase" else min(options.limit, options.proposed)
            print(f"{name}: {shown} of {asked_of} shown with {_RIGHT:.0%} right across articles")
    print(json.dumps({"short_answers": values}, indent=2))
    if model:
        model.close()


if __name__ == "__main__":
    main()
