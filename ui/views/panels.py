"""The source panel, as pieces of HTML.

Owns: what the sources of an answer, and one source around a span, look like. Knows nothing about routes but how an
address is written.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urlencode

from markupsafe import Markup

from rag.store.catalog import StoredTurn
from rag.types import Passage
from ui.i18n import Translate
from ui.views.source import SourceView
from ui.views.templates import render


@dataclass(frozen=True, slots=True)
class _Addresses:
    """What can be loaded beside a view of a source: its neighbours, and the picture of a PDF's page.

    ``before`` and ``after`` are windows of a text, empty at either end, or pages of a PDF, which may not be there.
    """

    before: str
    after: str
    image: str = ""


def turn_address(workspace: str, turn_id: str) -> str:
    """Return the address that those of all views of an answer begin with."""
    return f"/i/{quote(workspace, safe=':')}/turns/{quote(turn_id)}"


def document_address(workspace: str, source_id: str) -> str:
    """Return the address that shows a document, without the source that is meant among those of the same words."""
    return f"/i/{quote(workspace, safe=':')}/documents/{quote(source_id)}"


def sources_html(turn: StoredTurn, workspace: str, t: Translate) -> Markup:
    """Return every source of an answer, and apart from them the passages that were also looked at."""
    answer = turn.answer
    cited = {(citation.source_id, citation.start) for citation in answer.citations}
    others = [
        passage
        for passage in answer.passages
        if not any(id_ == passage.source_id and passage.start <= start < passage.end for id_, start in cited)
    ]
    address = turn_address(workspace, turn.id)
    return render("panels", "sources", citations=answer.citations, others=others, address=address, t=t)


def instructions_html(passage: Passage, t: Translate) -> Markup:
    """Return the flag of a passage whose words read like orders to a model, or nothing."""
    return render("panels", "instructions", passage=passage, t=t)


def source_html(
    view: SourceView,
    address: str,
    workspace: str,
    t: Translate,
    back: str = "",
    flag: Markup | None = None,
    cells: Markup | None = None,
) -> Markup:
    """Return one source with the cited words marked.

    Args:
        view: What is shown of the source.
        address: Where this view itself is loaded from.
        workspace: The id of the workspace that holds the source.
        t: Gives the texts of the page in the reader's language.
        back: Where the sources of the answer are loaded from; empty for a source that was not opened from an answer.
        flag: What `instructions_html` returns, shown above the words; None for nothing.
        cells: The cited table rows as a small table, shown above words that are no table; None for nothing.
    """
    if view.kind == "pdf":
        page = view.page or 1
        image = f"/i/{quote(workspace, safe=':')}/pages/{quote(view.image)}/{page}?width=1200"
        addresses = _Addresses(_with(address, page=page - 1), _with(address, page=page + 1), image)
    else:
        before = "" if view.before is None else _with(address, at=view.before)
        after = "" if view.after is None else _with(address, at=view.after)
        addresses = _Addresses(before, after)
    return render("panels", "source", view=view, addresses=addresses, back=back, flag=flag, cells=cells, t=t)


def _with(address: str, **values: int) -> str:
    return f"{address}{'&' if '?' in address else '?'}{urlencode(values)}"
