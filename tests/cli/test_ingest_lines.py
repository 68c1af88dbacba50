"""What `rag ingest` prints stays short, however much of the files was not read: `rag.cli.lines`."""

from __future__ import annotations

from rag.cli.lines import ingest_lines
from rag.notices import Notice
from rag.types import FileReport, IngestReport

PICTURED = [Notice("reading-pages-pictures", {"pages": [number]}) for number in range(1, 9)]


def lines(*files: FileReport) -> list[str]:
    return list(ingest_lines(IngestReport("default", 1.0, files)))


def test_what_was_not_read_stands_below_its_file() -> None:
    assert lines(FileReport("a.pdf", "added", None, 3, tuple(PICTURED[:1])), FileReport("b.md", "added", None, 1)) == [
        "added     a.pdf  (3 chunks)",
        "          page 1 is a picture: not read",
        "added     b.md  (1 chunks)",
        "2 added in 1.0 s (index default)",
    ]


def test_many_warnings_of_one_file_are_counted() -> None:
    printed = lines(FileReport("a.pdf", "added", None, 3, tuple(PICTURED)))
    assert len(printed) == 6
    assert printed[4] == "          … and 5 more (rag sources --json has all)"


def test_files_that_are_not_listed_are_counted() -> None:
    warned = tuple(PICTURED[:2])
    files = [FileReport(f"{number:02}.pdf", "added", None, 1, warned) for number in range(30)]
    printed = lines(*files, FileReport("z.pdf", "unchanged", None, 1, warned))
    assert printed[-2] == "11 other files were not read in full; see: rag sources"
    assert len(printed) == 20 * 3 + 3
    assert lines(FileReport("z.pdf", "unchanged", None, 1, warned))[0].startswith("1 other file was not read in full")
