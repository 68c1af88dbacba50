"""Inline elements stay in their sentence, and read as a person reads them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.load.markup.reading import lines, page
from tests.processor_time import at_most


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>A <nobr>b c</nobr> <x-d>d</x-d><o:p></o:p> e.", "A b c d e."),
        ("<p>See <picture><img src=a.png></picture> page 3.", "See page 3."),
        ("<p>Press <button>Go</button> now.", "Press Go now."),
        ("<p>Press <center>Go</center> now.</p>", "Press Go now."),
        ("<p>The <details><summary>gate</summary>is open</details> today.</p>", "The gate is open today."),
        ("<p>x <div style='display:inline'>y</div> z", "x"),
        ("<p>so&shy;lar po&#8203;wer", "solar power"),
        ("<p>می&zwnj;خواهم", "می\u200cخواهم"),
        ("<p>10<sup>6</sup>, 1,200<sup>3</sup> men, CO<sub>2</sub>", "10⁶, 1,200 [3] men, CO₂"),
        ("<p>2<sup>1</sup>/<sub>2</sub> cups", "2½ cups"),
        ("<p>The <sup>14</sup>C date", "The ¹⁴C date"),
        ("<p>was <s>50</s>40", "was [struck out: 50] 40"),
        ("<p>was <span style='text-decoration:line-through'>50</span> 40", "was [struck out: 50] 40"),
        ("<style>.u{vertical-align:super}</style><p>25 m<span class=u>2</span>", "25 m²"),
        ("<p><ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby>字の", "漢字 (kan)の"),
        ("<p><ruby>東<rt>とう</rt></ruby><ruby>京<rt>きょう</rt></ruby>に", "東京 (とうきょう)に"),
        (
            "<p><abbr title='Royal Society'>RS</abbr> and <abbr title='Royal Society'>RS</abbr>",
            "RS (Royal Society) and RS",
        ),
        ("<p>Royal Society (<abbr title='Royal Society'>RS</abbr>)", "Royal Society (RS)"),
        ("<p>a <math><mfrac><mn>1</mn><mn>2</mn></mfrac></math> b", "a 1/2 b"),
        ("<p>x<a role='doc-noteref' href='#n'><sup>4</sup></a> y", "x [4] y"),
        ("<p>x <img alt='✓'> y <img alt='DSC_1.JPG'>", "x ✓ y"),
    ],
)
def test_a_line(html: str, expected: str) -> None:
    assert lines(html)[0] == expected


def test_an_unknown_element_with_blocks_is_a_block() -> None:
    assert lines("<x-a>one<p>two</p></x-a><x-b>three</x-b>") == ["one", "two", "three"]


def test_a_button_alone_is_no_text_and_one_in_a_heading_is() -> None:
    assert lines("<h2><button>Hours</button></h2><p><button>Share</button></p>") == ["Hours"]


def test_what_is_filled_in_stands_after_its_label() -> None:
    assert lines("<p><label for=a>Name</label> <input id=a value=Ann>") == ["Name: Ann"]
    assert lines("<label>Size <select><option>S<option selected>L</select></label>") == ["Size: L"]
    assert lines("<p><input type=checkbox checked> yes<p><input type=radio> no") == ["☒ yes", "☐ no"]
    assert lines("<p>x<input type=hidden value=t><input type=password value=p><input type=submit value=s>") == ["x"]


def test_struck_blocks() -> None:
    assert lines("<del><p>one</p><p>two</p></del><p>three") == ["[struck out: one]", "[struck out: two]", "three"]


def test_numbers_of_lists() -> None:
    assert lines("<ol start=3 type=a><li>x<li value=9>y</ol><ol reversed><li>p<li>q</ol><ol type=I start=4><li>z") == [
        "c. x", "i. y", "2. p", "1. q", "IV. z",
    ]  # fmt: skip


def test_terms_and_values() -> None:
    html = "<dl><dt>A<dd>1<dt>B:<dd>2<dd>3<dt>C<dt>D<dd><p>4<p>5<dt>E</dl>"
    assert lines(html) == ["A: 1", "B: 2", "B: 3", "C, D: 4", "5", "E"]


def test_terms_without_values_and_terms_in_values_are_not_lost() -> None:
    assert lines("<dl><dt>A<dd><dt>B<dd><dl><dt>C<dd>1<dt>D<dd></dl><dt>E<dd>2</dl>") == ["A", "B: C: 1", "D", "E: 2"]
    assert lines("<dl><dt>A<dd><table><tr><th>C<th>D<tr><td>1<td>2</table></dl>") == ["A", "C: 1; D: 2"]


def test_a_note_says_its_mark_once() -> None:
    html = "<p>x<a role=doc-noteref href=#n>1</a><aside id=n><p>Note.</p></aside><ol><li id=m>y</ol>"
    assert page(html) == [("paragraph", "x [1]"), ("paragraph", "[1] Note."), ("item", "1. y")]


_TAGS = (
    "p div span x-a sup sub s del ruby rt a label table tr td th ol li dl dt dd h2 pre math mi mfrac details".split()
)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.sampled_from([f"<{tag}>" for tag in _TAGS] + [f"</{tag}>" for tag in _TAGS] + ["one ", "2", "<br>", "字"])
    )
)
def test_any_page_is_read_with_exact_spans(parts: list[str]) -> None:
    page("".join(parts))


def test_words_of_a_drawing_and_of_a_page_in_an_attribute() -> None:
    html = (
        "<p>A<svg><title>icon</title><text>Boats <tspan>40</tspan></text><text>Oars 9</text></svg></p>"
        "<iframe srcdoc='&lt;p&gt;inner&lt;/p&gt;&lt;script&gt;no&lt;/script&gt;'>x</iframe><p>B"
    )
    assert lines(html) == ["A Boats 40; Oars 9", "inner", "B"]


def test_pages_in_pages_end() -> None:
    inner = "end"
    for _ in range(20):
        inner = f'<p>x</p><iframe srcdoc="{inner.replace("&", "&amp;").replace(chr(34), "&quot;")}"></iframe>'
    assert lines(inner) == ["x"] * 4


def test_drawings_are_read_in_linear_time() -> None:
    with at_most(5):
        assert lines("<svg>" + "<text>a" * 20_000) == ["a" * 20_000]
