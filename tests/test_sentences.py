"""Words and sentences: `rag.text`."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.text import in_small_letters, normalise, query_terms, sentences, terms, trim, words
from tests.processor_time import at_most, is_in_proportion


def sentence_texts(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The toll is 3 crowns. Cars pay more!", ["The toll is 3 crowns.", "Cars pay more!"]),
        ("Dr. Öst paid 3.50 crowns. She left.", ["Dr. Öst paid 3.50 crowns.", "She left."]),
        ("Vom 5. August bis zum 16. Mai. Dann nicht.", ["Vom 5. August bis zum 16. Mai.", "Dann nicht."]),
        ("Am 1. Okt. 2024 war Fest.", ["Am 1. Okt. 2024 war Fest."]),
        ("It cost 16. May I go?", ["It cost 16.", "May I go?"]),
        ("Im Jahr 1995. August kam.", ["Im Jahr 1995.", "August kam."]),
        ("  One line \n\n  another ", ["One line", "another"]),
        ("桥关闭了。渡船离开。", ["桥关闭了。", "渡船离开。"]),
        ("没有句号", ["没有句号"]),
        (" \n\t ", []),
        ("", []),
    ],
)
def test_sentences_by_eye(text: str, expected: list[str]) -> None:
    assert sentence_texts(text) == expected


def test_sentences_of_a_part_have_offsets_into_the_whole() -> None:
    text = "Skip this. The bridge is closed. The ferry goes. And not this."
    spans = sentences(text, 11, 49)
    assert [text[start:end] for start, end in spans] == ["The bridge is closed.", "The ferry goes."]


def test_the_same_sentence_twice_has_two_spans() -> None:
    text = "It rains. It rains. It rains."
    assert sentences(text) == [(0, 9), (10, 19), (20, 29)]


# Characters that have broken splitters: ends of sentences, joiners, marks, scripts without spaces, rare spaces.
PROSE = st.text(
    st.one_of(
        st.sampled_from(" .!?\n\t\u3000\u200d\u0301\u2028。？「」…\"')(aBé3桥ไ👩🚀\u00a0\x1b\x85"),
        st.characters(codec="utf-8"),
    )
)


@given(PROSE)
def test_sentences_cover_all_that_is_not_blank_in_order_and_trimmed(text: str) -> None:
    position = 0
    for start, end in sentences(text):
        assert not text[position:start].strip(), "something between two sentences was lost"
        assert text[start:end] == text[start:end].strip() != ""
        position = end
    assert not text[position:].strip()


@given(PROSE, st.integers(0, 50), st.integers(0, 50))
def test_trim_is_strip_with_offsets(text: str, start: int, length: int) -> None:
    start = min(start, len(text))
    end = min(start + length, len(text))
    left, right = trim(text, start, end)
    assert text[left:right] == text[start:end].strip()
    assert start <= left <= right <= end


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Bridges, bridged & bridging!", ["bridg", "bridg", "bridg"]),
        ("3.50 crowns; 1,000 cars; v2", ["3.50", "crown", "1,000", "car", "v2"]),
        ("ＦＵＬＬ Straße", ["full", "strass"]),
        ("桥关闭", ["桥关", "关闭"]),
        ("桥", ["桥"]),
        ("iPhone手机壳X", ["iphon", "手机", "机壳", "x"]),
        ("ไทยแลนด์", ["ไทย", "ยแล", "แลน", "นด์"]),
        ("かな", ["かな"]),
        ("snake_case", ["snake_cas"]),
        ("x" * 200, ["x" * 64]),
        ("…!?", []),
    ],
)
def test_terms_by_eye(text: str, expected: list[str]) -> None:
    assert terms(text) == expected


def test_a_question_keeps_its_content_words_only() -> None:
    assert query_terms("What is the toll of the bridge, the toll?") == ["toll", "bridg"]
    assert query_terms("Who are you?") == terms("who are you"), "with nothing else left, all words are asked for"
    assert query_terms("?!") == []


@given(PROSE)
def test_terms_of_a_text_do_not_depend_on_how_it_is_composed(text: str) -> None:
    assert words(normalise(text)) == words(text)


@given(PROSE)
def test_a_question_finds_the_text_it_is_made_of(text: str) -> None:
    assert set(query_terms(text)) <= set(terms(text))


@pytest.mark.parametrize("mark", ["“", "„", "«", "»", "‘", "‹", "`"])
def test_marks_that_open_what_nothing_closes_take_linear_time(mark: str) -> None:
    def work(size: int) -> None:
        assert sentence_texts(mark * size) == [mark * size]

    assert is_in_proportion(work, 16_000, 64_000)


def test_sentences_with_open_quotations_keep_their_words() -> None:
    text = "“He said. " * 300
    assert "".join(sentence_texts(text)) == text.replace(". ", ".").replace(" “", "“") == "“He said." * 300


@pytest.mark.parametrize(("quoted", "sentences"), [("`x`. ", 1), ("``x`` and `y`. ", 1)])
def test_backticks_and_runs_of_marks_take_linear_time(quoted: str, sentences: int) -> None:
    def work(size: int) -> None:
        assert len(sentence_texts(quoted * size)) == sentences * size

    assert is_in_proportion(work, 10_000, 40_000)


def test_a_run_of_marks_that_is_closed_takes_linear_time() -> None:
    with at_most(2):
        assert sentence_texts("«" * 128_000 + "»" * 128_000) == ["«" * 128_000 + "»" * 128_000]


def test_sentences_between_backticks_are_one_however_many() -> None:
    assert sentence_texts("`It is. Or not.` " * 300) == ["`It is. Or not.`"] * 300
    assert sentence_texts("`It is. Or not.` " * 300 + "An ` is. Or not.")[-2:] == ["An ` is.", "Or not."]


def test_quotations_that_are_closed_are_one_sentence_however_many() -> None:
    assert sentence_texts("“It is. Or not.” " * 300) == ["“It is. Or not.”"] * 300


@given(st.text())
def test_small_letters_stand_where_the_others_stood(text: str) -> None:
    small = in_small_letters(text)
    assert len(small) == len(text)
    assert in_small_letters(small) == small


def test_a_letter_that_becomes_two_in_small_letters_becomes_its_first() -> None:
    assert in_small_letters("APRİL ẞ") == "april ß"
