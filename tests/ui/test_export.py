"""Conversations as Markdown, HTML, Word and PDF: `ui.views.export`."""

from __future__ import annotations

import html
import io
import re
import zipfile
from dataclasses import replace
from html.parser import HTMLParser

import docx
import pypdfium2
import pytest
from docx.table import Table
from docx.text.paragraph import Paragraph
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from rag.errors import UsageError
from rag.notices import Notice, plain
from rag.store.catalog import Conversation, Feedback, StoredTurn
from rag.text import printable
from rag.types import Answer, Citation, Conflict, LeftOut, Passage, Sentence
from tests.ui.payloads import PAYLOADS
from ui.i18n import translator
from ui.views.answer import answer_html, question_html
from ui.views.escape import escape
from ui.views.export import all_as_zip, file_name, to_html, to_markdown, to_pdf, to_word
from ui.views.export.blocks import blocks_of
from ui.views.export.markdown_blocks import block_lines
from ui.views.export.page import text_html
from ui.views.pieces import asked_only
from ui.views.shared import shared_page

T = translator("en")
HEAD = Conversation("c1", "anna", "The bridge", "2026-05-04T10:00:00.0Z", "2026-05-05T10:00:00.0Z")


def answer(**changes: object) -> Answer:
    words = "The bridge is 412 metres long. [1] It is red. [2]"
    fields: dict[str, object] = {
        "sentences": (
            Sentence("The bridge is 412 metres long. [1]", 0, 34, "verified", (1,)),
            Sentence("It is red. [2]", 35, 49, "partly", (2,), plain("the colour is not named")),
        ),
        "citations": (
            Citation(1, "bridge.pdf", "id1", "Bridge", 5, 20, "is 412 metres\nlong", 12, header="Length | Year"),
            Citation(2, "red.md", "id2", "Red", 0, 3, "red"),
        ),
        "index": {"name": "default"},
        "model": "qwen",
    }
    return Answer("How long?", "How long?", words, **(fields | changes))  # type: ignore[arg-type]


def turn(answer_: Answer, question: str = "How long?", feedback: Feedback | None = None) -> StoredTurn:
    return StoredTurn("t1", "c1", question, answer_, "2026-05-04T10:00:00.0Z", feedback)


def full_of(words: str) -> tuple[Conversation, list[StoredTurn]]:
    """A conversation that holds ``words`` in every place."""
    filled = Answer(
        words,
        words,
        words,
        sentences=(Sentence(words, 0, len(words), "verified", (1,), plain(words)),),
        citations=(Citation(1, words, words, words, 0, len(words), words, 3, header=words),),
        index={"name": words},
        model=words,
        left_out=(LeftOut(words, "unsupported", plain(words)), contradicted(words)),
        conflicts=(Conflict(plain(words), (1,)),),
        notices=(
            Notice("asked-only", {"folders": [words], "documents": [words], "unnamed": 0}),
            plain(words),
            Notice("not-mentioned", {"words": [words]}),
        ),
    )
    passage = Passage(words, words, words, words, 0, len(words), words, words, None, 1, {})
    abstained = Answer(words, words, words, abstained=True, passages=(passage,))
    feedback = Feedback("up", words, "")
    head = Conversation("c1", words, words, "2026-05-04", "2026-05-04")
    return head, [turn(filled, words, feedback), turn(abstained, words)]


