"""A conversation as a PDF.

Owns: how blocks are laid out on pages of A4. The library that reads PDF here writes it, too. Letters that no font here
has are never left out or shown as boxes: words in another script are refused with a sentence, a sign alone stands as
its number.
"""

from __future__ import annotations

import ctypes
import io
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from rag.errors import UsageError
from rag.notices import Notice
from rag.store.catalog import Conversation, StoredTurn
from ui.i18n import Translate
from ui.views.export.blocks import Block, Run, Runs, blocks_of
from ui.views.export.fonts import READ, READ_BOLD, READ_ITALIC, SANS, SANS_BOLD, Font, font_for
from ui.views.export.page import body_html

# Points: the page, its margins, and what a level of a list is indented by.
_WIDTH, _HEIGHT, _SIDE, _TOP, _BOTTOM, _INDENT = 595.0, 842.0, 72.0, 72.0, 72.0, 22.0
_LEADING = 1.45
_INK, _MUTED, _ACCENT, _LINE, _MARK, _HUSH = (
    (28, 30, 32), (91, 96, 102), (10, 106, 91), (201, 197, 188), (253, 233, 166), (241, 239, 234),
)  # fmt: skip
_HEADING_SIZES = {1: 20.0, 2: 14.0, 3: 12.5, 4: 11.5, 5: 11.0, 6: 11.0}
_READ_SIZE, _SMALL_SIZE, _CELL_SIZE = 10.5, 8.5, 9.0
_CELL_PADDING = 4.0
_MOST_LETTERS_NAMED = 5

Colour = tuple[int, int, int]


def to_pdf(conversation: Conversation, turns: Sequence[StoredTurn], t: Translate) -> bytes:
    """Return the conversation as a PDF.

    Args:
        conversation: Its title and dates.
        turns: Its questions and answers, in order.
        t: Gives the texts beside them in the reader's language.

    Returns:
        The file.

    Raises:
        UsageError: It has letters that no font here shows.
    """
    blocks = blocks_of(body_html(conversation, turns, t))
    missing = dict.fromkeys(letter for run in _all_runs(blocks) for letter in run.text if _is_missing_letter(letter))
    if missing:
        raise UsageError(Notice("export-letters-missing", {"letters": " ".join([*missing][:_MOST_LETTERS_NAMED])}))
    # Imported late: the library is large, and few exports are PDF.
    from rag.load.pdf.pdfium import PDFIUM_LOCK

    with PDFIUM_LOCK:
        return _written(blocks)


def _written(blocks: Sequence[Block]) -> bytes:
    import pypdfium2

    document = pypdfium2.PdfDocument.new()
    try:
        pages = _Pages(document)
        for number, block in enumerate(blocks):
            pages.add(block, blocks[number + 1 :])
        pages.end()
        written = io.BytesIO()
        document.save(written)
        return written.getvalue()
    finally:
        document.close()


# -- letters -----------------------------------------------------------------------------------------------------------


def _all_runs(blocks: Sequence[Block]) -> Iterator[Run]:
    for block in blocks:
        for runs in (block.runs, *(cell for row in block.rows for cell in row)):
            yield from _shown(runs)


def _shown(runs: Runs) -> Iterator[Run]:
    """Yield runs with their letters as the fonts have them: letters and their marks as one."""
    for run in runs:
        yield replace(run, text=unicodedata.normalize("NFC", run.text).replace("\t", "    ").replace("\u00a0", " "))


def _is_missing_letter(letter: str) -> bool:
    return unicodedata.category(letter)[0] in "LMN" and font_for(letter, READ) is None


def _drawn(letter: str, name: str) -> tuple[str, Font]:
    """Return what is drawn for a letter, and in which font; for a sign that no font has it is the sign's number."""
    found = font_for(letter, name)
    if found is not None:
        return letter, found
    if letter.isspace() or unicodedata.category(letter) in ("Cf", "Cc"):
        return "", _any(name)
    return f"[U+{ord(letter):04X}]", _any(name)


def _any(name: str) -> Font:
    found = font_for("x", name)
    assert found is not None
    return found


# -- lines -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Style:
    """How the words of a block are set."""

    name: str = READ
    bold: str = READ_BOLD
    italic: str = READ_ITALIC
    size: float = _READ_SIZE
    colour: Colour = _INK


@dataclass(frozen=True, slots=True)
class _Piece:
    """Letters of one font on a line."""

    text: str
    font: Font
    width: float
    colour: Colour
    marked: bool = False


_Line = list[_Piece]
_READ_STYLE = _Style()
_SMALL_STYLE = _Style(SANS, SANS_BOLD, SANS, _SMALL_SIZE, _MUTED)
_CELL_STYLE = _Style(SANS, SANS_BOLD, SANS, _CELL_SIZE)
_CODE_STYLE = _Style(SANS, SANS_BOLD, SANS, 9.5)


