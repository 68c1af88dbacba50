"""Routes of the list of questions that the documents did not answer.

Owns: these addresses, and that only whoever looks after a collection sees its list and switches it. Knows nothing about
how questions are found.
"""

from __future__ import annotations

import csv
import io
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException
from fastapi.responses import HTMLResponse, JSONResponse, Response

from rag.store.catalog import UnansweredQuestions
from ui.server.dependencies import JsonObject, OpenIndex, ReaderTranslate, Service, User
from ui.server.responses import download
from ui.server.routes.settings import IsOperator
from ui.views.settings import unanswered_html

router = APIRouter(prefix="/i")


def questions_of(
    workspace: str, index: OpenIndex, service: Service, user: User, operator: IsOperator, t: ReaderTranslate
) -> UnansweredQuestions:
    """Return the list of a workspace; whoever does not look after it is answered with 403."""
    if not service.workspaces.looks_after(user, workspace, operator):
        raise HTTPException(403, t("list only owner"))
    return UnansweredQuestions(index.folder)


Questions = Annotated[UnansweredQuestions, Depends(questions_of)]


@router.get("/{workspace}/unanswered")
def show(
    workspace: str, service: Service, user: User, operator: IsOperator, _: Questions, t: ReaderTranslate
) -> Response:
    return HTMLResponse(unanswered_html(service, user, operator, workspace, t))


@router.put("/{workspace}/unanswered")
def switch(content: JsonObject, questions: Questions, t: ReaderTranslate) -> Response:
    """Turn the list on or off."""
    if not isinstance(content.get("on"), bool):
        raise HTTPException(400, t("no such choice"))
    questions.switch(content["on"])
    return JSONResponse({"message": t("saved")})


@router.delete("/{workspace}/unanswered")
def empty(questions: Questions, t: ReaderTranslate) -> Response:
    questions.empty()
    return JSONResponse({"message": t("list emptied")})


@router.post("/{workspace}/unanswered/restore")
def restore(questions: Questions, t: ReaderTranslate) -> Response:
    if not questions.restore():
        raise HTTPException(404, t("nothing here"))
    return JSONResponse({})


@router.get("/{workspace}/unanswered.csv")
def export(questions: Questions, t: ReaderTranslate) -> Response:
    """Download the list for a spreadsheet."""
    table = io.StringIO()
    # All are quoted: where commas are decimal signs, a spreadsheet parts the columns at semicolons.
    writer = csv.writer(table, quoting=csv.QUOTE_ALL)
    counts = (t("times asked"), t("times refused"), t("times tentative"), t("times disliked"))
    writer.writerow([t("question"), *counts, t("asked last")])
    for one in questions.questions():
        row = (one.count, one.refused, one.tentative, one.disliked, one.last[:10])
        writer.writerow([_inert(one.question), *row])
    # The mark at the front tells Excel that this is UTF-8.
    return download("\ufeff" + table.getvalue(), "text/csv", "footnote-questions.csv")


def _inert(question: str) -> str:
    """Return words that a spreadsheet takes for no formula; some read wide signs as plain ones."""
    return f"'{question}" if question.lstrip()[:1] in tuple("=+-@＝＋－＠") or question[:1] in "\t\r\n" else question
