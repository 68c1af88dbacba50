r"""Show what the commands of TeX show.

Owns: what each command does with the groups behind it. Knows nothing about environments or tokens.
"""

from __future__ import annotations

import html
from collections.abc import Callable
from typing import TYPE_CHECKING

from rag.load.notation.tex_signs import unit
from rag.load.notation.tex_tables import PAGE_PARTS, RULES, count_of
from rag.load.notation.tex_tokens import as_written, tokens_of

if TYPE_CHECKING:
    from rag.load.notation.tex import TexWriter

_HEADINGS = {"part": 1, "chapter": 2, "section": 2, "subsection": 3, "subsubsection": 4, "frametitle": 3}
_RUN_IN = ("paragraph", "subparagraph")
# Commands that show nothing, with the number of groups that belong to them.
_SILENT = {
    **dict.fromkeys(
        "label vspace hspace pagestyle thispagestyle usepackage RequirePackage documentclass documentstyle"
        " bibliographystyle hypersetup geometry color index glossary cline cmidrule pagenumbering"
        " hypertarget hyperlink raisebox scalebox rotatebox parbox newtheoremstyle theoremstyle selectlanguage"
        " hyphenation pagecolor newcounter stepcounter refstepcounter phantom hphantom vphantom setstretch textcolor"
        " colorbox linespread fontsize captionsetup sisetup graphicspath cellcolor rowcolor columncolor arrayrulecolor"
        " usetikzlibrary tikzset lstset makeatletter nocite newlength setmainfont setmainlanguage"
        " citeindex includeonly excludecomment".split(), 1,
    ),
    **dict.fromkeys("setlength addtolength addtocounter rule resizebox newsavebox fontsize numberwithin"
                    " href fcolorbox addtocontents markboth".split(), 2),
    **dict.fromkeys("definecolor newenvironment renewenvironment addcontentsline providecolor".split(), 3),
}  # fmt: skip
# Of these only the last group is shown: the others say how or where.
_FIRST_DROPPED = {
    **dict.fromkeys("href textcolor colorbox hypertarget hyperlink foreignlanguage raisebox".split(), 1),
    **dict.fromkeys(("scalebox", "rotatebox", "parbox"), 1),
    **dict.fromkeys(("resizebox", "fcolorbox"), 2),
}
_STRUCK = frozenset("sout st xout hcancel".split())
_CITES = frozenset("cite citep citet citealp parencite textcite autocite footcite citeauthor citeyear".split())
_REFERENCES = frozenset("ref eqref autoref cref Cref pageref nameref vref".split())
_OTHER_FILES = frozenset("input include subfile subfileinclude bibliography addbibresource lstinputlisting".split())


def heading(writer: TexWriter, name: str) -> None:
    """Write a heading.

    Args:
        writer: Writes the HTML.
        name: The command, which tells the level.
    """
    writer.tokens.option()
    words = writer.shown(writer.tokens.argument())
    level = _HEADINGS.get(name, 2) + (writer.has_chapters and name.endswith("section"))
    if words:
        writer.block(f"<h{level}>{words}</h{level}>")


def _run_in(writer: TexWriter, _name: str) -> None:
    writer.paragraph()
    words = writer.shown(writer.tokens.argument())
    writer.put(words + (" " if words.endswith((".", ":", "!", "?")) else ". "))


def _silent(writer: TexWriter, name: str) -> None:
    writer.tokens.option()
    for _ in range(_FIRST_DROPPED.get(name, _SILENT.get(name, 0))):
        writer.tokens.argument()
        writer.tokens.option()


def _note(writer: TexWriter, name: str) -> None:
    number = as_written(writer.tokens.option()).strip()
    tokens = writer.tokens.argument()
    if name != "footnotetext":
        writer.note_count += 1
        writer.put(f'<a role="doc-noteref">{writer.note_count}</a>')
    mark = number if name == "footnotetext" and number.isdecimal() else writer.note_count
    label = f"[{mark}] " if mark else ""
    writer.notes.append(f"<p>{label}{writer.shown(tokens)}</p>")


def _mark(writer: TexWriter, name: str) -> None:
    tag = {"textsuperscript": "sup", "textsubscript": "sub"}.get(name, "s")
    writer.put(f"<{tag}>{writer.shown(writer.tokens.argument())}</{tag}>")


def _said(writer: TexWriter, name: str) -> None:
    """Keep the title, the authors or the day, which are shown where the text asks for them."""
    writer.tokens.option()
    writer.said[name] = writer.shown(writer.tokens.argument())


def _title(writer: TexWriter, _name: str) -> None:
    title = writer.said.get("title", "")
    notes, writer.notes = writer.notes, []
    title = title.split('<a role="doc-noteref">')[0].strip()
    writer.said["title"] = title
    writer.block(f"<h1>{title}</h1>" if title else "")
    for author in writer.said.get("author", "").split("\0"):
        writer.block(f"<p>{author.strip()}</p>" if author.strip() else "")
    if writer.said.get("date"):
        writer.block(f"<p>{writer.said['date']}</p>")
    writer.blocks += notes


def _caption(writer: TexWriter, _name: str) -> None:
    writer.tokens.option()
    words = writer.shown(writer.tokens.argument())
    if writer.tables:
        writer.tables[-1].caption = words
    else:
        writer.captions.append(words)


