"""What is done about a question: `rag.planning.planner`."""

from __future__ import annotations

import pytest

from rag.notices import LANGUAGES
from rag.planning.planner import make_plan
from rag.store.index import Index
from rag.types import Turn


@pytest.mark.parametrize(
    ("text", "kind", "searches"),
    [
        ("When does the ferry sail?", "fact", ["When does the ferry sail?"]),
        ("Hello! When does the ferry sail? Thanks!", "fact", ["When does the ferry sail?"]),
        ("What is the toll and who collects it?", "fact", ["What is the toll?", "who collects it?"]),
        ("Compare tolls in winter and summer.", "comparison", ["tolls in winter", "tolls in summer"]),
        ("Which is older, the bridge or the ferry?", "comparison", ["the bridge: older", "the ferry: older"]),
        ("Summarise the rules for storms.", "summary", ["the rules for storms"]),
        ("Summarise everything.", "summary", ["Summarise everything."]),
        ("Which documents mention tolls?", "overview", ["tolls"]),
        ("List the ships mentioned in the documents.", "list", ["ships"]),
        ("Thanks!", "small-talk", []),
        ("What can you do?", "small-talk", ["What can Footnote do"]),
        ("Wie funktioniert das hier?", "small-talk", ["Wie funktioniert Footnote"]),
    ],
)
def test_a_kind_has_its_searches(index: Index, text: str, kind: str, searches: list[str]) -> None:
    plan = make_plan(index, text).plan
    assert plan.kind == kind
    assert [search.query.rstrip("?") for search in plan.searches] == [search.rstrip("?") for search in searches]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("When does the ferry sail?", ["plan-kind"]),
        ("Hello! When does the ferry sail?", ["plan-question-found", "plan-kind"]),
        ("Summarise the rules in two sentences.", ["plan-instructions", "plan-kind", "plan-length"]),
        ("Bye!", ["plan-small-talk"]),
    ],
)
def test_a_plan_says_why(index: Index, text: str, codes: list[str]) -> None:
    why = make_plan(index, text).plan.why
    assert [reason.code for reason in why] == codes
    assert all(reason.has_its_values() for reason in why)


def test_reasons_read_well(index: Index) -> None:
    why = [
        reason
        for text in ("Compare tolls in winter and summer.", "Who sails?")
        for reason in make_plan(index, text).plan.why
    ]
    english, german = ([reason.text(language) for reason in why] for language in LANGUAGES)
    assert english == [
        "It asks for a comparison of tolls in winter and tolls in summer.",
        "It asks for a fact. The answer is a person.",
    ]
    assert german == [
        "Es geht um einen Vergleich: tolls in winter und tolls in summer.",
        "Es geht um eine Tatsache. Die Antwort ist eine Person.",
    ]


def test_a_follow_up_keeps_what_it_leans_on(index: Index) -> None:
    history = [Turn("user", "Who is the keeper of the lighthouse?"), Turn("assistant", "Maren Öst. [1]")]
    planned = make_plan(index, "Hi! When does she sleep? Be brief.", history)
    assert planned.plan.question == "When does Maren Öst sleep?"
    assert planned.question.answer_type == "date"
    assert planned.question.instructions == ("Be brief.",)
