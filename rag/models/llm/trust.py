"""Whether a language model's own wording is trusted.

Owns: the size from which a model is trusted to cite and to abstain. Knows nothing about how a model is opened.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rag.settings import Settings

WEAK_BELOW = 3e9
"""Models with fewer parameters cannot be trusted to cite or to abstain."""


def is_weak(parameters: float | None, settings: Settings) -> bool:
    """Tell whether only the verified words of a model count.

    Args:
        parameters: How many parameters the model has; None, where that is not known, counts as many.
        settings: ``llm_trust`` decides unless it is ``auto``.

    Returns:
        Whether the model is weak.
    """
    if settings.llm_trust != "auto":
        return settings.llm_trust == "weak"
    return parameters is not None and parameters < WEAK_BELOW
