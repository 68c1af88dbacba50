"""Cookies of other programs on the same host, which a browser sends to the chat as well."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.hosting.users import COOKIE
from ui.server.security import session_of

ODD = (
    'prefs={"a":1}', "x=a b", "x", "=", "=x", "", " ", 'a="b', "a=b=c", "expires", "path=/", "ü=ö", "a\tb=c",
    "$Version=1", "footnote=1", "x" * 5000,
)  # fmt: skip


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("header", ["{0}; {1}", "{1}; {0}", "{0};{1};{0}", "{0}; {1} ; {0}"])
def test_an_odd_cookie_signs_nobody_out(odd: str, header: str) -> None:
    assert session_of(header.format(odd, f"{COOKIE}=token-1")) == "token-1"


@given(st.lists(st.text(st.characters(exclude_characters=";", exclude_categories=["Cs"]), max_size=20), max_size=5))
def test_no_cookie_of_another_name_is_a_session(others: list[str]) -> None:
    others = [one for one in others if one.partition("=")[0].strip() != COOKIE]
    assert session_of("; ".join(others)) == ""
    assert session_of("; ".join([*others, f"{COOKIE}=token-1"])) == "token-1"


def test_a_name_that_ends_like_the_sessions_is_another() -> None:
    assert session_of(f"my{COOKIE}=stolen; {COOKIE}2=x") == ""
