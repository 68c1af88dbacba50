"""Small packages of Word, OpenDocument and PowerPoint, written by hand."""

from __future__ import annotations

import io
import zipfile

from rag.load.limits import Limits
from rag.load.parse import parse
from rag.load.sniff import sniff
from rag.types import Document
from tests.load.test_text import check

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_SPACES = (
    f'xmlns:w="{W}" xmlns:r="{RELATIONS}" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
)
OPEN_SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{space}:1.0"'
    for name, space in (("office", "office"), ("text", "text"), ("table", "table"), ("style", "style"),
                        ("draw", "drawing"), ("presentation", "presentation"), ("svg", "svg-compatible"),
                        ("form", "form"))
) + (
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xlink="http://www.w3.org/1999/xlink"'
    ' xmlns:field="urn:openoffice:names:experimental:ooo-ms-interop:xmlns:field:1.0"'
)  # fmt: skip


def package(parts: dict[str, str]) -> bytes:
    """Pack parts, in order."""
    store = io.BytesIO()
    with zipfile.ZipFile(store, "w") as packed:
        for name, text in parts.items():
            packed.writestr(name, text)
    return store.getvalue()


def docx(body: str, **related: str) -> bytes:
    """A Word document; ``related`` are the children of parts such as ``footnotes`` and ``numbering``."""
    links = "".join(f'<Relationship Id="{name}" Type="{RELATIONS}/{name}" Target="{name}.xml"/>' for name in related)
    parts = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": f'<R><Relationship Id="d" Type="{RELATIONS}/officeDocument" Target="word/document.xml"/></R>',
        "word/document.xml": f"<w:document {_SPACES}><w:body>{body}</w:body></w:document>",
        "word/_rels/document.xml.rels": f"<R>{links}</R>",
    }
    return package(
        parts | {f"word/{name}.xml": f"<w:{name} {_SPACES}>{xml}</w:{name}>" for name, xml in related.items()}
    )


def odt(body: str, styles: str = "", kind: str = "text", **objects: str) -> bytes:
    """A text of OpenDocument, or a presentation; ``objects`` are the contents of what is embedded in it."""
    content = f"<office:automatic-styles>{styles}</office:automatic-styles><office:body><office:text>{body}"
    return package(
        {
            "mimetype": f"application/vnd.oasis.opendocument.{kind}",
            "content.xml": f"<office:document-content {OPEN_SPACES}>{content}</office:text></office:body>"
            "</office:document-content>",
        }
        | {f"{name}/content.xml": content for name, content in objects.items()}
    )


def paragraph(*runs: str, form: str = "") -> str:
    """A paragraph of Word; a run that is no XML is words."""
    return f"<w:p><w:pPr>{form}</w:pPr>{''.join(run if run.startswith('<') else words(run) for run in runs)}</w:p>"


def words(text: str, form: str = "") -> str:
    """A run of Word."""
    return f'<w:r><w:rPr>{form}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def read(data: bytes, name: str) -> Document:
    """Read a file, and check its spans."""
    document = parse(data, name, sniff(data, name), Limits())
    check(document.text, document.blocks)
    for table in document.tables:
        assert all(table.start <= cell.start < cell.end <= table.end for cell in table.cells)
    return document


def lines(data: bytes, name: str) -> list[str]:
    """Return the blocks of a file."""
    document = read(data, name)
    return [document.text[block.start : block.end] for block in document.blocks]
