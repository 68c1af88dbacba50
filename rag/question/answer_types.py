"""Tell what the answer to a question of fact must hold: a person, a date, an amount.

Owns: the type of the answer, and the noun that is asked for. Knows nothing about answers.
"""

from __future__ import annotations

import re

from rag.patterns import lazy_pattern
from rag.question.vocabulary import (
    AUXILIARY,
    DETERMINER,
    HEADS,
    IMPERATIVE,
    NUMBERS,
    PREPOSITION,
    QUESTION_WORD,
    AnswerType,
    alternatives,
)

_READ = 400
_TOKEN = re.compile(r"[^\W\d_][\w'’&-]*|\d[\w.,]*")
# "When it opened, who …?": the main clause asks.
_SUBORDINATE = lazy_pattern(
    rf"(?:(?:when|while|after|before|if|although|since|because|as|once|during|in|on|at|by|according|for|from|of|with"
    rf"|under|wenn|als|nachdem|bevor|laut|nach|während|weil)\b(?! (?:{AUXILIARY}|what|which|whom|whose"
    rf"|how)\b)[^?]*?, ?)"
    rf"(?=(?:(?:in|at|on|by|for|to|from|of|with) )?(?:{QUESTION_WORD})\b)",
    re.I,
)
# "When it folds, …": no question, unless nothing else asks.
_CLAUSE = lazy_pattern(rf"(?:when|where|wenn|wo) (?!(?:{AUXILIARY})\b)", re.I)
_ORDER = lazy_pattern(rf"^(?!define|definiere)(?:{IMPERATIVE})\b ?(?:me |us |mir |uns )?(?=\S)", re.I)
# "Who is Ada Lund?" asks what she is.
_WHO_IS = re.compile(
    r"(?:is|was|are|were|ist|war) (?:[A-ZÄÖÜ][\w.'’-]*)(?: (?:[A-ZÄÖÜ][\w.'’-]*|von|van|de|der|of|the))*[?.! ]*$"
)
_ASKED_WITH = re.compile(rf"\b(?P<word>{QUESTION_WORD})\b", re.I)
_STOP = lazy_pattern(
    rf"(?:{AUXILIARY}|{PREPOSITION}|{DETERMINER}|and|or|und|oder|called|named|that|who|which|where|does)$", re.I
)
# "The limit set in May": what stands behind the noun.
_PARTICIPLE = re.compile(r"ed$|^(?:set|made|known|given|held|built|left|paid|first|most|typically|usually)$")
_BE = alternatives("is are was were be been ist sind war waren being")
_BE_FIRST = re.compile(rf"(?:{_BE})\b ?", re.I)
_PHYSICAL = re.compile(
    r"\b(?:bridge|river|tunnel|road|wall|coast|coastline|track|line|ship|route|border|canal|street|fence|rope|cable"
    r"|beach|brücke|fluss|straße|mauer|strecke|grenze|kanal|seil|kabel|länge|length|feet|meters|metres|miles|km)\b",
    re.I,
)
_MONEY_VERB = lazy_pattern(
    r"\b(?:cost|costs|pay|paid|pays|earn\w*|spen[dt]\w*|charge[ds]?|worth|raise[ds]?|owe[ds]?|save[ds]?|money"
    r"|donate[ds]?|invest\w*|sell|sold|award\w*|kostet|kosten|bezahl\w*|zahlt?e?n?|verdien\w*|geld|wert|gekostet)\b",
    re.I,
)
_RATE = re.compile(
    r"\b(?:tax|interest|unemployment|growth|inflation|literacy|mortality|vacancy|occupancy|employment|poverty"
    r"|graduation|acceptance|discount|vat|success|survival) rates?\b",
    re.I,
)
_MEASURED = alternatives(
    "many viele much viel few far high tall deep wide large big fast heavy hot cold warm thick strong small low close "
    "near hoch tief breit groß weit schnell schwer heiß kalt dick stark klein niedrig"
)
_HOW: tuple[tuple[re.Pattern[str], AnswerType | None], ...] = (
    (re.compile(r"(?:long|lange|lang)\b(?! ago)", re.I), "duration"),
    (re.compile(r"(?:old|alt|long ago|lange her)\b", re.I), "duration"),
    (re.compile(r"(?:often|oft|frequently|häufig)\b", re.I), None),
    (re.compile(r"(?:expensive|costly|teuer)\b", re.I), "money"),
    (re.compile(r"(?:late|early|spät|früh)\b", re.I), "time"),
    (re.compile(r"(?:much|viel) (?:time|zeit)\b", re.I), "duration"),
    (re.compile(r"(?:much|viel) uhr\b", re.I), "time"),
    (re.compile(r"(?:many|much|viel) (?:percent|prozent)\b", re.I), "percentage"),
    (re.compile(rf"(?:{_MEASURED})\b", re.I), "number"),
)
_MEANS = lazy_pattern(
    r"\b(?:what|was) (?:does|do|did)\b.*\b(?:mean|stand for|signify|refer to) ?[?.!]*$|\b(?:what is meant by"
    r"|what is the (?:definition|meaning) of|was (?:bedeutet|heißt|versteht man unter))\b|^(?:define|definiere"
    r"|definition)\b|\bwofür steht\b|^(?:the )?(?:meaning|definition|bedeutung) (?:of|von|des|der)\b",
    re.I,
)
_CALLED = lazy_pattern(
    rf"^(?:what|how|wie) (?:{_BE}|do|does|did|hei(?:ß|ss)\w+)\b.*\b(?:called|named|known as|titled|nicknamed)\b"
    rf"|^wie hei(?:ß|ss)\w+\b|^wie (?:lautet|ist) der name\b",
    re.I,
)
_DEFINED = re.compile(
    r"^(?:what|was)(?:[’']s| (?:is|are|ist|sind)) (?:(?:an?|eine?"
    r"|ein) )?(?P<what>[\w&'’./-]+(?: [\w&'’./-]+){0,3}) ?[?.!]*$",
    re.I,
)
_PERSON: dict[str, AnswerType] = dict.fromkeys("who whom whose wer wem wen wessen who's".split(), "person")
_PLACE: dict[str, AnswerType] = dict.fromkeys("where wo wohin woher where's".split(), "place")
_DATE: dict[str, AnswerType] = dict.fromkeys("when wann when's".split(), "date")
_WORD_TYPES = _PERSON | _PLACE | _DATE


