"""Which page lies under which name, and what its server said of it.

Owns: the file ``HOME/.files/INDEX/web.json`` beside the folder of pages, and taking pages away again. Knows nothing
about fetching or about what is in a page. A file that is damaged counts as empty: pages are then fetched as if for the
first time.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from rag.atomic_file import write_atomically
from rag.store.fetched_files import delete_file, held, is_inside, read_book
from rag.store.folders import pages_folder


@dataclass(frozen=True, slots=True)
class KeptPage:
    """A page that is kept.

    Attributes:
        name: Its path below the folder of pages, with slashes.
        addresses: The addresses that it was asked for by, the first one first.
        final: The address that it came from, behind redirects.
        etag: The tag of the version, as its server gave it; "" for none.
        last_modified: When it was changed, as its server wrote it; "" where it did not say.
        sha256: The hash of what was sent.
        fetched: When that was: UTC, ISO 8601.
    """

    name: str
    addresses: tuple[str, ...]
    final: str
    etag: str
    last_modified: str
    sha256: str
    fetched: str


class PageBook:
    """The pages of an index. One process at a time may change them; whoever does holds a lock.

    Attributes:
        folder: The folder of the pages.
    """

    def __init__(self, index_folder: Path) -> None:
        """Read what is known.

        Args:
            index_folder: The folder of the index.
        """
        self.folder = pages_folder(index_folder)
        self._path = self.folder.with_suffix(".json")
        self._pages = {page.name: page for page in self._read()}

    def __iter__(self) -> Iterator[KeptPage]:
        return iter(self._pages.values())

    def path(self, page: KeptPage) -> Path:
        """Return where a page lies."""
        return self.folder / page.name

    def find(self, address: str) -> KeptPage | None:
        """Return the page that was asked for by an address, else one that came from it; None for none."""
        pages = self._pages.values()
        asked = next((page for page in pages if address in page.addresses), None)
        return asked or next((page for page in pages if page.final == address), None)

    def put(self, page: KeptPage, address: str) -> None:
        """Take note of a page.

        Args:
            page: The page.
            address: The address that it was asked for by, which leads to no other page from now on.
        """
        if address not in page.addresses:
            page = replace(page, addresses=(*page.addresses, address))
        self._pages[page.name] = page

    def named(self, path: Path) -> KeptPage | None:
        """Return the page that lies in a place; None for another file."""
        inside = path.is_relative_to(self.folder)
        return self._pages.get(path.relative_to(self.folder).as_posix()) if inside else None

    def forget(self, names: Sequence[str]) -> None:
        """Forget pages."""
        for name in names:
            self._pages.pop(name, None)

    def save(self) -> None:
        """Write what is known.

        Raises:
            OSError: It cannot be written; the file is as it was.
        """
        pages = [asdict(page) for page in self._pages.values()]
        write_atomically(self._path, json.dumps({"version": 1, "pages": pages}, indent=1), private=True)

    def _read(self) -> list[KeptPage]:
        pages = read_book(self._path, "pages", _page)
        return [page for page in pages if is_inside(page.name) and self.path(page).is_file()]


@contextmanager
def writing_pages(index_folder: Path) -> Iterator[PageBook]:
    """Yield what is known of the pages of an index; no other process changes it meanwhile.

    Args:
        index_folder: The folder of the index; there need not be one. The folder of its pages is made.

    Yields:
        The pages.

    Raises:
        IndexUnusable: Another process fetches pages into the index, or its folder cannot be written to.
    """
    with held(pages_folder(index_folder)):
        yield PageBook(index_folder)


def forget_pages(index_folder: Path, paths: Iterable[Path]) -> None:
    """Delete the pages of sources that were taken out of an index; other files stay.

    Args:
        index_folder: The folder of the index.
        paths: Where the files of the removed sources lie.

    Raises:
        IndexUnusable: Another process fetches pages into the index.
    """
    folder = pages_folder(index_folder)
    inside = [path for path in paths if path.is_relative_to(folder)]
    if not inside:
        return
    with writing_pages(index_folder) as book:
        _delete(book, inside)


def forget_pages_without_source(index_folder: Path, paths: Iterable[Path]) -> int:
    """Delete the pages that no source of an index shows, such as those removed in the chat.

    Args:
        index_folder: The folder of the index.
        paths: Where the files of its sources lie.

    Returns:
        How many were deleted.

    Raises:
        IndexUnusable: Another process fetches pages into the index.
    """
    folder = pages_folder(index_folder)
    if not folder.is_dir():
        return 0
    with writing_pages(index_folder) as book:
        shown = set(paths)
        stray = [path for path in folder.rglob("*") if path.is_file() and path not in shown]
        _delete(book, stray)
    return len(stray)


def _delete(book: PageBook, paths: Sequence[Path]) -> None:
    for path in paths:
        delete_file(path, book.folder)
    book.forget([path.relative_to(book.folder).as_posix() for path in paths])
    book.save()


def _page(entry: dict[str, Any]) -> KeptPage:
    """Read an entry of the file; one of another form is a KeyError or TypeError."""
    texts = {name: str(entry[name]) for name in ("name", "final", "etag", "last_modified", "sha256", "fetched")}
    return KeptPage(addresses=tuple(str(address) for address in entry["addresses"]), **texts)
