"""How exactly an embedding model computes, and how a fingerprint tells it.

Owns: the names of the precisions, and their mark in the fingerprint of an embedding model. Pure. Knows nothing about
models.
"""

from __future__ import annotations

from typing import Literal

Precision = Literal["fp32", "int8"]

FP32: Precision = "fp32"
"""Numbers of 32 bits, as the weights of a model have them."""
INT8: Precision = "int8"
"""Matrix products in whole numbers of eight bits."""

_MARK = f"-{INT8}"


def marked(fingerprint: str, precision: Precision) -> str:
    """Return the fingerprint of weights that compute in a precision.

    Args:
        fingerprint: That of the weights.
        precision: How exactly they compute.

    Returns:
        The fingerprint; one without a mark is of ``FP32``.
    """
    return fingerprint + _MARK if precision == INT8 else fingerprint


def precision_of(fingerprint: str) -> Precision:
    """Return the precision that a fingerprint is marked with."""
    return INT8 if fingerprint.endswith(_MARK) else FP32


def unmarked(fingerprint: str) -> str:
    """Return the fingerprint of the weights alone, which is that of ``FP32``."""
    return fingerprint.removesuffix(_MARK)
