"""Short answers that are not torn: `rag.answering.short_answers.whole` and `range_sides`."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answering.short_answers.evidence_answer import short_answer
from rag.answering.short_answers.phrases import Phrase
from rag.answering.short_answers.range_sides import asked_side, side_of_range
from rag.answering.short_answers.types import Basis
from rag.answering.short_answers.whole import whole_phrase
from rag.question.languages.folding import fold
from rag.question.reading import read_question
from rag.scoring.file import shipped_scoring
from tests.answering.test_short_answers import evidence
from tests.processor_time import at_most


def short(question: str, sentence: str) -> str | None:
    basis = Basis(read_question(question), question, evidence(sentence), 0.9)
    found = short_answer(basis, shipped_scoring().short_answers)
    if found:
        assert found.text == found.span.quote
    return found.text if found else None


def whole(text: str, shown: str, asked: str, answer_type: str) -> str | None:
    start = text.index(shown)
    phrase = whole_phrase(text, Phrase(start, start + len(shown), ""), asked, answer_type)
    return text[phrase.start : phrase.end] if phrase else None


@pytest.mark.parametrize(
    ("question", "sentence", "expected"),
    [
        ("展馆藏品有多少件？", "展馆藏品约35万件，分三层。", "约35万件"),
        ("展馆藏品有多少件？", "展馆藏品2万6千件。", "2万6千件"),
        ("蔵書は何冊ですか？", "分館の蔵書は約8万冊です。", "約8万冊"),
        ("首班船是几点？", "首班船是早上六點二十五分。", "早上六點二十五分"),
        ("首班船是几点？", "首班船是6点25分。", "6点25分"),
        ("首班船是几点？", "首班船是早上六点三刻。", "早上六点三刻"),
        ("始発は何時ですか？", "始発は午前五時四十分です。", "午前五時四十分"),
        ("What is the part number of the old lamp?", "The part number of the old lamp is KB-2094.", "KB-2094"),
        ("How many lamps does the hall need?", "The hall needs lamps of the kind KB-2094.", None),
        ("كم طول الجسر؟", "طول الجسر 350 مترًا.", "350 مترًا"),
    ],
)  # fmt: skip
def test_a_short_answer_is_whole(question: str, sentence: str, expected: str | None) -> None:
    assert short(question, sentence) == expected


@pytest.mark.parametrize(
    ("question", "sentence", "expected"),
    [
        ("Ab wieviel Uhr darf der Proberaum benutzt werden?", "Der Proberaum darf von 8 bis 22 Uhr benutzt werden.",
         None),
        ("Ab wieviel Uhr darf der Proberaum benutzt werden?", "Der Proberaum darf von 8 Uhr bis 22 Uhr benutzt werden.",
         "8 Uhr"),
        ("From what time is the rink open?", "The rink is open from 8:00 to 22:00.", "8:00"),
        ("Until what time is the rink open?", "The rink is open from 8:00 to 22:00.", "22:00"),
        ("泳池从几点开放？", "泳池从早上八点到晚上九点四十分开放。", "早上八点"),
        ("泳池开放到几点？", "泳池从早上八点到晚上九点四十分开放。", "晚上九点四十分"),
        ("プールは何時から開いていますか？", "プールは8時から20時30分まで開いています。", "8時"),
        ("プールは何時まで開いていますか？", "プールは8時から20時30分まで開いています。", "20時30分"),
        ("С какого часа открыт каток?", "Каток открыт с 8:00 до 22:00.", "8:00"),
        ("До какого часа открыт каток?", "Каток открыт с 8:00 до 22:00.", "22:00"),
        ("Jusqu'à quelle heure la piscine est-elle ouverte ?", "La piscine est ouverte de 8 h à 20 h 30.", "20 h 30"),
        ("¿Desde qué hora está abierta la piscina?", "La piscina está abierta de 8:00 a 20:00 horas.", "8:00"),
        ("حتى أي ساعة يفتح المسبح؟", "يفتح المسبح من 8:00 إلى 20:00.", "20:00"),
        ("من أي ساعة يفتح المسبح؟", "يفتح المسبح من 8:00 إلى 20:00.", "8:00"),
    ],
)  # fmt: skip
def test_of_a_range_the_end_that_is_asked_for(question: str, sentence: str, expected: str | None) -> None:
    assert short(question, sentence) == expected


@pytest.mark.parametrize(
    ("text", "shown", "asked", "answer_type", "expected"),
    [
        ("The lamp KB-2094 is old.", "2094", "Which part number has the lamp?", "number", "KB-2094"),
        ("The lamp kb-2094/b is old.", "2094", "What code has the lamp?", "number", "kb-2094/b"),
        ("The lamp KB-2094 is old.", "2094", "How many lamps are old?", "number", None),
        ("It was built in the mid-1990s.", "1990s", "When was it built?", "date", "1990s"),
        ("It costs EUR 30.", "EUR 30", "How much is it?", "money", "EUR 30"),
        ("约35万册", "万册", "有多少册？", "number", None),
        ("It runs until 9 pm.", "9 pm", "From when does it run?", "time", None),
        ("It runs since 1990.", "1990", "Until when does it run?", "date", None),
        ("From 1990 to 1995 it ran.", "1990 to 1995", "From when to when did it run?", "date", "1990 to 1995"),
        ("It ran between 1990 and 1995.", "1995", "Since when did it run?", "date", "1990"),
        ("It ran from 3 June to 24 June 1990.", "24 June 1990", "From when did it run?", "date", "3 June"),
        ("Открыто в 8 часов 40 минут.", "8 часов", "Во сколько открыто?", "time", "8 часов 40 минут"),
    ],
)
def test_a_phrase_is_made_whole(text: str, shown: str, asked: str, answer_type: str, expected: str | None) -> None:
    assert whole(text, shown, asked, answer_type) == expected


@pytest.mark.parametrize(
    ("text", "shown", "expected"),
    [
        ("It will move to Havnegata 12 on 3 May 2026.", "Havnegata", "Havnegata 12"),
        ("It will move to Regent Quay 31a in March.", "Regent Quay", "Regent Quay 31a"),
        ("It is at 27 Tower Street, EH6 7BY.", "Tower Street", "27 Tower Street, EH6 7BY"),
        ("It is kept in Building C, Room 118.", "in Building C", "in Building C, Room 118"),
        ("It meets in Park Hall, 5 Church Lane, Ardley, at 9.", "Park Hall", "Park Hall, 5 Church Lane, Ardley"),
        ("Sie zieht an die Hafenstraße 5, 20457 Hamburg.", "Hafenstraße", "Hafenstraße 5, 20457 Hamburg"),
        ("The bus leaves from Platform 9.", "Platform", "Platform 9"),
        # A year, a count, a share and another clause are none of it.
        ("The games of London 1948 were small.", "London", "London"),
        ("It sold Oslo 12 ferries.", "Oslo", "Oslo"),
        ("Paris, 20 Germans and a dog arrived.", "Paris", "Paris"),
        ("In Oslo 20 % stayed.", "Oslo", "Oslo"),
        ("In Oslo, Anna stayed.", "Oslo", "Oslo"),
    ],
)
def test_a_place_has_the_numbers_that_belong_to_it(text: str, shown: str, expected: str) -> None:
    assert whole(text, shown, "Where is it?", "place") == expected


@pytest.mark.parametrize(
    ("question", "side"),
    [
        ("Seit wann gilt das?", "start"),
        ("Bis zu welchem Tag gilt das?", "end"),
        ("Von wann bis wann gilt das?", None),
        ("Depuis quand est-il fermé ?", "start"),
        ("¿Hasta cuándo dura?", "end"),
        ("ตั้งแต่เมื่อใด", "start"),
        ("언제까지 합니까?", "end"),
        ("What is the way from the hall to the pier?", None),
    ],
)
def test_the_side_that_is_asked_for(question: str, side: str | None) -> None:
    assert asked_side(fold(question).text) == side


@given(st.text("0123456789 -–/.:ABabh点分万到bisUhr", max_size=40), st.integers(0, 39), st.integers(1, 39))
def test_a_phrase_stays_in_its_text(text: str, start: int, length: int) -> None:
    end = min(len(text), start + length)
    if start >= end:
        return
    for asked in ("What is the part number?", "How many?", "From when?", "Until when?"):
        for answer_type in ("number", "time", "place"):
            phrase = whole_phrase(text, Phrase(start, end, ""), asked, answer_type)
            assert phrase is None or 0 <= phrase.start < phrase.end <= len(text)


@pytest.mark.parametrize("part", ["A-1", "7 bis ", "十一點", "12:30-", "von 7 Uhr ", "1 a a a ", ", 5 Aa"])
def test_hostile_text_takes_linear_time(part: str) -> None:
    text = part * (64_000 // len(part))
    middle = len(text) // 2
    with at_most(4):
        whole_phrase(text, Phrase(middle, middle + 1, ""), "From when?", "time")
        whole_phrase(text, Phrase(middle, middle + 1, ""), "Where is it?", "place")
        side_of_range(text, Phrase(0, len(text), ""), "end")
        asked_side(text)
