"""What a source only quotes: words between quotation marks. Pure.

Owns: finding them in a line. Knows nothing about sentences.
"""

from __future__ import annotations

import re
from bisect import bisect_right

# A pair of marks each; one that is not closed ends with the line. An apostrophe inside a word is none.
_QUOTED = re.compile(
    r"“[^“”]*(?:”|$)|„[^„“”]*(?:[“”]|$)|«[^«»]*(?:»|$)|‘[^‘’]*(?:’|$)|「[^「」]*(?:」|$)"
    r"|(?<![\w\"])\"[^\"]*(?:\"|$)"
    r"|(?<!\w)'(?=\w)[^']*(?:'\w[^']*)*(?:'|$)"
    r"|(?<!`)`[^`]+`(?!`)"
)
# The value of a key, as in a table, a form or JSON: its quotation marks are no more than notation.
_KEY = re.compile(r"(?:^|[{,;])\s{0,3}[\"']?([\w -]{1,40})[\"']?\s{0,2}[:=]\s{0,3}$")
_SPOKEN_KEYS = re.compile(
    r"\b(?:say|says|write|answer|reply|respond|response|output|system|prompt|instruction|content|claim|claimed|said|wrote|rumou?r|state|stated|tell|alleged)s?\b",
    re.I,
)
# Shorter quotations are titles and terms.
_LEAST_WORDS = 3


def words_before_quotation(text: str, start: int, end: int) -> str | None:
    """Return what stands before the quotation that ``text[start:end]`` stands in.

    Args:
        text: A line of a source.
        start: Where the words start.
        end: Where they end.

    Returns:
        The text from the start of the line to the quotation mark; None where the words stand in no quotation, in a very
        short one, or in the value of a key.
    """
    quoted = list(_QUOTED.finditer(text))
    nearest = bisect_right([match.start() for match in quoted], start) - 1
    if nearest < 0 or end > quoted[nearest].end():
        return None
    quotation, before = quoted[nearest], text[: quoted[nearest].start()]
    if len(quotation.group().split()) < _LEAST_WORDS:
        return None
    key = _KEY.search(before[-60:])
    return None if key and not _SPOKEN_KEYS.search(key.group(1)) else before
