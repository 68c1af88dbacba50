"""A question about a table is answered with the right cell, which the citation names; the table is shown as one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from rag.answering.pipeline import answer
from rag.answering.short_answers.asked import read_asked
from rag.answering.short_answers.table_answer import choose_cell
from rag.answering.subject import is_row_of_another_year
from rag.ingestion.pipeline import ingest
from rag.question.reading import read_question
from rag.serialize import answer_json
from rag.types import Answer, Citation, Evidence, RowCell, Span
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
LOGS = "id,name,remark,score\n1,Anna,second part,5\n"
DEPOTS = """<h1>Depots</h1><table><tr><th>Depot</th><th>2021</th><th>2022</th></tr>
<tr><td>Quay</td><td>31</td><td></td></tr><tr><td>Mole</td><td>44</td><td>52</td></tr></table>"""
ACCOUNTS = """<h1>Accounts</h1><h2>Results</h2><p>In thousands of euros</p>
<table><tr><th>Item<th>2023</tr><tr><td>Sales<td>512</tr><tr><td>Employees<td>41</tr></table>
<table><tr><th>Rank<th>Crew<th>Wins</tr><tr><td>1<td>Otters<td>93</tr><tr><td>2<td>Herons<td>71</tr></table>
<p>It rained.</p><table><tr><th>Boat<th>Sails</tr><tr><td>Auk<td>7</tr><tr><td>Tern<td>9</tr></table>
<h2>Hire</h2><table><tr><th>Bike<th>Day<th>Week</tr><tr><td>Tandem<td>18<td>80</tr></table>"""
QUARTER = """<h1>Kestrel, Q2 2023</h1><p>Sales of oars fell during the second quarter of 2023.</p><table>
<tr><th>Item<th>Three Months Ended April 1, 2023<th>Three Months Ended March 26, 2022<th>Change 2023 vs. 2022</tr>
<tr><td>Sales of sails<td>310<td>290<td>20</tr><tr><td>Total sales<td>870<td>905<td>(35)</tr></table>
<p>In millions</p><p>Notes follow.</p><h2>Oars</h2><table>
<tr><th>Item<th>Three Months Ended April 1, 2023<th>Three Months Ended March 26, 2022</tr>
<tr><td>Sales<td>560<td>615</tr></table>"""
YEARS = """<h1>Kestrel</h1><table>
<tr><th>Item<th>52 Weeks Ended January 28, 2023<th>52 Weeks Ended January 29, 2022</tr>
<tr><td>Profit<td>81<td>64</tr></table>"""
TOWN = """<h1>Torvik</h1><table><tr><th>Country</th><td>Norway</td></tr><tr><th>Mayor</th><td>Ada Lund</td></tr>
<tr><th>Population</th><td>3,120</td></tr></table>"""
SHIFTS = "Site,Hours,Crew\nLund,30:15,red\nTarn,8:30,blue\n"
RULES = "# Rules\n\n1. Wear gloves.\n2. Shut the hatch.\n\n# Notes\n\nRule 2 is waived for divers.\n"
STAFF = """# Staff

