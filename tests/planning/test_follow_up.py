"""Making a follow-up question stand alone: `rag.planning.follow_up`."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from rag.errors import LLMError
from rag.planning.follow_up import conversation_subject, is_follow_up, rewrite_query
from rag.prompts import read_prompt
from rag.types import Turn
from tests.fakes import ScriptedModel

HISTORY = [Turn("user", "Who is the keeper of the lighthouse?"), Turn("assistant", "The keeper is Maren Öst. [1]")]


def rewrite(question: str, history: Sequence[Turn], model: ScriptedModel | None = None) -> str:
    return rewrite_query(question, history, model, read_prompt("condense"))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "question", ["How old is it?", "And the ferry?", "why?", "When did she die?", "What about that one?"]
)
def test_what_leans_on_the_conversation_before(question: str) -> None:
    assert is_follow_up(question)


@pytest.mark.parametrize(
    "question", ["How long is the Lantern bridge?", "Which ferry goes to Skarholm?", "桥有多长？渡船呢？"]
)
def test_what_stands_alone(question: str) -> None:
    assert not is_follow_up(question)
    assert rewrite(question, HISTORY) == question


def test_a_follow_up_gets_its_subject() -> None:
    rewritten = rewrite("When was she born?", HISTORY)
    assert rewritten.startswith("When was she born? (")
    assert "keeper of the lighthouse" in rewritten
    assert "Maren Öst" in rewritten
    assert "[1]" not in rewritten


def test_the_subject_is_the_last_question_that_stands_alone() -> None:
    history = [
        *HISTORY,
        Turn("user", "How long is the Lantern bridge?"),
        Turn("assistant", "412 m."),
        Turn("user", "And how wide?"),
    ]
    assert conversation_subject(history, people=False) == "the Lantern bridge"


def test_without_a_conversation_nothing_is_changed() -> None:
    assert rewrite("How old is it?", []) == "How old is it?"


def test_a_strong_model_rewrites_and_a_failing_one_does_not_matter() -> None:
    model = ScriptedModel(['"When was Maren', ' Öst born?"\nSome more.'])
    assert rewrite("When was she born?", HISTORY, model) == "When was Maren Öst born?"
    assert "Maren" in model.asked[0][1].content
    for script in ([LLMError("no")], [""], ["x" * 1000]):
        assert "keeper" in rewrite("When was she born?", HISTORY, ScriptedModel(script))


def test_a_weak_model_is_not_asked_to_rewrite() -> None:
    model = ScriptedModel(["Nonsense"], weak=True)
    assert "keeper" in rewrite("When was she born?", HISTORY, model)
    assert model.asked == []
