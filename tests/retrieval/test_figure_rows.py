"""Rows of passages further down are evidence, and the passages that hold them are retrieved."""

from __future__ import annotations

from pathlib import Path

from rag.ingestion.pipeline import ingest
from rag.question.ratios import needed_figures
from rag.retrieval.figure_rows import figures_query, find_figure_rows, sources_named
from rag.retrieval.passages import retrieve
from rag.retrieval.search import SearchOptions, search, search_and_select
from rag.store.index import Index
from rag.types import Plan, PlannedSearch
from tests.conftest import Opener, write_files

QUESTION = "What is the quick ratio of North Ferry for FY2022?"


def _sheet(assets: int, stock: int, debts: int) -> str:
    return (
        "Balance sheet item,2022\n"
        f"Inventories,{stock}\nTotal current assets,{assets}\nTotal current liabilities,{debts}\nOther assets,7\n"
    )


def _index(open_again: Opener, tmp_path: Path) -> Index:
    causes = "rain snow fog frost hail heat drought floods storms strikes thieves fires".split()
    prose = {
        f"note{number}.md": f"# Quick ratio {number}\n\nThe quick ratio of North Ferry moved because of {cause}."
        for number, cause in enumerate(causes)
    }
    sheets = {"NORTHFERRY_2022_10K.csv": _sheet(90, 30, 40), "SOUTHQUAY_2022_10K.csv": _sheet(80, 20, 50)}
    write_files(tmp_path / "notes", {**prose, **sheets})
    index = open_again()
    ingest(index, [tmp_path / "notes"])
    return index


def test_the_rows_of_a_ratio_are_those_of_the_document_that_is_named(open_again: Opener, tmp_path: Path) -> None:
    index = _index(open_again, tmp_path)
    needed = needed_figures(QUESTION)
    query = figures_query(QUESTION, needed)
    assert "North" in query
    assert "2022" in query
    assert "total current liabilities" in query
    passages = retrieve(index, query, 20)
    sheets = [passage for passage in passages if passage.source.endswith(".csv")]
    assert {passage.source for passage in sheets} == {"NORTHFERRY_2022_10K.csv", "SOUTHQUAY_2022_10K.csv"}
    assert sources_named(QUESTION, sheets) == {"NORTHFERRY_2022_10K.csv"}
    assert sources_named("What is the quick ratio?", sheets) == frozenset()
    rows = find_figure_rows(index, QUESTION, needed, sheets)
    # In the order of the ratio: current assets, current liabilities, inventories.
    assert [row.span.quote.rpartition(" ")[2] for row in rows] == ["90", "40", "30"]
    assert find_figure_rows(index, QUESTION.replace("2022", "2019"), needed, sheets) == []


def test_a_passage_whose_row_may_be_quoted_takes_the_place_of_the_last(open_again: Opener, tmp_path: Path) -> None:
    index = _index(open_again, tmp_path)
    plan = Plan(QUESTION, "fact", (PlannedSearch(QUESTION),))
    options = SearchOptions(passages=2)
    (part,) = search(index, plan, options)
    assert len(part.passages) == 2
    assert part.beyond
    selected = search_and_select(index, plan, options)
    sources = [passage.source for passage in selected.passages]
    assert "NORTHFERRY_2022_10K.csv" in sources
    assert [passage.rank for passage in selected.passages] == [1, 2]
    (evidence,) = selected.evidence_by_part
    assert evidence[0].span.source == "NORTHFERRY_2022_10K.csv"
    assert "90" in evidence[0].span.quote