| Name | Role | Room | Keys |
|---|---|---|---|
| Ada Lund | Night porter | 7 | 0 |
| Bo Ek | Librarian | 12 | 3 |
"""
FORM = "Name of the tenant: Maria Silva\n\nMonthly rent in euros: 820\n\nInsured: ☒\n\nSmoker: ☐\n"
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
        ("depots.html", DEPOTS, "What did Mole have in 2022?", "52 (Mole, 2022)", "52"),
        ("accounts.html", ACCOUNTS, "What were sales in 2023?", "€512 thousand (Sales, 2023)", "512"),
        ("accounts.html", ACCOUNTS, "How many employees were there in 2023?", "41 (Employees, 2023)", "41"),
        ("accounts.html", ACCOUNTS, "How many wins have the Herons?", "71 (Herons, Wins)", "71"),
        ("accounts.html", ACCOUNTS, "How many sails has the Tern?", "9 (Tern, Sails)", "9"),
        ("accounts.html", ACCOUNTS, "How much is a tandem for a day?", "18 (Tandem, Day)", "18"),
        ("form.txt", FORM, "What is the monthly rent?", "€820", "820"),
        (
            "quarter.html",
            QUARTER,
            "What were sales of sails in the second quarter of 2023?",
            "310 million (Sales of sails, Three Months Ended April 1, 2023)",
            "310",
        ),
        ("shifts.csv", SHIFTS, "How many hours has Lund?", "30:15 (Lund, Hours)", "30:15"),
        # Another name for the same.
        (
            "quarter.html",
            QUARTER.replace("sales", "net sales").replace("Sales", "Net sales"),
            "What was turnover in the second quarter of 2023?",
            "870 million (Total net sales, Three Months Ended April 1, 2023)",
            "870",
        ),
        # The total, and not the row of a part.
        (
            "quarter.html",
            QUARTER,
            "What were sales in the second quarter of 2023?",
            "870 million (Total sales, Three Months Ended April 1, 2023)",
            "870",
        ),
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


def test_an_empty_cell_is_not_answered_from_beside_it(open_again: Opener, tmp_path: Path) -> None:
    answered = _ask(open_again, tmp_path, "depots.html", DEPOTS, "What did Quay have in 2022?")
    assert answered.short_answer is None
    assert answered.tentative or answered.abstained


def test_the_cell_is_named_by_what_the_question_names(open_again: Opener, tmp_path: Path) -> None:
    answered = _ask(open_again, tmp_path, "kennels.html", KENNELS, "How many kennels has Torby?")
    assert _answering(answered) == ("45", ("Torby", "Kennels"))


def test_the_second_column_of_a_name_is_counted_to_beside_other_documents(open_again: Opener, tmp_path: Path) -> None:
    write_files(tmp_path / "tables", {"logs.csv": LOGS})
    answered = _ask(open_again, tmp_path, "twice.csv", TWICE, "What is the second score of Anna?")
    assert answered.short_answer == "9 (Anna, Score (2))"


@pytest.mark.parametrize("question", ["Rule 2?", "What is rule 2?", "What does rule no. 2 say?"])
def test_a_numbered_item_is_found_by_its_heading_and_number(open_again: Opener, tmp_path: Path, question: str) -> None:
    answered = _ask(open_again, tmp_path, "rules.md", RULES, question)
    assert answered.short_answer == "Shut the hatch"
    assert answered.citations[0].quote == "2. Shut the hatch."


@pytest.mark.parametrize(("question", "short"), [("Is the tenant insured?", "Yes"), ("Is the tenant a smoker?", None)])
def test_a_ticked_box_answers_yes(open_again: Opener, tmp_path: Path, question: str, short: str | None) -> None:
    assert _ask(open_again, tmp_path, "form.txt", FORM, question).short_answer == short


def test_a_year_that_ends_early_is_not_taken_for_the_one_that_it_names(open_again: Opener, tmp_path: Path) -> None:
    answered = _ask(open_again, tmp_path, "years.html", YEARS, "What was the profit in fiscal 2022?")
    assert answered.short_answer is None
    assert any("Profit" in citation.quote for citation in answered.citations)


def test_a_page_that_does_not_name_what_is_asked_about_answers_nothing_for_sure(
    open_again: Opener, tmp_path: Path
) -> None:
    write_files(tmp_path / "tables", {"oslo.txt": "The ferry to Oslo leaves at noon.\n"})
    answered = _ask(open_again, tmp_path, "town.html", TOWN, "Who is the mayor of Torvik?")
    assert answered.short_answer == "Ada Lund"
    answered = _ask(open_again, tmp_path, "town.html", TOWN, "Who is the mayor of Oslo?")
    assert answered.short_answer is None
    assert answered.abstained or answered.sentences[0].text.startswith("No sentence answers this directly")


@pytest.mark.parametrize(
    "question",
    ["How many people live in Torvik?", "How many inhabitants has Torvik?", "What is the population of Torvik?"],
)
def test_the_population_is_how_many_live_there(question: str) -> None:
    line = Span("torvik.txt", "id", "Torvik", 0, 17, "Population: 3,120")
    evidence = [Evidence(line, 1.0, 1.0, 1.0, 1)]
    chosen = choose_cell(read_asked(read_question(question), question), evidence, "en", lambda _: "")
    assert chosen
    assert chosen.cell.text == "3,120"


@pytest.mark.parametrize(
    ("line", "question"),
    [
        (
            "Exhibit: 2.1; Description: Plan of merger of Kestrel with Lund Ropes",
            "How much did Kestrel pay for Lund Ropes?",
        ),
        ("Date: May 4, 2023\t Kestrel Ltd", "Who audits Kestrel?"),
    ],
)
def test_a_number_of_a_row_and_a_line_of_a_form_answer_nothing(line: str, question: str) -> None:
    evidence = [Evidence(Span("a.txt", "id", "A", 0, len(line), line), 1.0, 1.0, 1.0, 1)]
    assert choose_cell(read_asked(read_question(question), question), evidence, "en", lambda _: "") is None


@pytest.mark.parametrize(
    ("question", "of_another"),
    [
        ("What was the profit in 2018?", True),
        ("What was the profit in 2022?", False),
        # The fiscal year before the one in which it ends.
        ("What was the profit in 2020?", False),
        ("What was the profit?", False),
    ],
)
def test_a_row_of_other_years_answers_nothing_for_sure(question: str, of_another: bool) -> None:
    cells = (RowCell(8, 10, name="2022"), RowCell(12, 14, name="2021"))
    row = Span("a.html", "id", "A", 0, 14, "Profit; 41; 79", cells=cells)
    assert is_row_of_another_year(question, row) == of_another
    assert not is_row_of_another_year(question, replace(row, cells=()))


def test_what_belongs_into_a_form_answers_nothing(open_again: Opener, tmp_path: Path) -> None:
    answered = _ask(open_again, tmp_path, "form.txt", "Address of the office: (Zip Code)\n", "Where is the office?")
    assert answered.short_answer is None


def test_a_row_of_another_report_answers_nothing(open_again: Opener, tmp_path: Path) -> None:
    other = "<h1>Merlin</h1><table><tr><th>Item<th>2022</tr><tr><td>Profit<td>55</tr></table>"
    write_files(tmp_path / "tables", {"merlin.html": other})
    answered = _ask(open_again, tmp_path, "years.html", YEARS, "What was the profit of Kestrel in 2022?")
    assert answered.short_answer is None
    answered = _ask(open_again, tmp_path, "years.html", YEARS, "What was the profit of Merlin in 2022?")
    assert answered.short_answer == "55 (Profit, 2022)"


def test_a_column_of_changes_answers_only_who_asks_for_a_change(open_again: Opener, tmp_path: Path) -> None:
    table = """<h1>Kestrel</h1><table><tr><th>Item<th>2022<th>2021<th>Change 2022 vs. 2021</tr>
    <tr><td>Profit<td>41<td>79<td>(38)</tr></table>"""
    answered = _ask(open_again, tmp_path, "change.html", table, "What was the profit in 2022 and 2021?")
    assert "38" not in (answered.short_answer or "")


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("In which room is Bo Ek?", "12 (Bo Ek, Room)"),
        ("What room is Ada Lund in?", "7 (Ada Lund, Room)"),
        ("In which town is Bo Ek?", None),
        # The name of a column says nothing of a row.
        ("Has Ada Lund keys?", None),
        ("Is Bo Ek the librarian?", "Yes"),
    ],
)
def test_a_room_has_a_number_and_a_column_affirms_nothing(
    open_again: Opener, tmp_path: Path, question: str, expected: str | None
) -> None:
    assert _ask(open_again, tmp_path, "staff.md", STAFF, question).short_answer == expected
