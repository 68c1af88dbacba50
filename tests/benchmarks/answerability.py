"""Does the confidence tell questions that the documents answer from those that they do not, and which band is each in?

On SQuAD 2.0, the articles that nothing was fitted on, in one index, and on ClapNQ, whose near misses have their passage
in the corpus. ``--llm local`` also asks the default model where the confidence leaves it open, ``--limit N`` asks N
questions of each kind and set, spread over all. ``--fit`` asks the model for every question, on the articles for
fitting, and prints the coefficients of ``WithModel`` and what they gain across articles.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from rag.answering.answerable import open_ask_model
from rag.models.llm.model import Model
from rag.models.llm.opening import open_llm
from rag.planning.planner import make_plan
from rag.retrieval.answerability import log_odds, tentative_of, threshold_of
from rag.retrieval.calibration import DOUBTED, auroc
from rag.retrieval.search import SearchOptions, search_and_select
from rag.store.index import Index
from rag.types import Band, Evidence
from tests.benchmarks import clapnq, data, squad2


@dataclass(frozen=True)
class Asked:
    """A question, where it is from, whether the documents answer it, and what became of it."""

    question: str
    article: str
    answerable: bool
    confidence: float = 0.0
    band: Band = "refused"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--llm", default="none")
    parser.add_argument("--limit", type=int, default=10_000, help="questions of each kind and set")
    parser.add_argument("--set", choices=("squad2", "clapnq"), help="only this set")
    parser.add_argument("--fit", action="store_true", help="fit what joins the model with the confidence")
    options = parser.parse_args()
    model = open_llm(options.llm, data.bench_settings())
    if options.fit:
        fit(model, options.limit)
        return
    if options.set != "clapnq":
        asked = [Asked(case.question, case.article, bool(case.gold)) for case in squad2.cases("report")]
        report("SQuAD 2.0, articles not fitted on", ask(squad2.build("report"), spread(asked, options.limit), model))
    if options.set != "squad2":
        index, cases = clapnq.build()
        answerable = [case for case in cases[: clapnq.answerable_total()] if case.gold]
        near_misses = cases[clapnq.answerable_total() :]
        asked = [Asked(case.question, "", bool(case.gold)) for case in (*answerable, *near_misses)]
        report("ClapNQ dev (fitted on)", ask(index, spread(asked, options.limit), model))
    if model:
        model.close()


def spread(asked: Sequence[Asked], limit: int) -> list[Asked]:
    """At most ``limit`` of each kind, at equal distances."""
    chosen = []
    for answerable in (True, False):
        kind = [one for one in asked if one.answerable is answerable]
        count = min(limit, len(kind))
        chosen.extend(kind[number * len(kind) // count] for number in range(count))
    return chosen


def ask(index: Index, asked: Sequence[Asked], model: Model | None) -> list[Asked]:
    """The same questions with the confidence and the band that the index has for each."""
    options = SearchOptions(threshold=threshold_of(index), tentative=tentative_of(index))
    ask_model = open_ask_model(model, index.settings)
    calls, seconds = 0, 0.0

    def counted(*arguments):
        nonlocal calls, seconds
        started = time.perf_counter()
        found = ask_model(*arguments)
        calls, seconds = calls + 1, seconds + time.perf_counter() - started
        return found

    results = []
    with index:
        for one in asked:
            plan = make_plan(index, one.question).plan
            found = search_and_select(index, plan, options, ask_model=counted if ask_model else None)
            results.append(Asked(one.question, one.article, one.answerable, found.confidence, found.band))
    if calls:
        print(f"the model was asked for {calls} of {len(asked)}, {seconds / calls:.2f} s each")
    return results


def report(name: str, asked: Sequence[Asked]) -> None:
    print(
        f"\n{name}: {sum(one.answerable for one in asked)} answerable, {sum(not one.answerable for one in asked)} not"
    )
    print(f"AUROC {area(asked):.3f}")
    by_article = defaultdict(list)
    for one in asked:
        by_article[one.article].append(one)
    areas = {article: area(each) for article, each in by_article.items()}
    if len(areas) > 1:
        mean, deviation = statistics.mean(areas.values()), statistics.stdev(areas.values())
        print(f"  by article: mean {mean:.3f}, standard deviation {deviation:.3f}")
        print(
            "  " + ", ".join(f"{article} {found:.3f}" for article, found in sorted(areas.items(), key=lambda a: a[1]))
        )
    for answerable in (True, False):
        bands = Counter(one.band for one in asked if one.answerable is answerable)
        shares = ", ".join(f"{band} {bands[band] / bands.total():.3f}" for band in ("sure", "tentative", "refused"))
        print(f"{'answerable' if answerable else 'unanswerable'}: {shares}")
    confidences = sorted(one.confidence for one in asked if one.answerable)
    edge = confidences[int(DOUBTED * len(confidences))]
    below = statistics.mean(one.confidence < edge for one in asked if not one.answerable)
    print(f"where {DOUBTED:.0%} of the answerable are doubted (below {edge:.3f}): {below:.3f} of the unanswerable")


def fit(model: Model | None, limit: int) -> None:
    """A logistic regression of the two log odds, and its AUROC over questions whose article was left out of it."""
    from sklearn.linear_model import LogisticRegression

    index = squad2.build("fit")
    ask_model = open_ask_model(model, index.settings)
    if ask_model is None:
        sys.exit("There is no weak model that shows its probabilities; name one with --llm, such as local.")
    said: list[float | None] = []

    def noted(question: str, evidence: Sequence[Evidence]) -> None:
        said.append(ask_model(question, evidence))

    always = replace(index.scoring.answerability.with_model, asked_from=0.0, asked_to=1.0)
    answerability = replace(index.scoring.answerability, with_model=always)
    index.scoring = replace(index.scoring, answerability=answerability)
    asked = spread([Asked(case.question, case.article, bool(case.gold)) for case in squad2.cases("fit")], limit)
    rows, articles, answerable = [], [], []
    with index:
        for one in asked:
            said.clear()
            plan = make_plan(index, one.question).plan
            found = search_and_select(index, plan, SearchOptions(), ask_model=noted)
            if said and said[0] is not None:
                rows.append([log_odds(found.confidence), log_odds(said[0])])
                articles.append(one.article)
                answerable.append(one.answerable)
    features, kinds, folds = np.array(rows), np.array(answerable), np.array(articles)
    held_out = np.zeros(len(rows))
    for article in sorted(set(articles)):
        fitted = LogisticRegression().fit(features[folds != article], kinds[folds != article])
        held_out[folds == article] = fitted.predict_proba(features[folds == article])[:, 1]
    whole = LogisticRegression().fit(features, kinds)
    print(f"{len(rows)} questions: intercept {whole.intercept_[0]:.2f}, coefficients {whole.coef_[0].round(2)}")
    for name, scores in (("confidence", features[:, 0]), ("likelihood", features[:, 1]), ("both", held_out)):
        print(f"  AUROC of the {name}: {auroc(scores.tolist(), answerable):.3f}")


def area(asked: Sequence[Asked]) -> float:
    return auroc([one.confidence for one in asked], [one.answerable for one in asked]) or 0.0


if __name__ == "__main__":
    main()
