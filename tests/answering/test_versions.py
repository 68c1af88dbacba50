"""Documents of two times, and copies: what an answer shows of them."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from rag.answering.options import AnswerOptions
from rag.answering.pipeline import answer
from rag.ingestion.pipeline import ingest
from rag.store.index import Index
from rag.types import Answer
from tests.conftest import Opener, write_files
from tests.fakes import ScriptedModel

BERTH = "The daily charge of the marina is {} crowns.\n"


@pytest.fixture
def marina(open_again: Opener) -> Index:
    """An empty index."""
    return open_again("marina")


@pytest.fixture
def add_files(marina: Index, tmp_path: Path) -> Callable[[dict[str, str]], None]:
    """Adds files, by name and text, to the index."""

    def run(files: dict[str, str]) -> None:
        write_files(tmp_path / "marina", files)
        ingest(marina, [tmp_path / "marina"])

    return run


@pytest.fixture
def ask(marina: Index) -> Callable[[str], Answer]:
    """Asks without a model and returns the answer; the fake encoder's confidence is not looked at."""

    def run(question: str) -> Answer:
        *_, last = answer(marina, question, model=None, options=AnswerOptions(threshold=0.0))
        return last

    return run


def sources(last: Answer) -> list[str]:
    return [citation.source for citation in last.citations]


def test_the_newer_document_comes_first_and_is_named(ask, add_files) -> None:
    add_files({"2021/charges.md": BERTH.format(18), "2024/charges.md": BERTH.format(21)})
    last = ask("What is the daily charge of the marina?")
    assert sources(last)[:2] == ["2024/charges.md", "2021/charges.md"]
    assert "The newer source (2024/charges.md, 2024) replaces the older one (2021/charges.md, 2021)" in last.answer
    assert last.conflicts == ()


def test_a_change_is_told_with_both_values_and_both_times(ask, add_files) -> None:
    add_files(
        {
            "charges-old.md": f"# Charges\n\nStand: 01.02.2021\n\n{BERTH.format(18)}",
            "charges.md": f"# Charges, valid from 1 March 2024\n\n{BERTH.format(21)}",
        }
    )
    last = ask("What is the daily charge of the marina?")
    assert last.answer == (
        "“The daily charge of the marina is 21 crowns.” [1]\n“The daily charge of the marina is 18 crowns.” [2]\n\n"
        "The newer source (charges.md, 2024-03-01) replaces the older one (charges-old.md, 2021-02-01): "
        "21, before 18. [1] [2]"
    )
    assert last.sentences[-1].verdict == "not a claim"


def test_of_many_versions_the_latest_two_are_quoted_and_all_are_told(ask, add_files) -> None:
    add_files({f"charges-{year}.md": BERTH.format(year - 2000) for year in (2019, 2021, 2022, 2024)})
    last = ask("What is the daily charge of the marina?")
    assert last.answer.count("“") == 2
    assert last.answer.count("The newer source") == 1
    assert (
        "(charges-2024.md, 2024) replaces the older ones (charges-2022.md, 2022; charges-2021.md, 2021; "
        "charges-2019.md, 2019): 24, before 22 (2022), 21 (2021), 19 (2019). [1] [2] [3] [4]"
    ) in last.answer


def test_two_rules_that_changed_are_one_change_of_the_source(ask, add_files, marina: Index) -> None:
    # Similarities count as they are, as with the encoder that scoring was fitted with.
    marina.scoring_is_fitted = True
    text = "The berth costs {} crowns a day. Electricity of the berth is {}included.\n"
    add_files({"2020/berth.md": text.format(18, ""), "2023/berth.md": text.format(21, "not ")})
    last = ask("What does the berth cost, and is electricity of the berth included?")
    assert last.answer.count("The newer source") == 1
    assert "21, before 18" in last.answer
    assert "is not included, before is included" in last.answer
    assert len(last.citations) <= 4


def test_an_event_of_the_past_does_not_change(ask, add_files) -> None:
    add_files(
        {
            "harbour 2019.md": "The harbour was opened in 1931 by Ada Berg.\n",
            "harbour 2023.md": "The harbour was opened in 1932 by Ada Berg.\n",
        }
    )
    last = ask("Who opened the harbour?")
    assert [conflict.about.text() for conflict in last.conflicts] == ["1931 or 1932"]
    assert "newer" not in last.answer


def test_two_names_of_one_office_are_a_conflict(ask, add_files) -> None:
    add_files({"a.md": "The harbour master is Ada Berg.\n", "b.md": "The harbour master is Bo Lund.\n"})
    last = ask("Who is the harbour master?")
    assert sorted(sources(last)) == ["a.md", "b.md"]
    assert re.search("The sources disagree: (Ada Berg or Bo Lund|Bo Lund or Ada Berg)\\.", last.answer)


