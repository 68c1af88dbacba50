"""Run the process that parses: one file at a time, with limits on memory and processor time.

Owns: the child's answer to a file. Knows nothing about files on disk: bytes come in, a document or a notice goes
out. A file may do anything to this process; the parent lives on and starts another.
"""

from __future__ import annotations

from typing import Any

from rag.errors import LoadError, SkipFile
from rag.load.limits import Limits
from rag.load.messages import pending_requests, restrict, send, set_timer
from rag.load.parse import parse
from rag.types import Document, tables_as_json


def main() -> None:
    """Serve requests until the parent closes the pipe."""
    pending, replies = pending_requests()
    while True:
        request, data = pending.get()
        limits = Limits(**request["limits"])
        restrict(limits.parse_seconds, limits.parse_memory_mb)
        reply = _reply(request, data, limits)
        set_timer(0)
        send(replies, reply)
        del data, reply


def _reply(request: dict[str, Any], data: bytes, limits: Limits) -> dict[str, Any]:
    """Return the document as plain data, or the kind of error and its notice."""
    try:
        return {"document": _as_json(parse(data, request["name"], request["reader"], limits))}
    except SkipFile as error:
        return {"error": "skip", "reason": error.notice.as_json()}
    except LoadError as error:
        return {"error": "load", "reason": error.notice.as_json()}
    except MemoryError:
        return {"error": "memory"}


def _as_json(document: Document) -> dict[str, Any]:
    """Return a document as plain data."""
    blocks = [[block.start, block.end, block.kind, block.level, block.header] for block in document.blocks]
    return {
        "text": document.text,
        "title": document.title,
        "media_type": document.media_type,
        "blocks": blocks,
        "pages": document.pages,
        "tables": tables_as_json(document.tables),
        "date": document.date,
        "warnings": [warning.as_json() for warning in document.warnings],
    }


if __name__ == "__main__":
    main()
