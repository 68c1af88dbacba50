"""Read RTF.

Owns: what the groups of RTF hold, and where their words go. Knows nothing about pages, which RTF does not have until
it is printed.
"""

from __future__ import annotations

from dataclasses import replace

from rag.load.builder import Builder
from rag.load.office.counting import written
from rag.load.office.embedded import embedded_notice
from rag.load.office.rtf_fields import Field
from rag.load.office.rtf_flow import Flow, LaidOut, Paragraph, append, text_of
from rag.load.office.rtf_header import Header
from rag.load.office.rtf_state import PROPERTIES, READ, SKIPPED, State, formatted
from rag.load.office.rtf_tables import RowForm
from rag.load.office.rtf_words import ESCAPED, SIGNS, Token, joined, tokens

_MARGINS = frozenset("header headerl headerr headerf footer footerl footerr footerf".split())
_STORIES = _MARGINS | {"footnote", "annotation", "shptxt", "dptxbxtext"}
_FORMULA = {"mden": ("/(", ")"), "mnum": ("(", ")"), "msup": ("^(", ")"), "msub": ("_(", ")"), "mdeg": ("(", ")√")}
_LABELS = frozenset(("listtext", "pntext", "ffl"))
_HEAD = ("fonttbl", "stylesheet")
_TABLE_WORDS = frozenset("trowd cellx clvmgf clvmrg clmgf clmrg trhdr cell row nestcell nestrow".split())
_GROUPS = frozenset(
    "fonttbl stylesheet info title creatim revtim field fldinst fldrslt formfield ffl atnauthor listtext pntext "
    "nesttableprops object".split()
) | _STORIES | frozenset(_FORMULA)  # fmt: skip
# Groups whose name counts for the groups in them, which are never deeper than this.
_DEEPEST = 6
# Cap on stories that stand in each other.
_MOST_STORIES = 20


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
    append(builder, reader.body())
    for text in reader.margins:
        builder.add("paragraph", text)
    builder.date = reader.header.day
    if reader.objects:
        builder.warn(embedded_notice([""] * reader.objects))
    return reader.header.title


