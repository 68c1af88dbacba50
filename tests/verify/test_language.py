"""Whether two texts are in different languages: `rag.verify.parse.language`."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.verify.parse.language import are_in_different_languages
from rag.verify.verdict import check_sentence

ENGLISH = "The ferry carries 28 cars, and it leaves from the harbour at noon."
SAME = {
    "de": "Die Fähre trägt 28 Autos und fährt mittags aus dem Hafen ab.",
    "fr": "Le bac transporte 28 voitures et part du port à midi.",
    "es": "El transbordador lleva 28 coches y sale del puerto al mediodía.",
    "it": "Il traghetto porta 28 auto e parte dal porto a mezzogiorno.",
    "nl": "De veerboot vervoert 28 auto's en vertrekt om twaalf uur uit de haven.",
    "sv": "Färjan tar 28 bilar och går från hamnen mitt på dagen.",
    "pl": "Prom zabiera 28 samochodów i odpływa z portu w południe.",
    "ru": "Паром берёт 28 машин и в полдень отходит от причала.",
    "zh": "渡轮可载二十八辆汽车，中午从港口出发。",
}


@pytest.mark.parametrize("language", SAME)
def test_a_translation_is_in_another_language(language: str) -> None:
    assert are_in_different_languages(SAME[language], ENGLISH)
    assert are_in_different_languages(ENGLISH, SAME[language])
    assert not are_in_different_languages(SAME[language], SAME[language])


@pytest.mark.parametrize(
    "sentence",
    [
        "Ada Lund: 28 cars.",
        "Vehicles boarding by noon: 28",
        "Die Hard opened in 1988.",
        "She moved to La Paz and then to Den Haag.",
        "",
        "28",
    ],
)
def test_names_and_numbers_make_no_other_language(sentence: str) -> None:
    assert not are_in_different_languages(sentence, ENGLISH)


@given(st.text(max_size=80), st.text(max_size=80))
def test_it_is_the_same_from_both_sides(left: str, right: str) -> None:
    assert are_in_different_languages(left, right) == are_in_different_languages(right, left)
    assert not are_in_different_languages(left, left)


SOURCE = "The ferry of Skarholm carries 28 cars, and it leaves from the harbour at noon."


@pytest.mark.parametrize(
    ("sentence", "verdict", "code"),
    [
        ("Die Fähre trägt 28 Autos.", "partly", "other-language"),
        ("Die Fähre fährt nach Skarholm.", "partly", "other-language"),
        ("Die Fähre trägt 29 Autos.", "unsupported", "number-absent"),
        ("Die Fähre ist nicht alt.", "unsupported", "other-language"),
        ("Паром берёт 28 машин.", "partly", "other-language"),
        ("Elephants painted the moon.", "unsupported", "words-not-in-source"),
    ],
)
def test_a_sentence_in_another_language_is_held_to_its_numbers_and_names(
    sentence: str, verdict: str, code: str
) -> None:
    check = check_sentence(sentence, [SOURCE])
    assert check.reason is not None
    assert (check.verdict, check.reason.code) == (verdict, code)
