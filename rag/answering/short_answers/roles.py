"""The name that stands beside a role: "Mary Pell, Chief Executive Officer", "Managing Director Ivo Lund". Pure.

Owns: matching the role of "Who is the chief executive of X?" with the name right before or behind it. Knows nothing
about types.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.answering.short_answers.asked import WORD
from rag.answering.short_answers.phrases import Phrase
from rag.answering.short_answers.words import ARTICLES, MONTHS_AND_DAYS, NOT_PERSONS, THINGS, TITLES_BEFORE_NAMES
from rag.text import STOPWORDS, terms

# What parts a role from whom or what it is of.
_OF = re.compile(r"\s(?:of|at|for|in|von|der|des|bei)\s", re.I)
# Between a name and the role behind it, and the other way round.
_ROLE_BEHIND = re.compile(r"(?:,|\s[–—-])?\s+(?:(?:the|our|its|their|as)\s+)?", re.I)
_NAME_BEHIND = re.compile(r"(?:\s+[Oo]fficer)?(?:,|:|\s[–—-])?\s+")
_LETTERS = {"ceo": "chief executive", "cfo": "chief financial", "coo": "chief operating", "cto": "chief technology"}
# One of these before a role makes it another one.
_OTHER_ROLE = frozenset(
    "former deputy vice acting interim assistant associate co ex past honorary chief senior executive".split()
)
# What the name of a firm goes on with.
_FIRM = re.compile(
    r",?\s+(?:Inc|Incorporated|Corp|Corporation|Company|Co|Ltd|Limited|LLC|LP|plc|PLC|GmbH|AG|SE|SA|NV)\b"
)
_LEAST_OF_NAME, _MOST_OF_NAME = 2, 4
# "Mary Pell, age 52, Chief Executive Officer", "Mary Pell (52), Chair".
_AGE = re.compile(r"(?:aged?|Alter)\s+\d\d", re.I)
_AGE_BEHIND = re.compile(r"(?:, | \()(?:aged?|Alter)\s+\d\d(?:, |\), |\) )", re.I)
_AGE_WORDS = 2
_MOST_TITLE_WORDS = 8
_BETWEEN_NAMES = (" ", ". ", "\u00a0", "-")


def name_beside_role(text: str, asked: str, around: str) -> Phrase | None:
    """Find the name that stands beside a role.

    Args:
        text: The sentence or line.
        asked: The words of the question behind "Who is", without an article: "chief executive of Kestrel Outdoor".
        around: The title and such of the sentence, where what the role is of may stand.

    Returns:
        A name of two to four words right before the role, or right behind it; None where there is none, where it is the
        name of two roles, or where what the role is of stands nowhere.
    """
    role, *of = _OF.split(asked, maxsplit=1)
    wanted = terms(_LETTERS.get(role.strip(" ?").lower(), role))
    owner = {stem for stem in terms(of[0]) if stem not in STOPWORDS} if of else set()
    if not wanted or not owner <= {*terms(text), *terms(around)}:
        return None
    tokens = list(WORD.finditer(text))
    stems = ["".join(terms(token.group())[:1]) for token in tokens]
    for i in range(len(tokens) - len(wanted) + 1):
        if stems[i : i + len(wanted)] != wanted:
            continue
        last = i + len(wanted) - 1
        if i and tokens[i - 1].group().lower() in _OTHER_ROLE:
            continue
        is_definite = bool(i) and tokens[i - 1].group().lower() in (*ARTICLES, "our", "its", "their")
        if found := _name_before(text, tokens, i) or _name_after(text, tokens, last, is_definite):
            return found
    return None


def _name_before(text: str, tokens: Sequence[re.Match[str]], role: int) -> Phrase | None:
    role = _first_of_titles(text, tokens, role)
    last = role - 1
    while last >= 0 and tokens[last].group().lower() in (*ARTICLES, "our", "its", "their", "as"):
        last -= 1
    if last >= _AGE_WORDS and _AGE.fullmatch(text, tokens[last - 1].start(), tokens[last].end()):
        last -= _AGE_WORDS
        gap = _AGE_BEHIND.match(text, tokens[last].end())
        if not gap or gap.end() != tokens[role].start():
            return None
    elif last < 0 or not _ROLE_BEHIND.fullmatch(text, tokens[last].end(), tokens[role].start()):
        return None
    first = last
    while first and _joins(text, tokens[first - 1], tokens[first]):
        first -= 1
    return _name(tokens[first : last + 1])


def _first_of_titles(text: str, tokens: Sequence[re.Match[str]], role: int) -> int:
    """Return where the titles begin of which a role is the last: at "President" of ", President and Chief Executive".

    Titles have capitals and follow a comma; where no comma stands before them, it is the role itself.
    """
    first = role
    while first and role - first < _MOST_TITLE_WORDS:
        before = tokens[first - 1]
        if text[before.end() : tokens[first].start()] not in (" ", " & ", ", and "):
            break
        if not (before.group()[0].isupper() or before.group() in ("and", "und", "of")):
            break
        first -= 1
    is_list = first < role - 1 and tokens[role - 1].group() in ("and", "und")
    return first if is_list and first and text[: tokens[first].start()].rstrip().endswith(",") else role


def _name_after(text: str, tokens: Sequence[re.Match[str]], role: int, is_definite: bool) -> Phrase | None:
    at = role + 1
    if at < len(tokens) and tokens[at].group().lower() == "officer":
        role, at = at, at + 1
    if at >= len(tokens) or not _NAME_BEHIND.fullmatch(text, tokens[role].end(), tokens[at].start()):
        return None
    if "," in text[tokens[role].end() : tokens[at].start()] and not is_definite:
        # "The director, Ivo Lund, said", but "director, Lund Brothers".
        return None
    last = at
    while last + 1 < len(tokens) and _joins(text, tokens[last], tokens[last + 1]):
        last += 1
    return None if _FIRM.match(text, tokens[last].end()) else _name(tokens[at : last + 1])


def _joins(text: str, word: re.Match[str], following: re.Match[str]) -> bool:
    """Tell whether two words may be of one name; a full stop joins behind an initial or a title only."""
    between = text[word.end() : following.start()]
    if between not in _BETWEEN_NAMES or not (word.group()[0].isupper() and following.group()[0].isupper()):
        return False
    return between != ". " or len(word.group()) == 1 or word.group().lower() in TITLES_BEFORE_NAMES


def _name(tokens: Sequence[re.Match[str]]) -> Phrase | None:
    words = [token.group() for token in tokens]
    no_name = STOPWORDS | ARTICLES | MONTHS_AND_DAYS | NOT_PERSONS | THINGS | _OTHER_ROLE
    if not _LEAST_OF_NAME <= len(words) <= _MOST_OF_NAME:
        return None
    whole = [word for word in words if len(word) > 1]
    if not whole or any(not word[0].isupper() or word.lower() in no_name or word[-1].isdigit() for word in whole):
        return None
    return Phrase(tokens[0].start(), tokens[-1].end(), "name")
