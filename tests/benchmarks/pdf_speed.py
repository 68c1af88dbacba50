"""Measure how fast PDF files are read: ``python -m tests.benchmarks.pdf_speed FOLDER-or-files``.

Prints pages a second of Footnote and of pypdfium2 alone, which only takes each page's characters, in one run and in
processor time, so that other programs do not count; and how often a page calls PDFium, which no machine changes.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pypdfium2

from rag.errors import LoadError
from rag.load.builder import Builder
from rag.load.limits import Limits
from rag.load.pdf.reader import read_pdf

# The best of so many runs counts.
_RUNS = 3


def main() -> None:
    """Print pages a second, and calls a page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", nargs="+", type=Path, help="PDF files, or folders of them")
    files = [path.read_bytes() for path in _files(parser.parse_args().paths)]
    readable = [data for data in files if _is_readable(data)]
    pages = sum(_read_plainly(data) for data in readable)
    plain, ours = _best_seconds(_read_plainly, readable), _best_seconds(_read, readable)
    calls = sum(map(_count_calls, readable))
    print(f"{len(readable)} files, {pages} pages; {len(files) - len(readable)} files are not read")
    print(f"Footnote {pages / ours:6.0f} pages/s, {calls / pages:.0f} calls a page")
    print(f"pypdfium2{pages / plain:6.0f} pages/s")


def _files(paths: list[Path]) -> Iterator[Path]:
    for path in paths:
        yield from sorted(path.rglob("*.pdf")) if path.is_dir() else [path]


def _is_readable(data: bytes) -> bool:
    try:
        _read(data)
    except LoadError:
        return False
    return True


def _read(data: bytes) -> None:
    read_pdf(data, Builder(), Limits().max_pages)


def _read_plainly(data: bytes) -> int:
    """Take the characters of each page with pypdfium2 alone; return the number of pages."""
    document = pypdfium2.PdfDocument(data)
    for page in document:
        text_page = page.get_textpage()
        text_page.get_text_range()
        text_page.close()
        page.close()
    count = len(document)
    document.close()
    return count


def _best_seconds(read: Callable[[bytes], object], files: list[bytes]) -> float:
    def seconds() -> float:
        start = time.process_time()
        for data in files:
            read(data)
        return time.process_time() - start

    return min(seconds() for _ in range(_RUNS))


def _count_calls(data: bytes) -> int:
    """Return how many functions written in C are called by ctypes while a file is read, but for those of pypdfium2."""
    from rag.load.pdf import glyph_data, page_objects

    counts = [0]

    def counted(function: Callable[..., int]) -> Callable[..., int]:
        def call(*arguments: int) -> int:
            counts[0] += 1
            return function(*arguments)

        return call

    modules = [vars(module) for module in (glyph_data, page_objects)]
    bound = [
        {name: value for name, value in module.items() if type(value).__name__ == "CFunctionType"} for module in modules
    ]
    try:
        for module, functions in zip(modules, bound, strict=True):
            module.update({name: counted(value) for name, value in functions.items()})
        _read(data)
    finally:
        for module, functions in zip(modules, bound, strict=True):
            module.update(functions)
    return counts[0]


if __name__ == "__main__":
    main()