def read_answer_type(asked: str) -> tuple[AnswerType | None, str]:
    """Tell what the answer to a question must hold.

    Args:
        asked: The question, without greetings and instructions.

    Returns:
        The type, None where any words may be the answer; and the noun or adjective asked for, in small letters and in
        the singular: "year", "city", "fee", "long"; "" where there is none.
    """
    text = _ORDER.sub("", " ".join(asked.split())[:_READ], count=1)
    clause = _SUBORDINATE.match(text)
    text = text[clause.end() :] if clause else text
    if _MEANS.search(text):
        return "definition", ""
    if _CALLED.search(text):
        return "name", "name"
    match = _asking_word(text)
    if match is None:
        return _of_noun_phrase(text)
    word, rest = match["word"].lower().replace("’", "'"), text[match.end() :].strip()
    if word in _WORD_TYPES:
        return _of_question_word(word, rest)
    if word in ("how", "wie", "wieviel", "wieviele"):
        return _of_how(f"viel {rest}" if word.startswith("wieviel") else rest, text)
    if word in ("what", "which", "was", "what's") or word.startswith("welch"):
        return _of_what(word, rest, text[match.start() :])
    return None, ""


def _asking_word(text: str) -> re.Match[str] | None:
    """Return the word that the question is asked with: that at its beginning, else one inside it."""
    opening = re.match(
        rf"(?:(?:and|und|so|but) )?(?:(?:{PREPOSITION}) )?(?:about |wie )?(?=(?:{QUESTION_WORD})\b)", text, re.I
    )
    if opening and not (_CLAUSE.match(text) and "," in text and text.rstrip().endswith("?")):
        return _ASKED_WITH.match(text, opening.end())
    if not opening and not text.rstrip().endswith("?"):
        return None
    found = list(_ASKED_WITH.finditer(text))
    strong = [match for match in found if match["word"].lower() in ("what", "which", "who", "whose", "whom")]
    return next(reversed(strong or found), None)


def _of_question_word(word: str, rest: str) -> tuple[AnswerType | None, str]:
    if word == "whose" and (token := _TOKEN.match(rest)):
        return "person", singular(token.group())
    if word in ("who", "wer") and _WHO_IS.match(rest):
        return "definition", ""
    return _WORD_TYPES[word], ""


