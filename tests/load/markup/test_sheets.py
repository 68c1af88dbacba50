"""What style sheets say: what is struck out, and what no reader sees."""

from __future__ import annotations

import pytest

from rag.load.markup.sheets import read_sheet
from tests.load.markup.reading import lines
from tests.processor_time import at_most

OLD = "<style>.old{text-decoration-line:line-through}</style>"
ROWS = "<tr><th>Tool<th>Price<tr{}><td>Hoe<td{}>5<tr><td>Axe<td>7"


@pytest.mark.parametrize(
    ("html", "words"),
    [
        (f"{OLD}<p class=old>The toll is 9.<p>It is 8.", ["[struck out: The toll is 9.]", "It is 8."]),
        ("<p style='text-decoration: line-through red'>The tax is <s>9</s> 8.", ["[struck out: The tax is 9 8.]"]),
        (f"{OLD}<ul class=old><li>one<li>two</ul><ul><li>three", ["[struck out: one]", "[struck out: two]", "three"]),
        (f"{OLD}<div class=old><p>one</div><p>two", ["[struck out: one]", "two"]),
        (f"{OLD}<span class=old><p>one</p></span><p>two", ["[struck out: one]", "two"]),
        (
            OLD + f"<table>{ROWS.format(' class=old', '')}</table>",
            ["Tool: [struck out: Hoe]; Price: [struck out: 5]", "Tool: Axe; Price: 7"],
        ),
        (
            OLD + f"<table>{ROWS.format('', ' class=old')}</table>",
            ["Tool: Hoe; Price: [struck out: 5]", "Tool: Axe; Price: 7"],
        ),
        (
            f"<s><table>{ROWS.format('', '')}</table></s><p>after",
            [
                "Tool: [struck out: Hoe]; Price: [struck out: 5]",
                "Tool: [struck out: Axe]; Price: [struck out: 7]",
                "after",
            ],
        ),
        (
            "<table border=1><tr><th>A<th>B<tr><td>1<td><p style='text-decoration:line-through'>2<p>3</table>",
            ["A: 1; B: [struck out: 2] 3"],
        ),
    ],
)
def test_struck_out(html: str, words: list[str]) -> None:
    assert lines(html) == words


@pytest.mark.parametrize(
    ("rule", "is_read"),
    [
        (".x{display:none}", False),
        ("#y { visibility: hidden }", False),
        ("p, b{color:red;display : none !important}", False),
        ("/* } */ .x{display:none}", False),
        ("@media print{.x{display:none}}", True),
        (".x{display:none} .x.open{display:block}", True),
        (".menu .x{display:none}", True),
        (".x{background:none}", True),
        ("/* .x{display:none} */", True),
    ],
)
def test_hidden_by_a_style_sheet(rule: str, is_read: bool) -> None:
    html = f"<style>{rule}</style><p class=x id=y>words</p><div>shown</div>"
    assert lines(html) == (["words", "shown"] if is_read else ["shown"])


def test_what_a_rule_hides_and_its_own_style_shows() -> None:
    assert lines("<style>p{display:none}</style><p style='display:block'>words</p><p>gone</p>") == ["words"]


def test_a_page_of_which_all_is_hidden_is_read() -> None:
    assert lines("<style>#app{visibility:hidden}</style><div id=app><p>words</p></div>") == ["words"]


def test_rows_that_are_hidden() -> None:
    html = "<style>.x{display:none}</style><table><tr><th>A<th>B<tr class=x><td>1<td>2<tr><td>3<td>4</table>"
    assert lines(html) == ["A: 3; B: 4"]


@pytest.mark.parametrize("part", ["{", "}", "/*", "@media{", ".a,", ".a{display:none", "a{display:"])
def test_sheets_are_read_in_linear_time(part: str) -> None:
    with at_most(2):
        read_sheet(part * 100_000)
