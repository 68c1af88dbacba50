"""A conversation as a document of its own.

Owns: the Markdown and the HTML of a conversation: questions, answers with a symbol for each verdict, the reasons of
verdicts, what is left out with the words that say otherwise, numbered citations with source, page and exact quote.
Everything is escaped: nothing in an answer or a document becomes a link, a picture,
HTML or a template in a viewer.
"""

from __future__ import annotations

import base64
import hashlib
import re
import unicodedata
from collections.abc import Iterator, Sequence
from importlib.resources import files

from rag.answering.notices import not_mentioned
from rag.store.catalog import Conversation, StoredTurn
from rag.text import printable
from rag.types import Answer, Passage
from ui.i18n import Translate
from ui.views.cited_table import CitedTable, cited_table, cited_table_html
from ui.views.pieces import NEAREST_PASSAGES, Omission, Piece, notices_beside, omissions_of, pieces_of
from ui.views.templates import render, source_and_page

_SYMBOL_OF_VERDICT = {"verified": "✓", "partly": "◐", "unsupported": "○", "contradicted": "✗", "not a claim": ""}
_LONGEST_NAME = 60
_STYLE = (files("ui") / "templates" / "export.css").read_text("utf-8")


def to_markdown(conversation: Conversation, turns: Sequence[StoredTurn], t: Translate) -> str:
    """Return the conversation as CommonMark.

    Args:
        conversation: Its title and dates.
        turns: Its questions and answers, in order.
        t: Gives the texts beside them in the reader's language.

    Returns:
        The document.
    """
    lines = [f"# {_md(conversation.title)}", "", _md(_about(conversation, t)), ""]
    for turn in turns:
        answer = turn.answer
        lines += [f"## {_md(' '.join(turn.question.split()))}", "", *_short_lines(answer)]
        lines += [*_md_lines(_text_with_symbols(answer)), ""]
        for heading, items in _asides(answer, t):
            lines += [f"{_md(heading)}", "", *(f"* {_md(item)}" for item in items), ""]
        for citation in answer.citations:
            lines += [f"\\[{citation.number}\\] **{_md(source_and_page(citation, t))}**", ""]
            lines += [_md(citation.header), ""] if citation.header else []
            table = cited_table(citation)
            lines += _md_table(table) if table else _md_quote(citation.quote)
        for passage in _nearest(answer):
            lines += [f"{_md(t('export nearest'))} **{_md(source_and_page(passage, t))}**", ""]
            lines += _md_quote(passage.text)
        lines += [_md(_footer(turn, t)), ""]
    return "\n".join([*lines, "***", "", _md(t("export legend")), ""])


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
    title, about = conversation.title, _about(conversation, t)
    parts = [render("export", "head", title=title, about=about, style=_STYLE, style_hash=style_hash, t=t)]
    for turn in turns:
        parts.append(
            render(
                "export",
                "turn",
                question=turn.question,
                short=turn.answer.short_answer,
                pieces=pieces_of(turn.answer),
                symbols=_symbols(turn.answer),
                asides=_asides(turn.answer, t),
                citations=turn.answer.citations,
                tables={citation.number: cited_table_html(citation) for citation in turn.answer.citations},
                nearest=_nearest(turn.answer),
                footer=_footer(turn, t),
                t=t,
            )
        )
    return "\n".join([*parts, render("export", "end", legend=t("export legend")), ""])


def file_name(conversation: Conversation, ending: str) -> str:
    """Return a harmless ASCII file name for a download: ``footnote-the-toll-of-the-bridge.md``."""
    plain = unicodedata.normalize("NFKD", conversation.title).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain)[:_LONGEST_NAME].strip("-")
    return f"footnote-{words or 'conversation'}.{ending}"


# -- what both say -----------------------------------------------------------------------------------------------------


def _about(conversation: Conversation, t: Translate) -> str:
    return t("export about", created=t.day(conversation.created), changed=t.day(conversation.changed))


