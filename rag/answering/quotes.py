"""Choose what is quoted of the sources.

Owns: which evidence is quoted, and how far a quote reaches. Knows nothing about language models.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

from rag.answering.composer import Composer
from rag.injection.detector import find_injections
from rag.notices import Notice
from rag.question.mentions import stands_in
from rag.question.question_words import question_terms
from rag.retrieval.search import SelectedEvidence
from rag.retrieval.statements import leans
from rag.store.index import Index
from rag.text import query_terms, split_block, terms, words
from rag.types import Band, Evidence, Span, page_of
from rag.verify.parse.parsed_text import content_stems

# Most characters that are quoted of a list or a table below the sentence that announces it.
_LIST_CHARACTERS = 600

# A paragraph up to this long, between that sentence and the rows, may be the names of the table's columns.
_COLUMN_NAME_CHARACTERS = 90

_DAY = re.compile(
    r"\b(?:(mon|tues|wednes|thurs|fri|satur|sun)days?|(mon|diens|donners|frei|sams|sonn)tags?|(mittwoch)s?)\b", re.I
)

# Most characters of white space between two sentences of one paragraph.
_GAP_CHARACTERS = 8


def select_quotes(selected: SelectedEvidence, index: Index) -> list[Span]:
    """Choose the spans to quote: the best sentences of each part of the question, without repeats.

    A further sentence is quoted where what it adds is worth its words: the likelihood that it is the one that answers,
    for each of them. Where one sentence is far likelier than all others it stands alone; where several are alike, the
    short ones among them are quoted, too. Sentences that follow each other in one paragraph are one quote: they were
    written to be read together.

    Args:
        selected: The evidence, best first in each part.
        index: The index that holds the documents.

    Returns:
        Spans that do not begin inside one another, in the order of the best sentence in each.
    """
    limits = index.scoring.quotes
    chosen: list[Evidence] = []
    quoted_stems: list[set[str]] = []
    days = _days(selected.question)
    for evidence in selected.evidence_by_part:
        limit = len(chosen) + max(limits.least_of_part, limits.most // len(selected.evidence_by_part))
        quoted_words = 0
        for item, likelihood in zip(evidence, _likelihoods(evidence, limits.sharpness), strict=True):
            if len(chosen) == limit or item.score < evidence[0].score - limits.score_margin:
                break
            if chosen and days and not days & (_days(item.span.quote) or days):
                # Of Friday, where Thursday is asked for.
                continue
            length = len(words(item.span.quote))
            # A shorter one further down may still fit.
            is_worth_it = quoted_words + length <= limits.words and likelihood >= limits.least_gain * length
            if quoted_words and not is_worth_it:
                continue
            stems = set(content_stems(item.span.quote))
            if any(stems and len(stems & others) >= limits.repeated_share * len(stems) for others in quoted_stems):
                continue
            quoted_stems.append(stems)
            chosen.append(item)
            quoted_words += length
    return _join_neighbours(chosen, frozenset(query_terms(selected.question)), index)


def _days(text: str) -> set[str]:
    """Return the days of the week that a text names."""
    return {day.lower() for found in _DAY.findall(text) for day in found if day}


def _likelihoods(evidence: Sequence[Evidence], sharpness: float) -> list[float]:
    """Return how likely each sentence is the one that answers, if one of them does; see ``Quotes.sharpness``."""
    best = max((item.score for item in evidence), default=0.0)
    odds = [math.exp(sharpness * (item.score - best)) for item in evidence]
    total = sum(odds)
    return [each / total for each in odds]


def without_beside(selected: SelectedEvidence, answered: Sequence[Span]) -> SelectedEvidence:
    """Leave out what is beside the point where a phrase already answers: what has the question's time or name alone.

    "What was revenue in 2022?" is not answered by what the tax rate was in 2022.

    Args:
        selected: The evidence.
        answered: The slices that the short answer was cut from.

    Returns:
        The evidence without sentences that hold none of the question's ordinary words, but for those that hold the
        short answer; all of it where nothing was cut, and where the question has several parts or no ordinary word.
    """
    wanted = [term for term in question_terms(selected.question) if term.kind == "word"]
    if not answered or not wanted or len(selected.evidence_by_part) != 1:
        return selected
    kept = tuple(
        item
        for item in selected.evidence_by_part[0]
        if any(_holds(item.span, part) for part in answered)
        or any(stands_in(term, f"{item.span.header}\n{item.span.quote}") for term in wanted)
    )
    return replace(selected, evidence_by_part=(kept,)) if kept else selected


def with_answered(quotes: Sequence[Span], answered: Sequence[Span], selected: SelectedEvidence) -> list[Span]:
    """Return quotes, and before them what the short answer was cut from and none of them holds.

    Args:
        quotes: What is quoted.
        answered: The slices that the short answer was cut from.
        selected: The evidence.

    Returns:
        The quotes; who reads a value sees its row, and who reads a name its sentence.
    """
    holding = [
        item.span
        for part in answered
        if not any(_holds(quote, part) for quote in quotes)
        for item in selected.evidence
        if _holds(item.span, part)
    ]
    return [*dict.fromkeys(holding), *quotes]


def _holds(span: Span, part: Span) -> bool:
    return span.source_id == part.source_id and span.start <= part.start and part.end <= span.end


def compose_quotes(
    quotes: Sequence[Span], language: str, band: Band = "sure", lead_in: str = "nearest-only"
) -> Composer:
    """Return an answer that is the sources' own words, a quote a line.

    Args:
        quotes: The words to quote.
        language: The language of the answer, which has its own quotation marks.
        band: How the question is answered; a tentative answer says first that it is one.
        lead_in: The code of the words that say so.

    Returns:
        The answer so far.
    """
    composer = Composer(language)
    if band == "tentative":
        composer.say(Notice(lead_in))
    for span in quotes:
        composer.quote(span)
    return composer


def _join_neighbours(chosen: Sequence[Evidence], wanted: frozenset[str], index: Index) -> list[Span]:
    """Return the sentences as spans, neighbours of one paragraph joined, in the order of their best.

    ``wanted`` are the terms of the question.
    """
    runs: list[list[Evidence]] = []
    for item in sorted(chosen, key=lambda item: (item.span.source, item.span.start)):
        if runs and _follows(index, runs[-1][-1], item):
            runs[-1].append(item)
        else:
            runs.append([item])
    runs.sort(key=lambda run: min(chosen.index(item) for item in run))
    spans: list[Span] = []
    for run in runs:
        opened = [_with_antecedent(run[0], wanted, index), *run[1:]]
        span = _with_list(_span_of(opened, index), index)
        if not any(other.source_id == span.source_id and other.start <= span.start < other.end for other in spans):
            spans.append(span)
    return spans


def _with_antecedent(item: Evidence, wanted: frozenset[str], index: Index) -> Evidence:
    """Return a sentence with the one before it where it leans on that one, which has words of the question it lacks.

    "She has worked in Cork since 2019." says little without "Ada Kirwan leads the warehouse team."; where the question
    names nothing of that, the sentence is enough. ``wanted`` are the terms of the question.
    """
    span = item.span
    if not leans(span.quote) or wanted <= (present := {*terms(span.quote), *terms(span.title)}):
        return item
    document = index.catalog.document(span.source_id)
    if document is None:
        return item
    place = bisect_left(document.blocks, item.block, key=lambda block: block.start)
    if place == len(document.blocks) or document.blocks[place].start != item.block:
        return item
    before = [part for part in split_block(document.text, document.blocks[place]) if part[1] <= span.start]
    if not before:
        return item
    start, end = before[-1]
    quote = document.text[start:end]
    if not (wanted - present) & set(terms(quote)) or find_injections(quote):
        return item
    page = page_of(document.pages, start)
    return replace(item, span=replace(span, start=start, quote=document.text[start : span.end], page=page))


def _follows(index: Index, left: Evidence, right: Evidence) -> bool:
    """Tell whether two sentences stand in one paragraph of one source with nothing but white space between them."""
    one, other = left.span, right.span
    if left.block != right.block or (one.source, one.source_id) != (other.source, other.source_id):
        return False
    if one.end > other.start or other.start - one.end > _GAP_CHARACTERS:
        return False
    document = index.catalog.document(one.source_id)
    return document is not None and not document.text[one.end : other.start].strip()


def _span_of(run: Sequence[Evidence], index: Index) -> Span:
    """Return one span from the first sentence of a run to its last."""
    first, last = run[0].span, run[-1].span
    if first == last:
        return first
    document = index.catalog.document(first.source_id)
    return replace(first, end=last.end, quote=document.text[first.start : last.end] if document else first.quote)


def _with_list(span: Span, index: Index) -> Span:
    """Return a span that announces a list or a table with the items or rows below it; any other as it is.

    Without them it says nothing. The list is cut before an item that gives orders to a language model.
    """
    if not span.quote.rstrip("*_ ").endswith(":"):
        return span
    document = index.catalog.document(span.source_id)
    if document is None:
        return span
    end = span.end
    for block in document.blocks[bisect_left(document.blocks, span.end, key=lambda block: block.start) :]:
        quote = document.text[block.start : block.end].rstrip()
        if block.end - span.end > _LIST_CHARACTERS or find_injections(quote):
            break
        if block.kind in ("item", "row"):
            end = block.start + len(quote)
        elif block.kind != "paragraph" or len(quote) > _COLUMN_NAME_CHARACTERS or quote.endswith("."):
            break
    return replace(span, end=end, quote=document.text[span.start : end])
