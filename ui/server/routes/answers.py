"""Routes on one stored answer: a source of it, why it is as it is, what a person thought of it, and a test case of it.

Owns: these addresses. Knows nothing about how an answer is made.
"""

from __future__ import annotations

import os
import re
from dataclasses import replace
from pathlib import Path

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response

from rag.answering.contradictions import contradicting_span
from rag.evaluate.suite.file import append_case, remove_case
from rag.store.catalog import History
from rag.store.index import Index
from rag.types import Answer, Citation, Passage, Span
from ui.server.dependencies import CurrentTurn, JsonObject, Number, OpenIndex, ReaderTranslate, Service, User
from ui.server.responses import download
from ui.service.eval_case import case_form, case_from_form, is_case_of
from ui.views import panels
from ui.views.cited_table import cited_table_html
from ui.views.explain import why_html, why_json
from ui.views.source import find_in_source, stored_passage, view_source
from ui.views.templates import render, render_page

_LONGEST_NOTE = 4000
# A source of an answer: c3 is its citation [3], p2 the passage of rank 2, x1 what contradicts the first claim left out.
_SOURCE_KEY = re.compile(r"([cpx])([0-9]{1,9})")

router = APIRouter(prefix="/i")


@router.get("/{workspace}/turns/{turn_id}/why")
def why(workspace: str, turn: CurrentTurn, service: Service, t: ReaderTranslate, part: bool = False) -> Response:
    """Explain an answer: as a page of its own, or as a part of one."""
    explanation = why_html(turn, workspace, t, alone=not part, suggestion=service.follow_ups.explained(turn.id))
    if part:
        return HTMLResponse(explanation)
    page = render_page("why", language=t.language, title=t("why"), explanation=explanation)
    return HTMLResponse(page)


@router.get("/{workspace}/turns/{turn_id}.json")
def why_as_json(turn: CurrentTurn) -> Response:
    return download(why_json(turn), "application/json", "footnote-answer.json")


@router.get("/{workspace}/turns/{turn_id}/case")
def form_of_case(turn: CurrentTurn, t: ReaderTranslate) -> Response:
    """Show what a person can say of a case before it is made."""
    return HTMLResponse(render("case_form", "case_form", form=case_form(turn), t=t))


@router.get("/{workspace}/turns/{turn_id}/{source_key}")
def source(
    workspace: str,
    source_key: str,
    index: OpenIndex,
    turn: CurrentTurn,
    t: ReaderTranslate,
    at: Number | None = None,
    page: Number | None = None,
    find: str = "",
) -> Response:
    """Show a source of an answer around its words; ``at`` and ``page`` turn to another part, ``find`` searches it."""
    item = source_of(turn.answer, source_key, index)
    if item is None:
        raise HTTPException(404, t("no such source"))
    if find:
        return JSONResponse({"places": find_in_source(index, item.source_id, find)})
    also = [each for each in turn.answer.citations if each.source_id == item.source_id and each != item]
    flag = panels.instructions_html(item, t) if isinstance(item, Passage) else None
    stored = _as_passage(item) if index.catalog.document_text(item.source_id) is None else None
    if stored is not None:
        view = stored_passage(index, stored)
    else:
        cell = item.cell if isinstance(item, Citation) else None
        view = view_source(
            index,
            item.source_id,
            item.start,
            item.end,
            source=item.source,
            at=at,
            page=page,
            others=[(each.start, each.end) for each in also],
            answer=(cell.start, cell.end) if cell else (0, 0),
        )
    base = panels.turn_address(workspace, turn.id)
    cells = cited_table_html(item) if isinstance(item, Citation) else None
    return HTMLResponse(
        panels.source_html(view, f"{base}/{source_key}", workspace, t, flag=flag, cells=cells, also=also)
    )


@router.post("/{workspace}/turns/{turn_id}/feedback")
def feedback(content: JsonObject, index: OpenIndex, turn: CurrentTurn, user: User, t: ReaderTranslate) -> Response:
    thumb = content.get("thumb")
    if thumb not in ("up", "down", ""):
        raise HTTPException(400, t("thumb"))
    History(index.folder).rate(user, turn.id, thumb, str(content.get("note", ""))[:_LONGEST_NOTE])
    return JSONResponse({"message": t("thanks")})


@router.post("/{workspace}/turns/{turn_id}/case")
def case(
    request: Request, content: JsonObject, index: OpenIndex, turn: CurrentTurn, user: User, t: ReaderTranslate
) -> Response:
    """Add the case that a person describes to a suite."""
    suite = _suite_of(request.app.state.suite, user)
    made = case_from_form(turn, content)
    append_case(suite, made, _corpus_of(index))
    return JSONResponse({"case": made.id, "message": t("case made", suite=suite.name)})


@router.delete("/{workspace}/turns/{turn_id}/case")
def drop_case(request: Request, content: JsonObject, turn: CurrentTurn, user: User, t: ReaderTranslate) -> Response:
    """Take a case of this answer out of the suite again."""
    id_ = str(content.get("case", ""))
    if not is_case_of(id_, turn):
        raise HTTPException(404, t("no such case"))
    suite = _suite_of(request.app.state.suite, user)
    remove_case(suite, id_)
    return JSONResponse({"message": t("case dropped", suite=suite.name)})


def _as_passage(item: Citation | Passage | Span) -> Passage | None:
    """Return what an answer stored of words whose document is not here, as in an answer that was imported."""
    if isinstance(item, Citation):
        return Passage(
            "", item.source, item.source_id, item.title, item.start, item.end, item.quote, "", item.page, 0, {}
        )
    return item if isinstance(item, Passage) else None


def source_of(answer: Answer, source_key: str, index: Index) -> Citation | Passage | Span | None:
    """Return the source of an answer that a key names; None where it has none of that key."""
    match = _SOURCE_KEY.fullmatch(source_key)
    if match is None:
        return None
    number = int(match[2])
    if match[1] == "c":
        return next((citation for citation in answer.citations if citation.number == number), None)
    if match[1] == "x":
        return _contradicting(answer, number, index)
    return next((passage for passage in answer.passages if passage.rank == number), None)


def _contradicting(answer: Answer, number: int, index: Index) -> Span | None:
    """Return the words that contradict a claim that is left out, of a version of their source that has them there."""
    if not 1 <= number <= len(answer.left_out):
        return None
    span = contradicting_span(answer, answer.left_out[number - 1])
    if span is None:
        return None
    record = index.catalog.source_record(span.source)
    current = record.document_id if record else None
    for source_id in (span.source_id, *([current] if current else [])):
        stored = index.catalog.document_text(source_id)
        if stored and stored[0][span.start : span.end] == span.quote:
            return replace(span, source_id=source_id)
    return None


def _corpus_of(index: Index) -> Path:
    """Return the folder that holds all documents of an index."""
    roots = sorted({record.root for record in index.catalog.source_records() if record.root})
    return Path(os.path.commonpath(roots)) if roots else index.folder


def _suite_of(suite: Path, user: str) -> Path:
    """Return the file that a user's cases are added to: where there are users, each has one."""
    return suite.with_name(f"{suite.stem}-{user}{suite.suffix}") if user else suite
