"""What a question in another language asks: its language, its courtesy, its kind, and the type of its answer. Pure.

Owns: the order in which the words of a language's table are tried. Knows no word of any language, and no document.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from rag.languages.identify import WORDS_OF_ENGLISH_ALONE, identify
from rag.notices.language import GERMAN_FUNCTION_WORDS
from rag.question.courtesy import SmallTalk
from rag.question.languages.folding import fold
from rag.question.languages.tables import ASKING
from rag.question.languages.words import AskingWords
from rag.question.vocabulary import AnswerType
from rag.text import STOPWORDS
from rag.types import Kind

# Characters of a question that are compared with patterns: none of them reads further.
_READ = 600
_TALK_CHARACTERS = 60
# A question in Latin letters has so many small words of its language, and more of them than English or German ones.
_SMALL_WORDS = 2
_IN_LATIN = ("es", "fr")
_WORD = re.compile(r"[^\W\d_]+")
_MARKS = "?؟"
# Fewer words, or characters without spaces, than these are a piece of a question, and ask neither yes nor no.
_WORDS_OF_A_CLAUSE, _CHARACTERS_OF_A_CLAUSE = 3, 6


@dataclass(frozen=True, slots=True)
class ForeignAsk:
    """What a question asks for; the fields are those of a ``Question``."""

    kind: Kind = "fact"
    answer_type: AnswerType | None = None
    head: str = ""
    topic: str = ""
    sides: tuple[str, ...] = ()


@lru_cache(maxsize=256)
def language_asked_in(text: str) -> str:
    """Return the language of a question where it is one that a table is for, else "".

    Args:
        text: The question.

    Returns:
        An ISO 639-1 code. A question in Latin letters needs small words of the language, and a word by which it asks.
    """
    beginning = text[:_READ]
    found = identify(beginning)
    if found in ASKING and found not in _IN_LATIN:
        return found
    if found and found not in _IN_LATIN:
        return ""
    folded = fold(beginning).text
    words = _WORD.findall(folded)
    strange = sum(word in STOPWORDS or word in GERMAN_FUNCTION_WORDS for word in words)
    for language in (found,) if found else _IN_LATIN:
        table = ASKING[language]
        own = sum(word in table.function for word in words)
        asks = "¿" in beginning or _asks(folded.strip(), table)
        if asks and own > strange and own >= min(_SMALL_WORDS, len(words)):
            return language
    return ""


def talk_in_any(text: str) -> SmallTalk | None:
    """Tell what small talk a whole message is: ``greeting``, ``thanks``, ``farewell``, ``praise``, ``assistant``.

    Args:
        text: The message.

    Returns:
        The kind of small talk; None where it is none, or in no language of the tables.
    """
    if len(text) > _TALK_CHARACTERS or not WORDS_OF_ENGLISH_ALONE.isdisjoint(_WORD.findall(text.lower())):
        return None
    bare = " ".join(fold(text).text.split()).strip(" ?؟!.…,،、。:;)~～")
    for table in ASKING.values():
        for pattern, kind in table.talk:
            if pattern.fullmatch(bare):
                return kind
    # "Привет! Спасибо": each sentence is small talk.
    parts = [part for part in re.split(r"[!.,،、。 ]+(?=\S)", bare) if part]
    for table in ASKING.values():
        kinds = [next((kind for pattern, kind in table.talk if pattern.fullmatch(part)), None) for part in parts]
        if len(parts) > 1 and all(kinds):
            return kinds[-1]
    return None


def without_courtesy(text: str, language: str) -> str:
    """Cut courtesy off both ends of a question.

    Args:
        text: The question.
        language: Its language, one of the tables.

    Returns:
        The question; its question mark stays.
    """
    table = ASKING[language]
    folded = fold(text)
    start, end = 0, len(folded.text)
    while match := table.opening.match(folded.text, _skip(folded.text, start), end):
        if match.end() == match.start() or not folded.text[match.end() : end].strip(" ?!.。"):
            break
        start = match.end()
    mark = ""
    tail = max(start, end - 80)
    if (match := table.closing.search(folded.text[tail:end])) and folded.text[start : tail + match.start()].strip():
        mark = match["mark"].strip()
        end = tail + match.start()
    if not start and end == len(folded.text):
        return text
    rest = text[folded.places[start] : folded.places[end]].strip()
    return rest if not mark or rest.endswith(tuple("?？؟")) else f"{rest}{mark}"


def read_foreign(text: str, language: str) -> ForeignAsk:
    """Read what a question asks for.

    Args:
        text: The question, without courtesy.
        language: Its language, one of the tables.

    Returns:
        Its kind, and the type of the answer.
    """
    table = ASKING[language]
    read = text[:_READ]
    folded = fold(read)
    start = _skip(folded.text, 0)
    for pattern, kind in table.kinds:
        if match := pattern.fullmatch(folded.text, start, len(folded.text.rstrip())):
            named = {
                name: read[folded.places[match.start(name)] : folded.places[match.end(name)]].strip()
                for name in pattern.groupindex
                if match[name]
            }
            if kind == "comparison":
                if "first" in named and "second" in named:
                    return ForeignAsk("comparison", sides=(named["first"], named["second"]))
                continue
            if kind == "how-to":
                return ForeignAsk("how-to")
            return ForeignAsk(kind, topic=named.get("topic", ""))
    if _asks_yes_or_no(folded.text[start:].strip(), table):
        return ForeignAsk("yes-no")
    for pattern, answer_type in table.types:
        if match := pattern.search(folded.text, start):
            head = match["head"] or "" if "head" in pattern.groupindex else ""
            return ForeignAsk("fact", answer_type, head)
    return ForeignAsk()


def _skip(text: str, start: int) -> int:
    """Return where a text begins behind white space."""
    return start + len(text[start:]) - len(text[start:].lstrip())


def _asks(folded: str, table: AskingWords) -> bool:
    """Tell whether a text asks in a language: by a question word, as an order, or for yes or no."""
    return bool(
        table.asking.search(folded)
        or table.yes_no.search(folded)
        or table.opening.match(folded)
        or any(pattern.fullmatch(folded) for pattern, _ in table.kinds)
    )


def _asks_yes_or_no(text: str, table: AskingWords) -> bool:
    match = table.yes_no.search(text)
    rest = f"{text[: match.start()]} {text[match.end() :]}" if match else text
    if table.asking.search(rest):
        return False
    if match:
        return True
    long_enough = len(text.split()) >= _WORDS_OF_A_CLAUSE if table.spaced else len(text) >= _CHARACTERS_OF_A_CLAUSE
    return table.mark_asks and long_enough and text.rstrip().endswith(tuple(_MARKS))
