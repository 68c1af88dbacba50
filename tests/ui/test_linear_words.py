"""Words of documents are shown in a time in proportion to their length, however odd they are."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.processor_time import is_in_proportion
from ui.views.asked_words import excerpt, in_parts
from ui.views.source_find import find_words
from ui.views.source_inline import markdown_inlines, written_inlines

READERS: dict[str, Callable[[str], object]] = {
    "excerpt": lambda text: excerpt(text, {"a", "word", "bridg"}, 300),
    "in parts": lambda text: in_parts(text, {"a", "word"}),
    "markdown": lambda text: list(markdown_inlines(text, 0, len(text))),
    "written": lambda text: list(written_inlines(text, 0, len(text), {"[1]": "note"})),
    "found": lambda text: list(find_words(text, "a " * 50)),
}


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("sign", [" ", "[", "*", "[picture: ", "a word, ", "~~a", "[a](", "`a"])
def test_long_words_take_no_longer_than_in_proportion(reader: str, sign: str) -> None:
    assert is_in_proportion(lambda size: READERS[reader](f"x{sign * (size // len(sign))}y"), 8_000, 32_000)


def test_the_part_with_most_words_of_a_question() -> None:
    text = "Toll here. " + "Nothing of it. " * 30 + "The toll of the bridge is 3 crowns. " + "More. " * 30
    shown = excerpt(text, {"toll", "bridg", "crown"}, 60)
    assert "toll of the bridge is 3 crowns" in shown


def test_brackets_in_brackets_are_paired() -> None:
    text = "[picture: a [b] c] [picture: open [x]"
    looks = [(one.look, text[one.start : one.end]) for one in written_inlines(text, 0, len(text), {})]
    assert looks == [("sign", "[picture: "), ("figure", "a [b] c"), ("sign", "]")]
