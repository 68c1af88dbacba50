"""The metrics of one case: rankings against trec_eval's own code, everything else against numbers worked by hand."""

from __future__ import annotations

import json
import math
import os
import random
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ir_measures import AP, RR, P, Qrel, R, ScoredDoc, Success, iter_calc, nDCG

from rag.errors import UsageError
from rag.evaluate.metrics import abstention
from rag.evaluate.metrics.answer import contains, exact_match, plain_answer, rouge_l, token_f1
from rag.evaluate.metrics.latency import latencies
from rag.evaluate.metrics.measuring import measure, measure_failure, metric_value
from rag.evaluate.metrics.numbers import stated_numbers, states_number
from rag.evaluate.metrics.retrieval import character_measures, ranking_measures
from rag.evaluate.metrics.table import find_meaning, meanings, outside_meanings
from rag.evaluate.types import Case, ExpectedNumber, GoldEvidence, GoldSpan, Record
from rag.types import Answer, Citation, LeftOut, Passage, Sentence, Verdict
from tests.conftest import ROOT

DATA = Path(os.environ.get("FOOTNOTE_DATA", "data"))

#       0         1         2         3         4         5         6
#       0123456789012345678901234567890123456789012345678901234567890
TEXT = "The bridge is 412 metres long. The toll is 3 crowns for cars."


def passage(source: str, start: int, end: int, rank: int = 1, page: int | None = None, text: str = "") -> Passage:
    return Passage(f"{source}:{start}", source, f"id-{source}", "", start, end, text, "", page, rank, {"fused": 1.0})


def citation(start: int, end: int, number: int = 1, source: str = "a") -> Citation:
    return Citation(number, source, f"id-{source}", "", start, end, TEXT[start:end])


def answered(text: str = "", **fields: Any) -> Answer:
    return Answer("?", "?", answer=text, **fields)


def case(*answers: str, **fields: Any) -> Case:
    return Case("c", "?", answers=answers, **fields)


def by_score(scores: Mapping[str, float]) -> list[str]:
    """The items best first as trec_eval orders them: scores in single precision, ties by descending name."""
    single = {item: float(np.float32(score)) for item, score in scores.items()}
    return sorted(sorted(scores, reverse=True), key=lambda item: -single[item])


# -- rankings ----------------------------------------------------------------------------------------------------------

names = st.text("abcdé", min_size=1, max_size=3)


@settings(max_examples=200)
@given(
    st.dictionaries(names, st.sampled_from([0.0, 0.5, 0.5 + 1e-9, 1.0, -2.0]), min_size=1, max_size=15),
    st.dictionaries(names, st.integers(0, 3), min_size=1, max_size=8),
    st.integers(1, 12),
)
def test_rankings_are_measured_as_trec_eval_does(scores: dict[str, float], grades: dict[str, int], k: int) -> None:
    measures = ranking_measures(by_score(scores), grades, k)
    assert measures == pytest.approx(trec_eval({"q": scores}, {"q": grades}, k)["q"], abs=1e-9)


def test_scifact_is_measured_as_trec_eval_does() -> None:
    root = DATA / "scifact"
    if not root.is_dir():
        pytest.skip("SciFact is not on this machine")
    relevant: dict[str, dict[str, int]] = {}
    for line in (root / "qrels" / "test.tsv").read_text().splitlines()[1:]:
        query, document, grade = line.split("\t")
        relevant.setdefault(query, {})[document] = int(grade)
    documents = [json.loads(line)["_id"] for line in (root / "corpus.jsonl").read_text().splitlines()]
    chance = random.Random(5)
    # Few distinct scores make ties; half of the relevant documents are found.
    runs = {
        query: {
            document: float(chance.randint(0, 9))
            for document in [*chance.sample(documents, 60), *(d for d in judged if chance.random() < 0.5)]
        }
        for query, judged in relevant.items()
    }
    for k in (1, 3, 5, 10, 100):
        expected = trec_eval(runs, relevant, k)
        for query, scores in runs.items():
            assert ranking_measures(by_score(scores), relevant[query], k) == pytest.approx(expected[query], abs=1e-9)


