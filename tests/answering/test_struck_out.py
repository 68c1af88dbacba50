"""What a document strikes out answers nothing; the words beside it do."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.answering.pipeline import answer
from rag.ingestion.pipeline import ingest
from rag.text.struck import is_struck, struck_spans, valid_words
from rag.types import Answer
from rag.verify.rule_checker import RuleChecker
from rag.verify.texts.document import verify_text
from tests.conftest import Opener, write_files

WALL = """<h1>Climbing wall</h1><p>The entry fee is <s>12</s> 14 euros.</p>
<p><s>The wall opens at ten. Shoes cost 3 euros.</s></p>
<table><tr><th>Rope<th>Price</tr><tr><td>Red<td><s>30</s> 35</tr><tr><td>Green<td><s>41</s></tr></table>"""
NOTES = "# Kiln\n\nThe kiln fee is ~~9 euros~~ 11 euros.\n\n~~The glaze costs 5 euros.~~\n"


def _ask(open_again: Opener, folder: Path, name: str, content: str, question: str) -> Answer:
    write_files(folder / "struck", {name: content})
    index = open_again()
    index.scoring_is_fitted = True
    ingest(index, [folder / "struck"])
    *_, last = answer(index, question, model=None)
    return last


@pytest.mark.parametrize(
    ("name", "content", "question", "short"),
    [
        ("wall.html", WALL, "What is the entry fee?", "14 euros"),
        ("wall.html", WALL, "What is the price of the red rope?", "35 (Red, Price)"),
        ("kiln.md", NOTES, "What is the kiln fee?", "11 euros"),
    ],
)
def test_the_words_beside_what_is_struck_out_answer(
    open_again: Opener, tmp_path: Path, name: str, content: str, question: str, short: str
) -> None:
    answered = _ask(open_again, tmp_path, name, content, question)
    assert answered.short_answer == short
    assert not answered.tentative


def test_the_cited_cell_is_the_value_that_stands(open_again: Opener, tmp_path: Path) -> None:
    answered = _ask(open_again, tmp_path, "wall.html", WALL, "What is the price of the red rope?")
    (citation,) = (one for one in answered.citations if one.cell)
    assert citation.cell
    assert citation.quote[citation.cell.start - citation.start : citation.cell.end - citation.start] == "35"


@pytest.mark.parametrize(
    ("name", "content", "question"),
    [
        ("wall.html", WALL, "What is the price of the green rope?"),
        ("wall.html", WALL, "How much do shoes cost?"),
        ("kiln.md", NOTES, "How much does the glaze cost?"),
    ],
)
def test_what_is_struck_out_as_a_whole_answers_nothing(
    open_again: Opener, tmp_path: Path, name: str, content: str, question: str
) -> None:
    answered = _ask(open_again, tmp_path, name, content, question)
    assert answered.short_answer is None
    assert answered.tentative
    assert "struck out" in answered.answer


def test_struck_out_words_are_found_with_their_marks() -> None:
    text = "Due [struck out: 1 May [2]] 15 June, ~~not~~ <s>never</s>; ~~~ [struck out: so"
    assert [text[start:end] for start, end in struck_spans(text)] == [
        "[struck out: 1 May [2]]", "~~not~~", "<s>never</s>", "[struck out: so",
    ]  # fmt: skip
    words = valid_words(text, struck_spans(text))
    at = words.text.index("15 June")
    assert words.text.startswith("Due 15 June")
    assert text[slice(*words.place(at, at + 7))] == "15 June"
    assert is_struck(text, text.index("1 May"), text.index("1 May") + 5)
    assert not is_struck(text, text.index("15"), text.index("15") + 2)


@pytest.mark.parametrize("sign", ["[struck out: ", "~~a ", "<s>", "[struck out: [x] "])
def test_unclosed_marks_take_linear_time(sign: str) -> None:
    struck_spans(sign * 50_000 + "]")


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        ("The fee is 70 crowns.", "partly"),
        ("The fee is 65 crowns.", "verified"),
        ("The sauna opens at nine.", "partly"),
        ("It has two floors.", "partly"),
    ],
)
def test_a_source_that_strikes_a_sentence_out_does_not_verify_it(claim: str, verdict: str) -> None:
    source = "The fee is [struck out: 70] 65 crowns.\n\n[struck out: The sauna opens at nine. It has two floors.]\n"
    (sentence,) = verify_text(claim, {"sauna.md": source}, RuleChecker()).sentences
    assert sentence.verdict == verdict
