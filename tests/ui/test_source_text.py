"""Documents that are no PDF as they are shown: `ui.views.source_text` and what it is made of."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.load.media_types import EML, MARKDOWN, MBOX, MSG, PLAIN
from rag.load.plain_text.markdown import markdown_structure
from rag.store.index import Index
from rag.text import printable
from rag.types import Block
from tests.processor_time import at_most
from tests.ui.payloads import PAYLOADS
from tests.ui.shown import Shown, id_of, letters, source_text, span_of, squeezed, words_of
from ui.views.source import view_source
from ui.views.source_blocks import SourceText
from ui.views.source_parts import SIZE
from ui.views.source_text import Heading, find, heading_path, outline, window

FILES = Path(__file__).parents[1] / "reading" / "files"
FORMATS = (
    *("captions", "csv", "docx", "eml", "epub", "html", "ipynb", "json", "mbox", "md", "mhtml", "msg", "odp", "ods"),
    *("odt", "org", "pptx", "rst", "rtf", "tex", "txt", "xls", "xlsx", "xml"),
)
REAL_FILES = sorted(
    path for name in FORMATS for path in (FILES / name).iterdir() if not path.name.endswith(".expected.json")
)


def markdown(text: str) -> SourceText:
    structure = markdown_structure(text)
    return SourceText(text, structure.blocks, structure.tables, media_type=MARKDOWN)


def marked(source: SourceText, words: str) -> list[str]:
    start = source.text.index(words)
    return Shown(window(source, start, start + len(words)).html).marks


# -- a text --


def test_a_citation_is_marked_in_its_text(index: Index) -> None:
    id_, start, end = span_of(index, "bridge.md", "3 crowns")
    view = view_source(index, id_, start, end)
    shown = Shown(view.html)
    assert shown.marks == ["3 crowns"]
    assert squeezed(shown.words) == squeezed(words_of(index, "bridge.md").replace("#", ""))
    assert (view.kind, view.source, view.title) == ("text", "bridge.md", "Lantern bridge")
    assert view.heading == ("Lantern bridge", "Toll")
    assert view.state == "current"
    assert (view.first, view.last, view.before, view.after) == (0, len(words_of(index, "bridge.md")), None, None)
    assert [(heading.level, heading.words) for heading in view.outline] == [(1, "Lantern bridge"), (2, "Toll")]
    assert '<h4 class="f-heading f-level-2"' in view.html
    assert view.html.count('id="cited"') == 1


def test_a_source_alone_has_no_mark(index: Index) -> None:
    view = view_source(index, id_of(index, "bridge.md"))
    assert Shown(view.html).marks == []
    assert squeezed(Shown(view.html).words) == squeezed(words_of(index, "bridge.md").replace("#", ""))


def test_what_else_is_cited_is_marked_lightly(index: Index) -> None:
    id_, start, end = span_of(index, "bridge.md", "3 crowns")
    other = span_of(index, "bridge.md", "412 metres")[1:]
    shown = Shown(view_source(index, id_, start, end, others=[(start, end), other]).html)
    assert (shown.marks, shown.others[1:]) == (["3 crowns"], ["412 metres"])


@given(
    st.text(st.one_of(st.sampled_from("# \n<&{a1\u202e*_`|[]()!~->😀"), st.characters(codec="utf-8")), max_size=300),
    st.integers(0, 300),
    st.integers(0, 300),
    st.booleans(),
)
def test_every_word_is_shown_and_exactly_the_span_is_marked(text: str, start: int, length: int, md: bool) -> None:
    start = min(start, len(text))
    end = min(len(text), start + length)
    source = markdown(text) if md else SourceText(text, media_type=PLAIN)
    view = window(source, start, end)
    shown = Shown(view.html)
    quote = printable(text[start:end])
    # Where an address or the name of a language is a sign, letters are signs.
    if md and re.search(r"\]\(|\]\[|```|~~~|^(---|\+\+\+)$", text, re.M):
        assert is_subsequence(letters("".join(shown.marks)), letters(quote))
    else:
        assert letters("".join(shown.marks)) == letters(quote)
        assert letters(shown.words) == letters(printable(text))
    if not md and text[start:end].strip():
        assert "".join(shown.marks) in quote
    assert ('id="cited"' in view.html) == bool(text[start:end].strip()) or md


def is_subsequence(words: str, of: str) -> bool:
    rest = iter(of)
    return all(letter in rest for letter in words)


# -- Markdown --


def test_the_signs_of_markdown_are_not_shown() -> None:
    source = markdown(
        "# Inn\n\n> The **old inn** has `12` _good_ rooms, [see](https://example.org/inn) 2*3 snake_case.\n\n"
        "- one\n  - two\n1. three\n- [x] done\n\nA line  \nbroken, ~~gone~~ \\*star.\n\n***\n\n```py\na ** b\n```\n"
    )
    view = window(source)
    shown = Shown(view.html)
    assert squeezed(shown.words) == (
        "Inn The old inn has 12 good rooms, see 2*3 snake_case. one two 1. three done A line broken, gone *star. a ** b"
    )
    assert '<span class="f-address" title="https://example.org/inn">see</span>' in view.html
    for part in (
        "<strong>old inn</strong>",
        "<code>12</code>",
        "<em>good</em>",
        "<s>gone</s>",
        "<br>",
        "<hr>",
        "f-done",
    ):
        assert part in view.html
    assert "<blockquote" in view.html
    assert "f-done" in view.html
    assert 'class="f-depth-1"' in view.html
    assert "href" not in view.html


@pytest.mark.parametrize(
    ("words", "marks"),
    [
        ("is **very old", "is very old"),
        ("old** and", "old and"),
        ("Bergen** | 4", "Bergen4"),
        ("[the map](https://example.org/map) and", "the map and"),
        ("## Tol", "Tol"),
        ("City | Staff", "CityStaff"),
        ("## ", ""),
        ("`code` 😀 end", "code 😀 end"),
        ("عشرة كراون", "عشرة كراون"),
    ],
)
def test_a_mark_runs_through_signs(words: str, marks: str) -> None:
    source = markdown(
        "## Toll\n\nIt **is **very old** and see [the map](https://example.org/map) and `code` 😀 end.\n\n"
        "| City | Staff |\n| --- | ---: |\n| **Bergen** | 45 |\n| Oslo | 9 |\n\nالرسم عشرة كراون اليوم.\n"
    )
    start = source.text.index(words)
    view = window(source, start, start + len(words))
    assert "".join(Shown(view.html).marks) == marks
    # Where signs alone are cited, what holds them is scrolled to.
    assert view.html.count('id="cited"') == 1


def test_front_matter_is_folded_and_opens_where_it_is_cited() -> None:
    source = markdown("---\ntitle: Inn\ndate: 2024-01-02\n---\n\n# Inn\n\nOpen.\n")
    assert '<details class="f-matter"><summary>title · date</summary>' in window(source).html
    start = source.text.index("2024-01-02")
    assert '<details class="f-matter" open>' in window(source, start, start + 10).html


def test_a_table_of_markdown_keeps_its_names_and_spans() -> None:
    view = window(source_text((FILES / "md" / "multimarkdown.md").read_bytes(), "a.md"))
    assert Shown(view.html).cells == [
        ["", "Wheat", "Barley"],
        ["Year", "North", "South", "North"],
        ["2022", "4.1", "3.9", "3.0"],
        ["2023", "4.4", "3.2"],
    ]
    assert '<th scope="colgroup" colspan="2">Wheat</th>' in view.html
    assert 'colspan="2">4.4</td>' in view.html


@pytest.mark.parametrize("text", ["[" * 50_000, "*_`|" * 20_000, "](" * 20_000, "```\n" * 10_000, "**a " * 20_000])
def test_signs_alone_are_found_in_a_moment(text: str) -> None:
    with at_most(3):
        assert Shown(window(markdown(text), 0, 5).html).words is not None


# -- other formats --


def test_a_table_of_word_is_the_grid_that_it_was() -> None:
    source = source_text((FILES / "docx" / "tables_merged_python.docx").read_bytes(), "a.docx")
    start = source.text.index("City: Bergen; Staff 2023: 45")
    view = window(source, start, start + len("City: Bergen; Staff 2023: 45"))
    assert Shown(view.html).cells == [
        ["Country", "City", "Staff"],
        ["2023", "2024"],
        ["Norway", "Oslo", "120", "131"],
        ["Norway", "Bergen", "45", "47"],
        ["Iceland", "Akureyri", "9", "8"],
    ]
    assert '<th scope="col" rowspan="2">Country</th>' in view.html
    assert Shown(view.html).marks == ["Bergen", "45"]
    assert view.html.count('class="cited"') + view.html.count('class="cited ') == 4, (
        "the row, two cells, the second mark"
    )


def test_notes_struck_words_and_pictures() -> None:
    notes = source_text((FILES / "docx" / "notes_pandoc.docx").read_bytes(), "a.docx")
    page = window(notes).html
    assert '<sup title="Not on Sundays.">[1]</sup>' in page
    assert page.count('<p class="f-note"') == 3
    assert marked(notes, "9 [1] and") == ["9 [1] and"]
    struck = source_text((FILES / "docx" / "struck_pandoc.docx").read_bytes(), "a.docx")
    assert "<s>3.50</s> 4.20" in window(struck).html
    assert marked(struck, "3.50] 4.20") == ["3.50 4.20"]
    slides = source_text((FILES / "pptx" / "diagrams_by_hand.pptx").read_bytes(), "a.pptx")
    assert '<span class="f-figure">Hands on a wheel</span>' in window(slides).html


def test_slides_and_mails_and_items() -> None:
    slides = window(source_text((FILES / "pptx" / "lists_pandoc.pptx").read_bytes(), "a.pptx")).html
    assert re.findall(r'<span class="f-page-number">(\d)</span><h3[^>]*>(\w+)', slides) == [
        ("1", "Tides"),
        ("2", "Ropes"),
        ("3", "Count"),
    ]
    mail = window(source_text((FILES / "eml" / "forward_nested.eml").read_bytes(), "a.eml")).html
    assert mail.count('<dl class="f-mail"') == 3
    assert "<dt>From</dt>" in mail
    items = window(source_text((FILES / "docx" / "numbers_levels.docx").read_bytes(), "a.docx")).html
    assert '<span class="f-number">(a) </span>' in items


def test_code_has_lines_with_numbers() -> None:
    text = "import os\n\n\ndef area(side):\n    return side * side\n"
    source = source_text(text, "area.py")
    start = text.index("side):\n    return")
    view = window(source, start, start + len("side):\n    return"))
    assert Shown(view.html).marks == ["side):", "    return"]
    assert re.findall(r'f-code-line cited" data-line="(\d)"', view.html) == ["4", "5"]
    assert Shown(view.html).words.rstrip() == text.rstrip()
    many = source_text("x = 1\n" * 5_000, "many.py")
    second = window(many, at=window(many, at=0).after)
    assert f'data-line="{many.text[: second.first].count(chr(10)) + 1}"' in second.html


@pytest.mark.parametrize("path", REAL_FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_word_of_real_files_is_shown_and_spans_are_marked(path: Path) -> None:
    source = source_text(path.read_bytes(), path.name)
    text = source.text
    html = window(source).html
    shown = Shown(html)
    head = re.findall(r"\w+", " ".join(cell for row in shown.cells for cell in row))
    for block in source.blocks:
        words = re.findall(r"\w+", visible(source, block))
        if block.kind == "row":
            # The names of the columns stand above them.
            assert set(words) <= {*re.findall(r"\w+", shown.words)}
        else:
            assert words_in_order(words, re.findall(r"\w+", shown.words)), text[block.start : block.end]
    # The head of a mail is a table that is shown as a head.
    assert head or not source.tables or '<dl class="f-mail"' in html
    draw = random.Random(7)
    for _ in range(12):
        block = draw.choice(source.blocks)
        start = draw.randrange(block.start, block.end)
        end = min(len(text), start + draw.randrange(1, 60))
        view = Shown(window(source, start, end).html)
        quote = squeezed(printable(text[start:end]))
        assert is_subsequence(letters("".join(view.marks)), letters(quote))
        inside = end <= block.end and block.kind not in ("row", "code")
        if inside and not re.search(r"[\[\]]|^[A-Z][\w-]*:", text[block.start : block.end], re.M):
            assert letters("".join(view.marks)) == letters(quote)


def visible(source: SourceText, block: Block) -> str:
    """The words of a block that a reader sees, without those that say how others look."""
    words = source.text[block.start : block.end]
    words = re.sub(r"\[(?:struck out|picture): ", "", words)
    # The subject of a mail is the heading above its head.
    words = re.sub(r"\ASubject: .*", "", words) if source.media_type in (EML, MBOX, MSG) else words
    if words.startswith(("```", "~~~")):
        words = words.partition("\n")[2]
    return re.sub(r"\]\([^()\s]*\)", "", words) if source.media_type == MARKDOWN else words


def words_in_order(words: list[str], of: list[str]) -> bool:
    rest = iter(of)
    return all(word in rest for word in words)


# -- parts --


def test_parts_of_a_long_text_follow_each_other_without_a_gap() -> None:
    text = "\n\n".join(f"Paragraph {n} of a long story." + " More." * (n % 40) for n in range(4000))
    source = source_text(text, "long.txt")
    start = text.index("Paragraph 2000 of")
    middle = window(source, start, start + 14)
    assert middle.last - middle.first <= 4 * SIZE
    assert middle.first < start - 2000
    assert middle.last > start + 2000
    assert Shown(middle.html).marks == ["Paragraph 2000"]
    pieces, at = "", middle.after
    while at is not None:
        part = window(source, start, start + 14, at)
        assert part.first == at
        assert Shown(part.html).marks == []
        pieces += text[part.first : part.last]
        at = part.after
    assert text[: middle.last] + pieces == text
    covered, at = middle.first, middle.before
    while at is not None:
        part = window(source, start, start + 14, at)
        assert part.last == covered, "a gap or a repetition on the way back"
        covered, at = part.first, part.before
    assert covered == 0


@pytest.mark.parametrize("text", ["x" * 100_000, "x " * 50_000, "x\n" * 50_000, "桥" * 100_000])
@pytest.mark.parametrize("kind", ["paragraph", "row", "code", "item"])
def test_no_text_is_shown_whole_that_is_too_long(text: str, kind: str) -> None:
    source = SourceText(text, (Block(0, len(text), kind),))  # type: ignore[arg-type]
    view = window(source, 50_000, 90_000)
    assert view.last - view.first <= 6 * SIZE
    assert view.first <= 50_000 < view.last
    at: int | None = 0
    seen = 0
    while at is not None:
        part = window(source, 0, 0, at)
        assert part.last > part.first == seen
        assert letters(Shown(part.html).words) == letters(text[part.first : part.last])
        seen, at = part.last, part.after
    assert seen == len(text)


def test_a_text_of_five_megabytes_opens_at_its_middle_in_a_moment() -> None:
    text = "\n\n".join(f"Paragraph {n} tells of the lamp and of much else." for n in range(100_000))
    source = source_text(text, "long.txt")
    start = text.index("Paragraph 50000 ")
    with at_most(2):
        view = window(source, start, start + 15)
    assert Shown(view.html).marks == ["Paragraph 50000"]
    assert len(view.html) < 100_000


def test_heading_paths_and_the_outline() -> None:
    text = "# One\n\na\n\n## Two\n\nb\n\n### Three\n\nc\n\n## Four ##\n\nd\n\n# Five\n\ne"
    source = markdown(text)
    paths = {words: heading_path(text, source.blocks, text.index(f"\n{words}") + 1) for words in "abcde"}
    assert paths == {
        "a": ("One",),
        "b": ("One", "Two"),
        "c": ("One", "Two", "Three"),
        "d": ("One", "Four"),
        "e": ("Five",),
    }
    assert heading_path(text, source.blocks, 0) == ()
    assert outline(source)[1] == Heading(text.index("## Two"), 2, "Two")
    deep = markdown("\n\n".join(f"{'#' * (1 + (n % 3))} Heading {n}" for n in range(1_000)))
    assert {heading.level for heading in outline(deep)} == {1}


def test_words_are_found_whatever_stands_between_them() -> None:
    text = "The Old  bridge.\nAn old\nbridge (a+b)."
    assert [text[start:end] for start, end in find(text, "old bridge")] == ["Old  bridge", "old\nbridge"]
    assert [text[start:end] for start, end in find(text, "A+B)")] == ["a+b)"]
    assert find(text, "  ") == []
    assert len(find("a" * 5_000, "a")) == 1_000


# -- what is untrusted --

ELEMENTS = {
    *("div", "span", "mark", "table", "thead", "tbody", "tr", "th", "td", "caption", "colgroup", "col"),
    *("p", "h3", "h4", "h5", "h6", "ul", "li", "blockquote", "hr", "br", "pre", "code", "details", "summary"),
    *("strong", "em", "s", "sup"),
}
ATTRIBUTES = {
    *("class", "id", "scope", "title", "role", "tabindex", "colspan", "rowspan", "open", "data-at", "data-table"),
    *("data-line", "aria-colcount", "aria-rowindex", "aria-hidden"),
}
LIVE = ("{{", "{%", "${", "`", "<script", "<img", "<svg", "\u202e")


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize("name", ["a.md", "a.csv", "a.txt", "a.html", "a.py"])
def test_words_stay_words(payload: str, name: str) -> None:
    payload = payload.replace("\0", "")  # with it, the file is none of text
    cell = '"' + payload.replace('"', '""') + '"'
    data = f"name,value\nlamp,{cell}\n{cell},3\nrow,4\n" if name.endswith("csv") else f"# {payload}\n\n{payload}\n"
    source = source_text(data if not name.endswith("html") else f"<p>lamp {payload}</p><p>a</p>", name)
    view = window(source, 0, len(source.text))
    assert name != "a.csv" or "<table" in view.html
    shown = Shown(view.html)
    assert set(shown.elements) <= ELEMENTS
    assert {attribute for _, attribute, _ in shown.attributes} <= ATTRIBUTES
    assert {value for _, attribute, value in shown.attributes if attribute == "id"} == {"cited"}
    for live in LIVE:
        assert live not in view.html
