"""The readers of CSV, TSV, JSON and JSON Lines.

Owns: what each is recognised by, and what becomes of text that is not quite JSON. Knows nothing about rows or values.
"""

from __future__ import annotations

from rag.load import media_types
from rag.load.builder import Builder
from rag.load.data.csv import read_delimited
from rag.load.data.json import is_json_lines, read_json, read_jsonl
from rag.load.file import File
from rag.load.plain_text.formats import read_code
from rag.load.readers import Content
from rag.load.text import decode
from rag.types import Document

# How a JSON value begins.
_JSON_BEGINNINGS = b'{["-0123456789tfn'


class CsvReader:
    """Reads rows; what stands between two fields is guessed."""

    media_type = media_types.CSV
    suffixes = (".csv",)
    content: Content = "text"
    sandboxed = True

    def recognises(self, file: File) -> bool:
        """Tell rows by the name of their file."""
        return file.suffix in self.suffixes

    def read(self, file: File) -> Document:
        """Return the document in a file."""
        return _rows(file, self.media_type)


class TsvReader:
    """Reads rows whose fields are parted by tabs."""

    media_type = media_types.TSV
    suffixes = (".tsv", ".tab")
    content: Content = "text"
    sandboxed = True

    def recognises(self, file: File) -> bool:
        """Tell rows by the name of their file."""
        return file.suffix in self.suffixes

    def read(self, file: File) -> Document:
        """Return the document in a file."""
        return _rows(file, self.media_type, "\t")


class JsonReader:
    """Reads JSON, also a value a line under its name.

    Text that is not quite JSON (comments, a comma too many) is still text, and read as code.
    """

    media_type = media_types.JSON
    suffixes = (".json", ".geojson", ".webmanifest")
    content: Content = "text"
    sandboxed = True

    def recognises(self, file: File) -> bool:
        """Tell JSON by the name of its file, where it begins as a value does."""
        return file.suffix in self.suffixes and not file.head.lstrip()[:1].strip(_JSON_BEGINNINGS)

    def read(self, file: File) -> Document:
        """Return the document in a file."""
        builder = Builder(file.limits.max_characters)
        text = decode(file.data)
        if is_json_lines(text):
            read_jsonl(text, builder)
        elif not read_json(text, builder):
            return read_code(file)
        return builder.document(self.media_type, file.name)


class JsonLinesReader:
    """Reads a JSON value a line."""

    media_type = media_types.JSONL
    suffixes = (".jsonl", ".ndjson")
    content: Content = "text"
    sandboxed = True

    def recognises(self, file: File) -> bool:
        """Tell JSON Lines by the name of their file."""
        return file.suffix in self.suffixes

    def read(self, file: File) -> Document:
        """Return the document in a file."""
        builder = Builder(file.limits.max_characters)
        read_jsonl(decode(file.data), builder)
        return builder.document(self.media_type, file.name)


def _rows(file: File, media_type: str, delimiter: str = "") -> Document:
    builder = Builder(file.limits.max_characters)
    read_delimited(decode(file.data), builder, delimiter)
    return builder.document(media_type, file.name, headings_are_titles=False)
