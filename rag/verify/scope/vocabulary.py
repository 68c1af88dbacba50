"""Words that many frames are made of. Pure data.

Owns: what the names in the tables of frames stand for. Knows nothing about where a sentence stands.
"""

from __future__ import annotations

_UNTRUE = r"""
    false|untrue|incorrect|wrong|inaccurate|unfounded|baseless|groundless|unproven|debunked|refuted|disproved
    |disproven|denied|mistaken|nonsense|not (?:\w+ )?(?:true|correct|right|accurate|the case|so)
    |an? (?:\w+ )?(?:myth|lie|misconception|fallacy|mistake|error|hoax|misunderstanding|rumou?r|invention)
    |falsch|unwahr|unrichtig|unbegründet|haltlos|erfunden|widerlegt|nicht (?:wahr|richtig|korrekt)
    |ein (?:Mythos|Irrtum|Märchen|Gerücht)|eine (?:Lüge|Legende|Falschmeldung)
    |faux|fausse|inexact|infondée?|falso|falsa|infondat[oa]|infundad[oa]|mentira|onwaar|onjuist|niet waar|onzin
    |falskt?|osant?|inte sant|nepravda|lež|nepravdivá|fałsz|nieprawda|nieprawdziwa|неправда|ложь|ложен|ложны|неверно
"""
# What a document says of itself or another is no report of what others only say.
_DOCUMENTS = (
    "document documents documentation source sources text passage table tables chart figure section article handbook"
    " manual guide policy report page law act statute rule rules regulation regulations standard contract agreement"
    " plan size type age schedule instructions recipe data record records census survey study studies paragraph sign"
    " label notice"
).split()


def _joined(block: str) -> str:
    """Return a block of alternatives as one group."""
    return f"(?:{''.join(line.strip() for line in block.strip().splitlines())})"


VOCABULARY = {
    "UNTRUE": _joined(_UNTRUE),
    "UNSETTLED": _joined(r"""
        open|unknown|unclear|uncertain|disputed|debated|contested|undecided|unresolved|under discussion
        |not (?:known|clear|certain|decided|settled)|offen|unklar|unbekannt|umstritten|ungewiss|strittig
    """),
    "QUOTE": r"[\"'“”„«»‘`]",
    # What stands before an imperative: the start of a line or clause, or a word such as "please".
    "OPENING": r"(?:^|[.!?;:,>*(\[{\"'“„|—–-]|\b<PLEASE>)\s{0,3}",
    "PLEASE": _joined(r"""
        please|kindly|then|and|always|just|simply|only|instead|also|now|must|should|shall|will
        |bitte|dann|und|immer|stets|nur|puis|et|toujours|siempre|luego|sempre|poi|altijd|dan|och|sedan|alltid|vždy|pak
        |zawsze|potem|всегда|затем|и|пожалуйста
    """),
    "SAY": _joined(r"""
        say|write|state|claim|tell|repeat|answer|reply|respond|suggest|imply|describe|call|mention|assert|conclude
        |assume|believe|think|report|announce|publish|post|pretend|print|output|quote|teach|spread|promise|advertise
    """),
    "SAYING": _joined(r"""
        saying|writing|stating|claiming|telling|repeating|answering|suggesting|implying|describing|calling|asserting
        |concluding|assuming|believing|reporting|announcing|publishing|promising|advertising
    """),
    "SAID": _joined(r"""
        said|written|stated|claimed|told|repeated|suggested|implied|described|called|mentioned|asserted|referred to
        |presented|labell?ed|advertised|quoted|reported|shown|regarded|treated|taken
    """),
    # What follows an imperative: whom to tell, in which manner, and what shows that words to be said follow.
    "HEARER": r"(?: to)?(?: (?:<EACH> )?<PERSON>)?",
    "EACH": "(?:the|your|every|all|each|any)",
    "PERSON": _joined(r"""
        users?|readers?|customers?|visitors?|people|person|everyone|anyone|them|him|her|us|me|guests?|clients?|public
    """),
    "MANNER": r"(?: <MANNER_WORD>){0,6}",
    "MANNER_WORD": _joined(r"""
        in|with|by|exactly|only|always|clearly|this|these|the|following|verbatim|word|words|for|sentence|phrase|line
        |text|answer|every|each|time|response|your|back|a
    """),
    "SPEECH_FOLLOWS": _joined(r"""
        ,? dass\b| that\b| qu[e']| che\b| dat\b| att\b|, že\b|, że\b|, что\b|\s{0,3}:|\s{0,3}(?=<QUOTE>)
    """),
    "TALK": _joined(r"""
        rumou?r|claim|belief|idea|notion|myth|allegation|assertion|statement|suggestion|misconception|speculation
        |accusation|contention|gossip|story|legend|superstition|fallacy|hoax|theory|view
    """) + "s?",
    "OTHERS": _joined(r"""
        critics?|opponents?|detractors?|s[ck]eptics|supporters|some|many|most people|people|they|others|rumou?rs?
        |gossip|activists|fans|locals|legend|tradition|observers|commentators|rivals?|enemies|tabloids|bloggers
        |conspiracy theorists|sources close to [^,.;:]{1,40}
    """),
    "FORGED": _joined(r"""
        forged|fake|faked|fabricated|bogus|spurious|fraudulent|falsified|discredited|retracted|satirical|counterfeit
        |phoney|phony|doctored|fictitious|withdrawn|unsigned
    """),
    "TRUE_THEN": _joined(r"""
        true|the case|right|correct|thought|believed|said|assumed|held
    """),
    "FICTION": _joined(r"""
        novel|story|fairy tale|tale|dream|nightmare|legend|fable|parody|satire|fantasy|simulation|film|movie|video game
        |hypothetical case|daydream|hallucination
    """),
    "UNNAMED_REPORTS": _joined(r"""
        reports|rumou?rs|sources|posts|tweets|headlines|tabloids|newspapers|adverts|advertisements|ads|polls|insiders
    """),
    "PARTY": _joined(r"""
        defendant|accused|suspect|witness|plaintiff|claimant|complainant|prosecutor|opponent|critic|rival|competitor
    """),
    "REVOKED": _joined(r"""
        no longer (?:in force|valid|true|applicable|current|binding)|repealed|withdrawn|revoked|superseded|abolished
        |obsolete|outdated|struck out|void|invalid|rejected|retracted|proposed|hypothetical|fictional|fictitious
        |invented
    """),
    "REPEALED": _joined(r"""
        held|applied|was (?:true|valid|in force|the case|the rule)|were (?:true|valid|in force|the rules?)
        |used to (?:hold|apply)
    """),
    "CLAIM": "(?:claim|alleg|contend|maintain|insist|assert|argu|speculat)(?:e|es|ed|s|ing)?",
    "OPINE": _joined(r"""
        say|says|said|believe|believes|believed|think|thinks|thought|fear|feared|suspect|suspected|warn|warned
        |complain|complained|hold
    """),
    "DOCUMENT": f"(?:{'|'.join(_DOCUMENTS)})",
    "NOT_BEHIND_DOCUMENT": "".join(rf"(?<!\b{word} )" for word in _DOCUMENTS),
}  # fmt: skip
