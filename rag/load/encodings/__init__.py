"""Encodings of text: what a file declares, what its bytes show, and what is likely.

Owns: the choice of an encoding for bytes without a byte order mark. Knows nothing about files or structure.

    labels    the names that files and messages give to encodings, read as the superset that is meant
    unmarked  UTF-16, UTF-32 and ISO-2022 without a mark
    guess     older encodings, by how likely the text is that each makes of the bytes
    letters   the letters of languages, by frequency

Interface: ``codec_of_label``, ``narrowest``, ``declared_encoding``, ``shown_encoding``, ``guess_encoding``.
"""

from rag.load.encodings.guess import guess_encoding
from rag.load.encodings.labels import codec_of_label, declared_encoding, narrowest
from rag.load.encodings.unmarked import shown_encoding

__all__ = ["codec_of_label", "declared_encoding", "guess_encoding", "narrowest", "shown_encoding"]
