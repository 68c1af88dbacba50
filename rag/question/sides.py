"""Find what a question compares.

Owns: the sides of a comparison, each as it can be searched for by itself: "hotel costs in London" and "hotel costs in
Leeds" in "Compare hotel costs in London and Leeds". Knows nothing about documents.
"""

from __future__ import annotations

import re

from rag.patterns import lazy_pattern
from rag.question.vocabulary import AUXILIARY, DETERMINER, PREPOSITION, QUESTION_WORD

_END = r"[\s?.!]*$"
_GIVE = (
    r"(?:(?:what (?:is|are|were|was)|what[’']s|which are|was (?:ist|sind)|give(?: me)?|list|name|explain|describe"
    r"|show(?: me)?|discuss|nenne|erkläre|welche) )?"
)
_GOOD_BAD = (
    r"(?:pros? (?:and|&) cons?|advantages? (?:and|&|or) (?:the )?(?:disadvantages?|drawbacks)|benefits (?:and"
    r"|&) (?:the )?(?:drawbacks|risks|costs|disadvantages|downsides)"
    r"|strengths (?:and|&) (?:the )?weaknesses|upsides (?:and|&) downsides|arguments for and against|pro (?:und"
    r"|&) (?:contra|kontra)|vor-? ?(?:und|&) ?nachteile|vorteile und nachteile|stärken und schwächen)"
)
_WEIGH = re.compile(
    rf"{_GIVE}(?:the |die |some )?(?:main )?{_GOOD_BAD}(?: (?:of|to|for|with|in|von|der|des|zu[mr]?|bei"
    rf"|für))? ?(?P<topic>.*?){_END}",
    re.I,
)
_COMPARE = re.compile(
    rf"(?:compare|contrast|compare and contrast|vergleiche?(?:n sie)?|{_GIVE}(?:a |the |ein(?:en)? )?(?:comparison"
    rf"|vergleich) (?:of|between|von|zwischen)) (?P<both>.+?){_END}",
    re.I,
)
_DIFFERENCE = re.compile(
    rf"{_GIVE}(?:the |a |any |der |die |den )?(?:main |key |biggest |most important |wichtigsten? "
    rf"|wesentlichen? )?(?:differences?|distinctions?|similarit(?:y|ies)|unterschiede?"
    rf"|gemeinsamkeiten) (?:there )?(?:are |is )?"
    rf"(?:between|of|in|zwischen|von) (?P<both>.+?){_END}",
    re.I,
)
_IN_BETWEEN = re.compile(r"(?P<frame>.+?) (?:between|zwischen) (?P<both>.+)$", re.I)
_DIFFER = re.compile(
    rf"(?:how|in what way|wie|worin) (?:(?:do|does|did|is|are|was|were|ist|sind"
    rf"|unterscheide[nt](?: sich)?) )(?P<left>.+?) (?:(?:differ(?:s|ent)?|(?:so |very |most |any )?different"
    rf"|distinct|distinguished) (?:from|to|than)|compared? (?:to|with)|von|vom|anders als) (?P<right>.+?){_END}",
    re.I,
)
_DISTINGUISHES = re.compile(
    r"(?:what|was) (?:distinguishes|separates|sets|unterscheidet) "
    rf"(?P<left>.+?)(?: apart)? (?:from|von) (?P<right>.+?){_END}",
    re.I,
)
_DIFFER_BOTH = re.compile(
    rf"(?:how|wie|worin) (?:do|does|did|are|were|unterscheide[nt] sich) (?P<both>.+?\s(?:and|und)\s.+?)(?: (?:differ"
    rf"|different|compare(?:d)?)(?: (?:from each other|to each other))?(?: (?:in|on|regarding|with regard to|as to"
    rf"|with respect to) (?:(?:their|its|how|what|the) )*(?P<aspect>.+?))?)?{_END}",
    re.I,
)
_COMMON = re.compile(rf"what (?:do|did) (?P<both>.+? and .+?) have in common{_END}", re.I)
_VERSUS = re.compile(
    # Of short things: a sentence that says how one thing is "compared to" another is a claim.
    r"(?!.* compared (?:to|with) .*\.$)(?P<left>(?:\S+ ){0,6}?\S+)"
    r" (?:vs\.?|versus|v\.|compared (?:to|with)|im vergleich (?:zu[mr]?|mit)|gegenüber)"
    r" (?P<right>(?:\S+ ){0,6}?\S+?)[?!. ]*$",
    re.I,
)
_WHICH = re.compile(
    rf"(?P<ask>(?:in )?(?:which|what|who|welche[rsnm]?|wer|was)\b[^?]*?)(?: ?[,:]| [–—-]+) (?!(?:and|und"
    rf"|but)\b)(?P<left>(?:[^\s,?]+ ){{0,5}}?[^\s,?]+?) ?,? (?:or"
    rf"|oder) (?P<right>(?:[^\s,?]+ ){{0,5}}?[^\s,?]+?){_END}",
    re.I,
)
_OR_WHICH = re.compile(
    rf"(?P<left>(?:[^\s,:?]+ ){{0,7}}?[^\s,:?]+?) (?:or|oder) (?P<right>(?:[^\s,:?]+ ){{0,7}}?[^\s,:?]+?)(?: ?[,:?]"
    rf"| [–—-]+) (?P<ask>(?:which|what|who|welche[rs]?|wer|was)\b[^?]*){_END}",
    re.I,
)
_WHEN = (
    r"(?: (?:over time|over the years))?(?P<times> (?:since|between|from|in|after|during|until|by|over|compared|with"
    r"|under|seit|zwischen|von|nach|im|bis|gegenüber)\b.*?)?"
)
_CHANGE = tuple(
    re.compile(pattern + r"[\s?.!]*$", re.I)
    for pattern in (
        rf"(?:how|in what way) (?:has|have|did|had) (?P<topic>.*?) ?\bchanged?{_WHEN}",
        rf"how (?:has|have) (?P<topic>.*?) ?\b(?:evolved|developed|varied){_WHEN}",
        rf"how did (?P<topic>.*?) ?\b(?:evolve|develop|vary)(?= (?:over|between|from|since)\b){_WHEN}",
        r"what (?:(?:has|have|had) )?changed (?:in|about|with|to|for)"
        rf" (?P<topic>(?:the|our|my|your|this|these) (?!(?:year|month|week|meantime)\b).+?){_WHEN}",
        rf"what (?:(?:has|have|had) )?(?P<topic>)changed{_WHEN}",
        r"(?:was|wie|inwiefern) (?:hat|haben) sich (?P<topic>.*?) ?(?P<times>\b(?:seit|zwischen|von|nach|im|bis"
        r"|gegenüber|in)\b.*?)? ?(?:ge|ver)ändert(?: .*)?",
        r"wie (?:hat|haben) sich (?P<topic>.*?) ?(?P<times>\b(?:seit|zwischen|von|nach|im|bis|gegenüber"
        r"|in)\b.*?)? ?entwickelt",
    )
)
_NEW = re.compile(
    r"(?:what(?:[’']s| (?:is|are|has|have|was|were)) (?:the )?(?:new|changed|different|(?:main |key "
    r"|latest )?changes)|(?:(?:list|show|describe|summari[sz]e|which) (?:me )?)?(?:all )?(?:the )?changes(?: (?:were"
    r"|are|have been))?"
    r"|was ist (?:neu|anders)|(?:welche|die) änderungen)(?: (?:made|there))?"
    rf" (?P<times>(?:in|to|between|since|from|with|compared|im|in der|zwischen|seit|gegenüber"
    rf"|an) (?:\S+ ){{0,7}}\S+?){_END}",
    re.I,
)
_BETWEEN = re.compile(
    r"^(?:between|from|in|zwischen|von) (?P<first>.+?) (?:and|to|until|und|bis|compared (?:to|with)) (?P<second>.+)$",
    re.I,
)
# "In headcount between 2023 and 2024".
_MATTER_BETWEEN = re.compile(
    r"^(?:in|to|with|im|in der|an) (?P<topic>\D+?) (?P<times>(?:between|from|zwischen|von) \D{0,20}\d.*)$", re.I
)
_JOINT = re.compile(r",? (?:and|und|with|mit|to|against|versus|vs\.?|&) ", re.I)
_STRONG_JOINT = re.compile(r" (?:with|mit|against|versus|vs\.?) | to (?=(?:the|those|that|[A-Z])\b)", re.I)
_THAT_OF = re.compile(
    r"(?:that|those|the one|the ones|denen|dem|der|die) (?P<tail>(?:of|in|for|from|at|von|in|des|der) .+)$",
    re.I,
)
_PREPOSITION = re.compile(rf"\b(?:{PREPOSITION})\b", re.I)
_OWN_HEAD = lazy_pattern(rf"(?:{DETERMINER}|{PREPOSITION})\b", re.I)
_POSSESSIVE = re.compile(r"^(?:(?:the|a|der|die|das) )?(?:[\w.-]+ ){0,3}?[\w.-]+(?:['’]s|s['’]) ", re.I)
_ASKS = lazy_pattern(rf"(?:{QUESTION_WORD}|{AUXILIARY})\b", re.I)
# Years, quarters and seasons, which stand before or behind what they are the times of.
_TIME = (
    r"(?:(?:FY ?)?\d{2,4}(?:[/-]\d{2,4})?|Q[1-4](?: \d{4})?|(?:first|second|third|fourth|summer|winter|spring|autumn"
    r"|old|new|current|latest|previous|former|present)|v?\d+(?:\.\d+)*)"
)
_DETERMINER_FIRST = rf"(?:{DETERMINER}) "
_ONLY_A_TIME = re.compile(rf"(?:{_DETERMINER_FIRST})?{_TIME}", re.I)
_TIME_LAST = re.compile(rf" {_TIME}$", re.I)
# "Which city is larger": what remains is the aspect.
_WHICH_WORD = re.compile(
    r"^(?:in )?(?:which|what|who|welche[rsnm]?|wer|was)\b(?: (?:one|is|are|was|were|ist|war)\b)*", re.I
)
_ASKING = lazy_pattern(rf"^(?:{AUXILIARY})\b|\b(?:{QUESTION_WORD})\b", re.I)
_LONGEST_SIDE = 160


