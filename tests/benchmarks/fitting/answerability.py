"""Whether the documents answer a question: on ClapNQ's answerable questions and near misses, and on SQuAD 2.0's.

A logistic regression with a fixed L2 penalty on standardised features; both sets and both kinds of questions count the
same. With questions on other subjects (``off_topic``) there is a third set, of one kind. Its coefficients take the
place of today's only when they beat them by the rule: score of a question is its log loss, negated. Each question is
scored by coefficients that were fitted without it, so that the new ones do not win by having seen it: without its
article for SQuAD 2.0, in as many folds for ClapNQ. Then the two bounds of the bands, on the confidence. Below
``tentative`` a question is doubted, at most a tenth of the answerable ones; below ``threshold`` it is refused, at most
one in fifty. Score of a question is whether it is rightly left alone or rightly held back.

``WithModel`` is fitted by ``tests.benchmarks.answerability --fit``, which asks a language model.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from rag.retrieval.answerability import Features, confidence
from rag.retrieval.calibration import DOUBTED, FALSE_REFUSALS, auroc
from rag.scoring.file import DataSet, Move, value_paths
from rag.scoring.values import Answerability, Coefficients
from tests.benchmarks.fitting import off_topic, squad2
from tests.benchmarks.fitting.clapnq import ANSWERABLE, NEAR_MISSES, Found
from tests.benchmarks.fitting.kept import files_of
from tests.benchmarks.fitting.rule import Strata, choose, fit_group, mean_gain, move

# The inverse of the strength of the penalty.
_C = 1.0
TENTATIVE = tuple(step / 50 for step in range(1, 50))
THRESHOLDS = tuple(step / 100 for step in range(1, 51))
_NAMES = (
    "ClapNQ dev, answerable and near misses",
    "SQuAD 2.0 dev, articles for fitting",
    "ClapNQ dev and SQuAD 2.0 dev, articles for fitting, each asked of the other",
)

Rows = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Questions:
    """What is fitted on.

    Attributes:
        rows: The features of each question.
        answerable: Whether it can be answered.
        sets: The number of its set.
        folds: The number of its fold: what is in another one may fit the coefficients that score it.
    """

    rows: Rows
    answerable: Flags
    sets: npt.NDArray[np.int64]
    folds: npt.NDArray[np.int64]

    def only(self, chosen: Flags) -> Questions:
        """Some of the questions."""
        return Questions(self.rows[chosen], self.answerable[chosen], self.sets[chosen], self.folds[chosen])

    def strata(self) -> list[tuple[int, bool, Flags]]:
        """Each set and kind that it has: the number of the set, whether they can be answered, and which they are."""
        kinds = [
            (number, kind, (self.sets == number) & (self.answerable == kind))
            for number in sorted(set(self.sets.tolist()))
            for kind in (True, False)
        ]
        return [(number, kind, chosen) for number, kind, chosen in kinds if chosen.any()]


def questions_of(found: Found, rows: list[squad2.Row], strangers: Sequence[off_topic.Row] = ()) -> Questions:
    """ClapNQ's questions, of which every ninth goes into one fold, those of SQuAD 2.0, a fold an article, and others.

    The others are on other subjects than the documents that they were asked of.
    """
    articles = sorted({row.article for row in rows})
    counts = len(found.answerable_features), len(found.near_miss_features)
    folds = [number % max(1, len(articles)) for count in counts for number in range(count)]
    return Questions(
        np.array(
            [
                *found.answerable_features,
                *found.near_miss_features,
                *(row.features for row in rows),
                *(row.features for row in strangers),
            ]
        ),
        np.array(
            [True] * counts[0] + [False] * counts[1] + [row.answerable for row in rows] + [False] * len(strangers)
        ),
        np.array([0] * sum(counts) + [1] * len(rows) + [2] * len(strangers)),
        np.array(folds + [articles.index(row.article) for row in rows] + [row.fold for row in strangers]),
    )


def fit_logistic(questions: Questions, present: Answerability) -> Answerability:
    """The coefficients for features as they are, of a regression on standardised ones; rounded to one decimal."""
    from sklearn.linear_model import LogisticRegression

    rows = questions.rows
    weights = np.zeros(len(rows))
    strata = questions.strata()
    for _, _, chosen in strata:
        weights[chosen] = len(rows) / len(strata) / max(1, np.count_nonzero(chosen))
    mean, deviation = rows.mean(axis=0), rows.std(axis=0)
    deviation[deviation == 0] = 1.0
    model = LogisticRegression(C=_C, tol=1e-8, max_iter=10_000)
    model.fit((rows - mean) / deviation, questions.answerable, sample_weight=weights)
    coefficients = model.coef_[0] / deviation
    intercept = float(model.intercept_[0]) - float(coefficients @ mean)
    rounded = [round(float(value), 1) for value in coefficients]
    return replace(present, intercept=round(intercept, 1), coefficients=Coefficients(*rounded))


def confidences(rows: Rows, model: Answerability) -> Rows:
    return np.array([confidence(Features(*row), model) for row in rows.tolist()])


def cross_fitted(questions: Questions, present: Answerability) -> Rows:
    """The confidence in each question, by coefficients that were fitted without its fold."""
    found = np.zeros(len(questions.rows))
    for number in sorted(set(questions.folds.tolist())):
        held_out = questions.folds == number
        fitted = fit_logistic(questions.only(~held_out), present)
        found[held_out] = confidences(questions.rows[held_out], fitted)
    return found


def log_loss(found: Rows, questions: Questions) -> Strata:
    """The log of the probability that each question's kind was given."""
    right = np.log(np.clip(np.where(questions.answerable, found, 1 - found), 1e-6, 1.0))
    return tuple(right[chosen] for _, _, chosen in questions.strata())


