"""What is asked about the collection itself. Pure.

Owns: telling "how many documents", "which is the newest" and "which documents mention X" from "what is this about".
Knows nothing about what there is.
"""

from __future__ import annotations

import re
from typing import Literal

Asked = Literal["count", "list", "pages", "newest", "oldest", "changed", "mentions", "about"]
"""What is asked: how many documents, which, how many pages they have, which file is the newest or the oldest, when the
last one was added, which documents deal with something, or what they are about."""

_DOCUMENTS = (
    r"(?:documents?|pages|chapters?|sections?|files?|sources?|pdfs?|docs|reports?|articles?|papers?|books?|texts?|mails?|emails?|notes?|contracts?"
    r"|dokumenten?|dokumente|dateien|datei|seiten|kapitel|quellen?|unterlagen|texten?|artikeln?|berichte?n?|schriftstücke)"
)
_PAGES = re.compile(r"\bhow many pages\b|\bhow long (?:is|are) (?:the|this|these|my)\b|\bwie ?viele seiten\b", re.I)
_COUNT = re.compile(
    rf"\bhow many (?:\w+ ){{0,2}}{_DOCUMENTS}\b|\bnumber of (?:\w+ )?{_DOCUMENTS}\b"
    rf"|\bcount (?:the |my |all )?{_DOCUMENTS}\b"
    rf"|\bwie ?viele (?:\w+ ){{0,2}}{_DOCUMENTS}\b|\b(?:an)?zahl der {_DOCUMENTS}\b",
    re.I,
)
_CHANGED = re.compile(
    r"\bwhen (?:was|were|did)\b.*\b(?:added|updated|ingested|uploaded|indexed|changed)\b"
    r"|\bwann\b.*\b(?:hinzugefügt|aktualisiert|hochgeladen|geändert|eingelesen)\b",
    re.I,
)
_NEWEST = re.compile(r"\b(?:newest|latest|most recent|last added|neueste[nrs]?|aktuellste[nrs]?|jüngste[nrs]?)\b", re.I)
_OLDEST = re.compile(r"\b(?:oldest|earliest|älteste[nrs]?)\b", re.I)
_ABOUT = re.compile(
    r"\bwhat\b.*\babout\b|\btopics?\b|\bsubjects?\b|\bthemes?\b|\bcontents?\b|\bcover\b|\bdeals? with\b"
    r"|\bwhat(?:'s| is) in\b"
    r"|\boverview\b|\bworum\b|\bwovon\b|\bthemen?\b|\binhalte?\b|\büberblick\b|\bübersicht\b",
    re.I,
)
_WHICH = re.compile(
    rf"\b(?:which|list|show|name|welche[nrms]?|liste|zeige?|nenne)\b(?:\s+\w+){{0,3}}?\s+{_DOCUMENTS}\b|\bwhat\s+{_DOCUMENTS}\b",
    re.I,
)
_WHICH_OF = re.compile(
    rf"\b(?:which|welche[nrms]?)\b(?:\s+\w+){{0,4}}?\s+{_DOCUMENTS}\s+(?:is|are|do|does|have|has|mentions?|deals?|discuss(?:es)?"
    r"|covers?|talks?|contains?|names?|refers?|concerns?|describes?|says?|explains?|about|on|with|handeln|behandeln"
    r"|erwähnen|enthalten|nennen|sprechen|beschreiben|betreffen|befassen)\b",
    re.I,
)


# "Are there any documents about X?", "Gibt es Dokumente über X?"
_ARE_THERE = re.compile(
    r"^\W*(?:are there|is there|do (?:you|we|i|any)|does any|have (?:you|we)|gibt es|hast du|haben (?:wir|sie))\b", re.I
)
_IN_PASSING = re.compile(r"\b(?:mention\w*|contain\w*|name[sd]?|refer\w*|erwähn\w*|enthalt\w*|nennen|nennt)\b", re.I)


def is_mention_enough(question: str) -> bool:
    """Tell whether a question asks for documents that name something, rather than those that are about it."""
    return bool(_IN_PASSING.search(question))


def asked_of_collection(question: str, topic: str) -> Asked:
    """Tell what a question asks about the collection.

    Args:
        question: The question.
        topic: What it is to be about, without words for documents: "Oslo"; "" where it names nothing.

    Returns:
        What is asked.
    """
    if _PAGES.search(question):
        return "pages"
    if _CHANGED.search(question):
        return "changed"
    which = bool((topic and _ARE_THERE.match(question)) or _WHICH.search(question) or _WHICH_OF.search(question))
    if _COUNT.search(question):
        return "mentions" if topic else "count"
    if topic and which:
        return "mentions"
    if _NEWEST.search(question):
        return "newest"
    if _OLDEST.search(question):
        return "oldest"
    if which and not _ABOUT.search(question):
        return "list"
    return "about" if topic or _ABOUT.search(question) else "list"
