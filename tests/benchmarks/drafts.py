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

from rag.models.llm.model import Model, StreamDeltas
from tests.benchmarks import data


def remembering(model: Model | None) -> Model | None:
    """The model, which is asked only for what no earlier run asked it."""
    if model is None or model.stream_deltas is None:
        return model
    return replace(model, stream_deltas=partial(_stream, model.name, model.stream_deltas))


def _stream(name: str, stream: StreamDeltas, messages: Sequence, most: int, stop: Sequence[str]) -> Iterator[str]:
    sent = json.dumps([name, most, list(stop), [(str(message.role), message.content) for message in messages]])
    key = hashlib.sha256(sent.encode()).hexdigest()
    with sqlite3.connect(data.HOME / "drafts.sqlite") as store:
        store.execute("CREATE TABLE IF NOT EXISTS drafts (key TEXT PRIMARY KEY, draft TEXT)")
        found = store.execute("SELECT draft FROM drafts WHERE key = ?", (key,)).fetchone()
        if found is None:
            found = ("".join(stream(messages, most, stop)),)
            store.execute("INSERT OR REPLACE INTO drafts VALUES (?, ?)", (key, *found))
    yield found[0]
