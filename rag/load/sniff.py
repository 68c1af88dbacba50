"""Tell which reader reads a file: by its content first, by its name second.

Owns: the order in which readers are asked. Knows nothing about formats or parsing.
"""

from __future__ import annotations

import logging

from rag.errors import SkipFile
from rag.load.readers import READERS, Reader
from rag.load.refusals import refuse
from rag.load.sample import Sample
from rag.notices import Notice

# Reads the text that no other reader has recognised.
_LAST_READER = "plain"
_LOG = logging.getLogger(__name__)


def sniff(data: bytes, name: str) -> str:
    """Return the name of the reader of a file. Readers from outside are asked first.

    Args:
        data: The whole file: a zip keeps its directory at the end.
        name: Its name; the ending tells apart what content does not, such as Markdown and plain text.

    Returns:
        The name that the reader has in ``READERS``.

    Raises:
        SkipFile: For a kind that is not read, and for an empty file.
        LoadError: For a file that is protected, damaged, or not what its name says.
    """
    if not data:
        raise SkipFile(Notice("file-empty"))
    sample = Sample(data, name)
    for part, reader in READERS.from_outside():
        if _recognises_from_outside(part, reader, sample):
            return part
    shipped = list(READERS.shipped())
    for part, reader in shipped:
        if reader.content != "text" and _is_of(reader, sample) and reader.recognises(sample):
            return part
    refuse(sample, _suffixes(shipped, "zip"), _suffixes(shipped, "any"))
    texts = [(part, reader) for part, reader in shipped if reader.content == "text"]
    # An ending that is known leaves only what it stands for, and plain text.
    named = [(part, reader) for part, reader in texts if sample.suffix in reader.suffixes]
    return next((part for part, reader in named or texts if reader.recognises(sample)), _LAST_READER)


def _is_of(reader: Reader, sample: Sample) -> bool:
    """Tell whether a file is made of what a reader reads."""
    if reader.content == "zip":
        return sample.is_zip
    return reader.content == "any" or not (sample.is_zip or sample.is_binary)


def _recognises_from_outside(part: str, reader: Reader, sample: Sample) -> bool:
    try:
        return _is_of(reader, sample) and bool(reader.recognises(sample))
    except Exception as error:  # Code from outside raises anything; the other readers can still tell.
        _LOG.warning("The reader %r cannot tell whether it reads a file (%s)", part, type(error).__name__)
        return False


def _suffixes(readers: list[tuple[str, Reader]], content: str) -> set[str]:
    return {suffix for _, reader in readers if reader.content == content for suffix in reader.suffixes}
