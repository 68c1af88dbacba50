r"""Read TeX, as LaTeX has it, and write it as HTML.

Owns: what commands and environments show to a reader. Knows nothing about files; a file that it takes in is named,
never opened, and nothing is run.

    tex_tokens        comments, verbatim parts, arguments, the text's own commands
    tex_commands      what each command shows
    tex_environments  lists, tables, formulas, figures
    tex_signs         letters, accents, units
    tex_tables        the rows and cells of tables
    tex_numbers       what references stand for
"""

from __future__ import annotations

import html
import re

from rag.load.builder import Builder
from rag.load.markup.dates import day_of
from rag.load.notation.tex_commands import HANDLERS
from rag.load.notation.tex_environments import begin_environment, end_environment
from rag.load.notation.tex_numbers import numbers_of
from rag.load.notation.tex_signs import accented, is_accent, sign_of
from rag.load.notation.tex_tables import TexTable
from rag.load.notation.tex_tokens import PARAGRAPH, Token, Tokens, Verbatim, as_written
from rag.load.tex_math import is_sign, readable_math
from rag.notices import Notice

_TAG = re.compile(r"<[^<>]{0,100}>")
_COMMENTS_AND_COMMANDS = re.compile(r"(?<!\\)%[^\n]*|\\[a-zA-Z@]+")
_WORD = re.compile(r"\w+")
_PARTS_OF_TEXT = re.compile(r"\\(?:chapter|(?:sub){0,2}section|begin)\b")
# Commands that programs of TeX are made of; a text of which they are a tenth is one, whatever its words seem to be.
_PROGRAMMING = re.compile(
    r"\\(?:[egx]?def|let|futurelet|catcode|[lu]ccode|expandafter|csname|(?:math)?chardef|newif|else|fi|count|advance)"
    r"(?![a-zA-Z])"
)
_PROGRAMMED = 0.1
# Loops and calls of macros that mean nothing here repeat words: a text shows at most so many times its own.
_MOST_REPEATED = 2
# A text without a document in it shows at least this share of its words; one that shows fewer is made of definitions.
_SHOWN_OF_TEXT = 0.8
# The same where it has headings or environments: the words of labels and options are many there.
_SHOWN_OF_PARTS = 0.5
_QUOTES = {"``": "“", "''": "”", "`": "‘", "'": "’", "---": "—", "--": "–", "~": " ", "&": "", "#": ""}


def tex_html(text: str, builder: Builder) -> str:
    """Return a text of TeX as a page, note its day, and warn of files and pictures that are not read.

    Args:
        text: The canonical text of the file.
        builder: What is told of the day and of what is not read.

    Returns:
        The page.
    """
    writer = TexWriter(text)
    writer.read_all()
    builder.date = day_of(writer.said.get("date", ""))
    if writer.other_files:
        builder.warn(Notice("reading-other-files", {"names": list(dict.fromkeys(writer.other_files))}))
    if writer.pictures:
        builder.warn(Notice("reading-pictures", {"count": writer.pictures}))
    title = _TAG.sub(" ", writer.said.get("title", ""))
    return f"<!DOCTYPE html><head><title>{title}</title></head><body>{writer.page()}</body>"


def is_made_of_definitions(text: str, shown: str) -> bool:
    """Tell whether a text of TeX is code, as a package of macros is: by its commands, and how few words it shows.

    Args:
        text: The canonical text of the file.
        shown: The words that a reader sees of it.

    Returns:
        Whether it begins no document, and is made of commands of programs or shows too few of its words, or more
        than it has; comments and commands do not count as words.
    """
    if "\\begin{document}" in text:
        return False
    has_parts = bool(_PARTS_OF_TEXT.search(text))
    words = sum(1 for _ in _WORD.finditer(_COMMENTS_AND_COMMANDS.sub(" ", text)))
    is_programmed = sum(1 for _ in _PROGRAMMING.finditer(text)) > words * _PROGRAMMED
    shown_words = sum(1 for _ in _WORD.finditer(shown))
    if shown_words > words * _MOST_REPEATED:
        return True
    return shown_words < words * (_SHOWN_OF_PARTS if has_parts else _SHOWN_OF_TEXT) or (is_programmed and not has_parts)


