"""Words between quotation marks. Pure.

Owns: whether a quotation stands in a source word by word. Knows nothing about verdicts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.text import normalise
from rag.verify.parsed_text import find_quotations, normalise_spelling

_SHOWN_CHARACTERS = 80


def mismatched_quotation(sentence: str, quotes: Sequence[str]) -> str:
    """Find a quotation that stands in no source word by word; letter case, spaces and punctuation do not count.

    A quotation may run over from one quote into the next.

    Fires: The rule says “no dog can cross”. | The rule says that no dog may cross.
    Silent: The rule says “No dog may cross!” | The rule says that no dog may cross.

    Args:
        sentence: The sentence as written.
        quotes: The words of its sources.

    Returns:
        The reason in words, or "".
    """
    sources = [_letters(quote) for quote in quotes]
    joined = "".join(sources)
    for quotation in find_quotations(normalise_spelling(sentence)):
        if not any(_letters(quotation) in source for source in (*sources, joined)):
            shown = " ".join(quotation.split())[:_SHOWN_CHARACTERS]
            return f"the quoted words “{shown}” do not stand in the source"
    return ""


def _letters(text: str) -> str:
    return "".join(re.findall(r"\w", normalise(normalise_spelling(text))))
