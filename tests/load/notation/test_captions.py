"""Captions are read as sentences."""

from __future__ import annotations

from rag.load.builder import Builder
from rag.load.notation.captions import read_captions


def spoken(text: str) -> list[str]:
    builder = Builder()
    read_captions(text, builder)
    return [builder.text[block.start : block.end] for block in builder.blocks]


def cue(start: int, words: str) -> str:
    return f"00:00:{start:02},000 --> 00:00:{start + 1:02},000\n{words}\n\n"


def test_a_sentence_runs_across_cues_of_one_speaker() -> None:
    text = "WEBVTT\n\n" + cue(1, "<v Ann>The path is") + cue(2, "<v Ann>shut.") + cue(3, "<v Bo>Why?")
    assert spoken(text) == ["Ann: The path is shut.", "Bo: Why?"]


def test_numbers_comments_styles_and_marks_are_not_spoken() -> None:
    text = "WEBVTT\n\nSTYLE\n::cue{}\n\nNOTE a\nb\n\nintro\n" + cue(1, "{\\an8}<i>One</i> &amp; <00:00:01.500>two")
    assert spoken(text) == ["One & two"]
    assert spoken("1\n" + cue(1, "One") + "2\n" + cue(2, "12") + "3\n" + cue(3, "two.")) == ["One 12 two."]


def test_dashes_and_names_begin_a_turn() -> None:
    assert spoken(cue(1, "- Is it shut?\n- Yes.") + cue(2, "ANN: Good.") + cue(3, "[door]") + cue(4, ">> So.")) == [
        "Is it shut?", "Yes.", "ANN: Good.", "[door]", "So.",
    ]  # fmt: skip


def test_a_pause_ends_a_paragraph_and_no_sentence() -> None:
    assert spoken(cue(1, "One.") + cue(20, "Two and") + cue(40, "three.")) == ["One.", "Two and three."]


def test_captions_that_roll_are_said_once() -> None:
    text = cue(1, "the mill") + cue(2, "the mill\nhas four") + cue(3, "has four\nstones")
    assert spoken(text) == ["the mill has four stones"]


def test_a_time_that_is_damaged_is_not_spoken() -> None:
    assert spoken(cue(1, "one") + "00:00:07.000 --> 00:00:1d.890\ntwo\n") == ["one two"]


def test_lines_of_scripts_without_spaces() -> None:
    assert spoken(cue(1, "桥在") + cue(2, "这里。")) == ["桥在这里。"]


def test_the_title_of_a_file() -> None:
    assert read_captions("WEBVTT - A walk\n\n" + cue(1, "x"), Builder()) == "A walk"
