"""The words on computed answers, in English and German. Pure."""

from __future__ import annotations

from rag.notices import Wording

WORDINGS: dict[str, Wording] = {
    "operand-absent": (
        "a figure that it is computed from does not stand in the source",
        "eine Zahl, aus der sie berechnet ist, steht nicht in der Quelle",
    ),
}
