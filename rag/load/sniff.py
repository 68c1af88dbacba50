"""Tell which reader reads a file: by its content first, by its name second.

Owns: the order in which readers are asked. Knows nothing about formats or parsing.
"""

from __future__ import annotations

from collections.abc import Iterable

from rag.errors import RagError, SkipFile
from rag.load.file import File
from rag.load.limits import Limits
from rag.load.mislabelled import told_by_content
from rag.load.readers import READERS, Content, Reader
from rag.load.refusals import refuse
from rag.notices import Notice
from rag.parts import PartFailed, warn_once

# Reads the text that no other reader has recognised.
_LAST_READER = "plain"
# Readers that ship of formats told by a signature whose endings stand for nothing else.
_ALWAYS_SIGNED = ("pdf",)


def sniff(data: bytes, name: str, limits: Limits | None = None) -> str:
    """Return the name of the reader of a file. Readers from outside are asked first.

    Args:
        data: The whole file: a zip keeps its directory at the end.
        name: Its name; the ending tells apart what content does not, such as Markdown and plain text.
        limits: The limits of reading, which say whether pictures are read; the default ones where left out.

    Returns:
        The name that the reader has in ``READERS``.

    Raises:
        SkipFile: For a kind that is not read, and for an empty file.
        LoadError: For a file that is protected, damaged, or not what its name says.
    """
    if not data:
        raise SkipFile(Notice("file-empty"))
    file = File(data, name, limits or Limits())
    outside = list(READERS.from_outside())
    for part, reader in outside:
        if _recognises_from_outside(part, reader, file):
            return part
    shipped = list(READERS.shipped())
    for part, reader in shipped:
        if reader.content != "text" and _is_of(reader, file) and reader.recognises(file):
            return part
    part = told_by_content(file)
    if part in READERS.names():
        return part
    every = [reader for _, reader in (*shipped, *outside)]
    # Text is called by the endings of messages, sheets and pictures, too; by that of a PDF it is none.
    signed = [reader for part, reader in (*shipped, *outside) if part in _ALWAYS_SIGNED or (part, reader) in outside]
    refuse(file, _suffixes(every, "zip"), _suffixes(signed, "any"))
    texts = [(part, reader) for part, reader in shipped if reader.content == "text"]
    # An ending that is known leaves only what it stands for, and plain text.
    named = [(part, reader) for part, reader in texts if file.suffix in reader.suffixes]
    return next((part for part, reader in named or texts if reader.recognises(file)), _LAST_READER)


def _is_of(reader: Reader, file: File) -> bool:
    """Tell whether a file is made of what a reader reads."""
    if reader.content == "zip":
        return file.is_zip
    return reader.content == "any" or not (file.is_zip or file.is_binary)


def _recognises_from_outside(part: str, reader: Reader, file: File) -> bool:
    try:
        with READERS.calling(part):
            return _is_of(reader, file) and bool(reader.recognises(file))
    except (PartFailed, RagError) as error:  # The other readers can still tell.
        cause = error.cause if isinstance(error, PartFailed) else type(error).__name__
        warn_once(f"The reader {part!r} cannot tell which files it reads ({cause}); update its package")
        return False


def _suffixes(readers: Iterable[Reader], content: Content) -> set[str]:
    return {suffix for reader in readers if reader.content == content for suffix in reader.suffixes}
