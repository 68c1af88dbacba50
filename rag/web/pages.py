"""Fetch addresses into the files of an index.

Owns: where a page lies (``HOME/.files/INDEX/web``), and that one takes the place of the version before it only where it
can be read. What lies there is ingested like any other file. Knows nothing about HTTP.
"""

from __future__ import annotations

import hashlib
import logging
import os
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rag.errors import LoadError, SkipFile
from rag.ingestion.workers import read_limits
from rag.load.loader import Loader
from rag.notices import Notice
from rag.settings import Settings
from rag.types import FileReport, FileStatus
from rag.web.addresses import PageAddress, read_page_address
from rag.web.book import KeptPage, PageBook, writing_pages
from rag.web.charset import with_known_encoding
from rag.web.fetching import Fetcher, FetchLimits, Known, Page, read_proxy
from rag.web.names import name_of
from rag.web.shown import shown_address

_LOG = logging.getLogger(__name__)
# What is known of pages is written after so many.
_SAVED_EVERY = 25
Told = Callable[[Notice], None]


@dataclass(frozen=True, slots=True)
class FetchedPages:
    """What became of some addresses.

    Attributes:
        paths: Where the pages lie that are here, as they were and new ones, in the order of the addresses.
        reports: What became of those that could not be had or read.
    """

    paths: tuple[Path, ...]
    reports: tuple[FileReport, ...]


def fetch_limits(settings: Settings) -> FetchLimits:
    """Return how the settings have pages fetched.

    Args:
        settings: The settings.

    Returns:
        The limits.

    Raises:
        UsageError: ``RAG_WEB_PROXY`` is wrong.
    """
    return FetchLimits(settings.max_file_mb, settings.web_seconds, read_proxy(settings.web_proxy))


def fetch_pages(
    index_folder: Path, addresses: Sequence[str], settings: Settings, limits: FetchLimits, told: Told
) -> FetchedPages:
    """Fetch pages, one after the other, into the files of an index; they are ingested by whoever calls this.

    A page that cannot be had or read stops no other, and leaves the version that was here before.

    Args:
        index_folder: The folder of the index; there need not be one yet.
        addresses: What a person gave.
        settings: The limits of reading a file.
        limits: How pages are fetched.
        told: Is told what is fetched, and what came.

    Returns:
        What became of them.

    Raises:
        IndexUnusable: Another process fetches pages into the index, or its folder cannot be written to.
    """
    with writing_pages(index_folder) as book, Loader(read_limits(settings)) as loader:
        run = _Run(book, loader, Fetcher(limits), limits, told)
        try:
            for number, address in enumerate(dict.fromkeys(addresses), 1):
                run.fetch(address)
                if number % _SAVED_EVERY == 0:
                    book.save()
        finally:
            with suppress(OSError):
                book.save()
    return FetchedPages(tuple(dict.fromkeys(run.paths)), tuple(run.reports))


class _Run:
    """One run over some addresses."""

    def __init__(self, book: PageBook, loader: Loader, fetcher: Fetcher, limits: FetchLimits, told: Told) -> None:
        self.book, self.loader, self.fetcher, self.limits, self.told = book, loader, fetcher, limits, told
        self.paths: list[Path] = []
        self.reports: list[FileReport] = []
        # Addresses in the one form that all their spellings have: each is fetched once.
        self.asked: set[str] = set()

    def fetch(self, given: str) -> None:
        """Fetch one page, and note where it lies or why it does not."""
        before: KeptPage | None = None
        source = shown_address(given)
        try:
            address = read_page_address(given)
            if address.text in self.asked:
                return
            self.asked.add(address.text)
            before, source = self.book.find(address.text), address.text
            self.told(self._announcement(address))
            known = Known(before.final, before.etag, before.last_modified) if before else None
            page = self.fetcher.fetch(address, known)
            if page is None:
                assert before is not None
                self.told(Notice("web-unchanged", {"fetched": before.fetched[:10]}))
                self.book.put(before, address.text)
                self.paths.append(self.book.path(before))
            else:
                self.told(Notice("web-fetched", {"bytes": len(page.data), "host": page.final.host}))
                self.paths.append(self._keep(address, page, before))
        except LoadError as error:
            reason = Notice("file-version-kept", {"problem": error.notice.as_json()}) if before else error.notice
            status: FileStatus = "skipped" if isinstance(error, SkipFile) else "failed"
            self.reports.append(FileReport(before.name if before else source, status, reason))
            _LOG.debug("page not fetched", extra={"reason": error.notice.code})

    def _announcement(self, address: PageAddress) -> Notice:
        if proxy := self.limits.proxy:
            return Notice("web-fetching-through", {"address": address.text, "proxy": f"{proxy.host}:{proxy.port}"})
        return Notice("web-fetching", {"address": address.text})

    def _keep(self, address: PageAddress, page: Page, before: KeptPage | None) -> Path:
        """Put a page where it is to lie, if it can be read, and return the place."""
        before = before or self.book.find(page.final.text)
        name = before.name if before else name_of(address, page.media_type, [kept.name for kept in self.book])
        sent = hashlib.sha256(page.data).hexdigest()
        path = self.book.folder / name
        if before is None or sent != before.sha256:
            self._replace(path, with_known_encoding(page.data, page.media_type, page.charset), name)
        now = datetime.now(UTC).isoformat(timespec="seconds")
        addresses = before.addresses if before else ()
        kept = KeptPage(name, addresses, page.final.text, page.etag, page.last_modified, sent, now)
        self.book.put(kept, address.text)
        return path

    def _replace(self, path: Path, data: bytes, name: str) -> None:
        """Write a page, read it once to see that it can be, and put it in its place."""
        temporary = ""
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            descriptor, temporary = tempfile.mkstemp(prefix=".page.", dir=self.book.folder)
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            self.loader.load(Path(temporary), name)
            os.replace(temporary, path)
        except OSError as error:
            cause = (error.strerror or type(error).__name__).lower()
            raise LoadError(Notice("web-not-stored", {"cause": cause})) from None
        finally:
            if temporary:
                Path(temporary).unlink(missing_ok=True)
            with suppress(OSError):
                path.parent.rmdir()
