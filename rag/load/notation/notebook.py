"""Read notebooks of Jupyter (.ipynb).

Owns: which parts of a notebook are read: its texts, its code, and what the code wrote. Runs nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from rag.load.append import append_document
from rag.load.builder import Builder
from rag.load.markup.html import read_html
from rag.load.media_types import MARKDOWN
from rag.load.plain_text.markdown import markdown_structure
from rag.load.tex_math import readable_math
from rag.load.text import canonical
from rag.notices import Notice
from rag.types import Block, Document

# Colours of a terminal.
_ESCAPE = re.compile("\x1b\\[[0-9;]{0,20}[A-Za-z]")
_PICTURES = ("image/", "application/pdf")


def read_notebook(text: str, builder: Builder) -> str | None:
    """Append the cells of a notebook and what they wrote.

    Args:
        text: The canonical text of the file.
        builder: What they are appended to.

    Returns:
        Its title, or ""; None where it is no notebook: nothing is appended then.
    """
    try:
        notebook = json.loads(text)
    except ValueError:
        return None
    if not isinstance(notebook, dict) or not ("cells" in notebook or "worksheets" in notebook):
        return None
    reader = _NotebookReader(builder)
    for cell in _cells(notebook):
        reader.add_cell(cell)
    if reader.pictures:
        builder.warn(Notice("reading-pictures", {"count": reader.pictures}))
    return _words(_mapping(notebook.get("metadata")).get("title")) or reader.title


def _cells(notebook: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    sheets = notebook.get("worksheets")
    sheets = [notebook] if not isinstance(sheets, list) else [notebook, *sheets]
    for sheet in map(_mapping, sheets):
        cells = sheet.get("cells")
        yield from map(_mapping, cells if isinstance(cells, list) else [])


class _NotebookReader:
    """Appends cells.

    Attributes:
        title: The first heading.
        pictures: How many pictures were passed over.
    """

    def __init__(self, builder: Builder) -> None:
        self._builder = builder
        self.title = ""
        self.pictures = 0

    def add_cell(self, cell: Mapping[str, Any]) -> None:
        kind = cell.get("cell_type")
        source = _words(cell.get("source", cell.get("input")))
        if kind == "code":
            self._builder.add("code", source)
            outputs = cell.get("outputs")
            for output in map(_mapping, outputs if isinstance(outputs, list) else []):
                self._add_output(output)
        elif kind == "markdown":
            self._add_markdown(source)
            self.pictures += len(_mapping(cell.get("attachments")))
        elif kind == "heading":
            level = cell.get("level")
            self._builder.add("heading", source, level if isinstance(level, int) and 0 < level < 7 else 1)
            self.title = self.title or source
        else:
            self._builder.add("paragraph", source)

    def _add_markdown(self, source: str) -> None:
        structure = markdown_structure(source)
        self.title = self.title or structure.title
        blocks = tuple(_without_marks(block, source) for block in structure.blocks)
        append_document(self._builder, Document(source, "", MARKDOWN, blocks, tables=structure.tables), 0)

    def _add_output(self, output: Mapping[str, Any]) -> None:
        kind = output.get("output_type")
        if kind == "stream":
            self._builder.add("code", _ESCAPE.sub("", _words(output.get("text"))))
        elif kind in ("error", "pyerr"):
            self._builder.add("code", f"{_words(output.get('ename'))}: {_words(output.get('evalue'))}")
        else:
            # In the oldest notebooks the forms of a result stand beside its kind.
            self._add_result(_mapping(output.get("data")) or output)

    def _add_result(self, data: Mapping[str, Any]) -> None:
        """Append the best form of a result: a table, Markdown, or its text."""
        is_picture = any(name.startswith(_PICTURES) or name in ("png", "jpeg", "svg") for name in data)
        length = self._builder.length
        if page := _words(data.get("text/html", data.get("html"))):
            read_html(page, self._builder)
        elif markdown := _words(data.get("text/markdown")):
            self._add_markdown(markdown)
        elif formula := _words(data.get("text/latex", data.get("latex"))):
            self._builder.add("paragraph", readable_math(formula.strip().strip("$")))
        if self._builder.length > length:
            return
        self.pictures += is_picture
        if not is_picture:
            self._builder.add("code", _ESCAPE.sub("", _words(data.get("text/plain", data.get("text")))))


def _without_marks(block: Block, source: str) -> Block:
    """Return a block of Markdown; of a heading the words alone, without the marks around them."""
    if block.kind != "heading":
        return block
    line = source[block.start : block.end].split("\n")[0]
    words = line.strip().strip("#").strip()
    start = block.start + (line.find(words) if words else 0)
    return replace(block, start=start, end=start + len(words))


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _words(value: Any) -> str:
    """Return a text that a notebook holds whole or as a list of lines."""
    if isinstance(value, list):
        value = "".join(line for line in value if isinstance(line, str))
    return canonical(value) if isinstance(value, str) else ""
