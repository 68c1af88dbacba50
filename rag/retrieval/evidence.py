"""Choose the sentences of the passages that bear on the question.

Owns: the score of a sentence; its weights, and how many are kept, stand in the scoring file. Knows nothing about
language models or how an answer is shown.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from rag.injection.detector import find_injections
from rag.question.mentions import Term, is_period, stands_in
from rag.question.notation import Periods, named_periods, periods
from rag.question.question_words import is_other_period, question_terms
from rag.retrieval.answer_patterns import answer_pattern, holds_new
from rag.retrieval.attributes import read_attribute
from rag.retrieval.closeness import Closeness, Standing
from rag.retrieval.languages import Scales, languages_of_search, scales_of
from rag.retrieval.records import match_records
from rag.retrieval.row_records import read_recorded
from rag.retrieval.sentence_vectors import vectors_of
from rag.retrieval.statements import leans, repeats, states_something
from rag.retrieval.table_rows import label_stems, match_rows, stems_naming
from rag.scoring.values import EvidenceWeights
from rag.store.index import Index
from rag.text import source_as_words, split_block
from rag.types import Block, Evidence, Passage, Span, page_of

# How well the line of a record that says of whom it tells fits, beside the line that is asked for.
_NAMES_RECORD = 0.5
# So many of the likeliest sentences tell how close others may come.
_FIRST_ENCODED = 3
# So many of the best sentences may say what is asked.
_SAYING = 6
_QUESTION_MARKS = ("?", "？", "؟")


@dataclass(frozen=True, slots=True)
class SentenceFeatures:
    """What the score of a sentence is made of.

    Attributes:
        similarity: The cosine similarity of the sentence, with its title, and the question, on the scale of the
            encoder that the weights were fitted with.
        coverage: The share, 0…1 by weight, of the question's terms that stand in it.
        passage: The fused score of its passage, 0…1.
        kind: Whether it holds what the question asks for, such as a number, and does not only repeat the question's.
        other_period: Whether it is about another time than the question.
        row: How well the label of a table row fits the question, 0…1; 0 for what is no row.
        nearness: How near its tokens come to those of the question: the mean, over the question's tokens, of the cosine
            similarity of the nearest one, on the same scale; one that leans on the sentence before it shares in that
            one's.
        context: The coverage of the sentence with the ones before and after it in its paragraph, 0…1.
    """

    similarity: float
    coverage: float
    passage: float
    kind: bool
    other_period: bool
    row: float = 0.0
    nearness: float = 0.0
    context: float = 0.0


@dataclass(frozen=True, slots=True)
class RankedEvidence:
    """The sentences that bear on a question, and what tells whether they answer it.

    Attributes:
        sentences: The sentences, best first; none where no passage has a sentence that states anything.
        word_nearness: How near the content words of the question are to the best sentence, a mean of cosine
            similarities.
        sentence_similarity: The cosine similarity of the question with the best sentence alone.
        title_similarity: The cosine similarity of the question with the title of that sentence.
        attribute_nearness: How near what the question asks of its subject is to the best of the first few sentences
            that may say it of that; 1 where the question names no subject.
        features: What the score of each sentence is made of, in the order of the sentences.
    """

    sentences: tuple[Evidence, ...]
    word_nearness: float = 0.0
    sentence_similarity: float = 0.0
    title_similarity: float = 0.0
    attribute_nearness: float = 1.0
    features: tuple[SentenceFeatures, ...] = ()


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A sentence of a passage.

    Attributes:
        span: The sentence.
        passage: The first passage that holds it.
        block_start: Where its paragraph, row or item starts in the document.
        around: The sentence with the ones before and after it in the passage's part of that paragraph.
        antecedent: Where the sentence before it starts in the document, if it leans on that one; else None.
        is_row: Whether it is a table row.
        section: A number that changes with the document and at each heading.
        record: The line that says of whom this one tells, and where that starts in the document; None for none.
    """

    span: Span
    passage: Passage
    block_start: int
    around: str
    antecedent: int | None
    is_row: bool
    section: int
    record: tuple[str, int] | None = None