def trec_eval(
    runs: Mapping[str, Mapping[str, float]], relevant: Mapping[str, Mapping[str, int]], k: int
) -> dict[str, dict[str, float]]:
    names = {
        Success @ k: "hit",
        R @ k: "recall",
        P @ k: "precision",
        # Not RR@k, which does not break ties as trec_eval does.
        RR: "mrr",
        AP @ k: "map",
        nDCG @ k: "ndcg",
    }
    qrels = [Qrel(query, item, grade) for query, grades in relevant.items() for item, grade in grades.items()]
    run = [ScoredDoc(query, item, score) for query, scores in runs.items() for item, score in scores.items()]
    measures: dict[str, dict[str, float]] = {query: {} for query in runs}
    for value in iter_calc(list(names), qrels, run):
        is_within_k = value.measure != RR or value.value >= 1 / k
        measures[value.query_id][names[value.measure]] = value.value if is_within_k else 0.0
    return measures


def test_a_ranking_worked_by_hand() -> None:
    # Relevant at ranks 2 and 4 of three relevant items.
    measures = ranking_measures(list("xaybz"), dict.fromkeys("abc", 1), 5)
    discounted = 1 / math.log2(3) + 1 / math.log2(5)
    ideal = 1 + 1 / math.log2(3) + 1 / 2
    assert measures == pytest.approx(
        {
            "hit": 1,
            "recall": 2 / 3,
            "precision": 2 / 5,
            "mrr": 1 / 2,
            "map": (1 / 2 + 2 / 4) / 3,
            "ndcg": discounted / ideal,
        }
    )
    assert set(ranking_measures(list("xa"), {}, 5).values()) == {0.0}


def test_documents_pages_and_passages_are_counted_apart() -> None:
    gold = [GoldSpan("a", 100, 120, page=2), GoldSpan("b", 0, 20, page=1)]
    passages = (
        passage("a", 0, 90, 1, page=1),
        passage("a", 90, 200, 2, page=1),  # runs on to page 2, and holds the first span
        passage("c", 0, 50, 3, page=1),
        passage("b", 0, 50, 4, page=1),
    )
    measures = measure(case("x"), gold, answered(passages=passages), ks=(1, 2, 3, 4))
    # Documents: a, c, b.
    assert [measures[f"recall@{k}/document"] for k in (1, 2, 3, 4)] == [0.5, 0.5, 1, 1]
    assert measures["mrr@4/document"] == 1
    assert measures["precision@4/document"] == 2 / 4
    # Pages: a 1, a 2, c 1, b 1.
    assert [measures[f"recall@{k}/page"] for k in (1, 2, 3, 4)] == [0, 0.5, 0.5, 1]
    assert measures["mrr@4/page"] == 0.5
    # Passages: the second and the fourth hold a span.
    assert [measures[f"hit@{k}/span"] for k in (1, 2, 3, 4)] == [0, 1, 1, 1]
    assert [measures[f"recall@{k}/span"] for k in (1, 2, 3, 4)] == [0, 0.5, 0.5, 1]
    assert measures["map@4/span"] == (1 / 2 + 2 / 4) / 2


def test_a_passage_with_all_the_evidence_is_a_perfect_ranking() -> None:
    gold = [GoldSpan("a", 0, 10), GoldSpan("a", 20, 30), GoldSpan("a", 20, 30)]
    measures = measure(case("x"), gold, answered(passages=(passage("a", 0, 40, 1), passage("a", 0, 40, 2))), ks=(1, 2))
    assert {measures[f"{name}@1/span"] for name in ("hit", "recall", "precision", "mrr", "map", "ndcg")} == {1.0}
    # The same words again bring nothing new.
    assert measures["precision@2/span"] == 0.5
    assert measures["ndcg@2/span"] == 1.0
    assert measures["hit@1/page"] is None, "gold has no pages"


def test_evidence_is_held_by_half_of_the_shorter() -> None:
    gold = [GoldSpan("a", 100, 120)]
    recalls = [
        measure(case("x"), gold, answered(passages=(passage("a", start, end),)), ks=(1,))["recall@1/span"]
        for start, end in ((0, 109), (0, 110), (111, 200), (105, 107), (0, 100))
    ]
    assert recalls == [0, 1, 0, 1, 0]
    elsewhere = measure(case("x"), gold, answered(passages=(passage("b", 0, 200),)), ks=(1,))
    assert elsewhere["recall@1/span"] == elsewhere["span_recall@1"] == 0


