"""The phrase that answers a question in another language, where it is sure. Pure.

Owns: which sentence is about what is asked, and which of its phrases is meant. Knows nothing about models.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from rag.answering.short_answers.foreign.cover import content_of, is_covered, same_word
from rag.answering.short_answers.foreign.in_place import phrase_in_place
from rag.answering.short_answers.foreign.measures import asked_measure, is_of_other_measure
from rag.answering.short_answers.foreign.phrases import FORMS, phrases_of, word_before
from rag.answering.short_answers.phrases import MOST_WORDS, Phrase
from rag.answering.short_answers.range_sides import asked_side, side_of_range
from rag.answering.short_answers.types import Basis, ShortAnswer, cut
from rag.question.languages.content import function_words_of, is_spaced
from rag.question.languages.folding import fold
from rag.question.languages.tables import ASKING
from rag.question.vocabulary import AnswerType
from rag.types import Evidence

MOST_CHARACTERS = 40
"""Characters of a short answer in a script without spaces."""

# Sentences that are looked at.
_SENTENCES = 3
# A longer one is no sentence, and of more phrases of one form it is in doubt which is meant.
_LONGEST, _MOST_RIVALS = 2000, 8
# Share of the question's words that the sentence and its headings have; more where the answer is a tentative one. The
# sentence alone must have fewer, yet half where a name is asked for, as every sentence has names.
_COVERED, _COVERED_SURELY = 0.6, 0.75
_COVERED_ALONE, _COVERED_ALONE_BY_NAMES = 0.34, 0.5
# A line that ends with none of these is a heading, which names things and says nothing of them.
_SENTENCE_END = re.compile(r"[.!?。！？؟…][\"'»”’）)\]]*\s*$")
# A phrase of this share of its sentence's letters is the sentence.
_WHOLE = 0.8
_DIGITS = re.compile(r"\d+")
_WORD = re.compile(r"[^\W\d_]+")
_CLAUSE = re.compile(r"[,;()،؛、，。；]")
_FORMED_TYPES = ("date", "year", "time", "duration", "money", "percentage", "number")
_NAMED_TYPES = ("person", "name", "place")


@dataclass(frozen=True, slots=True)
class _Sentence:
    item: Evidence
    covered: float
    alone: float
    words: tuple[str, ...]


def formed_answer_in_german(basis: Basis) -> ShortAnswer | None:
    """Cut a date or an amount that a German question asks for out of the evidence.

    Args:
        basis: The question and what its answer may rest on.

    Returns:
        The phrase with the slice that it is; None where nothing is sure enough, and where no such form is asked for.
    """
    if basis.question.kind != "fact" or basis.question.answer_type not in _FORMED_TYPES:
        return None
    return _answer(basis, "de")


def foreign_answer(basis: Basis) -> ShortAnswer | None:
    """Cut the short answer of a question in another language out of the evidence.

    Args:
        basis: The question, written in a language of the tables, and what its answer may rest on.

    Returns:
        The phrase with the slice that it is; None where nothing is sure enough.
    """
    return _answer(basis, basis.question.written_in)


def _answer(basis: Basis, language: str) -> ShortAnswer | None:
    answer_type = basis.question.answer_type
    if language not in FORMS or answer_type is None:
        return None
    asked = content_of(basis.asked, language).forms
    if not asked:
        return None
    key = _first_behind(basis.asked, asked, language, answer_type)
    sentences = [
        _read(item, asked, language)
        for item in basis.evidence[:_SENTENCES]
        if len(item.span.quote) <= _LONGEST
        and (answer_type not in _NAMED_TYPES or language == "th" or _SENTENCE_END.search(item.span.quote))
    ]
    best = max(sentences, key=lambda one: one.covered, default=None)
    if best is None or not _is_about(best, answer_type, is_tentative=basis.tentative):
        return None
    if not _has_names_and_numbers(basis, best.item, language):
        return None
    text = best.item.span.quote
    if not is_covered(key, fold(text).text, _folded_words(text), language):
        return None
    phrase = _chosen(text, basis, asked, language, answer_type)
    if phrase is None or not _is_short(text, phrase, language):
        return None
    return ShortAnswer(text[phrase.start : phrase.end], cut(best.item.span, phrase.start, phrase.end))


def _read(item: Evidence, asked: Sequence[str], language: str) -> _Sentence:
    quote = item.span.quote
    around = f"{item.span.title} {item.span.header} {quote}"
    words = tuple(word for word in asked if is_covered(word, fold(quote).text, _folded_words(quote), language))
    covered = sum(is_covered(word, fold(around).text, _folded_words(around), language) for word in asked)
    return _Sentence(item, covered / len(asked), len(words) / len(asked), words)


def _is_about(sentence: _Sentence, answer_type: AnswerType, *, is_tentative: bool) -> bool:
    """Tell whether a sentence has enough of the question's words to answer it."""
    by_names = answer_type in _NAMED_TYPES
    least = _COVERED_SURELY if is_tentative else _COVERED_ALONE_BY_NAMES if by_names else _COVERED
    return sentence.covered >= least and sentence.alone >= (_COVERED_ALONE_BY_NAMES if by_names else _COVERED_ALONE)


