"""Plain computations from tables and sentences: computed with their figures cited, or not at all."""

from __future__ import annotations

import pytest

from rag.answering.clock import Clock
from rag.answering.composer import Composer
from rag.answering.context import AnswerContext
from rag.answering.kinds import computation
from rag.answering.material import Material
from rag.answering.options import AnswerOptions
from rag.question.reading import read_question
from rag.retrieval.search import SearchOptions
from rag.store.index import Index
from rag.types import Answer, Plan, PlannedSearch
from tests.conftest import Opener, write_files

FILES = {
    "lund.md": "# Lund Airframe\n\nThe company's revenues in fiscal 2022 were 66,608 million crowns, compared "
    "to 62,286 million crowns in fiscal 2021.\n\n"
    "The effective tax rate was 4.2 percent in 2022 and 14.8 percent in 2021.\n",
    "harbour.md": "# Fees of the harbour\n\n| Boat | Fee | Deposit |\n| --- | --- | --- |\n| Dinghy | $40 | $15 |\n"
    "| Cutter | $90 | none |\n\n| Berths | 2020 | 2021 |\n| --- | --- | --- |\n| Visitors | 120 | 150 |\n"
    "| Residents | 300 | 250 |\n| Total berths | 420 | 400 |\n",
    "depot.csv": "Depot,Trams,Buses\nNorth,12,30\nSouth,20,45\n",
    "club.html": "<html><title>Rowing club</title><body><p>Budget (in thousands)</p><table><tr><th>Item</th>"
    "<th>2019</th>"
    "<th>2020</th></tr><tr><td>Rent</td><td>€12</td><td>€15</td></tr><tr><td>Heating</td><td>€3</td><td>€5</td></tr>"
    "</table></body></html>",
    "stall.md": "# Price list\n\n| Code | Price (EUR) | Weight (kg) |\n| --- | --- | --- |\n| TR-40 | 900 | 7 |\n"
    "| TR-40S | 1,250 | 9 |\n| BX-7 | 80 | 2 |\n",
    "2018/mill.md": "# Mill 2018\n\nIn 2018 turnover was 8 million EUR, and outlay was 5 million EUR.\n\n"
    "| Item | Q1 | Q2 |\n| --- | --- | --- |\n| Turnover | 3 | 5 |\n",
    "2019/mill.md": "# Mill 2019\n\nIn 2019 turnover was 10 million EUR, and outlay was 6 million EUR.\n\n"
    "| Item | Q1 | Q2 |\n| --- | --- | --- |\n| Turnover | 4 | 6 |\n",
    "north/pier.md": "# North pier\n\nThe lamp budget was 700 EUR in 2020.\n",
    "south/pier.md": "# South pier\n\nThe lamp budget was 900 EUR in 2020. The lamp budget was 950 EUR in 2021.\n",
}


@pytest.fixture(scope="module")
def reports(shared_index: Opener, tmp_path_factory: pytest.TempPathFactory) -> Index:
    folder = tmp_path_factory.mktemp("files") / "reports"
    write_files(folder, FILES)
    return shared_index(folder)


def _material(index: Index, question: str, threshold: float = 0.0) -> Material:
    read = read_question(question)
    plan = Plan("computation", question, (PlannedSearch(question),))
    context = AnswerContext(
        index, AnswerOptions.of(index.settings), SearchOptions(threshold=threshold), Clock(), read, plan, read.language
    )
    steps = computation.gather(Answer(question, question), context)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value


def test_below_the_users_threshold_nothing_is_computed(reports: Index) -> None:
    question = "By how much did revenues grow from FY2021 to FY2022?"
    assert _material(reports, question).band == "sure"
    assert _material(reports, question, threshold=1.01).band == "refused"


def _answer(index: Index, question: str) -> Composer:
    return _material(index, question).compose()


@pytest.mark.parametrize(
    ("question", "sentence", "short"),
    [
        (
            "By how much did revenues grow from FY2021 to FY2022?",
            "66,608 − 62,286 = 4,322 million crowns (6.9 %).",
            "4,322 million crowns (6.9 %)",
        ),
        (
            "By what percentage did revenues grow from FY2021?",
            "66,608 − 62,286 = 4,322 million crowns (6.9 %).",
            "6.9 %",
        ),
        (
            "How much has the effective tax rate changed between 2021 and 2022?",
            "4.2 − 14.8 = −10.6 percentage points.",
            "−10.6 percentage points",
        ),
        ("How much more is the fee for a cutter than the fee for a dinghy?", "90 − 40 = $50.", "$50"),
        ("What percentage of total berths were visitors in 2021?", "150 ÷ 400 = 37.5 %.", "37.5 %"),
        ("What is the difference between residents in 2020 and 2021?", "300 − 250 = 50.", "50"),
        ("What is the sum of trams north and trams south?", "12 + 20 = 32.", "32"),
        ("What is the ratio of buses north to trams north?", "30 ÷ 12 = 2.5.", "2.5"),
        ("What is the difference between the price of the TR-40S and the TR-40?", "1,250 − 900 = €350.", "€350"),
        # The figures of quarters are not those of the year, and of two in a sentence one is meant.
        ("By how much did turnover grow from 2018 to 2019?", "10 − 8 = €2 million (25 %).", "€2 million (25 %)"),
        ("What percentage of turnover was outlay in 2019?", "6 ÷ 10 = 60 %.", "60 %"),
        ("How much did rent increase from 2019 to 2020?", "15 − 12 = €3 thousand (25 %).", "€3 thousand (25 %)"),
    ],
)
def test_a_plain_computation_shows_its_figures(reports: Index, question: str, sentence: str, short: str) -> None:
    composer = _answer(reports, question)
    assert composer.short_answer == short
    first = composer.sentences[0]
    assert first.text.startswith(sentence)
    assert first.citations == tuple(range(1, len(composer.citations) + 1))
    for citation in composer.citations:
        document = reports.catalog.document(citation.source_id)
        assert document
        assert document.text[citation.start : citation.end] == citation.quote
        assert " ".join(citation.quote.split()) in composer.text


@pytest.mark.parametrize(
    "question",
    [
        # Two documents say otherwise.
        "What is the sum of the lamp budget in 2020 and the lamp budget in 2021?",
        # One of the figures is in no document.
        "How much more is the fee for a cutter than the fee for a barge?",
        "By how much did revenues grow from 2020 to 2022?",
        # The cell holds no figure.
        "What is the difference between the deposit for a dinghy and the deposit for a cutter?",
        # Another code is another thing.
        "What is the difference between the price of the TR-40 and the BX-9?",
        # A fee and a number of trams are not counted in the same.
        "What is the sum of the fee for a dinghy and trams north?",
        "What is the difference between a lease and a licence?",
    ],
)
def test_nothing_is_computed_where_a_figure_is_not_certain(reports: Index, question: str) -> None:
    material = _material(reports, question)
    assert "COMPUTE:" in material.task
    composer = material.compose()
    assert composer.short_answer is None
    assert "=" not in composer.text


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("How many more cars are 28 cars than 3 cars?", "28 − 3 = 25 cars."),
        ("What is 15% of 200?", "15 % × 200 = 30."),
        ("What is 12 times 7?", "12 × 7 = 84."),
        ("How many years are there between 1914 and 1989?", "1989 − 1914 = 75 years."),
        ("Was ist 1.5 * 3?", "1,5 × 3 = 4,5."),
    ],
)
def test_figures_in_the_question_need_no_source(reports: Index, question: str, text: str) -> None:
    composer = _answer(reports, question)
    assert (composer.text, composer.citations) == (text, [])
