"""Names of a kind in sentences: `rag.answering.extraction.names`."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answering.extraction.names import NameKind, name_key, name_kind_of, names_of_kind
from rag.text import terms


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("List the universities mentioned in the documents.", NameKind(terms("universities")[0], "other")),
        ("Which rivers are there?", NameKind("river", "other")),
        ("Who is mentioned?", NameKind("", "person")),
        ("Which people are named in the letter?", NameKind("", "person")),
        ("Which countries are mentioned?", NameKind("", "country")),
        ("Name all companies in the contract.", NameKind(terms("companies")[0], "company")),
        ("What problems does the speech identify?", None),
        ("Who should sign the form?", None),
        ("List all rules on receipts.", None),
        ("", None),
    ],
)
def test_a_question_tells_which_names_it_asks_for(question: str, kind: NameKind | None) -> None:
    assert name_kind_of(question) == kind


@pytest.mark.parametrize(
    ("head", "sentence", "names"),
    [
        ("universities", "The University of Cork and Olsen University.", ["University of Cork", "Olsen University"]),
        ("rivers", "The St. Lawrence River meets the river Aare there.", ["St. Lawrence River", "Aare"]),
        ("cities", "They visited cities such as Cork, Lund and Oslo.", ["Cork", "Lund", "Oslo"]),
        ("cities", "Lund is a small city in the south, and Oslo was a city.", ["Lund", "Oslo"]),
        ("cities", "The city of Cork has a mayor.", ["Cork"]),
        ("rivers", "Near Krefeld, the river crosses the line.", []),
        ("sites", "Site: Cork; Phone: 12", ["Cork"]),
        ("kings", "King Olaf and the King of Norway fought King Karl's War.", ["King Olaf"]),
        ("rivers", "By the time of the Miocene, a river system had developed.", []),
        ("universities", "Public universities charge fees in Lund.", []),
    ],
)  # fmt: skip
def test_a_name_has_the_word_for_its_kind_or_a_phrase_gives_it(head: str, sentence: str, names: list[str]) -> None:
    kind = name_kind_of(f"Which {head} are mentioned?")
    assert kind is not None
    assert names_of_kind(sentence, kind) == names


PEOPLE = NameKind("", "person")


@pytest.mark.parametrize(
    ("sentence", "names"),
    [
        ("President Lincoln spoke first.", ["President Lincoln"]),
        ("Ada Kirwan was born in Cork.", ["Ada Kirwan"]),
        ("The keys are kept by Jon Mora, the caretaker.", ["Jon Mora"]),
        ("The office is led by Dr. Maren Öst.", ["Dr. Maren Öst"]),
        ("The Imperial Library Directorate was founded in 1273.", []),
        ("Trade with New Zealand is growing.", []),
        ("The Treaty of Lund was signed.", []),
        ("The Vice President is here.", []),
    ],
)
def test_people_have_titles_or_do_what_people_do(sentence: str, names: list[str]) -> None:
    assert names_of_kind(sentence, PEOPLE) == names


def test_a_common_word_that_opens_a_sentence_is_no_part_of_a_name() -> None:
    assert names_of_kind("Pass Bobby Casey's bill.", PEOPLE, {"pass"}) == ["Bobby Casey"]


def test_countries_are_told_by_their_names() -> None:
    countries = NameKind("", "country")
    assert names_of_kind("From Nigeria to South Korea.", countries) == ["Nigeria", "South Korea"]
    assert names_of_kind("The Nigerian office is closed.", countries) == []


def test_two_writings_of_a_name_are_one() -> None:
    assert name_key("President Lincoln") == name_key("Lincoln")
    assert name_key("Ada Kirwan") != name_key("Ben Kirwan")
    assert name_key("President") == "president"


@given(st.text(max_size=200))
def test_any_text_is_read_and_names_stand_in_it(text: str) -> None:
    line = " ".join(text.split())
    for kind in (PEOPLE, NameKind("river", "other"), NameKind("", "country"), NameKind("compani", "company")):
        for name in names_of_kind(line, kind):
            assert name.split()[0] in line
