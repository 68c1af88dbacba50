"""Which language a question is in: `rag.notices.language`."""

from __future__ import annotations

import pytest

from rag.notices.language import conversation_language, language_of

GERMAN = """\
Wie hoch ist die Maut?
Was kostet die Überfahrt mit dem Auto?
Wer hat die Brücke gebaut?
Wann öffnet das Museum am Sonntag?
Wo kann ich parken?
Warum wurde der Tunnel gesperrt?
Wie viele Autos trägt die Fähre?
Welche Unterlagen brauche ich für den Antrag?
Gibt es einen Rabatt für Studierende?
Darf man im Park grillen?
Muss ich mich anmelden?
Wie lange dauert die Probezeit?
Was steht im Vertrag zur Kündigung?
Bis wann muss die Rechnung bezahlt werden?
Wie viel Urlaub bekommen Teilzeitkräfte?
Nenne die drei größten Städte.
Erkläre mir den Unterschied zwischen Miete und Pacht.
Ist Rauchen erlaubt?
Sind Hunde auf dem Schiff erlaubt?
Hat die Firma einen Betriebsrat?
Wer ist Geschäftsführer?
Wofür steht die Abkürzung DSGVO?
Was ist HTTP?
Was bedeutet „force majeure“?
Woran erkennt man eine Fälschung?
Weshalb fiel der Umsatz 2023?
In welchem Jahr wurde das Schloss errichtet?
Auf welcher Seite wird die Garantie beschrieben?
Kann der Vertrag vorzeitig beendet werden?
Wieviel Grad hat das Wasser?
Und wer bezahlt das?
Die Höhe der Strafe?
Kosten pro Nacht?
Öffnungszeiten und Preise?
Warum?
WIE HOCH IST DIE MAUT?
wie gross ist der fluegel
koennen kinder kostenlos mitfahren
Wer schrieb „The Old Man and the Sea“?
Was macht Anna?""".splitlines()

ENGLISH = """\
How high is the toll?
What does the crossing cost by car?
Who built the bridge?
When does the museum open on Sunday?
Where can I park?
Why was the tunnel closed?
How many cars does the ferry carry?
Which documents do I need?
Is there a discount for students?
May dogs come aboard?
Do I have to register?
How long is the probation period?
What does the contract say about termination?
By when must the invoice be paid?
Name the three largest towns.
Explain the difference between rent and lease.
Is smoking allowed?
Has the company a works council?
What is a Kindergarten?
Who is Günther?
was it red?
Was there a strike?
Was Napoleon short?
Who painted ceilings?
When was the war?
When did he die?
Who am I?
Hat size?
What is MIT?
Who directed Das Boot?
What does „Kündigung“ mean?
Who wrote "Die Leiden des jungen Werthers"?
Where is the Hauptstraße in Köln?
What did Angela Merkel say about the Energiewende?
What's the man's address?
Toll for lorries?
And who collects it?
WHAT IS THE TOLL?
Tell me about Müller & Söhne.
The toll?""".splitlines()

# Too short to tell, or of neither language.
OTHER = """\
Maut?
Toll?
2023?
MIT?
Günther?

?!
Quel est le prix des billets ?
Où est la gare et qui est le directeur ?
¿Qué es esto?
¿Quién construyó el puente?
Qual è il prezzo del biglietto?
Quanto custa um bilhete?
Wie heeft de brug gebouwd?
Hoe hoog is de tol en wie betaalt die?
Wat is de prijs van het kaartje?
Hoe lank is die brug?
Hur lång är bron?
Vad kostar det för en bil?
Hvad er prisen for en bil?
Hvem er direktør i firmaet?
Köprünün yüksekliği ne kadar?
Mikä on sillan hinta?
Ile kosztuje bilet?
Kolik stojí lístek?
Сколько стоит билет?
桥有多长？
كم سعر التذكرة؟""".splitlines()


def test_there_are_forty_questions_of_each_language() -> None:
    assert (len(set(GERMAN)), len(set(ENGLISH))) == (40, 40)


@pytest.mark.parametrize("question", GERMAN)
def test_a_german_question(question: str) -> None:
    assert language_of(question) == "de"


@pytest.mark.parametrize("question", [*ENGLISH, *OTHER])
def test_an_english_question_and_one_of_another_language(question: str) -> None:
    assert language_of(question) == "en"


@pytest.mark.parametrize("question", [text for text in ENGLISH if text not in ("Hat size?", "Was Napoleon short?")])
def test_an_english_question_stays_english_in_a_german_conversation(question: str) -> None:
    assert language_of(question, "de") == "en"


def test_umlauts_may_be_written_in_two_characters() -> None:
    assert language_of("Gebu\u0308hren fu\u0308r Autos?") == "de"


@pytest.mark.parametrize(
    ("earlier", "question", "language"),
    [
        ([], "Maut?", "en"),
        (["Wie hoch ist die Maut?"], "LKW?", "de"),
        (["Wie hoch ist die Maut?", "2023?"], "2024?", "de"),
        (["Wie hoch ist die Maut?"], "And who collects it?", "en"),
        (["How high is the toll?"], "Und wer bezahlt das?", "de"),
        (["Wie hoch ist die Maut?", "And who collects it?"], "2024?", "en"),
    ],
)
def test_a_follow_up_that_is_unsure_is_in_the_language_of_its_conversation(
    earlier: list[str], question: str, language: str
) -> None:
    assert conversation_language(question, earlier) == language
