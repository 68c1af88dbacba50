"""How text is laid out for a terminal: `rag.cli.screen`, `table`, `excerpt` and `answer_screen`."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.cli.answer_screen import answer_screen, text_screen
from rag.cli.excerpt import excerpt, marked, terms_of
from rag.cli.progress import time_left
from rag.cli.screen import cells, columns, laid_out, padded, wrap
from rag.cli.table import cells_of, table_lines
from rag.notices import Notice
from rag.types import Answer, Citation, LeftOut, Sentence

# -- lines -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("a bb ccc", 80, ["a bb ccc"]),
        ("a bb ccc", 4, ["a bb", "ccc"]),
        ("see https://example.org/long now", 10, ["see", "https://example.org/long", "now"]),
        ("", 10, [""]),
        ("桥关闭了。今天", 8, ["桥关闭", "了。今天"]),
        ("长さは「とても」長い", 8, ["长さは", "「とて", "も」長い"]),
        ("👩‍🚀👩‍🚀👩‍🚀", 4, ["👩‍🚀👩‍🚀", "👩‍🚀"]),
        ("ab\u00a0cd ef", 6, ["ab cd", "ef"]),
        ("a  b", 10, ["a  b"]),
    ],
)
def test_a_line_breaks_between_words(text: str, width: int, lines: list[str]) -> None:
    assert wrap(text, width) == lines


def test_what_stands_before_a_paragraph_counts() -> None:
    assert wrap("one two three", 9, "- ") == ["- one two", "  three"]
    assert wrap("one two three", 9, "> ", "> ") == ["> one two", "> three"]


@given(st.text(alphabet=st.characters(exclude_categories=["Cc", "Cs", "Cn", "Co"])), st.integers(5, 60))
def test_wrapping_loses_and_breaks_nothing(text: str, width: int) -> None:
    lines = wrap(text, width)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "").replace("\u00a0", "")
    for line in lines:
        assert cells(line) <= width or len(line.replace("\u00a0", " ").split()) <= 1


@pytest.mark.parametrize(
    ("text", "wide"), [("abc", 3), ("桥", 2), ("e\u0301", 1), ("👩‍🚀", 2), ("\x1b[1mab\x1b[22m", 2)]
)
def test_the_width_of_text(text: str, wide: int) -> None:
    assert cells(text) == wide
    assert cells(padded(text, 5)) == 5


def test_a_pipe_has_no_width(capsys: pytest.CaptureFixture[str]) -> None:
    assert columns() is None
    assert list(laid_out(["  " + "word " * 60])) == ["  " + "word " * 60]


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(1, "about 1 s left"), (89, "about 89 s left"), (120, "about 2 min left"), (7200, "about 2 h left")],
)
def test_time_left(seconds: float, words: str) -> None:
    assert time_left(seconds) == words


# -- excerpts ----------------------------------------------------------------------------------------------------------

LONG = "The harbour is old. " * 20 + "Of all bridges the Lantern bridge is longest: 412 metres. " + "It rains. " * 40


@pytest.mark.parametrize("longest", [40, 60, 120])
def test_an_excerpt_holds_the_words_that_matter(longest: int) -> None:
    part = excerpt(LONG, longest, terms_of(["How many metres is the longest bridge?"]))
    assert cells(part) <= longest
    assert "412 metres" in part
    assert part.startswith("…")
    assert part.endswith("…")
    assert " " + part.strip("… ") + " " in " " + " ".join(LONG.split()) + " ", "it is cut between words"


def test_an_excerpt_begins_with_its_sentence_where_that_fits() -> None:
    assert excerpt(LONG, 90, terms_of(["412"])).startswith("…Of all bridges the Lantern bridge is longest: 412 metres.")
    assert excerpt(LONG, 40, terms_of(["412"])).startswith("…longest: 412 metres.")
    assert excerpt("It is. " * 20, 20, frozenset()) == "It is. It is. It…"
    assert excerpt("short\nwords", 20, frozenset()) == "short words"


def test_words_that_matter_are_marked() -> None:
    text = "Bridges, a bridge and 412."
    parts = marked(text, terms_of(["bridge 412"]))
    assert "".join(part for part, _ in parts) == text
    assert [part for part, is_wanted in parts if is_wanted] == ["Bridges", "bridge", "412"]


@given(st.text(), st.integers(8, 50), st.text())
def test_no_excerpt_is_too_long(text: str, longest: int, question: str) -> None:
    part = excerpt(text, longest, terms_of([question]))
    words = part.split()
    assert cells(part) <= longest or len(words) <= 1


# -- tables ------------------------------------------------------------------------------------------------------------


def test_a_table_stands_in_columns() -> None:
    assert table_lines(["name", "job"], [["Alice", "engineer"], ["桥", "baker"]], 40) == [
        "name   job",
        "─────  ────────",
        "Alice  engineer",
        "桥     baker",
    ]


def test_cells_are_wrapped_where_the_table_is_too_wide() -> None:
    assert table_lines(["name", "what it says"], [["toll", "three crowns for cars"]], 20) == [
        "name  what it says",
        "────  ──────────────",
        "toll  three crowns",
        "      for cars",
    ]


def test_a_table_without_room_is_a_list() -> None:
    rows = [["lighthouse", "twenty-eight", "[1]"], ["bridge", "one", "[2]"]]
    assert table_lines(["building", "windows", ""], rows, 20) == [
        "building: lighthouse",
        "windows:",
        "  twenty-eight [1]",
        "",
        "building: bridge",
        "windows: one [2]",
    ]


def test_the_cells_of_a_row() -> None:
    assert cells_of("| a | b \\| c ||") == ["a", "b | c", ""]


# -- answers -----------------------------------------------------------------------------------------------------------

MARKDOWN = """# Tolls
The **toll is** 3 crowns [1][2].

