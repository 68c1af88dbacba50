"""Questions to begin with and to go on with: `ui.service.suggestions` and `ui.service.follow_ups`."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from rag.answering.pipeline import answer
from rag.hosting.fair_queue import FairQueue
from rag.ingestion.pipeline import ingest
from rag.store.index import Index
from tests.conftest import write_files
from tests.ui.served import SAYS, Teller, wait_until
from ui.service.follow_ups import FollowUps, usable_questions
from ui.service.suggestions import Suggestions, choose

SURE = "How long is the bridge?"


@pytest.fixture
def suggestions() -> Iterator[Suggestions]:
    opened = Suggestions(delay=0)
    yield opened
    opened.close()


def test_each_question_that_is_offered_is_answered_from_where_it_was_drawn(index: Index) -> None:
    chosen = choose(index)
    assert SURE in [candidate.question for candidate in chosen]
    for candidate in chosen:
        *_, done = answer(index, candidate.question, model=None)
        assert not done.abstained
        assert not done.tentative
        assert {sentence.verdict for sentence in done.sentences} == {"verified"}
        assert done.citations[0].source == candidate.source
    assert chosen == choose(index), "the same of the same index"


def test_a_question_that_the_documents_do_not_answer_is_not_offered(index: Index, tmp_path: Path) -> None:
    write_files(tmp_path / "more", {"oath.md": "# Oath\n\n## Who won the chess olympiad?\n\nSee elsewhere.\n"})
    ingest(index, [tmp_path / "more"])
    assert "Who won the chess olympiad?" not in [candidate.question for candidate in choose(index)]


def test_they_are_made_once_for_each_version(
    suggestions: Suggestions, index: Index, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert suggestions.of(index) is None, "nobody waits for them"
    wait_until(lambda: suggestions.of(index) is not None)
    assert SURE in (suggestions.of(index) or [])
    monkeypatch.setattr("ui.service.suggestions.choose", lambda *_: [])
    assert SURE in (Suggestions(delay=0).of(index) or []), "another server reads them"
    write_files(tmp_path / "more", {"mast.md": "The mast is 9 metres high.\n"})
    ingest(index, [tmp_path / "more"])
    assert suggestions.of(index) is None
    wait_until(lambda: suggestions.of(index) == [])


def test_none_is_tried_while_somebody_waits_for_an_answer(index: Index) -> None:
    idle = threading.Event()
    waiting = Suggestions(idle.is_set, delay=0)
    assert waiting.of(index) is None
    idle.wait(0.7)
    assert waiting.of(index) is None
    idle.set()
    wait_until(lambda: waiting.of(index) is not None)
    waiting.close()


def test_what_a_model_writes_is_cut_into_questions() -> None:
    reply = (
        "1. How long is the bridge?\n- “When did it open?”\nThe end.\n* how long is the bridge?\n"
        + "a " * 60
        + "?\nWhy?\n"
    )
    assert usable_questions(reply, []) == ["How long is the bridge?", "When did it open?"]
    assert usable_questions(reply, ["how long is the bridge?"]) == ["When did it open?"]
    assert usable_questions("What is\u202e a toll?\nWhat is \x07 a toll?", []) == []


def follow(index: Index, model: Teller, queue: FairQueue, question: str = "What is the toll for cars?") -> FollowUps:
    *_, done = answer(index, question, model=None)
    made = FollowUps()
    made.begin(index, "t1", "c1", done, model, queue)  # type: ignore[arg-type]
    return made


def test_a_strong_model_suggests_what_the_documents_answer(index: Index) -> None:
    model = Teller(SAYS)
    made = follow(index, model, FairQueue())
    wait_until(lambda: made.of("t1") is not None)
    questions = made.of("t1") or []
    assert SURE in questions
    assert "Who won the chess olympiad?" not in questions
    assert len(questions) <= 2
    assert made.of("another") == []
    told = made.explained("t1")
    assert told is not None
    assert (told.model, list(told.questions)) == (model.name, questions)
    assert "follow-up questions" in told.prompt
    assert made.explained("another") is None


@pytest.mark.parametrize(
    ("model", "question"),
    [(Teller(SAYS, weak=True), "What is the toll for cars?"), (Teller(SAYS), "Who won the chess olympiad?")],
)
def test_a_weak_model_and_a_refusal_suggest_nothing(index: Index, model: Teller, question: str) -> None:
    assert follow(index, model, FairQueue(), question).of("t1") == []
    assert model.asked == []


def test_nobody_waits_for_a_suggestion(index: Index) -> None:
    queue = FairQueue()
    model = Teller(SAYS)
    with queue.take("ann"):
        made = follow(index, model, queue)
        wait_until(lambda: made.of("t1") == [])
    assert model.asked == [], "the model had something else to do"
    slow = Teller({"follow-up questions": "|".join(["How long is the bridge?\n"] * 200)})
    made = follow(index, slow, queue)
    wait_until(lambda: slow.asked)
    made.make_way("another", queue)
    with queue.take("ben") as ticket:
        assert ticket.wait(20)
    wait_until(lambda: made.of("t1") == [])
    assert slow.stopped == 1


def test_a_free_place_is_taken_or_left() -> None:
    queue = FairQueue(2)
    first, second = queue.take_if_free("ann"), queue.take_if_free("ben")
    assert first is not None
    assert second is not None
    assert queue.take_if_free("cleo") is None
    with queue.take("dora") as waiting:
        first.release()
        assert waiting.position == 0
        assert queue.take_if_free("cleo") is None
    assert queue.take_if_free("cleo") is not None