def test_characters_are_counted_as_chroma_does() -> None:
    gold = [GoldSpan("a", 10, 30), GoldSpan("b", 0, 20)]
    # 10…30 is read once and 20…30 twice; 15 of b's 20 characters are not read.
    passages = [passage("a", 0, 30), passage("a", 20, 40), passage("b", 15, 25), passage("c", 0, 100)]
    measures = character_measures(passages, gold, 3)
    covered, total, charged, unique = 25, 40, 60, 50
    assert measures == pytest.approx(
        {
            "span_recall": covered / total,
            "span_precision": covered / charged,
            "span_iou": covered / (charged + 15),
            "span_precision_unique": covered / unique,
            "span_iou_unique": covered / (unique + 15),
        }
    )
    assert character_measures(passages, gold, 4)["span_precision"] == covered / 160
    assert set(character_measures([], gold, 4).values()) == {0.0}


ranges = st.tuples(st.sampled_from("ab"), st.integers(0, 30), st.integers(1, 10))


@given(st.lists(ranges, max_size=5), st.lists(ranges, min_size=1, max_size=4))
def test_characters_are_counted_as_sets_of_them(
    retrieved: list[tuple[str, int, int]], evidence: list[tuple[str, int, int]]
) -> None:
    measures = character_measures(
        [passage(s, start, start + n) for s, start, n in retrieved],
        [GoldSpan(s, start, start + n) for s, start, n in evidence],
        5,
    )
    held = {(s, i) for s, start, n in retrieved for i in range(start, start + n)}
    gold = {(s, i) for s, start, n in evidence for i in range(start, start + n)}
    assert measures["span_recall"] == pytest.approx(len(held & gold) / len(gold))
    assert measures["span_iou_unique"] == pytest.approx(len(held & gold) / len(held | gold))
    assert measures["span_precision_unique"] == pytest.approx(len(held & gold) / len(held) if held else 0)


# -- answers -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected", "em", "f1"),
    [
        ("The Eiffel Tower.", "eiffel tower", 1, 1),
        ("“Eiffel” Tower", "Eiffel Tower", 1, 1),
        ("It is the Eiffel Tower", "Eiffel Tower", 0, 2 * (2 / 4) * 1 / (2 / 4 + 1)),
        ("Tower Tower", "Tower", 0, 2 * (1 / 2) * 1 / (1 / 2 + 1)),
        ("Paris", "London", 0, 0),
        ("the", "a", 1, 1),
        ("", "London", 0, 0),
        ("don’t", "don't", 1, 1),
    ],
)
def test_em_and_f1_are_squads(text: str, expected: str, em: float, f1: float) -> None:
    assert exact_match(text, expected) == em
    assert token_f1(text, expected) == pytest.approx(f1)


def test_rouge_l_is_the_longest_common_subsequence() -> None:
    # Lin (2004): police killed the gunman / police kill the gunman: police, the, gunman.
    assert rouge_l("police kill the gunman", "police killed the gunman") == 2 * 3 / (4 + 4)
    assert rouge_l("the gunman kill police", "police killed the gunman") == 2 * 2 / (4 + 4)
    assert rouge_l("", "") == 1
    assert rouge_l("", "x") == 0


@pytest.mark.parametrize(
    ("text", "phrase", "is_contained"),
    [
        ("The toll is 3 crowns.", "3 crowns", True),
        ("The toll is 3  CROWNS", "3 crowns", True),
        ("The toll is 33 crowns.", "3 crowns", False),
        ("It takes 25 days.", "5 days", False),
        ("It costs 1,000 crowns.", "1000 crowns", True),
        ("It is 5 degrees.", "-5", False),
        ("It is -5 degrees.", "-5 degrees", True),
        ("It costs 5 euros.", "5 %", False),
        ("It grew by 5 %.", "5%", True),
        ("It costs $5.", "$5", True),
        ("It costs €5.", "$5", False),
        ("crowns 3", "3 crowns", False),
        ("首都是东京。", "东京", True),
        ("首都是北京。", "东京", False),
        ("It is -5 degrees.", "5 degrees", False),
        ("It costs 1,50 crowns.", "1.5 crowns", True),
        ("Version 2.5.1", "version 251", False),
        ("a + b", "+", True),
        ("a - b", "+", False),
        ("The co\u00adoperative owns it.", "cooperative", True),
        ("It costs 1\u202f250 EUR.", "1 250 EUR", True),
        ("It costs 1\u202f250 EUR.", "1250 EUR", True),
        ("Lange Straße 9", "Lange Strasse 9", True),
        ("serves cre\u0300me", "cr\u00e8me", True),
    ],
)
def test_contains_looks_for_whole_words_numbers_and_signs(text: str, phrase: str, is_contained: bool) -> None:
    assert contains(text, phrase) is is_contained


