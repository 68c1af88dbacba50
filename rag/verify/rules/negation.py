"""Negation: what one side denies and the other states. Pure.

Owns: ``contradicted_negation``, ``doubtful_negation`` and ``double_negation``. Which words deny, and what they speak
of, stands in ``rag.verify.parsed_text``. Knows nothing about verdicts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from rag.verify.align import is_nearly_copied
from rag.verify.parsed_text import ParsedText, Qualifier
from rag.verify.rule import Comparison, Values


def contradicted_negation(comparison: Comparison) -> Values | None:
    """Find something that one side surely denies and the other states.

    Fires: The shop isn't open. | The shop is open.
    Fires: Staff can work from home. | Staff cannot work from home.
    Silent: It didn't open. | It did not open.
    Silent: The bridge is open. | The bridge is open and was not damaged.
    """
    return next((values for values, is_certain in _mismatches(comparison) if is_certain), None)


def doubtful_negation(comparison: Comparison) -> Values | None:
    """Find something that one side perhaps denies and the other states.

    Fires: The ferry sails at night. | The ferry does not sail on Sunday and sails at night.
    Silent: It didn't open. | It did not open.
    """
    return next((values for values, is_certain in _mismatches(comparison) if not is_certain), None)


def double_negation(comparison: Comparison) -> Values | None:
    """Find a word that the sentence denies more often than the lines, which deny it, too.

    Fires: The shop is not without heating. | The shop is without heating.
    Silent: The shop is without heating. | The shop is without heating.
    """
    claim, lines = comparison.claim, comparison.lines
    in_claim = Counter(stem for negation in claim.negations for stem in negation.scope)
    in_source = Counter(stem for line in lines for negation in line.negations for stem in negation.scope)
    for negation in claim.negations:
        if any(in_claim[stem] > in_source[stem] > 0 for stem in negation.scope):
            return {"word": negation.word}
    return None


def _mismatches(comparison: Comparison) -> Iterator[tuple[Values, bool]]:
    """Yield which side denies what the other does not, with which word, and whether that is certain.

    A negation of the sentence is certain where a line has nearly the same words, and no other one is looked for then.
    One of the source is certain where that holds of the only line, and where the negation stands right before a word
    that the line has once.
    """
    claim, lines = comparison.claim, comparison.lines
    denied_in_claim = {stem for denial in (*claim.negations, *claim.denials) for stem in denial.scope}
    denied_in_source = {stem for line in lines for denial in (*line.negations, *line.denials) for stem in denial.scope}
    is_copied = is_nearly_copied(claim, lines, comparison.nearly_copied)
    for negation in claim.negations:
        denied = negation.scope[:1] if negation.is_adjacent else negation.scope
        if not denied_in_source or (denied and not denied_in_source.intersection(denied)):
            yield {"word": negation.word, "denied_by": "sentence"}, is_copied
            return
    claim_words = {token.word for token in claim.tokens}
    for line in lines:
        for denial in (*line.negations, *line.denials):
            if denial.word in claim_words or not _speaks_of(denial, claim) or denial.scope[0] in denied_in_claim:
                continue
            is_single = sum(token.stem == denial.scope[0] for token in line.tokens) == 1
            is_certain = is_copied and denial.is_adjacent and len(lines) == 1 and is_single
            yield {"word": denial.word, "denied_by": "source"}, is_certain


def _speaks_of(denial: Qualifier, claim: ParsedText) -> bool:
    """Return whether the nearest word that is denied stands in the sentence."""
    return bool(denial.scope) and denial.scope[0] in claim.content_stems
