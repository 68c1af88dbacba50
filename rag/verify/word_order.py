"""The words of a sentence in another order, or beside other words, than in its source. Pure.

Owns: who does what to whom, and which name stands in which place, as far as the order of words tells. Each function
returns what is wrong in words, or "". Knows nothing about verdicts.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from rag.text import STOPWORDS, normalise
from rag.verify.lexicon import MUTUAL
from rag.verify.reading import ParsedText, Token, is_light, word_root

# Content words on each side of a name that say what it does.
_WINDOW = 3
# So many of them make another name's place the one that is meant.
_MEANT = 2
_LISTED = re.compile(r"\b(?:and|or|with|between|by|from)\b|,", re.I)
_LIST = re.compile(r"\s*(?:[,&/]|\b(?:and|or)\b)[\s,]*(?:\b(?:and|or|the|an?)\s+)*", re.I)
_MARK = re.compile(
    r"\b(about|after|against|as|at|before|by|during|for|from|in|into|of|on|over|than|through|to|under|until|with)"
    r"(?:\s+(?:the|an?|its|his|her|their|this|that|each|every))?\s*$",
    re.I,
)
_PASSIVE = re.compile(r"\b(?:is|are|was|were|be|been|being|gets?|got)\b.{0,40}\bby\b", re.I)


@dataclass(frozen=True, slots=True)
class _Name:
    """A run of words with capitals, and the content stems right before and right behind it."""

    text: str
    stems: frozenset[str]
    before: frozenset[str]
    after: frozenset[str]

    def shared(self, other: _Name) -> int:
        return len(self.before & other.before) + len(self.after & other.after)


def names_in_order(claim: ParsedText, lines: Sequence[ParsedText]) -> str:
    """Two names in an order that no line has, where neither side lists them or speaks in the passive."""
    opening = [t for t in claim.tokens[:1] if t.content and claim.text[t.start].isupper()]
    names = [name for name in claim.names if name.lower() not in STOPWORDS]
    places = {claim.text[t.start : t.end]: t.start for t in opening} | {name: claim.text.find(name) for name in names}
    for first, second in combinations(sorted(places, key=lambda name: places[name]), 2):
        if _LISTED.search(claim.text[places[first] : places[second]]):
            continue
        left, right = word_root(normalise(first)), word_root(normalise(second))
        for line in lines:
            at = {token.stem: token.start for token in reversed(line.tokens)}
            turned = left in at and right in at and at[right] < at[left]
            mine = [_mark(claim, places[name]) for name in (first, second)]
            theirs = [_mark(line, at.get(stem, 0)) for stem in (left, right)]
            if mine[0] != mine[1] and any(mark and mark == same for mark, same in zip(mine, theirs, strict=True)):
                continue  # "In Oslo she met Bo" is "she met Bo in Oslo".
            if turned and not _LISTED.search(line.text[at[right] : at[left]]):
                return f"the source names {second} before {first}"
    return ""


def changed_places(claim: ParsedText, lines: Sequence[ParsedText]) -> str:
    """Two parts of a line that have changed places around the words between them: "the dog bit the man" turned."""
    for line in lines:
        here, there = _once(claim), _once(line)
        ranked = sorted((stem for stem in here if stem in there), key=lambda stem: there[stem].start)
        said = sorted(ranked, key=lambda stem: here[stem].start)
        rank = {stem: place for place, stem in enumerate(ranked)}
        parts = _exchanged([rank[stem] for stem in said])
        if not parts:
            if len(ranked) > 1 and said == ranked and _other_voice(claim, line, here, there, ranked):
                return "the source says it of the two the other way round"
            continue
        first, between, second = ([ranked[place] for place in part] for part in parts)
        if _mutual(claim, here, (first, between, second)) or _is_list(line, [there[stem] for stem in ranked], parts):
            continue
        if _passive(claim, here, second[0], first[-1]) != _passive(line, there, first[0], second[-1]):
            continue
        mine = [_mark(claim, here[part[0]].start) for part in (first, second)]
        theirs = [_mark(line, there[part[0]].start) for part in (first, second)]
        # "In 1990 in Oslo" is "in Oslo in 1990"; "acid to water" is not "water to acid".
        if mine == theirs and all(mine) and mine[0] != mine[1]:
            continue
        if not between and (mine == theirs or mine != theirs[::-1]):
            continue
        return f"{here[first[0]].word!r} and {here[second[0]].word!r} stand the other way round in the source"
    return ""


def _once(reading: ParsedText) -> dict[str, Token]:
    """The content words that stand in a reading once, by their stems."""
    counts = Counter(token.stem for token in reading.tokens)
    return {t.stem: t for t in reading.content_in_order() if counts[t.stem] == 1}


def _exchanged(order: Sequence[int]) -> tuple[list[int], list[int], list[int]] | None:
    """The parts A, M and B of ``0…n-1`` where ``order`` is P B M A S for P A M B S; None where it is not so.

    >>> _exchanged([0, 4, 2, 3, 1])
    ([1], [2, 3], [4])
    """
    moved = [place for place, rank in enumerate(order) if place != rank]
    if not moved:
        return None
    low, high = moved[0], moved[-1]
    start_b, end_a = order[low], order[high]
    first, between, second = (
        list(range(low, end_a + 1)),
        list(range(end_a + 1, start_b)),
        list(range(start_b, high + 1)),
    )
    turned = [*second, *between, *first]
    return (first, between, second) if first and second and list(order[low : high + 1]) == turned else None


def _mutual(claim: ParsedText, here: dict[str, Token], parts: tuple[list[str], list[str], list[str]]) -> bool:
    """Whether what stands between two parts says the same of both."""
    first, _, second = parts
    low, high = here[second[-1]].end, here[first[0]].start
    return any(token.word in MUTUAL for token in claim.tokens if low <= token.start < high)


def _is_list(line: ParsedText, ordered: Sequence[Token], parts: tuple[list[int], list[int], list[int]]) -> bool:
    """Whether all the parts are members of one list."""
    members = ordered[parts[0][0] : parts[2][-1] + 1]
    return all(_LIST.fullmatch(line.text[left.end : right.start]) for left, right in pairwise(members))


def _passive(reading: ParsedText, places: dict[str, Token], first: str, last: str) -> bool:
    return bool(_PASSIVE.search(reading.text[places[first].start : places[last].end]))


def _mark(reading: ParsedText, place: int) -> str:
    """The preposition right before a place."""
    found = _MARK.search(reading.text[max(0, place - 24) : place])
    return found[1].lower() if found else ""


def _other_voice(
    claim: ParsedText, line: ParsedText, here: dict[str, Token], there: dict[str, Token], ranked: Sequence[str]
) -> bool:
    """Whether three words stand in the same order, in the passive on one side and in the active on the other."""
    for first, verb, last in zip(ranked, ranked[1:], ranked[2:], strict=False):
        mine = [_by(reading, places, first, verb, last) for reading, places in ((claim, here), (line, there))]
        if sorted(mine) == ["active", "passive"]:
            return True
    return False


def _by(reading: ParsedText, places: dict[str, Token], first: str, verb: str, last: str) -> str:
    """How a verb stands between two words: ``passive`` as in "was … by", ``active`` right beside both, or neither."""
    before = reading.text[places[first].end : places[verb].start]
    behind = reading.text[places[verb].end : places[last].start]
    helped = re.fullmatch(r"\s*(?:is|are|was|were|(?:has|have|had) been)\s*", before, re.I)
    if helped and re.fullmatch(r"\s*by\s+(?:the|an?)?\s*", behind, re.I):
        return "passive"
    return "active" if not before.strip() and re.fullmatch(r"\s*(?:the|an?)?\s*", behind, re.I) else ""


def name_in_place_of_another(claim: ParsedText, lines: Sequence[ParsedText]) -> str:
    """A name where the lines have another one beside the same words, or two names in one that no line has together."""
    named = list(dict.fromkeys(_names(claim)))
    held = [list(dict.fromkeys(_names(line))) for line in lines] if named else []
    common = {t.stem for line in lines for t in line.tokens if not line.text[t.start].isupper()}
    for name in named:
        if name.stems & common:
            continue  # A word that opens the sentence is no name where a line writes it small.
        best = max((name.shared(other) for names in held for other in names if other.stems & name.stems), default=0)
        rivals = [other for names in held for other in _until(name.stems, names) if not other.stems & claim.stems]
        rival = max(rivals, key=name.shared, default=None)
        if rival and name.shared(rival) >= _MEANT and name.shared(rival) > best:
            return f"beside these words the source names {rival.text}, not {name.text}"
    return ""


def _until(stems: frozenset[str], names: Sequence[_Name]) -> Sequence[_Name]:
    """The names of a line before the given one: behind it, in "Ada, a pupil of Bo, paints", others are said of it."""
    return names[: next((i for i, name in enumerate(names) if name.stems & stems), len(names))]


def _names(reading: ParsedText) -> Iterator[_Name]:
    content = reading.undated()
    run: list[int] = []
    for i, token in enumerate(content):
        if not reading.text[token.start].isupper() or is_light(token):
            continue
        run.append(i)
        following = content[i + 1] if i + 1 < len(content) else None
        if following and reading.text[following.start].isupper():
            gap = reading.text[token.end : following.start]
            if not gap.strip(" .'-") and len(gap) < 4:
                continue
        first, last = run[0], run[-1]
        yield _Name(
            reading.text[content[first].start : content[last].end],
            frozenset(content[at].stem for at in run),
            frozenset(t.stem for t in content[max(0, first - _WINDOW) : first]),
            frozenset(t.stem for t in content[last + 1 : last + 1 + _WINDOW]),
        )
        run = []
