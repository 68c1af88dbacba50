"""Which language a text is in: `rag.languages.identify`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.languages.identify import identify, languages_of_document
from tests.processor_time import at_most

QUESTIONS: dict[str, list[str]] = json.loads(
    (Path(__file__).parent / "short_questions.json").read_text(encoding="utf-8")
)
# One question in twenty of a language may be taken for another one's, and never one in English.
MOST_WRONG = 1


def test_there_are_twenty_questions_in_each_of_twenty_four_languages() -> None:
    assert {len(set(questions)) for questions in QUESTIONS.values()} == {20}
    assert len(QUESTIONS) == 24


@pytest.mark.parametrize("language", QUESTIONS)
def test_short_questions(language: str) -> None:
    wrong = [question for question in QUESTIONS[language] if identify(question) != language]
    assert len(wrong) <= (0 if language == "en" else MOST_WRONG), wrong


@pytest.mark.parametrize(
    "text",
    [
        "Who is Günther?",
        "Who directed Das Boot?",
        "Who wrote „Die Leiden des jungen Werthers“?",
        "Where is the Hauptstraße in Köln?",
        "When did Richard die?",
        "In what year was La Paz founded?",
        "What was Maria de la Vega's job?",
        "Die Hard opened in 1988.",
        "She moved to La Paz and then to Den Haag.",
        "What does `für x in die` print?",
        "WHAT IS THE TOLL?",
        "What does 桥 mean?",
    ],
)
def test_names_of_other_languages_leave_a_question_english_or_unsure(text: str) -> None:
    assert identify(text) in ("en", "")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ?! ",
        "2023",
        "42 × 17 = 714",
        "Toll",
        "Maut?",
        "MIT?",
        "Wasserschaden",
        "гарантия",
        "ضمان",
        "for i in range(10): print(i[0], end='')",
        "def add(a, b): return {a: b}",
        "SELECT name FROM users WHERE id = 3;",
        "https://example.org/die/der/das",
        "Wann ist der Tag und wo? When is the day and where?",
        "Combien coûte le billet et où est la gare? How much is the ticket and where is the station?",
        "Where is the station? Где находится вокзал и когда он открыт?",
        "请问 where is the station and when does it open",
    ],
)
def test_what_says_too_little_or_two_things_is_unsure(text: str) -> None:
    assert identify(text) == ""
    assert identify(text, "xx") == "xx"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Gegeen 是谁？", "zh"),
        ("iPhone 15 的保修期是多久？", "zh"),
        ("東京タワーの高さは？", "ja"),
        ("Что такое Docker Compose?", "ru"),
        ("Где хранится файл config.yaml?", "ru"),
        ("¿Dónde está el archivo config.yaml?", "es"),
        ("Wo liegt die Datei /etc/hosts?", "de"),
        ("ما هو برنامج Excel؟", "ar"),
        ("WIE HOCH IST DIE MAUT?", "de"),
        ("Was verursacht Kopfschmerzen?", "de"),
        ("Woran starb Mozart?", "de"),
        ("Was water found on Mars?", "en"),
        ("Gebu\u0308hren fu\u0308r Autos im Winter?", "de"),
    ],
)
def test_names_in_latin_letters_leave_the_language_around_them(text: str, language: str) -> None:
    assert identify(text) == language


@given(st.text(max_size=300))
def test_it_is_told_alike_each_time_and_by_a_code(text: str) -> None:
    language = identify(text)
    assert identify(text) == language
    assert language == "" or (len(language) == 2 and language.islower() and language.isascii())


@given(st.text(alphabet="ab d'“”\"«»‘’`„(/.:1中а ", max_size=300))
def test_marks_around_nothing_do_no_harm(text: str) -> None:
    assert identify(text, "xx")


@pytest.mark.parametrize("piece", ["'", '"', "“", "„", "‘", "`", "a'", "://", "a", " a", "中", "а ", "a中"])
def test_a_long_text_takes_no_longer(piece: str) -> None:
    identify("Wie hoch ist die Maut?")
    text = piece * (64_000 // len(piece))
    with at_most(0.5):
        identify(text)


@pytest.mark.parametrize(
    "text",
    [
        "Who is 高橋美雪?",
        "Is Пётр Седов listed?",
        "Joaquín Muñoz Peláez invoice",
        "Schröder-Weißmüller Lüneburg valve",
        "Bénard invoice Bourg-en-Bresse paid?",
        "did le directeur de lyon call",
        "São Tomé office address",
        "Nachalnik porta Gennadiy Shchepkin rabotaet s 1987 goda, i port prinimaet sorok korabley v den.",
    ],
)
def test_names_alone_and_a_language_in_foreign_letters_are_unsure(text: str) -> None:
    assert identify(text) == ""


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Koliko ljudi radi u tvornici?", "hr"),
        ("Tko vodi gradski zbor?", "hr"),
        ("Kada polazi posljednji autobus?", "hr"),
        ("Zašto je most zatvoren?", "hr"),
        ("Gdje mogu vratiti knjigu?", "hr"),
        ("Koliko ljudi dela v tovarni?", "sl"),
        ("Kdo vodi mestni zbor?", "sl"),
        ("Zakaj je most zaprt?", "sl"),
        ("Kam lahko vrnem knjigo?", "sl"),
        ("Koľko ľudí pracuje v továrni?", "sk"),
        ("Kto vedie mestský zbor?", "sk"),
        ("Prečo je most zatvorený?", "sk"),
        ("Kolik lidí pracuje v továrně?", "cs"),
        ("Proč je most zavřený?", "cs"),
        ("Kdy jede poslední autobus?", "cs"),
    ],
)
def test_near_relatives_are_told_apart(text: str, language: str) -> None:
    assert identify(text) == language


@pytest.mark.parametrize(
    "text",
    [
        # Japanese, Chinese and Arabic in Latin letters.
        "Kono hashi no nagasa wa nan meetoru desu ka",
        "Shachou wa dare desu ka, soshite kaisha wa doko ni arimasu ka",
        "Kippu wa ikura desu ka",
        "Zhe zuo qiao shi shei jian de",
        "Ayna taqa almahata wa mata yughadir alqitar",
        # Languages that are not told.
        "Daraja lina urefu gani na nani alilijenga?",
        "Gaano kahaba ang tulay at sino ang gumawa nito?",
        "Nork eraiki zuen zubia eta noiz?",
        "Pa mor hir yw'r bont a phwy a'i hadeiladodd?",
        "Cé chomh fada is atá an droichead?",
        "Hversu löng er brúin og hver byggði hana?",
        "Kiu konstruis la ponton kaj kiam?",
        "Sa e gjatë është ura dhe kush e ndërtoi?",
    ],
)
def test_other_languages_and_foreign_letters_are_unsure(text: str) -> None:
    assert identify(text) == ""


def test_a_document_that_looks_like_a_language_by_a_few_words_is_in_none() -> None:
    swahili = "Bandari inafunguliwa saa mbili asubuhi. Mkuu wa bandari ni Bwana Otieno, na meli kumi huja kila siku."
    assert languages_of_document(swahili) == ()


def test_the_languages_of_a_document_are_those_of_its_paragraphs() -> None:
    text = (
        "The lift in the tower is serviced every year.\n\n"
        "Die Brücke wird im Herbst gestrichen und bleibt so lange gesperrt.\n\n"
        "Лодочная станция закрыта, и ключ хранится у сторожа."
    )
    assert set(languages_of_document(text)) == {"en", "de", "ru"}
