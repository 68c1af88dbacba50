"""Does a sentence stand in its sources? Pure.

Owns: the verdict on one sentence, given the exact words it is checked against. Knows nothing about retrieval, models
or how an answer is shown.

    check_sentence(sentence, quotes)   the verdict and the reason in words
    support_score(sentence, quotes)    how much of the sentence stands in the sources, 0…1
    is_claim(parsed)                   whether there is anything to check
    normalised_numbers(text)           the numbers of a text in one spelling

A sentence is checked in this order:

1. *not a claim*: it states nothing that a source could support.
2. *unsupported*: a quotation, number, date or name does not stand in the sources (``compare.find_mismatch``).
3. The sentence is aligned with the at most three lines that hold most of it (``align``).
4. *unsupported*: these lines say the contrary (``compare.find_contradiction``), or hold less than half of its words.
5. *partly*: some of its words are absent, or the source may mean something else (``compare.find_unsupported_detail``).
6. *verified*: every content word stands in these lines, and no rule objects.

A model (``Entailment``) is asked only where no rule is broken.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from rag.notices.answers import is_own_sentence
from rag.text import sentences
from rag.types import Verdict
from rag.verify.align import align
from rag.verify.compare import find_contradiction, find_doubt, find_mismatch, find_unsupported_detail, needs_columns
from rag.verify.parsed_text import ParsedText, content_stems, is_light, parse_text
from rag.verify.rules.date import mismatched_date
from rag.verify.rules.name import absent_names
from rag.verify.rules.number import absent_numbers

__all__ = ["Check", "Entailment", "check_sentence", "content_stems", "is_claim", "normalised_numbers", "support_score"]

# Below this share of its content in the aligned lines, a sentence has other words, not just more of them.
_MIN_SHARE = 0.5
# From this similarity on, the source says it in other words.
_SIMILAR = 0.8
# From this confidence on, a model finds that the source supports all of it; below the second, that it does not.
_ENTAILED, _REFUTED = 0.8, 0.2
# A greeting with more content words than this also says something else.
_MAX_GREETING_WORDS = 8

_GREETING = re.compile(
    r"^\W*(?:hello|hi|hey|dear|greetings|good (?:morning|afternoon|evening|day)|welcome|thanks?|thank you"
    r"|you're welcome"
    r"|sure|certainly|absolutely|great question|good question|i hope|hope this|let me know|feel free|please let me"
    r"|(?:i'm|i am) (?:happy|glad|sorry|afraid)|sorry|if you (?:have|need|want)|is there anything|happy to)\b",
    re.I,
)
# The sentence is about the documents.
_ABOUT_DOCUMENTS = re.compile(
    r"\b(?:documents?|sources?|text|context|evidence|passages?|excerpts?|information|answer|handbook|article)\b", re.I
)
# A sentence of these words alone says nothing of what the documents are about.
_DOCUMENT_WORDS = frozenset(
    """document documents source sources text context evidence passage passages excerpt excerpts information answer
    answers question follow following below above summary here according based provide provided given say says state
    states tell tells show shows find found detail details point points contain contains mention mentions mentioned
    describe describes specify specifies specified relevant quote quotes cite cited hold holds article handbook
    """.split()
)


class Entailment(Protocol):
    """What a model says of a sentence and its source; it is asked only where the rules leave the verdict open."""

    def similarity(self, sentence: str, source: str) -> float:
        """Compare the meanings of two texts.

        Args:
            sentence: The sentence.
            source: The words of its sources.

        Returns:
            Their similarity, -1…1.
        """
        ...

    def entails(self, sentence: str, source: str) -> float | None:
        """Estimate whether a source supports a sentence.

        Args:
            sentence: The sentence.
            source: The words of its sources.

        Returns:
            The confidence, 0…1, that it does; None when there is no such model.
        """
        ...


@dataclass(frozen=True, slots=True)
class Check:
    """A verdict and, where it is *partly* or *unsupported*, the reason in words."""

    verdict: Verdict
    reason: str = ""


def check_sentence(
    sentence: str, quotes: Sequence[str], context: str = "", entailment: Entailment | None = None, columns: str = ""
) -> Check:
    """Give the verdict on a sentence against the words of its sources.

    Args:
        sentence: The sentence, without marks.
        quotes: The words of its sources.
        context: Words that stand above the sources, such as their titles. They may name what a source calls "it", and
            support nothing else.
        entailment: A model that decides where no rule is broken. A paraphrase that it finds supported is not held to
            its words, and a sentence that it finds unsupported is at most *partly*.
        columns: The names of the columns where the sources are rows of tables. A number or date that only they hold
            makes a sentence *partly* supported, since which column it goes with is not told.

    Returns:
        The verdict and the reason.
    """
    claim = parse_text(sentence)
    if not is_claim(claim):
        return Check("not a claim")
    lines = [parse_text(line) for quote in quotes for line in source_lines(quote)]
    above = parse_text(f"{context} {columns}".strip())
    mismatch = find_mismatch(sentence, quotes, claim, lines, [parse_text(columns)] if columns else [], above)
    if mismatch:
        return Check("unsupported", mismatch)
    aligned = align(claim, lines, above)
    has_other_words = aligned.share < _MIN_SHARE
    contradiction = "" if has_other_words else find_contradiction(claim, aligned)
    if contradiction:
        return Check("unsupported", contradiction)
    source = "\n".join(quotes)
    confidence = entailment.entails(sentence, source) if entailment and lines else None
    is_entailed = confidence is not None and confidence >= _ENTAILED
    if has_other_words:
        is_similar = entailment is not None and bool(lines) and entailment.similarity(sentence, source) >= _SIMILAR
        if is_similar or is_entailed:
            return Check("partly", "the source says it in other words")
        return Check("unsupported", "its words do not stand in the source")
    if columns and needs_columns(claim, lines):
        return Check("partly", "part of it stands in the names of the columns")
    detail = find_unsupported_detail(claim, aligned)
    if confidence is not None and confidence < _REFUTED:
        return Check("partly", detail or "the checking model does not find it in the source")
    # A model may vouch for absent words, and for nothing that is in doubt.
    is_paraphrase = is_entailed and bool(aligned.absent) and not find_doubt(claim, aligned)
    return Check("partly", detail) if detail and not is_paraphrase else Check("verified")


def support_score(sentence: str, quotes: Sequence[str], context: str = "") -> float:
    """Score how much of a sentence stands in its sources: the share of its content stems, less what is not there.

    Each number that the sources lack costs 0.15, each name 0.1 (three of a kind at most), a date 0.2; light words count
    half, and names 0.7 since their absence costs extra. Chosen on WiCE (`tests/benchmarks/support.py`), where the share
    of stems alone tells supported claims from others with an AUROC of 0.79, and this score with 0.85.

    Args:
        sentence: The sentence, without marks.
        quotes: The words of its sources.
        context: Words that stand above the sources, such as their titles.

    Returns:
        The score, 0…1.
    """
    claim = parse_text(sentence)
    lines = [parse_text(line) for quote in quotes for line in source_lines(quote)]
    above = parse_text(context)
    names = {name.lower() for name in claim.names}
    weights = {
        token.stem: 0.5 if is_light(token) else 0.7 if token.word in names else 1.0
        for token in claim.tokens
        if token.is_content
    }
    source_stems = frozenset().union(above.stems, *(line.stems for line in lines))
    present = sum(weight for stem, weight in weights.items() if stem in source_stems)
    share = present / sum(weights.values()) if weights else 1.0
    cost = 0.15 * min(3, len(absent_numbers(claim, lines))) + 0.1 * min(3, len(absent_names(claim, lines, above)))
    return max(0.0, share - cost - 0.2 * bool(mismatched_date(claim, lines)))


def is_claim(claim: ParsedText) -> bool:
    """Return whether a sentence states anything that a source could support.

    A question, a greeting ("I hope this helps.") and talk about the documents ("Here is what they say:") do not; with
    a number, a date or a name in it, any other sentence does.
    """
    text = claim.text.strip()
    if is_own_sentence(text):
        return False
    content = [token.word for token in claim.tokens if token.is_content]
    if not content and not claim.quantities and not claim.dates:
        return False
    if text.endswith("?"):
        return False
    if claim.quantities or claim.dates or claim.names:
        return True
    if _GREETING.match(text) and len(content) <= _MAX_GREETING_WORDS:
        return False
    is_about_documents = _ABOUT_DOCUMENTS.search(text) or text.endswith(":")
    return not (is_about_documents and all(word in _DOCUMENT_WORDS for word in content))


def normalised_numbers(text: str) -> list[str]:
    """Return the numbers of a text in one spelling, in order: "1,500 m" is "1500 metre"."""
    return [f"{quantity.values[0]:g} {quantity.unit}".strip() for quantity in parse_text(text).quantities]


@lru_cache(maxsize=2048)
def source_lines(quote: str) -> tuple[str, ...]:
    """Return the sentences or lines of a source; a row of a table, "name: Ada; days: 25", is one."""
    return tuple(
        clause
        for line in quote.splitlines()
        for start, end in sentences(line)
        for clause in _clauses(line[start:end])
        if clause.strip()
    )


def _clauses(sentence: str) -> list[str]:
    """Return the clauses between semicolons; the whole sentence where each of them is a cell of a table."""
    clauses = sentence.split("; ")
    is_row = all(": " in clause for clause in clauses)
    return [sentence] if is_row else clauses
