r"""Read TeX, as LaTeX has it, and write it as HTML.

Owns: what commands and environments show to a reader. Knows nothing about files; a file that it takes in is named,
never opened, and nothing is run.

    tex_tokens   comments, verbatim parts, arguments, the text's own commands
    tex_signs    letters, accents, units
    tex_tables   tables
    tex_numbers  what references stand for
"""

from __future__ import annotations

import html
from collections.abc import Callable

from rag.load.builder import Builder
from rag.load.markup.dates import day_of
from rag.load.notation.tex_numbers import numbers_of
from rag.load.notation.tex_signs import accented, is_accent, sign_of, unit
from rag.load.notation.tex_tables import PAGE_PARTS, RULES, TexCell, TexTable, count_of
from rag.load.notation.tex_tokens import PARAGRAPH, Token, Tokens, Verbatim, as_written, tokens_of
from rag.load.tex_math import is_sign, readable_math
from rag.notices import Notice

_HEADINGS = {"part": 1, "chapter": 2, "section": 2, "subsection": 3, "subsubsection": 4, "frametitle": 3}
_RUN_IN = ("paragraph", "subparagraph")
_FORMULAS = frozenset(
    "math displaymath equation align gather multline eqnarray flalign alignat dmath split aligned subequations".split()
)
_TABLES = frozenset("tabular tabularx tabulary longtable array supertabular xltabular tblr longtblr".split())
_LISTS = {"itemize": "ul", "enumerate": "ol", "description": "dl", "compactitem": "ul", "compactenum": "ol",
          "inparaenum": "ol", "tasks": "ul"}  # fmt: skip
_PICTURES = frozenset("tikzpicture pgfpicture picture axis asy circuitikz forest".split())
# Commands that show nothing, with the number of groups that belong to them.
_SILENT = {
    **dict.fromkeys(
        "label vspace hspace pagestyle thispagestyle usepackage RequirePackage documentclass documentstyle"
        " bibliographystyle hypersetup geometry color index glossary cline cmidrule cmidrule pagenumbering input@path"
        " hypertarget hyperlink raisebox scalebox rotatebox parbox newtheoremstyle theoremstyle selectlanguage"
        " hyphenation pagecolor newcounter stepcounter refstepcounter phantom hphantom vphantom setstretch textcolor"
        " colorbox linespread fontsize captionsetup sisetup graphicspath cellcolor rowcolor columncolor arrayrulecolor"
        " usetikzlibrary tikzset lstset makeatletter nocite newlength addbibresource@ setmainfont setmainlanguage"
        " footnotemark@ institute@ email@ citeindex includeonly excludecomment".split(), 1,
    ),
    **dict.fromkeys("setlength addtolength setcounter@ addtocounter rule resizebox newsavebox fontsize numberwithin"
                    " href fcolorbox newenvironment@ addtocontents markboth".split(), 2),
    **dict.fromkeys("definecolor newenvironment renewenvironment addcontentsline providecolor".split(), 3),
}  # fmt: skip
# Of these only the last group is shown: the others say how or where.
_FIRST_DROPPED = {"href": 1, "textcolor": 1, "colorbox": 1, "hypertarget": 1, "hyperlink": 1, "raisebox": 1,
                  "scalebox": 1, "rotatebox": 1, "parbox": 1, "resizebox": 2, "fcolorbox": 2}  # fmt: skip
_STRUCK = frozenset("sout st xout hcancel".split())
_CITES = frozenset("cite citep citet citealp parencite textcite autocite footcite citeauthor citeyear".split())
_REFERENCES = frozenset("ref eqref autoref cref Cref pageref nameref vref".split())
_OTHER_FILES = frozenset("input include subfile subfileinclude bibliography addbibresource lstinputlisting".split())
_QUOTES = {"``": "“", "''": "”", "`": "‘", "'": "’", "---": "—", "--": "–", "~": " ", "&": "", "#": ""}


def tex_html(text: str, builder: Builder) -> str:
    """Return a text of TeX as a page, note its day, and warn of files and pictures that are not read.

    Args:
        text: The canonical text of the file.
        builder: What is told of the day and of what is not read.

    Returns:
        The page.
    """
    writer = _TexWriter(text)
    writer.read_all()
    builder.date = day_of(writer.said.get("date", ""))
    if writer.other_files:
        builder.warn(Notice("reading-other-files", {"names": list(dict.fromkeys(writer.other_files))}))
    if writer.pictures:
        builder.warn(Notice("reading-pictures", {"count": writer.pictures}))
    title = writer.said.get("title", "")
    return f"<!DOCTYPE html><head><title>{title}</title></head><body>{writer.page()}</body>"