def _item(writer: TexWriter, _name: str) -> None:
    writer.tokens.skip_spaces()
    label = writer.shown(writer.tokens.option())
    writer.end_paragraph()
    if not writer.lists:
        return
    kind, number = writer.lists[-1]
    if kind == "dl":
        writer.blocks.append(f"<dt>{label}</dt><dd>")
    elif kind == "ol" and not label:
        writer.lists[-1][1] = int(number) + 1
        writer.blocks.append(f'<li value="{writer.lists[-1][1]}">')
    else:
        writer.blocks.append("<li>")
        writer.put(f"{label} " if label else "")


def _set_counter(writer: TexWriter, _name: str) -> None:
    counter, value = writer.tokens.text_argument(), writer.tokens.text_argument()
    if counter.startswith("enum") and writer.lists and value.isdecimal() and len(value) < 6:
        writer.lists[-1][1] = int(value)


def _span(writer: TexWriter, name: str) -> None:
    if name == "multicolumn":
        count = count_of(writer.tokens.text_argument())
        writer.tokens.argument()
        words = writer.shown(writer.tokens.argument())
        if writer.tables:
            writer.tables[-1].cell.columns = count
    else:
        writer.tokens.option()
        count = count_of(writer.tokens.text_argument())
        writer.tokens.option()
        writer.tokens.argument()
        writer.tokens.option()
        words = writer.shown(writer.tokens.argument())
        if writer.tables:
            writer.tables[-1].cell.rows = count
    writer.put(words)


def _cite(writer: TexWriter, _name: str) -> None:
    while writer.tokens.peek() == "[":
        writer.tokens.option()
    writer.put(f"[{html.escape(writer.tokens.text_argument().strip())}]")


def _reference(writer: TexWriter, name: str) -> None:
    label = writer.tokens.text_argument().strip()
    number = writer.numbers.get(label) or label
    writer.put(html.escape(f"({number})" if name == "eqref" else number))


def _other_file(writer: TexWriter, _name: str) -> None:
    writer.tokens.option()
    writer.other_files.append(writer.tokens.text_argument().strip())


def _picture(writer: TexWriter, _name: str) -> None:
    writer.tokens.option()
    writer.tokens.argument()
    writer.pictures += 1


def _quantity(writer: TexWriter, name: str) -> None:
    writer.tokens.option()
    number = "" if name in ("si", "unit") else writer.tokens.text_argument().strip()
    if name == "num":
        words = number
    elif name == "ang":
        words = f"{number}°"
    else:
        writer.tokens.option()
        units = unit([part for part in tokens_of(writer.tokens.text_argument()) if isinstance(part, str)])
        words = f"{number} {units}".strip()
    writer.put(html.escape(words))


def _quoted(writer: TexWriter, _name: str) -> None:
    writer.put(f"“{writer.shown(writer.tokens.argument())}”")


def _entry(writer: TexWriter, _name: str) -> None:
    writer.tokens.option()
    key = writer.tokens.text_argument()
    writer.end_paragraph()
    writer.put(f"[{html.escape(key)}] ")


def _define(writer: TexWriter, name: str) -> None:
    writer.tokens.define(is_def=name in ("def", "gdef", "edef"), known=HANDLERS)


def _theorem(writer: TexWriter, _name: str) -> None:
    environment = writer.tokens.text_argument()
    writer.tokens.option()
    writer.theorems[environment] = writer.shown(writer.tokens.argument())
    writer.tokens.option()


def _author_break(writer: TexWriter, _name: str) -> None:
    writer.words.append("\0")


def _rule(writer: TexWriter, name: str) -> None:
    writer.tokens.option()
    if writer.tables:
        writer.tables[-1].rule(name)


def _page_part(writer: TexWriter, name: str) -> None:
    if writer.tables:
        writer.tables[-1].end_page_part(name)


Handler = Callable[["TexWriter", str], None]
HANDLERS: dict[str, Handler] = {
    **dict.fromkeys(_SILENT, _silent),
    **dict.fromkeys(_FIRST_DROPPED, _silent),
    **dict.fromkeys(_HEADINGS, heading),
    **dict.fromkeys(_RUN_IN, _run_in),
    **dict.fromkeys(("footnote", "thanks", "footnotetext", "endnote", "sidenote", "marginpar"), _note),
    **dict.fromkeys((*_STRUCK, "textsuperscript", "textsubscript"), _mark),
    **dict.fromkeys(("title", "author", "date", "subtitle"), _said),
    **dict.fromkeys(("multicolumn", "multirow"), _span),
    **dict.fromkeys(_CITES, _cite),
    **dict.fromkeys(_REFERENCES, _reference),
    **dict.fromkeys(_OTHER_FILES, _other_file),
    **dict.fromkeys(("includegraphics", "includesvg", "includepdf"), _picture),
    **dict.fromkeys(("SI", "si", "qty", "unit", "num", "ang"), _quantity),
    **dict.fromkeys(
        ("newcommand", "renewcommand", "providecommand", "def", "gdef", "edef", "DeclareMathOperator",
         "DeclareRobustCommand"), _define,
    ),
    **dict.fromkeys(RULES, _rule),
    **dict.fromkeys(PAGE_PARTS, _page_part),
    "maketitle": _title,
    "titlepage": _title,
    "caption": _caption,
    "item": _item,
    "setcounter": _set_counter,
    "enquote": _quoted,
    "bibitem": _entry,
    "newtheorem": _theorem,
    "and": _author_break,
    "par": lambda writer, _: writer.paragraph(),
}  # fmt: skip
