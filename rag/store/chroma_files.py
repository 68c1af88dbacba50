"""The files in which embedded Chroma keeps its graph of vectors, and the space in them that holds no vector.

Chroma (1.5) writes the room of vectors to come as it lies in memory, and so whatever the process had there before,
such as words of any document. Owns: overwriting that room. Knows nothing about collections or the catalog.
"""

from __future__ import annotations

import struct
from pathlib import Path

# header.bin: the form of the file, then, of 8 bytes each, the offset of the first vector, how many there is room for,
# how many there are, and the bytes of each.
_HEADER = struct.Struct("<iQQQQ")
_FORM = 1
_BYTES_OF_A_LEVEL = 4


def overwrite_free_space(folder: Path) -> int:
    """Overwrite with zeros what lies behind the last vector in the files of each collection.

    Args:
        folder: The folder of an embedded Chroma that nobody writes to meanwhile.

    Returns:
        How many bytes were overwritten; files of another form are left as they are.
    """
    count = 0
    for header in sorted(folder.glob("*/header.bin")):
        fields = header.read_bytes()[: _HEADER.size]
        if len(fields) < _HEADER.size:
            continue
        form, offset, room, vectors, length = _HEADER.unpack(fields)
        if form != _FORM or offset or vectors > room:
            continue
        for name, each in (("data_level0.bin", length), ("length.bin", _BYTES_OF_A_LEVEL)):
            path = header.with_name(name)
            size = path.stat().st_size if path.is_file() else 0
            if vectors * each < size <= room * each:
                with path.open("r+b") as file:
                    file.seek(vectors * each)
                    count += file.write(bytes(size - vectors * each))
    return count