class _TexWriter:
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
        self._end_paragraph()
        return "".join(self.blocks)

    def read_all(self) -> None:
        while (part := self.tokens.next()) is not None:
            self._read(part)

    def _read(self, part: Token) -> None:
        if isinstance(part, Verbatim):
            self._verbatim(part)
        elif part.startswith("\\"):
            self._command(part[1:].rstrip("*") or part[1:])
        elif part in ("$", "$$"):
            self._formula(self.tokens.until(part))
        elif part == PARAGRAPH:
            self._paragraph()
        elif part not in ("{", "}"):
            if part == "&" and self.tables:
                self.tables[-1].end_cell(self._take_words())
            else:
                self._put(html.escape(_QUOTES.get(part, part), quote=False))

    def _put(self, text: str) -> None:
        if not self.in_preamble:
            self.words.append(text)

    def _take_words(self) -> str:
        text, self.words = "".join(self.words), []
        return text

    def _paragraph(self) -> None:
        if self.tables:
            self._put(" ")
        else:
            self._end_paragraph()

    def _end_paragraph(self) -> None:
        text = self._take_words().strip()
        if text:
            self.blocks.append(f"<p>{text}</p>")
        if not self.tables:
            self.blocks += self.notes
            self.notes = []

    def _block(self, block: str) -> None:
        """Write a block behind the paragraph at hand; in a cell it is a part of its words."""
        if self.tables:
            self._put(block)
        else:
            self._end_paragraph()
            if not self.in_preamble:
                self.blocks.append(block)

    def _shown(self, tokens: list[Token]) -> str:
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
            self._begin(self.tokens.text_argument().strip())
        elif name == "end":
            self._end(self.tokens.text_argument().strip())
        elif name in ("\\", "newline", "tabularnewline", "linebreak", "cr"):
            self._line_end(name)
        elif name in ("(", "["):
            self._formula(self.tokens.until("\\)" if name == "(" else "\\]"))
        elif sign is not None:
            self._put(html.escape(sign, quote=False))
            if name.isalpha():
                self.tokens.skip_spaces()
        elif is_accent(name):
            self._put(html.escape(accented(name, as_written(self.tokens.argument()).lstrip("\\")), quote=False))
        elif handler := _HANDLERS.get(name):
            handler(self, name)
        elif name in self.theorems:
            self.tokens.skip_spaces()
        elif is_sign(name):
            self._put(html.escape(readable_math(f"\\{name}"), quote=False))
        elif name.isalpha():
            # What an unknown command holds in braces is shown.
            self.tokens.option()
            if self.tokens.peek() == " " and name not in ("item",):
                self.tokens.skip_spaces()

    def _line_end(self, name: str) -> None:
        self.tokens.option()
        if self.tables and name != "newline":
            self.tables[-1].end_row(self._take_words())
        else:
            self._put(" " if self.tables else "<br>")

    def _heading(self, name: str) -> None:
        self.tokens.option()
        words = self._shown(self.tokens.argument())
        level = _HEADINGS.get(name, 2) + (self.has_chapters and name.endswith("section"))
        if words:
            self._block(f"<h{level}>{words}</h{level}>")

    def _run_in(self, name: str) -> None:  # noqa: ARG002 (as all handlers)
        self._paragraph()
        words = self._shown(self.tokens.argument())
        self._put(words + (" " if words.endswith((".", ":", "!", "?")) else ". "))

    def _silent(self, name: str) -> None:
        self.tokens.option()
        for _ in range(_FIRST_DROPPED.get(name, _SILENT.get(name, 0))):
            self.tokens.argument()
            self.tokens.option()

    def _note(self, name: str) -> None:
        self.tokens.option()
        tokens = self.tokens.argument()
        if name != "footnotetext":
            self.note_count += 1
            self._put(f'<a role="doc-noteref">{self.note_count}</a>')
        mark = self.note_count
        self.notes.append(f"<p>[{mark}] {self._shown(tokens)}</p>")

    def _mark(self, name: str) -> None:
        tag = {"textsuperscript": "sup", "textsubscript": "sub"}.get(name, "s")
        self._put(f"<{tag}>{self._shown(self.tokens.argument())}</{tag}>")

    def _said(self, name: str) -> None:
        """Keep the title, the authors or the day, which are shown where the text asks for them."""
        self.tokens.option()
        self.said[name] = self._shown(self.tokens.argument())

    def _title(self, name: str) -> None:  # noqa: ARG002
        title = self.said.get("title", "")
        notes, self.notes = self.notes, []
        title = title.split('<a role="doc-noteref">')[0].strip()
        self.said["title"] = title
        self._block(f"<h1>{title}</h1>" if title else "")
        for author in self.said.get("author", "").split("\0"):
            self._block(f"<p>{author.strip()}</p>" if author.strip() else "")
        if self.said.get("date"):
            self._block(f"<p>{self.said['date']}</p>")
        self.blocks += notes

    def _caption(self, name: str) -> None:  # noqa: ARG002
        self.tokens.option()
        words = self._shown(self.tokens.argument())
        if self.tables:
            self.tables[-1].caption = words
        else:
            self.captions.append(words)

    def _item(self, name: str) -> None:  # noqa: ARG002
        self.tokens.skip_spaces()
        label = self._shown(self.tokens.option())
        self._end_paragraph()
        if not self.lists:
            return
        kind, number = self.lists[-1]
        if kind == "dl":
            self.blocks.append(f"<dt>{label}</dt><dd>")
        elif kind == "ol" and not label:
            self.lists[-1][1] = int(number) + 1
            self.blocks.append(f'<li value="{self.lists[-1][1]}">')
        else:
            self.blocks.append("<li>")
            self._put(f"{label} " if label else "")

    def _set_counter(self, name: str) -> None:  # noqa: ARG002
        counter, value = self.tokens.text_argument(), self.tokens.text_argument()
        if counter.startswith("enum") and self.lists and value.isdecimal() and len(value) < 6:
            self.lists[-1][1] = int(value)

    def _span(self, name: str) -> None:
        if name == "multicolumn":
            count = count_of(self.tokens.text_argument())
            self.tokens.argument()
            words = self._shown(self.tokens.argument())
            if self.tables:
                self.tables[-1].cell.columns = count
        else:
            self.tokens.option()
            count = count_of(self.tokens.text_argument())
            self.tokens.option()
            self.tokens.argument()
            self.tokens.option()
            words = self._shown(self.tokens.argument())
            if self.tables:
                self.tables[-1].cell.rows = count
        self._put(words)

    def _cite(self, name: str) -> None:  # noqa: ARG002
        while self.tokens.peek() == "[":
            self.tokens.option()
        self._put(f"[{html.escape(self.tokens.text_argument().strip())}]")

    def _reference(self, name: str) -> None:
        label = self.tokens.text_argument().strip()
        number = self.numbers.get(label) or label
        self._put(html.escape(f"({number})" if name == "eqref" else number))

    def _other_file(self, name: str) -> None:
        self.tokens.option()
        self.other_files.append(self.tokens.text_argument().strip())

    def _picture(self, name: str) -> None:  # noqa: ARG002
        self.tokens.option()
        self.tokens.argument()
        self.pictures += 1

    def _quantity(self, name: str) -> None:
        self.tokens.option()
        number = "" if name in ("si", "unit") else self.tokens.text_argument().strip()
        if name == "num":
            words = number
        elif name == "ang":
            words = f"{number}°"
        else:
            self.tokens.option()
            units = unit([part for part in tokens_of(self.tokens.text_argument()) if isinstance(part, str)])
            words = f"{number} {units}".strip()
        self._put(html.escape(words))

    def _quoted(self, name: str) -> None:  # noqa: ARG002
        self._put(f"“{self._shown(self.tokens.argument())}”")

    def _entry(self, name: str) -> None:  # noqa: ARG002
        self.tokens.option()
        key = self.tokens.text_argument()
        self._end_paragraph()
        self._put(f"[{html.escape(key)}] ")

    def _define(self, name: str) -> None:
        self.tokens.define(is_def=name in ("def", "gdef", "edef"), known=_HANDLERS)

    def _theorem(self, name: str) -> None:  # noqa: ARG002
        environment = self.tokens.text_argument()
        self.tokens.option()
        self.theorems[environment] = self._shown(self.tokens.argument())
        self.tokens.option()

    def _author_break(self, name: str) -> None:  # noqa: ARG002
        self.words.append("\0")

    def _rule(self, name: str) -> None:
        self.tokens.option()
        if self.tables:
            self.tables[-1].rule(name)

    def _page_part(self, name: str) -> None:
        if self.tables:
            self.tables[-1].end_page_part(name)

    def _formula(self, tokens: list[Token]) -> None:
        text = html.escape(readable_math(as_written(tokens)), quote=False)
        self._put(text.replace("\n", "<br>"))

    def _verbatim(self, part: Verbatim) -> None:
        if not part.environment:
            self._put(html.escape(part.text, quote=False))
        elif part.environment not in ("comment", "filecontents"):
            self._block(f"<pre>\n{html.escape(part.text.strip(chr(10)), quote=False)}</pre>")

    def _begin(self, name: str) -> None:
        plain = name.rstrip("*")
        if name == "document":
            self.in_preamble, self.words = False, []
        elif plain in _FORMULAS:
            if plain == "alignat":
                self.tokens.argument()
            self._put(" ")
            self._formula(self.tokens.until_end(name))
            self._put(" ")
        elif plain in _PICTURES:
            self.tokens.until_end(name)
            self.pictures += 1
        elif plain in _TABLES:
            self._begin_table(plain)
        elif plain in _LISTS:
            self.tokens.option()
            self._block(f"<{_LISTS[plain]}>")
            self.lists.append([_LISTS[plain], 0])
        elif plain == "thebibliography":
            self.tokens.argument()
        else:
            self._begin_part(plain)

    def _begin_part(self, name: str) -> None:
        """Begin an environment whose words are shown as any."""
        self._paragraph()
        option = self._shown(self.tokens.option())
        if name in ("minipage", "multicols", "adjustbox", "wrapfigure", "wraptable", "spacing", "columns", "column"):
            self.tokens.argument()
        if name == "frame" and self.tokens.peek() == "{":
            self._heading("frametitle")
        if name in self.theorems or name == "proof":
            label = self.theorems.get(name, "Proof")
            self._put(f"{label} ({option}). " if option else f"{label}. ")

    def _begin_table(self, name: str) -> None:
        if not self.tables:
            self._end_paragraph()
        self.tokens.option()
        if name in ("tabularx", "tabulary", "xltabular"):
            self.tokens.argument()
        self.tokens.option()
        self.tokens.argument()
        table = TexTable(cell=TexCell(self._take_words() if self.tables else ""))
        if self.tables:
            self.tables[-1].cell.words += table.cell.words
            table.cell = TexCell()
        elif self.captions:
            table.caption = self.captions.pop()
        self.tables.append(table)

    def _end(self, name: str) -> None:
        plain = name.rstrip("*")
        if plain in _TABLES and self.tables:
            table = self.tables.pop()
            table.end_row(self._take_words())
            self._block(table.html() if table.rows else "")
            if not self.tables:
                self._end_paragraph()
        elif plain in _LISTS and self.lists:
            self._end_paragraph()
            kind, _ = self.lists.pop()
            self.blocks.append(f"</{kind}>")
        elif plain == "document":
            self.tokens.stop()
        else:
            self._paragraph()
            if plain in ("table", "figure", "wrapfigure", "wraptable", "sidewaystable", "sidewaysfigure"):
                for caption in self.captions:
                    self._block(f"<p>{caption}</p>")
                self.captions = []


