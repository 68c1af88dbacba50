"""The readers of formats: those that ship, and those that other packages bring.

Owns: what a reader is, and the table of all. Knows nothing about any format: each reader stands beside its code.

A package brings a reader with an entry point of the group ``footnote.readers``; ``rag.load.builder`` has what it
makes a document with::

    class RecipeReader:
        media_type = "text/x-recipe"
        suffixes = (".recipe",)
        content: Content = "text"
        sandboxed = True

        def recognises(self, sample: Sample) -> bool:
            return sample.suffix in self.suffixes

        def read(self, data: bytes, name: str, limits: Limits) -> Document:
            builder = Builder(limits.max_characters)
            for paragraph in decode(data).split("\\n\\n"):
                builder.add("paragraph", paragraph)
            return builder.document(self.media_type, name)
"""

from __future__ import annotations

import hashlib
from typing import Literal, Protocol, runtime_checkable

from rag.load.limits import Limits
from rag.load.sample import Sample
from rag.parts import Parts
from rag.types import Document

Content = Literal["text", "zip", "any"]


@runtime_checkable
class Reader(Protocol):
    """Reads the files of one format. It is made once, without arguments, and keeps nothing between files.

    Its module imports heavy libraries inside ``read``: it is imported to look at any file.

    Attributes:
        media_type: The media type of its documents, such as ``text/html``.
        suffixes: The endings of its files' names, in small letters with the dot, such as ``.html``.
        content: What its files are made of. A reader is asked about such files only: ``text``, ``zip`` for packages,
            ``any`` for a format that its own signature tells.
        sandboxed: Whether it reads in a process of its own, which limits time and memory and survives a crash. Only
            code that takes linear time and calls no library may do without; files over 1 MB are read there anyway.
    """

    media_type: str
    suffixes: tuple[str, ...]
    content: Content
    sandboxed: bool

    def recognises(self, sample: Sample) -> bool:
        """Tell whether a file is of this format, by its content first; a text may be told by its name alone."""
        ...

    def read(self, data: bytes, name: str, limits: Limits) -> Document:
        """Return the document in a file.

        Args:
            data: The bytes of the file.
            name: Its name, for a title where the file states none.
            limits: The most pages and characters it may have.

        Returns:
            The document: its blocks in order and without overlap, and nothing but white space between them.

        Raises:
            LoadError: When the file cannot be read. Whatever else is raised becomes one.
            SkipFile: When it is one to be passed over: empty, or over a limit.
        """
        ...


# Readers of one content are asked in this order.
READERS: Parts[Reader] = Parts(
    "reader",
    {
        "pdf": "rag.load.pdf.formats:PdfReader",
        "docx": "rag.load.office.formats:WordReader",
        "pptx": "rag.load.office.formats:PowerPointReader",
        "xlsx": "rag.load.office.formats:ExcelReader",
        "epub": "rag.load.markup.formats:EpubReader",
        "markdown": "rag.load.plain_text.formats:MarkdownReader",
        "code": "rag.load.plain_text.formats:CodeReader",
        "csv": "rag.load.data.formats:CsvReader",
        "tsv": "rag.load.data.formats:TsvReader",
        "json": "rag.load.data.formats:JsonReader",
        "jsonl": "rag.load.data.formats:JsonLinesReader",
        "mail": "rag.load.markup.formats:MailReader",
        "html": "rag.load.markup.formats:HtmlReader",
        "plain": "rag.load.plain_text.formats:PlainReader",
    },
    Reader,
)


def outside_fingerprint() -> str:
    """Return what tells apart the readers from outside that can be used, with their packages; "" where there is none."""
    used = [f"{part.name} {part.package}" for part in READERS.describe_outside() if not part.problem]
    return hashlib.sha256("\n".join(used).encode()).hexdigest()[:8] if used else ""


def package_of(name: str) -> str:
    """Return the package, with its version, that brings a reader; "" for one that ships."""
    return next((part.package for part in READERS.describe_outside() if part.name == name and not part.problem), "")
