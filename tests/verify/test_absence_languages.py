"""Refusals in the languages that people ask in, and claims that only look like one."""

from __future__ import annotations

import pytest

from rag.verify.absence import (
    hint_start,
    is_absence,
    is_unmarked_absence,
    lacks_only_a_part,
    mentions_something_else,
    opens_with_absence,
)
from rag.verify.declines import is_declining
from tests.processor_time import at_most


@pytest.mark.parametrize(
    "sentence",
    [
        "I'm unable to answer this question based on the provided documents.",
        "There isn't enough information in the sources to say.",
        "The evidence provided does not specify the number.",
        "The answer is not provided in the evidence.",
        "None of the evidence states who won.",
        "Unfortunately, I couldn't find any mention of this.",
        "I do not have enough information to answer that.",
        "I don't know based on these documents.",
        "This information is not available in the provided documents.",
        "Sorry, the documents don't cover that topic.",
        "Das lässt sich anhand der Dokumente nicht beantworten.",
        "In den Unterlagen wird nicht erwähnt, wer das Tor schoss.",
        "Désolé, mais les documents ne contiennent aucune information à ce sujet.",
        "Aucune information sur ce sujet ne figure dans les documents.",
        "Je ne trouve pas de réponse à cette question dans les documents.",
        "Cette information n'est pas mentionnée dans les documents.",
        "D'après les documents fournis, il n'est pas possible de répondre.",
        "Lo siento, pero no hay información al respecto en los documentos.",
        "No se menciona en los documentos cuántos premios ganó.",
        "En los documentos no se indica el precio.",
        "No puedo responder a esta pregunta con la información proporcionada.",
        "Mi dispiace, ma i documenti forniti non contengono informazioni su questo.",
        "Non ci sono informazioni su questo argomento nei documenti.",
        "Nei documenti non viene indicato il prezzo.",
        "Desculpe, mas os documentos fornecidos não contêm informações sobre isso.",
        "Não há informações sobre isso nos documentos.",
        "Helaas bevatten de documenten geen informatie hierover.",
        "In de documenten staat niet hoeveel het kost.",
        "Er is geen informatie over de prijs in de documenten.",
        "В предоставленных документах не указано, сколько «Оскаров» получила Леди Гага.",
        "К сожалению, документы не содержат информации об этом.",
        "В документах нет информации о количестве наград.",
        "Я не нашёл ответа на этот вопрос в документах.",
        "Документы не говорят об этом.",
        "抱歉，根据提供的资料，无法确定答案。",
        "文档未提及此信息。",
        "很抱歉，所提供的材料中没有相关信息。",
        "没有找到关于该问题的信息。",
        "提供された文書には、レディー・ガガが受賞したオスカーの数についての記載がありません。",
        "申し訳ありませんが、資料からは分かりません。",
        "その情報は文書に含まれていません。",
        "残念ながら、この資料には該当する情報が見つかりませんでした。",
        "لا تذكر الوثائق المقدمة عدد جوائز الأوسكار التي فازت بها ليدي غاغا.",
        "عذرًا، لا توجد معلومات حول ذلك في المستندات.",
        "المستندات لا تحتوي على معلومات عن ذلك.",
        "للأسف، لم أجد إجابة في الوثائق.",
        "هذه المعلومة غير موجودة في الوثائق.",
        "Les documents fournis ne mentionnent pas le nombre de camions.",
        "Los documentos no mencionan cuántos camiones lleva.",
        "I documenti non dicono quanti camion trasporti.",
        "Os documentos não dizem quantos camiões leva.",
        "De documenten vermelden niet hoeveel vrachtwagens ze vervoert.",
        "В предоставленных документах не указано, сколько грузовиков перевозит паром.",
        "提供的文档中没有提到渡轮能载多少辆卡车。",
        "提供された文書には、トラックの台数についての記載がありません。",
        "لا تذكر الوثائق المقدمة عدد الشاحنات التي تحملها العبارة.",
    ],
)
def test_a_refusal_is_told_in_each_language(sentence: str) -> None:
    assert is_absence(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "The policy does not cover theft.",
        "The ferry does not run on Sundays.",
        "Documents are not returned by post.",
        "Les cyclistes ne paient pas.",
        "Les documents de voyage ne sont pas requis.",
        "Los perros no pueden entrar.",
        "No se permite fumar en la cubierta.",
        "No hay peaje para bicicletas.",
        "Il ponte non è aperto.",
        "I cani non sono ammessi.",
        "Os cães não podem entrar.",
        "De brug is niet open op zondag.",
        "Er is geen tol voor fietsen.",
        "В воскресенье паром не ходит.",
        "Нет платы за велосипеды.",
        "周日没有渡轮。",
        "渡轮不载狗。",
        "自転車は料金がかかりません。",
        "日曜日には船は出ません。",
        "لا يعمل القارب يوم الأحد.",
        "لا توجد رسوم للدراجات.",
        "Die Fähre fährt sonntags nicht.",
        "Es gibt keine Maut für Fahrräder.",
        "Nichts ist kostenlos.",
        "La lettre ne dit rien de bon au capitaine.",
    ],
)
def test_a_claim_that_denies_is_no_refusal(sentence: str) -> None:
    assert not opens_with_absence(sentence)


