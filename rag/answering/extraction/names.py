"""Find the names of a kind in sentences: people, universities, cities. Pure.

Owns: what a name looks like, and what tells the kind of one: a word of the name itself ("University of X"), a title,
or a phrase such as "cities such as A and B" (Hearst, "Automatic Acquisition of Hyponyms from Large Text Corpora",
1992). Knows nothing about documents.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import lru_cache

from rag.answering.extraction.countries import COUNTRIES, COUNTRY_HEADS
from rag.answering.extraction.word_lists import (
    COMPANY_ENDINGS,
    COMPANY_HEADS,
    LIST_ENDS,
    LIST_OPENERS,
    MENTION_WORDS,
    NAME_JOINTS,
    NAMED_HEADS,
    NAMED_WITH_OF,
    NOT_PERSON_WORDS,
    PERSON_HEADS,
    PERSON_TITLES,
    PERSON_VERBS,
)
from rag.text import STOPWORDS, terms

_TOKEN = re.compile(r"[^\W\d_]\.(?=\s)|\w+(?:[-'’&.]\w+)*")
_WORD = re.compile(r"\w+(?:[-'’]\w+)*")
_INTRODUCES = re.compile(
    r"\s*(?:such as|like|including|namely|[:–-]|are|were|wie|darunter|nämlich|sind)\s*(?=[^\W\d_a-zß-ÿ])"
)
_IS_ONE = re.compile(r"(?:,|\s\(| is| was| ist| war)\s+(?:a|an|one of the|ein|eine|einer der)\s", re.I)
_IS_THE = re.compile(r"\s(?:is|was|ist|war)\s+(?:the|der|die|das)\s", re.I)
# Behind the word for a kind stands no further noun: "a river", "a river in Poland", not "a river system".
_HEAD_ENDS = re.compile(r"\s*(?:$|[,.;:)(]|(?:in|of|that|which|who|near|on|at|and|from|is|was|im|am|an|und)\b)")
_JOINT = re.compile(r"\s*(?:,\s*(?:and|or|und|oder)?|and|or|und|oder|&)\s*")
# The name of a movement or an office ends so, that of a person does not.
_ABSTRACT_ENDINGS = ("ism", "ship", "tion", "ment", "ity", "ness")
# A name of a person has at most so many words.
_PERSON_WORDS = 4
# "Person: Jonas Weber", "From: Karl Lind": what stands before the name of a person.
_LABEL = re.compile(
    r"(?:^|[;|(>]\s?|\s)(?:person|name|contact|owner|author|manager|from|to|by|signed|lead|leader|chair|director|editor"
    r"|responsible|teacher|ansprechpartner(?:in)?|leitung|verfasser(?:in)?|autor(?:in)?|von|an)\s?:\s?$",
    re.I,
)
# "Its first keeper was Agnes Thorne."
_HOLDER = re.compile(
    r"\b[a-zß-ÿ]+(?:er|or|ist|ian|man|woman|ent|ant|head|chief|wife|son|king|queen)\s(?:is|was|ist|war)\s$"
)
# So many characters behind a name may say what it is.
_BEHIND = 60


@dataclass(frozen=True, slots=True)
class Name:
    """A name in a sentence, ``text[start:end]``; ``words`` are its words in order."""

    text: str
    start: int
    end: int
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NameKind:
    """The names that are asked for: ``head`` is the stem of their name in the question, ``sort`` how they are told."""

    head: str
    sort: str


def name_kind_of(question: str) -> NameKind | None:
    """Read which kind of names a question asks for; None where it asks for no names."""
    found = [word.lower() for word in _WORD.findall(question)]
    mentions = any(word in MENTION_WORDS for word in found)
    position = 0
    while position < len(found) and found[position] in LIST_OPENERS and found[position] not in PERSON_HEADS:
        position += 1
    end = position
    while end < len(found) and (end == position or found[end] not in LIST_ENDS):
        end += 1
    if position == len(found):
        return None
    head = found[position] if found[position] in ("who", "whom", "wer") else found[min(end, len(found)) - 1]
    if head in PERSON_HEADS:
        return NameKind("", "person") if mentions or head not in ("who", "whom", "wer") else None
    if head in COUNTRY_HEADS:
        return NameKind("", "country")
    if not (mentions or head in NAMED_HEADS or head in COMPANY_HEADS):
        return None
    (stem,) = terms(head)[:1] or ("",)
    return NameKind(stem, "company" if head in COMPANY_HEADS else "other")


def name_key(name: str) -> str:
    """Return what is the same for two writings of a name: "President Lincoln" and "Lincoln", "the Aare" and "Aare"."""
    untitled = [word for word in name.casefold().split() if word.strip(".") not in PERSON_TITLES and word != "the"]
    return " ".join(untitled) or name.casefold()


def names_of_kind(sentence: str, kind: NameKind, common: AbstractSet[str] = frozenset()) -> list[str]:
    """Find the names of a kind in a sentence.

    Args:
        sentence: The sentence.
        kind: The kind.
        common: Words that stand in the text without a capital, too: where one opens a sentence it is part of no name.

    Returns:
        The names as they are written, in order, each once.
    """
    names = list(_names(sentence, common))
    if kind.sort == "person":
        chosen = [person for name in names if (person := _person(sentence, name, common))]
    elif kind.sort == "country":
        chosen = _countries(sentence)
    else:
        chosen = [name.text for name in names if _is_called(name, kind)]
        told = _told_by_phrase(sentence, names, kind.head)
        chosen += _labelled(sentence, kind.head)
        # "The Registrant is a company": a word that is no name elsewhere.
        chosen += [name for name in told if not all(word.lower() in common for word in name.split())]
    return list(dict.fromkeys(chosen))


def _countries(sentence: str) -> list[str]:
    """Return the countries that a sentence names, as it writes them."""
    return [match.group() for match in _country_pattern().finditer(sentence)]


@lru_cache(maxsize=1)
def _country_pattern() -> re.Pattern[str]:
    longest_first = sorted(COUNTRIES, key=lambda name: (-len(name), name))
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))})\b(?!['’-]?\w*-)")


def _names(sentence: str, common: AbstractSet[str]) -> Iterator[Name]:
    """Yield the runs of words with capitals, with small words such as "of the" inside them."""
    tokens = list(_TOKEN.finditer(sentence))
    number = 0
    while number < len(tokens):
        if not _is_capital(tokens[number].group()) or (
            number == 0
            and tokens[0].group().lower() not in PERSON_TITLES
            and (tokens[0].group().lower() in STOPWORDS or tokens[0].group().lower() in common)
        ):
            number += 1
            continue
        last = number
        ahead = number + 1
        while ahead < len(tokens) and _joined(sentence, tokens[ahead - 1], tokens[ahead]):
            word = tokens[ahead].group()
            if _is_capital(word):
                last = ahead
            elif word not in NAME_JOINTS or ahead - last > 2 or word == "and":
                break
            ahead += 1
        first = number
        while first < last and tokens[first].group() in ("The", "A", "An", "Der", "Die", "Das", "In", "At"):
            first += 1
        start, end = tokens[first].start(), tokens[last].end()
        yield Name(
            " ".join(sentence[start:end].removesuffix("'s").removesuffix("’s").split()),
            start,
            end,
            tuple(token.group() for token in tokens[first : last + 1]),
        )
        number = last + 1


def _joined(sentence: str, left: re.Match[str], right: re.Match[str]) -> bool:
    """Tell whether two words may belong to one name: a space between them, or the point of a title."""
    gap = sentence[left.end() : right.start()]
    return gap in (" ", "\n") or (gap == ". " and left.group().lower() in PERSON_TITLES)


def _is_capital(word: str) -> bool:
    return word[0].isupper() and (len(word) > 1 or word in ("A", "X"))


def _is_called(name: Name, kind: NameKind) -> bool:
    """Tell whether a name holds the word for its kind: "Lodz University", "Acme Inc"."""
    lower = [word.lower().strip(".") for word in name.words]
    if len(lower) > 1 and terms(lower[0]) == [kind.head] and lower[0] in PERSON_TITLES:
        # "King Louis", but neither "King George's War" nor "King of England".
        return lower[1] not in NAME_JOINTS and not NOT_PERSON_WORDS.intersection(lower)
    if kind.sort == "company" and len(lower) > 1 and lower[-1] in COMPANY_ENDINGS:
        return True
    return len(lower) > 1 and any(terms(word) == [kind.head] for word in lower)


def _told_by_phrase(sentence: str, names: Sequence[Name], head: str) -> list[str]:
    """Return the names that the sentence itself calls one of the kind: "cities such as A and B", "X is a city"."""
    found: list[str] = []
    for match in _WORD.finditer(sentence):
        if match.group()[0].isupper() or terms(match.group()) != [head]:
            continue
        intro = _INTRODUCES.match(sentence, match.end())
        if intro:
            found += _row_of_names(sentence, names, intro.end())
        gap = sentence[match.end() : match.end() + 4]
        start = match.end() + (4 if gap == " of " else 1)
        after_of = gap == " of " and match.group().lower() in NAMED_WITH_OF
        if after_of or (gap[:1] == " " and gap[1:2].isupper()):
            found += [name.text for name in names if name.start == start]
        for name in names:
            told = _IS_ONE.match(sentence, name.end) or _IS_THE.match(sentence, name.end)
            if not told or not told.end() <= match.start() <= name.end + _BEHIND:
                continue
            between = sentence[told.end() : match.start()]
            plain = not re.search(r"[,;:.]", between) and not set(between.lower().split()) & STOPWORDS
            if plain and _HEAD_ENDS.match(sentence, match.end()):
                found.append(name.text)
    return found


def _row_of_names(sentence: str, names: Sequence[Name], start: int) -> list[str]:
    """Return the names that follow each other from a place on: "A, B and C"."""
    row: list[str] = []
    by_start = {name.start: name for name in names}
    while start in by_start:
        name = by_start[start]
        row.append(name.text)
        joint = _JOINT.match(sentence, name.end)
        if not joint:
            break
        start = joint.end()
    return row


def _person(sentence: str, name: Name, common: AbstractSet[str]) -> str:
    """Return the name of a person, with the title before it; "" where it looks like something else."""
    words = [word.lower().strip(".'’") for word in name.words]
    title = words[0] in PERSON_TITLES
    if not 2 <= len(words) <= _PERSON_WORDS + title:
        return ""
    if any(word in NOT_PERSON_WORDS or word in COMPANY_ENDINGS for word in words[1:] if word not in NAME_JOINTS):
        return ""
    if NAME_JOINTS & {"of", "the", "for", "at"} & set(words) or all(word in PERSON_TITLES for word in words):
        return ""
    if not title and re.search(r"\b[Tt]he\s$", sentence[max(0, name.start - 5) : name.start]):
        return ""
    if words[-1].endswith(_ABSTRACT_ENDINGS) or (words[-1] in common and words[-1] not in PERSON_TITLES):
        return ""
    if title:
        return name.text
    if words[0] in NOT_PERSON_WORDS or any(word.isupper() and len(word) > 2 for word in name.words):
        return ""
    behind = sentence[name.end : name.end + _BEHIND]
    next_word = re.match(r"\s*(?:\([^)]*\)\s*)?(\w+)", behind)
    is_told = (
        bool(next_word and next_word.group(1).lower() in PERSON_VERBS) or name.text != sentence[name.start : name.end]
    )
    is_born = bool(re.match(r"\s*\((?:born|b\.|\d{3,4}|geboren|\*)", behind))
    is_one = bool(re.match(r",\s+(?:a|an|the|who|whose|ein|eine|der|die)\s", behind))
    before = sentence[max(0, name.start - 12) : name.start].lower()
    is_by = bool(re.search(r"\b(?:by|with|named|called|von|namens)\s$", before))
    is_labelled = _LABEL.search(sentence, 0, name.start) is not None and re.match(r"\s*(?:[;,|<(]|$)", behind)
    is_held = _HOLDER.search(sentence, 0, name.start) is not None
    return name.text if is_told or is_born or is_one or is_by or is_labelled or is_held else ""


def _labelled(sentence: str, head: str) -> list[str]:
    """Return what stands behind the word for a kind where that is a label: "Site: Leeds; Phone: …"."""
    pairs = (pair.partition(":") for pair in sentence.split(";"))
    return [value.strip() for label, colon, value in pairs if colon and terms(label) == [head] and value.strip()]