class Reader(HTMLParser):
    """The elements, attributes and words of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: set[str] = set()
        self.attributes: set[tuple[str, str | None]] = set()
        self.words = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        self.attributes |= set(attrs)

    def handle_data(self, data: str) -> None:
        self.words += data

    def unknown_decl(self, data: str) -> None:
        raise AssertionError(data)


def read(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    reader.close()
    return reader


def rendered(markdown: str) -> Reader:
    """What a viewer that takes HTML and tables makes of it."""
    viewer = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    return read(viewer.render(markdown))


def squeezed(text: str) -> str:
    return "".join(printable(text).split())


# -- what is said ------------------------------------------------------------------------------------------------------


def test_markdown_says_all_of_it() -> None:
    assert to_markdown(HEAD, [turn(answer(), feedback=Feedback("up", "right", ""))], T).split("\n") == [
        "# The bridge",
        "",
        "A conversation of 2026-05-04 with Footnote, last changed 2026-05-05.",
        "",
        "## How long?",
        "",
        "The bridge is 412 metres long. \\[1\\] ✓ It is red. \\[2\\] ◐",
        "",
        "On sentences of the answer:",
        "",
        "* ◐ It is red. \\[2\\] (the colour is not named)",
        "",
        "\\[1\\] **bridge.pdf, page 12**",
        "",
        "Length \\| Year",
        "",
        "> is 412 metres\\",
        "> long",
        "",
        "\\[2\\] **red.md**",
        "",
        "> red",
        "",
        "Asked 2026-05-04 10:00 UTC; index default; qwen; rated up: right.",
        "",
        "***",
        "",
        "✓ verified: the cited words say it. ◐ partly supported. ○ not found in the documents. ✗ left out: the sources "
        "say otherwise. A number in brackets names the citation.",
        "",
    ]


def test_html_says_all_of_it() -> None:
    page = to_html(HEAD, [turn(answer())], T)
    shown = read(page)
    for words in (
        "The bridge is 412 metres long. [1] ✓ It is red. [2] ◐",
        "bridge.pdf, page 12",
        "Length | Year",
        "is 412 metres\nlong",
    ):
        assert words in shown.words
    assert ("value", "2") in shown.attributes
    assert ("title", "partly: the colour is not named") in shown.attributes
    assert '<span class="partly">It is red. [2]</span>' in page


def test_what_is_missing_left_out_and_disputed_is_said() -> None:
    disputed = answer(
        left_out=(LeftOut("It is green.", "unsupported", plain("no source says so")),),
        conflicts=(Conflict(Notice("values-differ", {"first": "1931", "second": "1932"}), (1, 2)),),
        notices=(plain("The model stopped."), Notice("not-mentioned", {"words": ["the price"]})),
    )
    for words in (
        rendered(to_markdown(HEAD, [turn(disputed)], T)).words,
        read(to_html(HEAD, [turn(disputed)], T)).words,
    ):
        for part in (
            "the price",
            "1 claim of the model left out:",
            "It is green. (no source says so)",
            "1931 or 1932 ([1], [2])",
            "The model stopped.",
        ):
            assert part in words


def contradicted(words: str) -> LeftOut:
    place = {"source": words, "start": 0, "end": len(words), "quote": words, "page": 3}
    return LeftOut(words, "contradicted", Notice("text", {"text": words, **place}))


def test_every_verdict_has_a_symbol_and_its_reason() -> None:
    words = "It grew by 5. It is old."
    why = {"source": "bridge.pdf", "start": 2, "end": 12, "quote": "It is\n3 m.", "page": 3}
    judged = Answer(
        "How long?",
        "How long?",
        words,
        sentences=(
            Sentence("It grew by 5.", 0, 13, "verified", (), Notice("computed", {"calculation": "8 − 3 = 5"})),
            Sentence("It is old.", 14, 24, "unsupported", (), Notice("words-not-in-source")),
        ),
        left_out=(
            LeftOut("It is blue.", "unsupported", Notice("words-not-in-source")),
            LeftOut("It is 4 m.", "contradicted", Notice("contradicted-by-source", why)),
            LeftOut(
                "It is 5 m.", "contradicted", Notice("number-contradicted", {"instead": "3", "number": "5", **why})
            ),
        ),
    )
    for shown in (
        rendered(to_markdown(HEAD, [turn(judged)], T)).words,
        read(to_html(HEAD, [turn(judged)], T)).words,
    ):
        for part in (
            "It grew by 5. ✓ It is old. ○",
            "✓ It grew by 5. (computed from the source: 8 − 3 = 5)",
            "○ It is old. (its words do not stand in the source)",
            "2 claims of the model left out, because the sources say otherwise:",
            "✗ It is 4 m. – “It is 3 m.” (bridge.pdf, page 3)",
            "✗ It is 5 m. (the source says 3, the answer 5) – “It is 3 m.” (bridge.pdf, page 3)",
            "1 claim of the model left out:",
            "○ It is blue. (its words do not stand in the source)",
        ):
            assert part in " ".join(shown.split())
        unmarked = read(to_html(HEAD, [turn(replace(judged, marked=False))], T)).words.split("✓ verified")[0]
        assert "It grew by 5. It is old." in unmarked
        assert "○ It is old" not in unmarked


def test_an_abstention_shows_the_nearest_passages_and_an_answer_does_not() -> None:
    passage = Passage("p", "sea.txt", "id", "Sea", 0, 9, "The ferry", "", 4, 1, {})
    shown = answer(abstained=True, passages=(passage,) * 5, sentences=(), citations=())
    assert to_markdown(HEAD, [turn(shown)], T).count("> The ferry") == 3
    assert "sea.txt, page 4" in to_html(HEAD, [turn(shown)], T)
    assert "sea.txt" not in to_html(HEAD, [turn(answer(passages=(passage,)))], T)


def test_an_empty_conversation() -> None:
    assert "The bridge" in to_markdown(HEAD, [], T)
    assert "The bridge" in to_html(HEAD, [], T)


# -- Word and PDF ------------------------------------------------------------------------------------------------------

WRITTEN = """# The bridge

