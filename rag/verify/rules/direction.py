"""Words with an opposite: "rose" and "fell", "before" and "after", "he" and "she", "on" and "off". Pure.

Owns: ``opposite_word``, ``opposite_beside_same_words``, ``contrasting_word`` and ``opposite_particle``. The pairs stand
in ``rag.verify.lexicon``. Knows nothing about verdicts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from rag.verify.align import is_nearly_copied
from rag.verify.lexicon import CONTRASTS, OPPOSITE_PARTICLES, OPPOSITES
from rag.verify.parsed_text import ParsedText, stem_of
from rag.verify.rule import Comparison, Values

# Tokens on each side of a word that are searched for the nearest content word.
_NEIGHBOUR_TOKENS = 4

Stems = frozenset[str]
# Each stem with the sets it is in: its own side ("rise", "grow") and the opposite one ("fall", "shrink").
Sides = Mapping[str, Sequence[tuple[Stems, Stems]]]


def _sides(pairs: Sequence[tuple[str, str]]) -> Sides:
    sides: dict[str, list[tuple[Stems, Stems]]] = {}
    for pair in pairs:
        left, right = (frozenset(map(stem_of, words.split())) for words in pair)
        for own, opposite in ((left, right), (right, left)):
            for stem in sorted(own):
                sides.setdefault(stem, []).append((own, opposite))
    return sides


_OPPOSITES, _CONTRASTS = _sides(OPPOSITES), _sides(CONTRASTS)


def opposite_word(comparison: Comparison) -> Values | None:
    """Find a word of the sentence whose opposite stands in its place, in lines that have nearly the same words.

    Fires: Sales rose to 5 percent. | Sales fell to 5 percent.
    Silent: Sales grew to 5 percent. | Sales rose to 5 percent.
    Silent: Sales rose. | Sales rose and costs fell.
    """
    return _replaced_by_opposite(comparison, _OPPOSITES)


def contrasting_word(comparison: Comparison) -> Values | None:
    """Find a word such as "her" whose counterpart "his" stands in its place; the sentence may still be true.

    Fires: Dan and her family live here. | Dan and his family live here.
    Silent: Dan and his family live here. | Dan and his family live here.
    """
    return _replaced_by_opposite(comparison, _CONTRASTS)


def opposite_beside_same_words(comparison: Comparison) -> Values | None:
    """Find a word of direction that the lines lack, or have only beside other words, its opposite beside these.

    Fires: Sales fell. | Sales rose and costs fell.
    Fires: The large ferry sails at night. | The ferry sails at night.
    Silent: Costs fell. | Sales rose and costs fell.
    """
    claim, lines = comparison.claim, comparison.lines
    source_neighbours: dict[str, set[str]] = {}
    for line in lines:
        for i, token in enumerate(line.tokens):
            if token.stem in _OPPOSITES:
                source_neighbours.setdefault(token.stem, set()).update(_neighbours(line, i))

    def is_beside(neighbours: set[str], stems: Stems) -> bool:
        return any(neighbours & source_neighbours.get(stem, set()) for stem in stems)

    for i, token in enumerate(claim.tokens):
        for own, opposite in _OPPOSITES.get(token.stem, ()):
            if not source_neighbours.keys() & own:
                return {"word": token.word, "source": "nothing"}
            neighbours = _neighbours(claim, i)
            if is_beside(neighbours, opposite) and not is_beside(neighbours, own):
                return {"word": token.word, "source": "opposite"}
    return None


def opposite_particle(comparison: Comparison) -> Values | None:
    """Find a verb whose particle is the opposite one in the lines.

    Fires: The heater turns off at night. | The heater turns on at night.
    Silent: The heater turns off at night. | The heater turns off at night and turns on at dawn.
    """
    claim, lines = comparison.claim, comparison.lines
    source_pairs = {(verb.stem, particle.word) for line in lines for verb, particle in pairwise(line.tokens)}
    for verb, particle in pairwise(claim.tokens):
        opposite = OPPOSITE_PARTICLES.get(particle.word)
        is_opposite = verb.is_content and opposite and (verb.stem, opposite) in source_pairs
        if is_opposite and (verb.stem, particle.word) not in source_pairs:
            return {"words": f"{verb.word} {particle.word}"}
    return None


def _replaced_by_opposite(comparison: Comparison, sides: Sides) -> Values | None:
    """Find a word whose opposite the lines have, where they have no word of its side and the sentence no opposite."""
    claim, lines = comparison.claim, comparison.lines
    if not is_nearly_copied(claim, lines, comparison.nearly_copied):
        return None
    # The first word of each stem.
    source_words = {token.stem: token for line in reversed(lines) for token in reversed(line.tokens)}
    for token in claim.tokens:
        for own, opposite in sides.get(token.stem, ()):
            if source_words.keys() & own or claim.stems & opposite:
                continue
            instead = next((word for stem, word in source_words.items() if stem in opposite), None)
            if instead:
                return {"word": token.word, "instead": instead.word}
    return None


def _neighbours(parsed: ParsedText, at: int) -> set[str]:
    """Return the stems of the nearest content words, or numbers, before and behind a token."""
    tokens = parsed.tokens
    preceding = reversed(tokens[max(0, at - _NEIGHBOUR_TOKENS) : at])
    following = tokens[at + 1 : at + 1 + _NEIGHBOUR_TOKENS]
    nearest = (next((token.stem for token in side if token.is_content), "") for side in (preceding, following))
    return {stem for stem in nearest if stem}
