"""Readers: those that ship stand in one table, and those of other packages are asked first: `rag.load.readers`."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from rag.errors import LoadError, SkipFile
from rag.load.citable import fault_of
from rag.load.limits import Limits
from rag.load.loader import Loader, loader_version
from rag.load.parse import parse
from rag.load.readers import READERS
from rag.load.sniff import sniff
from rag.types import Block, Document, Table, TableCell
from tests.outside import Outside

ROOT = Path(__file__).parents[2]
PARQUET_READER = """
from rag.load.builder import Builder

class ParquetReader:
    media_type = "text/x-parquet"
    suffixes = (".parquet",)
    content = "any"
    sandboxed = True

    def recognises(self, file):
        return file.data.startswith(b"PAR1")

    def read(self, file):
        builder = Builder(file.limits.max_characters)
        builder.add("paragraph", file.data.decode().removeprefix("PAR1 "))
        return builder.document(self.media_type, file.name)
"""


def reader_code(read: str, suffix: str = ".md", sandboxed: bool = True, recognises: str = "True") -> str:
    """A reader of text; ``read`` is what it returns or, as a statement, what it does."""
    return f"""
import os, sys
from rag.errors import LoadError, SkipFile
from rag.types import Block, Document
from rag.load.builder import Builder

def document(text):
    return Document(text, "", "text/x", (Block(0, len(text), "paragraph"),))

class Reader:
    media_type = "text/x"
    suffixes = ({suffix!r},)
    content = "text"
    sandboxed = {sandboxed}

    def recognises(self, file):
        return file.suffix == {suffix!r} and {recognises}

    def read(self, file):
        {read}