def _has_names_and_numbers(basis: Basis, item: Evidence, language: str) -> bool:
    """Tell whether a sentence has the numbers of a question, and its document the names that capitals tell."""
    said = fold(f"{item.span.title} {item.span.header} {item.span.quote}").text
    if not set(_DIGITS.findall(fold(basis.asked).text)) <= set(_DIGITS.findall(said)):
        return False
    quotes = [one.span.quote for one in basis.evidence if one.span.source_id == item.span.source_id]
    known = _folded_words(f"{item.span.title} {item.span.header} {' '.join(quotes)}")
    names = [fold(word).text for word in _WORD.findall(basis.asked)[1:] if word[0].isupper() and language != "de"]
    return all(any(same_word(name, word, language) for word in known) for name in names)


def _folded_words(text: str) -> list[str]:
    return _WORD.findall(fold(text).text)


def _first_behind(question: str, asked: Sequence[str], language: str, answer_type: AnswerType) -> str:
    """Return the word of content nearest behind the question word, else the last before it: what is asked of it."""
    folded = fold(question).text
    types = ASKING[language].types if language in ASKING else ()
    word = next((match for pattern, kind in types if kind == answer_type and (match := pattern.search(folded))), None)
    end = word.end() if word else 0
    behind = [form for form in asked if folded.find(form, end) >= 0]
    return behind[0] if behind else asked[-1]


def _chosen(text: str, basis: Basis, asked: Sequence[str], language: str, answer_type: AnswerType) -> Phrase | None:
    """Return the one phrase of a sentence that is meant."""
    if answer_type in _NAMED_TYPES and not is_spaced(language):
        phrase = phrase_in_place(text, basis.asked, answer_type, language)
        return phrase if phrase and _may_be_named(text, phrase, answer_type, asked, language) else None
    if answer_type in ("person", "name") and language == "ar":
        return _run_behind(text, asked, language)
    found = [
        phrase
        for phrase in phrases_of(text, answer_type, basis.question.head, language, asked)
        if not _is_named(text, phrase, asked, language)
    ]
    forms = FORMS[language]
    if answer_type == "number" and (measure := asked_measure(fold(basis.asked).text)):
        others = (forms.money, forms.duration, forms.percent)
        found = [one for one in found if not is_of_other_measure(text[one.start : one.end], measure, others)]
    if side := asked_side(fold(basis.asked).text):
        ends = (side_of_range(text, phrase, side) for phrase in found)
        found = list({(end.start, end.end): end for end in ends if end}.values())
    if answer_type in ("person", "name"):
        found = [phrase for phrase in found if word_before(text, phrase.start) not in forms.place]
        agents = [phrase for phrase in found if word_before(text, phrase.start) in forms.agent]
        if any(_are_joined(text, one, other) for one, other in pairwise(found)):
            return None
        found = agents or found
    if answer_type == "place":
        times = phrases_of(text, "date", "", language)
        found = [p for p in found if not any(p.start < time.end and time.start < p.end for time in times)]
    return _nearest(text, found, asked, language)