@pytest.mark.parametrize(
    ("text", "expected", "stated"),
    [
        ("It takes 25 days.", ExpectedNumber(25, "days"), True),
        ("It takes a day: 25 of them.", ExpectedNumber(25, "days"), False),
        ("It takes 25 paid vacation days.", ExpectedNumber(25, "day"), True),
        ("25 cars in 3 days", ExpectedNumber(25, "days"), False),
        ("20 to 25 days", ExpectedNumber(20, "days"), True),
        ("20–25 days", ExpectedNumber(25, "days"), True),
        ("It takes 25 days.", ExpectedNumber(25), True),
        ("It takes 26 days.", ExpectedNumber(25, "days", abs_tol=1), True),
        ("It takes 27 days.", ExpectedNumber(25, "days", abs_tol=1), False),
        ("about 102 km/h", ExpectedNumber(100, "km/h", rel_tol=0.02), True),
        ("about 103 km/h", ExpectedNumber(100, "km/h", rel_tol=0.02), False),
        ("€3.2 million", ExpectedNumber(3_200_000, "EUR"), True),
        ("3.2 million euros", ExpectedNumber(3.2, "million €"), True),
        ("3,200,000 EUR", ExpectedNumber(3.2, "million euro"), True),
        ("$3.2 million", ExpectedNumber(3_200_000, "EUR"), False),
        ("$5m", ExpectedNumber(5_000_000, "USD"), True),
        ("5 m deep", ExpectedNumber(5, "m"), True),
        ("5 MW", ExpectedNumber(5, "mW"), False),
        ("25 per cent", ExpectedNumber(25, "%"), True),
        ("25%", ExpectedNumber(0.25), True),
        ("25%", ExpectedNumber(0.25, "%"), False),
        ("0.25", ExpectedNumber(25, "%"), False),
        ("0.3", ExpectedNumber(0.1 + 0.2), True),
        ("twenty-five crowns", ExpectedNumber(25, "crowns"), True),
        ("two hundred and fifty thousand people", ExpectedNumber(250_000, "people"), True),
        ("1.234,56 EUR", ExpectedNumber(1234.56, "EUR"), True),
        ("−5 °C", ExpectedNumber(-5, "°C"), True),
        ("3-5 °C", ExpectedNumber(-5, "°C"), False),
        ("nothing of the kind", ExpectedNumber(0), False),
        ("9" * 400, ExpectedNumber(9), False),
        ("The loss was (5) %.", ExpectedNumber(-5, "%"), True),
        ("EBITDA 2,117 2,018 (5) 1", ExpectedNumber(-5), True),
        ("It holds (5) men.", ExpectedNumber(-5, "men"), False),
        ("See page 3; in 2003 there were 4 sites.", ExpectedNumber(3), False),
        ("See page 3.", ExpectedNumber(3), True),
        ("1 234,5 €", ExpectedNumber(1234.5, "EUR"), True),
        ("3 100 people", ExpectedNumber(3100, "people"), True),
        ("3.5e3 m", ExpectedNumber(3500, "m"), True),
        ("¾ cup", ExpectedNumber(0.75, "cup"), True),
        ("2½ hours", ExpectedNumber(2.5, "hours"), True),
        ("2²", ExpectedNumber(22), False),
        ("5-year term", ExpectedNumber(5, "years"), True),
    ],
)
def test_a_number_is_stated_with_its_unit(text: str, expected: ExpectedNumber, stated: bool) -> None:
    assert states_number(text, expected) is stated


