"""Greetings, thanks and questions about the program itself: `rag.answering.kinds.small_talk`."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.answering.options import AnswerOptions
from rag.answering.pipeline import answer
from rag.ingestion.pipeline import ingest
from rag.store.index import Index
from rag.types import Answer
from tests.conftest import write_files
from tests.fakes import ScriptedModel

# The fake encoder's cosines are not those the thresholds were set for.
SURE = AnswerOptions(threshold=0.0, tentative=0.0)


def ask(index: Index, text: str, model: ScriptedModel | None = None) -> Answer:
    *_, last = answer(index, text, model=model, options=SURE)
    return last


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Hello!", "Hello! Ask me something about your documents."),
        ("ok, thank you", "You are welcome."),
        ("Vielen Dank!", "Gern geschehen."),
        ("See you later", "Goodbye!"),
        ("👍", "Good. Ask me anything else about your documents."),
    ],
)
def test_small_talk_is_answered_in_a_sentence(index: Index, text: str, words: str) -> None:
    last = ask(index, text)
    assert (last.answer, last.kind, last.abstained) == (words, "small-talk", False)
    assert (last.citations, last.passages, last.confidence) == ((), (), 0.0)


@pytest.mark.parametrize("weak", [True, False])
def test_no_model_is_asked_for_small_talk(index: Index, weak: bool) -> None:
    model = ScriptedModel(["Something else."], weak=weak)
    assert ask(index, "Thanks!", model).answer == "You are welcome."
    assert model.asked == []


def test_the_program_speaks_of_itself_unless_documents_do(index: Index, library: Path) -> None:
    last = ask(index, "What can you do?")
    assert last.kind == "small-talk"
    assert last.answer.startswith("I am Footnote")
    assert last.citations == last.passages == ()

    write_files(library, {"about.txt": "Footnote can do sums. Footnote can do what you ask.\n"})
    ingest(index, [library])
    last = ask(index, "What can you do?")
    assert last.kind == "fact"
    assert last.citations[0].source == "about.txt"


def test_a_question_that_is_cut_says_so(index: Index) -> None:
    last = ask(index, "How many cars does the ferry carry, " + "and how many boats, " * 300 + "in summer?")
    assert "question-cut" in [notice.code for notice in last.notices]
    assert "question-cut" not in [notice.code for notice in ask(index, "How many cars?").notices]
