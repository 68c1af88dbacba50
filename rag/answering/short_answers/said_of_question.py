"""What a sentence says of a yes-or-no question: that it is so, that it is not, or neither for certain. Pure.

Owns: when a bare yes or no would deny the sentence that it is shown above. Knows nothing about models; whether a
paraphrase answers a question, only a judge can tell.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from rag.text import terms
from rag.verify.compare import RULES, first_objection
from rag.verify.parse.parsed_text import parse_text
from rag.verify.rule import Comparison

YES = frozenset("yes ja oui sí si sì sim да 是 是的 有 はい نعم".split())
NO = frozenset("no nein non não nee нет 否 不是 没有 いいえ لا".split())
"""The words for yes and no in the languages in which a question is told to ask for them."""

Said = Literal["yes", "no"]
# A sentence speaks of what is asked where it has so much of the question's content.
_SPEAKS_OF_IT = 0.6
# Rules whose objection says that a sentence is not what the question asks.
_IDS_DENYING = frozenset(
    "number-contradicted date-contradicted contradicted-negation opposite-word opposite-bound contrary-modal "
    "contrary-quantifier".split()
)
_DENYING = [rule for rule in RULES if rule.id in _IDS_DENYING]
# Rules without an objection of which a sentence is all that the question asks.
_ANY = [rule for rule in RULES if rule.severity != "contradiction" and rule.id != "quotation-absent"]


def word_of(phrase: str) -> Said | None:
    """Return whether a phrase opens with yes or with no; None for neither."""
    first = phrase.strip("*_ ").split()[:1]
    word = first[0].strip(",.;:!–—-*_。，！").casefold() if first else ""
    return "yes" if word in YES else "no" if word in NO else None


def denies(word: str, question: str, sentences: Iterable[str]) -> bool:
    """Tell whether a bare yes or no says otherwise than the sentences that it is shown above.

    Args:
        word: The answer.
        question: The question.
        sentences: The sentences that the documents support.

    Returns:
        Whether one of them says the other for certain, and none says the same.
    """
    said = [found for found in (_said_of(question, sentence) for sentence in sentences) if found]
    return bool(said) and word not in said


def _said_of(question: str, sentence: str) -> Said | None:
    """Return what a sentence says of what a question asks; None where that is not certain."""
    if opening := word_of(sentence):
        return opening
    asked, line = parse_text(question.strip(" ?？!.")), parse_text(sentence)
    wanted = set(terms(" ".join(token.word for token in asked.tokens if token.is_content)))
    held = wanted & set(terms(sentence))
    if not wanted or len(held) < _SPEAKS_OF_IT * len(wanted) or asked.negations:
        return None
    comparison = Comparison(asked, [line], sentence=question, quotes=[sentence], nearly_copied=_SPEAKS_OF_IT)
    if first_objection(_DENYING, comparison):
        return "no"
    return "yes" if held == wanted and not first_objection(_ANY, comparison) else None
