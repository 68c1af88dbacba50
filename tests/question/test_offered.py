"""Questions that are made of headings, sentences and cells, and what none is made of."""

from __future__ import annotations

import pytest

from rag.question.offered import (
    LONGEST,
    question_about,
    question_of_cell,
    question_of_heading,
    question_of_sentence,
    question_of_title,
)


@pytest.mark.parametrize(
    ("heading", "question"),
    [
        ("What is the toll for cars?", "What is the toll for cars?"),
        ("3.1 Was gilt bei Sturm?", "Was gilt bei Sturm?"),
        ("How to open the chat", "How do I open the chat?"),
        ("How conversations are kept", "How are conversations kept?"),
        ("How follow-up questions work", "How do follow-up questions work?"),
        ("What the chat shows while it works", ""),
        ("What the chat page shows", "What does the chat page show?"),
        ("Which settings a person has", "Which settings does a person have?"),
        ("Which keys the chat knows", "Which keys does the chat know?"),
        ("What a citation rests on", "What does a citation rest on?"),
        ("What Footnote sends away", "What does Footnote send away?"),
        ("Who can reach the chat", "Who can reach the chat?"),
        ("What can be done with an answer", "What can be done with an answer?"),
        ("How the chat follows changes of the index", "How does the chat follow changes of the index?"),
        # Nothing is made of what would need understanding.
        ("What happens in a language that is not read", "What happens in a language that is not read?"),
        ("Where models are kept and how they are fetched", ""),
        ("What of a file is not read", ""),
        ("What Footnote does not do", ""),
        ("What is this page about?", ""),
        ("Toll", ""),
        ("Really?", ""),
        ("How to " + "go on " * 30, ""),
    ],
)
def test_a_heading_is_a_question_or_none(heading: str, question: str) -> None:
    assert question_of_heading(heading) == question


@pytest.mark.parametrize(
    ("sentence", "question"),
    [
        ("The bridge is 412 metres long.", "How long is the bridge?"),
        ("The bridge opened in 1931.", "When did the bridge open?"),
        ("The quay was paved in 1899.", "When was the quay paved?"),
        ("The toll is 3 crowns for cars.", "What is the toll?"),
        ("The lantern costs 45 crowns.", "How much does the lantern cost?"),
        ("The ferry to Skarholm leaves at 7:40 every morning.", "When does the ferry to Skarholm leave?"),
        ("A function problem is a computational problem.", "What is a function problem?"),
        ("Die Brücke ist 412 Meter lang.", "Wie lang ist die Brücke?"),
        ("Die Brücke wurde im Jahr 1931 eröffnet.", "Wann wurde die Brücke eröffnet?"),
        ("Die Maut beträgt 3 Kronen für Autos.", "Wie hoch ist die Maut?"),
        # Of a name nobody asks what it is, and "it" is not seen.
        ("Maren is the keeper of the lighthouse.", ""),
        ("It is 412 metres long.", ""),
        ("In a storm nobody crosses.", ""),
    ],
)
def test_a_sentence_answers_a_question_or_none(sentence: str, question: str) -> None:
    assert question_of_sentence(sentence) == question


def test_what_a_document_says_under_a_heading() -> None:
    text = "The toll is 3 crowns. A toll for cars."
    assert question_about("Toll", "Lantern bridge", "en", text) == "What does “Lantern bridge” say about toll?"
    assert question_about("Skarholm", "Lantern bridge", "en", text) == "What does “Lantern bridge” say about Skarholm?"
    assert question_about("Maut", "Die Brücke", "de", text) == "Was steht in „Die Brücke“ über „Maut“?"
    for heading, title, language in (
        ("Toll", "tolls_2024.xlsx", "en"),
        ("Introduction", "Lantern bridge", "en"),
        ("Lantern bridge", "Lantern bridge", "en"),
        ("Péage", "Le pont", "fr"),
        ("Tolls (2024)", "Lantern bridge", "en"),
    ):
        assert question_about(heading, title, language, text) == ""


def test_what_a_document_is_named_after() -> None:
    text = "Oxygen is a gas. Without oxygen nothing burns."
    assert question_of_title("Oxygen", "Oxygen is a gas.", text) == "What is oxygen?"
    assert question_of_title("Night ferry", "The night ferry is a boat.", "") == "What is the night ferry?"
    assert question_of_title("Maren", "Maren is the keeper.", "Maren is the keeper.") == ""
    assert question_of_title("Astrid Holm", "Astrid Holm is a keeper.", "") == ""
    assert question_of_title("Oxygen", "Nothing burns here.", text) == ""


def test_a_cell_of_a_table() -> None:
    assert question_of_cell("Fee in crowns", "Grain barge", "en") == "What is the fee in crowns of Grain barge?"
    assert question_of_cell("VAT rate", "Rope", "en") == "What is the VAT rate of Rope?"
    assert question_of_cell("Preis", "Seil", "de") == "Was steht bei „Seil“ unter „Preis“?"
    assert question_of_cell("2024", "Rope", "en") == question_of_cell("Price", "<b>", "en") == ""
    assert question_of_cell("Price", "Rope", "fr") == ""


def test_a_question_stays_on_one_line() -> None:
    assert question_of_heading("How to open " + "a" * LONGEST) == ""
    assert question_of_heading("What is\u202e the toll for cars?") == ""
