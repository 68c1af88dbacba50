"""Parts that several patterns share.

Owns: the notation of patterns: a regular expression in which ``<name>`` is a part of this module and a space is a
space.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from rag.patterns import lazy_pattern
from rag.question.vocabulary import AMOUNT, AUXILIARY, FILES, IMPERATIVE, NUMBER, QUESTION_WORD, TEXT, TEXTS

_FRAGMENTS = {
    "files": FILES,
    "texts": TEXTS,
    "text": TEXT,
    "number": f"(?:{NUMBER})",
    "amount": AMOUNT,
    "question_word": f"(?:{QUESTION_WORD})",
    "auxiliary": f"(?:{AUXILIARY})",
    "imperative": f"(?:{IMPERATIVE})",
    # What a pattern ends with: the question is over.
    "end": r"[\s?.!]*$",
    # The documents in an index, or all that is in it.
    "all_files": (
        r"(?:(?:all (?:of )?)?(?:the|these|those|this|that|my|our|your|die|der|den|diese[nrs]?|meine[nr]?|alle[nr]?"
        r"|all)"
        rf"? ?(?:\w+ed )?(?:{FILES}|collection|index|corpus|library|knowledge base|contents?|sammlung|bibliothek))"
    ),
    "everything": (
        r"(?:(?:all|everything|it|this|that|these|those|them|the whole|alles|das|dies|hier|here"
        r"|all of (?:it|this|them))\b)"
    ),
    "which": r"(?:which|what|welche[mnrs]?|was für)",
    "how_many": r"(?:how many|wie viele)",
    "what_is": r"(?:what(?: (?:is|are|was|were)|[’']s|[’']re)|was (?:ist|sind|waren)|welches? (?:sind|ist))",
    "give": (
        r"(?:(?:give|write|provide|make|create|produce|draft|show|prepare|state|list|tell|name|need|want|i need|i want"
        r"|gib|geben sie|schreib(?:e|en sie)?|erstelle?|erstellen sie|nenne?|nennen sie)(?: (?:me|us|mir|uns))?)"
    ),
    "can_you_german": r"(?:(?:kannst|könntest|können|könnten|würdest|würden) (?:du|sie)(?: mir| uns| bitte)*)",
    "the": r"(?:the |an? |some |your |its |my |our |die |der |das |den |dem |eine[nr]? |ein )?",
}
_NAME = re.compile(r"(?<!\?P)<([a-z_]+)>")


def compiled(*patterns: str, parts: Mapping[str, str] | None = None) -> tuple[re.Pattern[str], ...]:
    """Compile patterns.

    Args:
        patterns: Regular expressions; ``<name>`` stands for a part.
        parts: Parts of these patterns alone, beside those of this module.

    Returns:
        The patterns, which do not tell capitals from small letters.
    """
    known = {**_FRAGMENTS, **(parts or {})}

    def filled(pattern: str) -> str:
        return _NAME.sub(lambda match: filled(known[match.group(1)]), pattern)

    return tuple(lazy_pattern(filled(pattern), re.I) for pattern in patterns)
