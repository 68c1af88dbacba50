"""A name beside a role, all of a list, and amounts of what is counted, without a model."""

from __future__ import annotations

import re

import pytest

from rag.answering.short_answers.asked import read_asked
from rag.answering.short_answers.belonging import of_what_is_named
from rag.answering.short_answers.choice import is_named
from rag.answering.short_answers.copula import complement
from rag.answering.short_answers.counted import of_what_is_counted
from rag.answering.short_answers.enumeration import list_end
from rag.answering.short_answers.gaps import fill_gap
from rag.answering.short_answers.phrases import Phrase, find_phrases
from rag.answering.short_answers.roles import name_beside_role
from rag.question.reading import read_question
from rag.retrieval.attributes import counts_what_is_absent
from rag.types import Passage


@pytest.mark.parametrize(
    ("text", "asked", "expected"),
    [
        ("Signed: Mary Pell, Chief Executive Officer", "chief executive of Kestrel", "Mary Pell"),
        ("Timothy D. Cook Chief Executive Officer", "chief executive of Kestrel", "Timothy D. Cook"),
        ("Mary Pell, CEO of Kestrel, spoke.", "CEO of Kestrel", None),
        ("Our managing director, Ivo Lund, spoke.", "managing director of Kestrel", "Ivo Lund"),
        ("Harbour Master Ida Holm opened the gate.", "harbour master", "Ida Holm"),
        # The last of several titles, with the age of the one who holds them.
        ("Mary Pell, age 52, Chief Executive Officer of Kestrel since 2019", "chief executive of Kestrel", "Mary Pell"),
        ("Mary Pell, President and Chief Executive Officer", "chief executive of Kestrel", "Mary Pell"),
        ("Mary B. Pell, aged 52, Chair, President and Chief Executive", "chief executive of Kestrel", None),
        ("Mary Pell, age 52, President and Chief Executive Officer", "chief executive of Kestrel", "Mary Pell"),
        ("Kestrel and Chief Executive Mary Pell were sued.", "chief executive of Kestrel", "Mary Pell"),
        # Another role, no name, a list of documents.
        ("Mary Pell, Deputy Chief Executive", "chief executive of Kestrel", None),
        ("Former chief executive Mary Pell spoke.", "chief executive of Kestrel", None),
        ("Certification of Chief Executive Officer", "chief executive of Kestrel", None),
        # The role is in the firm behind it.
        (
            "Mary Pell, customer officer of Kestrel; Chief Executive Officer, Lund Brothers, Inc., until 2016.",
            "chief executive officer of Kestrel",
            None,
        ),
        ("Mary Pell, of Kestrel, was chief executive Lund Brothers, Inc.", "chief executive of Kestrel", None),
        # Nothing says that it is of the asked one.
        ("Mary Pell, Chief Executive Officer", "chief executive of Lund Airframe", None),
    ],
)
def test_the_name_beside_a_role(text: str, asked: str, expected: str | None) -> None:
    phrase = name_beside_role(text, asked, "Kestrel annual report")
    assert (text[phrase.start : phrase.end] if phrase else None) == expected


LIMITS = "Hotel rooms may cost up to 140 EUR a night, in London and Oslo up to 190 EUR."


@pytest.mark.parametrize(
    ("text", "question", "kept"),
    [
        (LIMITS, "What is the hotel limit in Oslo?", ["190 EUR"]),
        (LIMITS, "How much may a hotel in London cost?", ["190 EUR"]),
        # No word beside either: the features decide.
        (LIMITS, "What may a hotel room cost?", ["140 EUR", "190 EUR"]),
        ("The fee is 40 EUR for adults and 20 EUR for children.", "What is the fee for children?", ["20 EUR"]),
        ("The fee is 40 EUR for adults and 20 EUR for children.", "What is the fee for adults?", ["40 EUR"]),
        ("In Oslo, rooms cost 190 EUR, in Bergen 140 EUR.", "What do rooms cost in Bergen?", ["140 EUR"]),
        ("In Oslo, rooms cost 190 EUR, in Bergen 140 EUR.", "What do rooms cost in Oslo?", ["190 EUR", "140 EUR"]),
        ("The toll is 40 EUR, the fine 90 EUR.", "How high is the toll?", ["40 EUR", "90 EUR"]),
        ("The toll is 40 EUR, the fine 90 EUR.", "How high is the fine?", ["90 EUR"]),
        ("It was built in 1889 and mended in 1986 by the city.", "When was it built for the city?", ["1889", "1986"]),
        ("It was built in 1889 and mended in 1986 by the city.", "When was it mended?", ["1986"]),
    ],
)
def test_of_several_values_the_one_of_what_is_named(text: str, question: str, kept: list[str]) -> None:
    values = [match.group() for match in re.finditer(r"\d+ EUR|1[89]\d\d", text)]
    phrases = [Phrase(text.index(value), text.index(value) + len(value), "") for value in values]
    asked = read_asked(read_question(question), question)
    assert [text[phrase.start : phrase.end] for phrase in of_what_is_named(asked, text, phrases)] == kept


@pytest.mark.parametrize(
    ("text", "first", "whole"),
    [
        ("It sells cider, jam and honey at the gate.", "cider", "cider, jam and honey"),
        ("It sells cider, jam, and honey.", "cider", "cider, jam, and honey"),
        ("The guards are Ida Holm, Per Lie and Jens Vos.", "Ida Holm", "Ida Holm, Per Lie and Jens Vos"),
        ("The fee is 40 crowns and the guard is Ida Holm.", "40 crowns", "40 crowns"),
        ("It sells cider, and it buys jam.", "cider", "cider"),
        ("It sells cider, which is sweet.", "cider", "cider"),
    ],
)
def test_a_list_is_taken_whole(text: str, first: str, whole: str) -> None:
    start = text.index(first)
    assert text[start : list_end(text, start + len(first))] == whole


