"""What a language model wrote in an earlier run of a benchmark, so that the same words are not sent twice.

A language model takes most of the time of a benchmark, and the same words bring the same draft. Delete
``drafts.sqlite`` in the folder of the benchmarks to ask again, as to measure the time.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

from rag.models.llm.model import MessageLike, Model, Piece, StreamDeltas
from tests.benchmarks import data


def remembering(model: Model | None) -> Model | None:
    """The model, which is asked only for what no earlier run asked it."""
    if model is None or model.stream_deltas is None:
        return model
    return replace(model, stream_deltas=partial(_stream, model.name, model.stream_deltas))


def key_of(name: str, messages: Sequence[MessageLike], most: int, stop: Sequence[str]) -> str:
    """The key of what was sent."""
    sent = [
        name,
        most,
        list(stop),
        [(getattr(message.role, "value", message.role), message.content) for message in messages],
    ]
    return hashlib.sha256(json.dumps(sent).encode()).hexdigest()


def _stream(name: str, stream: StreamDeltas, messages: Sequence, most: int, stop: Sequence[str]) -> Iterator[Piece]:
    key = key_of(name, messages, most, stop)
    with sqlite3.connect(data.HOME / "drafts.sqlite") as store:
        store.execute("CREATE TABLE IF NOT EXISTS drafts (key TEXT PRIMARY KEY, pieces TEXT)")
        row = store.execute("SELECT pieces FROM drafts WHERE key = ?", (key,)).fetchone()
    if row is None:
        pieces = [(str(piece), getattr(piece, "logprob", None)) for piece in stream(messages, most, stop)]
        row = (json.dumps(pieces),)
        with sqlite3.connect(data.HOME / "drafts.sqlite") as store:
            store.execute("INSERT OR REPLACE INTO drafts VALUES (?, ?)", (key, *row))
    yield from (Piece(text, logprob) for text, logprob in json.loads(row[0]))
