"""Count the work that is done while a block runs: calls of the encoder, SQL statements, calls of Chroma.

Owns: where each is counted, at the libraries' doors, so that the product may be built otherwise behind them. Knows
nothing about what is done.
"""

from __future__ import annotations

import re
import sqlite3
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import wraps
from typing import Any
from unittest.mock import patch

from chromadb.api.client import Client
from chromadb.api.models.Collection import Collection

from rag.models.encoder import Encoder

ENCODER_CALLS, TEXTS, TOKENS = "encoder calls", "texts encoded", "tokens encoded"
SQL, CHROMA = "SQL statements", "Chroma calls"
KINDS = (ENCODER_CALLS, TEXTS, TOKENS, SQL, CHROMA)


class Counts:
    """What was counted so far, by kind and, below each kind, by what it was; threads may count at once."""

    def __init__(self) -> None:
        self.by_kind: dict[str, int] = dict.fromkeys(KINDS, 0)
        self.details: dict[str, Counter[str]] = {kind: Counter() for kind in KINDS}
        self._guard = threading.Lock()

    def add(self, kind: str, detail: str, number: int = 1) -> None:
        with self._guard:
            self.by_kind[kind] += number
            self.details[kind][detail] += number


class CountingEncoder:
    """An encoder that counts what another is asked to encode: every method whose name begins with "encode"."""

    def __init__(self, encoder: Encoder, counts: Counts) -> None:
        self._encoder, self._counts = encoder, counts

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._encoder, name)
        if not name.startswith("encode"):
            return found

        @wraps(found)
        def counted(*arguments: Any, **named: Any) -> Any:
            texts = [text for argument in (*arguments, *named.values()) for text in _texts_of(argument)]
            self._counts.add(ENCODER_CALLS, name)
            self._counts.add(TEXTS, name, len(texts))
            self._counts.add(TOKENS, name, sum(self._encoder.count_tokens(texts)))
            return found(*arguments, **named)

        return counted


def _texts_of(argument: Any) -> list[str]:
    """Return the texts of an argument: it may be one, a sequence of them, or no text."""
    if isinstance(argument, str):
        return [argument]
    is_texts = isinstance(argument, (list, tuple)) and all(isinstance(each, str) for each in argument)
    return list(argument) if is_texts else []


@contextmanager
def counted_stores(counts: Counts) -> Iterator[None]:
    """Count the SQL statements of connections that are opened meanwhile, and all calls of Chroma's client."""
    with ExitStack() as patched:
        patched.enter_context(patch.object(sqlite3, "connect", _tracing(sqlite3.connect, counts)))
        inside = threading.local()
        for owner in (Client, Collection):
            for name, member in list(vars(owner).items()):
                if not name.startswith("_") and callable(member):
                    counted = _counting(member, f"{owner.__name__}.{name}", inside, counts)
                    patched.enter_context(patch.object(owner, name, counted))
        yield


def _tracing(connect: Callable[..., sqlite3.Connection], counts: Counts) -> Callable[..., sqlite3.Connection]:
    def trace(statement: str) -> None:
        # What SQLite runs of its own, for triggers and full-text tables, depends on its version.
        if not statement.startswith("--"):
            counts.add(SQL, shape(statement))

    def traced(*arguments: Any, **named: Any) -> sqlite3.Connection:
        connection = connect(*arguments, **named)
        connection.set_trace_callback(trace)
        return connection

    return traced


def _counting(member: Callable[..., Any], name: str, inside: threading.local, counts: Counts) -> Callable[..., Any]:
    @wraps(member)
    def counted(*arguments: Any, **named: Any) -> Any:
        if getattr(inside, "call", False):  # Chroma's own calls are its own affair
            return member(*arguments, **named)
        counts.add(CHROMA, name)
        inside.call = True
        try:
            return member(*arguments, **named)
        finally:
            inside.call = False

    return counted


def shape(statement: str) -> str:
    """Return a statement without its values, on one line."""
    bare = re.sub(r"x?'(?:[^']|'')*'|\b\d+(?:\.\d+)?(?:[eE][-+]?\d+)?\b", "?", statement)
    return " ".join(re.sub(r"\(\s*\?(?:\s*,\s*\?)*\s*\)", "(?…)", bare).split())
