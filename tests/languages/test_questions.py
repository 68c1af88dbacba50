"""Questions in other languages: `rag.question.languages` and `rag.answering.short_answers.foreign`.

What answers a question is told by hand in ``questions``. The figures here are of the sentences alone, which need no
model; ``python -m tests.benchmarks.foreign_questions`` gives those of the whole program.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import rag
from rag.answering.short_answers.foreign.answer import foreign_answer, formed_answer_in_german
from rag.answering.short_answers.foreign.cover import same_word
from rag.answering.short_answers.types import Basis, Draft
from rag.answering.short_answers.weak_answer import proposed_answer
from rag.question.languages.asking import language_asked_in, talk_in_any
from rag.question.languages.content import content_parts
from rag.question.languages.folding import fold
from rag.question.languages.tables import ASKING
from rag.question.reading import read_question
from rag.scoring.file import scoring_for
from rag.store.index import open_index
from rag.types import Evidence, Span
from tests.fakes import WordEncoder
from tests.languages.questions import DOCUMENTS, LANGUAGES, Case, cases, is_right, plain
from tests.processor_time import at_most

ALL = [case for language in LANGUAGES for case in cases(language)]
FOREIGN = [case for case in ALL if case.language != "de"]
HOSTILE = 64_000


def _evidence(*quotes: str, title: str = "") -> tuple[Evidence, ...]:
    return tuple(
        Evidence(Span("a.txt", "id", title, 0, len(quote), quote), 1.0 - 0.1 * rank, 0.5, 0.5, rank + 1)
        for rank, quote in enumerate(quotes)
    )


def _short(question: str, *quotes: str, title: str = "", tentative: bool = False) -> str | None:
    read = read_question(question)
    basis = Basis(read, read.asked, _evidence(*quotes, title=title), 0.8, tentative)
    found = foreign_answer(basis) if read.written_in else formed_answer_in_german(basis)
    return found.text if found else None


def _text_of(case: Case) -> str:
    return (DOCUMENTS / case.language / case.source).read_text("utf-8")


class TestTheSet:
    """The questions are what they are said to be."""

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_a_fifth_has_no_answer_in_either_half(self, language: str) -> None:
        known = cases(language)
        for half in (True, False):
            missing = [case for case in known if case.is_odd == half and not case.answerable]
            assert len(missing) == (1 if language == "th" else 2)
        assert len({case.question for case in known}) == len(known) == (8 if language == "th" else 20)

    @pytest.mark.parametrize("case", [case for case in ALL if case.answerable], ids=lambda case: case.question)
    def test_the_answer_stands_in_its_sentence_and_that_in_its_document(self, case: Case) -> None:
        assert case.quote in _text_of(case)
        if case.asks != "yes-no":
            assert all(plain(answer) in plain(case.quote) for answer in case.answers)

    def test_a_few_words_more_are_right_and_another_number_is_wrong(self) -> None:
        (case,) = [case for case in cases("fr") if case.number == 4]
        assert is_right("1 140 euros par mois", case)
        assert not is_right("1 141 euros", case)
        assert not is_right("140 euros", case)


class TestReading:
    """A question is read by the table of its language."""

    @pytest.mark.parametrize("case", FOREIGN, ids=lambda case: case.question)
    def test_its_language_and_kind_are_told(self, case: Case) -> None:
        read = read_question(case.question)
        assert read.written_in == case.language
        assert read.language == "en"
        assert read.kind == ("yes-no" if case.asks == "yes-no" else "fact")

    @pytest.mark.parametrize(
        ("question", "answer_type"),
        [
            ("Qui dirige l’orchestre ?", "person"),
            ("Depuis quand la piscine est-elle fermée ?", "date"),
            ("À quelle heure part le dernier bac ?", "time"),
            ("Combien de temps dure la pause ?", "duration"),
            ("Combien coûte l’abonnement ?", "money"),
            ("Quel pourcentage des voix a-t-elle obtenu ?", "percentage"),
            ("¿Dónde se guardan las llaves?", "place"),
            ("¿En qué año se fundó la escuela?", "year"),
            ("¿Cuánto tarda el tren?", "duration"),
            ("Где хранится архив?", "place"),
            ("Во сколько закрывается касса?", "time"),
            ("Сколько стоит проезд?", "money"),
            ("谁负责图书室？", "person"),
            ("车站在哪里？", "place"),
            ("会议几点开始？", "time"),
            ("一张票多少钱？", "money"),
            ("誰が鐘を作りましたか。", "person"),
            ("駅はどこにありますか。", "place"),
            ("会議は何時に始まりますか。", "time"),
            ("切符はいくらですか。", "money"),
            ("من كتب التقرير؟", "person"),
            ("أين تقع المكتبة؟", "place"),
            ("متى تأسست المدرسة؟", "date"),
            ("ใครเป็นหัวหน้า", "person"),
            ("ห้องสมุดอยู่ที่ไหน", "place"),
        ],
    )
    def test_what_the_answer_must_hold(self, question: str, answer_type: str) -> None:
        assert read_question(question).answer_type == answer_type

    @pytest.mark.parametrize(
        ("question", "kind", "topic", "sides"),
        [
            ("Résume le règlement de la piscine.", "summary", "le règlement de la piscine", ()),
            ("Quelle est la différence entre le bail et le contrat ?", "comparison", "", ("le bail", "le contrat")),
            ("Comment puis-je annuler ma réservation ?", "how-to", "", ()),
            ("Quels documents parlent de la digue ?", "overview", "la digue", ()),
            ("Énumère tous les fournisseurs.", "list", "fournisseurs", ()),
            ("¿De qué tratan estos documentos?", "overview", "", ()),
            ("Compara el tren con el autobús.", "comparison", "", ("el tren", "el autobús")),
            ("¿Cómo se puede alquilar la sala?", "how-to", "", ()),
            ("Перечисли все склады.", "list", "склады", ()),
            ("Чем отличается отпуск от отгула?", "comparison", "", ("отпуск", "отгула")),
            ("Как мне оформить пропуск?", "how-to", "", ()),
            ("请总结一下食堂规定。", "summary", "食堂规定", ()),
            ("如何办理入馆手续？", "how-to", "", ()),
            ("请比较茶馆和食堂。", "comparison", "", ("茶馆", "食堂")),
            ("規程を要約してください。", "summary", "規程", ()),
            ("どうすれば社用車を借りられますか。", "how-to", "", ()),
            ("ما الفرق بين العقد والاتفاق؟", "comparison", "", ("العقد", "الاتفاق")),
            ("هل يجوز التدخين؟", "yes-no", "", ()),
            ("可以带宠物吗？", "yes-no", "", ()),
            ("Y a-t-il un ascenseur ?", "yes-no", "", ()),
            ("นำสุนัขเข้าได้ไหม", "yes-no", "", ()),
        ],
    )
    def test_the_other_kinds(self, question: str, kind: str, topic: str, sides: tuple[str, ...]) -> None:
        read = read_question(question)
        assert (read.kind, read.topic, read.sides) == (kind, topic, sides)

    @pytest.mark.parametrize(
        ("message", "talk"),
        [
            ("Merci beaucoup !", "thanks"),
            ("Bonjour", "greeting"),
            ("¡Muchas gracias!", "thanks"),
            ("Спасибо большое!", "thanks"),
            ("Привет! Спасибо", "thanks"),
            ("До свидания", "farewell"),
            ("谢谢你！", "thanks"),
            ("再见", "farewell"),
            ("ありがとうございます。", "thanks"),
            ("شكرًا جزيلًا", "thanks"),
            ("ขอบคุณมากครับ", "thanks"),
            ("¿Quién eres?", "assistant"),
        ],
    )
    def test_small_talk(self, message: str, talk: str) -> None:
        read = read_question(message)
        assert (read.kind, read.talk) == ("small-talk", talk)

    @pytest.mark.parametrize(
        "question", ["И кто её директор?", "¿Y cuándo abrió?", "那它什么时候开放？", "Et où est-ce ?", "誰ですか。"]
    )
    def test_a_follow_up_is_no_small_talk(self, question: str) -> None:
        assert read_question(question).kind == "fact"
        assert talk_in_any(question) is None

    @pytest.mark.parametrize(
        ("message", "asked"),
        [
            ("Bonjour, combien coûte le billet, s'il vous plaît ?", "combien coûte le billet?"),
            ("Hola, ¿puedes decirme cuándo abre el museo?", "cuándo abre el museo?"),
            ("Скажите, пожалуйста, где касса?", "где касса?"),
            ("请问，馆长是谁？", "馆长是谁？"),
            ("すみません、館長は誰ですか。", "館長は誰ですか。"),
            ("من فضلك، أين المكتبة؟", "أين المكتبة؟"),
        ],
    )
    def test_courtesy_is_cut_off(self, message: str, asked: str) -> None:
        read = read_question(message)
        assert (read.asked, read.shortened) == (asked, True)

    @pytest.mark.parametrize(
        ("question", "content"),
        [
            ("Combien de pièces comprend le logement ?", ["pièces", "comprend", "logement"]),
            ("Сколько домов в деревне?", ["домов", "деревне"]),
            ("¿Cuántos escalones tiene la torre?", ["escalones", "torre"]),
            ("食堂有多少名厨师？", ["食堂", "厨师"]),
            ("資料館には何人の職員がいますか。", ["資料館", "職員"]),
            ("كم منزلا في القرية؟", ["منزلا", "القرية"]),
        ],
    )
    def test_words_that_only_ask_are_no_content(self, question: str, content: list[str]) -> None:
        language = language_asked_in(question)
        assert [question[start:end] for start, end in content_parts(question, language)] == content

    @pytest.mark.parametrize(
        "question",
        [
            "How high is the toll?",
            "Who wrote « Les Misérables »?",
            "Wie hoch ist die Maut?",
            "Wo liegt die Avenue de la Gare?",
            "Toll?",
            "",
        ],
    )
    def test_english_and_german_are_read_as_before(self, question: str) -> None:
        assert language_asked_in(question) == ""
        assert read_question(question).written_in == ""


class TestShortAnswers:
    """A phrase is shown where the sentence is about what is asked and nothing else in it could be meant."""

    def test_of_sentences_alone_few_are_wrong(self) -> None:
        verdicts: list[tuple[Case, str]] = []
        for case in ALL:
            if case.answerable and case.asks != "yes-no":
                short = _short(case.question, case.quote, *_others(case))
                verdicts.append((case, "none" if short is None else "right" if is_right(short, case) else "wrong"))
        wrong = [case.question for case, verdict in verdicts if verdict == "wrong"]
        right = [case.question for case, verdict in verdicts if verdict == "right"]
        assert len(wrong) <= 0.05 * len(verdicts), wrong
        assert len(right) >= 0.55 * len(verdicts)

    @pytest.mark.parametrize("case", [case for case in ALL if not case.answerable], ids=lambda case: case.question)
    def test_a_near_miss_has_none(self, case: Case) -> None:
        for quote in _sentences(case.language):
            assert _short(case.question, quote) is None

    @pytest.mark.parametrize(
        ("question", "quote", "short"),
        [
            ("Wie viele Boote hat der Verein?", "Der Verein besitzt 1.250 Boote.", "1.250 Boote"),
            ("Combien de bateaux a le club ?", "Le club possède 1\u202f250 bateaux.", "1\u202f250 bateaux"),
            ("¿Cuándo se fundó el club?", "El club se fundó el 3 de mayo de 1902.", "el 3 de mayo de 1902"),
            ("Когда основан клуб?", "Клуб основан 3 мая 1902 года.", "3 мая 1902 года"),
            ("俱乐部成立于哪一年？", "俱乐部成立于一九〇二年。", "一九〇二年"),
            ("会費はいくらですか。", "会費は年に三千円です。", "三千円"),
            ("متى تأسس النادي؟", "تأسس النادي في ٣ مايو ١٩٠٢.", "٣ مايو ١٩٠٢"),
            ("Qui préside le club ?", "Le club est présidé par madame Aude Ferrer.", "madame Aude Ferrer"),
            ("Кто руководит клубом?", "Клубом руководит Пётр Ильич Седов.", "Пётр Ильич Седов"),
            ("俱乐部主席是谁？", "俱乐部主席是梁思远。", "梁思远"),
            ("会長は誰ですか。", "会長は大森あやです。", "大森あや"),
            ("من يرأس النادي؟", "يرأس النادي المهندس سامي حداد.", "المهندس سامي حداد"),
            ("Où se trouve le club ?", "Le club se trouve dans la rue des Forges.", "dans la rue des Forges"),
            # A lower limit, another subject, another year, another house.
            ("Combien coûte le parking du club ?", "L’entrée du club coûte 6 euros.", None),
            ("¿Cuántos escalones tiene la torre de Sevilla?", "La torre tiene 212 escalones.", None),
            ("Combien coûtait l’entrée en 1990 ?", "L’entrée coûte 6 euros.", None),
            ("Кто построил дом?", "В доме жил Иван Седов.", None),
            ("俱乐部有多少名教练？", "俱乐部有九名委员。", None),
            ("会長はいつ辞めましたか。", "会長は大森あやです。", None),
        ],
    )
    def test_by_hand(self, question: str, quote: str, short: str | None) -> None:
        assert _short(question, quote) == short

    def test_of_two_amounts_the_one_beside_what_is_asked_about(self) -> None:
        quote = "Билет для взрослых стоит 350 рублей, для студентов — 150 рублей."
        assert _short("Сколько стоит билет для взрослых?", quote) == "350 рублей"
        assert _short("Сколько стоит билет для студентов?", quote) == "150 рублей"

    def test_two_names_side_by_side_leave_it_open(self) -> None:
        assert _short("Qui préside le club ?", "Le club est présidé par Aude Ferrer et Luc Manin.") is None

    def test_a_weak_model_proposes_nothing(self) -> None:
        read = read_question("俱乐部主席是谁？")
        basis = Basis(read, read.asked, _evidence("俱乐部主席是梁思远。"), 0.9)
        scoring, _ = scoring_for(WordEncoder().fingerprint)
        assert proposed_answer(basis, Draft("俱乐部主席是梁思远。", (0.0,)), scoring.short_answers) is None

    def test_a_whole_sentence_is_none(self) -> None:
        assert _short("会長は誰ですか。", "大森あや") is None

    @pytest.mark.parametrize(
        ("first", "second", "language", "same"),
        [
            ("основал", "основательницей", "ru", True),
            ("дома", "домов", "ru", True),
            ("мост", "моряк", "ru", False),
            ("museum", "uhrenmuseum", "de", True),
            ("المتحف", "متحف", "ar", True),
            ("اسس", "اسست", "ar", True),
            ("construit", "construite", "fr", True),
            ("porte", "porto", "fr", True),
            ("loyer", "locataire", "fr", False),
        ],
    )
    def test_forms_of_one_word(self, first: str, second: str, language: str, same: bool) -> None:
        assert same_word(first, second, language) is same


class TestTheProgram:
    """With an index, whose encoder is a fake: what is cited is an exact slice and a whole sentence."""

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_citations_are_exact(self, language: str, tmp_path: Path) -> None:
        with open_index("default", tmp_path, create=True, encoder=WordEncoder()) as index:
            rag.ingest(index, [DOCUMENTS / language])
            for case in cases(language)[::4]:
                answer = rag.answer(index, case.question, llm="none", anyway=True)
                for citation in answer.citations:
                    text = (DOCUMENTS / language / Path(citation.source).name).read_text("utf-8")
                    assert text[citation.start : citation.end] == citation.quote


class TestHostileInput:
    """Long and odd texts are read in linear time."""

    @pytest.mark.parametrize("piece", ["谁", "か", "من ", "qui a-t-il ", "¿", "что ли ", "1 ", "ที่"])
    def test_a_long_text_is_read_at_once(self, piece: str) -> None:
        text = (piece * HOSTILE)[:HOSTILE]
        with at_most(20):
            read_question(text)
            for language in ASKING:
                content_parts(text, language)
            for question in ("谁是馆长？", "Qui est le maire ?", "Когда открылся музей?", "كم سعر التذكرة؟"):
                assert _short(question, text) is None

    def test_a_sentence_of_many_amounts_is_read_at_once(self) -> None:
        with at_most(20):
            _short("Combien coûte le billet ?", f"Le billet coûte {'5 euros ' * 245}.")

    @given(st.text(max_size=200))
    def test_folded_letters_keep_their_places(self, text: str) -> None:
        folded = fold(text)
        assert len(folded.places) == len(folded.text) + 1
        assert list(folded.places) == sorted(folded.places)
        assert folded.places[-1] == len(text)

    @given(st.text(alphabet="谁是馆长的が誰 です1аюдомqui'est’ةمن؟?", max_size=60), st.sampled_from(sorted(ASKING)))
    def test_content_is_spans_in_order(self, text: str, language: str) -> None:
        end = 0
        for start, stop in content_parts(text, language):
            assert end <= start < stop <= len(text)
            end = stop

    @given(st.text(max_size=120))
    def test_any_text_is_read(self, text: str) -> None:
        assert read_question(text).written_in in {"", *ASKING}


def _others(case: Case) -> Sequence[str]:
    """The two sentences behind the gold one in the set."""
    quotes = [other.quote for other in cases(case.language) if other.quote and other.quote != case.quote]
    at = case.number % len(quotes)
    return (quotes * 2)[at : at + 2]


def _sentences(language: str) -> list[str]:
    return sorted({case.quote for case in cases(language) if case.quote})


@pytest.mark.parametrize(
    ("question", "sentence", "answer"),
    [
        ("Combien pèse un pain de seigle ?", "Un pain de seigle coûte 4,80 € et pèse 1 250 grammes.", "1 250 grammes"),
        ("Combien coûte un pain de seigle ?", "Un pain de seigle pèse 1 250 grammes et coûte 4,80 €.", "4,80 €"),
        ("¿Cuánto pesa un pan de centeno?", "Un pan de centeno cuesta 4,80 euros y pesa 1.250 gramos.", "1.250 gramos"),
        ("Сколько весит ржаной хлеб?", "Ржаной хлеб стоит 480 рублей и весит 1 250 граммов.", "1 250 граммов"),
        ("ขนมปังไรย์หนักเท่าไร", "ขนมปังไรย์ราคา 48 บาท หนัก 1,250 กรัม", "1,250 กรัม"),
        ("Combien pèse la cloche ?", "La cloche coûte 900 €.", None),
        ("¿Cuánto pesa la campana?", "La campana se pagó con 900 euros.", None),
        # Numbers of several words are one.
        ("Сколько человек работает в пекарне?", "В пекарне работают двадцать семь человек.", "двадцать семь человек"),
        (
            "¿Cuántas personas trabajan en la panadería?",
            "En la panadería trabajan treinta y dos personas.",
            "treinta y dos personas",
        ),
        (
            "Combien de personnes travaillent au fournil ?",
            "Au fournil travaillent vingt et une personnes.",
            "vingt et une personnes",
        ),
        ("كم شخصا يعمل في المخبز؟", "يعمل في المخبز سبعة وعشرون شخصا كل يوم.", "سبعة وعشرون شخصا"),
    ],
)  # fmt: skip
def test_an_amount_is_of_the_measure_that_is_asked_for(question: str, sentence: str, answer: str | None) -> None:
    assert _short(question, sentence) == answer
