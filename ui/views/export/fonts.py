"""The fonts of a PDF, which are written into it.

Owns: which font shows a letter, and how wide it is there. They lie in ``ui/export_fonts``: the page's own two fonts as
TrueType, and one with Greek, Cyrillic and signs for what those lack. Each letter has a glyph of its own there, so that
what is copied from a page is what was written on it. Knows nothing about PDF.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files

READ, READ_BOLD, READ_ITALIC = "source-serif-4", "source-serif-4-semibold", "source-serif-4-italic"
SANS, SANS_BOLD = "inter", "inter-semibold"
_FURTHER = "dejavu-sans"


class Font:
    """A TrueType font.

    Attributes:
        name: The name of its file, without the ending.
        data: The file.
    """

    def __init__(self, name: str, data: bytes) -> None:
        """Read which letters it has, and how wide they are.

        Args:
            name: The name of its file.
            data: The file.
        """
        self.name, self.data = name, data
        tables = {}
        for number in range(struct.unpack_from(">H", data, 4)[0]):
            tag, _, offset, _ = struct.unpack_from(">4sIII", data, 12 + 16 * number)
            tables[tag] = offset
        self._units = struct.unpack_from(">H", data, tables[b"head"] + 18)[0]
        advances = struct.unpack_from(">H", data, tables[b"hhea"] + 34)[0]
        self._advances = struct.unpack_from(">" + "Hh" * advances, data, tables[b"hmtx"])[::2]
        self._glyphs = dict(_character_map(data, tables[b"cmap"]))

    def has(self, letter: str) -> bool:
        """Return whether it shows a letter."""
        return ord(letter) in self._glyphs

    def width(self, letter: str, size: float) -> float:
        """Return how wide a letter that it has is at a size, in the unit of the size."""
        glyph = self._glyphs[ord(letter)]
        return float(self._advances[min(glyph, len(self._advances) - 1)] * size / self._units)


@lru_cache
def font(name: str) -> Font:
    """Return a font by its name."""
    return Font(name, (files("ui") / "export_fonts" / f"{name}.ttf").read_bytes())


def font_for(letter: str, name: str) -> Font | None:
    """Return what shows a letter where a font is wanted: that font, its upright, one with more letters, or None."""
    for candidate in (name, READ if name == READ_ITALIC else SANS, _FURTHER):
        if font(candidate).has(letter):
            return font(candidate)
    return None


def _character_map(data: bytes, table: int) -> Iterator[tuple[int, int]]:
    """Yield each letter of a font with the number of its glyph."""
    subtables = {}
    for number in range(struct.unpack_from(">H", data, table + 2)[0]):
        offset = table + struct.unpack_from(">HHI", data, table + 4 + 8 * number)[2]
        subtables[struct.unpack_from(">H", data, offset)[0]] = offset
    if 12 in subtables:
        offset = subtables[12]
        for number in range(struct.unpack_from(">I", data, offset + 12)[0]):
            first, last, glyph = struct.unpack_from(">III", data, offset + 16 + 12 * number)
            yield from ((letter, glyph + letter - first) for letter in range(first, last + 1))
        return
    offset = subtables[4]
    segments = struct.unpack_from(">H", data, offset + 6)[0] // 2
    lasts, firsts, deltas, ranges = (
        struct.unpack_from(f">{segments}H", data, offset + 14 + place)
        for place in (0, 2 * segments + 2, 4 * segments + 2, 6 * segments + 2)
    )
    for number, (first, last, delta, range_) in enumerate(zip(firsts, lasts, deltas, ranges, strict=True)):
        for letter in range(first, min(last, 0xFFFE) + 1):
            glyph = letter
            if range_:
                place = offset + 16 + 6 * segments + 2 * number + range_ + 2 * (letter - first)
                glyph = struct.unpack_from(">H", data, place)[0]
                if not glyph:
                    continue
            yield letter, (glyph + delta) % 0x10000
