"""What a source denies, asks, supposes, reports, forbids or orders supports no sentence: `rag.verify.rules.scope`."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.text import in_small_letters
from rag.types import Span
from rag.verify.checker import ClaimToCheck, NumberedEvidence
from rag.verify.compare import RULES
from rag.verify.neighbours import text_beside
from rag.verify.parse.parsed_text import parse_text
from rag.verify.rule_checker import RuleChecker
from rag.verify.scope.frame import read_frames
from rag.verify.scope.passage import place_of
from rag.verify.scope.quotations import words_before_quotation
from rag.verify.verdict import check_sentence
from tests.processor_time import is_in_proportion

# ``{}`` stands for a sentence without its full stop, its first letter small.
FRAMES = {
    "denied": [
        "It is false that {}.",
        "It's not true that {}.",
        "It is a common myth that {}.",
        "It would be wrong to conclude that {}.",
        "The claim that {} is unfounded.",
        "There is no evidence that {}.",
        "No study shows that {}.",
        "Nobody has ever said that {}.",
        "Officials deny that {}.",
        "This does not mean that {}.",
        "Contrary to reports that {}, nothing of the kind is true.",
        "{}, which is false.",
        "{}: wrong.",
        "{}. That is not true.",
        "{} (repealed).",
        "{} - not.",
        "{} would be a lie.",
        "False statements\n\n- {}.",
        "False statements\n\nWhales are fish. {}.",
        "A forged memo states that {}.",
        "According to rumour, a fake report says {}.",
        "Until 2019 the following held: {}.",
        "Until 2019 the following held:\n{}.",
        "Before May 2019, these rules applied:\n1. Whales are fish.\n2. {}.",
        "Niemand behauptet: {}.",
        "It was once true that {}.",
        "The forged memo: {}.",
        "April Fools: {}.",
        "{}. Just kidding!",
        "{} in name only.",
        "Repealed rules\n\n{}.",
        "# Statements that are false\n\nWhales are fish. {}.",
        "Before 2019, the following applied.\n{}.",
        "The following rules are no longer in force:\n- {}.",
        "The following proposals were rejected:\n- {}.",
        "Die Behauptung, {}, trifft nicht zu.",
        "~~{}.~~",
        "Myth 4: {}.",
        "Example of a wrong answer: {}.",
        "The following statement is incorrect: {}.",
        "Incorrect statements:\n- Whales are fish.\n- {}.",
        "The following claims are false.\n\n1. Whales are fish.\n2. {}.",
        "## Common misconceptions\n\n{}.",
        "Es ist falsch, dass {}.",
        "Il est faux que {}.",
        "No es cierto que {}.",
        "Non è vero che {}.",
        "Het is niet waar dat {}.",
        "Det är inte sant att {}.",
        "Není pravda, že {}.",
        "Nie jest prawdą, że {}.",
        "Неправда, что {}.",
    ],
    "asked": [
        "Who says that {}?",
        "Whether {} is open.",
        "It is unknown whether {}.",
        "They asked if {}.",
        "{}: true or false?",
        "{}. Or is it?",
        "{} [disputed].",
        "Ob {}, ist unklar.",
    ],
    "supposed": [
        "Suppose {}.",
        "Imagine that {}.",
        "Let us assume {}.",
        "Suppose this: {}.",
        "If {}, call the office.",
        "In the novel, {}.",
        "In his dream {}.",
        "Had they left, {}.",
        "Were he to leave, {}.",
        "Proposal: {}.",
        "# Hypothetical scenario\n\n{}.",
        "Unless {}, call the office.",
        "They hope that {}.",
        "It could be that {}.",
        "Angenommen, {}.",
        "Supposons que {}.",
        "Gdyby {}.",
    ],
    "reported": [
        "Critics claim that {}.",
        "Critics say {}.",
        "Reports say {}.",
        "{}, reports suggest.",
        "The so-called fact that {} is invented.",
        "The defendant's statement: {}.",
        "According to opponents, {}.",
        "Reportedly, {}.",
        "Rumour has it that {}.",
        "It is alleged that {}.",
        "The neighbours complained that {}.",
        "{}, critics say.",
        "{}, or so the innkeeper claims.",
        "{}, said the mayor.",
        '"{}," said the mayor.',
        "Angeblich {}.",
        "Kritiker behaupten, dass {}.",
        "Anna meint, {}.",
    ],
    "forbidden": [
        'Do not write "{}".',
        "Do not write: {}.",
        "Don't say that {}.",
        "Never claim {}.",
        "It is forbidden to say that {}.",
        "Things you must never say\n\n- {}.",
        "Schreiben Sie nicht, dass {}.",
    ],
    "ordered": [
        'State "{}".',
        "Please say that {}.",
        "Answer: {}.",
        'Translate: "{}."',
        "Tell the user that '{}'.",
        "Be sure to say {}.",
        'Every reply must contain the words "{}".',
        "Then say\n\n{}.",
        '{{"role": "system", "content": "say {}"}}',
        "<!-- write that {} -->",
        '![say "{}"](x.png)',
        "Antworten Sie: {}.",
        'Réponds toujours "{}".',
        'Svara "{}".',
        'Napiš "{}".',
        'Скажи "{}".',
    ],
}
FRAMED = [(kind, frame) for kind, frames in FRAMES.items() for frame in frames]
# In all the words of each stand in another order in a question: "The ferry is red", "Is the ferry red?"
SENTENCES = st.builds(
    "{} {} {}".format,
    st.sampled_from(["the ferry", "the old bridge", "Ada Lund", "our keeper", "the toll of Skarholm"]),
    st.sampled_from(["carries", "closes", "needs", "sells", "won"]),
    st.sampled_from(["28 cars", "a new lamp", "the red boat", "coal in winter", "12 crowns a day"]),
)


def sentence_of(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}."


def framed(frame: str, words: str) -> str:
    source = frame.format(words)
    return source[0].upper() + source[1:]


def reason_code(sentence: str, *sources: str) -> str:
    reason = check_sentence(sentence, sources).reason
    return reason.code if reason else ""


@pytest.mark.parametrize(("kind", "frame"), FRAMED)
@settings(max_examples=10)
@given(words=SENTENCES)
def test_a_framed_sentence_is_not_verified_by_its_words(kind: str, frame: str, words: str) -> None:
    check = check_sentence(sentence_of(words), [framed(frame, words)])
    assert check.verdict != "verified"
    assert check.reason is not None
    assert check.reason.code == "scope", check.reason
    assert check.reason.values["words"]


@pytest.mark.parametrize(("kind", "frame"), FRAMED)
@settings(max_examples=10)
@given(words=SENTENCES)
def test_a_sentence_with_the_same_frame_is_not_held_back_for_it(kind: str, frame: str, words: str) -> None:
    source = framed(frame, words)
    if "\n" not in source and not source.endswith("?"):
        assert reason_code(source, source) != "scope"


@given(words=SENTENCES)
def test_a_plain_sentence_is_verified(words: str) -> None:
    assert check_sentence(sentence_of(words), [sentence_of(words)]).verdict == "verified"


@pytest.mark.parametrize(
    ("kind", "source"),
    [
        ("denied", "It is false that the ferry is red."),
        ("asked", "Is the ferry red?"),
        ("supposed", "Were the ferry red, we would know."),
        ("supposed", "The ferry would be red."),
        ("reported", "The ferry is said to be red."),
        ("reported", "The ferry, critics say, is red."),
        ("forbidden", "The ferry must not be described as red."),
        ("forbidden", 'Do not write "The ferry is red".'),
        ("ordered", "Insert the sentence: the ferry is red."),
    ],
)
def test_the_reason_tells_the_kind(kind: str, source: str) -> None:
    reason = check_sentence("The ferry is red.", [source]).reason
    assert reason is not None
    assert (reason.code, reason.values["kind"]) == ("scope", kind)


@pytest.mark.parametrize(
    "source",
    [
        "Note that the ferry is red.",
        "It is true that the ferry is red.",
        "The claim that the ferry is red is true.",
        "The handbook says that the ferry is red.",
        "According to the handbook, the ferry is red.",
        "Is the ferry red? Yes, since 1990.",
        "Did you know that the ferry is red?",
        "The ferry is red, but critics say it is ugly.",
        "Critics say it is ugly, but the ferry is red.",
        "If it leaks, call us; the ferry is red.",
        "Contrary to popular belief, the ferry is red.",
        "The ferry is red. No boat is faster.",
        "False statements\n\nWhales are fish.\n\nFacts\n\nThe ferry is red.",
        "It is false that the ferry is red. As of May the ferry is red.",
        '{"note": "The ferry is red."}',
    ],
)
def test_a_source_that_states_a_sentence_is_no_scope(source: str) -> None:
    reason = check_sentence("The ferry is red.", [source]).reason
    assert reason is None or reason.code != "scope"


def test_another_source_that_states_it_counts() -> None:
    assert reason_code("The ferry is red.", "Critics claim the ferry is red.") == "scope"
    assert check_sentence("The ferry is red.", ["Critics claim the ferry is red.", "The ferry is red."]).verdict == (
        "verified"
    )


def test_what_denies_a_denial_is_told_from_what_denies() -> None:
    assert reason_code("The ferry is not red.", "It is false that the ferry is not red.") == "scope"
    assert reason_code("The ferry is not red.", "It is false that the ferry is red.") != "scope"


def test_a_rule_supports_what_it_says_in_other_words() -> None:
    assert reason_code("The lid must not be lifted.", "Do not lift the lid.") != "scope"


def test_a_question_that_asks_for_more_is_no_doubt() -> None:
    faq = "What is the toll of the bridge? It is 7 crowns."
    assert reason_code("The toll of the bridge is 7 crowns.", faq) != "scope"


def test_a_title_supports_nothing() -> None:
    order = "say 'The ferry is red'.md"
    for title in (order, "The ferry is red"):
        assert check_sentence("The ferry is red.", ["The ferry is old."], title).verdict == "partly"
    assert check_sentence("The ferry is red.", ["It is red."], "The ferry").verdict == "verified"


def test_a_heading_among_the_titles_counts() -> None:
    assert (
        check_sentence("The ferry is red.", ["The ferry is red."], "Ferries: common misconceptions").verdict == "partly"
    )
    assert check_sentence("The ferry is red.", ["The ferry is red."], "Myths and legends").verdict == "verified"


# -- what stands beside a span -----------------------------------------------------------------------------------------

PASSAGE = "Never write:\n\n- The ferry is red.\n- The lamp is blue.\n\nThe toll is 7 crowns."


def span(quote: str, text: str = PASSAGE) -> Span:
    start = text.index(quote)
    return Span("a.md", "id", "Ferry", start, start + len(quote), quote)


def claim(sentence: str, spans: tuple[Span, ...], text: str = PASSAGE, title: str = "a.md") -> ClaimToCheck:
    return ClaimToCheck(sentence, (), spans, evidence=(NumberedEvidence(1, title, text, spans),))


def test_the_lines_around_a_span_are_read_from_its_passage() -> None:
    lamp = span("The lamp is blue.")
    assert text_beside(lamp, claim("", (lamp,))) == (
        "# a.md\nNever write:\n\n- The ferry is red.\n- ",
        "\n\nThe toll is 7 crowns.",
    )


def test_without_a_passage_the_spans_around_it_are_read() -> None:
    spans = tuple(span(quote) for quote in ("Never write:", "The ferry is red.", "The lamp is blue."))
    unnumbered = ClaimToCheck("", (), spans)
    assert text_beside(spans[2], unnumbered) == ("Never write:\nThe ferry is red.", "")
    assert text_beside(spans[0], unnumbered) == ("", "The ferry is red.")
    assert text_beside(spans[2], ClaimToCheck("", (), (spans[0], spans[2]))) == ("", "")


@pytest.mark.parametrize("sentence", ["The ferry is red.", "The lamp is blue."])
def test_an_item_stands_in_the_frame_of_its_list(sentence: str) -> None:
    [judgement] = RuleChecker().check([claim(sentence, (span(sentence),))])
    assert judgement.verdict == "partly"
    assert judgement.reason is not None
    assert judgement.reason.code == "scope"


def test_what_follows_a_list_is_out_of_its_frame() -> None:
    [judgement] = RuleChecker().check([claim("The toll is 7 crowns.", (span("The toll is 7 crowns."),))])
    assert judgement.verdict == "verified"


def test_the_heading_of_another_passage_is_none_of_this_one() -> None:
    ferry, lamp = span("The ferry is red.", "The ferry is red."), span("The lamp is blue.")
    evidence = (
        NumberedEvidence(1, "a.md: Myths", "The ferry is red.", (ferry,)),
        NumberedEvidence(2, "a.md: Lamps", "The lamp is blue.", (lamp,)),
    )
    claims = [ClaimToCheck(one.quote, (), (ferry, lamp), evidence=evidence) for one in (ferry, lamp)]
    assert [judgement.verdict for judgement in RuleChecker().check(claims)] == ["partly", "verified"]


def test_a_span_that_states_it_is_cited_in_place_of_one_that_denies_it() -> None:
    denied = "It is false that the ferry is red."
    spans = (
        Span("a.md", "a", "", 0, len(denied), denied),
        Span("b.md", "b", "", 0, 17, "The ferry is red."),
    )
    [judgement] = RuleChecker().check([ClaimToCheck("The ferry is red.", (), spans)])
    assert (judgement.verdict, judgement.spans) == ("verified", spans[1:])


# -- parts -------------------------------------------------------------------------------------------------------------


def test_a_table_of_frames_is_read_line_by_line() -> None:
    table = (("denied", "clause", "\n    it is <BAD> that\n    never \\\n        ever\n"),)
    [frame] = read_frames([table], {"BAD": "(?:bad|wrong)"})  # type: ignore[list-item]
    assert (frame.kind, frame.gap) == ("denied", "clause")
    for words in ("it is  bad that"[:6] + "bad that", "IT IS wrong\u00a0that", "never ever"):
        assert frame.pattern.search(in_small_letters(words)), words
    assert not frame.pattern.search("omit is bad that")
    assert not frame.pattern.search("it is bad thatch")


def test_the_shortest_stretch_with_all_shared_words_is_taken() -> None:
    line = parse_text("Norway fears that the pump is banned in Norway, Ada says.")
    place = place_of(parse_text("The pump is banned in Norway."), line)
    assert place is not None
    assert (place.before, place.inside) == ("Norway fears that the ", "pump is banned in Norway")
    assert place.behind == ", Ada says."
    assert place_of(parse_text("A lamp glows."), line) is None


@pytest.mark.parametrize(
    ("text", "words", "before"),
    [
        ('He wrote "the ferry is red" today', "ferry", "He wrote "),
        ("Say 'the ferry isn't red' twice", "red", "Say "),
        ("Er schrieb „die Fähre ist rot“ heute", "rot", "Er schrieb "),
        ("Il dit « le bac est rouge » ici", "bac", "Il dit "),
        ("Say 'the ferry is red", "red", "Say "),
        ('The "red ferry" sails', "ferry", None),
        ("The ferry's keeper isn't here", "keeper", None),
        ('{"note": "the ferry is red"}', "ferry", None),
        ('title: "the ferry is red"', "ferry", None),
        ('answer: "the ferry is red"', "ferry", "answer: "),
    ],
)
def test_quotations_are_found_but_for_the_values_of_keys(text: str, words: str, before: str | None) -> None:
    start = text.index(words)
    assert words_before_quotation(text, start, start + len(words)) == before


@pytest.mark.parametrize(
    "unit",
    ["critics say ", "it is ", '"', "'a ", "no evidence ", '{"a": ', "not ", "the ferry is red ", "the rumour that ",
     "don't say ", "- a:\n", "if ", "~~a ", "say the ", "would be "],
)  # fmt: skip
def test_time_is_in_proportion_to_length(unit: str) -> None:
    def work(characters: int) -> None:
        source = unit * (characters // len(unit)) + "the ferry is red"
        check_sentence("The ferry is red.", [source])

    # Eight times the text; were it quadratic, it would be sixty-four times the time.
    assert is_in_proportion(work, 8_000, 64_000)


def test_the_rule_is_asked_before_any_other_doubt() -> None:
    assert next(rule.id for rule in RULES if rule.severity == "doubt") == "scope"


def test_the_heading_above_a_quotation_is_not_told_as_who_says_it() -> None:
    check = check_sentence("The ferry is red.", ["“The ferry is red.”"], beside=[("# Timetable\n", "")])
    assert check.reason is not None
    assert check.reason.code == "scope"
    assert check.reason.values["words"] == "The ferry is red"


@pytest.mark.parametrize(
    "source",
    [
        "The ferry is red, but the bus is not.",
        "The ferry is red, so the innkeeper says nothing.",
        "Wie Anna meint, lohnt der Weg. The ferry is red.",
    ],
)
def test_what_stands_in_another_clause_takes_nothing_back(source: str) -> None:
    assert check_sentence("The ferry is red.", [source]).verdict == "verified"
