"""Ask an earlier question about something else: "What is the fee in London?", "and Leeds?". Pure.

Owns: which words of the earlier question a fragment takes the place of. Knows nothing about the conversation.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.notices.language import language_of
from rag.question.leaning import WORD, without_opening
from rag.question.leaning_words import (
    AUXILIARIES,
    DETERMINERS,
    PREPOSITIONS,
    QUESTION_COMPANIONS,
    QUESTION_WORDS,
    VERB_FOLLOWS,
)
from rag.text import STOPWORDS

_YEAR = re.compile(r"(?:1\d|20)\d\d")
# Question words that ask for no thing: another one may take their place.
_ADVERBS = frozenset("when where why how wann wo warum weshalb wieso woher wohin wie".split())

# Behind these a form of "be" has a participle with it.
_WITH_PARTICIPLE = frozenset("when where why by wann wo warum weshalb wieso".split())


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    start: int
    end: int

    @property
    def lower(self) -> str:
        return self.text.lower()


def replace_slot(question: str, fragment: str) -> str:
    """Ask a question about what a fragment names instead.

    A year takes the place of a year, a name that of a name, "the archive team" that of "the kitchen team", "parental
    leave" that of "annual leave"; with a preposition that the question lacks it is added at its end.

    Args:
        question: A question that stands alone.
        fragment: What follows it: "and in Leeds?", "I meant for Mars?", "and parental leave?".

    Returns:
        The question about that; "" where no words of the question are of the same kind.
    """
    words, piece = _words(question), _words(without_opening(fragment))
    preposition = piece[0] if len(piece) > 1 and piece[0].lower in PREPOSITIONS else None
    core = piece[1:] if preposition else piece
    if not core or len(words) < 2:
        return ""
    new = without_opening(fragment)[core[0].start : core[-1].end]
    slot = _find_slot(question, words, core, preposition)
    if slot:
        start, end = slot
        before = next((word for word in words if word.end == start - 1 and word.lower in PREPOSITIONS), None)
        if preposition and before:
            start, new = before.start, f"{preposition.text} {new}"
        return question[:start] + new + question[end:]
    if preposition:
        return f"{question.rstrip(' ?.!')} {preposition.text} {new}?"
    return ""


def replace_question_word(question: str, asking: str) -> str:
    """Ask another thing of the same event: "When does judo take place?", "where?" → "Where does judo take place?".

    Args:
        question: A question that stands alone.
        asking: The question words that follow it.

    Returns:
        The other question; "" where the first does not ask by an adverb before a helping verb.
    """
    words = _words(question)
    at = 1 if len(words) > 1 and words[0].lower in PREPOSITIONS else 0
    if len(words) < at + 2 or words[at].lower not in _ADVERBS:
        return ""
    verb = next((i for i, word in enumerate(words[at + 1 : at + 4], at + 1) if word.lower in AUXILIARIES), None)
    if verb is None or any(word.lower not in QUESTION_COMPANIONS for word in words[at + 1 : verb]):
        return ""
    opening = without_opening(asking).strip(" ?.!")
    return f"{opening[:1].upper()}{opening[1:]} {question[words[verb].start :]}"


def _words(text: str) -> list[_Word]:
    return [_Word(match.group(), *match.span()) for match in WORD.finditer(text)]


def _find_slot(
    question: str, words: Sequence[_Word], core: Sequence[_Word], preposition: _Word | None
) -> tuple[int, int] | None:
    """Return where in a question stands what a fragment takes the place of."""
    if _YEAR.fullmatch(core[-1].text):
        years = [word for word in words if _YEAR.fullmatch(word.text)]
        return (years[-1].start, years[-1].end) if years else None
    if core[0].lower in DETERMINERS:
        return _noun_phrase(words, core)
    if tail := _same_last_word(words, core):
        return tail
    if core[-1].text[0].isupper():
        return _name(question, words, core, preposition)
    # A fragment with a preposition says where or when; it does not take the place of what is asked about.
    return None if preposition else _bare_subject(words)


def _name(
    question: str, words: Sequence[_Word], core: Sequence[_Word], preposition: _Word | None
) -> tuple[int, int] | None:
    """Return the name that another one takes the place of: behind the same preposition, else the last one."""
    runs: list[list[_Word]] = []
    for i, word in enumerate(words):
        if not i or not (word.text[0].isupper() or word.text[0].isdigit()) or word.lower in STOPWORDS:
            continue
        if runs and runs[-1][-1] is words[i - 1] and question[words[i - 1].end : word.start] == " ":
            runs[-1].append(word)
        else:
            runs.append([word])
    runs = [run for run in runs if run[0].text[0].isupper()]
    if not runs:
        return None
    before = {id(words[i]): words[i - 1].lower for i in range(1, len(words))}
    if preposition:
        same = [run for run in runs if before[id(run[0])] == preposition.lower]
        placed = [run for run in runs if before[id(run[0])] in PREPOSITIONS]
        if not same and not placed:
            return None
        chosen = (same or placed)[-1]
    else:
        # "The Lantern bridge" is no name by itself.
        alone = [run for run in runs if before[id(run[0])] not in DETERMINERS]
        chosen = (alone or runs)[-1]
        if not alone and language_of(question) != "de":
            return _noun_phrase(words, core)
    return chosen[0].start, chosen[-1].end


def _same_last_word(words: Sequence[_Word], core: Sequence[_Word]) -> tuple[int, int] | None:
    """Return the words that end like a fragment: "annual leave" for "parental leave"."""
    if len(core) < 2:
        return None
    at = next((i for i, word in enumerate(words) if word.lower == core[-1].lower), None)
    if at is None:
        return None
    first = at
    while first > 0 and at - first < len(core) - 1 and not _ends_phrase(words[first - 1]):
        first -= 1
    return (words[first].start, words[at].end) if first < at else None


def _noun_phrase(words: Sequence[_Word], core: Sequence[_Word]) -> tuple[int, int] | None:
    """Return a phrase with an article: with the fragment's own one if there is one, else the last."""
    articles = [i for i, word in enumerate(words) if word.lower in DETERMINERS and i + 1 < len(words)]
    same = [i for i in articles if words[i].lower == core[0].lower]
    if not articles:
        return None
    first = same[0] if same else articles[-1]
    end = first + 1
    while end + 1 < len(words) and not _ends_phrase(words[end + 1]):
        end += 1
    # Behind a helping verb the main verb follows the phrase: "does the ticket cost", "why was the bridge closed".
    verb_follows = any(word.lower in VERB_FOLLOWS for word in words[:first])
    if verb_follows and end + 1 == len(words) and end > first + 1:
        end = min(end - 1, first + max(1, len(core) - (core[0].lower in DETERMINERS)))
    elif words[0].lower in _WITH_PARTICIPLE and end + 1 == len(words) and end > first + 1:
        end -= 1
    start = words[first].start if core[0].lower in DETERMINERS else words[first + 1].start
    return start, words[end].end


def _bare_subject(words: Sequence[_Word]) -> tuple[int, int] | None:
    """Return the one word behind the helping verb, where it has no article: "When does *rowing* take place?"."""
    at = next((i for i, word in enumerate(words[:6]) if word.lower in AUXILIARIES), None)
    if at is None or at + 1 >= len(words):
        return None
    word = words[at + 1]
    if word.lower in DETERMINERS or word.lower in PREPOSITIONS or word.lower in STOPWORDS:
        return None
    return word.start, word.end


def _ends_phrase(word: _Word) -> bool:
    return (
        word.lower in PREPOSITIONS
        or word.lower in AUXILIARIES
        or word.lower in DETERMINERS
        or word.lower in QUESTION_WORDS
    )
