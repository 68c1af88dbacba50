"""Tell courtesy from what is asked.

Owns: greetings, thanks, sign-offs and the polite words that lead into a question, in English and German. Knows nothing
about what a question asks for.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

from rag.question.vocabulary import AUXILIARY, IMPERATIVE, PREPOSITION, QUESTION_WORD

SmallTalk = Literal["greeting", "thanks", "farewell", "praise", "assistant"]
"""What a message without a question is about; ``assistant``: the program itself."""

_GREETING_WORDS = (
    r"(?:good (?:morning|afternoon|evening|day)|hello|hi|hey|hiya|greetings|hallo|moin|servus|grüezi|grüß gott"
    r"|guten? (?:morgen|tag|abend)|grüß (?:dich|euch|sie))"
)
# Whom a greeting is for: "Hi there", "Hello Jo", "Dear Ms Holm", "Liebes Team".
_ADDRESSEE = r"(?: (?!(?:and|und)\b)[\w.'’-]{1,24}){0,4}"
_GREETING = re.compile(
    rf"(?:{_GREETING_WORDS}(?: (?:there|all|team|everyone|everybody|zusammen|again))?(?:{_ADDRESSEE}) ?[,!.:;–—-]+ ?"
    rf"|(?:dear|liebe[rs]?|sehr geehrte[rns]?|werte[rs]?)(?: (?:and|und|sehr|geehrte[rns]?|liebe[rs]?))?{_ADDRESSEE}"
    r" ?[,!:]+ ?"
    rf"|{_GREETING_WORDS}(?: (?:there|all|team|everyone|everybody|zusammen))? "
    rf"(?=(?:please |bitte )?(?:{QUESTION_WORD}|{AUXILIARY}|{IMPERATIVE}|i|ich|please|bitte)\b))",
    re.I,
)
# Small words before a question: "So, …", "Quick question: …", "Thanks! …".
_OPENING = re.compile(
    r"(?:please|kindly|bitte|(?:ok(?:ay)?|well|so|now|right|great|perfect|alright|thanks|thank you(?: very much)?"
    r"|sorry|excuse me|pardon|danke|vielen dank|gut|also|entschuldigung|entschuldigen sie) ?[,!.:;–—-]+"
    r"|(?:(?:just )?(?:one|another|a|my|eine|meine|noch eine) )?(?:more |further )?(?:quick|short|small|kurze"
    r"|kleine|weitere)? ?(?:question|q|frage)(?: (?:is|ist|an (?:sie|dich|euch)|for you))? ?[:,–—-]+) ?",
    re.I,
)
_ASKS_NEXT = rf"(?=(?:(?:{PREPOSITION}) )?(?:{QUESTION_WORD}|if|whether|ob)\b)"
# "Can you tell me", "I would like to know": only before the question itself.
_LEAD_IN = re.compile(
    r"(?:(?:and |also )?(?:can|could|would|will) (?:you|anyone|someone|somebody) (?:please |kindly |perhaps |maybe )?"
    r"(?:tell|inform|remind|show|explain to|explain|say|clarify(?: for)?|let)(?: (?:me|us))?(?: know)?(?: please)?"
    r"|do(?:es)? (?:you|anyone|somebody|anybody)(?: happen to| by any chance)? know"
    r"|(?:please )?(?:tell (?:me|us)|let (?:me|us) know|remind me)"
    r"|(?:(?:i|we)(?: would|[’']d) (?:like|love|want)|(?:i|we) (?:want|need|wish|have|am trying|are trying))"
    r"(?: (?:\w+ly|also))? to (?:know|find out|understand|ask(?: you)?|see|learn|check)"
    r"|(?:i|we) (?:(?:was|am|were|are) (?:just |also )?(?:wondering|curious|asking(?: myself)?)|(?:just )?wonder(?:ed)?"
    r"|(?:do not|don[’']t) know|(?:can ?not|cannot|can[’']t|could not|couldn[’']t) find(?: out)?)"
    r"|(?:do you have )?any idea|(?:is it )?(?:known|clear)(?= (?:if|whether|when|who|where))|just (?:wondering"
    r"|curious)"
    r"|(?:kannst|könntest|können|könnten|würden|würdest) (?:du|sie|ihr) (?:mir|uns) (?:bitte |vielleicht )?"
    r"(?:sagen|erklären|verraten|mitteilen)|(?:weißt|wissen) (?:du|sie)(?: zufällig)?"
    r"|(?:ich|wir) (?:würden?|möchten?|wüssten?|will|wollen) (?:gerne? ?)?(?:wissen|erfahren)?|(?:ich"
    r"|wir) fragen? (?:mich|uns)"
    r"|(?:bitte )?(?:sag(?:e|en sie)?|verrate(?:n sie)?|erklär(?:e|en sie)?) (?:mir|uns)(?: bitte)?"
    rf"|mich (?:würde )?interessier(?:t|en)) ?[,:]? {_ASKS_NEXT}",
    re.I,
)
# "Can you summarise …": a request for what follows.
_CAN_YOU = re.compile(
    rf"(?:(?:can|could|would|will) (?:you|i ask you to|someone)|would you mind|(?:i|we)(?: would"
    rf"|[’']d) like (?:you )?to"
    rf"|(?:i|we) (?:want|need) you to)"
    rf" (?:please |kindly |perhaps |briefly )?(?:help me (?:to )?)?(?=(?:{IMPERATIVE}|answer|reply|respond|keep)\b)",
    re.I,
)
# "Is it possible to …", thanks and please at the end of a question.
_CLOSING = re.compile(
    r"(?: ?[,–—-] ?| )(?:please|pls|have a (?:nice|good|great|lovely) (?:day|evening|weekend)"
    r"|(?:many )?thanks(?: (?:a lot|so much|in advance))?|thank you(?: (?:very much|so much"
    r"|in advance))?|thx|cheers|bitte(?: schön)?|danke(?: (?:schön|sehr|im voraus))?|vielen dank) ?([.!?]*)$",
    re.I,
)
# A sentence that is courtesy from its first words on.
_COURTEOUS_SENTENCE = re.compile(
    r"(?:i (?:really )?hope (?:this|you|that (?:this|you)|all|everything)\b|hope (?:this|you|all)\b|(?:many "
    r"|a lot of )?thank(?:s| you)\b(?![^?]*\?)"
    r"|(?:i|we)(?: would|[’']d| will|[’']ll)? (?:really |very much )?(?:appreciate|be (?:\w+ )?grateful)|thx\b"
    r"|cheers\b|much appreciated"
    r"|looking forward|(?:i|we) look forward|have a (?:nice|good|great|lovely)\b|(?:any )?help (?:is|would be)\b"
    r"|how are you\b|how(?:[’']s| is) it going|(?:can|could|would) you (?:please )?(?:help|assist)(?: (?:me|us))?"
    r"(?: (?:with (?:this|that|something|a question)|out|here|please))*\W*$|(?:may|can"
    r"|could) i ask (?:you )?(?:something|a (?:quick )?question)\W*$"
    r"|(?:i|we) (?:just )?(?:have|had|got) (?:a|one|another|two|some) (?:(?:quick|short|small|simple"
    r"|more) )*questions?\b(?! about)"
    r"|sorry (?:to|for)\b|good (?:morning|afternoon|evening|day)\b|nice to\b|you (?:are|were) (?:a great|very)\b"
    r"|ich hoffe\b|vielen (?:herzlichen )?dank|herzlichen dank|besten dank|danke\b|schönen? (?:tag|gruß|abend"
    r"|wochenende)"
    r"|ich habe (?:da )?(?:mal )?(?:eine|noch eine) (?:kurze |kleine )?frage\b|wie geht(?: es|[’']?s) (?:ihnen|dir"
    r"|euch)"
    r"|(?:kannst|können|könnten|könntest) (?:du|sie|ihr) (?:mir|uns) (?:bitte )?(?:helfen|weiterhelfen)"
    r"|ich freue mich\b|guten? (?:morgen|tag|abend)\b)",
    re.I,
)
# What a message is signed with; all that follows is the signature.
_SIGN_OFF = re.compile(
    r"(?:(?:with )?(?:(?:kind|kindest|best|warm|warmest|many) )?(?:regards|wishes)\b|(?:all the )?best ?[,.!]"
    r"|yours\b(?: \w+)? ?[,.]|(?:yours )?"
    r"(?:sincerely|faithfully|truly|cordially|respectfully)\b|cheers ?[,!]|(?:many )?thanks(?: (?:again|in advance"
    r"|a lot))? ?,"
    r"|thank you(?: (?:very much|in advance))? ?,|(?:mit )?(?:(?:freundliche[nr]?|viele[n]?|liebe[n]?|beste[n]?"
    r"|schöne[n]?|herzliche[n]?) )"
    r"(?:grüße[n]?|gruß|grüssen?)\b|(?:mfg|vg|lg|br)\b|gruß\b|grüße\b|sent from my|gesendet von\b|-- ?$)",
    re.I,
)
# The same behind a question on one line: "… Kind regards, Jo".
_SIGNED = re.compile(
    r"[ .,]+(?:(?:with )?(?:kind|kindest|best|warm|warmest) regards|(?:mit )?(?:freundlichen|vielen|lieben|besten"
    r"|schönen) grüßen|(?:viele|liebe|beste|schöne) grüße)\b[^?]*$",
    re.I,
)
# "I need the address of …", "looking for the fee table".
_NEED = re.compile(
    r"(?:(?:i|we) )?(?:(?:am |are |[’']m |[’']re )?looking for|need|want|would like(?: to (?:have|see"
    r"|get))?) (?=(?:the|an?|all|some|any|information|details)\b)",
    re.I,
)
_TALK_WORDS: dict[SmallTalk, frozenset[str]] = {
    "greeting": frozenset(
        "hello hi hey hiya greetings morning afternoon evening hallo moin servus morgen tag abend".split()
    ),
    "thanks": frozenset("thanks thank thx cheers ty danke dank merci dankeschön appreciated".split()),
    "farewell": frozenset("bye goodbye later goodnight tschüss tschüs ciao wiedersehen bis farewell".split()),
    "praise": frozenset(
        """perfect great nice cool awesome excellent wonderful brilliant super good fine helpful ok okay alright helps
        helped helping right correct understood amazing fantastic lovely gut klasse toll prima spitze perfekt genau
        verstanden klar ausgezeichnet wunderbar richtig hilft geholfen hilfreich yes yep sure ja well done""".split()
    ),
}
_FILLERS = frozenset(
    """you very much so a lot all that this it is was the for your help again there everyone team in advance many my me
    now job work answer see take care have day night one today and to i got just really too of thats that's it's what
    needed wanted exactly very schön sehr vielen herzlichen besten guten gute guter schönen das dir ihnen euch auf bis
    bald dann ist war mir für die hilfe antwort nacht und im voraus no problem more nothing else bot friend footnote
    zusammen alles alle sir madam folks gracias arbeit wirklich hat""".split()
)
_ASSISTANT = re.compile(
    r"(?:(?:and |so )?(?:who|what) (?:exactly )?are you|who(?:[’']s| is) this|are you (?:an? )?(?:bot|human|robot"
    r"|real|ai|person|machine|chat\s?gpt|language model|there|alive)"
    r"(?: person)?|what(?:[’']s| is) your name|do you have a name|who (?:made|built|created|wrote|trained) you"
    r"|which (?:language )?model are you"
    r"|what (?:can|do|could) you (?:do|help)(?: (?:for )?(?:me|us))?(?: with)?|what are you(?:r)? (?:able to do"
    r"|capable of|good (?:at|for)|capabilities|for)"
    r"|how (?:do|does|can) (?:this|you|it all|this (?:thing|program|chat|bot|tool|app|assistant)) (?:work|function)"
    r"|how do i (?:use|work with) (?:you|this)(?: (?:chat|tool|program|bot|app))?"
    r"|(?:can|could) you help(?: (?:me|us))?|help(?: me)?|how (?:can|do) you help(?: me)?|introduce yourself"
    r"|tell me about yourself|how are you(?: (?:doing|today))*"
    r"|how(?:[’']s| is) it going|what(?:[’']s| is) up|what is this (?:program|chat|bot|tool|app|assistant)"
    r"|(?:und )?wer (?:bist du|sind sie)|was (?:bist du|sind sie)|was kann(?:st du| ich (?:hier|dich|sie) (?:machen"
    r"|fragen)| das hier)|was können sie(?: (?:tun|alles))*"
    r"|wie (?:funktioniert|geht) (?:das|dies|das hier|dieses programm)(?: hier)?|wie funktionierst du"
    r"|bist du (?:ein(?:e)? )?(?:mensch|bot|roboter|ki|maschine)|wie heißt du|wie heißen sie"
    r"|wie geht(?: es|[’']?s) (?:dir|ihnen|euch)|(?:kannst du|können sie) mir helfen|hilfe"
    r"|stell dich vor)(?: (?:exactly|here|please|today|genau|hier|eigentlich|denn|alles))*",
    re.I,
)
_TALK_OF_WORD = {word: kind for kind, known in reversed(_TALK_WORDS.items()) for word in known}
# A longer message says something.
_TALK_CHARACTERS = 100
_TOKEN = re.compile(r"[^\W\d_]+(?:[’'][^\W\d_]+)?")


def strip_opening(sentence: str) -> str:
    """Cut greetings and polite words off the beginning of a sentence."""
    rest = sentence.lstrip(' \t\n,;:–—-•*>"“„')
    while rest:
        shorter = rest
        for pattern in (_GREETING, _OPENING, _LEAD_IN, _CAN_YOU, _NEED):
            match = pattern.match(shorter)
            if match:
                shorter = shorter[match.end() :]
        if shorter == rest or not shorter.strip():
            break
        rest = shorter.lstrip()
    return rest


def strip_closing(sentence: str) -> str:
    """Cut "please" and "thanks" off the end of a sentence; its question mark stays."""
    sentence = without_pictures(sentence)
    if sign_off := _SIGNED.search(sentence[-80:]):
        cut = max(0, len(sentence) - 80) + sign_off.start()
        sentence = sentence[:cut] or sentence
    while match := _CLOSING.search(sentence[-60:]):
        start = max(0, len(sentence) - 60) + match.start()
        if not sentence[:start].strip():
            break
        mark = "?" if "?" in match.group(1) else ""
        sentence = sentence[:start].rstrip(" ,") + ("" if sentence[:start].rstrip().endswith("?") else mark)
    return sentence


def without_pictures(sentence: str) -> str:
    """Cut emoji off both ends."""
    start, end = 0, len(sentence)
    while start < end and _is_picture(sentence[end - 1]):
        end -= 1
    while start < end and _is_picture(sentence[start]):
        start += 1
    return sentence[start:end] if end > start else sentence


def _is_picture(character: str) -> bool:
    return character.isspace() or (
        character >= "\u200d" and unicodedata.category(character) in ("So", "Sk", "Mn", "Cf", "Co")
    )


def is_courtesy(sentence: str) -> bool:
    """Tell whether a sentence only greets, thanks, wishes or announces a question."""
    if _COURTEOUS_SENTENCE.match(sentence) or talk_of(sentence) not in (None, "assistant"):
        return True
    greeting = _GREETING.match(sentence)
    return greeting is not None and not sentence[greeting.end() :].strip()


def is_sign_off(sentence: str) -> bool:
    """Tell whether a signature begins with a sentence."""
    return bool(_SIGN_OFF.match(sentence))


def talk_of(text: str) -> SmallTalk | None:
    """Tell what small talk a message is.

    Args:
        text: The whole message.

    Returns:
        What kind of small talk; None where it may hold a question about documents.
    """
    bare = " ".join(text.split()).strip("?!.…,:;) ")
    if _ASSISTANT.fullmatch(strip_opening(bare)):
        return "assistant"
    tokens = [token.lower().replace("’", "'") for token in _TOKEN.findall(bare[:_TALK_CHARACTERS])]
    if not tokens:
        return "praise" if any(unicodedata.category(character) == "So" for character in text) else None
    if len(bare) >= _TALK_CHARACTERS or any(character.isdigit() for character in bare):
        return None
    kinds = [_TALK_OF_WORD.get(token) for token in tokens]
    if any(kind is None and token not in _FILLERS for kind, token in zip(kinds, tokens, strict=True)):
        return None
    return next((kind for kind in ("thanks", "farewell", "greeting", "praise") if kind in kinds), None)
