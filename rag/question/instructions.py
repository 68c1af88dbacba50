"""Tell instructions on how to answer from what is asked.

Owns: sentences and phrases such as "If it is not stated, say so." and "in three sentences", in English and German, and
the length that they ask for. Knows nothing about what a question asks for.
"""

from __future__ import annotations

import re

from rag.question.vocabulary import IMPERATIVE, NUMBER, NUMBERS, QUESTION_WORD

# What a conditional instruction tells to do: "…, say so".
_SAY = (
    r"(?:say|state|tell|reply|answer|respond|write|admit|mention|indicate|return|output|let|just|leave|point|note"
    r"|sag(?:e|en)?|schreib(?:e|en)?|antworte[n]?|gib|geben|teile|teil|erwähne[n]?|nenne|weise|lass(?:e|en)?)"
)
_CONDITION = r"(?:if|when|in\s+case|where|should|unless|whenever|falls|wenn|sollte[n]?|sofern)"
_LACKING = (
    r"(?:not|no|nothing|none|n['’]t|cannot|unsure|unknown|missing|unclear|absent|unable|nicht|nichts|kein\w*|unklar"
    r"|nirgends|unbekannt|fehlt)"
)
_UNIT = (
    r"(?:words?|sentences?|lines?|paragraphs?|bullets?|bullet\s+points?|points?|pages?|characters?"
    r"|worte?|wörtern?|sätzen?|satz|zeilen?|absatz|absätzen?|stichpunkten?|stichworten?|zeichen)"
)
_AT_MOST = (
    r"(?:(?:at\s+most|no\s+more\s+than|not\s+more\s+than|max(?:imum|imal)?\.?|up\s+to|fewer\s+than|less\s+than|under"
    r"|about|around|exactly|just|only|a\s+single|höchstens|nicht\s+mehr\s+als|unter|etwa|genau|nur|weniger\s+als)\s+)"
)
# "in three sentences", "in at most 50 words", "in one short paragraph".
_LENGTH = (
    rf"(?:(?:in|with|within|using|mit)\s+{_AT_MOST}?|{_AT_MOST})(?:(?:{NUMBER}|a\s+few|few|some|wenigen|einigen|kurzen)\s+)"
    rf"(?:to\s+(?:{NUMBER})\s+|bis\s+(?:{NUMBER})\s+|or\s+(?:{NUMBER})\s+|oder\s+(?:{NUMBER})\s+)?"
    rf"(?:(?:short|simple|brief|concise|full|complete|single|kurzen?|einfachen?)\s+)?{_UNIT}"
)
_LANGUAGE = r"(?:german|english|french|spanish|italian|plain\s+english|deutsch|englisch|deutscher\s+sprache|englischer\s+sprache)"
_FORM = (
    r"(?:(?:as|in)\s+(?:a\s+|an\s+)?(?:short\s+|numbered\s+|bulleted\s+|simple\s+|markdown\s+)*(?:list|bullet\s+list|table|bullets"
    r"|bullet[\s-]points|json|markdown|prose|keywords|bulleted\s+form)|step\s+by\s+step|(?:in|using)\s+(?:very\s+)?(?:simple|plain|your\s+own|layman[’']?s?)"
    r"\s+(?:terms|words|language|english)|(?:as\s+)?(?:briefly|concisely|shortly|succinctly)(?:\s+as\s+possible)?|as\s+(?:brief|short|concise)(?:ly)?\s+as\s+possible"
    r"|in\s+(?:brief|short|detail|full)|with\s+(?:sources?|citations?|references?|page\s+numbers?|quotes?|examples?)|like\s+i[’']?\s?a?m\s+(?:five|5)"
    r"|als\s+(?:liste|tabelle|aufzählung|stichpunkte)|in\s+(?:einer\s+(?:liste|tabelle)|stichpunkten|stichworten|kürze|einfachen\s+worten)|stichpunktartig"
    r"|schritt\s+für\s+schritt|kurz\s+und\s+knapp|möglichst\s+kurz|mit\s+quellen(?:angaben?)?)"
)
_BASIS = (
    r"(?:(?:(?:only|just|strictly|solely)\s+)?(?:based|relying|drawing)\s+(?:only\s+|solely\s+|strictly\s+|just\s+)?(?:up)?on|using(?:\s+only)?|only\s+using|from|according\s+to|going\s+by)\s+"
    r"(?:(?:only|the|these|those|this|my|our|all|given|provided|uploaded|attached|above|following|retrieved|available|of)\s+){0,4}"
    r"(?:documents?|docs|context|files?|sources?|passages?|information|texts?|material|pdfs?|knowledge\s+base)(?:\s+(?:provided|given|above|below|alone|only|you\s+have))?"
)
_PHRASE = rf"(?:{_LENGTH}|{_FORM})"
_NOTHING_MORE = r"[\s.!,;:?]*"
_ANSWER = r"(?:answer|answers|response|reply|output|result|explanation|summary|list|table|sources?|citations?|page\s+numbers?|page|reference|references|quotes?|format|antwort|quelle[n]?)"
_SENTENCE = re.compile(
    rf"(?:(?:please|kindly|and|but|also|then|bitte|und)\s+)*(?:"
    rf"(?:answer|reply|respond|antworte|antworten\s+sie)\b(?!\s+(?:{QUESTION_WORD})\b)"
    r"|(?:be|sei(?:en\s+sie)?)\s+(?:very\s+|as\s+|more\s+|bitte\s+)?(?:brief|concise|short|precise|specific|honest|quick|thorough|detailed|succinct|careful|kurz|knapp|präzise|genau)\b"
    rf"|keep\s+(?:it|your|the|this|things)\b|fass(?:e|en\s+sie)?\s+(?:dich|sich)\b"
    r"|use\s+(?:only|bullet|bullets|plain|simple|at\s+most|no\s+more|short|a\s+table|a\s+list|the\s+(?:documents|context|sources|following|provided)|markdown|your\s+own|one|two|three|british|american)\b"
    r"|limit\s+(?:your|the|it|yourself)\b"
    rf"|(?:give|provide|write|return|output|format|state|phrase|put|present|show|include|add|mention|list|name|gib|geben\s+sie|schreib(?:e|en\s+sie)?|nenne?)\s+(?:me\s+|us\s+|mir\s+|uns\s+)?"
    rf"(?:(?:only|just|nur|lediglich)\b|(?:(?:your|the|a|an|one|any|all|deine|ihre|die|eine)\s+)?(?:[\w-]+\s+){{0,2}}{_ANSWER}(?:\s+(?:only|please|bitte|with|in|as|used|too|for\s+(?:each|every|your)|mit|in|an)\b.{{0,60}})?{_NOTHING_MORE}$)"
    r"|(?:do\s+not|don[’']?t|never|avoid|without)\s+(?:make|making|guess|guessing|invent|inventing|use|using|add|adding|explain|explaining|include|including|repeat|repeating|speculate|speculating"
    r"|hallucinate|answer|write|assume|mention|give|need|rely|elaborate|any)\b|no\s+(?:explanations?|preamble|long|extra|need|guessing|further)\b|(?:erfinde|rate|erfinden\s+sie)\s+(?:bitte\s+)?nicht"
    r"|(?:cite|quote)\s+(?:your|the|sources|exact|all|every|it)\b|base\s+your\b|stick\s+to\b|rely\s+(?:only\s+)?on\b|(?:only|just)\s+(?:use|answer|give|list|name|the\s+(?:answer|number|name|names|date|year|result))\b"
    rf"|{_CONDITION}\b[^?]{{1,160}}?[,;:]?\s*(?:(?:then|please|dann|bitte|so|simply|einfach)\s+)*{_SAY}\b"
    rf"|{_SAY}\b[^?]{{0,80}}\b{_CONDITION}\b[^?]{{0,80}}\b{_LACKING}\b|{_SAY}\s+so\s+{_CONDITION}\b|(?:otherwise|or\s+else|sonst|andernfalls)\b[^?]{{0,40}}\b{_SAY}\b"
    rf"|(?:(?:short|brief|quick|kurze?|long|detailed)\s+(?:answer|version|reply|antwort)(?:\s+only)?|(?:a\s+|one\s+|ein\s+)(?:word|sentence|number|wort|satz)(?:\s+(?:is\s+enough|only|answer|reicht|genügt))?|yes\s+or\s+no(?:\s+only)?|ja\s+oder\s+nein"
    rf"|{_PHRASE}|(?:in|auf)\s+{_LANGUAGE}|sources?|citations?|kurz|briefly|nur\s+\w+)(?:\s+(?:is\s+enough|will\s+do|only|please|bitte|reicht))*{_NOTHING_MORE}$"
    r")",
    re.I,
)
# At the end of a question: "… in three sentences", "…, and if it is not stated, say so".
_TRAILING = re.compile(
    rf"(?:(?:^|\s*[,;:(–—-]\s*|\s+)(?:(?:and|but|please|und|bitte)\s+)*(?:{_PHRASE})(?:\s*,?\s*(?:please|bitte))?\)?"
    rf"|\s*(?:[,;:(–—-]\s*|\s+and\s+|\s+but\s+|\s+und\s+)(?:(?:and|but|or|please|und|aber|oder|bitte)\s+)*(?:{_CONDITION}\s+(?:it|this|that|the|you|there|not|none|nothing|unknown|unsure|absent|no|es|sie|nichts|nicht|das|die|unbekannt|unklar)\b[^?]{{0,80}}?[,:]?\s*(?:(?:then|please|dann|bitte)\s+)*{_SAY}\b[^?]{{0,60}}"
    rf"|(?:answer|reply|respond|antworte)\s+(?:only\s+|just\s+|me\s+)?(?:in|with|briefly|concisely|shortly|yes|as|auf|mit|kurz)\b[^?]{{0,60}}|(?:in|auf)\s+{_LANGUAGE}(?:\s*,?\s*(?:please|bitte))?|(?:cite|quote|give|include|name)\s+(?:your\s+|the\s+)?(?:sources?|citations?|pages?|page\s+numbers?)|yes\s+or\s+no)\)?"
    rf"|\s+(?:in|auf)\s+{_LANGUAGE}\s*,?\s+(?:please|bitte))\s*$",
    re.I,
)
_LEADING = re.compile(
    rf"(?:(?:{_PHRASE}|(?:in|auf)\s+{_LANGUAGE}|{_BASIS}|kurz|ganz\s+kurz|in\s+a\s+nutshell)\s*[,:–—-]\s*(?:and\s+)?|(?:answer|reply|respond|antworte(?:n\s+sie)?)\b[^?:]{{0,60}}:\s*|(?:briefly|concisely|shortly)\s+(?=(?:{IMPERATIVE}|{QUESTION_WORD})\b))",
    re.I,
)
# "Summarise it in German": only behind an order; "What is it called in German?" asks for the word.
_ORDER = re.compile(rf"(?:{IMPERATIVE})\b", re.I)
_ORDERED_LANGUAGE = re.compile(rf"\s+(?:in|auf)\s+{_LANGUAGE}\s*$", re.I)
# The clause of a German order whose verb stands at the end: "Fasse X in drei Sätzen zusammen".
_INSIDE = re.compile(
    rf"(?<=\s)(?:kurz\s+)?{_LENGTH}\s+(?=(?:zusammen|auf|wieder)\b)|(?<=\s)kurz\s+(?=zusammen\b)", re.I
)
_BRIEFLY = re.compile(r"(?:please\s+)?(?:briefly|concisely|shortly)\s+", re.I)

