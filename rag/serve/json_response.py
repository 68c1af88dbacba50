"""Results as they are sent: the very bytes that the command line prints.

Owns: the encoding of a result. Knows nothing about what is in it.
"""

from __future__ import annotations

from typing import Any

from fastapi.responses import Response

from rag.serialize import to_json


class CommandJson(Response):
    """A response whose JSON is written as the command line writes it, whatever signs a document has."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        """Return the bytes of a value."""
        return to_json(content).encode("ascii")
