"""What callers of a server are told of an error.

Owns: that where the team's database and its Chroma server are is told to nobody but whoever looks after the server.
Knows nothing about protocols.
"""

from __future__ import annotations

import logging

from rag.errors import DatabaseUnusable, RagError
from rag.notices import Notice

_LOG = logging.getLogger(__name__)

_CHROMA = ("chroma-server-silent", "chroma-server-slow", "chroma-server-refuses", "chroma-server-failed",
           "chroma-not-there")  # fmt: skip


def told(error: RagError) -> Notice:
    """Return what callers are told of an error.

    Args:
        error: What was raised.

    Returns:
        Its own notice; where that names the address of a server behind this one, a notice without it, and the log has
        the other.
    """
    if isinstance(error, DatabaseUnusable) and "database" in error.notice.values:
        away = Notice("shared-state-away")
    elif error.notice.code in _CHROMA:
        away = Notice("shared-vectors-away")
    else:
        return error.notice
    _LOG.warning("a call was refused: a server behind this one cannot be used", extra={"cause": str(error)})
    return away
