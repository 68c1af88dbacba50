"""Find what a question compares.

Owns: the sides of a comparison, each as it can be searched for by itself: "hotel costs in London" and "hotel costs in
Leeds" in "Compare hotel costs in London and Leeds". Knows nothing about documents.
"""

from __future__ import annotations

import re

from rag.question.vocabulary import AUXILIARY, DETERMINER, PREPOSITION, QUESTION_WORD

_END = r"[\s?.!]*$"
_GIVE = r"(?:(?:what\s+(?:is|are|were|was)|what[’']s|which\s+are|was\s+(?:ist|sind)|give(?:\s+me)?|list|name|explain|describe|show(?:\s+me)?|discuss|nenne|erkläre|welche)\s+)?"
_GOOD_BAD = (
    r"(?:pros?\s+(?:and|&)\s+cons?|advantages?\s+(?:and|&|or)\s+(?:the\s+)?(?:disadvantages?|drawbacks)|benefits\s+(?:and|&)\s+(?:the\s+)?(?:drawbacks|risks|costs|disadvantages|downsides)"
    r"|strengths\s+(?:and|&)\s+(?:the\s+)?weaknesses|upsides\s+(?:and|&)\s+downsides|arguments\s+for\s+and\s+against|pro\s+(?:und|&)\s+(?:contra|kontra)|vor-?\s*(?:und|&)\s*nachteile|vorteile\s+und\s+nachteile|stärken\s+und\s+schwächen)"
)
_WEIGH = re.compile(
    rf"{_GIVE}(?:the\s+|die\s+|some\s+)?(?:main\s+)?{_GOOD_BAD}(?:\s+(?:of|to|for|with|in|von|der|des|zu[mr]?|bei|für))?\s*(?P<topic>.*?){_END}",
    re.I,
)
_COMPARE = re.compile(
    rf"(?:compare|contrast|compare\s+and\s+contrast|vergleiche?(?:n\s+sie)?|{_GIVE}(?:a\s+|the\s+|ein(?:en)?\s+)?(?:comparison|vergleich)\s+(?:of|between|von|zwischen))\s+(?P<both>.+?){_END}",
    re.I,
)
_DIFFERENCE = re.compile(
    rf"{_GIVE}(?:the\s+|a\s+|any\s+|der\s+|die\s+|den\s+)?(?:main\s+|key\s+|biggest\s+|most\s+important\s+|wichtigsten?\s+|wesentlichen?\s+)?(?:differences?|distinctions?|similarit(?:y|ies)|unterschiede?|gemeinsamkeiten)\s+(?:there\s+)?(?:are\s+|is\s+)?"
    rf"(?:between|of|in|zwischen|von)\s+(?P<both>.+?){_END}",
    re.I,
)
_IN_BETWEEN = re.compile(r"(?P<frame>.+?)\s+(?:between|zwischen)\s+(?P<both>.+)$", re.I)
_DIFFER = re.compile(
    rf"(?:how|in\s+what\s+way|wie|worin)\s+(?:(?:do|does|did|is|are|was|were|ist|sind|unterscheide[nt](?:\s+sich)?)\s+)(?P<left>.+?)\s+(?:(?:differ(?:s|ent)?|(?:so\s+|very\s+|most\s+|any\s+)?different|distinct|distinguished)\s+(?:from|to|than)|compared?\s+(?:to|with)|von|vom|anders\s+als)\s+(?P<right>.+?){_END}",
    re.I,
)
_DIFFER_BOTH = re.compile(
    rf"(?:how|wie|worin)\s+(?:do|does|did|are|were|unterscheide[nt]\s+sich)\s+(?P<both>.+?\s(?:and|und)\s.+?)(?:\s+(?:differ|different|compare(?:d)?)(?:\s+(?:from\s+each\s+other|to\s+each\s+other))?)?{_END}",
    re.I,
)
_COMMON = re.compile(rf"what\s+(?:do|did)\s+(?P<both>.+?\s+and\s+.+?)\s+have\s+in\s+common{_END}", re.I)
_VERSUS = re.compile(
    rf"(?P<left>.+?)\s+(?:vs\.?|versus|v\.|compared\s+(?:to|with)|im\s+vergleich\s+(?:zu[mr]?|mit)|gegenüber)\s+(?P<right>.+?){_END}",
    re.I,
)
_WHICH = re.compile(
    rf"(?P<ask>(?:in\s+)?(?:which|what|who|welche[rsnm]?|wer|was)\b[^?]*?)(?:\s*[,:]|\s+[–—-]+)\s+(?!(?:and|und|but)\b)(?P<left>(?:[^\s,?]+\s+){{0,5}}?[^\s,?]+?)\s*,?\s+(?:or|oder)\s+(?P<right>(?:[^\s,?]+\s+){{0,5}}?[^\s,?]+?){_END}",
    re.I,
)
_OR_WHICH = re.compile(
    rf"(?P<left>(?:[^\s,:?]+\s+){{0,7}}?[^\s,:?]+?)\s+(?:or|oder)\s+(?P<right>(?:[^\s,:?]+\s+){{0,7}}?[^\s,:?]+?)(?:\s*[,:?]|\s+[–—-]+)\s+(?:which|what|who|welche[rs]?|wer|was)\b[^?]*{_END}",
    re.I,
)
_WHEN = r"(?:\s+(?:over\s+time|over\s+the\s+years))?(?P<times>\s+(?:since|between|from|in|after|during|until|by|over|compared|with|under|seit|zwischen|von|nach|im|bis|gegenüber)\b.*?)?"
_CHANGE = tuple(
    re.compile(pattern + r"[\s?.!]*$", re.I)
    for pattern in (
        rf"(?:how|in\s+what\s+way)\s+(?:has|have|did|had)\s+(?P<topic>.*?)\s*\bchanged?{_WHEN}",
        rf"how\s+(?:has|have)\s+(?P<topic>.*?)\s*\b(?:evolved|developed|varied){_WHEN}",
        rf"how\s+did\s+(?P<topic>.*?)\s*\b(?:evolve|develop|vary)(?=\s+(?:over|between|from|since)\b){_WHEN}",
        rf"what\s+(?:(?:has|have|had)\s+)?(?P<topic>)changed{_WHEN}",
        r"(?:was|wie|inwiefern)\s+(?:hat|haben)\s+sich\s+(?P<topic>.*?)\s*(?P<times>\b(?:seit|zwischen|von|nach|im|bis|gegenüber|in)\b.*?)?\s*(?:ge|ver)ändert(?:\s+.*)?",
        r"wie\s+(?:hat|haben)\s+sich\s+(?P<topic>.*?)\s*(?P<times>\b(?:seit|zwischen|von|nach|im|bis|gegenüber|in)\b.*?)?\s*entwickelt",
    )
)
_NEW = re.compile(
    r"(?:what(?:[’']s|\s+(?:is|are|has|have|was|were))\s+(?:the\s+)?(?:new|changed|different|(?:main\s+|key\s+|latest\s+)?changes)|(?:list|show|describe|summari[sz]e|which)\s+(?:me\s+)?(?:all\s+)?(?:the\s+)?changes(?:\s+(?:were|are|have\s+been))?"
    r"|was\s+ist\s+(?:neu|anders)|(?:welche|die)\s+änderungen)(?:\s+(?:made|there))?"
    rf"\s+(?P<times>(?:in|to|between|since|from|with|compared|im|in\s+der|zwischen|seit|gegenüber|an)\s+(?:\S+\s+){{0,7}}\S+?){_END}",
    re.I,
)
_BETWEEN = re.compile(
    r"^(?:between|from|in|zwischen|von)\s+(?P<first>.+?)\s+(?:and|to|until|und|bis|compared\s+(?:to|with))\s+(?P<second>.+)$",
    re.I,
)
_JOINT = re.compile(r",?\s+(?:and|und|with|mit|to|against|versus|vs\.?|&)\s+", re.I)
_STRONG_JOINT = re.compile(r"\s+(?:with|mit|against|versus|vs\.?)\s+|\s+to\s+(?=(?:the|those|that|[A-Z])\b)", re.I)
_THAT_OF = re.compile(
    r"(?:that|those|the\s+one|the\s+ones|denen|dem|der|die)\s+(?P<tail>(?:of|in|for|from|at|von|in|des|der)\s+.+)$",
    re.I,
)
_PREPOSITION = re.compile(rf"\b(?:{PREPOSITION})\b", re.I)
_OWN_HEAD = re.compile(rf"(?:{DETERMINER}|{PREPOSITION})\b", re.I)
_POSSESSIVE = re.compile(r"^(?:(?:the|a|der|die|das)\s+)?(?:[\w.-]+\s+){0,3}?[\w.-]+(?:['’]s|s['’])\s+", re.I)
_ASKS = re.compile(rf"(?:{QUESTION_WORD}|{AUXILIARY})\b", re.I)
_ASKING = re.compile(rf"^(?:{AUXILIARY})\b|\b(?:{QUESTION_WORD})\b", re.I)
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
        return "", _pair(match["left"], match["right"])
    if match := next(filter(None, (pattern.match(text) for pattern in _CHANGE)), None):
        return _change(match["topic"] or "", match["times"] or "")
    if match := _NEW.match(text):
        return _change(
            re.sub(r"^(?:in|to|with|im|an)\s+", "", match["times"], flags=re.I)
            if not _BETWEEN.match(match["times"])
            else "",
            match["times"],
        )
    if (match := _DIFFER.match(text)) and not _ASKS.match(match["left"]):
        return "", _pair(match["left"], match["right"])
    if (match := _COMMON.match(text)) or (
        (match := _DIFFER_BOTH.match(text)) and re.search(r"differ|compare|unterscheide", text, re.I)
    ):
        return "", _sides_of(match["both"])
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
    both = re.sub(r"^(?:between|zwischen)\s+", "", both, flags=re.I)
    strong = _STRONG_JOINT.search(both)
    if strong:
        return _pair(both[: strong.start()], both[strong.end() :])
    parts = [part for part in re.split(r",\s*(?!\s*(?:and|und)\b)", both) if part.strip()]
    parts = [*parts[:-1], *_JOINT.split(parts[-1])] if parts else []
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
    return left, _clean(_with_frame(left, right))