@given(st.text())
def test_any_text_can_be_searched_for_numbers(text: str) -> None:
    assert all(math.isfinite(number.value) for number in stated_numbers(text))


@given(st.integers(0, 10**9), st.sampled_from(["{}", "{:,}", "the {} crowns", "{} crowns each"]))
def test_a_number_is_parsed_as_it_is_written(value: int, form: str) -> None:
    assert value in [number.value for number in stated_numbers(form.format(value))]


def test_marks_and_quotation_marks_are_no_part_of_an_answer() -> None:
    assert plain_answer(answered("“The toll is 3 crowns.” [1]\n\nIn short: 3 crowns [2] [3].")) == (
        "The toll is 3 crowns.\n\nIn short: 3 crowns."
    )
    assert plain_answer(answered("The documents do not say.", abstained=True)) == ""


@pytest.mark.parametrize(
    ("expected", "text", "right"),
    [
        (case("3 crowns"), "The toll is 3 crowns [1].", 1),
        (case("4 crowns", "3 crowns"), "The toll is 3 crowns [1].", 1),
        (case("4 crowns"), "The toll is 3 crowns [1].", 0),
        (case("3 crowns", match="em"), "The toll is 3 crowns [1].", 0),
        (case("3 crowns", match="em"), "3 crowns [1]", 1),
        (case("toll of 3 crowns", match="f1"), "the toll: 3 crowns", 1),
        (case("3 crowns", match="f1"), "It is not known what the toll was in 1931, perhaps 3.", 0),
        (case(match="numeric", numeric=ExpectedNumber(3, "crowns")), "“The toll is three crowns.” [1]", 1),
        (case(match="regex", pattern=r"\b3 crowns\b"), "3 crowns", 1),
        (case(match="regex", pattern=r"\b3 crowns\b"), "13 crowns", 0),
        (case("3 crowns", must_include=("cars",)), "3 crowns", 0),
        (case("3 crowns", must_include=("cars",)), "3 crowns for cars", 1),
        (case("3 crowns", must_not_include=("ferry",)), "3 crowns, or by ferry", 0),
        (case("3 crowns", must_not_include=("ferry",)), "3 crowns", 1),
        (case(must_include=("cars",)), "for cars", 1),
        (case(), "3 crowns", None),
        (case(answerable=False), "3 crowns", 0),
    ],
)
def test_the_case_says_what_is_right(expected: Case, text: str, right: float | None) -> None:
    assert measure(expected, [], answered(text))["right"] == right


def test_a_refusal_is_right_only_where_there_is_no_answer() -> None:
    refusal = answered("The documents do not say.", abstained=True)
    refused = measure(case("say"), [], refusal)
    assert (refused["right"], refused["contains"], refused["false_refusal"]) == (0, 0, 1)
    assert refused["wrong_on_unanswerable"] is None
    measures = measure(case(answerable=False), [], refusal)
    assert (measures["right"], measures["em"], measures["f1"], measures["wrong_on_unanswerable"]) == (1, 1, 1, 0)
    assert measures["false_refusal"] is None
    only_forbidden = measure(case(must_not_include=("ferry",)), [], refusal)
    assert (only_forbidden["right"], only_forbidden["must_not_include"]) == (0, None)


def test_a_pattern_that_never_ends_is_refused() -> None:
    hostile = case(match="regex", pattern=r"(a|aa|a?)+$")
    with pytest.raises(UsageError, match="takes too long"):
        measure(hostile, [], answered("a" * 5000 + "!"))
    with pytest.raises(UsageError, match="no regular expression"):
        measure(case(match="regex", pattern="("), [], answered("a"))


# -- citations ---------------------------------------------------------------------------------------------------------


def sentence(verdict: Verdict, *numbers: int) -> Sentence:
    return Sentence("…", 0, 1, verdict, numbers)


