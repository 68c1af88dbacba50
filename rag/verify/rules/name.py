"""Names: whether the source holds them, and beside which words. Pure.

Owns: ``name_absent`` (with ``absent_names``) and ``misplaced_name``. The order of two names stands in
``word_order``. Knows nothing about verdicts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.text import STOPWORDS, normalise
from rag.verify.lexicon import ROMAN_NUMERALS
from rag.verify.parsed_text import ParsedText, Token, is_light, stem_of
from rag.verify.rule import Comparison, Values

# Content words on each side of a name that say what it does.
_CONTEXT_WORDS = 3
# Words that the source must have beside another name, where the sentence has this one.
_MIN_SHARED_CONTEXT = 2
# Endings of the words for a people or a language: Canadian, Chilean, Spanish, Japanese.
_PEOPLE_ENDING = re.compile(r"(?:an|ians?|eans?|ish|ese|ans)$")
# Cap on the letters of a word that may be the initials of a name that is written out.
_MAX_INITIALS = 5


@dataclass(frozen=True, slots=True)
class _NameInContext:
    """A run of words with capitals, and the content stems right before and right behind it."""

    text: str
    stems: frozenset[str]
    before: frozenset[str]
    after: frozenset[str]

    def shared_context(self, other: _NameInContext) -> int:
        return len(self.before & other.before) + len(self.after & other.after)


def name_absent(comparison: Comparison) -> Values | None:
    """Find a name that stands neither in a line nor above it, where the source may have another in its place.

    Where the most similar line shares fewer than two content stems, any absent name counts. Otherwise it counts where
    that line has a name of its own, or, for an absent name right beside one that the source holds ("Ada *Lund*"),
    where a line has another name on the same side ("Ada Berg").

    Fires: The keeper Ada Lund sleeps. | The keeper Bo Lund sleeps.
    Fires: The Berlin bridge opened. | The Lantern bridge opened.
    Silent: The keeper Ada Lund sleeps. | The keeper Ada sleeps.
    Silent: The Canadian team won. | The team of Canada won.
    """
    claim, lines = comparison.claim, comparison.lines
    absent = absent_names(claim, lines, comparison.above)
    if not absent:
        return None
    most_similar = max(lines, key=lambda line: len(line.content_stems & claim.content_stems), default=None)
    if most_similar is None or len(most_similar.content_stems & claim.content_stems) < 2:
        return {"name": absent[0]}
    claim_names = {normalise(name) for name in claim.names}
    has_other_name = any(normalise(name) not in claim_names for name in most_similar.names)
    for name in absent:
        neighbour = _neighbouring_name(claim, name)
        # "Bo Lund" for "Ada Lund" is another person; "Ada Lund" for "Ada" is the same one, named in full.
        if any(_has_name_beside(line, *neighbour) for line in lines) if neighbour else has_other_name:
            return {"name": name}
    return None


def absent_names(claim: ParsedText, lines: Sequence[ParsedText], above: ParsedText | None) -> list[str]:
    """List the sentence's names that stand nowhere in the lines or above them.

    A name stands there word by word, as the people of a place (Canada, Canadian), as initials (UN, United Nations) or
    as a number for a Roman numeral.

    Args:
        claim: The sentence.
        lines: The lines of its sources.
        above: What stands above the sources, such as titles; None for nothing.

    Returns:
        The absent names in order.
    """
    source = (*lines, above) if above else lines
    source_words = {token.word for line in source for token in line.tokens}
    source_stems = {token.stem for line in source for token in line.tokens}
    without_stops = {word.replace(".", "") for word in source_words}
    initials = [_initials(line) for line in source]
    values = {value for line in lines for quantity in line.quantities for value in quantity.values}

    def stands(part: str) -> bool:
        return (
            part in source_words
            or part in without_stops
            or stem_of(part) in source_stems
            or any(_is_place_and_people(part, word) for word in source_words)
            or (part.isalpha() and len(part) <= _MAX_INITIALS and any(part in letters for letters in initials))
            or ROMAN_NUMERALS.get(part) in values
        )

    def stands_in_capitals(acronym: str) -> bool:
        """Return whether "IT" or "US" stands in capitals: in small letters it is another word."""
        return any(
            re.search(rf"\b{acronym}\b", line.text) or acronym.lower() in letters
            for line, letters in zip(source, initials, strict=True)
        )

    return [
        name
        for name in claim.names
        if not all(stands(part) for part in re.findall(r"\w+", normalise(name)) if len(part) > 1)
        or (name.lower() in STOPWORDS and not stands_in_capitals(name))
    ]


def misplaced_name(comparison: Comparison) -> Values | None:
    """Find a name in the place where the lines have another one, that is, beside the same words.

    Fires: Bo Kern runs the lab in Cork. | Ada Lund runs the lab in Cork. Bo Kern left.
    Silent: Ada Lund runs the lab in Cork. | Ada Lund runs the lab in Cork. Bo Kern left.
    Silent: Ada, a pupil of Bo, paints ships. | Ada, a pupil of Bo, paints ships.
    """
    claim, lines = comparison.claim, comparison.lines
    claim_names = list(dict.fromkeys(_names_in_context(claim)))
    names_by_line = [list(dict.fromkeys(_names_in_context(line))) for line in lines] if claim_names else []
    small_words = {token.stem for line in lines for token in line.tokens if not line.starts_upper(token)}
    for name in claim_names:
        if name.stems & small_words:
            continue  # A word that opens the sentence is no name where a line writes it in small letters.
        shared = max(
            (name.shared_context(other) for names in names_by_line for other in names if other.stems & name.stems),
            default=0,
        )
        rivals = (
            other
            for names in names_by_line
            for other in _names_before(name.stems, names)
            if not other.stems & claim.stems
        )
        rival = max(rivals, key=name.shared_context, default=None)
        if rival and name.shared_context(rival) >= _MIN_SHARED_CONTEXT and name.shared_context(rival) > shared:
            return {"name": name.text, "instead": rival.text}
    return None


def _neighbouring_name(claim: ParsedText, name: str) -> tuple[str, int] | None:
    """Return the stem of another name right beside an absent one, and on which side of it the absent one stands.

    For "Lund" in "Ada Lund sleeps": ("ada", 1).
    """
    positions = [i for i, token in enumerate(claim.tokens) if claim.text[token.start : token.end] == name]
    other_names = {normalise(other) for other in claim.names} - {normalise(name)}
    for i in positions:
        for step in (1, -1):
            if 0 <= i + step < len(claim.tokens) and claim.tokens[i + step].word in other_names:
                return claim.tokens[i + step].stem, -step
    return None


def _has_name_beside(line: ParsedText, stem: str, side: int) -> bool:
    """Return whether a line has a name on that side (-1 before, 1 behind) of a word."""
    for i, token in enumerate(line.tokens):
        if token.stem == stem and 0 <= i + side < len(line.tokens):
            neighbour = line.tokens[i + side]
            gap = line.text[min(neighbour.end, token.end) : max(neighbour.start, token.start)]
            if line.starts_upper(neighbour) and neighbour.is_content and not gap.strip(" .'-"):
                return True
    return False


def _initials(parsed: ParsedText) -> str:
    """Return the first letters of words with capitals, a space where a run of them ends; stopwords do not end one.

    "the Bank of England lends" becomes "be ".
    """
    return "".join(
        token.word[0] if parsed.starts_upper(token) else "" if token.word in STOPWORDS else " "
        for token in parsed.tokens
    )


def _is_place_and_people(left: str, right: str) -> bool:
    """Return whether one word is a place and the other its people: Canada and Canadian, but not Oman and Omaha."""
    short, long = sorted((left, right), key=len)
    if not _PEOPLE_ENDING.search(long) or len(short) < 4:
        return False
    shared = next((i for i, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    return shared >= max(4, len(short) - 1, 0.6 * len(long))


def _names_before(stems: frozenset[str], names: Sequence[_NameInContext]) -> Sequence[_NameInContext]:
    """Return the names of a line before the given one: those behind it, as in "Ada, a pupil of Bo", tell of it."""
    return names[: next((i for i, name in enumerate(names) if name.stems & stems), len(names))]


def _names_in_context(parsed: ParsedText) -> Iterator[_NameInContext]:
    """Yield the runs of content words with capitals, "Ada Lund" as one, with the content words around them."""
    content = parsed.content_outside_dates()
    run: list[int] = []
    for i, token in enumerate(content):
        if not parsed.starts_upper(token) or is_light(token):
            continue
        run.append(i)
        if i + 1 < len(content) and _continues_name(parsed, token, content[i + 1]):
            continue
        first, last = run[0], run[-1]
        yield _NameInContext(
            parsed.text[content[first].start : content[last].end],
            frozenset(content[i].stem for i in run),
            frozenset(other.stem for other in content[max(0, first - _CONTEXT_WORDS) : first]),
            frozenset(other.stem for other in content[last + 1 : last + 1 + _CONTEXT_WORDS]),
        )
        run = []


def _continues_name(parsed: ParsedText, token: Token, following: Token) -> bool:
    """Return whether the next content word has a capital, too, and stands right behind: at most ``". '"`` between."""
    gap = parsed.text[token.end : following.start]
    return parsed.starts_upper(following) and not gap.strip(" .'-") and len(gap) < 4
