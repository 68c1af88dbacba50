"""Read a question about the languages of documents: "Which documents are in German?". Pure.

Owns: these forms, in English and German. Knows nothing about documents, or how a language is told.
"""

from __future__ import annotations

import re

from rag.notices.languages import LANGUAGE_NAMES
from rag.question.vocabulary import TEXT, TEXTS

ANY = "any"
"""Which languages there are is asked, not for those in one."""

# An adjective of German agrees with its noun: "deutsche", "deutschsprachigen".
_ENDING = r"(?:e|en|er|es|em|sprachige[nrms]?)?"
_CODES = {
    name.lower(): code for code, names in LANGUAGE_NAMES.items() for name in (*names, names[1] + "en", names[1] + "er")
}
_NAME = "|".join(sorted(map(re.escape, {name.lower() for names in LANGUAGE_NAMES.values() for name in names})))
_DOCUMENTS = rf"(?:{TEXTS}|{TEXT})"
# "The German contracts" may be those with Germans.
_ANY_DOCUMENTS = r"(?:documents?|docs?|files?|pdfs?|texts?|sources?|dokumente[ns]?|dateien|texten?|unterlagen)"
_ASKS = (
    r"^\W*(?:(?:which|what|list|show|name|give|find|count|how\s+many|are\s+there|is\s+there|do\s+(?:you|we|i)\s+have"
    r"|have\s+(?:you|we)|welche[nrms]?|liste|zeige?|nenne|wie\s*viele|gibt\s+es|hast\s+du|haben\s+(?:wir|sie))"
    r"(?:\s+(?:me|us|all|of|the|my|our|these|any|a|an|mir|uns|alle|die|der|meine[rn]?|unsere[rn]?|auf|irgendwelche"
    r"|ein|eine))*\s+)"
)
_ARE = (
    r"(?:\s+(?:that|which|is|are|was|were|do|did|you|i|we|have|there|written|available|exist|die|ist|sind|waren?"
    r"|gibt|es|hast|du|haben|wir|geschrieben|verfasst))*"
)
_END = r"(?:\s+(?:language|geschrieben|verfasst|auf|available|here|hier))*\W*$"
_ONE_LANGUAGE = (
    # "Which documents are in German?", "Welche Dateien sind auf Deutsch?"
    re.compile(rf"{_ASKS}{_DOCUMENTS}\b{_ARE}\s+(?:in|auf)\s+(?P<name>{_NAME}){_END}", re.I),
    # "List the German documents.", "Gibt es französische Dateien?"
    re.compile(
        rf"{_ASKS}(?P<name>{_NAME}){_ENDING}(?:[ -]language)?\s+{_ANY_DOCUMENTS}\b{_ARE}(?:\s+hier|\s+here)?\W*$", re.I
    ),
)
_ALL_LANGUAGES = (
    # "What languages are the documents in?", "In welchen Sprachen sind meine Dateien geschrieben?"
    re.compile(
        rf"^\W*(?:in\s+)?(?:which|what|how\s+many)\s+languages?\s+(?:is|are|do|does)"
        rf"(?:\s+(?:the|my|our|these|this|all|your|of))*\s+{_DOCUMENTS}\b(?:\s+(?:written|in|have|use))*\W*$",
        re.I,
    ),
    re.compile(
        rf"^\W*(?:in\s+)?(?:welche[nr]?|wie\s*vielen?)\s+sprachen?\s+(?:ist|sind|haben|gibt\s+es\s+in)"
        rf"(?:\s+(?:die|der|den|das|meine[nr]?|unsere[nr]?|diese[nrs]?|alle[nr]?))*\s+{_DOCUMENTS}\b"
        r"(?:\s+(?:geschrieben|verfasst|da|vorhanden))*\W*$",
        re.I,
    ),
)


def language_of_documents(question: str) -> str:
    """Read the language in which documents are asked for.

    Args:
        question: The question.

    Returns:
        Its ISO 639-1 code; ``ANY`` where it is asked which languages there are; "" for a question that asks another
        thing, such as which documents deal with German tolls.
    """
    for pattern in _ONE_LANGUAGE:
        if match := pattern.search(question):
            return _CODES[match["name"].lower()]
    return ANY if any(pattern.search(question) for pattern in _ALL_LANGUAGES) else ""