def test_citations_are_held_against_the_text() -> None:
    texts = {"id-a": TEXT}
    exact = citation(0, 30)
    wrong = replace(citation(31, 61, 2), quote="The toll is 4 crowns for cars.")
    lost = citation(0, 30, 3, source="gone")
    beyond = replace(citation(0, 30, 4), end=1000)
    answer = answered("A [1]. B [2]. C [3]. D [4]. E [9].", citations=(exact, wrong, lost, beyond))
    measures = measure(case("x"), [], answer, text_of=texts.get)
    assert measures["pointer_validity"] == 2 / 5
    assert measures["quote_fidelity"] == 1 / 4
    perfect = measure(case("x"), [], answered("A [1].", citations=(exact,)), text_of=texts.get)
    assert (perfect["pointer_validity"], perfect["quote_fidelity"]) == (1, 1)
    assert measure(case("x"), [], answer)["quote_fidelity"] is None
    assert measure(case("x"), [], answered("A."), text_of=texts.get)["pointer_validity"] is None


def test_a_number_given_twice_is_no_pointer() -> None:
    twice = answered("A [1].", citations=(citation(0, 30), citation(31, 61)))
    assert measure(case("x"), [], twice, text_of={"id-a": TEXT}.get)["pointer_validity"] == 0


def test_citations_are_held_against_the_evidence() -> None:
    gold = [GoldSpan("a", 31, 61), GoldSpan("a", 0, 30), GoldSpan("b", 0, 10)]
    answer = answered("The toll is 3 crowns [1] [2].", citations=(citation(31, 50, 1), citation(31, 33, 2, source="c")))
    measures = measure(case("3 crowns"), gold, answer)
    assert measures["citation_precision"] == 1 / 2
    assert measures["citation_recall"] == pytest.approx(1 / 3)
    assert measures["right_and_cited"] == 1
    assert measure(case("4 crowns"), gold, answer)["right_and_cited"] == 0
    elsewhere = replace(answer, citations=answer.citations[1:])
    assert measure(case("3 crowns"), gold, elsewhere)["right_and_cited"] == 0
    assert measure(case("3 crowns"), gold, replace(answer, citations=()))["citation_precision"] is None
    assert measure(case("3 crowns"), [], answer)["right_and_cited"] is None
    assert measure(case(answerable=False), gold, answer)["citation_recall"] is None


def test_sentences_are_counted_where_they_claim_something() -> None:
    claims = (sentence("verified", 1), sentence("partly", 2), sentence("partly"), sentence("not a claim"))
    measures = measure(case("x"), [], answered("…", sentences=claims))
    assert measures["sentences_cited"] == pytest.approx(2 / 3)
    assert measures["sentences_verified"] == pytest.approx(1 / 3)
    assert measure(case("x"), [], answered("…", sentences=claims[3:]))["sentences_cited"] is None


def test_each_bad_verdict_is_counted_by_itself_shown_and_left_out() -> None:
    shown = (sentence("verified", 1), sentence("unsupported"), sentence("unsupported"), sentence("not a claim"))
    left_out = tuple(LeftOut("x", verdict) for verdict in ("contradicted", "contradicted", "unsupported"))
    measures = measure(case("x"), [], answered("…", sentences=shown, left_out=left_out))
    assert measures["sentences_unsupported"] == pytest.approx(2 / 3)
    assert measures["sentences_contradicted"] == 0
    assert measures["left_out_unsupported"] == pytest.approx(1 / 6)
    assert measures["left_out_contradicted"] == pytest.approx(2 / 6)
    nothing_shown = measure(case("x"), [], answered("…", left_out=left_out[:1]))
    assert nothing_shown["sentences_unsupported"] is None
    assert nothing_shown["left_out_contradicted"] == 1
    assert measure_failure(case("x"), [])["left_out_contradicted"] is None, "a case that raised claimed nothing"


# -- a case as a whole -------------------------------------------------------------------------------------------------


def test_every_case_has_the_same_names_and_each_is_explained() -> None:
    gold = [GoldSpan("a", 0, 30, page=1)]
    answers = [answered(), answered("x", abstained=True), answered("x", prompt="one two", citations=(citation(0, 30),))]
    cases = [case("x"), case(answerable=False), case("x", evidence=(GoldEvidence("a", "The bridge"),))]
    measures = [measure(c, gold, a, ks=(2,)) for c in cases for a in answers]
    measures += [measure_failure(c, gold, ks=(2,)) for c in cases]
    assert len({tuple(values) for values in measures}) == 1
    assert {name.split("@")[0] for name in measures[0]} == set(meanings())
    assert find_meaning("ndcg@2/document") is meanings()["ndcg"]
    assert find_meaning("unheard of") is None
    for values in measures:
        for name, value in values.items():
            assert value is None or 0 <= value <= (math.inf if "tokens" in name else 1)


