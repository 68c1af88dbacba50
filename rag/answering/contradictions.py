"""What a source says in place of a claim that it contradicts, and where. Pure.

Owns: reading the place out of the reason for a contradiction. Knows nothing about verdicts or how an answer is shown.
"""

from __future__ import annotations

from rag.notices import Notice
from rag.types import Answer, LeftOut, Passage, Sentence, Span

# The code of a reason that tells no more than the words of the source.
_WORDS_ALONE = "contradicted-by-source"


def contradicting_span(answer: Answer, judged: LeftOut | Sentence) -> Span | None:
    """Return the words of a source that say otherwise than a contradicted claim.

    Args:
        answer: The answer of the claim; its passages tell the version of the source where the reason does not.
        judged: The claim.

    Returns:
        The words with their place, their ``source_id`` empty where the version is not known; None where the claim is
        not contradicted, or its reason names no place.
    """
    if judged.verdict != "contradicted" or judged.reason is None:
        return None
    values = judged.reason.values
    source, start, end, quote = (values.get(name) for name in ("source", "start", "end", "quote"))
    # A reason may come from another package, or from another version that stored it.
    if not (isinstance(source, str) and isinstance(quote, str) and isinstance(start, int) and isinstance(end, int)):
        return None
    if not quote or end - start != len(quote):
        return None
    page, source_id = values.get("page"), values.get("source_id")
    holder = next((passage for passage in answer.passages if _holds(passage, source, start, quote)), None)
    return Span(
        source,
        source_id if isinstance(source_id, str) else holder.source_id if holder else "",
        holder.title if holder else "",
        start,
        end,
        quote,
        page if isinstance(page, int) else None,
    )


def reason_beside_quote(judged: LeftOut | Sentence) -> Notice | None:
    """Return the reason of a claim where it tells more than the words of the source, which stand beside it."""
    return None if judged.reason and judged.reason.code == _WORDS_ALONE else judged.reason


def _holds(passage: Passage, source: str, start: int, quote: str) -> bool:
    """Tell whether a passage has exactly these words at that place."""
    return passage.source == source and start >= passage.start and passage.text.startswith(quote, start - passage.start)
