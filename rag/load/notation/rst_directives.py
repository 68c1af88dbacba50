"""Write the directives of reStructuredText as HTML.

Owns: what each directive shows to a reader. Knows nothing about blocks; opens no file.
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from rag.load.notation.rst_tables import csv_table, list_table
from rag.load.tex_math import readable_math

if TYPE_CHECKING:
    from rag.load.notation.rst import RstWriter

_OPTION = re.compile(r":([\w-]{1,40}):(?:\s{1,20}(.*))?$")
_ADMONITIONS = {
    **{name: name.capitalize() for name in "note warning tip hint important caution danger attention todo".split()},
    "seealso": "See also", "versionadded": "New in version", "versionchanged": "Changed in version",
    "deprecated": "Deprecated since version",
}  # fmt: skip
_DROPPED = frozenset(
    "contents index meta highlight default-role role currentmodule sectnum tabularcolumns target module local title"
    " include literalinclude".split()
)
# What these show is made of other files when the text is built; those whose names begin with "auto" do so, too.
_GENERATED = frozenset("argparse click typer program-output command-output exec jupyter-execute bibliography".split())
# Their arguments say for whom or how the content is shown.
_UNSHOWN_ARGUMENT = frozenset("only ifconfig container class rst-class cssclass".split())
_ENTRY = re.compile(r"(?P<words>[^<>]{1,500}?)\s{0,5}<[^<>]{1,500}>$")
_CODE = frozenset(
    "code-block code sourcecode parsed-literal prompt doctest testcode testoutput testsetup productionlist graphviz"
    " mermaid digraph".split()
)


def directive_html(writer: RstWriter, name: str, argument: str, body: list[str]) -> str:
    """Return a directive as HTML.

    Args:
        writer: Writes the blocks in it.
        name: Its name.
        argument: What stands behind its name.
        body: The lines under it, without indentation.

    Returns:
        What a reader sees of it; "" for nothing.
    """
    argument, options, content = _parts(argument, body)
    kind = name.rsplit(":", 1)[-1].lower()
    _note_other_files(writer, kind, argument, options)
    if kind in _DROPPED:
        return ""
    if kind == "toctree":
        return _contents(writer, options.get("caption", ""), content)
    if kind in _CODE:
        caption = _paragraph(writer, options.get("caption", ""))
        return f"{caption}<pre>\n{html.escape(chr(10).join(content).strip(chr(10)))}</pre>"
    if kind == "math":
        text = readable_math("\n".join([argument, *content]))
        return f"<p>{html.escape(text)}</p>"
    if kind == "raw":
        return "\n".join(content) if argument.strip().lower() == "html" else ""
    if kind in ("image", "figure"):
        return _paragraph(writer, options.get("alt", "")) + writer.blocks(content)
    if kind in ("table", "list-table", "csv-table"):
        return _table(writer, kind, argument, options, content)
    if kind in _ADMONITIONS:
        label = _ADMONITIONS[kind]
        joint = " " if label.endswith("version") else ": "
        return (
            writer.blocks([f"{label}{joint}{argument}".rstrip() if argument else "", *content])
            if argument
            else (_labelled(f"{label}:", writer.blocks(content)))
        )
    shown = "" if kind in _UNSHOWN_ARGUMENT else _paragraph(writer, argument)
    return shown + writer.blocks(content)


def _note_other_files(writer: RstWriter, kind: str, argument: str, options: dict[str, str]) -> None:
    """Note the file that a directive takes in, or the module that it is made of."""
    is_generated = kind.startswith(("auto", "doxygen")) or kind in _GENERATED
    name = argument or options.get("module", "")
    if name and (is_generated or kind in ("include", "literalinclude")):
        writer.other_files.append(name)


def _contents(writer: RstWriter, caption: str, entries: list[str]) -> str:
    """Write a list of other texts by the titles that it gives; the others are titled in their own files."""
    titled = filter(None, map(_ENTRY.match, map(str.strip, entries)))
    items = [f"<li>{writer.inline(entry['words'])}</li>" for entry in titled]
    return _paragraph(writer, caption) + (f"<ul>{''.join(items)}</ul>" if items else "")


def _parts(argument: str, body: list[str]) -> tuple[str, dict[str, str], list[str]]:
    """Return the argument of a directive, which may go on below it, its options and its content."""
    options: dict[str, str] = {}
    at = 0
    if argument:
        while at < len(body) and body[at] and not _OPTION.match(body[at]):
            argument += f" {body[at]}"
            at += 1
    while at < len(body) and (option := _OPTION.match(body[at])):
        options[option[1]] = (option[2] or "").strip()
        at += 1
        while at < len(body) and body[at].startswith(" "):
            options[option[1]] += f" {body[at].strip()}"
            at += 1
    return argument.strip(), options, body[at:]


def _table(writer: RstWriter, kind: str, title: str, options: dict[str, str], content: list[str]) -> str:
    head, labels = _count(options.get("header-rows")), _count(options.get("stub-columns"))
    if kind == "table":
        table = writer.blocks(content)
    elif kind == "list-table":
        table = list_table(content, head, labels, writer.blocks)
    else:
        if outside := options.get("file") or options.get("url"):
            writer.other_files.append(outside)
        table = csv_table([line for line in content if line], options.get("header", ""), head, writer.blocks)
    caption = f"<caption>{writer.inline(title)}</caption>" if title else ""
    return table.replace('<table border="1">', f'<table border="1">{caption}', 1)


def _count(value: str | None) -> int:
    return int(value) if value and value.isdecimal() and len(value) < 3 else 0


def _paragraph(writer: RstWriter, text: str) -> str:
    return f"<p>{writer.inline(text)}</p>" if text else ""


def _labelled(label: str, blocks: str) -> str:
    return f"<p>{label} {blocks[3:]}" if blocks.startswith("<p>") else f"<p>{label}</p>{blocks}"