def compared(text: str) -> tuple[str, tuple[str, ...]] | None:
    """Return what a question compares.

    Args:
        text: The question, on one line.

    Returns:
        What the comparison is about and its sides, none where the question names one thing only, such as the pros and
        cons of something; None where it compares nothing.
    """
    if match := _WEIGH.match(text):
        return _clean(match["topic"]), ()
    if match := _COMPARE.match(text):
        return "", _sides_of(match["both"])
    if match := _DIFFERENCE.match(text):
        return "", _framed(match["both"])
    if (match := _WHICH.match(text)) or (match := _OR_WHICH.match(text)):
        return _clean(_WHICH_WORD.sub("", match["ask"])), _pair(match["left"], match["right"])
    if match := next(filter(None, (pattern.match(text) for pattern in _CHANGE)), None):
        return _change(match["topic"] or "", match["times"] or "")
    if match := _NEW.match(text):
        if _MATTER_BETWEEN.match(match["times"]):
            return _change("", match["times"])
        return _change(
            re.sub(r"^(?:in|to|with|im|an) ", "", match["times"], flags=re.I)
            if not _BETWEEN.match(match["times"])
            else "",
            match["times"],
        )
    if match := _DISTINGUISHES.match(text):
        return "", _pair(match["left"], match["right"])
    if (match := _DIFFER.match(text)) and not _ASKS.match(match["left"]):
        return "", _pair(match["left"], match["right"])
    if (match := _COMMON.match(text)) or (
        (match := _DIFFER_BOTH.match(text)) and re.search(r"differ|compare|unterscheide", text, re.I)
    ):
        return _clean(match.groupdict().get("aspect") or ""), _sides_of(match["both"])
    if (match := _VERSUS.match(text)) and not _ASKING.search(text):
        return "", _pair(match["left"], match["right"])
    return None


