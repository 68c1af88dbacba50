"""Find the table rows whose label a question names. Pure.

Owns: how well the label of a row, or of a line such as "Fee: $40", fits a question. Knows nothing about the index.

A row is short and says little by itself, so that a sentence about its subject always looks more like the question: "The
gross margin was lower due to …" than "Gross margin  36,413  35,885". What tells is its label.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence

from rag.question.mentions import Term
from rag.question.question_words import question_terms
from rag.retrieval.cells import row_label
from rag.text import terms, words
from rag.types import Span

# A question about causes or persons is not answered by a figure.
_NO_FIGURE = re.compile(
    r"\b(?:why|who|whom|what (?:caused|drove|explains)|reasons?|factors?|drivers?|warum|weshalb|wer|gründe)\b", re.I
)
# Words in reports that name one thing; the stems of a group count as its first.
_SAME = (
    ("sale", "revenu", "turnov", "umsatz"),
    ("expens", "expenditur", "cost", "spend", "spent"),
    ("profit", "earn", "incom"),
    ("repurchas", "buyback"),
    ("staff", "employe", "headcount"),
    ("fee", "charg", "price"),
)
_CANONICAL = {stem: group[0] for group in _SAME for stem in group}
# Words of a label that do not tell it from another one.
_LIGHT = frozenset(
    (
        "total",
        "net",
        "other",
        "amount",
        "number",
        "of",
        "and",
        "the",
        "in",
        "for",
        "to",
        "by",
        "from",
        "on",
        "a",
        "an",
        "or",
        "at",
        "as",
    )
)
# One of these stands in each row: a gap between cells, a bar, or a colon behind a name.
_ROW_MARKS = ("  ", "|", ": ")
# A longer line, in characters, is a paragraph.
_LONGEST_ROW = 1000
# A label fits from here on: three of its four words are in the question.
_LEAST_SHARE = 0.75


def match_rows(question: str, spans: Sequence[Span], rarity: Mapping[Term, float]) -> list[float]:
    """Say how well the label of each row fits a question.

    Args:
        question: The question.
        spans: Sentences and rows.
        rarity: The weight of each term of the question; see ``rag.retrieval.evidence.term_weights``.

    Returns:
        For each span the share, 0.75…1, of its label's words that the question holds, times how much of the question
        they are beside the best row, 0…1; 0 for what is no row with a figure, and for a question about causes.
    """
    if _NO_FIGURE.search(question):
        return [0.0] * len(spans)
    asked: dict[str, float] = {}
    for term in question_terms(question):
        for spelling in term.spellings:
            # A name of several words weighs as much as they do together.
            parts = spelling.split()
            for part in parts:
                stem = _CANONICAL.get(part, part)
                # "Revenue from iPhone sales": what is said twice weighs as its commoner word.
                asked[stem] = min(asked.get(stem, math.inf), rarity.get(term, 0.0) / len(parts))
    abbreviations = _abbreviations(question)
    fits = [_fit(span, asked, abbreviations) for span in spans]
    best = max((weight for _, weight in fits), default=0.0)
    return [share * weight / best if best else 0.0 for share, weight in fits]


def match_passages(question: str, texts: Sequence[str], rarity: Mapping[Term, float]) -> list[float]:
    """Say of each passage how well its best table row fits a question.

    Args:
        question: The question.
        texts: The texts of the passages, a row a line.
        rarity: The weight of each term of the question.

    Returns:
        For each passage the best value that ``match_rows`` gives a line of it; 0 where no row fits.
    """
    lines = [
        (number, line)
        for number, text in enumerate(texts)
        for line in text.split("\n")
        if any(mark in line for mark in _ROW_MARKS) and len(line) <= _LONGEST_ROW
    ]
    best = [0.0] * len(texts)
    spans = [Span("", "", "", 0, len(line), line) for _, line in lines]
    for (number, _), fit in zip(lines, match_rows(question, spans, rarity), strict=True):
        best[number] = max(best[number], fit)
    return best


def _fit(span: Span, asked: Mapping[str, float], abbreviations: frozenset[str]) -> tuple[float, float]:
    """Return the share of a label's words that are asked for, 0 where too few are, and how much they weigh."""
    label = row_label(span.quote)
    if not label or not any(character.isdecimal() for character in span.quote[len(label) :]):
        return 0.0, 0.0
    section = span.header.split(" | ")[0]
    if _initials(label) in abbreviations:
        return 1.0, sum(asked.values()) or 1.0
    stems = label_stems(label) or label_stems(section)
    if not stems:
        return 0.0, 0.0
    matched = stems & asked.keys()
    share = len(matched) / len(stems)
    if share < _LEAST_SHARE:
        return 0.0, 0.0
    around = (label_stems(section) | label_stems(span.header)) & asked.keys() - matched
    return share, sum(asked[stem] for stem in matched) + sum(asked[stem] for stem in around) / 2


def label_stems(label: str) -> set[str]:
    """Return the stems of a label that tell it from others, words for one thing under one stem; numbers are none."""
    stems = {_CANONICAL.get(stem, stem) for stem in terms(label)} - _LIGHT
    return {stem for stem in stems if not stem[0].isdigit()}


def _abbreviations(question: str) -> frozenset[str]:
    """Return the letters of the abbreviations in a question: "R&D" is RD."""
    found = re.findall(r"(?<!\w)[A-Z](?:&?[A-Z]){1,4}(?!\w)", question)
    return frozenset(word.replace("&", "") for word in found)


def _initials(label: str) -> str:
    """Return the initials of a label's content words: "Research and development" is RD."""
    initials = [word[0] for word in words(label) if word not in _LIGHT]
    return "".join(initials).upper() if len(initials) > 1 else ""
