"""Text without live addresses: `rag.answering.inert_text`."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from rag.answering.composer import Composer
from rag.answering.inert_text import without_live_addresses
from rag.types import Span
from tests.processor_time import at_most

LIVE = {"a", "img", "iframe", "script", "link", "object", "svg", "form", "style", "base", "meta", "video", "embed"}
MARKDOWN = MarkdownIt("commonmark", {"html": True})


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)


def live_elements(text: str) -> set[str]:
    """What a viewer of Markdown that lets HTML pass would make of a text."""
    tags = _Tags()
    tags.feed(MARKDOWN.render(text))
    return tags.tags & LIVE


@pytest.mark.parametrize(
    ("text", "inert"),
    [
        ("The sheet is here: ![sheet](http://x.org/leak?q=1).", "The sheet is here: sheet."),
        ("![](http://x.org/a.png) It is red.", " It is red."),
        ("See [the page](https://x.org/a(b)c 'Title') now.", "See the page now."),
        ("See [the [old] page](<x y>).", "See the [old] page."),
        ("[![sheet](a.png)](http://x.org)", "sheet"),
        ("[a](/leak)", "a"),
        ("See [the page][1].", "See [the page] [1]."),
        ("[1]: http://x.org", "[1] : “`x.org`”"),
        ('It is <img src="http://x.org/a">red</img>.', "It is red."),
        ("It is <a href=x>red</a> and <b>new</b>.", "It is red and new."),
        ("It is <img src=x", "It is img src=x"),
        ("<!-- x --> red", " x  red"),
        ("See <https://x.org/a>.", "See “`x.org/a`”."),
        ("Ask <mailto:ada@x.org>.", "Ask “`ada@x.org`”."),
        ("The website is https://www.x.org/a?b=c#d.", "The website is “`www.x.org/a?b=c#d`”."),
        ("It is WWW.x.org, (http://x.org)!", "It is “`WWW.x.org`”, (“`x.org`”)!"),
        ("javascript:alert(1)", "“`alert(1`”)"),
        ("data:text/html;base64,QQ==", "“`text/html;base64,QQ==`”"),
        ('They write: "see http://x.org/a".', 'They write: "see `http://x.org/a`".'),
        ("Run `curl http://localhost:8000/v1` first.", "Run `curl http://localhost:8000/v1` first."),
        ("`![x](http://x.org)`", "`x`"),
    ],
)
def test_what_is_live_is_taken_out_and_its_words_stay(text: str, inert: str) -> None:
    assert without_live_addresses(text) == inert
    assert not live_elements(inert)


@pytest.mark.parametrize(
    "text",
    [
        "The toll is 7 crowns [1] (see the table).",
        "Write to ada@x.org: she answers.",
        "The data: 5 rows. Note: it is 7:40.",
        "a < b and c > d",
        "Type <name> and press Enter.",
        "The ratio is 3:1, in data:2024 as in 2023.",
        "x[1] and y [2, 3]",
        "",
    ],
)
def test_other_text_stays_as_it_is(text: str) -> None:
    assert without_live_addresses(text) == text


PARTS = st.lists(
    st.sampled_from(
        ["![", "[", "]", "](", "(", ")", "<", ">", "<img src=", "<a ", "`", "``", "http://x.org", "www.x.org", "x", " ",
         "\n", "!", ":", "]:", '"', "\\", "javascript:", "<svg/onload=", "[x]: /y", "~~~", "```", "    ", "- ", "<!--"]
    ),
    max_size=14,
).map("".join)  # fmt: skip


@given(PARTS)
def test_no_combination_of_signs_makes_anything_live(text: str) -> None:
    inert = without_live_addresses(text)
    assert not live_elements(inert), (text, inert)


@given(PARTS)
def test_what_is_inert_stays_as_it_is(text: str) -> None:
    inert = without_live_addresses(without_live_addresses(text))
    assert not live_elements(inert)


@pytest.mark.parametrize(
    "unit",
    ["[", "![", "[a](", "[[b]", "]", "(", "<", "<a ", "<x =", "`", "a`", "http://", "www.", "[a](b", "[x]: ", "<!--",
     " ", '[a](b "', "javascript:", "a:", "[a](b(c)"],
)  # fmt: skip
def test_time_is_in_proportion_to_length(unit: str) -> None:
    text = unit * (64_000 // len(unit))
    with at_most(1):
        without_live_addresses(text + "](")


def test_an_answer_shows_no_live_address_and_its_citations_are_exact() -> None:
    words = "The sheet is here: ![sheet](http://x.org/leak)."
    composer = Composer()
    composer.add(words, [Span("a.md", "id", "", 0, len(words), words)], "verified")
    composer.quote(Span("b.md", "id2", "", 0, len(words), words))
    assert composer.text == "The sheet is here: sheet. [1]\n“The sheet is here: sheet.” [2]"
    for sentence in composer.sentences:
        assert composer.text[sentence.start : sentence.end] == sentence.text
    assert {citation.quote for citation in composer.citations} == {words}
