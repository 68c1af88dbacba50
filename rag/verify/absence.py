"""Statements that the documents do not hold something. Pure.

Owns: telling "The documents do not say when it opened." from a sentence about the world. Such a statement is no claim
that a source could support, and an answer that is nothing else is an abstention. Knows nothing about models.
"""

from __future__ import annotations

import re

# What a model calls that which it was given.
_GIVEN = (
    r"(?:(?:the|these|those|this|your|any of the|all of the|none of the)\s+)?"
    r"(?:(?:provided|given|available|supplied|retrieved|attached|cited|numbered|relevant|present|above|other|same)\s+)*"
    r"(?:documents?|sources?|texts?|passages?|excerpts?|evidence|context|materials?|files?|information|reports?"
    r"|filings?|articles?|records?|data|pieces? of evidence|document set|handbook|speech|contract|policy|page|pages)"
)
# What documents do with a fact.
_TELL = (
    r"(?:say|state|tell|mention|contain|include|provide|specify|give|describe|indicate|address|discuss|cover|answer"
    r"|hold|list|name|explain|reveal|report|offer|show|clarify|disclose|note|identify|refer|define|record)"
)
_TOLD = (
    r"(?:said|stated|told|mentioned|contained|included|provided|specified|given|described|indicated|addressed"
    r"|discussed|covered|answered|listed|named|explained|revealed|reported|shown|clarified|disclosed|found|available"
    r"|identified|defined|recorded|present)"
)
_NOT = r"(?:not|n['’]t|never|nowhere)"
# What may stand before: "I'm sorry, but", "Unfortunately,", "Based on the provided evidence,".
_OPENING = (
    r"^\W{0,8}(?:(?:i['’]?m sorry|i am sorry|sorry|i apologi[sz]e|unfortunately|however|regrettably|no|but|also)"
    r"[\s,;:.–-]{1,8}){0,4}"
    rf"(?:(?:based on|according to|from|in|within|judging by)\s+{_GIVEN}[^,]{{0,60}},\s*)?"
)
_PATTERNS = tuple(
    re.compile(_OPENING + pattern, re.I)
    for pattern in (
        # "The documents do not say …", "The evidence doesn't directly mention …".
        rf"{_GIVEN}(?:\s+\w+){{0,3}}?\s+(?:do|does|did)\s*{_NOT}(?:\s+\w+){{0,3}}?\s+{_TELL}\b",
        # "Nothing in the documents says …", "None of the passages mentions …", "The sources say nothing about …".
        rf"(?:nothing|nowhere|none of it)\s+(?:in|within|from|among)\s+{_GIVEN}\b",
        rf"(?:none|neither|no)\s+(?:one\s+)?(?:of\s+)?{_GIVEN}\s+(?:do(?:es)?\s+)?{_TELL}(?:s|es)?\b",
        rf"{_GIVEN}\s+(?:only\s+)?{_TELL}(?:s|es)?\s+(?:nothing|no (?:information|details?|figures?|mention))\b",
        # "There is no mention of …", "No information is given on …", "It is not stated …".
        r"(?:there\s+(?:is|are|was|were)\s+no|no)\s+(?:\w+\s+)?(?:mention|information|details?|indication|statement"
        r"|reference|evidence|answer|data|figures?|record)\b(?!\s+that\b)",
        rf"(?:it|this|that|they|(?:the\s+)?[\w\s,'’-]{{1,80}}?)\s+(?:is|are|was|were)\s*{_NOT}\s+(?:\w+ly\s+)?{_TOLD}"
        rf"\s+(?:in|by|within|from|among)\s+{_GIVEN}\b",
        rf"(?:it|this|that)\s+(?:is|was)\s*{_NOT}\s+(?:\w+ly\s+)?{_TOLD}\b",
        # "I could not find …", "I cannot answer this from the documents".
        rf"(?:i|we)\s+(?:(?:can|could|do|did)(?:\s*{_NOT}|not)|(?:am|was|were|are)\s+(?:not\s+able|unable)\s+to)\s+"
        r"(?:\w+ly\s+)?(?:find|see|locate|answer|determine|tell|say|know|provide|identify|confirm|have)\b",
        # German.
        r"(?:(?:in|aus|laut)\s+)?(?:den|die|diese[nr]?|ihre[nr]?)\s+(?:\w+\s+)?(?:dokumente?n?|quellen?|texte?n?"
        r"|unterlagen|passagen|stellen|ausschnitte?n?|belege?n?|angaben|informationen)\s+(?:[\wäöüß]+\s+){1,6}?"
        r"(?:nicht|nichts|keine?n?r?s?|kein)\b",
        r"(?:dazu|darüber|hierzu|davon)\s+(?:\w+\s+){1,4}(?:nicht|nichts|keine?n?r?s?|kein)\b",
        r"(?:es\s+(?:gibt|findet\s+sich|finden\s+sich|steht)|ich\s+(?:kann|konnte|habe|finde))\s+(?:\w+\s+){0,5}?"
        r"(?:nicht|nichts|keine?n?r?s?|kein)\b[^.]*\b(?:angaben?|informationen?|hinweise?|finden|gefunden|beantworten"
        r"|dokumenten?|quellen?|unterlagen)\b",
    )
)
_OPENING_WORDS = re.compile(_OPENING, re.I)
# Characters of a sentence that are looked at: a longer one says more than that.
_LONGEST = 400
# After one of these a sentence goes on to say something of its own.
_GOES_ON = re.compile(
    r"(?:;|[,–—-]\s*(?:but|however|although|though|only|while|aber|jedoch|sondern|nur)\b)\s*(.+)$", re.I
)
# Fewer words than this behind it add nothing: "…, only in part".
_FEW_WORDS = 4


def is_absence(sentence: str) -> bool:
    """Tell whether a sentence says of the documents that they do not hold something, and says nothing else."""
    return opens_with_absence(sentence) and not _says_more(sentence)


def opens_with_absence(sentence: str) -> bool:
    """Tell whether a sentence begins by saying that the documents do not hold something."""
    words = " ".join(sentence.split())[:_LONGEST]
    return any(pattern.match(words) for pattern in _PATTERNS)


def _says_more(sentence: str) -> bool:
    """Tell whether such a sentence goes on: "…; they only call her a nominee"."""
    # "I'm sorry, but …" and the like open it.
    body = _OPENING_WORDS.sub("", " ".join(sentence.split())[:_LONGEST], count=1)
    more = _GOES_ON.search(body)
    return more is not None and len(more.group(1).split()) >= _FEW_WORDS
