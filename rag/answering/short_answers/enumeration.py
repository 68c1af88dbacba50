"""All of an enumeration, not its first item: "apples, pears, plums and quinces". Pure.

Owns: where a list of words ends that a phrase begins. Knows nothing about the question.
"""

from __future__ import annotations

import re

from rag.answering.short_answers.words import AUXILIARIES

_ITEM = r"[^,.;:()—–\n]{1,40}?"
_ENDS = r"(?=\s*(?:[.;:()—–\n]|$)|,?\s(?:at|in|on|for|from|to|by|since|when|which|who|and|but|with|as)\s)"
_REST = re.compile(rf"(?:,\s{_ITEM})*,?\s(?:and|or|und|oder)\s{_ITEM}{_ENDS}")
# Behind one of these a clause begins, no item of a list.
_OPENS_CLAUSE = re.compile(
    r",?\s(?:(?:and|or|und|oder)\s)?(?:he|she|it|they|we|you|i|there|this|that|which|who|where|when|is|are|was|were|has"
    r"|have|had|can|will|may|does|did|also|then)\b",
    re.I,
)


def list_end(text: str, end: int) -> int:
    """Return where the list ends whose first item ends at a comma or before "and".

    Args:
        text: The sentence.
        end: Where its first item ends.

    Returns:
        Where its last item ends; ``end`` where no list goes on there.
    """
    rest = _REST.match(text, end)
    return end if rest is None or _OPENS_CLAUSE.match(text, end) or _clause_inside(rest.group()) else rest.end()


def _clause_inside(rest: str) -> bool:
    if not AUXILIARIES.isdisjoint(rest.lower().replace(",", " ").split()):
        return True
    return any(_OPENS_CLAUSE.match(rest, match.start()) for match in re.finditer(r",?\s(?:and|or|und|oder)\s", rest))
