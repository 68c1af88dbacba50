"""Read RTF.

Owns: what the control words and groups of RTF mean. Knows nothing about pages, which RTF does not have until it is
printed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date

from rag.load.builder import Builder
from rag.load.office.counting import Style, written
from rag.load.office.inline import Script
from rag.load.office.rtf_flow import Flow, LaidOut, Paragraph, append, text_of
from rag.load.office.rtf_tables import RowForm
from rag.load.office.rtf_words import (
    ESCAPED, SIGNS, SYMBOL_CHARSET, Token, decoded, encoding_of_charset, encoding_of_code_page, joined, tokens,
)  # fmt: skip
from rag.load.office.symbols import is_symbol_font, sign
from rag.notices import Notice

# Groups whose words are read, though they begin with a mark that programs may pass over what they do not know.
_READ = frozenset(
    "footnote annotation atnauthor shpinst shptxt do dptxbxtext fldinst formfield ffl nesttableprops moMath "
    "moMathPara mmath ud shppict listtext pntext title".split()
)
_SKIPPED = frozenset(
    "colortbl pict objdata themedata datastore xe tc rxe nonshppict nonesttables shprslt sp atnid atndate atnref "
    "atnparent atnicn bkmkstart bkmkend revtbl listtable listoverridetable rsidtbl filetbl generator falt panose "
    "mmathPict fname author operator company subject keywords comment doccomm manager category hlinkbase buptim "
    "printim ftnsep ftnsepc ftncn aftnsep aftnsepc aftncn tcf bkmkpub pnseclvl template mmathPr".split()
)
_STORIES = frozenset("header headerl headerr headerf footer footerl footerr footerf".split())
_PROPERTIES = re.compile(r"m[a-zA-Z]{1,15}Pr")
_FORMULA = {"mden": ("/(", ")"), "mnum": ("(", ")"), "msup": ("^(", ")"), "msub": ("_(", ")"), "mdeg": ("(", ")√")}
_NOTE_STYLES: dict[str, Style] = {"nar": "decimal", "nalc": "lower-letter", "nauc": "upper-letter",
                                  "nrlc": "lower-roman", "nruc": "upper-roman"}  # fmt: skip
_SYMBOL_FIELD = re.compile(r'\s*SYMBOL\s+(\d{1,6})(?:.{0,80}?\\f\s+"?([^"\\]{1,60}))?', re.DOTALL)
# In half points: letters of this size and smaller cannot be read.
_TINY = 2
# The state of a form field that was never touched.
_UNTOUCHED = 25


@dataclass(frozen=True, slots=True)
class _State:
    """What counts in a group, until it ends."""

    group: str = ""
    is_skipped: bool = False
    is_hidden: bool = False
    is_deleted: bool = False
    is_tiny: bool = False
    is_struck: bool = False
    script: Script = ""
    font: int = 0
    fallback: int = 1
    style: int = 0
    outline: int = 0
    in_table: bool = False
    depth: int = 1


@dataclass(slots=True)
class _Field:
    """A field: its instruction, the state of a form field, and whether that is shown for its result."""

    instruction: list[str] = field(default_factory=list)
    numbers: dict[str, int] = field(default_factory=dict)
    entries: list[str] = field(default_factory=list)
    is_shown: bool = False


def read_rtf(data: bytes, builder: Builder) -> str:
    """Append the body of a document, each note behind the paragraph of its mark, then headers and footers.

    Args:
        data: The bytes of the file.
        builder: What the blocks are appended to.

    Returns:
        The title that the properties give, or "".
    """
    reader = _Reader()
    for token in tokens(data):
        reader.take(token)
    reader.end()
    append(builder, reader.flows[0].end())
    for text in reader.margins:
        builder.add("paragraph", text)
    builder.date = reader.day("revtim") or reader.day("creatim")
    if reader.objects:
        builder.warn(Notice("reading-embedded-objects", {"count": reader.objects}))
    return "".join(reader.title).strip()


class _Reader:
    """Reads the tokens of one file.

    Attributes:
        flows: The story that is being read, and those that it stands in.
        margins: The words of headers and footers.
        objects: How many objects of other programs stand in it.
        title: The title that the properties give, in pieces.
    """

    def __init__(self) -> None:
        self.flows = [Flow()]
        self.margins: dict[str, None] = {}
        self.objects = 0
        self.title: list[str] = []
        self._state = _State()
        self._stack: list[_State] = []
        self._encoding = "cp1252"
        self._bytes = bytearray()
        self._characters: list[str] = []
        # How many characters are still those that stand for one before.
        self._passed = 0
        self._is_optional = False
        self._fonts: dict[int, tuple[str, str]] = {}
        self._font_name: list[str] = []
        self._levels: dict[int, int] = {}
        self._style_name: list[str] = []
        self._row = RowForm()
        self._saved_rows: list[RowForm] = []
        self._fields: list[_Field] = []
        self._labels: list[str] = []
        self._times: dict[str, dict[str, int]] = {}
        self._author: list[str] = []
        self._note_counts = {"footnote": 0, "endnote": 0}
        self._note_styles: dict[str, Style] = {"footnote": "decimal", "endnote": "decimal"}
        self._is_endnote = False

    def take(self, token: Token) -> None:
        """Read the next token."""
        kind, text = token.kind, token.text
        if kind == "text":
            self._take_bytes(text.encode("latin-1"))
        elif kind == "byte":
            self._take_bytes(bytes((int(text, 16),)), is_one=True)
        elif kind == "brace":
            self._write()
            self._passed = 0
            self._open() if text == "{" else self._close()
        elif kind == "sign":
            self._take_sign(text)
        elif kind == "word":
            self._take_word(text, token.number)

    def end(self) -> None:
        """Close the groups that are open."""
        self._write()
        while self._stack:
            self._close()

    def day(self, kind: str) -> str:
        """Return the day of a time of the properties, ``YYYY-MM-DD``, or ""."""
        time = self._times.get(kind, {})
        try:
            return date(time.get("yr", 0), time.get("mo", 1), time.get("dy", 1)).isoformat()
        except ValueError:
            return ""

    @property
    def _flow(self) -> Flow:
        return self.flows[-1]

    # Groups

    def _open(self) -> None:
        self._stack.append(self._state)
        self._state = replace(self._state, group="")

    def _close(self) -> None:
        if not self._stack:
            return
        ended, self._state = self._state, self._stack.pop()
        if ended.group and not ended.is_skipped:
            self._end_group(ended)

    def _begin_group(self, name: str) -> None:
        """Begin a group that says what it holds."""
        self._state = replace(self._state, group=name)
        if name in _STORIES or name in ("footnote", "annotation", "shptxt", "dptxbxtext"):
            self.flows.append(Flow())
            self._state = replace(_State(group=name, font=self._state.font), fallback=self._state.fallback)
            self._is_endnote = False
        elif name == "field":
            self._fields.append(_Field())
        elif name == "nesttableprops":
            self._saved_rows.append(self._row)
        elif name == "fldrslt" and self._fields and self._fields[-1].is_shown:
            self._state = replace(self._state, is_skipped=True)
        elif name in _FORMULA:
            self._add(_FORMULA[name][0])
        elif name == "object":
            self.objects += 1

    def _end_group(self, ended: _State) -> None:
        """End a group that said what it holds."""
        name = ended.group
        if name in _STORIES:
            text = text_of(self.flows.pop().end())
            if text and not text.isdecimal():
                self.margins[text] = None
        elif name in ("footnote", "annotation", "shptxt", "dptxbxtext"):
            self._end_story(name)
        elif name == "fldinst":
            self._end_instruction()
        elif name == "field" and self._fields:
            self._fields.pop()
        elif name == "nesttableprops" and self._saved_rows:
            self._row = self._saved_rows.pop()
        elif name in ("listtext", "pntext"):
            label = "".join(self._labels).strip()
            self._labels = []
            self._flow.is_item = True
            self._flow.label = label if any(map(str.isalnum, label)) else ""
        elif name in _FORMULA:
            self._add(_FORMULA[name][1])
        elif name == "ffl" and self._fields:
            self._fields[-1].entries.append("".join(self._labels))
            self._labels = []

    def _end_story(self, name: str) -> None:
        """Put a note, a comment or a text box behind the paragraph that it stands in."""
        blocks = self.flows.pop().end()
        if name == "footnote":
            kind = "endnote" if self._is_endnote else "footnote"
            self._is_endnote = False
            self._note_counts[kind] += 1
            mark = written(self._note_counts[kind], self._note_styles[kind])
            self._flow.inline.add_mark(mark)
            blocks = _marked(blocks, f"[{mark}] ")
        elif name == "annotation":
            author = "".join(self._author).strip()
            self._author = []
            text = text_of(blocks)
            blocks = [Paragraph(f"Comment by {author}: {text}" if author else f"Comment: {text}")] if text else []
        self._flow.behind += blocks

    def _end_instruction(self) -> None:
        """Show the sign or the state that a field says, in place of its result."""
        if not self._fields:
            return
        ended = self._fields[-1]
        instruction = "".join(ended.instruction)
        numbers = ended.numbers
        state = numbers.get("ffres", _UNTOUCHED)
        state = numbers.get("ffdefres", 0) if state == _UNTOUCHED else state
        if match := _SYMBOL_FIELD.match(instruction):
            self._add(sign((match[2] or "Symbol").strip(), int(match[1])))
        elif "FORMCHECKBOX" in instruction:
            self._add("☒" if state else "☐")
        elif "FORMDROPDOWN" in instruction:
            self._add(ended.entries[state] if state < len(ended.entries) else "")
        else:
            return
        ended.is_shown = True

    # Words

    def _take_bytes(self, data: bytes, is_one: bool = False) -> None:
        if self._passed:
            skipped = 1 if is_one else min(self._passed, len(data))
            self._passed -= skipped
            data = data[skipped:]
        if data and not self._state.is_skipped:
            if self._characters:
                self._write()
            self._bytes += data

    def _take_sign(self, text: str) -> None:
        if text == "*":
            self._is_optional = True
        elif self._passed:
            self._passed -= 1
        elif text in ESCAPED:
            self._add(ESCAPED[text])
        elif text in "\r\n":
            self._write()
            self._take_paragraph_end()

    def _write(self) -> None:
        """Write the bytes and characters that are held back until they are complete."""
        self._write_bytes()
        if self._characters:
            text = joined("".join(self._characters))
            self._characters.clear()
            name = self._fonts.get(self._state.font, ("", ""))[0]
            # The signs of such fonts are private characters.
            self._put("".join(sign(name or "Symbol", ord(c)) if "\uf000" <= c <= "\uf0ff" else c for c in text))

    def _write_bytes(self) -> None:
        if self._bytes:
            name, encoding = self._fonts.get(self._state.font, ("", self._encoding))
            text = decoded(bytes(self._bytes), "latin-1" if is_symbol_font(name) else encoding)
            self._bytes.clear()
            self._put("".join(sign(name, ord(c)) for c in text) if is_symbol_font(name) else text)

    def _add(self, text: str) -> None:
        self._write()
        if text and not self._state.is_skipped:
            self._put(text)

    def _put(self, text: str) -> None:
        """Put words where those of the group belong."""
        state = self._state
        group = next((g for g in (state.group, *(s.group for s in self._stack[-1:-5:-1])) if g), "")
        if group in ("listtext", "pntext", "ffl"):
            self._labels.append(text)
        elif group == "fonttbl" or self._is_inside("fonttbl"):
            self._take_font_name(text)
        elif self._is_inside("stylesheet"):
            self._take_style_name(text)
        elif group == "title":
            self.title.append(text)
        elif group == "atnauthor":
            self._author.append(text)
        elif self._is_inside("fldinst"):
            if self._fields and not self._is_inside("formfield"):
                self._fields[-1].instruction.append(text)
        elif not (state.is_hidden or state.is_deleted or state.is_tiny or self._is_inside("info")):
            self._flow.inline.add(text, struck=state.is_struck, script=state.script)

    def _is_inside(self, name: str) -> bool:
        """Tell whether a group of a name is open; such groups are not deep."""
        return self._state.group == name or any(state.group == name for state in self._stack[-1:-7:-1])

    def _take_font_name(self, text: str) -> None:
        self._font_name.append(text)
        if text.rstrip().endswith(";"):
            name = "".join(self._font_name).strip(" ;")
            encoding = self._fonts.get(self._state.font, ("", self._encoding))[1]
            self._fonts[self._state.font] = (name, encoding)
            self._font_name = []

    def _take_style_name(self, text: str) -> None:
        self._style_name.append(text)
        if text.rstrip().endswith(";"):
            name = "".join(self._style_name).strip(" ;").lower()
            self._style_name = []
            level = self._state.outline
            if name.startswith("heading ") and name[8:9].isdecimal():
                level = int(name[8])
            self._levels[self._state.style] = 1 if name == "title" else level

    # Control words

    def _take_word(self, word: str, number: int | None) -> None:
        is_optional, self._is_optional = self._is_optional, False
        if word == "u":
            self._write_bytes()
            if not self._state.is_skipped:
                self._characters.append(chr((number or 0) % 0x10000))
            self._passed = self._state.fallback
            return
        self._write()
        if self._passed and word not in ("par", "cell", "row"):
            # A control word stands for one character, too.
            self._passed -= 1
            return
        self._passed = 0
        if self._state.is_skipped:
            if word == "ud":
                self._state = replace(self._state, is_skipped=False, group="ud")
            return
        if word in _SKIPPED or _PROPERTIES.fullmatch(word) or (is_optional and word not in _READ):
            self._state = replace(self._state, is_skipped=True, group=word)
        elif word == "upr":
            self._state = replace(self._state, is_skipped=True)
        elif word in SIGNS:
            self._add(SIGNS[word])
        elif word in _STORIES or word in _GROUPS:
            self._begin_group(word)
        elif word in _TABLE_WORDS:
            self._take_table_word(word, number or 0)
        elif word in _FORMATS or word in ("plain", "pard"):
            self._take_format(word, number)
        else:
            self._take_other(word, number)

    def _take_table_word(self, word: str, number: int) -> None:
        depth = max(self._state.depth, 2) if word in ("nestcell", "nestrow") else 1
        if word == "trowd":
            self._row = RowForm()
        elif word in ("cell", "nestcell"):
            self._flow.end_cell(depth)
        elif word in ("row", "nestrow"):
            self._flow.end_row(depth, self._row)
        else:
            self._row = self._row.told(word, number)

    def _take_paragraph_end(self) -> None:
        state = self._state
        depth = state.depth if state.in_table else 0
        self._flow.end_paragraph(depth, 0 if depth else state.outline or self._levels.get(state.style, 0))

    def _take_format(self, word: str, number: int | None) -> None:
        """Change how the words that follow look."""
        state = self._state
        is_on = number != 0
        if word == "plain":
            self._state = replace(state, is_hidden=False, is_deleted=False, is_tiny=False, is_struck=False, script="")
        elif word == "pard":
            self._state = replace(state, style=0, outline=0, in_table=False, depth=1)
        elif word in ("strike", "striked"):
            self._state = replace(state, is_struck=is_on)
        elif word in ("super", "sub", "nosupersub", "up", "dn"):
            raised: Script = "raised" if word in ("super", "up") else "lowered"
            self._state = replace(state, script=raised if is_on and word != "nosupersub" else "")
        elif word in ("v", "deleted"):
            self._state = replace(state, **{"is_hidden" if word == "v" else "is_deleted": is_on})
        elif word == "fs":
            self._state = replace(state, is_tiny=number is not None and number <= _TINY)
        elif word in ("f", "uc", "s", "itap"):
            name = {"f": "font", "uc": "fallback", "s": "style", "itap": "depth"}[word]
            self._state = replace(state, **{name: max(number or 0, 1 if word == "itap" else 0)})
            if word == "itap":
                self._state = replace(self._state, in_table=bool(number))
        elif word == "outlinelevel":
            level = number or 0
            self._state = replace(state, outline=level + 1 if 0 <= level < 9 else 0)
        elif word == "intbl":
            self._state = replace(state, in_table=True)

    def _take_other(self, word: str, number: int | None) -> None:
        if word in ("par", "sect"):
            self._take_paragraph_end()
        elif word in ("ansicpg", "mac", "pc", "pca"):
            self._encoding = {"mac": "mac_roman", "pc": "cp437", "pca": "cp850"}.get(word) or (
                encoding_of_code_page(number or 0)
            )
        elif word in ("fcharset", "cpg") and self._is_inside("fonttbl"):
            is_set = word == "fcharset" and number != SYMBOL_CHARSET
            encoding = encoding_of_charset(number or 0, self._encoding) if is_set else self._encoding
            name = self._fonts.get(self._state.font, ("",))[0]
            self._fonts[self._state.font] = (name, encoding if word == "fcharset" else encoding_of_code_page(number or 0))
        elif word in ("yr", "mo", "dy") and self._state.group in ("creatim", "revtim"):
            self._times.setdefault(self._state.group, {})[word] = number or 0
        elif word == "ftnalt":
            self._is_endnote = True
        elif word.removeprefix("a").startswith("ftnn") and word.removeprefix("a")[3:] in _NOTE_STYLES:
            kind = "endnote" if word.startswith("a") else "footnote"
            self._note_styles[kind] = _NOTE_STYLES[word.removeprefix("a")[3:]]
        elif word in ("ffres", "ffdefres") and self._fields:
            self._fields[-1].numbers[word] = number or 0


_GROUPS = frozenset(
    "fonttbl stylesheet info title creatim revtim field fldinst fldrslt formfield ffl footnote annotation atnauthor "
    "shptxt dptxbxtext listtext pntext nesttableprops object".split()
) | frozenset(_FORMULA)  # fmt: skip
_TABLE_WORDS = frozenset("trowd cellx clvmgf clvmrg clmgf clmrg trhdr cell row nestcell nestrow".split())
_FORMATS = frozenset(
    "strike striked super sub nosupersub up dn v deleted fs f uc s itap outlinelevel intbl".split()
)


def _marked(blocks: list[Paragraph | LaidOut], mark: str) -> list[Paragraph | LaidOut]:
    """Return the blocks of a note, the first paragraph behind its mark."""
    for number, block in enumerate(blocks):
        if isinstance(block, Paragraph):
            return [*blocks[:number], Paragraph(mark + block.text), *blocks[number + 1 :]]
    return blocks
