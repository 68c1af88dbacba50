"""The words on summaries, overviews, lists and comparisons, in English and German. Pure."""

from __future__ import annotations

from rag.notices import Wording

WORDINGS: dict[str, Wording] = {}
