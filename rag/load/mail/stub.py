"""Tell whether a plain text says what the HTML beside it says, or only that there is HTML. Pure."""

from __future__ import annotations

import re
from collections import Counter

# A letter of a script without spaces counts as a word.
_WORD = re.compile(r"[^\W\d_\u0e00-\U0003ffff]+|\d+|[^\W_]")
# A plain text with fewer of the words of the page is a stub.
_LEAST = 0.5


def is_stub(plain: str, page: str) -> bool:
    """Tell whether a plain text lacks most of what a page says.

    Args:
        plain: The plain text of a message.
        page: The visible text of its HTML.

    Returns:
        Whether the page is to be read instead.
    """
    words = Counter(_WORD.findall(page.lower()))
    there = words & Counter(_WORD.findall(plain.lower()))
    return there.total() < _LEAST * words.total()
