"""A conversation as Markdown.

Owns: which parts a document has. What stands in them is written by ``ui.views.export.markdown_blocks``, so that nothing
in an answer or a document becomes a link, a picture, HTML or a template.
"""

from __future__ import annotations

from collections.abc import Sequence

from rag.store.catalog import Conversation, StoredTurn
from rag.types import Answer
from ui.i18n import Translate
from ui.views.cited_table import CitedTable, cited_table
from ui.views.export.beside import about, asides, footer, nearest
from ui.views.export.blocks import blocks_of
from ui.views.export.markdown_blocks import block_lines, in_one_line, quote_lines, row_line
from ui.views.export.page import text_html
from ui.views.pieces import asked_only
from ui.views.templates import source_and_page

_md = in_one_line


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
        lines += [f"## {_md(' '.join(turn.question.split()))}", ""]
        lines += [_md(kept_to), ""] if (kept_to := t.notice(asked_only(answer))) else []
        lines += _short_lines(answer)
        lines += block_lines(blocks_of(text_html(answer, t)))
        for heading, items in asides(answer, t):
            lines += [f"{_md(heading)}", "", *(f"* {_md(item)}" for item in items), ""]
        for citation in answer.citations:
            lines += [f"\\[{citation.number}\\] **{_md(source_and_page(citation, t))}**", ""]
            lines += [_md(citation.header), ""] if citation.header else []
            table = cited_table(citation)
            lines += _table_lines(table) if table else quote_lines(citation.quote)
        for passage in nearest(answer):
            lines += [f"{_md(t('export nearest'))} **{_md(source_and_page(passage, t))}**", ""]
            lines += quote_lines(passage.text)
        lines += [_md(footer(turn, t)), ""]
    return "\n".join([*lines, "***", "", _md(t("export legend")), ""])


def _short_lines(answer: Answer) -> list[str]:
    """Return the short answer as a paragraph of its own."""
    return [f"**{_md(answer.short_answer)}**", ""] if answer.short_answer else []


def _table_lines(table: CitedTable) -> list[str]:
    """Return cited rows as a table; the cell that answers is bold. A table of Markdown has a line of names always."""
    width = len(table.rows[0])
    names = [_md(name) for name in table.names] or [""] * width
    rows = [[f"**{_md(cell.text)}**" if cell.is_answer else _md(cell.text) for cell in row] for row in table.rows]
    return [row_line(cells) for cells in (names, ["---"] * width, *rows)] + [""]
