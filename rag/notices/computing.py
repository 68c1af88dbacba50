"""The words on computed answers, in English and German. Pure."""

from __future__ import annotations

from rag.notices import Wording

WORDINGS: dict[str, Wording] = {}
