"""A conversation as one HTML file that loads nothing and runs nothing.

Owns: that file, from which the Word document and the PDF are made. What an answer's Markdown looks like is decided by
``ui.views.answer_text``.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from importlib.resources import files

from markupsafe import Markup

from rag.store.catalog import Conversation, StoredTurn
from rag.types import Answer
from ui.i18n import Translate
from ui.views.answer_text import TextPiece, answer_text_html
from ui.views.cited_table import cited_table_html
from ui.views.export.beside import about, asides, footer, nearest, symbols
from ui.views.pieces import Piece, asked_only, pieces_of
from ui.views.templates import render

_STYLE = (files("ui") / "templates" / "export.css").read_text("utf-8")


def to_html(conversation: Conversation, turns: Sequence[StoredTurn], t: Translate) -> str:
    """Return the conversation as one HTML file that loads nothing and runs nothing.

    Args:
        conversation: Its title and dates.
        turns: Its questions and answers, in order.
        t: Gives the texts beside them in the reader's language.

    Returns:
        The document.
    """
    style_hash = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
    title = conversation.title
    head = render("export", "head", title=title, style=_STYLE, style_hash=style_hash, t=t)
    return "\n".join([head, body_html(conversation, turns, t), render("export", "end"), ""])


def body_html(conversation: Conversation, turns: Sequence[StoredTurn], t: Translate) -> Markup:
    """Return what the file says, without its head and its style.

    Args:
        conversation: Its title and dates.
        turns: Its questions and answers, in order.
        t: Gives the texts beside them in the reader's language.

    Returns:
        The HTML of a ``main`` element's content.
    """
    parts = [render("export", "top", title=conversation.title, about=about(conversation, t))]
    for turn in turns:
        parts.append(
            render(
                "export",
                "turn",
                question=turn.question,
                kept_to=t.notice(asked_only(turn.answer)),
                short=turn.answer.short_answer,
                text=text_html(turn.answer, t),
                asides=asides(turn.answer, t),
                citations=turn.answer.citations,
                tables={citation.number: cited_table_html(citation) for citation in turn.answer.citations},
                nearest=nearest(turn.answer),
                footer=footer(turn, t),
                t=t,
            )
        )
    return Markup("\n").join([*parts, render("export", "legend", legend=t("export legend"))])


def text_html(answer: Answer, t: Translate) -> Markup:
    """Return the text of an answer with the symbol of its verdict behind each sentence.

    Args:
        answer: The answer.
        t: Gives the verdicts in the reader's language.
    """
    return answer_text_html([_text_piece(piece, symbols(answer), t) for piece in pieces_of(answer)])


def _text_piece(piece: Piece, symbols: dict[str, str], t: Translate) -> TextPiece:
    exact = piece.quoted is not None
    if not piece.verdict or not symbols:
        return TextPiece(piece.text, exact=exact)
    symbol = symbols.get(piece.verdict, "")
    verdict = t(piece.verdict)
    title = f"{verdict}: {t.notice(piece.reason)}" if piece.reason else verdict
    beside = render("export", "symbol", symbol=symbol, title=title) if symbol else Markup()
    return TextPiece(piece.text, piece.verdict.replace(" ", "-"), "", beside, exact=exact)
