"""Fitting the scoring file: the rule by hand, and the whole script on a data set that one can read."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass, fields, replace
from pathlib import Path

import numpy as np
import pytest

import rag.store.index
from rag.scoring.file import (
    DataSet,
    Move,
    parse_scoring_file,
    read_scoring_file,
    scoring_file_text,
    shipped_files,
    shipped_scoring,
    value_paths,
)
from rag.scoring.values import Coefficients, Scoring
from rag.verify.verdict import support_score
from tests.benchmarks import data, fit_scoring, squad2
from tests.benchmarks import support as support_benchmark
from tests.benchmarks.fitting import answerability, fusion, rule, support
from tests.benchmarks.fitting.sentences import word_f1
from tests.fakes import WordEncoder

# -- the rule ----------------------------------------------------------------------------------------------------------


def strata(*values: float) -> rule.Strata:
    return (np.array(values),)


def test_a_gain_is_paired_and_each_stratum_counts_the_same() -> None:
    # Differences 1, 0, 0, 1: mean 0.5, variance 1/3, standard error sqrt(1/12).
    assert rule.mean_gain(strata(1, 0, 1, 1), strata(0, 0, 1, 0)) == pytest.approx((0.5, (1 / 12) ** 0.5))
    # The second stratum differs by 0 without variance: half of both.
    constant = np.array([1.0, 1.0])
    gain, error = rule.mean_gain((*strata(1, 0, 1, 1), constant), (*strata(0, 0, 1, 0), constant))
    assert (gain, error) == pytest.approx((0.25, (1 / 12) ** 0.5 / 2))


def test_placements_are_the_shares_below_and_above() -> None:
    of_positives, of_negatives = rule.placements(np.array([3.0, 1.0, 1.0, 0.0]), np.array([True, True, False, False]))
    assert of_positives.tolist() == [1.0, 0.75]
    assert of_negatives.tolist() == [0.75, 1.0]


def test_the_value_of_today_stays_unless_it_is_beaten_by_more_than_an_error() -> None:
    scores = {
        "today": strata(0.5, 0.5, 0.5, 0.5),
        # Better by 0.25 on average, with a standard error of 0.25.
        "by chance": strata(1.5, 0.5, 0.5, 0.5),
        "surely": strata(0.7, 0.8, 0.7, 0.8),
    }
    assert rule.choose(["by chance"], "today", scores.__getitem__) == "today"
    assert rule.choose(["by chance", "surely"], "today", scores.__getitem__) == "surely"


def test_of_the_better_ones_the_first_within_an_error_of_the_best_is_taken() -> None:
    scores = {
        "today": strata(0.1, 0.1, 0.1, 0.1),
        "simple": strata(0.7, 0.8, 0.9, 0.8),
        "best": strata(0.8, 0.9, 0.8, 0.8),
    }
    assert rule.choose(["simple", "best"], "today", scores.__getitem__) == "simple"
    assert rule.choose(["best", "simple"], "today", scores.__getitem__) == "best"


@dataclass(frozen=True)
class Pair:
    bad: float
    good: float


def miss(pair: Pair) -> rule.Strata:
    """Best where ``bad`` is 2 and ``good`` is 1."""
    return strata(*(-abs(pair.bad - 2) - abs(pair.good - 1) + noise for noise in (0.0, 0.1, 0.2)))


def test_a_bad_value_moves_a_good_one_stays_and_a_second_fit_changes_nothing() -> None:
    grids = {"bad": (1.0, 2.0, 3.0), "good": (0.0, 1.0, 2.0)}
    fitted, moves = rule.fit_group("pair", Pair(9.0, 1.0), grids, miss, hold=False)
    assert (fitted, moves) == (Pair(2.0, 1.0), ())
    assert rule.fit_group("pair", fitted, grids, miss, hold=True) == (fitted, ())
    held, moves = rule.fit_group("pair", Pair(9.0, 1.0), grids, miss, hold=True)
    assert held == Pair(9.0, 1.0)
    assert [(one.values, one.gain) for one in moves] == [({"pair.bad": 2.0}, 7.0)]


# -- the groups --------------------------------------------------------------------------------------------------------


def test_the_parts_of_a_claims_score_make_the_score_of_the_product() -> None:
    claim = "In 1931 the long Lantern bridge of Skarholm opened with 28 cars on 5 May 1932."
    for quotes in (["The bridge opened in 1931."], [claim], ["Nothing."]):
        found = support.score(support.claim_features(claim, quotes), shipped_scoring().support.score)
        assert found == pytest.approx(support_score(claim, quotes), abs=1e-8)


def test_new_coefficients_must_beat_those_of_today() -> None:
    today = shipped_scoring().answerability
    random = np.random.default_rng(1)
    answerable = np.arange(60) < 30
    rows = random.normal(size=(60, len(fields(Coefficients)))) * 0.1
    # One feature alone tells the two kinds apart, and is what today's coefficients make least of.
    rows[:, 5] = np.where(answerable, 1.0, 0.0) + random.normal(size=60) * 0.1
    # Three of four are of one set, and there are five folds.
    questions = answerability.Questions(rows, answerable, (np.arange(60) % 4 == 0).astype(int), np.arange(60) % 5)
    fitted, moves = answerability.fit_model(questions, today, hold=False)
    assert fitted.coefficients.absent_names > 1 > today.coefficients.absent_names
    assert fitted.threshold <= fitted.tentative
    assert moves == ()
    # Fitted once, they stay.
    assert answerability.fit_model(questions, fitted, hold=False)[0] == fitted
    held, moves = answerability.fit_model(questions, today, hold=True)
    assert held == today
    assert moves[0].values["answerability.coefficients.absent_names"] == fitted.coefficients.absent_names


def test_at_most_a_share_of_the_answerable_is_below_a_bound() -> None:
    found = np.array([0.1, 0.5, 0.9, 0.2, 0.8, 0.1])
    answerable = np.array([True, True, True, True, False, False])
    questions = answerability.Questions(np.zeros((6, 1)), answerable, np.zeros(6, int), np.zeros(6, int))
    # One of four is below 0.15: rightly treated are the other three, and one of the unanswerable.
    right = answerability.rightly_treated(found, questions, 0.15, most=0.25)
    assert [each.tolist() for each in right] == [[0, 1, 1, 1], [0, 1]]
    assert not np.concatenate(answerability.rightly_treated(found, questions, 0.15, most=0.2)).any()


def test_only_the_answerability_of_a_file_is_fitted_anew() -> None:
    before = shipped_files()["all-minilm-l6-v2"]
    model = replace(before.scoring.answerability, threshold=0.5)
    fits = ("answerability.threshold",)
    changed = replace(before, scoring=replace(before.scoring, answerability=model))
    after = fit_scoring.with_group(
        changed, ("answerability.",), [DataSet("new", (), 1, fits, {})], [Move({fits[0]: 0.6}, 1, 0)]
    )
    assert after.scoring == changed.scoring
    of_group = [one.name for one in after.fitted if one.fits[0].startswith("answerability.")]
    assert of_group == ["new"]
    assert len(after.fitted) == len(before.fitted) - 1
    assert after.fitted[-1] == before.fitted[-1]
    assert [one.values for one in after.moves if "answerability.threshold" in one.values] == [{fits[0]: 0.6}]


def test_word_f1_by_hand() -> None:
    # Three of four words given, three of three wanted.
    assert word_f1(("The toll is 3",), ("the toll is",)) == pytest.approx(2 * 3 / 7)
    assert word_f1((), ("the toll",)) == 0


# -- the whole script --------------------------------------------------------------------------------------------------

TOPICS = (
    "bridge",
    "ferry",
    "toll",
    "keeper",
    "storm",
    "crowns",
    "metres",
    "cars",
    "harbour",
    "lamp",
    "market",
    "tower",
)


def lines(path: Path, rows: list[object]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def write_data(root: Path) -> None:
    """Five tiny data sets in the forms of the public ones."""
    facts = {topic: f"The {topic} of Skarholm was painted green in {1900 + at}." for at, topic in enumerate(TOPICS)}
    lines(root / "scifact" / "corpus.jsonl", [{"_id": topic, "title": topic, "text": facts[topic]} for topic in TOPICS])
    lines(root / "scifact" / "queries.jsonl", [{"_id": f"q{topic}", "text": f"painted {topic}"} for topic in TOPICS])
    (root / "scifact" / "qrels").mkdir()
    judged = "".join(f"q{topic}\t{topic}\t1\n" for topic in TOPICS)
    (root / "scifact" / "qrels" / "train.tsv").write_text(f"query-id\tcorpus-id\tscore\n{judged}")
    corpora = root / "chunking-eval" / "corpora"
    corpora.mkdir(parents=True)
    with (root / "chunking-eval" / "questions_df.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["question", "references", "corpus_id"])
        for at, name in enumerate(("chatlogs", "finance", "pubmed", "state_of_the_union", "wikitexts")):
            text = facts[TOPICS[at]]
            (corpora / f"{name}.md").write_text(f"{text}\n")
            rows.writerow(
                [f"When was the {TOPICS[at]} painted?", json.dumps([{"start_index": 0, "end_index": 20}]), name]
            )
    for kind in ("answerable", "unanswerable"):
        lines(
            root / "clapnq" / f"clapnq_dev_{kind}.jsonl",
            [
                {
                    "input": f"When was the {topic} painted?" if kind == "answerable" else f"Who ate {topic} and soup?",
                    "passages": [{"title": topic, "text": facts[topic], "sentences": [facts[topic]]}],
                    "output": [{"answer": facts[topic], "selected_sentences": [facts[topic]]}],
                }
                for topic in TOPICS
            ],
        )
    articles = [
        {
            "title": topic,
            "paragraphs": [
                {
                    "context": facts[topic],
                    "qas": [
                        {"id": "a", "question": f"When was the {topic} painted?", "answers": [{"text": "19"}]},
                        {"id": "b", "question": f"Who never ate {topic} soup?", "answers": []},
                    ],
                }
            ],
        }
        for topic in TOPICS
    ]
    (root / "squad2").mkdir()
    (root / "squad2" / "dev-half.json").write_text(json.dumps({"data": articles}), encoding="utf-8")
    # A claim lacks a word or a number of its source: only what a number costs tells which of the two is supported.
    lines(
        root / "wice" / "dev.jsonl",
        [
            {
                "claim": f"The {topic} of Skarholm was {word} green in 19{at:02} by {count} men.",
                "evidence": [f"The {topic} of Skarholm was painted green in 19{at:02} by {at + 3} men."],
                "supporting_sentences": [[0]],
                "label": "supported" if word == "coloured" else "not_supported",
            }
            for at, topic in enumerate(TOPICS)
            for word, count in (("coloured", at + 3), ("painted", at + 90))
        ],
    )


@pytest.fixture
def tiny(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write_data(tmp_path / "data")
    monkeypatch.setenv("FOOTNOTE_DATA", str(tmp_path / "data"))
    monkeypatch.setattr(rag.store.index, "open_encoder", lambda *_: WordEncoder())
    monkeypatch.setattr(fit_scoring, "open_encoder", lambda *_: WordEncoder())
    monkeypatch.setattr(data, "HOME", tmp_path / "cache")
    support_benchmark.wice_rows.cache_clear()
    squad2.cases.cache_clear()
    yield tmp_path
    support_benchmark.wice_rows.cache_clear()
    squad2.cases.cache_clear()


def started_with(scoring: Scoring, number_cost: float) -> Scoring:
    score = replace(scoring.support.score, number_cost=number_cost)
    return replace(scoring, support=replace(scoring.support, score=score))


@pytest.mark.slow
def test_the_script_moves_what_is_bad_keeps_what_is_good_and_writes_the_same_bytes(
    tiny: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = started_with(shipped_scoring(), number_cost=0.0)
    file = fit_scoring.fit(bad, hold=False)
    assert file.scoring.support.score == replace(bad.support.score, number_cost=0.1)
    assert file.scoring.fusion == bad.fusion
    held = fit_scoring.fit(bad, hold=True)
    assert held.scoring == bad
    assert {"support.score.number_cost": 0.1} in [one.values for one in held.moves]

    out = tiny / "out.json"
    fit_scoring.main(["--out", str(out)])
    first = out.read_bytes()
    assert parse_scoring_file(first.decode(), "out").scoring.encoder.fingerprint == WordEncoder().fingerprint
    # What was kept is computed anew.
    monkeypatch.setattr(data, "HOME", tiny / "another cache")
    fit_scoring.main(["--out", str(out)])
    assert out.read_bytes() == first
    assert [one.rows for one in parse_scoring_file(first.decode(), "out").fitted] == [12, 5, 12, 6, 24, 12, 24]
    assert scoring_file_text(parse_scoring_file(first.decode(), "out")).encode() == first


@pytest.mark.slow
def test_some_groups_of_a_model_without_a_file_are_fitted_and_the_others_taken_over(tiny: Path) -> None:
    out = tiny / "out.json"
    fit_scoring.main(["--only", "answerability", "--off-topic", "--out", str(out)])
    file = read_scoring_file(out)
    assert file.scoring.fusion == shipped_scoring().fusion
    assert file.scoring.encoder.fingerprint == WordEncoder().fingerprint
    assert [one.rows for one in file.fitted] == [24, 12, 36]
    # What is on another subject has one kind only: nothing of it can be answered.
    assert "unanswerable refused" in file.fitted[-1].figures
    assert "auroc" not in file.fitted[-1].figures
    assert file.script.endswith("--only answerability --off-topic")
    fitted = set(file.fitted[0].fits)
    for path in value_paths(file.scoring):
        assert (path in fitted) != (path in file.chosen or path.partition(".")[0] in file.chosen), path


def test_the_file_of_another_model_is_not_written_over(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fit_scoring, "SHIPPED", tiny)
    other = replace(shipped_files()["all-minilm-l6-v2"], moves=())
    (tiny / "words.json").write_text(scoring_file_text(other), encoding="utf-8")
    with pytest.raises(SystemExit, match="belongs to another fingerprint than fake-words"):
        fit_scoring.main([])
    assert read_scoring_file(tiny / "words.json") == other


def test_the_figures_of_a_ranking_by_hand() -> None:
    rows = [["a", "x.md", 0, 0, 10, 0.9, 3.0], ["b", "y.md", 0, 0, 10, 0.1, None], ["c", "x.md", 1, 10, 30, None, 1.0]]
    question = fusion.RankedQuestion(fusion._candidates(rows), {"y": 1}, ("x.md", [(5, 15)]))
    # The passages of x come first, so y is the second document: 1 / log2(3).
    assert fusion.ndcg(question, shipped_scoring().fusion) == pytest.approx(1 / np.log2(3))
    assert fusion.excerpt_recall(question, shipped_scoring().fusion) == 1.0
