"""Questions about the documents as such: which there are, which deal with something, what they are about. Pure data."""

from __future__ import annotations

from rag.question.patterns.fragments import compiled

_PARTS = {
    # "are about", "mention"; also "documents on X".
    "about": (
        r"(?:mention(?:s|ed|ing)?|deals? with|dealing with|concerned with|discuss(?:es)?|covers?|contains?|refers? to"
        r"|relat(?:es?|ed) to|address(?:es)?|touch(?:es)? on|describes?|talks? of"
        r"|(?:(?:are|is|talks?|tells?|writes?|speaks?|says?) (?:something |anything |there |mainly )?)?(?:about|on)"
        r"|erwähn\w+|behandel\w+|hand\w+ von|enthalten|enthält|betreffen|betrifft|nennen|nennt|beschreib\w+"
        r"|sprechen von|befassen sich mit|drehen sich um|(?:sind|ist)? ?über|geht es um"
        r"|(?:steht|stehen|gibt es) (?:etwas|informationen|angaben)? ?(?:über|zu[mr]?))"
    ),
    "found": (
        r"(?:mentioned|discussed|described|covered|referred to|dealt with|talked about|appear|occur|come up|found|find"
        r"|erwähnt|genannt|behandelt|beschrieben|vor)"
    ),
    "show": r"(?:(?:list|show|name|give|find|nenne|zeige?|liste)(?: me| mir| us)?(?: a list of)?(?: all| alle)?)",
    "have": r"(?:are there|do (?:you|we|i) have|haben (?:sie|wir)|hast du|gibt es)",
    "parts": r"(?:pages|chapters|sections|seiten|kapiteln?|abschnitten?)",
    "kinds": r"(?:(?:kinds?|types?|sorts?) of |different |available |names of (?:the |all )*)",
    "there": (
        r"(?:are (?:there|in|on|here|available|loaded|indexed|stored|included|part)|exist|there are"
        r"|do (?:you|we|i) have|have (?:you|we|i)\b|does (?:this|the (?:index|collection|library))"
        r"|can you (?:see|read|access|search)|(?:have|were) (?:been )?<added>|you (?:have|know)"
        r"|i (?:have|uploaded|added)|did i|in (?:the|this|your)"
        r"|gibt es|hast du|haben (?:sie|wir)|habe ich|kennst du|kennen sie|sind|liegen|auf|an)\b"
    ),
    "added": (
        r"(?:added|uploaded|indexed|changed|modified|ingested|loaded|hinzugefügt|hochgeladen|geändert|indiziert"
        r"|aufgenommen)"
    ),
    "newest": (
        r"(?:last|latest|newest|oldest|first|most recent(?:ly)?|recently|zuletzt|letzte[sn]?|neu(?:e)?ste[sn]?"
        r"|älteste[sn]?|erste[sn]?)"
    ),
    "extreme": r"(?:biggest|largest|longest|shortest|smallest|größte[sn]?|längste[sn]?|kürzeste[sn]?|kleinste[sn]?)",
    "these": r"(?:this|these|it|that|they|everything|<all_files>)",
}