@pytest.mark.parametrize(
    ("sentence", "hint"),
    [
        ("The documents do not say how many; they only mention 28 cars.", "they only mention 28 cars."),
        ("Die Belege nennen keine Lastwagen, aber sie nennen 28 Autos.", "sie nennen 28 Autos."),
        ("Les documents ne disent pas combien ; ils parlent de 28 voitures.", "ils parlent de 28 voitures."),
        ("Los documentos no mencionan camiones, pero hablan de 28 coches.", "hablan de 28 coches."),
        ("I documenti non dicono quanti camion, ma parlano di 28 auto.", "parlano di 28 auto."),
        ("Os documentos não dizem quantos, mas falam de 28 carros.", "falam de 28 carros."),
        ("De documenten vermelden geen vrachtwagens, maar wel 28 auto's.", "wel 28 auto's."),
        ("В документах не указано сколько, но сказано о 28 машинах.", "сказано о 28 машинах."),
        ("文档没有提到卡车，只提到二十八辆汽车。", "提到二十八辆汽车。"),
        ("文書には記載がありませんが、車は二十八台とあります。", "車は二十八台とあります。"),
        ("لا تذكر الوثائق الشاحنات، لكنها تذكر ثمانية وعشرين سيارة.", "تذكر ثمانية وعشرين سيارة."),
        ("The documents do not say how many.", None),
    ],
)
def test_what_the_documents_hold_instead_is_split_off(sentence: str, hint: str | None) -> None:
    assert opens_with_absence(sentence)
    start = hint_start(sentence)
    assert (None if start is None else sentence[start:]) == hint


@pytest.mark.parametrize(
    "unit", ["the documents ", "no se ", "les documents ne ", "документах ", "文書", "没有", "ال", "; "]
)
def test_long_sentences_take_no_time(unit: str) -> None:
    with at_most(1):
        is_absence((unit * 64_000)[:64_000])


