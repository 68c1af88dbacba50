"""What fills the gap that a question leaves in a sentence with its own words. Pure.

Owns: "Who runs the yard?" and "Bo Lark runs the yard.", "What does the bakery sell?" and "The bakery sells bread.".
Knows nothing about types.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.answering.short_answers.asked import WORD, Asked
from rag.answering.short_answers.copula import clause_end
from rag.answering.short_answers.enumeration import list_end
from rag.answering.short_answers.phrases import MOST_WORDS, Phrase, names
from rag.answering.short_answers.words import ARTICLES, AUXILIARIES, NO_END, PREPOSITIONS, QUESTION_WORDS
from rag.question.denial import denies
from rag.text import STOPWORDS, terms

_ASKS_FOR_SUBJECT = frozenset("who what which".split())
_DO = frozenset("do does did".split())
# A name or a noun phrase of more words is seldom what is asked for.
_MOST_OF_SUBJECT = 8
_LEAST_STEMS = 2
# "By the ship owner Edith Crane".
_MOST_BEFORE_NAME = 3
# "What does the bakery sell at …": the place, in a question, behind which its verb may be followed by a preposition.
_FIRST_VERB = 3
_ADVERB = re.compile(r"\w{3,}ly$")
_PRONOUNS = frozenset(
    "he she it they we you i this that these those there which who some many most both one others such".split()
)
_CLAUSE = re.compile(r"[,;:()—–]\s*")
_LIST = re.compile(r",\s[^,.;]{1,40}(?:,|\s(?:and|or)\s)")


def fill_gap(asked: Asked, text: str) -> Phrase | None:
    """Find the words of a sentence that stand where the question word of a question stands.

    Args:
        asked: An English question.
        text: The sentence.

    Returns:
        The subject before, or the object behind, the question's own words; None where the sentence lacks one of them,
        or says what it denies.
    """
    tokens = [match.group() for match in WORD.finditer(asked.text)]
    if not tokens or tokens[0].lower() not in _ASKS_FOR_SUBJECT or denies(asked.text) != denies(text):
        return None
    if len(tokens) > 1 and tokens[1].lower() in _DO:
        return _object(tokens, text)
    return _subject(asked, tokens, text) or _agent(asked, tokens, text)


def _agent(asked: Asked, tokens: Sequence[str], text: str) -> Phrase | None:
    """Return the name behind "by" of a passive: "Edith Crane" of "The inn was opened in 1924 by the ship owner …"."""
    wanted = _content(tokens[1:])
    if tokens[0].lower() != "who" or asked.copular or len(wanted) < _LEAST_STEMS:
        return None
    said = list(WORD.finditer(text))
    verb = next((i for i, word in enumerate(said) if wanted[0] in terms(word.group())), None)
    if not verb or not any(word.group().lower() in AUXILIARIES for word in said[max(0, verb - 2) : verb]):
        return None
    if not set(wanted[1:]) <= {stem for word in said[:verb] for stem in terms(word.group())}:
        return None
    by = next((word for word in said[verb + 1 :] if word.group().lower() == "by"), None)
    if by is None or _CLAUSE.search(text, said[verb].end(), by.start()):
        return None
    name = next((name for name in names(text) if name.start > by.end()), None)
    if name is None or len(text[by.end() : name.start].split()) > _MOST_BEFORE_NAME:
        return None
    return None if _CLAUSE.search(text, by.end(), name.start) else name


def _subject(asked: Asked, tokens: Sequence[str], text: str) -> Phrase | None:
    """Return the subject of a sentence whose predicate is the question's: "Bo Lark" of "Bo Lark runs the yard"."""
    if asked.copular:
        return None
    behind = tokens[1:]
    if asked.focus_stem and tokens[0].lower() != "who":
        noun = next((i for i, token in enumerate(behind) if asked.focus_stem in terms(token)), -1)
        behind = behind[noun + 1 :]
    wanted = _content(behind)
    if len(wanted) < _LEAST_STEMS:
        return None
    said = list(WORD.finditer(text))
    first = next((i for i, word in enumerate(said) if set(terms(word.group())) & set(wanted)), None)
    if not first or wanted[0] not in terms(said[first].group()):
        return None
    if not set(wanted) <= {stem for word in said[first:] for stem in terms(word.group())}:
        return None
    end = first
    while end and (said[end - 1].group().lower() in AUXILIARIES or _ADVERB.search(said[end - 1].group())):
        end -= 1
    if not end or _CLAUSE.search(text, said[end - 1].end(), said[first].start()):
        return None
    opens = [match.end() for match in _CLAUSE.finditer(text, 0, said[end - 1].end())]
    start = next(i for i, word in enumerate(said) if word.start() >= (opens[-1] if opens else 0))
    words = [word.group() for word in said[start:end]]
    return Phrase(said[start].start(), said[end - 1].end(), "gap") if _is_noun_phrase(words) else None


def _object(tokens: Sequence[str], text: str) -> Phrase | None:
    """Return what stands behind the verb that ends a question: "bread" of "The bakery sells bread"."""
    behind = next(
        (i for i, token in enumerate(tokens) if i > _FIRST_VERB and token.lower() in PREPOSITIONS), len(tokens)
    )
    ends, rest = tokens[behind - 1], set(_content(tokens[behind:]))
    verb, topic = terms(ends), set(_content(tokens[2 : behind - 1]))
    said = list(WORD.finditer(text))
    if not verb or not topic or ends.lower() in STOPWORDS or ends[0].isupper() or "of" in tokens:
        return None
    if not rest <= {stem for word in said for stem in terms(word.group())}:
        # "What did Bo Lark build in Lund?" is not told by what he built elsewhere.
        return None
    for i, word in enumerate(said[:-1]):
        before = {stem for other in said[:i] for stem in terms(other.group())}
        if verb[0] not in terms(word.group()) or not topic <= before:
            continue
        following = said[i + 1]
        if text[word.end() : following.start()] != " " or following.group().lower() in PREPOSITIONS | AUXILIARIES:
            continue
        end = clause_end(text, following.start())
        end = list_end(text, end)
        if _LIST.match(text, end):
            return None
        phrase = text[following.start() : end].rstrip(" .,\"'”’")
        words = phrase.split()
        cut = next((n for n, each in enumerate(words) if n and each.lower() in PREPOSITIONS), len(words))
        phrase = phrase[: len(" ".join(words[:cut]))]
        if _is_noun_phrase(words[:cut]):
            return Phrase(following.start(), following.start() + len(phrase), "gap")
    return None


def _content(tokens: Sequence[str]) -> list[str]:
    little = STOPWORDS | ARTICLES | AUXILIARIES | QUESTION_WORDS
    kept = [token for token in tokens if token.lower() not in little and not _ADVERB.search(token)]
    return [stem for token in kept for stem in terms(token)]


def _is_noun_phrase(words: Sequence[str]) -> bool:
    lower = [word.lower().strip(',"“”') for word in words]
    return (
        0 < len(words) <= min(_MOST_OF_SUBJECT, MOST_WORDS)
        and lower[0] not in PREPOSITIONS | _PRONOUNS
        and not AUXILIARIES.intersection(lower)
        and lower[-1] not in NO_END | STOPWORDS
        and any(character.isalpha() for character in "".join(words))
    )
