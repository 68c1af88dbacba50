"""What a question mentions, and whether a text does: `rag.question.mentions`, `aliases` and `compounds`."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.question.aliases import initials, is_initialism, other_spellings
from rag.question.compounds import find_compounds
from rag.question.mentions import question_mentions, stands_in


def mentioned(question: str, text: str) -> dict[str, bool]:
    return {term.text: stands_in(term, text) for term in question_mentions(question)}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("KRX-22-B", "code"),
        ("krx-22-7b", "code"),
        ("07X4411", "code"),
        ("310-55-08", "code"),
        ("v3.0.2", "code"),
        ("EN 1090", "code"),
        ("A/C-7", "code"),
        ("Berg-Hansen", "name"),
        ("full-time", "word"),
        ("10-day", None),
        ("20-year-old", None),
        ("5km", None),
        ("FY22", None),
        ("1990s", None),
        ("10-15", None),
        ("U.S.", None),
        ("and/or", None),
        ("ferry", None),
    ],
)
def test_codes_and_names_are_told_from_words_and_values(text: str, kind: str | None) -> None:
    found = find_compounds(f"see {text} here")
    assert [compound.kind for compound in found] == ([] if kind is None else [kind])
    assert all(compound.text == text for compound in found)


@pytest.mark.parametrize(
    ("question", "text", "there"),
    [
        ("KRX-22-B", "The KRX-22-B is red.", True),
        ("PMID 12929205", "PMID: 12929205 Accession", True),
        ("KRX-22-B", "The krx 22 b is red.", True),
        ("KRX-22-B", "The KRX-22-C and the LRX-22-B are red.", False),
        ("KRX-22-B", "The KRX-22-B-4 is red.", False),
        ("Berg-Hansen", "Ada Berg Hansen", True),
        ("Berg-Hansen", "Hansen lives on Berg Street.", False),
        ("full-time", "full time", True),
        ("co-operate", "they cooperate", True),
        ("cooperation", "their co-operation", True),
        ("v3.0.2", "version 3.0.2", True),
        ("v3.0.2", "v3.0.21", False),
    ],
)
def test_a_compound_is_one_word(question: str, text: str, there: bool) -> None:
    assert list(mentioned(f"what of {question}", text).values()) == [there]


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("Who runs RnB?", "Rossi & Blake"),
        ("Who runs R&B?", "ROSSI BLAKE 2021 report"),
        ("Who runs Rossi & Blake?", "the strategy of R&B"),
        ("How large is the UK?", "the United Kingdom"),
        ("How large is the United Kingdom?", "in the UK"),
        ("What did the US buy?", "The U.S. bought"),
        ("Who pays AMEX?", "American Express"),
        ("Who is the CFO?", "the chief financial officer"),
        ("Which Italian laws?", "the laws of Italy"),
        ("Which laws of Italy?", "Italian laws"),
        ("Dr. Olsen's dept?", "Doctor Olsen, department of boats"),
        ("How many km?", "12 kilometres"),
        ("What percentage?", "12 %"),
        ("How many euros?", "12 €"),
        ("Which annual moves?", "It moved annually."),
    ],
)
def test_other_names_of_one_thing(question: str, text: str) -> None:
    found = [there for word, there in mentioned(question, text).items() if word not in ("runs", "large", "buy", "pays")]
    assert found
    assert all(found), mentioned(question, text)


def test_us_is_no_country_in_small_letters() -> None:
    assert mentioned("What did the US buy?", "They told us.") == {"US": False, "buy": False}
    assert other_spellings("us") == ()


def test_initials() -> None:
    assert is_initialism("UK")
    assert is_initialism("U.S.")
    assert is_initialism("RnB")
    assert not is_initialism("Rossi")
    assert initials("R&B") == initials("RnB") == "RB"


def test_the_kinds_of_what_is_mentioned() -> None:
    terms = question_mentions("What did Ada pay for 3 copies of KRX-22-B in FY21 and Q2?")
    kinds = {term.text: term.kind for term in terms}
    assert kinds == {
        "Ada": "name", "pay": "word", "3": "count", "copies": "word", "KRX-22-B": "code", "FY21": "value",
        "Q2": "count",
    }  # fmt: skip
    # Where all words have capitals, or none has small letters, they tell no name.
    assert {term.kind for term in question_mentions("Who Pays The Toll")} == {"word"}
    assert {term.kind for term in question_mentions("WHO PAYS THE TOLL")} == {"word"}
    # A question of function words is about these.
    assert [term.text for term in question_mentions("Who are you")] == ["Who", "are", "you"]


@given(st.text("abnAKB UkS019é-./,&'’%€", max_size=60))
def test_a_text_mentions_what_it_says(text: str) -> None:
    for term in question_mentions(text):
        assert text[term.start : term.end] or not term.text
        assert stands_in(term, text), term
