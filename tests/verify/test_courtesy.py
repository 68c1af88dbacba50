"""Courtesy is no claim; whatever is stated behind it is one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.verify.courtesy import without_courtesy
from rag.verify.verdict import check_sentence
from tests.processor_time import at_most

SOURCES = ["The lantern hall opens at noon."]
COURTESY = (
    "I hope this helps.",
    "Hope this helps!",
    "I hope this answers your question.",
    "Let me know if you need more.",
    "Please let me know if anything is unclear.",
    "Let me know if you’d like more details, and I will help.",
    "If you have any other questions, feel free to ask.",
    "Don't hesitate to reach out if you would like further details.",
    "Great question!",
    "That's a great question!",
    "Sure!",
    "**Sure!**",
    "Certainly!",
    "You're welcome.",
    "Hello Ada!",
    "Good morning!",
    "Thanks for asking.",
    "I'm happy to help!",
    "I'm sorry for the confusion.",
    "Sure, here is what the documents say:",
    "Gerne!",
    "Natürlich!",
    "Ich hoffe, das hilft.",
    "Ich helfe gerne weiter.",
    "Vielen Dank für Ihre Frage!",
    "Bei weiteren Fragen stehe ich gerne zur Verfügung.",
    "Lassen Sie mich wissen, wenn Sie weitere Fragen haben.",
    "Sagen Sie Bescheid, falls etwas unklar ist.",
    "Falls du noch Fragen hast, melde dich einfach.",
)
STATED = (
    "Sure, dogs may enter the hall.",
    "Sure, you can.",
    "I'm afraid dogs are banned.",
    "Sorry, the hall is closed.",
    "If you want a refund, throw away the receipt.",
    "If you need help, ask the warden.",
    "Thanks to the pump the hall is dry.",
    "Certainly, the toll was raised",
    "Let me know if dogs bark.",
    "Let me know if you need more: dogs are banned.",
    "I hope so, but dogs are banned.",
    "I am happy to help - dogs are banned.",
    "You're welcome to bring dogs.",
    "Feel free to bring dogs.",
    "Absolutely no dogs are allowed.",
    "Of course, dogs are banned.",
    "Hi dogs bark.",
    "Welcome drinks are free.",
    "Great questions win prizes.",
    "Natürlich sind Hunde erlaubt.",
    "Gerne dürfen Hunde hinein.",
    "Bei Regen bleibt die Halle zu.",
    "Wenn Sie Fragen haben, rufen Sie den Wart an.",
    "Ich hoffe, das hilft, denn Hunde sind verboten.",
)


@pytest.mark.parametrize("sentence", COURTESY)
def test_courtesy_is_no_claim(sentence: str) -> None:
    assert check_sentence(sentence, SOURCES).verdict == "not a claim"


@pytest.mark.parametrize("sentence", STATED)
def test_what_is_stated_beside_courtesy_is_a_claim(sentence: str) -> None:
    assert check_sentence(sentence, SOURCES).verdict != "not a claim"


@pytest.mark.parametrize(
    ("sentence", "stated"),
    [
        ("Sure! Of course, dogs are banned.", "dogs are banned."),
        ("Dogs are banned, thanks.", "Dogs are banned, thanks."),
        ("(Dogs are banned.)", "(Dogs are banned.)"),
        ("Sure!", ""),
        ("", ""),
    ],
)
def test_courtesy_is_taken_from_the_start(sentence: str, stated: str) -> None:
    assert without_courtesy(sentence) == stated


@given(st.sampled_from([one for one in COURTESY if one[-1] in ".!"]), st.sampled_from(["dogs bark", "Hunde bellen"]))
def test_no_courtesy_hides_a_statement(courtesy: str, stated: str) -> None:
    assert without_courtesy(f"{courtesy.rstrip('.!')}, {stated}.").endswith(f"{stated}.")


def test_long_text_is_read_at_once() -> None:
    with at_most(1):
        for piece in ("sure, ", "sure ", "(", "if you need ", "- ", "hi Ada ", "I hope, "):
            without_courtesy(piece * (64_000 // len(piece)))
