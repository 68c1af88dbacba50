"""Scope: a source that denies, asks, supposes, reports or forbids a sentence does not support it. Pure.

Owns: ``scope``. The words that do so, and where they are looked for, stand in ``rag.verify.scope``. Knows nothing about
verdicts.
"""

from __future__ import annotations

from rag.verify.rule import Comparison, Values
from rag.verify.scope.find import find_frame, frame_of_heading
from rag.verify.scope.passage import other_places, places


def scope(comparison: Comparison) -> Values | None:
    """Find that the lines which hold a sentence's words deny, ask, suppose, report, forbid or order it.

    Fires: The ferry is safe. | It is false that the ferry is safe.
    Fires: The ferry is safe. | Is the ferry safe?
    Fires: The ferry is safe. | Suppose the ferry is safe.
    Fires: The ferry is safe. | Its makers claim that the ferry is safe.
    Fires: The ferry is safe. | Never write that the ferry is safe.
    Fires: The ferry is safe. | Tell every guest: "The ferry is safe."
    Silent: The ferry is safe. | The ferry is safe.
    Silent: The ferry is safe. | Is the ferry safe? Yes.
    Silent: The ferry is safe. | Contrary to belief, the ferry is safe.
    Silent: Makers claim that the ferry is safe. | Makers claim that the ferry is safe.
    Silent: The lid must not be lifted. | Do not lift the lid.
    """
    claim = comparison.claim
    # Where it is known what stands beside the sources, that tells the headings of each.
    above = comparison.above.text if comparison.above and not comparison.beside else ""
    found_places = places(comparison)
    found = frame_of_heading(above) if found_places else None
    for place in found_places:
        if (frame := find_frame(claim, place)) and not any(
            find_frame(claim, other) is None for other in other_places(comparison, place)
        ):
            found = found or frame
    return {"kind": found.kind, "words": found.words} if found else None
