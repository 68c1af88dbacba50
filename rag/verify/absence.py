"""Statements that the documents do not hold something. Pure.

Owns: telling "The documents do not say when it opened." from a sentence about the world. Such a statement is no claim
that a source could support, and an answer that is nothing else is an abstention. Knows nothing about models.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

from rag.text import STOPWORDS, terms

# What a model calls that which it was given, and documents that may be what the question is about: "The policy does not
# cover theft." is a claim, "The evidence does not cover theft." is none.
_KINDS = (
    r"(?:documents?|sources?|texts?|passages?|excerpts?|evidence|context|materials?|files?|information"
    r"|pieces? of evidence|document set)"
)
_SUBJECTS = r"(?:reports?|filings?|articles?|records?|data|handbook|speech|contract|policy|page|pages)"
_DETERMINED = (
    r"(?:(?:the|these|those|this|your|any of the|all of the|none of the)\s+)?"
    r"(?:(?:provided|given|available|supplied|retrieved|attached|cited|numbered|relevant|present|above|other|same)\s+)*"
)
_GIVEN = rf"{_DETERMINED}{_KINDS}"
_ANY = rf"{_DETERMINED}(?:{_KINDS}|{_SUBJECTS})"
# What documents do with a fact; a few of these words tell of nothing else.
_SAY = r"(?:say|state|tell|mention|specify|indicate|discuss|explain|reveal|clarify|disclose|answer)"
_TELL = (
    r"(?:say|state|tell|mention|contain|include|provide|specify|give|describe|indicate|address|discuss|cover|answer"
    r"|hold|list|name|explain|reveal|report|offer|show|clarify|disclose|note|identify|refer|define|record)"
)
_TOLD = (
    r"(?:said|stated|told|mentioned|contained|included|provided|specified|given|described|indicated|addressed"
    r"|discussed|covered|answered|listed|named|explained|revealed|reported|shown|clarified|disclosed|found|available"
    r"|identified|defined|recorded|present)"
)
_NOTHING_TOLD = r"(?:mention|information|details?|indication|statement|reference|evidence|answer|data|figures?|record)"
_NOT = r"(?:not|n['’]t|never|nowhere)"
_DETERMINE = r"(?:answer|determine|tell|say|know|find|identify|confirm)"
# What may stand before: "I'm sorry, but", "Unfortunately,", "Based on the provided evidence,".
_OPENING = (
    r"^\W{0,8}(?:(?:i['’]?m sorry|i am sorry|sorry|i apologi[sz]e|unfortunately|sadly|alas|however|regrettably|no|but"
    r"|also|es tut mir leid|tut mir leid|leider|allerdings|jedoch|nein|aber)[\s,;:.–-]{1,8}){0,4}"
    rf"(?:(?:based on|according to|from|in|within|judging by)\s+{_ANY}[^,]{{0,60}},\s*)?"
)
_GERMAN_KINDS = (
    r"(?:dokumente?n?|quellen?|texte?n?|unterlagen|passagen|stellen|ausschnitte?n?|belege?n?|angaben|informationen)"
)
_GERMAN_GIVEN = rf"(?:den|die|der|diese[nr]?|ihre[nr]?)\s+(?:\w+\s+){{0,2}}?{_GERMAN_KINDS}"
_GERMAN_TELL = (
    r"(?:sagen|enthalten|nennen|geben|erwähnen|machen|liefern|beantworten|beschreiben|behandeln|bieten|verraten"
    r"|erläutern|erklären)"
)
_GERMAN_TOLD = (
    r"(?:genannt|erwähnt|angegeben|gesagt|beschrieben|hervor|beantwort\w*|gefunden|finden|enthalten|aufgeführt"
    r"|entnehmen|ersichtlich|ermitteln|bestimmen|feststellen|vermerkt)"
)
_GERMAN_NOUNS = r"(?:angaben?|informationen?|hinweise?|auskunft|aussagen?|erwähnung|daten|antwort|details)"
_GERMAN_NOT = r"(?:nicht|nichts|keine?[nrsm]?)"
_GERMAN_NOTHING = rf"(?:nichts|keine?[nrsm]?\s+(?:\w+\s+){{0,2}}?{_GERMAN_NOUNS})"
_GERMAN_WORDS = r"(?:[\wäöüß]+\s+)"
# What the evidence holds instead, and that it does not hold what is asked.
_GIVES_SOMETHING_ELSE = (
    rf"{_GIVEN}(?:\s+\d{{1,3}})?\s+(?:only\s+|just\s+)?{_TELL}(?:s|es)?\s+[^.]{{1,160}}?,?\s+but\s+(?:not\b|no\b|nothing\b"
    rf"|(?:it\s+|they\s+)?(?:do|does|did)\s*{_NOT}\b|never\b)"
)
_PATTERNS = tuple(
    re.compile(_OPENING + pattern, re.I)
    for pattern in (
        # "The documents do not say …", "The evidence doesn't directly mention …", "The contract does not state …".
        rf"{_GIVEN}(?:\s+\w+){{0,3}}?\s+(?:do|does|did)\s*{_NOT}(?:\s+\w+){{0,3}}?\s+{_TELL}\b",
        rf"{_ANY}(?:\s+\w+){{0,3}}?\s+(?:do|does|did)\s*{_NOT}(?:\s+\w+){{0,3}}?\s+(?:{_SAY}\b"
        rf"|{_TELL}\s+(?:\w+\s+){{0,2}}?{_NOTHING_TOLD}\b)",
        # "Nothing in the documents says …", "None of the passages mentions …", "The sources say nothing about …".
        rf"(?:nothing|nowhere|none of it)\s+(?:in|within|from|among)\s+{_ANY}\b",
        rf"(?:none|neither|no)\s+(?:one\s+)?(?:of\s+)?{_ANY}\s+(?:do(?:es)?\s+)?{_TELL}(?:s|es)?\b",
        rf"{_ANY}\s+(?:only\s+)?{_TELL}(?:s|es)?\s+(?:nothing|no (?:information|details?|figures?|mention))\b",
        # "The evidence lacks details", "The sources are silent on …", "The evidence is not sufficient to answer this".
        rf"{_ANY}\s+(?:lacks?|has|have)\s+(?:no\s+|any\s+)?{_NOTHING_TOLD}\b",
        rf"{_GIVEN}\s+(?:is|are)\s+(?:silent\s+(?:on|about)\b|(?:insufficient|not\s+(?:enough|sufficient))\s+to\s+"
        rf"{_DETERMINE}\b)",
        # "The evidence only covers leave, so I cannot answer."
        rf"{_GIVEN}\s+(?:only|just)\s+\w+[^.]{{0,200}}\bi\s+(?:cannot|can['’]t|am\s+unable\s+to|am\s+not\s+able\s+to)\s+"
        rf"{_DETERMINE}\b",
        # "There is no mention of …", "No information is given on …", "It is not stated …".
        rf"(?:there\s+(?:is|are|was|were)\s+no|no)\s+(?:\w+\s+)?{_NOTHING_TOLD}\b(?!\s+that\b)",
        rf"there\s+(?:is|are|was|were)\s*{_NOT}\s+(?:any|enough)\s+{_NOTHING_TOLD}\b(?!\s+that\b)",
        rf"there(?:\s+(?:is|was)|['’]s)\s+nothing\s+[^.]{{0,60}}?\b(?:in|within|among)\s+{_ANY}\b",
        r"(?:insufficient|not\s+enough)\s+(?:information|evidence|data|context)\b",
        rf"(?:it|this|that|they|(?:the\s+)?[\w\s,'’-]{{1,80}}?)\s+(?:is|are|was|were)\s*{_NOT}\s+(?:\w+ly\s+)?{_TOLD}"
        rf"\s+(?:in|by|within|from|among)\s+{_ANY}\b",
        rf"(?:it|this|that|the\s+(?:answer|information)[^.]{{0,60}}?)\s+(?:is|was)\s*{_NOT}\s+(?:in|within|among)\s+"
        rf"{_ANY}\b",
        rf"(?:it|this|that)\s+(?:is|was)\s*{_NOT}\s+(?:\w+ly\s+)?{_TOLD}\b",
        rf"(?:it|this|that)\s+(?:is|was)\s*{_NOT}\s+something\s+(?:that\s+)?{_ANY}\s+{_TELL}s?\b",
        rf"not\s+(?:\w+ly\s+)?{_TOLD}(?:\s+(?:in|by|within|among)\s+{_ANY}\b|\W*$)",
        # "I could not find …", "I cannot answer this from the documents", "The question cannot be answered".
        rf"(?:i|we)\s+(?:(?:can|could|do|did)(?:\s*{_NOT}|not)|(?:am|was|were|are)\s+(?:not\s+able|unable)\s+to)\s+"
        r"(?:\w+ly\s+)?(?:find|see|locate|answer|determine|tell|say|know|provide|identify|confirm|have)\b",
        r"(?:i|we)['’](?:m|re)\s+(?:not\s+able|unable)\s+to\s+(?:\w+ly\s+)?(?:find|locate|answer|determine|tell|say"
        r"|provide|identify|confirm)\b",
        rf"(?:it(?:['’]s|\s+is)\s+(?:not\s+possible|impossible)\s+to|(?:i|we)\s+can(?:not|['’]t)\s+be\s+able\s+to)\s+"
        rf"{_DETERMINE}\b[^.]{{0,160}}?\b(?:from|with|using|based\s+on)\s+{_ANY}\b",
        rf"(?<=, )it(?:['’]s|\s+is)\s+(?:not\s+possible|impossible)\s+to\s+{_DETERMINE}\b",
        rf"(?:i|we)\s+(?:found|have|see)\s+(?:nothing|no\s+(?:\w+\s+)?{_NOTHING_TOLD})\b",
        # "The evidence gives the toll but not the colour."
        rf"{_GIVES_SOMETHING_ELSE}",
        r"(?:this|that|the|your)\s+question\s+can(?:\s+not|not|['’]t)\s+be\s+answered\b",
        rf"(?:it|this|that|the\s+answer)\s+can(?:\s+not|not|['’]t)\s+be\s+(?:answered|determined|established|found|inferred)\s+"
        rf"(?:from|with|using|based\s+on)\s+{_ANY}\b",
        # German: "Die Belege sagen nicht …", "Dazu enthalten die Dokumente nichts", "… geht aus ihnen nicht hervor".
        rf"{_GERMAN_GIVEN}\s+{_GERMAN_TELL}\s+{_GERMAN_WORDS}{{0,6}}?{_GERMAN_NOT}\b",
        rf"(?:dazu\s+|darüber\s+|hierzu\s+)?{_GERMAN_TELL}\s+{_GERMAN_GIVEN}\s+{_GERMAN_WORDS}{{0,6}}?{_GERMAN_NOT}\b",
        rf"(?:in|aus|laut)\s+{_GERMAN_GIVEN}\s+{_GERMAN_WORDS}{{1,6}}?(?:{_GERMAN_NOTHING}|{_GERMAN_NOT}\s+"
        rf"{_GERMAN_WORDS}{{0,2}}?{_GERMAN_TOLD})\b",
        rf"(?:[\wäöüß,]+\s+){{1,8}}?(?:in|aus|anhand|mit|durch)\s+{_GERMAN_GIVEN}\s+{_GERMAN_WORDS}{{0,2}}?{_GERMAN_NOT}"
        rf"\s+{_GERMAN_WORDS}{{0,2}}?{_GERMAN_TOLD}\b",
        rf"(?:(?:das|dies|die\s+antwort)\s+(?:steht|ist|findet\s+sich)\s+)?nicht\s+in\s+{_GERMAN_GIVEN}\b",
        rf"(?:dazu|darüber|hierzu|davon|zu\s+\w+\s+\w+)\s+(?:finde[nt]|gibt|geben|liegt|liegen|steht|enthalten|enthält"
        rf"|kann|konnte|habe)\s+{_GERMAN_WORDS}{{0,4}}?{_GERMAN_NOTHING}\b",
        rf"(?:die|diese|ihre)\s+frage\s+(?:lässt\s+sich|kann)\s+{_GERMAN_WORDS}{{0,8}}?nicht\s+{_GERMAN_WORDS}{{0,2}}?"
        r"beantwort",
        rf"(?:es|das|dies)\s+(?:wird|ist|wurde)\s+{_GERMAN_WORDS}{{0,3}}?nicht\s+(?:\w+\s+)?(?:angegeben|genannt"
        r"|erwähnt|gesagt|beschrieben|aufgeführt)\b",
        r"(?:es\s+(?:gibt|findet\s+sich|finden\s+sich|steht)|(?:ich\s+)?(?:kann|konnte|habe|finde)(?:\s+ich)?)\s+"
        r"(?:\w+\s+){0,5}?(?:nicht|nichts|keine?n?r?s?|kein)\b[^.]*\b(?:angaben?|informationen?|hinweise?|finden"
        r"|gefunden|beantworten|dokumenten?|quellen?|unterlagen)\b",
    )
)
_OPENING_WORDS = re.compile(_OPENING, re.I)
# Characters of a sentence that are looked at: a longer one says more than that.
_LONGEST = 400
# After one of these a sentence goes on to say something of its own.
_GOES_ON = re.compile(
    r"(?:;|[,–—-]\s*(?:but|however|although|though|only|while|yet|and"
    r"|which(?= (?:is|are|was|were|has|have)\b(?! why\b))|aber|jedoch|sondern|nur|doch|und)\b)\s*(.+)$",
    re.I,
)
# "… a keeper later than Mary Sloane, who stayed until 1934": what is said of a name.
_SAID_OF_A_NAME = re.compile(r"\b((?:[A-ZÀ-Þ][\w'’-]{0,40}\s+){0,3}[A-ZÀ-Þ][\w'’-]{0,40},\s+(?:who|der|die|das)\s+.+)$")
# Behind one of these stands what is there, and nothing else is: "later than", "besides".
_NOTHING_BUT = re.compile(
    r"\b(?:than|besides|beyond|except(?:\s+for)?|apart\s+from|after|außer|als|nach|neben)\W*$", re.I
)
_SAID_TO_LACK = re.compile(
    r"\b(?:on|about|of|regarding|concerning|for|as\s+to|über|zu|zur|zum|für|bezüglich)\s+(.{1,200}?)\W*$", re.I
)
_MENTIONS_ONLY = re.compile(rf"{_OPENING}{_GIVES_SOMETHING_ELSE}", re.I)
# Such words of a model without a mark say that it found nothing; with one they may be what a document says.
_UNMARKED = re.compile(
    _OPENING
    + r"it(?:['’]s|\s+is|\s+was)\s+(?:not\s+possible|impossible)\s+to\s+(?:answer|say|tell|know|determine|establish"
    r"|find\s+out|identify|state)\b|"
    + _OPENING
    + r"es\s+ist\s+nicht\s+möglich\b[^.]{0,200}?\bzu\s+(?:sagen|bestimmen|beantworten"
    r"|ermitteln)\b",
    re.I,
)
# The same in the other languages: "; elles", ", pero", "，但", "が、".
_GOES_ON_FURTHER = re.compile(
    r"(?:[;；؛]|[,–—،，、]\s*(?:(?:mais|elles?|ils|cependant|pero|sino|solo|sólo|aunque|ma|però|soltanto|mas|apenas|só|porém"
    r"|maar|alleen|wel|но|однако|лишь|только|зато|و?لكن\w{0,4}|إلا|بل|فقط)\b|但是?|不过|不過|只|仅|僅|而是)"
    r"|(?<=ん)が、|(?<=い)が、)\s*(.+)$",
    re.I,
)
# Fewer words than this behind it add nothing: "…, only in part"; of a script without spaces, fewer letters.
_BUT_AT_END = re.compile(
    r"[\s,;–—-]*(?:\b(?:but|however|although|though|while|yet|aber|jedoch|doch|allerdings))?\W*$", re.I
)
_FEW_WORDS, _FEW_LETTERS = 3, 5
# The evidence says it, only not in these words: what follows is an answer.
_QUALIFIED = re.compile(
    r"\b(?:directly|explicitly|expressly|specifically|exact(?:ly)?|precise(?:ly)?|ausdrücklich|direkt|unmittelbar"
    r"|explizit|genau|explicitement|directement|précisément|explícitamente|directamente|esplicitamente"
    r"|direttamente|explicitamente|diretamente|expliciet|rechtstreeks|прямо|явно|напрямую)\b|直接|明确|明示",
    re.I,
)


def is_absence(sentence: str) -> bool:
    """Tell whether a sentence says of the documents that they do not hold something, and says nothing else."""
    return opens_with_absence(sentence) and hint_start(sentence) is None


def opens_with_absence(sentence: str) -> bool:
    """Tell whether a sentence begins by saying that the documents do not hold something."""
    words = " ".join(sentence.split())[:_LONGEST]
    return any(pattern.match(words) for pattern in chain(_PATTERNS, _further_patterns()))


def _further_patterns() -> Iterator[re.Pattern[str]]:
    # Imported late: these are compiled where neither English nor German ones match.
    from rag.verify.absence_languages import FURTHER_PATTERNS

    yield from FURTHER_PATTERNS


def hint_start(sentence: str) -> int | None:
    """Return where such a sentence goes on to state something: "…; they only call her a nominee"; None where not."""
    looked_at = sentence[:_LONGEST]
    # "I'm sorry, but …" and the like open it.
    opening = _OPENING_WORDS.match(looked_at)
    if _MENTIONS_ONLY.match(" ".join(looked_at.split())):
        return None
    for pattern in (_GOES_ON, _GOES_ON_FURTHER, _SAID_OF_A_NAME):
        more = pattern.search(looked_at, opening.end() if opening else 0)
        if more and _is_enough(more[1]) and not is_absence(more[1]):
            return more.start(1)
    return None


def is_unmarked_absence(sentence: str) -> bool:
    """Tell whether a sentence that cites nothing says that something cannot be told: "It is not possible to say …"."""
    return _UNMARKED.match(" ".join(sentence.split())[:_LONGEST]) is not None


def mentions_something_else(sentence: str) -> bool:
    """Tell whether a sentence says in one that the documents hold one thing and not the other: a hint."""
    return _MENTIONS_ONLY.match(" ".join(sentence.split())[:_LONGEST]) is not None


def lacks_only_a_part(sentence: str, question: str) -> bool:
    """Tell whether what such a sentence states may be the answer, since it lacks what the question does not ask for.

    Args:
        sentence: A sentence that begins by saying that the documents do not hold something.
        question: The question.

    Returns:
        True for "no information on the height, but …" where nothing of the question is about a height, and where it
        found nothing but what it names: "no keeper later than Ada, who …".
    """
    start = hint_start(sentence)
    if start is None:
        return False
    said = sentence[:start]
    if _NOTHING_BUT.search(said):
        return True
    lacking = _SAID_TO_LACK.search(_BUT_AT_END.sub("", said))
    named = {stem for stem in terms(lacking[1]) if stem not in STOPWORDS} if lacking else set()
    return bool(named) and not named & set(terms(question))


def is_qualified(sentence: str) -> bool:
    """Tell whether such a sentence only says that something does not stand there in these words: "not directly"."""
    return _QUALIFIED.search(sentence[:_LONGEST]) is not None


def _is_enough(words: str) -> bool:
    unspaced = sum("\u3040" <= letter <= "\u9fff" for letter in words[:_LONGEST])
    return len(words.split()) >= _FEW_WORDS or unspaced >= _FEW_LETTERS
