"""Other people's text in one line: `rag.cli.one_line`."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.cli.one_line import ending, one_line
from rag.text import plain_line


@given(st.text())
def test_no_text_breaks_a_line(text: str) -> None:
    line = one_line(text)
    assert len(line.splitlines()) <= 1
    assert "\x1b" not in line


@pytest.mark.parametrize(
    ("longest", "start", "end"),
    [(12, "a/long/path", "a/long/path"), (11, "a/long/path", "a/long/path"), (6, "a/lon…", "…/path"), (2, "a…", "…h")],
)
def test_what_is_too_long_is_cut_at_one_end(longest: int, start: str, end: str) -> None:
    assert plain_line(" a/long/path\n", longest) == start
    assert ending(" a/long/path\n", longest) == end