def rank_evidence(
    index: Index,
    question: str,
    passages: Sequence[Passage],
    scales: Scales | None = None,
    *,
    margin: float | None = None,
) -> RankedEvidence:
    """Rank the sentences of the best passages by how well they answer the question.

    A sentence's score is a weighted sum: its cosine similarity, how near its tokens come to the question's, its
    coverage of the question's terms, alone and with its neighbours, its passage's fused score, and whether it holds
    what the question asks for; one about another time loses some of it. Similarities count as those of the encoder
    that the weights were fitted with. One that would stay far below the best, however close it came, is not encoded: it
    counts as the least close of the others.

    Args:
        index: The index that holds the passages; it encodes the sentences.
        question: A question that stands alone.
        passages: The retrieved passages, best first.
        scales: How similarities are read; None: as the languages of the question and the best passage want it.
        margin: How far below the best a score is far; None: where no answer rests on it. Each sentence is encoded where
            it is infinite.

    Returns:
        A few sentences of the best few passages, best first, ties by passage and place in the document.
    """
    weights = index.scoring.evidence
    query = question_terms(question)
    rarity = term_weights(index, query)
    shortlist = _shortlist(question, query, rarity, _candidates(passages, index), weights)
    if not shortlist:
        return RankedEvidence(())
    (encoded_question,) = index.encoder.encode_tokens([question], question=True)
    vectors = vectors_of(index)
    closeness = Closeness(
        encoded_question,
        [Standing(one.span, one.antecedent, one.record[1] if one.record else None) for one, *_ in shortlist],
        vectors,
    )
    answer_kind = answer_pattern(question)
    best_passage = max(passage.scores["fused"] for passage in passages)
    scales = scales or scales_of(index, languages_of_search(index, question, passages))
    by_words = [
        SentenceFeatures(
            similarity=0.0,
            coverage=covers,
            # A row that fits does not suffer from the words around its table, which rank its passage.
            passage=max(candidate.passage.scores["fused"], row * best_passage),
            kind=bool(answer_kind and holds_new(answer_kind, candidate.span.quote, question)),
            other_period=_is_about_other_period(question, candidate.span),
            row=row,
            context=max(covers, coverage(query, rarity, candidate.around)),
        )
        for candidate, covers, row in shortlist
    ]
    if margin is None:
        margin = max(index.scoring.quotes.score_margin, index.scoring.conflicts.score_margin)
    each_features = _with_closeness(by_words, closeness, scales, weights, margin)
    least = min(map(closeness.similarity, closeness.encoded))
    scored: list[tuple[Evidence, SentenceFeatures, int]] = []
    for number, ((candidate, covers, _), features) in enumerate(zip(shortlist, each_features, strict=True)):
        similarity = closeness.similarity(number) if number in closeness.encoded else least
        score = sentence_score(features, weights)
        item = Evidence(candidate.span, score, similarity, covers, candidate.passage.rank, candidate.block_start)
        scored.append((item, features, number))
    scored.sort(key=lambda row: (-row[0].score, row[0].passage_rank, row[0].span.start))
    sentences, ranked_features, (first, *_) = zip(*scored, strict=True)
    best, record = shortlist[first][0].span, shortlist[first][0].record
    word_nearness = closeness.word_nearness(first, question)
    bare = "\n".join(filter(None, (best.header, record and record[0], best.quote)))
    alone, titled = vectors.whole([bare, best.title or best.source]) @ encoded_question.vector
    ranked = [(shortlist[number][0], number) for _, _, number in scored[:_SAYING] if number in closeness.encoded]
    return RankedEvidence(
        sentences,
        word_nearness,
        float(alone),
        float(titled),
        _attribute_nearness(question, ranked, closeness),
        ranked_features,
    )


def _attribute_nearness(question: str, ranked: Sequence[tuple[_Candidate, int]], closeness: Closeness) -> float:
    """Return how near what a question asks of its subject is to the best of some sentences that may say it of that.

    Args:
        question: The question.
        ranked: The sentences, each with its number.
        closeness: How close they come; they are encoded.

    Returns:
        The nearness; 0 where none may say it, 1 where the question names no subject.
    """
    attribute = read_attribute(question)
    if attribute is None:
        return 1.0
    near = (
        closeness.nearness_of(number, attribute.places)
        for candidate, number in ranked
        if attribute.may_be_said(candidate.span.quote, _around(candidate.passage))
    )
    return max(near, default=0.0)


def _around(passage: Passage) -> str:
    return f"{passage.context} {source_as_words(passage.source)}\n{passage.text}"


def _with_closeness(
    by_words: Sequence[SentenceFeatures],
    closeness: Closeness,
    scales: Scales,
    weights: EvidenceWeights,
    margin: float,
) -> list[SentenceFeatures]:
    """Return features with similarity and nearness; only those of sentences that may come near the best are computed.

    A few of the likeliest are encoded first. How much of a score closeness makes at most among these, it makes at most
    among all: what then stays below the best by more than the margin is not encoded, and counts as the least close.
    """

    def close(number: int) -> SentenceFeatures:
        similarity, near = scales.similarity(closeness.similarity(number)), scales.nearness(closeness.nearness(number))
        return replace(by_words[number], similarity=similarity, nearness=near)

    so_far = [sentence_score(features, weights) for features in by_words]
    likely = sorted(range(len(by_words)), key=lambda number: (-so_far[number], number))
    closeness.encode(likely[:_FIRST_ENCODED])
    first = {number: sentence_score(close(number), weights) for number in closeness.encoded}
    most = max(score - so_far[number] for number, score in first.items())
    least_score = max(first.values()) - margin
    closeness.encode(number for number in likely if so_far[number] + most >= least_score)
    known = {number: close(number) for number in closeness.encoded}
    least = min(features.similarity for features in known.values())
    least_near = min(features.nearness for features in known.values())
    return [
        known.get(number) or replace(features, similarity=least, nearness=least_near)
        for number, features in enumerate(by_words)
    ]


