"""Correct typing errors of a question against the index's own words.

Owns: which word of a question is a typing error, and which word of the index was meant. Knows nothing about passages or
how a correction is told.

A word is an error only if the index does not know it, it is no word of the encoder's vocabulary (which holds the common
words and names of its language whole), and one word of the index is clearly nearest to it: few edits away, in the
optimal string alignment distance of Damerau and Levenshtein, and with the same first letter. Names need more letters
than words, and two names that differ as real names do (Jansen and Janson, Ivanov and Ivanova) are two names.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.question.compounds import find_compounds
from rag.question.generic_words import GENERIC_STEMS
from rag.question.mentions import Term, question_mentions
from rag.store.index import Index
from rag.text import STOPWORDS, normalise, terms

# A correction of fewer letters is a guess.
_SHORTEST_WORD, _SHORTEST_NAME = 4, 5
# From so many letters on two edits are still one word.
_TWO_EDITS_WORD, _TWO_EDITS_NAME = 9, 9
# How many times more chunks the word that is meant must stand in than another as near.
_MORE_FREQUENT = 5
# Stems that are looked at closely, and the chunks in which their whole words are looked up.
_STEMS_TRIED, _CHUNKS_READ = 12, 24
# Letters behind a stem that an inflection may have.
_LONGEST_ENDING = 6
# Letters that two inflections of one word share at least, and the endings of inflections.
_SHORTEST_ROOT = 4
_ENDINGS = frozenset(
    """ e s es ed en ing ings er ers or ors est y ies ied ily ly al ally ic ical ia ial ian ians ity ities ion
    ions ional ive ives ment ments ness able ible ance ence ant ent ants ents a as um us i in is ism ist ists""".split(
        " "
    )
)
# Other scripts have endings that are not known here, or no spaces between words.
_LETTERS = re.compile("[A-Za-zÀ-ÖØ-öø-ɏḀ-ỿ]+")
_DOUBLED = re.compile(r"(\w)\1+")
# Endings in which real names differ.
_NAME_ENDINGS = re.compile(r"(?:sen|son|sson|mann?|berg|burg|ski|sky|ova?|eva?)$")


@dataclass(frozen=True, slots=True)
class Corrected:
    """A question without its typing errors; ``corrections`` are pairs of the word as typed and as it was read."""

    question: str
    corrections: tuple[tuple[str, str], ...] = ()


def correct_spelling(index: Index, question: str) -> Corrected:
    """Correct the typing errors of a question.

    Args:
        index: The index whose words are known.
        question: The question.

    Returns:
        The question with the words that were meant, and each correction; the same question where nothing is wrong.
        Numbers, codes, initials and names with a hyphen are never corrected.
    """
    corrected, position, corrections = "", 0, []
    for term in _suspects(index, question):
        meant = _word_meant(index, question, term)
        if meant:
            corrected += question[position : term.start] + meant
            position = term.end
            corrections.append((term.text, meant))
    return Corrected(corrected + question[position:], tuple(dict.fromkeys(corrections)))


def _suspects(index: Index, question: str) -> list[Term]:
    """Return the words and names that neither the index nor the encoder knows, in order."""
    compounds = [(compound.start, compound.end) for compound in find_compounds(question)]
    candidates = [
        term
        for term in question_mentions(question)
        if term.kind in ("word", "name")
        and len(term.text) >= (_SHORTEST_NAME if term.kind == "name" else _SHORTEST_WORD)
        and _LETTERS.fullmatch(term.text)
        and not GENERIC_STEMS.intersection(term.spellings)
        and not any(start <= term.start < end for start, end in compounds)
    ]
    known = index.catalog.document_frequency([spelling for term in candidates for spelling in term.spellings])
    unknown = [term for term in candidates if not any(known[spelling] for spelling in term.spellings)]
    tokens = index.encoder.count_tokens([term.text.lower() for term in unknown]) if unknown else []
    return [term for term, count in zip(unknown, tokens, strict=True) if count > 1]


def _word_meant(index: Index, question: str, term: Term) -> str:
    """Return the word of the index that a term is a misspelling of, with the capital of the question; "" for none."""
    from rapidfuzz.distance import OSA

    # The first word of a question has a capital and may be a name.
    typed, is_name = normalise(term.text), term.text[0].isupper()
    most = 2 if len(typed) >= (_TWO_EDITS_NAME if is_name else _TWO_EDITS_WORD) else 1
    nearby = {
        word: (OSA.distance(typed, word), not _is_swapped_or_doubled(typed, word))
        for word in _words_like(index, typed, most)
        if OSA.distance(typed, word, score_cutoff=most) <= most
    }
    frequency = index.catalog.document_frequency([stem for word in nearby for stem in terms(word)])
    ranked = sorted(
        (distance, replaced, -frequency[terms(word)[0]], word)
        for word, (distance, replaced) in nearby.items()
        if _may_be_meant(typed, word)
        and (not is_name or _is_slip_in_name(typed, word, distance) or _has_neighbour(index, question, term, word))
    )
    if not ranked:
        return ""
    nearest, *others = ranked
    # Of several words as near as this one it must be by far the most frequent; inflections of it are no others.
    rivals = [other for other in others if other[:2] == nearest[:2] and terms(other[3]) != terms(nearest[3])]
    if any(nearest[2] > _MORE_FREQUENT * rival[2] for rival in rivals):
        return ""
    return nearest[3].capitalize() if term.text[0].isupper() else nearest[3]


def _words_like(index: Index, typed: str, most: int) -> list[str]:
    """Return the words of the index that begin and are about as long as a misspelled word."""
    ids = [id_ for stem in _near_stems(index, typed, most) for id_, _ in index.catalog.search([stem], _CHUNKS_READ)]
    firsts, shortest, longest = re.escape(typed[:2]), len(typed) - most - 1, len(typed) + most - 1
    pattern = re.compile(rf"(?<!\w)[{firsts}][^\W\d_]{{{shortest},{longest}}}(?!\w)", re.I)
    found: set[str] = set()
    for chunk in index.catalog.chunks(list(dict.fromkeys(ids))).values():
        found.update(map(normalise, pattern.findall(f"{chunk.context}\n{chunk.text}")))
    return sorted(found)


def _near_stems(index: Index, typed: str, most: int) -> list[str]:
    """Return the stems of the index that a misspelled word may begin with, nearest first, frequent ones before rare."""
    from rapidfuzz.distance import OSA
    from rapidfuzz.process import extract

    firsts = dict.fromkeys([typed[0], typed[1]])
    known = {
        stem: count for first in firsts for stem, count in index.catalog.vocabulary(first).items() if stem.isalpha()
    }
    # The stem of "colony" is "coloni".
    beginnings = {(stem[:-1] if stem.endswith("i") else stem): stem for stem in sorted(known)}
    nearest: dict[str, float] = {}
    for length in range(max(3, len(typed) - _LONGEST_ENDING), len(typed) + 1):
        choices = [beginning for beginning in beginnings if abs(len(beginning) - length) <= 1]
        # An error in the ending leaves the stem as it is; the rest of the word is compared later, whole.
        for found, distance, _ in extract(typed[:length], choices, scorer=OSA.distance, score_cutoff=most, limit=None):
            stem, unmatched = beginnings[found], (len(typed) - length) / _LONGEST_ENDING
            nearest[stem] = min(nearest.get(stem, 99.0), distance + unmatched)
    return sorted(nearest, key=lambda stem: (nearest[stem], -known[stem], stem))[:_STEMS_TRIED]


def _has_neighbour(index: Index, question: str, term: Term, word: str) -> bool:
    """Tell whether a name of the index stands beside the same name as in the question: "John Harrowgate"."""
    before = re.search(r"([^\W\d_]+)\s+$", question[: term.start])
    behind = re.match(r"\s+([^\W\d_]+)", question[term.end :])
    pairs = [f"{match[1]} {word}" for match in [before] if match and _is_name(match[1])]
    pairs += [f"{word} {match[1]}" for match in [behind] if match and _is_name(match[1])]
    phrases = [" ".join(terms(pair)) for pair in pairs]
    return any(index.catalog.document_frequency(phrases).values())


def _is_name(word: str) -> bool:
    return word[0].isupper() and word.lower() not in STOPWORDS


def _may_be_meant(typed: str, word: str) -> bool:
    """Tell whether a word may be meant by what was typed: not by its inflection, nor by one that begins otherwise."""
    swapped = typed[:2] == word[1::-1] and typed[2:] == word[2:]
    if typed[0] != word[0] and not swapped:
        return False
    return _is_doubled(typed, word) or not any(
        typed[:length] == word[:length] and _is_ending(typed[length:]) and _is_ending(word[length:])
        for length in range(_SHORTEST_ROOT, min(len(typed), len(word)) + 1)
    )


def _is_ending(letters: str) -> bool:
    return letters in _ENDINGS


def _is_slip_in_name(typed: str, word: str, distance: int) -> bool:
    """Tell whether two names differ as no two real names do.

    Args:
        typed: The name as typed.
        word: A name of the index.
        distance: How many edits they are apart.

    Returns:
        False for a difference in the last letter, and in an ending of names; for short names also where it is more than
        two letters swapped or one doubled.
    """
    if typed[:-1] == word or word[:-1] == typed or typed[:-1] == word[:-1]:
        return False
    if distance == 1 and _NAME_ENDINGS.search(typed) and _NAME_ENDINGS.search(word) and typed[-3:] != word[-3:]:
        return False
    return len(typed) > _SHORTEST_NAME + 1 or (len(typed) > _SHORTEST_NAME and _is_swapped_or_doubled(typed, word))


def _is_swapped_or_doubled(typed: str, word: str) -> bool:
    return sorted(typed) == sorted(word) or _is_doubled(typed, word)


def _is_doubled(typed: str, word: str) -> bool:
    """Tell whether two words differ only in whether letters are doubled."""
    return _DOUBLED.sub(r"\1", typed) == _DOUBLED.sub(r"\1", word)
