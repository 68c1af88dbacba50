"""Find the table rows whose label a question names. Pure.

Owns: how well the label of a row, or of a line such as "Fee: $40", fits a question. Knows nothing about the index.

A row is short and says little by itself, so that a sentence about its subject always looks more like the question: "The
gross margin was lower due to …" than "Gross margin  36,413  35,885". What tells is its label.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rag.question.mentions import Term, is_period
from rag.question.question_words import question_terms
from rag.retrieval.cells import row_label
from rag.retrieval.path_names import named_words, names_of_path
from rag.text import source_as_words, terms, words
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
# A label fits from here on: three of its four words are in the question.
_LEAST_SHARE = 0.75
# What a word weighs in the label of a row whose document is called so, too.
_NAMING_DOCUMENT = 0.1


@dataclass(frozen=True, slots=True)
class RowFit:
    """How well the label of a row fits a question.

    Attributes:
        fit: The share, 0.75…1, of the label's words that the question holds, times how much of the question they are
            beside the best row, 0…1; 0 for what is no row with a figure, and for a question about causes.
        asked: How much of the question they are, 0…1 by weight, its times and the name of the document aside.
    """

    fit: float = 0.0
    asked: float = 0.0


def match_rows(question: str, spans: Sequence[Span], rarity: Mapping[Term, float]) -> list[RowFit]:
    """Say how well the label of each row fits a question.

    Args:
        question: The question.
        spans: Sentences and rows.
        rarity: The weight of each term of the question; see ``rag.retrieval.evidence.term_weights``.

    Returns:
        The fit of each span.
    """
    if _NO_FIGURE.search(question):
        return [RowFit()] * len(spans)
    abbreviations = _abbreviations(question)
    weights: dict[str, _Weights] = {}
    fits: list[tuple[float, float, float]] = []
    for span in spans:
        if span.source not in weights:
            weights[span.source] = _weigh(question, rarity, stems_naming(question, span))
        asked = weights[span.source]
        each = (_fit(row, asked.by_stem, abbreviations) for row in _named_rows(span))
        share, weight = max(each, key=math.prod, default=(0.0, 0.0))
        fits.append((share, weight, min(1.0, weight / asked.total) if asked.total else 0.0))
    best = max((weight for _, weight, _ in fits), default=0.0)
    return [RowFit(share * weight / best, asks) if best else RowFit() for share, weight, asks in fits]


@dataclass(frozen=True, slots=True)
class _Weights:
    """What each stem of a question weighs for the rows of a document, and what all of it weighs but its times."""

    by_stem: dict[str, float]
    total: float


def _weigh(question: str, rarity: Mapping[Term, float], naming: frozenset[str]) -> _Weights:
    """Weigh the words of a question; those that name the document weigh less: they tell none of its rows."""
    by_stem: dict[str, float] = {}
    total = 0.0
    for term in question_terms(question):
        stems = [[_CANONICAL.get(part, part) for part in spelling.split()] for spelling in term.spellings]
        share = _NAMING_DOCUMENT if any(naming.issuperset(spelled) for spelled in stems) else 1.0
        weight = rarity.get(term, 0.0) * share
        if not is_period(term):
            total += weight
        for spelled in stems:
            for stem in spelled:
                # A name of several words weighs as much as they do together. "Revenue from iPhone sales": what is said
                # twice weighs as its commoner word.
                by_stem[stem] = min(by_stem.get(stem, math.inf), weight / len(spelled))
    return _Weights(by_stem, total)


def stems_naming(question: str, span: Span) -> frozenset[str]:
    """Return the stems of a question that name the document of a span, also where its path joins them: "BESTBUY".

    Args:
        question: The question.
        span: The span; its title and source count.

    Returns:
        The stems, words for one thing under one stem.
    """
    file = span.source.rpartition("/")[2].rpartition(".")[0]
    joined = " ".join(named_words(question, names_of_path(file))).casefold()
    asked = label_stems(question)
    named = asked & label_stems(f"{span.title}\n{source_as_words(span.source)}")
    return frozenset(named | {stem for stem in asked if joined and stem in joined})


@dataclass(frozen=True, slots=True)
class _NamedRow:
    """What a question may name of a row that has a figure.

    Attributes:
        label: What names the row.
        beside: The label above it, and the names of its columns.
    """

    label: str
    beside: str


def _named_rows(span: Span) -> list[_NamedRow]:
    """Return a row once for each of its cells that may name it; none where it has no figure."""
    if not span.cells:
        label = row_label(span)
        if not label or not _has_figure(span.quote[len(label) :]):
            return []
        return [_NamedRow(label, span.header)]
    cells = [(cell, span.quote[cell.start - span.start : cell.end - span.start]) for cell in span.cells]
    first = next((number for number, (cell, words) in enumerate(cells) if not cell.is_label and _has_figure(words)), -1)
    if first < 0:
        return []
    beside = " ".join(dict.fromkeys(cell.name for cell, _ in cells))
    # A cell before the first figure may name the row, too: "Country: Norway; City: Bergen; Staff: 45".
    labels = [row_label(span), *(words for _, words in cells[:first])]
    return [_NamedRow(label, beside) for label in dict.fromkeys(filter(None, labels))]


def _has_figure(text: str) -> bool:
    return any(character.isdecimal() for character in text)


def _fit(row: _NamedRow, asked: Mapping[str, float], abbreviations: frozenset[str]) -> tuple[float, float]:
    """Return the share of a label's words that are asked for, 0 where too few are, and how much they weigh."""
    section = row.beside.split(" | ")[0]
    if _initials(row.label) in abbreviations:
        return 1.0, sum(asked.values()) or 1.0
    stems = label_stems(row.label) or label_stems(section)
    if not stems:
        return 0.0, 0.0
    matched = stems & asked.keys()
    share = len(matched) / len(stems)
    if share < _LEAST_SHARE:
        return 0.0, 0.0
    around = label_stems(row.beside) & asked.keys() - matched
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
