"""Reads files of index cards: a first line ``%CARDS``, then cards, each a line ``# TITLE`` and its text."""

from __future__ import annotations

from rag.errors import LoadError
from rag.load.builder import Builder
from rag.load.file import File
from rag.load.readers import Content
from rag.load.text import decode
from rag.types import Document

SIGNATURE = "%CARDS"


class CardReader:
    media_type = "text/x-cards"
    suffixes: tuple[str, ...] = (".cards",)
    content: Content = "text"
    sandboxed = True

    def recognises(self, file: File) -> bool:
        return file.suffix in self.suffixes or file.head.startswith(SIGNATURE.encode())

    def read(self, file: File) -> Document:
        signature, *lines = decode(file.data).splitlines()
        if signature.strip() != SIGNATURE:
            raise LoadError(f"not a file of cards: its first line is not {SIGNATURE}; export it again")
        builder = Builder(file.limits.max_characters)
        for line in lines:
            if line.startswith("# "):
                builder.add("heading", line[2:], level=1)
            else:
                builder.add("paragraph", line)
        return builder.document(self.media_type, file.name)
