"""Does the answer say what is expected? Pure.

Owns: the comparison of an answer's words with the expected ones, and whether a right answer cites its place. Knows
nothing about retrieval.

An answer is compared without its ``[n]`` marks and quotation marks. Of several aliases the best match counts.
"""

from __future__ import annotations

import re
import string
import unicodedata
from collections import Counter
from collections.abc import Mapping

from rag.errors import UsageError
from rag.evaluate.metrics.numbers import canonical_number, join_spaced, numbers_in_digits, states_number
from rag.evaluate.metrics.retrieval import holds_evidence
from rag.evaluate.metrics.table import Meaning, Measured
from rag.evaluate.spelling import written_out
from rag.evaluate.types import Case
from rag.marks import strip_marks
from rag.text import normalise, words
from rag.types import Answer

# Limit on matching a pattern against one answer: a hostile pattern would never end.
_PATTERN_SECONDS = 1.0

# What stands between the groups of a large number: an apostrophe, or a space that does not break.
_THOUSANDS = re.compile("(?<=\\d)['’\u00a0\u2009\u202f](?=\\d{3}(?!\\d))")
_QUOTATION = re.compile('["“”„‟«»]')
_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "‐": "-", "‑": "-", "–": "-", "—": "-"})
_PERCENT_SIGNS = frozenset("%‰°")


class AnswerMetric:
    """The answer's words against the expected ones."""

    meanings: Mapping[str, Meaning] = {
        "em": Meaning("higher", "the answer equals an expected one in SQuAD's normal form"),
        "f1": Meaning("higher", "words shared with the best expected answer: harmonic mean of precision and recall"),
        "contains": Meaning("higher", "the words of an expected answer stand in the answer in a row"),
        "rouge_l": Meaning("higher", "longest common subsequence of words with the best expected answer"),
        "numeric": Meaning("higher", "the answer states the expected number with its unit"),
        "regex": Meaning("higher", "the pattern is found in the answer"),
        "must_include": Meaning("higher", "share of the required phrases that stand in the answer"),
        "must_not_include": Meaning("higher", "no forbidden phrase stands in the answer"),
        "right": Meaning("higher", "the answer is right as the case defines it; a refusal where there is no answer"),
        "right_and_cited": Meaning("higher", "the answer is right and cites a gold place"),
    }

    def measure(self, measured: Measured) -> dict[str, float | None]:
        """Return the measures of the words, and whether a right answer cites a gold place."""
        case, answer = measured.case, measured.answer
        values = answer_measures(case, answer)
        if measured.failed and case.answerable and case.must_not_include:
            # It applies to any answer, though an empty one says nothing that is forbidden.
            values["must_not_include"] = 0.0
        cites = any(holds_evidence(citation, span) for span in measured.gold for citation in answer.citations)
        right = values["right"]
        return values | {"right_and_cited": None if right is None or not measured.gold else right * cites}


def plain_answer(answer: Answer) -> str:
    """Return the words of an answer without marks and quotation marks; empty when it abstains."""
    return "" if answer.abstained else _QUOTATION.sub("", strip_marks(answer.answer)).strip()


def answer_measures(case: Case, answer: Answer) -> dict[str, float | None]:
    """Measure an answer's words against the expected ones.

    An unanswerable case is right when the answer abstains, or says that it is tentative; its em and f1 are the same,
    after SQuAD 2.0. Small talk is right when the answer neither refuses nor cites. Of the short answer and the whole
    text the one counts that is nearer to what is expected.

    Args:
        case: The question with what is expected of its answer.
        answer: The answer to the case.

    Returns:
        em, f1, contains, rouge_l, numeric, regex, must_include, must_not_include and right, each 0…1; None where
        nothing of the kind is expected. ``right`` is 1 when the comparison named by ``case.match`` and the two lists
        of phrases hold.

    Raises:
        UsageError: The case's pattern is no regular expression, or takes too long.
    """
    measures: dict[str, float | None] = dict.fromkeys(
        ("em", "f1", "contains", "rouge_l", "numeric", "regex", "must_include", "must_not_include")
    )
    if not case.answerable:
        held_back = float(answer.abstained or answer.tentative)
        return measures | {"em": held_back, "f1": held_back, "right": held_back}
    if case.small_talk:
        return measures | {"right": float(not answer.abstained and not answer.citations)}
    text = "\n".join(filter(None, (answer.short_answer, plain_answer(answer))))
    if case.answers:
        wordings = (plain_answer(answer), answer.short_answer or "")
        measures["em"] = max(exact_match(words, alias) for words in wordings for alias in case.answers)
        measures["f1"] = max(token_f1(words, alias) for words in wordings for alias in case.answers)
        measures["contains"] = float(any(contains(text, alias) for alias in case.answers))
        measures["rouge_l"] = max(rouge_l(text, alias) for alias in case.answers)
    if case.numeric:
        measures["numeric"] = float(states_number(text, case.numeric))
    if case.pattern:
        measures["regex"] = float(_matches_pattern(case, text))
    if case.must_include:
        measures["must_include"] = sum(contains(text, phrase) for phrase in case.must_include) / len(case.must_include)
    if case.must_not_include and not answer.abstained:
        measures["must_not_include"] = float(not any(contains(text, phrase) for phrase in case.must_not_include))
    return measures | {"right": _right(case, answer, measures)}


