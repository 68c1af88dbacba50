"""Generated cases: what is made of sentences and headings, and what a model's pairs must stand up to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from rag.errors import LLMError
from rag.evaluate.drafting.generate import generate_cases
from rag.evaluate.suite.file import append_case, load_suite
from rag.evaluate.suite.gold_evidence import documents_of, locate_first
from rag.evaluate.suite.lint import lint_suite
from rag.evaluate.types import DRAFT_TAG, Case
from rag.ingestion.pipeline import ingest
from rag.settings import Settings
from rag.store.index import Index
from tests.conftest import write_files
from tests.fakes import ScriptedModel

TEXT = """# Harbour handbook

## How to moor a boat

Two lines are enough for a boat of that size in calm weather. A storm needs 4 lines and a fender of 30 cm.

## What the keeper does

The keeper of the harbour is Ingrid Solberg, who lives beside the crane all year.

## Notes

Harbour boats have right of way here in the harbour at night.
"""


@pytest.fixture
def harbour(open_again: Callable[..., Index], tmp_path: Path, settings: Settings) -> Index:
    write_files(tmp_path / "harbour", {"harbour.md": TEXT})
    index = open_again("harbour")
    ingest(index, [tmp_path / "harbour"])
    return index


def generate(index: Index, count: int, **options: Any) -> list[Case]:
    return list(generate_cases(index, count, **options))


def by_question(cases: Sequence[Case]) -> dict[str, Case]:
    return {case.question: case for case in cases}


def test_sentences_get_a_gap_and_headings_become_questions(harbour: Index) -> None:
    cases = by_question(generate(harbour, 7))
    gap = cases["What is missing here: “A storm needs ____ and a fender of 30 cm.”"]
    assert gap.answers == ("4 lines",)
    person = cases["Who is the keeper of the harbour?"]
    assert person.answers == ("Ingrid Solberg",)
    how = cases["How do I moor a boat?"]
    assert how.answers == ("Two lines are enough for a boat of that size in calm weather.",)
    # What stands below "What the keeper does" is asked for already, "Notes" says nothing, and no other sentence has
    # anything to ask for.
    assert len(cases) == 3


def test_every_generated_case_is_tagged_and_its_evidence_holds_the_answer(index: Index) -> None:
    documents = documents_of(index)
    cases = generate(index, 20)
    assert any(case.answers == ("7:40",) for case in cases)
    assert len(cases) >= 5
    assert len({case.id for case in cases}) == len(cases)
    assert all(DRAFT_TAG in case.tags for case in cases)
    for case in cases:
        for evidence in case.evidence:
            document = documents(evidence.source)
            assert document is not None
            span = locate_first(evidence, document)
            assert span is not None
            found = " ".join(document.text[span.start : span.end].split())
            assert any(words in found for words in (*case.answers, *case.must_include))
        assert case.answerable == bool(case.evidence)


def test_generated_cases_come_from_all_sources_and_are_the_same_again(index: Index) -> None:
    first = generate(index, 4, seed=3)
    assert len({case.evidence[0].source for case in first if case.evidence}) >= 2
    assert generate(index, 4, seed=3) == first
    assert generate(index, 20, seed=3) != generate(index, 20, seed=4)


def test_a_question_about_something_else_is_asked_only_where_its_words_are_absent(
    open_again: Callable[..., Index], tmp_path: Path, settings: Settings
) -> None:
    facts = "Jupiter has 95 moons. Mozart was born in Salzburg. Penicillin was discovered in 1928. "
    write_files(tmp_path / "facts", {"facts.txt": facts})
    opened = open_again("facts")
    ingest(opened, [tmp_path / "facts"])
    foreign = [case.question for case in generate(opened, 160) if not case.answerable]
    assert len(foreign) >= 10
    assert not [question for question in foreign if "Jupiter" in question or "Mozart" in question]
    assert "How many moons does Jupiter have?" not in foreign


def test_an_empty_index_gives_no_question_about_documents(open_again: Callable[..., Index]) -> None:
    assert all(not case.answerable for case in generate(open_again("empty"), 20))


def test_generated_cases_pass_the_lint_and_can_be_written(index: Index, library: Path, tmp_path: Path) -> None:
    path = tmp_path / "drafts" / "suite.yaml"
    for case in generate(index, 10):
        append_case(path, case, corpus=library)
    problems = lint_suite(load_suite(path, corpus_anywhere=True), index)
    assert not [problem for problem in problems if problem.severity == "error"]
    assert any("still marked as draft" in problem.text for problem in problems)


# -- with a model ------------------------------------------------------------------------------------------------------


@dataclass
class Writer(ScriptedModel):
    """Says a question and its answer in turn."""

    says: Sequence[str | Exception] = ()

    def stream(self, messages: Sequence[Any], *args: Any, **kwargs: Any) -> Iterator[str]:
        self.script = [self.says[len(self.asked) % len(self.says)]]
        return super().stream(messages, *args, **kwargs)


def writing(*says: str | Exception) -> Writer:
    return Writer((), weak=True, says=says)


@pytest.fixture
def one(open_again: Callable[..., Index], tmp_path: Path, settings: Settings) -> Index:
    """An index of one sentence with one thing to ask for, so that the words which a model is shown are known."""
    write_files(tmp_path / "one", {"ferry.txt": "The ferry to the island leaves at noon and carries 28 cars.\n"})
    index = open_again("one")
    ingest(index, [tmp_path / "one"])
    return index


def test_a_question_whose_answer_is_found_again_is_kept(one: Index) -> None:
    model = writing("How many cars does the ferry carry?\nIt is easy.", "The ferry carries 28 cars.")
    (case,) = generate(one, 1, model=model)
    assert (case.question, case.answers) == ("How many cars does the ferry carry?", ("28 cars",))
    assert case.evidence[0].quote == "The ferry to the island leaves at noon and carries 28 cars."
    assert case.tags == (DRAFT_TAG, "generated")
    question_prompt, answer_prompt = (messages[1].content for messages in model.asked)
    assert "leaves at noon" in question_prompt
    assert "Answer: 28 cars" in question_prompt
    assert "28 cars" in answer_prompt
    assert "Answer: 28 cars" not in answer_prompt


@pytest.mark.parametrize(
    ("question", "reply"),
    [
        ("How many cars does the ferry carry?", "It carries 29 cars."),
        ("How many cars does the ferry carry?", "It leaves at noon."),
        ("How many cars does the ferry carry?", "The ferry of Oslo carries 28 cars and 400 people."),
        ("How many cars does it carry?", "28 cars"),
        ("How many cars does the ferry in the given text carry?", "28 cars"),
        ("Does the ferry carry 28 cars to the island?", "28 cars"),
        ("The ferry carries how many cars", "28 cars"),
        ("Cars?", "28 cars"),
        ("How many cars \x1b does the ferry carry?", "28 cars"),
        ("", "28 cars"),
    ],
)
def test_a_question_that_does_not_hold_is_dropped(one: Index, question: str, reply: str) -> None:
    assert generate(one, 1, model=writing(question, reply)) == []


def test_a_model_that_fails_at_once_says_so(one: Index) -> None:
    with pytest.raises(LLMError, match="gone"):
        generate(one, 1, model=writing(LLMError("gone")))


def test_a_model_that_fails_later_leaves_what_it_wrote(
    open_again: Callable[..., Index], tmp_path: Path, settings: Settings
) -> None:
    vessels = {
        f"{name}.txt": f"The {name} to the island leaves at noon and carries 28 cars.\n" for name in ("ferry", "barge")
    }
    write_files(tmp_path / "vessels", vessels)
    index = open_again("vessels")
    ingest(index, [tmp_path / "vessels"])
    model = writing("How many cars does the vessel carry?", "It carries 28 cars.", LLMError("gone"))
    one_by_one = generate_cases(index, 2, model=model)  # type: ignore[arg-type]
    assert next(one_by_one).answers == ("28 cars",)
    with pytest.raises(LLMError, match="gone"):
        next(one_by_one)


def test_a_user_s_prompt_is_used(one: Index, tmp_path: Path) -> None:
    write_files(tmp_path / "prompts", {"draft.md": "## system\nFragen.\n## user\n$title $text $answer\n"})
    model = writing("How many cars does the ferry carry?", "The ferry carries 28 cars.")
    one.settings = one.settings.model_copy(update={"prompts": tmp_path / "prompts"})
    assert generate(one, 1, model=model)
    assert model.asked[0][0].content == "Fragen."


@pytest.mark.model
def test_the_embedded_model_writes_questions_whose_answers_stand_in_their_evidence(harbour: Index) -> None:
    from rag.models.llm.opening import open_llm

    model = open_llm("local", Settings(threads=2))
    assert model is not None
    try:
        cases = generate(harbour, 3, model=model)
    finally:
        model.close()
    assert cases
    assert all(case.answers[0] in case.evidence[0].quote and "generated" in case.tags for case in cases)
