"""Modality ("must", "may", "probably") and quantity ("all", "some", "only") of what is said. Pure.

Owns: ``contrary_modal`` and ``contrary_quantifier``, ``different_modal`` and ``different_quantifier``. The words and
their classes stand in ``rag.verify.lexicon``. Knows nothing about verdicts.
"""

from __future__ import annotations

from collections.abc import Sequence

from rag.verify.align import is_nearly_copied
from rag.verify.parsed_text import ParsedText, Qualifier


def contrary_modal(claim: ParsedText, lines: Sequence[ParsedText]) -> str:
    """Find a modal in the place of one of another class, in lines that have nearly the same words.

    Fires: Guests must pay. | Guests may pay.
    Silent: Guests shall pay. | Guests must pay.
    Silent: The drug causes headaches. | The drug may cause headaches.

    Args:
        claim: The sentence.
        lines: The lines it rests on.

    Returns:
        The reason in words, or "".
    """
    return _contrary(claim, claim.modals, lines, [modal for line in lines for modal in line.modals])


def contrary_quantifier(claim: ParsedText, lines: Sequence[ParsedText]) -> str:
    """Find a quantifier in the place of one of another class, in lines that have nearly the same words.

    Fires: All ferries sail at night. | Some ferries sail at night.
    Silent: Every ferry sails at night. | All ferries sail at night.

    Args:
        claim: The sentence.
        lines: The lines it rests on.

    Returns:
        The reason in words, or "".
    """
    return _contrary(claim, claim.quantifiers, lines, [quantifier for line in lines for quantifier in line.quantifiers])


def different_modal(claim: ParsedText, lines: Sequence[ParsedText]) -> str:
    """Find a modal that only one side has.

    Fires: The drug causes headaches. | The drug may cause headaches.
    Fires: The drug may cause headaches. | The drug causes headaches.
    Silent: The drug might cause headaches. | The drug may cause headaches.

    Args:
        claim: The sentence.
        lines: The lines it rests on.

    Returns:
        The reason in words, or "".
    """
    return _different(claim, claim.modals, [modal for line in lines for modal in line.modals])


def different_quantifier(claim: ParsedText, lines: Sequence[ParsedText]) -> str:
    """Find a quantifier that only one side has; "all" may be left out.

    Fires: Employees smoke. | Some employees smoke.
    Fires: All employees smoke. | Employees smoke.
    Silent: Employees smoke. | All employees smoke.

    Args:
        claim: The sentence.
        lines: The lines it rests on.

    Returns:
        The reason in words, or "".
    """
    return _different(claim, claim.quantifiers, [quantifier for line in lines for quantifier in line.quantifiers])


def _contrary(
    claim: ParsedText,
    claim_qualifiers: Sequence[Qualifier],
    lines: Sequence[ParsedText],
    source_qualifiers: Sequence[Qualifier],
) -> str:
    """Find a qualifier whose class only the sentence has, where the lines say another of the same words."""
    claim_kinds = {qualifier.kind for qualifier in claim_qualifiers}
    source_kinds = {qualifier.kind for qualifier in source_qualifiers}
    for qualifier in claim_qualifiers:
        if qualifier.kind in source_kinds:
            continue
        for other in source_qualifiers:
            speaks_of_the_same = set(other.scope) & set(qualifier.scope)
            if other.kind not in claim_kinds and speaks_of_the_same and is_nearly_copied(claim, lines):
                return f"the sentence says {qualifier.word!r} where the source says {other.word!r}"
    return ""


def _different(claim: ParsedText, claim_qualifiers: Sequence[Qualifier], source_qualifiers: Sequence[Qualifier]) -> str:
    """Find a qualifier whose class only one side has; one of the source counts if it is next to a claim's word."""
    claim_kinds = {qualifier.kind for qualifier in claim_qualifiers}
    source_kinds = {qualifier.kind for qualifier in source_qualifiers}
    for qualifier in claim_qualifiers:
        if qualifier.kind not in source_kinds:
            return f"the source does not say {qualifier.word!r}"
    for other in source_qualifiers:
        if other.kind not in claim_kinds and other.kind != "all" and set(other.scope[:1]) & claim.content_stems:
            return f"the source says {other.word!r}, the sentence does not"
    return ""
