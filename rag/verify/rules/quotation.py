"""Words between quotation marks. Pure.

Owns: whether a quotation stands in a source word by word. Knows nothing about verdicts.
"""

from __future__ import annotations

import re

from rag.text import normalise
from rag.verify.parsed_text import find_quotations, normalise_spelling
from rag.verify.rule import Comparison, Values

_SHOWN_CHARACTERS = 80


def quotation_absent(comparison: Comparison) -> Values | None:
    """Find a quotation that stands in no source word by word; letter case, spaces and punctuation do not count.

    A quotation may run over from one quote into the next.

    Fires: The rule says “no dog can cross”. | The rule says that no dog may cross.
    Silent: The rule says “No dog may cross!” | The rule says that no dog may cross.
    """
    quotations = find_quotations(normalise_spelling(comparison.sentence))
    sources = [_letters(quote) for quote in comparison.quotes] if quotations else []
    joined = "".join(sources)
    for quotation in quotations:
        if not any(_letters(quotation) in source for source in (*sources, joined)):
            shown = " ".join(quotation.split())[:_SHOWN_CHARACTERS]
            return {"quotation": shown}
    return None


def _letters(text: str) -> str:
    return "".join(re.findall(r"\w", normalise(normalise_spelling(text))))
