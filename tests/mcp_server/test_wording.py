"""What results say, how parts of a text are cut, and what arguments are understood; no server is needed."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import UsageError
from rag.mcp_server.arguments import LONGEST_QUESTION, AskArguments, SearchArguments, read_arguments, schema_of
from rag.mcp_server.reading import MOST_CHARACTERS, cut_end, next_span
from rag.mcp_server.resources import address_of
from rag.mcp_server.results import AnswerResult, ListSourcesResult, SourceResult
from rag.mcp_server.tools import TOOLS
from rag.mcp_server.wording import answer_text, quoted, sources_text
from rag.question.question_words import QUESTION_CHARACTERS


@given(st.text())
def test_words_of_documents_are_one_line_that_reads_back(text: str) -> None:
    line = quoted(text)
    assert len(line.splitlines()) == 1
    assert json.loads(line) == text


@given(st.text(alphabet="ab\n", max_size=400), st.integers(1, 50), st.data())
def test_parts_of_a_span_join_to_the_span(text: str, most: int, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    parts, at = [], start
    while True:
        cut = cut_end(text, at, end, most)
        assert cut - at <= most
        parts.append(text[at:cut])
        if cut == end:
            break
        assert cut > at
        at = cut
    assert "".join(parts) == text[start:end]


def test_reading_goes_on_until_the_end_of_the_text() -> None:
    text = "x" * 20_000
    assert next_span(text, 8_000, 9_000) == "8000:9000"
    assert next_span(text, 9_000, 9_000) == f"9000:{9_000 + MOST_CHARACTERS}"
    assert next_span(text, 19_000, 19_000) == "19000:20000"
    assert next_span(text, 20_000, 20_000) is None


def test_an_assistant_may_write_one_name_and_nothing() -> None:
    one = read_arguments(AskArguments, {"question": " Who? ", "sources": "a/*", "history": None, "index": None}, "ask")
    assert (one.question, one.sources, one.history) == ("Who?", ["a/*"], [])
    assert read_arguments(SearchArguments, {"question": "Who?", "k": "3"}, "search").k == 3
    assert LONGEST_QUESTION == QUESTION_CHARACTERS


def test_a_wrong_value_is_not_given_back() -> None:
    with pytest.raises(UsageError) as error:
        read_arguments(AskArguments, {"question": "Who?", "\x1b[31m" + "x" * 5_000: "secret"}, "ask")
    assert "secret" not in str(error.value)
    assert "\x1b" not in str(error.value)
    assert len(str(error.value)) < 500


def test_an_address_holds_any_name() -> None:
    assert address_of("a b", "x/what?#ü.pdf") == "footnote://a%20b/x/what%3F%23%C3%BC.pdf"


def test_every_argument_and_field_has_a_type() -> None:
    for tool in TOOLS:
        for kind in (tool.arguments, tool.result):
            schema = schema_of(kind)
            assert schema["type"] == "object"
            assert set(schema["properties"]) == set(kind.model_fields)


def _answer(**changes: Any) -> AnswerResult:
    fields: dict[str, Any] = {
        "index": "default", "question": "q", "outcome": "answered", "abstained": False, "tentative": False,
        "confidence": 0.9, "answer": "Whales sing. Cows fly.", "short_answer": None, "sentences": [], "citations": [],
        "left_out": [], "conflicts": [], "notices": [], "degraded": False, "model": "m",
    }  # fmt: skip
    return AnswerResult.model_validate(fields | changes)


def _sentence(text: str, verdict: str, reason: str | None = None) -> dict[str, Any]:
    return {"text": text, "start": 0, "end": len(text), "verdict": verdict, "citations": [], "reason": reason,
            "against": None}  # fmt: skip


def test_a_doubtful_sentence_is_named_with_its_reason() -> None:
    sentences = [
        _sentence("Whales sing.", "verified"),
        _sentence("Cows fly.", "unsupported", "no source says it"),
        _sentence("Pigs swim.", "partly", "one of two"),
    ]
    said = answer_text(_answer(sentences=sentences))
    assert '- "Cows fly.": NOT SUPPORTED BY ANY SOURCE, do not state it as fact (no source says it)' in said
    assert '- "Pigs swim.": PARTLY SUPPORTED (one of two)' in said
    assert "1 of 3 verified" in said
    assert '- "Whales sing."' not in said


def test_how_an_answer_is_given_stands_first() -> None:
    assert answer_text(_answer(outcome="tentative")).startswith("TENTATIVE: ")
    assert answer_text(_answer(outcome="refused")).startswith("REFUSED: ")
    left_out = [{"text": "x", "verdict": "contradicted", "reason": None, "against": None}]
    assert "do not repeat it" in answer_text(_answer(left_out=left_out))


def test_one_is_said_of_one() -> None:
    def listed(total: int, pages: int) -> str:
        source = SourceResult(source="a.pdf", title="A", pages=pages, date="", readable=True, problem=None)
        return sources_text(ListSourcesResult(index="default", total=total, sources=[source], next_start=None))

    assert listed(1, 1) == '1 source in the index "default":\n- "a.pdf", titled "A" (1 page)'
    assert listed(2, 3).startswith("2 sources in")
    assert listed(2, 3).endswith("(3 pages)")
