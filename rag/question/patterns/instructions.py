"""How instructions on how to answer are worded. Pure data."""

from __future__ import annotations

from rag.question.patterns.fragments import compiled

_PARTS = {
    # What an instruction under a condition tells to do: "…, say so".
    "say": (
        r"(?:say|state|tell|reply|answer|respond|write|admit|mention|indicate|return|output|let me|let us|leave it"
        r"|point out|note that|sag(?:e|en)?|schreib(?:e|en)?|antworten?|gib|geben|teilen?|erwähnen?|nenne|weise"
        r"|lass(?:e|en)?)"
    ),
    "condition": r"(?:if|when|in case|where|should|unless|whenever|falls|wenn|sollten?|sofern)",
    "lacking": (
        r"(?:(?:not|no|nothing|none|cannot|unsure|unknown|missing|unclear|absent|unable|nicht|nichts|kein\w*|unklar"
        r"|nirgends|unbekannt|fehlt)|\w*n['’]t)"
    ),
    "then": r"(?:(?:then|please|so|simply|just|dann|bitte|einfach) )*",
    "unit": (
        r"(?:words?|sentences?|lines?|paragraphs?|bullets?|bullet points?|points?|pages?|characters?|worte?|wörtern?"
        r"|sätzen?|satz|zeilen?|absatz|absätzen?|stichpunkten?|stichworten?|zeichen)"
    ),
    "at_most": (
        r"(?:(?:at most|no more than|not more than|max(?:imum|imal)?\.?|up to|fewer than|less than|under|about|around"
        r"|exactly|just|only|a single|höchstens|nicht mehr als|unter|etwa|genau|nur|weniger als) )"
    ),
    # "in three sentences", "in at most 50 words", "in one short paragraph".
    "length": (
        r"(?:(?:in|with|within|using|mit) <at_most>?|<at_most>)(?:<number>|a few|few|some|wenigen|einigen|kurzen) "
        r"(?:(?:to|or|bis|oder) <number> )?(?:(?:short|simple|brief|concise|full|complete|single|kurzen?|einfachen?) )?"
        r"<unit>"
    ),
    "language": (
        r"(?:german|english|french|spanish|italian|plain english|deutsch|englisch|deutscher sprache"
        r"|englischer sprache)"
    ),
    # "as a list", "step by step", "briefly", "with sources".
    "form": (
        r"(?:(?:as|in) (?:an? )?(?:(?:short|numbered|bulleted|simple|markdown) )*(?:list|bullet list|table|bullets"
        r"|bullet[ -]points|json|markdown|prose|keywords|bulleted form)"
        r"|step by step|(?:in|using) (?:very )?(?:simple|plain|your own|layman[’']?s?) (?:terms|words|language|english)"
        r"|(?:as )?(?:briefly|concisely|shortly|succinctly)(?: as possible)?"
        r"|as (?:brief|short|concise)(?:ly)? as possible"
        r"|in (?:brief|short|detail|full)|with (?:sources?|citations?|references?|page numbers?|quotes?|examples?)"
        r"|like i[’']? ?a?m (?:five|5)|als (?:liste|tabelle|aufzählung|stichpunkte)|in einer (?:liste|tabelle)"
        r"|in (?:stichpunkten|stichworten|kürze|einfachen worten)|stichpunktartig|schritt für schritt|kurz und knapp"
        r"|möglichst kurz|mit quellen(?:angaben?)?)"
    ),
    "phrase": r"(?:<length>|<form>)",
    "answer": (
        r"(?:answers?|response|reply|output|result|explanation|summary|list|table|sources?|citations?|page numbers?"
        r"|page|references?|quotes?|format|antwort|quellen?)"
    ),
    "write": (
        r"(?:give|provide|write|return|output|format|state|phrase|put|present|show|include|add|mention|list|name|gib"
        r"|geben sie|schreib(?:e|en sie)?|nenne?)(?: me| us| mir| uns)?"
    ),
    "so": r"(?:(?:please|kindly|and|but|also|then|bitte|und) )*",
    # What instructions are about: "it", "the answer", "there".
    "it": (
        r"(?:it|this|that|the|you|there|not|none|nothing|unknown|unsure|absent|no|es|sie|nichts|nicht|das|die|unbekannt"
        r"|unklar)"
    ),
    "over": r"[ .!,;:?]*$",
    "joint": r"(?: ?[,;:(–—-] ?| and | but | und )(?:(?:and|but|or|please|und|aber|oder|bitte) )*",
    "please": r"(?: ?,? ?(?:please|bitte))",
    "documents": (
        r"(?:documents?|docs|context|files?|sources?|passages?|information|texts?|material|pdfs?|knowledge base)"
    ),
    # "Based on the provided documents", "using only the text".
    "basis": (
        r"(?:(?:(?:only|just|strictly|solely) )?(?:based|relying|drawing) (?:(?:only|solely|strictly|just) )?(?:up)?on"
        r"|using(?: only)?|only using|from|according to|going by) (?:(?:only|the|these|those|this|my|our|all|given"
        r"|provided|uploaded|attached|above|following|retrieved|available|of) ){0,4}<documents>"
        r"(?: (?:provided|given|above|below|alone|only|you have))?"
    ),
}

