"""Put quotes under the documents that they stand in, and under labels.

Owns: how a longer answer is laid out. Knows nothing about which quotes are chosen.
"""

from __future__ import annotations

from collections.abc import Sequence

from rag.answering.composer import Composer
from rag.notices import Notice
from rag.types import Span


def quote_by_source(composer: Composer, spans: Sequence[Span]) -> None:
    """Append quotes, a line each; where they are of several documents, each under the document's title and path.

    Args:
        composer: The answer so far; it is appended to.
        spans: What is quoted, the spans of a document one after the other.
    """
    several = len({span.source for span in spans}) > 1
    last = ""
    for span in spans:
        if several and span.source != last:
            composer.say(document_label(span.title, span.source), before="\n\n")
        composer.quote(span)
        last = span.source


def document_label(title: str, source: str) -> Notice:
    """Name a document in a line of its own.

    Args:
        title: The title of the document.
        source: Its path in the index.

    Returns:
        The path, with the title before it where that says something else.
    """
    title = " ".join(title.split())
    return Notice("document-label" if title and title != source else "source-label", {"title": title, "source": source})
