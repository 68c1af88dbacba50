"""The words of a sentence in another order than in its source: who does what to whom. Pure.

Owns: ``swapped_names`` and ``swapped_parts``, as far as the order of words tells. Knows nothing about verdicts.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import combinations, pairwise

from rag.text import STOPWORDS, normalise
from rag.verify.lexicon import MUTUAL_WORDS
from rag.verify.parsed_text import ParsedText, Token, stem_of
from rag.verify.rule import Comparison, Values

# Between two names: a list, a relation that goes both ways, or a passive.
_ORDER_FREE = re.compile(r"\b(?:and|or|with|between|by|from)\b|,", re.I)
# What stands between two members of a list.
_LIST_SEPARATOR = re.compile(r"\s*(?:[,&/]|\b(?:and|or)\b)[\s,]*(?:\b(?:and|or|the|an?)\s+)*", re.I)
_PREPOSITION = re.compile(
    r"\b(about|after|against|as|at|before|by|during|for|from|in|into|of|on|over|than|through|to|under|until|with)"
    r"(?:\s+(?:the|an?|its|his|her|their|this|that|each|every))?\s*$",
    re.I,
)
# Characters before a word that are searched for its preposition.
_CHARACTERS_BEFORE = 24
_PASSIVE = re.compile(r"\b(?:is|are|was|were|be|been|being|gets?|got)\b.{0,40}\bby\b", re.I)
_PASSIVE_AUXILIARY = re.compile(r"\s*(?:is|are|was|were|(?:has|have|had) been)\s*", re.I)
_PASSIVE_AGENT = re.compile(r"\s*by\s+(?:the|an?)?\s*", re.I)
_OPTIONAL_ARTICLE = re.compile(r"\s*(?:the|an?)?\s*", re.I)

# Content words that a text has once, by their stems.
WordsByStem = Mapping[str, Token]


def swapped_names(comparison: Comparison) -> Values | None:
    """Find two names in the opposite order of a line, where neither side lists them or speaks in the passive.

    Fires: Ada beat Bo. | Bo beat Ada.
    Silent: Ada and Bo won. | Bo and Ada won.
    Silent: In Oslo she met Bo. | She met Bo in Oslo.
    """
    claim, lines = comparison.claim, comparison.lines
    opening = [token for token in claim.tokens[:1] if token.is_content and claim.starts_upper(token)]
    names = [name for name in claim.names if name.lower() not in STOPWORDS]
    positions = {claim.text[token.start : token.end]: token.start for token in opening}
    positions |= {name: claim.text.find(name) for name in names}
    for first, second in combinations(sorted(positions, key=lambda name: positions[name]), 2):
        if _ORDER_FREE.search(claim.text[positions[first] : positions[second]]):
            continue
        first_stem, second_stem = stem_of(normalise(first)), stem_of(normalise(second))
        for line in lines:
            first_starts = {token.stem: token.start for token in reversed(line.tokens)}
            in_claim = [_preposition_before(claim, positions[name]) for name in (first, second)]
            in_line = [_preposition_before(line, first_starts.get(stem, 0)) for stem in (first_stem, second_stem)]
            keeps_preposition = any(word and word == other for word, other in zip(in_claim, in_line, strict=True))
            if in_claim[0] != in_claim[1] and keeps_preposition:
                continue  # "In Oslo she met Bo" is "she met Bo in Oslo".
            if first_stem not in first_starts or second_stem not in first_starts:
                continue
            start, end = first_starts[second_stem], first_starts[first_stem]
            if start < end and not _ORDER_FREE.search(line.text[start:end]):
                return {"first": first, "second": second}
    return None


def swapped_parts(comparison: Comparison) -> Values | None:
    """Find two parts of a line that have changed places around the words between them.

    Compared are the content words that both sides have once. Parts may change places in a list, around a word that
    says the same of both ("married"), between active and passive, and together with their prepositions.

    Fires: The tenant sued the landlord. | The landlord sued the tenant.
    Fires: Add the water to the acid. | Add the acid to the water.
    Fires: The captain replaced the goalkeeper. | The captain was replaced by the goalkeeper.
    Silent: The harbour was destroyed by the storm. | The storm destroyed the harbour.
    Silent: Plums, pears and apples grow here. | Apples, pears and plums grow here.
    Silent: In Oslo she met Bo in 1990. | In 1990 she met Bo in Oslo.
    """
    claim, lines = comparison.claim, comparison.lines
    for line in lines:
        in_claim, in_line = _words_that_stand_once(claim), _words_that_stand_once(line)
        line_order = sorted((stem for stem in in_claim if stem in in_line), key=lambda stem: in_line[stem].start)
        claim_order = sorted(line_order, key=lambda stem: in_claim[stem].start)
        ranks = {stem: rank for rank, stem in enumerate(line_order)}
        parts = _exchanged_parts([ranks[stem] for stem in claim_order])
        if not parts:
            is_same_order = len(line_order) > 1 and claim_order == line_order
            if is_same_order and _voice_differs(claim, line, in_claim, in_line, line_order):
                return {"first": "", "second": ""}
            continue
        first, between, second = ([line_order[rank] for rank in part] for part in parts)
        if _is_mutual(claim, in_claim[second[-1]], in_claim[first[0]]):
            continue
        if _is_list(line, [in_line[stem] for stem in line_order[parts[0][0] : parts[2][-1] + 1]]):
            continue
        is_passive_claim = _is_passive(claim, in_claim[second[0]], in_claim[first[-1]])
        is_passive_line = _is_passive(line, in_line[first[0]], in_line[second[-1]])
        if is_passive_claim != is_passive_line:
            continue
        claim_prepositions = [_preposition_before(claim, in_claim[part[0]].start) for part in (first, second)]
        line_prepositions = [_preposition_before(line, in_line[part[0]].start) for part in (first, second)]
        # "In 1990 in Oslo" is "in Oslo in 1990"; "acid to water" is not "water to acid".
        if (
            claim_prepositions == line_prepositions
            and all(claim_prepositions)
            and claim_prepositions[0] != claim_prepositions[1]
        ):
            continue
        # With nothing between them, only prepositions that stay in place tell that the parts have changed roles.
        stay_in_place = claim_prepositions == line_prepositions[::-1] and claim_prepositions != line_prepositions
        if not between and not stay_in_place:
            continue
        return {"first": in_claim[first[0]].word, "second": in_claim[second[0]].word}
    return None


def _words_that_stand_once(parsed: ParsedText) -> dict[str, Token]:
    counts = Counter(token.stem for token in parsed.tokens)
    return {token.stem: token for token in parsed.content_outside_numbers() if counts[token.stem] == 1}


def _exchanged_parts(order: Sequence[int]) -> tuple[list[int], list[int], list[int]] | None:
    """Return the parts A, M and B of ``0…n-1`` where ``order`` is P B M A S for P A M B S; None where it is not so.

    >>> _exchanged_parts([0, 4, 2, 3, 1])
    ([1], [2, 3], [4])
    """
    moved = [position for position, rank in enumerate(order) if position != rank]
    if not moved:
        return None
    low, high = moved[0], moved[-1]
    start_of_second, end_of_first = order[low], order[high]
    first = list(range(low, end_of_first + 1))
    between = list(range(end_of_first + 1, start_of_second))
    second = list(range(start_of_second, high + 1))
    is_exchanged = first and second and list(order[low : high + 1]) == [*second, *between, *first]
    return (first, between, second) if is_exchanged else None


def _is_mutual(claim: ParsedText, left: Token, right: Token) -> bool:
    """Return whether a word between two others says the same of both: "Ada *married* Bo"."""
    return any(token.word in MUTUAL_WORDS for token in claim.tokens if left.end <= token.start < right.start)


def _is_list(line: ParsedText, members: Sequence[Token]) -> bool:
    """Return whether only commas, "and" or "or" stand between the words: "apples, pears and plums"."""
    return all(_LIST_SEPARATOR.fullmatch(line.text[left.end : right.start]) for left, right in pairwise(members))


def _is_passive(parsed: ParsedText, left: Token, right: Token) -> bool:
    """Return whether "was … by" stands between two words."""
    return bool(_PASSIVE.search(parsed.text[left.start : right.end]))


def _preposition_before(parsed: ParsedText, position: int) -> str:
    """Return the preposition right before a position, an article between them aside; "" for none."""
    match = _PREPOSITION.search(parsed.text[max(0, position - _CHARACTERS_BEFORE) : position])
    return match[1].lower() if match else ""


def _voice_differs(
    claim: ParsedText, line: ParsedText, in_claim: WordsByStem, in_line: WordsByStem, order: Sequence[str]
) -> bool:
    """Return whether three words in a row are in the passive on one side and in the active on the other.

    "The captain replaced the goalkeeper" against "The captain was replaced by the goalkeeper".
    """
    for first, verb, last in zip(order, order[1:], order[2:], strict=False):
        claim_voice = _voice(claim, in_claim[first], in_claim[verb], in_claim[last])
        line_voice = _voice(line, in_line[first], in_line[verb], in_line[last])
        if {claim_voice, line_voice} == {"active", "passive"}:
            return True
    return False


def _voice(parsed: ParsedText, first: Token, verb: Token, last: Token) -> str:
    """Return "passive" for "first was verb by last", "active" for "first verb last", "" for anything else."""
    before, behind = parsed.text[first.end : verb.start], parsed.text[verb.end : last.start]
    if _PASSIVE_AUXILIARY.fullmatch(before) and _PASSIVE_AGENT.fullmatch(behind):
        return "passive"
    return "active" if not before.strip() and _OPTIONAL_ARTICLE.fullmatch(behind) else ""