def _starts_possessive(text: str) -> re.Match[str] | None:
    return _POSSESSIVE.match(text)


def _with_frame(left: str, right: str) -> str:
    """Give a later side the words that the first begins with: "hotel costs in" in "hotel costs in London and Leeds"."""
    found = list(_PREPOSITION.finditer(left))
    if not found or found[0].start() == 0:
        return right
    opening = _PREPOSITION.match(right)
    if opening:
        same = [match for match in found if match.group().lower() == opening.group().lower()]
        return f"{left[: (same or found)[-1].start()].rstrip()} {right}"
    if _PREPOSITION.search(right) or _OWN_HEAD.match(right) and not _OWN_HEAD.match(left[found[-1].end() :].lstrip()):
        return right
    return f"{left[: found[-1].end()]} {right}"


def _change(topic: str, times: str) -> tuple[str, tuple[str, ...]]:
    """Return what changed, and it at two times where two are named."""
    topic = _clean(topic)
    match = _BETWEEN.match(times.strip())
    if not match:
        return topic, ()
    return topic, tuple(_clean(f"{topic} {match[side]}") for side in ("first", "second"))


def _clean(side: str) -> str:
    return " ".join(side.strip(' \t,;:.?!–—-"“”„').split())[:_LONGEST_SIDE]
