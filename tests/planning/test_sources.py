"""Files that a question names: `rag.planning.sources`."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from rag.ingestion.pipeline import ingest
from rag.planning.planner import make_plan
from rag.planning.sources import NamedSources, find_named_sources
from rag.store.index import Index
from tests.conftest import write_files


@pytest.mark.parametrize(
    ("question", "sources", "query"),
    [
        ("How long is the bridge in bridge.md?", ("bridge.md",), "How long is the bridge?"),
        ("When does it leave according to sea/ferry.txt?", ("sea/ferry.txt",), None),
        ("What does ferry.txt say about the cars on board?", ("sea/ferry.txt",), None),
        ("Where does Maren sleep by day according to keeper?", ("sea/keeper.txt",), "Where does Maren sleep by day?"),
        ("When does the ferry leave Skarholm?", (), None),
        ("Where is the file bridge.mdx of the harbour?", (), None),
        ("Summarise bridge.md", ("bridge.md",), "Summarise bridge.md"),
    ],
)
def test_a_file_named_in_a_question_is_the_only_one_searched(
    index: Index, question: str, sources: tuple[str, ...], query: str | None
) -> None:
    named = find_named_sources(index, question)
    assert named.sources == sources
    if query is not None:
        assert named.query == query


def test_the_plan_says_where_is_searched(index: Index) -> None:
    plan = make_plan(index, "How long is the bridge in bridge.md?").plan
    assert [search.sources for search in plan.searches] == [("bridge.md",)]
    assert [reason.code for reason in plan.why] == ["plan-kind", "searched-in"]


def test_the_letters_of_a_name_may_be_composed_otherwise(index: Index, library: Path) -> None:
    stored = unicodedata.normalize("NFD", "Übersicht.md")
    write_files(library, {stored: "The toll is 9 crowns."})
    ingest(index, [library])
    assert find_named_sources(index, "How high is the toll in Übersicht.md?") == NamedSources(
        (stored,), "How high is the toll?"
    )
