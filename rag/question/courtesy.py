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
    r"(?:good\s+(?:morning|afternoon|evening|day)|hello|hi|hey|hiya|greetings|hallo|moin|servus|grüezi|grüß\s+gott"
    r"|guten?\s+(?:morgen|tag|abend)|grüß\s+(?:dich|euch|sie))"
)
# Whom a greeting is for: "Hi there", "Hello Jo", "Dear Ms Holm", "Liebes Team".
_ADDRESSEE = r"(?:\s+(?!(?:and|und)\b)[\w.'’-]{1,24}){0,4}"
_GREETING = re.compile(
    rf"(?:{_GREETING_WORDS}(?:\s+(?:there|all|team|everyone|everybody|zusammen|again))?(?:{_ADDRESSEE})\s*[,!.:;–—-]+\s*"
    rf"|(?:dear|liebe[rs]?|sehr\s+geehrte[rns]?|werte[rs]?)(?:\s+(?:and|und|sehr|geehrte[rns]?|liebe[rs]?))?{_ADDRESSEE}"
    r"\s*[,!:]+\s*"
    rf"|{_GREETING_WORDS}(?:\s+(?:there|all|team|everyone|everybody|zusammen))?\s+"
    rf"(?=(?:please\s+|bitte\s+)?(?:{QUESTION_WORD}|{AUXILIARY}|{IMPERATIVE}|i|ich|please|bitte)\b))",
    re.I,
)
# Small words before a question: "So, …", "Quick question: …", "Thanks! …".
_OPENING = re.compile(
    r"(?:please|kindly|bitte|(?:ok(?:ay)?|well|so|now|right|great|perfect|alright|thanks|thank\s+you(?:\s+very\s+much)?"
    r"|sorry|excuse\s+me|pardon|danke|vielen\s+dank|gut|also|entschuldigung|entschuldigen\s+sie)\s*[,!.:;–—-]+"
    r"|(?:(?:just\s+)?(?:one|another|a|my|eine|meine|noch\s+eine)\s+)?(?:more\s+|further\s+)?(?:quick|short|small|kurze"
    r"|kleine|weitere)?\s*(?:question|q|frage)(?:\s+(?:is|ist|an\s+(?:sie|dich|euch)|for\s+you))?\s*[:,–—-]+)\s*",
    re.I,
)
_ASKS_NEXT = rf"(?=(?:(?:{PREPOSITION})\s+)?(?:{QUESTION_WORD}|if|whether|ob)\b)"
# "Can you tell me", "I would like to know": only before the question itself.
_LEAD_IN = re.compile(
    r"(?:(?:and\s+|also\s+)?(?:can|could|would|will)\s+(?:you|anyone|someone|somebody)\s+(?:please\s+|kindly\s+|perhaps\s+|maybe\s+)?"
    r"(?:tell|inform|remind|show|explain\s+to|explain|say|clarify(?:\s+for)?|let)(?:\s+(?:me|us))?(?:\s+know)?(?:\s+please)?"
    r"|do(?:es)?\s+(?:you|anyone|somebody|anybody)(?:\s+happen\s+to|\s+by\s+any\s+chance)?\s+know"
    r"|(?:please\s+)?(?:tell\s+(?:me|us)|let\s+(?:me|us)\s+know|remind\s+me)"
    r"|(?:(?:i|we)(?:\s+would|[’']d)\s+(?:like|love|want)|(?:i|we)\s+(?:want|need|wish|have|am\s+trying|are\s+trying))"
    r"(?:\s+(?:\w+ly|also))?\s+to\s+(?:know|find\s+out|understand|ask(?:\s+you)?|see|learn|check)"
    r"|(?:i|we)\s+(?:(?:was|am|were|are)\s+(?:just\s+|also\s+)?(?:wondering|curious|asking(?:\s+myself)?)|(?:just\s+)?wonder(?:ed)?"
    r"|(?:do\s+not|don[’']t)\s+know|(?:can\s*not|cannot|can[’']t|could\s+not|couldn[’']t)\s+find(?:\s+out)?)"
    r"|(?:do\s+you\s+have\s+)?any\s+idea|(?:is\s+it\s+)?(?:known|clear)(?=\s+(?:if|whether|when|who|where))|just\s+(?:wondering|curious)"
    r"|(?:kannst|könntest|können|könnten|würden|würdest)\s+(?:du|sie|ihr)\s+(?:mir|uns)\s+(?:bitte\s+|vielleicht\s+)?"
    r"(?:sagen|erklären|verraten|mitteilen)|(?:weißt|wissen)\s+(?:du|sie)(?:\s+zufällig)?"
    r"|(?:ich|wir)\s+(?:würden?|möchten?|wüssten?|will|wollen)\s+(?:gerne?\s*)?(?:wissen|erfahren)?|(?:ich|wir)\s+fragen?\s+(?:mich|uns)"
    r"|(?:bitte\s+)?(?:sag(?:e|en\s+sie)?|verrate(?:n\s+sie)?|erklär(?:e|en\s+sie)?)\s+(?:mir|uns)(?:\s+bitte)?"
    rf"|mich\s+(?:würde\s+)?interessier(?:t|en))\s*[,:]?\s+{_ASKS_NEXT}",
    re.I,
)
# "Can you summarise …": a request for what follows.
_CAN_YOU = re.compile(
    rf"(?:(?:can|could|would|will)\s+(?:you|i\s+ask\s+you\s+to|someone)|would\s+you\s+mind|(?:i|we)(?:\s+would|[’']d)\s+like\s+(?:you\s+)?to"
    rf"|(?:i|we)\s+(?:want|need)\s+you\s+to)"
    rf"\s+(?:please\s+|kindly\s+|perhaps\s+|briefly\s+)?(?:help\s+me\s+(?:to\s+)?)?(?=(?:{IMPERATIVE}|answer|reply|respond|keep)\b)",
    re.I,
)
# "Is it possible to …", thanks and please at the end of a question.
_CLOSING = re.compile(
    r"(?:\s*[,–—-]\s*|\s+)(?:please|pls|thanks(?:\s+(?:a\s+lot|so\s+much|in\s+advance))?|thank\s+you(?:\s+(?:very\s+much|so\s+much"
    r"|in\s+advance))?|thx|cheers|bitte(?:\s+schön)?|danke(?:\s+(?:schön|sehr|im\s+voraus))?|vielen\s+dank)\s*([.!?]*)$",
    re.I,
)
# A sentence that is courtesy from its first words on.
_COURTEOUS_SENTENCE = re.compile(
    r"(?:i\s+(?:really\s+)?hope\s+(?:this|you|that\s+(?:this|you)|all|everything)\b|hope\s+(?:this|you|all)\b|(?:many\s+|a\s+lot\s+of\s+)?thank(?:s|\s+you)\b"
    r"|(?:i|we)(?:\s+would|[’']d|\s+will|[’']ll)?\s+(?:really\s+|very\s+much\s+)?(?:appreciate|be\s+(?:\w+\s+)?grateful)|thx\b|cheers\b|much\s+appreciated"
    r"|looking\s+forward|(?:i|we)\s+look\s+forward|have\s+a\s+(?:nice|good|great|lovely)\b|(?:any\s+)?help\s+(?:is|would\s+be)\b"
    r"|how\s+are\s+you\b|how(?:[’']s|\s+is)\s+it\s+going|(?:can|could|would)\s+you\s+(?:please\s+)?(?:help|assist)(?:\s+(?:me|us))?"
    r"(?:\s+(?:with\s+(?:this|that|something|a\s+question)|out|here|please))*\W*$|(?:may|can|could)\s+i\s+ask\s+(?:you\s+)?(?:something|a\s+(?:quick\s+)?question)\W*$"
    r"|(?:i|we)\s+(?:just\s+)?(?:have|had|got)\s+(?:a|one|another|two|some)\s+(?:(?:quick|short|small|simple|more)\s+)*questions?\b(?!\s+about)"
    r"|sorry\s+(?:to|for)\b|good\s+(?:morning|afternoon|evening|day)\b|nice\s+to\b|you\s+(?:are|were)\s+(?:a\s+great|very)\b"
    r"|ich\s+hoffe\b|vielen\s+(?:herzlichen\s+)?dank|herzlichen\s+dank|besten\s+dank|danke\b|schönen?\s+(?:tag|gruß|abend|wochenende)"
    r"|ich\s+habe\s+(?:da\s+)?(?:mal\s+)?(?:eine|noch\s+eine)\s+(?:kurze\s+|kleine\s+)?frage\b|wie\s+geht(?:\s+es|[’']?s)\s+(?:ihnen|dir|euch)"
    r"|(?:kannst|können|könnten|könntest)\s+(?:du|sie|ihr)\s+(?:mir|uns)\s+(?:bitte\s+)?(?:helfen|weiterhelfen)|ich\s+freue\s+mich\b|guten?\s+(?:morgen|tag|abend)\b)",
    re.I,
)
# What a message is signed with; all that follows is the signature.
_SIGN_OFF = re.compile(
    r"(?:(?:with\s+)?(?:(?:kind|kindest|best|warm|warmest|many)\s+)?(?:regards|wishes)\b|(?:all\s+the\s+)?best\s*[,.!]|yours\b(?:\s+\w+)?\s*[,.]|(?:yours\s+)?"
    r"(?:sincerely|faithfully|truly|cordially|respectfully)\b|cheers\s*[,!]|(?:many\s+)?thanks(?:\s+(?:again|in\s+advance|a\s+lot))?\s*,"
    r"|thank\s+you(?:\s+(?:very\s+much|in\s+advance))?\s*,|(?:mit\s+)?(?:(?:freundliche[nr]?|viele[n]?|liebe[n]?|beste[n]?|schöne[n]?|herzliche[n]?)\s+)"
    r"(?:grüße[n]?|gruß|grüssen?)\b|(?:mfg|vg|lg|br)\b|gruß\b|grüße\b|sent\s+from\s+my|gesendet\s+von\b|--\s*$)",
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
    r"(?:(?:and\s+|so\s+)?(?:who|what)\s+(?:exactly\s+)?are\s+you|who(?:[’']s|\s+is)\s+this|are\s+you\s+(?:an?\s+)?(?:bot|human|robot|real|ai|person|machine|chat\s?gpt|language\s+model|there|alive)"
    r"(?:\s+person)?|what(?:[’']s|\s+is)\s+your\s+name|do\s+you\s+have\s+a\s+name|who\s+(?:made|built|created|wrote|trained)\s+you|which\s+(?:language\s+)?model\s+are\s+you"
    r"|what\s+(?:can|do|could)\s+you\s+(?:do|help)(?:\s+(?:for\s+)?(?:me|us))?(?:\s+with)?|what\s+are\s+you(?:r)?\s+(?:able\s+to\s+do|capable\s+of|good\s+(?:at|for)|capabilities|for)"
    r"|how\s+(?:do|does|can)\s+(?:this|you|it\s+all|this\s+(?:thing|program|chat|bot|tool|app|assistant))\s+(?:work|function)|how\s+do\s+i\s+(?:use|work\s+with)\s+(?:you|this)(?:\s+(?:chat|tool|program|bot|app))?"
    r"|(?:can|could)\s+you\s+help(?:\s+(?:me|us))?|help(?:\s+me)?|how\s+(?:can|do)\s+you\s+help(?:\s+me)?|introduce\s+yourself|tell\s+me\s+about\s+yourself|how\s+are\s+you(?:\s+(?:doing|today))*"
    r"|how(?:[’']s|\s+is)\s+it\s+going|what(?:[’']s|\s+is)\s+up|what\s+is\s+this\s+(?:program|chat|bot|tool|app|assistant)"
    r"|(?:und\s+)?wer\s+(?:bist\s+du|sind\s+sie)|was\s+(?:bist\s+du|sind\s+sie)|was\s+kann(?:st\s+du|\s+ich\s+(?:hier|dich|sie)\s+(?:machen|fragen)|\s+das\s+hier)|was\s+können\s+sie(?:\s+(?:tun|alles))*"
    r"|wie\s+(?:funktioniert|geht)\s+(?:das|dies|das\s+hier|dieses\s+programm)(?:\s+hier)?|wie\s+funktionierst\s+du|bist\s+du\s+(?:ein(?:e)?\s+)?(?:mensch|bot|roboter|ki|maschine)|wie\s+heißt\s+du|wie\s+heißen\s+sie"
    r"|wie\s+geht(?:\s+es|[’']?s)\s+(?:dir|ihnen|euch)|(?:kannst\s+du|können\s+sie)\s+mir\s+helfen|hilfe|stell\s+dich\s+vor)(?:\s+(?:exactly|here|please|today|genau|hier|eigentlich|denn|alles))*",
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
        for pattern in (_GREETING, _OPENING, _LEAD_IN, _CAN_YOU):
            match = pattern.match(shorter)
            if match:
                shorter = shorter[match.end() :]
        if shorter == rest or not shorter.strip():
            break
        rest = shorter.lstrip()
    return rest


def strip_closing(sentence: str) -> str:
    """Cut "please" and "thanks" off the end of a sentence; its question mark stays."""
    while match := _CLOSING.search(sentence[-60:]):
        start = max(0, len(sentence) - 60) + match.start()
        if not sentence[:start].strip():
            break
        mark = "?" if "?" in match.group(1) else ""
        sentence = sentence[:start].rstrip(" ,") + ("" if sentence[:start].rstrip().endswith("?") else mark)
    return sentence


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
    bare = text.strip("?!.…,:;) \n\t")
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