OVERVIEW = compiled(
    # "Which of the documents are about X?", "How many files mention X?", "Are there any reports on X?"
    r"(?:in |from )?(?:<show>|<which>|<how_many>|<have>(?: any)?|is there an?) (?:of )?<the>(?:these )?"
    r"(?:<texts>|<parts>)"
    r"(?: (?:do|does) (?:you|we|i) have)?(?: (?:that|which|are there|there are|in here|die|gibt es))*,? (?:auf )?"
    r"<about> (?P<topic>\S.*?)(?: (?:auf|behandelt))?<end>",
    r"do(?:es)? any (?:of )?<the>(?:these )?<texts> <about> (?P<topic>\S.*?)<end>",
    # "In which document is X mentioned?", "Where is X mentioned?"
    r"(?:in )?<which> <texts> (?:is|are|was|were|do|does|can|will|wird|werden|ist|sind|kommt|kommen|steht|finde|findet)"
    r" (?:we |i |one |ich |man |etwas (?:über|zu) )?(?P<topic>\S.*?) <found><end>",
    r"in welche[mnr] <texts> (?:steht|stehen|finde|findet|gibt es) (?:ich |man )?(?:etwas|informationen|angaben)"
    r" (?:über|zu[mr]?) (?P<topic>\S.*?)<end>",
    r"(?:where|wo) (?:is|are|was|were|wird|werden) (?P<topic>\S.*?) (?:mentioned|discussed|covered|talked about"
    r"|referred to|erwähnt|behandelt)<end>",
    # "Which documents do you have?", "How many PDFs are there?", "List all files."
    r"(?:<show>|<which>|<how_many>) (?:of )?<the>(?:these )?<kinds>*<files>(?: <there>.{0,80})?<end>",
    r"(?:<which>|<how_many>) <texts> (?:do (?:you|we|i) have|are there(?: here| in total| altogether)?"
    r"|gibt es(?: hier)?"
    r"|are in (?:the|this|your) (?:index|collection|library))<end>",
    # "What are these documents about?", "What topics do they cover?", "What's in here?", "Overview"
    r"(?:so )?what(?:[’']s| (?:is|are)) (?:all (?:of )?)?<these>"
    r"(?: (?:<files>|collection|index|text|stuff|whole thing))?(?: all| mainly| mostly)? (?:about|on)<end>",
    r"(?:about )?(?:what|which) (?:\w+ )?(?:topics?|subjects?|themes?|areas?|issues?|things)"
    r" (?:do|does|are|is|can|have|run|occur|appear|come up)\b"
    r".*\b(?:<files>|collection|index|library|these|they|this|you|here|it|ask)\b",
    r"what (?:kinds?|types?|sorts?) of (?:documents|files|information|content|material|texts|questions)\b.{0,80}"
    r"\b(?:here|there|have|contain|these|index|collection|answer|ask)<end>",
    r"what(?:[’']s| (?:is|are)) (?:in|inside|on) (?:here|there|this|these|it|<all_files>)<end>",
    r"what do(?:es)? <these>(?: <files>)?(?: all)? (?:contain|cover|say|talk about|deal with|discuss|describe|include"
    r"|tell(?: us| me)?)<end>",
    r"(?:<give> )?<the>(?:(?:short|brief|quick|general|kurze[nr]?) )*(?:overview|übersicht|überblick|rundown)"
    r"(?: (?:of|über|on|von) (?:<everything>|<all_files>))?(?: (?:here|in here|please|bitte))*<end>",
    r"what (?:can|could|should) i ask(?: (?:you|here|about))*<end>",
    r"what do you know<end>",
    r"was kann ich (?:dich |sie |hier )*fragen<end>",
    r"was weißt du<end>",
    r"(?:worum|um was) geht es(?: (?:hier|eigentlich|denn|dabei|überhaupt|insgesamt|in <all_files>))*<end>",
    r"wovon hande(?:ln|lt) (?:das|dies|<all_files>)<end>",
    r"(?:welche|was für) themen\b.{0,60}\b(?:<files>|es|hier|sammlung|index)\b",
    r"was (?:steht|ist) (?:hier|in <all_files>)(?: (?:drin|alles))*<end>",
    # "When was the last document added?", "Which file is the newest?", "How many pages does handbook.pdf have?"
    r"(?:when|which|what|wann|welches?|was)\b.{0,30}\b<newest> (?:\w+ed )?<files>(?: (?:i|we|you))?"
    r"(?: (?:to be )?(?:<added>|here|there|have|in (?:here|the (?:index|collection))))*<end>",
    r"<which> <files> (?:is|was|were|are|ist|wurde|sind) (?:the |das |am |die )?(?:<newest>|<extreme>|<added>)\b"
    r".{0,40}<end>",
    r"(?:when|wann) (?:was|were|wurden?) (?:\S.{0,60} )?(?:<files>|\S+\.\w{2,4}) (?:last |zuletzt )?<added><end>",
    r"how many (?:pages|words|characters|chunks) are (?:there|in <all_files>)(?: in total| altogether)?<end>",
    r"how many (?:pages|words|characters|chunks) (?:do|does|has|have|are in|are there in) (?:the |this |these )?"
    r"(?P<topic><files>|\S+\.\w{2,4})(?: have)?(?: in total| altogether)?<end>",
    r"how many pages (?:do|does|has|have|are in|are there in)"
    r" (?P<topic>(?:the|this|that|my|our) (?:[\w.,-]+ ){0,4}?(?:<text>|list|catalogue)"
    r"(?: (?:of|for|on|about) .{1,60}?)?)"
    r"(?: have)?(?: in total| altogether)?<end>",
    r"wie viele seiten hat (?P<topic>(?:der|die|das|dieser|diese|dieses|mein|unser) (?:\w+ ){0,4}?<text>)<end>",
    parts=_PARTS,
)
