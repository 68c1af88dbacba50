"""What `rag ingest` makes of addresses among its arguments.

Owns: telling an address from a path, the list of addresses in a file, and that nothing is fetched unless it is asked
for. Knows nothing about fetching; `rag.web` is imported inside the functions.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import UsageError
from rag.notices import Notice

if TYPE_CHECKING:
    from rag.settings import Settings
    from rag.web.pages import FetchedPages

_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]{0,20}://", re.I)
_LARGEST_LIST = 10_000_000


def split_arguments(arguments: Sequence[str], listed: Path | None) -> tuple[list[Path], list[str]]:
    """Return the paths and the addresses that a command was given.

    Args:
        arguments: Its arguments.
        listed: A file with one address a line; None for none.

    Returns:
        The paths, and the addresses: those of the arguments, then those of the file.

    Raises:
        UsageError: The file cannot be read.
    """
    addresses = [argument for argument in arguments if _ADDRESS.match(argument.strip())]
    paths = [Path(argument) for argument in arguments if not _ADDRESS.match(argument.strip())]
    return paths, [*addresses, *(_read_list(listed) if listed else ())]


def fetch_addresses(index: str, addresses: Sequence[str], settings: Settings, wanted: bool) -> FetchedPages:
    """Fetch pages into the files of an index, saying on standard error what is fetched.

    Args:
        index: The name of the index.
        addresses: What a person gave.
        settings: Whether pages are fetched, and how.
        wanted: Whether this command was asked to.

    Returns:
        What became of them.

    Raises:
        UsageError: Nobody has asked for it, or the index or a setting has a wrong name.
        IndexUnusable: Another process fetches pages into the index.
    """
    if not (wanted or settings.web):
        from rag.web.shown import shown_address

        raise UsageError(Notice("web-off", {"address": shown_address(addresses[0])}))
    from rag.cli.one_line import one_line
    from rag.cli.screen import warn
    from rag.store.folders import index_folder
    from rag.web.pages import fetch_limits, fetch_pages

    folder, limits = index_folder(index, settings.home), fetch_limits(settings)
    return fetch_pages(folder, addresses, settings, limits, lambda notice: warn(one_line(str(notice))))


def _read_list(path: Path) -> list[str]:
    """Return the addresses in a file: one a line; empty lines, and those that begin with #, say nothing."""
    try:
        with path.expanduser().open("rb") as file:
            data = file.read(_LARGEST_LIST + 1)
        if len(data) > _LARGEST_LIST:
            raise ValueError(f"it has more than {_LARGEST_LIST // 1_000_000} MB")
        lines = [line.strip() for line in data.decode("utf-8-sig").splitlines()]
    except OSError as error:
        cause = (error.strerror or type(error).__name__).lower()
        raise UsageError(Notice("web-list-unreadable", {"path": str(path), "cause": cause})) from None
    except ValueError as error:
        cause = "it is not UTF-8" if isinstance(error, UnicodeDecodeError) else str(error)
        raise UsageError(Notice("web-list-unreadable", {"path": str(path), "cause": cause})) from None
    return [line for line in lines if line and not line.startswith("#")]
