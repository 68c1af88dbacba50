"""Questions made of sentences and headings by rules, without a model. Pure.

Owns: the patterns of English sentences of which a plain question can be made, each with its answer. A sentence that
fits none gives none: a draft less is better than a bad one. Knows nothing about indexes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from rag.evaluate.drafting.soundness import is_whole, points_elsewhere
from rag.text import STOPWORDS, terms, words

MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
"""The names of the months, as one side of a pattern."""
_DATE = rf"(?:(?:{MONTHS}) \d{{1,2}}, \d{{4}}|\d{{1,2}} (?:{MONTHS}) \d{{4}}|(?:{MONTHS}) \d{{4}}|1\d{{3}}|20\d\d)"
_NUMBER = r"(?:[$€£¥] ?)?\d+(?:[.,]\d+)*(?: (?:million|billion|thousand))?(?: ?%)?"
_SMALL = "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty"
# A subject: a few words without a clause of its own.
# The end of the sentence, or a clause that only adds something.
_END = r"(?:\.|, (?:when|where|which|who|with|after|before|as|but|though|although|while|because|since)\b[^;:]*\.)$"
_NO_CLAUSE = "(?!(?:and|or|that|which|who|when|if|is|are|was|were|has|have|weighs|says|means)\\b)"
# What begins a sentence and is no subject: "Since the Quaternary is a short period, …".
_NO_SUBJECT = (
    "(?!(?:A few|About|Above|According|After|Although|Among|Around|As|At|Because|Before|Behind|Below|Between|But|By"
    "|Despite|During|Each|Even|Every|First|For|From|He|How|If|In|Including|Individual|Inside|It|Like|Many|More|Most"
    "|Near|No|Of|On|Once|Only"
    "|Other|Over|Second|She|Since|Some|That|There|They|Third|Though|Through|Throughout|Thus|To|Today|Under|Unlike"
    "|Until|Upon|We|What|When|Where|Whereas|Whether|While|Who|Why|With|Within|Without|You)\\b)"
)
_SUBJECT = rf"{_NO_SUBJECT}(?P<subject>(?:The|A|An|[A-Z][\w.’'-]*)(?: {_NO_CLAUSE}[\w`’'./-]+){{0,7}})"
# Verbs in the past whose base form is not all but "ed".
_PAST = {
    "began": "begin", "became": "become", "came": "come", "died": "die", "fell": "fall", "left": "leave",
    "lost": "lose", "made": "make", "rose": "rise", "took": "take", "won": "win", "wrote": "write", "built": "build",
    "introduced": "introduce", "closed": "close", "merged": "merge", "moved": "move", "changed": "change",
    "released": "release", "arrived": "arrive", "ceased": "cease", "invaded": "invade", "declared": "declare",
    "launched": "launch", "opened": "open", "ended": "end", "started": "start", "joined": "join", "entered": "enter",
    "published": "publish", "founded": "found", "established": "establish", "captured": "capture",
    "held": "hold", "had": "have",
    "gained": "gain", "received": "receive", "appeared": "appear", "occurred": "occur", "continued": "continue",
    "formed": "form", "settled": "settle", "defeated": "defeat", "divided": "divide", "spread": "spread",
    "emigrated": "emigrate", "fled": "flee", "granted": "grant", "issued": "issue", "completed": "complete",
    "abandoned": "abandon", "acquired": "acquire", "announced": "announce", "attacked": "attack", "banned": "ban",
    "broadcast": "broadcast", "replaced": "replace", "married": "marry", "paid": "pay", "sold": "sell", "sent": "send",
    "signed": "sign",
    "adopted": "adopt", "invented": "invent", "discovered": "discover", "returned": "return", "reached": "reach",
    "conquered": "conquer", "developed": "develop", "abolished": "abolish", "collapsed": "collapse",
}  # fmt: skip
# Done to something at a place or by someone, so that the question is plain.
_DONE = (
    "born|buried|held|built|founded|established|signed|located|situated|fought|invented|discovered|designed|written"
    "|composed|painted|proposed|published|produced|introduced|developed|created|named|opened|proved|coined|appointed"
    "|crowned|killed|defeated|conquered|elected|constructed|commissioned|organised|organized|patented|led|owned"
)
_PROPER = r"(?:[A-Z][\w’'.-]*)(?: (?:(?:of|the|de|von|van|di|and) )?[A-Z][\w’'.-]*){0,4}"
# Verbs in the third person of which a question with "does" can be made; the base form is all but their ending.
_VERBS = (
    "has holds takes uses needs carries contains asks covers shows gives makes keeps costs employs offers owns operates"
    " sells reads writes provides includes serves spans produces requires runs measures leaves opens closes ends begins"
    " adds fits supports returns lists counts fetches"
).split()
_BASES = {"has": "have", "carries": "carry", "fetches": "fetch"}
# What a thing is called before its name: "the option --gate", "the command rag ask".
_KINDS = (
    "option command variable setting key module function file folder method class field metric benchmark button page"
    " model prompt parameter argument flag property service format"
).split()
_EXTENTS = "deep|long|wide|high|tall|old|thick|heavy|large|big"
_DETERMINERS = frozenset(
    "the a an no all each every some many most both one two three few several any that nothing nobody half".split()
)
_PERSONS = re.compile(
    r"\b(?:keeper|president|premier|chancellor|bishop|pope|emperor|empress|commander|director|chair(?:man|woman|person)?|author|founder|manager|officer|secretary|minister|king"
    r"|queen|mayor|captain|editor|owner|head|leader|teacher|inventor|composer|painter|winner|governor|auditor)\b"
)
# Names of two words that are seldom those of a person.
_NO_PERSON = re.compile(
    r"\b(?:[A-Z]\w*(?:an|ish|ese|ic)|Republic|Empire|Dynasty|University|Company|Corporation|Kingdom|State|States|River"
    r"|House|City|County|Church|League|Party|War|Treaty|Act|Court|North|South|East|West|New|World|Bank|Group|Council"
    r"|Institute|Museum|School|Street|Island|Islands|Lake|Bay|Valley|Sea|Sky|Death|Parliament|Commission|Union|Board"
    r"|Committee|Association|Society|Agency|Office|Department|Government|Army|Navy|Ministry|Press|News|Sports|Age"
    r"|Century|Revolution|Railway|Academy|College|Network|System|Google|Apple)\b"
)
_NAME = r"[A-Z][a-z]+(?: [A-Z]\.)?(?: [A-Z][a-z]+){1,2}"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with its answer, as a rule made it of a sentence."""

    question: str
    answer: str
    match: Literal["contains", "f1"] = "contains"


