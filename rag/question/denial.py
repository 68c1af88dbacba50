"""Whether a text denies something: "not", "never", "without". Pure.

Owns: the words that deny, English and German. Knows nothing about what is denied.
"""

from __future__ import annotations

import re

_DENIAL = re.compile(
    # "No. 5" is a number.
    r"\b(?:not|no(?!\.\s*\d)|never|none|nothing|nobody|nowhere|neither|nor|without|except|cannot"
    r"|nicht|nichts|nie|niemals|niemand|nirgends|weder|ohne|außer|kein(?:e[mnrs]?)?)\b|n['’]t\b",
    re.I,
)


def denies(text: str) -> bool:
    """Tell whether a text holds a word that denies."""
    return bool(_DENIAL.search(text))