def test_the_handbook_explains_every_metric() -> None:
    text = (ROOT / "docs" / "evaluation.md").read_text(encoding="utf-8")
    explained = {
        name.split("@")[0]
        for row in text.split("## Which metrics are measured")[1].split("\n## ")[0].splitlines()
        if row.startswith("| `")
        for name in re.findall(r"`([^`]+)`", row.split(" | ")[0])
    }
    shipped = set(meanings()) - set(outside_meanings())
    assert explained - {"…/page", "…/span"} == shipped


@given(st.text(), st.text(), st.booleans())
def test_any_words_can_be_measured(text: str, expected: str, abstained: bool) -> None:
    question = case(expected, must_include=(text,), numeric=ExpectedNumber(3, expected), must_not_include=(expected,))
    measures = measure(question, [], answered(text, abstained=abstained))
    assert all(value is None or 0 <= value <= 1 for name, value in measures.items() if "tokens" not in name)


@given(st.text())
def test_every_text_contains_itself(text: str) -> None:
    assert contains(text, text)
    assert exact_match(text, text) == token_f1(text, text) == rouge_l(text, text) == 1


def test_tokens_are_words_unless_they_are_counted() -> None:
    answer = answered(
        "x", prompt="one two three", passages=(passage("a", 0, 9, text="one two"), passage("a", 9, 19, text="x"))
    )
    assert measure(case("x"), [], answer)["context_tokens"] == 3
    assert measure(case("x"), [], answer)["prompt_tokens"] == 3
    assert measure(case("x"), [], answer, count_tokens=len)["context_tokens"] == 8
    assert measure(case("x"), [], answered("x"))["prompt_tokens"] is None


def test_a_case_that_raised_counts_as_wrong() -> None:
    measures = measure_failure(case("x", must_not_include=("y",)), [GoldSpan("a", 0, 30)], ks=(1,))
    assert {
        measures[name] for name in ("right", "contains", "must_not_include", "citation_precision", "hit@1/span")
    } == {0}
    assert measures["false_refusal"] == 1
    assert measures["context_tokens"] is None
    assert measure_failure(case(answerable=False), [])["wrong_on_unanswerable"] == 1
    assert metric_value(Record("c", {}, error="boom"), "right") == 0
    assert metric_value(Record("c", {}, error="boom"), "false_refusal") == 1
    assert metric_value(Record("c", {"right": None}, error="boom"), "right") is None
    assert metric_value(Record("c", {}), "right") is None


def test_a_tentative_answer_to_what_has_none_is_held_back_and_a_right_one_stays_right() -> None:
    hedged = replace(answered("The toll is 3 crowns."), tentative=True)
    without = measure(case(answerable=False), [], hedged)
    assert (without["right"], without["wrong_on_unanswerable"], without["tentative"]) == (1, 0, 1)
    with_answer = measure(case("3 crowns"), [], hedged)
    assert (with_answer["right"], with_answer["false_refusal"], with_answer["tentative"]) == (1, 0, 1)
    assert measure(case(answerable=False), [], answered("3."))["wrong_on_unanswerable"] == 1


def test_a_short_answer_is_compared_as_well_as_the_text() -> None:
    given = replace(answered("“The toll is 3 crowns for cars.” [1]"), short_answer="3 crowns")
    measures = measure(case("3 crowns"), [], given)
    assert (measures["em"], measures["f1"], measures["contains"]) == (1, 1, 1)
    assert measure(case("4 crowns"), [], given)["contains"] == 0


# -- sets --------------------------------------------------------------------------------------------------------------


def record(number: int, answerable: bool, refused: bool, confidence: float, right: float = 1.0) -> Record:
    values = {
        "right": float(refused) if not answerable else 0.0 if refused else right,
        "false_refusal": float(refused) if answerable else None,
        "wrong_on_unanswerable": None if answerable else float(not refused),
    }
    return Record(f"c{number}", values, {"confidence": confidence})


