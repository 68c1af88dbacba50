"""What every export says beside questions and answers, in words.

Owns: the symbols of verdicts, what stands beside an answer, and the line below it. Knows nothing about how a format
writes them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rag.answering.notices import not_mentioned
from rag.store.catalog import Conversation, StoredTurn
from rag.types import Answer, Passage
from ui.i18n import Translate
from ui.views.pieces import NEAREST_PASSAGES, Omission, Piece, notices_beside, omissions_of, pieces_of
from ui.views.templates import source_and_page

_SYMBOL_OF_VERDICT = {"verified": "✓", "partly": "◐", "unsupported": "○", "contradicted": "✗", "not a claim": ""}


def about(conversation: Conversation, t: Translate) -> str:
    """Return when a conversation was begun and last changed."""
    return t("export about", created=t.day(conversation.created), changed=t.day(conversation.changed))


def footer(turn: StoredTurn, t: Translate) -> str:
    """Return when a question was asked, of what, and what its reader thought of the answer."""
    answer = turn.answer
    index = answer.index.get("name", "")
    asked = t("export asked", day=t.day(turn.created), time=turn.created[11:16])
    model = t("export quotes") if answer.model == "none" else answer.model
    parts = [asked, t("export index", name=index) if index else "", model]
    if turn.feedback:
        rated = t("rated up" if turn.feedback.thumb == "up" else "rated down")
        parts.append(f"{rated}: {turn.feedback.note}" if turn.feedback.note else rated)
    return "; ".join(part for part in parts if part) + "."


def nearest(answer: Answer) -> Sequence[Passage]:
    """Return the passages that are shown in place of an answer."""
    return answer.passages[:NEAREST_PASSAGES] if answer.abstained else ()


def asides(answer: Answer, t: Translate) -> Iterator[tuple[str, list[str]]]:
    """Yield what stands beside an answer: a heading and its points."""
    if missing := not_mentioned(answer):
        yield t("export missing"), missing
    if answer.conflicts:
        points = [
            (t.notice(conflict.about), ", ".join(f"[{number}]" for number in conflict.citations))
            for conflict in answer.conflicts
        ]
        yield t("export conflicts"), [f"{about} ({numbers})" for about, numbers in points]
    if reasons := [_with_reason(piece, t) for piece in pieces_of(answer) if piece.reason and answer.marked]:
        yield t("export reasons"), reasons
    for group in omissions_of(answer):
        yield _left_out_heading(group, t), [_left_out_point(omission, t) for omission in group]
    if notices := notices_beside(answer):
        yield t("export note"), [" ".join(t.notice(notice) for notice in notices)]


def _with_reason(piece: Piece, t: Translate) -> str:
    """Return the symbol of a sentence, the sentence and the reason for its verdict."""
    symbol = _SYMBOL_OF_VERDICT.get(piece.verdict, "")
    return f"{symbol} {piece.text} ({t.notice(piece.reason)})".strip()


def _left_out_heading(group: Sequence[Omission], t: Translate) -> str:
    one, several = ("export left out one", "export left out")
    if group[0].claim.verdict == "contradicted":
        one, several = ("export contradicted one", "export contradicted")
    return t(one) if len(group) == 1 else t(several, count=len(group))


def _left_out_point(omission: Omission, t: Translate) -> str:
    """Return a claim that is left out, why, and the words of the source that say otherwise."""
    symbol = _SYMBOL_OF_VERDICT.get(omission.claim.verdict, "")
    reason = f" ({t.notice(omission.reason)})" if omission.reason else ""
    says = omission.says
    quoted = f" – {t('quoted', words=says.quote)} ({source_and_page(says, t)})" if says else ""
    return f"{symbol} {omission.claim.text}{reason}{quoted}".strip()


def symbols(answer: Answer) -> dict[str, str]:
    """Return the symbol of each verdict; none where verdicts are not marked."""
    return _SYMBOL_OF_VERDICT if answer.marked else {}
