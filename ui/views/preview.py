"""A source of an answer in a few words, as it is shown beside its number.

Owns: how much stands around the cited words. Knows nothing about indexes or answers: it is given
the text of the document.
"""

from __future__ import annotations

import re

from markupsafe import Markup

from rag.text import shorten
from rag.types import Citation, Passage, Span
from ui.i18n import Translate
from ui.views.answer_sources import title_and_file
from ui.views.cited_table import cited_table_html
from ui.views.templates import render

# Characters before and behind the cited words, and of words that are long themselves.
_AROUND, _LONGEST = 140, 420
_PARAGRAPH = re.compile(r"\n\s*\n|\n(?=\s*(?:[-*+#|]|\d+[.)]))")
_SENTENCE_BEGIN = re.compile(r"[.!?]\s+")


def preview_html(item: Citation | Passage | Span, text: str, heading: str, t: Translate) -> Markup:
    """Return a source in a few words: its document, its place, and the cited words in what stands around them.

    Args:
        item: What is cited, or a passage.
        text: The text of the version of the document; "" where it is not stored any more.
        heading: The heading above it; "" where there is none.
        t: Gives the texts of the page in the reader's language.

    Returns:
        The HTML.
    """
    title, file = (item.title or item.source, item.source) if isinstance(item, Span) else title_and_file(item)
    words = item.text if isinstance(item, Passage) else item.quote
    before, behind = _around(text, item.start, item.end) if not isinstance(item, Passage) else ("", "")
    return render(
        "answer_sources",
        "preview",
        title=title,
        place=[
            *([t("page", page=item.page)] if item.page else []),
            *filter(None, (heading if heading != title else "", file)),
        ],
        table=cited_table_html(item) if isinstance(item, Citation) else None,
        before=before,
        words=shorten(words, _LONGEST),
        behind=behind if len(words) <= _LONGEST else "",
        is_cited=not isinstance(item, Passage),
    )


def _around(text: str, start: int, end: int) -> tuple[str, str]:
    """Return what stands before and behind a place, in its paragraph, each on one line."""
    before, behind = text[max(0, start - _AROUND) : start], text[end : end + _AROUND]
    paragraph = [match.end() for match in _PARAGRAPH.finditer(before)]
    is_begin = bool(paragraph) or start <= _AROUND
    before = before[paragraph[-1] :] if paragraph else before
    if not is_begin:
        sentence = _SENTENCE_BEGIN.search(before)
        before = before[sentence.end() :] if sentence else "…" + before.partition(" ")[2]
    if match := _PARAGRAPH.search(behind):
        behind = behind[: match.start()]
    elif end + _AROUND < len(text):
        behind = behind.rpartition(" ")[0] + "…"
    return _line(before), _line(behind)


def _line(words: str) -> str:
    """Return words on one line, a space at an end where there is white space."""
    line = " ".join(words.split())
    return f"{' ' * words[:1].isspace()}{line}{' ' * words[-1:].isspace()}" if line else ""
