"""Questions for all things of a kind. Pure data."""

from __future__ import annotations

from rag.question.patterns.fragments import compiled

_PARTS = {
    # What a text does with the things that are asked for.
    "says": (
        r"(?:mention|identify|name|list|describe|discuss|raise|propose|recommend|suggest|address|cite|note|cover"
        r"|point out|highlight|refer to|give|enumerate|state|make|present|claim|announce|promise|report|offer|support"
        r"|warn of|warn about|call for|ask for|demand|criticise|criticize|praise)"
    ),
    "named": (
        r"(?:mentioned|named(?= (?:in|by)\b)|listed|identified|cited|referred to|talked about|referenced|erwähnt"
        r"|genannt|aufgeführt|beschrieben|aufgezählt|vorgestellt)"
    ),
    "said": r"(?:<named>|described|discussed)",
    "author": r"(?:<text>|<texts>|speaker|authors?|president|writer)",
    "list_of": r"(?:complete |full |vollständige )?(?:list|liste) (?:of|von|der|aller)(?: all)?(?: the| die)?",
    "plural": r"(?:\w*[^\Wsui]s|\w+(?:en|er|e)(?= (?:gibt|stehen))|people|men|women|children|criteria|data)",
    "several": (
        r"(?:all|every|each|alle|sämtliche|some|several|einige|mehrere|top \d+"
        r"|(?!(?:one|a|single|1|ein|eine|einen)\b)<number>)"
    ),
    "tell": (
        r"(?:(?:name|give|find|state|identify|provide|show|tell|nenne?(?:n sie)?|gib|zeige?(?:n sie)?)"
        r"(?: me| us| mir| uns| bitte)?)"
    ),
}

LIST = compiled(
    # "List all suppliers", "Count the castles", "Liste alle Standorte auf"
    r"(?:list(?: and (?:describe|explain|discuss|name))?|enumerate|itemi[sz]e|listen?(?: sie)?|zähle?(?:n sie)?)"
    r"(?: me| mir| bitte)?(?: out)?"
    r" (?:(?:all (?:of )?|every |each |alle |sämtliche ))?(?:the |die |der )?(?:<number> (?!of))?(?P<topic>\S.*?)"
    r"(?: auf)?<end>",
    r"count (?:up )?(?:all )?(?:of )?(?:the )?(?P<topic>\S.*)",
    r"<can_you_german>(?: alle)? (?P<topic>\S.*?) (?:auflisten|aufzählen)<end>",
    # "Name five birds", "Give examples of X", "a list of X"
    r"<tell> (?:at least |up to |mindestens |the |die )?<several>\b(?: of)? (?:the |die |der )?(?P<topic>\S.*?)<end>",
    r"<tell> (?:examples of|beispiele für) (?P<topic>\S.*?)<end>",
    r"(?:<tell> )?(?:(?:an?|the|eine) )?<list_of> (?P<topic>\S.*?)<end>",
    # "Which universities are mentioned?", "Who is mentioned in X?"
    r"(?:<which>|<how_many>) (?:of the |other |different )?(?P<topic>\S(?:.{0,60}\S)?)"
    r" (?:are|is|were|was|gets?|werden|wird|sind) (?:all |explicitly |alles? )?(?:.{0,60}?\b)?<said>"
    r"(?: (?:in|by|im|von|vom|as|here|hier|there|throughout|anywhere|within)\b.{0,100})?<end>",
    r"(?:who|what|wer|was) (?:all )?(?:is|are|were|was|gets|wird|werden) (?:all |alles )?(?:.{0,60}\b)?<named>"
    r"(?: (?:in|im|by|here|hier|throughout)\b ?(?P<topic>.{0,100}?))?<end>",
    r"all (?:the |of the )?(?P<topic>\S(?:.{0,80}\S)?) (?:that (?:are|is) )?<said>\b.{0,80}",
    # "What problems does the speech identify?", "What should the council do according to the report?"
    r"<which> (?P<topic>\S(?:.{0,50}\S)?) (?:do|does|did) (?:the|this|these|his|her|my|our) (?:\w+[’']?s? ){0,3}?"
    r"<author> <says>\b.{0,60}<end>",
    r"(?:what|which) (?:should|must|can|could) (?P<topic>\S.{0,60}?) do,? according to (?:the|this|these)"
    r" (?:\w+ ){0,3}<text><end>",
    # "What exit codes are there?", "Which readers can be used?"
    r"<which> (?P<topic>(?:(?!(?:is|are|was|were|do|does|did|has|have|can)\b)[\w.’'-]+ ){0,4}?<plural>)"
    r" (?:are there|exist|are (?:available|possible|supported|offered|allowed|known|installed|included|provided)"
    r"|can (?:be|i|you|we|one) (?:used?|chosen?|choose|selected?|set|get|have|take)"
    r"|do (?:you|we) (?:have|offer|support)"
    r"|gibt es|stehen zur (?:wahl|verfügung))(?: (?:in|for|at|on|to|of|im|für|bei|zu|mit|with)\b.{0,60})?<end>",
    # "What are all the fees?", "What are the top 5 risks?", "What are the requirements for X?"
    r"(?:what|who|which) are all (?:of )?(?:the |my |our )?(?P<topic>\S.*?)<end>",
    r"(?:what|which) are the top (?:<number> )?(?P<topic>\S.*?)<end>",
    r"(?:what|which) are (?:the|some|a few) (?:different |various |possible |available )?"
    r"(?P<topic>(?:examples|options|kinds|types|reasons|ways|requirements|exceptions|steps) (?:of|for|to) \S.*?)<end>",
    r"was sind alle (?P<topic>\S.*?)<end>",
    parts=_PARTS,
)
