"""Tell instructions on how to answer from what is asked.

Owns: cutting sentences and phrases such as "If it is not stated, say so." and "in three sentences" off a question, in
English and German, and the length that they ask for. Knows nothing about what a question asks for.
"""

from __future__ import annotations

import re

from rag.question.patterns.instructions import INSIDE, LEADING, ORDERED_LANGUAGE, SENTENCES, TRAILING
from rag.question.vocabulary import IMPERATIVE, NUMBER, NUMBERS

# Characters at the end of a question in which instructions are looked for, and at its beginning.
_END_READ, _INSIDE_READ = 240, 600
_ORDER = re.compile(rf"(?:{IMPERATIVE})\b", re.I)
_SENTENCES_ASKED = re.compile(
    rf"\b({NUMBER})[\s-]+(?:(?:short|simple|brief|concise|full|complete|single|kurzen?|einfachen?|or \w+|to \w+"
    rf"|bis \w+|oder \w+) )*(sentence|line|paragraph|word|page|satz|sätze|zeile|absatz|absätze|wort|wörter|worte)",
    re.I,
)
_SHORT = re.compile(r"\b(?:tl;?dr|nutshell|gist|one[- ]liner)\b", re.I)
_BRIEF = re.compile(r"\b(?:brief(?:ly)?|short(?:ly)?|concise(?:ly)?|quick|kurze?[nrs]?)\b", re.I)
_LINES_OF_PARAGRAPH, _WORDS_OF_SENTENCE, _SENTENCES_OF_PAGE = 4, 20, 20
_MOST_SENTENCES = 60


def is_instruction(sentence: str) -> bool:
    """Tell whether a whole sentence says how to answer."""
    return any(pattern.match(sentence) for pattern in SENTENCES)


def split_instructions(question: str) -> tuple[str, tuple[str, ...]]:
    """Cut instructions off both ends of a question.

    Returns:
        The question without them, and the instructions in their order; a question that is nothing else is kept whole.
    """
    before: list[str] = []
    after: list[str] = []
    while (match := _first_match(LEADING, question)) and question[match.end() :].strip():
        before.append(match.group().strip(" ,:–—-"))
        question = question[match.end() :].lstrip()
    while True:
        body = question.rstrip(" ?.!")
        mark = "?" if "?" in question[len(body) :] else question[len(body) :].strip()
        start = _start_of_trailing(body)
        rest = body[:start].rstrip(" ,;:(–—-")
        if not rest or start == len(body):
            break
        after.insert(0, body[start:].strip(" ,;:()–—-"))
        question = rest if rest.endswith("?") else rest + mark
    if inside := next(filter(None, (pattern.search(question[:_INSIDE_READ]) for pattern in INSIDE)), None):
        after.append(inside.group().strip())
        question = question[: inside.start()] + question[inside.end() :]
    return question, (*before, *after)


def _first_match(patterns: tuple[re.Pattern[str], ...], text: str) -> re.Match[str] | None:
    return next(filter(None, (pattern.match(text) for pattern in patterns)), None)


def _start_of_trailing(body: str) -> int:
    """Return where the instructions at the end of a question begin; its length where there are none."""
    end = body[-_END_READ:]
    patterns = (*TRAILING, ORDERED_LANGUAGE) if _ORDER.match(body) else TRAILING
    starts = [match.start() for pattern in patterns if (match := pattern.search(end))]
    return len(body) - len(end) + min(starts, default=len(end))


def sentences_asked(text: str) -> int:
    """Return how many sentences a text asks for at most; 0 where it does not say."""
    match = _SENTENCES_ASKED.search(text)
    if match:
        count, unit = number_of(match.group(1)), match.group(2).lower()
        if unit.startswith(("word", "wort", "wört")):
            count = max(1, count // _WORDS_OF_SENTENCE)
        elif unit.startswith(("paragraph", "absatz", "absätze")):
            count *= _LINES_OF_PARAGRAPH
        elif unit == "page":
            count *= _SENTENCES_OF_PAGE
        return min(count, _MOST_SENTENCES)
    if re.search(r"\b(?:in )?(?:a|one|ein(?:em)?|single) (?:word|wort|sentence|satz)\b", text, re.I):
        return 1
    if _SHORT.search(text):
        return 2
    return 3 if _BRIEF.search(text) else 0


def number_of(word: str) -> int:
    """Return the value of a number in figures or as a word up to twenty."""
    return int(word) if word.isdigit() else NUMBERS.get(word.lower(), 0)
