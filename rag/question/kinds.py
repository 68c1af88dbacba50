"""Tell what kind of answer a question asks for, and what it is to be about.

Owns: the order in which the kinds are tried, and telling yes or no. Knows nothing about documents.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.patterns import lazy_pattern
from rag.question.document_languages import language_of_documents
from rag.question.patterns.computation import COMPUTATION, FIGURES
from rag.question.patterns.fragments import compiled
from rag.question.patterns.how_to import HOW_TO
from rag.question.patterns.listing import LIST
from rag.question.patterns.overview import OVERVIEW
from rag.question.patterns.summary import SUMMARY
from rag.question.sides import compared
from rag.question.times import time_of_documents
from rag.question.vocabulary import AUXILIARY, DETERMINER, IMPERATIVE, QUESTION_WORD
from rag.types import Kind

# Characters of a question that are compared with patterns: none of them reads further.
_READ = 600
# "And summarise it": what joins a question to the one before.
_JOINED_ON = re.compile(r"^(?:(?:and|also|then|but|so|or|und|dann|aber|oder)\b[\s,]*)+(?=\S)", re.I)
# "According to the contract, is heating included?" asks yes or no.
_NAMES_SOURCE = re.compile(r"^(?:according to|as per|going by|laut|gemäß) [^,?]{1,80}, ?(?=\S)", re.I)
# "Summarise it (the leave policy)": what a follow-up refers to stands in brackets behind it.
_REFERRED_TO = re.compile(r"(?P<question>.*\S) \((?P<what>[^()]+)\)[\s?.!]*$")
# What stands before a topic and is not part of it.
_OPENING_OF = re.compile(r"^(?:made )?(?:of|from|in|about|on|regarding|von|vom|aus|über) ", re.I)
# "The universities mentioned in the documents" are the universities.
(_IN_FILES,) = compiled(
    r"(?: (?:that|which) (?:are|is))?(?: (?:mentioned|named|listed|described|covered|discussed|contained))?"
    r" (?:in|from|across|throughout|by) <all_files>$"
    r"|(?: (?:that|which) (?:are|is))? (?:mentioned|named|listed)(?: here)?$"
)
(_EVERYTHING,) = compiled(r"(?:<everything>|<all_files>)(?: (?:here|hier))?")


@dataclass(frozen=True, slots=True)
class Ask:
    """What a question asks for; the fields are those of a ``Question``."""

    kind: Kind
    topic: str = ""
    sides: tuple[str, ...] = ()


# "Weißt du", "Hat der Laden auf?": a verb, then its subject.
_YES_NO = lazy_pattern(
    rf"(?:and |or |but |so |und |aber )?(?:(?:{AUXILIARY})\b(?! ?[,:])|(?:if|whether|ob)\b(?![^?]*,)|(?:is"
    rf"|ist) it true)",
    re.I,
)
_GERMAN_VERB_FIRST = re.compile(
    rf"[a-zäöüß]{{2,20}}(?:t|en|st|e) (?:{DETERMINER}|es|man|ich|du|er|sie|wir|ihr|jemand|etwas|sich|auch"
    rf"|hier)\b.*\? ?$",
    re.I,
)
# "If it rains, who …?"
_MAIN_CLAUSE = lazy_pattern(
    rf"^(?:(?:if|should|sollte)\b[^?]*, ?(?:(?:in|at|on|by|for|to|from|of|with) )?(?:{QUESTION_WORD})\b"
    rf"|if\b[^?]*\s(?:what|who|how|which) (?:{AUXILIARY})\b)",
    re.I,
)
_TAG = re.compile(
    r", ?(?:right|correct|isn[’']t it|is it|doesn[’']t it|don[’']t they|true|oder|nicht wahr|richtig"
    r"|stimmt[’']?s) ?\? ?$",
    re.I,
)
# "Is the fee $40 or $50?" asks which.
_CHOICE = re.compile(
    r"\s(?:or|oder) (?:[A-ZÄÖÜ$€£\d][\w.,-]*)(?: [A-ZÄÖÜ\d][\w.,-]*){0,3}(?: (?:first|last|earlier|later|sooner|more"
    r"|most|better|\w+er))? ?\? ?$"
)
# What begins like this is no noun phrase, so that its length is that of an answer and not of a summary.
_SENTENCE_BEGINS = lazy_pattern(
    rf"(?:(?:in|at|on|by|for|to|from|of|with|an|auf|aus|bei|seit|um|von|zu) )?(?:{QUESTION_WORD}|{AUXILIARY}"
    rf"|{IMPERATIVE})\b",
    re.I,
)


def read_kind(asked: str, language: str, sentences: int) -> Ask:
    """Tell what kind of answer a question asks for.

    Args:
        asked: The question, without greetings and instructions.
        language: Its language, ``en`` or ``de``.
        sentences: How many sentences are asked for; a noun phrase with a length asks for a summary.

    Returns:
        The kind, and what it is to be about.
    """
    text = _JOINED_ON.sub("", " ".join(asked.split())[:_READ].strip("\"'“”„ "))
    text = _NAMES_SOURCE.sub("", text) or text
    referred = _REFERRED_TO.match(text)
    ask = _ask_of(referred["question"] if referred else text, language, sentences)
    if referred and not ask.topic and ask.kind in ("summary", "overview"):
        return Ask("summary", topic_of(referred["what"]))
    return ask


def _ask_of(text: str, language: str, sentences: int) -> Ask:
    if time_of_documents(text) or language_of_documents(text):
        return Ask("overview")
    if (topic := _first(OVERVIEW, text)) is not None:
        return Ask("overview", topic)
    if _first(COMPUTATION, text) is not None:
        return Ask("computation")
    if (comparison := compared(text)) is not None:
        return Ask("comparison", *comparison)
    if _first(FIGURES, text) is not None:
        return Ask("computation")
    if (topic := _first(SUMMARY, text)) is not None:
        return Ask("summary", topic)
    if _first(HOW_TO, text) is not None:
        return Ask("how-to")
    if (topic := _first(LIST, text)) is not None:
        return Ask("list", topic)
    if _asks_yes_or_no(text, language):
        return Ask("yes-no")
    if sentences and not text.endswith("?") and not _SENTENCE_BEGINS.match(text):
        return Ask("summary", topic_of(text))
    return Ask("fact")


def topic_of(text: str) -> str:
    """Return what something is to be about; "" where that is all there is: "the documents", "everything"."""
    topic = _IN_FILES.sub("", text.strip(' \t,;:.?!–—-"“”„'))
    return "" if _EVERYTHING.fullmatch(topic) else topic


def _first(patterns: tuple[re.Pattern[str], ...], text: str) -> str | None:
    """Return the topic that the first matching pattern finds; None where none matches."""
    for pattern in patterns:
        if match := pattern.match(text):
            groups = match.groupdict()
            topic = topic_of(_OPENING_OF.sub("", (groups.get("topic") or "").strip(), count=1))
            # "What does the contract say about pets?": the pets in the contract.
            return f"{topic}, {groups['text']}" if topic and groups.get("text") else topic
    return None


def _asks_yes_or_no(text: str, language: str) -> bool:
    if _CHOICE.search(text):
        return False
    if language == "de" and text[:4].lower() == "was ":
        return False
    if (_YES_NO.match(text) and not _MAIN_CLAUSE.search(text)) or _TAG.search(text):
        return True
    return language == "de" and not _SENTENCE_BEGINS.match(text) and bool(_GERMAN_VERB_FIRST.match(text))