@pytest.mark.parametrize(
    "sentence",
    [
        "N/A",
        "Keine Angabe.",
        "Not specified.",
        "เอกสารไม่ได้ระบุข้อมูลนี้",
        "ไม่มีข้อมูลเกี่ยวกับเรื่องนี้ในเอกสาร",
        "ขออภัย ฉันไม่พบข้อมูลนี้ในเอกสาร",
        "문서에 해당 정보가 없습니다.",
        "제공된 문서에는 그 내용이 언급되어 있지 않습니다.",
        "죄송하지만 관련 정보를 찾을 수 없습니다.",
        "모르겠습니다.",
        "Os documentos não contêm essa informação.",
        "Não encontrei essa informação nos documentos.",
        "Infelizmente, os documentos não dizem.",
        "Dokumenty nie zawierają tych informacji.",
        "Niestety w dokumentach nie ma informacji na ten temat.",
        "Nie znalazłem odpowiedzi w dokumentach.",
        "Brak informacji.",
        "Belgelerde bu bilgi yok.",
        "Sağlanan belgelerde bu konuda bilgi bulunmamaktadır.",
        "Belgeler bunu belirtmiyor.",
        "Maalesef bu konuda bilgi yok.",
        "Документы не содержат этой информации.",
        "Я не знаю.",
        "Не указано.",
        "Это не указано в документах.",
        "Нет данных.",
        "Ответ на этот вопрос в документах не найден.",
        "К сожалению, я не смог найти эту информацию.",
        "لا توجد معلومات حول هذا في المستندات.",
        "لم يُذكر ذلك في الوثائق.",
        "لا أعرف.",
        "المستندات لا تذكر ذلك.",
        "هذه المعلومة غير موجودة في المستندات.",
        "لم أتمكن من العثور على هذه المعلومات.",
        "Ich weiß es nicht.",
        "Não sei.",
        "No lo sé.",
        "Je ne sais pas.",
        "No consta.",
    ],
)
def test_further_forms_and_languages_of_a_refusal(sentence: str) -> None:
    assert is_absence(sentence)
    assert not is_declining(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "I'm sorry, I can't assist with that request.",
        "As an AI language model, I can't help with that.",
        "I cannot help with that.",
        "I'm unable to comply with this request.",
        "Sorry, but I can't do that.",
        "I must decline.",
        "Es tut mir leid, aber dabei kann ich nicht helfen.",
        "Ich kann Ihnen bei dieser Anfrage leider nicht weiterhelfen.",
        "Désolé, je ne peux pas vous aider avec cette demande.",
        "Lo siento, no puedo ayudarte con eso.",
        "Mi dispiace, non posso aiutarti.",
        "Desculpe, não posso ajudar com isso.",
        "Helaas kan ik je daar niet mee helpen.",
        "Извините, я не могу помочь с этим.",
        "К сожалению, я не могу выполнить этот запрос.",
        "抱歉，我无法协助处理该请求。",
        "我不能提供帮助。",
        "申し訳ありませんが、そのご要望にはお応えできません。",
        "申し訳ございませんが、お手伝いできません。",
        "죄송하지만 도와드릴 수 없습니다.",
        "Przykro mi, nie mogę w tym pomóc.",
        "Üzgünüm, bu konuda yardımcı olamam.",
        "ขออภัย ฉันไม่สามารถช่วยเรื่องนี้ได้",
        "عذرًا، لا أستطيع المساعدة في ذلك.",
    ],
)
def test_a_model_that_declines_says_nothing_of_the_documents(sentence: str) -> None:
    assert is_declining(sentence)
    assert not is_absence(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "The keeper cannot help with the boats.",
        "I can help with that.",
        "As an AI company, they do not sell boats.",
        "Not available on Sundays is the ferry.",
        "The dog is not available.",
        "문서 보관실은 지하에 있습니다.",
        "요금은 42크라운입니다.",
        "정보 센터는 월요일에 열지 않습니다.",
        "Opłata wynosi 42 korony i nie obejmuje psów.",
        "Informacje turystyczne nie są płatne.",
        "Ücret 42 krondur ve pazar günleri geçerli değildir.",
        "Pasajdan geçmek yasak değil.",
        "ค่าผ่านทางไม่รวมภาษี",
        "Плата не включает налог.",
        "Лодки не могут помочь.",
        "الرسوم لا تشمل الضريبة.",
        "O passe não inclui cães.",
        "The evidence chamber holds ten boxes but not the key of the box.",
        "The ferry carries cars but not lorries.",
    ],
)
def test_what_only_looks_like_one_is_a_claim(sentence: str) -> None:
    assert not opens_with_absence(sentence)
    assert not is_declining(sentence)


@pytest.mark.parametrize(
    ("sentence", "question", "states"),
    [
        ("There is no information on the height, but the lamp burns oil.", "What does the lamp burn?", True),
        ("There is no information on the height, but the lamp burns oil.", "What is the height of the lamp?", False),
        ("There is no information about this, but the lamp burns oil.", "What is the height of the lamp?", False),
        ("I could not find a keeper later than Ada Holm, who stayed until 1934.", "Who was the last keeper?", True),
        ("I could not find the age of Ada Holm, who stayed until 1934.", "How old was Ada Holm?", False),
        ("The documents do not say.", "How old was Ada Holm?", False),
    ],
)
def test_what_a_refusal_states_may_be_the_answer(sentence: str, question: str, states: bool) -> None:
    assert opens_with_absence(sentence)
    assert lacks_only_a_part(sentence, question) is states


def test_two_more_forms_that_are_told_apart() -> None:
    assert mentions_something_else("The evidence gives the toll but not the colour.")
    assert not mentions_something_else("The ferry carries cars but not lorries.")
    assert is_unmarked_absence("It is not possible to say what colour the steamer is.")
    assert not is_unmarked_absence("It is not possible to cross the bridge on foot.")


@pytest.mark.parametrize("unit", ["문서 ", "belge ", "as an ai i ", "w dokumentach nie ", "เอกสาร", "Ada, who "])
def test_long_sentences_take_linear_time(unit: str) -> None:
    sentence = unit * (64_000 // len(unit))
    with at_most(2):
        is_absence(sentence)
        is_declining(sentence)
        lacks_only_a_part(sentence, "Who?")
