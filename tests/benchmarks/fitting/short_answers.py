"""Fit what makes a phrase a short answer: ``python -m tests.benchmarks.fitting.short_answers --llm local``.

On SQuAD 2.0, the articles for fitting: which phrase of the evidence is right, and which phrase of the weak model. Half
as many questions are near misses, of which no phrase is right. It prints the values for ``short_answers`` of the
scoring file, and what they reach across articles that were left out; without a model its values stay. ``--limit N``
takes N questions that have an answer, ``--proposed M`` asks the model M of them; what it wrote once is not asked again.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from rag.answering.options import AnswerOptions
from rag.answering.short_answers.asked import read_asked
from rag.answering.short_answers.choice import candidates
from rag.answering.short_answers.evidence_answer import FIGURES, NO_PHRASE, stated_answer
from rag.answering.short_answers.features import PhraseFeatures, ProposalFeatures, probability
from rag.answering.short_answers.types import Basis
from rag.answering.short_answers.weak_answer import GIVEN, describe_proposal
from rag.answering.writers.weak import ask_for_phrase, draft_of
from rag.models.llm.model import Model
from rag.models.llm.opening import open_llm
from rag.planning.planner import make_plan
from rag.prompts import read_prompt
from rag.retrieval.answerability import tentative_of, threshold_of
from rag.retrieval.search import SearchOptions, search_and_select
from rag.scoring.values import PhraseWeights, ShortAnswers
from rag.store.index import Index
from tests.benchmarks import squad2
from tests.benchmarks.drafts import remembering
from tests.benchmarks.short_answers import is_right

# The inverse of the strength of the regularisation, on features of unit variance.
_C = 0.3
# A phrase is shown where nine in ten are right.
_RIGHT = 0.9
# What a near miss weighs beside a question that has an answer: most questions that people ask have one.
_NEAR_MISS_WEIGHT = 0.5


@dataclass(frozen=True)
class Row:
    """A phrase that may be shown: of which question, its features, whether it is right and a figure is asked for."""

    number: int
    case: squad2.Case
    features: PhraseFeatures | ProposalFeatures
    right: bool
    figure: bool = False


def gathered(index: Index, limit: int) -> Iterator[tuple[squad2.Case, Basis]]:
    """Questions of the articles for fitting that are not refused, each third a near miss, with their evidence."""
    answering = AnswerOptions.of(index.settings)
    search = SearchOptions(answering.passages, (), threshold_of(index, None), tentative_of(index, None))
    cases = list(squad2.cases("fit"))
    random.Random(7).shuffle(cases)
    answered, near_misses = [case for case in cases if case.gold], [case for case in cases if not case.gold]
    for number in range(limit):
        for case in (answered[number], *([near_misses[number // 2]] if number % 2 else [])):
            planned = make_plan(index, case.question)
            selected = search_and_select(index, planned.plan, search)
            skipped = (*NO_PHRASE, "yes-no")
            if selected.band != "refused" and planned.question.kind not in skipped:
                yield (
                    case,
                    Basis(
                        planned.question,
                        selected.question,
                        selected.evidence,
                        selected.confidence,
                        selected.band != "sure",
                    ),
                )


def rows_of(
    index: Index, model: Model | None, limit: int, proposed: int, limits: ShortAnswers
) -> tuple[list[Row], list[Row]]:
    """The phrases of the evidence, and those that the model proposes."""
    prompt = read_prompt("answer_small", index.settings.prompts)
    phrases: list[Row] = []
    proposals: list[Row] = []
    for number, (case, basis) in enumerate(gathered(index, limit)):
        if stated_answer(basis):
            continue
        asked = read_asked(basis.question, basis.asked)
        for one in candidates(asked, basis.evidence, basis.confidence, limits.phrase):
            is_figure = basis.question.answer_type in FIGURES
            phrases.append(Row(number, case, one.features, is_right(one.text, case.gold), is_figure))
        if model and number < proposed + proposed // 2:
            spans = [item.span for item in basis.evidence[:GIVEN]]
            draft = draft_of(list(ask_for_phrase(model, prompt, basis.asked, spans)[1]))
            if described := describe_proposal(basis, draft):
                item, phrase, features = described
                text = item.span.quote[phrase.start : phrase.end]
                proposals.append(Row(number, case, features, is_right(text, case.gold)))
    return phrases, proposals


def fit_logistic(rows: Sequence[Row]) -> tuple[dict[str, float], float, float, str]:
    """The coefficients; the least probabilities where an answer is sure and where it is tentative; what they reach."""
    names = [field.name for field in fields(type(rows[0].features))]
    x = np.array([[getattr(row.features, name) for name in names] for row in rows])
    right = np.array([row.right for row in rows])
    has_answer = np.array([bool(row.case.gold) for row in rows])
    weights = np.where(has_answer, 1.0, _NEAR_MISS_WEIGHT)
    articles = [row.case.article for row in rows]
    mean, deviation = x.mean(axis=0), x.std(axis=0) + 1e-9
    scaled = (x - mean) / deviation
    found = np.zeros(len(rows))
    for train, test in GroupKFold(len(set(articles))).split(scaled, right, articles):
        model = LogisticRegression(C=_C, max_iter=2000).fit(scaled[train], right[train], weights[train])
        found[test] = model.predict_proba(scaled[test])[:, 1]
    # The likeliest phrase of each question.
    best: dict[int, int] = {}
    for i, row in enumerate(rows):
        if row.number not in best or found[i] > found[best[row.number]]:
            best[row.number] = i
    chosen = np.array(sorted(best.values(), key=lambda i: -found[i]))
    least = _least(found, right, chosen[has_answer[chosen]])
    tentative = max(least, _least(found, right, chosen))
    shown = [i for i in chosen if found[i] >= least]
    of_answer = [i for i in shown if has_answer[i]]
    share = np.mean(right[of_answer]) if of_answer else 0.0
    reached = (
        f"shown for {len(of_answer)} questions that have an answer with {share:.2f} right, "
        f"and for {len(shown) - len(of_answer)} near misses"
    )
    model = LogisticRegression(C=_C, max_iter=2000).fit(scaled, right, weights)
    coefficients = model.coef_[0] / deviation
    intercept = float(model.intercept_[0] - (coefficients * mean).sum())
    values = {"intercept": intercept, **dict(zip(names, map(float, coefficients), strict=True))}
    return {name: round(value, 2) for name, value in values.items()}, least, tentative, reached


def least_of_figures(rows: Sequence[Row], weights: PhraseWeights) -> float:
    """The least probability from which on nine in ten dates and amounts are right; a near miss is half a wrong one."""
    best: dict[int, tuple[float, Row]] = {}
    for row in rows:
        likely = probability(row.features, weights)
        if row.figure and (row.number not in best or likely > best[row.number][0]):
            best[row.number] = likely, row
    least, right, total = 1.0, 0.0, 0.0
    for likely, row in sorted(best.values(), key=lambda one: -one[0]):
        right += row.right
        total += 1.0 if row.case.gold else _NEAR_MISS_WEIGHT
        if right >= _RIGHT * total:
            least = likely
    return round(least, 2)


def _least(found: np.ndarray, right: np.ndarray, order: np.ndarray) -> float:
    """The least probability at and above which nine in ten are right; 1 where there is none."""
    share = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    enough = np.flatnonzero(share >= _RIGHT)
    return round(float(found[order[enough[-1]]]), 2) if len(enough) else 1.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--llm", default="none", metavar="SPEC")
    parser.add_argument("--limit", type=int, default=300, metavar="N")
    parser.add_argument("--proposed", type=int, default=80, metavar="M")
    options = parser.parse_args()
    index = squad2.build("fit")
    limits = index.scoring.short_answers
    model = open_llm(options.llm, index.settings)
    phrases, proposals = rows_of(index, remembering(model), options.limit, options.proposed, limits)
    values = asdict(limits)
    for name, least, rows, asked in (
        ("phrase", "least", phrases, options.limit),
        ("proposal", "proposal_least", proposals, min(options.limit, options.proposed)),
    ):
        if rows:
            values[name], values[least], values[f"{least}_tentative"], reached = fit_logistic(rows)
            print(f"{name}: of {asked} questions with an answer and half as many near misses {reached}")
    if phrases:
        values["least_figure"] = least_of_figures(phrases, PhraseWeights(**values["phrase"]))
    print(json.dumps({"short_answers": values}, indent=2))
    if model:
        model.close()


if __name__ == "__main__":
    main()
