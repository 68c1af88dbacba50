"""A conversation as a Word document.

Owns: the parts of the file. It is written by hand: the few parts that are needed are shorter than what a library would
ask for, and two exports of one conversation are the same bytes.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from importlib.resources import files
from xml.sax.saxutils import escape

from rag.store.catalog import Conversation, StoredTurn
from ui.i18n import Translate
from ui.views.export.blocks import Block, Run, blocks_of
from ui.views.export.page import body_html

_MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
# The year that zip files begin with: a file has no time of its own.
_NO_TIME = (1980, 1, 1, 0, 0, 0)
# A serif to be read, a sans for headings and notes.
_STYLES = (files("ui") / "templates" / "export-styles.xml").read_text("utf-8")
_LOCALES = {"de": "de-DE"}
# What XML cannot hold.
_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# Twentieths of a point that a level of a list is indented by.
_INDENT = 400

_CONTENT_TYPES = (
    f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{_TYPE}.document.main+xml"/>'
    f'<Override PartName="/word/styles.xml" ContentType="{_TYPE}.styles+xml"/>'
    '<Override PartName="/docProps/core.xml" '
    'ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>'
)
_RELATIONS = (
    f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="r1" Type="{_OFFICE}/officeDocument" Target="word/document.xml"/>'
    f'<Relationship Id="r2" Type="{_PACKAGE}/relationships/metadata/core-properties" Target="docProps/core.xml"/>'
    "</Relationships>"
)
_DOCUMENT_RELATIONS = (
    f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="r1" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>'
)


_MARGINS = "".join(f' w:{side}="1300"' for side in ("top", "right", "bottom", "left"))
_PAGE = (
    '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/>'
    f'<w:pgMar{_MARGINS} w:header="700" w:footer="700" w:gutter="0"/></w:sectPr>'
)
_CELL = '<w:pStyle w:val="Cell"/>'


def to_word(conversation: Conversation, turns: Sequence[StoredTurn], t: Translate) -> bytes:
    """Return the conversation as a Word document.

    Args:
        conversation: Its title and dates.
        turns: Its questions and answers, in order.
        t: Gives the texts beside them in the reader's language.

    Returns:
        The file.
    """
    blocks = blocks_of(body_html(conversation, turns, t))
    body = "".join(map(_block_xml, blocks))
    title = _text(conversation.title)
    parts = {
        "[Content_Types].xml": _CONTENT_TYPES,
        "_rels/.rels": _RELATIONS,
        "docProps/core.xml": (
            f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
            f'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{title}</dc:title></cp:coreProperties>'
        ),
        "word/_rels/document.xml.rels": _DOCUMENT_RELATIONS,
        "word/styles.xml": _STYLES.replace("$locale", _LOCALES.get(t.language, "en-GB")),
        "word/document.xml": f'<w:document xmlns:w="{_MAIN}"><w:body>{body}{_PAGE}</w:body></w:document>',
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, xml in parts.items():
            entry = zipfile.ZipInfo(name, _NO_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, (_DECLARATION + xml).encode())
    return packed.getvalue()


def _block_xml(block: Block) -> str:
    if block.kind == "table":
        return _table_xml(block)
    if block.kind == "rule":
        return _paragraph("", '<w:pBdr><w:bottom w:val="single" w:sz="4" w:space="1" w:color="C9C5BC"/></w:pBdr>')
    style = {
        "heading": f"Heading{min(block.level, 6)}", "quote": "Quote", "code": "Code",
        "item": "ListParagraph", "paragraph": "",
    }[block.kind]  # fmt: skip
    if block.small:
        style = "Small"
    properties = f'<w:pStyle w:val="{style}"/>' if style else ""
    before = ""
    if block.kind != "heading" and block.level:
        hanging = f' w:hanging="{_INDENT}"' if block.sign else ""
        if block.sign:
            before = f"<w:r><w:t>{_text(block.sign)}</w:t></w:r><w:r><w:tab/></w:r>"
        properties += f'<w:ind w:left="{_INDENT * block.level}"{hanging}/>'
    return _paragraph(before + _runs_xml(block.runs), properties)


def _table_xml(block: Block) -> str:
    width = max(map(len, block.rows), default=0)
    rows = []
    for number, row in enumerate(block.rows):
        cells = [*row, *([()] * (width - len(row)))]
        names = number == 0 and block.names
        shown = "".join(f"<w:tc>{_paragraph(_runs_xml(cell), _CELL)}</w:tc>" for cell in cells)
        rows.append(f"<w:tr>{'<w:trPr><w:tblHeader/></w:trPr>' if names else ''}{shown}</w:tr>")
    grid = "".join("<w:gridCol/>" for _ in range(width))
    edges = "".join(
        f'<w:{edge} w:val="single" w:sz="4" w:space="0" w:color="C9C5BC"/>'
        for edge in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    properties = f'<w:tblPr><w:tblW w:w="0" w:type="auto"/><w:tblBorders>{edges}</w:tblBorders></w:tblPr>'
    # Without a paragraph between them, two tables are one.
    return f"<w:tbl>{properties}<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>{_paragraph('')}"


def _paragraph(content: str, properties: str = "") -> str:
    return f"<w:p>{f'<w:pPr>{properties}</w:pPr>' if properties else ''}{content}</w:p>"


def _runs_xml(runs: Iterable[Run]) -> str:
    return "".join(map(_run_xml, runs))


def _run_xml(run: Run) -> str:
    properties = (
        ('<w:rFonts w:ascii="Consolas" w:hAnsi="Consolas" w:cs="Consolas"/>' if run.code else "")
        + ("<w:b/>" if run.bold else "")
        + ("<w:i/>" if run.italic else "")
        + ('<w:color w:val="0A6A5B"/>' if run.symbol else "")
        + ('<w:shd w:val="clear" w:color="auto" w:fill="FDE9A6"/>' if run.marked else "")
    )
    lines = (f'<w:t xml:space="preserve">{_text(line)}</w:t>' if line else "" for line in run.text.split("\n"))
    return f"<w:r>{f'<w:rPr>{properties}</w:rPr>' if properties else ''}{'<w:br/>'.join(lines)}</w:r>"


def _text(text: str) -> str:
    return escape(_NOT_IN_XML.sub("\ufffd", text))
