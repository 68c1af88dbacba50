"""Call functions of PDFium many times in a row, from C and without a conversion a call.

Owns: the bindings for it, and the memory that the results are written to. A call costs about as much as the work behind
it, and its conversions cost half of that: pointers are therefore converted once. The memory is used again by the next
calls, so PDFium's lock must be held. Knows nothing about what the functions do.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import numpy as np
import pypdfium2.raw as pdfium

# Calls are made so many at a time, and each is given at most so many values.
_ROWS, _MOST_VALUES = 4096, 6
# The size of C's int and float.
_VALUE_BYTES = 4

_memory = np.zeros(_ROWS * _MOST_VALUES, np.int32)

# Makes an address ready to be passed to C.
pointer = ctypes.c_void_p.from_param


def bound(name: str, result: Any, *arguments: Any) -> Callable[..., Any]:
    """Bind a function of PDFium so that it may be called from C, as ``map`` does.

    Args:
        name: Its name.
        result: The C type of what it returns; addresses are plain numbers.
        arguments: The C types of what it takes. Without them it takes numbers that fit C's int and what ``pointer``
            returns, nothing else: a plain number in place of a pointer is cut to 32 bits.

    Returns:
        The function.
    """
    address = ctypes.cast(getattr(pdfium, name), ctypes.c_void_p).value
    assert address is not None
    return ctypes.PYFUNCTYPE(result, *arguments)(address)


def call_each(
    function: Callable[..., int], arguments: Sequence[Sequence[Any]], kind: Any, width: int, are_apart: bool = False
) -> tuple[Any, Any]:
    """Call a function that writes some numbers to where it is told, once for each row of arguments.

    Args:
        function: The function, bound without types. It takes a row of arguments, and then where its numbers go.
        arguments: Its first arguments, the second …: a sequence each, all equally long.
        kind: The type of the numbers, as numpy names it: one of four bytes.
        width: How many numbers a call writes, at most six.
        are_apart: Whether it is told where each of them goes, and not just where the first does.

    Returns:
        What each call returned, as an array of integers, and what it wrote, as an array of rows of ``width`` numbers;
        0 for what it did not write.
    """
    count = len(arguments[0])
    returned, written = np.empty(count, np.int32), np.empty((count, width), kind)
    for start in range(0, count, _ROWS):
        rows = slice(start, min(count, start + _ROWS))
        size = rows.stop - start
        _memory[: size * width] = 0
        calls = map(function, *(each[rows] for each in arguments), *_places(width, are_apart))
        returned[rows] = np.fromiter(calls, np.int32, size)
        written[rows] = _memory[: size * width].view(kind).reshape(size, width)
    return returned, written


@cache
def _places(width: int, are_apart: bool) -> list[list[Any]]:
    """Return pointers to where the first number of each row goes, and those to the second … where they are apart."""
    start = _memory.ctypes.data
    return [
        [pointer(start + _VALUE_BYTES * (width * row + place)) for row in range(_ROWS)]
        for place in range(width if are_apart else 1)
    ]
