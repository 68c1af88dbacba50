"""Is a sentence a near-copy of its sources: their words, in their order? Pure.

Owns: what makes a sentence differ from the lines that hold its words. What these lines deny, ask or suppose is told in
``rules.scope``. Knows nothing about verdicts.
"""

from __future__ import annotations

from rag.notices import Notice
from rag.verify.align import Alignment
from rag.verify.rule import Comparison

# Cap on the absent words that a reason names.
_MAX_ABSENT_SHOWN = 5


def difference_from_copy(comparison: Comparison, aligned: Alignment) -> Notice | None:
    """Find what keeps a sentence from being a near-copy of the lines it rests on.

    Args:
        comparison: The sentence and these lines.
        aligned: Which of its words stand in them.

    Returns:
        The reason; None where it is a near-copy.
    """
    if aligned.absent:
        words = list(dict.fromkeys(token.word for token in aligned.absent[:_MAX_ABSENT_SHOWN]))
        return Notice("words-absent", {"words": words})
    if aligned.isolated:
        return Notice("word-elsewhere", {"word": aligned.isolated[0].word})
    return None
