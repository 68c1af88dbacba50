"""A conversation as Markdown.

Owns: that a viewer shows every word as it is: nothing in an answer or a document becomes a link, a picture, HTML or a
template in it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.store.catalog import Conversation, StoredTurn
from rag.text import printable
from rag.types import Answer
from ui.i18n import Translate
from ui.views.cited_table import CitedTable, cited_table
from ui.views.export.beside import about, asides, footer, nearest, symbols
from ui.views.pieces import pieces_of
from ui.views.templates import source_and_page


def to_markdown(conversation: Conversation, turns: Sequence[StoredTurn], t: Translate) -> str:
    """Return the conversation as CommonMark.

    Args:
        conversation: Its title and dates.
        turns: Its questions and answers, in order.
        t: Gives the texts beside them in the reader's language.

    Returns:
        The document.
    """
    lines = [f"# {_md(conversation.title)}", "", _md(about(conversation, t)), ""]
    for turn in turns:
        answer = turn.answer
        lines += [f"## {_md(' '.join(turn.question.split()))}", "", *_short_lines(answer)]
        lines += [*_md_lines(_text_with_symbols(answer)), ""]
        for heading, items in asides(answer, t):
            lines += [f"{_md(heading)}", "", *(f"* {_md(item)}" for item in items), ""]
        for citation in answer.citations:
            lines += [f"\\[{citation.number}\\] **{_md(source_and_page(citation, t))}**", ""]
            lines += [_md(citation.header), ""] if citation.header else []
            table = cited_table(citation)
            lines += _md_table(table) if table else _md_quote(citation.quote)
        for passage in nearest(answer):
            lines += [f"{_md(t('export nearest'))} **{_md(source_and_page(passage, t))}**", ""]
            lines += _md_quote(passage.text)
        lines += [_md(footer(turn, t)), ""]
    return "\n".join([*lines, "***", "", _md(t("export legend")), ""])


def _short_lines(answer: Answer) -> list[str]:
    """Return the short answer as a paragraph of its own."""
    return [f"**{_md(answer.short_answer)}**", ""] if answer.short_answer else []


def _text_with_symbols(answer: Answer) -> str:
    """Return the text of an answer with the symbol of its verdict behind each sentence."""
    marked = ((piece.text, symbols(answer).get(piece.verdict)) for piece in pieces_of(answer))
    return "".join(f"{text} {symbol}" if symbol else text for text, symbol in marked)


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