def questions_of(sentence: str) -> Iterator[Asked]:
    """Yield the questions that rules make of a sound sentence, the best first.

    Args:
        sentence: The sentence, its white space made plain.

    Yields:
        Questions that hold neither their answer nor words that point elsewhere.
    """
    for rule in _RULES:
        asked = rule(sentence)
        if asked is not None and _is_good(asked):
            yield asked


def _is_good(asked: Asked) -> bool:
    plain = asked.question.casefold()
    return (
        4 <= len(words(asked.question)) <= 30
        and asked.answer.casefold() not in plain
        and not points_elsewhere(re.sub(r" (are|were) there\b", r" \1", asked.question))
        and not re.search(r"\b(?:it|its|you|your)\b", plain)
        and bool(set(terms(asked.question)) - STOPWORDS)
        and asked.question.count("“") == asked.question.count("”")
        and asked.question.count("(") == asked.question.count(")")
        and asked.question.count("`") % 2 == 0
        and bool(words(asked.answer))
    )


def _lowered(subject: str) -> str:
    """Return a subject as it stands inside of a sentence."""
    first, space, rest = subject.partition(" ")
    return first.lower() + space + rest if first in ("The", "A", "An") else subject


def _named_thing(sentence: str) -> Asked | None:
    # The option `--gate` exits with 1 … → Which option exits with 1 …?
    match = re.match(
        rf"The (?P<kind>{'|'.join(_KINDS)}) (?P<name>`[^`]+`|(?=[^ ]*[-_A-Z.])[\w./-]+(?: [A-Z]+\b)?)"
        r" (?P<rest>(?:[a-z]+s|can|must|may|will|is|has) .+)\.$",
        sentence,
    )
    if match is None or match["name"].strip("`").casefold() in match["rest"].casefold():
        return None
    if len(words(match["rest"])) < 5 or re.search(
        r"\b(?:same|likewise)\b|[;:]|,? and `|\bof that name\b", match["rest"]
    ):
        return None
    return Asked(f"Which {match['kind']} {match['rest']}?", match["name"].strip("`"))


