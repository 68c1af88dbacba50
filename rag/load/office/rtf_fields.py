"""Say what a field of RTF shows where its result does not: a sign, a ticked box, a chosen entry.

Owns: the instructions of such fields. Knows nothing about where they stand. Pure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from rag.load.office.symbols import sign

_SYMBOL = re.compile(r'\s{0,20}SYMBOL\s{1,20}(\d{1,6})(?:.{0,80}?\\f\s{1,20}"?([^"\\]{1,60}))?', re.DOTALL)
# The state of a form field that was never touched.
_UNTOUCHED = 25


@dataclass(slots=True)
class Field:
    """A field that is being read.

    Attributes:
        instruction: What it shall show, in pieces.
        numbers: The state of a form field, and its state before it was touched.
        entries: Between what one could choose.
        is_shown: Whether it was shown, so that its result is passed over.
    """

    instruction: list[str] = field(default_factory=list)
    numbers: dict[str, int] = field(default_factory=dict)
    entries: list[str] = field(default_factory=list)
    is_shown: bool = False

    def shown(self) -> str | None:
        """Return what it shows; None where that is its result."""
        instruction = "".join(self.instruction)
        state = self.numbers.get("ffres", _UNTOUCHED)
        state = self.numbers.get("ffdefres", 0) if state == _UNTOUCHED else state
        if match := _SYMBOL.match(instruction):
            return sign((match[2] or "Symbol").strip(), int(match[1]))
        if "FORMCHECKBOX" in instruction:
            return "☒" if state else "☐"
        if "FORMDROPDOWN" in instruction:
            return self.entries[state] if 0 <= state < len(self.entries) else ""
        return None
