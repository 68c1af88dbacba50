"""Names of sources are found however their letters are composed: `rag.store.catalog.source_names`."""

from __future__ import annotations

import glob
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.store.catalog.source_names import matching, same_name

ONE, TWO = "a/Übersicht.md", unicodedata.normalize("NFD", "a/Übersicht.md")
OTHER = unicodedata.normalize("NFD", "Café [neu].txt")
NAMES = [ONE, TWO, OTHER, "plain.txt"]


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        (ONE, [ONE]),
        (TWO, [TWO]),
        (glob.escape(TWO), [TWO]),
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
