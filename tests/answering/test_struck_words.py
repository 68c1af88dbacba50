"""Words that are struck out answer nothing and support nothing."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answering.pipeline import answer
from rag.ingestion.pipeline import ingest
from rag.text import trim_masked, with_struck_masked, without_struck
from rag.verify.verdict import check_sentence
from tests.conftest import Opener, write_files

DEADLINE = "Deadline: [struck out: 1 May] 15 June."


@pytest.mark.parametrize(
    ("line", "question", "right", "wrong"),
    [
        ("<p>Deadline: <s>1 May</s> 15 June.</p>", "What is the deadline?", "15 June", "May"),
        ("<p>The deadline is <s>1 May</s> 15 June.</p>", "When is the deadline?", "15 June", "May"),
        (
            "<table><tr><th>Dog</th><th>Fee</th></tr><tr><td>Rex</td><td><s>40</s> 45</td></tr>"
            "<tr><td>Ada</td><td>31</td></tr></table>",
            "What is the fee for Rex?",
            "45",
            "40",
        ),
    ],
)
def test_the_short_answer_is_what_counts(
    open_again: Opener, tmp_path: Path, line: str, question: str, right: str, wrong: str
) -> None:
    write_files(tmp_path / "notes", {"notice.html": f"<html><body><h1>Notice</h1>{line}</body></html>"})
    index = open_again()
    index.scoring_is_fitted = True
    ingest(index, [tmp_path / "notes"])
    *_, last = answer(index, question, model=None)
    assert last.short_answer
    assert right in last.short_answer
    assert wrong not in last.short_answer
    assert "struck out" not in last.short_answer
    for citation in last.citations:
        text = index.catalog.document(citation.source_id)
        assert text
        assert text.text[citation.start : citation.end] == citation.quote


@pytest.mark.parametrize(
    ("sentence", "verdict"),
    [
        ("The deadline is 15 June.", "verified"),
        (DEADLINE, "verified"),
        ("The deadline is 1 May.", None),
        ("Deadline: 1 May.", None),
    ],
)
def test_struck_words_support_nothing(sentence: str, verdict: str | None) -> None:
    found = check_sentence(sentence, [DEADLINE]).verdict
    assert found == verdict if verdict else found not in ("verified", "partly")


def test_struck_words_go() -> None:
    assert without_struck(DEADLINE) == "Deadline: 15 June."
    assert without_struck("a [struck out: b [1] c] d") == "a d"
    assert without_struck("[struck out: all of it]") == ""
    assert without_struck("open [struck out: no end") == "open "


@given(st.lists(st.sampled_from(["[struck out: ", "[", "]", "a", " ", "1 May"])).map("".join))
def test_masked_words_keep_their_places(text: str) -> None:
    masked = with_struck_masked(text)
    assert len(masked) == len(text)
    assert all(one in (other, "\u2060") for one, other in zip(masked, text, strict=True))
    start, end = trim_masked(masked, 0, len(masked))
    assert 0 <= start <= end <= len(text)


def test_many_struck_words_take_linear_time() -> None:
    started = time.perf_counter()
    without_struck("[struck out: a] " * 50_000)
    with_struck_masked("[struck out: " * 50_000)
    assert time.perf_counter() - started < 3
