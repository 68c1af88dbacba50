"""Write the numbers of lists: 4, iv, IV, d, D.

Owns: the ways of writing a number. Knows nothing about formats. Pure.
"""

from __future__ import annotations

from typing import Literal

Style = Literal["decimal", "lower-roman", "upper-roman", "lower-letter", "upper-letter"]

_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
          (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
# Above these a number is written in digits: letters would grow with it.
_MOST_ROMAN, _MOST_LETTERS = 4999, 780


def written(number: int, style: Style) -> str:
    """Return a number as a list writes it.

    Args:
        number: The number.
        style: How it is written. As in Word, z is followed by aa, then bb.

    Returns:
        "4", "iv", "IV", "d" or "D"; digits where the style has no such number.
    """
    if style.endswith("roman") and 0 < number <= _MOST_ROMAN:
        text = _roman(number)
    elif style.endswith("letter") and 0 < number <= _MOST_LETTERS:
        text = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
    else:
        return str(number)
    return text.upper() if style.startswith("upper") else text


def _roman(number: int) -> str:
    parts = []
    for value, letters in _ROMAN:
        parts.append(letters * (number // value))
        number %= value
    return "".join(parts)
