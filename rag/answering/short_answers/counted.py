"""Is an amount of what a question counts? "How many stores did it open?" is not told by "It has 23 stores". Pure.

Owns: what certainly is another count. Knows nothing about how likely the rest is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.answering.short_answers.asked import WORD, Asked
from rag.answering.short_answers.phrases import Phrase
from rag.answering.short_answers.words import ARTICLES, AUXILIARIES
from rag.text import STOPWORDS, terms
from rag.verify.parse.lexicon import UNITS

_COUNTS = re.compile(r"\bhow many\b", re.I)
# Who is counted has many names.
_PEOPLE = frozenset(
    """peopl person employe staff worker member inhabit resid student pupil soldier men women citizen individu
    popul""".split()
)
# Verbs that say no more than that there are so many, as stems.
_EXISTS = frozenset(
    """have has had own oper run contain includ compris consist hold employ count number use offer exist keep maintain
    manag provid""".split()
)
# How the past of a verb reads that does not end in "-ed".
_PASTS = dict(
    pair.split(":")
    for pair in """lose:lost win:won sell:sold build:built buy:bought make:made take:took give:gave get:got send:sent
    write:wrote leave:left lead:led lay:laid meet:met bring:brought catch:caught teach:taught think:thought find:found
    grow:grew know:knew draw:drew drive:drove eat:ate fall:fell fight:fought fly:flew pay:paid ride:rode rise:rose
    sing:sang speak:spoke steal:stole swim:swam throw:threw wear:wore begin:began break:broke choose:chose come:came
    go:went see:saw say:said tell:told spend:spent stand:stood feed:fed lend:lent shoot:shot""".split()
)
_BEFORE_VERB = STOPWORDS | ARTICLES | AUXILIARIES
_YEAR = re.compile(r"\b(?:1\d{3}|20\d\d)\b")
_YEAR_BEHIND = re.compile(
    r"\s(?:\w+\s){0,2}?(?:in|for|during|of|by)\s(?:fiscal\s|the\s|year\s)*(?P<year>1\d{3}|20\d\d)\b"
)
_TOTAL = re.compile(r"\b(?:in total|in all|altogether|overall|total|combined|insgesamt)\b", re.I)
_ALL = re.compile(r"\b(?:all|together|alle|zusammen)\b", re.I)
# Behind an amount: it is that of one thing, and not of all.
_OF_ONE = re.compile(r"\s?(?:each\b|apiece\b|a piece\b|per \w+|/\s?\w+|pro \w+|je \w+)", re.I)
# "Over 70", right behind a noun.
_LIMIT = re.compile(r"(?:over|under|above|below|aged?)\s", re.I)
# Numbers of things of a kind in one sentence from which none is their total.
_SEVERAL = 2


def of_what_is_counted(asked: Asked, text: str, phrases: Sequence[Phrase]) -> list[Phrase]:
    """Leave out amounts of something else, of another year, and parts where the total is asked for.

    Args:
        asked: The question.
        text: The sentence.
        phrases: Phrases of it that have the form of the answer.

    Returns:
        Those that may be the answer.
    """
    kept = [phrase for phrase in phrases if not _is_of_another_year(asked, text, phrase)]
    if _TOTAL.search(asked.text) or _ALL.search(asked.text):
        kept = [phrase for phrase in kept if not _OF_ONE.match(text, phrase.end)]
    if not _COUNTS.search(asked.text) or not asked.focus_stem:
        return kept
    kept = [p for p in kept if not (_counts_another(asked, text, p) or _limits_what_is_counted(asked, text, p))]
    if _TOTAL.search(asked.text) and len(kept) >= _SEVERAL and not _TOTAL.search(text):
        return []
    verbs = _verbs(asked)
    return kept if not verbs or verbs & set(terms(text)) else []


def counts_alike(asked: Asked, stems: set[str]) -> bool:
    """Tell whether words may be the name of what a question counts.

    Args:
        asked: The question.
        stems: The stems of these words, such as the names of a cell's row and column.

    Returns:
        True also where nothing is counted: "how many" alone counts.
    """
    if not _COUNTS.search(asked.text) or not asked.focus_stem:
        return True
    return asked.focus_stem in stems or (asked.focus_stem in _PEOPLE and bool(stems & _PEOPLE))


def _counts_another(asked: Asked, text: str, phrase: Phrase) -> bool:
    """Tell whether an amount names another noun than the one that is counted: "23 stores" to "how many employees"."""
    words = [match.group() for match in WORD.finditer(text[phrase.start : phrase.end])]
    figure = max((i for i, word in enumerate(words) if word[0].isdigit()), default=len(words))
    # "Around 20%" and "4 weeks" name no noun.
    behind = [word.lower() for word in words[figure + 1 :] if word.lower() not in STOPWORDS | UNITS.keys()]
    nouns = {stem for word in behind for stem in terms(word)}
    if phrase.form != "amount" or not nouns or asked.focus_stem in text[phrase.start : phrase.end].lower():
        return False
    return not counts_alike(asked, nouns)


def _limits_what_is_counted(asked: Asked, text: str, phrase: Phrase) -> bool:
    """Tell whether an amount says which ones are counted, and not how many: "women over 70"."""
    words = [match.group() for match in WORD.finditer(text, 0, phrase.start)]
    is_behind = bool(words) and asked.focus_stem in terms(words[-1]) and text[phrase.start - 1 : phrase.start] == " "
    return is_behind and _LIMIT.match(text, phrase.start) is not None


def _verbs(asked: Asked) -> set[str]:
    """Return the stems of the verb of "How many stores did it open?", of its past, too; none where it says little."""
    lower = [match.group().lower() for match in WORD.finditer(asked.text)]
    do = next((i for i, word in enumerate(lower) if word in ("did", "does", "do")), None)
    if do is None:
        return set()
    # It ends the clause: "did the firm open in 2024".
    behind = lower[do + 1 :]
    stop = next((i for i, word in enumerate(behind) if i and word in ("in", "on", "at", "by", "during", "from")), None)
    clause = behind[:stop] if stop else behind
    if not clause or clause[-1] in _BEFORE_VERB:
        return set()
    stems = {*terms(clause[-1]), *terms(_PASTS.get(clause[-1], ""))}
    return set() if stems & _EXISTS or asked.focus_stem in stems else stems


def _is_of_another_year(asked: Asked, text: str, phrase: Phrase) -> bool:
    """Tell whether another year than the asked one stands right behind: "120 trees in 2019 and 85 trees in 2021"."""
    years = set(_YEAR.findall(asked.text))
    said = _YEAR_BEHIND.match(text, phrase.end)
    return bool(years) and phrase.form == "amount" and said is not None and said["year"] not in years