def sentence_score(features: SentenceFeatures, weights: EvidenceWeights) -> float:
    """Score a sentence: the weighted sum of its features, less something where it is about another time.

    Args:
        features: The features.
        weights: What each weighs.

    Returns:
        The score; only its order, and its distance from the best of a question, mean anything.
    """
    return (
        weights.similarity * features.similarity
        + weights.coverage * features.coverage
        + weights.passage * features.passage
        + weights.kind * features.kind
        + weights.row * features.row
        + weights.nearness * features.nearness
        + weights.context * features.context
        - weights.other_period * features.other_period
    )


def candidate_sentences(passages: Sequence[Passage], index: Index) -> list[tuple[Span, Passage]]:
    """Cut passages into sentences, table rows and list items, each place in a source once.

    Headings are left out, questions, running heads and feet, and a row that repeats the title, such as the subject of a
    mail: they name what they go with and state nothing. So are orders to a language model: they are no part of what a
    document says to its reader.

    Args:
        passages: Passages of the index; they may overlap.
        index: The index that knows the structure of their documents.

    Returns:
        Each sentence as an exact span with the first passage that holds it, in the order of the passages.
    """
    return [(candidate.span, candidate.passage) for candidate in _candidates(passages, index)]


def term_weights(index: Index, query: Sequence[Term]) -> dict[Term, float]:
    """Weigh each term of a question by its inverse document frequency among the chunks of the index.

    The formula is BM25's, ln(1 + (N - n + 0.5) / (n + 0.5)) for a term that stands in n of N chunks (Robertson and
    Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009; the 1 is Lucene's and keeps it positive).

    Args:
        index: The index in which terms are counted.
        query: Distinct terms, as ``question_terms`` returns them.

    Returns:
        A weight above 0 for each term; the rarer it is in all its spellings together, the more it weighs.
    """
    total = index.catalog.chunk_total()
    by_spelling = index.catalog.document_frequency([spelling for term in query for spelling in term.spellings])
    frequency = {term: min(total, sum(by_spelling[spelling] for spelling in term.spellings)) for term in query}
    return {term: math.log(1 + (total - frequency[term] + 0.5) / (frequency[term] + 0.5)) for term in query}


def coverage(query: Sequence[Term], weights: Mapping[Term, float], text: str) -> float:
    """Return how much of a question's terms stands in a text.

    Args:
        query: Distinct terms, as ``question_terms`` returns them.
        weights: The weight of each of them, as ``term_weights`` returns them.
        text: The text to look in.

    Returns:
        The share, 0…1 by weight, of the terms that stand in the text, whatever their notation; 0 for a question
        without terms.
    """
    total = sum(weights[term] for term in query)
    if not total:
        return 0.0
    return sum(weights[term] for term in query if stands_in(term, text)) / total


def _candidates(passages: Sequence[Passage], index: Index) -> list[_Candidate]:
    """Return the sentences of passages as ``candidate_sentences`` describes them."""
    candidates: dict[tuple[str, int, int], _Candidate] = {}
    section = 0
    for passage in passages:
        section += 1
        blocks, pages = index.catalog.structure(passage.source_id)
        tables = index.catalog.tables(passage.source_id)
        first = max(0, bisect_right(blocks, passage.start, key=lambda block: block.start) - 1)
        for block in blocks[first:]:
            if block.start >= passage.end:
                break
            section += block.kind == "heading"
            if block.kind in ("heading", "margin") or block.end <= passage.start:
                continue
            # Cut the part of the block that the passage holds; blocks are longer than passages when they must be.
            start, end = max(block.start, passage.start), min(block.end, passage.end)
            part = Block(start - passage.start, end - passage.start, block.kind)
            parts = list(split_block(passage.text, part))
            for number, (left, right) in enumerate(parts):
                quote = passage.text[left:right]
                if quote.endswith(_QUESTION_MARKS) or (passage.instructions and find_injections(quote)):
                    continue
                if block.kind == "row" and repeats(quote, passage.title):
                    continue
                span = Span(
                    passage.source,
                    passage.source_id,
                    passage.title,
                    passage.start + left,
                    passage.start + right,
                    quote,
                    page_of(pages, passage.start + left),
                    block.header,
                    read_recorded(tables, quote, passage.start + left) if block.kind == "row" else (),
                )
                key = (span.source, span.start, span.end)
                around = passage.text[parts[max(0, number - 1)][0] : parts[min(number + 1, len(parts) - 1)][1]]
                antecedent = passage.start + parts[number - 1][0] if number and leans(quote) else None
                is_row = block.kind == "row"
                candidates.setdefault(key, _Candidate(span, passage, block.start, around, antecedent, is_row, section))
    return list(candidates.values())


