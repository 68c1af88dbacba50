"""Does the answer say what is expected? Pure.

Owns: the comparison of an answer's words with the expected ones. Knows nothing about retrieval and citations.

An answer is compared without its ``[n]`` marks and quotation marks. Of several aliases the best match counts.
"""

from __future__ import annotations

import re
import string
import unicodedata
from collections import Counter

from rag.errors import UsageError
from rag.evaluate.metrics.numbers import numbers_in_digits, canonical_number, states_number
from rag.evaluate.types import Case
from rag.marks import strip_marks
from rag.text import normalise, words
from rag.types import Answer

# With the match ``f1`` an answer is right from this token F1 on.
RIGHT_F1 = 0.5
# A pattern that takes longer on one answer is refused: a hostile one would never end.
_PATTERN_SECONDS = 1.0

_QUOTATION = re.compile('["“”„‟«»]')
_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "‐": "-", "‑": "-", "–": "-", "—": "-"})
_SIGNS = frozenset("%‰°")


def plain_answer(answer: Answer) -> str:
    """The words of an answer without marks and quotation marks; empty when it abstains."""
    return "" if answer.abstained else _QUOTATION.sub("", strip_marks(answer.answer)).strip()


def answer_measures(case: Case, answer: Answer) -> dict[str, float | None]:
    """em, f1, contains, rouge_l, numeric, regex, must_include, must_not_include and right.

    ``right`` is 1 when the comparison named by ``case.match`` and the two lists hold; None where nothing is expected.
    An unanswerable case is right when the answer abstains; its em and f1 are the same, after SQuAD 2.0.
    """
    nothing: dict[str, float | None] = dict.fromkeys(
        ("em", "f1", "contains", "rouge_l", "numeric", "regex", "must_include", "must_not_include")
    )
    if not case.answerable:
        refused = float(answer.abstained)
        return nothing | {"em": refused, "f1": refused, "right": refused}
    said = plain_answer(answer)
    found = dict(nothing)
    if case.answers:
        found["em"] = max(exact_match(said, alias) for alias in case.answers)
        found["f1"] = max(token_f1(said, alias) for alias in case.answers)
        found["contains"] = float(any(contains(said, alias) for alias in case.answers))
        found["rouge_l"] = max(rouge_l(said, alias) for alias in case.answers)
    if case.numeric:
        found["numeric"] = float(states_number(said, case.numeric))
    if case.pattern:
        found["regex"] = float(_matches(case, said))
    if case.must_include:
        found["must_include"] = sum(contains(said, phrase) for phrase in case.must_include) / len(case.must_include)
    if case.must_not_include and not answer.abstained:
        found["must_not_include"] = float(not any(contains(said, phrase) for phrase in case.must_not_include))
    return found | {"right": _right(case, answer, found)}


def _right(case: Case, answer: Answer, found: dict[str, float | None]) -> float | None:
    match = found[case.match]
    conditions = [
        None if match is None else match >= (RIGHT_F1 if case.match == "f1" else 1),
        *(None if found[name] is None else found[name] == 1 for name in ("must_include", "must_not_include")),
    ]
    judged = [condition for condition in conditions if condition is not None]
    if answer.abstained:
        return 0.0 if judged or case.must_not_include else None
    return float(all(judged)) if judged else None


def squad_normal_form(text: str) -> str:
    """SQuAD's normal form (Rajpurkar et al., 2016): lower case, without punctuation and articles, single spaces.

    Typographic quotation marks and dashes count as punctuation, too.
    """
    lowered = _QUOTATION.sub("", text.translate(_APOSTROPHES)).lower()
    unmarked = "".join(character for character in lowered if character not in string.punctuation)
    return " ".join(re.sub(r"\b(a|an|the)\b", " ", unmarked).split())


def exact_match(said: str, expected: str) -> float:
    """1 when the two are equal in SQuAD's normal form."""
    return float(squad_normal_form(said) == squad_normal_form(expected))


def token_f1(said: str, expected: str) -> float:
    """The harmonic mean of precision and recall over the words of SQuAD's normal form; 1 when both have none."""
    one, other = squad_normal_form(said).split(), squad_normal_form(expected).split()
    if not one or not other:
        return float(one == other)
    common = (Counter(one) & Counter(other)).total()
    return 2 * common / (len(one) + len(other))


def rouge_l(said: str, expected: str) -> float:
    """ROUGE-L (Lin, 2004): twice the longest common subsequence of words / words of both; 1 when both have none."""
    from rapidfuzz.distance import LCSseq

    one, other = words(said), words(expected)
    if not one and not other:
        return 1.0
    return 2 * LCSseq.similarity(one, other) / (len(one) + len(other))


def contains(said: str, phrase: str) -> bool:
    """Whether the words of the phrase stand in a row in the text, with its numbers and its currency and percent signs.

    Words are whole: "5" does not stand in "25", and "-5" does not stand in "5".
    """
    wanted, held = _comparable(phrase), _comparable(said)
    if not wanted:
        return normalise(phrase).strip() in normalise(said)
    in_a_row = any(held[at : at + len(wanted)] == wanted for at in range(len(held) - len(wanted) + 1))
    return in_a_row and set(numbers_in_digits(phrase)) <= set(numbers_in_digits(said)) and _signs(phrase) <= _signs(said)


def _comparable(text: str) -> list[str]:
    """The words of a text, numbers in one spelling."""
    return [canonical_number(word) for word in words(text)]


def _signs(text: str) -> set[str]:
    return {sign for sign in normalise(text) if sign in _SIGNS or unicodedata.category(sign) == "Sc"}


def _matches(case: Case, said: str) -> bool:
    import regex

    try:
        return regex.search(case.pattern, said, timeout=_PATTERN_SECONDS) is not None
    except TimeoutError:
        raise UsageError(f"The pattern of case {case.id!r} takes too long on its answer: simplify it.") from None
    except regex.error as error:
        raise UsageError(f"The pattern of case {case.id!r} is no regular expression: {error}.") from None
