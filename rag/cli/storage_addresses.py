"""What `rag ingest` makes of addresses of storage elsewhere.

Owns: telling them from addresses of web pages. Knows nothing about storage; `rag.remote` is imported inside the
functions.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rag.remote.mirror import Mirrored
    from rag.settings import Settings


def split_storage(addresses: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the addresses of storage, and those of web pages.

    Args:
        addresses: What a person gave.

    Returns:
        Both, each in the order given.
    """
    from rag.remote.addresses import is_storage

    stored = [address for address in addresses if is_storage(address)]
    return stored, [address for address in addresses if not is_storage(address)]


def mirror_addresses(index: str, addresses: Sequence[str], settings: Settings) -> Mirrored:
    """Copy what lies at addresses into the files of an index, saying on standard error what is listed.

    Args:
        index: The name of the index.
        addresses: What a person gave.
        settings: The limits.

    Returns:
        What became of them.

    Raises:
        UsageError: An address is wrong, or the packages are not installed.
        IndexUnusable: Another process fetches files into the index.
    """
    from rag.cli.one_line import one_line
    from rag.cli.screen import warn
    from rag.remote.addresses import read_storage_address
    from rag.remote.mirror import mirror_storage
    from rag.remote.storage import Storage
    from rag.store.folders import index_folder

    # What is wrong is said before anything is asked of anybody.
    wanted = [read_storage_address(address) for address in addresses]
    storage = Storage(settings.remote_seconds, settings.max_file_mb)
    folder = index_folder(index, settings.home)
    return mirror_storage(folder, wanted, lambda notice: warn(one_line(str(notice))), storage)
