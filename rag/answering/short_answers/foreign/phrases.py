"""Dates, amounts, names and places of a sentence in another language. Pure.

Owns: where such a phrase begins and ends. Knows nothing about which one answers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from rag.answering.short_answers.foreign.cover import same_word
from rag.answering.short_answers.foreign.forms import NUMBER, YEAR, Forms
from rag.answering.short_answers.foreign.spaced import SPACED_FORMS
from rag.answering.short_answers.foreign.unspaced import UNSPACED_FORMS
from rag.answering.short_answers.phrases import Phrase
from rag.question.languages.content import function_words_of, is_spaced
from rag.question.languages.folding import fold
from rag.question.vocabulary import AnswerType

FORMS: dict[str, Forms] = {**SPACED_FORMS, **UNSPACED_FORMS}
"""The forms of answers by language."""

_YEAR = re.compile(rf"{YEAR}|\d{{4}}")
_TOKEN = re.compile(r"[^\W\d_][\w'’.-]*[\w²³]|[^\W\d_]|\S")
_UNIT = re.compile(r"[\s\u00a0\u202f]?([^\W\d_][\w²³°/-]*|%|٪|€|₽|°C?)")
_ANY_UNSPACED_UNIT = re.compile(r"[^\W\d_]")
_CONNECTED = re.compile(r"[ \u00a0\u202f-]")
# Behind digits: 120万, 3万5千, 2 ล้าน.
_SCALES = r"(?:\s?(?:[十百千万萬亿億兆]|ล้าน|แสน|หมื่น|พัน|ร้อย)+\d*)*[余餘多]?"
# Between the words of a number: двадцать семь, vingt et un, treinta y dos, سبعة وعشرون.
_JOINED = r"(?:[\s\u00a0-](?:et[\s-]|y\s)?|\sو)"
_ABOUT, _LONGEST_ABOUT = re.compile("(?:大约|大約|约|約|近|超过|超過|逾|至少|不到)$"), 2
_MOST_PLACE_WORDS = 8


def phrases_of(text: str, answer_type: AnswerType, head: str, language: str, asked: Sequence[str] = ()) -> list[Phrase]:
    """Find the phrases of a sentence that have the form which a type of answer takes.

    Args:
        text: The sentence.
        answer_type: The type.
        head: The noun or the counter that the question counts; "" for none.
        language: The language of both.
        asked: The question's words of content, folded: a place ends before one.

    Returns:
        The phrases in order.
    """
    forms = FORMS[language]
    match answer_type:
        case "date" | "year":
            return [_without_rest(text, phrase, answer_type) for phrase in _found(forms.date, text, "time")]
        case "time":
            return _found(forms.clock, text, "time")
        case "money" | "duration" | "percentage" | "number":
            return list(_amounts(text, answer_type, head, language))
        case "person" | "name":
            return names(text, language) if is_spaced(language) and language != "ar" else []
        case "place":
            return list(_places(text, language, asked)) if is_spaced(language) else []
        case _:
            return []


def _found(pattern: re.Pattern[str], text: str, form: str) -> list[Phrase]:
    return [Phrase(match.start(), match.end(), form) for match in pattern.finditer(text)]


def _without_rest(text: str, phrase: Phrase, answer_type: AnswerType) -> Phrase:
    """Return the year of a date where a year is asked for."""
    year = _YEAR.search(text, phrase.start, phrase.end) if answer_type == "year" else None
    if year is None or year.start() == phrase.start:
        return phrase
    return Phrase(year.start(), phrase.end, "time")


def _amounts(text: str, answer_type: AnswerType, head: str, language: str) -> Iterator[Phrase]:
    forms = FORMS[language]
    times = [
        (phrase.start, phrase.end) for pattern in (forms.date, forms.clock) for phrase in _found(pattern, text, "")
    ]
    for number in _number(language).finditer(text):
        start, end = number.span()
        if any(left < end and start < right for left, right in times):
            continue
        if (unit_end := _end_of_unit(text, number, answer_type, head, language)) is not None:
            about = _ABOUT.search(text, max(0, start - _LONGEST_ABOUT), start)
            yield Phrase(about.start() if about else start, unit_end, "amount")


@lru_cache
def _number(language: str) -> re.Pattern[str]:
    spelled = FORMS[language].spelled
    return re.compile(
        rf"(?<![\w.,]){NUMBER}|\b{spelled}(?:{_JOINED}{spelled})*\b"
        if is_spaced(language)
        else rf"{NUMBER}{_SCALES}|{spelled}",
        re.I,
    )


def _end_of_unit(text: str, number: re.Match[str], answer_type: AnswerType, head: str, language: str) -> int | None:
    """Return where the unit behind a number ends; None where it is no unit of the type."""
    forms, end = FORMS[language], number.end()
    units = {"money": forms.money, "duration": forms.duration, "percentage": forms.percent}
    if answer_type in units:
        border = r"(?!\w)" if is_spaced(language) else ""
        match = re.compile(rf"[\s\u00a0\u202f]?{units[answer_type]}{border}", re.I).match(text, end)
        return match.end() if match else None
    is_spelled = not number.group()[0].isdigit()
    if not is_spaced(language):
        behind = text[end:].lstrip()
        at = len(text) - len(behind)
        if head:
            return at + len(head) if behind.startswith(head) else None
        known = re.compile(f"(?:{forms.money}|{forms.duration}|{forms.percent})").match(behind)
        if known:
            return at + known.end()
        return None if is_spelled else _end_of_run(text, at)
    unit = _UNIT.match(text, end)
    word = fold(unit.group(1)).text if unit else ""
    if head:
        if unit and same_word(word, fold(head).text, language):
            return unit.end()
        return None
    if unit is None or word in function_words_of(language) or word in forms.ends:
        return None if is_spelled else end
    if is_spelled and not re.fullmatch(f"(?:{forms.money}|{forms.duration}|{forms.percent})", unit.group(1), re.I):
        return None
    return unit.end()


_UNSPACED_UNIT = re.compile(
    "(?:平方|立方)?(?:キロメートル|センチメートル|ミリメートル|メートル|キログラム|キロ|グラム|トン|リットル|度|人|名|个|個|件|点|台|冊|册|本|枚|匹|頭|軒|戸"
    "|回|階|层|間|间|种|種類|種|公里|千米|厘米|毫米|米|公斤|千克|克|吨|升|里|位|只|张|棟|家|เมตร|กิโลเมตร|กิโลกรัม|กรัม|ตัน|คัน|คน|ชิ้น|เล่ม|ตัว|ห้อง)"
)


def _end_of_run(text: str, at: int) -> int | None:
    unit = _UNSPACED_UNIT.match(text, at)
    return unit.end() if unit else None


def names(text: str, language: str) -> list[Phrase]:
    """Return the names of a sentence: runs of words with a capital, with the small words inside and a title before.

    Args:
        text: The sentence.
        language: Its language.

    Returns:
        The names; a word that only opens the sentence is none.
    """
    forms = FORMS[language]
    tokens = list(_TOKEN.finditer(text))
    found: list[Phrase] = []
    i = 0
    while i < len(tokens):
        if not tokens[i].group()[0].isupper() or (i == 0 and not _is_capital(tokens, 1)):
            i += 1
            continue
        if i == 0 and fold(tokens[0].group()).text in function_words_of(language) | forms.ends | forms.place:
            i += 1
            continue
        last = j = i
        while j + 1 < len(tokens) and _CONNECTED.fullmatch(text, tokens[j].end(), tokens[j + 1].start()):
            j += 1
            if tokens[j].group()[0].isupper():
                last = j
            elif tokens[j].group().lower() not in forms.particles or j - last > 2:
                break
        first = i
        if first and tokens[first - 1].group().lower() in forms.titles:
            first -= 1
        found.append(Phrase(tokens[first].start(), tokens[last].end(), "name"))
        i = last + 1
    return found


def word_before(text: str, start: int) -> str:
    """Return the word right before a place of a text.

    Args:
        text: The text.
        start: The place.

    Returns:
        The word, folded; "" where there is none.
    """
    before = re.search(r"([^\W\d_]+)[\s\u00a0]*$", text[max(0, start - 40) : start])
    return fold(before.group(1)).text if before else ""


def _is_capital(tokens: list[re.Match[str]], i: int) -> bool:
    return i < len(tokens) and tokens[i].group()[0].isupper()


def _places(text: str, language: str, asked: Sequence[str]) -> Iterator[Phrase]:
    """Yield the places behind a preposition, up to the end of the clause or a word that begins another part of it."""
    forms = FORMS[language]
    tokens = list(_TOKEN.finditer(text))
    i = 0
    while i < len(tokens):
        word = fold(tokens[i].group()).text
        if word not in forms.place or i + 1 >= len(tokens):
            i += 1
            continue
        j = i + 1
        while j < len(tokens) and j - i <= _MOST_PLACE_WORDS and _goes_on(tokens[j], forms, asked, language):
            j += 1
        while j > i + 1 and fold(tokens[j - 1].group()).text in forms.particles | forms.place | function_words_of(
            language
        ):
            j -= 1
        if j > i + 1:
            yield Phrase(tokens[i].start(), tokens[j - 1].end(), "place")
        i = max(j, i + 1)


def _goes_on(token: re.Match[str], forms: Forms, asked: Sequence[str], language: str) -> bool:
    word = fold(token.group()).text
    return word[:1].isalpha() and word not in forms.ends and not any(same_word(one, word, language) for one in asked)