# A whole sentence is an instruction; each is matched at its beginning.
SENTENCES = compiled(
    # "Answer in one word.", "Be brief.", "Keep it short.", "Use bullet points."
    r"<so>(?:answer|reply|respond|antworte|antworten sie)\b(?! <question_word>\b)",
    r"<so>(?:be|sei(?:en sie)?) (?:(?:very|as|more|bitte) )?(?:brief|concise|short|precise|specific|honest|quick"
    r"|thorough|detailed|succinct|careful|kurz|knapp|präzise|genau)\b",
    r"<so>(?:keep (?:it|your|the|this|things)|limit (?:your|the|it|yourself)|fass(?:e|en sie)? (?:dich|sich))\b",
    r"<so>use (?:only|bullets?|plain|simple|at most|no more|short|a table|a list|markdown|your own|one|two|three"
    r"|british|american|the (?:documents|context|sources|following|provided))\b",
    # "Give only the name.", "Include page numbers."
    r"<so><write> (?:only|just|nur|lediglich)\b",
    r"<so><write> (?:(?:your|the|an?|one|any|all|deine|ihre|die|eine) )?(?:[\w-]+ ){0,2}<answer>"
    r"(?: (?:only|please|bitte|with|in|as|used|too|for (?:each|every|your)|mit|an)\b.{0,60})?<over>",
    r"<so>(?:only|just) (?:use|answer|give|list|name|the (?:answer|number|names?|date|year|result))\b",
    # "Don't guess.", "No explanations."
    r"<so>(?:do not|don[’']?t|never) (?:make|guess|invent|use|add|explain|include|repeat|speculate|hallucinate|answer"
    r"|write|assume|mention|give|need|rely|elaborate)\b",
    r"<so>(?:avoid|without) (?:making|guessing|inventing|using|adding|explaining|including|repeating|any)\b",
    r"<so>no (?:explanations?|preamble|long|extra|need|guessing|further)\b",
    r"<so>(?:erfinde|rate|erfinden sie) (?:bitte )?nicht",
    # "Cite your sources.", "Stick to the documents."
    r"<so>(?:cite|quote) (?:(?:your|the|all|exact|every|relevant) )*(?:sources?|passages?|documents?|text|evidence"
    r"|references?|pages?|exactly|verbatim)\b",
    r"<so>(?:base your|stick to|rely (?:only )?on)\b",
    # "If it is not stated, say so.", "Say 'unknown' if it is not there.", "Otherwise say that …"
    r"<so><condition>\b(?=[^?]{1,160}\b<lacking>\b)[^?]{1,160}?[,;:]? ?<then><say>\b"
    r"(?! (?:me |us |mir |uns )?<question_word>\b)",
    r"<so><say>\b[^?]{0,80}\b<condition>\b[^?]{0,80}\b<lacking>\b",
    r"<so><say> so <condition>\b",
    r"<so>(?:otherwise|or else|sonst|andernfalls)\b[^?]{0,40}\b<say>\b",
    # "Short answer, please.", "One word is enough.", "In three sentences.", "In German."
    r"<so>(?:(?:short|brief|quick|kurze?|long|detailed) (?:answer|version|reply|antwort)"
    r"|(?:a|one|ein) (?:word|sentence|number|wort|satz)(?: answer)?|yes or no|ja oder nein|<phrase>"
    r"|(?:in|auf) <language>|sources?|citations?|kurz|briefly|nur \w+)"
    r"(?: (?:is enough|will do|only|please|bitte|reicht|genügt))*<over>",
    parts=_PARTS,
)
# At the end of a question.
TRAILING = compiled(
    # "… in three sentences", "… (as a list)"
    r"(?:^| ?[,;:(–—-] ?| )(?:(?:and|but|please|und|bitte) )*<phrase><please>?\)? ?$",
    # "…, and if it is not stated, say so"
    r"<joint><condition>(?=[^?]{1,120}\b<lacking>\b) <it>\b[^?]{0,80}?[,:]? ?<then><say>\b[^?]{0,60}\)? ?$",
    # "… and answer in one word", "…, in German", "… and cite your sources", "…, yes or no?"
    r"<joint>(?:answer|reply|respond|antworte) (?:(?:only|just|me) )?"
    r"(?:in|with|briefly|concisely|shortly|yes|as|auf|mit|kurz)\b[^?]{0,60}\)? ?$",
    r"<joint>(?:in|auf) <language><please>?\)? ?$",
    r"<joint>(?:cite|quote|give|include|name) (?:your |the )?(?:sources?|citations?|pages?|page numbers?)\)? ?$",
    r"<joint>yes or no\)? ?$",
    r" (?:in|auf) <language> ?,? (?:please|bitte) ?$",
    parts=_PARTS,
)
# "Summarise it in German": only behind an order; "What is it called in German?" asks for the word.
(ORDERED_LANGUAGE,) = compiled(r" (?:in|auf) <language> ?$", parts=_PARTS)
# At the beginning of a question.
LEADING = compiled(
    r"(?:<phrase>|(?:in|auf) <language>|<basis>|kurz|ganz kurz) ?[,:–—-] ?(?:and )?",
    r"(?:answer|reply|respond|antworte(?:n sie)?)\b[^?:]{0,60}: ?",
    r"(?:briefly|concisely|shortly) (?=(?:<imperative>|<question_word>)\b)",
    parts=_PARTS,
)
# Inside a German order, whose verb ends it: "Fasse X in drei Sätzen zusammen".
INSIDE = compiled(
    r"(?<= )(?:kurz )?<length> (?=(?:zusammen|auf|wieder)\b)",
    r"(?<= )kurz (?=zusammen\b)",
    parts=_PARTS,
)
