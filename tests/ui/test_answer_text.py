"""The text of an answer as HTML: `ui.views.answer_text`."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from ui.views.answer_text import TextPiece, answer_text_html

BUTTON = "<button>1</button>"
# The sign of an item cannot be seen, and is copied.
DASH = '<span class="f-bracket">- </span>'
FOUR, FIVE = DASH.replace("- ", "4. "), DASH.replace("- ", "5. ")
MARKED = '<span class="f-partly">It is 3.</span>' + BUTTON
DEEP = "".join("  " * depth + "- word\n" for depth in range(60))
CHIP = Markup(BUTTON)


def html_of(*pieces: TextPiece | str) -> str:
    html = answer_text_html([TextPiece(piece) if isinstance(piece, str) else piece for piece in pieces])
    return re.sub(r"\n", "", str(html))


def line(html: str) -> str:
    return f'<div class="f-paragraph">{html}</div>'


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("# Fees", "<h3>Fees</h3>"),
        ("**3** and *4*", line("<strong>3</strong> and <em>4</em>")),
        ("- a\n- b", f"<ul><li>{DASH}a</li><li>{DASH}b</li></ul>"),
        (
            "4. a\n5. b",
            f'<ol start="4"><li>{FOUR}a</li><li>{FIVE}b</li></ol>',
        ),
        ("`x<y`", line("<code>x&lt;y</code>")),
        ("```py\nx\n```", "<pre><code>x</code></pre>"),
        ("a\nb\n\nc", line("a<br>b") + line("c")),
        (
            "| a | b |\n|---|---|\n| 1 | 2 |",
            "<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>1</td><td>2</td></tr></tbody></table>",
        ),
    ],
)
def test_markdown_is_rendered(text: str, html: str) -> None:
    assert html_of(text) == html


@pytest.mark.parametrize(
    "text",
    [
        "3*4*5",
        "snake_case_name and __init__",
        "> 5 mg",
        "    indented",
        "![p](http://x.y)",
        "[w](http://x.y)",
        "AT&T &lt;",
    ],
)
def test_what_only_looks_like_markdown_stays_as_it_is(text: str) -> None:
    words = re.sub(r"<[^>]*>", "", html_of(text))
    assert Markup(words).unescape() == text.strip()
    assert "<a" not in html_of(text)
    assert "<img" not in html_of(text)


@pytest.mark.parametrize(
    ("before", "sentence", "after", "html"),
    [
        ("", "**The toll is 3.**", "", line('<strong><span class="f-partly">The toll is 3.</span></strong>' + BUTTON)),
        ("**Toll. ", "It is 3.**", "", line('<strong>Toll. <span class="f-partly">It is 3.</span></strong>' + BUTTON)),
        (
            "",
            "- It is 3.",
            "\n- b",
            f"<ul><li>{DASH}{MARKED}</li><li>{DASH}b</li></ul>",
        ),
        ("", "## It is 3.", "", '<h4><span class="f-partly">It is 3.</span>' + BUTTON + "</h4>"),
    ],
)
def test_what_stands_beside_a_sentence_keeps_its_place(before: str, sentence: str, after: str, html: str) -> None:
    assert html_of(before, TextPiece(sentence, "f-partly", beside=CHIP), after) == html


def test_a_row_of_a_table_has_its_citation_in_the_last_cell() -> None:
    page = html_of("| a | b |\n|---|---|\n", TextPiece("| 1 | 2 |", beside=CHIP))
    assert "<td>1</td><td>2<button>1</button></td>" in page


def test_exact_words_are_no_markdown() -> None:
    page = html_of(TextPiece("# **no** list\n- x", exact=True, beside=CHIP), " and **yes**")
    assert page == line("# **no** list<br>- x<button>1</button> and <strong>yes</strong>")


def test_a_block_stands_on_lines_of_its_own() -> None:
    page = html_of("Before ", TextPiece("", block=Markup("<hr>")), "after")
    assert page == line("Before") + "<hr>" + line("after")


@pytest.mark.parametrize("lost", ["| a |\n|---|\n| 1 | ", "```\n", "```x "])
def test_nothing_beside_a_sentence_is_lost(lost: str) -> None:
    page = html_of(lost, TextPiece("The toll is 3.", beside=CHIP), TextPiece("", block=Markup("<hr>")))
    assert page.count("<button>1</button>") == 1
    assert "⸨" not in page


@pytest.mark.parametrize("text", [DEEP, "| a |\n|---|\n| one | two | three |"])
def test_no_word_is_lost(text: str) -> None:
    words = Markup(re.sub(r"<[^>]*>", " ", html_of(text))).unescape()
    assert re.findall("[a-z]+", words) == re.findall("[a-z]+", text)


MARKUP = st.text(alphabet="ab *_`#|-+>1.\n\\~[]()<&!⸨⸩$0be", max_size=40)


@given(st.lists(st.tuples(MARKUP, st.booleans()), max_size=5))
def test_whatever_the_text_every_chip_is_there_once_and_every_element_is_closed(pieces: list[tuple[str, bool]]) -> None:
    page = html_of(*(TextPiece(text, "f-partly" if marked else "", beside=CHIP) for text, marked in pieces))
    assert page.count(str(CHIP)) == len(pieces)
    open_: list[str] = []
    for closing, name in re.findall(r"<(/?)([a-z0-9]+)[^>]*>", page):
        if name in ("br", "hr"):
            continue
        if closing:
            assert open_.pop() == name, page
        else:
            open_.append(name)
    assert open_ == []
    assert set(re.findall(r"<([a-z0-9]+)", page)) <= set(
        "div span button h3 h4 h5 h6 ul ol li strong em code pre hr br table thead tbody tr th td".split()
    )
