"""The source panel, as pieces of HTML.

Owns: what one source around a span looks like. Knows nothing about routes but how an address is written.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from markupsafe import Markup

from rag.types import Citation, Passage
from ui.i18n import Translate
from ui.views.source import SourceView
from ui.views.templates import render


@dataclass(frozen=True, slots=True)
class _Pdf:
    """What the page's script needs of a PDF: where its pages and its file are loaded from, and the marks, as JSON."""

    pages: str
    file: str
    marks: str


def turn_address(workspace: str, turn_id: str) -> str:
    """Return the address that those of all views of an answer begin with."""
    return f"/i/{quote(workspace, safe=':')}/turns/{quote(turn_id)}"


def document_address(workspace: str, source_id: str) -> str:
    """Return the address that shows a document, without the source that is meant among those of the same words."""
    return f"/i/{quote(workspace, safe=':')}/documents/{quote(source_id)}"


def pages_address(workspace: str, source_id: str) -> str:
    """Return the address that those of everything about the pages of a PDF begin with."""
    return f"/i/{quote(workspace, safe=':')}/pages/{quote(source_id)}"


def file_address(workspace: str, source_id: str, source: str) -> str:
    """Return the address that downloads the original file of a document."""
    return f"/i/{quote(workspace, safe=':')}/files/{quote(source_id)}?{urlencode({'source': source})}"


def instructions_html(passage: Passage, t: Translate) -> Markup:
    """Return the flag of a passage whose words read like orders to a model, or nothing."""
    return render("panels", "instructions", passage=passage, t=t)


def source_html(
    view: SourceView,
    address: str,
    workspace: str,
    t: Translate,
    flag: Markup | None = None,
    cells: Markup | None = None,
    also: Sequence[Citation | Passage] = (),
) -> Markup:
    """Return one source with the cited words marked.

    Args:
        view: What is shown of the source.
        address: Where this view itself is loaded from.
        workspace: The id of the workspace that holds the source.
        t: Gives the texts of the page in the reader's language.
        flag: What `instructions_html` returns, shown above the words; None for nothing.
        cells: The cited table rows as a small table, shown above words that are no table; None for nothing.
        also: The other citations of the same document, marked more lightly on the pages of a PDF.
    """
    if view.kind == "pdf":
        pdf = _Pdf(
            pages_address(workspace, view.source_id),
            file_address(workspace, view.source_id, view.source),
            json.dumps(
                {
                    "page": view.page,
                    "span": [view.start, view.end],
                    "sizes": view.sizes,
                    "boxes": [
                        [box.page, *(round(share, 3) for share in (box.left, box.top, box.width, box.height))]
                        for box in view.boxes
                    ],
                    "also": [[each.start, each.end, each.page] for each in also],
                }
            ),
        )
        return render("source_page", "pdf", view=view, pdf=pdf, flag=flag, cells=cells, t=t)
    file = file_address(workspace, view.source_id, view.source) if view.state == "current" else ""
    return render("source", "source", view=view, address=address, file=file, flag=flag, cells=cells, t=t)