"""


def load(path: Path, data: bytes, limits: Limits | None = None) -> Document:
    path.write_bytes(data)
    with Loader(limits or Limits()) as loader:
        return loader.load(path, path.name).document


def test_readers_that_ship_import_no_heavy_library() -> None:
    program = "import sys; from rag.load.readers import *; print(len(list(READERS.shipped()))); print(*sys.modules)"
    output = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    count, _, modules = output.stdout.partition("\n")
    assert int(count) == len(READERS.names())
    heavy = {
        "pypdfium2",
        "lxml",
        "docx",
        "pptx",
        "openpyxl",
        "numpy",
        "selectolax",
        "PIL",
        "xlrd",
        "olefile",
        "python_calamine",
    }
    assert int(count) == len(READERS.names()) > 14
    heavy = {"pypdfium2", "lxml", "docx", "pptx", "openpyxl", "numpy", "selectolax", "charset_normalizer", "PIL"}
    assert not heavy & set(modules.split())


def test_a_library_that_is_missing_is_no_damage(monkeypatch: pytest.MonkeyPatch) -> None:
    def read(*_: object) -> Document:
        raise ModuleNotFoundError("no module", name="sheets.parts")

    monkeypatch.setattr(type(READERS.get("csv")), "read", read)
    with pytest.raises(LoadError, match="the library 'sheets' is missing; install Footnote again"):
        parse(b"a,b", "a.csv", "csv", Limits())


def test_a_reader_from_outside_reads_what_was_refused(outside: Outside, tmp_path: Path) -> None:
    with pytest.raises(SkipFile, match="a Parquet table"):
        sniff(b"PAR1 The bell rings.", "note.parquet")
    outside.install(READERS, "footnote-parquet", PARQUET_READER, parquet="ParquetReader")
    document = load(tmp_path / "note.parquet", b"PAR1 The bell rings.")
    assert document == Document("The bell rings.", "note", "text/x-parquet", (Block(0, 15, "paragraph"),))
    # A text that only has the name is no file of its format.
    with pytest.raises(LoadError, match="not what its name says: there is no PARQUET in it"):
        load(tmp_path / "other.parquet", b"Dear Sir")
    with pytest.raises(SkipFile, match="empty"):
        load(tmp_path / "empty.parquet", b"")


@pytest.mark.parametrize("sandboxed", [True, False])
def test_a_reader_from_outside_is_asked_first_and_sandboxed_unless_it_says_otherwise(
    outside: Outside, tmp_path: Path, sandboxed: bool
) -> None:
    code = reader_code("return document(str(os.getpid()))", sandboxed=sandboxed)
    outside.install(READERS, "footnote-better", code, better="Reader")
    read_by = load(tmp_path / "a.md", b"# Words")
    assert (read_by.media_type, read_by.title) == ("text/x", "a")
    assert (read_by.text == str(os.getpid())) is not sandboxed
    assert load(tmp_path / "a.txt", b"Words").media_type == "text/plain"
    # A text reader is not asked about what is no text, whatever its name.
    with pytest.raises(LoadError, match=r"PNG picture|as a picture"):
        load(tmp_path / "a.md", b"\x89PNG\r\n\x1a\n" + bytes(range(32)))
    assert load(tmp_path / "long.md", b"words\n" * 200_000).text != str(os.getpid())


@pytest.mark.parametrize("sandboxed", [True, False])
@pytest.mark.parametrize(
    ("read", "reason"),
    [
        ("raise ValueError('secret words\\n')", "fails on it (ValueError)"),
        ("sys.exit(1)", "fails on it (SystemExit)"),
        ("return 'words'", "made a wrong document (it is no document)"),
        (
            "return Document('ab', '', 'x', (Block(0, 3, 'row'),))",
            "a wrong document (a block lies outside the text)",
        ),
    ],
)
def test_whatever_a_reader_from_outside_does_is_one_sentence_that_names_it(
    outside: Outside, tmp_path: Path, read: str, reason: str, sandboxed: bool
) -> None:
    outside.install(READERS, "footnote-bad", reader_code(read, sandboxed=sandboxed), "0.3", bad="Reader")
    with pytest.raises(LoadError) as raised:
        load(tmp_path / "a.md", b"words")
    sentence = str(raised.value)
    assert "the reader 'bad' of footnote-bad 0.3 " in sentence
    assert reason in sentence
    assert not isinstance(raised.value, SkipFile)
    assert "secret" not in sentence
    assert "„bad“ von footnote-bad 0.3" in raised.value.notice.text("de")


def test_a_reader_from_outside_says_why_a_file_is_not_read_and_may_crash(outside: Outside, tmp_path: Path) -> None:
    outside.install(READERS, "footnote-a", reader_code("raise SkipFile('a draft')", ".a"), a="Reader")
    outside.install(READERS, "footnote-b", reader_code("os._exit(3)", ".b"), b="Reader")
    outside.install(READERS, "footnote-c", reader_code("return document('x' * 2000)", ".c"), c="Reader")
    outside.install(READERS, "footnote-d", reader_code("return Document('', '', 'x')", ".d"), d="Reader")
    with pytest.raises(SkipFile, match=r"^a draft$"):
        load(tmp_path / "a.a", b"words")
    with pytest.raises(LoadError, match="broke the program that reads it"):
        load(tmp_path / "a.b", b"words")
    with pytest.raises(SkipFile, match=r"more than 0\.001 MB of text"):
        load(tmp_path / "a.c", b"words", Limits(max_text_mb=0.001))
    with pytest.raises(SkipFile, match="empty"):
        load(tmp_path / "a.d", b"words")
    assert load(tmp_path / "a.txt", b"words").text == "words"


@pytest.mark.parametrize(
    ("name", "code", "warning"),
    [
        (
            "asked",
            reader_code("return None", recognises="1 / 0"),
            "cannot tell which files it reads (ZeroDivisionError)",
        ),
        ("named", reader_code("return None").replace("('.md',)", "'.md'"), "its suffixes are no tuple of endings"),
        ("made", reader_code("return None").replace('"text"', '"words"'), "its content is none of text, zip, any"),
        (
            "ending",
            reader_code("return None", recognises="sys.exit(1)"),
            "cannot tell which files it reads (SystemExit)",
        ),
        ("lacking", "class Reader: media_type = 'x'", "it has no content"),
        ("broken", "1 / 0", "ZeroDivisionError"),
    ],
)
def test_a_reader_from_outside_that_cannot_be_asked_is_passed_over(
    outside: Outside, tmp_path: Path, caplog: pytest.LogCaptureFixture, name: str, code: str, warning: str
) -> None:
    outside.install(READERS, "footnote-odd", code, **{name: "Reader"})
    with caplog.at_level(logging.WARNING):
        for _ in range(2):
            assert load(tmp_path / "a.md", b"# Words").media_type == "text/markdown"
    (record,) = caplog.records
    assert warning in record.message
    assert name in record.message
    (part,) = READERS.describe_outside()
    assert part.problem == ("" if "cannot tell" in record.message else record.message), "what is left out is not well"


def test_a_reader_that_is_not_there_where_files_are_parsed() -> None:
    with pytest.raises(LoadError, match="its reader 'gone' cannot be loaded"):
        parse(b"words", "a.md", "gone", Limits())


def test_the_version_of_loading_tells_readers_from_outside_apart(outside: Outside) -> None:
    without = loader_version()
    outside.install(READERS, "footnote-parquet", PARQUET_READER, parquet="ParquetReader")
    first = loader_version()
    (part,) = READERS.describe_outside()
    assert (part.kind, part.name, part.package, part.problem) == ("reader", "parquet", "footnote-parquet 1.0", "")
    outside.install(READERS, "footnote-parquet", PARQUET_READER, "1.1", parquet="ParquetReader")
    second = loader_version()
    outside.install(READERS, "footnote-parquet", "1 / 0", "1.2", parquet="ParquetReader")
    assert loader_version() == without, "one that cannot be used reads nothing"
    outside.remove(READERS, "footnote-parquet")
    assert loader_version() == without == "7"
    assert len({without, first, second}) == 3


def made(text: str = "one\n\ntwo", **changes: Any) -> Document:
    fields = {"blocks": (Block(0, 3, "heading", 1), Block(5, 8, "paragraph")), "pages": (0, 0, 5)} | changes
    return Document(text, fields.pop("title", "T"), fields.pop("media_type", "text/x"), **fields)


@pytest.mark.parametrize(
    ("document", "fault"),
    [
        (made(), ""),
        (made(blocks=[Block(0, 3, "row"), Block(5, 8, "row")], pages=[]), ""),
        (made("", blocks=(), pages=()), ""),
        (None, "document"),
        (made(title=None), "document"),
        (made(media_type=""), "document"),
        (made(blocks=None), "document"),
        (made("one\r\ntwo"), "text"),
        (made("on\ud800\n\ntwo"), "text"),
        (made(blocks=(Block(0, 3, "sidebar"), Block(5, 8, "row"))), "kinds"),  # type: ignore[arg-type]
        (made(blocks=(Block(0, 3.0, "row"), Block(5, 8, "row"))), "kinds"),  # type: ignore[arg-type]
        (made(blocks=(Block(0, 3, "row", -1), Block(5, 8, "row"))), "kinds"),
        (made(blocks=((0, 3), (5, 8))), "kinds"),
        (made(blocks=(Block(0, 3, "row"), Block(5, 9, "row"))), "bounds"),
        (made(blocks=(Block(-3, 3, "row"), Block(5, 8, "row"))), "bounds"),
        (made(blocks=(Block(0, 0, "row"), Block(0, 8, "row"))), "bounds"),
        (made(blocks=(Block(5, 8, "row"), Block(0, 3, "row"))), "gaps"),
        (made(blocks=(Block(0, 6, "row"), Block(5, 8, "row"))), "order"),
        (made(blocks=(Block(0, 3, "row"),)), "gaps"),
        (made(blocks=(Block(0, 3, "row"), Block(6, 8, "row"))), "gaps"),
        (made(pages=(0, 5, 3)), "pages"),
        (made(pages=(2, 5)), "pages"),
        (made(pages=(0, 9)), "pages"),
        (made(pages=(0, "5")), "pages"),
        (made(tables=[Table(5, 8, (("City",),), (TableCell(5, 8, 0, 0),))], date="2024-05-01"), ""),
        (made(tables=(Table(5, 9, (), ()),)), "tables"),
        (made(tables=(Table(0, 3, (), (TableCell(5, 8, 0, 0),)),)), "tables"),
        (made(tables=(Table(5, 8, (), (TableCell(5, 8, -1, 0),)),)), "tables"),
        (made(tables=(Table(5, 8, ((7,),), ()),)), "tables"),  # type: ignore[arg-type]
        (made(tables=None), "tables"),
        (made(date="1 May 2024"), "notes"),
        (made(date="2024-02-31"), "notes"),
        (made(date=None), "notes"),
        (made(warnings=("page 2",)), "notes"),
    ],
)
def test_what_can_be_cited(document: Any, fault: str) -> None:
    assert fault_of(document) == fault
