"""What a question of fact asks of its subject: "chief executive" of "Lund Airframe", "founded" of "Tarn Hotel". Pure.

Owns: which words those are, and whether a sentence may say it of that subject. Knows nothing about how near words are.

A title that names the subject is near to any question about it; what is asked must stand, in whatever words, in a
sentence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.notices.language import language_of
from rag.question.answer_types import read_answer_type
from rag.question.mentions import Term, question_mentions, stands_in
from rag.retrieval.answer_patterns import answer_pattern, holds_new
from rag.text import STOPWORDS, terms
from rag.types import Passage

# What such a question asks for can be told by the look of it.
_IN_FIGURES = frozenset(("date", "year", "time", "number", "money", "duration", "percentage"))
_TYPES = _IN_FIGURES | {"person", "place"}
# The noun is what stands before the verb; of several words any one will do.
_HOW_MANY = re.compile(
    r"\bhow many (?:of (?:the )?)?(?P<noun>[^?,]{1,60}?)\s(?:do|does|did|is|are|was|were|has|have|had|can|could|will"
    r"|would|there)\b",
    re.I,
)
_PEOPLE = frozenset(
    terms("people persons employees staff workers members inhabitants residents students pupils soldiers")
)
_BEST_PASSAGES = 3
_NO_MENTION = ("value", "count")


@dataclass(frozen=True, slots=True)
class Attribute:
    """What a question asks of its subject.

    Attributes:
        question: The question.
        places: Where its words stand in the question.
        subject: The names of the subject.
        figures: What a sentence that says it holds, such as a number; None where that cannot be told.
    """

    question: str
    places: tuple[tuple[int, int], ...]
    subject: tuple[Term, ...]
    figures: re.Pattern[str] | None

    def may_be_said(self, sentence: str, around: str) -> bool:
        """Tell whether a sentence may say it, whatever its words.

        Args:
            sentence: The sentence.
            around: The passage it stands in, with its title and headings.

        Returns:
            False where the sentence holds no figure of the kind, or half of the subject's names stand nowhere around.
        """
        if self.figures and not holds_new(self.figures, sentence, self.question):
            return False
        return 2 * sum(stands_in(name, around) for name in self.subject) >= len(self.subject)


def counts_what_is_absent(question: str, passages: Sequence[Passage]) -> bool:
    """Tell whether a question counts what none of the best passages names: "How many rooms does the villa have?".

    Args:
        question: A question that stands alone.
        passages: The retrieved passages, best first.

    Returns:
        True where no word of the counted noun, nor the beginning or the end of another one, stands in them; False for a
        question that counts nothing, or people, who have many names.
    """
    match = _HOW_MANY.search(question)
    if match is None or language_of(question) == "de":
        return False
    nouns = [stem for stem in terms(match["noun"]) if stem not in STOPWORDS]
    if not nouns or _PEOPLE.intersection(nouns):
        return False
    text = " ".join(f"{passage.context} {passage.text}" for passage in passages[:_BEST_PASSAGES]).lower()
    return not any(stem in text for stem in nouns)


def read_attribute(question: str) -> Attribute | None:
    """Read what a question asks of a subject that it names.

    Args:
        question: A question that stands alone.

    Returns:
        The attribute; None where the question asks for no person, place, time or amount, names no subject, or tells no
        names from words: in German every noun has a capital.
    """
    answer_type, _ = read_answer_type(question)
    if answer_type not in _TYPES or language_of(question) == "de":
        return None
    mentioned = [term for term in question_mentions(question) if term.kind not in _NO_MENTION]
    subject = tuple(term for term in mentioned if term.text[:1].isupper() or term.kind == "code")
    asked = tuple((term.start, term.end) for term in mentioned if term not in subject)
    if not subject or not asked:
        return None
    return Attribute(question, asked, subject, answer_pattern(question) if answer_type in _IN_FIGURES else None)
