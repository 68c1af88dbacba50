"""Reads files of index cards: a first line ``%CARDS``, then cards, each a line ``# TITLE`` and its text."""

from __future__ import annotations

from rag.errors import LoadError
from rag.load.builder import Builder
from rag.load.limits import Limits
from rag.load.readers import Content
from rag.load.sample import Sample
from rag.load.text import decode
from rag.types import Document

SIGNATURE = "%CARDS"


class CardReader:
    media_type = "text/x-cards"
    suffixes = (".cards",)
    content: Content = "text"
    sandboxed = True

    def recognises(self, sample: Sample) -> bool:
        return sample.suffix in self.suffixes or sample.head.startswith(SIGNATURE.encode())

    def read(self, data: bytes, name: str, limits: Limits) -> Document:
        signature, *lines = decode(data).splitlines()
        if signature.strip() != SIGNATURE:
            raise LoadError(f"not a file of cards: its first line is not {SIGNATURE}; export it again")
        builder = Builder(limits.max_characters)
        for line in lines:
            if line.startswith("# "):
                builder.add("heading", line[2:], level=1)
            else:
                builder.add("paragraph", line)
        return builder.document(self.media_type, name)
