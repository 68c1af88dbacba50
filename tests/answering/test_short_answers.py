"""The short answer without a model: phrases, cells, what is said to be, and yes."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answering.short_answers.asked import Asked, read_asked
from rag.answering.short_answers.copula import complement, place_behind, place_of
from rag.answering.short_answers.evidence_answer import short_answer
from rag.answering.short_answers.gaps import fill_gap
from rag.answering.short_answers.phrases import Phrase, find_phrases, names, phrases_with
from rag.answering.short_answers.table_answer import cells_of
from rag.answering.short_answers.types import Basis, ShortAnswer
from rag.question.reading import AnswerType, Question, read_question
from rag.scoring.file import scoring_for
from rag.scoring.values import PhraseWeights, ProposalWeights, ShortAnswers
from rag.types import Evidence, Kind, Span
from tests.fakes import WordEncoder

# A phrase counts by how many of the question's words stand near it, less its rivals; all else weighs nothing.
PHRASE = PhraseWeights(0.0, 4.0, 0.0, 0.0, 0.0, 0.0, -6.0, 0.0, 0.0, 0.0, 0.0, 0.0)
LIMITS = ShortAnswers(PHRASE, 0.7, 0.7, 0.99, ProposalWeights(1.0, -1.0, -2.0, 0.0, 1.0, 0.0), 0.5, 0.9)


def evidence(*sentences: str, header: str = "", at: int = 100) -> list[Evidence]:
    """Sentences of one paragraph, best first, each a tenth below the one before."""
    items = []
    for number, text in enumerate(sentences):
        span = Span("a.txt", "id", "A", at, at + len(text), text, header=header)
        items.append(Evidence(span, 1.0 - 0.1 * number, 0.9, 0.8, 1, block=100))
        at += len(text) + 1
    return items


def shorten(
    asked: str, answer_type: AnswerType | None, *sentences: str, kind: Kind = "fact", header: str = ""
) -> ShortAnswer | None:
    return short_answer(Basis(read(asked, answer_type, kind), asked, evidence(*sentences, header=header), 0.9), LIMITS)


def read(asked: str, answer_type: AnswerType | None, kind: Kind = "fact") -> Question:
    """A question whose type is given, and whose head is read."""
    return replace(read_question(asked), kind=kind, answer_type=answer_type)


def text_of(short: ShortAnswer | None) -> str | None:
    return short.text if short else None


@pytest.mark.parametrize(
    ("answer_type", "sentence", "expected"),
    [
        ("date", "The mill opened on 3 May 1911 and closed in the late 1960s.", ["3 May 1911", "late 1960s"]),
        (
            "date",
            "It ruled from 1299 to 1923, in the 16th and 17th centuries.",
            ["1299 to 1923", "16th and 17th centuries"],
        ),
        ("date", "The train leaves at 6:15 on Mondays.", ["6:15", "Mondays"]),
        ("year", "In 1871 it burned on 4 June.", ["1871"]),
        ("number", "The gate shuts above 24 m/s.", ["above 24 m/s"]),
        ("number", "It carries 28 lorries and 12 to 15 million letters.", ["28 lorries", "12 to 15 million letters"]),
        ("number", "In 1990 the 3rd of 61 boats sank.", ["61 boats"]),
        ("money", "The fee is £304m a year, or 40 crowns.", ["£304m a year", "40 crowns"]),
        ("duration", "Leave lasts 20 weeks; 12 cars wait.", ["20 weeks"]),
        ("percentage", "About 61.1% of 300 people came.", ["About 61.1%"]),
        ("person", "However, the keeper met Ida Holm of Arden and Karl's brother.", ["Ida Holm of Arden", "Karl"]),
        ("person", "Finding the Arden Company, English settlers wrote to Ludwig van Loo.", ["Ludwig van Loo"]),
    ],
)
def test_the_phrases_of_a_form(answer_type: AnswerType, sentence: str, expected: list[str]) -> None:
    assert [sentence[one.start : one.end] for one in find_phrases(sentence, answer_type, "")] == expected


@given(st.text(max_size=80), st.sampled_from(["date", "number", "person", "money", "duration"]))
def test_phrases_are_slices_in_order(text: str, answer_type: AnswerType) -> None:
    found = find_phrases(text, answer_type, "cars")
    assert all(0 <= one.start < one.end <= len(text) for one in found)
    assert all(one.end <= other.start for one, other in pairwise(found))


@given(st.text(alphabet="AaIi .'’-éx of", max_size=60))
def test_names_begin_with_a_capital(text: str) -> None:
    assert all(text[one.start].isupper() for one in names(text))


def test_a_short_answer_is_the_exact_slice_of_its_document() -> None:
    short = shorten("When did the mill open?", "date", "The mill opened in 1911.")
    assert short == ShortAnswer("1911", Span("a.txt", "id", "A", 119, 123, "1911"))


@pytest.mark.parametrize(
    ("asked", "answer_type", "sentences", "expected"),
    [
        ("How long is the pier?", "number", ["The pier was built of oak.", "It is 212 metres long."], "212 metres"),
        ("How old is Ida Holm?", "duration", ["Ida Holm, who is 44 years old, has 3 sons."], "44 years"),
        ("How many boats did the pier lose?", "number", ["In 1990 the pier lost 61 boats and 3 men."], "61 boats"),
        ("What is the fee?", None, ["The fee is 40 crowns and the guard is Ida Holm."], "40 crowns"),
        ("What is the fee?", None, ["Fee: $40"], "$40"),
        ("Who is the guard?", "person", ["At night, the guard is Ida Holm."], "Ida Holm"),
        ("Who is the guard?", "person", ["Ida Holm is the guard."], "Ida Holm"),
        ("Wer ist der Wärter?", "person", ["Der Wärter ist Jens Holm."], "Jens Holm"),
        (
            "What is a kelp?",
            "definition",
            ["A kelp is a large brown seaweed, which grows fast."],
            "a large brown seaweed",
        ),
    ],
)
def test_what_is_stated_of_just_what_is_asked(
    asked: str, answer_type: AnswerType | None, sentences: list[str], expected: str
) -> None:
    assert text_of(shorten(asked, answer_type, *sentences)) == expected


@pytest.mark.parametrize(
    ("asked", "answer_type", "sentence"),
    [
        # What the question names already.
        ("Who met Ida Holm?", "person", "Ida Holm was met."),
        # Another form than is asked for.
        ("When did the mill open?", "date", "The mill opened with Ida Holm."),
        # Two that stand alike.
        ("When did the mill open?", "date", "The mill opened in 1911 or 1913."),
        # Words far from the question's.
        ("How tall is the tower?", "number", "The port has 14 cranes."),
        # Not a word of what the fee is.
        ("What is the fee?", None, "The fee is paid at the gate."),
        # No form that could be told without a model.
        ("Why did the mill close?", None, "The mill closed since the river was dry."),
    ],
)
def test_better_none_than_a_wrong_one(asked: str, answer_type: AnswerType | None, sentence: str) -> None:
    assert shorten(asked, answer_type, sentence) is None


def test_no_phrase_answers_a_list_and_nothing_answers_without_evidence() -> None:
    assert shorten("Which mills are there?", "name", "The mill is Arden.", kind="list") is None
    assert short_answer(Basis(Question("Who?", "Who?"), "Who?", [], 0.9), LIMITS) is None


@pytest.mark.parametrize(
    ("asked", "answer_type", "rows", "header", "expected"),
    [
        ("What is the fee for a cat?", "money", ["| Cat | 2 |", "| Horse | 9 |"], "item | fee", "2 (Cat, fee)"),
        (
            "How long may a smith rest?",
            "duration",
            ["| Smith | 20 | 3 times for 2 weeks |"],
            "Who | Weeks | How",
            "20 weeks (Smith)",
        ),
        ("How high is the tower?", "number", ["| Tower | 61 |"], "What | Height (m)", "61 m (Tower, Height)"),
        (
            "What is the phone of Oslo?",
            "number",
            ["Site: Leeds; Phone: 01", "Site: Oslo; Phone: 02"],
            "",
            "02 (Oslo, Phone)",
        ),
        ("Who leads training?", "person", ["Task: Training; Leader: Aisha Khan"], "", "Aisha Khan (Training, Leader)"),
        # Two rows fit as well, and none.
        ("What is the fee for a bird?", "money", ["| Cat | 2 |", "| Horse | 9 |"], "item | fee", None),
        ("What is the fee for a big cat?", "money", ["| Cat, red | 2 |", "| Cat, grey | 9 |"], "item | fee", None),
    ],
)
def test_the_cell_of_the_row_and_the_column_that_are_named(
    asked: str, answer_type: AnswerType, rows: list[str], header: str, expected: str | None
) -> None:
    short = shorten(asked, answer_type, *rows, header=header)
    assert text_of(short) == expected
    assert short is None or short.span.quote in short.text


def test_cells_are_slices_of_their_row() -> None:
    (item,) = evidence("| Cat | 2 |", header="item | fee")
    cells = cells_of(item.span)
    assert [(cell.column, cell.text) for cell in cells] == [("item", "Cat"), ("fee", "2")]
    assert [item.span.quote[cell.start - 100 : cell.end - 100] for cell in cells] == ["Cat", "2"]
    (item,) = evidence("The mill opened: nobody came. It rained.")
    assert cells_of(item.span) == []


@pytest.mark.parametrize(
    ("asked", "sentence", "expected"),
    [
        ("Did the wheel cost 4,300 EUR?", "The wheel cost 4,300 EUR in all.", "Yes"),
        ("Did the wheel cost 4300 EUR?", "The wheel cost 4,300 EUR.", "Yes"),
        ("May dogs enter the hall?", "Dogs may enter the hall.", "Yes"),
        ("Did the wheel cost 4,300 EUR?", "The wheel cost 4,400 EUR.", None),
        ("Did the wheel cost 4,300 EUR?", "The wheel cost over 4,300 EUR.", None),
        ("Did the wheel cost 4,300 EUR?", "The wheel never cost 4,300 EUR.", None),
        ("Did Ida beat Karl?", "Karl beat Ida.", None),
        ("Do dogs enter the hall?", "Dogs may enter the hall.", None),
        ("Do dogs enter the hall?", "Only old dogs enter the hall.", None),
    ],
)
def test_yes_where_the_sentence_says_just_that(asked: str, sentence: str, expected: str | None) -> None:
    assert text_of(shorten(asked, None, sentence, kind="yes-no")) == expected


def test_what_a_question_asks_for() -> None:
    def asks(text: str) -> Asked:
        return read_asked(read_question(text), text)

    boats = asks("How many boats did Ida sell?")
    assert (boats.word, boats.focus, boats.subject, boats.measure) == ("how", "boat", False, False)
    assert asks("How tall is it?").measure
    assert asks("Who painted the hall?").subject
    assert asks("What is the fee of the hall?").copular == "fee of the hall"
    assert asks("What is").copular == ""


def test_a_complement_ends_with_its_clause() -> None:
    text = "The mill is a house of stone and oak, which burned."
    phrase = complement(text, "mill")
    assert phrase
    assert text[phrase.start : phrase.end] == "a house of stone and oak"
    assert complement("The mill is closed.", "mill") is None
    assert complement("Ida Holm is the guard's sister.", "guard") is None
    assert complement("The mill is old.", "") is None


@pytest.mark.parametrize(
    ("text", "subject", "expected"),
    [
        ("Visiting hours are 9:15 to 16:45.", "visiting hours", "9:15 to 16:45"),
        ("The gear ratio is 3:1.", "gear ratio", "3:1"),
        ("The night rate is €95 per room.", "night rate", "€95 per room"),
        ("The lowest mark is −3.", "lowest mark", "−3"),
        ("The rule is simple: no boats.", "rule", "simple"),
    ],
)
def test_a_complement_is_cut_at_no_colon_of_a_number_and_keeps_its_sign(text: str, subject: str, expected: str) -> None:
    phrase = complement(text, subject)
    assert phrase
    assert text[phrase.start : phrase.end] == expected


@pytest.mark.parametrize(
    ("text", "subject", "expected"),
    [
        ("The mill's revenues in fiscal 2022 were 40 crowns.", "revenue in FY2022", "40 crowns"),
        ("Revenue in FY22 was 40 crowns, less than before.", "revenue in 2022", "40 crowns"),
        ("Revenue in fiscal 2021 was 40 crowns.", "revenue in FY2022", None),
        ("The mill and two farms are the principal customers.", "main customers", "The mill and two farms"),
        ("The mill, they say, is the main customer.", "main customer", None),
        ("They are the main customers.", "main customers", None),
        ("The mill has said that farms are the main customers.", "main customers", None),
        ("The mill is the main customer's rival.", "main customer", None),
    ],
)
def test_a_complement_is_found_in_other_words_of_one_meaning(text: str, subject: str, expected: str | None) -> None:
    phrase = complement(text, subject)
    assert (text[phrase.start : phrase.end] if phrase else None) == expected


@pytest.mark.parametrize(
    ("text", "subject", "expected"),
    [
        ("The pilot is Sgt. Mary Quill-Watts.", "pilot", "Sgt. Mary Quill-Watts"),
        ("The director is Dr. E. T. van der Berg, a lawyer.", "director", "Dr. E. T. van der Berg"),
        # A full stop behind another word ends the clause.
        ("The tax is 7 p. It is low.", "tax", "7 p"),
    ],
)
def test_a_complement_goes_on_behind_a_title_and_an_initial(text: str, subject: str, expected: str) -> None:
    phrase = complement(text, subject)
    assert phrase
    assert text[phrase.start : phrase.end] == expected


@pytest.mark.parametrize(
    ("text", "subject", "expected"),
    [
        ("The canteen is on floor 3.", "canteen", "on floor 3"),
        ("The mill is located near Torby, and it is old.", "mill", "near Torby"),
        ("The office is at 27 Tower Street.", "office", "at 27 Tower Street"),
        ("The fair was in Torby on 3 May.", "fair", "in Torby"),
        ("The cloakroom is in Hall B. Coaches stop at Bay 14.", "cloakroom", "in Hall B"),
        ("The fair was in 1990.", "fair", None),
        ("The fair is at 19:30.", "fair", None),
        ("The fair is at 9 in summer.", "fair", None),
        ("The keeper of the mill is in Torby.", "mill", None),
        ("The mill is old.", "mill", None),
    ],
)
def test_where_something_is_said_to_be(text: str, subject: str, expected: str | None) -> None:
    phrase = place_of(text, subject)
    assert (text[phrase.start : phrase.end] if phrase else None) == expected


def test_a_number_tells_one_of_a_kind_and_an_initial_is_of_a_name() -> None:
    def found(text: str, phrases: list[Phrase]) -> list[str]:
        return [text[phrase.start : phrase.end] for phrase in phrases]

    rooms = "Training is in Room 4.12 of the Leith office, near Gate B7."
    assert found(rooms, phrases_with(rooms, "room")) == ["Room 4.12"]
    assert found(rooms, phrases_with(rooms, "gate")) == ["Gate B7"]
    assert found(rooms, phrases_with(rooms, "offic")) == ["Leith office"]
    names_of = "They ask A. Lind or J. P. van der Linden."
    assert found(names_of, names(names_of)) == ["A. Lind", "J. P. van der Linden"]
    assert text_of(shorten("Which room is training in?", "place", "Training is in Room 4.12 of the Leith office.")) == (
        "Room 4.12"
    )


def test_a_place_ends_where_a_time_begins() -> None:
    text = "The boat was tried at Loch Ewe between 3 and 9 May 2020."
    phrase = place_behind(text, "tri")
    assert phrase
    assert text[phrase.start : phrase.end] == "at Loch Ewe"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Das Bad ist von 8:30 bis 19:00 Uhr offen.", ["8:30 bis 19:00"]),
        ("Open 9:30–17:00.", ["9:30–17:00"]),
        ("It is open between 9:00 and 17:00.", ["9:00 and 17:00"]),
        ("It opens at 9:00 and 17:00 is its end.", ["9:00", "17:00"]),
        ("Vom 5. Mai bis zum 16. Mai 2024 ist zu.", ["5. Mai bis zum 16. Mai 2024"]),
        ("It moved from 3 June to 24 June 2024.", ["3 June", "24 June 2024"]),
    ],
)
def test_a_range_of_times_is_one_phrase(text: str, expected: list[str]) -> None:
    assert [text[phrase.start : phrase.end] for phrase in find_phrases(text, "time", "")] == expected


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("What was the rent in Q2 2021?", "15 (rent, Q2)"),
        ("What was the rent in the second quarter of 2020?", None),
        ("What was the rent in 2021?", None),
    ],
)
def test_the_column_of_a_quarter_is_of_the_year_of_its_document(asked: str, expected: str | None) -> None:
    row = "| rent | 12 | 15 |"
    span = Span("reports/2021/costs.md", "id", "Costs", 0, len(row), row, header="item | Q1 | Q2")
    basis = Basis(read(asked, "number"), asked, [Evidence(span, 1.0, 0.9, 0.8, 1, block=0)], 0.9)
    assert text_of(short_answer(basis, LIMITS)) == expected


def test_the_numbers_that_ship_show_a_plain_answer_and_hide_a_far_one() -> None:
    scoring, _ = scoring_for(WordEncoder().fingerprint)
    question = Question("When did the mill open?", "When did the mill open?", answer_type="date")
    plain = evidence("The mill opened in 1911.")
    near = short_answer(Basis(question, question.asked, plain, 0.95), scoring.short_answers)
    assert text_of(near) == "1911"
    far = evidence(
        "It rained.", "It snowed.", "Long after the war of 1870, in 1902, 1903 and 1904, a mill was asked for."
    )
    assert short_answer(Basis(question, question.asked, far, 0.4), scoring.short_answers) is None
    never = replace(scoring.short_answers, least_figure=1.0)
    assert short_answer(Basis(question, question.asked, plain, 0.95), never) is None


@pytest.mark.parametrize(
    ("question", "sentence", "expected"),
    [
        ("Who runs the old yard?", "Bo Lark runs the old yard by the sea.", "Bo Lark"),
        ("Which ferry carries the mail boats?", "The Torby ferry never sank and it carries the mail boats.", None),
        ("Which ferry carries the mail boats?", "Today, the Torby ferry carries the mail boats.", "the Torby ferry"),
        ("What does the bakery sell?", "The bakery sells rye bread at the market.", "rye bread"),
        # A list is shown whole, and a pronoun is no answer.
        ("What does the bakery sell?", "The bakery sells bread, rolls and cakes.", "bread, rolls and cakes"),
        ("Who runs the old yard?", "He runs the old yard.", None),
        # A word of the question is missing, or one side denies.
        ("Who runs the old yard?", "Bo Lark runs the yard.", None),
        ("Who runs the old yard?", "Bo Lark never runs the old yard.", None),
        ("What is the old yard?", "Bo Lark runs the old yard.", None),
        # The question does not end with its verb.
        ("What does Bo sell at the market?", "Bo wants the market open.", None),
    ],
)
def test_what_fills_the_gap_of_a_question(question: str, sentence: str, expected: str | None) -> None:
    phrase = fill_gap(read_asked(read_question(question), question), sentence)
    assert (sentence[phrase.start : phrase.end] if phrase else None) == expected


def test_the_gap_is_filled_from_the_best_sentence_of_a_sure_answer() -> None:
    asked = "Who runs the old yard?"
    basis = Basis(read(asked, "person"), asked, evidence("Bo Lark runs the old yard by the sea."), 0.9)
    never = replace(LIMITS, least=1.1, least_figure=1.1, least_tentative=1.1)
    assert text_of(short_answer(basis, never)) == "Bo Lark"
    assert short_answer(replace(basis, tentative=True), never) is None


def test_a_figure_is_shown_where_a_name_is_not_yet() -> None:
    # A phrase counts half the share of the question's words near it, whatever else is there.
    limits = replace(LIMITS, phrase=replace(PHRASE, rivals=0.0, intercept=-4.0), least=0.6, least_figure=0.4)
    sentence = evidence("The old mill burned in Torby in 1911.")
    year = Basis(read("When did the old mill burn?", "date"), "When did the old mill burn?", sentence, 0.9)
    town = "In which town did the old mill burn?"
    place = Basis(read(town, "place"), town, sentence, 0.9)
    assert text_of(short_answer(year, limits)) == "1911"
    assert short_answer(place, limits) is None
    assert short_answer(replace(year, tentative=True), limits) is None