_Handler = Callable[[_TexWriter, str], None]
_HANDLERS: dict[str, _Handler] = {
    **dict.fromkeys(_SILENT, _TexWriter._silent),
    **dict.fromkeys(_FIRST_DROPPED, _TexWriter._silent),
    **dict.fromkeys(_HEADINGS, _TexWriter._heading),
    **dict.fromkeys(_RUN_IN, _TexWriter._run_in),
    **dict.fromkeys(("footnote", "thanks", "footnotetext", "endnote", "sidenote", "marginpar"), _TexWriter._note),
    **dict.fromkeys((*_STRUCK, "textsuperscript", "textsubscript"), _TexWriter._mark),
    **dict.fromkeys(("title", "author", "date", "subtitle"), _TexWriter._said),
    **dict.fromkeys(("multicolumn", "multirow"), _TexWriter._span),
    **dict.fromkeys(_CITES, _TexWriter._cite),
    **dict.fromkeys(_REFERENCES, _TexWriter._reference),
    **dict.fromkeys(_OTHER_FILES, _TexWriter._other_file),
    **dict.fromkeys(("includegraphics", "includesvg", "includepdf"), _TexWriter._picture),
    **dict.fromkeys(("SI", "si", "qty", "unit", "num", "ang"), _TexWriter._quantity),
    **dict.fromkeys(
        ("newcommand", "renewcommand", "providecommand", "def", "gdef", "edef", "DeclareMathOperator",
         "DeclareRobustCommand"), _TexWriter._define,
    ),
    **dict.fromkeys(RULES, _TexWriter._rule),
    **dict.fromkeys(PAGE_PARTS, _TexWriter._page_part),
    "maketitle": _TexWriter._title,
    "titlepage": _TexWriter._title,
    "caption": _TexWriter._caption,
    "item": _TexWriter._item,
    "setcounter": _TexWriter._set_counter,
    "enquote": _TexWriter._quoted,
    "bibitem": _TexWriter._entry,
    "newtheorem": _TexWriter._theorem,
    "and": _TexWriter._author_break,
    "par": lambda writer, _: writer._paragraph(),
}  # fmt: skip