def _nearest(text: str, found: Sequence[Phrase], asked: Sequence[str], language: str) -> Phrase | None:
    """Return the phrase in whose clause most words of the question stand, of equals the nearest to one; the only one.

    Two that are as near are in doubt.
    """
    if len(found) < 2:
        return found[0] if found else None
    if len(found) > _MOST_RIVALS:
        return None
    clauses = [_Clause(text, phrase, asked, language) for phrase in found]
    best = max(clauses, key=lambda clause: len(clause.words))
    # "An adult pays 350, a student 150": what the first clause says goes for the second one, too.
    later = [one for one in clauses if one.start > best.start and one.words - best.words]
    best = later[0] if later else best
    rivals = sorted(
        (one.gap, number) for number, one in enumerate(clauses) if one.start == best.start and one.words == best.words
    )
    if len(rivals) > 1 and rivals[0][0] == rivals[1][0]:
        return None
    return found[rivals[0][1]]


class _Clause:
    """The clause around a phrase: where it begins, which words of a question it has, and how near the nearest is."""

    def __init__(self, text: str, phrase: Phrase, asked: Sequence[str], language: str) -> None:
        before = [match.end() for match in _CLAUSE.finditer(text, 0, phrase.start)]
        behind = _CLAUSE.search(text, phrase.end)
        self.start = before[-1] if before else 0
        end = behind.start() if behind else len(text)
        content = content_of(text[self.start : end], language)
        self.words: set[str] = set()
        self.gap = len(text)
        for (first, last), form in zip(content.spans, content.forms, strict=True):
            known = {word for word in asked if is_covered(word, form, [form], language)}
            if known:
                self.words |= known
                first, last = first + self.start, last + self.start
                self.gap = min(self.gap, max(phrase.start - last, first - phrase.end, 0))


def _is_named(text: str, phrase: Phrase, asked: Sequence[str], language: str) -> bool:
    """Tell whether a question names a phrase already."""
    shown = text[phrase.start : phrase.end]
    content = content_of(shown, language).forms
    return bool(content) and all(any(is_covered(form, word, [word], language) for word in asked) for form in content)


def _may_be_named(text: str, phrase: Phrase, answer_type: AnswerType, asked: Sequence[str], language: str) -> bool:
    shown = fold(text[phrase.start : phrase.end]).text
    if answer_type != "place" and any(character.isdigit() for character in shown):
        return False
    return not _is_named(text, phrase, asked, language) and not _CLAUSE.search(shown)


def _run_behind(text: str, asked: Sequence[str], language: str) -> Phrase | None:
    """Return the words behind the last word of the question, up to one that begins another part of the sentence."""
    tokens = list(re.finditer(r"\w+|[^\w\s]", text))
    folded = [fold(token.group()).text for token in tokens]
    at = [i for i, word in enumerate(folded) if any(is_covered(one, word, [word], language) for one in asked)]
    if not at:
        return None
    first = at[-1] + 1
    while first < len(tokens) and folded[first] in function_words_of(language):
        first += 1
    last = first
    while last < len(tokens) and folded[last].isalpha() and folded[last] not in FORMS[language].ends:
        last += 1
    return Phrase(tokens[first].start(), tokens[last - 1].end(), "name") if first < last else None


def _are_joined(text: str, first: Phrase, second: Phrase) -> bool:
    """Tell whether two names are one answer: nothing but "and" or a comma stands between them."""
    return len(text[first.end : second.start].split()) <= 1


def _is_short(text: str, phrase: Phrase, language: str) -> bool:
    """Tell whether a phrase is short enough to be an answer by itself, and not the sentence."""
    shown = text[phrase.start : phrase.end]
    if len(shown) >= _WHOLE * len(text.strip()):
        return False
    return len(shown.split()) <= MOST_WORDS if is_spaced(language) else len(shown) <= MOST_CHARACTERS
