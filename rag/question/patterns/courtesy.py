"""How courtesy is worded: greetings, lead-ins, thanks, signatures, questions about the program. Pure data."""

from __future__ import annotations

from rag.question.patterns.fragments import compiled
from rag.question.vocabulary import PREPOSITION

_PARTS = {
    "hello": (
        r"(?:good (?:morning|afternoon|evening|day)|hello|hi|hey|hiya|greetings|hallo|moin|servus|grüezi|grüß gott"
        r"|guten? (?:morgen|tag|abend)|grüß (?:dich|euch|sie))"
    ),
    "everyone": r"(?:there|all|team|everyone|everybody|zusammen|again)",
    "dear": r"(?:dear|liebe[rs]?|sehr geehrte[rns]?|werte[rs]?)",
    # Whom a greeting is for: "Hello Jo", "Dear Ms Holm", "Liebes Team".
    "addressee": r"(?: (?!(?:and|und)\b)[\w.'’-]{1,24}){0,4}",
    "mark": r" ?[,!.:;–—-]+ ?",
    # The question itself comes next.
    "asks_next": rf" ?[,:]? (?=(?:(?:{PREPOSITION}) )?(?:<question_word>|if|whether|ob)\b)",
    "i": r"(?:i|we)",
    "i_would": r"<i>(?: would|[’']d)",
    "ich": r"(?:ich|wir)",
    "du": r"(?:du|sie|ihr)",
    "me": r"(?:me|us)",
    "mir": r"(?:mir|uns)",
    "can_you": r"(?:can|could|would|will) (?:you|anyone|someone|somebody)",
    "kannst_du": r"(?:kannst|könntest|können|könnten|würden|würdest) <du>",
    "kindly": r"(?:(?:please|kindly|perhaps|maybe|briefly) )?",
    "question": r"(?:(?:quick|short|small|simple|more|further|kurze|kleine|weitere) )*(?:questions?|frage)",
    "one": r"(?:just )?(?:one|another|an?|two|some|my|eine|meine|noch eine)",
    "something": r"(?:with (?:this|that|something|a question)|out|here|please)",
    "regards": r"(?:(?:kind|kindest|best|warm|warmest|many) )?(?:regards|wishes)",
    "gruesse": r"(?:(?:freundliche|viele|liebe|beste|schöne|herzliche)[nr]? )(?:grüßen?|gruß|grüssen?)",
    "again": r"(?: (?:again|in advance|a lot|so much|very much))?",
    "a_bot": r"(?:an? )?(?:bot|human|robot|real|ai|person|machine|chat ?gpt|language model|there|alive)(?: person)?",
    "program": r"(?:thing|program|chat|bot|tool|app|assistant)",
    "ein_bot": r"(?:eine? )?(?:mensch|bot|roboter|ki|maschine)",
}

