"""Whether the documents answer a question: on ClapNQ's answerable questions and near misses.

A logistic regression with a fixed L2 penalty on standardised features. Its coefficients take the place of today's only
when they beat them by the rule: score of a question is its log loss, negated, both kinds of questions counting the
same. Each question is scored by coefficients that were fitted without it (ten folds, every tenth question), so that the
new ones do not win by having seen it. Then the threshold: score of a question is whether it is rightly answered or
rightly refused, among thresholds that refuse at most a tenth of the answerable ones.
"""

from __future__ import annotations

from dataclasses import astuple

import numpy as np
import numpy.typing as npt

from rag.retrieval.answerability import Features, confidence, features
from rag.retrieval.calibration import FALSE_REFUSALS, auroc
from rag.retrieval.search import missing_words
from rag.scoring.file import DataSet, value_paths
from rag.scoring.values import Answerability, Coefficients, Scoring
from tests.benchmarks.fitting.clapnq import ANSWERABLE, NEAR_MISSES, indexed, ranked
from tests.benchmarks.fitting.kept import files_of, kept
from tests.benchmarks.fitting.rule import Strata, choose, fit_group

# The inverse of the strength of the penalty.
_C = 1.0
_FOLDS = 10
THRESHOLDS = tuple(step / 20 for step in range(1, 20))

Rows = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


def fit_logistic(rows: Rows, answerable: Flags, threshold: float) -> Answerability:
    """The coefficients for features as they are, of a regression on standardised ones; rounded to one decimal."""
    from sklearn.linear_model import LogisticRegression

    mean, deviation = rows.mean(axis=0), rows.std(axis=0)
    deviation[deviation == 0] = 1.0
    model = LogisticRegression(C=_C, tol=1e-8, max_iter=10_000).fit((rows - mean) / deviation, answerable)
    coefficients = model.coef_[0] / deviation
    intercept = float(model.intercept_[0]) - float(coefficients @ mean)
    rounded = [round(float(value), 1) for value in coefficients]
    return Answerability(round(intercept, 1), Coefficients(*rounded), threshold)


def confidences(rows: Rows, model: Answerability) -> Rows:
    return np.array([confidence(Features(*row), model) for row in rows.tolist()])


def cross_fitted(rows: Rows, answerable: Flags) -> Rows:
    """The confidence in each question, by coefficients that were fitted without it."""
    found = np.zeros(len(rows))
    # The two kinds stand one after the other; every tenth of each goes into one fold.
    fold = np.zeros(len(rows), dtype=int)
    for kind in (True, False):
        fold[answerable == kind] = np.arange(np.count_nonzero(answerable == kind)) % _FOLDS
    for number in range(_FOLDS):
        held_out = fold == number
        if held_out.any():
            found[held_out] = confidences(rows[held_out], fit_logistic(rows[~held_out], answerable[~held_out], 0.5))
    return found


def log_loss(found: Rows, answerable: Flags) -> Strata:
    """The log of the probability that each question's kind was given."""
    right = np.clip(np.where(answerable, found, 1 - found), 1e-6, 1.0)
    return np.log(right[answerable]), np.log(right[~answerable])


def rightly_treated(found: Rows, answerable: Flags, threshold: float) -> Strata:
    """1 for each question that is rightly answered or refused; nothing is right where too many are refused."""
    answered = found >= threshold
    allowed = 1 - answered[answerable].mean() <= FALSE_REFUSALS
    return (answered[answerable] & allowed).astype(float), (~answered[~answerable] & allowed).astype(float)


def fit(present: Scoring) -> tuple[Answerability, list[DataSet]]:
    rows, answerable = _features(present)
    model = fit_model(rows, answerable, present.answerability)
    found = confidences(rows, model)
    answered = found >= model.threshold
    figures = {
        "auroc": auroc(found.tolist(), answerable.tolist()) or 0.0,
        "log loss": -float(np.mean([part.mean() for part in log_loss(found, answerable)])),
        "answerable refused": float(1 - answered[answerable].mean()),
        "near misses refused": float(1 - answered[~answerable].mean()),
    }
    rounded = {name: round(figure, 4) for name, figure in figures.items()}
    paths = tuple(f"answerability.{path}" for path in value_paths(model))
    return model, [
        DataSet("ClapNQ dev, answerable and near misses", files_of(ANSWERABLE, NEAR_MISSES), len(rows), paths, rounded)
    ]


def fit_model(rows: Rows, answerable: Flags, present: Answerability) -> Answerability:
    """Today's coefficients or new ones, and then the threshold."""
    strata = {
        False: log_loss(confidences(rows, present), answerable),
        True: log_loss(cross_fitted(rows, answerable), answerable),
    }
    if choose((False, True), False, strata.__getitem__):
        present = fit_logistic(rows, answerable, present.threshold)
    found = confidences(rows, present)
    return fit_group(present, {"threshold": THRESHOLDS}, lambda m: rightly_treated(found, answerable, m.threshold))


def _features(present: Scoring) -> tuple[Rows, Flags]:
    def make() -> list[list[list[float]]]:
        return [
            [list(astuple(_features_of(case.question))) for case in cases] for cases in (answerable, near_misses)
        ]

    def _features_of(question: str) -> Features:
        passages, evidence = ranked(index, question)
        return features(index, question, passages, evidence, missing_words(question, passages)[1])

    with indexed(present) as (index, answerable, near_misses):
        before = (present.fusion, present.evidence)
        found = kept("clapnq-features", [index.encoder.fingerprint, files_of(ANSWERABLE, NEAR_MISSES), before], make)
    rows = np.array([row for kind in found for row in kind])
    return rows, np.array([True] * len(found[0]) + [False] * len(found[1]))