def _framed(both: str) -> tuple[str, ...]:
    """Return the sides of "price between A and B", each with the price."""
    match = _IN_BETWEEN.match(both)
    if not match:
        return _sides_of(both)
    return tuple(f"{match['frame']} {side}" for side in _sides_of(match["both"]))


def _sides_of(both: str) -> tuple[str, ...]:
    """Cut two things or more at what joins them; what they share goes to each."""
    both = re.sub(r"^(?:between|zwischen) ", "", both, flags=re.I)
    strong = _STRONG_JOINT.search(both)
    if strong:
        return _pair(both[: strong.start()], both[strong.end() :])
    parts = [part for part in re.split(r", ?(?! ?(?:and|und)\b)", both) if part.strip()]
    joints = list(_JOINT.finditer(parts[-1])) if parts else []
    if joints:
        # "The size and age of trees in X and Y": the last one joins the sides.
        parts[-1:] = [parts[-1][: joints[-1].start()], parts[-1][joints[-1].end() :]]
    parts = [part.strip(" ,") for part in parts if part.strip(" ,")]
    if len(parts) < 2:
        return ()
    if len(parts) == 2:
        return _pair(*parts)
    return tuple(_clean(_with_frame(parts[0], part)) if number else _clean(part) for number, part in enumerate(parts))


