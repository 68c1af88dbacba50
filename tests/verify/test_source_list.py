"""Which lines of a text list its sources, and which of these a mark names: `rag.verify.texts.source_list`."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.verify.texts.source_list import NamedSources, SourceNames, blanked, read_source_list
from tests.processor_time import is_in_proportion

NAMES = SourceNames({"docs/harbour.md": "Harbour rules", "/home/ada/Lighthouse_log.txt": "A keeper's log", "x.md": "x"})
HARBOUR, LIGHTHOUSE, X = NAMES.titles


def read(text: str) -> tuple[dict[int, tuple[str, ...]], list[str]]:
    """What the first three marks of a text name, and the lines of its list."""
    listed = read_source_list(text, NAMES)
    marks = NamedSources(listed, NAMES)
    return {n: marks.of(n) for n in (1, 2, 3)}, [text[start:end].strip() for start, end in listed.lines]


@pytest.mark.parametrize(
    ("entry", "named"),
    [
        ("docs/harbour.md", (HARBOUR,)),
        ("HARBOUR.MD, p. 3", (HARBOUR,)),
        ("Harbour", (HARBOUR,)),
        ("**Harbour rules**, section 4", (HARBOUR,)),
        ("[Harbour rules](docs/harbour.md)", (HARBOUR,)),
        ("The log of 1950, lighthouse log.txt", (LIGHTHOUSE,)),
        ("ada/lighthouse-log.txt (page 12)", (LIGHTHOUSE,)),
        ("A keeper’s log", ()),
        ("x, S. 4", (X,)),
        ("x", (X,)),
        ("x and y", ()),
        ("harbour.docx", ()),
        ("harbourmaster", ()),
        ("", ()),
    ],
)
def test_a_source_is_called_by_path_name_stem_or_title(entry: str, named: tuple[str, ...]) -> None:
    assert NAMES.find(entry) == named


def test_a_name_that_two_sources_share_means_both() -> None:
    names = SourceNames({"a/log.md": "One", "b/log.md": "Two"})
    assert names.find("log.md") == ("a/log.md", "b/log.md")
    assert names.find("b/log.md") == ("b/log.md",)


@pytest.mark.parametrize(
    "listed",
    [
        "Sources:\n[1] Lighthouse_log.txt, p. 3\n[2] harbour.md",
        "## References\n\n1. A keeper's log\n2. Harbour rules, page 2",
        "**Quellen:**\n- Lighthouse_log.txt\n- harbour.md\n\n---",
        "Sources: [1] Lighthouse_log.txt, [2] harbour.md",
        "Quellenverzeichnis: Lighthouse_log.txt; harbour.md",
        "[^1]: Lighthouse_log.txt\n[^2]: harbour.md",
        "[1] Lighthouse_log.txt\n[2] harbour.md",
        "Footnotes\n¹ Lighthouse_log.txt\n² harbour.md",
        "Sources:\nLighthouse_log.txt\nharbour.md, page 7",
    ],
)
def test_the_list_says_what_marks_name(listed: str) -> None:
    marks, lines = read(f"The toll is 3 crowns [2].\n\n{listed}\n")
    assert marks == {1: (LIGHTHOUSE,), 2: (HARBOUR,), 3: (X,)}
    assert lines == [line for line in listed.splitlines() if line]


def test_without_a_list_the_number_is_the_place_of_the_source() -> None:
    assert read("The toll is 3 crowns [2].") == ({1: (HARBOUR,), 2: (LIGHTHOUSE,), 3: (X,)}, [])


def test_an_entry_that_names_no_source_leaves_the_number_to_the_place_unless_it_is_listed() -> None:
    marks, _ = read("So it is [1].\n\nSources:\n[1] A letter from Ada\n[2] unknown.pdf\n[3] docs/harbour.md")
    assert marks == {1: (), 2: (LIGHTHOUSE,), 3: (HARBOUR,)}


@pytest.mark.parametrize(
    "text",
    [
        "References\n1. An employee gives two references.\n2. They are called within 5 days.",
        "Sources:\n[1] docs/harbour.md\nThe toll is 3 crowns, as everyone knows.\n[2] The ferry is free.",
        "Sources: the toll is 3 crowns.",
        "[1] The harbour is open.\n[2] The toll is 3 crowns.",
        "The sources:\n[1] harbour.md says that the toll is 3 crowns.",
        "Sources",
        "",
    ],
)
def test_sentences_are_no_list(text: str) -> None:
    _, lines = read(text)
    assert [line for line in lines if "toll" in line or "days" in line] == []


def test_a_list_with_text_behind_it_is_one_where_each_line_is_a_name() -> None:
    marks, lines = read("Sources:\n[1] Lighthouse_log.txt\n[2] harbour.md\n\nThe toll is 3 crowns.")
    assert marks[1] == (LIGHTHOUSE,)
    assert lines == ["Sources:", "[1] Lighthouse_log.txt", "[2] harbour.md"]


@given(st.text("ab \n", max_size=40), st.lists(st.integers(0, 40), max_size=6, unique=True))
def test_blanks_keep_every_place(text: str, cuts: list[int]) -> None:
    ends = sorted(min(cut, len(text)) for cut in cuts)
    spans = list(zip(ends[::2], ends[1::2], strict=False))
    blank = blanked(text, spans)
    inside = {at for start, end in spans for at in range(start, end)}
    assert len(blank) == len(text)
    assert all((" " if at in inside and c != "\n" else c) == blank[at] for at, c in enumerate(text))


@given(st.lists(st.sampled_from(["Sources:", "[1] x.md", "[^2]: harbour.md", "- x.md", "It is so [1].", "", "---"])))
def test_lines_are_whole_lines_in_order(lines: list[str]) -> None:
    text = "\n".join(lines)
    spans = read_source_list(text, NAMES).lines
    assert list(spans) == sorted(set(spans))
    assert all(first[1] <= second[0] for first, second in pairwise(spans))
    assert "It is so [1]." not in [text[start:end] for start, end in spans]


@pytest.mark.parametrize("unit", [" ", "\n", "[1] x.md\n", "Sources:\n", "- x.md\n", "[^1]: x\n", "Sources: [1] x, "])
def test_hostile_text_takes_linear_time(unit: str) -> None:
    def work(length: int) -> None:
        text = (unit * length)[:length]
        read_source_list(text, NAMES)

    # Four times the length: quadratic time would be sixteen times as long.
    assert is_in_proportion(work, 16_000, 64_000)
