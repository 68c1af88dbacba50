"""Tell instructions on how to answer from what is asked.

Owns: sentences and phrases such as "If it is not stated, say so." and "in three sentences", in English and German, and
the length that they ask for. Knows nothing about what a question asks for.
"""

from __future__ import annotations

import re

from rag.question.vocabulary import IMPERATIVE, NUMBER, NUMBERS, QUESTION_WORD

# What a conditional instruction tells to do: "…, say so".
_SAY = (
    r"(?:say|state|tell|reply|answer|respond|write|admit|mention|indicate|return|output|let me|let us|leave it"
    r"|point out|note that"
    r"|sag(?:e|en)?|schreib(?:e|en)?|antworte[n]?|gib|geben|teile|teil|erwähne[n]?|nenne|weise|lass(?:e|en)?)"
)
_CONDITION = r"(?:if|when|in case|where|should|unless|whenever|falls|wenn|sollte[n]?|sofern)"
_LACKING = (
    r"(?:(?:not|no|nothing|none|cannot|unsure|unknown|missing|unclear|absent|unable|nicht|nichts|kein\w*|unklar"
    r"|nirgends|unbekannt|fehlt)|\w*n['’]t)"
)
_UNIT = (
    r"(?:words?|sentences?|lines?|paragraphs?|bullets?|bullet points?|points?|pages?|characters?"
    r"|worte?|wörtern?|sätzen?|satz|zeilen?|absatz|absätzen?|stichpunkten?|stichworten?|zeichen)"
)
_AT_MOST = (
    r"(?:(?:at most|no more than|not more than|max(?:imum|imal)?\.?|up to|fewer than|less than|under"
    r"|about|around|exactly|just|only|a single|höchstens|nicht mehr als|unter|etwa|genau|nur|weniger als) )"
)
# "in three sentences", "in at most 50 words", "in one short paragraph".
_LENGTH = (
    rf"(?:(?:in|with|within|using|mit) {_AT_MOST}?|{_AT_MOST})(?:(?:{NUMBER}|a few|few|some|wenigen|einigen|kurzen) )"
    rf"(?:to (?:{NUMBER}) |bis (?:{NUMBER}) |or (?:{NUMBER}) |oder (?:{NUMBER}) )?"
    rf"(?:(?:short|simple|brief|concise|full|complete|single|kurzen?|einfachen?) )?{_UNIT}"
)
_LANGUAGE = (
    r"(?:german|english|french|spanish|italian|plain english|deutsch|englisch|deutscher sprache|englischer sprache)"
)
_FORM = (
    r"(?:(?:as|in) (?:a |an )?(?:short |numbered |bulleted |simple |markdown )*(?:list|bullet list|table|bullets"
    r"|bullet[\s-]points|json|markdown|prose|keywords|bulleted form)|step by step|(?:in|using) (?:very )?(?:simple"
    r"|plain|your own|layman[’']?s?)"
    r" (?:terms|words|language|english)|(?:as )?(?:briefly|concisely|shortly|succinctly)(?: as possible)?"
    r"|as (?:brief|short|concise)(?:ly)? as possible"
    r"|in (?:brief|short|detail|full)|with (?:sources?|citations?|references?|page numbers?|quotes?|examples?)"
    r"|like i[’']?\s?a?m (?:five|5)"
    r"|als (?:liste|tabelle|aufzählung|stichpunkte)|in (?:einer (?:liste|tabelle)|stichpunkten|stichworten|kürze"
    r"|einfachen worten)|stichpunktartig"
    r"|schritt für schritt|kurz und knapp|möglichst kurz|mit quellen(?:angaben?)?)"
)
_BASIS = (
    r"(?:(?:(?:only|just|strictly|solely) )?(?:based|relying|drawing) (?:only |solely |strictly |just )?(?:up)?on"
    r"|using(?: only)?|only using|from|according to|going by) "
    r"(?:(?:only|the|these|those|this|my|our|all|given|provided|uploaded|attached|above|following|retrieved"
    r"|available|of) ){0,4}"
    r"(?:documents?|docs|context|files?|sources?|passages?|information|texts?|material|pdfs?"
    r"|knowledge base)(?: (?:provided|given|above|below|alone|only|you have))?"
)
_PHRASE = rf"(?:{_LENGTH}|{_FORM})"
_NOTHING_MORE = r"[\s.!,;:?]*"
_ANSWER = (
    r"(?:answer|answers|response|reply|output|result|explanation|summary|list|table|sources?|citations?"
    r"|page numbers?|page|reference|references|quotes?|format|antwort|quelle[n]?)"
)
_SENTENCE = re.compile(
    rf"(?:(?:please|kindly|and|but|also|then|bitte|und) )*(?:"
    rf"(?:answer|reply|respond|antworte|antworten sie)\b(?! (?:{QUESTION_WORD})\b)"
    r"|(?:be|sei(?:en sie)?) (?:very |as |more |bitte )?(?:brief|concise|short|precise|specific|honest|quick"
    r"|thorough|detailed|succinct|careful|kurz|knapp|präzise|genau)\b"
    rf"|keep (?:it|your|the|this|things)\b|fass(?:e|en sie)? (?:dich|sich)\b"
    r"|use (?:only|bullet|bullets|plain|simple|at most|no more|short|a table|a list|the (?:documents|context|sources"
    r"|following|provided)|markdown|your own|one|two|three|british|american)\b"
    r"|limit (?:your|the|it|yourself)\b"
    rf"|(?:give|provide|write|return|output|format|state|phrase|put|present|show|include|add|mention|list|name|gib"
    rf"|geben sie|schreib(?:e|en sie)?|nenne?) (?:me |us |mir |uns )?"
    rf"(?:(?:only|just|nur|lediglich)\b|(?:(?:your|the|a|an|one|any|all|deine|ihre|die"
    rf"|eine) )?(?:[\w-]+ ){{0,2}}{_ANSWER}(?: (?:only|please|bitte|with|in|as|used|too|for (?:each|every|your)|mit"
    rf"|in|an)\b.{{0,60}})?{_NOTHING_MORE}$)"
    r"|(?:do not|don[’']?t|never|avoid|without) (?:make|making|guess|guessing|invent|inventing|use|using|add|adding"
    r"|explain|explaining|include|including|repeat|repeating|speculate|speculating"
    r"|hallucinate|answer|write|assume|mention|give|need|rely|elaborate|any)\b|no (?:explanations?|preamble|long"
    r"|extra|need|guessing|further)\b|(?:erfinde|rate|erfinden sie) (?:bitte )?nicht"
    r"|(?:cite|quote) (?:your |the |all |exact |every |relevant )*(?:sources?|passages?|documents?|text|evidence"
    r"|references?|pages?|exactly|verbatim)\b|base your\b|stick to\b|rely (?:only )?on\b|(?:only|just) (?:use|answer"
    r"|give|list|name|the (?:answer|number|name|names|date|year|result))\b"
    rf"|{_CONDITION}\b(?=[^?]{{1,160}}\b{_LACKING}\b)[^?]{{1,160}}?[,;:]? ?(?:(?:then|please|dann|bitte|so|simply"
    rf"|just|einfach) )*{_SAY}\b(?! (?:me |us |mir |uns )?(?:{QUESTION_WORD})\b)"
    rf"|{_SAY}\b[^?]{{0,80}}\b{_CONDITION}\b[^?]{{0,80}}\b{_LACKING}\b|{_SAY} so {_CONDITION}\b|(?:otherwise|or else"
    rf"|sonst|andernfalls)\b[^?]{{0,40}}\b{_SAY}\b"
    rf"|(?:(?:short|brief|quick|kurze?|long|detailed) (?:answer|version|reply|antwort)(?: only)?|(?:a |one "
    rf"|ein )(?:word|sentence|number|wort|satz)(?: (?:is enough|only|answer|reicht|genügt))?|yes or no(?: only)?"
    rf"|ja oder nein"
    rf"|{_PHRASE}|(?:in|auf) {_LANGUAGE}|sources?|citations?|kurz|briefly|nur \w+)(?: (?:is enough|will do|only"
    rf"|please|bitte|reicht))*{_NOTHING_MORE}$"
    r")",
    re.I,
)
# At the end of a question: "… in three sentences", "…, and if it is not stated, say so".
_TRAILING = re.compile(
    rf"(?:(?:^| ?[,;:(–—-] ?| )(?:(?:and|but|please|und|bitte) )*(?:{_PHRASE})(?: ?,? ?(?:please|bitte))?\)?"
    rf"| ?(?:[,;:(–—-] ?| and | but | und )(?:(?:and|but|or|please|und|aber|oder"
    rf"|bitte) )*(?:{_CONDITION}(?=[^?]{{1,120}}\b{_LACKING}\b) (?:it|this|that|the|you|there|not|none|nothing"
    rf"|unknown|unsure|absent|no|es|sie|nichts|nicht|das|die|unbekannt|unklar)\b[^?]{{0,80}}?[,:]? ?(?:(?:then"
    rf"|please|dann|bitte) )*{_SAY}\b[^?]{{0,60}}"
    rf"|(?:answer|reply|respond|antworte) (?:only |just |me )?(?:in|with|briefly|concisely|shortly|yes|as|auf|mit"
    rf"|kurz)\b[^?]{{0,60}}|(?:in|auf) {_LANGUAGE}(?: ?,? ?(?:please|bitte))?|(?:cite|quote|give|include"
    rf"|name) (?:your |the )?(?:sources?|citations?|pages?|page numbers?)|yes or no)\)?"
    rf"| (?:in|auf) {_LANGUAGE} ?,? (?:please|bitte)) ?$",
    re.I,
)
_LEADING = re.compile(
    rf"(?:(?:{_PHRASE}|(?:in|auf) {_LANGUAGE}|{_BASIS}|kurz|ganz kurz|in a nutshell) ?[,:–—-] ?(?:and )?|(?:answer"
    rf"|reply|respond|antworte(?:n sie)?)\b[^?:]{{0,60}}: ?|(?:briefly|concisely|shortly) (?=(?:{IMPERATIVE}"
    rf"|{QUESTION_WORD})\b))",
    re.I,
)
# "Summarise it in German": only behind an order; "What is it called in German?" asks for the word.
_ORDER = re.compile(rf"(?:{IMPERATIVE})\b", re.I)
_ORDERED_LANGUAGE = re.compile(rf" (?:in|auf) {_LANGUAGE} ?$", re.I)
# The clause of a German order whose verb stands at the end: "Fasse X in drei Sätzen zusammen".
_INSIDE = re.compile(rf"(?<=\s)(?:kurz )?{_LENGTH} (?=(?:zusammen|auf|wieder)\b)|(?<=\s)kurz (?=zusammen\b)", re.I)
_BRIEFLY = re.compile(r"(?:please )?(?:briefly|concisely|shortly) ", re.I)

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
    if re.search(r"\b(?:in )?(?:a|one|ein(?:em)?|single) (?:word|wort|sentence|satz)\b", text, re.I):
        return 1
    if _SHORT.search(text):
        return 2
    return 3 if _BRIEF.search(text) else 0


def number_of(word: str) -> int:
    """Return the value of a number in figures or as a word up to twenty."""
    return int(word) if word.isdigit() else NUMBERS.get(word.lower(), 0)
