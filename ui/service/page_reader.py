"""Pages of PDF files for who looks at them: drawn and read in processes of their own, and kept for the next reader.

Owns: which process is asked for what, and the caches. Pictures have a lane of their own, so that the words of a page
and the boxes on them never wait for one. Knows nothing about indexes: a file is its path and the hash of its bytes.
"""

from __future__ import annotations

import atexit
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Generic, TypeVar

from rag.errors import LoadError
from rag.load.page_lane import Lane, PageLimits, PageTooSlow, Ticket

NARROWEST, WIDEST = 100, 3000
_MOST_PICTURE_BYTES = 48_000_000
_MOST_WORDS_BYTES = 16_000_000
# A page that could not be drawn in time is not tried again for so many seconds.
_REMEMBERED_SECONDS = 120.0
# About the bytes of one run of words in memory.
_RUN_BYTES = 400

_Value = TypeVar("_Value")
Box = tuple[int, float, float, float, float]


@dataclass(frozen=True, slots=True)
class PageFile:
    """A PDF file: where it lies, and the hash of the bytes that it must have."""

    path: Path
    file_hash: str

    def request(self, ask: str, **values: Any) -> dict[str, Any]:
        """Return what a process is asked about the file."""
        return {"ask": ask, "path": str(self.path), "file_hash": self.file_hash, **values}


class _Kept(Generic[_Value]):
    """The values that were used last, as many as fit. Safe to use from several threads."""

    def __init__(self, most_bytes: int) -> None:
        self._most = most_bytes
        self._values: OrderedDict[Hashable, tuple[_Value, int]] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> _Value | None:
        with self._lock:
            if key not in self._values:
                return None
            self._values.move_to_end(key)
            return self._values[key][0]

    def put(self, key: Hashable, value: _Value, size: int) -> None:
        with self._lock:
            if key in self._values:
                self._bytes -= self._values.pop(key)[1]
            self._values[key] = (value, size)
            self._bytes += size
            while self._bytes > self._most and len(self._values) > 1:
                self._bytes -= self._values.popitem(last=False)[1][1]