def rightly_treated(found: Rows, questions: Questions, bound: float, most: float) -> Strata:
    """1 for each question on the right side of a bound; nothing is right where too many answerable ones are below it.

    The share of those is the mean of the sets.
    """
    below = found < bound
    strata = questions.strata()
    allowed = np.mean([below[chosen].mean() for _, kind, chosen in strata if kind]) <= most
    return tuple(((below[chosen] != kind) & allowed).astype(float) for _, kind, chosen in strata)


def fit(
    present: Answerability,
    found_for: Found,
    rows: list[squad2.Row],
    hold: bool,
    strangers: Sequence[off_topic.Row] = (),
) -> tuple[Answerability, list[DataSet], tuple[Move, ...]]:
    questions = questions_of(found_for, rows, strangers)
    model, moves = fit_model(questions, present, hold=hold)
    fits = tuple(f"answerability.{path}" for path in value_paths(model) if not path.startswith("with_model"))
    held_out = cross_fitted(questions, present)
    files = (files_of(ANSWERABLE, NEAR_MISSES), files_of(squad2.FILE), files_of(*off_topic.FILES))
    sets = [
        DataSet(_NAMES[number], files[number], int(np.count_nonzero(chosen)), fits, figures)
        for number in sorted(set(questions.sets.tolist()))
        for chosen in [questions.sets == number]
        for figures in [_figures(questions.only(chosen), model, held_out[chosen])]
    ]
    return model, sets, moves


def _figures(questions: Questions, model: Answerability, held_out: Rows) -> dict[str, float]:
    """What the model reaches on a set, and what is reached on questions whose fold was left out of the fit."""
    found, answerable = confidences(questions.rows, model), questions.answerable
    figures = {"log loss": -float(np.mean([part.mean() for part in log_loss(found, questions)]))}
    if len(set(answerable.tolist())) == 2:
        figures = {
            "auroc": auroc(found.tolist(), answerable.tolist()) or 0.0,
            "auroc, cross-fitted": auroc(held_out.tolist(), answerable.tolist()) or 0.0,
        } | figures
    for _, kind, chosen in questions.strata():
        name, of_kind = "answerable" if kind else "unanswerable", found[chosen]
        figures[f"{name} refused"] = float((of_kind < model.threshold).mean())
        figures[f"{name} refused or tentative"] = float((of_kind < model.tentative).mean())
    return {name: round(figure, 4) for name, figure in figures.items()}


def fit_model(questions: Questions, present: Answerability, *, hold: bool) -> tuple[Answerability, tuple[Move, ...]]:
    """Today's coefficients or new ones, and then the bounds; with ``hold`` what the rule would change."""
    moves: tuple[Move, ...] = ()
    strata = {
        False: log_loss(confidences(questions.rows, present), questions),
        True: log_loss(cross_fitted(questions, present), questions),
    }
    if choose((False, True), False, strata.__getitem__):
        fitted = fit_logistic(questions, present)
        if hold:
            moves = (move("answerability", present, fitted, *mean_gain(strata[True], strata[False])),)
        else:
            present = fitted
    found = confidences(questions.rows, present)

    def doubted(model: Answerability) -> Strata:
        return rightly_treated(found, questions, model.tentative, DOUBTED)

    def refused(model: Answerability) -> Strata:
        return rightly_treated(found, questions, model.threshold, FALSE_REFUSALS)

    chosen, of_tentative = fit_group("answerability", present, {"tentative": TENTATIVE}, doubted, hold=hold)
    chosen, of_threshold = fit_group("answerability", chosen, {"threshold": THRESHOLDS}, refused, hold=hold)
    return chosen, moves + of_tentative + of_threshold
