"""A statement that the documents do not hold something is no claim about the world."""

from __future__ import annotations

import pytest

from rag.verify.absence import is_absence, opens_with_absence
from rag.verify.verdict import check_sentence
from tests.processor_time import at_most

ABSENT = (
    "The documents do not say who painted the ceiling.",
    "The provided evidence does not explicitly mention the fee for boats.",
    "I'm sorry, but the provided documents do not contain information about Oscars won by Lady Gaga.",
    "Unfortunately, I could not find the price of the gasket in the documents.",
    "There is no mention of a night fee in the sources.",
    "No information is given about the second lease.",
    "The date of the move is not stated in the documents.",
    "It is not specified whether dogs are allowed.",
    "None of the passages mention a refund.",
    "Based on the provided evidence, it is not stated how many stores closed.",
    "The sources say nothing about parking.",
    "I cannot determine this from the evidence.",
    "The documents don't say whether the fee changed.",
    "Die Dokumente sagen nicht, wer die Decke bemalt hat.",
    "In den Unterlagen finden sich dazu keine Angaben.",
    "Dazu enthalten die Dokumente nichts.",
    "Ich kann dazu keine Angaben in den Dokumenten finden.",
    "The answer to your question is not in the evidence.",
    "There's nothing about boats in your documents.",
    "There isn't any mention of a night fee in the evidence.",
    "The provided evidence only covers leave and boats, so I am unable to answer.",
    "This question cannot be answered from the documents.",
    "The question can't be answered based on the provided evidence.",
    "The evidence is silent on the fee.",
    "The documents lack any information on boats.",
    "Insufficient information.",
    "Not stated in the documents.",
    "Unfortunately, this isn't something the documents cover.",
    "The policy does not contain any information about theft.",
    "Das geht aus den Unterlagen nicht hervor.",
    "Leider enthalten die vorliegenden Belege keine Information darüber.",
    "Die Frage lässt sich anhand der Belege nicht beantworten.",
    "Der Preis wird in den Dokumenten nicht genannt.",
    "Es tut mir leid, aber die Dokumente sagen nichts darüber.",
    "Zu dieser Frage findet sich nichts in Ihren Dokumenten.",
)
CLAIMS = (
    "The policy does not allow dogs.",
    "The bridge is not closed in winter.",
    "The company did not report a loss in 2021.",
    "There is no toll on Sundays.",
    "No refund is paid after 30 days.",
    "The fee is 22 EUR.",
    "He did not say that the bridge was closed.",
    "The keeper is not named Maren.",
    "It is not allowed to moor at night.",
    "Ich kann das Boot nicht mieten.",
    "The policy doesn't cover theft.",
    "No, the contract does not include maintenance.",
    "The handbook has no index.",
    "The desk is not in the main building.",
    "Die Unterlagen müssen nicht eingereicht werden.",
    "Fehlende Angaben in den Unterlagen werden nicht nachgefordert.",
    "Davon wurden drei nicht genehmigt.",
    "Dazu gibt es keine Pflicht.",
)


@pytest.mark.parametrize("sentence", ABSENT)
def test_a_statement_about_the_documents_is_no_claim(sentence: str) -> None:
    assert is_absence(sentence)
    assert check_sentence(sentence, ["The bridge opened in 1931."]).verdict == "not a claim"


@pytest.mark.parametrize("sentence", CLAIMS)
def test_a_sentence_about_the_world_stays_a_claim(sentence: str) -> None:
    assert not opens_with_absence(sentence)
    assert check_sentence(sentence, ["The bridge opened in 1931."]).verdict != "not a claim"


def test_what_goes_on_to_state_something_is_a_claim() -> None:
    mixed = "The documents do not say how many she won; they only call her a six-time Grammy winner."
    assert opens_with_absence(mixed)
    assert not is_absence(mixed)
    assert check_sentence(mixed, ["She was never nominated."]).verdict == "unsupported"


@pytest.mark.parametrize(
    "sentence",
    [
        "The documents do not mention a toll; boats pay nothing.",
        "It is not stated whether carts may cross, yet boats are welcome.",
        "The documents do not mention a toll, and boats pass for free.",
        "No information is given on tolls, which are 9 crowns.",
        "Die Belege sagen nichts zur Maut, und Boote zahlen nichts.",
    ],
)
def test_a_short_statement_behind_it_is_a_claim(sentence: str) -> None:
    assert not is_absence(sentence)
    assert check_sentence(sentence, ["Every boat pays 5 crowns at the lock."]).verdict != "not a claim"


@pytest.mark.parametrize(
    "sentence",
    [
        "The documents do not say when it opened, and no information is given on its architect.",
        "The documents do not say when it opened, which is why I cannot answer.",
    ],
)
def test_the_same_said_again_adds_nothing(sentence: str) -> None:
    assert is_absence(sentence)


def test_long_text_is_read_at_once() -> None:
    with at_most(2):
        for text in ("the " * 5000, "no " * 5000, "it is not " * 3000, "(" * 9000, "sorry, but " * 3000):
            opens_with_absence(text)
