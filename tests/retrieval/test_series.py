"""A question of several times is answered from each document of a series."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.answering.pipeline import answer
from rag.ingestion.pipeline import ingest
from rag.retrieval.passages import retrieve
from rag.retrieval.series import find_series
from rag.store.index import Index
from tests.conftest import Opener, write_files

FIGURES = {"2023 Q3": 4131, "2023 Q4": 4207, "2024 Q1": 3988, "2024 Q2": 4410}
CHANGED = "How have the tolls of Quay Ferry changed across quarters?"


def _report(quarter: str, tolls: int) -> str:
    return f"Figures of Quay Ferry,{quarter}\nTolls,{tolls}\nRepairs,{tolls // 7}\nStaff,{tolls // 90}\n"


@pytest.fixture
def index(open_again: Opener, tmp_path: Path) -> Index:
    reports = {f"{quarter} QUAYFERRY.csv": _report(quarter, tolls) for quarter, tolls in FIGURES.items()}
    write_files(tmp_path / "notes", {**reports, "2024 Q2 SOUTHMILL.csv": _report("2024 Q2", 1234)})
    index = open_again()
    index.scoring_is_fitted = True
    ingest(index, [tmp_path / "notes"])
    return index


def test_a_series_is_what_differs_in_its_time_alone(index: Index) -> None:
    passages = [one for one in retrieve(index, CHANGED, 20) if one.source.endswith("QUAYFERRY.csv")]
    reports = [f"{quarter} QUAYFERRY.csv" for quarter in FIGURES]
    assert list(find_series(index, CHANGED, passages)) == reports
    assert list(find_series(index, CHANGED, passages, reports[1:])) == reports[1:]
    assert find_series(index, CHANGED, passages, reports[:1]) == ()
    assert find_series(index, "What were the tolls of Quay Ferry?", passages) == ()
    assert find_series(index, CHANGED, ()) == ()


def test_each_report_is_quoted_in_the_order_of_time_and_nothing_is_out_of_date(index: Index) -> None:
    *_, last = answer(index, CHANGED, model=None)
    cited = {citation.number: citation for citation in last.citations}
    quoted = [cited[number] for sentence in last.sentences for number in sentence.citations]
    figures = [str(tolls) for tolls in FIGURES.values()]
    rows = [citation.quote for citation in quoted if any(figure in citation.quote for figure in figures)]
    assert [next(figure for figure in figures if figure in row) for row in rows] == figures
    assert "replaces" not in last.answer
    assert last.short_answer is None
    held = [(passage.source_id, passage.start, passage.end) for passage in last.passages]
    for citation in last.citations:
        assert any(
            id_ == citation.source_id and start <= citation.start and citation.end <= end for id_, start, end in held
        )