class TexWriter:
    """Reads tokens from the left and writes HTML."""

    def __init__(self, text: str) -> None:
        self.tokens = Tokens(text)
        self.numbers = numbers_of(text)
        # Whether the tokens so far belong to the preamble, whose words are not shown.
        self.in_preamble = "\\begin{document}" in text
        self.has_chapters = "\\chapter" in text
        self.said: dict[str, str] = {}
        self.other_files: list[str] = []
        self.pictures = 0
        # The blocks that are written, and the words of the paragraph at hand; a table's cells and notes wait in others.
        self.blocks: list[str] = []
        self.words: list[str] = []
        self.notes: list[str] = []
        self.note_count = 0
        self.tables: list[TexTable] = []
        self.captions: list[str] = []
        # The kind of each list that is open, with the number of its last item.
        self.lists: list[list[int | str]] = []
        self.theorems: dict[str, str] = {}

    def page(self) -> str:
        """Return what is written."""
        self.end_paragraph()
        return "".join(self.blocks)

    def read_all(self) -> None:
        """Read all tokens."""
        while (part := self.tokens.next()) is not None:
            self._read(part)

    def _read(self, part: Token) -> None:
        if isinstance(part, Verbatim):
            self._verbatim(part)
        elif part.startswith("\\"):
            self._command(part[1:].rstrip("*") or part[1:])
        elif part in ("$", "$$"):
            self.formula(self.tokens.until(part))
        elif part == PARAGRAPH:
            self.paragraph()
        elif part not in ("{", "}"):
            if part == "&" and self.tables:
                self.tables[-1].end_cell(self.take_words())
            else:
                self.put(html.escape(_QUOTES.get(part, part), quote=False))

    def put(self, text: str) -> None:
        """Append HTML to the words of the paragraph at hand."""
        if not self.in_preamble:
            self.words.append(text)

    def take_words(self) -> str:
        """Return the words of the paragraph at hand, and begin anew."""
        text, self.words = "".join(self.words), []
        return text

    def paragraph(self) -> None:
        """End the paragraph at hand; in a cell it goes on."""
        if self.tables:
            self.put(" ")
        else:
            self.end_paragraph()

    def end_paragraph(self) -> None:
        """Write the paragraph at hand, and the notes to it."""
        text = self.take_words().strip()
        if text:
            self.blocks.append(f"<p>{text}</p>")
        if not self.tables:
            self.blocks += self.notes
            self.notes = []

    def block(self, block: str) -> None:
        """Write a block behind the paragraph at hand; in a cell it is a part of its words."""
        if self.tables:
            self.put(block)
        else:
            self.end_paragraph()
            if not self.in_preamble:
                self.blocks.append(block)

    def shown(self, tokens: list[Token]) -> str:
        """Return tokens as the HTML of words."""
        outer, self.words = self.words, []
        was_in_preamble, self.in_preamble = self.in_preamble, False
        marker: list[Token] = ["\\endofgroup@"]
        self.tokens.push([*tokens, *marker])
        while (part := self.tokens.next()) is not None and part != marker[0]:
            if part == PARAGRAPH:
                self.words.append(" ")
            else:
                self._read(part)
        text, self.words = "".join(self.words).strip(), outer
        self.in_preamble = was_in_preamble
        return text

    def _command(self, name: str) -> None:
        sign = sign_of(name)
        if name == "begin":
            begin_environment(self, self.tokens.text_argument().strip())
        elif name == "end":
            end_environment(self, self.tokens.text_argument().strip())
        elif name in ("\\", "newline", "tabularnewline", "linebreak", "cr"):
            self._line_end(name)
        elif name in ("(", "["):
            self.formula(self.tokens.until("\\)" if name == "(" else "\\]"))
        elif sign is not None:
            self.put(html.escape(sign, quote=False))
            if name.isalpha():
                self.tokens.skip_spaces()
        elif is_accent(name):
            self.put(html.escape(accented(name, as_written(self.tokens.argument()).lstrip("\\")), quote=False))
        elif handler := HANDLERS.get(name):
            handler(self, name)
        elif is_sign(name):
            self.put(html.escape(readable_math(f"\\{name}"), quote=False))
        elif name.isalpha():
            # What an unknown command holds in braces is shown.
            self.tokens.option()
            if self.tokens.peek() == " " and name not in ("item",):
                self.tokens.skip_spaces()

    def _line_end(self, name: str) -> None:
        self.tokens.option()
        if self.tables and name != "newline":
            self.tables[-1].end_row(self.take_words())
        else:
            self.put(" " if self.tables else "<br>")

    def formula(self, tokens: list[Token]) -> None:
        """Append a formula."""
        text = html.escape(readable_math(as_written(tokens)), quote=False)
        self.put(text.replace("\n", "<br>"))

    def _verbatim(self, part: Verbatim) -> None:
        if not part.environment:
            self.put(html.escape(part.text, quote=False))
        elif part.environment not in ("comment", "filecontents"):
            self.block(f"<pre>\n{html.escape(part.text.strip(chr(10)), quote=False)}</pre>")
