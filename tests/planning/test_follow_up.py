"""Making a follow-up question stand alone: `rag.planning.follow_up`."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from rag.errors import LLMError
from rag.planning.follow_up import is_follow_up, read_exchanges, rewrite_query, stand_alone, subject_of
from rag.prompts import read_prompt
from rag.question.leaning import pronoun_without_capitals
from rag.types import Turn
from tests.fakes import ScriptedModel

KEEPER = [Turn("user", "Who is the keeper of the lighthouse?"), Turn("assistant", "“The keeper is Maren Öst.” [1]")]
FERRY = [Turn("user", "When does the ferry to Skarholm leave?"), Turn("assistant", "“It leaves at 7:40.” [1]")]
REFUSED = [Turn("user", "Who painted the mill?"), Turn("assistant", "The documents do not say.")]


def rewrite(question: str, history: Sequence[Turn], model: ScriptedModel | None = None) -> str:
    return rewrite_query(question, history, model, read_prompt("condense"))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "question",
    [
        "How old is it?",
        "And the ferry?",
        "why?",
        "When did she die?",
        "What about that one?",
        "Who is the coach?",
        "Und wo?",
        "Wie lange gilt das?",
        "Was ist mit Oslo?",
        "Wo bekommt man ihn?",
        "To whom does she report?",
        "Which team does he lead?",
        "What did it give to the north?",
        "Is that allowed?",
        "2019?",
    ],
)
def test_what_leans_on_the_conversation_before(question: str) -> None:
    assert is_follow_up(question)


@pytest.mark.parametrize(
    "question",
    [
        "How long is the Lantern bridge?",
        "Which ferry goes to Skarholm?",
        "桥有多长？渡船呢？",
        "Where do new guests hang up their coats?",
        "Which firms lost their licence?",
        "Is it allowed to swim at the pier?",
        "How long does it take to cross the sound?",
        "What is the rule that applies to dogs?",
        "Do boats pay more than they did in 2019?",
        "Does the ferry to Rona carry more cars than the one to Holm?",
        "And who leads the archive team?",
        "Gibt es einen Rabatt für Kinder?",
        "Wo geben neue Gäste ihren Schlüssel ab?",
        "Was machen Sie mit den Daten der Kunden?",
        "What is photosynthesis?",
    ],
)
def test_what_stands_alone(question: str) -> None:
    assert not is_follow_up(question)
    assert rewrite(question, KEEPER) == question


@pytest.mark.parametrize(
    ("before", "question", "alone"),
    [
        ("What is the fee for a berth in London?", "and in Leeds?", "What is the fee for a berth in Leeds?"),
        ("What is the fee for a berth in London?", "and Leeds?", "What is the fee for a berth in Leeds?"),
        ("How heavy is a stone on Jupiter?", "I meant for Mars?", "How heavy is a stone on Mars?"),
        ("When does diving take place?", "and fencing?", "When does fencing take place?"),
        ("When does diving take place?", "where?", "Where does diving take place?"),
        ("How many guests came in 2018?", "And in 2019?", "How many guests came in 2019?"),
        ("How many days of sick leave are there?", "and annual leave?", "How many days of annual leave are there?"),
        ("Who leads the kitchen team?", "and the archive team?", "Who leads the archive team?"),
        ("Why was the old mill closed?", "And the bridge?", "Why was the bridge closed?"),
        ("How much does parking cost?", "And on Sundays?", "How much does parking cost on Sundays?"),
        ("Was kostet ein Zimmer in Bergen?", "Und in Oslo?", "Was kostet ein Zimmer in Oslo?"),
        ("Was kostet ein Zimmer in Bergen?", "Was ist mit Oslo?", "Was kostet ein Zimmer in Oslo?"),
    ],
)
def test_another_thing_takes_the_place_of_the_last_one(before: str, question: str, alone: str) -> None:
    assert rewrite(question, [Turn("user", before), Turn("assistant", "“Eight.” [1]")]) == alone


def test_a_person_is_the_one_last_spoken_of() -> None:
    history = [*KEEPER, Turn("user", "And who steers the ferry?"), Turn("assistant", "“Ida Brekke steers it.” [1]")]
    assert rewrite("To whom does she report?", history) == "To whom does Ida Brekke report?"
    assert rewrite("Who is her deputy?", history) == "Who is Ida Brekke’s deputy?"
    assert rewrite("When was she born?", KEEPER) == "When was Maren Öst born?"


def test_a_place_in_the_answer_is_no_person() -> None:
    history = [Turn("user", "Where does Ida Brekke work?"), Turn("assistant", "“She has worked in Molde.” [1]")]
    assert rewrite("Whom does she report to?", history) == "Whom does Ida Brekke report to?"


def test_what_is_spoken_of_goes_through_several_turns() -> None:
    history = [
        *[Turn("user", "When does diving take place?"), Turn("assistant", "“On Monday.” [1]")],
        *[Turn("user", "and fencing?"), Turn("assistant", "“On Tuesday in the gym.” [1]")],
    ]
    assert rewrite("where?", history) == "Where does fencing take place?"


def test_a_thing_is_named_in_brackets() -> None:
    rewritten = rewrite("How many cars does it carry?", FERRY)
    assert rewritten.startswith("How many cars does it carry? (the ferry to Skarholm")


def test_a_refused_turn_lends_nothing() -> None:
    assert rewrite("where?", [*FERRY, *REFUSED]) == "Where does the ferry to Skarholm leave?"
    assert rewrite("where?", REFUSED) == "where?"
    german = [Turn("user", "Wer malte die Mühle?"), Turn("assistant", "Die Dokumente sagen dazu nichts.")]
    assert read_exchanges(german) == []


def test_a_summary_lends_its_document() -> None:
    assert subject_of("Summarise the rules of the marina in three sentences.") == "the rules of the marina"


def test_without_a_conversation_nothing_is_changed() -> None:
    assert rewrite("How old is it?", []) == "How old is it?"
    assert stand_alone("How old is it?", []) == "How old is it?"


def test_a_strong_model_rewrites_and_a_failing_one_does_not_matter() -> None:
    model = ScriptedModel(['"When was Maren', ' Öst born?"\nSome more.'])
    assert rewrite("When was she born?", KEEPER, model) == "When was Maren Öst born?"
    assert "Maren" in model.asked[0][1].content
    for script in ([LLMError("no")], [""], ["x" * 1000]):
        assert rewrite("When was she born?", KEEPER, ScriptedModel(script)) == "When was Maren Öst born?"


def test_a_strong_model_is_not_shown_a_whole_question_or_a_refused_turn() -> None:
    model = ScriptedModel(["Where is the lighthouse?"])
    assert rewrite("Where do new guests hang up their coats?", KEEPER, model).startswith("Where do new guests")
    assert model.asked == []
    rewrite("where?", [*FERRY, *REFUSED], model)
    assert "mill" not in model.asked[0][1].content


def test_a_model_may_not_drop_a_name() -> None:
    model = ScriptedModel(["When does the ferry leave?"])
    assert rewrite("And to Rona?", FERRY, model) == "When does the ferry to Rona leave?"


def test_a_weak_model_is_not_asked_to_rewrite() -> None:
    model = ScriptedModel(["Nonsense"], weak=True)
    assert rewrite("When was she born?", KEEPER, model) == "When was Maren Öst born?"
    assert model.asked == []


@pytest.mark.parametrize(
    ("asked", "answer", "question", "filled_in"),
    [
        ("馆长是谁？", "“馆长是李敏。” [1]", "她什么时候上任的？", "馆长是李敏"),
        ("馆长是谁？", "“馆长是李敏。” [1]", "那么她的办公室在哪里？", "馆长是李敏"),
        ("桥叫什么？", "“桥名为望江桥。” [1]", "它有多长？", "桥名为望江桥"),
        ("館長は誰ですか。", "“館長は森田です。” [1]", "彼女はいつ就任しましたか。", "館長は森田です"),
        ("관장은 누구입니까?", "“관장은 김민서이다.” [1]", "그녀는 언제 취임했습니까?", "관장은 김민서이다"),
        ("من يدير المكتبة؟", "“تدير المكتبة سلمى.” [1]", "متى وصلت هي إلى المدينة؟", "تدير المكتبة سلمى"),
    ],
)
def test_a_pronoun_of_a_script_without_capitals_is_filled_in(
    asked: str, answer: str, question: str, filled_in: str
) -> None:
    history = [Turn("user", asked), Turn("assistant", answer)]
    assert rewrite(question, history) == f"{question} ({filled_in})"


@pytest.mark.parametrize(
    "question",
    [
        "其他展品有多少件？",
        "李敏和她的助手在哪里？",
        "吉他课多少钱？",
        "それぞれの料金はいくらですか。",
        "من هو مدير المكتبة؟",
    ],
)
def test_what_only_looks_like_a_pronoun_points_to_nobody(question: str) -> None:
    assert pronoun_without_capitals(question) is None