def _how_many(sentence: str) -> Asked | None:
    # The ferry carries 28 cars. → How many cars does the ferry carry?
    match = re.match(
        rf"{_SUBJECT} (?P<verb>{'|'.join(_VERBS)}) (?:about |some |only |(?P<bound>at least|at most|up to) )?"
        rf"(?P<number>\d+(?:,\d{{3}})*|{_SMALL}) (?P<things>[a-z-]+(?: [a-z-]+)?s)"
        r"(?P<rest>(?:,? (?!and\b|or\b|so\b)[^,;:]+)?)\.$",
        sentence,
    )
    if match is None or not is_whole(sentence, *match.span("number")):
        return None
    base = _BASES.get(match["verb"], match["verb"][:-1])
    number = f"{match['number']} {match['things']}"
    bound = f" {'at least' if match['bound'] == 'at least' else 'at most'}" if match["bound"] else ""
    return Asked(f"How many {match['things']} does {_lowered(match['subject'])} {base}{bound}{match['rest']}?", number)


def _there_are(sentence: str) -> Asked | None:
    # There are 28 cars on the ferry. → How many cars are there on the ferry?
    match = re.match(
        rf"There (?P<verb>are|were) (?P<number>\d+(?:,\d{{3}})*|{_SMALL}) (?P<things>[a-z-]+(?: [a-z-]+)?s)"
        r"(?P<rest> (?:in|on|at|of|for|per) [^,;:]+)\.$",
        sentence,
    )
    if match is None:
        return None
    question = f"How many {match['things']} {match['verb']} there{match['rest']}?"
    return Asked(question, f"{match['number']} {match['things']}")


def _when(sentence: str) -> Asked | None:
    # The bridge was built in 1928. → When was the bridge built?
    match = re.match(
        rf"{_SUBJECT} (?P<verb>was|were) (?P<done>(?:\w+ed|built|born|made|held|sold|begun|written|won|led|set)"
        rf"(?: [^,;:]+?)?) (?:in|on) (?P<date>{_DATE})(?P<rest>(?: (?:in|at|by|as|for) [^,;:]+)?){_END}",
        sentence,
    )
    if match is None:
        return None
    if re.search(rf"\band\b|{_DATE}", f"{match['done']}{match['rest']}"):
        return None
    return Asked(f"When {match['verb']} {_lowered(match['subject'])} {match['done']}{match['rest']}?", match["date"])


def _in_a_year(sentence: str) -> Asked | None:
    # In 1928, the old bridge of Halden was closed. → When was the old bridge of Halden closed?
    match = re.match(
        rf"(?:In|On) (?P<date>{_DATE}),? (?P<subject>(?:the |an? )?[^,;:]+?) (?P<verb>was|were)"
        rf" (?P<done>(?:\w+ed|born|built|made|held|sold|begun|written|won|led|set)(?: [^,;:]+)?){_END}",
        sentence,
    )
    if match is None or not _is_subject(match["subject"]) or re.search(r"\band\b", match["done"]):
        return None
    return Asked(f"When {match['verb']} {match['subject']} {match['done']}?", match["date"])