It is **412 metres** long and *red*, see `bridge.pdf`. [1]

- Cars pay 3 crowns.
- On foot it is free.
  - So it is for horses.

4. Fourth
5. Fifth

| Vessel | Fee |
| --- | --- |
| Rowing boat | 2 |
| Grain barge | 71 |

```
length = 412
```
Naïve “words”, Straße, Жук, αβγ → end."""


def written_answer(words: str = WRITTEN, **changes: object) -> Answer:
    return replace(answer(sentences=(), **changes), answer=words)


def words_of_docx(content: bytes) -> str:
    """All words of a Word document in order, as another program reads them."""
    read_ = docx.Document(io.BytesIO(content))
    texts = []
    for element in read_.element.body.iterchildren():
        if element.tag.endswith("}tbl"):
            texts += [cell.text for row in Table(element, read_).rows for cell in row.cells]
        elif element.tag.endswith("}p"):
            texts.append(Paragraph(element, read_).text)
    return "\n".join(texts)


def words_of_pdf(content: bytes) -> str:
    document = pypdfium2.PdfDocument(content)
    text = "\n".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    return text


def letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))


def test_word_says_all_of_it_in_styles_that_word_knows() -> None:
    content = to_word(HEAD, [turn(written_answer(), feedback=Feedback("up", "right", ""))], T)
    assert content == to_word(HEAD, [turn(written_answer(), feedback=Feedback("up", "right", ""))], T)
    read_ = docx.Document(io.BytesIO(content))
    assert read_.core_properties.title == "The bridge"
    said = [(paragraph.style and paragraph.style.name, paragraph.text) for paragraph in read_.paragraphs]
    for style, words in (
        ("Heading 1", "The bridge"),
        ("Heading 2", "How long?"),
        ("Heading 3", "The bridge"),
        ("Normal", "It is 412 metres long and red, see bridge.pdf. [1]"),
        ("List Paragraph", "•\tCars pay 3 crowns."),
        ("List Paragraph", "4.\tFourth"),
        ("Code", "length = 412"),
        ("Normal", "Naïve “words”, Straße, Жук, αβγ → end."),
        ("List Paragraph", "[1]\tbridge.pdf, page 12"),
        ("Small", "Length | Year"),
        ("Quote", "is 412 metres\nlong"),
        ("Small", "Asked 2026-05-04 10:00 UTC; index default; qwen; rated up: right."),
    ):
        assert (style, words) in said
    bold = [run.text for paragraph in read_.paragraphs for run in paragraph.runs if run.bold]
    assert bold == ["412 metres", "bridge.pdf, page 12", "red.md"]
    (table,) = read_.tables
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["Vessel", "Fee"],
        ["Rowing boat", "2"],
        ["Grain barge", "71"],
    ]
    judged = words_of_docx(to_word(HEAD, [turn(answer())], T))
    assert "The bridge is 412 metres long. [1] ✓ It is red. [2] ◐" in judged
    assert "✓ verified: the cited words say it." in judged


def test_a_pdf_says_all_of_it() -> None:
    said = " ".join(words_of_pdf(to_pdf(HEAD, [turn(written_answer()), turn(answer())], T)).split())
    for words in (
        "The bridge A conversation of 2026-05-04 with Footnote, last changed 2026-05-05. How long?",
        "It is 412 metres long and red, see bridge.pdf. [1] • Cars pay 3 crowns. • On foot it is free. "
        "• So it is for horses. 4. Fourth 5. Fifth Vessel Fee Rowing boat 2 Grain barge 71 length = 412",
        "Naïve “words”, Straße, Жук, αβγ → end. [1] bridge.pdf, page 12 Length | Year is 412 metres long",
        "The bridge is 412 metres long. [1] ✓ It is red. [2] ◐",
        "✓ verified: the cited words say it.",
        "1 / 2",
    ):
        assert words in said


def test_a_long_conversation_fills_pages_and_loses_nothing() -> None:
    rows = "\n".join(f"| {number} | {'wide words ' * 30}|" for number in range(30))
    long_ = written_answer(f"| n | much |\n| --- | --- |\n{rows}\n\n{'x' * 900} {'end ' * 900}")
    content = to_pdf(HEAD, [turn(long_)], T)
    said = words_of_pdf(content)
    assert letters(said).count("widewords") == 900
    assert said.count("end") == 900
    assert letters(said).count("x" * 40) >= 20
    document = pypdfium2.PdfDocument(content)
    assert len(document) > 4
    for page in document:
        left, _, right, _ = page.get_bbox()
        assert left >= 0
        assert right <= page.get_width()
    document.close()


def test_letters_that_a_pdf_cannot_show_are_told_and_signs_stand_as_their_numbers() -> None:
    with pytest.raises(UsageError, match=r"some letters of this conversation \(桥 关 闭\)"):
        to_pdf(HEAD, [turn(written_answer("桥关闭桥"))], T)
    assert "桥关闭桥" in words_of_docx(to_word(HEAD, [turn(written_answer("桥关闭桥"))], T))
    assert "well [U+1F600] done" in words_of_pdf(to_pdf(HEAD, [turn(written_answer("well 😀 done"))], T))


MARKDOWN = st.text(
    st.one_of(st.sampled_from("\\`*_[]()<>#+-.!|~&=:\n \n 1aw"), st.sampled_from("äßéЖαxyz€→")), max_size=80
)


@given(MARKDOWN)
def test_no_word_of_an_answer_or_a_quote_is_lost_in_any_format(words: str) -> None:
    cited = Citation(1, "bridge.pdf", "id1", "Bridge", 0, len(words), words)
    turns = [turn(written_answer(words, citations=(cited,)))]
    wanted = letters(words)
    for said in (
        read(to_html(HEAD, turns, T)).words,
        rendered(to_markdown(HEAD, turns, T)).words,
        words_of_docx(to_word(HEAD, turns, T)),
    ):
        after = letters(said).split("Howlong", 1)[1]
        # The numbers of a list are written by the list.
        assert re.sub("[0-9]", "", wanted) in re.sub("[0-9]", "", after)
        assert squeezed(words) in squeezed(said), "the quote"


@settings(max_examples=25)
@given(MARKDOWN)
@example("a<\nß")
def test_no_word_is_lost_in_a_pdf(words: str) -> None:
    said = words_of_pdf(to_pdf(HEAD, [turn(written_answer(words))], T))
    assert re.sub("[0-9]", "", letters(words)) in re.sub("[0-9]", "", letters(said))


@pytest.mark.parametrize("payload", PAYLOADS)
def test_word_keeps_words_words(payload: str) -> None:
    content = to_word(*full_of(payload), T)
    said = words_of_docx(content)
    shown = "".join(letter for letter in squeezed(payload) if letter.isprintable())
    assert "".join(letter for letter in squeezed(said) if letter.isprintable()).count(shown) >= 9
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert "Target" not in archive.read("word/document.xml").decode()
        assert archive.read("word/_rels/document.xml.rels").decode().count("<Relationship ") == 1, "it leads nowhere"


def test_a_quote_stands_in_each_format_as_it_is_stored() -> None:
    quote = "“Two  spaces”\nand a\ttab; 1 < 2 & *stars* [9]"
    cited = (Citation(1, "a.md", "id", "A", 0, len(quote), quote),)
    turns = [turn(answer(citations=cited))]
    page = to_html(HEAD, turns, T)
    assert f"<blockquote>{escape(quote)}</blockquote>" in page
    assert quote in words_of_docx(to_word(HEAD, turns, T))
    markdown = to_markdown(HEAD, turns, T)
    assert quote.split("\n")[0] in html.unescape(markdown.replace("\\", ""))


def test_all_conversations_are_one_archive() -> None:
    heads = [HEAD, replace(HEAD, id="c2abcdefgh")]
    content = all_as_zip([(head, [turn(answer())]) for head in heads], "{}", T)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert sorted(archive.namelist()) == [
            "2026-05-04-c1-footnote-the-bridge.md",
            "2026-05-04-c2abcd-footnote-the-bridge.md",
            "conversations.json",
        ]
        assert archive.read("2026-05-04-c1-footnote-the-bridge.md").decode().startswith("# The bridge")


# -- what stays words --------------------------------------------------------------------------------------------------

HARMLESS = set("html head meta title style body main h1 h2 p section div span strong ol ul li blockquote hr".split())
# What the Markdown of an answer may become.
RENDERED = set("h3 h4 h5 h6 em code pre br table thead tbody tr th td".split())


@pytest.mark.parametrize("payload", PAYLOADS)
def test_html_keeps_words_words(payload: str) -> None:
    page = to_html(*full_of(payload), T)
    shown = read(page)
    assert shown.elements <= HARMLESS | RENDERED
    assert {name for name, _ in shown.attributes} <= {
        "lang",
        "charset",
        "http-equiv",
        "content",
        "name",
        "class",
        "title",
        "value",
        "start",
    }
    assert {value for name, value in shown.attributes if name == "class"} <= {
        "small",
        "answer",
        "symbol",
        "verified",
        "not-a-claim",
        "f-paragraph",
        "f-bracket",
    }
    assert squeezed(shown.words).count(squeezed(payload)) >= 9, "every place says it; an answer may be rendered"
    for brace in ("{{", "{%", "${", "`"):
        assert brace not in page.split("</style>")[1]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_markdown_keeps_words_words(payload: str) -> None:
    text = to_markdown(*full_of(payload), T)
    shown = rendered(text)
    assert shown.elements <= HARMLESS | RENDERED
    assert {name for name, _ in shown.attributes} <= {"start"}
    assert squeezed(shown.words).count(squeezed(payload)) >= 9, "every place says it; an answer may be rendered"
    for live in ("{{", "{%", "${", "https://", "www."):
        assert live not in text


@given(st.text(st.one_of(st.sampled_from("\\`*_{}[]()<>#+-.!|~&=:\n \t1aw"), st.characters()), max_size=60))
def test_markdown_of_any_text_shows_that_text(words: str) -> None:
    words = words.encode("utf-8", "replace").decode()
    shown = rendered(to_markdown(*full_of(words), T))
    assert shown.elements <= HARMLESS | RENDERED
    assert {name for name, _ in shown.attributes} <= {"start"}
    assert squeezed(shown.words).count(squeezed(words)) >= 9


_PARTS = (
    "# ",
    "- ",
    "1. ",
    "  - ",
    "**",
    "*",
    "`",
    "```",
    "| a | b |",
    "| --- | --- |",
    "http",
    "://",
    "<b>",
    "word",
    ".",
)


@settings(max_examples=500)
@example("**a *b***c\n- x\n  - **y**z\n\n7. `<b>` `://`")
@given(st.lists(st.sampled_from([*_PARTS, " ", "\n", "\n\n"]), max_size=20).map("".join))
def test_a_rendered_answer_has_the_same_words_in_markdown(words: str) -> None:
    blocks = blocks_of(text_html(written_answer(words), T))
    runs = [
        run for block in blocks for run in (*block.runs, *(run for row in block.rows for cell in row for run in cell))
    ]
    shown = rendered("\n".join(block_lines(blocks)))
    assert shown.elements <= HARMLESS | RENDERED
    assert squeezed(shown.words) == squeezed("".join(run.text for run in runs))


def test_the_markdown_of_an_answer_stays_markdown() -> None:
    text = to_markdown(HEAD, [turn(written_answer())], T)
    begin = text.index("### The bridge")
    assert text[begin : text.index("Naïve")].split("\n") == [
        "### The bridge",
        "",
        "It is **412 metres** long and *red*, see `bridge.pdf`. \\[1\\]",
        "",
        "-   Cars pay 3 crowns.",
        "-   On foot it is free.",
        "    -   So it is for horses.",
        "",
        "4.  Fourth",
        "5.  Fifth",
        "",
        "| Vessel | Fee |",
        "| --- | --- |",
        "| Rowing boat | 2 |",
        "| Grain barge | 71 |",
        "",
        "```",
        "length = 412",
        "```",
        "",
        "",
    ]
    shown = rendered(text)
    assert {"h3", "ol", "ul", "table", "th", "em", "code", "pre"} <= shown.elements
    assert ("start", "4") in shown.attributes


@given(st.text())
def test_escaping_is_undone_by_a_browser_alone(words: str) -> None:
    escaped = escape(words)
    assert html.unescape(escaped) == printable(words)
    assert len(html.unescape(escaped)) == len(words)
    assert not set(escaped) & set("<>\"'{}`$")


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("The toll of the Bridge?", "footnote-the-toll-of-the-bridge.md"),
        ("../../etc/passwd", "footnote-etc-passwd.md"),
        ("Brücke über München", "footnote-brucke-uber-munchen.md"),
        ("桥", "footnote-conversation.md"),
        ('a"; filename="x.exe\r\nSet-Cookie: a=b', "footnote-a-filename-x-exe-set-cookie-a-b.md"),
        ("", "footnote-conversation.md"),
    ],
)
def test_file_names(title: str, name: str) -> None:
    download = file_name(Conversation("c", "u", title, "", ""), "md")
    assert download == name
    assert re.fullmatch(r"[a-z0-9.-]+", download)


def test_an_export_says_to_which_documents_a_question_was_kept() -> None:
    limit = Notice("asked-only", {"folders": ["sea"], "documents": ["bridge.md"], "unnamed": 1200})
    turns = [turn(answer(notices=(limit, plain("Something else."))))]
    told = "Asked only about: folder sea; bridge.md; 1,200 documents"
    assert told in read(to_html(HEAD, turns, T)).words
    assert told in rendered(to_markdown(HEAD, turns, T)).words
    assert told in read(shared_page(HEAD, turns, HEAD.changed, T)).words
    assert told in words_of_docx(to_word(HEAD, turns, T))
    assert told in " ".join(words_of_pdf(to_pdf(HEAD, turns, T)).split())
    german = translator("de")
    for said in (
        read(to_html(HEAD, turns, german)).words,
        words_of_docx(to_word(HEAD, turns, german)),
        " ".join(words_of_pdf(to_pdf(HEAD, turns, german)).split()),
    ):
        assert "Nur befragt: Ordner sea" in said
    # It is said once, with the question.
    assert read(to_html(HEAD, turns, T)).words.count("Asked only about") == 1
    question = str(question_html("How long?", "t1", (), T.notice(asked_only(turns[0].answer))))
    assert told in question
    assert "Asked only about" not in str(answer_html(turns[0].answer, T, "w/t1"))
