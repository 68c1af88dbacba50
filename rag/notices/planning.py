"""The words on what is done about a question, in English and German. Pure."""

from __future__ import annotations

from rag.notices import Wording

WORDINGS: dict[str, Wording] = {
    "spelling-corrected": ("Read as: {to} (for {from})", "Gelesen als: {to} (statt {from})"),
}
