r"""The readers of formats: those that ship, and those that other packages bring.

Owns: what a reader is, and the table of all. Knows nothing about any format: each reader stands beside its code.

A package brings a reader with an entry point of the group ``footnote.readers``; ``rag.load.builder`` has what it
makes a document with::

    class RecipeReader:
        media_type = "text/x-recipe"
        suffixes = (".recipe",)
        content: Content = "text"
        sandboxed = True

        def recognises(self, file: File) -> bool:
            return file.suffix in self.suffixes

        def read(self, file: File) -> Document:
            builder = Builder(file.limits.max_characters)
            for paragraph in decode(file.data).split("\n\n"):
                builder.add("paragraph", paragraph)
            return builder.document(self.media_type, file.name)
"""

from __future__ import annotations

import hashlib
from typing import Any, Literal, Protocol, get_args, runtime_checkable

from rag.load.file import File
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

    def recognises(self, file: File) -> bool:
        """Tell whether a file is of this format, by its content first; a text may be told by its name alone."""
        ...

    def read(self, file: File) -> Document:
        """Return the document in a file: blocks in order and without overlap, with only white space between them.

        A ``LoadError`` of one sentence says why a file cannot be read, a ``SkipFile`` why it is passed over. Whatever
        else is raised becomes a ``LoadError``.
        """
        ...


def _fault_of(reader: Reader) -> str:
    """Return what a reader does not say in the way that ``Reader`` asks for."""
    suffixes: Any = reader.suffixes
    if not isinstance(suffixes, tuple) or not all(isinstance(suffix, str) for suffix in suffixes):
        return "its suffixes are no tuple of endings"
    return "" if reader.content in get_args(Content) else f"its content is none of {', '.join(get_args(Content))}"


# Readers of one content are asked in this order.
READERS: Parts[Reader] = Parts(
    "reader",
    {
        "pdf": "rag.load.pdf.formats:PdfReader",
        "docx": "rag.load.office.formats:WordReader",
        "pptx": "rag.load.office.formats:PowerPointReader",
        "odt": "rag.load.office.open_formats:OpenTextReader",
        "odp": "rag.load.office.open_formats:OpenPresentationReader",
        "rtf": "rag.load.office.open_formats:RichTextReader",
        "msg": "rag.load.mail.formats:OutlookReader",
        "xlsx": "rag.load.office.sheets.readers:ExcelReader",
        "xlsb": "rag.load.office.sheets.readers:BinaryWorkbookReader",
        "xls": "rag.load.office.sheets.readers:OldExcelReader",
        "ods": "rag.load.office.sheets.readers:OpenWorkbookReader",
        "flat-odf": "rag.load.office.open_formats:FlatReader",
        "epub": "rag.load.markup.formats:EpubReader",
        "notebook": "rag.load.notation.formats:NotebookReader",
        "captions": "rag.load.notation.formats:CaptionsReader",
        "rst": "rag.load.notation.formats:RstReader",
        "org": "rag.load.notation.formats:OrgReader",
        "tex": "rag.load.notation.formats:TexReader",
        "picture": "rag.load.pictures.formats:PictureReader",
        "markdown": "rag.load.plain_text.formats:MarkdownReader",
        "code": "rag.load.plain_text.formats:CodeReader",
        "csv": "rag.load.data.formats:CsvReader",
        "tsv": "rag.load.data.formats:TsvReader",
        "json": "rag.load.data.formats:JsonReader",
        "jsonl": "rag.load.data.formats:JsonLinesReader",
        "xml": "rag.load.markup.formats:XmlReader",
        "mhtml": "rag.load.markup.formats:MhtmlReader",
        "mail": "rag.load.mail.formats:MailReader",
        "mbox": "rag.load.mail.formats:MailboxReader",
        "html": "rag.load.markup.formats:HtmlReader",
        "plain": "rag.load.plain_text.formats:PlainReader",
    },
    Reader,
    _fault_of,
)


def outside_fingerprint() -> str:
    """Return what changes with the readers from outside that can be used, and their packages; "" for none."""
    used = [f"{part.name} {part.package}" for part in READERS.describe_outside() if not part.problem]
    return hashlib.sha256("\n".join(used).encode()).hexdigest()[:8] if used else ""