def _when_did(sentence: str) -> Asked | None:
    # The war began in 1754. In 1351, the Red Turban Rebellion started. → When did the Red Turban Rebellion start?
    did = "|".join(_PAST)
    match = re.match(
        rf"{_SUBJECT} (?P<verb>{did})(?P<what>(?: [^,;:]+?)?) (?:in|on) (?P<date>{_DATE}){_END}", sentence
    ) or re.match(
        rf"(?:In|On) (?P<date>{_DATE}),? (?P<subject>(?:the |an? )?[^,;:]+?) (?P<verb>{did})"
        rf"(?P<what>(?: [^,;:]+)?){_END}",
        sentence,
    )
    if match is None or not _is_subject(match["subject"]) or re.search(rf"\band\b|{_DATE}", match["what"]):
        return None
    return Asked(f"When did {_lowered(match['subject'])} {_PAST[match['verb']]}{match['what']}?", match["date"])


def _by_whom(sentence: str) -> Asked | None:
    # The first pump was invented in 1698 by Thomas Savery. → Who was the first pump invented by?
    match = re.match(
        rf"{_SUBJECT} (?P<verb>was|were) (?P<done>{_DONE}|first \w+ed)(?P<date> in {_DATE})? by (?:the )?"
        rf"(?P<name>{_PROPER})(?P<rest>(?: (?:in|at|for|on) [^,;:]+)?){_END}",
        sentence,
    )
    if match is None or not _is_subject(match["subject"]):
        return None
    return Asked(
        f"Who {match['verb']} {_lowered(match['subject'])} {match['done']} by{match['rest'] or match['date'] or ''}?",
        match["name"],
    )


def _where(sentence: str) -> Asked | None:
    # The treaty of Halden was signed in Oslo in 1905. → Where was the treaty of Halden signed?
    match = re.match(
        rf"{_SUBJECT} (?P<verb>is|are|was|were) (?P<done>{_DONE}) (?:in|at|near) (?:the )?(?P<place>{_PROPER})"
        rf"(?: in {_DATE})?{_END}",
        sentence,
    )
    if match is None or not _is_subject(match["subject"]) or re.match(rf"(?:{MONTHS})\b", match["place"]):
        return None
    return Asked(f"Where {match['verb']} {_lowered(match['subject'])} {match['done']}?", match["place"])


def _name_of(sentence: str) -> Asked | None:
    # The longest river of the county is the Ness. → What is the longest river of the county?
    match = re.match(
        rf"{_NO_SUBJECT}(?P<subject>The (?:\w+ ){{1,3}}(?:of|in|for) [^,;:]+?) (?P<verb>is|was) (?:the )?"
        rf"(?P<name>{_PROPER})\.$",
        sentence,
    )
    if match is None or re.search(r"\b(?:is|was|are|were|that|which|who)\b", match["subject"]):
        return None
    asks = "Who" if _PERSONS.search(match["subject"].casefold()) else "What"
    return Asked(f"{asks} {match['verb']} {_lowered(match['subject'])}?", match["name"])


def _who_did(sentence: str) -> Asked | None:
    # Ada Berg, a miller, invented the pump. In 1905 Ada Berg sold the mill. → Who sold the mill in 1905?
    match = re.match(
        rf"(?:(?P<date>(?:In|On) {_DATE}),? )?(?:The (?:[A-Z]\w+ )?[a-z]+ )?{_NO_SUBJECT}"
        rf"(?P<name>(?!The ){_NAME}(?<!s))(?:, [^,;:]+,)?"
        rf" (?P<did>(?:first |also )?(?:[a-z]{{2,}}ed|{'|'.join(_PAST)}|led) [^;:]+)\.$",
        sentence,
    )
    if match is None or _NO_PERSON.search(match["name"]) or len(words(match["did"])) < 5:
        return None
    if re.search(r"\b(?:his|her|their|its|also)\b|, (?:and|but|who|which)\b", match["did"]):
        return None
    date = f" {match['date'][0].lower()}{match['date'][1:]}" if match["date"] else ""
    return Asked(f"Who {match['did']}{date}?", match["name"])