# What stands before a question; each is cut off the beginning of a sentence, again and again.
OPENINGS = compiled(
    # "Good morning Ms Holm,", "Dear team,", "Hi where …"
    r"<hello>(?: <everyone>)?<addressee><mark>",
    r"<dear>(?: (?:and|und|sehr|geehrte[rns]?|liebe[rs]?))?<addressee> ?[,!:]+ ?",
    r"<hello>(?: <everyone>)? (?=(?:please |bitte )?(?:<question_word>|<auxiliary>|<imperative>|i|ich|please|bitte)\b)",
    # "Please", "So, …", "Thanks! …", "Quick question: …"
    r"(?:please|kindly|bitte) ?",
    r"(?:ok(?:ay)?|well|so|now|right|great|perfect|alright|thanks|thank you(?: very much)?|sorry|excuse me|pardon|danke"
    r"|vielen dank|gut|also|entschuldigung|entschuldigen sie)<mark>",
    r"(?:<one> )?(?:<question>|q)(?: (?:is|ist|an (?:sie|dich|euch)|for you))? ?[:,–—-]+ ?",
    # "Can you tell me …", "I would like to know …", "Any idea …"
    r"(?:and |also )?<can_you> <kindly>(?:tell|inform|remind|show|explain to|explain|say|clarify(?: for)?|let)"
    r"(?: <me>)?(?: know)?(?: please)?<asks_next>",
    r"do(?:es)? (?:you|anyone|somebody|anybody)(?: happen to| by any chance)? know<asks_next>",
    r"(?:tell <me>|let <me> know|remind me)<asks_next>",
    r"(?:<i_would> (?:like|love|want)|<i> (?:want|need|wish|have|am trying|are trying))(?: (?:\w+ly|also))?"
    r" to (?:know|find out|understand|ask(?: you)?|see|learn|check)<asks_next>",
    r"<i> (?:was|am|were|are) (?:just |also )?(?:wondering|curious|asking(?: myself)?)<asks_next>",
    r"<i> (?:just )?(?:wonder(?:ed)?|do not know|don[’']t know)<asks_next>",
    r"<i> (?:can ?not|can[’']t|could not|couldn[’']t) find(?: out)?<asks_next>",
    r"(?:do you have )?any idea<asks_next>",
    r"just (?:wondering|curious)<asks_next>",
    r"<kannst_du> <mir> (?:bitte |vielleicht )?(?:sagen|erklären|verraten|mitteilen)<asks_next>",
    r"(?:weißt|wissen) (?:du|sie)(?: zufällig)?<asks_next>",
    r"<ich> (?:würden?|möchten?|wüssten?|will|wollen) (?:gerne? ?)?(?:wissen|erfahren)?<asks_next>",
    r"<ich> fragen? (?:mich|uns)<asks_next>",
    r"(?:sag(?:e|en sie)?|verrate(?:n sie)?|erklär(?:e|en sie)?) <mir>(?: bitte)?<asks_next>",
    r"mich (?:würde )?interessier(?:t|en)<asks_next>",
    # "Can you summarise …", "I want you to list …"
    r"(?:(?:can|could|would|will) (?:you|i ask you to|someone)|would you mind|<i_would> like (?:you )?to"
    r"|<i> (?:want|need) you to) <kindly>(?:help me (?:to )?)?(?=(?:<imperative>|answer|reply|respond|keep)\b)",
    # "I need the address of …", "Looking for the fee table", "Can I have a summary of …"
    r"(?:can|could|may) <i> (?:please )?(?:have|get|see) "
    r"(?=(?:the|an?|some) (?:\w+ ){0,2}(?:summary|recap|overview|list|comparison|explanation|table)\b)",
    r"(?:<i>(?: |(?=[’'])))?(?:(?:am |are |[’']m |[’']re )?looking for|need|want"
    r"|(?:would|[’']d) like(?: to (?:have|see|get))?)"
    r" (?=(?:the|an?|all|some|any|information|details)\b)",
    parts=_PARTS,
)
# "…, please?", "… thanks": what ends a question.
(CLOSING,) = compiled(
    r"(?: ?[,–—-] ?| )(?:please|pls|have a (?:nice|good|great|lovely) (?:day|evening|weekend)|(?:many )?thanks<again>"
    r"|thank you<again>|thx|cheers|bitte(?: schön)?|danke(?: (?:schön|sehr|im voraus))?|vielen dank) ?([.!?]*)$",
    parts=_PARTS,
)
# A sentence that only greets, wishes, thanks or announces a question.
SENTENCES = compiled(
    r"(?:i (?:really )?)?hope (?:this|you|that (?:this|you)|all|everything)\b",
    r"(?:many |a lot of )?(?:thanks|thank you)\b(?![^?]*\?)",
    r"<i>(?: would|[’']d| will|[’']ll)? (?:really |very much )?(?:appreciate|be (?:\w+ )?grateful)",
    r"(?:thx|cheers|much appreciated|looking forward|<i> look forward|sorry (?:to|for)|nice to)\b",
    r"(?:have a (?:nice|good|great|lovely)|good (?:morning|afternoon|evening|day)|you (?:are|were) (?:a great|very))\b",
    r"(?:any )?help (?:is|would be)\b",
    r"(?:how are you\b|how(?:[’']s| is) it going)",
    r"(?:can|could|would) you (?:please )?(?:help|assist)(?: <me>)?(?: <something>)*\W*$",
    r"(?:may|can|could) i ask (?:you )?(?:something|a (?:quick )?question)\W*$",
    r"<i> (?:just )?(?:have|had|got) <one> <question>\b(?! about)",
    r"(?:ich hoffe|danke|ich freue mich|guten? (?:morgen|tag|abend))\b",
    r"(?:vielen(?: herzlichen)?|herzlichen|besten) dank",
    r"schönen? (?:tag|gruß|abend|wochenende)",
    r"ich habe (?:da )?(?:mal )?<one> <question>\b",
    r"wie geht(?: es|[’']?s) (?:ihnen|dir|euch)",
    r"<kannst_du> <mir> (?:bitte )?(?:weiter)?helfen",
    parts=_PARTS,
)
# What a message is signed with; all that follows is the signature.
SIGN_OFF = compiled(
    r"(?:with )?<regards>\b",
    r"(?:all the )?best ?[,.!]",
    r"yours\b(?: \w+)? ?[,.]",
    r"(?:yours )?(?:sincerely|faithfully|truly|cordially|respectfully)\b",
    r"cheers ?[,!]",
    r"(?:(?:many )?thanks|thank you)<again> ?,",
    r"(?:mit )?<gruesse>\b",
    r"(?:(?:mfg|vg|lg|br|gruß|grüße|gesendet von)\b|sent from my|-- ?$)",
    parts=_PARTS,
)
# The same behind a question on one line: "… Kind regards, Jo".
(SIGNED,) = compiled(
    r"[ .,]+(?:(?:with )?(?:kind|kindest|best|warm|warmest) regards|(?:mit )?<gruesse>)\b[^?]*$", parts=_PARTS
)
# Questions about the program itself; each is the whole message.
ASSISTANT = compiled(
    r"(?:and |so )?(?:who|what) (?:exactly )?are you",
    r"who(?:[’']s| is) this|(?:introduce|tell me about) yourself|help(?: me)?|do you have a name",
    r"are you <a_bot>|what(?:[’']s| is) your name|which (?:language )?model are you",
    r"who (?:made|built|created|wrote|trained) you",
    r"what (?:can|do|could) you (?:do|help)(?: (?:for )?<me>)?(?: with)?",
    r"what are you(?:r)? (?:able to do|capable of|good (?:at|for)|capabilities|for)",
    r"how (?:do|does|can) (?:this|you|it all|this <program>) (?:work|function)",
    r"how do i (?:use|work with) (?:you|this)(?: <program>)?",
    r"(?:can|could) you help(?: <me>)?|how (?:can|do) you help(?: me)?",
    r"how are you(?: (?:doing|today))*|how(?:[’']s| is) it going|what(?:[’']s| is) up|what is this <program>",
    r"(?:und )?(?:wer|was) (?:bist du|sind sie)",
    r"was kann(?:st du| ich (?:hier|dich|sie) (?:machen|fragen)| das hier)|was können sie(?: (?:tun|alles))*",
    r"wie (?:funktioniert|geht) (?:das|dies|das hier|dieses programm)(?: hier)?|wie funktionierst du",
    r"bist du <ein_bot>|wie heißt du|wie heißen sie|wie geht(?: es|[’']?s) (?:dir|ihnen|euch)",
    r"(?:kannst du|können sie) mir helfen|hilfe|stell dich vor",
    parts=_PARTS,
)
# Words behind such a question.
(ASSISTANT_END,) = compiled(r"(?: (?:exactly|here|please|today|genau|hier|eigentlich|denn|alles))+$")