- For those who walk it is one crown [1].

| who | toll |
|---|---|
| cars | 3 |
> So it is said in the town.
```
x = "a line of code that is wider than the terminal"
```"""


def test_the_markdown_of_a_model_is_laid_out() -> None:
    assert list(text_screen(MARKDOWN, 24)) == [
        "Tolls",
        "The toll is 3",
        "crowns [1][2].",
        "",
        "- For those who walk it",
        "  is one crown [1].",
        "",
        "who   toll",
        "────  ────",
        "cars  3",
        "",
        "> So it is said in the",
        "> town.",
        "```",
        'x = "a line of code that is wider than the terminal"',
        "```",
    ]


ROWS = Answer(
    "What codes are there?",
    "What codes are there?",
    "These:\n“| 0 | done |” [1]\n“| 1 | failed |” [2]",
    citations=(
        Citation(1, "a.md", "x", "A", 10, 22, "| 0 | done |", header="code | meaning"),
        Citation(2, "a.md", "x", "A", 23, 37, "| 1 | failed |", header="code | meaning"),
    ),
)


def test_quoted_rows_of_one_table_are_a_table() -> None:
    assert list(answer_screen(ROWS, 40)) == [
        "These:",
        "",
        "code  meaning",
        "────  ───────",
        "0     done     [1]",
        "1     failed   [2]",
        "",
        "[1] a.md (10:22)",
        "[2] a.md (23:37)",
    ]


def test_a_source_shows_its_words_where_the_answer_does_not() -> None:
    quote = "The council met. " * 10 + "It decided on a toll of 3 crowns for cars. " + "Then it went home. " * 10
    answer = Answer(
        "q",
        "q",
        "Cars pay 3 crowns [1].",
        short_answer="3 crowns",
        sentences=(Sentence("Cars pay 3 crowns [1].", 0, 22, "partly", (1,), Notice("x")),),
        citations=(Citation(1, "report.pdf", "x", "A", 5, 900, quote, page=2),),
        left_out=(LeftOut("The toll is 9 crowns.", "unsupported"),),
    )
    lines = list(answer_screen(answer, 60))
    assert lines[:5] == ["3 crowns", "", "Cars pay 3 crowns [1].", "", "[1] report.pdf, page 2 (5:900)"]
    words = " ".join(line.strip() for line in lines[5:7])
    assert words.startswith("“…")
    assert "a toll of 3 crowns for cars" in words
    assert words.endswith("…”")
    assert any(line.startswith("Left out (not supported): “The toll is 9 crowns.”") for line in lines)
    assert all(cells(line) <= 60 for line in lines)