def _how_many_do(sentence: str) -> Asked | None:
    # About 40 percent of the boats stay in the harbour. → What percentage of the boats stay in the harbour?
    match = re.match(
        r"(?:About |Around |Approximately |Nearly |Almost |Some |Over |More than |At least )?(?:(?P<share>\d+(?:\.\d+)?"
        r"(?:%| ?percent| per cent)) of|(?P<number>\d[\d,]*(?: million| thousand| billion)?))"
        r" (?P<rest>(?:[\w’'-]+ )+[^;:]+)\.$",
        sentence,
    )
    if match is None or re.search(r", (?:and|but|while|which)\b|\d", match["rest"]):
        return None
    if match["share"]:
        return Asked(f"What percentage of {match['rest']}?", match["share"])
    things = match["rest"].split()[0]
    if re.fullmatch(_DATE, match["number"]) or not ((things.islower() and things.endswith("s")) or things == "people"):
        return None
    return Asked(f"How many {match['rest']}?", f"{match['number']} {things}")


def _why(sentence: str) -> Asked | None:
    # The mill of Halden was closed because the river had fallen dry. → Why was the mill of Halden closed?
    match = re.match(
        rf"{_SUBJECT} (?P<verb>is|are|was|were) (?P<what>[^,;:]+?),? because (?P<reason>(?!of\b)[^;:]+)\.$", sentence
    )
    if match is None or not _is_subject(match["subject"]) or len(words(match["reason"])) < 4:
        return None
    if re.search(r"\b(?:is|are|was|were)\b", match["what"]):
        return None
    return Asked(f"Why {match['verb']} {_lowered(match['subject'])} {match['what']}?", match["reason"], "f1")


def _called(sentence: str) -> Asked | None:
    # The upper part of the river is called the Alpine Rhine. → What is the upper part of the river called?
    match = re.match(
        rf"{_SUBJECT} (?P<verb>is|are|was|were) (?P<how>(?:also |often |sometimes |usually )?(?:called|known as|named))"
        rf" (?:the )?(?P<name>[^,;:]+?){_END}",
        sentence,
    )
    if match is None or not _is_subject(match["subject"]) or len(words(match["name"])) > 6:
        return None
    if re.search(r"\b(?:in|by|for|after|from|to|because)\b", match["name"]):
        return None
    how = match["how"].replace("known as", "called")
    return Asked(f"What {match['verb']} {_lowered(match['subject'])} {how}?", match["name"].strip("\"“”‘’'"))


def _what_does(sentence: str) -> Asked | None:
    # The cycle of the engine consists of four strokes. → What does the cycle of the engine consist of?
    match = re.match(
        rf"{_SUBJECT} (?P<verb>consists of|contains|requires|covers|means|refers to|depends on|produces"
        r"|comprises|describes|measures) (?P<what>[^;:]+)\.$",
        sentence,
    )
    if match is None or not _is_subject(match["subject"]) or not 4 <= len(words(match["what"])) <= 25:
        return None
    verb, _, link = match["verb"].partition(" ")
    question = f"What does {_lowered(match['subject'])} {verb[:-1]}{' ' * bool(link)}{link}?"
    return Asked(question, match["what"], "f1")


def _is_subject(subject: str) -> bool:
    """Tell whether a subject names what it means, so that a question about it stands alone."""
    rest = subject.split(" ", 1)[1] if subject.split(" ", 1)[0] in ("The", "the", "A", "a", "An", "an") else subject
    named = rest[:1].isupper() or re.search(r" [A-Z]|\b(?:of|for|in)\b|\d", rest)
    pointing = re.search(r"\b(?:same|other|second|third|another|latter|also|then|later|that|which|who)\b", subject)
    return bool(named) and not pointing and len(subject.split()) <= 10


