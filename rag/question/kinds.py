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
_ALL = (
    r"(?:(?:all|everything|it|this|that|these|those|them|the whole|alles|das|dies|hier|here|all of (?:it|this"
    r"|them))\b)"
)
_THE_FILES = (
    rf"(?:(?:all (?:of )?)?(?:the|these|those|this|that|my|our|your|die|der|den|diese[nrs]?|meine[nr]?|alle[nr]?"
    rf"|all)? ?(?:\w+ed )?(?:{FILES}|collection|index|corpus|library|knowledge base|content|contents|sammlung"
    rf"|bibliothek))"
)
_EVERYTHING = re.compile(rf"(?:{_ALL}|{_THE_FILES})(?: (?:here|hier))?", re.I)
_ABOUT_WORD = (
    r"(?:mention(?:s|ed|ing)?|deals? with|dealing with|(?:(?:are|is|talks?|tells?|writes?|speaks?"
    r"|says?) (?:something |anything |there |mainly )?)?(?:about|on)|"
    r"(?:(?:is|are) )?concerned with|discuss(?:es)?|covers?|contains?|refers? to|relat(?:es?|ed) to|address(?:es)?"
    r"|touch(?:es)? on|describes?|talks? of|"
    r"erwähn\w+|behandel\w+|hand\w+ von|enthalten|enthält|betreffen|betrifft|nennen|nennt|beschreib\w+|sprechen von"
    r"|befassen sich mit|drehen sich um|(?:sind|ist)? ?über|geht es um|"
    r"(?:steht|stehen|gibt es) (?:etwas|informationen|angaben)? ?(?:über|zu[mr]?))"
)
_SUMMARY_NOUN = (
    r"(?:summar(?:y|ies)|synopsis|abstract|recap|overview|outline|précis|digest|gist|tl;?\s?dr|rundown|essence"
    r"|highlights|bottom line|big picture|main thrust|zusammenfassung|überblick|übersicht|quintessenz|kurzfassung)"
)
_POINTS = (
    r"(?:points?|take-?\s?aways?|findings|messages?|insights?|ideas|conclusions|arguments|facts|learnings|themes"
    r"|statements|claims|punkte[n]?|aussagen?|erkenntnisse[n]?|ergebnisse[n]?|inhalte|botschaft(?:en)?|themen)"
)
_CHIEF = (
    r"(?:main|key|central|core|principal|essential|most important|major|chief|top|important|wichtigste[n]?"
    r"|zentrale[n]?|wesentliche[n]?)"
)
_SHORT = (
    r"(?:(?:very|short|brief|quick|concise|one[\s-](?:paragraph|sentence|page|line|word)|(?:two|three|four|five"
    r"|\d)[\s-](?:sentence|paragraph|line|point)|executive|high[\s-]level|general|rough|kurze[nrs]?|knappe[nrs]?"
    r"|detailed|comprehensive) )*"
)
_OF = r"(?: (?:of|on|for|about|from|in|to|regarding|von|vom|aus|zum|zur|zu|über|im)\b)?"
_GIVE = (
    r"(?:(?:give|write|provide|make|create|produce|draft|show|prepare|state|list|tell|name|need|want|i need|i want"
    r"|gib|geben sie|schreib(?:e|en sie)?|erstelle?|erstellen sie|nenn[e]?|nennen sie)(?: (?:me|us|mir|uns))? )"
)
_WHAT_ARE = r"(?:what(?: (?:is|are|was|were)|[’']s|[’']re) |was (?:ist|sind|waren) |welche[s]? (?:sind|ist) )"
_END = r"[\s?.!]*$"
# "And summarise it": what joins a question to the one before.
_JOINED_ON = re.compile(r"^(?:(?:and|also|then|but|so|or|und|dann|aber|oder)\b[\s,]*)+(?=\S)", re.I)
# "it (the leave policy)": what a follow-up refers to stands in brackets behind it.
_SAID_BEFORE = re.compile(r"(?:it|this|that|them|these|those|das|es|dies) ?\((?P<what>.+)\)", re.I)
_OPENING_OF = re.compile(r"^(?:made )?(?:of|from|in|about|on|regarding|von|vom|aus|über) ", re.I)


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
    rf"(?:in |from )?(?:(?:list|show|name|give|find|nenne|zeige?|liste) (?:me |mir )?(?:all |alle )?(?:of )?(?:the "
    rf"|my )?|which |what |how many |welche[mnrs]? |wie viele |(?:are there|do (?:you|we|i) have|haben (?:sie|wir)"
    rf"|hast du) (?:any )?|is there (?:a|any) |gibt es )(?:of )?(?:the |my |our |these |der "
    rf"|meiner )?{TEXTS}\b(?: (?:do|does) (?:you|we|i) have)?(?: (?:that|which|are there|there are|in here|die"
    rf"|gibt es))*,? (?:auf )?{_ABOUT_WORD} (?P<topic>\S.*?)(?: (?:auf|behandelt))?{_END}",
    rf"(?:in )?(?:which|what|welche[mnrs]?) {TEXTS} (?:is|are|was|were|do|does|can|will|wird|werden|ist|sind|kommt"
    rf"|kommen|steht|finde|findet) (?:we |i |one |ich |man |etwas (?:über|zu) )?(?P<topic>\S.*?) (?:mentioned"
    rf"|discussed|described|covered|referred to|dealt with|appear|occur|come up|found|find|erwähnt|genannt|behandelt"
    rf"|beschrieben|vor){_END}",
    rf"in welche[mnr] {TEXTS} (?:steht|stehen|finde|findet|gibt es) (?:ich |man )?(?:etwas|informationen"
    rf"|angaben) (?:über|zu[mr]?) (?P<topic>\S.*?){_END}",
    rf"(?:which|what|how many|list|show|name|give|welche|wie viele|liste|zeig(?:e|en sie)?|nenne) (?:me |mir "
    rf"|us )?(?:a list of )?(?:all |alle )?(?:of )?(?:the |my |your |our |these |available |die |meine |kinds? of "
    rf"|types? of |sorts? of |different )*(?:names of (?:the |all )*)?{FILES}"
    rf"(?: (?:are (?:there|in|on|here|available|loaded|indexed|stored|included|part)|exist|do (?:you|we|i) have"
    rf"|have (?:you|we|i)\b|does (?:this|the (?:index|collection|library))|can you (?:see|read|access|search)"
    rf"|(?:have|were) (?:been )?(?:added|uploaded|indexed|ingested|loaded)|there are|you (?:have|know)|i (?:have"
    rf"|uploaded|added)|did i|in (?:the|this|your)|gibt es|hast du|haben (?:sie|wir)|habe ich|kennst du|kennen sie"
    rf"|sind|liegen|auf|an)\b.{{0,80}})?{_END}",
    rf"(?:where|wo) (?:is|are|was|were|wird|werden) (?P<topic>\S.*?) (?:mentioned|discussed|covered|talked about"
    rf"|referred to|erwähnt|behandelt){_END}",
    # What it is all about.
    rf"(?:so )?what(?:[’']s| (?:is|are)) (?:all (?:of )?)?(?:this|these|it|that|everything"
    rf"|{_THE_FILES})(?: (?:{FILES}|collection|index|text|stuff|whole thing))? (?:all |mainly |mostly )?(?:about"
    rf"|on){_END}",
    rf"(?:about )?(?:what|which) (?:\w+ )?(?:topics?|subjects?|themes?|areas?|issues?|things) (?:do|does|are|is|can"
    rf"|have|run|occur|appear|come up)\b.*\b(?:{FILES}|collection|index|library|these|they|this|you|here|it|ask)\b",
    rf"what (?:kinds?|types?|sorts?) of (?:documents|files|information|content|material|texts"
    rf"|questions)\b.{{0,80}}\b(?:here|there|have|contain|these|index|collection|answer|ask){_END}",
    rf"what(?:[’']s| (?:is|are)) (?:in|inside|on) (?:here|there|this|these|it|{_THE_FILES}){_END}",
    rf"what do(?:es)? (?:these|this|they|it|{_THE_FILES}) (?:{FILES} )?(?:all )?(?:contain|cover|say|talk about"
    rf"|deal with|discuss|describe|tell(?: (?:us|me))?|include){_END}",
    rf"{_GIVE}?(?:an? |the |einen |eine )?{_SHORT}(?:overview|übersicht|überblick|rundown)(?: (?:of|über|on"
    rf"|von) (?:{_ALL}|{_THE_FILES}))?(?: (?:here|in here|please|bitte))*{_END}",
    rf"what (?:can|could|should) i ask(?: (?:you|here|about))*{_END}|what do you know{_END}|was kann ich (?:dich "
    rf"|sie |hier )*fragen{_END}|was weißt du{_END}",
    rf"(?:worum|um was) geht es(?: (?:hier|eigentlich|denn|dabei|überhaupt|insgesamt|in {_THE_FILES}))*{_END}"
    rf"|wovon hande(?:ln|lt) (?:das|dies|{_THE_FILES}){_END}",
    rf"(?:welche|was für) themen\b.{{0,60}}\b(?:{FILES}|es|hier|sammlung|index)\b|was (?:steht|ist) (?:hier"
    rf"|in {_THE_FILES})(?: (?:drin|alles))*{_END}",
    # When they were added, which is the newest, how long one is.
    rf"(?:when|which|what|wann|welches?|was)\b.{{0,30}}\b(?:last|latest|newest|oldest|first|most recent(?:ly)?"
    rf"|recently|letzte[sn]?|neueste[sn]?|neuste[sn]?|älteste[sn]?|erste[sn]?|zuletzt) (?:\w+ed )?{FILES}(?: (?:i|we"
    rf"|you))?(?: (?:to be )?(?:added|uploaded|indexed|changed|modified|ingested|here|there|in (?:here|the (?:index"
    rf"|collection))|have|hinzugefügt|hochgeladen|geändert|aufgenommen))*{_END}",
    rf"(?:which|what|welche[s]?|welche) {FILES} (?:is|was|were|are|ist|wurde|sind) (?:the |das |am |die )?(?:newest"
    rf"|latest|oldest|most recent(?:ly)?|last|first|biggest|largest|longest|shortest|smallest|recently|zuletzt"
    rf"|neueste|älteste|größte|längste|kürzeste|längsten|kürzesten|added|changed|uploaded|indexed)\b.{{0,40}}{_END}",
    rf"(?:when|wann) (?:was|were|wurden?) (?:\S.{{0,60}}\s)?(?:{FILES}|\S+\.\w{{2,4}}) (?:last |zuletzt )?(?:added"
    rf"|indexed|uploaded|ingested|loaded|hinzugefügt|hochgeladen|indiziert|aufgenommen){_END}",
    rf"how many (?:pages|words|characters|chunks) (?:are (?:there|in {_THE_FILES})|(?:do|does|has|have) (?:the "
    rf"|this |these )?(?:{FILES}|\S+\.\w{{2,4}})(?: have)?)(?: (?:in total|altogether))?{_END}",
)
_SUMMARY = _compiled(
    rf"(?:summari[sz]e|sum up|recap|condense|outline|abridge|boil down)\b(?: for (?:me|us))?(?P<topic>.*?){_END}",
    r"fass(?:e|en sie|t)? (?:mir |uns |bitte )*(?P<topic>.*?) (?:kurz )?zusammen\b.*",
    r"(?:kannst|könntest|können|könnten|würdest|würden) (?:du|sie) (?:mir |uns "
    r"|bitte )*(?P<topic>\S.*?) (?:kurz )?zusammenfassen\b.*",
    rf"(?:{_WHAT_ARE}|{_GIVE})?(?:the |an? |die |eine[n]? |das )?{_SHORT}{_SUMMARY_NOUN}(?: (?:please"
    rf"|bitte))?(?:{_END}| ?:| (?:of|on|for|about|from|regarding|von|vom|aus|zum|zur|zu|über)\b|(?= (?:der|des"
    rf"|dieser|dieses)\b))(?P<topic>.*?){_END}",
    rf"(?:{_WHAT_ARE}|{_GIVE})?(?:the |your |die |its |some )?(?:top )?(?:(?:{NUMBER}) )?{_CHIEF} (?:(?:{NUMBER}) "
    rf")?{_POINTS}(?P<topic>(?: (?:of|in|from|about|on|made|der|des|von|vom|aus|im|in)\b.*?)?)(?: (?:make|made"
    rf"|here))?{_END}",
    rf"(?:{_WHAT_ARE}|{_GIVE})(?:the |die )?(?:(?:{NUMBER}) )?(?:{_CHIEF} |kern|haupt|schlüssel)?(?:take-?\s?aways?"
    rf"|kernaussagen?|kernpunkte|hauptaussagen?|hauptpunkte|kernbotschaften?|highlights)(?P<topic>(?: (?:of|in|from"
    rf"|about|der|des|von|vom|aus|im)\b.*?)?){_END}",
    rf"(?:(?:{NUMBER}) )?(?:take-?\s?aways?|kernaussagen?|kernpunkte|hauptaussagen?|hauptpunkte|kernbotschaften?"
    rf"|das wichtigste)\b{_OF}(?P<topic>.*?){_END}",
    rf"(?P<topic>.*?)[\s,]+(?:in a nutshell|tl;?\s?dr|kurz gesagt){_END}",
    rf"(?:in a nutshell|tl;?\s?dr)\b[\s,:;–—-]*(?:what (?:is|are) )?(?P<topic>.*?)(?: about)?{_END}",
    rf"(?:tell (?:me|us)|erzähl(?:e|en sie)? (?:mir|uns)) (?:more |everything |all |something |a (?:bit|little) "
    rf"|(?:etwas|mehr|alles) )*(?:about|über) (?P<topic>\S.*?){_END}",
    rf"(?:(?:find|show|give|get|tell|is there|do you have|have you got) (?:me |us )?)?(?:anything|everything"
    rf"|something|information|info|details) (?:about|on|regarding) (?P<topic>\S.*?){_END}",
    rf"what do (?:{_THE_FILES}|you|we|they) (?:say|know|tell (?:us|me)|write|have) (?:about|on) (?P<topic>\S.*?){_END}",
    rf"was (?:sagen|steht in|wissen|weißt|schreiben) (?:{_THE_FILES}|du|sie|wir) (?:über"
    rf"|zu[mr]?) (?P<topic>\S.*?){_END}",
    rf"what(?:[’']s| (?:is|was|are)) (?P<topic>(?:the|this|that|your|our|my"
    rf"|chapter) (?:[\w.,’'-]+ ){{0,6}}?{TEXT}\b[^?]{{0,80}}?) (?:all |mainly )?about{_END}",
    rf"what(?:[’']s| is| are) (?P<topic>\S+\.\w{{2,4}}) about{_END}",
    rf"(?:worum geht es|um was geht es|wovon handelt) (?:in |im |bei )?(?P<topic>\S.*?){_END}",
    rf"(?:what (?:is|was) )?the {_CHIEF} (?:point|message|idea|argument|theme) (?:of|in) (?P<topic>(?:the|this"
    rf"|that) (?:\w+ ){{0,3}}{TEXT}\b.*?){_END}",
)
_SAYS = (
    r"(?:mention|identify|name|list|describe|discuss|raise|propose|recommend|suggest|address|cite|note|cover"
    r"|point out|highlight|refer to|give|enumerate|state|make|present)"
)
_SAID = (
    r"(?:mentioned|named(?= (?:in|by)\b)|listed|described|discussed|identified|cited|referred to|talked about"
    r"|referenced|erwähnt|genannt|aufgeführt|beschrieben|aufgezählt|vorgestellt)"
)
_LIST = _compiled(
    rf"(?:list|enumerate|itemi[sz]e|liste[n]?(?: sie)?|zähle?(?:n sie)?) (?:me |mir "
    rf"|bitte )?(?:out )?(?:all (?:of )?|every |each |alle |sämtliche )?(?:the |die "
    rf"|der )?(?:(?:{NUMBER}) (?!of))?(?P<topic>\S.*?)(?: (?:auf))?{_END}",
    rf"(?:name|give|find|state|identify|provide|show|tell|nenne?(?:n sie)?|gib|zeige?(?:n sie)?) (?:me |us |mir "
    rf"|uns |bitte )?(?:at least |up to |mindestens |the |die )?(?:(?:all|every|each|alle|sämtliche|(?!(?:one|a"
    rf"|single|1|ein|eine|einen)\b)(?:{NUMBER})|some|several|einige|mehrere|top \d+)\b(?: of)? (?:the |die |der )?"
    rf"|(?:a|the|an|eine) (?:complete |full |vollständige )?(?:list|liste) (?:of|von|der|aller) (?:all )?(?:the "
    rf"|die )?|examples of |beispiele für )(?P<topic>\S.*?){_END}",
    rf"(?:(?:a|the|eine) )?(?:complete |full )?(?:list|liste) (?:of|von|der|aller) (?:all )?(?:the "
    rf"|die )?(?P<topic>\S.*?){_END}",
    rf"(?:which|what|welche[rns]?|how many|wie viele) (?:of the |other "
    rf"|different )?(?P<topic>\S(?:.{{0,60}}\S)?) (?:are|is|were|was|get|gets|werden|wird|sind) (?:all |explicitly "
    rf"|alles? )?(?:.{{0,60}}?\b)?{_SAID}(?: (?:in|by|im|von|vom|as|here|hier|there|throughout|anywhere"
    rf"|within)\b.{{0,100}})?{_END}",
    r"count (?:up )?(?:all )?(?:of )?(?:the )?(?P<topic>\S.*)",
    rf"(?:what|which) are the top (?:(?:{NUMBER}) )?(?P<topic>\S.*?){_END}",
    rf"(?:who|what|wer|was) (?:all )?(?:is|are|were|was|gets|wird|werden) (?:all "
    rf"|alles )?(?:.{{0,60}}\b)?(?:{_SAID.replace('described|', '').replace('discussed|', '')})(?: (?:in|im|by|here"
    rf"|hier|throughout)\b ?(?P<topic>.{{0,100}}?))?{_END}",
    rf"(?:which|what|welche) (?P<topic>\S(?:.{{0,50}}\S)?) (?:do|does|did) (?:the|this|these|his|her|my"
    rf"|our) (?:\w+[’']?s? ){{0,3}}?(?:{TEXT}|{TEXTS}|speaker|author|authors|president"
    rf"|writer) {_SAYS}\b.{{0,60}}{_END}",
    rf"(?:what|which) (?:should|must|can|could) (?P<topic>\S.{{0,60}}?) do,? according to (?:the|this"
    rf"|these) (?:\w+ ){{0,3}}{TEXT}{_END}",
    rf"(?:what|who|which) are all (?:of )?(?:the |my |our )?(?P<topic>\S.*?){_END}",
    rf"(?:what|which) are (?:the|some|a few) (?:different |various |possible |available )?(?P<topic>(?:examples"
    rf"|options|kinds|types|reasons|ways|requirements|exceptions|steps) (?:of|for|to) \S.*?){_END}",
    rf"all (?:the |of the )?(?P<topic>\S(?:.{{0,80}}\S)?) (?:that (?:are|is) )?{_SAID}\b.{{0,80}}",
    rf"was sind alle (?P<topic>\S.*?){_END}",
    rf"(?:kannst|könntest|können|könnten|würdest|würden) (?:du|sie) (?:mir |uns "
    rf"|bitte )*(?:alle )?(?P<topic>\S.*?) (?:auflisten|aufzählen){_END}",
)
_BE = r"(?:is|are|was|were|be|ist|sind|war|waren)"
_GROW = (
    r"(?:grow|grew|grown|increased?|rise|risen|rose|fall|fell|fallen|drop(?:ped)?|decreased?|declined?|change[ds]?"
    r"|shrink|shrunk|improved?|expand(?:ed)?|(?:go|goes|went|gone|come|came) (?:up|down)|gestiegen|gewachsen"
    r"|gesunken|gefallen|zugenommen|abgenommen|erhöht|verändert|gestiegen|steigen|stieg|wuchs|sank|fiel)"
)
_MORE = (
    r"(?:more|less|fewer|higher|lower|larger|bigger|greater|smaller|longer|shorter|older|younger|taller|cheaper"
    r"|dearer|heavier|lighter|faster|slower|deeper|wider|later|earlier|better)"
)
_MEHR = (
    r"(?:mehr|weniger|höher|niedriger|größer|kleiner|länger|kürzer|älter|jünger|teurer|billiger|schwerer|schneller"
    r"|tiefer|breiter|später|früher)"
)
_COMPUTATION = _compiled(
    rf"(?:by )?(?:how much|what percent(?:age)?|how many percent(?:age points)?) (?:did|has|have"
    rf"|does) .{{1,120}}?\b{_GROW}\b.*",
    r"by (?:how (?:much|many)|what (?:percent|factor|amount))\b.*",
    rf"how (?:much|many) (?:\S+ ){{0,3}}?{_MORE}\b.*\bthan\b.*|how (?:much|many) (?:percent "
    rf"|times )?{_MORE} (?:\w+ ){{0,3}}{_BE}\b.*",
    r"how many times (?:as|more|larger|bigger|greater|higher|longer|smaller)\b.*",
    rf"(?:calculate|compute|berechne(?:n sie)?|add up|work out|addiere?|sum of|summiere|sum (?:the|all)"
    rf"|sum up .{{0,40}}?\b{AMOUNT})\b.*",
    r"what(?:[’']s| is) \d[\d.,]* ?(?:%|percent) of .*|(?:what(?:[’']s| is) )?(?:the )?(?:sum "
    r"|grand )?total of (?:the|all|every)\b.*|(?:what(?:[’']s| is) )?(?:the )?average\b.*\b(?:across|over all"
    r"|of all)\b.*",
    rf"(?:{_WHAT_ARE}|{_GIVE})?(?:the |die |das |der )?(?:overall |combined |grand |simple )?(?:sum|average|mean"
    rf"|median|ratio|product|quotient|arithmetic mean|combined \w+|summe|durchschnitt|mittelwert|verhältnis) (?:of"
    rf"|between|von|der|des|zwischen|aus|over|across) .*",
    rf"(?:{_WHAT_ARE}|{_GIVE})?(?:the )?(?:sum )?total of .*\band\b.*|(?:how (?:much|many)\b|what\b(?=.*\b(?:costs?"
    rf"|weighs?|pay|earn|{AMOUNT})\b)).{{0,160}}\b(?:and|plus)\b.{{0,80}}\b(?:together|combined|in total|altogether"
    rf"|in all|put together|add up to)(?: (?:cost|make|amount to))?{_END}",
    rf"(?:was|wie ?viel|wieviel|wie hoch)\b.{{0,120}}\b(?:und|plus)\b.{{0,80}}\b(?:zusammen|insgesamt"
    rf"|zusammengenommen){_END}",
    rf"(?:{_WHAT_ARE}|{_GIVE}|calculate )?(?:the |die |der )?(?:percentage |percent |absolute )?(?:difference"
    rf"|unterschied|differenz|gap) (?:in|beim|bei den|(?=(?:between|of|zwischen|der|des)\b.{{1,60}}?\b{AMOUNT} (?:of"
    rf"|in|for|from|at|von|im|für|der|des|FY|\d))(?:between|of|zwischen|der|des)) (?:the |den |dem "
    rf"|der )?(?:\w+ ){{0,2}}?{AMOUNT}\b.*",
    rf"(?:{_WHAT_ARE}|{_GIVE}|calculate |(?!(?:{QUESTION_WORD}|{AUXILIARY})\b))(?:the "
    rf"|its )?(?:\S+ ){{0,3}}?(?:growth(?: rate)?|percent(?:age)? (?:change|increase|decrease|growth|difference)"
    rf"|year[\s-](?:over|on)[\s-]year \w+|yoy \w+|cagr|increase|decrease|change|rise|decline)(?: (?:of"
    rf"|in) .{{0,80}}?)? (?:from|between|since|compared)\b.*",
    rf"(?:what|which) (?:percent(?:age)?|proportion|share|fraction) of (?:the |all |its |total "
    rf"|our )*(?:\S+ ){{0,2}}?(?!numbers?\b|populations?\b|values?\b|prices?\b){AMOUNT}\b.*",
    rf"(?:wie ?viel|welcher) (?:prozent|anteil) (?:des|der|vom|am|von) (?:\w+ )?{AMOUNT}\b.*",
    r"how (?:many|much) (?:full )?(?:days?|weeks?|months?|years?|hours?|minutes?|time) (?:are (?:there )?"
    r"|is (?:there )?|lie |lies |passed? |elapsed? |went by |pass |(?:did|do|does|have|has) (?:pass|lie|elapse"
    r"|passed|elapsed) |was there |were there )?(?:between|from) .*\b(?:and|to|until)\b.*",
    r"how (?:many|much) (?:days?|weeks?|months?|years?|hours?|time) (?:passed|elapsed|went by|lie|lay|are"
    r"|were)\b.*\bbetween\b.*",
    rf"(?:um )?wie ?viel(?:e)?(?: prozent)? (?:ist|sind|hat|haben|wurde|wurden|stieg|sank|wuchs"
    rf"|fiel) .{{1,120}}?{_GROW}.*|um wie ?viel(?:e)? (?!uhr\b).*|wie ?viel(?:e)? (?:\w+ )?{_MEHR}\b.*"
    rf"|wie viele (?:tage|wochen|monate|jahre) (?:liegen|lagen|sind|vergehen|vergingen) .*\bzwischen\b.*",
)
# Figures of accounts that are seldom stated and made from others.
_RATIO = re.compile(
    r"\b(?:(?:quick|current|cash|debt[\w\s-]{{0,12}}|equity|payout|turnover|coverage|leverage) ratio|(?:gross"
    r"|operating|net|profit|ebitda) (?:profit )?margin|days (?:payable|sales|inventory) outstanding|(?:asset"
    r"|inventory) turnover|effective tax rate|return on (?:assets|equity))\b",
    re.I,
)
_HOW_TO = _compiled(
    r"(?:[^?]{1,200}[,.] )?(?:and |so |then )?how (?:do|can|should|could|would|may|must|might|shall|am) (?:i|we|you"
    r"|one|someone|people|users?|employees|staff|a \w+|new \w+|visitors|guests|tenants|customers|members"
    r"|students) (?:\w+ly )?(?!(?:know|think|feel|differ|compare|work|mean|say|define|call)\b)\w+",
    r"how (?:does|would|should|can) (?:one|someone|somebody|an? (?:new )?(?:user|employee|visitor|guest|tenant"
    r"|customer|member|student|applicant)) (?!(?:know|think|feel|differ|compare|work|mean|say|define|call)\b)\w+",
    r"(?:explain |describe |show me |tell me |instructions (?:on|for) )?how to \w+",
    r"(?:what|which) (?:are the )?steps\b.*|(?:the |list the )?steps (?:to|for|in|of) .*|(?:a "
    r"|step[\s-]by[\s-]step )?(?:guide|instructions|procedure|walkthrough) (?:to|for|on) .*",
    r"(?:[^?]{1,300}[,.] )?what (?:do|must|should|shall|can) (?:i|we|one) (?:have to |need to |got to )?do(?: now"
    r"| then| next)?[?.!]*$",
    r"what (?:do|must|should|shall|can|would) (?:i|we|you|one) (?:have to |need to |got to )?do (?:to|if|when"
    r"|in order|before|after|about|for|with|first|next)\b.*|what (?:does it take|is needed|do (?:i"
    r"|we) need) to \w+.*",
    r"what(?:[’']s| is) the (?:(?:\w+ )?(?:procedure|process)|(?:best|right|proper|correct|easiest|quickest"
    r"|recommended) (?:way|method)) (?:to|for) \w+.*|walk me through .*|guide me .*",
    r"wie (?:\w+ )?(?:ich|man|wir)\b.*|wie (?:kann|muss|soll|sollte|könnte|darf) (?:ich|man|wir|er|sie|ein\w*)\b.*"
    r"|wie geht man\b.*",
    r"was (?:muss|soll|sollte|kann) (?:ich|man|wir) (?:\w+ ){0,8}?(?:tun|machen|beachten)\b.*|welche schritte\b.*"
    r"|(?:eine )?anleitung (?:zu[mr]?|für) .*|(?:die )?schritte (?:zu[mr]?|für|um) .*"
    r"|erklär\w*(?: mir)?,? wie (?:ich|man)\b.*",
)
# "Weißt du", "Hat der Laden auf?": a verb, then its subject.
_YES_NO = re.compile(
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
_MAIN_CLAUSE = re.compile(
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
_SENTENCE_BEGINS = re.compile(
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
