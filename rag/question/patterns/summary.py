"""Questions for what something says in short: a summary, the main points, what it is about. Pure data."""

from __future__ import annotations

from rag.question.patterns.fragments import compiled

_PARTS = {
    "summary": (
        r"(?:summar(?:y|ies)|synopsis|abstract|recap|overview|outline|précis|digest|gist|tl;? ?dr|rundown|essence"
        r"|highlights|bottom line|big picture|main thrust|zusammenfassung|überblick|übersicht|quintessenz|kurzfassung)"
    ),
    # "short", "one-paragraph", "executive".
    "short": (
        r"(?:(?:very|short|brief|quick|concise|executive|high[ -]level|general|rough|detailed|comprehensive"
        r"|kurze[nrs]?|knappe[nrs]?|(?:one|two|three|four|five|\d)[ -](?:paragraph|sentence|page|line|word|point)) )*"
    ),
    "chief": (
        r"(?:main|key|central|core|principal|essential|most important|major|chief|top|important|wichtigsten?"
        r"|zentralen?|wesentlichen?)"
    ),
    "points": (
        r"(?:points?|take-? ?aways?|findings|messages?|insights?|ideas|conclusions|arguments|facts|learnings|themes"
        r"|statements|claims|punkten?|aussagen?|erkenntnissen?|ergebnissen?|inhalte|botschaft(?:en)?|themen)"
    ),
    # Nouns that say "main" themselves.
    "main_points": (
        r"(?:take-? ?aways?|highlights|kern(?:aussagen?|punkte|botschaften?)|haupt(?:aussagen?|punkte)|das wichtigste)"
    ),
    "a_text": r"(?:the|this|that|my|our|your) (?:[\w.’'-]+ ){0,3}?<text>(?: (?:of|from|on|for|by|to|about) .{1,60}?)?",
    "ein_text": (
        r"(?:im|der|die|das|dem|diese[rms]?|unser\w*|mein\w*) (?:\w+ ){0,3}?<text>"
        r"(?: (?:von|vom|über|für) .{1,60}?)?"
    ),
    "says": r"(?:say|tell (?:us|me)|state|contain|cover|describe|deal with)",
    "short_end": r"(?:,? (?:in (?:short|brief|a few words)|briefly))?<end>",
    "of_it": r"(?P<topic>(?: (?:of|in|from|about|on|made|der|des|von|vom|aus|im)\b.*?)?)",
    "of": r"(?: (?:of|on|for|about|from|in|to|regarding|von|vom|aus|zum|zur|zu|über|im)\b)?",
    "asked_for": r"(?:(?:<what_is>|<give>) )?",
}

SUMMARY = compiled(
    # "Summarise X", "Fasse X zusammen"
    r"(?:summari[sz]e|sum up|recap|condense|outline|abridge|boil down)\b(?: for (?:me|us))?(?P<topic>.*?)<end>",
    r"(?:brief me|catch me up|fill me in) on (?P<topic>\S.*?)<end>",
    r"fass(?:e|en sie|t)?(?: mir| uns| bitte)* (?P<topic>.*?) ?(?:kurz )?zusammen\b.*",
    r"<can_you_german> (?P<topic>\S.*?) (?:kurz )?zusammenfassen\b.*",
    # "A short summary of X", "What is the gist?"
    r"<asked_for><the><short><summary>(?: please| bitte)?"
    r"(?:<end>| ?:| (?:of|on|for|about|from|regarding|von|vom|aus|zum|zur|zu|über)\b|(?= (?:der|des|dieser|dieses)\b))"
    r"(?P<topic>.*?)<end>",
    # "What are the three main points of X?", "key takeaways"
    r"<asked_for><the>(?:top )?(?:<number> )?<chief> (?:<number> )?<points><of_it>(?: made| make| here)?<end>",
    r"<asked_for><the>(?:top )?(?:<number> )?(?:<chief> )?(?:<number> )?<main_points><of>(?P<topic>.*?)<end>",
    r"(?:what (?:is|was) )?the <chief> (?:point|message|idea|argument|theme) (?:of|in)"
    r" (?P<topic>(?:the|this|that) (?:\w+ ){0,3}<text>\b.*?)<end>",
    # "X in a nutshell", "tl;dr of X"
    r"(?P<topic>.*?)[ ,]+(?:in a nutshell|tl;? ?dr|kurz gesagt)<end>",
    r"(?:in a nutshell|tl;? ?dr)\b[ ,:;–—-]*(?:what (?:is|are) )?(?P<topic>.*?)(?: about)?<end>",
    # "Tell me about X", "What do the documents say about X?", "anything on X"
    r"(?:tell (?:me|us)|erzähl(?:e|en sie)? (?:mir|uns))"
    r" (?:(?:more|everything|all|something|a (?:bit|little)|etwas|mehr|alles) )*(?:about|über) (?P<topic>\S.*?)<end>",
    r"(?:(?:find|show|give|get|tell|is there|do you have|have you got) (?:me |us )?)?"
    r"(?:anything|everything|something|information|info|details) (?:about|on|regarding) (?P<topic>\S.*?)<end>",
    r"what do (?:<all_files>|you|we|they) (?:say|know|tell (?:us|me)|write|have) (?:about|on)"
    r" (?P<topic>\S.*?)<short_end>",
    r"what (?:do|does|did) (?:he|she|it|(?:the|this) (?:president|speaker|author|writer)) (?:say|tell (?:us|me)|write)"
    r" (?:about|on) (?P<topic>\S.*?)<short_end>",
    # "What does the contract say about pets?", "What does the mail from Ada say?"
    r"what (?:do|does|did) (?P<text><a_text>) <says> (?:about|on) (?P<topic>\S.*?)<short_end>",
    r"what (?:do|does|did) (?P<topic><a_text>) <says><short_end>",
    r"was (?:sagt|sagen|steht in|steht(?= im\b)) (?P<text><ein_text>) (?:über|zu[mr]?) (?P<topic>\S.*?)<end>",
    r"was (?:sagt|sagen|steht in|steht(?= im\b)) (?P<topic><ein_text>)<end>",
    r"was (?:sagen|steht in|wissen|weißt|schreiben) (?:<all_files>|du|sie|wir) (?:über|zu[mr]?) (?P<topic>\S.*?)<end>",
    # "What is the report on X about?", "What is leave.md about?"
    r"what(?:[’']s| (?:is|was|are)) (?P<topic>(?:the|this|that|your|our|my|chapter) (?:[\w.,’'-]+ ){0,6}?<text>\b"
    r"[^?]{0,80}?) (?:all |mainly )?about<end>",
    r"what(?:[’']s| is| are) (?P<topic>\S+\.\w{2,4}) about<end>",
    r"(?:(?:worum|um was) geht es|wovon handelt) (?:in |im |bei )?(?P<topic>\S.*?)<end>",
    parts=_PARTS,
)