def _of_how(rest: str, text: str) -> tuple[AnswerType | None, str]:
    for pattern, answer_type in _HOW:
        match = pattern.match(rest)
        if not match:
            continue
        head = match.group().lower()
        if head in ("long", "lange", "lang"):
            return (
                "number"
                if _PHYSICAL.search(text) and not re.match(r"\w+ (?:does|did|do|dauert)\b", rest, re.I)
                else "duration"
            ), "long"
        if head in ("much", "viel", "many", "viele", "few"):
            after = rest[match.end() :].strip()
            noun = _leading_head(after) if head in ("many", "viele", "few") else _noun(after)
            if _is_money(head, noun, text):
                return "money", noun
            return "number", noun
        if (
            head in ("hoch", "high", "large", "big", "groß")
            and (noun := _head_of(_BE_FIRST.sub("", rest[match.end() :].strip())))
            and HEADS.get(noun) in ("money", "percentage")
        ):
            return HEADS[noun], noun
        return answer_type, head
    return None, ""


def _is_money(head: str, noun: str, text: str) -> bool:
    if head in ("many", "viele", "few"):
        return noun in ("dollar", "euro", "pound", "cent")
    return HEADS.get(noun) == "money" or noun in ("money", "geld") or bool(_MONEY_VERB.search(text))


def _of_what(word: str, rest: str, text: str) -> tuple[AnswerType | None, str]:
    if re.match(r"(?:do|does|did|has|have|had|can|could|should|would|will|must|may)\b", rest, re.I) or (
        word == "was" and re.match(r"kostete?n?\b", rest, re.I)
    ):
        return ("money", "cost") if word == "was" and rest.lower().startswith("kost") else (_cost_of(rest), "")
    if _RATE.search(text[:120]) and not re.match(r"\w+ (?:year|country|city)", text, re.I):
        return "percentage", "rate"
    be = re.match(rf"(?:{_BE})\b ?", rest, re.I)
    if be or word == "what's":
        return _of_noun_phrase(rest[be.end() if be else 0 :], text)
    head = _leading_head(rest)
    if not head:
        return None, ""
    if re.match(r"(?:kind|type|sort|form|art|part|thing|two|three|four|five|other|else|way)$", head):
        return None, head
    return HEADS.get(head, "name" if word == "which" or word.startswith("welch") else None), head


def _cost_of(rest: str) -> AnswerType | None:
    """Return money for "what does a ticket cost"; "what did he do" tells nothing."""
    return "money" if re.search(r"\b(?:cost|charge|earn) ?[?.!]*$|\b(?:cost|charge)\b.{0,40}$", rest, re.I) else None


def _of_noun_phrase(phrase: str, text: str = "") -> tuple[AnswerType | None, str]:
    if _RATE.search(phrase[:80]):
        return "percentage", "rate"
    head = _head_of(phrase)
    if head in HEADS:
        return HEADS[head], head
    if (
        text
        and (match := _DEFINED.match(text))
        and not re.search(rf"\b(?:{PREPOSITION}|going|happening|wrong|it|this|that)\b|['’]s\b", match["what"], re.I)
        and not re.match(r"(?:the|der|die|das|my|our|your|his|her|its|their)\b", match["what"], re.I)
    ):
        return "definition", head
    return None, head


def _head_of(phrase: str) -> str:
    """Return the noun at the end of a noun phrase: "fee" in "the yearly fee for a dog"."""
    tokens: list[str] = []
    for token in _TOKEN.findall(phrase):
        word = token.lower()
        if re.fullmatch(DETERMINER, word) and not tokens:
            continue
        if _STOP.match(word) or (tokens and any(character.isdigit() for character in word)):
            break
        tokens.append(word)
    while len(tokens) > 1 and _PARTICIPLE.search(tokens[-1]) and tokens[-1] not in HEADS:
        tokens.pop()
    return singular(tokens[-1]) if tokens else ""


def _leading_head(rest: str) -> str:
    """Return the noun behind "which": "company" in "American company built the crane"."""
    tokens: list[str] = []
    for token in _TOKEN.findall(rest)[:6]:
        if _STOP.match(token.lower()):
            break
        if token.lower() not in NUMBERS:
            tokens.append(token)
    if not tokens:
        return ""
    # A later word that ends with an s may be a verb: "which theorem states".
    known = [
        token
        for number, token in enumerate(tokens[:4])
        if singular(token) in HEADS and not (number and token.endswith("s"))
    ]
    if not known and len(tokens) > 1 and tokens[0][0].isupper():
        return singular(tokens[1])
    return singular(known[0] if known else tokens[0])


def _noun(rest: str) -> str:
    token = _TOKEN.match(rest)
    return "" if token is None or _STOP.match(token.group().lower()) else singular(token.group())


def singular(word: str) -> str:
    """Return a noun in small letters and without the ending of the plural, as tables hold it."""
    word = word.lower().removesuffix("'s").removesuffix("’s")
    if word in HEADS or len(word) < 4 or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "sses", "xes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") else word
