r"""Show what the environments of TeX show.

Owns: how lists, tables, formulas and other environments begin and end. Knows nothing about commands or tokens.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.load.notation.tex_commands import heading
from rag.load.notation.tex_tables import TexCell, TexTable
from rag.load.notation.tex_tokens import as_written

if TYPE_CHECKING:
    from rag.load.notation.tex import TexWriter

_FORMULAS = frozenset(
    "math displaymath equation align gather multline eqnarray flalign alignat dmath split aligned subequations".split()
)
_TABLES = frozenset("tabular tabularx tabulary longtable array supertabular xltabular tblr longtblr".split())
_LISTS = {"itemize": "ul", "enumerate": "ol", "description": "dl", "compactitem": "ul", "compactenum": "ol",
          "inparaenum": "ol", "tasks": "ul"}  # fmt: skip
_WITH_ARGUMENT = frozenset(
    "minipage multicols adjustbox wrapfigure wraptable spacing column otherlanguage selectlanguage DUlineblock"
    " tabbing list thebibliography".split()
)
_PICTURES = frozenset("tikzpicture pgfpicture picture axis asy circuitikz forest".split())


# How the items of numbered lists within each other are numbered where nothing else is said, and by which command.
_NUMBER_TYPES = ("1", "a", "i", "A")
_NUMBER_COMMANDS = {"arabic": "1", "alph": "a", "Alph": "A", "roman": "i", "Roman": "I"}


def _number_type(option: str, writer: TexWriter) -> str:
    """Return the attribute of HTML that says how the items of a list are numbered."""
    said = next((number for command, number in _NUMBER_COMMANDS.items() if f"\\{command}" in option), "")
    depth = sum(kind == "ol" for kind, _ in writer.lists)
    return f' type="{said or _NUMBER_TYPES[min(depth, len(_NUMBER_TYPES) - 1)]}"'


def begin_environment(writer: TexWriter, name: str) -> None:
    """Begin an environment.

    Args:
        writer: Writes the HTML.
        name: The environment.
    """
    plain = name.rstrip("*")
    if name == "document":
        writer.in_preamble, writer.words = False, []
    elif plain in _FORMULAS:
        if plain == "alignat":
            writer.tokens.argument()
        writer.put(" ")
        writer.formula(writer.tokens.until_end(name))
        writer.put(" ")
    elif plain in _PICTURES:
        writer.tokens.until_end(name)
        writer.pictures += 1
    elif plain in _TABLES:
        _begin_table(writer, plain)
    elif plain in _LISTS:
        option = as_written(writer.tokens.option())
        tag = _LISTS[plain]
        writer.block(f"<{tag}{_number_type(option, writer) if tag == 'ol' else ''}>")
        writer.lists.append([tag, 0])
    elif plain == "thebibliography":
        writer.tokens.argument()
    else:
        _begin_part(writer, plain)


def _begin_part(writer: TexWriter, name: str) -> None:
    """Begin an environment whose words are shown as any."""
    writer.paragraph()
    option = writer.shown(writer.tokens.option())
    if name in _WITH_ARGUMENT:
        writer.tokens.argument()
    if name == "frame" and writer.tokens.peek() == "{":
        heading(writer, "frametitle")
    if name in writer.theorems or name == "proof":
        label = writer.theorems.get(name, "Proof")
        writer.put(f"{label} ({option}). " if option else f"{label}. ")


def _begin_table(writer: TexWriter, name: str) -> None:
    if not writer.tables:
        writer.end_paragraph()
    writer.tokens.option()
    if name in ("tabularx", "tabulary", "xltabular"):
        writer.tokens.argument()
    writer.tokens.option()
    writer.tokens.argument()
    table = TexTable(cell=TexCell(writer.take_words() if writer.tables else ""))
    if writer.tables:
        writer.tables[-1].cell.words += table.cell.words
        table.cell = TexCell()
    elif writer.captions:
        table.caption = writer.captions.pop()
    writer.tables.append(table)


def end_environment(writer: TexWriter, name: str) -> None:
    """End an environment.

    Args:
        writer: Writes the HTML.
        name: The environment.
    """
    plain = name.rstrip("*")
    if plain in _TABLES and writer.tables:
        table = writer.tables.pop()
        table.end_row(writer.take_words())
        writer.block(table.html() if table.rows else "")
        if not writer.tables:
            writer.end_paragraph()
    elif plain in _LISTS and writer.lists:
        writer.end_paragraph()
        kind, _ = writer.lists.pop()
        writer.blocks.append(f"</{kind}>")
    elif plain == "document":
        writer.tokens.stop()
    else:
        writer.paragraph()
        if plain in ("table", "figure", "wrapfigure", "wraptable", "sidewaystable", "sidewaysfigure"):
            for caption in writer.captions:
                writer.block(f"<p>{caption}</p>")
            writer.captions = []