class _Reader:
    """Reads the tokens of one file.

    Attributes:
        header: What the head of the file says.
        margins: The words of headers and footers.
        objects: How many objects of other programs stand in the file.
    """

    def __init__(self) -> None:
        self.header = Header()
        self.margins: dict[str, None] = {}
        self.objects = 0
        self._flows = [Flow()]
        self._state = State()
        self._stack: list[State] = []
        # Bytes and halves of characters that are held back until they are complete.
        self._bytes = bytearray()
        self._characters: list[str] = []
        # How many characters are still those that stand for one before.
        self._passed = 0
        self._is_optional = False
        self._row = RowForm()
        self._outer_rows: list[RowForm] = []
        self._fields: list[Field] = []
        self._label: list[str] = []
        self._author: list[str] = []
        self._note_counts = {"footnote": 0, "endnote": 0}
        self._is_endnote = False

    def body(self) -> list[Paragraph | LaidOut]:
        """Close what is open, and return the body."""
        self._write()
        while self._stack:
            self._close()
        return self._flows[0].end()

    def take(self, token: Token) -> None:
        """Read the next token."""
        kind, text = token.kind, token.text
        if kind == "text":
            self._take_bytes(text.encode("latin-1"), len(text))
        elif kind == "byte":
            self._take_bytes(bytes((int(text, 16),)), 1)
        elif kind == "word":
            self._take_word(text, token.number)
        elif kind == "sign":
            self._take_sign(text)
        else:
            self._write()
            self._passed = 0
            self._open() if text == "{" else self._close()

    # Groups

    def _open(self) -> None:
        self._stack.append(self._state)
        if self._state.group:
            self._state = replace(self._state, group="")

    def _close(self) -> None:
        if not self._stack:
            return
        ended, self._state = self._state, self._stack.pop()
        if ended.group and not ended.is_skipped:
            self._end_group(ended.group)

    def _begin_group(self, name: str) -> None:
        """Begin a group that says what it holds."""
        if name in _STORIES and len(self._flows) > _MOST_STORIES:
            return
        self._state = replace(self._state, group=name)
        if name in _STORIES:
            self._flows.append(Flow())
            self._state = State(group=name, font=self._state.font, fallback=self._state.fallback)
            self._is_endnote = False
        elif name == "field":
            self._fields.append(Field())
        elif name == "fldrslt" and self._fields and self._fields[-1].is_shown:
            self._state = replace(self._state, is_skipped=True)
        elif name == "nesttableprops":
            self._outer_rows.append(self._row)
        elif name == "object":
            self.objects += 1
        elif name in _FORMULA:
            self._add(_FORMULA[name][0])

    def _end_group(self, name: str) -> None:
        """End a group that said what it holds."""
        if name in _STORIES and len(self._flows) > 1:
            self._end_story(name, self._flows.pop().end())
        elif name == "fldinst" and self._fields:
            shown = self._fields[-1].shown()
            self._fields[-1].is_shown = shown is not None
            self._add(shown or "")
        elif name == "field" and self._fields:
            self._fields.pop()
        elif name == "nesttableprops" and self._outer_rows:
            self._row = self._outer_rows.pop()
        elif name in _LABELS:
            label = "".join(self._label).strip()
            self._label = []
            if name != "ffl":
                self._flow.begin_item(label)
            elif self._fields:
                self._fields[-1].entries.append(label)
        elif name in _FORMULA:
            self._add(_FORMULA[name][1])

    def _end_story(self, name: str, blocks: list[Paragraph | LaidOut]) -> None:
        """Put a note, a comment or a text box behind the paragraph that it stands in; keep a header for the end."""
        if name in _MARGINS:
            text = text_of(blocks)
            # A number alone is that of the page.
            if text and not text.isdecimal():
                self.margins[text] = None
            return
        if name == "footnote":
            kind = "endnote" if self._is_endnote else "footnote"
            self._is_endnote = False
            self._note_counts[kind] += 1
            mark = written(self._note_counts[kind], self.header.note_styles[kind])
            self._flow.inline.add_mark(mark)
            blocks = _marked(blocks, f"[{mark}] ")
        elif name == "annotation":
            author = "".join(self._author).strip()
            self._author = []
            text = text_of(blocks)
            blocks = [Paragraph(f"Comment by {author}: {text}" if author else f"Comment: {text}")] if text else []
        self._flow.behind += blocks

    @property
    def _flow(self) -> Flow:
        return self._flows[-1]

    def _is_inside(self, name: str) -> bool:
        """Tell whether a group of a name is open."""
        return self._state.group == name or any(state.group == name for state in self._stack[-1:-_DEEPEST:-1])

    # Words

    def _take_bytes(self, data: bytes, count: int) -> None:
        if self._passed:
            passed = min(self._passed, count)
            self._passed -= passed
            data = data[passed:]
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
            self._end_paragraph()

    def _write(self) -> None:
        """Write what is held back."""
        self._write_bytes()
        if self._characters:
            text = joined("".join(self._characters))
            self._characters.clear()
            self._put(self.header.without_private(text, self._state.font))

    def _write_bytes(self) -> None:
        if self._bytes:
            text = self.header.characters(bytes(self._bytes), self._state.font)
            self._bytes.clear()
            self._put(text)

    def _add(self, text: str) -> None:
        self._write()
        if text and not self._state.is_skipped:
            self._put(text)

    def _put(self, text: str) -> None:
        """Put words where those of the group belong."""
        state = self._state
        group = next((name for name in (state.group, *(s.group for s in self._stack[-1:-_DEEPEST:-1])) if name), "")
        head = next((name for name in _HEAD if self._is_inside(name)), "")
        if head or group == "title":
            self.header.take_text(head or group, text, state)
        elif group in _LABELS:
            self._label.append(text)
        elif group == "atnauthor":
            self._author.append(text)
        elif self._is_inside("fldinst"):
            if self._fields and not self._is_inside("formfield"):
                self._fields[-1].instruction.append(text)
        elif state.is_seen and not self._is_inside("info"):
            self._flow.inline.add(text, struck=state.is_struck, script=state.script)

    # Control words

    def _take_word(self, word: str, number: int | None) -> None:
        is_optional, self._is_optional = self._is_optional, False
        if word == "u":
            self._take_character(number or 0)
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
        elif word in SKIPPED or PROPERTIES.fullmatch(word) or (is_optional and word not in READ):
            self._state = replace(self._state, is_skipped=True, group=word)
        elif word == "upr":
            # The same words twice: those in its group ``ud`` are Unicode.
            self._state = replace(self._state, is_skipped=True)
        elif word in SIGNS:
            self._add(SIGNS[word])
        elif word in _GROUPS:
            self._begin_group(word)
        elif word in _TABLE_WORDS:
            self._take_table_word(word, number or 0)
        elif changed := formatted(self._state, word, number):
            self._state = changed
        else:
            self._take_other(word, number or 0)

    def _take_character(self, number: int) -> None:
        """Keep a character that is given by its number; those that stand for it are passed over."""
        self._write_bytes()
        if not self._state.is_skipped:
            self._characters.append(chr(number % 0x10000))
        self._passed = self._state.fallback

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

    def _take_other(self, word: str, number: int) -> None:
        if word in ("par", "sect"):
            self._end_paragraph()
        elif word == "ftnalt":
            self._is_endnote = True
        elif word in ("ffres", "ffdefres") and self._fields:
            self._fields[-1].numbers[word] = number
        else:
            self.header.take_word(word, number, self._state, self._is_inside("fonttbl"))

    def _end_paragraph(self) -> None:
        state = self._state
        depth = state.depth if state.in_table else 0
        self._flow.end_paragraph(depth, 0 if depth else state.outline or self.header.heading_level(state.style))


def _marked(blocks: list[Paragraph | LaidOut], mark: str) -> list[Paragraph | LaidOut]:
    """Return the blocks of a note, the first paragraph behind its mark."""
    for number, block in enumerate(blocks):
        if isinstance(block, Paragraph):
            return [*blocks[:number], Paragraph(mark + block.text), *blocks[number + 1 :]]
    return blocks
