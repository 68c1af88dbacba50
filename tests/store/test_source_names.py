"""Names of sources are found however their letters are composed: `rag.store.catalog.source_names`."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.store.catalog.source_names import exactly, literal_start, matching, same_name

ONE, TWO = "a/Übersicht.md", unicodedata.normalize("NFD", "a/Übersicht.md")
OTHER = unicodedata.normalize("NFD", "Café [neu].txt")
NAMES = [ONE, TWO, OTHER, "plain.txt"]


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        (ONE, [ONE]),
        (TWO, [TWO]),
        (exactly(TWO), [TWO]),
        (exactly("a/"), [ONE, TWO]),
        (exactly("*.txt"), []),
        ("Café [neu].txt", [OTHER]),
        ("*/Ü*", [ONE, TWO]),
        (unicodedata.normalize("NFD", "*/Ü*"), [ONE, TWO]),
        ("Caf?*", [OTHER]),
        ("*.txt", [OTHER, "plain.txt"]),
        ("Ubersicht.md", []),
    ],
)
def test_matching(pattern: str, found: list[str]) -> None:
    assert matching(NAMES, pattern) == found


@given(st.lists(st.text(alphabet="aeäü\u0301\u0308[]*", min_size=1, max_size=6), unique=True, min_size=1))
def test_every_name_finds_itself_alone(names: list[str]) -> None:
    for name in names:
        assert same_name(names, name) == matching(names, name) == [name]


# Wildcards, brackets, letters with marks, what looks like another sign, and names that look like patterns of others.
_PARTS = st.text(alphabet="ae\u00e4\u0301\u0308[]*?!\\K\u212a=\u0338", min_size=1, max_size=4)
_NAMES = st.lists(_PARTS, min_size=1, max_size=3).map("/".join)


@given(st.lists(_NAMES, unique=True, min_size=1, max_size=8))
def test_a_name_as_it_is_means_itself_alone_and_a_folder_all_in_it(names: list[str]) -> None:
    for name in names:
        assert matching(names, exactly(name)) == [name]
        for end in (at for at, sign in enumerate(name, start=1) if sign == "/"):
            folder = name[:end]
            assert matching(names, exactly(folder)) == [other for other in names if other.startswith(folder)]


@given(st.lists(_NAMES, unique=True, min_size=1, max_size=8), _NAMES)
def test_what_a_pattern_means_begins_with_its_literal_start(names: list[str], other: str) -> None:
    for pattern in (*names, other, *map(exactly, (*names, other, f"{other}/"))):
        assert all(name.startswith(literal_start(pattern)) for name in matching(names, pattern))