def _right(case: Case, answer: Answer, measures: dict[str, float | None]) -> float | None:
    match = measures[case.match]
    conditions = [
        None if match is None else match >= (case.f1_threshold if case.match == "f1" else 1),
        *(None if measures[name] is None else measures[name] == 1 for name in ("must_include", "must_not_include")),
    ]
    applicable = [condition for condition in conditions if condition is not None]
    if answer.abstained:
        return 0.0 if applicable or case.must_not_include else None
    return float(all(applicable)) if applicable else None


def squad_normal_form(text: str) -> str:
    """Return SQuAD's normal form (Rajpurkar et al., 2016): lower case, no punctuation and articles, single spaces.

    Typographic quotation marks and dashes count as punctuation, too.
    """
    lowered = _QUOTATION.sub("", text.translate(_APOSTROPHES)).lower()
    unmarked = "".join(character for character in lowered if character not in string.punctuation)
    return " ".join(re.sub(r"\b(a|an|the)\b", " ", unmarked).split())


def exact_match(text: str, expected: str) -> float:
    """Compare two texts in SQuAD's normal form.

    Args:
        text: The answer's words.
        expected: The expected ones.

    Returns:
        1 when they are equal, else 0.
    """
    return float(squad_normal_form(text) == squad_normal_form(expected))


def token_f1(text: str, expected: str) -> float:
    """Return the harmonic mean of precision and recall over the words of SQuAD's normal form.

    Args:
        text: The answer's words.
        expected: The expected ones.

    Returns:
        0…1; 1 when both have no words.
    """
    one, other = squad_normal_form(text).split(), squad_normal_form(expected).split()
    if not one or not other:
        return float(one == other)
    common = (Counter(one) & Counter(other)).total()
    return 2 * common / (len(one) + len(other))


def rouge_l(text: str, expected: str) -> float:
    """Return ROUGE-L (Lin, 2004): twice the longest common subsequence of words / words of both.

    Args:
        text: The answer's words.
        expected: The expected ones.

    Returns:
        0…1; 1 when both have no words.
    """
    from rapidfuzz.distance import LCSseq

    one, other = words(text), words(expected)
    if not one and not other:
        return 1.0
    return 2 * LCSseq.similarity(one, other) / (len(one) + len(other))


def contains(text: str, phrase: str) -> bool:
    """Tell whether a text holds a phrase, with its numbers and its currency and percent signs.

    Words are whole: "5" does not stand in "25", and "-5" does not stand in "5". Both are in the form of the checker of
    answers: ligatures, soft hyphens, composed letters and kinds of quotation marks make no difference, powers do.

    Args:
        text: Where the phrase is looked for.
        phrase: The words that must stand in a row.

    Returns:
        Whether they do. A phrase without words is compared character by character.
    """
    phrase, text = written_out(phrase), written_out(text)
    # Thousands that a space sets apart are one number, or groups.
    return any(_contains(spelt(text), spelt(phrase)) for spelt in (_with_whole_numbers, normalise, join_spaced))


def _with_whole_numbers(text: str) -> str:
    return _THOUSANDS.sub("", text)


def _contains(text: str, phrase: str) -> bool:
    phrase_words, text_words = _comparable_words(phrase), _comparable_words(text)
    if not phrase_words:
        return normalise(phrase).strip() in normalise(text)
    length = len(phrase_words)
    in_a_row = any(text_words[i : i + length] == phrase_words for i in range(len(text_words) - length + 1))
    same_numbers = set(numbers_in_digits(phrase)) <= set(numbers_in_digits(text))
    return in_a_row and same_numbers and _signs(phrase) <= _signs(text)


def _comparable_words(text: str) -> list[str]:
    """Return the words of a text, numbers in one spelling."""
    return [canonical_number(word) for word in words(text)]


def _signs(text: str) -> set[str]:
    """Return the percent and currency signs of a text."""
    return {sign for sign in normalise(text) if sign in _PERCENT_SIGNS or unicodedata.category(sign) == "Sc"}


def _matches_pattern(case: Case, text: str) -> bool:
    import regex

    try:
        return regex.search(case.pattern, text, timeout=_PATTERN_SECONDS) is not None
    except TimeoutError:
        raise UsageError(f"The pattern of case {case.id!r} takes too long on its answer: simplify it.") from None
    except regex.error as error:
        raise UsageError(f"The pattern of case {case.id!r} is no regular expression: {error}.") from None
