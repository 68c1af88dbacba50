"""Another wording of a question that its documents did not answer. Pure.

Owns: which one is offered: nothing is asked by itself, and nothing is offered that the nearest passages have no words
for. Knows nothing about HTML.
"""

from __future__ import annotations

import difflib
import re

from rag.answering.notices import not_mentioned
from rag.types import Answer, Passage
from ui.i18n import translator
from ui.views.asked_words import asked_stems, in_parts

# Passages whose words are looked at.
_PASSAGES = 5
# Letters of a word that may be a typing error, and how alike the word is that was meant.
_SHORTEST_WORD, _LEAST_ALIKE = 5, 0.8
_MOST_WORDS = 3
_WORD = re.compile(r"[^\W\d_]{4,}")
# What stands between the title and the headings of a passage, and between the names of columns.
_JOINT, _COLUMNS = " › ", " | "


def rephrasing(answer: Answer) -> str:
    """Return another wording of the question, in its language, that the documents may answer.

    Args:
        answer: An answer that is none, or a tentative one.

    Returns:
        The question with typing errors corrected by the words of the nearest passages; else one that asks what the
        nearest document says about those words of the question that it has; "" where neither can be had.
    """
    question = answer.question.strip()
    passages = answer.passages[:_PASSAGES]
    corrected = _corrected(question, not_mentioned(answer), passages)
    if corrected != question:
        return corrected
    stems = asked_stems(question)
    if not stems:
        return ""
    shared = [(len(_asked_words(question, passage)), -passage.rank, passage) for passage in passages]
    count, _, nearest = max(shared, key=lambda one: one[:2], default=(0, 0, None))
    if nearest is None or not count:
        return ""
    heading = _heading(nearest)
    words = _asked_words(question, nearest)[:_MOST_WORDS]
    t = translator(answer.language if answer.language == "de" else "en")
    title = nearest.title or nearest.source
    about = " ".join(words) if count < len(stems) else heading
    if not about or _is_named(question, title):
        return ""
    return t("say about heading" if about == heading else "say about", title=title, words=about)


def _corrected(question: str, unknown: list[str], passages: tuple[Passage, ...]) -> str:
    """Return the question with each word that no document has as the word of a passage that it nearly is."""
    known = {word for passage in passages for word in _WORD.findall(passage.text)}
    by_letters = {word.casefold(): word for word in sorted(known)}
    missing = {word.casefold() for part in unknown for word in _WORD.findall(part)}

    def correct(match: re.Match[str]) -> str:
        word = match[0]
        small = word.casefold()
        if small not in missing or small in by_letters or len(small) < _SHORTEST_WORD:
            return word
        alike = [one for one in by_letters if one[0] == small[0]]
        found = difflib.get_close_matches(small, alike, 1, _LEAST_ALIKE)
        return by_letters[found[0]] if found else word

    return _WORD.sub(correct, question)


def _asked_words(question: str, passage: Passage) -> list[str]:
    """Return the words of a question that a passage has, as they were asked, in order and once."""
    there = asked_stems(f"{passage.text} {passage.context}")
    asked = [part.words for part in in_parts(question, asked_stems(question) & there) if part.is_asked]
    return list(dict.fromkeys(asked))


def _heading(passage: Passage) -> str:
    """Return the heading right above a passage; "" where there is none but the title."""
    headings = [part for part in passage.context.split(_JOINT)[1:] if _COLUMNS not in part]
    return headings[-1].strip() if headings else ""


def _is_named(question: str, title: str) -> bool:
    return title.casefold() in question.casefold()
