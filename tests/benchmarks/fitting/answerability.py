"""Whether the documents answer a question: on ClapNQ's answerable questions and near misses.

A logistic regression with a fixed L2 penalty on standardised features. Its coefficients take the place of today's only
when they beat them by the rule: score of a question is its log loss, negated, both kinds of questions counting the
same. Each question is scored by coefficients that were fitted without it (ten folds, every tenth question), so that the
new ones do not win by having seen it. Then the threshold: score of a question is whether it is rightly answered or
rightly refused, among thresholds that refuse at most a tenth of the answerable ones.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from rag.retrieval.answerability import Features, confidence
from rag.retrieval.calibration import FALSE_REFUSALS, auroc
from rag.scoring.file import DataSet, Move, value_paths
from rag.scoring.values import Answerability, Coefficients
from tests.benchmarks.fitting.clapnq import ANSWERABLE, NEAR_MISSES, Found
from tests.benchmarks.fitting.kept import files_of
from tests.benchmarks.fitting.rule import Strata, choose, fit_group, mean_gain, move

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
    return Answerability(round(intercept, 1), Coefficients(*rounded), threshold, threshold)


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


def fit(present: Answerability, found_for: Found, hold: bool) -> tuple[Answerability, list[DataSet], tuple[Move, ...]]:
    rows = np.array([*found_for.answerable_features, *found_for.near_miss_features])
    answerable = np.arange(len(rows)) < len(found_for.answerable_features)
    model, moves = fit_model(rows, answerable, present, hold=hold)
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
    sets = [
        DataSet("ClapNQ dev, answerable and near misses", files_of(ANSWERABLE, NEAR_MISSES), len(rows), paths, rounded)
    ]
    return model, sets, moves


def fit_model(
    rows: Rows, answerable: Flags, present: Answerability, *, hold: bool
) -> tuple[Answerability, tuple[Move, ...]]:
    """Today's coefficients or new ones, and then the threshold; with ``hold`` what the rule would change."""
    moves: tuple[Move, ...] = ()
    strata = {
        False: log_loss(confidences(rows, present), answerable),
        True: log_loss(cross_fitted(rows, answerable), answerable),
    }
    if choose((False, True), False, strata.__getitem__):
        fitted = fit_logistic(rows, answerable, present.threshold)
        if hold:
            moves = (move("answerability", present, fitted, *mean_gain(strata[True], strata[False])),)
        else:
            present = fitted
    found = confidences(rows, present)

    def score(model: Answerability) -> Strata:
        return rightly_treated(found, answerable, model.threshold)

    chosen, more = fit_group("answerability", present, {"threshold": THRESHOLDS}, score, hold=hold)
    return chosen, moves + more
