"""Whether a language model's own wording is trusted. Pure.

Owns: the size from which a model is trusted to cite and to abstain. Knows nothing about how a model is opened.
"""

from __future__ import annotations

WEAK_BELOW = 3e9
"""Models with fewer parameters cannot be trusted to cite or to abstain."""


def has_few_parameters(parameters: float | None) -> bool:
    """Tell whether a model is too small for its own wording to be trusted; one of unknown size (None) is not."""
    return parameters is not None and parameters < WEAK_BELOW
