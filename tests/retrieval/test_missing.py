"""What of a question the documents do not mention: `rag.retrieval.missing`."""

from __future__ import annotations

import pytest

from rag.retrieval.missing import MissingWords, missing_words
from rag.retrieval.passages import retrieve
from rag.store.index import Index
from tests.conftest import Opener, write_files

FILES = {
    "rates.md": "# Rossi & Blake 2021\n\nThe tax rate of the United Kingdom was 4 percent in fiscal 2021.\n",
    "parts.md": "# Parts\n\nThe hinge KRX-22-C costs 1,250 EUR. The hinge LRX-22-B-4 was tested on 2020-05-07.\n",
    "maps_2019/harbour.md": "# Harbour\n\nThe quay was built by Ada Thorvald in Italy. It closes at 18:05.\n",
}


@pytest.fixture(scope="module")
def documents(shared_index: Opener, tmp_path_factory: pytest.TempPathFactory) -> Index:
    folder = tmp_path_factory.mktemp("documents") / "files"
    write_files(folder, FILES)
    return shared_index(folder)


def missing(index: Index, question: str, k: int = 8) -> MissingWords:
    return missing_words(index, question, retrieve(index, question, k))


@pytest.mark.parametrize(
    "question",
    [
        "What was the tax rate of the UK in FY21?",
        "What did RnB pay in fiscal year 2021?",
        "What does the hinge cost, 1250 euros?",
        "What was tested on 7 May 2020?",
        "What did the Italian builder Thorvald's firm do in 2019?",
        "When does the quay close, at 6:05 pm?",
        "Summarise in three bullet points what Ada Thorvald built.",
        "Which 3 types of hinge were tested in Q2?",
    ],
)
def test_another_notation_a_name_of_the_folder_or_an_instruction_is_not_missing(
    documents: Index, question: str
) -> None:
    assert missing(documents, question).certain == ()


@pytest.mark.parametrize(
    ("question", "certain"),
    [
        ("What does KRX-22-B cost?", ("KRX-22-B",)),
        ("What does LRX-22-B cost?", ("LRX-22-B",)),
        ("What was the tax rate in FY17?", ("FY17",)),
        ("Did the hinge cost 2,250 EUR?", ("2,250",)),
        ("What was tested on 8 May 2020?", ("8 May 2020",)),
        ("What did Bo Kirwan and Ada Thorvald build?", ("Kirwan",)),
        ("Who went to North Quinstad?", ("North Quinstad",)),
    ],
)
def test_a_foreign_name_code_or_value_is_missing(documents: Index, question: str, certain: tuple[str, ...]) -> None:
    found = missing(documents, question)
    assert found.certain == certain
    assert set(found.certain) <= set(found.nowhere)
    assert found.absent == found.certain


def test_a_word_is_never_certainly_missing_and_a_small_one_never_at_all(documents: Index) -> None:
    found = missing(documents, "What is the moon?")
    assert found == MissingWords(nowhere=("moon",))
    assert missing(documents, "Wie hoch ist die Maut für den Hafen?").nowhere == ("Maut", "Hafen")
    assert missing(documents, "Wie hoch ist die Maut für den Hafen?").certain == ()


def test_a_name_that_stands_elsewhere_is_absent_and_not_missing(documents: Index) -> None:
    question = "What did Thorvald pay for the hinge?"
    passages = [passage for passage in retrieve(documents, question) if passage.source == "parts.md"]
    assert missing_words(documents, question, passages) == MissingWords(absent=("Thorvald",), nowhere=("pay",))


def test_an_inflection_is_the_same_word(documents: Index) -> None:
    assert missing(documents, "Is Bläke known?").certain == ()
    # "Thorva" → "Thorvald".
    assert missing(documents, "Is Thorva known?").certain == ()
    assert missing(documents, "Is Thorvaldsenia known?").certain == ("Thorvaldsenia",)


def test_a_near_spelling_may_be_the_same_name(documents: Index) -> None:
    assert missing(documents, "What did Ada Torvald build?").certain == ()


def test_a_word_of_computing_or_instructing_is_not_missing(documents: Index) -> None:
    for question in ("What is the sum of the moons?", "Translate and explain the moon.", "Summe der Monde in Prozent?"):
        assert not {"sum", "Translate", "explain", "Summe", "Prozent"} & set(missing(documents, question).nowhere)
    assert "moon" in missing(documents, "Translate and explain the moon.").nowhere
