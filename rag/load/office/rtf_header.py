"""Keep what the head of an RTF file says: fonts, styles, title, times, how notes are numbered.

Owns: the tables of a file, and what bytes are in its fonts. Knows nothing about the words of its body.
"""

from __future__ import annotations

import datetime

from rag.load.office.counting import Style
from rag.load.office.rtf_state import State
from rag.load.office.rtf_words import SYMBOL_CHARSET, decoded, encoding_of_charset, encoding_of_code_page
from rag.load.office.symbols import is_symbol_font, private_signs, sign

_NOTE_STYLES: dict[str, Style] = {"nar": "decimal", "nalc": "lower-letter", "nauc": "upper-letter",
                                  "nrlc": "lower-roman", "nruc": "upper-roman"}  # fmt: skip
_ENCODINGS = {"mac": "mac_roman", "pc": "cp437", "pca": "cp850"}


class Header:
    """What the head of a file says.

    Attributes:
        note_styles: How footnotes and endnotes are numbered.
    """

    def __init__(self) -> None:
        self.note_styles: dict[str, Style] = {"footnote": "decimal", "endnote": "decimal"}
        self._encoding = "cp1252"
        self._fonts: dict[int, tuple[str, str]] = {}
        self._levels: dict[int, int] = {}
        self._times: dict[str, dict[str, int]] = {}
        self._title: list[str] = []
        self._name: list[str] = []

    @property
    def title(self) -> str:
        """The title that the properties give, or ""."""
        return "".join(self._title).strip()

    @property
    def day(self) -> str:
        """The day of the last change, else of the making, ``YYYY-MM-DD``, or ""."""
        for kind in ("revtim", "creatim"):
            time = self._times.get(kind, {})
            try:
                return datetime.date(time.get("yr", 0), time.get("mo", 1), time.get("dy", 1)).isoformat()
            except ValueError:
                continue
        return ""

    def characters(self, data: bytes, font: int) -> str:
        """Return bytes as characters; the letters of a font of signs as what they show.

        Args:
            data: The bytes.
            font: The number of their font.

        Returns:
            The characters.
        """
        name, encoding = self._fonts.get(font, ("", self._encoding))
        if is_symbol_font(name):
            return "".join(sign(name, byte) for byte in data)
        return decoded(data, encoding)

    def without_private(self, text: str, font: int) -> str:
        """Return characters with private ones, where fonts have their signs, as what they show.

        Args:
            text: The characters.
            font: The number of their font.

        Returns:
            The characters that a reader sees.
        """
        return private_signs(text, self._fonts.get(font, ("", ""))[0] or "Symbol")

    def heading_level(self, style: int) -> int:
        """Return the level of the headings of a style; 0 for another style."""
        return self._levels.get(style, 0)

    def take_text(self, group: str, text: str, state: State) -> None:
        """Keep the words of a table of the head.

        Args:
            group: Which table: ``fonttbl``, ``stylesheet`` or ``title``.
            text: The words, a name ending with a semicolon.
            state: What counts for them.
        """
        if group == "title":
            self._title.append(text)
            return
        self._name.append(text)
        if not text.rstrip().endswith(";"):
            return
        name = "".join(self._name).strip(" ;")
        self._name = []
        if group == "fonttbl":
            self._fonts[state.font] = (name, self._fonts.get(state.font, ("", self._encoding))[1])
        else:
            self._levels[state.style] = _level(name.lower(), state.outline)

    def take_word(self, word: str, number: int, state: State, in_fonts: bool) -> None:
        """Keep what a control word says.

        Args:
            word: The control word.
            number: The number behind it; 0 for none.
            state: What counts where it stands.
            in_fonts: Whether it stands in the table of fonts.
        """
        notes = word.removeprefix("a")
        if word == "ansicpg" or word in _ENCODINGS:
            self._encoding = _ENCODINGS.get(word) or encoding_of_code_page(number)
        elif in_fonts and word in ("fcharset", "cpg") and number != SYMBOL_CHARSET:
            name = self._fonts.get(state.font, ("",))[0]
            is_set = word == "fcharset"
            encoding = encoding_of_charset(number, self._encoding) if is_set else encoding_of_code_page(number)
            self._fonts[state.font] = (name, encoding)
        elif word in ("yr", "mo", "dy"):
            self._times.setdefault(state.group, {})[word] = number
        elif notes.startswith("ftn") and notes[3:] in _NOTE_STYLES:
            self.note_styles["endnote" if word.startswith("a") else "footnote"] = _NOTE_STYLES[notes[3:]]


def _level(name: str, outline: int) -> int:
    if name.startswith("heading ") and name[8:9].isdecimal():
        return int(name[8])
    return 1 if name == "title" else outline