def test_the_table_of_abstention_worked_by_hand() -> None:
    # Of 5 answerable cases 1 is refused, of 3 unanswerable ones 2 are.
    records = [
        *(record(number, True, False, 0.9) for number in range(4)),
        record(4, True, True, 0.1),
        *(record(number, False, True, 0.1) for number in (5, 6)),
        record(7, False, False, 0.5),
    ]
    assert abstention.abstention_table(records) == abstention.AbstentionTable(4, 1, 1, 2)
    measures = abstention.suite_metrics(records)
    assert measures["balanced_accuracy"] == pytest.approx((4 / 5 + 2 / 3) / 2)
    assert measures["abstention_precision"] == pytest.approx(2 / 3)
    assert measures["abstention_recall"] == pytest.approx(2 / 3)
    assert measures["abstention_f1"] == pytest.approx(2 / 3)
    # 15 pairs: the four confident ones win 12; the refused one ties with two and loses against one.
    assert measures["auroc"] == pytest.approx((12 + 1) / 15)
    assert tuple(measures) == abstention.SUITE_METRICS
    assert set(abstention.suite_metrics([]).values()) == {None}
    assert abstention.suite_metrics(records[:4])["balanced_accuracy"] is None


@given(st.lists(st.tuples(st.integers(0, 4), st.booleans()), max_size=12))
def test_auroc_is_the_share_of_pairs_in_order(cases: list[tuple[int, bool]]) -> None:
    area = abstention.auroc([score for score, _ in cases], [positive for _, positive in cases])
    pairs = [(one - other) for one, yes in cases if yes for other, no in cases if not no]
    expected = sum(1.0 if gap > 0 else 0.5 if gap == 0 else 0.0 for gap in pairs) / len(pairs) if pairs else None
    assert area == pytest.approx(expected)


def test_risk_and_coverage_worked_by_hand() -> None:
    # The two of confidence 0.5 come in half a loss each.
    points = abstention.risk_coverage([0.9, 0.5, 0.5, 0.1], [0, 1, 0, 1])
    assert [coverage for coverage, _ in points] == [0.25, 0.5, 0.75, 1]
    assert [risk for _, risk in points] == pytest.approx([0, 0.25, 1 / 3, 0.5])
    assert abstention.aurc([0.9, 0.5, 0.5, 0.1], [0, 1, 0, 1]) == pytest.approx((0.25 + 1 / 3 + 0.5) / 4)
    assert abstention.risk_coverage([], []) == []


def test_calibration_worked_by_hand() -> None:
    confidences, right = [0.95, 0.85, 0.85, 1.0, 0.05], [1.0, 1.0, 0.0, 1.0, 0.0]
    bins = abstention.reliability_bins(confidences, right)
    assert [(b.low, b.high, b.n) for b in bins] == [(0.0, 0.1, 1), (0.8, 0.9, 2), (0.9, 1.0, 2)]
    assert abstention.calibration_error(confidences, right) == pytest.approx((0.05 + 2 * 0.35 + 2 * 0.025) / 5)
    assert abstention.brier(confidences, right) == pytest.approx((0.05**2 + 0.15**2 + 0.85**2 + 0 + 0.05**2) / 5)


def test_any_answer_to_an_unanswerable_question_is_a_loss() -> None:
    outcomes = abstention.confidence_outcomes(
        [record(0, True, False, 0.9), record(1, False, True, 0.4), record(2, True, True, 0.2)]
    )
    assert outcomes == abstention.ConfidenceOutcomes((0.9, 0.4, 0.2), (True, False, True), (1.0, 0.0, 0.0))
    raised = replace(record(3, True, False, 0.9), error="boom")
    assert abstention.confidence_outcomes([raised]).confidences == ()


def test_the_first_case_is_timed_apart() -> None:
    records = [
        Record(f"c{number}", {}, timings={"total_ms": float(ms)}) for number, ms in enumerate((900, 10, 20, 30, 40, 50))
    ]
    records.insert(2, Record("boom", {}, timings={"total_ms": 1e6}, error="boom"))
    stages = latencies(records)
    assert [(stage.stage, stage.n, stage.p50, stage.cold) for stage in stages] == [("total_ms", 5, 30, 900)]
    assert stages[0].p95 == pytest.approx(48)
    assert latencies(records[:1])[0].p50 is None
    assert latencies([]) == []
