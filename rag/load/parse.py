"""Parse the bytes of a file to a Document, with the reader that reads it.

Owns: the one sentence that a reader's failure becomes, and the check of what a reader from outside makes. Knows nothing
about files, processes or formats.
"""

from __future__ import annotations

from rag.errors import LoadError, RagError, SkipFile
from rag.load.citable import checked_document
from rag.load.file import File
from rag.load.limits import Limits
from rag.load.readers import READERS
from rag.notices import Notice
from rag.parts import PartFailed
from rag.types import Document


def parse(data: bytes, name: str, reader: str, limits: Limits) -> Document:
    """Return the document in the bytes of a file.

    Args:
        data: The bytes of the file.
        name: The name of the file, for a title where it gives no better one.
        reader: The name of its reader, as ``sniff`` returns it.
        limits: The limits of reading it.

    Returns:
        The document, with one block at least.

    Raises:
        LoadError: When the file cannot be read.
        MemoryError: When it takes too much memory. Nothing else is raised.
        SkipFile: When there is no text in it, or too much.
    """
    part = READERS.get(reader)
    if part is None:
        raise LoadError(Notice("file-reader-absent", {"reader": reader}))
    package = READERS.package(reader)
    try:
        with READERS.calling(reader):
            document = part.read(File(data, name, limits))
            if package:
                document = checked_document(document, name, limits, reader, package)
    except LoadError:
        raise
    except (PartFailed, RagError) as error:
        cause = error.__cause__ if isinstance(error, PartFailed) else error
        if isinstance(cause, MemoryError):
            raise cause from None
        if isinstance(cause, RecursionError):
            raise LoadError(Notice("file-nested")) from None
        if isinstance(cause, ImportError) and cause.name and not package:
            raise LoadError(Notice("file-library-absent", {"library": cause.name.partition(".")[0]})) from None
        # Libraries raise nearly anything on damaged files. What they say helps no reader, so it goes no further.
        if package:
            values = {"reader": reader, "package": package, "error": type(cause).__name__}
            raise LoadError(Notice("file-reader-failed", values)) from None
        raise LoadError(Notice("file-damaged", {"media_type": part.media_type})) from None
    if not document.blocks:
        raise SkipFile(Notice("file-empty"))
    return document
