"""Calls of tools that a service reports: which of them look something up, and with which words."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.models.llm.tool_calls import ToolCalls, calls_in


def text_of(name: object, *arguments: object) -> str:
    calls = ToolCalls()
    for number, piece in enumerate(arguments):
        calls.add(0, None if number else name, piece)
    return calls.text()


@pytest.mark.parametrize(
    ("name", "arguments", "said"),
    [
        ("search", ['{"query": "the mill"}'], '\n{"name": "search", "arguments": "the mill"}'),
        ("search", ['{"que', 'ry": "the mill"}'], '\n{"name": "search", "arguments": "the mill"}'),
        ("functions.file_search", [{"limit": None, "q": "Mühle"}], '\n{"name": "search", "arguments": "Mühle"}'),
        ("OPEN", [{"number": 3}], '\n{"name": "open", "arguments": "3"}'),
        ("search", ["the mill"], '\n{"name": "search", "arguments": "the mill"}'),
        ("search", ['{"query": "the'], ""),
        ("search", ["{}"], ""),
        ("search", [None], ""),
        ("research", ['{"query": "the mill"}'], ""),
        ("delete_files", ['{"path": "/"}'], ""),
        (None, ['{"query": "the mill"}'], ""),
    ],
)
def test_what_a_call_says(name: object, arguments: list[object], said: str) -> None:
    assert text_of(name, *arguments) == said


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["function", "name", "arguments", "search"]), inner, max_size=3)
        ),
    )
)
def test_odd_calls(value: object) -> None:
    for line in calls_in([value, {"function": {"name": "search", "arguments": value}}]).text().split("\n")[1:]:
        assert json.loads(line)["name"] in ("search", "open")


def test_long_and_many_calls_are_bounded() -> None:
    calls = ToolCalls()
    for number in range(64_000):
        calls.add(number % 100, "search", "[" * 64)
    assert calls.exist
    assert calls.text() == ""
