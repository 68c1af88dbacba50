"""Tell what kind of answer a question asks for, and what it is to be about.

Owns: the kinds of questions, in English and German, told by how a question is built. Knows nothing about documents.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.question.sides import compared
from rag.question.vocabulary import (
    AMOUNT,
    AUXILIARY,
    DETERMINER,
    FILES,
    IMPERATIVE,
    NUMBER,
    QUESTION_WORD,
    TEXT,
    TEXTS,
)
from rag.types import Kind

# Characters of a question that are compared with patterns: none of them reads further.
_READ = 600
_ALL = r"(?:(?:all|everything|it|this|that|these|those|them|the\s+whole|alles|das|dies|hier|here|all\s+of\s+(?:it|this|them))\b)"
_THE_FILES = rf"(?:(?:all\s+(?:of\s+)?)?(?:the|these|those|this|that|my|our|your|die|der|den|diese[nrs]?|meine[nr]?|alle[nr]?|all)?\s*(?:\w+ed\s+)?(?:{FILES}|collection|index|corpus|library|knowledge\s+base|content|contents|sammlung|bibliothek))"
_EVERYTHING = re.compile(rf"(?:{_ALL}|{_THE_FILES})(?:\s+(?:here|hier))?", re.I)
_ABOUT_WORD = (
    r"(?:mention(?:s|ed|ing)?|deals?\s+with|dealing\s+with|(?:(?:are|is|talks?|tells?|writes?|speaks?|says?)\s+(?:something\s+|anything\s+|there\s+|mainly\s+)?)?(?:about|on)|"
    r"(?:(?:is|are)\s+)?concerned\s+with|discuss(?:es)?|covers?|contains?|refers?\s+to|relat(?:es?|ed)\s+to|address(?:es)?|touch(?:es)?\s+on|describes?|talks?\s+of|"
    r"erwähn\w+|behandel\w+|hand\w+\s+von|enthalten|enthält|betreffen|betrifft|nennen|nennt|beschreib\w+|sprechen\s+von|befassen\s+sich\s+mit|drehen\s+sich\s+um|(?:sind|ist)?\s*über|geht\s+es\s+um|"
    r"(?:steht|stehen|gibt\s+es)\s+(?:etwas|informationen|angaben)?\s*(?:über|zu[mr]?))"
)
_SUMMARY_NOUN = r"(?:summar(?:y|ies)|synopsis|abstract|recap|overview|outline|précis|digest|gist|tl;?\s?dr|rundown|essence|highlights|bottom\s+line|big\s+picture|main\s+thrust|zusammenfassung|überblick|übersicht|quintessenz|kurzfassung)"
_POINTS = r"(?:points?|take-?\s?aways?|findings|messages?|insights?|ideas|conclusions|arguments|facts|learnings|themes|statements|claims|punkte[n]?|aussagen?|erkenntnisse[n]?|ergebnisse[n]?|inhalte|botschaft(?:en)?|themen)"
_CHIEF = r"(?:main|key|central|core|principal|essential|most\s+important|major|chief|top|important|wichtigste[n]?|zentrale[n]?|wesentliche[n]?)"
_SHORT = r"(?:(?:very|short|brief|quick|concise|one[\s-](?:paragraph|sentence|page|line|word)|(?:two|three|four|five|\d)[\s-](?:sentence|paragraph|line|point)|executive|high[\s-]level|general|rough|kurze[nrs]?|knappe[nrs]?|detailed|comprehensive)\s+)*"
_OF = r"(?:\s+(?:of|on|for|about|from|in|to|regarding|von|vom|aus|zum|zur|zu|über|im)\b)?"
_GIVE = r"(?:(?:give|write|provide|make|create|produce|draft|show|prepare|state|list|tell|name|need|want|i\s+need|i\s+want|gib|geben\s+sie|schreib(?:e|en\s+sie)?|erstelle?|erstellen\s+sie|nenn[e]?|nennen\s+sie)(?:\s+(?:me|us|mir|uns))?\s+)"
_WHAT_ARE = (
    r"(?:what(?:\s+(?:is|are|was|were)|[’']s|[’']re)\s+|was\s+(?:ist|sind|waren)\s+|welche[s]?\s+(?:sind|ist)\s+)"
)
_END = r"[\s?.!]*$"
# "And summarise it": what joins a question to the one before.
_JOINED_ON = re.compile(r"^(?:(?:and|also|then|but|so|or|und|dann|aber|oder)\b[\s,]*)+(?=\S)", re.I)
# "it (the leave policy)": what a follow-up refers to stands in brackets behind it.
_SAID_BEFORE = re.compile(r"(?:it|this|that|them|these|those|das|es|dies)\s*\((?P<what>.+)\)", re.I)
_OPENING_OF = re.compile(r"^(?:made\s+)?(?:of|from|in|about|on|regarding|von|vom|aus|über)\s+", re.I)


@dataclass(frozen=True, slots=True)
class Ask:
    """What a question asks for; the fields are those of a ``Question``."""

    kind: Kind
    topic: str = ""
    sides: tuple[str, ...] = ()


def _compiled(*patterns: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern, re.I) for pattern in patterns)


# Each pattern is matched at the beginning of a question; its group "topic", where it has one, is what it is about.
_OVERVIEW = _compiled(
    # Which documents deal with X, in which is X mentioned, how many are there.
    rf"(?:in\s+|from\s+)?(?:(?:list|show|name|give|find|nenne|zeige?|liste)\s+(?:me\s+|mir\s+)?(?:all\s+|alle\s+)?(?:of\s+)?(?:the\s+|my\s+)?|which\s+|what\s+|how\s+many\s+|welche[mnrs]?\s+|wie\s+viele\s+|(?:are\s+there|do\s+(?:you|we|i)\s+have|haben\s+(?:sie|wir)|hast\s+du)\s+(?:any\s+)?|is\s+there\s+(?:a|any)\s+|gibt\s+es\s+)(?:of\s+)?(?:the\s+|my\s+|our\s+|these\s+|der\s+|meiner\s+)?{TEXTS}\b(?:\s+(?:do|does)\s+(?:you|we|i)\s+have)?(?:\s+(?:that|which|are\s+there|there\s+are|in\s+here|die|gibt\s+es))*,?\s+(?:auf\s+)?{_ABOUT_WORD}\s+(?P<topic>\S.*?)(?:\s+(?:auf|behandelt))?{_END}",
    rf"(?:in\s+)?(?:which|what|welche[mnrs]?)\s+{TEXTS}\s+(?:is|are|was|were|do|does|can|will|wird|werden|ist|sind|kommt|kommen|steht|finde|findet)\s+(?:we\s+|i\s+|one\s+|ich\s+|man\s+|etwas\s+(?:über|zu)\s+)?(?P<topic>\S.*?)\s+(?:mentioned|discussed|described|covered|referred\s+to|dealt\s+with|appear|occur|come\s+up|found|find|erwähnt|genannt|behandelt|beschrieben|vor){_END}",
    rf"in\s+welche[mnr]\s+{TEXTS}\s+(?:steht|stehen|finde|findet|gibt\s+es)\s+(?:ich\s+|man\s+)?(?:etwas|informationen|angaben)\s+(?:über|zu[mr]?)\s+(?P<topic>\S.*?){_END}",
    rf"(?:which|what|how\s+many|list|show|name|give|welche|wie\s+viele|liste|zeig(?:e|en\s+sie)?|nenne)\s+(?:me\s+|mir\s+|us\s+)?(?:a\s+list\s+of\s+)?(?:all\s+|alle\s+)?(?:of\s+)?(?:the\s+|my\s+|your\s+|our\s+|these\s+|available\s+|die\s+|meine\s+|kinds?\s+of\s+|types?\s+of\s+|sorts?\s+of\s+|different\s+)*(?:names\s+of\s+(?:the\s+|all\s+)*)?{FILES}"
    rf"(?:\s+(?:are\s+(?:there|in|on|here|available|loaded|indexed|stored|included|part)|exist|do\s+(?:you|we|i)\s+have|have\s+(?:you|we|i)\b|does\s+(?:this|the\s+(?:index|collection|library))|can\s+you\s+(?:see|read|access|search)|(?:have|were)\s+(?:been\s+)?(?:added|uploaded|indexed|ingested|loaded)|there\s+are|you\s+(?:have|know)|i\s+(?:have|uploaded|added)|did\s+i|in\s+(?:the|this|your)|gibt\s+es|hast\s+du|haben\s+(?:sie|wir)|habe\s+ich|kennst\s+du|kennen\s+sie|sind|liegen|auf|an)\b.{{0,80}})?{_END}",
    # What it is all about.
    rf"(?:so\s+)?what(?:[’']s|\s+(?:is|are))\s+(?:all\s+(?:of\s+)?)?(?:this|these|it|that|everything|{_THE_FILES})(?:\s+(?:{FILES}|collection|index|text|stuff|whole\s+thing))?\s+(?:all\s+|mainly\s+|mostly\s+)?(?:about|on){_END}",
    rf"(?:about\s+)?(?:what|which)\s+(?:\w+\s+)?(?:topics?|subjects?|themes?|areas?|issues?|things)\s+(?:do|does|are|is|can|have)\b.*\b(?:{FILES}|collection|index|library|these|they|this|you|here|it|ask)\b",
    rf"what\s+(?:kinds?|types?|sorts?)\s+of\s+(?:documents|files|information|content|material|texts|questions)\b.{{0,80}}\b(?:here|there|have|contain|these|index|collection|answer|ask){_END}",
    rf"what(?:[’']s|\s+(?:is|are))\s+(?:in|inside|on)\s+(?:here|there|this|these|it|{_THE_FILES}){_END}",
    rf"what\s+do(?:es)?\s+(?:these|this|they|it|{_THE_FILES})\s+(?:{FILES}\s+)?(?:all\s+)?(?:contain|cover|say|talk\s+about|deal\s+with|discuss|describe|tell(?:\s+(?:us|me))?|include){_END}",
    rf"{_GIVE}?(?:an?\s+|the\s+|einen\s+|eine\s+)?{_SHORT}(?:overview|übersicht|überblick|rundown)(?:\s+(?:of|über|on|von)\s+(?:{_ALL}|{_THE_FILES}))?(?:\s+(?:here|in\s+here|please|bitte))*{_END}",
    rf"what\s+(?:can|could|should)\s+i\s+ask(?:\s+(?:you|here|about))*{_END}|what\s+do\s+you\s+know{_END}|was\s+kann\s+ich\s+(?:dich\s+|sie\s+|hier\s+)*fragen{_END}|was\s+weißt\s+du{_END}",
    rf"(?:worum|um\s+was)\s+geht\s+es(?:\s+(?:hier|eigentlich|denn|dabei|überhaupt|insgesamt|in\s+{_THE_FILES}))*{_END}|wovon\s+hande(?:ln|lt)\s+(?:das|dies|{_THE_FILES}){_END}",
    rf"(?:welche|was\s+für)\s+themen\b.{{0,60}}\b(?:{FILES}|es|hier|sammlung|index)\b|was\s+(?:steht|ist)\s+(?:hier|in\s+{_THE_FILES})(?:\s+(?:drin|alles))*{_END}",
    # When they were added, which is the newest, how long one is.
    rf"(?:when|which|what|wann|welches?|was)\b.{{0,30}}\b(?:last|latest|newest|oldest|first|most\s+recent(?:ly)?|recently|letzte[sn]?|neueste[sn]?|neuste[sn]?|älteste[sn]?|erste[sn]?|zuletzt)\s+(?:\w+ed\s+)?{FILES}(?:\s+(?:i|we|you))?(?:\s+(?:to\s+be\s+)?(?:added|uploaded|indexed|changed|modified|ingested|here|there|in\s+(?:here|the\s+(?:index|collection))|have|hinzugefügt|hochgeladen|geändert|aufgenommen))*{_END}",
    rf"(?:which|what|welche[s]?|welche)\s+{FILES}\s+(?:is|was|were|are|ist|wurde|sind)\s+(?:the\s+|das\s+|am\s+|die\s+)?(?:newest|latest|oldest|most\s+recent(?:ly)?|last|first|biggest|largest|longest|shortest|smallest|recently|zuletzt|neueste|älteste|größte|längste|kürzeste|längsten|kürzesten|added|changed|uploaded|indexed)\b.{{0,40}}{_END}",
    rf"(?:when|wann)\s+(?:was|were|wurden?)\s+(?:\S.{{0,60}}\s)?(?:{FILES}|\S+\.\w{{2,4}})\s+(?:last\s+|zuletzt\s+)?(?:added|indexed|uploaded|ingested|loaded|hinzugefügt|hochgeladen|indiziert|aufgenommen){_END}",
    rf"how\s+many\s+(?:pages|words|characters|chunks)\s+(?:are\s+(?:there|in\s+{_THE_FILES})|(?:do|does|has|have)\s+(?:the\s+|this\s+|these\s+)?(?:{FILES}|\S+\.\w{{2,4}})(?:\s+have)?)(?:\s+(?:in\s+total|altogether))?{_END}",
)
_SUMMARY = _compiled(
    rf"(?:summari[sz]e|sum\s+up|recap|condense|outline|abridge|boil\s+down)\b(?:\s+for\s+(?:me|us))?(?P<topic>.*?){_END}",
    rf"fass(?:e|en\s+sie|t)?\s+(?:mir\s+|uns\s+|bitte\s+)*(?P<topic>.*?)\s+(?:kurz\s+)?zusammen\b.*",
    rf"(?:kannst|könntest|können|könnten|würdest|würden)\s+(?:du|sie)\s+(?:mir\s+|uns\s+|bitte\s+)*(?P<topic>\S.*?)\s+(?:kurz\s+)?zusammenfassen\b.*",
    rf"(?:{_WHAT_ARE}|{_GIVE})?(?:the\s+|an?\s+|die\s+|eine[n]?\s+|das\s+)?{_SHORT}{_SUMMARY_NOUN}(?:\s+(?:please|bitte))?(?:{_END}|\s*:|\s+(?:of|on|for|about|from|regarding|von|vom|aus|zum|zur|zu|über)\b|(?=\s+(?:der|des|dieser|dieses)\b))(?P<topic>.*?){_END}",
    rf"(?:{_WHAT_ARE}|{_GIVE})?(?:the\s+|your\s+|die\s+|its\s+|some\s+)?(?:top\s+)?(?:(?:{NUMBER})\s+)?{_CHIEF}\s+(?:(?:{NUMBER})\s+)?{_POINTS}(?P<topic>(?:\s+(?:of|in|from|about|on|made|der|des|von|vom|aus|im|in)\b.*?)?)(?:\s+(?:make|made|here))?{_END}",
    rf"(?:{_WHAT_ARE}|{_GIVE})(?:the\s+|die\s+)?(?:(?:{NUMBER})\s+)?(?:{_CHIEF}\s+|kern|haupt|schlüssel)?(?:take-?\s?aways?|kernaussagen?|kernpunkte|hauptaussagen?|hauptpunkte|kernbotschaften?|highlights)(?P<topic>(?:\s+(?:of|in|from|about|der|des|von|vom|aus|im)\b.*?)?){_END}",
    rf"(?:(?:{NUMBER})\s+)?(?:take-?\s?aways?|kernaussagen?|kernpunkte|hauptaussagen?|hauptpunkte|kernbotschaften?|das\s+wichtigste)\b{_OF}(?P<topic>.*?){_END}",
    rf"(?P<topic>.*?)[\s,]+(?:in\s+a\s+nutshell|tl;?\s?dr|kurz\s+gesagt){_END}",
    rf"(?:in\s+a\s+nutshell|tl;?\s?dr)\b[\s,:;–—-]*(?:what\s+(?:is|are)\s+)?(?P<topic>.*?)(?:\s+about)?{_END}",
    rf"(?:tell\s+(?:me|us)|erzähl(?:e|en\s+sie)?\s+(?:mir|uns))\s+(?:more\s+|everything\s+|all\s+|something\s+|a\s+(?:bit|little)\s+|(?:etwas|mehr|alles)\s+)*(?:about|über)\s+(?P<topic>\S.*?){_END}",
    rf"what\s+do\s+(?:{_THE_FILES}|you|we|they)\s+(?:say|know|tell\s+(?:us|me)|write|have)\s+(?:about|on)\s+(?P<topic>\S.*?){_END}",
    rf"was\s+(?:sagen|steht\s+in|wissen|weißt|schreiben)\s+(?:{_THE_FILES}|du|sie|wir)\s+(?:über|zu[mr]?)\s+(?P<topic>\S.*?){_END}",
    rf"what(?:[’']s|\s+(?:is|was|are))\s+(?P<topic>(?:the|this|that|your|our|my|chapter)\s+(?:[\w.,’'-]+\s+){{0,6}}?{TEXT}\b[^?]{{0,80}}?)\s+(?:all\s+|mainly\s+)?about{_END}",
    rf"what(?:[’']s|\s+is|\s+are)\s+(?P<topic>\S+\.\w{{2,4}})\s+about{_END}",
    rf"(?:worum\s+geht\s+es|um\s+was\s+geht\s+es|wovon\s+handelt)\s+(?:in\s+|im\s+|bei\s+)?(?P<topic>\S.*?){_END}",
    rf"(?:what\s+(?:is|was)\s+)?the\s+{_CHIEF}\s+(?:point|message|idea|argument|theme)\s+(?:of|in)\s+(?P<topic>(?:the|this|that)\s+(?:\w+\s+){{0,3}}{TEXT}\b.*?){_END}",
)
_SAYS = r"(?:mention|identify|name|list|describe|discuss|raise|propose|recommend|suggest|address|cite|note|cover|point\s+out|highlight|refer\s+to|give|enumerate|state|make|present)"
_SAID = r"(?:mentioned|named(?=\s+(?:in|by)\b)|listed|described|discussed|identified|cited|referred\s+to|talked\s+about|referenced|erwähnt|genannt|aufgeführt|beschrieben|aufgezählt|vorgestellt)"
_LIST = _compiled(
    rf"(?:list|enumerate|itemi[sz]e|liste[n]?(?:\s+sie)?|zähle?(?:n\s+sie)?)\s+(?:me\s+|mir\s+|bitte\s+)?(?:out\s+)?(?:all\s+(?:of\s+)?|every\s+|each\s+|alle\s+|sämtliche\s+)?(?:the\s+|die\s+|der\s+)?(?:(?:{NUMBER})\s+(?!of))?(?P<topic>\S.*?)(?:\s+(?:auf))?{_END}",
    rf"(?:name|give|find|state|identify|provide|show|tell|nenne?(?:n\s+sie)?|gib|zeige?(?:n\s+sie)?)\s+(?:me\s+|us\s+|mir\s+|uns\s+|bitte\s+)?(?:at\s+least\s+|up\s+to\s+|mindestens\s+|the\s+|die\s+)?(?:(?:all|every|each|alle|sämtliche|(?!(?:one|a|single|1|ein|eine|einen)\b)(?:{NUMBER})|some|several|einige|mehrere|top\s+\d+)\b(?:\s+of)?\s+(?:the\s+|die\s+|der\s+)?|(?:a|the|an|eine)\s+(?:complete\s+|full\s+|vollständige\s+)?(?:list|liste)\s+(?:of|von|der|aller)\s+(?:all\s+)?(?:the\s+|die\s+)?|examples\s+of\s+|beispiele\s+für\s+)(?P<topic>\S.*?){_END}",
    rf"(?:(?:a|the|eine)\s+)?(?:complete\s+|full\s+)?(?:list|liste)\s+(?:of|von|der|aller)\s+(?:all\s+)?(?:the\s+|die\s+)?(?P<topic>\S.*?){_END}",
    rf"(?:which|what|welche[rns]?|how\s+many|wie\s+viele)\s+(?:of\s+the\s+|other\s+|different\s+)?(?P<topic>\S(?:.{{0,60}}\S)?)\s+(?:are|is|were|was|get|gets|werden|wird|sind)\s+(?:all\s+|explicitly\s+|alles?\s+)?(?:.{{0,60}}?\b)?{_SAID}(?:\s+(?:in|by|im|von|vom|as|here|hier|there|throughout|anywhere|within)\b.{{0,100}})?{_END}",
    rf"(?:who|what|wer|was)\s+(?:all\s+)?(?:is|are|were|was|gets|wird|werden)\s+(?:all\s+|alles\s+)?(?:.{{0,60}}\b)?(?:{_SAID.replace('described|', '').replace('discussed|', '')})(?:\s+(?:in|im|by|here|hier|throughout)\b\s*(?P<topic>.{{0,100}}?))?{_END}",
    rf"(?:which|what|welche)\s+(?P<topic>\S(?:.{{0,50}}\S)?)\s+(?:do|does|did)\s+(?:the|this|these|his|her|my|our)\s+(?:\w+[’']?s?\s+){{0,3}}?(?:{TEXT}|{TEXTS}|speaker|author|authors|president|writer)\s+{_SAYS}\b.{{0,60}}{_END}",
    rf"(?:what|which)\s+(?:should|must|can|could)\s+(?P<topic>\S.{{0,60}}?)\s+do,?\s+according\s+to\s+(?:the|this|these)\s+(?:\w+\s+){{0,3}}{TEXT}{_END}",
    rf"(?:what|who|which)\s+are\s+all\s+(?:of\s+)?(?:the\s+|my\s+|our\s+)?(?P<topic>\S.*?){_END}",
    rf"(?:what|which)\s+are\s+(?:the|some|a\s+few)\s+(?:different\s+|various\s+|possible\s+|available\s+)?(?P<topic>(?:examples|options|kinds|types|reasons|ways|requirements|exceptions|steps)\s+(?:of|for|to)\s+\S.*?){_END}",
    rf"all\s+(?:the\s+|of\s+the\s+)?(?P<topic>\S(?:.{{0,80}}\S)?)\s+(?:that\s+(?:are|is)\s+)?{_SAID}\b.{{0,80}}",
    rf"was\s+sind\s+alle\s+(?P<topic>\S.*?){_END}",
    rf"(?:kannst|könntest|können|könnten|würdest|würden)\s+(?:du|sie)\s+(?:mir\s+|uns\s+|bitte\s+)*(?:alle\s+)?(?P<topic>\S.*?)\s+(?:auflisten|aufzählen){_END}",
)
_BE = r"(?:is|are|was|were|be|ist|sind|war|waren)"
_GROW = r"(?:grow|grew|grown|increased?|rise|risen|rose|fall|fell|fallen|drop(?:ped)?|decreased?|declined?|change[ds]?|shrink|shrunk|improved?|expand(?:ed)?|(?:go|goes|went|gone|come|came)\s+(?:up|down)|gestiegen|gewachsen|gesunken|gefallen|zugenommen|abgenommen|erhöht|verändert|gestiegen|steigen|stieg|wuchs|sank|fiel)"
_MORE = r"(?:more|less|fewer|higher|lower|larger|bigger|greater|smaller|longer|shorter|older|younger|taller|cheaper|dearer|heavier|lighter|faster|slower|deeper|wider|later|earlier|better)"
_MEHR = r"(?:mehr|weniger|höher|niedriger|größer|kleiner|länger|kürzer|älter|jünger|teurer|billiger|schwerer|schneller|tiefer|breiter|später|früher)"
_COMPUTATION = _compiled(
    rf"(?:by\s+)?(?:how\s+much|what\s+percent(?:age)?|how\s+many\s+percent(?:age\s+points)?)\s+(?:did|has|have|does)\s+.{{1,120}}?\b{_GROW}\b.*",
    rf"by\s+(?:how\s+(?:much|many)|what\s+(?:percent|factor|amount))\b.*",
    rf"how\s+(?:much|many)\s+(?:\S+\s+){{0,3}}?{_MORE}\b.*\bthan\b.*|how\s+(?:much|many)\s+(?:percent\s+|times\s+)?{_MORE}\s+(?:\w+\s+){{0,3}}{_BE}\b.*",
    rf"how\s+many\s+times\s+(?:as|more|larger|bigger|greater|higher|longer|smaller)\b.*",
    rf"(?:calculate|compute|berechne(?:n\s+sie)?|add\s+up|work\s+out|addiere?|sum\s+of|summiere|count\s+up)\b.*",
    rf"(?:{_WHAT_ARE}|{_GIVE})?(?:the\s+|die\s+|das\s+|der\s+)?(?:overall\s+|combined\s+|grand\s+|simple\s+)?(?:sum|average|mean|median|ratio|product|quotient|arithmetic\s+mean|combined\s+\w+|summe|durchschnitt|mittelwert|verhältnis)\s+(?:of|between|von|der|des|zwischen|aus|over|across)\s+.*",
    rf"(?:{_WHAT_ARE}|{_GIVE})?(?:the\s+)?(?:sum\s+)?total\s+of\s+.*\band\b.*|(?:how\s+(?:much|many)\b|what\b(?=.*\b(?:costs?|weighs?|pay|earn|{AMOUNT})\b)).{{0,160}}\b(?:and|plus)\b.{{0,80}}\b(?:together|combined|in\s+total|altogether|in\s+all|put\s+together|add\s+up\s+to)(?:\s+(?:cost|make|amount\s+to))?{_END}",
    rf"(?:was|wie\s*viel|wieviel|wie\s+hoch)\b.{{0,120}}\b(?:und|plus)\b.{{0,80}}\b(?:zusammen|insgesamt|zusammengenommen){_END}",
    rf"(?:{_WHAT_ARE}|{_GIVE}|calculate\s+)?(?:the\s+|die\s+|der\s+)?(?:percentage\s+|percent\s+|absolute\s+)?(?:difference|unterschied|differenz|gap)\s+(?:in|beim|bei\s+den|(?=(?:between|of|zwischen|der|des)\b.{{1,60}}?\b{AMOUNT}\s+(?:of|in|for|from|at|von|im|für|der|des|FY|\d))(?:between|of|zwischen|der|des))\s+(?:the\s+|den\s+|dem\s+|der\s+)?(?:\w+\s+){{0,2}}?{AMOUNT}\b.*",
    rf"(?:{_WHAT_ARE}|{_GIVE}|calculate\s+|(?!(?:{QUESTION_WORD}|{AUXILIARY})\b))(?:the\s+|its\s+)?(?:\S+\s+){{0,3}}?(?:growth(?:\s+rate)?|percent(?:age)?\s+(?:change|increase|decrease|growth|difference)|year[\s-](?:over|on)[\s-]year\s+\w+|yoy\s+\w+|cagr|increase|decrease|change|rise|decline)(?:\s+(?:of|in)\s+.{{0,80}}?)?\s+(?:from|between|since|compared)\b.*",
    rf"(?:what|which)\s+(?:percent(?:age)?|proportion|share|fraction)\s+of\s+(?:the\s+|all\s+|its\s+|total\s+|our\s+)*(?:\S+\s+){{0,2}}?(?!numbers?\b|populations?\b|values?\b|prices?\b){AMOUNT}\b.*",
    rf"(?:wie\s*viel|welcher)\s+(?:prozent|anteil)\s+(?:des|der|vom|am|von)\s+(?:\w+\s+)?{AMOUNT}\b.*",
    rf"how\s+(?:many|much)\s+(?:full\s+)?(?:days?|weeks?|months?|years?|hours?|minutes?|time)\s+(?:are\s+(?:there\s+)?|is\s+(?:there\s+)?|lie\s+|lies\s+|passed?\s+|elapsed?\s+|went\s+by\s+|pass\s+|(?:did|do|does|have|has)\s+(?:pass|lie|elapse|passed|elapsed)\s+|was\s+there\s+|were\s+there\s+)?(?:between|from)\s+.*\b(?:and|to|until)\b.*",
    rf"how\s+(?:many|much)\s+(?:days?|weeks?|months?|years?|hours?|time)\s+(?:passed|elapsed|went\s+by|lie|lay|are|were)\b.*\bbetween\b.*",
    rf"(?:um\s+)?wie\s*viel(?:e)?(?:\s+prozent)?\s+(?:ist|sind|hat|haben|wurde|wurden|stieg|sank|wuchs|fiel)\s+.{{1,120}}?{_GROW}.*|um\s+wie\s*viel(?:e)?\s+(?!uhr\b).*|wie\s*viel(?:e)?\s+(?:\w+\s+)?{_MEHR}\b.*|wie\s+viele\s+(?:tage|wochen|monate|jahre)\s+(?:liegen|lagen|sind|vergehen|vergingen)\s+.*\bzwischen\b.*",
)
# Figures of accounts that are seldom stated and made from others.
_RATIO = re.compile(
    r"\b(?:(?:quick|current|cash|debt[\w\s-]{{0,12}}|equity|payout|turnover|coverage|leverage)\s+ratio|(?:gross|operating|net|profit|ebitda)\s+(?:profit\s+)?margin|days\s+(?:payable|sales|inventory)\s+outstanding|(?:asset|inventory)\s+turnover|effective\s+tax\s+rate|return\s+on\s+(?:assets|equity))\b",
    re.I,
)
_HOW_TO = _compiled(
    r"(?:and\s+|so\s+|then\s+)?how\s+(?:do|can|should|could|would|may|must|might|shall|am)\s+(?:i|we|you|one|someone|people|users?|employees|staff|a\s+\w+|new\s+\w+|visitors|guests|tenants|customers|members|students)\s+(?:\w+ly\s+)?(?!(?:know|think|feel|differ|compare|work|mean|say|define|call)\b)\w+",
    r"how\s+(?:does|would|should|can)\s+(?:one|someone|somebody|an?\s+(?:new\s+)?(?:user|employee|visitor|guest|tenant|customer|member|student|applicant))\s+(?!(?:know|think|feel|differ|compare|work|mean|say|define|call)\b)\w+",
    r"(?:explain\s+|describe\s+|show\s+me\s+|tell\s+me\s+|instructions\s+(?:on|for)\s+)?how\s+to\s+\w+",
    rf"(?:what|which)\s+(?:are\s+the\s+)?steps\b.*|(?:the\s+|list\s+the\s+)?steps\s+(?:to|for|in|of)\s+.*|(?:a\s+|step[\s-]by[\s-]step\s+)?(?:guide|instructions|procedure|walkthrough)\s+(?:to|for|on)\s+.*",
    r"what\s+(?:do|must|should|shall|can|would)\s+(?:i|we|you|one)\s+(?:have\s+to\s+|need\s+to\s+|got\s+to\s+)?do\s+(?:to|if|when|in\s+order|before|after|about|for|with|first|next)\b.*|what\s+(?:does\s+it\s+take|is\s+needed|do\s+(?:i|we)\s+need)\s+to\s+\w+.*",
    r"what(?:[’']s|\s+is)\s+the\s+(?:(?:\w+\s+)?(?:procedure|process)|(?:best|right|proper|correct|easiest|quickest|recommended)\s+(?:way|method))\s+(?:to|for)\s+\w+.*|walk\s+me\s+through\s+.*|guide\s+me\s+.*",
    r"wie\s+(?:\w+\s+)?(?:ich|man|wir)\b.*|wie\s+(?:kann|muss|soll|sollte|könnte|darf)\s+(?:ich|man|wir|er|sie|ein\w*)\b.*|wie\s+geht\s+man\b.*",
    r"was\s+(?:muss|soll|sollte|kann)\s+(?:ich|man|wir)\s+(?:\w+\s+){0,8}?(?:tun|machen|beachten)\b.*|welche\s+schritte\b.*|(?:eine\s+)?anleitung\s+(?:zu[mr]?|für)\s+.*|(?:die\s+)?schritte\s+(?:zu[mr]?|für|um)\s+.*|erklär\w*(?:\s+mir)?,?\s+wie\s+(?:ich|man)\b.*",
)
# "Weißt du", "Hat der Laden auf?": a verb, then its subject.
_YES_NO = re.compile(
    rf"(?:and\s+|or\s+|but\s+|so\s+|und\s+|aber\s+)?(?:(?:{AUXILIARY})\b(?!\s*[,:])|(?:if|whether|ob)\b|(?:is|ist)\s+it\s+true)",
    re.I,
)
_GERMAN_VERB_FIRST = re.compile(
    rf"[a-zäöüß]{{2,20}}(?:t|en|st|e)\s+(?:{DETERMINER}|es|man|ich|du|er|sie|wir|ihr|jemand|etwas|sich|auch|hier)\b.*\?\s*$",
    re.I,
)
# "If it rains, who …?"
_MAIN_CLAUSE = re.compile(
    rf"^(?:(?:if|should|sollte)\b[^?]*,\s*(?:(?:in|at|on|by|for|to|from|of|with)\s+)?(?:{QUESTION_WORD})\b|if\b[^?]*\s(?:what|who|how|which)\s+(?:{AUXILIARY})\b)",
    re.I,
)
_TAG = re.compile(
    r",\s*(?:right|correct|isn[’']t\s+it|is\s+it|doesn[’']t\s+it|don[’']t\s+they|true|oder|nicht\s+wahr|richtig|stimmt[’']?s)\s*\?\s*$",
    re.I,
)
# "Is the fee $40 or $50?" asks which.
_CHOICE = re.compile(
    r"\s(?:or|oder)\s+(?:[A-ZÄÖÜ$€£\d][\w.,-]*)(?:\s+[A-ZÄÖÜ\d][\w.,-]*){0,3}(?:\s+(?:first|last|earlier|later|sooner|more|most|better|\w+er))?\s*\?\s*$"
)
# What begins like this is no noun phrase, so that its length is that of an answer and not of a summary.
_SENTENCE_BEGINS = re.compile(
    rf"(?:(?:in|at|on|by|for|to|from|of|with|an|auf|aus|bei|seit|um|von|zu)\s+)?(?:{QUESTION_WORD}|{AUXILIARY}|{IMPERATIVE})\b",
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
    if (topic := _first(_OVERVIEW, text)) is not None:
        return Ask("overview", topic)
    if _first(_COMPUTATION, text) is not None or _RATIO.search(text):
        return Ask("computation")
    if (comparison := compared(text)) is not None:
        return Ask("comparison", *comparison)
    if (topic := _first(_SUMMARY, text)) is not None:
        return Ask("summary", topic)
    if _first(_HOW_TO, text) is not None:
        return Ask("how-to")
    if (topic := _first(_LIST, text)) is not None:
        return Ask("list", topic)
    if _asks_yes_or_no(text, language):
        return Ask("yes-no")
    if sentences and not text.endswith("?") and not _SENTENCE_BEGINS.match(text):
        return Ask("summary", topic_of(text))
    return Ask("fact")


def topic_of(text: str) -> str:
    """Return what something is to be about; "" where that is all there is: "the documents", "everything"."""
    topic = text.strip(' \t,;:.?!–—-"“”„')
    if said := _SAID_BEFORE.fullmatch(topic):
        topic = said["what"]
    return "" if _EVERYTHING.fullmatch(topic) else topic


def _first(patterns: tuple[re.Pattern[str], ...], text: str) -> str | None:
    """Return the topic that the first matching pattern finds; None where none matches."""
    for pattern in patterns:
        if match := pattern.match(text):
            return topic_of(_OPENING_OF.sub("", (match.groupdict().get("topic") or "").strip(), count=1))
    return None


def _asks_yes_or_no(text: str, language: str) -> bool:
    if _CHOICE.search(text):
        return False
    if language == "de" and text[:4].lower() == "was ":
        return False
    if (_YES_NO.match(text) and not _MAIN_CLAUSE.search(text)) or _TAG.search(text):
        return True
    return language == "de" and not _SENTENCE_BEGINS.match(text) and bool(_GERMAN_VERB_FIRST.match(text))
