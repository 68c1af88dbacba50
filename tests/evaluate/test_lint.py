"""What lint finds wrong with a suite: each check on cases small enough to judge by eye."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.evaluate.suite.file import append_case, corpus_hash, load_suite
from rag.evaluate.suite.lint import Problem, lint_suite
from rag.evaluate.types import Case, ExpectedNumber, GoldEvidence, Suite
from rag.ingestion.pipeline import ingest
from rag.settings import Settings
from rag.store.index import Index, open_index
from rag.types import Turn
from tests.fakes import WordEncoder

TOLL = GoldEvidence("bridge.md", "The toll is 3 crowns for cars.")
GOOD = Case("good", "What is the toll for cars?", answers=("3 crowns",), evidence=(TOLL,))
NONE = Case("none", "Who built the moon?", answerable=False)


def suite_of(*cases: Case, corpus: Path = Path(), sha256: str = "") -> Suite:
    return Suite(
        "s", Path("s.yaml"), corpus, sha256, cases, "0", where={case.id: f"s.jsonl:{case.id}" for case in cases}
    )


def about(problems: list[Problem], case: str) -> list[tuple[str, str]]:
    return [(problem.severity, problem.text) for problem in problems if problem.case == case]


def test_a_good_case_has_no_problem(index: Index) -> None:
    assert about(lint_suite(suite_of(GOOD, NONE), index), "good") == []


@pytest.mark.parametrize(
    ("fields", "severity", "message"),
    [
        (
            {"evidence": (GoldEvidence("bridge.md", "The toll is 4"),)},
            "error",
            "evidence[0]: “The toll is 4” does not stand",
        ),
        ({"evidence": (TOLL, GoldEvidence("b.md", "x"))}, "error", "evidence[1]: b.md is not in the corpus"),
        (
            {"evidence": (GoldEvidence("bridge.md", "The bridge"),), "answers": ("bridge",)},
            "warning",
            "stands 2 times in bri",
        ),
        ({"evidence": ()}, "warning", "has no evidence"),
        ({"answers": ("4 crowns",)}, "warning", "has an answer that does not stand in its evidence"),
        ({"answers": ("four",), "match": "f1"}, "warning", "has an answer that does not stand in its evidence"),
        ({"answers": ()}, "warning", "expects nothing of the answer"),
        ({"answerable": False, "evidence": ()}, "error", "is not answerable and has 'answers'"),
        ({"answerable": False, "answers": ()}, "warning", "is not answerable and has evidence"),
        ({"match": "numeric"}, "error", "has match 'numeric' and no number"),
        (
            {"match": "numeric", "numeric": ExpectedNumber(4.0, "crowns")},
            "warning",
            "has an answer that does not stand",
        ),
        ({"match": "regex"}, "error", "has match 'regex' and no 'pattern'"),
        ({"match": "regex", "pattern": "("}, "error", "has a pattern that is no regular expression"),
        ({"match": "regex", "pattern": "(a+)+$"}, "error", "has a pattern that takes too long"),
        (
            {"answers": (), "numeric": ExpectedNumber(3.0)},
            "warning",
            "has match 'contains' and no 'answers', so its number does not",
        ),
        ({"history": (Turn("user", "a"),)}, "warning", "has a history that ends with the user's words"),
    ],
)
def test_each_fault_of_a_case_is_named(index: Index, fields: dict[str, object], severity: str, message: str) -> None:
    case = Case(**{"id": "c", "question": "What?", "answers": ("3 crowns",), "evidence": (TOLL,), **fields})  # type: ignore[arg-type]
    ((actual, text),) = about(lint_suite(suite_of(GOOD, case), index), "c")
    assert (actual, message in text) == (severity, True), text


@pytest.mark.parametrize(
    "fields",
    [
        {"answers": ("It is 3 crowns for cars",), "match": "f1"},
        {"match": "numeric", "numeric": ExpectedNumber(3.0, "crowns")},
        {"match": "regex", "pattern": r"\b3 crowns?\b"},
        {"answers": (), "must_include": ("crowns",)},
        {"answers": (), "must_not_include": ("4 crowns",)},
        {"answers": ("three", "3 CROWNS")},
    ],
)
def test_what_is_meant_is_let_through(index: Index, fields: dict[str, object]) -> None:
    case = Case(**{"id": "c", "question": "What?", "answers": ("3 crowns",), "evidence": (TOLL,), **fields})  # type: ignore[arg-type]
    assert about(lint_suite(suite_of(GOOD, case), index), "c") == []


@pytest.mark.parametrize(
    ("question", "history", "twin"),
    [
        ("what is the toll for cars", (), True),
        ("What is the toll for the cars?", (), True),
        ("What is the toll for cars in 1952?", (), False),
        ("What is the toll for cars?", (Turn("user", "a"), Turn("assistant", "b")), False),
        ("When does the ferry leave?", (), False),
    ],
)
def test_near_duplicates_are_distinguished_from_questions_that_differ(
    index: Index, question: str, history: tuple[Turn, ...], twin: bool
) -> None:
    other = Case("other", question, history=history, answers=("3 crowns",), evidence=(TOLL,))
    problems = about(lint_suite(suite_of(GOOD, other), index), "other")
    assert bool(problems) == twin
    assert not twin or "asks nearly the same as case 'good'" in problems[0][1]


def test_years_make_two_questions_of_one(index: Index) -> None:
    first = Case("a", "How many storms were there in 1952?", answerable=False)
    second = Case("b", "How many storms were there in 1953?", answerable=False)
    assert about(lint_suite(suite_of(first, second), index), "b") == []


def test_the_suite_as_a_whole_is_judged(index: Index, library: Path) -> None:
    def whole(*cases: Case, sha256: str = "") -> str:
        problems = lint_suite(suite_of(*cases, corpus=library, sha256=sha256), index)
        return "\n".join(f"{problem.severity}: {problem.text}" for problem in problems if not problem.case)

    assert "warning: no case is unanswerable" in whole(GOOD)
    assert "warning: no case is answerable" in whole(NONE)
    assert "no case is" not in whole(GOOD, NONE)
    assert "note: 1 case is answerable and 1 not." in whole(GOOD, NONE)
    assert "warning: 2 cases are too few" in whole(GOOD, NONE)
    assert "1 case is still marked as draft" in whole(Case("d", "q", answerable=False, tags=("draft",)), GOOD)
    assert "the corpus is not the one" in whole(GOOD, sha256="0" * 64)
    assert "the corpus is not the one" not in whole(GOOD, sha256=corpus_hash(library))
    many = [Case(f"c{i}", f"What of {i}?", answerable=False) for i in range(100)]
    assert "100 cases are enough for the gate to find a drop of 'right' by 12.1 points" in whole(*many)


def test_a_suite_for_retrieval_is_one_note_and_not_a_warning_for_each_case(index: Index) -> None:
    cases = [Case(f"c{i}", f"What of {i}?", evidence=(TOLL,)) for i in range(3)]
    problems = lint_suite(suite_of(*cases), index)
    assert not [problem for problem in problems if problem.case]
    assert sum("no case expects words" in problem.text for problem in problems) == 1


def test_a_problem_says_where_its_case_stands(index: Index, library: Path, tmp_path: Path) -> None:
    path = tmp_path / "suite" / "suite.yaml"
    append_case(path, GOOD, corpus=library)
    append_case(path, Case("lost", "Where?", answers=("x",), evidence=(GoldEvidence("bridge.md", "nowhere"),)))
    problems = [
        problem for problem in lint_suite(load_suite(path, corpus_anywhere=True), index) if problem.severity == "error"
    ]
    assert [(problem.case, problem.where) for problem in problems] == [("lost", f"{path.parent}/cases.jsonl:2")]


@pytest.mark.parametrize("name", ["handbook", "conversations"])
def test_the_shipped_suites_have_no_error_and_no_warning(settings: Settings, name: str) -> None:
    suite = load_suite(Path(__file__).parents[1] / "suites" / name, corpus_anywhere=True)
    with open_index("handbook", settings=settings, create=True, encoder=WordEncoder()) as opened:
        ingest(opened, [suite.corpus])
        assert [problem for problem in lint_suite(suite, opened) if problem.severity != "note"] == []
