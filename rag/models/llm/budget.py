"""How much evidence fits into the window of a model. Pure.

Owns: the estimate of tokens and the budget of a window. Knows nothing about models.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    pass


def estimate_tokens(text: str) -> int:
    """About how many tokens ``text`` has; rather too many, in every script."""
    letters = len(re.findall(r"[A-Za-z ]", text))
    ascii_others = len(re.findall(r"[!-@\[-`{-~\n\t]", text))
    return math.ceil(letters / 3.5 + ascii_others + 1.2 * (len(text) - letters - ascii_others))


def count_fitting(
    pieces: Sequence[str], window: int, max_tokens: int, fixed: Sequence[str], count: Callable[[str], int]
) -> int:
    """How many of the leading ``pieces`` of evidence fit, whole, into a window of ``window`` tokens.

    ``fixed`` is what is always sent (prompt and question); ``max_tokens`` are kept free for the answer. Each text is
    charged a few tokens more, for role marks, numbers and line ends.
    """
    margin = 16
    room = window - max_tokens - sum(count(text) + margin for text in fixed)
    for number, piece in enumerate(pieces):
        room -= count(piece) + margin
        if room < 0:
            return number
    return len(pieces)
