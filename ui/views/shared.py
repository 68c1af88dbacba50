"""A shared conversation as a page of its own, to be read only.

Owns: what that page says: the questions, the answers with their verdicts, and the words that they cite. It says nothing
that is not part of these: no other version, no rating, no passage that was only looked at, and no more of a document
than what is quoted. A number opens its words where it stands, without a script.
"""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from rag.answering.notices import not_mentioned
from rag.store.catalog import Conversation, StoredTurn
from rag.types import Answer, Citation
from ui.i18n import Translate
from ui.views.answer_text import TextPiece, answer_text_html
from ui.views.cited_table import cited_table_html
from ui.views.pieces import Piece, asked_only, notices_beside, pieces_of
from ui.views.templates import render, render_page


def shared_page(conversation: Conversation, turns: Sequence[StoredTurn], shared: str, t: Translate) -> str:
    """Return the page.

    Args:
        conversation: The head of the conversation.
        turns: The turns that were shared, in order.
        shared: When that was: UTC, ISO 8601.
        t: Gives the texts of the page in the reader's language.

    Returns:
        A whole page of HTML.
    """
    # The first question is often the title, which stands above it.
    asked = [turn.question for turn in turns]
    if asked and asked[0] == conversation.title:
        asked[0] = ""
    shown = [_turn_html(turn, question, t) for turn, question in zip(turns, asked, strict=True)]
    as_of = t("share as of", day=t.day(shared), time=shared[11:16])
    return render_page(
        "shared",
        language=t.language,
        title=conversation.title,
        heading=conversation.title,
        as_of=as_of,
        turns=shown,
        t=t,
    )


def _turn_html(turn: StoredTurn, question: str, t: Translate) -> Markup:
    answer = turn.answer
    cited = list({citation.number: citation for citation in answer.citations}.values())
    return render(
        "shared_turn",
        "turn",
        question=question,
        kept_to=t.notice(asked_only(answer)),
        answer=answer,
        html=_text_html(answer, t),
        citations=[(citation, cited_table_html(citation)) for citation in cited],
        missing=not_mentioned(answer) if answer.abstained else [],
        notices=notices_beside(answer),
        t=t,
    )


def _text_html(answer: Answer, t: Translate) -> Markup:
    return answer_text_html([_text_piece(piece, answer, t) for piece in pieces_of(answer)])


def _text_piece(piece: Piece, answer: Answer, t: Translate) -> TextPiece:
    if piece.sentence is None:
        return TextPiece(piece.text)
    marked = piece.verdict if answer.marked and piece.verdict in ("partly", "unsupported", "contradicted") else ""
    beside = render("shared_turn", "beside", piece=piece, marked=marked, tables=_tables(piece.citations), t=t)
    return TextPiece(
        piece.text_without_numbers, f"f-{marked}" if marked else "", "", beside, exact=piece.quoted is not None
    )


def _tables(citations: Sequence[Citation]) -> dict[int, Markup | None]:
    return {citation.number: cited_table_html(citation) for citation in citations}
