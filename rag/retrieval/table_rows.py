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
from functools import lru_cache

from rag.question.mentions import Term
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
_FIGURE = re.compile(r"\d")
# A label fits from here on: three of its four words are in the question.
_LEAST_SHARE = 0.75
# What a word weighs in the label of a row whose document is called so, too.
_NAMING_DOCUMENT = 0.1


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
    if not asks_for_figure(question):
        return [0.0] * len(spans)
    abbreviations = _abbreviations(question)
    weights: dict[str, dict[str, float]] = {}
    fits: list[tuple[float, float]] = []
    for span in spans:
        if not has_figure(span.quote):
            fits.append((0.0, 0.0))
            continue
        if span.source not in weights:
            weights[span.source] = _weigh(question, rarity, stems_naming(question, span))
        each = (_fit(row, weights[span.source], abbreviations) for row in _named_rows(span))
        fits.append(max(each, key=math.prod, default=(0.0, 0.0)))
    best = max((weight for _, weight in fits), default=0.0)
    return [share * weight / best if best else 0.0 for share, weight in fits]


def asks_for_figure(question: str) -> bool:
    """Tell whether a table row may answer a question: not one about causes or persons."""
    return _NO_FIGURE.search(question) is None


def _weigh(question: str, rarity: Mapping[Term, float], naming: frozenset[str]) -> dict[str, float]:
    """Weigh the stems of a question; those that name the document weigh less: they tell none of its rows."""
    by_stem: dict[str, float] = {}
    for term in question_terms(question):
        for spelling in term.spellings:
            # A name of several words weighs as much as they do together.
            stems = [_CANONICAL.get(part, part) for part in spelling.split()]
            for stem in stems:
                share = _NAMING_DOCUMENT if stem in naming else 1.0
                # "Revenue from iPhone sales": what is said twice weighs as its commoner word.
                weight = share * rarity.get(term, 0.0) / len(stems)
                by_stem[stem] = min(by_stem.get(stem, math.inf), weight)
    return by_stem


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


@lru_cache(maxsize=4096)
def _named_rows(span: Span) -> Sequence[_NamedRow]:
    """Return a row once for each of its cells that may name it; none where it has no figure."""
    if not span.cells:
        label = row_label(span)
        if not label or not has_figure(span.quote[len(label) :]):
            return []
        return [_NamedRow(label, span.header)]
    cells = [(cell, span.quote[cell.start - span.start : cell.end - span.start]) for cell in span.cells]
    first = next((number for number, (cell, words) in enumerate(cells) if not cell.is_label and has_figure(words)), -1)
    if first < 0:
        return []
    beside = " ".join(dict.fromkeys(cell.name for cell, _ in cells))
    # A cell before the first figure may name the row, too: "Country: Norway; City: Bergen; Staff: 45".
    labels = [row_label(span), *(words for _, words in cells[:first])]
    return [_NamedRow(label, beside) for label in dict.fromkeys(filter(None, labels))]


def has_figure(text: str) -> bool:
    """Tell whether a text has a digit: a row without one is not what a question for a figure names."""
    return _FIGURE.search(text) is not None


def _fit(row: _NamedRow, asked: Mapping[str, float], abbreviations: frozenset[str]) -> tuple[float, float]:
    """Return the share of a label's words that are asked for, 0 where too few are, and how much they weigh."""
    section = row.beside.split(" | ")[0]
    if abbreviations and _initials(row.label) in abbreviations:
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


@lru_cache(maxsize=8192)
def label_stems(label: str) -> frozenset[str]:
    """Return the stems of a label that tell it from others, words for one thing under one stem; numbers are none."""
    stems = {_CANONICAL.get(stem, stem) for stem in terms(label)} - _LIGHT
    return frozenset(stem for stem in stems if not stem[0].isdigit())


def _abbreviations(question: str) -> frozenset[str]:
    """Return the letters of the abbreviations in a question: "R&D" is RD."""
    found = re.findall(r"(?<!\w)[A-Z](?:&?[A-Z]){1,4}(?!\w)", question)
    return frozenset(word.replace("&", "") for word in found)


def _initials(label: str) -> str:
    """Return the initials of a label's content words: "Research and development" is RD."""
    initials = [word[0] for word in words(label) if word not in _LIGHT]
    return "".join(initials).upper() if len(initials) > 1 else ""
