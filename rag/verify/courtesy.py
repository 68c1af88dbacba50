"""Words that an answer is polite with: "Great question!", "Let me know if you need more." Pure.

Owns: which words at the start of a sentence are courtesy, so that what follows them is checked. Knows nothing about
verdicts.

A clause is courtesy only where every word of it is: "Thanks for asking", not "Thanks to the pump".
"""

from __future__ import annotations

import re

# Polite words that are whole clauses.
_FIXED = re.compile(
    r"(?:hello|hi|hey|greetings|hallo|guten (?:tag|morgen|abend)|good (?:morning|afternoon|evening|day)|moin|dear"
    r"|lieber?|sehr geehrter?)(?: (?:there|all|everyone|again|user|reader|zusammen|(?-i:[A-ZÄÖÜ])[\w'-]{1,40})){0,2}"
    r"|welcome(?: back)?|willkommen|you're (?:very |most )?welcome|(?:it is |it was )?my pleasure|no problem"
    r"|no worries|of course|sure(?: thing)?|certainly|absolutely|definitely|okay|ok|alright|all right|got it|understood"
    r"|great|perfect|here you (?:go|are)|gerne?(?: geschehen| doch)?|sehr gerne?|bitte(?: sehr| schön)?|kein problem"
    r"|natürlich|selbstverständlich|klar|sicher|alles klar|verstanden|keine ursache"
    r"|(?:that is |that's |that |this is |what )?(?:an? )?(?:very |really )?(?:great|good|excellent|interesting)"
    r" question"
    r"|(?:das ist )?(?:eine )?(?:sehr )?(?:gute|interessante|ausgezeichnete) frage"
    r"|i'm afraid|i am afraid|my apologies|i apologi[sz]e|(?:es )?tut mir leid|(?:ich )?(?:entschuldige|bitte um"
    r" entschuldigung)|entschuldigung|viel erfolg|viele grüße|best regards|kind regards|good luck|take care"
    r"|have a (?:great|good|nice|lovely) (?:day|one|time|weekend)|(?:einen )?schönen tag(?: noch)?",
    re.I,
)
# What opens a polite clause whose other words are all in `_POLITE_WORDS`.
_OPENING = re.compile(
    r"(?:and |but |so |or |und |aber |oder )?(?:please |just |bitte |gerne )?(?:"
    r"thanks|thank you|danke(?: schön| sehr)?|vielen dank|herzlichen dank"
    r"|(?:i |we )?(?:do |really )?hope|(?:ich |wir )?hoffe[n]?|hoffentlich|let (?:me|us) know|feel free|do not hesitate"
    r"|don't hesitate|(?:just )?ask|reach out|sorry|(?:i'm|i am|we're|we are) (?:very |so |always )?"
    r"(?:happy|glad|sorry|pleased|here|delighted)|(?:always )?(?:happy|glad|pleased) to"
    r"|(?:i|we) (?:can|could|will|would|shall) (?:gladly |happily |be (?:happy|glad|pleased) to )?"
    r"(?:help|assist|answer)"
    r"|(?:i'd|i'll|we'd|we'll) (?:be )?(?:happy|glad|love|help)|if (?:you|there|anything|something)|should you"
    r"|wenn (?:sie|du|ihr|noch|etwas)|falls (?:sie|du|ihr|noch|etwas)|sollten sie|solltest du|bei"
    r"|(?:lassen sie|lass|lasst) (?:mich|uns|es mich|es uns)|(?:melden sie sich|melde dich|meldet euch)"
    r"|(?:sagen sie|sag|sagt) (?:mir |uns )?(?:gerne? |einfach )?bescheid|(?:fragen sie|frage?|fragt)"
    r"|(?:ich|wir) (?:helfe|helfen|stehe|stehen|beantworte|beantworten|freue mich|freuen uns)"
    r"|(?:helfe|stehe|beantworte) ich|zögern sie nicht|zögere nicht"
    r")(?!\w)",
    re.I,
)
_POLITE_WORDS = frozenset(
    """a about additional again all also always am an and any anything are ask asking assist assistance at away be can
    clarification clarified clarifies clarify confusion contact could d detail details did do does else elaborate
    everything explain explanation find follow for free from further gladly glad happy have hearing help helpful helping
    helps here hesitate hope how i if in inconvenience information is it just know like ll look lot love m many may me
    message more much my need needed needs of on or other out patience please provide question questions re reach
    reading remain s so some something still sufficient that the there these things this to unclear understand up us
    useful very want was way we were whether will wish with would you your answer answers answered more
    aber alle alles als andere anderen auch auf aus ausreichend beantwortet bei benötigen benötigst bescheid bin bitte
    brauchen brauchst da danke das dass dein deine den der die dies diese dieser dir du einfach euch euer eure etwas
    falls für fragen frage gern gerne geduld genügt haben habe habt hast helfen hilft hilfe hilfreich ich ihnen ihr ihre
    ihrer information informationen irgendwelche ist jederzeit kann können klar mehr melden mich mir mit möchten
    möchtest nachfragen nachricht nicht noch ob oder rückfragen sagen sein sich sie sind sonst stehe unklar uns und
    unterstützen verfügung war was weiter weitere weiteren weiterhelfen weiterhilft wenn wissen wir wollen willst
    wünschen zu zum zur zögern""".split()
)
_CLAUSE_END = re.compile(r"[^\w\s'-]+(?!\w)|(?<=\s)-+(?=\s)|\Z")
# "I hope, this helps" and "Ich hoffe, das hilft" are one clause.
_COMMA_WITHIN = re.compile(r"\b(hope|hoffe|hoffen|wissen|bescheid|know|sich|dich|nicht),\s{1,9}", re.I)
_WORD = re.compile(r"\w+")
# A longer clause says something else.
_LONGEST_CLAUSE = 160
# Characters at the start of a sentence in which courtesy is looked for.
_LOOKED_AT = 1000


def without_courtesy(sentence: str) -> str:
    """Return a sentence without the polite clauses that open it; "" where it is nothing else."""
    text = _COMMA_WITHIN.sub(r"\1 ", sentence[:_LOOKED_AT].replace("’", "'")) + sentence[_LOOKED_AT:]
    position, is_courtesy = 0, False
    while position < min(len(text), _LOOKED_AT):
        ends = _CLAUSE_END.search(text, position)
        assert ends
        clause = text[position : ends.start()]
        if not is_polite(clause):
            break
        is_courtesy = is_courtesy or bool(clause.strip())
        position = max(ends.end(), position + 1)
    return text[position:].strip() if is_courtesy else sentence


def is_polite(clause: str) -> bool:
    """Return whether every word of a clause is courtesy; one without words is."""
    words = " ".join(clause.split()).strip("-'* ")
    if not words:
        return True
    if len(words) > _LONGEST_CLAUSE:
        return False
    opening = _OPENING.match(words)
    return bool(_FIXED.fullmatch(words)) or (
        opening is not None and all(word.lower() in _POLITE_WORDS for word in _WORD.findall(words, opening.end()))
    )