def _lines(runs: Runs, style: _Style, width: float) -> list[_Line]:
    """Return runs broken into lines that are no wider than ``width``; a word that is wider is cut."""
    lines: list[_Line] = [[]]
    used = 0.0
    for word, run in _words(runs):
        if word == "\n":
            lines.append([])
            used = 0.0
            continue
        pieces = _pieces(word, run, style)
        wide = sum(piece.width for piece in pieces)
        # White space at a line's end takes no room.
        ink = wide if word.strip() else 0.0
        if used and used + ink > width + 0.01:
            lines.append([])
            used = 0.0
            if not word.strip():
                continue
        for piece in pieces if wide <= width else _cut(pieces, width, style.size):
            if used and used + piece.width > width + 0.01 and word.strip():
                lines.append([])
                used = 0.0
            lines[-1].append(piece)
            used += piece.width
    return lines


def _words(runs: Runs) -> Iterator[tuple[str, Run]]:
    """Yield words, the white space between them, and the ends of lines, each with its run."""
    for run in _shown(runs):
        word = ""
        for letter in run.text:
            if (letter.isspace() != word.isspace() and word) or letter == "\n":
                if word:
                    yield word, run
                word = ""
            if letter == "\n":
                yield "\n", run
            else:
                word += letter
        if word:
            yield word, run


def _pieces(word: str, run: Run, style: _Style) -> list[_Piece]:
    name = SANS if run.code else style.bold if run.bold else style.italic if run.italic else style.name
    colour = _ACCENT if run.symbol else style.colour
    pieces: list[_Piece] = []
    for letter in word:
        drawn, shown_in = _drawn(letter, name)
        wide = sum(shown_in.width(one, style.size) for one in drawn)
        if pieces and pieces[-1].font is shown_in:
            pieces[-1] = replace(pieces[-1], text=pieces[-1].text + drawn, width=pieces[-1].width + wide)
        else:
            pieces.append(_Piece(drawn, shown_in, wide, colour, run.marked))
    return pieces


def _cut(pieces: Sequence[_Piece], width: float, size: float) -> Iterator[_Piece]:
    """Yield the letters of a word that is wider than a line in pieces that are not."""
    for piece in pieces:
        text, wide = "", 0.0
        for letter in piece.text:
            step = piece.font.width(letter, size)
            if text and wide + step > width:
                yield replace(piece, text=text, width=wide)
                text, wide = "", 0.0
            text += letter
            wide += step
        yield replace(piece, text=text, width=wide)


def _merged(line: _Line) -> _Line:
    """Return a line with what is of one font and colour as one piece: its words are copied with their spaces."""
    merged: _Line = []
    for piece in line:
        last = merged[-1] if merged else None
        if last and (last.font, last.colour, last.marked) == (piece.font, piece.colour, piece.marked):
            merged[-1] = replace(last, text=last.text + piece.text, width=last.width + piece.width)
        else:
            merged.append(piece)
    return merged


# -- pages -------------------------------------------------------------------------------------------------------------


