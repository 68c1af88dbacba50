"""Chunks: whole, in order, within the limit, and at their true offsets: `rag.ingestion.chunking`."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.ingestion.chunking import CountTokens, cut_chunks
from rag.load.builder import Builder
from rag.load.plain_text.code import code_blocks
from rag.load.plain_text.markdown import markdown_structure
from rag.load.plain_text.plain import plain_blocks
from rag.load.tables import add_table, text_rows
from rag.settings import Settings
from rag.text import embedded_text
from rag.types import Block, Chunk, Document
from tests.processor_time import at_most

LIMIT = 40


def count_words(texts: Sequence[str]) -> list[int]:
    return [len(text.split()) for text in texts]


def count_characters(texts: Sequence[str]) -> list[int]:
    return [len("".join(text.split())) for text in texts]


@pytest.fixture(scope="module")
def count_pieces() -> CountTokens:
    """The tokenizer of the real embedding model."""
    from rag.models.encoders import open_encoder

    return open_encoder(Settings(threads=1)).count_tokens


def markdown(text: str, title: str = "Guide") -> Document:
    return Document(text, title, "text/markdown", markdown_structure(text).blocks)


def plain(text: str, title: str = "") -> Document:
    return Document(text, title, "text/plain", plain_blocks(text))


def code(text: str, title: str = "main.py") -> Document:
    return Document(text, title, "text/x-code", code_blocks(text))


def check(document: Document, chunks: Sequence[Chunk], count: CountTokens, limit: int) -> None:
    """What holds for the chunks of any document."""
    text = document.text
    position = 0
    for chunk in chunks:
        words = text[chunk.start : chunk.end]
        assert chunk.start >= position, "chunks overlap or are out of order"
        assert not text[position : chunk.start].strip(), "text between two chunks was lost"
        assert words == words.strip() != ""
        assert count([embedded_text(words, chunk.context)])[0] + 2 <= limit
        position = chunk.end
    assert not text[position:].strip(), "the end of the text was lost"


LINES = st.one_of(
    st.text(
        st.one_of(st.sampled_from(" .|`#-\t\u200d\u0301桥ไ👩🚀\u00a0\u2028"), st.characters(codec="utf-8")), max_size=60
    ),
    st.lists(
        st.sampled_from(["the", "bridge", "is", "closed.", "3.50", "Dr.", "unaffable", "桥关闭了。"]), max_size=90
    ).map(" ".join),
    st.sampled_from(
        [
            *("", "# Bridge", "## Toll and the like", "### Deep", "- an item", "1. first", "```", "| a | b |"),
            *("| --- | --- |", "| 3 | crowns |", "    indented", "Title", "=====", "---", "def f(x):"),
            *("    return x", "word" * 80, "桥" * 90),
        ]
    ),
)
DOCUMENTS = st.builds(
    lambda lines, make, title: make("\n".join(lines), title),
    st.lists(LINES, max_size=25),
    st.sampled_from([markdown, plain, code]),
    st.sampled_from(
        ["", "Guide", "A title of rather more words than any limit of so few tokens would allow it " * 3, "桥" * 50]
    ),
)


@given(DOCUMENTS, st.sampled_from([count_words, count_characters]))
@settings(max_examples=60)
def test_chunks_are_whole_ordered_and_within_the_limit(document: Document, count: CountTokens) -> None:
    chunks = cut_chunks(document, count, LIMIT, target=25)
    check(document, chunks, count, LIMIT)
    assert cut_chunks(document, count, LIMIT, target=25) == chunks


@pytest.mark.model
@given(document=DOCUMENTS)
@settings(max_examples=60)
def test_chunks_fit_the_real_tokenizer(document: Document, count_pieces: CountTokens) -> None:
    check(document, cut_chunks(document, count_pieces, LIMIT, target=25), count_pieces, LIMIT)


def test_repeated_lines_have_their_true_places() -> None:
    line = "The same line, always the same."
    document = plain("\n\n".join([line] * 200))
    chunks = cut_chunks(document, count_words, LIMIT, target=25)
    check(document, chunks, count_words, LIMIT)
    starts = set(range(0, len(document.text), len(line) + 2))
    assert len(chunks) > 20
    assert all(chunk.start in starts and chunk.end - len(line) in starts for chunk in chunks)
    assert chunks[0].start == 0
    assert chunks[-1].end == len(document.text)


def test_a_short_document_is_one_chunk() -> None:
    document = markdown("# Bridge\n\nIt is closed.\n")
    assert cut_chunks(document, count_words) == [Chunk(0, 23, "Guide")]


def test_the_headings_above_a_chunk_are_its_context() -> None:
    prose = "The quick brown fox jumps over the lazy dog. " * 3
    text = f"# Bridge\n\n{prose}\n\n## Toll\n\n{prose}\n\n### Cars\n\n{prose}\n\n## Storm\n\n{prose}\n"
    document = markdown(text)
    contexts = {}
    for chunk in cut_chunks(document, count_words, 50, target=40):
        contexts[text[chunk.start :].split("\n")[0]] = chunk.context
    assert contexts == {
        "# Bridge": "Guide",
        "## Toll": "Guide › Bridge",
        "### Cars": "Guide › Bridge › Toll",
        "## Storm": "Guide › Bridge",
    }


def test_a_running_foot_is_no_chunk_of_its_own() -> None:
    prose = "One two three four five six seven eight nine ten. " * 6
    text = f"{prose}\n\nReport | 7"
    end = len(prose.rstrip())
    document = Document(text, "", "application/pdf", (Block(0, end, "paragraph"), Block(end + 3, len(text), "margin")))
    for target in range(3, 60):
        chunks = cut_chunks(document, count_words, 70, target=target)
        check(document, chunks, count_words, 70)
        assert text[chunks[-1].start : chunks[-1].end] != "Report | 7"


def test_a_title_that_is_the_heading_is_said_once() -> None:
    text = "# Guide\n\n" + "One two three four five six seven eight nine ten. " * 12
    contexts = {chunk.context for chunk in cut_chunks(markdown(text), count_words, 50, target=30)}
    assert contexts == {"Guide"}


def test_a_table_row_is_embedded_with_the_names_of_its_columns() -> None:
    rows = "".join(f"| town {n} | {n} crowns |\n" for n in range(40))
    text = "| place | toll |\n| --- | --- |\n" + rows
    document = markdown(text)
    chunks = cut_chunks(document, count_words, LIMIT, target=25)
    check(document, chunks, count_words, LIMIT)
    assert all("place | toll" in embedded_text(text[chunk.start : chunk.end], chunk.context) for chunk in chunks)
    assert all(text[chunk.start : chunk.end].startswith("|") for chunk in chunks), "a row was cut in two"


def test_a_sentence_is_not_cut_where_it_fits() -> None:
    sentence = "One two three four five six seven eight nine ten."
    document = plain(" ".join([sentence] * 20))
    for chunk in cut_chunks(document, count_words, LIMIT, target=25):
        assert document.text[chunk.start : chunk.end].startswith("One")
        assert document.text[chunk.start : chunk.end].endswith("ten.")


@pytest.mark.parametrize("limit", [32, 64, 240])
def test_a_title_never_eats_the_room_for_text(limit: int) -> None:
    document = plain("One two three. " * 200, title="word " * 1000)
    chunks = cut_chunks(document, count_words, limit)
    check(document, chunks, count_words, limit)
    assert all(count_words([chunk.context])[0] <= limit / 3 for chunk in chunks)


@pytest.mark.parametrize(
    "text",
    [
        "桥关闭了。渡船在七点四十分离开。" * 300,
        "桥" * 5000,
        "สะพานปิดแล้วเรือข้ามฟากออกเวลาเจ็ดโมงสี่สิบนาที" * 200,
        "function(a,b){var c=a+b;if(c>3){return[c,b]};" * 400,
        "0123456789abcdef" * 2000,
    ],
    ids=["chinese", "without-stops", "thai", "minified", "hexadecimal"],
)
def test_text_without_spaces(text: str) -> None:
    for count in (count_words, count_characters):
        document = plain(text)
        chunks = cut_chunks(document, count, 64)
        check(document, chunks, count, 64)
        assert len(chunks) > 5


def test_chinese_is_cut_after_a_stop() -> None:
    document = plain("桥关闭了。渡船在七点四十分离开。" * 100)
    for chunk in cut_chunks(document, count_characters, 64):
        assert document.text[chunk.end - 1] == "。"


@pytest.mark.parametrize("line", ["a" * 5_000_000, "var x=[1,2,3];" * 357_143, "word " * 1_000_000])
def test_five_megabytes_of_one_line_take_bounded_time(line: str) -> None:
    with at_most(20):
        chunks = cut_chunks(plain(line), count_words)
    assert chunks[0].start == 0
    assert chunks[-1].end == len(line.rstrip())
    assert all(left.end <= right.start for left, right in itertools.pairwise(chunks))
    assert all(chunk.end - chunk.start <= 240 * 8 for chunk in chunks)


@pytest.mark.parametrize("cluster", ["👩‍🚀", "👨‍👩‍👧‍👦", "e\u0301", "ที่"], ids=["astronaut", "family", "accent", "thai"])
def test_what_is_one_character_to_a_reader_is_not_cut(cluster: str) -> None:
    document = plain(cluster * 2000)
    for chunk in cut_chunks(document, count_characters, 64):
        assert chunk.start % len(cluster) == 0
        assert chunk.end % len(cluster) == 0


def test_blank_documents_have_no_chunks() -> None:
    assert cut_chunks(plain(""), count_words) == []
    assert cut_chunks(plain(" \n\t\n"), count_words) == []


def test_blocks_without_words_between_them_are_not_needed() -> None:
    """A document whose loader saw no structure is one paragraph."""
    document = Document("One two. " * 50, "", "text/plain")
    check(document, cut_chunks(document, count_words, LIMIT), count_words, LIMIT)
    structured = Document("a\n\nb", "", "text/plain", (Block(0, 1, "paragraph"), Block(3, 4, "paragraph")))
    assert cut_chunks(structured, count_words, LIMIT) == [Chunk(0, 4, "")]


def test_the_names_of_a_table_are_counted_and_embedded_once() -> None:
    names = [f"Quarter {number} of the year" for number in range(1, 6)]
    rows = [[f"Dock{n}", *(str(n) for _ in names)] for n in range(12)]
    builder = Builder()
    add_table(builder, text_rows([["Dock", *names], *rows]), is_sheet=True)
    document = builder.document("text/csv", "docks.csv")
    chunks = cut_chunks(document, lambda texts: [len(text.split()) for text in texts], limit=100)
    embedded = [embedded_text(document.text[chunk.start : chunk.end], chunk.context) for chunk in chunks]
    assert len(chunks) < len(rows) / 3
    assert all(text.count("Quarter 1 of the year") == 1 for text in embedded)
    assert all(len(text.split()) <= 100 for text in embedded)


def test_each_text_is_counted_once() -> None:
    """Sentences cost the tokenizer what they are long; a row is counted alone and behind the one before."""
    counted: list[str] = []

    def count(texts: Sequence[str]) -> list[int]:
        counted.extend(texts)
        return count_words(texts)

    text = "The ferry is late. It is full. The ferry is late. " + " ".join(f"Car {n} waits." for n in range(50))
    cut_chunks(plain(text), count, LIMIT)
    assert len(counted) == len(set(counted))
    assert sum(map(len, counted)) < len(text)
