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

_MONTH = "January|February|March|April|May|June|July|August|September|October|November|December"
_DATE = rf"(?:(?:{_MONTH}) \d{{1,2}}, \d{{4}}|\d{{1,2}} (?:{_MONTH}) \d{{4}}|(?:{_MONTH}) \d{{4}}|1[5-9]\d\d|20\d\d)"
_NUMBER = r"(?:[$€£¥] ?)?\d+(?:[.,]\d+)*(?: (?:million|billion|thousand))?(?: ?%)?"
_SMALL = "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty"
# A subject: a few words without a clause of its own.
_NO_CLAUSE = "(?!(?:and|or|that|which|who|when|if|is|are|was|were|has|have|weighs|says|means)\\b)"
_SUBJECT = rf"(?P<subject>(?:The|A|An|[A-Z][\w.’'-]*)(?: {_NO_CLAUSE}[\w`’'./-]+){{0,7}})"
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
_PERSONS = re.compile(
    r"\b(?:keeper|president|director|chair(?:man|woman|person)?|author|founder|manager|officer|secretary|minister|king"
    r"|queen|mayor|captain|editor|owner|head|leader|teacher|inventor|composer|painter|winner|governor|auditor)\b"
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
        rf"{_SUBJECT} (?P<verb>{'|'.join(_VERBS)}) (?:about |some |only |at least |at most |up to )?"
        rf"(?P<number>\d+(?:,\d{{3}})*|{_SMALL}) (?P<things>[a-z-]+(?: [a-z-]+)?s)"
        r"(?P<rest>(?:,? (?!and\b|or\b)[^,;:]+)?)\.$",
        sentence,
    )
    if match is None or not is_whole(sentence, *match.span("number")):
        return None
    base = _BASES.get(match["verb"], match["verb"][:-1])
    number = f"{match['number']} {match['things']}"
    return Asked(f"How many {match['things']} does {_lowered(match['subject'])} {base}{match['rest']}?", number)


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
        rf"(?: [^,;:]+?)?) (?:in|on) (?P<date>{_DATE})(?P<rest>(?: (?:in|at|by|as|for) [^,;:]+)?)\.$",
        sentence,
    )
    if match is None:
        return None
    return Asked(f"When {match['verb']} {_lowered(match['subject'])} {match['done']}{match['rest']}?", match["date"])


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
        rf"(?P<amount>{_NUMBER}(?: (?!(?:of|in|and|to|for|at|on|by|per|from|as|than)\b)[a-z]+)?)"
        r"(?P<rest>(?: [^,;:]+)?)\.$",
        sentence,
    )
    if match is None or re.fullmatch(_DATE, match["amount"]) or not is_whole(sentence, *match.span("amount")):
        return None
    if re.search(r"\b(?:is|are|was|were|and|or)\b", match["rest"]):
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
    link = "when" if match["link"] == "Where" else match["link"].lower()
    return Asked(f"What happens {link} {match['clause']}?", match["main"], "f1")


def _definition(sentence: str) -> Asked | None:
    # A marina is a harbour for small boats. → What is a marina?
    match = re.match(
        rf"{_SUBJECT} (?P<verb>is|are) (?P<what>(?:a|an|the) (?!same\b|first\b|last\b|only\b)[^;:]+)\.$", sentence
    )
    if (
        match is None
        or ", and " in match["what"]
        or len(match["subject"].split()) > 4
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
    if match is None or len(words(match["does"])) < 4 or re.search(r"\b(?:same|it)\b", match["does"]):
        return None
    return Asked(f"What does the {match['kind']} {match['name']} do?", match["does"], "f1")


_RULES: tuple[Callable[[str], Asked | None], ...] = (
    _named_thing,
    _how_many,
    _there_are,
    _when,
    _who,
    _amount,
    _what_happens,
    _what_for,
    _definition,
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
        if re.search(r"^\S+ \S+ (?:is|are) (?:a|an|the) ", first_sentence):
            return ""
        return f"How do I {heading[7:].rstrip('?')}?"
    if heading.endswith("?"):
        return heading if _ASKS.fullmatch(heading) else ""
    if re.match(r"What happens (?:when|where|if|to|with) ", heading):
        return f"{heading}?"
    return f"What does “{title}” say about “{heading}”?" if heading.casefold() != title.casefold() else ""
