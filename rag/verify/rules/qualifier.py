"""Modality ("must", "may", "probably") and quantity ("all", "some", "only") of what is said. Pure.

Owns: ``contrary_modal`` and ``contrary_quantifier``, ``different_modal`` and ``different_quantifier``. The words and
their classes stand in ``rag.verify.parse.lexicon``. Knows nothing about verdicts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rag.verify.copies.align import is_nearly_copied
from rag.verify.parse.parsed_text import ParsedText, Qualifier, stem_of
from rag.verify.rule import Comparison, Values

# Stems of words of which "can" says the same.
_ABLE = frozenset(map(stem_of, "able ability".split()))
QualifiersOf = Callable[[ParsedText], Sequence[Qualifier]]


def contrary_modal(comparison: Comparison) -> Values | None:
    """Find a modal in the place of one of another class, in lines that have nearly the same words.

    Fires: Guests must pay. | Guests may pay.
    Silent: Guests shall pay. | Guests must pay.
    Silent: The drug causes headaches. | The drug may cause headaches.
    """
    return _contrary(comparison, lambda parsed: parsed.modals)


def contrary_quantifier(comparison: Comparison) -> Values | None:
    """Find a quantifier in the place of one of another class, in lines that have nearly the same words.

    Fires: All ferries sail at night. | Some ferries sail at night.
    Silent: Every ferry sails at night. | All ferries sail at night.
    """
    return _contrary(comparison, lambda parsed: parsed.quantifiers)


def different_modal(comparison: Comparison) -> Values | None:
    """Find a modal that only the sentence has; one that it leaves out is found in ``rag.verify.copies.near_copy``.

    Fires: The drug may cause headaches. | The drug causes headaches.
    Silent: The drug might cause headaches. | The drug may cause headaches.
    Silent: The crane can lift a car. | The crane is able to lift a car.
    """
    return _different(comparison, lambda parsed: parsed.modals)


def different_quantifier(comparison: Comparison) -> Values | None:
    """Find a quantifier that only the sentence has; one that it leaves out is found in ``rag.verify.copies.near_copy``.

    Fires: All employees smoke. | Employees smoke.
    Silent: Employees smoke. | All employees smoke.
    """
    return _different(comparison, lambda parsed: parsed.quantifiers)


def _contrary(comparison: Comparison, qualifiers_of: QualifiersOf) -> Values | None:
    """Find a qualifier whose class only the sentence has, where the lines say another of the same words."""
    claim, lines = comparison.claim, comparison.lines
    of_claim, of_source = _both_sides(comparison, qualifiers_of)
    claim_kinds = {qualifier.kind for qualifier in of_claim}
    source_kinds = {qualifier.kind for qualifier in of_source}
    for qualifier in of_claim:
        if qualifier.kind in source_kinds:
            continue
        for other in of_source:
            speaks_of_the_same = set(other.scope) & set(qualifier.scope)
            is_copied = is_nearly_copied(claim, lines, comparison.nearly_copied)
            if other.kind not in claim_kinds and speaks_of_the_same and is_copied:
                return {"word": qualifier.word, "instead": other.word}
    return None


def _different(comparison: Comparison, qualifiers_of: QualifiersOf) -> Values | None:
    """Find a qualifier whose class only the sentence has."""
    of_claim, of_source = _both_sides(comparison, qualifiers_of)
    source_kinds = {qualifier.kind for qualifier in of_source}
    is_able = any(_ABLE.intersection(line.stems) for line in comparison.lines)
    for qualifier in of_claim:
        if qualifier.kind not in source_kinds and not (is_able and qualifier.word in ("can", "could")):
            return {"word": qualifier.word, "said_by": "sentence"}
    return None


def _both_sides(comparison: Comparison, qualifiers_of: QualifiersOf) -> tuple[Sequence[Qualifier], list[Qualifier]]:
    return qualifiers_of(comparison.claim), [
        qualifier for line in comparison.lines for qualifier in qualifiers_of(line)
    ]
