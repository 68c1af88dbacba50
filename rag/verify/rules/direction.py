"""Words with an opposite: "rose" and "fell", "open" and "closed". Pure.

Owns: ``opposite_word``. The pairs stand in ``rag.verify.parse.lexicon``. Knows nothing about verdicts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rag.verify.copies.align import is_nearly_copied
from rag.verify.parse.lexicon import OPPOSITES
from rag.verify.parse.parsed_text import stem_of
from rag.verify.rule import Comparison, Values

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


_OPPOSITES = _sides(OPPOSITES)


def opposite_word(comparison: Comparison) -> Values | None:
    """Find a word of the sentence whose opposite stands in its place, in lines that have nearly the same words.

    Fires: Sales rose to 5 percent. | Sales fell to 5 percent.
    Silent: Sales grew to 5 percent. | Sales rose to 5 percent.
    Silent: Sales rose. | Sales rose and costs fell.
    """
    claim, lines = comparison.claim, comparison.lines
    if not is_nearly_copied(claim, lines, comparison.nearly_copied):
        return None
    # The first word of each stem.
    source_words = {token.stem: token for line in reversed(lines) for token in reversed(line.tokens)}
    for token in claim.tokens:
        for own, opposite in _OPPOSITES.get(token.stem, ()):
            if source_words.keys() & own or claim.stems & opposite:
                continue
            instead = next((word for stem, word in source_words.items() if stem in opposite), None)
            if instead:
                return {"word": token.word, "instead": instead.word}
    return None