_SENTENCES_ASKED = re.compile(
    rf"\b({NUMBER})[\s-]+(?:(?:short|simple|brief|concise|full|complete|single|kurzen?|einfachen?|or\s+\w+|to\s+\w+|bis\s+\w+|oder\s+\w+)\s+)*(sentence|line|paragraph|word|page|satz|sätze|zeile|absatz|absätze|wort|wörter|worte)",
    re.I,
)
_SHORT = re.compile(r"\b(?:tl;?dr|nutshell|gist|one[- ]liner)\b", re.I)
_BRIEF = re.compile(r"\b(?:brief(?:ly)?|short(?:ly)?|concise(?:ly)?|quick|kurze?[nrs]?)\b", re.I)
_LINES_OF_PARAGRAPH, _WORDS_OF_SENTENCE, _SENTENCES_OF_PAGE = 4, 20, 20
_MOST_SENTENCES = 60


def is_instruction(sentence: str) -> bool:
    """Tell whether a whole sentence says how to answer."""
    return bool(_SENTENCE.match(sentence))


def split_instructions(question: str) -> tuple[str, tuple[str, ...]]:
    """Cut instructions off both ends of a question.

    Returns:
        The question without them, and the instructions in their order; a question that is nothing else is kept whole.
    """
    before: list[str] = []
    after: list[str] = []
    while (match := _LEADING.match(question)) and question[match.end() :].strip():
        before.append(match.group().strip(" ,:–—-"))
        question = question[match.end() :].lstrip()
    while True:
        body = question.rstrip(" ?.!")
        mark = question[len(body) :].strip()
        trailing = _TRAILING.search(body[-240:]) or (_ordered_language(body) if _ORDER.match(body) else None)
        start = max(0, len(body) - 240) + trailing.start() if trailing else 0
        if not trailing or not body[:start].strip(" ,;:(–—-"):
            break
        after.insert(0, trailing.group().strip(" ,;:()–—-"))
        question = body[:start].rstrip(" ,;:(–—-") + (
            "?" if "?" in mark or body[:start].rstrip().endswith("?") else mark
        )
        question = re.sub(r"\?{2,}$", "?", question)
    if inside := _INSIDE.search(question[:600]):
        after.append(inside.group().strip())
        question = question[: inside.start()] + question[inside.end() :]
    return question, (*before, *after)


def _ordered_language(body: str) -> re.Match[str] | None:
    return _ORDERED_LANGUAGE.search(body[-240:])


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
    if re.search(r"\b(?:in\s+)?(?:a|one|ein(?:em)?|single)\s+(?:word|wort|sentence|satz)\b", text, re.I):
        return 1
    if _SHORT.search(text):
        return 2
    return 3 if _BRIEF.search(text) else 0


def number_of(word: str) -> int:
    """Return the value of a number in figures or as a word up to twenty."""
    return int(word) if word.isdigit() else NUMBERS.get(word.lower(), 0)
