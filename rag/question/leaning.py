"""Whether a question can be understood by itself, and if not, how it leans on what was said before. Pure.

Owns: telling a whole question from a fragment, a lone question word, and one with a word that points back. Knows
nothing about the conversation.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from rag.notices.language import GERMAN_FUNCTION_WORDS, language_of
from rag.question.leaning_words import (
    ARABIC_PERSONS,
    ARABIC_QUESTION_WORDS,
    AUXILIARIES,
    CLAUSE_WORDS,
    COMMANDS,
    DEMONSTRATIVES,
    DETERMINERS,
    EMPTY_IT,
    GERMAN_PRONOUNS,
    INDEFINITE,
    NOT_POINTED_TO,
    PEOPLE,
    PERSON_PRONOUNS,
    PLURAL_PRONOUNS,
    PLURALS,
    POSSESSIVES,
    PREPOSITIONS,
    QUESTION_COMPANIONS,
    QUESTION_WORDS,
    THING_PRONOUNS,
    UNSPACED_OPENINGS,
    UNSPACED_PERSONS,
    UNSPACED_THINGS,
)
from rag.text import STOPWORDS

Leaning = Literal["none", "fragment", "question-word", "person", "thing", "topic"]
"""How a question leans on the conversation: not at all; as a piece of a question ("and in Leeds?"); as a question word
alone ("where?"); by a word for a person, or for a thing; or by naming too little ("Who is the coach?")."""

WORD = re.compile(r"\w+(?:[-'’.]\w+)*")
"""A word of a question, with the hyphens, apostrophes and points inside it."""

# How a follow-up opens; what comes behind may be a whole question.
_OPENING = re.compile(
    r"^\W*(?:(?:and|or|but|so|also|then|well|no|ok|okay|sorry|und|oder|aber|also|dann|nein)\b[\s,:]*)*"
    r"(?:(?:(?:what|how) about|(?:i|we) (?:meant?(?: for)?|was asking about)|(?:the )?same for|was ist mit"
    r"|wie ist es mit|wie sieht es (?:mit|bei)|wie steht es (?:mit|um)|ich meinte?)\b[\s,:]*)?",
    re.I,
)
# In scripts without spaces between words, only a pronoun that opens the question is read.
_OPENS_WITH_PRONOUN = re.compile(
    rf"[\s,，、]*(?:{UNSPACED_OPENINGS}[\s,，、]*){{0,4}}(?:(?P<person>{UNSPACED_PERSONS})|(?P<thing>{UNSPACED_THINGS}))"
)
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]")
# "Which one", "the red one", "turn one on"; "one of the rooms" and "one day" are none.
_ONE = re.compile(
    r"(?<!no )(?<!than the )(?<!and the )(?<!or the )\b(?:ones|one)"
    r"(?=\s*(?:[?.!,]|$)|\s+(?:on|off|up|out|in|for|to|with|is|are|does|has)\b)",
    re.I,
)
# Words that point back wherever they stand.
_POINTING = re.compile(
    r"\bthe (?:former|latter|others?)\b|^(?:(?:what|who|where|how) else|(?:was|wer|wo) sonst)\b", re.I
)
# "Then" and "there" point back at the end or behind a verb; "is there" does not.
_THERE = re.compile(
    r"(?<!is )(?<!are )(?<!was )(?<!were )(?<!be )\b(?:there|then)\b(?!\s+(?:is|are|was|were|a|an|any)\b)", re.I
)
# A piece of a question without an opening word has no more content words than this.
_SHORT = 2
# A German noun of this many letters is a compound.
_COMPOUND = 8


def without_opening(question: str) -> str:
    """Return a question without the words by which it follows another one: "and in Leeds?" → "in Leeds?"."""
    return question[opening_end(question) :]


def opening_end(question: str) -> int:
    """Return where the words end by which a question follows another one; 0 where there are none."""
    match = _OPENING.match(question)
    return match.end() if match else 0


def read_leaning(question: str) -> Leaning:
    """Tell how a question leans on what was said before it; one that stands alone leans not at all."""
    opened = bool(without_opening(question) != question.lstrip())
    rest = without_opening(question).strip()
    tokens = WORD.findall(rest)
    if pointing := pronoun_without_capitals(question):
        return pointing
    if _UNSPACED.search(rest):
        return "none"
    german = language_of(question) == "de"
    lowered = [token.lower() for token in tokens]
    content = [token for token in tokens if _is_content(token, german)]
    if _is_question_word_alone(lowered):
        return "question-word"
    if person_pronouns(rest):
        return "person"
    if _points_to_thing(rest, tokens, german):
        return "thing"
    if not lowered:
        return "topic"
    is_asking = bool(set(lowered[:3]) & QUESTION_WORDS) or lowered[0] in AUXILIARIES
    if not is_asking and lowered[0] not in COMMANDS and (opened or len(content) <= _SHORT):
        return "fragment"
    return "topic" if _names_too_little(tokens, content) else "none"


def person_pronouns(question: str) -> list[tuple[int, int]]:
    """Return where words for a person stand in an English question that nobody in the question itself is meant by."""
    matches = list(WORD.finditer(question))
    tokens = [match.group() for match in matches]
    if language_of(question) == "de":
        return []
    return [
        matches[i].span()
        for i, token in enumerate(tokens)
        if token.lower() in PERSON_PRONOUNS and not _has_antecedent(tokens, i, german=False)
    ]


def pronoun_without_capitals(question: str) -> Literal["person", "thing"] | None:
    """Tell what a pronoun of Chinese, Japanese, Korean or Arabic stands for, if for nothing in its own question."""
    if match := _OPENS_WITH_PRONOUN.match(question):
        return "person" if match["person"] else "thing"
    return "person" if _has_arabic_pronoun(WORD.findall(question)) else None


def _has_arabic_pronoun(tokens: Sequence[str]) -> bool:
    """Tell whether an Arabic question has a pronoun for somebody that it does not name before it."""
    return any(
        token in ARABIC_PERSONS and i < 3 and (not i or tokens[i - 1] not in ARABIC_QUESTION_WORDS)
        for i, token in enumerate(tokens)
    )


def _is_content(token: str, german: bool) -> bool:
    word = token.lower()
    return not (
        word in STOPWORDS
        or word in QUESTION_WORDS
        or word in AUXILIARIES
        or (german and word in GERMAN_FUNCTION_WORDS and not token[0].isupper())
    )


def _is_question_word_alone(lowered: Sequence[str]) -> bool:
    """Tell whether a question is a question word and what goes with it: "since when?", "which year exactly?"."""
    return bool(set(lowered) & QUESTION_WORDS) and all(
        word in QUESTION_WORDS or word in QUESTION_COMPANIONS or word in PREPOSITIONS for word in lowered
    )


def _names_too_little(tokens: Sequence[str], content: Sequence[str]) -> bool:
    """Tell whether a question has no content word, or but one that is no name and that it takes for known."""
    if len(content) != 1:
        return not content
    (word,) = content
    at = tokens.index(word)
    if any(character.isdigit() for character in word) or (word[0].isupper() and at):
        # In a German question every noun has a capital; a long one is a compound, which says enough.
        return at > 0 and tokens[at - 1].lower() in ("der", "die", "das") and len(word) < _COMPOUND
    before = tokens[at - 1].lower() if at else ""
    return before in ("the", "der", "die", "das") or before not in (
        "is",
        "are",
        "was",
        "were",
        "a",
        "an",
        "ist",
        "sind",
    )


def _points_to_thing(rest: str, tokens: Sequence[str], german: bool) -> bool:
    """Tell whether a word points to a thing, a place or a time outside of the question."""
    if _ONE.search(rest) or _POINTING.search(rest):
        return True
    if german:
        return any(_points_in_german(tokens, i) for i in range(len(tokens)))
    if _THERE.search(rest):
        return True
    return any(
        (
            token.lower() in THING_PRONOUNS
            and not _is_empty_it(tokens, i)
            and not _has_antecedent(tokens, i, german=False)
        )
        or (token.lower() in DEMONSTRATIVES and _is_demonstrative(tokens, i))
        for i, token in enumerate(tokens)
    )


def _points_in_german(tokens: Sequence[str], i: int) -> bool:
    """Tell whether a German word points outside of the question; with a capital, "Sie" addresses the reader."""
    word = tokens[i]
    if word == "das":
        # An article has its noun behind it.
        return not any(following[0].isupper() for following in tokens[i + 1 : i + 3])
    if word not in GERMAN_PRONOUNS or _is_empty_it(tokens, i):
        return False
    return not _has_antecedent(tokens, i, german=True)


def _is_empty_it(tokens: Sequence[str], i: int) -> bool:
    """Tell whether an "it" stands for nothing: "is it allowed to", "how long does it take to", "gibt es"."""
    word = tokens[i].lower()
    around = [token.lower() for token in tokens[max(0, i - 1) : i + 4]]
    if word == "es":
        return bool(EMPTY_IT & set(around))
    if word != "it":
        return False
    if i and tokens[i - 1].lower() in ("make", "makes", "made"):
        return True
    behind = [token.lower() for token in tokens[i + 1 : i + 7]]
    goes_on = any(word in ("to", "that", "if", "when") for word in behind[:-1])
    is_distance = "far" in (token.lower() for token in tokens[:i]) and behind[:1] in (["to"], ["from"])
    return is_distance or (bool(EMPTY_IT & set(behind[:3])) and goes_on)


def _is_demonstrative(tokens: Sequence[str], i: int) -> bool:
    """Tell whether "this" or "that" points back; "the rule that applies" and "this year" do not."""
    word = tokens[i].lower()
    following = tokens[i + 1].lower() if i + 1 < len(tokens) else ""
    before = tokens[i - 1].lower() if i else ""
    if word not in DEMONSTRATIVES or following in NOT_POINTED_TO:
        return False
    if word == "that":
        return not following or following == "one" or (before in AUXILIARIES and i < 3) or before in PREPOSITIONS
    return True


def _has_antecedent(tokens: Sequence[str], i: int, *, german: bool) -> bool:
    """Tell whether a pronoun may mean something that stands before it in the same question.

    "Where do new staff collect their laptop?" names whose laptop; "To whom does she report?" names nobody. What stands
    in the question's first phrase ("which team does she") is asked for and not meant, unless it is the subject.

    Args:
        tokens: The words of the question.
        i: Which of them is the pronoun.
        german: Whether the question is German.

    Returns:
        True where a word before it fits, and a verb or the beginning of a clause stands between the two.
    """
    pronoun = tokens[i].lower()
    lowered = [token.lower() for token in tokens[:i]]
    auxiliary = next((at for at, word in enumerate(lowered[:6]) if word in AUXILIARIES), None)
    asks = bool(lowered) and (lowered[0] in QUESTION_WORDS or (lowered[0] in PREPOSITIONS and len(lowered) > 1))
    first = (auxiliary + 1) if auxiliary is not None and asks else 0
    is_possessive = pronoun in POSSESSIVES and (i + 1 < len(tokens) and tokens[i + 1].lower() not in PREPOSITIONS)
    if asks and auxiliary is None and lowered[0] in ("who", "wer", "which", "welche", "welcher", "welches"):
        # "Who lost his badge?": the one who is asked for.
        return is_possessive and len(lowered) > 1
    for at in range(i - 1, first - 1, -1):
        if not _fits(tokens, at, pronoun, german):
            continue
        between = lowered[at + 1 :]
        has_clause = any(word in CLAUSE_WORDS for word in between)
        # A German verb stands before its subject.
        has_verb = any(word not in PREPOSITIONS | DETERMINERS for word in between) or (german and not between)
        has_clause = has_clause or (pronoun in PERSON_PRONOUNS and "to" in between)
        if has_clause or (is_possessive and has_verb):
            return True
    return False


def _fits(tokens: Sequence[str], at: int, pronoun: str, german: bool) -> bool:
    """Tell whether a pronoun may mean a word by its form."""
    token = tokens[at]
    word = token.lower()
    if not _is_content(token, german):
        return False
    if german or (token[0].isupper() and at):
        return token[0].isupper()
    if pronoun in PERSON_PRONOUNS:
        return word in PEOPLE or word.endswith(("er", "or", "ist", "ian", "ant"))
    before = tokens[at - 1].lower() if at else ""
    if before in AUXILIARIES:
        # The bare subject: "do ctenophores use their".
        return True
    if pronoun in PLURAL_PRONOUNS:
        is_plural = word in PLURALS or (word.endswith("s") and not word.endswith(("ss", "us", "is")))
        return is_plural or before in INDEFINITE
    # Somewhere before the noun stands its article.
    return any(word.lower() in DETERMINERS for word in tokens[max(0, at - 3) : at])