def _with_records(
    question: str, candidates: list[_Candidate], rows: list[float]
) -> tuple[list[_Candidate], list[float]]:
    """Let a line "label: value" that a question asks for stand with the line that says whose it is.

    Args:
        question: The question.
        candidates: The sentences.
        rows: How well each fits as a table row.

    Returns:
        The same, such lines fitting as rows do.
    """
    of_record = match_records(question, [(each.section, each.span.quote) for each in candidates])
    for number, other in of_record.items():
        name = candidates[other].span
        candidates[number] = replace(candidates[number], record=(name.quote, name.start))
        rows[number], rows[other] = 1.0, max(rows[other], _NAMES_RECORD)
    return candidates, rows


def _shortlist(
    question: str,
    query: Sequence[Term],
    rarity: Mapping[Term, float],
    candidates: list[_Candidate],
    weights: EvidenceWeights,
) -> list[tuple[_Candidate, float, float]]:
    """Return the few sentences that are worth encoding, each with its coverage and how well it fits as a table row.

    Beside those of the best passages, these are the rows of any passage that fit best.
    """
    rows = match_rows(question, [candidate.span for candidate in candidates], rarity)
    candidates, rows = _with_records(question, candidates, rows)
    kept = [
        (candidate, row)
        for candidate, row in zip(candidates, rows, strict=True)
        if (row or candidate.passage.rank <= weights.passages)
        and states_something(candidate.span.quote, candidate.is_row)
    ]
    candidates, rows = [candidate for candidate, _ in kept], [row for _, row in kept]
    covered = list(zip(candidates, _coverages(question, query, rarity, candidates, rows), rows, strict=True))
    covered.sort(
        key=lambda item: (
            -weights.shortlist_coverage * item[1] - item[0].passage.scores["fused"],
            item[0].passage.rank,
            item[0].span.start,
        )
    )
    best = [item for item in covered if item[0].passage.rank <= weights.passages][: weights.encoded]
    fitting = sorted((item for item in covered if item[2] and item not in best), key=lambda item: -item[2])
    return best + fitting[: weights.rows]


def _coverages(
    question: str,
    query: Sequence[Term],
    weights: Mapping[Term, float],
    candidates: Sequence[_Candidate],
    rows: Sequence[float],
) -> list[float]:
    """Return the coverage of each sentence, with the line that says of whom it tells.

    A row whose label is asked for is about what its document is, so it has the words of the question that name that.
    ``rows`` are how well each fits as such a row.
    """
    naming: dict[str, str] = {}
    for candidate, row in zip(candidates, rows, strict=True):
        span = candidate.span
        if row and span.source not in naming:
            stems = stems_naming(question, span)
            named = [term.text for term in query if not is_period(term) and label_stems(term.text) <= stems]
            naming[span.source] = " ".join(named)
    return [
        _candidate_coverage(query, weights, candidate, naming[candidate.span.source] if row else "")
        for candidate, row in zip(candidates, rows, strict=True)
    ]


def _candidate_coverage(
    query: Sequence[Term], weights: Mapping[Term, float], candidate: _Candidate, naming: str
) -> float:
    """Return the coverage of a sentence, with the line that says of whom it tells."""
    own = _sentence_coverage(query, weights, candidate.span, naming)
    if candidate.record is None:
        return own
    return max(own, coverage(query, weights, f"{candidate.record[0]}\n{candidate.span.quote}"))


def _sentence_coverage(query: Sequence[Term], weights: Mapping[Term, float], span: Span, naming: str) -> float:
    """Return the coverage of a sentence; the names of its columns, which all rows of a table share, count half.

    A sentence that names no time has that of its document's title, folder and name. ``naming`` are the words of the
    question that name the document, for a row.
    """
    words = f"{span.quote} {naming}".rstrip()
    if periods(f"{span.header} {span.quote}") == Periods():
        words = f"{words} {named_periods(_setting(span))}".rstrip()
    alone = coverage(query, weights, words)
    return (alone + coverage(query, weights, f"{span.header} {words}")) / 2 if span.header else alone


def _setting(span: Span) -> str:
    """Return the title, the folder and the name of a sentence's document, in words."""
    return f"{span.title}\n{source_as_words(span.source)}"


def _is_about_other_period(question: str, span: Span) -> bool:
    """Tell whether a sentence is about another year or quarter than the question.

    One that names none goes by the title, the folder and the name of its document.
    """
    return is_other_period(question, f"{span.header} {span.quote}", _setting(span))
