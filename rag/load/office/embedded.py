"""Name the objects of other programs that are embedded in an Office file, so that a warning can say what is not read.

Owns: where such an object says what file it was. Knows nothing about where it stands in a document.
"""

from __future__ import annotations

import io
import posixpath
from collections.abc import Sequence
from contextlib import suppress

from rag.notices import Notice

# The stream that holds a file of any kind: its size, two bytes, and its name up to a NUL.
_NATIVE_STREAM = "\x01Ole10Native"
_NATIVE_NAME = 6
_LONGEST_NAME = 200


def embedded_name(part: str, data: bytes | None, program: str = "") -> str:
    """Return what names an embedded object best.

    Args:
        part: The name of its part in the package; "" for none.
        data: The bytes of that part.
        program: What it says of the program that made it, such as ``Excel.Sheet.12``.

    Returns:
        The name of the file that it was, else that of its part, else that of the program; "" where it has none.
    """
    if not part.lower().endswith(".bin"):
        return posixpath.basename(part) or program
    return _native_name(data or b"") or program or posixpath.basename(part)


def embedded_notice(names: Sequence[str], slides: Sequence[int] = ()) -> Notice:
    """Return what is said of embedded objects that are not read.

    Args:
        names: The name of each; "" for one without a name.
        slides: The numbers of the slides that they stand on.

    Returns:
        The notice.
    """
    values: dict[str, object] = {"count": len(names), "names": list(dict.fromkeys(filter(None, names)))}
    return Notice("reading-embedded-objects", {**values, "slides": list(slides)} if slides else values)


def _native_name(data: bytes) -> str:
    """Return the name of the file in a container that was made for a file of any kind, or ""."""
    import olefile

    with suppress(OSError), olefile.OleFileIO(io.BytesIO(data)) as container:
        if container.exists(_NATIVE_STREAM):
            stream: bytes = container.openstream(_NATIVE_STREAM).read(_NATIVE_NAME + _LONGEST_NAME)
            return stream[_NATIVE_NAME:].split(b"\0")[0].decode("cp1252", "replace").strip()
    return ""