@pytest.mark.parametrize(
    ("question", "text", "expected"),
    [
        ("How many stores does Kestrel operate?", "Kestrel operates 23 stores.", ["23 stores"]),
        ("How many employees does Kestrel have?", "Kestrel operates 23 stores.", []),
        ("How many employees does Kestrel have?", "Kestrel employed 310 people.", ["310 people"]),
        ("How many stores did Kestrel open in 2024?", "Kestrel operates 23 stores.", []),
        ("How many boats did the pier lose?", "The pier lost 61 boats.", ["61 boats"]),
        ("How many trees were planted in 2021?", "It planted 120 trees in 2019 and 85 trees in 2021.", ["85 trees"]),
        ("How many trees were planted in total?", "It planted 120 trees in 2019 and 85 trees in 2021.", []),
        ("How many voters are old?", "Around 20% are old.", ["Around 20%"]),
    ],
)
def test_an_amount_is_of_what_the_question_counts(question: str, text: str, expected: list[str]) -> None:
    asked = read_asked(read_question(question), question)
    kept = of_what_is_counted(asked, text, find_phrases(text, "number", asked.focus))
    assert [text[phrase.start : phrase.end] for phrase in kept] == expected


@pytest.mark.parametrize(
    ("question", "text", "expected"),
    [
        ("Who opened the Marlow inn?", "The Marlow inn was opened in 1924 by the owner Edith Crane.", "Edith Crane"),
        ("Who opened the Marlow inn?", "The Marlow inn was opened in 1924, and sold by Ida Holm.", None),
        ("Who opened the Marlow inn?", "The Marlow inn was sold by Ida Holm.", None),
        (
            "What does the shop sell at the gate?",
            "The shop sells cider, jam and honey at the gate.",
            "cider, jam and honey",
        ),
        ("What does the shop sell at the gate?", "The shop sells cider, jam and honey at the pier.", None),
    ],
)
def test_who_did_it_and_what_was_done(question: str, text: str, expected: str | None) -> None:
    phrase = fill_gap(read_asked(read_question(question), question), text)
    assert (text[phrase.start : phrase.end] if phrase else None) == expected


def _passage(text: str) -> Passage:
    return Passage("1", "a.md", "a", "Villa", 0, len(text), text, "Villa", None, 1, {"fused": 1.0, "dense": 0.5})


@pytest.mark.parametrize(
    ("question", "text", "expected"),
    [
        ("How many rooms does the villa have?", "The villa has a pool.", True),
        ("How many rooms does the villa have?", "The villa has 12 bedrooms.", False),
        ("How many guest rooms are there?", "The villa takes 12 guests.", False),
        ("How many people work there?", "The villa has a staff of 12.", False),
        ("Who owns the villa?", "The villa has a pool.", False),
        ("Wie viele Zimmer hat die Villa?", "The villa has a pool.", False),
    ],
)
def test_what_is_counted_must_be_named_somewhere(question: str, text: str, expected: bool) -> None:
    assert counts_what_is_absent(question, [_passage(text)]) is expected


@pytest.mark.parametrize(
    ("question", "kept"),
    [
        ("What would all forty chairs cost?", []),
        ("What do the chairs cost together?", []),
        ("What does a chair cost?", ["25 EUR"]),
    ],
)
def test_the_price_of_one_is_not_that_of_all(question: str, kept: list[str]) -> None:
    text = "We offer forty chairs at 25 EUR each."
    phrases = [Phrase(text.index("25"), text.index(" each"), "")]
    found = of_what_is_counted(read_asked(read_question(question), question), text, phrases)
    assert [text[phrase.start : phrase.end] for phrase in found] == kept


@pytest.mark.parametrize(
    ("text", "question", "kept"),
    [
        ("Parking is free for vans; all other cars pay 6 euros a day.", "How much is parking for vans?", []),
        (
            "Parking is free for vans; all other cars pay 6 euros a day.",
            "How much do other cars pay?",
            ["6 euros a day"],
        ),
        ("Adults pay 9 euros, children pay 4 euros.", "How much do children pay?", ["4 euros"]),
    ],
)
def test_what_is_free_has_no_other_price(text: str, question: str, kept: list[str]) -> None:
    asked = read_asked(read_question(question), question)
    found = of_what_is_named(asked, text, find_phrases(text, "number", ""))
    assert [text[phrase.start : phrase.end] for phrase in found] == kept


def test_an_age_is_no_count() -> None:
    question = "How many women were in the trial?"
    asked = read_asked(read_question(question), question)
    for text, kept in [("The trial had no women over 70.", 0), ("The trial had over 70 women.", 1)]:
        assert len(of_what_is_counted(asked, text, find_phrases(text, "number", ""))) == kept


def test_whose_person_is_asked_for_is_not_the_person() -> None:
    question = "Who was head of Lund before Ada Berg?"
    asked = read_asked(read_question(question), question)
    text = "The head of Lund Mills is Ada Berg, who follows Bo Ek."
    named = [text[one.start : one.end] for one in find_phrases(text, "person", "") if is_named(asked, text, one)]
    assert named == ["Lund Mills", "Ada Berg"]


def test_a_day_at_the_end_has_no_full_stop_and_a_complement_no_bullet() -> None:
    text = "The old office stays open until 28 June."
    assert [text[one.start : one.end] for one in find_phrases(text, "date", "")] == ["28 June"]
    item = "- The contact is Dana Whit, returns desk."
    phrase = complement(item, "Dana Whit")
    assert phrase
    assert item[phrase.start : phrase.end] == "The contact"
