"""Negation: what one side denies and the other states. Pure.

Owns: ``contradicted_negation``. Which words deny, and what they speak of, stands in ``rag.verify.parse.parsed_text``.
Knows nothing about verdicts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.verify.parse.parsed_text import ParsedText, Qualifier
from rag.verify.rule import Comparison, Values

# Words by which a line may deny a part of what it says without a negation.
_EXCEPTION = re.compile(
    r"\b(?:except\w*|exclu\w+|preclud\w+|exempt\w*|spar(?:ed|es|ing)|apart from|other than|rather than|instead of)\b",
    re.I,
)


def contradicted_negation(comparison: Comparison) -> Values | None:
    """Find something that one side denies and the other states; what a line excepts it denies in part.

    Fires: The shop isn't open. | The shop is open.
    Fires: Staff can work from home. | Staff cannot work from home.
    Fires: The shop is not without heating. | The shop is without heating.
    Silent: It didn't open. | It did not open.
    Silent: The bridge is open. | The bridge is open and was not damaged.
    Silent: The mill was not sold. | All was sold with the exception of the mill.
    """
    claim, lines = comparison.claim, comparison.lines
    denials_of_source = [denial for line in lines for denial in (*line.negations, *line.denials)]
    denied_in_source = {stem for denial in denials_of_source for stem in denial.scope}
    excepts = any(_EXCEPTION.search(line.text) for line in lines)
    for negation in claim.negations:
        denied = negation.scope[:1] if negation.is_adjacent else negation.scope
        is_missing = not denied_in_source or (denied and not denied_in_source.intersection(denied))
        if (is_missing and not excepts) or _is_denied_twice(negation, claim, denials_of_source):
            return {"word": negation.word, "denied_by": "sentence"}
    claim_words = {token.word for token in claim.tokens}
    denied_in_claim = {stem for denial in (*claim.negations, *claim.denials) for stem in denial.scope}
    for denial in denials_of_source:
        is_left_out = denial.word not in claim_words and _speaks_of(denial, claim)
        if is_left_out and denial.scope[0] not in denied_in_claim and not _is_stated_too(denial, lines):
            return {"word": denial.word, "denied_by": "source"}
    return None


def _is_denied_twice(negation: Qualifier, claim: ParsedText, denials_of_source: list[Qualifier]) -> bool:
    """Return whether the sentence denies a word more often than the lines, which deny it, too."""
    in_claim = [stem for other in claim.negations for stem in other.scope]
    in_source = [stem for denial in denials_of_source for stem in denial.scope]
    return any(in_claim.count(stem) > in_source.count(stem) > 0 for stem in negation.scope)


def _is_stated_too(denial: Qualifier, lines: Sequence[ParsedText]) -> bool:
    """Return whether the nearest word that is denied also stands where nothing denies it, more than once in all."""
    stem = denial.scope[0]
    stated = sum(token.stem == stem for line in lines for token in line.tokens)
    return stated > sum(other.scope[:1] == (stem,) for line in lines for other in (*line.negations, *line.denials))


def _speaks_of(denial: Qualifier, claim: ParsedText) -> bool:
    """Return whether the nearest word that is denied stands in the sentence."""
    return bool(denial.scope) and denial.scope[0] in claim.content_stems