class _Pages:
    """Sets blocks below each other, and begins pages. ``_y`` is how far down the page is used."""

    def __init__(self, document: Any) -> None:
        import pypdfium2.raw as pdfium

        self._document, self._pdfium = document, pdfium
        self._fonts: dict[str, Any] = {}
        self._pages: list[Any] = []
        self._y = _HEIGHT

    def add(self, block: Block, following: Sequence[Block]) -> None:
        """Set a block; a heading keeps with what follows it."""
        match block.kind:
            case "rule":
                self._space(14)
                self._room(20)
                self._rule(_SIDE, self._y, _WIDTH - 2 * _SIDE)
                self._space(10)
            case "table":
                self._table(block)
            case "heading":
                size = _HEADING_SIZES[min(block.level, 6)]
                self._space(0 if block.level == 1 else 2.0 * size)
                style = _Style(SANS_BOLD, SANS_BOLD, SANS_BOLD, size)
                # Three lines of what follows.
                self._set(block.runs, style, _SIDE, keep=3 * _READ_SIZE * _LEADING if following else 0)
                self._space(0.45 * size)
            case _:
                self._text(block)

    def _text(self, block: Block) -> None:
        style = _SMALL_STYLE if block.small else _CODE_STYLE if block.kind == "code" else _READ_STYLE
        left = _SIDE + _INDENT * block.level
        bar = block.kind == "quote"
        if block.sign:
            self._room(style.size * _LEADING)
            self._sign(block.sign, left - _INDENT, style)
        self._set(block.runs, style, left + (12 if bar else 0), bar=left if bar else None)
        self._space(7 if block.kind != "item" else 3)
        if bar:
            self._space(3)

    def _set(self, runs: Runs, style: _Style, left: float, *, keep: float = 0, bar: float | None = None) -> None:
        height = style.size * _LEADING
        lines = _lines(runs, style, _WIDTH - _SIDE - left)
        for number, line in enumerate(lines):
            self._room(height + (keep + height * (len(lines) - 1) if number == 0 and keep else 0))
            if bar is not None:
                self._box(bar, self._y, 1.5, height, _LINE)
            self._line(line, left, self._y + style.size * 1.05, style.size)
            self._y += height

    def _sign(self, sign: str, left: float, style: _Style) -> None:
        sans = replace(style, name=SANS, size=style.size * 0.92)
        self._line(_lines((Run(sign),), sans, _WIDTH)[0], left, self._y + style.size * 1.05, sans.size)

    def _table(self, block: Block) -> None:
        left = _SIDE + _INDENT * block.level
        widths = _column_widths(block, _WIDTH - _SIDE - left)
        height = _CELL_SIZE * _LEADING
        self._space(4)
        self._room(2 * height + 4 * _CELL_PADDING)
        self._rule(left, self._y, sum(widths))
        for row in block.rows:
            cells = [
                _lines(runs, _CELL_STYLE, width - 2 * _CELL_PADDING) for runs, width in zip(row, widths, strict=False)
            ]
            self._room(height + 2 * _CELL_PADDING)
            self._y += _CELL_PADDING
            for number in range(max(map(len, cells), default=0)):
                self._room(height)
                x = left
                for lines, width in zip(cells, widths, strict=False):
                    if number < len(lines):
                        self._line(lines[number], x + _CELL_PADDING, self._y + _CELL_SIZE * 1.05, _CELL_SIZE)
                    x += width
                self._y += height
            self._y += _CELL_PADDING
            self._rule(left, self._y, sum(widths))
        self._space(12)

    def end(self) -> None:
        """Write the numbers of the pages, and the pages."""
        for number, page in enumerate(self._pages, start=1):
            line = _lines((Run(f"{number} / {len(self._pages)}"),), _SMALL_STYLE, _WIDTH)[0]
            width = sum(piece.width for piece in line)
            self._line(line, _WIDTH - _SIDE - width, _HEIGHT - 40, _SMALL_SIZE, page)
            page.gen_content()
            page.close()
        for loaded in self._fonts.values():
            self._pdfium.FPDFFont_Close(loaded)

    # -- drawing -------------------------------------------------------------------------------------------------------

    def _room(self, height: float) -> None:
        """Begin a page where there is no room for so much."""
        if self._y + height > _HEIGHT - _BOTTOM:
            self._pages.append(self._document.new_page(_WIDTH, _HEIGHT))
            self._y = _TOP

    def _space(self, height: float) -> None:
        """Leave room, though not at the top of a page."""
        if self._pages and self._y > _TOP:
            self._y += height

    def _line(self, line: _Line, left: float, baseline: float, size: float, page: Any = None) -> None:
        page = page or self._pages[-1]
        for piece in _merged(line):
            if piece.marked:
                self._box(left, baseline - size, piece.width, size * 1.3, _MARK)
            if piece.text:
                text = self._pdfium.FPDFPageObj_CreateTextObj(self._document.raw, self._loaded(piece.font), size)
                encoded = (piece.text + "\0").encode("utf-16-le")
                self._pdfium.FPDFText_SetText(text, (ctypes.c_ushort * (len(encoded) // 2)).from_buffer_copy(encoded))
                self._pdfium.FPDFPageObj_Transform(text, 1, 0, 0, 1, left, _HEIGHT - baseline)
                self._pdfium.FPDFPageObj_SetFillColor(text, *piece.colour, 255)
                self._pdfium.FPDFPage_InsertObject(page.raw, text)
            left += piece.width

    def _rule(self, left: float, y: float, width: float) -> None:
        self._box(left, y, width, 0.6, _LINE)

    def _box(self, left: float, y: float, width: float, height: float, colour: Colour) -> None:
        if not self._pages:
            self._room(_HEIGHT)
        box = self._pdfium.FPDFPageObj_CreateNewRect(left, _HEIGHT - y - height, width, height)
        self._pdfium.FPDFPageObj_SetFillColor(box, *colour, 255)
        self._pdfium.FPDFPath_SetDrawMode(box, self._pdfium.FPDF_FILLMODE_ALTERNATE, 0)
        self._pdfium.FPDFPage_InsertObject(self._pages[-1].raw, box)

    def _loaded(self, font: Font) -> Any:
        if font.name not in self._fonts:
            data = (ctypes.c_uint8 * len(font.data)).from_buffer_copy(font.data)
            kind = self._pdfium.FPDF_FONT_TRUETYPE
            self._fonts[font.name] = self._pdfium.FPDFText_LoadFont(self._document.raw, data, len(font.data), kind, 1)
        return self._fonts[font.name]


def _column_widths(block: Block, width: float) -> list[float]:
    """Return the widths of a table's columns: what their words need, or a share of the page by that."""
    count = max(map(len, block.rows), default=1)
    needed = [2 * _CELL_PADDING + 8.0] * count
    for row in block.rows:
        for column, runs in enumerate(row):
            wide = max(sum(piece.width for piece in line) for line in _lines(runs, _CELL_STYLE, 10_000))
            needed[column] = max(needed[column], wide + 2 * _CELL_PADDING + 1)
    if sum(needed) <= width:
        return needed
    # The widest columns give way; a narrow one keeps what it needs.
    share = width / count
    narrow = [min(one, share) for one in needed]
    spare = width - sum(narrow)
    wanting = sum(one - least for one, least in zip(needed, narrow, strict=True))
    return [least + spare * (one - least) / wanting for one, least in zip(needed, narrow, strict=True)]
