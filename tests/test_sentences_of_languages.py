"""Sentences, words and terms in languages other than English: `rag.text`."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rag.ingestion.chunking import cut_chunks
from rag.text import (
    further_terms,
    is_between_words,
    length_in_letters,
    query_terms,
    sentences,
    terms,
    without_function_words,
    words,
)
from rag.types import Document
from tests.processor_time import at_most

# The sentences of a text each, and what stands between them.
SENTENCES = {
    "Chinese": (
        "",
        [
            "渡船每天开三次。",
            "“船票不贵。”船长说。",
            "她问：“几点开船？”",
            "老板姓周。",
            "（冬天停航。）",
            "全程12.5公里！",
        ],
    ),
    "Japanese": (
        "",
        [
            "港は朝6時に開きます。",
            "「もう行こう。」と兄が言った。",
            "『海辺。』という本だ。",
            "料金は1,200円（税込）です。",
        ],
    ),
    "Thai": ("\n", ["เรือออกเวลา 9.00 น. ทุกวัน", "ค่าโดยสาร 50 บาท", "พ.ศ. 2566 มีผู้โดยสาร 1,200 คน"]),
    "Arabic": (" ", ["ترسو السفينة هنا.", "متى تبحر؟", "القبطان هو د. سالم حسن.", "وزنها 3.5 طن۔", "انتهت الرحلة."]),
    "Russian": (
        " ",
        [
            "Маяк построен в 1904 г. по проекту В. К. Орлова.",
            "В г. Выборге его видно издалека.",
            "Высота 27,5 м, т. е. девять этажей.",
            "Там есть масло, фитили и т. д.",
            "Смотритель живёт на ул. Садовой, д. 7.",
            "«Свет погас!» — крикнул он.",
            "Билет стоит 350 руб. за взрослого.",
            "Взрослый платит 350 руб.",
            "Это было в 1998 г.",
            "Потом маяк закрыли.",
        ],
    ),
    "German": (
        " ",
        [
            "Die Fähre fährt z. B. am 3. Mai um 9.30 Uhr.",
            "Nach Abs. 2 Nr. 4 gilt das nicht.",
            "Im 19. Jahrhundert lag hier Dr. Wendts Werft.",
            "Eine Karte kostet 1.250,50 € inkl. MwSt. und Gepäck.",
            "„Wir legen ab.“",
            "Er rief: „Wartet!“ und winkte.",
            "Das Haus steht in der Kielstr. 5 am Hafen.",
        ],
    ),
    "French": (
        " ",
        [
            "Le bac part à 9 h 30 du quai n° 4.",
            "Qui tient la barre ?",
            "M. Aubry et Mme Colin le savent.",
            "« Nous partons ! » cria-t-il.",
            "Voir p. ex. le chap. 3 du guide.",
            "Le prix est de 1 234,50 € par an.",
        ],
    ),
    "Spanish": (
        " ",
        [
            "El barco sale a las 9.30 h.",
            "¿Quién lleva el timón?",
            "¡Qué olas tan altas!",
            "El Sr. Vega y la Sra. Luna lo saben.",
            "Véase la pág. 12 del folleto.",
            "Los EE. UU. compraron el barco en 1998.",
        ],
    ),
    "Hindi": (" ", ["नाव सुबह चलती है।", "कप्तान कौन है?", "डॉ. वर्मा कप्तान हैं।"]),
    "Greek": (" ", ["Το πλοίο φεύγει στις 9.", "Ποιος είναι ο καπετάνιος;", "Ο κ. Νικολάου το ξέρει."]),
    "Korean": (" ", ["배는 아침에 떠납니다.", "그는 “곧 온다.”라고 말했다.", "선장은 누구입니까?"]),
    "Italian": (
        " ",
        [
            "Il sig. Neri e la dott.ssa Villa sono a bordo.",
            "Chi è il capitano della nave?",
            "Vedi pag. 12 della guida.",
        ],
    ),
    "Portuguese": (
        " ",
        ["O Sr. Lima é o capitão do navio.", "Quem está na ponte?", "Veja a pág. 12 do guia da viagem."],
    ),
    "Polish": (
        " ",
        ["Statek odpływa o godz. 9.30 z portu.", "Kto jest kapitanem?", "Bilet kosztuje 12 zł, tj. niewiele."],
    ),
}


@pytest.mark.parametrize("language", SENTENCES)
def test_sentences_end_where_their_language_ends_them(language: str) -> None:
    between, expected = SENTENCES[language]
    text = between.join(expected)
    assert [text[start:end] for start, end in sentences(text)] == expected


def test_a_long_line_of_thai_is_cut_at_spaces_but_not_beside_a_number() -> None:
    text = " ".join(["เรือลำนี้ออกจากท่าเรือทุกเช้าและกลับมาในตอนเย็น", "มีผู้โดยสาร 120 คน"] * 8)
    parts = [text[start:end] for start, end in sentences(text)]
    assert len(parts) > 3
    assert all(50 <= len(part) <= 220 for part in parts)
    assert not any(part[0].isdecimal() or part[-1].isdecimal() for part in parts)


def test_a_part_in_another_script_has_its_own_language() -> None:
    text = "The ferry is late and the harbour is closed. It rains. Капитан живёт на ул. Садовой."
    assert [text[start:end] for start, end in sentences(text, 55)] == ["Капитан живёт на ул. Садовой."]


MIXED = st.lists(
    st.sampled_from(
        ["г.", "т.", "е.", "А.", "z.", "B.", "M.", "«", "»", "„", "“", "”", "「", "」", "。", "？",
        "！", "…", "？」", "3.", "м", "ул.",
         "เปิด", "ไท", "1.234,5", "وقال", "؟", "۔", "।", "है", "der", "Mai", "\n", "\n\n", " ", " ",
         "的", "港", "は", "コーヒー", "¿", "(", "）",
         "—", "\ud800", "̈"]
    ),
    max_size=40,
).map("".join)  # fmt: skip


@given(MIXED)
def test_sentences_of_mixed_scripts_cover_all_that_is_not_blank(text: str) -> None:
    position = 0
    for start, end in sentences(text):
        assert not text[position:start].strip()
        assert text[start:end] == text[start:end].strip() != ""
        position = end
    assert not text[position:].strip()


@given(MIXED)
@example("コーヒー\u0308")
def test_terms_of_mixed_scripts_are_one_for_each_word(text: str) -> None:
    assert len(terms(text)) == len(words(text))
    assert all(terms(text))
    assert len(without_function_words(text)) == len(text)


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("general", "général"),
        ("GENERAL", "générales"),
        ("елка", "ёлки"),
        ("библиотеки", "библиотеке"),
        ("المكتبة", "المَكْتَبه"),
        ("مكتبة", "والمكتبة"),
        ("أحمد", "احمد"),
        ("βιβλιοθηκη", "βιβλιοθήκης"),
        ("123", "١٢٣"),
        ("2566", "๒๕๖๖"),
        ("ＡＢＣ", "abc"),
        ("コンピュータ", "コンピューター"),
        ("コーヒー", "コーヒー\u0308"),
    ],
)
def test_spellings_of_one_word_are_one_term(typed: str, written: str) -> None:
    assert terms(typed) == terms(written)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("全长1,234.5米", ["全长", "1,234.5", "米"]),
        ("iPhoneとカメラの本", ["iphone", "と", "カメラ", "の本"]),
        ("เปิด", ["เปิด"]),
        ("कप्तानों", ["कप्तानों"]),
        ("도서관", ["도서", "서관"]),
    ],
)
def test_no_letter_is_torn_from_its_marks(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("渡船的船长是谁？", ["渡船", "船长"]),
        ("港はいつ開きますか", ["開き"]),
        ("Кто капитан судна?", ["капита", "судн"]),
        ("¿Quién es el capitán del barco?", ["capitan", "barco", "barc"]),
    ],
)
def test_a_question_is_searched_for_without_its_function_words(question: str, expected: list[str]) -> None:
    found = query_terms(question)
    assert set(expected) <= {*found, *(term[:6] for term in found)}
    assert not {"是谁", "いつ", "кто", "el", "quien"} & set(found)


def test_a_german_question_meets_other_forms_of_its_words() -> None:
    page = "Die Bibliotheken der Stadt sind am Sonntag für alle Besucherinnen geöffnet, auch im Winter."
    assert "bibliothek" in further_terms(page)
    assert "bibliothek" in query_terms("Wann ist die Bibliothek der Stadt geöffnet?")
    assert further_terms("The libraries of the town are open on Sunday, in winter as well.") == []


def test_names_in_latin_letters_meet_across_languages() -> None:
    assert set(terms("Anna Krüger")) <= set(query_terms("Кто такая Anna Krüger?"))


def test_a_character_of_chinese_counts_as_several_letters() -> None:
    assert length_in_letters("馆长") == 6
    assert length_in_letters("head") == 4


@pytest.mark.parametrize(
    ("pair", "may"), [("图书", True), ("12", False), ("コー", False), ("เป", False), ("กา", False), ("。図", True)]
)
def test_where_a_text_without_spaces_may_be_cut(pair: str, may: bool) -> None:
    assert is_between_words(*pair) is may


def test_a_long_text_without_spaces_is_cut_between_words() -> None:
    text = "渡船每天开往对岸的小镇并运送旅客与货物" * 40 + "。"
    chunks = cut_chunks(Document(text, "", "text/plain"), lambda parts: [len(part) for part in parts], limit=60)
    assert "".join(text[chunk.start : chunk.end] for chunk in chunks) == text
    assert all(chunk.end - chunk.start <= 60 for chunk in chunks)


@pytest.mark.parametrize(
    "part",
    [
        "г. ",
        "А. ",
        "「あ。」",
        "“是。”",
        "« Oui. » ",
        "т. е. ",
        "3. Mai ",
        "ไทย ",
        "د. ",
        "…А ",
        "z. B. ",
        "¿Sí? ",
        "の",
    ],
)
def test_hostile_text_takes_linear_time(part: str) -> None:
    text = part * (64_000 // len(part))
    with at_most(4):
        sentences(text)
        terms(text)
        query_terms(text)