def _who(sentence: str) -> Asked | None:
    # The keeper of the harbour is Ingrid Solberg, who … → Who is the keeper of the harbour?
    named = re.match(
        r"(?P<name>[A-Z][a-z]+(?: [A-Z][a-z]+){0,2}) (?P<verb>is|was) (?P<subject>the [^,;:]+)\.$", sentence
    )
    if named and _PERSONS.search(named["subject"]) and named["name"] not in ("He", "She"):
        return Asked(f"Who {named['verb']} {named['subject']}?", named["name"])
    match = re.match(rf"{_SUBJECT} (?P<verb>is|was) (?P<name>{_NAME})(?:,|\.$| and lives)", sentence)
    if match is None or not _PERSONS.search(match["subject"]):
        return None
    return Asked(f"Who {match['verb']} {_lowered(match['subject'])}?", match["name"])


def _amount(sentence: str) -> Asked | None:
    # Net sales were $3.5 million in 2022. → How much were net sales in 2022?
    match = re.match(
        rf"(?P<date>(?:In|As of|At) {_DATE}, )?{_SUBJECT} (?P<verb>is|are|was|were) (?P<degree>about |approximately )?"
        rf"(?P<amount>{_NUMBER}(?: (?!(?:of|in|and|to|for|at|on|by|per|from|as|than)\b)(?:[a-z]+|[A-Z]{{3}}\b))?)"
        r"(?P<rest>(?: [^,;:]+)?)\.$",
        sentence,
    )
    if match is None or re.fullmatch(_DATE, match["amount"]) or not is_whole(sentence, *match.span("amount")):
        return None
    if re.search(r"\b(?:is|are|was|were|and|or)\b", match["rest"]):
        return None
    # "The brackets are 95 % intervals." tells no share.
    if "%" in match["amount"] and not match["amount"].endswith("%"):
        return None
    if match["amount"].isdigit() and not match["rest"] and not match["date"]:
        return None
    date = match["date"]
    when = f" {date[0].lower()}{date[1:-2]}" if date else ""
    amount = match["amount"]
    if extent := re.match(rf" (?P<how>{_EXTENTS})\b(?P<rest>.*)", match["rest"]):
        return Asked(f"How {extent['how']} {match['verb']} {_lowered(match['subject'])}{extent['rest']}{when}?", amount)
    asks = "How high" if "%" in amount or amount[0] in "$€£¥" else "What"
    return Asked(f"{asks} {match['verb']} {_lowered(match['subject'])}{match['rest']}{when}?", amount)


def _what_happens(sentence: str) -> Asked | None:
    # When the storm comes, the ferry stays. → What happens when the storm comes?
    match = re.match(r"(?P<link>When|If|Where) (?P<clause>[^,;:]+), (?P<main>[^;:]+)\.$", sentence)
    if match is None or " own " in match["clause"] or len(words(match["clause"])) < 4 or len(words(match["main"])) < 4:
        return None
    if re.match(r"(?:and|or|but|which|who|it|that)\b|[\w ]+ (?:or|and) [\w ]+, ", match["main"]):
        return None
    # A clause without a subject, one that points at another, and a sentence that tells the reader what to do.
    if re.match(r"\w+(?:ed|ing)\b", match["clause"]) or re.search(r"\b(?:second|third|other)\b", match["clause"]):
        return None
    if re.match(r"\w+ing\b", match["main"]) or not _has_subject(match["main"]):
        return None
    link = "when" if match["link"] == "Where" else match["link"].lower()
    happens = "happened" if _is_past(match["clause"], match["main"]) else "happens"
    return Asked(f"What {happens} {link} {match['clause']}?", match["main"], "f1")


def _is_past(clause: str, main: str) -> bool:
    past = rf"\b(?:was|were|had|did|{'|'.join(_PAST)})\b"
    tells = " ".join(main.split()[:4])
    return bool(re.search(past, clause) and (re.search(past, tells) or re.search(r"\w{2,}ed\b", tells)))


