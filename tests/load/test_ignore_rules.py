"""Patterns of ignore files: they match as git's do, and none takes long, whatever it is made of."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pathspec import GitIgnoreSpec

from rag.load.ignore_rules import linear, read_ignore_rules

SEGMENT = st.text(alphabet="ab*?.", min_size=1, max_size=6)
PATTERN = st.lists(SEGMENT | st.just("**"), min_size=1, max_size=6).map("/".join)
PATH = st.lists(st.text(alphabet="ab.", min_size=1, max_size=5), min_size=1, max_size=6).map("/".join)


@given(st.tuples(st.sampled_from(["", "!", "/"]), PATTERN, st.sampled_from(["", "/"])).map("".join), PATH)
def test_rules_match_as_those_of_git(pattern: str, path: str) -> None:
    expected = GitIgnoreSpec.from_lines([pattern]).check_file(path).include
    assert read_ignore_rules([pattern]).check_file(path).include == expected


def test_classes_and_escapes_match_as_those_of_git() -> None:
    pattern = r"*[a-c]*\**x"
    for path in ("zb*x", "zbx", "b-*-x", "d*x", "a/b*x"):
        expected = GitIgnoreSpec.from_lines([pattern]).check_file(path).include
        assert read_ignore_rules([pattern]).check_file(path).include == expected, path


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("*a*a*a*a*a*a*a*a*b", "a" * 255),
        ("*a*a*a*a*a*a*a*a*b/c", "a" * 255 + "/d"),
        ("*" * 60 + "b", "a" * 255),
        ("**/a/**/a/**/a/**/a/**/a/**/a/**/b", "a/" * 500 + "a"),
        ("*?*?*?*?*?*?*?*?*?*?b", "a" * 255),
        ("*[ab]*[ab]*[ab]*[ab]*[ab]*[ab]*c", "ab" * 120),
    ],
)
def test_no_pattern_takes_long(pattern: str, path: str) -> None:
    # Tried anew at every place, the first of these takes longer than the age of the universe.
    assert read_ignore_rules([pattern]).check_file(path).include is None
    assert read_ignore_rules([pattern]).check_file(path[:-1] + "b").include in (True, None)


def test_a_line_that_is_no_pattern_is_passed_over() -> None:
    rules = read_ignore_rules(["!", "*.log", "[z-a]"])
    assert rules.check_file("x.log").include


def test_a_star_before_a_star_is_not_tried_twice() -> None:
    assert linear("^[^/]*a[^/]*b$") == "^(?>[^/]*?a)[^/]*b$"
    assert re.match(linear("^[^/]*a[^/]*b$"), "xaab")
