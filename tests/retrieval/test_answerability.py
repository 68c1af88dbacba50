"""Bands, and the word of a language model: `rag.retrieval.answerability` and `rag.retrieval.search`."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest

from rag.answering.answerable import open_ask_model
from rag.models.llm.ledger import Amount
from rag.models.llm.metering import Limits, Meter
from rag.retrieval.answerability import band_of, confidence_with_model
from rag.retrieval.passages import retrieve
from rag.retrieval.search import QuestionPart, SearchOptions, select_evidence
from rag.scoring.values import WithModel
from rag.settings import Settings
from rag.store.index import Index
from tests.fakes import ScriptedModel

SUM = WithModel(intercept=0.0, confidence=1.0, likelihood=1.0, asked_from=0.2, asked_to=0.6)
QUESTION = "How many cars does the ferry carry?"


def part(index: Index, question: str) -> QuestionPart:
    return QuestionPart(question, question, tuple(retrieve(index, question)))


def test_bands() -> None:
    assert [band_of(each, 0.2, 0.5) for each in (0.1, 0.2, 0.4, 0.5)] == ["refused", "tentative", "tentative", "sure"]
    # A threshold at or above the other bound: nothing is tentative.
    assert [band_of(each, 0.5, 0.2) for each in (0.1, 0.4, 0.5)] == ["refused", "refused", "sure"]


def test_the_log_odds_of_both_are_added() -> None:
    # Odds of 1 to 1 and of 4 to 1.
    assert confidence_with_model(0.5, SUM, lambda: 0.8) == pytest.approx(0.8)
    # Odds of 1 to 4, both times: 1 to 16.
    assert confidence_with_model(0.2, SUM, lambda: 0.2) == pytest.approx(1 / 17)
    assert 0 < confidence_with_model(0.5, SUM, lambda: 0.0) < 0.001
    assert 0.999 < confidence_with_model(0.5, SUM, lambda: 1.0) < 1


def test_the_model_is_asked_only_where_the_confidence_leaves_it_open() -> None:
    asked = []

    def ask() -> float:
        asked.append(1)
        return 0.9

    assert [confidence_with_model(each, SUM, ask) for each in (0.1, 0.19, 0.6, 0.9)] == [0.1, 0.19, 0.6, 0.9]
    assert not asked
    confidence_with_model(0.3, SUM, ask)
    assert len(asked) == 1
    # One that cannot tell changes nothing.
    assert confidence_with_model(0.3, SUM, lambda: None) == 0.3


def test_the_model_hears_the_question_with_its_best_sentences_and_moves_the_band(index: Index) -> None:
    always = replace(SUM, confidence=0.0, asked_from=0.0, asked_to=1.0)
    index.scoring = replace(index.scoring, answerability=replace(index.scoring.answerability, with_model=always))
    options = SearchOptions(threshold=0.1, tentative=0.5)
    heard = []

    def says(likelihood: float):
        def ask(question, evidence):
            heard.append((question, evidence[0].span.quote))
            return likelihood

        return ask

    parts = [part(index, QUESTION)]
    bands = [select_evidence(index, QUESTION, parts, options, ask_model=says(each)).band for each in (0.05, 0.3, 0.7)]
    assert bands == ["refused", "tentative", "sure"]
    assert heard[0] == (QUESTION, "The ferry carries 28 cars.")


def test_parts_in_different_bands(index: Index) -> None:
    always = replace(SUM, confidence=0.0, asked_from=0.0, asked_to=1.0)
    index.scoring = replace(index.scoring, answerability=replace(index.scoring.answerability, with_model=always))
    other = "When was the bridge opened?"
    whole = f"{QUESTION[:-1]} and {other}"
    parts = [part(index, QUESTION), part(index, other)]
    options = SearchOptions(threshold=0.1, tentative=0.5)

    def select(first: float, second: float, together: float):
        chances = {QUESTION: first, other: second, whole: together}
        return select_evidence(index, whole, parts, options, ask_model=lambda question, _: chances[question])

    mixed = select(0.9, 0.3, 0.9)
    assert (mixed.band, len(mixed.evidence_by_part)) == ("tentative", 2)
    assert mixed.confidence == pytest.approx(0.3)
    one = select(0.9, 0.05, 0.9)
    assert (one.band, one.question, one.missing) == ("sure", QUESTION, (other.rstrip("?"),))
    # None is sure: perhaps it was one question.
    assert select(0.3, 0.3, 0.9).question == whole
    assert select(0.3, 0.3, 0.4).question == f"{QUESTION} {other}"
    assert select(0.05, 0.05, 0.05).band == "refused"


def test_yes_counts_against_no(index: Index, settings: Settings) -> None:
    evidence = select_evidence(index, QUESTION, [part(index, QUESTION)], SearchOptions()).evidence
    asked = []

    def likelihood(messages, words):
        asked.append((messages, words))
        return (0.3, 0.1)

    model = ScriptedModel([], weak=True, likelihood=likelihood)
    ask = open_ask_model(model, settings)
    assert ask is not None
    assert math.isclose(ask(QUESTION, evidence) or 0, 0.75)
    (_, user), words = asked[0]
    assert words == ("Yes", "No")
    assert "The ferry carries 28 cars." in user.content
    assert QUESTION in user.content
    for said in (None, (0.0, 0.0)):
        silent = open_ask_model(replace(model, likelihood=lambda *_, said=said: said), settings)
        assert silent is not None
        assert silent(QUESTION, evidence) is None


def test_asking_is_a_call_without_words_and_heeds_a_cap(index: Index, settings: Settings) -> None:
    evidence = select_evidence(index, QUESTION, [part(index, QUESTION)], SearchOptions()).evidence
    meter = Meter(limits=Limits(question=Amount(1)))
    model: Any = ScriptedModel([], weak=True, likelihood=lambda *_: (0.3, 0.1), meter=meter)
    ask = open_ask_model(model, settings)
    assert ask is not None
    assert ask(QUESTION, evidence) is not None
    (call,) = meter.calls
    assert (call.purpose, call.written, call.estimated) == ("answerable", 0, True)
    assert call.sent > len(QUESTION.split())
    hosted = open_ask_model(replace(model, spec="spam:m"), settings)
    assert hosted is not None
    assert hosted(QUESTION, evidence) is None
    assert len(meter.calls) == 1


def test_who_is_not_asked(settings: Settings) -> None:
    assert open_ask_model(None, settings) is None
    assert open_ask_model(ScriptedModel([], weak=True), settings) is None
    assert open_ask_model(ScriptedModel([], weak=False, likelihood=lambda *_: (1.0, 0.0)), settings) is None
