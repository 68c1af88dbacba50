"""The form in which an evaluation compares words: that of the checker of answers. Pure.

Owns: which characters of a text are not seen, and how powers and fractions are written out before NFKC would make 1016
of 10¹⁶ and 21/2 of 2½. Knows nothing about answers, suites or places in a text.
"""

from __future__ import annotations

from rag.verify.parse.digits import write_out

# Soft hyphens, joiners and other characters without width.
UNSEEN = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff")
_NOTHING = dict.fromkeys(map(ord, UNSEEN), "")


def written_out(text: str) -> str:
    """Return a text without unseen characters, powers as "10^16" and fractions as "2 1⁄2"."""
    return text if text.isascii() else write_out(text).translate(_NOTHING)
