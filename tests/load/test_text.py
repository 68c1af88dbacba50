"""Decoding and the block scans: nothing is lost, nothing fails, nothing is slow."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.errors import SkipFile
from rag.load.plain_text.code import code_blocks
from rag.load.plain_text.markdown import markdown_structure
from rag.load.plain_text.plain import plain_blocks
from rag.load.text import canonical, decode
from rag.types import Block
from tests.processor_time import at_most

SCANS = (plain_blocks, lambda text: markdown_structure(text).blocks, code_blocks)
MARKS = [
    "# a",
    "## b",
    "===",
    "---",
    "```",
    "~~~",
    "- x",
    "* ",
    "1. y",
    "| a | b |",
    "|---|---|",
    "    code",
    "",
    "\t",
    "> q",
]
HOSTILE = st.lists(st.one_of(st.sampled_from(MARKS), st.text(max_size=12)), max_size=30).map("\n".join)


def check(text: str, blocks: tuple[Block, ...]) -> None:
    """Blocks are in order, do not overlap, begin and end visibly, and leave nothing visible out."""
    position = 0
    for block in blocks:
        assert position <= block.start < block.end <= len(text)
        assert not text[position : block.start].strip()
        words = text[block.start : block.end]
        assert words == words.strip()
        position = block.end
    assert not text[position:].strip()


def cut(text: str, scan: Callable[[str], tuple[Block, ...]]) -> list[tuple[str, str]]:
    return [(block.kind, text[block.start : block.end]) for block in scan(text)]


@pytest.mark.parametrize("scan", SCANS)
@settings(max_examples=80, deadline=None)
@given(text=HOSTILE)
def test_scan_covers_any_text(scan: Callable[[str], tuple[Block, ...]], text: str) -> None:
    text = canonical(text)
    check(text, scan(text))


@settings(max_examples=200, deadline=None)
@given(data=st.one_of(st.binary(max_size=300), st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace"))))
def test_decode_any_bytes(data: bytes) -> None:
    try:
        text = decode(data)
    except SkipFile:
        return
    assert text.strip()
    assert "\0" not in text
    assert "\r" not in text
    text.encode("utf-8")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_decode_encodings(encoding: str) -> None:
    text = "The bridge is closed.\nIt opens in May: “soon”."
    assert decode(text.replace("\n", "\r\n").encode(encoding)) == text


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Le café est fermé à Noël; les élèves sont rentrés très tôt, même s’ils étaient fatigués. " * 3, "cp1252"),
        ("Die Brücke über den Fluß ist bis zum Frühjahr geschlossen. " * 3, "cp1252"),
        ("Привет, мост закрыт до мая. Как дела сегодня? " * 5, "cp1251"),
        ("caf\xe9", "cp1252"),
        ("ABC – “quoted” text’s €5 and plain English words around it. " * 3, "cp1252"),
        ("Příliš žluťoučký kůň úpěl ďábelské ódy, řekl člověk. " * 3, "cp1250"),
    ],
)
def test_decode_older_encodings(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == text


def test_decode_utf8_with_a_wrong_byte() -> None:
    assert decode("Brücke über Fluß, ".encode() * 5 + b"\xff!") == "Brücke über Fluß, " * 5 + "\ufffd!"


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("Größe der Straße: 5 ".encode() + b"\x80", "Größe der Straße: 5 \ufffd"),
        ("Größe\nKöln\nFüße\nD".encode() + b"\xfcren", "Größe\nKöln\nFüße\nD\ufffdren"),
        ("Größe".encode()[:-1] + "ß".encode()[:1], "Größ\ufffd"),
        ("Il café".encode() + b"\n\xe2\x82", "Il café\n\ufffd"),
        (b"Il caf\xe9", "Il café"),
        (b"na\xefve caf\xe9", "naïve café"),
    ],
)
def test_decode_utf8_that_is_damaged_or_cut(data: bytes, text: str) -> None:
    assert decode(data) == text


def test_decode_keeps_everything_else() -> None:
    assert decode(b"\xef\xbb\xbf  a\tb \r\rc\x0c\n ") == "  a\tb \n\nc\x0c\n "


def test_markdown() -> None:
    text = (
        "---\ntitle: 'Rules'\n---\n# House #\nIntro\nwraps.\n\nSub\n---\n- one\n  more\n- two\n\n"
        "| Name | Fee |\n| --- | --- |\n| Rent | 500 |\n\n```py\n# no heading\n\nx = 1\n```\n\n"
        "    indented\n\n    code\nend"
    )
    blocks = markdown_structure(text).blocks
    check(text, blocks)
    assert [(block.kind, text[block.start : block.end]) for block in blocks] == [
        ("code", "---\ntitle: 'Rules'\n---"),
        ("heading", "# House #"),
        ("paragraph", "Intro\nwraps."),
        ("heading", "Sub\n---"),
        ("item", "- one\n  more"),
        ("item", "- two"),
        ("row", "| Name | Fee |\n| --- | --- |"),
        ("row", "| Rent | 500 |"),
        ("code", "```py\n# no heading\n\nx = 1\n```"),
        ("code", "indented\n\n    code"),
        ("paragraph", "end"),
    ]
    assert [block.level for block in blocks if block.kind == "heading"] == [1, 2]
    assert [block.header for block in blocks if block.kind == "row"] == ["", "Name | Fee"]
    assert markdown_structure(text).title == "Rules"


def test_plain() -> None:
    text = "Report\n======\nFirst line\nsecond.\n\n1) one\n2) two\n\n  Last. "
    assert cut(text, plain_blocks) == [
        ("heading", "Report\n======"),
        ("paragraph", "First line\nsecond."),
        ("item", "1) one"),
        ("item", "2) two"),
        ("paragraph", "Last."),
    ]


def test_code_is_cut_at_definitions() -> None:
    text = "import os\n\n@cache\ndef first():\n    a = 1\n\n    return a\n\nclass Second:\n    pass\n"
    assert cut(text, code_blocks) == [
        ("code", "import os"),
        ("code", "@cache\ndef first():\n    a = 1\n\n    return a"),
        ("code", "class Second:\n    pass"),
    ]


@pytest.mark.parametrize("scan", SCANS)
@pytest.mark.parametrize("unit", ["a", " ", "#", "- ", "| ", "`", "=", "(a", "> ", "\n", "\n- ", "\n|-", "\n    a\n"])
def test_scans_are_linear(scan: Callable[[str], tuple[Block, ...]], unit: str) -> None:
    text = "x" + unit * (200_000 // len(unit)) + "x"
    with at_most(6):
        check(text, scan(text))


def test_wiki_headings_open_sections() -> None:
    text = " = Harbour = \nBoats lie here .\n = = History = = \nIt is old .\na = b = c\n=====\n"
    for blocks in (plain_blocks(text), markdown_structure(text).blocks):
        headings = [(block.level, text[block.start : block.end]) for block in blocks if block.kind == "heading"]
        assert headings[:2] == [(1, "= Harbour ="), (2, "= = History = =")]
        assert all("a = b" not in name for _, name in headings[:2])
