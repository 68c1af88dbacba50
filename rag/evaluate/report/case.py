"""One case of the HTML report: what was asked, expected and answered, and both kinds of evidence in the source text.

Owns: the HTML of a case. Everything is escaped.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from html import escape
from typing import Any

from rag.evaluate.report.excerpts import Excerpt, Span, excerpts
from rag.evaluate.report.view import HEADLINE, Row, number

_STATES = {"right": "right", "wrong": "wrong", "measured": "–", "error": "raised"}


def case(row: Row, text_of: Callable[[str], str | None]) -> str:
    """A case as a disclosure that the page's filter can hide."""
    kinds = " ".join(filter(None, (row.outcome, row.change, "changed" if row.change else "")))
    tone = "error-case" if row.outcome == "error" else row.outcome
    searched = " ".join((row.case.id, row.case.question, row.got, row.expected)).lower()
    return (
        f'<details class="case" data-kinds="{kinds}" data-tags="{escape(json.dumps(list(row.case.tags)))}" '
        f'data-text="{escape(searched)}"><summary><span class="state {tone}">{_STATES[row.outcome]}</span>'
        f'<span class="question">{escape(row.case.question)}</span>'
        f'<span class="id">{escape(row.case.id)}</span></summary>'
        f'<div class="inside">{_inside(row, text_of)}</div></details>\n'
    )


def _inside(row: Row, text_of: Callable[[str], str | None]) -> str:
    parts = [_tags(row)]
    if row.case.history:
        said = "\n".join(f"{turn.role}: {turn.content}" for turn in row.case.history)
        parts.append(_said("Conversation before", said))
    asked = str(row.record.answer.get("standalone_question", ""))
    if asked and asked != row.case.question:
        parts.append(_said("Asked on its own", asked))
    parts.append(_said("Expected", row.expected))
    if row.why:
        parts.append(_said("Raised" if row.outcome == "error" else "Not right because", row.why))
    if row.got:
        parts.append(_said("Answer", row.got))
    parts.append(_sides(row, text_of))
    # The others are in the table and the results.
    values = "".join(
        f"<span>{escape(name)} <b>{number(value)}</b></span>"
        for name, value in row.record.metrics.items()
        if value is not None and (name in HEADLINE or name.startswith("judged_"))
    )
    parts.append(f'<div class="values">{values}</div>')
    return "".join(parts)


def _tags(row: Row) -> str:
    words = [*row.case.tags, *({"better": ["right now"], "worse": ["right before"]}.get(row.change, []))]
    return f'<p class="tags">{"".join(f"<span>{escape(word)}</span>" for word in words)}</p>' if words else ""


def _said(title: str, text: str) -> str:
    return f'<h3>{escape(title)}</h3><p class="said">{escape(text)}</p>'


def _sides(row: Row, text_of: Callable[[str], str | None]) -> str:
    """The expected evidence beside the cited words, each in its source, with the marks of both."""
    gold: dict[str, list[Span]] = {}
    for place in row.record.gold:
        gold.setdefault(place.source, []).append((place.start, place.end))
    cited: dict[str, list[Span]] = {}
    for citation in row.record.answer.get("citations", ()):
        cited.setdefault(str(citation["source"]), []).append((int(citation["start"]), int(citation["end"])))
    if not gold and not cited:
        return ""
    columns = []
    for title, shown in (("Expected evidence", gold), ("Cited", cited)):
        body = "".join(
            _source(source, spans, {"gold": gold.get(source, []), "cited": cited.get(source, [])}, text_of, row)
            for source, spans in shown.items()
        )
        columns.append(f'<div class="side"><h3>{title}</h3>{body or "<p class=soft>none</p>"}</div>')
    return f'<div class="sides">{"".join(columns)}</div>'


def _source(
    source: str, spans: Sequence[Span], marks: dict[str, list[Span]], text_of: Callable[[str], str | None], row: Row
) -> str:
    text = text_of(source)
    if text is None:
        return f'<p class="where">{escape(source)} is not in the index any more.</p>'
    return "".join(
        f'<p class="where">{escape(source)}{_page(source, found, row)} · {found.start}–{found.end}</p>'
        f'<p class="source">{"".join(_piece(*piece) for piece in found.pieces)}</p>'
        for found in excerpts(text, spans, marks)
    )


def _page(source: str, found: Excerpt, row: Row) -> str:
    pages: list[Any] = [
        place.page for place in row.record.gold if place.source == source and found.start <= place.start < found.end
    ]
    pages += [
        citation.get("page")
        for citation in row.record.answer.get("citations", ())
        if citation["source"] == source and found.start <= citation["start"] < found.end
    ]
    page = next(filter(None, pages), None)
    return f", page {int(page)}" if page else ""


def _piece(text: str, marks: tuple[str, ...]) -> str:
    return f'<mark class="{" ".join(marks)}">{escape(text)}</mark>' if marks else escape(text)