def _has_subject(clause: str) -> bool:
    # "the ferry stays", "Sinclair builds", "all boats stay", and not "raise the version" or "only slowly".
    first, second = [*clause.split(), "", ""][:2]
    is_noun = first[:1].isupper() or first[:1] in '`"“' or (first.endswith("s") and not first.endswith("ss"))
    return (
        is_noun or first in _DETERMINERS or first.isdigit() or bool(re.fullmatch(r"is|are|was|were|can|will", second))
    )


def _definition(sentence: str) -> Asked | None:
    # A marina is a harbour for small boats. → What is a marina?
    match = re.match(
        rf"{_SUBJECT} (?P<verb>is|are) (?P<what>(?:a|an|the) (?!same\b|first\b|last\b|only\b)[^;:]+)\.$", sentence
    )
    if (
        match is None
        or re.search(r", (?:and|it|he|she|they|but|so)\b", match["what"])
        or len(match["subject"].split()) > 4
        or (match["subject"].startswith("The ") and not _is_subject(match["subject"]))
        or not 5 <= len(words(match["what"])) <= 30
    ):
        return None
    if len(match["subject"]) < 4 or re.match(
        r"(?:The|A|An) (?:\w+ing|result|reason|answer|rest|same)\b", match["subject"]
    ):
        return None
    return Asked(f"What {match['verb']} {_lowered(match['subject'])}?", match["what"], "f1")


def _what_for(sentence: str) -> Asked | None:
    # The command `rag ask` answers one question. → What does the command `rag ask` do?
    match = re.match(
        r"The (?P<kind>command|option|function|button|module|method) (?P<name>`[^`]+`|(?=[^ ]*[-_A-Z.])[\w./-]+)"
        r" (?P<does>(?!is\b|has\b)[a-z]+s .+)\.$",
        sentence,
    )
    if match is None or len(words(match["does"])) < 4 or re.search(r"\b(?:same|it)\b|,? and `", match["does"]):
        return None
    return Asked(f"What does the {match['kind']} {match['name']} do?", match["does"], "f1")


_RULES: tuple[Callable[[str], Asked | None], ...] = (
    _named_thing,
    _how_many,
    _there_are,
    _when,
    _in_a_year,
    _when_did,
    _by_whom,
    _where,
    _who,
    _who_did,
    _name_of,
    _called,
    _how_many_do,
    _why,
    _amount,
    _what_happens,
    _what_for,
    _definition,
    _what_does,
)
_ASKS = re.compile(
    r"(?:(?:What|Which|Who|Where|When|Why|How)\b.* (?:is|are|was|were|does|do|did|can|may|must|should|will)\b.*"
    r"|What (?:happens|changes|makes|counts)\b.*)\?$"
)


def heading_question(heading: str, title: str, first_sentence: str) -> str:
    """Return the question of a heading; "" where it asks for nothing that stands below it.

    Args:
        heading: Its words.
        title: The title of the document.
        first_sentence: What stands first below it, which must speak of the same.

    Returns:
        A question that stands alone.
    """
    shared = set(terms(heading)) & set(terms(first_sentence)) - STOPWORDS
    # "Which" asks for a list, of which one sentence is rarely the whole.
    if not shared or points_elsewhere(heading) or heading.startswith("Which "):
        return ""
    if heading.lower().startswith("how to "):
        # What follows tells what to do or what does it, and not what something is.
        if re.search(r"^\S+ \S+ (?:is|are) (?:a|an|the) |^The ", first_sentence):
            return ""
        return f"How do I {heading[7:].rstrip('?')}?"
    if heading.endswith("?"):
        return heading if _ASKS.fullmatch(heading) else ""
    if re.match(r"(?:When|If) ", heading):
        return f"According to “{title}”, what happens {heading[0].lower()}{heading[1:]}?"
    if re.match(r"What happens (?:when|where|if|to|with) ", heading):
        return f"{heading}?"
    return f"What does “{title}” say about “{heading}”?" if heading.casefold() != title.casefold() else ""
