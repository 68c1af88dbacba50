"""The short answer that needs no model: cut out of the best sentences or cells. Pure.

Owns: the order in which the ways to cut one are tried. Knows nothing about models.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.answering.short_answers.asked import WORD, Asked, read_asked
from rag.answering.short_answers.choice import SENTENCES, Candidate, candidates, is_named
from rag.answering.short_answers.copula import complement, place_behind, place_of
from rag.answering.short_answers.gaps import fill_gap
from rag.answering.short_answers.kind_check import fits_kind
from rag.answering.short_answers.phrases import MOST_WORDS, Phrase, find_phrases
from rag.answering.short_answers.roles import name_beside_role
from rag.answering.short_answers.table_answer import asks_for_empty_cell, cells_of, choose_cell
from rag.answering.short_answers.types import Basis, ShortAnswer, cut
from rag.answering.short_answers.whole import whole_answer
from rag.answering.short_answers.yes_no import affirming
from rag.notices import Notice
from rag.scoring.values import ShortAnswers
from rag.text import STOPWORDS, terms
from rag.types import Evidence, Span

FIGURES = ("date", "year", "time", "duration", "money", "percentage", "number")
"""Types of answers that have a form of their own."""
# Kinds of questions whose answer is no phrase.
NO_PHRASE = ("list", "summary", "comparison", "overview", "computation", "how-to", "small-talk")
# How far a sentence that says "X is …" may score below the best one.
_COPULA_MARGIN = 0.15
# Sentences in which a name is looked for beside a role.
_ROLES = 8


def short_answer(basis: Basis, limits: ShortAnswers) -> ShortAnswer | None:
    """Cut the short answer of a question out of the evidence.

    Args:
        basis: The question and what its answer may rest on.
        limits: What a phrase's features weigh, and how likely it must be.

    Returns:
        The phrase, the cell, or "yes", with the slice that it was cut from; None where nothing is sure enough.
    """
    answer = basis.restored(whole_answer(_short_answer(basis, limits), basis))
    # A bullet or a dash alone is what a table or a list has where nothing is said.
    return answer if answer and any(character.isalnum() for character in answer.text) else None


def _short_answer(basis: Basis, limits: ShortAnswers) -> ShortAnswer | None:
    question, evidence = basis.question, basis.evidence
    if not evidence or question.kind in NO_PHRASE:
        return None
    if question.written_in:
        if lacks_cell(basis):
            return None
        # Imported late, as below: an English question needs none of it.
        from rag.answering.short_answers.foreign.answer import foreign_answer

        return foreign_answer(basis)
    if question.kind == "yes-no":
        item = affirming(basis.asked, evidence)
        return ShortAnswer(Notice("yes").text(question.language), item.span) if item else None
    if stated := stated_answer(basis):
        return stated
    if lacks_cell(basis):
        return None
    if not basis.tentative and question.language == "en" and (filling := _filling(basis)):
        return filling
    best = best_candidate(read_asked(question, basis.asked), evidence, basis.confidence, limits)
    if best is None or best.probability < _least(basis, limits):
        return _formed_in_german(basis) if question.language == "de" else None
    return ShortAnswer(best.text, cut(best.item.span, best.phrase.start, best.phrase.end))


def _least(basis: Basis, limits: ShortAnswers) -> float:
    """Return how likely a phrase must be to be shown."""
    if basis.tentative:
        return limits.least_tentative
    return limits.least_figure if basis.question.answer_type in FIGURES else limits.least


def _formed_in_german(basis: Basis) -> ShortAnswer | None:
    from rag.answering.short_answers.foreign.answer import formed_answer_in_german

    return formed_answer_in_german(basis)


def stated_answer(basis: Basis) -> ShortAnswer | None:
    """Cut out what the evidence states of just what is asked: the cell of a table, "X is …", "412 metres long".

    Args:
        basis: The question and what its answer may rest on.

    Returns:
        The phrase or the cell; None where nothing is stated so plainly.
    """
    if lacks_cell(basis):
        return None
    asked, evidence = read_asked(basis.question, basis.asked), basis.evidence
    if chosen := choose_cell(asked, evidence, basis.question.language, basis.caption):
        cell, span = chosen.cell, chosen.item.span
        return ShortAnswer(chosen.text, cut(span, cell.start - span.start, cell.end - span.start))
    return (
        _complement(asked, evidence)
        or _in_role(asked, evidence)
        or _measured(asked, evidence)
        or _located(asked, evidence)
    )


def says_what_is_asked(basis: Basis) -> bool:
    """Tell whether one of the best sentences says "X is …" of just what is asked, each word of it: "What is X?"."""
    question = basis.question
    if question.kind != "fact" or question.written_in or lacks_cell(basis):
        return False
    return _complement(read_asked(question, basis.asked), basis.evidence) is not None


def lacks_cell(basis: Basis) -> bool:
    """Tell whether a question asks for a cell of a table that has no value; then no other phrase answers it."""
    if basis.question.kind in NO_PHRASE or not any(item.span.cells for item in basis.evidence):
        return False
    return asks_for_empty_cell(read_asked(basis.question, basis.asked), basis.evidence, basis.empty)


def best_candidate(
    asked: Asked, evidence: Sequence[Evidence], confidence: float, limits: ShortAnswers
) -> Candidate | None:
    """Return the likeliest phrase of at most twelve words, the first of equals.

    Args:
        asked: The question.
        evidence: The sentences, best first.
        confidence: How likely the passages hold the answer.
        limits: What a phrase's features weigh.

    Returns:
        The phrase; None where no sentence has one of the form that is asked for.
    """
    found = [
        one for one in candidates(asked, evidence, confidence, limits.phrase) if len(one.text.split()) <= MOST_WORDS
    ]
    return max(found, key=lambda one: one.probability, default=None)


def _filling(basis: Basis) -> ShortAnswer | None:
    """Return what fills the gap of the question in the best sentence: "Bo Lark" of "Bo Lark runs the yard"."""
    asked, item = read_asked(basis.question, basis.asked), basis.evidence[0]
    if len(cells_of(item.span)) > 1:
        return None
    text = item.span.quote
    phrase = fill_gap(asked, text)
    if phrase is None or is_named(asked, text, phrase) or not fits_kind(asked, text, phrase):
        return None
    return _cut(item, phrase)


def _complement(asked: Asked, evidence: Sequence[Evidence]) -> ShortAnswer | None:
    """Return what the first of the best sentences that says "X is …" says, for "What is X?" and "Who is X?"."""
    if not asked.copular or asked.word in ("where", "wo"):
        return None
    for item in evidence:
        if item.score < evidence[0].score - _COPULA_MARGIN:
            break
        if phrase := complement(item.span.quote, _without_owner(asked.copular, item.span)):
            said = item.span.quote[phrase.start : phrase.end]
            is_name = any(word[0].isupper() for word in said.split())
            if (
                asked.word not in ("who", "wer")
                or is_name
                or said.split()[0].lower() in ("a", "an", "the", "ein", "eine")
            ):
                return ShortAnswer(said, cut(item.span, phrase.start, phrase.end))
    return None


def _without_owner(copular: str, span: Span) -> str:
    """Return what "Who are the members of the board of the orchard?" asks for, without what a title names."""
    subject, _, owner = copular.rpartition(" of ")
    stems = {stem for stem in terms(owner) if stem not in STOPWORDS}
    said = f" of {owner}".lower() in span.quote.lower()
    return subject if subject and stems <= set(terms(span.title)) and not said else copular


def _in_role(asked: Asked, evidence: Sequence[Evidence]) -> ShortAnswer | None:
    """Return the name beside the role of "Who is the chief executive of X?"."""
    if asked.word not in ("who", "wer") or not asked.copular:
        return None
    for item in evidence[:_ROLES]:
        span = item.span
        if phrase := name_beside_role(span.quote, asked.copular, f"{span.title}\n{span.header}\n{span.source}"):
            return _cut(item, phrase)
    return None


def _measured(asked: Asked, evidence: Sequence[Evidence]) -> ShortAnswer | None:
    """Return the amount before the adjective that "how long" asks with: "It is 412 metres long".

    The sentence names what is measured, or it leans on the better one before it in its paragraph.
    """
    if not asked.measure or asked.answer_type not in ("number", "duration"):
        return None
    topic = asked.stems - {asked.focus_stem}
    for item in evidence[:SENTENCES]:
        text = item.span.quote
        leans = item.block == evidence[0].block and item.span.source_id == evidence[0].span.source_id
        if not leans and 2 * len(topic & set(terms(text))) < len(topic):
            continue
        behind = re.compile(rf"\s{re.escape(asked.focus)}\b", re.I)
        amounts = [p for p in find_phrases(text, asked.answer_type, "") if behind.match(text, p.end)]
        if len(amounts) == 1:
            return _cut(item, amounts[0])
    return None


def _located(asked: Asked, evidence: Sequence[Evidence]) -> ShortAnswer | None:
    """Return the place behind the verb of "Where do they live?", or "is" of "Where is it?": "They live on rocks"."""
    words = WORD.findall(asked.text)
    if asked.word not in ("where", "wo") or asked.answer_type != "place" or not words:
        return None
    if asked.copular:
        for item in evidence[:SENTENCES]:
            if phrase := place_of(item.span.quote, asked.copular):
                return _cut(item, phrase)
        return None
    verb = "".join(terms(words[-1])[:1])
    topic = asked.stems - {verb}
    if not verb or not topic:
        return None
    for item in evidence[:SENTENCES]:
        text = item.span.quote
        if topic <= set(terms(text)) and (phrase := place_behind(text, verb)):
            return _cut(item, phrase)
    return None


def _cut(item: Evidence, phrase: Phrase) -> ShortAnswer:
    return ShortAnswer(item.span.quote[phrase.start : phrase.end], cut(item.span, phrase.start, phrase.end))
