"""Answers as HTML.

Owns: what a question and an answer look like in the conversation. Knows nothing about how an answer came about, and
nothing about pages or servers.

Everything that a document, a model or a person wrote goes through ``escape``. Only the elements and attributes that the
chat component's own sanitiser lets through are used, so nothing here depends on switching it off: a citation is a
button whose ``name`` is the turn and whose ``value`` is ``c`` and the citation's number, or ``p`` and the rank of a
passage.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.types import Answer, Citation, Passage, Sentence
from ui.i18n import Translate
from ui.service.steps import Step
from ui.views.escape import escape

_LONGEST_HOVER = 400
_LONGEST_NEAREST = 260
_NEAREST = 3

_COUNTED = re.compile(r"\d+ claims? left out: not supported\.\s*")
_SHORT = {"why": "why short", "case": "case short"}
_RATED = {"up": "good", "down": "bad"}


def shorten(text: str, limit: int) -> str:
    """The first ``limit`` characters of a text on one line."""
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def question_html(question: str) -> str:
    return f'<div class="f-question">{escape(question)}</div>'


def error_html(message: str, say: Translate) -> str:
    """What went wrong, in place of an answer."""
    return f'<div class="f-answer f-wrong"><strong>{say("went wrong")}</strong><p>{escape(message)}</p></div>'


def waiting_html(place: int, say: Translate) -> str:
    """A question that waits for its turn; ``place`` counts from 1, and is 0 while it is not known."""
    words = say("waiting", place=place) if place else f"{say('queued')}…"
    return f'<div class="f-answer"><p class="f-step f-now">{words}</p></div>'


def answer_html(shot: Answer, say: Translate, turn: str = "", steps: Sequence[Step] = (), rated: str = "") -> str:
    """A snapshot of an answer. Without ``turn``, the name under which it is kept, nothing in it can be clicked.

    ``rated`` is ``up`` or ``down`` when its reader said so.
    """
    if shot.state != "done":
        return f'<div class="f-answer">{_text(shot, say, "")}{_steps(shot, say, steps)}</div>'
    parts = [
        _abstention(shot, say, turn) if shot.abstained else _text(shot, say, turn),
        _conflicts(shot, say, turn),
        _left_out(shot, say),
        _notice(shot),
        "" if shot.abstained else _references(shot, say, turn),
        _foot(shot, say, turn, rated),
    ]
    return f'<div class="f-answer{" f-abstained" if shot.abstained else ""}">{"".join(parts)}</div>'


def source_and_page(item: Citation | Passage, say: Translate) -> str:
    """Where something stands, in words: ``handbook.pdf, page 12``."""
    return f"{item.source}, {say('page', page=item.page)}" if item.page else item.source


# -- the text and its verdicts -----------------------------------------------------------------------------------------


def _text(shot: Answer, say: Translate, turn: str) -> str:
    if not shot.answer:
        return ""
    if not shot.sentences:
        return f'<div class="f-text f-draft" title="{say("draft")}">{escape(shot.answer)}</div>'
    by_number = {citation.number: citation for citation in shot.citations}
    pieces: list[str] = []
    position = 0
    for sentence in shot.sentences:
        # What stands between two sentences, such as a line's end, belongs to the answer.
        pieces.append(escape(shot.answer[position : sentence.start]))
        pieces.append(_sentence(sentence, by_number, say, turn))
        position = sentence.end
    pieces.append(escape(shot.answer[position:]))
    return f'<div class="f-text">{"".join(pieces)}</div>'


def _sentence(sentence: Sentence, citations: dict[int, Citation], say: Translate, turn: str) -> str:
    marks = "".join(f" [{number}]" for number in sentence.citations)
    words = escape(sentence.text.removesuffix(marks))
    if sentence.verdict in ("partly", "unsupported"):
        reason = say(sentence.verdict, reason=sentence.reason)
        words = f'<span class="f-{sentence.verdict}" title="{escape(reason)}">{words}</span>'
        words += f'<span class="f-mark" title="{escape(reason)}">{"?" if sentence.verdict == "partly" else "✕"}</span>'
    chips = "".join(_chip(citations[number], say, turn) for number in sentence.citations if number in citations)
    return f"{words}{chips}"


def _chip(citation: Citation, say: Translate, turn: str) -> str:
    told = (source_and_page(citation, say), citation.header, shorten(citation.quote, _LONGEST_HOVER))
    hover = "\n".join(filter(None, told))
    number = f'<span class="f-bracket">[</span>{citation.number}<span class="f-bracket">]</span>'
    if not turn:
        return f'<span class="f-cite">{number}</span>'
    return (
        f'<button type="button" class="f-cite" name="{escape(turn)}" value="c{citation.number}" '
        f'title="{escape(hover)}">{number}</button>'
    )


def _left_out(shot: Answer, say: Translate) -> str:
    if not shot.left_out:
        return ""
    count = len(shot.left_out)
    summary = say("left out one") if count == 1 else say("left out", count=count)
    rows = "".join(
        f"<li><s>{escape(claim.text)}</s> <span>{escape(claim.reason)}</span></li>" for claim in shot.left_out
    )
    return f'<details class="f-left-out"><summary>{summary}</summary><ul>{rows}</ul></details>'


def _conflicts(shot: Answer, say: Translate, turn: str) -> str:
    by_number = {citation.number: citation for citation in shot.citations}
    return "".join(
        f'<div class="f-conflict" role="note"><strong>{say("conflict")}</strong> <span>{escape(conflict.about)}</span>'
        f'<div class="f-sides">'
        + "".join(
            f"<blockquote>“{escape(shorten(by_number[number].quote, _LONGEST_HOVER))}”"
            f"<footer>{escape(source_and_page(by_number[number], say))}{_chip(by_number[number], say, turn)}</footer>"
            "</blockquote>"
            for number in conflict.citations
            if number in by_number
        )
        + "</div></div>"
        for conflict in shot.conflicts
    )


# -- abstention --------------------------------------------------------------------------------------------------------


def _abstention(shot: Answer, say: Translate, turn: str) -> str:
    missing = "".join(f"<li>{escape(part)}</li>" for part in shot.missing)
    near = "".join(_near(passage, say, turn) for passage in shot.passages[:_NEAREST])
    return (
        f'<p class="f-abstained-title">{say("abstained")}</p><p>{say("abstained more")}</p>'
        + (f'<p>{say("missing")}</p><ul class="f-missing">{missing}</ul>' if missing else "")
        + (f'<p class="f-small">{say("nearest")}</p><ul class="f-near">{near}</ul>' if near else "")
    )


def _near(passage: Passage, say: Translate, turn: str) -> str:
    words = (
        f"<b>{escape(source_and_page(passage, say))}</b> <span>{escape(shorten(passage.text, _LONGEST_NEAREST))}</span>"
    )
    if not turn:
        return f"<li>{words}</li>"
    return (
        f'<li><button type="button" class="f-open" name="{escape(turn)}" value="p{passage.rank}">{words}</button></li>'
    )


# -- what stands below -------------------------------------------------------------------------------------------------


def _notice(shot: Answer) -> str:
    # The claims that were left out are shown, not only counted.
    notice = _COUNTED.sub("", shot.notice) if shot.left_out else shot.notice
    if not notice:
        return ""
    return f'<p class="f-notice{" f-degraded" if shot.degraded else ""}">{escape(notice)}</p>'


def _references(shot: Answer, say: Translate, turn: str) -> str:
    if not shot.citations or not turn:
        return ""
    rows = "".join(
        f'<li><button type="button" class="f-open" name="{escape(turn)}" value="c{citation.number}">'
        f"<b>[{citation.number}]</b> {escape(source_and_page(citation, say))}</button></li>"
        for citation in shot.citations
    )
    return f'<ul class="f-references" title="{say("sources")}">{rows}</ul>'


def _steps(shot: Answer, say: Translate, steps: Sequence[Step]) -> str:
    done = "".join(
        f'<span class="f-step">{say(step.state)} {say("seconds", seconds=f"{step.seconds:.1f}")}</span>'
        for step in steps
        if step.state != shot.state
    )
    return f'<div class="f-steps">{done}<span class="f-step f-now">{say(shot.state)}…</span></div>'


def _foot(shot: Answer, say: Translate, turn: str, rated: str) -> str:
    """The model and the time it took, and what can be done with the answer."""
    seconds = shot.timings.get("total_ms", 0.0) / 1000
    model = say("quotes only") if shot.model in ("", "none") else shot.model
    about = f'<span class="f-about">{escape(model)} · {say("seconds", seconds=f"{seconds:.1f}")}</span>'
    if not turn:
        return f'<div class="f-foot">{about}</div>'
    chosen = {_RATED.get(rated, ""): " f-chosen"}
    buttons = "".join(
        f'<button type="button" class="f-act f-act-{act}{chosen.get(act, "")}" name="{escape(turn)}" value="{act}" '
        f'title="{say(act)}"><span>{say(_SHORT.get(act, act))}</span></button>'
        for act in ("copy", "retry", "edit", "undo", "why", "good", "bad", "case")
    )
    return f'<div class="f-foot"><span class="f-acts">{buttons}</span>{about}</div>'