def test_the_other_side_is_shown_behind_the_words_of_a_model(marina, add_files) -> None:
    add_files({"a.md": BERTH.format(18), "b.md": BERTH.format(21)})
    model = ScriptedModel(["The daily charge of the marina is 18 crowns."])
    *_, last = answer(marina, "What is the daily charge of the marina?", model=model)
    assert last.answer == (
        "The daily charge of the marina is 18 crowns. [1]\n“The daily charge of the marina is 21 crowns.” [2]\n\n"
        "The sources disagree: 18 or 21. [1] [2]"
    )
    assert len(last.conflicts) == 1


def test_what_a_model_says_of_both_versions_is_not_quoted_again(marina, add_files) -> None:
    add_files({"charges 2021.md": BERTH.format(18), "charges 2024.md": BERTH.format(21)})
    model = ScriptedModel(["The daily charge of the marina is 21 crowns. The daily charge of the marina is 18 crowns."])
    *_, last = answer(marina, "What is the daily charge of the marina?", model=model)
    assert "“" not in last.answer
    assert last.answer.endswith(
        "\n\nThe newer source (charges 2024.md, 2024) replaces the older one (charges 2021.md, 2021): "
        "21, before 18. [1] [2]"
    )


def test_a_change_is_told_in_german(marina, add_files) -> None:
    add_files(
        {"2021/preise.md": "Der Liegeplatz kostet 18 Kronen.\n", "2024/preise.md": "Der Liegeplatz kostet 21 Kronen.\n"}
    )
    *_, last = answer(marina, "Wie viel kostet der Liegeplatz?", model=None, options=AnswerOptions(threshold=0.0))
    assert (
        "Die neuere Quelle (2024/preise.md, 2024) ersetzt die ältere (2021/preise.md, 2021): 21, vorher 18."
        in last.answer
    )


def test_a_year_in_the_question_chooses_the_document(ask, add_files) -> None:
    add_files({"2021/charges.md": BERTH.format(18), "2024/charges.md": BERTH.format(21)})
    last = ask("What was the daily charge of the marina in 2021?")
    assert sources(last)[0] == "2021/charges.md"
    assert "disagree" not in last.answer
    assert "newer" not in last.answer


def test_a_rule_that_changed_in_words_is_named(ask, add_files) -> None:
    add_files(
        {
            "pets-2020.md": "# Pets\n\nDogs are not allowed on the pontoon of the marina.\n",
            "pets.md": "# Pets\n\nEffective 2 May 2023.\n\nDogs are allowed on the pontoon of the marina on a lead.\n",
        }
    )
    last = ask("Are dogs allowed on the pontoon of the marina?")
    assert sources(last)[0] == "pets.md"
    assert "The newer source (pets.md, 2023-05-02) replaces the older one (pets-2020.md, 2020)" in last.answer


def test_what_is_denied_now_was_said_before(ask, add_files) -> None:
    add_files({"2020/berth.md": "Electricity is included.\n", "2023/berth.md": "Electricity is not included.\n"})
    last = ask("Is electricity included?")
    assert sources(last)[0] == "2023/berth.md"
    assert "The newer source (2023/berth.md, 2023) replaces the older one (2020/berth.md, 2020)" in last.answer


def test_copies_count_once_and_the_other_value_is_shown(ask, add_files) -> None:
    add_files({f"copy {n}.md": BERTH.format(18) for n in range(4)} | {"other.md": BERTH.format(21)})
    last = ask("What is the daily charge of the marina?")
    (conflict,) = last.conflicts
    assert sorted(re.findall(r"\d+", str(conflict.about))) == ["18", "21"]
    assert len([source for source in sources(last) if source.startswith("copy")]) == 1


def test_where_one_source_bears_a_date_it_is_said(ask, add_files) -> None:
    add_files({"charges 2021 old.md": BERTH.format(18), "charges.md": BERTH.format(21)})
    last = ask("What is the daily charge of the marina?")
    assert len(last.conflicts) == 1
    assert "charges 2021 old.md is of 2021; charges.md bears no date." in last.answer


@pytest.mark.parametrize(
    ("question", "tentative"),
    [
        ("How much does the mast KX-90 cost?", True),
        ("How much does the mast KX-20 cost?", False),
        # The amount that it did not cost is what is asked.
        ("Did the mast KX-20 cost 75 crowns?", False),
    ],
)
def test_what_is_said_of_another_code_is_tentative(
    marina: Index, add_files: Callable[[dict[str, str]], None], question: str, tentative: bool
) -> None:
    add_files({"masts.md": "The mast KX-20 costs 52 crowns.\n"})
    *_, last = answer(marina, question, model=None, options=AnswerOptions(threshold=0.0, tentative=1e-9))
    assert (last.tentative, last.abstained) == (tentative, False)
