"""Scope: a source that denies, asks, supposes, reports or forbids a sentence does not support it. Pure.

Owns: ``scope``. Knows nothing about verdicts.
"""

from __future__ import annotations

import re

from rag.verify.rule import Comparison, Values

_DENIED = re.compile(r"\bit is (?:false|untrue|not true|wrong) that\b", re.I)


def scope(comparison: Comparison) -> Values | None:
    """Find that the lines which hold a sentence's words deny, ask, suppose, report or forbid it.

    Fires: The pump is banned in Norway. | It is false that the pump is banned in Norway.
    Silent: The pump is banned in Norway. | The pump is banned in Norway.
    """
    for line in comparison.lines[:1]:
        if found := _DENIED.search(line.text):
            return {"kind": "denied", "words": found.group()}
    return None