def _pair(left: str, right: str) -> tuple[str, ...]:
    """Return two sides; a side that leaves out what the other says gets it."""
    left, right = _clean(left), _clean(right)
    if match := _THAT_OF.match(right):
        head = (
            _PREPOSITION.split(_POSSESSIVE.sub("", left), maxsplit=1)[0]
            if _starts_possessive(left) is None
            else _POSSESSIVE.sub("", left)
        )
        if _POSSESSIVE.match(left):
            return left, _clean(f"{_POSSESSIVE.sub('', left)} {match['tail']}")
        return left, _clean(f"{head.strip()} {match['tail']}")
    return _with_tail(left, right), _clean(_with_frame(left, right))


def _with_tail(left: str, right: str) -> str:
    """Give the first side the noun that only the second has: "reports" in "the 2022 and 2023 reports"."""
    if not (short := _ONLY_A_TIME.fullmatch(left)):
        return f"{left} {tail}" if (tail := _shared_tail(left, right)) else left
    of_right = re.match(rf"(?:{_DETERMINER_FIRST})?{_TIME}(?P<tail> .+)$", right, re.I)
    return f"{left}{of_right['tail']}" if short and of_right else left


def _shared_tail(left: str, right: str) -> str:
    """Return the noun that two adjectives or two nouns share: "sources" in "primary and archaeological sources"."""
    first, second = left.split(), right.split()
    if not first or not second or _PREPOSITION.search(left) or _PREPOSITION.search(right):
        return ""
    determiner = re.fullmatch(DETERMINER, second[0], re.I)
    if bool(determiner) != bool(re.fullmatch(DETERMINER, first[0], re.I)):
        return ""
    first, second = first[bool(determiner) :], second[bool(determiner) :]
    if len(first) != 1 or len(second) < 2 or not all(word.islower() for word in second[1:]):
        return ""
    if not first[0].islower() or not second[0].islower():
        # "iPhone and Mac net sales", but not "London and other cities".
        return " ".join(second[1:]) if first[0] != first[0].lower() and second[0] != second[0].lower() else ""
    if first[0].endswith("s"):
        # "Products and services gross margin": both are nouns, and more stands behind.
        return " ".join(second[1:]) if second[0].endswith("s") else ""
    return second[-1] if len(second) == 2 else ""


def _starts_possessive(text: str) -> re.Match[str] | None:
    return _POSSESSIVE.match(text)


def _with_frame(left: str, right: str) -> str:
    """Give a later side the words that the first begins with: "hotel costs in" in "hotel costs in London and Leeds"."""
    if _ONLY_A_TIME.fullmatch(right) and (time := _TIME_LAST.search(left)):
        return f"{left[: time.start()]} {right}"
    found = list(_PREPOSITION.finditer(left))
    if not found or found[0].start() == 0:
        return right
    opening = _PREPOSITION.match(right)
    if opening:
        same = [match for match in found if match.group().lower() == opening.group().lower()]
        return f"{left[: (same or found)[-1].start()].rstrip()} {right}"
    if _PREPOSITION.search(right) or (_OWN_HEAD.match(right) and not _OWN_HEAD.match(left[found[-1].end() :].lstrip())):
        return right
    return f"{left[: found[-1].end()]} {right}"


def _change(topic: str, times: str) -> tuple[str, tuple[str, ...]]:
    """Return what changed, and it at two times where two are named."""
    topic, times = _clean(topic), times.strip()
    if not topic and (within := _MATTER_BETWEEN.match(times)):
        topic, times = _clean(within["topic"]), within["times"]
    match = _BETWEEN.match(times)
    if not match:
        return topic, ()
    return topic, tuple(_clean(f"{topic} {match[side]}") for side in ("first", "second"))


def _clean(side: str) -> str:
    return " ".join(side.strip(' \t,;:.?!–—-"“”„').split())[:_LONGEST_SIDE]
