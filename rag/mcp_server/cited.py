"""Citations, notices and reasons as results have them.

Owns: their fields, and that words of a document which read like an order are told. Knows nothing about tools.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rag.mcp_server.results import AgainstResult, CitationResult, NoticeResult, SentenceResult
from rag.notices import Notice
from rag.types import Citation, Sentence


def citation_results(citations: Sequence[Citation]) -> list[CitationResult]:
    """Return citations as results have them."""
    from rag.injection.detector import find_injections

    return [
        CitationResult(
            number=citation.number,
            source=citation.source,
            title=citation.title,
            page=citation.page,
            start=citation.start,
            end=citation.end,
            quote=citation.quote,
            order=find_injections(citation.quote),
        )
        for citation in citations
    ]


def notice_results(notices: Iterable[Notice], language: str = "en") -> list[NoticeResult]:
    """Return notices as results have them.

    Args:
        notices: The notices.
        language: The language of their words.

    Returns:
        Their codes and words.
    """
    return [NoticeResult(code=notice.code, text=notice.text(language)) for notice in notices]


def reason_of(notice: Notice | None, language: str = "en") -> str | None:
    """Return the words of a reason.

    Args:
        notice: The reason; None for none.
        language: The language of its words.

    Returns:
        The words; None for none.
    """
    return notice.text(language) if notice else None


def against_of(reason: Notice | None) -> AgainstResult | None:
    """Return the words of a source by which a claim is contradicted; None where the reason holds none."""
    values = reason.values if reason else {}
    if not all(isinstance(values.get(name), str) for name in ("source", "quote")):
        return None
    if not all(isinstance(values.get(name), int) for name in ("start", "end")):
        return None
    return AgainstResult(source=values["source"], start=values["start"], end=values["end"], quote=values["quote"])


def sentence_result(sentence: Sentence, text: str, language: str = "en") -> SentenceResult:
    """Return a checked sentence as results have it.

    Args:
        sentence: The sentence.
        text: Its words as they were written.
        language: The language of the reason's words.

    Returns:
        Its fields.
    """
    return SentenceResult(
        text=text,
        start=sentence.start,
        end=sentence.end,
        verdict=sentence.verdict,
        citations=list(sentence.citations),
        reason=reason_of(sentence.reason, language),
        against=against_of(sentence.reason),
    )
