"""How much evidence and how many thoughts fit into the context window of a model. Pure.

Owns: the estimate of tokens and the budget of a window. Knows nothing about models.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence

_MARGIN_TOKENS = 16
"""Charged for each text besides its own tokens: role marks, numbers and line ends."""
REASONING_TOKENS = 4096
"""Added to the answer's limit for a model that thinks: services count its thoughts against it."""

_LEAST_ANSWER = 400
"""An answer may have so many tokens even where they are more than its share of the window."""


def longest_answer(window: int, max_tokens: int) -> int:
    """Return how many tokens an answer may have, so that a small window keeps room for evidence.

    Args:
        window: Tokens of the context window.
        max_tokens: The setting's.

    Returns:
        The setting's, or a quarter of the window, if that is less, but not below 400.
    """
    return min(max_tokens, max(_LEAST_ANSWER, window // 4))


def estimate_tokens(text: str) -> int:
    """Return about how many tokens ``text`` has; rather too many than too few, in every script."""
    letters = len(re.findall(r"[A-Za-z ]", text))
    ascii_others = len(re.findall(r"[!-@\[-`{-~\n\t]", text))
    return math.ceil(letters / 3.5 + ascii_others + 1.2 * (len(text) - letters - ascii_others))


def count_fitting(
    pieces: Sequence[str], window: int, max_tokens: int, fixed: Sequence[str], count: Callable[[str], int]
) -> int:
    """Return how many of the leading pieces of evidence fit, whole, into a context window.

    Args:
        pieces: The pieces of evidence, most important first.
        window: Tokens of the context window.
        max_tokens: Tokens kept free for the answer.
        fixed: The texts that are always sent: prompt and question.
        count: Counts the tokens of a text.

    Returns:
        A number from 0 to ``len(pieces)``.
    """
    room = window - max_tokens - sum(count(text) + _MARGIN_TOKENS for text in fixed)
    for number, piece in enumerate(pieces):
        room -= count(piece) + _MARGIN_TOKENS
        if room < 0:
            return number
    return len(pieces)


def room_for_thoughts(window: int, sent: int, max_tokens: int) -> int:
    """Return how many tokens a model may spend on thoughts besides its answer.

    Args:
        window: Tokens of the context window.
        sent: Tokens of the prompt.
        max_tokens: Tokens kept free for the answer.

    Returns:
        At most ``REASONING_TOKENS``, and what the window has left.
    """
    return max(0, min(REASONING_TOKENS, window - sent - max_tokens - _MARGIN_TOKENS))
