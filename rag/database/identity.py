"""Which database one is, by whatever address it is called.

Owns: telling databases of one name on different servers apart, for what lies in files beside them. A host says too
little: one machine may call it by several names.
"""

from __future__ import annotations

import zlib
from functools import lru_cache

from rag.database.address import folder_name, shown_address
from rag.database.pool import borrowed
from rag.errors import DatabaseUnusable

_SYSTEM = "SELECT system_identifier::text FROM pg_control_system()"


@lru_cache(maxsize=64)
def database_folder(url: str) -> str:
    """Return the name of a folder for what lies beside a database: its own name, and which server it is on.

    A server keeps its number as long as its data, whatever it is called; its standbys have the same one.

    Args:
        url: The address of the database.

    Returns:
        ``NAME~8 HEXADECIMAL DIGITS``.

    Raises:
        DatabaseUnusable: The database cannot be reached.
    """
    try:
        with borrowed(url) as db:
            server = str(db.execute(_SYSTEM).fetchone()[0])
    except DatabaseUnusable as error:
        if error.notice.code != "database-no-rights":
            raise
        # Some hosts let nobody ask for it; then its address is all that is known.
        server = shown_address(url).partition("@")[2].rpartition("/")[0]
    return f"{folder_name(url)}~{zlib.crc32(server.encode()):08x}"