class PageReader:
    """Draws and reads pages. Safe to use from several threads."""

    def __init__(self, limits: PageLimits | None = None) -> None:
        """Make a reader; no process is started yet.

        Args:
            limits: The limits of drawing one page, and of reading one.
        """
        limits = limits or PageLimits()
        self._drawing = Lane(limits, most_children=2)
        self._reading = Lane(limits, most_children=2)
        self._pictures: _Kept[bytes] = _Kept(_MOST_PICTURE_BYTES)
        self._words: _Kept[dict[str, Any]] = _Kept(_MOST_WORDS_BYTES)
        self._sizes: _Kept[tuple[tuple[float, float, int], ...]] = _Kept(_MOST_WORDS_BYTES)
        self._outlines: _Kept[tuple[tuple[str, int, int], ...]] = _Kept(_MOST_WORDS_BYTES)
        # The pages that could not be drawn, and when that was.
        self._failed: _Kept[tuple[float, PageTooSlow]] = _Kept(1000)

    # -- pictures -----------------------------------------------------------------------------------------------------

    def picture(self, file: PageFile, page: int, width: int) -> bytes | Ticket:
        """Have a page drawn.

        Args:
            file: The file.
            page: The number of the page, counted from 1.
            width: About how many pixels the picture is wide.

        Returns:
            The page as PNG where it was drawn before; else the ticket of one who waits, for `drawn`.

        Raises:
            LoadError: The page could not be drawn a moment ago.
        """
        # Rounded, so that readers with windows of different widths share a picture.
        width = min(WIDEST, max(NARROWEST, -(-width // 100) * 100))
        key = (file.file_hash, page, width)
        if png := self._pictures.get(key):
            return png
        if (failed := self._failed.get(key[:2])) and time.monotonic() - failed[0] < _REMEMBERED_SECONDS:
            raise failed[1]
        ticket = self._drawing.ask(key, file.request("picture", page=page, width=width))
        ticket.reply.add_done_callback(lambda reply: self._keep_picture(key, reply))
        return ticket

    def _keep_picture(self, key: tuple[str, int, int], reply: Future[tuple[dict[str, Any], bytes]]) -> None:
        error = reply.exception()
        if error is None:
            png = reply.result()[1]
            self._pictures.put(key, png, len(png))
        elif isinstance(error, PageTooSlow) and not error.left:
            self._failed.put(key[:2], (time.monotonic(), error), 1)

    # -- the table of contents ----------------------------------------------------------------------------------------

    def outline(self, file: PageFile) -> tuple[tuple[str, int, int], ...]:
        """Return the file's own bookmarks: the words, the level and the page of each; none where it cannot be read."""

        def read() -> tuple[tuple[tuple[str, int, int], ...], int]:
            entries = tuple((words, level, page) for words, level, page in self._ask("outline", file)["outline"])
            return entries, _RUN_BYTES * (1 + len(entries))

        try:
            return _kept(self._outlines, file.file_hash, read)
        except LoadError:
            return ()

    # -- words --------------------------------------------------------------------------------------------------------

    def sizes(self, file: PageFile) -> tuple[tuple[float, float, int], ...]:
        """Return the sizes of all pages.

        Args:
            file: The file.

        Returns:
            Width and height in points as the pages are seen, each with how many pages in a row have them.

        Raises:
            LoadError: The file cannot be read.
        """

        def read() -> tuple[tuple[tuple[float, float, int], ...], int]:
            # Whoever opens a document looks at a page of it next.
            self._drawing.begin()
            sizes = tuple((w, h, n) for w, h, n in self._ask("sizes", file)["sizes"])
            return sizes, _RUN_BYTES * len(sizes)

        return _kept(self._sizes, file.file_hash, read)

    def words(self, file: PageFile, page: int) -> dict[str, Any]:
        """Return the words of a page.

        Args:
            file: The file.
            page: The number of the page, counted from 1.

        Returns:
            Its ``text``, and ``runs`` as `rag.load.pdf.words.WordRun` has them.

        Raises:
            LoadError: The page cannot be read.
        """

        def read() -> tuple[dict[str, Any], int]:
            words = self._ask("words", file, page=page)
            return words, _RUN_BYTES * (1 + len(words["runs"]))

        return _kept(self._words, (file.file_hash, page), read)

    def boxes(self, file: PageFile, pages: tuple[int, ...], start: int, end: int, quote: str) -> tuple[Box, ...]:
        """Return where a span stands on its pages, as `rag.load.pdf.boxes.span_boxes` does; nothing where it cannot."""
        try:
            reply = self._ask("boxes", file, pages=pages, start=start, end=end, expected=quote)
        except LoadError:
            return ()
        return tuple((int(page), x0, y0, x1, y1) for page, x0, y0, x1, y1 in reply["boxes"])

    def _ask(self, ask: str, file: PageFile, **values: Any) -> dict[str, Any]:
        key = (ask, file.file_hash, *values.values())
        return self._reading.ask(key, file.request(ask, **values)).result()[0]

    def close(self) -> None:
        """End all processes, and start no others."""
        self._drawing.close()
        self._reading.close()


def drawn(picture: bytes | Ticket) -> bytes:
    """Return a picture, which may still be drawn.

    Args:
        picture: What `PageReader.picture` returned.

    Returns:
        The page as PNG.

    Raises:
        LoadError: The page cannot be drawn.
    """
    return picture if isinstance(picture, bytes) else picture.result()[1]


def _kept(kept: _Kept[_Value], key: Hashable, make: Callable[[], tuple[_Value, int]]) -> _Value:
    value = kept.get(key)
    if value is None:
        value, size = make()
        kept.put(key, value, size)
    return value


@lru_cache(maxsize=1)
def page_reader() -> PageReader:
    """Return the reader of this process, whose processes end with it."""
    reader = PageReader()
    atexit.register(reader.close)
    return reader
