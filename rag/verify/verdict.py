"""Does a sentence stand in its sources? Pure.

Owns: the verdict on one sentence, given the exact words it is checked against. Knows nothing about retrieval, models
or how an answer is shown.

    check(sentence, quotes)     the verdict and the reason in words
    support(sentence, quotes)   how much of the sentence stands in the sources, 0…1
    read, quantities, dates     what a sentence says, in parts that can be compared

Quotes, numbers with their units, dates, names, negation, direction, obligation and quantity are compared by rule: a
mismatch is never *verified*, whatever the other words say. *Verified* asks that every word that carries content stands
in the lines of the source that the sentence is aligned with; what is left over makes it *partly*.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from rag.text import sentences
from rag.types import Verdict
from rag.verify.align import align
from rag.verify.compare import (
    absent_names,
    absent_numbers,
    is_role_swapped,
    mismatched_date,
    mismatched_name,
    mismatched_number,
    mismatched_quote,
    mismatched_wording,
    unsupported_detail,
)
from rag.verify.reading import ParsedText, content_stems, is_light, parse_text

__all__ = ["Check", "Entailment", "check_sentence", "content_stems", "is_claim", "normalised_numbers", "support"]

# Below this share of its content words in the source a sentence has other words, not just more of them.
PARTLY_SHARE = 0.5

_GREETING = re.compile(
    r"^\W*(?:hello|hi|hey|dear|greetings|good (?:morning|afternoon|evening|day)|welcome|thanks?|thank you"
    r"|you're welcome"
    r"|sure|certainly|absolutely|great question|good question|i hope|hope this|let me know|feel free|please let me"
    r"|(?:i'm|i am) (?:happy|glad|sorry|afraid)|sorry|if you (?:have|need|want)|is there anything|happy to)\b",
    re.I,
)
# Talk about the documents that states nothing about what they are about.
_ABOUT_DOCUMENTS = re.compile(
    r"\b(?:documents?|sources?|text|context|evidence|passages?|excerpts?|information|answer|handbook|article)\b", re.I
)
_META = frozenset(
    """document documents source sources text context evidence passage passages excerpt excerpts information answer
    answers question follow following below above summary here according based provide provided given say says state
    states tell tells show shows find found detail details point points contain contains mention mentions mentioned
    describe describes specify specifies specified relevant quote quotes cite cited hold holds article handbook
    """.split()
)


# From these on an opinion counts: a source that says it in other words, one that a checker finds to support all of it,
# and one that the checker finds not to.
_SIMILAR, _ENTAILED, _REFUTED = 0.8, 0.8, 0.2


class Entailment(Protocol):
    """What a model says of a sentence and its source; it is asked only where the rules leave the verdict open."""

    def similarity(self, sentence: str, source: str) -> float:
        """Their similarity, -1…1."""
        ...

    def entails(self, sentence: str, source: str) -> float | None:
        """How sure it is, 0…1, that the source supports the sentence; None when there is no such model."""
        ...


@dataclass(frozen=True, slots=True)
class Check:
    """A verdict and, where it is not *verified*, why in words."""

    verdict: Verdict
    reason: str = ""


def check_sentence(
    sentence: str, quotes: Sequence[str], context: str = "", opinion: Entailment | None = None, columns: str = ""
) -> Check:
    """The verdict on ``sentence`` against the words of its sources.

    ``context`` are words that stand above the sources, such as their titles: they may name what a source calls "it",
    and support nothing else. ``columns`` are the names of the columns where the sources are rows of tables: a number or
    date that only they hold makes a sentence *partly* supported, since which column it goes with is not told.
    ``opinion`` decides where no rule is broken: a paraphrase that it finds supported is not held to its words, and a
    sentence that it finds unsupported is at most *partly*.
    """
    claim = parse_text(sentence)
    if not is_claim(claim):
        return Check("not a claim")
    lines = [parse_text(line) for quote in quotes for line in split(quote)]
    above = parse_text(f"{context} {columns}".strip())
    named = [*lines, parse_text(columns)] if columns else lines
    for mismatch in (
        mismatched_quote(sentence, quotes),
        mismatched_number(claim, named),
        mismatched_date(claim, named),
        mismatched_name(claim, lines, above),
    ):
        if mismatch:
            return Check("unsupported", mismatch)
    aligned = align(claim, lines, above)
    few_words = aligned.share < PARTLY_SHARE
    wording = "" if few_words else mismatched_wording(claim, aligned)
    if wording:
        return Check("unsupported", wording)
    source = "\n".join(quotes)
    sure = opinion.entails(sentence, source) if opinion and lines else None
    if few_words:
        similar = opinion is not None and bool(lines) and opinion.similarity(sentence, source) >= _SIMILAR
        if similar or (sure is not None and sure >= _ENTAILED):
            return Check("partly", "the source says it in other words")
        return Check("unsupported", "its words do not stand in the source")
    if columns and (mismatched_number(claim, lines) or mismatched_date(claim, lines)):
        return Check("partly", "part of it stands in the names of the columns")
    reason = unsupported_detail(claim, aligned)
    if sure is not None and sure < _REFUTED:
        return Check("partly", reason or "the checking model does not find it in the source")
    if reason and not (
        aligned.absent and sure is not None and sure >= _ENTAILED and not is_role_swapped(claim, aligned)
    ):
        return Check("partly", reason)
    return Check("verified")


def support(sentence: str, quotes: Sequence[str], context: str = "") -> float:
    """How much of a sentence stands in the sources, 0…1: the share of its content stems, less what is not there.

    Each number that the sources lack costs 0.15, each name 0.1 (three of a kind at most), a date 0.2; light words count
    half, and names 0.7 since their absence costs extra. Chosen on WiCE (`tests/benchmarks/support.py`), where the share
    of stems alone tells supported claims from others with an AUROC of 0.79, and this score with 0.85.
    """
    claim = parse_text(sentence)
    lines = [parse_text(line) for quote in quotes for line in split(quote)]
    above = parse_text(context)
    named = {name.lower() for name in claim.names}
    weights = {t.stem: 0.5 if is_light(t) else 0.7 if t.word in named else 1.0 for t in claim.tokens if t.content}
    held = frozenset().union(above.stems, *(line.stems for line in lines))
    share = sum(weights[stem] for stem in weights if stem in held) / sum(weights.values()) if weights else 1.0
    cost = 0.15 * min(3, len(absent_numbers(claim, lines))) + 0.1 * min(3, len(absent_names(claim, lines, above)))
    return max(0.0, share - cost - 0.2 * bool(mismatched_date(claim, lines)))


def is_claim(claim: ParsedText | str) -> bool:
    """Whether a sentence states anything that a source could support."""
    if isinstance(claim, str):
        claim = parse_text(claim)
    text = claim.text.strip()
    if not any(token.content for token in claim.tokens) and not claim.quantities and not claim.dates:
        return False
    if text.endswith("?"):
        return False
    content = [token.word for token in claim.tokens if token.content]
    if claim.quantities or claim.dates or claim.names:
        return True
    if _GREETING.match(text) and len(content) <= 8:
        return False
    if _ABOUT_DOCUMENTS.search(text):
        return not all(word in _META for word in content)
    return not (text.endswith(":") and all(word in _META for word in content))


def normalised_numbers(text: str) -> list[str]:
    """The numbers of a text in one spelling, in order."""
    reading = parse_text(text)
    return [f"{q.values[0]:g} {q.unit}".strip() for q in reading.quantities]


@lru_cache(maxsize=2048)
def split(quote: str) -> tuple[str, ...]:
    """The sentences or lines of a source; a row of a table, "name: Ada; days: 25", is one."""
    return tuple(
        part
        for line in quote.splitlines()
        for start, end in sentences(line)
        for part in _clauses(line[start:end])
        if part.strip()
    )


def _clauses(sentence: str) -> list[str]:
    clauses = sentence.split("; ")
    return [sentence] if all(": " in clause for clause in clauses) else clauses
