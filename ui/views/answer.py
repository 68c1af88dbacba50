"""Answers as HTML.

Owns: what a question and an answer look like in the conversation. Knows nothing about how an answer came about, and
nothing about pages or servers.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from markupsafe import Markup

from rag.answering.notices import not_mentioned
from rag.notices import Notice
from rag.types import Answer
from ui.i18n import Translate
from ui.service.steps import Step
from ui.views.answer_sources import cited_documents, other_documents, title_and_file
from ui.views.answer_text import TextPiece, answer_text_html
from ui.views.asked_words import asked_stems, excerpt, in_parts
from ui.views.pieces import NEAREST_PASSAGES, Piece, notices_beside, omissions_of, pieces_of
from ui.views.quotes import QuoteGroup, in_groups, quoted_of, shown_at_once
from ui.views.rephrasing import rephrasing
from ui.views.templates import coded, render

# The texts of the mark behind a sentence and of why it is there, by verdict.
_MARKS = {
    "partly": ("mark partly", "partly because"),
    "unsupported": ("mark unsupported", "unsupported because"),
    "contradicted": ("mark contradicted", "contradicted because"),
}
_ACTION_OF_RATING = {"up": "good", "down": "bad"}
# A citation as a model writes it.
_NUMBER = re.compile(r"[ \t]*\[([0-9]{1,3})\]")
# Characters of a passage that is shown in place of an answer.
_LONGEST_NEAREST = 260


def question_html(question: str, turn_id: str = "", versions: Sequence[str] = (), kept_to: str = "") -> Markup:
    """Return a question as it stands in the conversation.

    Args:
        question: Its words.
        turn_id: The id of its turn.
        versions: The ids of the versions of the turn, this one among them; fewer than two: nothing can be chosen.
        kept_to: What it says of the documents that it was kept to; empty for all.

    Returns:
        The HTML.
    """
    position = versions.index(turn_id) if turn_id in versions else 0
    return render(
        "answer",
        "question",
        text=question,
        turn_id=turn_id,
        position=position,
        versions=versions,
        kept_to=kept_to,
    )


def interrupted_html(answer: Answer, t: Translate, turn_name: str) -> Markup:
    """Return what stands for an answer that nobody makes any more: the program that made it was ended."""
    shown = replace(answer, state="done", notices=(Notice("answer-interrupted"),))
    return answer_html(shown, t, turn_name, interrupted=True)


def error_html(message: str, t: Translate) -> Markup:
    """Return what went wrong, in place of an answer."""
    return render("answer", "error", message=message, t=t)


def waiting_html(position: int, t: Translate, turn_id: str = "") -> Markup:
    """Return what stands for a question in the queue; its ``position`` counts from 1, and is 0 while unknown."""
    return render("answer", "waiting", position=position, turn_id=turn_id, t=t)


def answer_html(
    answer: Answer,
    t: Translate,
    turn_name: str = "",
    steps: Sequence[Step] = (),
    rated: str = "",
    interrupted: bool = False,
) -> Markup:
    """Return a snapshot of an answer as HTML.

    Args:
        answer: The answer, finished or not.
        t: Gives the texts of the page in the reader's language.
        turn_name: The name under which the answer is stored; without it nothing in the answer can be clicked.
        steps: What was done so far for an answer that is not finished.
        rated: ``up`` or ``down`` when its reader rated it.
        interrupted: Whether nobody makes it any more; it can only be asked again or removed.
    """
    if answer.state != "done":
        seconds = sum(step.seconds for step in steps)
        turn_id = turn_name.rpartition("/")[2]
        # Quotes stand at once as they will; nothing of them can be clicked before the answer is stored.
        html = _text_html(answer, "", t) if answer.sentences else _draft_html(answer)
        short = coded(answer.short_answer or "") if answer.sentences else ""
        return render(
            "answer", "unfinished", answer=answer, turn_id=turn_id, short=short, html=html, seconds=seconds, t=t
        )
    is_doubtful = answer.abstained or answer.tentative
    return render(
        "answer",
        "finished",
        answer=answer,
        # Quotes that come nearest have their own line that says so.
        tells_itself=bool(answer.sentences) and answer.sentences[0].verdict == "not a claim",
        short=coded(answer.short_answer or ""),
        html=_text_html(answer, turn_name, t),
        citations={citation.number: citation for citation in answer.citations},
        documents=cited_documents(answer, t) if not answer.abstained else [],
        others=other_documents(answer, t) if not answer.abstained else [],
        nearest=_nearest(answer, t) if answer.abstained else [],
        rephrasing=rephrasing(answer) if is_doubtful and not interrupted else "",
        missing=not_mentioned(answer),
        omissions=omissions_of(answer),
        notices=notices_beside(answer),
        turn_name=turn_name,
        chosen=_ACTION_OF_RATING.get(rated, ""),
        interrupted=interrupted,
        t=t,
    )


def _nearest(answer: Answer, t: Translate) -> list[dict[str, object]]:
    """Return what comes nearest to a question that is not answered: where it stands, and its words in parts."""
    stems = asked_stems(answer.question)
    shown: list[dict[str, object]] = []
    for passage in answer.passages[:NEAREST_PASSAGES]:
        title, file = title_and_file(passage)
        parts = in_parts(excerpt(passage.text, stems, _LONGEST_NEAREST), stems)
        page = t("page", page=passage.page) if passage.page else ""
        shown.append({"rank": passage.rank, "title": title, "file": file, "page": page, "parts": parts})
    return shown


def _draft_html(answer: Answer) -> Markup:
    """Return the words of a draft; the numbers that its model cites stand where those of the citations will."""
    if "`" in answer.answer:
        # In code such a number is an index.
        return answer_text_html([TextPiece(answer.answer)])
    # Words and numbers by turns.
    words = _NUMBER.split(answer.answer)
    numbers = [*(render("answer", "number", number=one) for one in words[1::2]), Markup("")]
    return answer_text_html([TextPiece(one, beside=beside) for one, beside in zip(words[::2], numbers, strict=True)])


def _text_html(answer: Answer, turn_name: str, t: Translate) -> Markup:
    """Return the text of an answer: sentences with what stands beside them, and quotes set off in groups."""
    shown: list[TextPiece] = []
    groups: list[Markup] = []
    segments = in_groups(pieces_of(answer))
    side_by_side = answer.kind == "comparison" and sum(isinstance(one, QuoteGroup) for one in segments) > 1
    for number, segment in enumerate(segments):
        if isinstance(segment, Piece):
            shown.append(_text_piece(segment, answer, turn_name, t))
            continue
        groups.append(_quotes_html(segment, answer, turn_name, t))
        following = segments[number + 1] if number + 1 < len(segments) else None
        if not (side_by_side and isinstance(following, QuoteGroup)):
            shown.append(TextPiece("", block=render("answer", "quote_groups", groups=groups)))
            groups = []
    return answer_text_html(shown)


def _quotes_html(group: QuoteGroup, answer: Answer, turn_name: str, t: Translate) -> Markup:
    quotes = quoted_of(group.citations)
    most = shown_at_once(quotes, answer.kind)
    stems = asked_stems(answer.question) if answer.tentative else frozenset()
    return render(
        "answer",
        "quotes",
        label=group.label,
        shown=quotes[:most],
        folded=quotes[most:],
        parts=lambda citation: in_parts(citation.quote, stems),
        turn_name=turn_name,
        t=t,
    )


def _text_piece(piece: Piece, answer: Answer, turn_name: str, t: Translate) -> TextPiece:
    if piece.sentence is None:
        return TextPiece(piece.text)
    mark, reason, css_class = "", "", ""
    if answer.marked and piece.verdict in _MARKS:
        mark_key, because = _MARKS[piece.verdict]
        mark = t(mark_key)
        reason = t(because, reason=t.notice(piece.reason)) if piece.reason else t(piece.verdict)
        css_class = f"f-{piece.verdict}"
    beside = render("answer", "beside", piece=piece, mark=mark, reason=reason, turn_name=turn_name, t=t)
    return TextPiece(piece.text_without_numbers, css_class, reason, beside, exact=piece.quoted is not None)
