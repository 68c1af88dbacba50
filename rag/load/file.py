"""A file that is to be read, and what can be told of it before it is parsed.

Owns: the record ``File``, which a reader recognises and reads. Knows nothing about formats.
"""

from __future__ import annotations

import io
import zipfile
from functools import cached_property
from pathlib import PurePath

from rag.load.limits import Limits
from rag.load.text import looks_binary

# The beginning of a text that is looked at.
_HEAD_BYTES = 4096
_ZIP_SIGNATURES = (b"PK\x03\x04", b"PK\x05\x06")
# A longer entry declares no media type.
_LONGEST_MEDIA_TYPE = 100


class File:
    """A file that is to be read. What is costly to tell is told once, and only where it is asked for.

    Attributes:
        data: The whole file: a zip keeps its directory at the end.
        name: The name that it is known by, which may begin with folders.
        suffix: The ending of the name, in small letters and with its dot, such as ``.pdf``; "" for none.
        limits: How many pages and characters it may have, and how far it may unpack.
    """

    def __init__(self, data: bytes, name: str, limits: Limits) -> None:
        self.data, self.name, self.limits = data, name, limits
        self.suffix = PurePath(name).suffix.lower()

    @cached_property
    def is_zip(self) -> bool:
        """Whether it begins as a zip package does."""
        return self.data.startswith(_ZIP_SIGNATURES)

    @cached_property
    def is_binary(self) -> bool:
        """Whether it begins with more control characters than a text ever does."""
        return looks_binary(self.data)

    @cached_property
    def head(self) -> bytes:
        """The beginning of a text, in small pieces of ASCII as they stand: without byte order mark and NULs."""
        head = self.data[:_HEAD_BYTES].removeprefix(b"\xef\xbb\xbf")
        if b"\0" in head:
            # UTF-16 in Latin script: what is looked for is in every other byte.
            head = head.removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff").replace(b"\0", b"")
        return head

    @property
    def entries(self) -> frozenset[str]:
        """The names of the parts of a zip package; empty for another file and for a damaged one."""
        return self._package[0] if self._package else frozenset()

    @property
    def declared_type(self) -> str:
        """The media type that a zip package declares in its part ``mimetype``, as EPUB does; "" for none."""
        return self._package[1] if self._package else ""

    @property
    def is_damaged_zip(self) -> bool:
        """Whether it begins as a zip package does, and its parts cannot be listed."""
        return self.is_zip and self._package is None

    @cached_property
    def _package(self) -> tuple[frozenset[str], str] | None:
        """The parts and the declared media type of a zip package; None where they cannot be told."""
        if not self.is_zip:
            return None
        try:
            with zipfile.ZipFile(io.BytesIO(self.data)) as package:
                entries = {entry.filename: entry for entry in package.infolist()}
                mimetype = entries.get("mimetype")
                is_declared = mimetype is not None and mimetype.file_size < _LONGEST_MEDIA_TYPE
                declared = package.read(mimetype).strip() if mimetype is not None and is_declared else b""
        except Exception:  # A damaged zip makes zipfile raise nearly anything.
            return None
        return frozenset(entries), declared.decode("latin-1")
