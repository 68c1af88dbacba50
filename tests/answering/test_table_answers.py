"""A question about a table is answered with the right cell, which the citation names; the table is shown as one."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.answering.pipeline import answer
from rag.ingestion.pipeline import ingest
from rag.serialize import answer_json
from rag.types import Answer, Citation
from tests.conftest import Opener, write_files
from ui.views.cited_table import cited_table

KENNELS = """<html><body><h1>Kennels</h1><table>
<tr><th>County</th><th>Town</th><th>Kennels</th><th>Opened</th></tr>
<tr><td>Ardshire</td><td>Milford</td><td>31</td><td>1987</td></tr>
<tr><td>Ardshire</td><td>Torby</td><td>45</td><td>2004</td></tr>
<tr><td>Lenland</td><td>Osk</td><td>12</td><td>2011</td></tr></table></body></html>"""
PUMP = """<html><body><h1>Pump K7</h1><table><tr><td>Model</td><td>K7</td></tr>
<tr><td>Weight</td><td>14 kg</td></tr><tr><td>Warranty</td><td>5 years</td></tr></table></body></html>"""
FEES = "Vehicle,Toll,Licence\nBarge,40,yes\nFerry,55,no\n"
TWICE = "Name,Score,Note,Score,Note\nAnna,7,fair,9,fine\nBert,3,poor,4,fair\n"
MARKDOWN_FEES = "# Tolls\n\n| Vehicle | Toll |\n| --- | --- |\n| Barge | $40 |\n| Ferry | $55 |\n"
PLAIN_FEES = "Tolls of the canal\n\nBarge; toll: $40\n\nFerry; toll: $55\n"


def _ask(open_again: Opener, folder: Path, name: str, content: str, question: str) -> Answer:
    write_files(folder / "tables", {name: content})
    index = open_again()
    index.scoring_is_fitted = True
    ingest(index, [folder / "tables"])
    *_, last = answer(index, question, model=None)
    return last


def _answering(answered: Answer) -> tuple[str, tuple[str, ...]] | None:
    cells = [(citation, citation.cell) for citation in answered.citations if citation.cell]
    for citation, cell in cells:
        return citation.quote[cell.start - citation.start : cell.end - citation.start], cell.names
    return None


@pytest.mark.parametrize(
    ("name", "content", "question", "short", "cell"),
    [
        ("kennels.html", KENNELS, "How many kennels has Torby?", "45 (Torby, Kennels)", "45"),
        ("kennels.html", KENNELS, "How many kennels has Osk?", "12 (Osk, Kennels)", "12"),
        ("pump.html", PUMP, "What is the warranty of the K7?", "5 years", "5 years"),
        ("pump.html", PUMP, "How much does the K7 weigh?", "14 kg", "14 kg"),
        ("fees.csv", FEES, "What is the toll for a ferry?", "55 (Ferry, Toll)", "55"),
        ("twice.csv", TWICE, "What is the second score of Anna?", "9 (Anna, Score (2))", "9"),
    ],
)
def test_the_right_cell_answers_and_is_cited(
    open_again: Opener, tmp_path: Path, name: str, content: str, question: str, short: str, cell: str
) -> None:
    answered = _ask(open_again, tmp_path, name, content, question)
    assert answered.short_answer == short
    found = _answering(answered)
    assert found
    assert found[0] == cell


def test_the_cell_of_a_row_without_a_record_is_cited_too(open_again: Opener, tmp_path: Path) -> None:
    answered = _ask(open_again, tmp_path, "fees.txt", PLAIN_FEES, "What is the toll for a ferry?")
    assert answered.short_answer == "$55 (Ferry, toll)"
    assert _answering(answered) == ("$55", ("Ferry", "toll"))
    assert all(citation.cells == () for citation in answered.citations)


def test_a_bar_between_two_cells_is_no_part_of_a_label(open_again: Opener, tmp_path: Path) -> None:
    answered = _ask(open_again, tmp_path, "fees.md", MARKDOWN_FEES, "What is the toll for a ferry?")
    assert answered.short_answer == "$55 (Ferry, Toll)"
    assert _answering(answered) == ("$55", ("Ferry", "Toll"))


def test_a_citation_has_the_cells_of_its_row_in_json(open_again: Opener, tmp_path: Path) -> None:
    answered = _ask(open_again, tmp_path, "fees.csv", FEES, "What is the toll for a ferry?")
    citation = answer_json(answered)["citations"][0]
    assert citation["quote"] == "Vehicle: Ferry; Toll: 55; Licence: no"
    start = citation["start"]
    assert citation["cell"] == {"start": start + 22, "end": start + 24, "names": ("Ferry", "Toll"), "boxes": ()}
    words = [citation["quote"][cell["start"] - start : cell["end"] - start] for cell in citation["cells"]]
    assert words == ["Ferry", "55", "no"]
    assert [cell["name"] for cell in citation["cells"]] == ["Vehicle", "Toll", "Licence"]


def test_a_sentence_has_no_cells(open_again: Opener, tmp_path: Path) -> None:
    answered = _ask(open_again, tmp_path, "note.txt", "The toll for a ferry is 55 crowns.", "What is the toll?")
    assert all(citation.cell is None and citation.cells == () for citation in answered.citations)


def test_cited_rows_are_shown_in_columns_with_the_cell_that_answers_marked(open_again: Opener, tmp_path: Path) -> None:
    answered = _ask(open_again, tmp_path, "fees.csv", FEES, "What is the toll for a ferry?")
    table = cited_table(answered.citations[0])
    assert table
    assert table.names == ("Vehicle", "Toll", "Licence")
    assert [(cell.text, cell.is_answer) for cell in table.rows[0]] == [("Ferry", False), ("55", True), ("no", False)]


def test_what_is_no_row_is_no_table() -> None:
    assert cited_table(Citation(1, "a", "id", "A", 0, 5, "words")) is None