def _footer(turn: StoredTurn, t: Translate) -> str:
    answer = turn.answer
    index = answer.index.get("name", "")
    asked = t("export asked", day=t.day(turn.created), time=turn.created[11:16])
    model = t("export quotes") if answer.model == "none" else answer.model
    parts = [asked, t("export index", name=index) if index else "", model]
    if turn.feedback:
        rated = t("rated up" if turn.feedback.thumb == "up" else "rated down")
        parts.append(f"{rated}: {turn.feedback.note}" if turn.feedback.note else rated)
    return "; ".join(part for part in parts if part) + "."


def _nearest(answer: Answer) -> Sequence[Passage]:
    """Return the passages that are shown in place of an answer."""
    return answer.passages[:NEAREST_PASSAGES] if answer.abstained else ()


def _asides(answer: Answer, t: Translate) -> Iterator[tuple[str, list[str]]]:
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


def _symbols(answer: Answer) -> dict[str, str]:
    """Return the symbol of each verdict; none where verdicts are not marked."""
    return _SYMBOL_OF_VERDICT if answer.marked else {}


def _short_lines(answer: Answer) -> list[str]:
    """Return the short answer as a paragraph of its own."""
    return [f"**{_md(answer.short_answer)}**", ""] if answer.short_answer else []


def _text_with_symbols(answer: Answer) -> str:
    """Return the text of an answer with the symbol of its verdict behind each sentence."""
    symbols = ((piece.text, _symbols(answer).get(piece.verdict)) for piece in pieces_of(answer))
    return "".join(f"{text} {symbol}" if symbol else text for text, symbol in symbols)


# -- Markdown ----------------------------------------------------------------------------------------------------------

# CommonMark lets every one of these stand for itself behind a backslash.
_SIGN = re.compile(r"[\\`*_{}\[\]<>#|~&$!^=@%]")
# What begins a list or a rule, only at the start of a line.
_OPENING = re.compile(r"^(\s*)([-+:]|\d{1,9}(?=[.)]))")
# What viewers make links of, though nobody marked them.
_LINK = re.compile(r"(?<=[a-z])(?=://)|(?<=www)(?=\.)|(?<=mailto)(?=:)|(?<=xmpp)(?=:)", re.I)


def _md_quote(text: str) -> list[str]:
    return [f"> {line}".rstrip() for line in _md_lines(text)] + [""]


def _md_table(table: CitedTable) -> list[str]:
    """Return cited rows as a table; the cell that answers is bold. A table of Markdown has a line of names always."""
    width = len(table.rows[0])
    names = [_md(name) for name in table.names] or [""] * width
    rows = [[f"**{_md(cell.text)}**" if cell.is_answer else _md(cell.text) for cell in row] for row in table.rows]
    return [f"| {' | '.join(cells)} |" for cells in (names, ["---"] * width, *rows)] + [""]


def _md(text: str) -> str:
    """Return one line of text that a Markdown viewer shows as it is."""
    return _md_line(" ".join(printable(text).splitlines()))


def _md_lines(text: str) -> list[str]:
    """Return lines of text that a Markdown viewer shows as they are, line for line."""
    lines = [_md_line(line) for line in printable(text).split("\n")]
    return [f"{line}\\" if line and after else line for line, after in zip(lines, [*lines[1:], ""], strict=True)]


def _md_line(line: str) -> str:
    """Return a line with a backslash before every sign of Markdown; until the end a null byte stands for some."""
    opening = _OPENING.match(line)
    if opening:
        indent, sign = opening.groups()
        rest = line[opening.end() :]
        # The number of a list's item stays, the dot behind it is what makes it one.
        line = f"{indent}\0{sign}{rest}" if sign in "-+:" else f"{indent}{sign}\0{rest}"
    line = _SIGN.sub(lambda match: f"\\{match[0]}", line)
    line = _LINK.sub("\0", line).replace("\0", "\\")
    indent = line[: len(line) - len(line.lstrip())]
    # White space at the start of a line would make a block of code of it.
    return "&#32;" * len(indent) + line[len(indent) :]
